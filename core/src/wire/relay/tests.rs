use super::*;
use crate::json;
use crate::wire::{BuildRequest, build};

const SECRET: &str = "sk-proj-0123456789abcdefghij";

fn built(request: &str, policy: Policy) -> Value<'static> {
    let request = json::parse(request.as_bytes()).unwrap().into_owned();
    json::to_value(&build(BuildRequest { request, provider: None, policy }).unwrap()).unwrap()
}

fn chat() -> Value<'static> {
    built(r#"{"model":"mistral-small-2603","messages":[{"role":"user","content":"hi"}]}"#, Policy::default())
}

fn with(name: &'static str, value: impl Into<Value<'static>>) -> Value<'static> {
    let mut prepared = chat();
    prepared.as_object_mut().unwrap().set(name, value);
    prepared
}

fn path_of(prepared: Value<'static>) -> String {
    let error = relay(prepared, &Policy::default()).unwrap_err();
    assert!(!error.to_json().contains("0123456789abcdef") && !error.to_json().contains("evil"), "{error}");
    error.path.clone().unwrap_or_default()
}

#[test]
fn what_was_built_is_built_again_the_same() {
    let mut policy = Policy::default();
    policy.extra_headers.insert("x-trace".into(), "0123456789abcdef0123456789abcdef".into());
    policy.extra_query.insert("a b".into(), "c&d".into());
    for request in [
        r#"{"model":"mistral-small-4","stream":true,"messages":[{"role":"user","content":"hi"}]}"#,
        r#"{"model":"codestral-2508","operation":"fim","prompt":"def f("}"#,
        r#"{"operation":"models_list"}"#,
        r#"{"operation":"models_retrieve","model":"ft:open mistral/7b"}"#,
    ] {
        let first = built(request, policy.clone());
        let relayed = relay(first.clone(), &Policy::default()).unwrap();
        let second = build(BuildRequest { request: relayed.request, provider: Some(relayed.provider), policy: relayed.policy });
        let second = json::to_value(&second.unwrap()).unwrap();
        for part in ["method", "url", "headers", "body", "operation", "auth"] {
            assert_eq!(first.get(part), second.get(part), "{request}: {part}");
        }
    }
}

#[test]
fn another_host_path_or_method_is_refused() {
    for url in [
        "https://evil.example/v1/chat/completions",
        "https://api.mistral.ai.evil.example/v1/chat/completions",
        "https://api.mistral.ai@evil.example/v1/chat/completions",
        "https://evil@api.mistral.ai/v1/chat/completions",
        "http://api.mistral.ai/v1/chat/completions",
        "https://api.mistral.ai:8443/v1/chat/completions",
        "https://api.mistral.ai/v1/chat/completions/../../evil",
        "https://api.mistral.ai/v1/chat/completions#evil",
        "https://api.mistral.ai/v1/models",
        "https://api.mistral.ai\\.evil.example/v1/chat/completions",
        "",
    ] {
        assert_eq!(path_of(with("url", url)), "url", "{url}");
    }
    assert_eq!(path_of(with("method", "DELETE")), "method");
    assert_eq!(path_of(with("operation", "models_list")), "method");
    assert_eq!(path_of(with("provider", "openrouter")), "provider");
    assert_eq!(path_of(with("follow", true)), "follow");
    assert_eq!(path_of(with("body", "evil")), "body");
}

#[test]
fn an_added_credential_is_refused() {
    let header = |name: &'static str, value: &'static str| Object::from_iter([(name, value)]);
    assert_eq!(path_of(with("headers", header("Authorization", "hunter2"))), "headers.Authorization");
    assert_eq!(path_of(with("headers", header("x-forward", "Bearer hunter2"))), "headers.x-forward");
    assert_eq!(path_of(with("headers", header("x-forward", SECRET))), "headers.x-forward");
    assert_eq!(path_of(with("url", "https://api.mistral.ai/v1/chat/completions?key=hunter2")), "url");
    assert_eq!(path_of(with("url", format!("https://api.mistral.ai/v1/chat/completions?a={SECRET}"))), "url");
    let body = format!(r#"{{"model":"mistral-small-2603","messages":[],"metadata":{{"a":"{SECRET}"}}}}"#);
    let body = json::parse(body.as_bytes()).unwrap().into_owned();
    assert_eq!(path_of(with("body", body)), "body.metadata.a");
}

#[test]
fn the_clients_base_url_takes_the_place_of_the_providers() {
    let policy = |base: Option<&str>| Policy { base_url: base.map(str::to_owned), ..Policy::default() };
    let relayed = relay(chat(), &policy(Some("http://127.0.0.1:8080"))).unwrap();
    assert_eq!(relayed.policy.base_url.as_deref(), Some("http://127.0.0.1:8080"));
    let regional = with("url", "https://api.eu.mistral.ai/v1/chat/completions");
    assert_eq!(relay(regional, &policy(None)).unwrap().policy.base_url.as_deref(), Some("https://api.eu.mistral.ai"));
    let proxied = with("url", "http://127.0.0.1:8080/v1/chat/completions");
    assert!(relay(proxied.clone(), &policy(Some("http://127.0.0.1:8080/"))).is_ok());
    assert!(relay(proxied, &policy(None)).is_err());
}
