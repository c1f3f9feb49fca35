//! What several requests have in common, once: fields, and the methods that set them.
//!
//! `generation!` makes a request for generated text, `dialogue!` one whose prompt is messages: each writes the struct's
//! own fields first, then the common ones. Serde's `flatten` would do the same, but cannot refuse unknown fields.

/// A request for generated text: its own fields, and what all of them may ask for.
macro_rules! generation {
    ($(#[$about:meta])* pub struct $name:ident { $($own:tt)* }) => {
        $(#[$about])*
        #[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[serde(deny_unknown_fields)]
        #[non_exhaustive]
        pub struct $name {
            $($own)*
                /// The longest answer, in tokens. Prompt and answer together must fit the model's context.
                #[serde(default, skip_serializing_if = "Option::is_none")]
                pub max_tokens: Option<u64>,
                /// The shortest answer, in tokens.
                #[serde(default, skip_serializing_if = "Option::is_none")]
                pub min_tokens: Option<u64>,
                /// Set by the operations that stream; a stream ends with its usage without being asked.
                #[serde(default, skip_serializing_if = "Option::is_none")]
                #[cfg_attr(feature = "schema", schemars(with = "bool"))]
                pub stream: Option<bool>,
                /// Where the model stops: one string or several.
                #[serde(default, skip_serializing_if = "Option::is_none")]
                pub stop: Option<$crate::chat::Stop>,
                /// The same seed gives the same answer, as far as the provider can; 0 or more.
                #[serde(default, skip_serializing_if = "Option::is_none")]
                pub random_seed: Option<u64>,
                /// The caller's own notes about the call.
                #[serde(default, skip_serializing_if = "Option::is_none")]
                pub metadata: Option<$crate::json::Object<'static>>,
                /// Calls with the same key share the cache of their prompts; ASCII.
                #[serde(default, skip_serializing_if = "Option::is_none")]
                pub prompt_cache_key: Option<String>,
        }

        impl $name {
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
                self.stop = Some($crate::chat::Stop::with(self.stop.take(), stop.into()));
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
            pub fn metadata(mut self, key: impl Into<String>, value: impl Into<$crate::json::Value<'static>>) -> Self {
                self.metadata.get_or_insert_default().set(key.into(), value);
                self
            }

            /// The request as a tree: what `check`, `build` and a client take.
            ///
            /// # Errors
            /// `internal`, when a part of it holds what JSON does not have.
            pub fn to_value(&self) -> $crate::Result<$crate::json::Value<'static>> {
                $crate::json::to_value(self)
            }
        }

        impl TryFrom<&$name> for $crate::json::Value<'static> {
            type Error = $crate::Error;
            fn try_from(request: &$name) -> $crate::Result<Self> {
                request.to_value()
            }
        }
    };
}

/// The two fields that say how freely words are chosen, and their methods.
macro_rules! free_choice {
    ($name:ident) => {
        impl $name {
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
        }
    };
}

/// A request whose prompt is messages: its own fields, and what all of them may ask for.
macro_rules! dialogue {
    ($(#[$about:meta])* pub struct $name:ident { $($own:tt)* }) => {
        $crate::chat::settings::generation! {
            $(#[$about])*
            pub struct $name {
                $($own)*
                /// Only this many of the likeliest words are considered.
                #[serde(default, skip_serializing_if = "Option::is_none")]
                pub top_k: Option<i64>,
                /// The form that the answer must have; text when absent.
                #[serde(default, skip_serializing_if = "Option::is_none")]
                pub response_format: Option<$crate::chat::ResponseFormat>,
                /// What the model may call, at most 128.
                #[serde(default, skip_serializing_if = "Option::is_none")]
                pub tools: Option<Vec<$crate::chat::Tool>>,
                /// Whether it calls tools, or which; `auto` when absent.
                #[serde(default, skip_serializing_if = "Option::is_none")]
                pub tool_choice: Option<$crate::chat::ToolChoice>,
                /// Lowers the odds of words that the answer has already, −2 to 2.
                #[serde(default, skip_serializing_if = "Option::is_none")]
                #[cfg_attr(feature = "schema", schemars(range(min = -2.0, max = 2.0)))]
                pub presence_penalty: Option<f64>,
                /// Lowers the odds of words the more often the answer has them, −2 to 2.
                #[serde(default, skip_serializing_if = "Option::is_none")]
                #[cfg_attr(feature = "schema", schemars(range(min = -2.0, max = 2.0)))]
                pub frequency_penalty: Option<f64>,
                /// Divides the odds of words that stand in prompt or answer already.
                #[serde(default, skip_serializing_if = "Option::is_none")]
                pub repetition_penalty: Option<f64>,
                /// Whether the answer says how likely its tokens were; few models can.
                #[serde(default, skip_serializing_if = "Option::is_none")]
                pub logprobs: Option<bool>,
                /// How many of the likeliest tokens it names at each place.
                #[serde(default, skip_serializing_if = "Option::is_none")]
                pub top_logprobs: Option<u32>,
                /// Whether the answer says how likely the prompt's tokens were.
                #[serde(default, skip_serializing_if = "Option::is_none")]
                pub prompt_logprobs: Option<bool>,
                /// How many of the likeliest tokens it names at each place of the prompt.
                #[serde(default, skip_serializing_if = "Option::is_none")]
                pub top_prompt_logprobs: Option<u32>,
                /// How many answers, 1 or more; the prompt is paid once.
                #[serde(default, skip_serializing_if = "Option::is_none")]
                #[cfg_attr(feature = "schema", schemars(range(min = 1)))]
                pub n: Option<u32>,
                /// Text that the answer is expected to repeat for the most part.
                #[serde(default, skip_serializing_if = "Option::is_none")]
                #[cfg_attr(feature = "schema", schemars(with = "crate::chat::Prediction"))]
                pub prediction: Option<$crate::chat::Prediction>,
                /// Whether the model may ask for several calls at once; true when absent.
                #[serde(default, skip_serializing_if = "Option::is_none")]
                #[cfg_attr(feature = "schema", schemars(with = "bool"))]
                pub parallel_tool_calls: Option<bool>,
                /// How long a reasoning model thinks; other models refuse the field.
                #[serde(default, skip_serializing_if = "Option::is_none")]
                pub reasoning_effort: Option<$crate::chat::ReasoningEffort>,
                /// The system prompt of the first reasoning models; others refuse the field.
                #[serde(default, skip_serializing_if = "Option::is_none")]
                pub prompt_mode: Option<$crate::chat::PromptMode>,
                /// Moderations of what goes in and comes out.
                #[serde(default, skip_serializing_if = "Option::is_none")]
                pub guardrails: Option<Vec<$crate::chat::Guardrail>>,
                /// The priority of the call; `standard_only` when absent.
                #[serde(default, skip_serializing_if = "Option::is_none")]
                pub service_tier: Option<$crate::chat::ServiceTier>,
            }
        }

        /// Each method sets one field and gives the request back.
        impl $name {
            /// Appends a message.
            #[must_use]
            pub fn message(mut self, message: impl Into<$crate::chat::Message>) -> Self {
                self.messages.push(message.into());
                self
            }

            /// Appends messages.
            #[must_use]
            pub fn messages(mut self, messages: impl IntoIterator<Item = $crate::chat::Message>) -> Self {
                self.messages.extend(messages);
                self
            }

            /// Appends a system message.
            #[must_use]
            pub fn system(self, content: impl Into<$crate::chat::Content>) -> Self {
                self.message($crate::chat::Message::system(content))
            }

            /// Appends a user's message.
            #[must_use]
            pub fn user(self, content: impl Into<$crate::chat::Content>) -> Self {
                self.message($crate::chat::Message::user(content))
            }

            /// Appends an assistant's message.
            #[must_use]
            pub fn assistant(self, content: impl Into<$crate::chat::Content>) -> Self {
                self.message($crate::chat::Message::assistant(content))
            }

            /// Appends the result of a tool call.
            #[must_use]
            pub fn tool_result(self, tool_call_id: impl Into<String>, content: impl Into<$crate::chat::Content>) -> Self {
                self.message($crate::chat::Message::tool_result(tool_call_id, content))
            }

            /// How many answers.
            #[must_use]
            pub fn n(mut self, n: u32) -> Self {
                self.n = Some(n);
                self
            }

            /// Adds a tool.
            #[must_use]
            pub fn tool(mut self, tool: $crate::chat::Tool) -> Self {
                self.tools.get_or_insert_default().push(tool);
                self
            }

            /// Whether tools are called, or which.
            #[must_use]
            pub fn tool_choice(mut self, choice: impl Into<$crate::chat::ToolChoice>) -> Self {
                self.tool_choice = Some(choice.into());
                self
            }

            /// Whether several calls may be asked for at once.
            #[must_use]
            pub fn parallel_tool_calls(mut self, parallel: bool) -> Self {
                self.parallel_tool_calls = Some(parallel);
                self
            }

            /// Asks for a JSON object; the messages must ask for it too.
            #[must_use]
            pub fn json_object(self) -> Self {
                self.response_format($crate::chat::ResponseFormat { kind: $crate::chat::ResponseFormatType::JsonObject, json_schema: None })
            }

            /// Asks for JSON that fits a schema, strictly.
            #[must_use]
            pub fn json_schema(self, name: impl Into<String>, schema: $crate::json::Value<'static>) -> Self {
                let json_schema = $crate::chat::JsonSchema { name: name.into(), schema, description: None, strict: Some(true) };
                self.response_format($crate::chat::ResponseFormat { kind: $crate::chat::ResponseFormatType::JsonSchema, json_schema: Some(json_schema) })
            }

            /// The form that the answer must have.
            #[must_use]
            pub fn response_format(mut self, format: $crate::chat::ResponseFormat) -> Self {
                self.response_format = Some(format);
                self
            }

            /// How long a reasoning model thinks.
            #[must_use]
            pub fn reasoning_effort(mut self, effort: $crate::chat::ReasoningEffort) -> Self {
                self.reasoning_effort = Some(effort);
                self
            }

            /// Text that the answer is expected to repeat for the most part.
            #[must_use]
            pub fn prediction(mut self, content: impl Into<String>) -> Self {
                self.prediction = Some($crate::chat::Prediction { kind: $crate::chat::PredictionType::Content, content: content.into() });
                self
            }

            /// Adds a guardrail.
            #[must_use]
            pub fn guardrail(mut self, guardrail: $crate::chat::Guardrail) -> Self {
                self.guardrails.get_or_insert_default().push(guardrail);
                self
            }

            /// The priority of the call.
            #[must_use]
            pub fn service_tier(mut self, tier: $crate::chat::ServiceTier) -> Self {
                self.service_tier = Some(tier);
                self
            }
        }
    };
}

pub(crate) use {dialogue, free_choice, generation};
