//! Where a name counts, what is said of it, and what would be written instead.

use super::languages::{lint, names};
use crate::finding::Severity;
use crate::json::Texts;
use crate::lint::{Language, LintFinding, LintQuery, Linter, apply, lint_text};

fn only(text: &str) -> LintFinding {
    let mut found = lint(Language::Python, &format!("x = {text}"));
    assert_eq!(found.len(), 1, "{text}: {found:?}");
    found.remove(0)
}

fn with(text: &str, change: impl FnOnce(&mut LintQuery)) -> Vec<(String, Severity)> {
    let mut query =
        LintQuery { text: text.into(), language: Some("python".into()), on: "2026-11-21".parse().ok(), ..LintQuery::default() };
    change(&mut query);
    lint_text(query).unwrap().into_iter().map(|finding| (finding.rule, finding.severity)).collect()
}

#[test]
fn every_rule_has_its_words() {
    let said = |text: &str| {
        let finding = only(text);
        let hint = finding.hint.unwrap_or_default();
        format!("{:?} {} {} | {hint} | {}", finding.severity, finding.rule, finding.message, finding.fix.unwrap_or_default())
    };
    insta::assert_snapshot!(said("'mistral-small-2402'"), @"Error retired_model model `mistral-small-2402` was retired on 2025-06-16 and is replaced by `mistral-small-2603` | use `mistral-small-2603` | mistral-small-2603");
    insta::assert_snapshot!(said("'mistral-small-latest'"), @"Warning floating_alias `mistral-small-latest` points to `mistral-small-2603` on 2026-11-21 and may move to another model | pin `mistral-small-2603` | mistral-small-2603");
    insta::assert_snapshot!(said("'mistral-large-latest'"), @"Warning deprecated_alias the name `mistral-large-latest` is deprecated, though the API still takes it | use `mistral-large-2512` | mistral-large-2512");
    insta::assert_snapshot!(said("model('mistral-small-4')"), @"Note documented_name `mistral-small-4` is printed in documentation, but not listed by the API: `mistral-small-2603` is sent | write `mistral-small-2603` | mistral-small-2603");
    insta::assert_snapshot!(said("model='mistral-smal-latest'"), @"Warning unknown_model unknown model `mistral-smal-latest` | did you mean `mistral-small-latest`? |");
    insta::assert_snapshot!(said("'mistral/mistral-small-latest'"), @"Warning floating_alias `mistral-small-latest` points to `mistral-small-2603` on 2026-11-21 and may move to another model | pin `mistral-small-2603` | mistral/mistral-small-2603");
    insta::assert_snapshot!(said("init('mistralai:mistral-tony-9')"), @"Warning unknown_model unknown model `mistral-tony-9` | it is sent as it is; a model may be younger than this catalogue |");
}

#[test]
fn words_that_are_part_of_something_else_are_not_names() {
    for text in [
        "'mistral.mistral-large-2402-v1:0'",
        "'mistral-large-2402@001'",
        "'mistralai/mistral-small-2402'",
        "'azure/mistral-large-2402'",
        "'https://docs.mistral.ai/models/mistral-large-2402'",
        "'https://docs.mistral.ai/models#mistral-large-2402'",
        "'x-mistral-large-2402'",
        "'mistral-large-2402-x'",
        "'mistral-large-2402.json'",
        "'./mistral-large-2402'",
        "'mistral-large-2402/'",
        "'ollama/mistral-large:latest'",
        "'ft:mistral-small-2402:org:123'",
        "'Mistral-large-2402'",
        "'we moved from mistral-large-2402 to another'",
        "mistral-large-2402",
        "'mistral-small-2603'",
    ] {
        assert_eq!(names(Language::Python, &format!("x = {text}")), [""; 0], "{text}");
    }
}

#[test]
fn structured_text_inside_strings_counts() {
    for text in [
        r#"'{"model": "mistral-small-2402"}'"#,
        r#""{\"model\": \"mistral-small-2402\"}""#,
        "'https://api.x/chat?model=mistral-small-2402'",
        "'ask --model mistral-small-2402 hello'",
        "'mistral-small-2402,mistral-medium-3-5'",
        r"'a\nmodel: mistral-small-2402'",
    ] {
        assert_eq!(names(Language::Python, &format!("x = {text}")), ["mistral-small-2402"], "{text}");
    }
    assert_eq!(names(Language::Python, "raise E('models such as \"mistral-small-2402\" are gone')"), [""; 0]);
}

#[test]
fn unknown_names_count_where_the_context_says_model() {
    for text in [
        "model='mistral-smal-latest'",
        "{'model': 'mistral-smal-latest'}",
        "MISTRAL_MODEL_ID: str = 'mistral-foo-9'",
        "f(model=\n  'msitral-small-latest')",
        "mistral('mistral-foo-9')",
        "x = 'mistral/mistral-foo-9'",
        "model = 'codestarl-2508'",
    ] {
        let found = lint(Language::Python, text);
        assert_eq!(found.first().map(|finding| finding.rule.as_str()), Some("unknown_model"), "{text}");
        assert_eq!(found[0].fix, None, "nobody knows what was meant");
    }
    for text in [
        "'mistral-smal-latest'",
        "model='gpt-4o'",
        "model='mistral-7b-instruct'",
        "model_type='mistral-smal-latest'",
        "model='mistralai/Mistral-7B-Instruct-v0.3'",
        "model='mistral-7b.gguf'",
        "# model='mistral-smal-latest'",
        "package='mistral-common'",
    ] {
        assert_eq!(names(Language::Python, text), [""; 0], "{text}");
    }
}

#[test]
fn a_name_that_only_articles_print_counts_where_the_context_says_model() {
    for text in ["model='mistral-small-4'", "MODELS = ['mistral-small-4']", "mistral.chat('mistral-small-4')"] {
        assert_eq!(names(Language::Python, text), ["mistral-small-4"], "{text}");
    }
    for text in ["x = ('mistral-small-4', 'voxtral')", "family = 'mistral-large'", "{'canonical_model_id': 'mistral-medium'}"] {
        assert_eq!(names(Language::Python, text), [""; 0], "{text}");
    }
}

#[test]
fn keys_cases_and_comparisons_are_reported_and_left_alone() {
    for (language, text) in [
        (Language::Python, "{'mistral-small-2402': 1}"),
        (Language::Python, "if model == 'mistral-small-2402': pass"),
        (Language::Python, "if model.startswith('mistral-small-2402'): pass"),
        (Language::Python, "prices['mistral-small-2402']"),
        (Language::JavaScript, "switch (m) { case 'mistral-small-2402': }"),
        (Language::Rust, "match m { \"mistral-small-2402\" => 1 }"),
        (Language::Json, r#"{"mistral-small-2402": {}}"#),
        (Language::Yaml, "mistral-small-2402: 1"),
        (Language::Php, "<?php ['mistral-small-2402' => 1]"),
    ] {
        let found = lint(language, text);
        assert_eq!(found.len(), 1, "{text}");
        assert_eq!(found[0].fix, None, "{text}");
    }
    for (language, text) in [
        (Language::JavaScript, "a ? 'mistral-small-2402' : b"),
        (Language::Python, "m = ['mistral-small-2402']"),
        (Language::Python, "m: str = 'mistral-small-2402'"),
        (Language::Json, r#"{"model": "mistral-small-2402"}"#),
    ] {
        assert_eq!(lint(language, text)[0].fix.as_deref(), Some("mistral-small-2603"), "{text}");
    }
}

#[test]
fn lines_and_columns_count_characters() {
    let text = "\u{feff}x = 'é', 'mistral-small-2402'\r\ny = 'mistral-small-2402'";
    let found = lint(Language::Python, text);
    assert_eq!((found[0].line, found[0].column, found[0].end_column), (1, 11, 29));
    assert_eq!((found[1].line, found[1].column), (2, 6));
}

#[test]
fn a_model_beside_another_says_nothing_of_it() {
    // Neither before the first is replaced nor after: a fix must need no fix.
    for text in ["devstral-medium-2507(ministral-3-14b-25-12\"", "mistral-medium-3-5(ministral-3-14b-25-12\""] {
        let beside = |finding: &LintFinding| finding.name == "ministral-3-14b-25-12";
        assert!(!lint(Language::Text, text).iter().any(beside), "{text}");
    }
    assert_eq!(lint(Language::Text, "ChatMistral(ministral-3-14b-25-12)").len(), 1);
}

#[test]
fn comments_say_what_to_ignore() {
    let count = |text: &str| lint(Language::Python, text).len();
    assert_eq!(count("a = 'mistral-small-2402'  # tramontane: ignore\nb = 'mistral-small-2402'"), 1);
    assert_eq!(count("# tramontane: ignore\na = 'mistral-small-2402'\nb = 'mistral-small-2402'"), 1);
    assert_eq!(count("# tramontane: ignore-file\na = 'mistral-small-2402'\nb = 'mistral-small-2402'"), 0);
    assert_eq!(count("a = 'mistral-small-2402'  # tramontane: ignore[retired_model, floating_alias]"), 0);
    assert_eq!(count("a = 'mistral-small-2402'  # tramontane: ignore[floating_alias]"), 1);
    assert_eq!(count("a = 'mistral-small-2402', 'tramontane: ignore'"), 1, "a string is no comment");
}

#[test]
fn options_change_what_is_reported() {
    let text = "a = 'mistral-small-latest'  # 'mistral-small-2402'";
    assert_eq!(with(text, |_| ()), [("floating_alias".into(), Severity::Warning)]);
    assert_eq!(with(text, |query| query.comments = true).len(), 2);
    assert_eq!(with(text, |query| query.ignore = vec!["mistral-small-l*".into()]), []);
    let off = |severity: &str| Texts::from([("floating_alias".to_owned(), severity.to_owned())]);
    assert_eq!(with(text, |query| query.severities = off("off")), []);
    assert_eq!(with(text, |query| query.severities = off("error")), [("floating_alias".into(), Severity::Error)]);
    let unknown = "model='mistral-smal-latest'";
    assert_eq!(with(unknown, |query| query.strict = true), [("unknown_model".into(), Severity::Error)]);
    let early = |query: &mut LintQuery| query.on = "2024-03-01".parse().ok();
    assert_eq!(with("x = 'mistral-small-2402'", early), [], "it lived then");
}

#[test]
fn what_retires_soon_is_an_error() {
    let near = |days: Option<u64>| {
        with("x = 'mistral-small-2402'", |query| (query.on, query.within_days) = ("2025-06-01".parse().ok(), days))
    };
    assert_eq!(near(Some(90)).first().map(|(_, severity)| *severity), Some(Severity::Error));
    assert_eq!(near(Some(5)), near(None), "it is further away than that");
    assert_eq!(near(Some(u64::MAX)), near(Some(90)));
}

#[test]
fn wrong_options_are_refused() {
    let refusal = |query: LintQuery| lint_text(query).unwrap_err().to_string();
    insta::assert_snapshot!(refusal(LintQuery { language: Some("pyton".into()), ..LintQuery::default() }), @"no language `pyton` (at `language`); did you mean `python`?");
    let severities = Texts::from([("retired".to_owned(), "off".to_owned())]);
    insta::assert_snapshot!(refusal(LintQuery { severities, ..LintQuery::default() }), @"no rule `retired` (at `severities`)");
}

#[test]
fn bytes_that_are_not_utf_8_are_read_around() {
    let linter = Linter::new(&LintQuery { on: "2026-11-21".parse().ok(), ..LintQuery::default() }).unwrap();
    let text = b"a = '\xe9\xff'; m = 'mistral-small-2402'";
    let found = linter.lint(text, Language::Python);
    assert_eq!(found.len(), 1);
    assert_eq!(apply(text, &found).unwrap(), b"a = '\xe9\xff'; m = 'mistral-small-2603'");
    assert_eq!(apply(b"another text", &found), None, "findings of another text change nothing");
}
