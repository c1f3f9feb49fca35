//! Sound to text and text to sound: one recording, a model that can, hints in their form.

use super::fault::Fault;
use super::files;
use super::findings::{Draft, Findings, rule};
use crate::catalogue::ModelRow;
use crate::catalogue::row::Capabilities;
use crate::finding::Rule;
use crate::json::{Object, Path, Value};
use crate::suggest::shown;

const SOURCES: [&str; 3] = ["file", "file_url", "file_id"];
/// The longest URL of a recording, in characters.
const LONGEST_URL: usize = 2083;
/// The models that give no times when they are told the language.
const TIMES_OR_LANGUAGE: [&str; 2] = ["voxtral-mini-2507", "voxtral-mini-2602"];

/// The rules of a transcription.
#[inline(never)]
pub(super) fn transcription(request: &Object<'_>, row: Option<&ModelRow>, out: &mut Findings<'_>) {
    let root = Path::root();
    source(request, &root, out);
    if let Some(language) = request.get("language").and_then(Value::as_str).filter(|text| !is_language(text)) {
        let path = root.key("language");
        let message = format_args!("{} is no language: it has two letters, as `en`", shown(language));
        let fault = Fault::form("string_pattern_mismatch", &path, "String should match pattern '^\\w{2}$'");
        out.add(&path, Draft::new(rule!("language_form"), message).fault(fault));
    }
    words(request, &root, out);
    if is_there(request, "speaker_references") && request.get("diarize").and_then(Value::as_bool) != Some(true) {
        let message = format_args!("`speaker_references` needs `diarize`");
        out.at("diarize", Draft::new(rule!("speaker_references"), message).hint(format_args!("set `diarize` to true")));
    }
    let Some(row) = row else { return };
    let can = row.capabilities.has(Capabilities::AUDIO_TRANSCRIPTION) || row.capabilities.has(Capabilities::AUDIO);
    able(row, can, rule!("not_a_transcription_model"), "transcribe", "audio_transcription", out);
    let wants_times = request.get("timestamp_granularities").and_then(Value::as_array).is_some_and(|list| !list.is_empty());
    if wants_times && is_there(request, "language") && TIMES_OR_LANGUAGE.contains(&row.id.as_ref()) {
        let message = format_args!("`{}` gives no times when it is told the language", row.id);
        let draft =
            Draft::new(rule!("language_with_timestamps"), message).hint(format_args!("leave `language` out, or the times"));
        out.at("timestamp_granularities", draft);
    }
}

/// Where the recording is: in exactly one place.
fn source(request: &Object<'_>, root: &Path<'_>, out: &mut Findings<'_>) {
    let given: Vec<&str> = SOURCES.into_iter().filter(|source| is_there(request, source)).collect();
    match given.as_slice() {
        [] => {
            let hint = format_args!("give one of `file`, `file_url` and `file_id`");
            out.add(root, Draft::new(rule!("audio_source"), format_args!("there is no recording to transcribe")).hint(hint));
        }
        [_] => {}
        [first, more @ ..] => {
            let message = format_args!("there is more than one recording: `{first}` and `{}`", more.join("`, `"));
            out.at(more[0], Draft::new(rule!("audio_source"), message).hint(format_args!("leave all but one of them out")));
        }
    }
    if let Some(file) = request.get("file") {
        files::part(file, &root.key("file"), out);
    }
    let path = root.key("file_url");
    if let Some(url) = request.get("file_url").and_then(Value::as_str) {
        if url.chars().count() > LONGEST_URL {
            let message = format_args!("the URL has {} characters, and may have {LONGEST_URL}", url.chars().count());
            let fault = Fault::form("url_too_long", &path, format_args!("URL should have at most {LONGEST_URL} characters"));
            out.add(
                &path,
                Draft::new(rule!("file_url"), message).hint(format_args!("send the recording as `file`")).fault(fault),
            );
        } else if !has_scheme(url) {
            let fault = Fault::form("url_parsing", &path, "Input should be a valid URL, relative URL without a base");
            let message = format_args!("{} is no URL", shown(url));
            out.add(
                &path,
                Draft::new(rule!("file_url"), message)
                    .hint(format_args!("a recording on this machine goes as `file`"))
                    .fault(fault),
            );
        }
    }
}

/// Each hint is one word.
fn words(request: &Object<'_>, root: &Path<'_>, out: &mut Findings<'_>) {
    let place = root.key("context_bias");
    for (at, word) in request.get("context_bias").and_then(Value::as_array).unwrap_or_default().iter().enumerate() {
        let Some(word) = word.as_str().filter(|word| word.is_empty() || word.contains(|c: char| c == ',' || c.is_whitespace()))
        else {
            continue;
        };
        let path = place.index(at);
        let message = format_args!("{} must be one word, without white space and commas", shown(word));
        let fault = Fault::form("string_pattern_mismatch", &path, "String should match pattern '^[^,\\s]+$'");
        out.add(
            &path,
            Draft::new(rule!("context_bias_form"), message)
                .hint(format_args!("give each word as an item of its own"))
                .fault(fault),
        );
    }
}

/// The rules of speech.
#[inline(never)]
pub(super) fn speech(request: &Object<'_>, row: Option<&ModelRow>, out: &mut Findings<'_>) {
    if let Some(row) = row {
        able(row, row.capabilities.has(Capabilities::AUDIO_SPEECH), rule!("not_a_speech_model"), "speak", "audio_speech", out);
    }
    let Some(turns) = request.get("conversation_history").and_then(Value::as_array).filter(|turns| !turns.is_empty()) else {
        return;
    };
    let root = Path::root();
    let path = root.key("conversation_history");
    if is_there(request, "ref_audio") {
        let message = format_args!("`ref_audio` cannot go together with `conversation_history`");
        out.at("ref_audio", Draft::new(rule!("speech_history"), message).hint(format_args!("choose the voice with `voice_id`")));
    } else if !is_there(request, "voice_id") && !is_there(request, "voice") {
        let message = format_args!("`conversation_history` needs a `voice_id`");
        out.at(
            "voice_id",
            Draft::new(rule!("speech_history"), message).hint(format_args!("name a preset voice of the kind `pvc`")),
        );
    }
    let role = |turn: &Value<'_>| turn.get("role").and_then(Value::as_str).map(str::to_owned);
    for (at, pair) in turns.windows(2).enumerate() {
        if role(&pair[0]).is_some() && role(&pair[0]) == role(&pair[1]) {
            let message = format_args!("two turns of the same role follow one another");
            out.add(
                &path.index(at + 1),
                Draft::new(rule!("speech_history"), message).hint(format_args!("turns alternate between user and assistant")),
            );
        }
    }
    if turns.last().and_then(role).as_deref() == Some("assistant") {
        let message = format_args!("the history ends with the assistant's turn");
        let draft = Draft::new(rule!("speech_history"), message)
            .hint(format_args!("end it with the user's turn: `input` is the answer to that"));
        out.add(&path.index(turns.len() - 1), draft);
    }
}

/// Whether the model can what is asked of it. Of some old models, and of a user's own, nothing is written down.
fn able(row: &ModelRow, can: bool, rule: Rule, verb: &str, capability: &str, out: &mut Findings<'_>) {
    if can || row.capabilities.is_empty() {
        return;
    }
    let hint = format_args!("`models.list(capability=\"{capability}\")` names models that do");
    let fault = Fault::rule("invalid_model", format_args!("Invalid model: {}", row.id));
    let message = format_args!("`{}` does not {verb}", row.id);
    out.at("model", Draft::new(rule, message).hint(hint).fault(fault));
}

fn is_there(request: &Object<'_>, key: &str) -> bool {
    request.get(key).is_some_and(|value| !value.is_null())
}

fn is_language(text: &str) -> bool {
    text.chars().count() == 2 && text.chars().all(|letter| letter.is_alphanumeric() || letter == '_')
}

fn has_scheme(url: &str) -> bool {
    url.split_once(':').is_some_and(|(scheme, rest)| {
        let begins = scheme.starts_with(|c: char| c.is_ascii_alphabetic());
        // One letter is a drive of Windows.
        begins && scheme.len() > 1 && !rest.is_empty() && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b))
    })
}
