//! Money in whole nano-dollars: what was used, at its price.
//!
//! Prices come from the catalogue ([`Prices`]); how they change with the way of the call is data too
//! (`generated::models::MODIFIERS`). Everything is integer arithmetic: an item is rounded once, to the nearest nano-dollar,
//! and the sum of the items is exact.

use crate::catalogue::{Prices, Resolver, provider_row};
use crate::generated::models::MODIFIERS;
use crate::json::Value;
use crate::suggest::shown;

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
    /// Tokens of tools that the provider ran.
    pub connector_tokens: u64,
    /// How often the provider ran tools.
    pub connector_calls: u64,
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
            connector_tokens: number(usage, "connector_tokens").unwrap_or_default(),
            connector_calls: usage
                .get("connectors")
                .and_then(Value::as_object)
                .map_or(0, |calls| calls.iter().filter_map(|(_, count)| count.as_u64()).fold(0, u64::saturating_add)),
        }
    }

    /// All tokens.
    pub fn tokens(&self) -> u64 {
        self.prompt_tokens.saturating_add(self.completion_tokens).saturating_add(self.connector_tokens)
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
    // Nobody publishes them as data.
    bill.add("connector_tokens", usage.connector_tokens, None, MILLION);
    bill.add("connector_calls", usage.connector_calls, None, 1);
    bill.cost
}

const MILLION: u64 = 1_000_000;

/// The cached price, or the usual part of the input price.
fn cached_price(prices: &Prices) -> Option<u64> {
    prices.cached_input_per_mtok.or_else(|| Some(portion(prices.input_per_mtok?, 1, 1, [MODIFIERS.cached_input].into_iter())))
}

/// `price × quantity / per × factors / 1000…`, rounded to the nearest whole.
fn portion(price: u64, quantity: u64, per: u64, factors: impl Iterator<Item = u32>) -> u64 {
    let (mut factor, mut below) = (1, per);
    for thousandths in factors {
        factor *= u64::from(thousandths);
        below *= 1000;
    }
    let above = price.checked_mul(quantity).and_then(|above| above.checked_mul(factor)?.checked_add(below / 2));
    above.map_or_else(|| long_portion(price, quantity, factor, below), |above| above / below)
}

/// `price × quantity × factor / below`, rounded to the nearest whole, where the product is too long for a `u64`.
#[cold]
#[inline(never)]
fn long_portion(price: u64, quantity: u64, factor: u64, below: u64) -> u64 {
    let price = Parts { whole: price / below, rest: price % below };
    let product = price.times(quantity, below).times(factor, below);
    product.whole.saturating_add(u64::from(product.rest >= below - below / 2))
}

/// A number as a whole and a rest, which is counted in parts of the whole: fewer than make one up.
#[derive(Clone, Copy)]
struct Parts {
    whole: u64,
    rest: u64,
}

impl Parts {
    fn plus(self, other: Parts, below: u64) -> Parts {
        let rest = self.rest + other.rest;
        let carry = rest >= below;
        let whole = self.whole.saturating_add(other.whole).saturating_add(u64::from(carry));
        Parts { whole, rest: if carry { rest - below } else { rest } }
    }

    /// Bit by bit. The division of 128 bits that this stands for is a kilobyte in WebAssembly.
    fn times(self, by: u64, below: u64) -> Parts {
        let mut product = Parts { whole: 0, rest: 0 };
        for bit in (0..u64::BITS).rev() {
            product = product.plus(product, below);
            if by >> bit & 1 == 1 {
                product = product.plus(self, below);
            }
        }
        product
    }
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

/// Why a model has no price.
#[cold]
pub(super) fn unpriced(resolver: &Resolver<'_>, name: &str, provider: Option<&str>) -> String {
    match resolver.is_fine_tuned(name, provider) {
        true => format!("the price of the fine-tuned model {} is not in the catalogue", shown(name)),
        false => format!("unknown model {}: its price is not in the catalogue", shown(name)),
    }
}

pub(super) fn is_regional(provider: &str, base_url: &str) -> bool {
    provider_row(provider).is_some_and(|row| row.region_of(base_url).is_some())
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

    proptest! {
        #[test]
        fn a_product_of_any_length_is_rounded_once(price in 0..1u64 << 44, quantity in 0..1u64 << 44, factor in 1..2_000_000_000u64, below in 2..1u64 << 50) {
            let exact = (u128::from(price) * u128::from(quantity)).checked_mul(u128::from(factor));
            let exact = exact.and_then(|above| u64::try_from((above + u128::from(below / 2)) / u128::from(below)).ok());
            prop_assert_eq!(long_portion(price, quantity, factor, below), exact.unwrap_or(u64::MAX));
            prop_assert_eq!(portion(price, quantity, below, [].into_iter()), long_portion(price, quantity, 1, below));
        }

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
    }
}
