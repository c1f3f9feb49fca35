//! What the server would answer.

use crate::check::{Estimated, Policy, examine, refusal};
use crate::json::parse;

fn refused(request: &str) -> String {
    let policy = Policy { strict: true, ..Policy::default() };
    let (_, report) = examine(parse(request.as_bytes()).unwrap(), None, None, &policy, Estimated::None);
    refusal(&report).map_or("taken".to_owned(), |refusal| format!("{} {}", refusal.status, refusal.body))
}

#[test]
fn what_is_right_is_taken() {
    assert_eq!(refused(r#"{"model": "mistral-small-2603", "messages": [{"role": "user", "content": "Hi"}]}"#), "taken");
}

#[test]
fn all_faults_of_form_come_in_one_422() {
    let request = r#"{"model": "mistral-small-2603", "seed": 1, "temperature": 9, "messages": [{"role": "user", "name": "x"}]}"#;
    insta::assert_snapshot!(refused(request), @r#"422 {"detail":[{"type":"extra_forbidden","loc":["body","seed"],"msg":"Extra inputs are not permitted","input":1},{"type":"less_than_equal","loc":["body","temperature"],"msg":"Input should be less than or equal to 1.5"},{"type":"extra_forbidden","loc":["body","messages",0,"user","name"],"msg":"Extra inputs are not permitted","input":"x"},{"type":"missing","loc":["body","messages",0,"user","content"],"msg":"Field required"}]}"#);
}

#[test]
fn an_unknown_and_a_retired_model_are_invalid() {
    let request = |model: &str| format!(r#"{{"model": "{model}", "messages": [{{"role": "user", "content": "Hi"}}]}}"#);
    insta::assert_snapshot!(refused(&request("no-such-model")), @r#"400 {"object":"error","message":"Invalid model: no-such-model","type":"invalid_model","param":null,"code":"1500","raw_status_code":400}"#);
    insta::assert_snapshot!(refused(&request("mistral-large-2407")), @r#"400 {"object":"error","message":"Invalid model: mistral-large-2407","type":"invalid_model","param":null,"code":"1500","raw_status_code":400}"#);
}

#[test]
fn a_broken_rule_is_a_400_with_the_words_of_the_server() {
    let messages = |messages: &str| refused(&format!(r#"{{"model": "mistral-small-2603", "messages": [{messages}]}}"#));
    let user = r#"{"role": "user", "content": "Hi"}"#;
    insta::assert_snapshot!(messages(&format!(r#"{user}, {{"role": "assistant", "content": "x"}}"#)), @r#"400 {"object":"error","message":"Expected last role User or Tool (or Assistant with prefix True) for serving but got assistant","type":"invalid_request_message_order","param":null,"code":"3230","raw_status_code":400}"#);
    insta::assert_snapshot!(messages(&format!(r#"{user}, {{"role": "assistant", "content": ""}}, {user}"#)), @r#"400 {"object":"error","message":"Assistant message must have either content or tool_calls, but not none.","type":"invalid_request_assistant_message","param":null,"code":"3240","raw_status_code":400}"#);
    let call = r#"{"role": "assistant", "tool_calls": [{"id": "call_1", "function": {"name": "f", "arguments": "{}"}}]}"#;
    insta::assert_snapshot!(messages(&format!(r#"{user}, {call}, {{"role": "tool", "tool_call_id": "call_1", "content": "x"}}"#)), @r#"400 {"object":"error","message":"Tool call id was call_1 but must be a-z, A-Z, 0-9, with a length of 9.","type":"invalid_function_call","param":null,"code":"3280","raw_status_code":400}"#);
    insta::assert_snapshot!(messages(&format!(r#"{user}, {call}, {user}"#)), @r#"400 {"object":"error","message":"Not the same number of function calls and responses","type":"invalid_request_message_order","param":null,"code":"3230","raw_status_code":400}"#);
}

#[test]
fn the_form_goes_before_the_rules() {
    let request = r#"{"model": "no-such-model", "seed": 1, "messages": []}"#;
    insta::assert_snapshot!(refused(request), @r#"422 {"detail":[{"type":"extra_forbidden","loc":["body","seed"],"msg":"Extra inputs are not permitted","input":1}]}"#);
}
