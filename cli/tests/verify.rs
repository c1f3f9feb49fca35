//! `tramontane models verify`, as a shell runs it: against the sandbox, and against servers with lists of their own.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Command, Output};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use tramontane_testkit::{Sandbox, SandboxOptions};

const KEY: &str = "a-key-that-must-not-be-shown-4711";

fn verify(args: &[&str], key: Option<&str>) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tramontane"));
    command.args(["models", "verify"]).args(args).env_remove("MISTRAL_API_KEY");
    for variable in ["http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"] {
        command.env_remove(variable);
    }
    command.envs(key.map(|key| ("MISTRAL_API_KEY", key))).output().expect("the program runs")
}

/// What it said, and its exit code.
fn said(output: &Output) -> (Option<i32>, String) {
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(!text.contains("4711"), "the key is shown: {text}");
    (output.status.code(), text)
}

/// What a server answers to a path: its status and body.
type Answers = fn(&str) -> (u16, String);

/// A server of one page for each path; it ends with the test's process. Gives its URL and what it was asked for.
fn serve(answers: Answers) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let asked = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&asked);
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut head = Vec::new();
            let mut reader = BufReader::new(stream.try_clone().expect("the socket twice")).take(1 << 16);
            while !head.ends_with(b"\r\n\r\n") && reader.read_until(b'\n', &mut head).is_ok_and(|read| read > 0) {}
            let head = String::from_utf8_lossy(&head).into_owned();
            let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
            let (status, body) = answers(&path);
            log.lock().expect("the log").push(path);
            let kind = if body.starts_with('<') { "text/html" } else { "application/json" };
            let length = body.len();
            let head =
                format!("HTTP/1.1 {status} S\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n");
            let _ = stream.write_all((head + &body).as_bytes());
        }
    });
    (url, asked)
}

/// A list with a model that is known, one that is known and will go, and one that nobody has heard of.
fn list(path: &str) -> (u16, String) {
    let small = json!({"id": "mistral-small-2603", "name": "mistral-small-2603", "object": "model", "type": "base"});
    let leaving = json!({"id": "codestral-2508", "name": "codestral-2508", "object": "model", "type": "base",
        "deprecation": "2099-01-31T12:00:00Z", "deprecation_replacement_model": "codestral-9901"});
    let new = json!({"id": "tempest-1", "name": "tempest-1", "object": "model", "type": "base", "max_context_length": 9});
    match path {
        "/v1/models" => (200, json!({"object": "list", "data": [small, leaving, new]}).to_string()),
        // A list depends on the key's plan: this one is served all the same.
        "/v1/models/hidden-1" => (200, json!({"id": "hidden-1", "object": "model"}).to_string()),
        _ => (404, json!({"message": "This model is gone for good."}).to_string()),
    }
}

#[test]
fn the_sandbox_serves_what_the_catalogue_knows() {
    let (code, text) = said(&verify(&["mistral-small-2603", "mistral-small-latest", "--sandbox"], None));
    assert_eq!((code, text.as_str()), (Some(0), "0 differences, 0 names in use that are not served\n"));
}

#[test]
fn the_page_about_it_shows_what_it_says() {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/verify.md")).expect("the page");
    let shown = page.split("```console\n").nth(1).and_then(|rest| rest.split("```").next()).expect("a block");
    let (command, expected) = shown.split_once('\n').expect("a command and what it says");
    let args: Vec<&str> = command.strip_prefix("$ tramontane models verify ").expect("the command").split(' ').collect();
    assert_eq!(said(&verify(&args, None)), (Some(1), expected.to_owned()));
}

#[test]
fn names_that_are_not_served_are_told_with_the_provider_s_words() {
    let (code, text) = said(&verify(&["mistral-small-2603", "open-mistral-nemo-2407", "no-such-model", "--sandbox"], None));
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("open-mistral-nemo-2407 is not served: Model open-mistral-nemo-2407 is deprecated."), "{text}");
    assert!(text.contains("no-such-model is not served: Model no-such-model was not found."), "{text}");
    assert!(text.ends_with("0 differences, 2 names in use that are not served\n") && !text.contains("small"), "{text}");
}

#[test]
fn a_list_of_another_day_differs() {
    let on = Some("2026-01-15".parse().expect("a day"));
    let sandbox = Sandbox::start(SandboxOptions { on, ..SandboxOptions::default() }).expect("a sandbox");
    let (code, text) = said(&verify(&["open-mistral-nemo-2407", "--base-url", &sandbox.url()], Some(KEY)));
    // The list is right about what is served, whatever the catalogue says.
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("open-mistral-nemo-2407: status is \"live\", \"retired\" in the catalogue"), "{text}");
    assert!(!text.contains("0 differences"), "{text}");
}

#[test]
fn what_is_new_missing_and_leaving_is_told() {
    let (url, asked) = serve(list);
    let names = ["mistral-small-2603", "codestral-2508", "hidden-1"];
    let (code, text) = said(&verify(&[&names[..], &["--base-url", &url]].concat(), Some(KEY)));
    assert_eq!(code, Some(0), "{text}");
    assert_eq!(*asked.lock().expect("the log"), ["/v1/models", "/v1/models/hidden-1"]);
    for line in [
        "codestral-2508 is served until 2099-01-31; use codestral-9901",
        "codestral-2508: retires_on is \"2099-01-31\"",
        "codestral-2508: replacement is \"codestral-9901\"",
        "tempest-1: new; the catalogue does not know it",
        "mistral-large-2512: not on the list of this key",
    ] {
        assert!(text.contains(line), "{line} is not in:\n{text}");
    }
    let (code, text) = said(&verify(&["gone-1", "--base-url", &url], Some(KEY)));
    assert!(code == Some(1) && text.contains("gone-1 is not served: This model is gone for good."), "{text}");
}

#[test]
fn scripts_get_json_and_an_overlay() {
    let (url, _) = serve(list);
    let file = std::env::temp_dir().join(format!("tramontane-overlay-{}.json", std::process::id()));
    let path = file.to_str().expect("a path");
    let args = ["codestral-2508", "gone-1", "--base-url", &url, "--save", path, "--json"];
    let (code, text) = said(&verify(&args, Some(KEY)));
    let found: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(code, Some(1));
    assert_eq!(found["gone"], json!([{"name": "gone-1", "said": "This model is gone for good."}]));
    let leaving = json!([{"name": "codestral-2508", "retires_on": "2099-01-31", "replacement": "codestral-9901"}]);
    assert_eq!(found["leaving"], leaving);
    let new = found["differences"].as_array().expect("differences").iter().find(|one| one["model"] == "tempest-1");
    assert_eq!(new.expect("the new one")["field"], "new");
    let saved: Value = serde_json::from_str(&std::fs::read_to_string(&file).expect("the overlay")).expect("JSON");
    std::fs::remove_file(&file).expect("the file goes");
    assert_eq!(saved, found["overlay"]);
    assert!(saved["models"].as_array().expect("rows").iter().any(|row| row["id"] == "tempest-1"), "{saved}");

    let nowhere = PathBuf::from("/nowhere/overlay.json");
    let (code, text) = said(&verify(&["--base-url", &url, "--save", nowhere.to_str().expect("a path")], Some(KEY)));
    assert!(code == Some(2) && text.contains("`/nowhere/overlay.json` cannot be written"), "{text}");
}

#[test]
fn what_cannot_be_asked_is_an_error() {
    let key = Some(KEY);
    let (code, text) = said(&verify(&["--base-url", "http://127.0.0.1:1"], key));
    assert!(code == Some(1) && text.contains("Connection refused"), "{text}");

    let right = Some("the-right-key".to_owned());
    let sandbox = Sandbox::start(SandboxOptions { key: right, ..SandboxOptions::default() }).expect("a sandbox");
    let (code, text) = said(&verify(&["--base-url", &sandbox.url()], key));
    assert!(code == Some(1) && text.contains("[mistral, 401"), "{text}");
    let (code, text) = said(&verify(&["--base-url", &sandbox.url()], Some("the-right-key")));
    assert_eq!(code, Some(0), "{text}");
    let (code, text) = said(&verify(&["--base-url", &sandbox.url()], None));
    assert!(code == Some(1) && text.contains("MISTRAL_API_KEY"), "{text}");

    let (url, _) = serve(|_| (200, "<html>A page of a proxy</html>".to_owned()));
    let (code, text) = said(&verify(&["--base-url", &url], key));
    assert!(code == Some(1) && !text.contains("differences"), "{text}");
    let (url, _) = serve(|_| (200, r#"{"object": "error"}"#.to_owned()));
    let (code, text) = said(&verify(&["--base-url", &url, "--json"], key));
    assert!(code == Some(1) && text.contains(r#""kind":"#), "{text}");
    let (code, text) = said(&verify(&["--base-url", "no URL"], key));
    assert!(code == Some(1) && text.contains("base_url"), "{text}");
    assert_eq!(said(&verify(&["--no-such-option"], key)).0, Some(2));
}
