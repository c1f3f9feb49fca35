//! What a call may use, before it is sent: what budgets and limits set aside for it.

use super::estimate::{estimate_with, max_tokens};
use crate::check::{Policy, TokenRange, estimate_prompt};
use crate::json::Value;
use crate::operation::Operation;

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
        let estimate = match estimate_with(operation, body, Some(provider), policy, estimate_prompt(body)) {
            Ok(estimate) => estimate,
            Err(error) => return Claim { reason: Some(error.message().to_owned()), ..Claim::default() },
        };
        let answers =
            !["embeddings", "moderation", "classification", "audio_speech", "ocr"].iter().any(|kind| operation.contains(kind));
        let completion = estimate.completion_tokens.map(|tokens| tokens.high).or((!answers).then_some(0));
        Claim {
            free: false,
            prompt: estimate.prompt_tokens.unwrap_or(TokenRange { low: 0, high: 0 }).high,
            completion,
            bounded: !answers || max_tokens(body).is_some(),
            amount: estimate.amount.map(|amount| amount.high),
            reason: estimate.reason,
        }
    }

    /// What a request that the caller has written himself may use: as the operation at its path, or as any that makes text.
    /// What only reads or deletes runs no model.
    pub fn of_raw(http: &str, path: &str, body: &Value<'_>, provider: &str, policy: &Policy) -> Claim {
        match Operation::at(http, path) {
            Some(operation) => Claim::of(operation.name, body, provider, policy),
            None if matches!(http, "GET" | "DELETE") => {
                Claim { free: true, amount: Some(0), completion: Some(0), ..Claim::default() }
            }
            None => Claim::of("chat", body, provider, policy),
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
    fn what_the_caller_wrote_himself_claims_what_its_path_says() {
        let raw = |http: &str, path: &str, body: &str| {
            Claim::of_raw(http, path, &json::parse(body.as_bytes()).unwrap(), "mistral", &Policy::default())
        };
        let body = r#"{"model": "mistral-small-2603", "max_tokens": 10, "messages": [{"role": "user", "content": "Hi"}]}"#;
        assert_eq!(raw("POST", "/v1/chat/completions", body), claim("chat", body));
        assert_eq!(raw("POST", "/v1/something/new", body), claim("chat", body));
        let input = r#"{"model": "mistral-embed", "input": ["a b c"]}"#;
        assert_eq!(raw("POST", "/v1/embeddings?a=b", input).completion, Some(0));
        for (http, path) in
            [("GET", "/v1/conversations/conv_1/history"), ("GET", "/v1/fine_tuning/jobs"), ("DELETE", "/v1/agents/a")]
        {
            assert!(raw(http, path, "null").free, "{http} {path}");
        }
        assert_eq!(raw("POST", "/v1/agents/completions", r#"{"agent_id": "a"}"#).reason.unwrap(), "the request names no model");
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
