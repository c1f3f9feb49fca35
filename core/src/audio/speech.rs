//! Text to sound. Imports `chat`, `json` and `error`.

use std::collections::BTreeMap;

use crate::chat::Usage;
use crate::error::Result;
use crate::json::{self, Object, Value, or_default};

/// A request to speak a text.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct SpeechRequest {
    /// What to say.
    pub input: String,
    /// The model: one that speaks, by an id or an alias of the catalogue, or any other name that the provider knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("x-model" = true)))]
    pub model: Option<String>,
    /// The voice, by its id: one of the provider's, or one of your own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voice_id: Option<String>,
    /// Another spelling of `voice_id`, which the API takes as well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voice: Option<String>,
    /// A recording of the voice to speak with, in base64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ref_audio: Option<String>,
    /// The form of the sound; `mp3` when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "SpeechFormat"))]
    pub response_format: Option<SpeechFormat>,
    /// Set by the operation `audio_speech_stream`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "bool"))]
    pub stream: Option<bool>,
    /// How lively the voice is; at least 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 1.0)))]
    pub expressiveness: Option<f64>,
    /// How words are pronounced, each by its sounds in the international alphabet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phoneme_hints: Option<BTreeMap<String, Vec<String>>>,
    /// What was said before, the oldest first; `input` answers its last turn, which is the user's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation_history: Option<Vec<SpeechTurn>>,
    /// The caller's own notes about the call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Object<'static>>,
    /// Calls with the same key share the cache of their prompts; ASCII.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prompt_cache_key: Option<String>,
}

/// The form of sound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum SpeechFormat {
    /// Bare samples.
    Pcm,
    /// WAV.
    Wav,
    /// MP3.
    Mp3,
    /// FLAC.
    Flac,
    /// Opus.
    Opus,
}

/// One turn of what was said before.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "role", rename_all = "lowercase", deny_unknown_fields)]
pub enum SpeechTurn {
    /// What the user said.
    User {
        /// How it sounded.
        audio: RawAudio,
    },
    /// What the assistant said.
    Assistant {
        /// Its words.
        text: String,
        /// How it sounded.
        audio: RawAudio,
    },
}

/// Sound in a request.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct RawAudio {
    /// The sound, in base64.
    pub data: String,
}

/// Each method sets one field and gives the request back.
impl SpeechRequest {
    /// A request to a model, to say a text.
    pub fn new(model: impl Into<String>, input: impl Into<String>) -> SpeechRequest {
        SpeechRequest { model: Some(model.into()), input: input.into(), ..SpeechRequest::default() }
    }

    /// The voice, by its id.
    #[must_use]
    pub fn voice(mut self, id: impl Into<String>) -> Self {
        self.voice_id = Some(id.into());
        self
    }

    /// The form of the sound.
    #[must_use]
    pub fn format(mut self, format: SpeechFormat) -> Self {
        self.response_format = Some(format);
        self
    }

    /// How lively the voice is; at least 1.
    #[must_use]
    pub fn expressiveness(mut self, expressiveness: f64) -> Self {
        self.expressiveness = Some(expressiveness);
        self
    }

    /// The request as a tree: what `check`, `build` and a client take.
    ///
    /// # Errors
    /// `internal`, when a note or a number holds what JSON does not have.
    pub fn to_value(&self) -> Result<Value<'static>> {
        json::to_value(self)
    }
}

/// Spoken text.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Speech {
    /// The sound, in base64.
    #[serde(default, deserialize_with = "or_default")]
    pub audio_data: String,
    /// What it used, where the provider says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usage: Option<Usage>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Object<'static>,
}

impl Speech {
    /// The sound itself.
    ///
    /// # Errors
    /// `decode` when it is no base64.
    pub fn audio(&self) -> Result<Vec<u8>> {
        super::collect::decoded(&self.audio_data)
    }
}

/// An event of spoken text; `type` says which of the fields it has.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SpeechEvent {
    /// `speech.audio.delta` or `speech.audio.done`.
    #[serde(rename = "type", default, deserialize_with = "or_default")]
    pub kind: String,
    /// More sound, in base64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audio_data: Option<String>,
    /// What it used, at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usage: Option<Usage>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Object<'static>,
}
