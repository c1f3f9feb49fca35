//! Files, and sound from files: the content comes from a path, from bytes, or from whatever can be read.
//!
//! ```no_run
//! # async fn example() -> tramontane::Result<()> {
//! use tramontane::client::{Client, FileSource};
//! use tramontane::files::{FilePurpose, FilesDownloadRequest, FilesUploadRequest};
//! let client = Client::from_env()?;
//! let request = FilesUploadRequest::default().purpose(FilePurpose::Ocr);
//! let file = client.files().file(FileSource::path("report.pdf")?).upload(&request).await?;
//! client.files().download(&FilesDownloadRequest::new(&file.id)).await?.save("copy.pdf").await?;
//! # Ok(()) }
//! ```

use super::{AudioTranscriptions, Files};
use crate::client::FileSource;

impl Files<'_> {
    /// With this file: what the request says of its `file` counts, its content comes from here.
    #[must_use]
    pub fn file(mut self, file: FileSource) -> Self {
        self.options.file = Some(file);
        self
    }
}

impl AudioTranscriptions<'_> {
    /// With this recording, in the place of the request's `file`.
    #[must_use]
    pub fn file(mut self, file: FileSource) -> Self {
        self.options.file = Some(file);
        self
    }
}
