//! Files at the provider: what is uploaded, listed, fetched and deleted. Imports `json` and `error`.
//!
//! ```
//! use tramontane::files::{FilePart, FilePurpose, FilesUploadRequest};
//! let request = FilesUploadRequest::new(FilePart::text("rows.jsonl", "{\"body\": {}}\n")).purpose(FilePurpose::Batch);
//! assert_eq!(request.to_value()?.get("file").and_then(|file| file.get("name")?.as_str()), Some("rows.jsonl"));
//! # Ok::<(), tramontane::Error>(())
//! ```

use crate::error::Result;
use crate::json::{self, Object, Value, or_default};

/// The greatest file that can be uploaded, in bytes.
pub const MAX_FILE: u64 = 512 << 20;

/// A file in a request: its name, and its content where that stands in the request itself. Without `text` and `data`
/// whoever sends the request adds the content; a client does so for a file that was given to it as a path or as bytes.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct FilePart {
    /// The file's name, as the provider shall know it.
    pub name: String,
    /// What it is, for example `application/pdf`; told from the name's ending when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_type: Option<String>,
    /// The content, when it is text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The content, in base64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<String>,
    /// How many bytes the content has, when it does not stand here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
}

impl FilePart {
    /// A file whose content its sender adds.
    pub fn new(name: impl Into<String>) -> FilePart {
        FilePart { name: name.into(), ..FilePart::default() }
    }

    /// A file of some text.
    pub fn text(name: impl Into<String>, text: impl Into<String>) -> FilePart {
        FilePart { text: Some(text.into()), ..FilePart::new(name) }
    }

    /// What it is, when its name does not say it.
    #[must_use]
    pub fn content_type(mut self, content_type: impl Into<String>) -> Self {
        self.content_type = Some(content_type.into());
        self
    }

    /// How many bytes it has.
    #[must_use]
    pub fn size(mut self, size: u64) -> Self {
        self.size = Some(size);
        self
    }
}

/// What a file of this name is, by its ending; `application/octet-stream` for what is not known.
pub fn content_type(name: &str) -> &'static str {
    const ENDINGS: &[(&str, &str)] = &[
        ("aac", "audio/aac"),
        ("csv", "text/csv"),
        ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("epub", "application/epub+zip"),
        ("flac", "audio/flac"),
        ("gif", "image/gif"),
        ("htm", "text/html"),
        ("html", "text/html"),
        ("jpeg", "image/jpeg"),
        ("jpg", "image/jpeg"),
        ("json", "application/json"),
        ("jsonl", "application/jsonl"),
        ("m4a", "audio/mp4"),
        ("md", "text/markdown"),
        ("mp3", "audio/mpeg"),
        ("mp4", "video/mp4"),
        ("oga", "audio/ogg"),
        ("ogg", "audio/ogg"),
        ("opus", "audio/opus"),
        ("pdf", "application/pdf"),
        ("png", "image/png"),
        ("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
        ("tif", "image/tiff"),
        ("tiff", "image/tiff"),
        ("txt", "text/plain"),
        ("wav", "audio/wav"),
        ("webm", "video/webm"),
        ("webp", "image/webp"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("xml", "application/xml"),
    ];
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
    ENDINGS.iter().find(|(known, _)| *known == ending).map_or("application/octet-stream", |(_, content_type)| content_type)
}

/// What a file is for.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum FilePurpose {
    /// To train a model.
    #[serde(rename = "fine-tune")]
    FineTune,
    /// Rows of a batch.
    Batch,
    /// To be read by OCR.
    Ocr,
    /// To be transcribed.
    Audio,
    /// To judge the safety of agents.
    AgenticSafety,
    /// A purpose that this version does not know.
    #[serde(untagged)]
    Other(String),
}

/// Who can see a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum FileVisibility {
    /// Everybody in the workspace.
    Workspace,
    /// Who uploaded it.
    User,
}

/// A file to upload.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct FilesUploadRequest {
    /// The file: at most 512 MB.
    pub file: FilePart,
    /// What it is for; the provider tells it from the content when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<FilePurpose>,
    /// After how many hours it goes; it stays when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expiry: Option<u64>,
    /// Who can see it; the workspace when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "FileVisibility"))]
    pub visibility: Option<FileVisibility>,
}

/// Each method sets one field and gives the request back.
impl FilesUploadRequest {
    /// A request to upload a file.
    pub fn new(file: FilePart) -> FilesUploadRequest {
        FilesUploadRequest { file, ..FilesUploadRequest::default() }
    }

    /// What it is for.
    #[must_use]
    pub fn purpose(mut self, purpose: FilePurpose) -> Self {
        self.purpose = Some(purpose);
        self
    }

    /// After how many hours it goes.
    #[must_use]
    pub fn expiry(mut self, hours: u64) -> Self {
        self.expiry = Some(hours);
        self
    }

    /// Who can see it.
    #[must_use]
    pub fn visibility(mut self, visibility: FileVisibility) -> Self {
        self.visibility = Some(visibility);
        self
    }

    /// The request as a tree: what `check`, `build` and a client take.
    ///
    /// # Errors
    /// None that a request of these types can have.
    pub fn to_value(&self) -> Result<Value<'static>> {
        json::to_value(self)
    }
}

/// Which files to list.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct FilesListRequest {
    /// Which page, from 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "u64"))]
    pub page: Option<u64>,
    /// How many files a page has; 100 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "u64"))]
    pub page_size: Option<u64>,
    /// Whether to count all files; they are counted when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "bool"))]
    pub include_total: Option<bool>,
    /// Only files of these kinds: `pretrain`, `instruct`, `batch_request`, `batch_result`, `batch_error`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sample_type: Option<Vec<String>>,
    /// Only files from there: `upload`, `repository`, `mistral`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Vec<String>>,
    /// Only files whose name has this in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<String>,
    /// Only files for this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<FilePurpose>,
    /// Only files of these types of content.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mimetypes: Option<Vec<String>>,
}

macro_rules! of_a_file {
    ($($(#[doc = $doc:literal])+ $name:ident;)*) => {
        $($(#[doc = $doc])+
        #[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[serde(deny_unknown_fields)]
        #[non_exhaustive]
        pub struct $name {
            /// The file's id.
            pub file_id: String,
        }

        impl $name {
            /// A request for the file of this id.
            pub fn new(file_id: impl Into<String>) -> $name {
                $name { file_id: file_id.into() }
            }
        })*
    };
}

of_a_file! {
    /// Which file to look at.
    FilesRetrieveRequest;
    /// Which file to delete.
    FilesDeleteRequest;
    /// Which file to download.
    FilesDownloadRequest;
}

/// For which file a link is wanted.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct FilesSignedUrlRequest {
    /// The file's id.
    pub file_id: String,
    /// For how many hours the link holds, 1 to 168; 24 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "u64", range(min = 1, max = 168)))]
    pub expiry: Option<u64>,
}

impl FilesSignedUrlRequest {
    /// A request for a link to the file of this id.
    pub fn new(file_id: impl Into<String>) -> FilesSignedUrlRequest {
        FilesSignedUrlRequest { file_id: file_id.into(), expiry: None }
    }

    /// For how many hours the link holds.
    #[must_use]
    pub fn expiry(mut self, hours: u64) -> Self {
        self.expiry = Some(hours);
        self
    }
}

/// A file at the provider.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FileObject {
    /// Its id.
    #[serde(default, deserialize_with = "or_default")]
    pub id: String,
    /// Always `file`.
    #[serde(default, deserialize_with = "or_default")]
    pub object: String,
    /// How many bytes it has, when the provider says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
    /// When it was made, in Unix seconds.
    #[serde(default, deserialize_with = "or_default")]
    pub created_at: i64,
    /// Its name.
    #[serde(default, deserialize_with = "or_default")]
    pub filename: String,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<FilePurpose>,
    /// Its kind: `batch_request`, `batch_result`, `ocr_input`, …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sample_type: Option<String>,
    /// Where it came from: `upload`, `repository`, `mistral`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// How many lines it has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub num_lines: Option<u64>,
    /// The type of its content.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mimetype: Option<String>,
    /// A fingerprint of its content.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<String>,
    /// When it goes, in Unix seconds; absent when it stays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<i64>,
    /// Who can see it: `workspace` or `user`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visibility: Option<String>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Object<'static>,
}

/// A page of files.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FileList {
    /// The files.
    #[serde(default, deserialize_with = "or_default")]
    pub data: Vec<FileObject>,
    /// Always `list`.
    #[serde(default, deserialize_with = "or_default")]
    pub object: String,
    /// How many files there are on all pages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<u64>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Object<'static>,
}

/// A file that was deleted.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FileDeleted {
    /// Its id.
    #[serde(default, deserialize_with = "or_default")]
    pub id: String,
    /// Always `file`.
    #[serde(default, deserialize_with = "or_default")]
    pub object: String,
    /// Whether it is gone.
    #[serde(default, deserialize_with = "or_default")]
    pub deleted: bool,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Object<'static>,
}

/// A link to a file: whoever has it can read the file, without a key.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FileSignedUrl {
    /// The link.
    #[serde(default, deserialize_with = "or_default")]
    pub url: String,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Object<'static>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_tell_the_type_of_a_content() {
        assert_eq!(content_type("a.mp3"), "audio/mpeg");
        assert_eq!(content_type("dir.x/A.PDF"), "application/pdf");
        for name in ["rows", "x.", ".gitignore", "a.weird"] {
            assert_eq!(content_type(name), "application/octet-stream", "{name}");
        }
    }

    #[test]
    fn a_purpose_that_nobody_knows_is_kept() {
        let tree = json::parse(br#"{"id":"1","purpose":"novel","sample_type":"ocr_input","x":1}"#).unwrap();
        let file: FileObject = json::from_value(&tree).unwrap();
        assert_eq!(file.purpose, Some(FilePurpose::Other("novel".into())));
        let back = json::to_value(&file).unwrap();
        assert_eq!(back.get("purpose").and_then(Value::as_str), Some("novel"));
        assert_eq!(back.get("x").and_then(Value::as_i64), Some(1));
    }
}
