//! What a call may use, before it is sent: what budgets and limits set aside for it.

use super::cost::estimate_with;
use crate::check::{Policy, TokenRange, estimate_prompt};
use crate::json::{Object, Value};

/// What a call may use.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Claim {
    /// Whether the operation costs nothing and uses no tokens: lists, uploads, deletions.
    pub free: bool,
    /// The prompt's tokens at most.
    pub prompt: u64,
    /// The answer's tokens at most, by `max_tokens` or the model's own limit; `None` when neither is known.
    pub completion: Option<u64>,
    /// Whether the request itself bounds its answer with `max_tokens`.
    pub bounded: bool,
    /// Nano-dollars at most; `None` when it cannot be said.
    pub amount: Option<u64>,
    /// Why `amount` is `None`.
    pub reason: Option<String>,
}

impl Claim {
    /// What a call of `operation` with this body may use.
    pub fn of(operation: &str, body: &Value<'_>, provider: &str, policy: &Policy) -> Claim {
        if is_free(operation) {
            return Claim { free: true, amount: Some(0), completion: Some(0), ..Claim::default() };
        }
        let prompt = estimate_prompt(body);
        let request = named(operation, body);
        let estimate = match estimate_with(&request, Some(provider), policy, prompt) {
            Ok(estimate) => estimate,
            Err(error) => return Claim { reason: Some(error.message().to_owned()), ..Claim::default() },
        };
        let answers = !["embeddings", "moderation", "classification", "audio_speech"].iter().any(|kind| operation.contains(kind));
        let completion = estimate.completion_tokens.map(|tokens| tokens.high).or((!answers).then_some(0));
        Claim {
            free: false,
            prompt: estimate.prompt_tokens.unwrap_or(TokenRange { low: 0, high: 0 }).high,
            completion,
            bounded: !answers || body.get("max_tokens").is_some_and(|most| !most.is_null()),
            amount: estimate.amount.map(|amount| amount.high),
            reason: estimate.reason,
        }
    }

    /// All tokens at most.
    pub fn tokens(&self) -> Option<u64> {
        Some(self.prompt.saturating_add(self.completion?))
    }
}

/// Whether an operation of this name runs no model.
fn is_free(operation: &str) -> bool {
    const RUNS_NONE: &[&str] = &["_list", "_get", "_retrieve", "_delete", "_cancel", "_history", "_messages", "_results"];
    operation.starts_with("models") || operation.starts_with("files") || RUNS_NONE.iter().any(|end| operation.ends_with(end))
}

/// The members of a body that a price depends on, under the name of its operation. Texts are not copied.
fn named<'b>(operation: &'b str, body: &'b Value<'_>) -> Value<'b> {
    let mut request = Object::new();
    request.push("operation", operation);
    for key in ["model", "max_tokens", "min_tokens", "n", "prompt_cache_key", "service_tier"] {
        match body.get(key) {
            Some(Value::String(text)) => request.push(key, &**text),
            Some(other) => request.push(key, other.clone().into_owned()),
            None => {}
        }
    }
    let messages = body.get("messages").filter(|_| operation.starts_with("chat") || operation.starts_with("agents"));
    if let Some(messages) = messages.filter(|messages| holds_sound(messages)) {
        request.push("messages", messages.clone().into_owned());
    }
    if let Some(Value::String(text)) = body.get("input").filter(|_| operation == "audio_speech") {
        request.push("input", &**text);
    }
    request.into()
}

fn holds_sound(messages: &Value<'_>) -> bool {
    let chunks = messages.as_array().unwrap_or_default().iter().filter_map(|message| message.get("content")?.as_array());
    chunks.flatten().any(|chunk| chunk.get("type").and_then(Value::as_str) == Some("input_audio"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;

    fn claim(operation: &str, body: &str) -> Claim {
        Claim::of(operation, &json::parse(body.as_bytes()).unwrap(), "mistral", &Policy::default())
    }

    #[test]
    fn the_bound_is_that_of_the_request_or_of_the_model() {
        let body =
            r#"{"model": "mistral-small-2603", "max_tokens": 100, "n": 2, "messages": [{"role": "user", "content": "Hi"}]}"#;
        let bounded = claim("chat", body);
        assert_eq!(bounded.completion, Some(200));
        assert!(bounded.bounded && bounded.amount.unwrap() >= 200 * 600);
        let open = claim("chat_stream", r#"{"model": "mistral-small-2603", "messages": [{"role": "user", "content": "Hi"}]}"#);
        assert!(!open.bounded && open.completion.unwrap() > 10_000 && open.amount > bounded.amount);
    }

    #[test]
    fn what_runs_no_model_claims_nothing() {
        for operation in ["models_list", "files_upload", "batch_get", "conversations_history"] {
            assert!(claim(operation, "{}").free, "{operation}");
        }
        for operation in ["chat", "embeddings", "ocr_process", "conversations_start", "batch_create"] {
            assert!(!claim(operation, "{}").free, "{operation}");
        }
        assert_eq!(claim("embeddings", r#"{"model": "mistral-embed", "input": ["a b c"]}"#).completion, Some(0));
        assert!(claim("chat", r#"{"model": "nobody-1", "messages": []}"#).reason.unwrap().contains("nobody-1"));
    }
}
