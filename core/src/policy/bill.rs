//! What an answer has cost: its own `usage`, at the price of its model.

use super::cost::{Cost, Usage, Way, cost, is_regional, unpriced};
use super::estimate::is_annotated;
use crate::catalogue::{Catalogue, Resolver};
use crate::check::Policy;
use crate::generated::models::AS_OF;
use crate::json::Value;

/// Whose price an answer has.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tariff<'t> {
    /// The model that was asked; the answer's own `model` when absent.
    pub model: Option<&'t str>,
    /// Its provider.
    pub provider: Option<&'t str>,
    /// In a batch.
    pub batch: bool,
    /// What the request says of what it used.
    pub asked: Asked,
}

/// What a request says of what it will use, where its answer does not say it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct Asked {
    /// Characters to speak.
    pub characters: Option<u64>,
    /// Whether each page that is read is annotated.
    pub annotated: bool,
}

impl Asked {
    /// Whether it says nothing.
    pub fn is_nothing(&self) -> bool {
        *self == Asked::default()
    }

    /// What a request for `operation` says.
    pub fn of(operation: &str, request: &Value<'_>) -> Asked {
        match operation {
            "audio_speech" | "audio_speech_stream" => {
                let text = request.get("input").and_then(Value::as_str);
                Asked { characters: text.map(|text| text.chars().count() as u64), annotated: false }
            }
            "ocr" => Asked { characters: None, annotated: is_annotated(request) },
            _ => Asked::default(),
        }
    }
}

/// What an answer has used; `None` when it does not say.
pub fn usage_of(answer: &Value<'_>) -> Option<Usage> {
    let usage = answer.get("usage").or_else(|| answer.get("usage_info"))?;
    usage.as_object().filter(|usage| !usage.is_empty())?;
    Some(Usage::of(usage))
}

/// What an answer has cost, line by line; `amount` is `None`, with a reason, when that cannot be said.
///
/// ```
/// use tramontane::check::Policy;
/// use tramontane::policy::bill::{Tariff, bill};
/// let answer = br#"{"model": "mistral-small-2603", "usage": {"prompt_tokens": 1000, "completion_tokens": 100}}"#;
/// let bill = bill(&tramontane::json::parse(answer)?, Tariff::default(), &Policy::default());
/// assert_eq!(bill.amount, Some(210_000)); // $0.00021
/// # Ok::<(), tramontane::Error>(())
/// ```
pub fn bill(answer: &Value<'_>, tariff: Tariff<'_>, policy: &Policy) -> Cost {
    priced(answer, tariff, policy).unwrap_or_else(|reason| Cost { reason: Some(reason), ..Cost::default() })
}

fn priced(answer: &Value<'_>, tariff: Tariff<'_>, policy: &Policy) -> Result<Cost, String> {
    let said = usage_of(answer);
    if said.is_none() && tariff.asked.characters.is_none() {
        return Err("the answer does not say what it used".to_owned());
    }
    let name = tariff.model.or_else(|| model_of(answer)).ok_or("neither the request nor the answer names a model")?;
    let catalogue = Catalogue::over(policy.overlay.as_ref()).map_err(|error| error.message().to_owned())?;
    let on = policy.on.unwrap_or(AS_OF);
    let resolver = Resolver::new(&catalogue, on);
    let row = resolver.model(name, tariff.provider).ok_or_else(|| unpriced(&resolver, name, tariff.provider))?;
    let tier = answer.get("usage").and_then(|usage| usage.get("service_tier")).and_then(Value::as_str);
    let way = Way {
        batch: tariff.batch,
        priority: tier == Some("priority"),
        regional: policy.base_url.as_deref().is_some_and(|url| is_regional(&row.provider, url)),
    };
    let prices = row.prices_on(on);
    let usage = match (prices.per_mchar, tariff.asked.characters, said) {
        (Some(_), Some(characters), _) => Usage { characters, ..Usage::default() },
        (Some(_), None, _) => {
            return Err("speech is priced by the character, and the answer does not say how many were spoken".to_owned());
        }
        (None, _, Some(usage)) if tariff.asked.annotated || annotates(answer) => Usage { annotated_pages: usage.pages, ..usage },
        (None, _, said) => said.unwrap_or_default(),
    };
    let mut cost = cost(&usage, prices, way);
    if let Some(reason) = &mut cost.reason {
        reason.push_str(" for `");
        reason.push_str(&row.id);
        reason.push('`');
    }
    Ok(cost)
}

/// The model that answered; in a conversation, each entry names its own.
fn model_of<'a>(answer: &'a Value<'_>) -> Option<&'a str> {
    let named = |value: &'a Value<'_>| value.get("model").and_then(Value::as_str);
    named(answer).or_else(|| answer.get("outputs")?.as_array()?.iter().find_map(named))
}

/// Whether an answer holds annotations of what was read.
fn annotates(answer: &Value<'_>) -> bool {
    let is_set = |value: &Value<'_>, key: &str| value.get(key).is_some_and(|annotation| !annotation.is_null());
    let pages = answer.get("pages").and_then(Value::as_array).unwrap_or_default();
    let mut images = pages.iter().filter_map(|page| page.get("images")?.as_array()).flatten();
    is_set(answer, "document_annotation") || images.any(|image| is_set(image, "image_annotation"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;

    fn amount(answer: &str, policy: &Policy) -> Result<u64, String> {
        let cost = bill(&json::parse(answer.as_bytes()).unwrap(), Tariff::default(), policy);
        cost.amount.ok_or_else(|| cost.reason.unwrap())
    }

    #[test]
    fn an_answer_is_priced_by_its_own_words() {
        let plain = r#"{"model": "mistral-small-latest", "usage": {"prompt_tokens": 1000, "completion_tokens": 100}}"#;
        assert_eq!(amount(plain, &Policy::default()), Ok(210_000));
        let regional = Policy { base_url: Some("https://api.eu.mistral.ai".to_owned()), ..Policy::default() };
        assert_eq!(amount(plain, &regional), Ok(231_000));
        let priority = r#"{"model": "mistral-small-2603",
            "usage": {"prompt_tokens": 1000, "completion_tokens": 100, "service_tier": "priority"}}"#;
        assert_eq!(amount(priority, &Policy::default()), Ok(367_500));
        let pages = r#"{"model": "mistral-ocr-4-1", "usage_info": {"pages_processed": 2}}"#;
        assert_eq!(amount(pages, &Policy::default()), Ok(8_000_000));
        let annotated = r#"{"model": "mistral-ocr-4-1", "document_annotation": "{}", "usage_info": {"pages_processed": 2}}"#;
        assert_eq!(amount(annotated, &Policy::default()), Ok(10_000_000));
        let conversation = r#"{"outputs": [{"type": "tool.execution"}, {"type": "message.output", "model": "mistral-small-2603"}],
            "usage": {"prompt_tokens": 1000, "completion_tokens": 100}}"#;
        assert_eq!(amount(conversation, &Policy::default()), Ok(210_000));
        let answer = json::parse(plain.as_bytes()).unwrap();
        let batch = bill(&answer, Tariff { batch: true, ..Tariff::default() }, &Policy::default());
        assert_eq!(batch.amount, Some(105_000));
    }

    #[test]
    fn what_the_answer_does_not_say_the_request_does() {
        let request = json::parse("{\"input\": \"Où est la gare ?\"}".as_bytes()).unwrap();
        let asked = Asked::of("audio_speech", &request);
        let tariff = Tariff { model: Some("voxtral-mini-tts-2603"), asked, ..Tariff::default() };
        for answer in ["{}", r#"{"usage": {"prompt_tokens": 5, "completion_tokens": 70}}"#] {
            assert_eq!(bill(&json::parse(answer.as_bytes()).unwrap(), tariff, &Policy::default()).amount, Some(256_000));
        }
        let request = json::parse(br#"{"document_annotation_format": {"type": "json_schema"}}"#).unwrap();
        let tariff = Tariff { asked: Asked::of("ocr", &request), ..Tariff::default() };
        let answer = json::parse(br#"{"model": "mistral-ocr-4-1", "usage_info": {"pages_processed": 2}}"#).unwrap();
        assert_eq!(bill(&answer, tariff, &Policy::default()).amount, Some(10_000_000));
    }

    #[test]
    fn what_cannot_be_priced_says_why() {
        let why = |answer: &str| amount(answer, &Policy::default()).unwrap_err();
        insta::assert_snapshot!(why(r#"{"model": "mistral-small-2603"}"#), @"the answer does not say what it used");
        insta::assert_snapshot!(why(r#"{"model": "mistral-small-2603", "usage": {}}"#), @"the answer does not say what it used");
        insta::assert_snapshot!(why(r#"{"usage": {"prompt_tokens": 1}}"#), @"neither the request nor the answer names a model");
        insta::assert_snapshot!(why(r#"{"model": "nobody-1", "usage": {"prompt_tokens": 1}}"#), @"unknown model `nobody-1`: its price is not in the catalogue");
        insta::assert_snapshot!(why(r#"{"model": "mistral-embed", "usage": {"prompt_tokens": 1, "completion_tokens": 1}}"#), @"the price of `output` is not known for `mistral-embed-2312`");
        insta::assert_snapshot!(why(r#"{"model": "voxtral-mini-tts-2603", "usage": {"prompt_tokens": 1}}"#), @"speech is priced by the character, and the answer does not say how many were spoken");
        insta::assert_snapshot!(why(r#"{"model": "mistral-small-2603", "usage": {"prompt_tokens": 1, "connectors": {"web_search": 2}}}"#), @"the price of `connector_calls` is not known for `mistral-small-2603`");
    }
}
