//! A document that was read. Nothing is refused here: what this version does not know is kept in `extra`.
//! Imports `json` only.

use crate::json::{Object, or_default};

/// A document that was read.
///
/// ```
/// use tramontane::ocr::OcrResponse;
/// let body = br##"{"pages": [{"index": 0, "markdown": "# Title", "images": [], "dimensions": null}],
///     "model": "mistral-ocr-2512", "usage_info": {"pages_processed": 1}}"##;
/// let answer: OcrResponse = tramontane::json::from_value(&tramontane::json::parse(body)?)?;
/// assert_eq!(answer.markdown(), "# Title");
/// # Ok::<(), tramontane::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OcrResponse {
    /// The pages that were read, in their order.
    #[serde(default, deserialize_with = "or_default")]
    pub pages: Vec<OcrPage>,
    /// The model.
    #[serde(default, deserialize_with = "or_default")]
    pub model: String,
    /// What `document_annotation_format` asked for, as JSON text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document_annotation: Option<String>,
    /// What the call is billed by.
    #[serde(default, deserialize_with = "or_default")]
    pub usage_info: OcrUsage,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Object<'static>,
}

impl OcrResponse {
    /// The Markdown of all pages, a blank line between them.
    pub fn markdown(&self) -> String {
        self.pages.iter().map(|page| page.markdown.as_str()).collect::<Vec<_>>().join("\n\n")
    }
}

/// A page that was read.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OcrPage {
    /// The page's number, from 0.
    #[serde(default, deserialize_with = "or_default")]
    pub index: u32,
    /// What stands on it, as Markdown; images and tables that came apart are links to their ids.
    #[serde(default, deserialize_with = "or_default")]
    pub markdown: String,
    /// The images on it.
    #[serde(default, deserialize_with = "or_default")]
    pub images: Vec<OcrImage>,
    /// The tables that came apart, where `table_format` asked for that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tables: Option<Vec<OcrTable>>,
    /// The links on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hyperlinks: Option<Vec<String>>,
    /// Its header, where `extract_header` asked for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub header: Option<String>,
    /// Its footer, where `extract_footer` asked for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub footer: Option<String>,
    /// The size of the page's picture; coordinates are pixels of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dimensions: Option<OcrDimensions>,
    /// How sure the model is, where `confidence_scores_granularity` asked for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence_scores: Option<OcrPageConfidence>,
    /// Paragraphs, titles, tables and the like with their places, in the order in which one reads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blocks: Option<Vec<OcrBlock>>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Object<'static>,
}

/// An image on a page.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OcrImage {
    /// Its name in the page's Markdown.
    #[serde(default, deserialize_with = "or_default")]
    pub id: String,
    /// Its left edge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub top_left_x: Option<i64>,
    /// Its upper edge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub top_left_y: Option<i64>,
    /// Its right edge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bottom_right_x: Option<i64>,
    /// Its lower edge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bottom_right_y: Option<i64>,
    /// The image itself as a data URI, where `include_image_base64` asked for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_base64: Option<String>,
    /// What `bbox_annotation_format` asked for, as JSON text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_annotation: Option<String>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Object<'static>,
}

/// A table of a page, apart from its text.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OcrTable {
    /// Its name in the page's Markdown.
    #[serde(default, deserialize_with = "or_default")]
    pub id: String,
    /// The table.
    #[serde(default, deserialize_with = "or_default")]
    pub content: String,
    /// `markdown` or `html`.
    #[serde(default, deserialize_with = "or_default")]
    pub format: String,
    /// How sure the model is of each word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub word_confidence_scores: Option<Vec<OcrWordConfidence>>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Object<'static>,
}

/// The size of a page's picture.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OcrDimensions {
    /// Dots per inch.
    #[serde(default, deserialize_with = "or_default")]
    pub dpi: u64,
    /// In pixels.
    #[serde(default, deserialize_with = "or_default")]
    pub height: u64,
    /// In pixels.
    #[serde(default, deserialize_with = "or_default")]
    pub width: u64,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Object<'static>,
}

/// A part of a page with its place.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OcrBlock {
    /// What it is: `text`, `title`, `list`, `table`, `image`, `equation`, `caption`, `code`, `references`, `aside_text`,
    /// `header`, `footer`, `signature`.
    #[serde(rename = "type", default, deserialize_with = "or_default")]
    pub kind: String,
    /// Its left edge.
    #[serde(default, deserialize_with = "or_default")]
    pub top_left_x: i64,
    /// Its upper edge.
    #[serde(default, deserialize_with = "or_default")]
    pub top_left_y: i64,
    /// Its right edge.
    #[serde(default, deserialize_with = "or_default")]
    pub bottom_right_x: i64,
    /// Its lower edge.
    #[serde(default, deserialize_with = "or_default")]
    pub bottom_right_y: i64,
    /// What stands in it.
    #[serde(default, deserialize_with = "or_default")]
    pub content: String,
    /// The image of the page that it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_id: Option<String>,
    /// The table of the page that it is, where tables come apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table_id: Option<String>,
    /// How sure the model is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence_scores: Option<OcrBlockConfidence>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Object<'static>,
}

/// How sure the model is of a page.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OcrPageConfidence {
    /// On the whole, 0 to 1.
    #[serde(default, deserialize_with = "or_default")]
    pub average_page_confidence_score: f64,
    /// Where it is least sure, 0 to 1.
    #[serde(default, deserialize_with = "or_default")]
    pub minimum_page_confidence_score: f64,
    /// Of each word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub word_confidence_scores: Option<Vec<OcrWordConfidence>>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Object<'static>,
}

/// How sure the model is of a block; what it cannot say is absent.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OcrBlockConfidence {
    /// Of its content on the whole, 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub average_content_confidence_score: Option<f64>,
    /// Of the word of which it is least sure, 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum_content_confidence_score: Option<f64>,
    /// Of what the block is, 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub block_type_confidence_score: Option<f64>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Object<'static>,
}

/// How sure the model is of a word.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OcrWordConfidence {
    /// The word.
    #[serde(default, deserialize_with = "or_default")]
    pub text: String,
    /// From 0 to 1.
    #[serde(default, deserialize_with = "or_default")]
    pub confidence: f64,
    /// Where it begins in the page's Markdown.
    #[serde(default, deserialize_with = "or_default")]
    pub start_index: u64,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Object<'static>,
}

/// What a call is billed by.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OcrUsage {
    /// How many pages were read.
    #[serde(default, deserialize_with = "or_default")]
    pub pages_processed: u64,
    /// The document's size.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doc_size_bytes: Option<u64>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Object<'static>,
}
