//! Embeddings, in Mistral's own terms: texts to vectors. May import `chat`'s usage, `json` and `error`.

use crate::chat::Usage;
use crate::error::Result;
use crate::json::{self, Object, Value, or_default};

pub use crate::json::{Dtype, Numbers, Vector};

/// A request to turn texts into vectors. Only `model` and `input` are required.
///
/// ```
/// use tramontane::embeddings::EmbeddingRequest;
/// let request = EmbeddingRequest::new("codestral-embed-2505", "fn main() {}").output_dimension(256);
/// assert_eq!(request.to_value()?.get("output_dimension").and_then(|size| size.as_u64()), Some(256));
/// # Ok::<(), tramontane::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct EmbeddingRequest {
    /// What is asked: `embeddings`. Not sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation: Option<EmbeddingOperation>,
    /// The model: one that makes embeddings, by an id or an alias of the catalogue, or any other name that the provider knows.
    #[cfg_attr(feature = "schema", schemars(extend("x-model" = true)))]
    pub model: String,
    /// One text, or up to 256; each becomes one vector.
    pub input: EmbeddingInput,
    /// The length of the vectors, where the model lets one choose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 1)))]
    pub output_dimension: Option<u64>,
    /// What the numbers are: `float` when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Dtype"))]
    pub output_dtype: Option<Dtype>,
    /// How the vectors come: as numbers, or as base64 of their bytes. Whatever way they come, the answer holds vectors.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "EncodingFormat"))]
    pub encoding_format: Option<EncodingFormat>,
    /// The caller's own notes about the call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Object<'static>>,
}

/// What is asked of a model that makes embeddings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum EmbeddingOperation {
    /// Vectors of texts.
    Embeddings,
}

/// What becomes vectors: one text or several.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum EmbeddingInput {
    /// One text.
    One(String),
    /// Several texts.
    Many(Vec<String>),
}

impl Default for EmbeddingInput {
    fn default() -> EmbeddingInput {
        EmbeddingInput::Many(Vec::new())
    }
}

impl From<&str> for EmbeddingInput {
    fn from(text: &str) -> EmbeddingInput {
        EmbeddingInput::One(text.to_owned())
    }
}
impl From<String> for EmbeddingInput {
    fn from(text: String) -> EmbeddingInput {
        EmbeddingInput::One(text)
    }
}
impl<T: Into<String>> From<Vec<T>> for EmbeddingInput {
    fn from(texts: Vec<T>) -> EmbeddingInput {
        EmbeddingInput::Many(texts.into_iter().map(Into::into).collect())
    }
}
impl<T: Into<String>, const N: usize> From<[T; N]> for EmbeddingInput {
    fn from(texts: [T; N]) -> EmbeddingInput {
        EmbeddingInput::Many(texts.into_iter().map(Into::into).collect())
    }
}

/// How vectors come over the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum EncodingFormat {
    /// As numbers.
    Float,
    /// As base64 of their bytes.
    Base64,
}

/// Each method sets one field and gives the request back.
impl EmbeddingRequest {
    /// A request to a model, for one text or several.
    pub fn new(model: impl Into<String>, input: impl Into<EmbeddingInput>) -> EmbeddingRequest {
        EmbeddingRequest {
            operation: Some(EmbeddingOperation::Embeddings),
            model: model.into(),
            input: input.into(),
            ..EmbeddingRequest::default()
        }
    }

    /// The length of the vectors.
    #[must_use]
    pub fn output_dimension(mut self, length: u64) -> Self {
        self.output_dimension = Some(length);
        self
    }

    /// What the numbers are.
    #[must_use]
    pub fn output_dtype(mut self, dtype: Dtype) -> Self {
        self.output_dtype = Some(dtype);
        self
    }

    /// How the vectors come over the wire.
    #[must_use]
    pub fn encoding_format(mut self, format: EncodingFormat) -> Self {
        self.encoding_format = Some(format);
        self
    }

    /// Adds a note of the caller's own.
    #[must_use]
    pub fn metadata(mut self, key: impl Into<String>, value: impl Into<Value<'static>>) -> Self {
        self.metadata.get_or_insert_default().set(key.into(), value);
        self
    }

    /// The request as a tree: what `check`, `build` and a client take.
    ///
    /// # Errors
    /// `internal`, when a note holds what JSON does not have.
    pub fn to_value(&self) -> Result<Value<'static>> {
        json::to_value(self)
    }
}

impl TryFrom<&EmbeddingRequest> for Value<'static> {
    type Error = crate::Error;
    fn try_from(request: &EmbeddingRequest) -> Result<Self> {
        request.to_value()
    }
}

/// The vectors of a request's texts.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct EmbeddingResponse {
    /// The id of the answer.
    #[serde(default, deserialize_with = "or_default")]
    pub id: String,
    /// `list`.
    #[serde(default, deserialize_with = "or_default")]
    pub object: String,
    /// One for each text, in the order of the texts.
    pub data: Vec<Embedding>,
    /// The model, by the name that was sent.
    #[serde(default, deserialize_with = "or_default")]
    pub model: String,
    /// The tokens of the call.
    #[serde(default, deserialize_with = "or_default")]
    pub usage: Usage,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Object<'static>,
}

/// The vector of one text.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Embedding {
    /// `embedding`.
    #[serde(default, deserialize_with = "or_default")]
    pub object: String,
    /// The vector.
    pub embedding: Vector,
    /// Which of the texts it is of, counted from 0.
    #[serde(default, deserialize_with = "or_default")]
    pub index: u64,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Object<'static>,
}
