//! Sound to text. Imports `chat`, `files`, `json` and `error`.

use std::collections::BTreeMap;

use crate::chat::Usage;
use crate::error::Result;
use crate::files::FilePart;
use crate::json::{self, Object, Value, or_default};

/// A request to write down what is said in a recording. The recording is one of `file`, `file_url` and `file_id`.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct TranscriptionRequest {
    /// The model: one that transcribes, by an id or an alias of the catalogue, or any other name that the provider knows.
    #[cfg_attr(feature = "schema", schemars(extend("x-model" = true)))]
    pub model: String,
    /// The recording itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<FilePart>,
    /// Where the recording can be fetched; at most 2083 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_url: Option<String>,
    /// The id of a recording that was uploaded before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_id: Option<String>,
    /// The language, in two letters: `en`. To say it can make the text more accurate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// How free the choice of words is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub temperature: Option<f64>,
    /// Set by the operation `audio_transcription_stream`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "bool"))]
    pub stream: Option<bool>,
    /// Whether to tell the speakers apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "bool"))]
    pub diarize: Option<bool>,
    /// Words that may be said, names above all; each without white space and commas.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Vec<String>"))]
    pub context_bias: Option<Vec<String>>,
    /// Speakers who are known, each with a recording of the voice; needs `diarize`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "BTreeMap<String, String>"))]
    pub speaker_references: Option<BTreeMap<String, String>>,
    /// For which pieces the answer says when they were spoken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Vec<TimestampGranularity>"))]
    pub timestamp_granularities: Option<Vec<TimestampGranularity>>,
}

/// The pieces of a transcription whose times are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum TimestampGranularity {
    /// Sentences, or what comes close.
    Segment,
    /// Words.
    Word,
}

/// Each method sets one field and gives the request back.
impl TranscriptionRequest {
    /// A request to a model; it still needs a recording.
    pub fn new(model: impl Into<String>) -> TranscriptionRequest {
        TranscriptionRequest { model: model.into(), ..TranscriptionRequest::default() }
    }

    /// The recording itself.
    #[must_use]
    pub fn file(mut self, file: FilePart) -> Self {
        self.file = Some(file);
        self
    }

    /// Where the recording can be fetched.
    #[must_use]
    pub fn file_url(mut self, url: impl Into<String>) -> Self {
        self.file_url = Some(url.into());
        self
    }

    /// The id of a recording that was uploaded before.
    #[must_use]
    pub fn file_id(mut self, id: impl Into<String>) -> Self {
        self.file_id = Some(id.into());
        self
    }

    /// The language, in two letters.
    #[must_use]
    pub fn language(mut self, language: impl Into<String>) -> Self {
        self.language = Some(language.into());
        self
    }

    /// Tells the speakers apart.
    #[must_use]
    pub fn diarize(mut self) -> Self {
        self.diarize = Some(true);
        self
    }

    /// Adds a word that may be said.
    #[must_use]
    pub fn context_bias(mut self, word: impl Into<String>) -> Self {
        self.context_bias.get_or_insert_default().push(word.into());
        self
    }

    /// Asks when these pieces were spoken.
    #[must_use]
    pub fn timestamps(mut self, of: TimestampGranularity) -> Self {
        self.timestamp_granularities.get_or_insert_default().push(of);
        self
    }

    /// The request as a tree: what `check`, `build` and a client take.
    ///
    /// # Errors
    /// `internal`, when the temperature is no number that JSON has.
    pub fn to_value(&self) -> Result<Value<'static>> {
        json::to_value(self)
    }
}

/// What is said in a recording.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Transcription {
    /// The model, under the name that was sent.
    #[serde(default, deserialize_with = "or_default")]
    pub model: String,
    /// All that is said.
    #[serde(default, deserialize_with = "or_default")]
    pub text: String,
    /// The language, where the model tells it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// The pieces, with their times, where they were asked for.
    #[serde(default, deserialize_with = "or_default")]
    pub segments: Vec<TranscriptionSegment>,
    /// What it used: seconds of sound among it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usage: Option<Usage>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Object<'static>,
}

/// A piece of a transcription.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TranscriptionSegment {
    /// Always `transcription_segment`.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// What is said.
    #[serde(default, deserialize_with = "or_default")]
    pub text: String,
    /// When it begins, in seconds.
    #[serde(default, deserialize_with = "or_default")]
    pub start: f64,
    /// When it ends, in seconds.
    #[serde(default, deserialize_with = "or_default")]
    pub end: f64,
    /// How sure the model is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<f64>,
    /// Who speaks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub speaker_id: Option<String>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Object<'static>,
}

/// An event of a transcription's stream; `type` says which of the fields it has.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TranscriptionEvent {
    /// `transcription.language`, `transcription.text.delta`, `transcription.segment` or `transcription.done`.
    #[serde(rename = "type", default, deserialize_with = "or_default")]
    pub kind: String,
    /// More text; the piece's, or at the end all of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The language that is spoken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audio_language: Option<String>,
    /// When the piece begins, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<f64>,
    /// When the piece ends, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<f64>,
    /// Who speaks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub speaker_id: Option<String>,
    /// The model, at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// The language, at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// All pieces, at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub segments: Option<Vec<TranscriptionSegment>>,
    /// What it used, at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usage: Option<Usage>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Object<'static>,
}
