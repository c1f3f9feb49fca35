//! Sound: what was "heard" tells the recording's name and size, what is "spoken" is made of the text's bytes.

use hyper::{Method, StatusCode};
use serde_json::{Map, Value, json};

use super::form::Form;
use super::store::Store;
use super::{Asked, Said, not_allowed, not_found, ok};

/// `/v1/audio` and below.
pub(super) fn route(store: &Store, path: &[&str], asked: &Asked) -> Result<Said, Said> {
    match (&asked.method, path) {
        (&Method::POST, ["transcriptions"]) => transcribe(store, asked),
        (&Method::POST, ["speech"]) => speak(asked),
        (_, ["transcriptions" | "speech"]) => Err(not_allowed()),
        _ => Err(not_found()),
    }
}

/// What is heard in a recording that the provider has to fetch: a request of a batch.
pub(super) fn heard(store: &Store, request: &Value) -> Result<Value, (StatusCode, Value)> {
    let fields = request.as_object().cloned().unwrap_or_default();
    Ok(transcription(&fields, &sentences(store, None, &fields)?))
}

/// What is said to have been heard: in a file of so many bytes and of a name, or where the request says that one is.
fn sentences(
    store: &Store,
    file: Option<(usize, &str)>,
    fields: &Map<String, Value>,
) -> Result<[String; 2], (StatusCode, Value)> {
    let text = |key: &str| fields.get(key).and_then(Value::as_str);
    let what = match (file, text("file_id"), text("file_url")) {
        (Some((size, name)), ..) => format!("{size} bytes of {name}"),
        (None, Some(id), _) => match store.content(id) {
            Some(content) => format!("{} bytes of the file {id}", content.len()),
            None => return Err((StatusCode::NOT_FOUND, json!({"detail": "No file matches the given query."}))),
        },
        (.., url) => format!("nothing of {}", url.unwrap_or_default()),
    };
    Ok(["This is the tramontane sandbox, not a model.".to_owned(), format!(" It was given {what}.")])
}

fn transcribe(store: &Store, asked: &Asked) -> Result<Said, Said> {
    let no_form = "Invalid request, make sure the request is formatted as a multipart/form-data request.";
    let form = Form::read(&asked.content_type, &asked.body).ok_or_else(|| {
        Said::Json(
            StatusCode::UNPROCESSABLE_ENTITY,
            json!({"object": "error", "message": no_form, "type": "invalid_request_error", "code": null}),
        )
    })?;
    let mut fields = form.fields;
    if let Some(file) = &form.file {
        fields.insert("file".into(), json!({"name": file.name, "size": file.content.len()}));
    }
    let streams = fields.remove("stream") == Some(json!(true));
    asked.check(if streams { "audio_transcription_stream" } else { "audio_transcription" }, &fields)?;
    let sentences = sentences(store, form.file.as_ref().map(|file| (file.content.len(), file.name.as_str())), &fields)
        .map_err(|(status, body)| Said::Json(status, body))?;
    let answer = transcription(&fields, &sentences);
    if !streams {
        return ok(answer);
    }
    let mut events =
        vec![json!({"type": "transcription.language", "audio_language": fields.get("language").cloned().unwrap_or(json!("en"))})];
    let words = sentences.iter().flat_map(|sentence| sentence.split_inclusive(' '));
    events.extend(words.map(|word| json!({"type": "transcription.text.delta", "text": word})));
    for segment in answer["segments"].as_array().into_iter().flatten() {
        let mut event = segment.clone();
        event["type"] = json!("transcription.segment");
        events.push(event);
    }
    let mut done = answer;
    done["type"] = json!("transcription.done");
    events.push(done);
    Ok(Said::Events(events))
}

fn transcription(fields: &Map<String, Value>, sentences: &[String]) -> Value {
    let timed = fields.get("timestamp_granularities").and_then(Value::as_array).is_some_and(|list| !list.is_empty());
    let speaker = if fields.get("diarize") == Some(&json!(true)) { json!("speaker_1") } else { Value::Null };
    let segments = sentences.iter().enumerate().map(|(at, text)| {
        json!({"type": "transcription_segment", "text": text, "start": at as f64 * 2.5, "end": at as f64 * 2.5 + 2.0, "speaker_id": speaker})
    });
    let segments: Vec<Value> = if timed || !speaker.is_null() { segments.collect() } else { vec![] };
    let text = sentences.concat();
    let words = text.split(' ').count();
    json!({
        "model": fields.get("model"), "text": text, "language": fields.get("language"), "segments": segments,
        "usage": {"prompt_audio_seconds": 5, "prompt_tokens": 4, "completion_tokens": words, "total_tokens": words + 4, "request_count": 1},
    })
}

fn speak(asked: &Asked) -> Result<Said, Said> {
    let mut fields = asked.object()?;
    let streams = fields.remove("stream") == Some(json!(true));
    asked.check(if streams { "audio_speech_stream" } else { "audio_speech" }, &fields)?;
    let input = fields.get("input").and_then(Value::as_str).unwrap_or_default();
    let sound = sound(input, fields.get("response_format").and_then(Value::as_str).unwrap_or("mp3"));
    if !streams {
        return ok(json!({"audio_data": tramontane::audio::collect::encoded(&sound)}));
    }
    let pieces = sound
        .chunks(64)
        .map(|piece| json!({"type": "speech.audio.delta", "audio_data": tramontane::audio::collect::encoded(piece)}));
    let tokens = input.split(' ').count();
    let usage = json!({"prompt_tokens": tokens, "completion_tokens": tokens, "total_tokens": tokens * 2});
    Ok(Said::Events(pieces.chain([json!({"type": "speech.audio.done", "usage": usage})]).collect()))
}

/// Bytes that begin as a file of the format does; a WAV can be played, and holds silence.
fn sound(text: &str, format: &str) -> Vec<u8> {
    if format == "wav" {
        let samples = vec![0_u8; text.len() * 160];
        let mut wav = b"RIFF".to_vec();
        wav.extend((36 + samples.len() as u32).to_le_bytes());
        wav.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x40\x1f\0\0\x01\0\x08\0data");
        wav.extend((samples.len() as u32).to_le_bytes());
        wav.extend(samples);
        return wav;
    }
    let mark: &[u8] = match format {
        "mp3" => b"ID3",
        "flac" => b"fLaC",
        "opus" => b"OggS",
        _ => b"",
    };
    [mark, text.as_bytes()].concat()
}
