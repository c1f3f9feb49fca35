//! Fill in the middle, in Mistral's own terms: code between a prompt and a suffix.
//!
//! Answers and events are a chat's: [`ChatCompletion`](crate::chat::ChatCompletion) and
//! [`ChatCompletionChunk`](crate::chat::ChatCompletionChunk). May import `chat`, `json` and `error`.

use crate::chat::settings::{free_choice, generation};

generation! {
    /// A request to fill in code. Only `model` and `prompt` are required; what is absent is the model's own default.
    ///
    /// ```
    /// use tramontane::fim::FimRequest;
    /// let request = FimRequest::new("codestral-2508", "def add(").suffix("return a + b").max_tokens(30);
    /// assert_eq!(request.to_value()?.get("suffix").and_then(|suffix| suffix.as_str()), Some("return a + b"));
    /// # Ok::<(), tramontane::Error>(())
    /// ```
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
    }
}

free_choice!(FimRequest);

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
}
