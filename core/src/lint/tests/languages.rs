//! Each language: a name in its strings and values counts, one in its comments does not.

use crate::lint::{Language, LintFinding, LintQuery, Linter};

pub(super) fn lint(language: Language, text: &str) -> Vec<LintFinding> {
    let on = "2026-11-21".parse().ok();
    Linter::new(&LintQuery { on, ..LintQuery::default() }).unwrap().lint(text.as_bytes(), language)
}

pub(super) fn names(language: Language, text: &str) -> Vec<String> {
    lint(language, text).into_iter().map(|finding| finding.name).collect()
}

/// Every name that begins with `mistral-tiny-yes` … is not what the catalogue has; so the texts use two retired names: one
/// that is to be found, one that is not.
const YES: &str = "mistral-small-2402";
const NO: &str = "mistral-large-2402";

fn expect(language: Language, text: &str, count: usize) {
    let found = names(language, text);
    assert_eq!(found, vec![YES; count], "{} in:\n{text}", language.name());
    assert!(text.contains(NO), "nothing in this text is to be passed over:\n{text}");
}

#[test]
fn python() {
    expect(
        Language::Python,
        r#"
"""Docstring: use 'mistral-large-2402'."""
# model="mistral-large-2402"
x = f(model='mistral-small-2402', b=rf"mistral-small-2402")  # "mistral-large-2402"
class A:
    '''model="mistral-large-2402"'''
    y = """mistral-small-2402"""
    z = call(
        "mistral-small-2402",
        "it's # no comment", "mistral-small-2402",
    )
    mistral_large_2402 = 'don\'t', "mistral-small-2402"
"#,
        6,
    );
}

#[test]
fn javascript_typescript_and_jsx() {
    expect(
        Language::JavaScript,
        r#"
// 'mistral-large-2402'
/* "mistral-large-2402" */
const a = 'mistral-small-2402', b = `mistral-small-2402`;
const quote = /["'`]/.test(x); const c = "mistral-small-2402";
const url = `https://x/${f("mistral-small-2402", `n${"}"}`)}`; const half = a / b; // 'mistral-large-2402'
type Id = 'mistral-small-2402' | (string & {});
const jsx = <Chat model="mistral-small-2402">Don't</Chat>;
"#,
        6,
    );
}

#[test]
fn rust() {
    expect(
        Language::Rust,
        r###"
/// `mistral-large-2402`
/* "mistral-large-2402" /* nested */ "mistral-large-2402" */
fn f<'a>(c: char) -> &'a str { if c == '"' || c == '\'' { "mistral-small-2402" } else { r#"mistral-small-2402"# } }
const B: &[u8] = br"mistral-small-2402"; // "mistral-large-2402"
"###,
        3,
    );
}

#[test]
fn go_java_kotlin_and_csharp() {
    expect(Language::Go, "// \"mistral-large-2402\"\nm := `mistral-small-2402`; n := \"mistral-small-2402\"", 2);
    expect(
        Language::Java,
        "/* \"mistral-large-2402\" */ var m = \"\"\"\n  mistral-small-2402\n\"\"\"; f('\"', \"mistral-small-2402\");",
        2,
    );
    expect(Language::Kotlin, "/* /* */ \"mistral-large-2402\" */ val m = \"\"\"mistral-small-2402\"\"\"", 1);
    expect(
        Language::CSharp,
        "// \"mistral-large-2402\"\nvar m = @\"c:\\\"; var n = \"mistral-small-2402\"; var o = $\"mistral-small-2402\";",
        2,
    );
    expect(Language::C, "// \"mistral-large-2402\"\nlet m = \"mistral-small-2402\"", 1);
}

#[test]
fn ruby_and_php() {
    expect(
        Language::Ruby,
        "=begin\n'mistral-large-2402'\n=end\nm = 'mistral-small-2402' # 'mistral-large-2402'\nl = %w[mistral-small-2402 x]\nt = <<~TEXT\n  it's \"model\": \"mistral-small-2402\"\nTEXT\nn = \"mistral-small-2402\"",
        4,
    );
    expect(
        Language::Php,
        "<p>it's 'mistral-large-2402'</p><?php\n# 'mistral-large-2402'\n#[A('mistral-small-2402')]\n$m = ['model' => \"mistral-small-2402\"]; ?>\n'mistral-large-2402'",
        2,
    );
}

#[test]
fn shell_and_dockerfile() {
    expect(
        Language::Shell,
        "# mistral-large-2402\nexport MODEL=mistral-small-2402\nllm -m mistral-small-2402 'mistral-large-2402 is what I used'\ncurl -d '{\"model\": \"mistral-small-2402\"}' ${MODEL:-mistral-small-2402}\ncat <<EOF\n{\"model\": \"mistral-small-2402\", \"note\": \"it's\"}\nEOF\nM=\"mistral-small-2402\"",
        6,
    );
    expect(
        Language::Dockerfile,
        "  # mistral-large-2402\nENV MODEL=mistral-small-2402\nENV M mistral-small-2402\nCMD [\"run\", \"--model\", \"mistral-small-2402\"]\n",
        3,
    );
}

#[test]
fn yaml() {
    expect(
        Language::Yaml,
        "# mistral-large-2402\nmodel: mistral-small-2402 # mistral-large-2402\nnote: it's mistral-large-2402 that we used\nlist: [mistral-small-2402, 'mistral-small-2402']\nitems:\n  - mistral-small-2402\n  - \"mistral-small-2402\"\nrun: |\n  use mistral-large-2402 here\n  ask --model mistral-small-2402\n\n  done\nkey:\n  mistral-small-2402: 1\n",
        7,
    );
}

#[test]
fn toml_json_env_and_terraform() {
    expect(Language::Toml, "# 'mistral-large-2402'\nm = 'mistral-small-2402'\nn = \"\"\"\nmistral-small-2402\"\"\"\n", 2);
    expect(
        Language::Json,
        r#"{"model": "mistral-small-2402", /* "mistral-large-2402" */ "n": ["mistral-small-2402"], "words": "as mistral-large-2402 said"}"#,
        2,
    );
    expect(
        Language::Env,
        "; mistral-large-2402\n# mistral-large-2402\nMODEL=mistral-small-2402 # x\nexport M='mistral-small-2402'\nNOTE=not mistral-large-2402 but x\nLIST=mistral-small-2402,x\n",
        3,
    );
    expect(
        Language::Terraform,
        "# \"mistral-large-2402\"\nmodel = \"mistral-small-2402\"\nx = <<-EOT\n  {\"model\": \"mistral-small-2402\"}\nEOT\n// \"mistral-large-2402\"\n",
        2,
    );
}

#[test]
fn markdown_fences_and_spans() {
    expect(
        Language::Markdown,
        "We used mistral-large-2402. Now `mistral-small-2402`.\n\n```python\n# 'mistral-large-2402'\nmodel = 'mistral-small-2402'\n```\n\n~~~~\nmodel: \"mistral-small-2402\"\n~~~\n~~~~\n`mistral-small-2402`\n",
        4,
    );
}

#[test]
fn notebooks_are_read_by_cell_and_found_in_the_file() {
    let text = r##"{"cells": [
  {"cell_type": "markdown", "source": "`mistral-large-2402`"},
  {"cell_type": "code", "outputs": [{"text": "mistral-large-2402"}], "source": ["# \"mistral-large-2402\"\n", "f(\"é\", model=\"mistral-small-2402\")\n"]},
  {"cell_type": "code", "source": "x = 'mistral-small-2402'  # tramontane: ignore\ny = 'mistral-small-2402'"}
 ], "metadata": {"language_info": {"name": "python"}}}"##;
    expect(Language::Notebook, text, 2);
    let found = lint(Language::Notebook, text);
    for finding in &found {
        assert_eq!(&text[finding.start..finding.end], YES);
        assert_eq!(finding.fix.as_deref(), Some("mistral-small-2603"));
    }
    assert_eq!((found[0].line, found[1].line), (3, 4));
    assert_eq!(names(Language::Notebook, r#"{"model": "mistral-small-2402"}"#), [YES], "no notebook: plain JSON");
    assert_eq!(names(Language::Notebook, "{\"cells\": [{\"source\": "), [""; 0], "half a notebook");
}

#[test]
fn files_say_their_language() {
    for (file, language) in [
        ("a.py", Some(Language::Python)),
        ("A.TSX", Some(Language::JavaScript)),
        (".env", Some(Language::Env)),
        (".env.local", Some(Language::Env)),
        ("Dockerfile", Some(Language::Dockerfile)),
        ("Dockerfile.dev", Some(Language::Dockerfile)),
        ("main.tf", Some(Language::Terraform)),
        ("notes.txt", None),
        ("python", None),
        ("", None),
    ] {
        assert_eq!(Language::from_file_name(file), language, "{file}");
    }
    for language in Language::all() {
        assert_eq!(Language::from_name(language.name()), Some(language));
    }
}
