//! The command, as a shell runs it.

use std::io::Write;
use std::process::{Command, Output, Stdio};

fn tramontane(args: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_tramontane"))
        .args(args)
        .env_remove("MISTRAL_API_KEY")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    // A command that does not read its input closes the pipe, which is its right.
    let _ = child.stdin.take().expect("a pipe").write_all(input.as_bytes());
    child.wait_with_output().expect("the program ends")
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

const GOOD: &str = r#"{"model": "mistral-small-2603", "messages": [{"role": "user", "content": "Hello"}]}"#;
const BAD: &str =
    r#"{"model": "mistral-nemo-12b", "seed": 1, "temperature": 9, "messages": [{"role": "user", "content": "Hello"}]}"#;

#[test]
fn a_chat_with_the_sandbox() {
    let said = tramontane(&["chat", "Hello", "--sandbox"], "");
    assert_eq!(out(&said), "This is the tramontane sandbox, not a model. You said: Hello\n", "{}", err(&said));
    let streamed = tramontane(&["chat", "-", "--sandbox", "--stream"], "Hello");
    assert_eq!(out(&streamed), out(&said), "{}", err(&streamed));
    let json = tramontane(&["chat", "Hello", "--sandbox", "--json"], "");
    assert!(out(&json).starts_with(r#"{"id":"#), "{}", out(&json));
}

#[test]
fn a_chat_without_a_key_says_which_variable_to_set() {
    let said = tramontane(&["chat", "Hello"], "");
    assert_eq!(said.status.code(), Some(1));
    assert!(err(&said).contains("MISTRAL_API_KEY"), "{}", err(&said));
}

#[test]
fn check_says_everything_and_exits_with_1() {
    let good = tramontane(&["check", "-", "--on", "2026-11-21"], GOOD);
    assert_eq!(good.status.code(), Some(0), "{}", out(&good));
    let bad = tramontane(&["check", "-", "--on", "2026-11-21"], BAD);
    assert_eq!(bad.status.code(), Some(1));
    for expected in ["retired_model", "at seed", "at temperature", "ministral-8b-2512", "3 errors"] {
        assert!(out(&bad).contains(expected), "{expected} is not in:\n{}", out(&bad));
    }
    assert!(!out(&bad).contains('\u{1b}'), "colours only on a terminal");
    let json = tramontane(&["check", "-", "--json"], BAD);
    assert!(out(&json).starts_with(r#"{"ok":false,"findings":["#), "{}", out(&json));
}

#[test]
fn build_prints_the_request_or_a_curl_command() {
    let built = tramontane(&["build", "-"], GOOD);
    assert!(out(&built).contains(r#""url":"https://api.mistral.ai/v1/chat/completions""#), "{}", out(&built));
    let curl = tramontane(&["build", "-", "--curl"], GOOD);
    assert!(out(&curl).contains(r#"-H "authorization: Bearer $MISTRAL_API_KEY""#), "{}", out(&curl));
    let refused = tramontane(&["build", "-"], BAD);
    assert_eq!(refused.status.code(), Some(1));
    assert!(out(&refused).contains("retired_model"), "{}", out(&refused));
}

#[test]
fn models_are_listed_shown_and_resolved() {
    let listed = tramontane(&["models", "list", "--capability", "completion_fim"], "");
    assert!(out(&listed).contains("codestral-2508") && !out(&listed).contains("ministral"), "{}", out(&listed));
    let shown = tramontane(&["models", "show", "mistral-small-4"], "");
    assert!(out(&shown).contains("id mistral-small-2603"), "{}", out(&shown));
    let resolved = tramontane(&["models", "resolve", "mistral-small-4"], "");
    assert!(out(&resolved).contains("is sent as mistral-small-2603") && resolved.status.success(), "{}", out(&resolved));
    let retired = tramontane(&["models", "resolve", "mistral-nemo-12b", "--on", "2026-11-21"], "");
    assert_eq!(retired.status.code(), Some(1));
    assert!(out(&retired).contains("2026-07-31"), "{}", out(&retired));
}

#[test]
fn wrong_usage_exits_with_2() {
    for args in
        [&["check"][..], &["check", "no-such-file.json"], &["frobnicate"], &["models", "resolve", "m", "--on", "tomorrow"]]
    {
        let said = tramontane(args, "");
        assert_eq!(said.status.code(), Some(2), "{args:?}: {}{}", out(&said), err(&said));
        assert!(!err(&said).is_empty());
    }
    assert_eq!(tramontane(&["--version"], "").status.code(), Some(0));
}

#[test]
fn bad_bytes_and_bad_json_are_errors_not_crashes() {
    for input in ["", "{", "[1,", "nul", "\u{feff}{}", r#"{"model": "\ud800"}"#] {
        let said = tramontane(&["check", "-"], input);
        assert_eq!(said.status.code(), Some(1), "{input:?}: {}{}", out(&said), err(&said));
    }
}
