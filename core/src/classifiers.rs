//! Moderation and classification, of texts and of conversations. Imports `chat` and `json`.

use std::collections::BTreeMap;

use crate::chat::{Message, Usage};
use crate::json::{Object, or_default};

/// One text or several.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Texts {
    /// One text.
    One(String),
    /// Several, each with a result of its own.
    Many(Vec<String>),
}

/// One conversation or several.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Dialogues {
    /// One conversation.
    One(Vec<Message>),
    /// Several, each with a result of its own.
    Many(Vec<Vec<Message>>),
}

/// A conversation, as an object.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Dialogue {
    /// Its messages; the last one is judged, in the light of those before it.
    pub messages: Vec<Message>,
}

/// One conversation or several, as objects.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum DialogueObjects {
    /// One conversation.
    One(Dialogue),
    /// Several, each with a result of its own.
    Many(Vec<Dialogue>),
}

macro_rules! texts_or_dialogues {
    ($(#[$about:meta])* $name:ident($input:ty), $takes:literal $(, $(#[$more_about:meta])* $more:ident)?) => {
        $(#[$about])*
        #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[serde(deny_unknown_fields)]
        #[non_exhaustive]
        pub struct $name {
            /// The model: one that moderates or classifies, or a fine-tuned one of the workspace.
            #[cfg_attr(feature = "schema", schemars(extend("x-model" = true)))]
            pub model: String,
            #[doc = $takes]
            pub input: $input,
            $($(#[$more_about])*
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub $more: Option<Object<'static>>,)?
        }

        impl $name {
            /// A request to a model.
            pub fn new(model: impl Into<String>, input: impl Into<$input>) -> $name {
                $name { model: model.into(), input: input.into(), $($more: None)? }
            }
        }
    };
}

texts_or_dialogues! {
    /// A request to moderate texts.
    ModerationRequest(Texts), "What is judged: one text or several.",
    /// The caller's own notes about the call.
    metadata
}

texts_or_dialogues! {
    /// A request to moderate conversations: the last message of each, in the light of those before it.
    ChatModerationRequest(Dialogues), "What is judged: the messages of one conversation, or of several."
}

texts_or_dialogues! {
    /// A request to classify texts.
    ClassificationRequest(Texts), "What is classified: one text or several.",
    /// The caller's own notes about the call.
    metadata
}

texts_or_dialogues! {
    /// A request to classify conversations.
    ChatClassificationRequest(DialogueObjects), "What is classified: one conversation, `{\"messages\": […]}`, or several."
}

impl From<&str> for Texts {
    fn from(text: &str) -> Texts {
        Texts::One(text.to_owned())
    }
}

impl From<Vec<String>> for Texts {
    fn from(texts: Vec<String>) -> Texts {
        Texts::Many(texts)
    }
}

impl From<Vec<Message>> for Dialogues {
    fn from(messages: Vec<Message>) -> Dialogues {
        Dialogues::One(messages)
    }
}

impl From<Vec<Message>> for DialogueObjects {
    fn from(messages: Vec<Message>) -> DialogueObjects {
        DialogueObjects::One(Dialogue { messages })
    }
}

/// What a moderation found.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ModerationResponse {
    /// The answer's id.
    #[serde(default, deserialize_with = "or_default")]
    pub id: String,
    /// The model that judged.
    #[serde(default, deserialize_with = "or_default")]
    pub model: String,
    /// One result for each input, in their order.
    #[serde(default, deserialize_with = "or_default")]
    pub results: Vec<ModerationResult>,
    /// The tokens of the call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usage: Option<Usage>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Object<'static>,
}

/// What a moderation found in one input.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ModerationResult {
    /// Whether each category is met: `pii`, `hate_and_discrimination`, …
    #[serde(default, deserialize_with = "or_default")]
    pub categories: BTreeMap<String, bool>,
    /// How likely each category is, 0 to 1.
    #[serde(default, deserialize_with = "or_default")]
    pub category_scores: BTreeMap<String, f64>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Object<'static>,
}

impl ModerationResult {
    /// Whether any category is met.
    pub fn is_flagged(&self) -> bool {
        self.categories.values().any(|met| *met)
    }
}

/// What a classifier found.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ClassificationResponse {
    /// The answer's id.
    #[serde(default, deserialize_with = "or_default")]
    pub id: String,
    /// The model that classified.
    #[serde(default, deserialize_with = "or_default")]
    pub model: String,
    /// One result for each input, in their order: for each target of the model, its labels.
    #[serde(default, deserialize_with = "or_default")]
    pub results: Vec<BTreeMap<String, ClassificationTarget>>,
    /// The tokens of the call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usage: Option<Usage>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Object<'static>,
}

/// What a classifier found for one of its targets.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ClassificationTarget {
    /// How likely each label is, 0 to 1.
    #[serde(default, deserialize_with = "or_default")]
    pub scores: BTreeMap<String, f64>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Object<'static>,
}

impl ClassificationTarget {
    /// The likeliest label; `None` when there is none.
    pub fn label(&self) -> Option<&str> {
        let likeliest = self.scores.iter().max_by(|(_, a), (_, b)| a.total_cmp(b));
        likeliest.map(|(label, _)| label.as_str())
    }
}
