//! What the model can do, and what the request asks of it. A model that the catalogue does not know is let be.

use std::fmt;

use super::content::{Contents, Spot};
use super::fault::Fault;
use super::findings::{Draft, Findings, rule};
use super::walk::choice;
use crate::catalogue::row::Capabilities;
use crate::catalogue::{Catalogue, ModelRow, Resolver, Status};
use crate::date::Date;
use crate::json::{Object, Path, Value};
use crate::suggest::shown;

const KIND: &str = "invalid_request_invalid_args";

/// Compares the request with what the model can do.
pub(super) fn check(request: &Object<'_>, row: &ModelRow, contents: &Contents, out: &mut Findings<'_>) {
    let root = Path::root();
    // Of some old models, and of a user's own, nothing is written down.
    if row.capabilities.is_empty() {
        return;
    }
    if !row.capabilities.has(Capabilities::COMPLETION_CHAT) {
        return not_a_chat_model(row, out);
    }
    if contents.image.is_some() || contents.audio.is_some() {
        media(row, contents, &root, out);
    }
    if contents.thinking.is_some() || request.get("reasoning_effort").is_some() || request.get("prompt_mode").is_some() {
        reasoning(request, row, contents, &root, out);
    }
    if request.get("tools").and_then(Value::as_array).is_some_and(|tools| !tools.is_empty())
        && !row.capabilities.has(Capabilities::FUNCTION_CALLING)
    {
        out.at("tools", Draft::new(rule!("tools_unsupported"), format_args!("`{}` does not call tools", row.id)));
    }
    if ["n", "prediction", "logprobs", "prompt_logprobs"].into_iter().any(|field| request.get(field).is_some()) {
        answers(request, row, out);
    }
}

/// How many answers there shall be, and what shall stand in them.
#[inline(never)]
fn answers(request: &Object<'_>, row: &ModelRow, out: &mut Findings<'_>) {
    let n = request.get("n").and_then(Value::as_i64).unwrap_or(1);
    if n > 1 && row.refuses.contains(&"n") {
        let message = format_args!("`{}` gives one answer only", row.id);
        out.at("n", Draft::new(rule!("n_unsupported"), message).hint(format_args!("leave `n` out, and ask several times")));
    }
    let predicts = request.get("prediction").and_then(|prediction| prediction.get("content")).and_then(Value::as_str);
    if predicts.is_some_and(|text| !text.is_empty()) && !row.capabilities.has(Capabilities::PREDICTION) {
        let message = format_args!("`{}` is not among the models that use a prediction", row.id);
        out.at("prediction", Draft::new(rule!("prediction_unsupported"), message));
    }
    for field in ["logprobs", "prompt_logprobs"] {
        if request.get(field).and_then(Value::as_bool) == Some(true) && row.refuses.contains(&field) {
            let message = format_args!("`{}` gives no log probabilities", row.id);
            let fault = Fault::rule(KIND, "Logprobs are not enabled for this model");
            out.at(
                field,
                Draft::new(rule!("logprobs_unsupported"), message).hint(format_args!("leave `{field}` out")).fault(fault),
            );
        }
    }
}

/// Compares what a conversation asks for with what its model can do.
pub(super) fn in_conversation(request: &Object<'_>, row: &ModelRow, root: &Path<'_>, out: &mut Findings<'_>) {
    if row.capabilities.is_empty() {
        return;
    }
    if !row.capabilities.has(Capabilities::COMPLETION_CHAT) {
        return not_a_chat_model(row, out);
    }
    let functions = |tool: &Value<'_>| tool.get("type").and_then(Value::as_str).is_none_or(|kind| kind == "function");
    let tools = request.get("tools").and_then(Value::as_array).unwrap_or_default();
    if tools.iter().any(functions) && !row.capabilities.has(Capabilities::FUNCTION_CALLING) {
        out.at("tools", Draft::new(rule!("tools_unsupported"), format_args!("`{}` does not call tools", row.id)));
    }
    let effort = request.get("completion_args").and_then(|args| args.get("reasoning_effort")).and_then(Value::as_str);
    if let Some(effort) = effort {
        effort_of(effort, row, &root.key("completion_args").key("reasoning_effort"), out);
    }
}

#[cold]
#[inline(never)]
fn not_a_chat_model(row: &ModelRow, out: &mut Findings<'_>) {
    let message = format_args!("`{}` does not answer chats", row.id);
    let hint = fmt::from_fn(|f| match alternative(row) {
        Some(what) => write!(f, "it is a model for {what}; `models.recommend(\"default\")` names one for chats"),
        None => Ok(()),
    });
    let fault = Fault::rule("invalid_model", format_args!("Invalid model: {}", row.id));
    out.at("model", Draft::new(rule!("not_a_chat_model"), message).hint(format_args!("{hint}")).fault(fault));
}

fn alternative(row: &ModelRow) -> Option<&'static str> {
    [
        (Capabilities::EMBEDDING, "embeddings"),
        (Capabilities::OCR, "reading documents (OCR)"),
        (Capabilities::MODERATION, "moderation"),
        (Capabilities::AUDIO_SPEECH, "speech"),
        (Capabilities::AUDIO_TRANSCRIPTION, "transcription"),
        (Capabilities::AUDIO_TRANSCRIPTION_REALTIME, "transcription"),
    ]
    .into_iter()
    .find(|(capability, _)| row.capabilities.has(*capability))
    .map(|(_, what)| what)
}

#[inline(never)]
fn media(row: &ModelRow, contents: &Contents, root: &Path<'_>, out: &mut Findings<'_>) {
    if let Some(spot) = contents.image.filter(|_| !row.capabilities.has(Capabilities::VISION)) {
        let message = format_args!("`{}` does not read images", row.id);
        let hint = format_args!("`models.list(capability=\"vision\")` names models that do");
        at(spot, root, |path| out.add(path, Draft::new(rule!("vision_unsupported"), message).hint(hint)));
    }
    if let Some(spot) = contents.audio.filter(|_| !row.capabilities.has(Capabilities::AUDIO)) {
        let message = format_args!("`{}` does not listen to sound", row.id);
        let hint = format_args!("`models.list(capability=\"audio\")` names models that do");
        at(spot, root, |path| out.add(path, Draft::new(rule!("audio_unsupported"), message).hint(hint)));
    }
}

#[inline(never)]
fn reasoning(request: &Object<'_>, row: &ModelRow, contents: &Contents, root: &Path<'_>, out: &mut Findings<'_>) {
    if let Some(effort) = request.get("reasoning_effort").and_then(Value::as_str) {
        effort_of(effort, row, &root.key("reasoning_effort"), out);
    }
    if let Some(spot) = contents.thinking.filter(|_| !row.capabilities.has(Capabilities::REASONING)) {
        let fault = Fault::rule(KIND, "Reasoning input is not enabled for this model");
        let message = format_args!("`{}` takes no thinking from earlier answers", row.id);
        let hint = format_args!("leave chunks of type `thinking` out");
        at(spot, root, |path| out.add(path, Draft::new(rule!("reasoning_input"), message).hint(hint).fault(fault)));
    }
    // Magistral's names outlive its models; what the models behind them say to a prompt mode is not known.
    let magistral = request.get("model").and_then(Value::as_str).is_some_and(|name| crate::within::contains(name, "magistral"));
    if request.get("prompt_mode").and_then(Value::as_str) == Some("reasoning") && !magistral {
        let fault = Fault::rule(KIND, "Reasoning prompt mode is not enabled for this model");
        let message = format_args!("`{}` takes no `prompt_mode`", row.id);
        let hint = match row.capabilities.has(Capabilities::REASONING) {
            true => "use `reasoning_effort` instead",
            false => "leave it out",
        };
        out.at("prompt_mode", Draft::new(rule!("prompt_mode"), message).hint(format_args!("{hint}")).fault(fault));
    }
}

#[inline(never)]
fn effort_of(effort: &str, row: &ModelRow, path: &Path<'_>, out: &mut Findings<'_>) {
    const ALL: [&str; 7] = ["none", "minimal", "low", "medium", "high", "xhigh", "max"];
    let Some(accepted) = row.reasoning_efforts.as_deref() else { return };
    // A value that no model takes is a fault of form.
    if accepted.contains(&effort) || !ALL.contains(&effort) {
        return;
    }
    // Of other makers' models the server speaks otherwise.
    let said = fmt::from_fn(|f| {
        let listed = |one: &dyn Fn(&str) -> String| accepted.iter().map(|name| one(name)).collect::<Vec<_>>().join(", ");
        if accepted.is_empty() {
            f.write_str("reasoning_effort is not enabled for this model")
        } else if row.vendor.is_none() {
            let listed = listed(&|name| format!("<ReasoningEffort.{name}: '{name}'>"));
            write!(f, "reasoning_effort='{effort}' is not supported for this model. Must be one of ({listed})")
        } else {
            let listed = listed(&|name| format!("'{name}'"));
            write!(f, "reasoning_effort '{effort}' is not supported for this model; supported values: [{listed}]")
        }
    });
    let fault = Fault::rule(KIND, said);
    if accepted.is_empty() {
        let message = format_args!("`{}` does not reason: it takes no `reasoning_effort`, not even `none`", row.id);
        return out.add(path, Draft::new(rule!("reasoning_effort"), message).hint(format_args!("leave it out")).fault(fault));
    }
    let message = format_args!("`{}` takes no `reasoning_effort` of {}", row.id, shown(effort));
    let hint = format_args!("it is {}", choice(accepted));
    out.add(path, Draft::new(rule!("reasoning_effort"), message).hint(hint).fault(fault));
}

/// Guardrails whose moderation model is retired, or soon is.
pub(super) fn guardrails(request: &Object<'_>, catalogue: &Catalogue, on: Date, out: &mut Findings<'_>) {
    if let Some(Value::Array(guardrails)) = request.get("guardrails") {
        moderation(guardrails, catalogue, on, out);
    }
}

#[inline(never)]
fn moderation(guardrails: &[Value<'_>], catalogue: &Catalogue, on: Date, out: &mut Findings<'_>) {
    let root = Path::root();
    let path = root.key("guardrails");
    for (index, guardrail) in guardrails.iter().enumerate() {
        let path = path.index(index);
        for (key, default) in [("moderation_llm_v1", "mistral-moderation-2411"), ("moderation_llm_v2", "mistral-moderation-2603")]
        {
            let Some(Value::Object(settings)) = guardrail.get(key) else { continue };
            let name = settings.get("model_name").and_then(Value::as_str).unwrap_or(default);
            let Some(row) = Resolver::new(catalogue, on).model(name, None) else { continue };
            if row.status(on) == Status::Retired {
                let message = format_args!("the moderation model {} of `{key}` is retired", shown(name));
                let successor = Resolver::new(catalogue, on).successor(row);
                let hint = fmt::from_fn(|f| match &successor {
                    Some(id) if key == "moderation_llm_v1" => write!(f, "use `moderation_llm_v2` with `{id}`"),
                    Some(id) => write!(f, "use `{id}`"),
                    None => Ok(()),
                });
                out.add(&path.key(key), Draft::new(rule!("guardrail_model"), message).hint(format_args!("{hint}")));
            }
        }
    }
}

fn at(spot: Spot, root: &Path<'_>, with: impl FnOnce(&Path<'_>)) {
    let messages = root.key("messages");
    let message = messages.index(spot.0);
    let content = message.key("content");
    with(&content.index(spot.1));
}
