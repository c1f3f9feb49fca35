//! Files, for programs that block.

use std::path::Path;
use std::pin::Pin;

use bytes::Bytes;
use futures_core::Stream as _;

use super::super::resources::{Answer, BatchResults as Inner};
use super::super::{BatchWait, FileSource, ReplyMeta};
use super::{AudioTranscriptions, Batch, Files, block_on};
use crate::batch::BatchJob;
use crate::error::Result;
use crate::wire::BatchRow;

impl Files<'_> {
    /// As [`resources::Files::file`](super::super::resources::Files::file).
    #[must_use]
    pub fn file(self, file: FileSource) -> Self {
        Files(self.0.file(file))
    }
}

impl AudioTranscriptions<'_> {
    /// As [`resources::AudioTranscriptions::file`](super::super::resources::AudioTranscriptions::file).
    #[must_use]
    pub fn file(self, file: FileSource) -> Self {
        AudioTranscriptions(self.0.file(file))
    }
}

impl Batch<'_> {
    /// As [`resources::Batch::wait`](super::super::resources::Batch::wait).
    ///
    /// # Errors
    /// As there.
    pub fn wait(&self, job_id: &str, wait: &BatchWait, progress: impl FnMut(&BatchJob)) -> Result<Answer<BatchJob>> {
        block_on(self.0.wait(job_id, wait, progress))
    }

    /// As [`resources::Batch::results`](super::super::resources::Batch::results).
    ///
    /// # Errors
    /// As there.
    pub fn results(&self, job: &BatchJob) -> Result<BatchResults> {
        block_on(self.0.results(job)).map(|inner| BatchResults { inner })
    }
}

/// The results of a job, for programs that block: an iterator of rows.
#[derive(Debug)]
pub struct BatchResults {
    inner: Inner,
}

impl Iterator for BatchResults {
    type Item = Result<BatchRow>;

    fn next(&mut self) -> Option<Self::Item> {
        block_on(self.inner.next()).transpose()
    }
}

/// A file on its way here, for programs that block. As an iterator it gives one chunk after the other; dropping it closes its
/// connection.
#[derive(Debug)]
pub struct Download {
    inner: super::super::Download,
}

impl Download {
    pub(super) fn new(inner: super::super::Download) -> Download {
        Download { inner }
    }

    /// How many bytes it has, when the server said so.
    pub fn length(&self) -> Option<u64> {
        self.inner.length()
    }

    /// The next bytes; `None` after the last.
    ///
    /// # Errors
    /// As [`super::super::Download::chunk`].
    pub fn chunk(&mut self) -> Result<Option<Bytes>> {
        block_on(self.inner.chunk())
    }

    /// The whole file.
    ///
    /// # Errors
    /// As [`super::super::Download::bytes`].
    pub fn bytes(&mut self) -> Result<Bytes> {
        block_on(self.inner.bytes())
    }

    /// Writes it to a path, whole or not at all, and gives the number of its bytes.
    ///
    /// # Errors
    /// As [`super::super::Download::save`].
    pub fn save(&mut self, path: impl AsRef<Path>) -> Result<u64> {
        block_on(self.inner.save(path))
    }

    /// What is known before the end: status, request id, warnings.
    pub fn meta(&self) -> ReplyMeta {
        self.inner.meta()
    }
}

impl Iterator for Download {
    type Item = Result<Bytes>;

    fn next(&mut self) -> Option<Self::Item> {
        match block_on(std::future::poll_fn(|cx| Pin::new(&mut self.inner).poll_next(cx).map(Option::transpose))) {
            Ok(chunk) => chunk.map(Ok),
            Err(error) => Some(Err(error)),
        }
    }
}
