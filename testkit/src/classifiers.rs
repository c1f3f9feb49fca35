//! Moderation and classification without a model: a category is met by a text that names it, and a text is short or long.

use serde_json::{Map, Value, json};

use crate::answer::text_of;
use crate::sample;

/// The categories of the provider's moderation.
const CATEGORIES: &[&str] = &[
    "sexual",
    "hate_and_discrimination",
    "violence_and_threats",
    "dangerous",
    "criminal",
    "selfharm",
    "health",
    "financial",
    "law",
    "pii",
    "jailbreaking",
];

/// From how many characters on a text is long.
const LONG: usize = 80;

/// What a moderation says to a request that passed its checks.
pub(crate) fn moderated(request: &Value) -> Value {
    answer(request, |text| {
        let lower = text.to_lowercase();
        let words: Vec<&str> = lower.split(|letter: char| !letter.is_alphanumeric()).collect();
        let met = |category: &str| category.split('_').any(|part| part != "and" && words.contains(&part));
        let each = |value: fn(bool) -> Value| -> Map<String, Value> {
            CATEGORIES.iter().map(|category| ((*category).to_owned(), value(met(category)))).collect()
        };
        json!({
            "categories": each(|met| json!(met)),
            "category_scores": each(|met| json!(if met { 0.98 } else { 0.01 })),
        })
    })
}

/// What a classifier says to a request that passed its checks.
pub(crate) fn classified(request: &Value) -> Value {
    answer(request, |text| {
        let long = if text.chars().count() < LONG { 0.1 } else { 0.9 };
        json!({"length": {"scores": {"short": 1.0 - long, "long": long}}})
    })
}

/// One result for each input, in their order.
fn answer(request: &Value, judge: impl Fn(&str) -> Value) -> Value {
    let results: Vec<Value> = inputs(&request["input"]).iter().map(|text| judge(text)).collect();
    json!({"id": sample::hex(request.to_string().as_bytes(), 32), "model": request["model"], "results": results})
}

/// The texts that are judged: those that were sent, or the last message of each conversation.
fn inputs(input: &Value) -> Vec<String> {
    let last = |messages: &[Value]| messages.last().map(|message| text_of(&message["content"])).unwrap_or_default();
    let one = |input: &Value| match (input, &input["messages"]) {
        (Value::String(text), _) => text.clone(),
        (Value::Array(messages), _) | (_, Value::Array(messages)) => last(messages),
        _ => String::new(),
    };
    match input {
        // Messages side by side are one conversation.
        Value::Array(messages) if messages.iter().any(|message| message["role"].is_string()) => vec![last(messages)],
        Value::Array(several) => several.iter().map(one).collect(),
        single => vec![one(single)],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_an_input_is_read() {
        let messages =
            json!([{"role": "user", "content": "a"}, {"role": "assistant", "content": [{"type": "text", "text": "b"}]}]);
        assert_eq!(inputs(&json!("a")), ["a"]);
        assert_eq!(inputs(&json!(["a", "b"])), ["a", "b"]);
        assert_eq!(inputs(&messages), ["b"]);
        assert_eq!(inputs(&json!([messages, messages])), ["b", "b"]);
        assert_eq!(inputs(&json!({"messages": messages})), ["b"]);
        assert_eq!(inputs(&json!([{"messages": messages}, {"messages": []}])), ["b", ""]);
    }

    #[test]
    fn a_category_is_met_by_its_name() {
        let found = moderated(&json!({"model": "m", "input": ["Hate, and the law.", "A wind."]}));
        let met = |at: usize| -> Vec<&String> {
            let categories = found["results"][at]["categories"].as_object().unwrap();
            categories.iter().filter(|(_, met)| **met == json!(true)).map(|(name, _)| name).collect()
        };
        assert_eq!(met(0), ["hate_and_discrimination", "law"]);
        assert!(met(1).is_empty());
    }
}
