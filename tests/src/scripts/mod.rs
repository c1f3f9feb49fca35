//! Scripts of what a server says, attempt by attempt, and what a client makes of it: `tests/scripts/*.json`, run by every
//! host. Here they are read and served; each host runs them with its own client.

mod attempt;
mod server;

use serde_json::{Value, json};

pub use server::{Log, Server};

/// One script.
#[derive(Clone, Debug)]
pub struct Case {
    /// The file it stands in, without its ending.
    pub family: String,
    /// What it is about.
    pub name: String,
    /// `chat` or `chat_stream`.
    pub call: String,
    /// How the client is set up: `max_retries`, `max_response_bytes`, and `total`, `first_event`, `idle` in seconds.
    pub options: Value,
    /// What the server does with each attempt; the last one holds for all further ones.
    pub serve: Vec<Value>,
    /// Where the client is sent: `here`, or to a place where no server of ours answers.
    at: String,
    /// `attempts`, `waits` in milliseconds (from the shortest to the longest that chance can make), and `text` or `error`.
    pub expect: Value,
}

impl Case {
    /// As data, for the hosts, with the URL that the client is to use.
    pub fn to_json(&self, base_url: &str) -> Value {
        json!({
            "family": self.family, "name": self.name, "call": self.call, "options": self.options,
            "expect": self.expect, "base_url": base_url, "logged": self.is_logged(),
        })
    }

    /// Whether our server sees the attempts.
    pub fn is_logged(&self) -> bool {
        self.at == "here"
    }
}

/// Every script, in the order of the files.
///
/// # Panics
/// When a file cannot be read or a script in it says nothing.
pub fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for file in crate::list(&crate::root().join("tests/scripts")) {
        if file.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let text = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let family: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        for case in family["cases"].as_array().unwrap_or_else(|| panic!("{}: no cases", file.display())) {
            cases.extend(expand(&name, case));
        }
    }
    cases
}

/// One script may stand for many: one for each status of `each_status`, one for each byte at which a body can be cut.
fn expand(family: &str, case: &Value) -> Vec<Case> {
    let one = |name: String, serve: Vec<Value>, expect: Value| Case {
        family: family.to_owned(),
        name,
        call: case["call"].as_str().unwrap_or("chat").to_owned(),
        options: case["options"].clone(),
        serve,
        at: case["at"].as_str().unwrap_or("here").to_owned(),
        expect,
    };
    let name = case["name"].as_str().unwrap_or_else(|| panic!("a case of {family} has no name"));
    let serve = case["serve"].as_array().cloned().unwrap_or_default();
    let expect = &case["expect"];
    if let Some(statuses) = case["each_status"].as_array() {
        let with = |status: &Value| {
            let mut serve = serve.clone();
            serve[0]["status"] = status.clone();
            let mut expect = expect.clone();
            if let Some(error) = expect["error"].as_object_mut() {
                error.insert("status".to_owned(), status.clone());
            }
            one(format!("{name}: {status}"), serve, expect)
        };
        return statuses.iter().map(with).collect();
    }
    if serve.first().is_some_and(|first| first["cut"] == "every") {
        let body = attempt::framed_body(&serve[0]).len();
        let whole = attempt::length_of_events(&serve[0], expect["whole_after_events"].as_u64().unwrap_or_default());
        let with = |at: usize| {
            let mut serve = serve.clone();
            serve[0]["cut"] = json!(at);
            let expect = if at < whole { &expect["cut"] } else { &expect["whole"] };
            one(format!("{name}: {at}"), serve, expect.clone())
        };
        return (0..=body).map(with).collect();
    }
    vec![one(name.to_owned(), serve, expect.clone())]
}
