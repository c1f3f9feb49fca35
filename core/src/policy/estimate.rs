//! What a request may cost, as a range: before it is sent.

use super::cost::{Usage, Way, cost, is_regional, unpriced};
use crate::batch::MAX_REQUESTS;
use crate::catalogue::{Catalogue, ModelRow, Resolver};
use crate::check::{Policy, TokenRange, estimate_prompt};
use crate::generated::models::{AS_OF, MODIFIERS};
use crate::json::Value;
use crate::ocr::MAX_PAGES;
use crate::operation::OPERATIONS;
use crate::suggest::shown;

/// An amount of nano-dollars (10⁻⁹ USD), as a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AmountRange {
    /// At least.
    pub low: u64,
    /// At most.
    pub high: u64,
}

/// What a request may cost.
#[derive(Clone, Debug, PartialEq, Eq, Default, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CostEstimate {
    /// Nano-dollars; `null` when it cannot be said.
    pub amount: Option<AmountRange>,
    /// Why `amount` is `null`.
    pub reason: Option<String>,
    /// The tokens of the prompt that it counts with.
    pub prompt_tokens: Option<TokenRange>,
    /// The tokens of the answer that it counts with.
    pub completion_tokens: Option<TokenRange>,
    /// The model whose price it is.
    pub model: Option<String>,
}

/// A request to estimate.
#[derive(Clone, Debug)]
pub struct EstimateRequest<'a> {
    /// The request, as for `check`.
    pub request: Value<'a>,
    /// How it is judged; the overlay's prices count.
    pub policy: Policy,
}

impl<'a> crate::json::FromValue<'a> for EstimateRequest<'a> {
    fn from_value(value: Value<'a>) -> crate::Result<Self> {
        let (request, policy) = crate::check::report::request_and_policy(value)?;
        Ok(EstimateRequest { request, policy })
    }
}

/// What a request may cost, as a range.
///
/// The lower end is a short answer, from the cache where the request asks for it; the upper end is the longest answer that
/// `max_tokens` and the model allow.
///
/// # Errors
/// `invalid_request` for an overlay that does not fit. A price that is not known is no error: `amount` is `null`.
pub fn estimate(request: EstimateRequest<'_>) -> crate::Result<CostEstimate> {
    let operation = request.request.get("operation").and_then(Value::as_str).unwrap_or("chat");
    estimate_with(operation, &request.request, None, &request.policy, estimate_prompt(&request.request))
}

/// [`estimate`] for a prompt that has been measured, of an operation that the request itself need not name.
pub(crate) fn estimate_with(
    operation: &str,
    request: &Value<'_>,
    provider: Option<&str>,
    policy: &Policy,
    prompt: TokenRange,
) -> crate::Result<CostEstimate> {
    let catalogue = Catalogue::over(policy.overlay.as_ref())?;
    let resolver = Resolver::new(&catalogue, policy.on.unwrap_or(AS_OF));
    let asked = Asked { operation, request, provider, policy, resolver: &resolver, batch: false };
    let mut estimate = CostEstimate { prompt_tokens: Some(prompt), ..CostEstimate::default() };
    let name = request.get("model").and_then(Value::as_str);
    match asked.range(name, &mut estimate) {
        Ok(amount) => estimate.amount = Some(amount),
        Err(reason) => estimate.reason = Some(reason),
    }
    Ok(estimate)
}

/// What is asked, and by what it is judged.
#[derive(Clone, Copy)]
struct Asked<'r> {
    operation: &'r str,
    request: &'r Value<'r>,
    provider: Option<&'r str>,
    policy: &'r Policy,
    resolver: &'r Resolver<'r>,
    batch: bool,
}

impl Asked<'_> {
    /// The two ends, or why there are none.
    fn range(&self, name: Option<&str>, estimate: &mut CostEstimate) -> Result<AmountRange, String> {
        if self.operation == "batch_create" {
            return self.rows(name, estimate);
        }
        if self.operation.starts_with("conversations_") && !self.operation.starts_with("conversations_start") {
            return Err("what the conversation holds, and which model answers, is known to the provider alone".to_owned());
        }
        let row = self.row(name)?;
        estimate.model = Some(row.id.to_string());
        let on = self.policy.on.unwrap_or(AS_OF);
        let prices = row.prices_on(on);
        let (low, high) = self.used(row, estimate)?;
        let regional = self.policy.base_url.as_deref().is_some_and(|url| is_regional(&row.provider, url));
        // `auto` may be served by the priority tier; without it the request is not.
        let priority = self.request.get("service_tier").and_then(Value::as_str) == Some("auto");
        let price = |usage: &Usage, priority: bool| {
            let bill = cost(usage, prices, Way { batch: self.batch, priority, regional });
            bill.amount.ok_or_else(|| format!("{} for `{}`", bill.reason.unwrap_or_default(), row.id))
        };
        Ok(AmountRange { low: price(&low, false)?, high: price(&high, priority)? })
    }

    fn row(&self, name: Option<&str>) -> Result<&ModelRow, String> {
        let name = name.ok_or("the request names no model")?;
        self.resolver.model(name, self.provider).ok_or_else(|| unpriced(self.resolver, name, self.provider))
    }

    /// What it uses at the least and at the most.
    fn used(&self, row: &ModelRow, estimate: &mut CostEstimate) -> Result<(Usage, Usage), String> {
        let prompt = estimate.prompt_tokens.unwrap_or(TokenRange { low: 0, high: 0 });
        match self.operation {
            "chat"
            | "chat_stream"
            | "fim"
            | "fim_stream"
            | "agents"
            | "agents_stream"
            | "conversations_start"
            | "conversations_start_stream" => {
                if self.operation.starts_with("conversations_") && runs_tools(self.request) {
                    return Err("the provider runs tools, and the model reads what they find".to_owned());
                }
                let limits = [row.max_output, row.context.map(|context| context.saturating_sub(prompt.low))];
                let completion = completion(self.request, limits);
                let completion = completion.ok_or("neither `max_tokens` nor the model's own limit is known")?;
                estimate.completion_tokens = Some(completion);
                if row.prices.audio_per_minute.is_some() && holds_audio(self.request) {
                    return Err("audio is priced by the minute, and its length is not known".to_owned());
                }
                Ok(generated(self.request, prompt, completion))
            }
            _ => self.used_without_answer(prompt, estimate),
        }
    }

    /// [`Asked::used`] for what is not answered with a text.
    #[cold]
    #[inline(never)]
    fn used_without_answer(&self, prompt: TokenRange, estimate: &mut CostEstimate) -> Result<(Usage, Usage), String> {
        match self.operation {
            "embeddings" | "moderation" | "moderation_chat" | "classification" | "classification_chat" => {
                let input = |tokens| Usage { prompt_tokens: tokens, ..Usage::default() };
                Ok((input(prompt.low), input(prompt.high)))
            }
            "audio_speech" | "audio_speech_stream" => {
                let text = self.request.get("input").and_then(Value::as_str).ok_or("the request holds no text to speak")?;
                let usage = Usage { characters: text.chars().count() as u64, ..Usage::default() };
                estimate.prompt_tokens = None;
                Ok((usage, usage))
            }
            "audio_transcription" | "audio_transcription_stream" => {
                Err("audio is priced by the minute, and its length is not known".to_owned())
            }
            "ocr" => {
                estimate.prompt_tokens = None;
                let pages = pages(self.request);
                let annotated = is_annotated(self.request);
                let usage = |pages| Usage { pages, annotated_pages: if annotated { pages } else { 0 }, ..Usage::default() };
                Ok((usage(pages.low), usage(pages.high)))
            }
            other => Err(format!("what {} will use is not known before it is sent", shown(other))),
        }
    }

    /// The requests of a batch together; those of files are not seen.
    #[cold]
    #[inline(never)]
    fn rows(&self, model: Option<&str>, estimate: &mut CostEstimate) -> Result<AmountRange, String> {
        if self.request.get("input_files").and_then(Value::as_array).is_some_and(|files| !files.is_empty()) {
            return Err("the requests of the batch stand in files".to_owned());
        }
        let endpoint = self.request.get("endpoint").and_then(Value::as_str).unwrap_or_default();
        let asked = OPERATIONS.iter().find(|row| row.path == endpoint && !row.streams());
        let operation = asked.map_or(endpoint, |asked| asked.name);
        let mut sum = AmountRange { low: 0, high: 0 };
        let mut prompts = TokenRange { low: 0, high: 0 };
        let mut completions = TokenRange { low: 0, high: 0 };
        let add = |sum: &mut TokenRange, more: Option<TokenRange>| {
            let more = more.unwrap_or(TokenRange { low: 0, high: 0 });
            *sum = TokenRange { low: sum.low.saturating_add(more.low), high: sum.high.saturating_add(more.high) };
        };
        for row in self.request.get("requests").and_then(Value::as_array).unwrap_or_default().iter().take(MAX_REQUESTS) {
            let Some(body) = row.get("body") else { continue };
            let asked = Asked { operation, request: body, batch: true, ..*self };
            let mut one = CostEstimate { prompt_tokens: Some(estimate_prompt(body)), ..CostEstimate::default() };
            let amount = asked.range(model.or_else(|| body.get("model")?.as_str()), &mut one)?;
            sum = AmountRange { low: sum.low.saturating_add(amount.low), high: sum.high.saturating_add(amount.high) };
            add(&mut prompts, one.prompt_tokens);
            add(&mut completions, one.completion_tokens);
            estimate.model = one.model;
        }
        (estimate.prompt_tokens, estimate.completion_tokens) = (Some(prompts), Some(completions));
        Ok(sum)
    }
}

/// How many tokens all choices together may have.
fn completion(request: &Value<'_>, limits: [Option<u64>; 2]) -> Option<TokenRange> {
    let number = |key: &str| request.get(key).and_then(Value::as_u64);
    let choices = number("n").unwrap_or(1).max(1);
    let most = limits.into_iter().flatten().chain(max_tokens(request)).min()?;
    let least = number("min_tokens").unwrap_or(1).min(most);
    Some(TokenRange { low: least.saturating_mul(choices), high: most.saturating_mul(choices) })
}

/// The most tokens that the request wants in its answer.
pub(super) fn max_tokens(request: &Value<'_>) -> Option<u64> {
    let arguments = request.get("completion_args").unwrap_or(request);
    arguments.get("max_tokens").and_then(Value::as_u64)
}

/// What a generated answer uses at the least and at the most.
fn generated(request: &Value<'_>, prompt: TokenRange, completion: TokenRange) -> (Usage, Usage) {
    // Only whole blocks come out of the cache, and only for requests that name one.
    let is_cached = request.get("prompt_cache_key").is_some_and(|key| !key.is_null());
    let block = u64::from(MODIFIERS.cache_block_tokens);
    let cached_tokens = if is_cached { prompt.low / block * block } else { 0 };
    let low = Usage { prompt_tokens: prompt.low, cached_tokens, completion_tokens: completion.low, ..Usage::default() };
    let high = Usage { prompt_tokens: prompt.high, completion_tokens: completion.high, ..Usage::default() };
    (low, high)
}

fn holds_audio(request: &Value<'_>) -> bool {
    let entries = ["messages", "inputs"].into_iter().filter_map(|key| request.get(key)?.as_array()).flatten();
    let chunks = entries.filter_map(|entry| entry.get("content")?.as_array()).flatten();
    chunks.filter_map(|chunk| chunk.get("type")?.as_str()).any(|kind| kind == "input_audio")
}

/// Whether the provider runs tools for it, in as many turns as it likes; functions are the caller's.
fn runs_tools(request: &Value<'_>) -> bool {
    let tools = request.get("tools").and_then(Value::as_array).unwrap_or_default();
    tools.iter().any(|tool| tool.get("type").and_then(Value::as_str).is_some_and(|kind| kind != "function"))
}

/// Whether the pages of a document are to be annotated.
pub(super) fn is_annotated(request: &Value<'_>) -> bool {
    let is_set = |key: &&str| request.get(key).is_some_and(|format| !format.is_null());
    ["bbox_annotation_format", "document_annotation_format"].iter().any(is_set)
}

/// How many pages are read: of a document, no more than are asked for and than the provider reads of any.
fn pages(request: &Value<'_>) -> TokenRange {
    let document = request.get("document").and_then(|document| document.get("type")).and_then(Value::as_str);
    if document == Some("image_url") {
        return TokenRange { low: 1, high: 1 };
    }
    let asked = match request.get("pages") {
        Some(Value::String(text)) => {
            let range = |part: &str| {
                let (from, to) = part.split_once('-').unwrap_or((part, part));
                let (from, to): (u64, u64) = (from.trim().parse().ok()?, to.trim().parse().ok()?);
                Some(to.checked_sub(from)?.saturating_add(1))
            };
            Some(text.split(',').filter_map(range).fold(0, u64::saturating_add))
        }
        Some(Value::Array(pages)) => Some(pages.len() as u64),
        _ => None,
    };
    TokenRange { low: 1, high: asked.filter(|pages| *pages > 0).unwrap_or(MAX_PAGES).min(MAX_PAGES) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::json;

    fn of(request: &str) -> CostEstimate {
        let request = json::parse(request.as_bytes()).unwrap();
        estimate(EstimateRequest { request, policy: Policy::default() }).unwrap()
    }

    fn ends(request: &str) -> Result<(u64, u64), String> {
        let estimate = of(request);
        estimate.amount.map(|amount| (amount.low, amount.high)).ok_or_else(|| estimate.reason.unwrap())
    }

    #[test]
    fn a_document_costs_its_pages() {
        let ocr = |rest: &str| ends(&format!(r#"{{"operation": "ocr", "model": "mistral-ocr-4-1", {rest}}}"#)).unwrap();
        let page = 4_000_000;
        assert_eq!(ocr(r#""document": {"type": "document_url", "document_url": "https://e.com/a.pdf"}"#), (page, 1000 * page));
        assert_eq!(ocr(r#""document": {"type": "image_url", "image_url": "https://e.com/a.png"}"#), (page, page));
        assert_eq!(ocr(r#""document": {"type": "file", "file_id": "f"}, "pages": "0-4, 7""#), (page, 6 * page));
        assert_eq!(ocr(r#""document": {"type": "file", "file_id": "f"}, "pages": [0, 3]"#), (page, 2 * page));
        assert_eq!(ocr(r#""document": {"type": "file", "file_id": "f"}, "pages": "9-2, x""#), (page, 1000 * page));
        let annotated =
            r#""document": {"type": "image_url", "image_url": "u"}, "bbox_annotation_format": {"type": "json_schema"}"#;
        assert_eq!(ocr(annotated), (5_000_000, 5_000_000));
    }

    #[test]
    fn a_conversation_that_begins_costs_as_a_chat_does() {
        let started = r#"{"operation": "conversations_start", "model": "mistral-small-2603", "instructions": "Be brief.",
            "inputs": [{"role": "user", "content": "Which wind is it?"}], "completion_args": {"max_tokens": 100}}"#;
        let estimate = of(started);
        assert_eq!(estimate.completion_tokens.map(|tokens| tokens.high), Some(100));
        let prompt = estimate.prompt_tokens.unwrap();
        assert!(prompt.low >= 6, "{prompt:?}");
        assert_eq!(estimate.amount.unwrap().high, prompt.high * 150 + 100 * 600);
        let text = r#"{"operation": "conversations_start", "model": "mistral-small-2603", "inputs": "Which wind is it?"}"#;
        assert!(of(text).prompt_tokens.unwrap().low >= 4);
        let searching = r#"{"operation": "conversations_start", "model": "mistral-small-2603", "inputs": "Which wind is it?",
            "tools": [{"type": "web_search"}]}"#;
        insta::assert_snapshot!(ends(searching).unwrap_err(), @"the provider runs tools, and the model reads what they find");
        let more = r#"{"operation": "conversations_append", "conversation_id": "conv_1", "inputs": "And now?"}"#;
        insta::assert_snapshot!(ends(more).unwrap_err(), @"what the conversation holds, and which model answers, is known to the provider alone");
        let agent = r#"{"operation": "conversations_start", "agent_id": "ag_1", "inputs": "Which wind is it?"}"#;
        insta::assert_snapshot!(ends(agent).unwrap_err(), @"the request names no model");
    }

    #[test]
    fn a_batch_costs_half_of_its_requests() {
        let body = r#"{"messages": [{"role": "user", "content": "Which wind is it?"}], "max_tokens": 50}"#;
        let one = ends(&body.replacen('{', r#"{"model": "mistral-small-2603", "#, 1)).unwrap();
        let batch = format!(
            r#"{{"operation": "batch_create", "endpoint": "/v1/chat/completions", "model": "mistral-small-2603",
            "requests": [{{"custom_id": "a", "body": {body}}}, {{"custom_id": "b", "body": {body}}}]}}"#
        );
        assert_eq!(ends(&batch).unwrap(), one, "twice one half");
        assert_eq!(of(&batch).completion_tokens.unwrap().high, 100);
        let pages = r#"{"operation": "batch_create", "endpoint": "/v1/ocr", "model": "mistral-ocr-4-1",
            "requests": [{"custom_id": "a", "body": {"document": {"type": "image_url", "image_url": "u"}}}]}"#;
        assert_eq!(ends(pages).unwrap(), (2_000_000, 2_000_000));
        let file = r#"{"operation": "batch_create", "endpoint": "/v1/ocr", "model": "mistral-ocr-4-1", "input_files": ["f"]}"#;
        insta::assert_snapshot!(ends(file).unwrap_err(), @"the requests of the batch stand in files");
    }

    #[test]
    fn sound_is_priced_by_its_length() {
        let speech = r#"{"operation": "audio_speech_stream", "model": "voxtral-mini-tts-2603", "input": "Où est la gare ?"}"#;
        assert_eq!(ends(speech).unwrap(), (256_000, 256_000));
        let recording =
            r#"{"operation": "audio_transcription", "model": "voxtral-mini-2602", "file_url": "https://e.com/a.mp3"}"#;
        insta::assert_snapshot!(ends(recording).unwrap_err(), @"audio is priced by the minute, and its length is not known");
    }

    #[test]
    fn estimates_do_not_overflow() {
        let request =
            r#"{"model": "mistral-small-2603", "messages": [], "n": 18446744073709551615, "max_tokens": 18446744073709551615}"#;
        let request = json::parse(request.as_bytes()).unwrap();
        let estimate = estimate(EstimateRequest { request, policy: Policy::default() }).unwrap();
        assert_eq!(estimate.amount.unwrap().high, u64::MAX);
    }

    proptest! {
        #[test]
        fn the_low_end_is_not_above_the_high_end(max_tokens in 1..10_000u64, n in 1..8u64, text in "\\PC{0,200}", cache: bool) {
            let mut object = json::Object::new();
            object.push("model", "mistral-small-2603");
            object.push("max_tokens", max_tokens);
            object.push("n", n);
            if cache {
                object.push("prompt_cache_key", "k");
            }
            let message = json::Object::from_iter([("role", Value::from("user")), ("content", text.into())]);
            object.push("messages", vec![Value::from(message)]);
            let amount = estimate(EstimateRequest { request: object.into(), policy: Policy::default() }).unwrap().amount.unwrap();
            prop_assert!(amount.low <= amount.high);
        }
    }
}
