//! What the server would answer.

use crate::check::{Policy, examine, refusal};
use crate::json::parse;

fn refused(request: &str) -> String {
    let policy = Policy { strict: true, ..Policy::default() };
    let (_, report) = examine(parse(request.as_bytes()).unwrap(), None, &policy);
    refusal(&report).map_or("taken".to_owned(), |refusal| format!("{} {}", refusal.status, refusal.body))
}

#[test]
fn what_is_right_is_taken() {
    assert_eq!(refused(r#"{"model": "mistral-small-2603", "messages": [{"role": "user", "content": "Hi"}]}"#), "taken");
}

#[test]
fn all_faults_of_form_come_in_one_422() {
    let request = r#"{"model": "mistral-small-2603", "seed": 1, "temperature": 9, "messages": [{"role": "user", "name": "x"}]}"#;
    insta::assert_snapshot!(refused(request), @"");
}

#[test]
fn an_unknown_and_a_retired_model_are_invalid() {
    let request = |model: &str| format!(r#"{{"model": "{model}", "messages": [{{"role": "user", "content": "Hi"}}]}}"#);
    insta::assert_snapshot!(refused(&request("no-such-model")), @"");
    insta::assert_snapshot!(refused(&request("mistral-large-2407")), @"");
}

#[test]
fn a_broken_rule_is_a_400_with_the_words_of_the_server() {
    let messages = |messages: &str| refused(&format!(r#"{{"model": "mistral-small-2603", "messages": [{messages}]}}"#));
    let user = r#"{"role": "user", "content": "Hi"}"#;
    insta::assert_snapshot!(messages(&format!(r#"{user}, {{"role": "assistant", "content": "x"}}"#)), @"");
    insta::assert_snapshot!(messages(&format!(r#"{user}, {{"role": "assistant", "content": ""}}, {user}"#)), @"");
    let call = r#"{"role": "assistant", "tool_calls": [{"id": "call_1", "function": {"name": "f", "arguments": "{}"}}]}"#;
    insta::assert_snapshot!(messages(&format!(r#"{user}, {call}, {{"role": "tool", "tool_call_id": "call_1", "content": "x"}}"#)), @"");
    insta::assert_snapshot!(messages(&format!(r#"{user}, {call}, {user}"#)), @"");
}

#[test]
fn the_form_goes_before_the_rules() {
    let request = r#"{"model": "no-such-model", "seed": 1, "messages": []}"#;
    insta::assert_snapshot!(refused(request), @"");
}
