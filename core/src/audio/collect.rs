//! The whole answer out of the events of a stream: what it would have said in one piece. Imports `json` and `error`.

use tramontane_json::base64;

use crate::error::{Error, ErrorKind, Result};
use crate::json::{Object, Value};

/// The bytes of sound in base64.
///
/// # Errors
/// `decode` when it is no base64.
pub fn decoded(text: &str) -> Result<Vec<u8>> {
    base64::decode(text.as_bytes()).ok_or_else(|| Error::new(ErrorKind::Decode, "the sound is no base64"))
}

/// Sound in base64.
pub fn encoded(bytes: &[u8]) -> String {
    base64::encode(bytes)
}

/// Puts the events of a transcription together. The last event says everything once more, and what it says counts; until
/// then the answer is what the others have said.
#[derive(Clone, Debug, Default)]
pub struct TranscriptionCollector {
    text: String,
    language: Option<String>,
    segments: Vec<Value<'static>>,
    done: Option<Object<'static>>,
    seen: bool,
}

impl TranscriptionCollector {
    /// Adds an event.
    pub fn push(&mut self, event: &Value<'_>) {
        let Some(fields) = event.as_object() else { return };
        self.seen = true;
        let text = fields.get("text").and_then(Value::as_str).unwrap_or_default();
        match fields.get("type").and_then(Value::as_str) {
            Some("transcription.text.delta") => self.text.push_str(text),
            Some("transcription.language") => {
                self.language = fields.get("audio_language").and_then(Value::as_str).map(str::to_owned);
            }
            Some("transcription.segment") => {
                let mut segment = fields.clone();
                segment.set("type", "transcription_segment");
                self.segments.push(Value::Object(segment).into_owned());
            }
            Some("transcription.done") => {
                let mut answer = fields.clone();
                answer.remove("type");
                if let Value::Object(answer) = Value::Object(answer).into_owned() {
                    self.done = Some(answer);
                }
            }
            _ => {}
        }
    }

    /// Whether anything has arrived.
    pub fn is_empty(&self) -> bool {
        !self.seen
    }

    /// Whether the last event has come.
    pub fn is_finished(&self) -> bool {
        self.done.is_some()
    }

    /// The answer so far, as a `Transcription`; `null` before the first event.
    pub fn to_value(&self) -> Value<'static> {
        if !self.seen {
            return Value::Null;
        }
        let mut answer = self.done.clone().unwrap_or_default();
        let says = |answer: &Object<'_>, key: &str| answer.get(key).is_some_and(|value| !value.is_null());
        if !says(&answer, "text") {
            answer.set("text", self.spoken());
        }
        if !says(&answer, "language") {
            answer.set("language", self.language.clone());
        }
        if answer.get("segments").and_then(Value::as_array).is_none_or(<[_]>::is_empty) {
            answer.set("segments", self.segments.clone());
        }
        Value::Object(answer)
    }

    /// The text of the deltas; where there were none, that of the pieces.
    fn spoken(&self) -> String {
        if !self.text.is_empty() {
            return self.text.clone();
        }
        self.segments.iter().filter_map(|segment| segment.get("text").and_then(Value::as_str)).collect()
    }
}

/// Puts the events of spoken text together.
#[derive(Clone, Debug, Default)]
pub struct SpeechCollector {
    audio: Vec<u8>,
    done: Option<Object<'static>>,
    seen: bool,
}

impl SpeechCollector {
    /// Adds an event.
    pub fn push(&mut self, event: &Value<'_>) {
        let Some(fields) = event.as_object() else { return };
        self.seen = true;
        // Sound that is no base64 does not come here: who reads the events refuses it.
        let sound = fields.get("audio_data").and_then(Value::as_str).map(decoded);
        self.audio.extend(sound.and_then(Result::ok).unwrap_or_default());
        if fields.get("type").and_then(Value::as_str) == Some("speech.audio.done") {
            let mut rest = fields.clone();
            rest.retain(|key, _| !matches!(key, "type" | "audio_data"));
            if let Value::Object(rest) = Value::Object(rest).into_owned() {
                self.done = Some(rest);
            }
        }
    }

    /// Whether anything has arrived.
    pub fn is_empty(&self) -> bool {
        !self.seen
    }

    /// Whether the last event has come.
    pub fn is_finished(&self) -> bool {
        self.done.is_some()
    }

    /// The answer so far, as a `Speech`; `null` before the first event.
    pub fn to_value(&self) -> Value<'static> {
        if !self.seen {
            return Value::Null;
        }
        let mut answer = Object::from_iter([("audio_data", encoded(&self.audio))]);
        for (key, value) in self.done.iter().flat_map(Object::iter) {
            answer.push(key.to_owned(), value.clone());
        }
        Value::Object(answer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;

    fn all<'e>(events: &'e [&'e str]) -> impl Iterator<Item = Value<'static>> + 'e {
        events.iter().map(|event| json::parse(event.as_bytes()).unwrap().into_owned())
    }

    #[test]
    fn deltas_are_the_text_until_the_end_says_it() {
        let mut answer = TranscriptionCollector::default();
        let events = [
            r#"{"type":"transcription.language","audio_language":"en"}"#,
            r#"{"type":"transcription.text.delta","text":"The "}"#,
            r#"{"type":"transcription.text.delta","text":"wind"}"#,
            r#"{"type":"transcription.segment","text":"The wind","start":0.5,"end":1.25}"#,
        ];
        all(&events).for_each(|event| answer.push(&event));
        assert!(!answer.is_finished());
        assert_eq!(
            answer.to_value().to_string(),
            r#"{"text":"The wind","language":"en","segments":[{"type":"transcription_segment","text":"The wind","start":0.5,"end":1.25}]}"#
        );
        let done = r#"{"type":"transcription.done","model":"m","text":"The wind.","language":null,"usage":{"total_tokens":2}}"#;
        all(&[done]).for_each(|event| answer.push(&event));
        assert!(answer.is_finished());
        let whole = answer.to_value();
        assert_eq!(whole.get("text").and_then(Value::as_str), Some("The wind."));
        assert_eq!(whole.get("language").and_then(Value::as_str), Some("en"));
        assert!(whole.get("type").is_none());
    }

    #[test]
    fn pieces_of_sound_are_joined_as_bytes() {
        let mut answer = SpeechCollector::default();
        let events = [
            r#"{"type":"speech.audio.delta","audio_data":"AQ=="}"#,
            r#"{"type":"speech.audio.delta","audio_data":"AgM="}"#,
            r#"{"type":"speech.audio.done","usage":{"total_tokens":1}}"#,
        ];
        all(&events).for_each(|event| answer.push(&event));
        assert!(answer.is_finished());
        assert_eq!(answer.to_value().to_string(), r#"{"audio_data":"AQID","usage":{"total_tokens":1}}"#);
        assert_eq!(decoded("AQID").unwrap(), [1, 2, 3]);
        assert_eq!(decoded("no base64!").unwrap_err().kind(), ErrorKind::Decode);
    }
}
