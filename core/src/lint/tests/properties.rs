//! What holds for any text: no panic, spans that are names, fixes that change nothing else.

use proptest::prelude::*;

use crate::catalogue::Catalogue;
use crate::lint::{Language, LintQuery, Linter, apply};

fn linter() -> Linter {
    let query = LintQuery { on: "2026-11-21".parse().ok(), comments: true, within_days: Some(90), ..LintQuery::default() };
    Linter::new(&query).unwrap()
}

/// Pieces that open, close and escape things, between names and words.
fn piece() -> impl Strategy<Value = String> {
    let marks = [
        "\"",
        "'",
        "`",
        "\"\"\"",
        "'''",
        "\\",
        "\n",
        "\r\n",
        "#",
        "//",
        "/*",
        "*/",
        "${",
        "}",
        "{",
        "(",
        ")",
        "[",
        "]",
        ":",
        "=",
        ",",
        " ",
        "  ",
        "model=",
        "\"model\": ",
        "r#\"",
        "\"#",
        "<<EOF\n",
        "\nEOF\n",
        "|\n",
        "- ",
        "<?php ",
        "?>",
        "```python\n",
        "```\n",
        "=begin\n",
        "=end\n",
        "é",
        "\u{feff}",
        "mistral/",
        "{\"cells\": [{\"cell_type\": \"code\", \"source\": [\"",
        "\"]}]}",
        "tramontane: ignore",
        "@\"",
        "'a",
        "\\u00e9",
        "x",
        "-",
        "/",
        "0",
    ];
    prop_oneof![
        3 => proptest::sample::select(marks.to_vec()).prop_map(str::to_owned),
        1 => (0..Catalogue::snapshot().names().len()).prop_map(|at| Catalogue::snapshot().names()[at].0.to_owned()),
        1 => "\\PC{0,6}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn any_text_is_read_in_any_language(pieces in proptest::collection::vec(piece(), 0..40), at in 0..Language::all().count()) {
        let language = Language::all().nth(at).unwrap();
        let text = pieces.concat();
        let linter = linter();
        let found = linter.lint(text.as_bytes(), language);
        let mut end = 0;
        for finding in &found {
            prop_assert!(finding.start >= end, "findings overlap");
            end = finding.end;
            prop_assert_eq!(text.get(finding.start..finding.end), Some(finding.name.as_str()));
            let line = text.split('\n').nth(finding.line - 1).unwrap();
            let line = if finding.line == 1 { line.strip_prefix('\u{feff}').unwrap_or(line) } else { line };
            let there: String = line.chars().skip(finding.column - 1).take(finding.end_column - finding.column).collect();
            prop_assert_eq!(&there, &finding.name);
        }
        if let Some(fixed) = apply(text.as_bytes(), &found) {
            // What is left when every name is taken out is the same before and after.
            let rest = |text: &[u8], found: &[crate::lint::LintFinding]| {
                let mut rest = Vec::new();
                let mut at = 0;
                for finding in found.iter().filter(|finding| finding.fix.is_some()) {
                    rest.extend_from_slice(&text[at..finding.start]);
                    at = finding.end;
                }
                rest.extend_from_slice(&text[at..]);
                rest
            };
            let mut shifted = found.clone();
            let mut by = 0_isize;
            for finding in &mut shifted {
                let length = finding.fix.as_ref().map_or(finding.name.len(), String::len);
                finding.start = finding.start.checked_add_signed(by).unwrap();
                by += length as isize - finding.name.len() as isize;
                finding.end = finding.start + length;
            }
            prop_assert_eq!(rest(text.as_bytes(), &found), rest(&fixed, &shifted));
            // What a word says of a name depends on how far away it stands: a fix may bring it nearer, and another name to
            // light. What was fixed needs no fix, so that it comes to an end.
            let mut fixed = fixed;
            let mut rounds = 0;
            while let Some(more) = apply(&fixed, &linter.lint(&fixed, language)) {
                fixed = more;
                rounds += 1;
                prop_assert!(rounds <= pieces.len(), "fixes never end");
            }
        }
    }

    #[test]
    fn any_bytes_are_read(bytes in proptest::collection::vec(any::<u8>(), 0..200), at in 0..Language::all().count()) {
        let language = Language::all().nth(at).unwrap();
        let mut text = bytes;
        text.extend_from_slice(b"\nmodel = 'mistral-small-2402'");
        linter().lint(&text, language);
    }
}

#[test]
fn every_name_of_the_catalogue_is_found() {
    let linter = Linter::new(&LintQuery { strict: true, on: "2040-01-01".parse().ok(), ..LintQuery::default() }).unwrap();
    for (name, ..) in Catalogue::snapshot().names() {
        let text = format!("model = '{name}'");
        let found = linter.lint(text.as_bytes(), Language::Python);
        let gone = crate::catalogue::resolve_name(name, "2040-01-01".parse().unwrap()).findings.is_empty();
        assert_eq!(found.is_empty(), gone, "{name}");
        if let Some(fixed) = apply(text.as_bytes(), &found) {
            let again = linter.lint(&fixed, Language::Python);
            assert!(again.iter().all(|finding| finding.rule != "retired_model"), "{name} is replaced by {again:?}");
        }
    }
}
