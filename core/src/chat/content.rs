//! What messages say: text, or a list of chunks. Imports `json` only.

use crate::json::{Object, Value};

/// A message's content: text, or chunks.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Content {
    /// Text.
    Text(String),
    /// Chunks, in their order.
    Chunks(Vec<ContentChunk>),
}

impl Content {
    /// The text, without thinking; the text chunks joined.
    pub fn text(&self) -> String {
        match self {
            Content::Text(text) => text.clone(),
            Content::Chunks(chunks) => chunks.iter().filter_map(ContentChunk::text).collect(),
        }
    }

    /// The thinking; empty when there is none.
    pub fn thinking(&self) -> String {
        match self {
            Content::Text(_) => String::new(),
            Content::Chunks(chunks) => chunks.iter().map(ContentChunk::thinking).collect(),
        }
    }
}

impl From<&str> for Content {
    fn from(text: &str) -> Self {
        Content::Text(text.to_owned())
    }
}
impl From<String> for Content {
    fn from(text: String) -> Self {
        Content::Text(text)
    }
}
impl From<Vec<ContentChunk>> for Content {
    fn from(chunks: Vec<ContentChunk>) -> Self {
        Content::Chunks(chunks)
    }
}
impl<const N: usize> From<[ContentChunk; N]> for Content {
    fn from(chunks: [ContentChunk; N]) -> Self {
        Content::Chunks(chunks.into())
    }
}

/// One piece of a content.
///
/// A chunk of a type that this version does not know, or with a field that it does not know, is kept as it is.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum ContentChunk {
    /// Text.
    Text {
        /// The text.
        text: String,
    },
    /// An image: JPEG, PNG, WebP or GIF, at most 10 MB and 10 000 × 10 000 pixels; 8 in a request.
    ImageUrl {
        /// Where it is: `https:`, or `data:image/…;base64,…`.
        image_url: ImageUrl,
    },
    /// A document that the model reads.
    DocumentUrl {
        /// Where it is: `https:`, or `data:application/pdf;base64,…`.
        document_url: String,
        /// Its name.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        document_name: Option<String>,
    },
    /// A file that was uploaded before.
    File {
        /// The file's id, a UUID.
        file_id: String,
    },
    /// References to sources, mostly in answers.
    Reference {
        /// The sources' ids.
        reference_ids: Vec<ReferenceId>,
    },
    /// What a model thought. Goes back unchanged with the assistant's message.
    Thinking {
        /// The thoughts: `text`, `reference` and `tool_reference` chunks.
        thinking: Vec<ContentChunk>,
        /// The provider's seal on them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        signature: Option<String>,
        /// Whether the thinking is complete; not to be relied on in answers.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schema", schemars(with = "bool"))]
        closed: Option<bool>,
    },
    /// Sound, for models that listen.
    InputAudio {
        /// Base64, or a URL.
        input_audio: InputAudio,
    },
    /// A resource with its content.
    Resource {
        /// Where it is from.
        uri: String,
        /// What it holds: a `text` or an `image_url` chunk.
        content: Box<ContentChunk>,
    },
    /// A link to a resource.
    ResourceLink {
        /// Where it is.
        uri: String,
        /// Facts about it: strings, numbers, booleans.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        metadata: Option<Object<'static>>,
    },
    /// A source that a built-in tool found.
    ToolReference {
        /// The tool, for example `web_search`.
        tool: String,
        /// The source's title.
        title: String,
        /// Where it is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        url: Option<String>,
        /// Its icon.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        favicon: Option<String>,
        /// What it says.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        description: Option<String>,
    },
    /// A file that a built-in tool made; in conversations only.
    ToolFile {
        /// The tool, for example `code_interpreter`.
        tool: String,
        /// The file's id.
        file_id: String,
        /// Its name.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        file_name: Option<String>,
        /// Its type, for example `png`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        file_type: Option<String>,
    },
    /// Any other chunk, as it is.
    #[serde(untagged)]
    #[cfg_attr(feature = "schema", schemars(skip))]
    Unknown(Value<'static>),
}

impl ContentChunk {
    /// A text chunk.
    ///
    /// ```
    /// use tramontane::chat::{ContentChunk, Message};
    /// let message = Message::user([
    ///     ContentChunk::text_chunk("What is this?"),
    ///     ContentChunk::image("https://example.com/cat.jpg"),
    /// ]);
    /// # let _ = message;
    /// ```
    pub fn text_chunk(text: impl Into<String>) -> Self {
        ContentChunk::Text { text: text.into() }
    }

    /// An image, by its URL or `data:` URL.
    pub fn image(url: impl Into<String>) -> Self {
        ContentChunk::ImageUrl { image_url: ImageUrl::Url(url.into()) }
    }

    /// A document, by its URL or `data:` URL.
    pub fn document(url: impl Into<String>) -> Self {
        ContentChunk::DocumentUrl { document_url: url.into(), document_name: None }
    }

    /// An uploaded file, by its id.
    pub fn file(id: impl Into<String>) -> Self {
        ContentChunk::File { file_id: id.into() }
    }

    /// Sound, in base64 or by its URL.
    pub fn audio(audio: impl Into<String>) -> Self {
        ContentChunk::InputAudio { input_audio: InputAudio::Data(audio.into()) }
    }

    /// The text of a text chunk.
    pub fn text(&self) -> Option<&str> {
        match self {
            ContentChunk::Text { text } => Some(text),
            // A text chunk with a field that is new to this version still says its text.
            ContentChunk::Unknown(chunk) if tag(chunk) == Some("text") => chunk.get("text")?.as_str(),
            _ => None,
        }
    }

    /// The thoughts of a thinking chunk; empty for every other.
    pub fn thinking(&self) -> String {
        match self {
            ContentChunk::Thinking { thinking, .. } => thinking.iter().filter_map(ContentChunk::text).collect(),
            ContentChunk::Unknown(chunk) if tag(chunk) == Some("thinking") => match chunk.get("thinking") {
                Some(Value::String(thought)) => thought.to_string(),
                Some(Value::Array(parts)) => parts.iter().filter_map(|part| part.get("text")?.as_str()).collect(),
                _ => String::new(),
            },
            _ => String::new(),
        }
    }
}

fn tag<'v>(chunk: &'v Value<'_>) -> Option<&'v str> {
    chunk.get("type").and_then(Value::as_str)
}

/// An image's URL, alone or with the detail to look at.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum ImageUrl {
    /// The URL.
    Url(String),
    /// The URL with a detail.
    Detailed(DetailedImageUrl),
}

/// An image's URL and the detail to look at.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DetailedImageUrl {
    /// `https:`, or `data:image/…;base64,…`.
    pub url: String,
    /// How closely the model looks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<ImageDetail>,
}

/// How closely a model looks at an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum ImageDetail {
    /// Coarsely.
    Low,
    /// As the model sees fit.
    Auto,
    /// Closely.
    High,
}

/// Sound: base64 or a URL, alone or with its format.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum InputAudio {
    /// Base64, or a URL.
    Data(String),
    /// Base64 with a format.
    Formatted(FormattedAudio),
}

/// Sound in base64 and its format, as other APIs write it; the format is not looked at.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct FormattedAudio {
    /// Base64.
    pub data: String,
    /// For example `wav`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
}

/// The id of a source.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum ReferenceId {
    /// A number.
    Number(i64),
    /// A name.
    Name(String),
}
