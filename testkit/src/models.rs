//! `/v1/models`: every name of every served model is an entry of its own.

use hyper::StatusCode;
use serde_json::{Value, json};
use tramontane::catalogue::{Model, ModelQuery, ResolveQuery, Status};
use tramontane::date::Date;

/// The API's capability flags, in its order.
const FLAGS: &[&str] = &[
    "completion_chat",
    "function_calling",
    "reasoning",
    "completion_fim",
    "fine_tuning",
    "vision",
    "ocr",
    "classification",
    "moderation",
    "audio",
    "audio_transcription",
    "audio_transcription_realtime",
    "audio_speech",
    "unified_resources",
];

/// The answer to `GET /v1/models`.
pub(crate) fn list(on: Date) -> Value {
    let query = ModelQuery { provider: Some("mistral".into()), on: Some(on), ..ModelQuery::default() };
    let models = tramontane::ops::models_list(query).unwrap_or_default();
    let served = models.iter().filter(|model| is_served(model));
    let cards: Vec<Value> = served.flat_map(|model| names(model).map(|name| card(model, name)).collect::<Vec<_>>()).collect();
    json!({"object": "list", "data": cards})
}

/// The answer to `GET /v1/models/{name}`.
pub(crate) fn retrieve(name: &str, on: Date) -> (StatusCode, Value) {
    let query = ResolveQuery { name: name.into(), on: Some(on), ..ResolveQuery::default() };
    match tramontane::ops::models_get(query) {
        Ok(model) if is_served(&model) => (StatusCode::OK, card(&model, name)),
        Ok(_) => (StatusCode::NOT_FOUND, json!({"message": format!("Model {name} is deprecated.")})),
        Err(_) => (StatusCode::NOT_FOUND, json!({"message": format!("Model {name} was not found.")})),
    }
}

/// The answer to `DELETE /v1/models/{name}`: only fine-tuned models are the workspace's own.
pub(crate) fn delete(name: &str) -> (StatusCode, Value) {
    if name.starts_with("ft:") {
        return (StatusCode::OK, json!({"id": name, "object": "model", "deleted": true}));
    }
    (StatusCode::NOT_FOUND, json!({"message": format!("Model {name} was not found.")}))
}

fn is_served(model: &Model) -> bool {
    matches!(model.status, Status::Live | Status::Preview | Status::Deprecated)
}

fn names(model: &Model) -> impl Iterator<Item = &str> {
    std::iter::once(&model.id).chain(&model.aliases).chain(&model.floating).map(String::as_str)
}

fn card(model: &Model, name: &str) -> Value {
    let capabilities: serde_json::Map<String, Value> =
        FLAGS.iter().map(|flag| ((*flag).to_owned(), json!(model.capabilities.iter().any(|have| have == flag)))).collect();
    let others: Vec<&str> = names(model).filter(|other| *other != name).collect();
    let mut card = json!({
        "id": name,
        "object": "model",
        "created": 0,
        "owned_by": "mistralai",
        "capabilities": capabilities,
        "name": model.id,
        "description": "a sandbox stands in for this model",
        "aliases": others,
        "deprecation": model.retires_on.map(|date| format!("{date}T12:00:00Z")),
        "deprecation_replacement_model": model.replacement,
        "default_model_temperature": model.default_temperature,
        "type": "base",
    });
    // What the catalogue does not know is not made up.
    if let Some(context) = model.context {
        card["max_context_length"] = json!(context);
    }
    card
}
