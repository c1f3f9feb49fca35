//! Money in whole nano-dollars: what an answer has cost, and what a request may cost.
//!
//! Prices come from the catalogue ([`Prices`]); how they change with the way of the call is data too
//! (`generated::models::MODIFIERS`). Everything is integer arithmetic: an item is rounded once, to the nearest nano-dollar,
//! and the sum of the items is exact.

use crate::catalogue::{Catalogue, Prices, Resolver, provider_row};
use crate::check::{Policy, TokenRange};
use crate::date::Date;
use crate::generated::models::{AS_OF, MODIFIERS};
use crate::json::Value;
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

/// What a call has used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Tokens of the prompt, cached and spoken ones included.
    pub prompt_tokens: u64,
    /// How many of them the provider had in its cache.
    pub cached_tokens: u64,
    /// How many of them stand for audio.
    pub audio_tokens: u64,
    /// Seconds of audio in the prompt.
    pub audio_seconds: u64,
    /// Tokens of the answer.
    pub completion_tokens: u64,
    /// Pages that were read.
    pub pages: u64,
    /// How many of them were annotated.
    pub annotated_pages: u64,
    /// Characters that were spoken.
    pub characters: u64,
}

impl Usage {
    /// Reads the `usage` of an answer, or the `usage_info` of a document's. What is not there counts as nothing.
    pub fn of(usage: &Value<'_>) -> Usage {
        let number = |value: &Value<'_>, key: &str| value.get(key).and_then(Value::as_u64);
        let details = usage.get("prompt_tokens_details").or_else(|| usage.get("prompt_token_details"));
        let detail = |key: &str| details.and_then(|details| number(details, key));
        Usage {
            prompt_tokens: number(usage, "prompt_tokens").unwrap_or_default(),
            cached_tokens: detail("cached_tokens").or_else(|| number(usage, "num_cached_tokens")).unwrap_or_default(),
            audio_tokens: detail("audio_tokens").unwrap_or_default(),
            audio_seconds: number(usage, "prompt_audio_seconds").unwrap_or_default(),
            completion_tokens: number(usage, "completion_tokens").unwrap_or_default(),
            pages: number(usage, "pages_processed").unwrap_or_default(),
            annotated_pages: 0,
            characters: 0,
        }
    }
}

/// The ways of a call that change its price.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Way {
    /// In a batch.
    pub batch: bool,
    /// In the priority tier.
    pub priority: bool,
    /// At a regional host.
    pub regional: bool,
}

impl Way {
    /// The factors, in thousandths.
    fn factors(self) -> impl Iterator<Item = u32> {
        let factors = [(self.batch, MODIFIERS.batch), (self.priority, MODIFIERS.priority), (self.regional, MODIFIERS.regional)];
        factors.into_iter().filter(|(holds, _)| *holds).map(|(_, factor)| factor)
    }
}

/// One line of a bill.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LineItem {
    /// What was used: `input`, `cached_input`, `output`, `audio`, `pages`, `annotated_pages`, `characters`.
    pub item: String,
    /// How much of it: tokens, seconds, pages or characters.
    pub quantity: u64,
    /// The list price in nano-dollars …
    pub price: u64,
    /// … of this many.
    pub per: u64,
    /// What it comes to in nano-dollars, with the way of the call.
    pub amount: u64,
}

/// What a call has cost.
#[derive(Clone, Debug, PartialEq, Eq, Default, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Cost {
    /// Nano-dollars; `null` when it cannot be said.
    pub amount: Option<u64>,
    /// Why `amount` is `null`.
    pub reason: Option<String>,
    /// The lines of the bill whose price is known.
    pub lines: Vec<LineItem>,
}

/// What a call has cost: exactly, line by line.
///
/// ```
/// use tramontane::policy::cost::{Usage, Way, cost};
/// let small = tramontane::catalogue::find("mistral-small-2603").unwrap();
/// let usage = Usage { prompt_tokens: 1000, completion_tokens: 100, ..Usage::default() };
/// assert_eq!(cost(&usage, &small.prices, Way::default()).amount, Some(210_000)); // $0.00021
/// ```
pub fn cost(usage: &Usage, prices: &Prices, way: Way) -> Cost {
    let mut bill = Bill { way, cost: Cost { amount: Some(0), ..Cost::default() } };
    let audio_tokens = if prices.audio_per_minute.is_some() { usage.audio_tokens } else { 0 };
    let cached = usage.cached_tokens.min(usage.prompt_tokens);
    let fresh = usage.prompt_tokens.saturating_sub(cached).saturating_sub(audio_tokens);
    bill.add("input", fresh, prices.input_per_mtok, MILLION);
    bill.add("cached_input", cached, cached_price(prices), MILLION);
    bill.add("output", usage.completion_tokens, prices.output_per_mtok, MILLION);
    bill.add("audio", usage.audio_seconds, prices.audio_per_minute, 60);
    let annotated = usage.annotated_pages.min(usage.pages);
    bill.add("pages", usage.pages - annotated, prices.per_page, 1);
    bill.add("annotated_pages", annotated, prices.per_annotated_page, 1);
    bill.add("characters", usage.characters, prices.per_mchar, MILLION);
    bill.cost
}

const MILLION: u64 = 1_000_000;

/// The cached price, or the usual part of the input price.
fn cached_price(prices: &Prices) -> Option<u64> {
    prices.cached_input_per_mtok.or_else(|| Some(portion(prices.input_per_mtok?, 1, 1, [MODIFIERS.cached_input].into_iter())))
}

/// `price × quantity / per × factors / 1000…`, rounded to the nearest whole.
fn portion(price: u64, quantity: u64, per: u64, factors: impl Iterator<Item = u32>) -> u64 {
    let mut above = u128::from(price) * u128::from(quantity);
    let mut below = u128::from(per);
    for factor in factors {
        above = above.saturating_mul(u128::from(factor));
        below *= 1000;
    }
    u64::try_from(above.saturating_add(below / 2) / below).unwrap_or(u64::MAX)
}

/// A bill that grows line by line.
struct Bill {
    way: Way,
    cost: Cost,
}

impl Bill {
    fn add(&mut self, item: &str, quantity: u64, price: Option<u64>, per: u64) {
        if quantity == 0 {
            return;
        }
        let Some(price) = price else {
            self.cost.amount = None;
            self.cost.reason.get_or_insert_with(|| format!("the price of `{item}` is not known"));
            return;
        };
        let amount = portion(price, quantity, per, self.way.factors());
        self.cost.amount = self.cost.amount.map(|sum| sum.saturating_add(amount));
        self.cost.lines.push(LineItem { item: item.to_owned(), quantity, price, per, amount });
    }
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
    let prompt = crate::check::estimate_prompt(&request.request);
    estimate_with(&request.request, None, &request.policy, prompt)
}

/// [`estimate`] for a prompt that has been measured.
pub(crate) fn estimate_with(
    request: &Value<'_>,
    provider: Option<&str>,
    policy: &Policy,
    prompt: TokenRange,
) -> crate::Result<CostEstimate> {
    let catalogue = Catalogue::over(policy.overlay.as_ref())?;
    let on = policy.on.unwrap_or(AS_OF);
    let mut estimate = CostEstimate { prompt_tokens: Some(prompt), ..CostEstimate::default() };
    match range(request, provider, policy, &mut estimate, &catalogue, on) {
        Ok(amount) => estimate.amount = Some(amount),
        Err(reason) => estimate.reason = Some(reason),
    }
    Ok(estimate)
}

/// The two ends, or why there are none.
fn range(
    request: &Value<'_>,
    provider: Option<&str>,
    policy: &Policy,
    estimate: &mut CostEstimate,
    catalogue: &Catalogue,
    on: Date,
) -> Result<AmountRange, String> {
    let name = request.get("model").and_then(Value::as_str).ok_or("the request names no model")?;
    let resolver = Resolver::new(catalogue, on);
    let row = resolver.model(name, provider).ok_or_else(|| unpriced(&resolver, name, provider))?;
    estimate.model = Some(row.id.to_string());
    let prices = row.prices_on(on);
    let prompt = estimate.prompt_tokens.unwrap_or(TokenRange { low: 0, high: 0 });
    let used = match operation(request) {
        "chat" | "chat_stream" | "fim" | "fim_stream" | "agents" | "agents_stream" => {
            let limits = [row.max_output, row.context.map(|context| context.saturating_sub(prompt.low))];
            let completion = completion(request, limits).ok_or("neither `max_tokens` nor the model's own limit is known")?;
            estimate.completion_tokens = Some(completion);
            generated(request, prompt, completion, prices)?
        }
        "embeddings" | "moderation" | "moderation_chat" | "classification" | "classification_chat" => {
            let input = |tokens| Usage { prompt_tokens: tokens, ..Usage::default() };
            (input(prompt.low), input(prompt.high))
        }
        "audio_speech" => {
            let text = request.get("input").and_then(Value::as_str).ok_or("the request holds no text to speak")?;
            let usage = Usage { characters: text.chars().count() as u64, ..Usage::default() };
            estimate.prompt_tokens = None;
            (usage, usage)
        }
        other => return Err(format!("what {} will use is not known before it is sent", shown(other))),
    };
    let regional = policy.base_url.as_deref().is_some_and(|url| is_regional(&row.provider, url));
    // `auto` may be served by the priority tier; without it the request is not.
    let priority = request.get("service_tier").and_then(Value::as_str) == Some("auto");
    let price = |usage: &Usage, priority: bool| {
        let bill = cost(usage, prices, Way { batch: false, priority, regional });
        bill.amount.ok_or_else(|| format!("{} for `{}`", bill.reason.unwrap_or_default(), row.id))
    };
    Ok(AmountRange { low: price(&used.0, false)?, high: price(&used.1, priority)? })
}

/// Why a model has no price.
pub(super) fn unpriced(resolver: &Resolver<'_>, name: &str, provider: Option<&str>) -> String {
    match resolver.is_fine_tuned(name, provider) {
        true => format!("the price of the fine-tuned model {} is not in the catalogue", shown(name)),
        false => format!("unknown model {}: its price is not in the catalogue", shown(name)),
    }
}

fn operation<'r>(request: &'r Value<'_>) -> &'r str {
    request.get("operation").and_then(Value::as_str).unwrap_or("chat")
}

pub(super) fn is_regional(provider: &str, base_url: &str) -> bool {
    provider_row(provider).is_some_and(|row| row.region_of(base_url).is_some())
}

/// How many tokens all choices together may have.
fn completion(request: &Value<'_>, limits: [Option<u64>; 2]) -> Option<TokenRange> {
    let number = |key: &str| request.get(key).and_then(Value::as_u64);
    let choices = number("n").unwrap_or(1).max(1);
    let most = limits.into_iter().flatten().chain(number("max_tokens")).min()?;
    let least = number("min_tokens").unwrap_or(1).min(most);
    Some(TokenRange { low: least.saturating_mul(choices), high: most.saturating_mul(choices) })
}

/// What a generated answer uses at the least and at the most.
fn generated(request: &Value<'_>, prompt: TokenRange, completion: TokenRange, prices: &Prices) -> Result<(Usage, Usage), String> {
    if prices.audio_per_minute.is_some() && holds_audio(request) {
        return Err("audio is priced by the minute, and its length is not known".to_owned());
    }
    // Only whole blocks come out of the cache, and only for requests that name one.
    let is_cached = request.get("prompt_cache_key").is_some_and(|key| !key.is_null());
    let block = u64::from(MODIFIERS.cache_block_tokens);
    let cached_tokens = if is_cached { prompt.low / block * block } else { 0 };
    let low = Usage { prompt_tokens: prompt.low, cached_tokens, completion_tokens: completion.low, ..Usage::default() };
    let high = Usage { prompt_tokens: prompt.high, completion_tokens: completion.high, ..Usage::default() };
    Ok((low, high))
}

fn holds_audio(request: &Value<'_>) -> bool {
    let messages = request.get("messages").and_then(Value::as_array).unwrap_or_default();
    let chunks = messages.iter().filter_map(|message| message.get("content")?.as_array()).flatten();
    chunks.filter_map(|chunk| chunk.get("type")?.as_str()).any(|kind| kind == "input_audio")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::catalogue::find;
    use crate::json;

    fn bill(model: &str, usage: Usage, way: Way) -> Cost {
        cost(&usage, &find(model).unwrap().prices, way)
    }

    #[test]
    fn each_item_has_its_line() {
        let usage = Usage { prompt_tokens: 1000, cached_tokens: 640, completion_tokens: 50, ..Usage::default() };
        let bill = bill("mistral-medium-3-5", usage, Way::default());
        let lines: Vec<_> = bill.lines.iter().map(|line| (line.item.as_str(), line.quantity, line.amount)).collect();
        assert_eq!(lines, [("input", 360, 540_000), ("cached_input", 640, 96_000), ("output", 50, 375_000)]);
        assert_eq!(bill.amount, Some(1_011_000));
    }

    #[test]
    fn the_way_of_the_call_changes_the_price() {
        let usage = Usage { prompt_tokens: 1_000_000, ..Usage::default() };
        let amount = |way| bill("mistral-small-2603", usage, way).amount;
        assert_eq!(amount(Way { batch: true, ..Way::default() }), Some(75_000_000));
        assert_eq!(amount(Way { priority: true, ..Way::default() }), Some(262_500_000));
        assert_eq!(amount(Way { regional: true, ..Way::default() }), Some(165_000_000));
        assert_eq!(amount(Way { priority: true, regional: true, batch: false }), Some(288_750_000));
    }

    #[test]
    fn a_model_without_a_cached_price_has_the_usual_part() {
        let prices = Prices { input_per_mtok: Some(200_000_000), ..Prices::NONE };
        let usage = Usage { prompt_tokens: 64, cached_tokens: 64, ..Usage::default() };
        assert_eq!(cost(&usage, &prices, Way::default()).amount, Some(1280));
        // A model whose own cached price is not a tenth of the input price.
        assert_eq!(bill("deepseek-v4-1-flash-1017", usage, Way::default()).amount, Some(448));
    }

    #[test]
    fn pages_minutes_and_characters_are_paid_for() {
        let pages = Usage { pages: 10, annotated_pages: 3, ..Usage::default() };
        assert_eq!(bill("mistral-ocr-4-1", pages, Way::default()).amount, Some(7 * 4_000_000 + 3 * 5_000_000));
        let audio = Usage { audio_seconds: 90, ..Usage::default() };
        assert_eq!(bill("voxtral-mini-2602", audio, Way::default()).amount, Some(4_500_000));
        let speech = Usage { characters: 1000, ..Usage::default() };
        assert_eq!(bill("voxtral-mini-tts-2603", speech, Way::default()).amount, Some(16_000_000));
    }

    #[test]
    fn a_price_that_is_not_known_is_said() {
        let usage = Usage { prompt_tokens: 10, completion_tokens: 1, ..Usage::default() };
        let bill = bill("mistral-embed", usage, Way::default());
        assert_eq!(bill.amount, None);
        insta::assert_snapshot!(bill.reason.unwrap(), @"the price of `output` is not known");
        assert_eq!(bill.lines.len(), 1);
    }

    #[test]
    fn usage_is_read_in_each_of_its_spellings() {
        let read = |text: &str| Usage::of(&json::parse(text.as_bytes()).unwrap());
        let plain = Usage { prompt_tokens: 20, completion_tokens: 4, cached_tokens: 16, ..Usage::default() };
        assert_eq!(
            read(r#"{"prompt_tokens": 20, "completion_tokens": 4, "prompt_tokens_details": {"cached_tokens": 16}}"#),
            plain
        );
        assert_eq!(read(r#"{"prompt_tokens": 20, "completion_tokens": 4, "num_cached_tokens": 16}"#), plain);
        let audio = read(r#"{"prompt_tokens": 9, "prompt_tokens_details": {"audio_tokens": 7}, "prompt_audio_seconds": 3}"#);
        assert_eq!((audio.audio_tokens, audio.audio_seconds), (7, 3));
        assert_eq!(read(r#"{"pages_processed": 2, "doc_size_bytes": null}"#).pages, 2);
        assert_eq!(read("null"), Usage::default());
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
        fn the_sum_of_the_lines_is_the_amount(prompt in 0..1u64 << 40, cached: u32, completion: u32, batch: bool, regional: bool) {
            let usage = Usage {
                prompt_tokens: prompt,
                cached_tokens: u64::from(cached),
                completion_tokens: u64::from(completion),
                ..Usage::default()
            };
            let bill = bill("mistral-large-4", usage, Way { batch, priority: false, regional });
            prop_assert_eq!(bill.amount, Some(bill.lines.iter().map(|line| line.amount).sum()));
        }

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
