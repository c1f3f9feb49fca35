//! Reading documents (OCR), in Mistral's own terms: a document in, pages of Markdown out.
//!
//! May import `chat` (chunks and formats are a chat's), `json` and `error`.

mod response;

pub use response::{
    OcrBlock, OcrBlockConfidence, OcrDimensions, OcrImage, OcrPage, OcrPageConfidence, OcrResponse, OcrTable, OcrUsage,
    OcrWordConfidence,
};

use crate::chat::{ContentChunk, ImageUrl, JsonSchema, ResponseFormat, ResponseFormatType};
use crate::error::Result;
use crate::json::{self, Value};

/// The most pages that are read of a document.
pub const MAX_PAGES: u64 = 1000;

/// A request to read a document. Only `model` and `document` are required.
///
/// ```
/// use tramontane::ocr::{OcrDocument, OcrRequest};
/// let request = OcrRequest::new("mistral-ocr-latest", OcrDocument::url("https://example.com/a.pdf")).pages("0-3,7");
/// assert_eq!(request.to_value()?.get("pages").and_then(|pages| pages.as_str()), Some("0-3,7"));
/// # Ok::<(), tramontane::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct OcrRequest {
    /// The model: one that reads documents; `null` leaves the choice to the provider.
    #[cfg_attr(feature = "schema", schemars(extend("x-model" = true, "x-required" = true)))]
    pub model: Option<String>,
    /// What is read.
    pub document: OcrDocument,
    /// Which pages, from 0: `"0-3,7"`, or a list; all when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pages: Option<OcrPages>,
    /// Whether the images of the pages come back too, in base64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub include_image_base64: Option<bool>,
    /// How many images are taken out at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_limit: Option<u64>,
    /// Images that are smaller than this, in pixels of height or width, are left in the page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_min_size: Option<u64>,
    /// What to say about each image, as a JSON Schema; the type must be `json_schema`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bbox_annotation_format: Option<ResponseFormat>,
    /// What to say about the whole document, as a JSON Schema; the type must be `json_schema`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document_annotation_format: Option<ResponseFormat>,
    /// What to look for in the document; with `document_annotation_format` only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document_annotation_prompt: Option<String>,
    /// Tables come apart from the text, in this form; within the text when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table_format: Option<OcrTableFormat>,
    /// Whether the pages' headers come apart from the text; false when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "bool"))]
    pub extract_header: Option<bool>,
    /// Whether the pages' footers come apart from the text; false when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "bool"))]
    pub extract_footer: Option<bool>,
    /// Whether the places of paragraphs, titles, tables come back too; true when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "bool"))]
    pub include_blocks: Option<bool>,
    /// How finely the answer says how sure it is; not at all when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence_scores_granularity: Option<OcrConfidence>,
}

/// What is read: a file that was uploaded, a document or an image at an address.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(extend("x-untyped" = true)))]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum OcrDocument {
    /// A file that was uploaded before.
    File {
        /// The file's id, a UUID.
        file_id: String,
    },
    /// A document.
    DocumentUrl {
        /// Where it is: `https:`, or `data:application/pdf;base64,…`.
        document_url: String,
        /// Its name.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        document_name: Option<String>,
    },
    /// An image.
    ImageUrl {
        /// Where it is: `https:`, or `data:image/…;base64,…`.
        image_url: ImageUrl,
    },
    /// Any other document, as it is.
    #[serde(untagged)]
    #[cfg_attr(feature = "schema", schemars(skip))]
    Unknown(Value<'static>),
}

impl OcrDocument {
    /// A document, by its URL or `data:` URL.
    pub fn url(url: impl Into<String>) -> OcrDocument {
        OcrDocument::DocumentUrl { document_url: url.into(), document_name: None }
    }

    /// An image, by its URL or `data:` URL.
    pub fn image(url: impl Into<String>) -> OcrDocument {
        OcrDocument::ImageUrl { image_url: ImageUrl::Url(url.into()) }
    }

    /// An uploaded file, by its id.
    pub fn file(id: impl Into<String>) -> OcrDocument {
        OcrDocument::File { file_id: id.into() }
    }
}

/// A chunk of a message that is a document is one here too; any other is kept, and reported by the check.
impl From<ContentChunk> for OcrDocument {
    fn from(chunk: ContentChunk) -> Self {
        match chunk {
            ContentChunk::File { file_id } => OcrDocument::File { file_id },
            ContentChunk::DocumentUrl { document_url, document_name } => OcrDocument::DocumentUrl { document_url, document_name },
            ContentChunk::ImageUrl { image_url } => OcrDocument::ImageUrl { image_url },
            other => OcrDocument::Unknown(json::to_value(&other).unwrap_or_default()),
        }
    }
}

/// Which pages are read; the first is 0.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum OcrPages {
    /// Numbers and ranges: `"0-3,7"`.
    Ranges(String),
    /// Numbers.
    List(Vec<u64>),
}

impl From<&str> for OcrPages {
    fn from(ranges: &str) -> Self {
        OcrPages::Ranges(ranges.to_owned())
    }
}
impl From<String> for OcrPages {
    fn from(ranges: String) -> Self {
        OcrPages::Ranges(ranges)
    }
}
impl From<Vec<u64>> for OcrPages {
    fn from(list: Vec<u64>) -> Self {
        OcrPages::List(list)
    }
}

/// The form in which tables come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum OcrTableFormat {
    /// Markdown.
    Markdown,
    /// HTML.
    Html,
}

/// How finely an answer says how sure it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum OcrConfidence {
    /// For each word.
    Word,
    /// For each page.
    Page,
    /// For each block.
    Block,
}

/// Each method sets one field and gives the request back.
impl OcrRequest {
    /// A request to a model, to read a document.
    pub fn new(model: impl Into<String>, document: impl Into<OcrDocument>) -> OcrRequest {
        OcrRequest {
            model: Some(model.into()),
            document: document.into(),
            pages: None,
            include_image_base64: None,
            image_limit: None,
            image_min_size: None,
            bbox_annotation_format: None,
            document_annotation_format: None,
            document_annotation_prompt: None,
            table_format: None,
            extract_header: None,
            extract_footer: None,
            include_blocks: None,
            confidence_scores_granularity: None,
        }
    }

    /// Which pages are read, from 0.
    #[must_use]
    pub fn pages(mut self, pages: impl Into<OcrPages>) -> Self {
        self.pages = Some(pages.into());
        self
    }

    /// Asks for the images of the pages, in base64.
    #[must_use]
    pub fn include_images(mut self) -> Self {
        self.include_image_base64 = Some(true);
        self
    }

    /// Tables come apart from the text, in this form.
    #[must_use]
    pub fn table_format(mut self, format: OcrTableFormat) -> Self {
        self.table_format = Some(format);
        self
    }

    /// What to say about the whole document, as a JSON Schema with a name.
    #[must_use]
    pub fn annotate_document(mut self, name: impl Into<String>, schema: Value<'static>) -> Self {
        self.document_annotation_format = Some(json_schema(name.into(), schema));
        self
    }

    /// What to look for in the document; beside [`OcrRequest::annotate_document`].
    #[must_use]
    pub fn annotation_prompt(mut self, prompt: impl Into<String>) -> Self {
        self.document_annotation_prompt = Some(prompt.into());
        self
    }

    /// What to say about each image, as a JSON Schema with a name.
    #[must_use]
    pub fn annotate_images(mut self, name: impl Into<String>, schema: Value<'static>) -> Self {
        self.bbox_annotation_format = Some(json_schema(name.into(), schema));
        self
    }

    /// How finely the answer says how sure it is.
    #[must_use]
    pub fn confidence(mut self, granularity: OcrConfidence) -> Self {
        self.confidence_scores_granularity = Some(granularity);
        self
    }

    /// The request as a tree: what `check`, `build` and a client take.
    ///
    /// # Errors
    /// `internal`, when a schema holds what JSON does not have.
    pub fn to_value(&self) -> Result<Value<'static>> {
        json::to_value(self)
    }
}

fn json_schema(name: String, schema: Value<'static>) -> ResponseFormat {
    let schema = JsonSchema { name, schema, description: None, strict: None };
    ResponseFormat { kind: ResponseFormatType::JsonSchema, json_schema: Some(schema) }
}

impl TryFrom<&OcrRequest> for Value<'static> {
    type Error = crate::Error;
    fn try_from(request: &OcrRequest) -> Result<Self> {
        request.to_value()
    }
}
