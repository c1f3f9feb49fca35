//! Fill in the middle, in Mistral's own terms: code between a prompt and a suffix.
//!
//! Answers and events are a chat's: [`ChatCompletion`](crate::chat::ChatCompletion) and
//! [`ChatCompletionChunk`](crate::chat::ChatCompletionChunk). May import `chat`, `json` and `error`.

use crate::chat::Stop;
use crate::error::Result;
use crate::json::{self, Object, Value};

/// A request to fill in code. Only `model` and `prompt` are required; what is absent is the model's own default.
///
/// ```
/// use tramontane::fim::FimRequest;
/// let request = FimRequest::new("codestral-2508", "def add(").suffix("return a + b").max_tokens(30);
/// assert_eq!(request.to_value()?.get("suffix").and_then(|suffix| suffix.as_str()), Some("return a + b"));
/// # Ok::<(), tramontane::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct FimRequest {
    /// What is asked: `fim`, answered in one piece, or `fim_stream`. Not sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation: Option<FimOperation>,
    /// The model: one that fills in the middle, by an id or an alias of the catalogue, or any other name that the provider knows.
    #[cfg_attr(feature = "schema", schemars(extend("x-model" = true)))]
    pub model: String,
    /// The code before the gap.
    pub prompt: String,
    /// The code behind the gap; none when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suffix: Option<String>,
    /// How free the choice of words is, 0 to 1.5. At 0 the likeliest word is always taken, and `top_p` must be 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0.0, max = 1.5)))]
    pub temperature: Option<f64>,
    /// Only the likeliest words that together have this probability are considered; above 0, at most 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(max = 1.0), extend("exclusiveMinimum" = 0.0)))]
    pub top_p: Option<f64>,
    /// The longest answer, in tokens. Prompt, suffix and answer together must fit the model's context.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_tokens: Option<u64>,
    /// The shortest answer, in tokens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_tokens: Option<u64>,
    /// Set by the operation `fim_stream`; a stream ends with its usage without being asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "bool"))]
    pub stream: Option<bool>,
    /// Where the model stops: one string or several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stop: Option<Stop>,
    /// The same seed gives the same answer, as far as the provider can; 0 or more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub random_seed: Option<u64>,
    /// The caller's own notes about the call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Object<'static>>,
    /// Calls with the same key share the cache of their prompts; ASCII.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prompt_cache_key: Option<String>,
}

/// What is asked of a model that fills in the middle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum FimOperation {
    /// An answer in one piece.
    Fim,
    /// An answer as a stream of events.
    FimStream,
}

/// Each method sets one field and gives the request back.
impl FimRequest {
    /// A request to a model, to go on behind a prompt.
    pub fn new(model: impl Into<String>, prompt: impl Into<String>) -> FimRequest {
        FimRequest { operation: Some(FimOperation::Fim), model: model.into(), prompt: prompt.into(), ..FimRequest::default() }
    }

    /// The code behind the gap.
    #[must_use]
    pub fn suffix(mut self, suffix: impl Into<String>) -> Self {
        self.suffix = Some(suffix.into());
        self
    }

    /// Asks for a stream.
    #[must_use]
    pub fn stream(mut self) -> Self {
        self.operation = Some(FimOperation::FimStream);
        self
    }

    /// How free the choice of words is, 0 to 1.5.
    #[must_use]
    pub fn temperature(mut self, temperature: f64) -> Self {
        self.temperature = Some(temperature);
        self
    }

    /// The probability mass that is considered, above 0, at most 1.
    #[must_use]
    pub fn top_p(mut self, top_p: f64) -> Self {
        self.top_p = Some(top_p);
        self
    }

    /// The longest answer, in tokens.
    #[must_use]
    pub fn max_tokens(mut self, tokens: u64) -> Self {
        self.max_tokens = Some(tokens);
        self
    }

    /// The shortest answer, in tokens.
    #[must_use]
    pub fn min_tokens(mut self, tokens: u64) -> Self {
        self.min_tokens = Some(tokens);
        self
    }

    /// The seed of the sampling.
    #[must_use]
    pub fn random_seed(mut self, seed: u64) -> Self {
        self.random_seed = Some(seed);
        self
    }

    /// Adds a string at which the model stops.
    #[must_use]
    pub fn stop(mut self, stop: impl Into<String>) -> Self {
        self.stop = Some(Stop::with(self.stop.take(), stop.into()));
        self
    }

    /// Calls with the same key share the cache of their prompts.
    #[must_use]
    pub fn prompt_cache_key(mut self, key: impl Into<String>) -> Self {
        self.prompt_cache_key = Some(key.into());
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

impl TryFrom<&FimRequest> for Value<'static> {
    type Error = crate::Error;
    fn try_from(request: &FimRequest) -> Result<Self> {
        request.to_value()
    }
}
