//! Tools: what a model may call, and its calls. Imports `json` and `error` only.

use crate::error::Result;
use crate::json::{self, Object, Value};

/// A tool that the model may use; at most 128 in a request.
///
/// A tool of a type that this version does not know is kept as it is.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Tool {
    /// A function that the caller runs.
    Function {
        /// The function.
        function: Function,
    },
    /// The provider's web search; in conversations and agents only.
    WebSearch {
        /// What it may do.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tool_configuration: Option<ToolConfiguration>,
    },
    /// The provider's web search with news agencies; in conversations and agents only.
    WebSearchPremium {
        /// What it may do.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tool_configuration: Option<ToolConfiguration>,
    },
    /// Runs code at the provider's; in conversations and agents only.
    CodeInterpreter {
        /// What it may do.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tool_configuration: Option<ToolConfiguration>,
    },
    /// Makes images at the provider's.
    ImageGeneration {
        /// What it may do.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tool_configuration: Option<ToolConfiguration>,
    },
    /// Searches the account's libraries.
    DocumentLibrary {
        /// The libraries' ids, at least one.
        library_ids: Vec<String>,
        /// What it may do.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tool_configuration: Option<ToolConfiguration>,
    },
    /// A connector of the account.
    Connector {
        /// The connector's id.
        connector_id: String,
        /// Whom it acts for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        authorization: Option<ConnectorAuthorization>,
        /// What it may do.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tool_configuration: Option<ToolConfiguration>,
    },
    /// Any other tool, as it is.
    #[serde(untagged)]
    #[cfg_attr(feature = "schema", schemars(skip))]
    Unknown(Value<'static>),
}

impl Tool {
    /// A function, with the JSON Schema of its parameters.
    ///
    /// ```
    /// use tramontane::chat::Tool;
    /// use tramontane::json;
    /// let parameters = json::parse(br#"{"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}"#)?;
    /// let tool = Tool::function("weather", "The weather in a city", parameters.into_owned());
    /// # let _ = tool;
    /// # Ok::<(), tramontane::Error>(())
    /// ```
    pub fn function(name: impl Into<String>, description: impl Into<String>, parameters: Value<'static>) -> Tool {
        Tool::Function {
            function: Function { name: name.into(), description: Some(description.into()), strict: None, parameters },
        }
    }
}

/// A function that the caller runs.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Function {
    /// Its name: letters, digits, `_` and `-`, at most 64.
    pub name: String,
    /// What it does, for the model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub description: Option<String>,
    /// Whether the arguments are held to the schema; false when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "bool"))]
    pub strict: Option<bool>,
    /// The JSON Schema (draft 7) of its arguments.
    #[cfg_attr(feature = "schema", schemars(with = "serde_json::Map<String, serde_json::Value>"))]
    pub parameters: Value<'static>,
}

/// Which abilities of a tool may be used.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ToolConfiguration {
    /// Not these.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exclude: Option<Vec<String>>,
    /// Only these.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub include: Option<Vec<String>>,
    /// These only after somebody said yes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requires_confirmation: Option<Vec<String>>,
}

/// Whom a connector acts for.
#[derive(Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ConnectorAuthorization {
    /// What kind of credential it is.
    #[serde(rename = "type")]
    pub kind: ConnectorAuthorizationType,
    /// The credential.
    pub value: String,
}

/// Shows the kind, never the credential.
impl std::fmt::Debug for ConnectorAuthorization {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ConnectorAuthorization").field("kind", &self.kind).finish_non_exhaustive()
    }
}

/// What a connector is authorised by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum ConnectorAuthorizationType {
    /// An OAuth 2 token.
    #[serde(rename = "oauth2-token")]
    Oauth2Token,
    /// A key.
    #[serde(rename = "api-key")]
    ApiKey,
}

/// Whether the model calls tools, or which.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum ToolChoice {
    /// As it sees fit, never, or at least one.
    Mode(ToolChoiceMode),
    /// This one.
    Named(NamedToolChoice),
}

impl ToolChoice {
    /// The function with this name must be called.
    pub fn function(name: impl Into<String>) -> ToolChoice {
        ToolChoice::Named(NamedToolChoice { kind: NamedToolType::Function, function: FunctionName { name: name.into() } })
    }
}

impl From<ToolChoiceMode> for ToolChoice {
    fn from(mode: ToolChoiceMode) -> Self {
        ToolChoice::Mode(mode)
    }
}

/// Whether the model calls tools.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum ToolChoiceMode {
    /// As it sees fit; so when absent.
    Auto,
    /// Never.
    None,
    /// At least one.
    Any,
    /// At least one: another word for `any`.
    Required,
}

/// A function that must be called.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct NamedToolChoice {
    /// Always `function`.
    #[serde(rename = "type", default)]
    pub kind: NamedToolType,
    /// The function.
    pub function: FunctionName,
}

/// What can be named as a [`ToolChoice`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum NamedToolType {
    /// A function.
    #[default]
    Function,
}

/// A function, by its name.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct FunctionName {
    /// Its name.
    pub name: String,
}

/// A call that the model wants made.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ToolCall {
    /// Its id, nine letters and digits; the result names it.
    #[serde(default)]
    pub id: String,
    /// Always `function`.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub kind: Option<String>,
    /// What to call.
    pub function: FunctionCall,
    /// Its place among the message's calls, from 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "u32"))]
    pub index: Option<u32>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Object<'static>,
}

/// A function and its arguments.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FunctionCall {
    /// The function's name.
    pub name: String,
    /// Its arguments: JSON text in answers; text or an object in requests.
    pub arguments: Arguments,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Object<'static>,
}

impl FunctionCall {
    /// The arguments as JSON.
    ///
    /// # Errors
    /// `invalid_request` when they are not JSON: an answer that was cut off by `max_tokens` ends within them.
    pub fn arguments_json(&self) -> Result<Value<'static>> {
        match &self.arguments {
            Arguments::Text(text) => json::parse(text.as_bytes()).map(Value::into_owned),
            Arguments::Object(object) => Ok(Value::Object(object.clone())),
        }
    }

    /// The arguments as a type of the caller's.
    ///
    /// ```
    /// use tramontane::chat::{Arguments, FunctionCall};
    /// #[derive(serde::Deserialize)]
    /// struct Weather { city: String }
    ///
    /// let call = FunctionCall { name: "weather".into(), arguments: r#"{"city": "Marseille"}"#.into(), ..Default::default() };
    /// assert_eq!(call.arguments_as::<Weather>()?.city, "Marseille");
    /// # Ok::<(), tramontane::Error>(())
    /// ```
    ///
    /// # Errors
    /// `invalid_request` when they are not JSON, or not of that type.
    pub fn arguments_as<T: serde::de::DeserializeOwned>(&self) -> Result<T> {
        json::from_value(&self.arguments_json()?)
    }
}

/// A function's arguments, kept as they were sent.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Arguments {
    /// JSON text.
    Text(String),
    /// An object.
    Object(Object<'static>),
}

impl Default for Arguments {
    fn default() -> Self {
        Arguments::Text(String::new())
    }
}
impl From<&str> for Arguments {
    fn from(text: &str) -> Self {
        Arguments::Text(text.to_owned())
    }
}
impl From<String> for Arguments {
    fn from(text: String) -> Self {
        Arguments::Text(text)
    }
}
impl From<Object<'static>> for Arguments {
    fn from(object: Object<'static>) -> Self {
        Arguments::Object(object)
    }
}
