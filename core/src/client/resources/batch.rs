//! Batches: waiting for a job, and its results.
//!
//! ```no_run
//! # async fn example(job: tramontane::batch::BatchJob) -> tramontane::Result<()> {
//! use tramontane::client::{BatchWait, Client};
//! let client = Client::from_env()?;
//! let job = client.batch().wait(&job.id, &BatchWait::default(), |job| println!("{} done", job.completed_requests)).await?;
//! let mut results = client.batch().results(&job).await?;
//! while let Some(row) = results.next().await? {
//!     println!("{:?}: {:?}", row.custom_id, row.outcome);
//! }
//! # Ok(()) }
//! ```

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

use super::{Answer, Batch};
use crate::batch::{BatchGetRequest, BatchJob};
use crate::client::{Client, Download};
use crate::error::{Error, ErrorKind, Result};
use crate::files::FilesDownloadRequest;
use crate::json::Value;
use crate::wire::prepared::DEFAULT_PROVIDER;
use crate::wire::{BatchRow, RowReader};

/// How a job is waited for.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct BatchWait {
    /// How long to wait before the job is looked at for the second time; each further wait is half as long again.
    pub first: Duration,
    /// The longest wait between two looks.
    pub longest: Duration,
    /// How long to wait in all; for ever when `None`. The job goes on when the wait ends.
    pub deadline: Option<Duration>,
}

impl Default for BatchWait {
    fn default() -> Self {
        BatchWait { first: Duration::from_secs(2), longest: Duration::from_secs(60), deadline: None }
    }
}

impl Client {
    /// What reads the results of a batch out of its files, however they are fetched: for an endpoint, and a job's model, which
    /// prices them.
    ///
    /// # Errors
    /// `invalid_request` for a provider that is not known, `unsupported` for one whose protocol is not spoken here.
    pub fn rows(&self, endpoint: &str, model: Option<String>) -> Result<RowReader> {
        let provider = self.inner.options.provider.as_deref().unwrap_or(DEFAULT_PROVIDER);
        Ok(RowReader::new(provider, endpoint)?.priced(model, self.inner.policy()))
    }
}

impl Batch<'_> {
    /// Waits until nothing more will happen to a job, and gives it as it is then: done is not the same as every request
    /// answered. `progress` sees the job each time it is looked at.
    ///
    /// # Errors
    /// `timeout` when the deadline has passed, and every kind that sending has.
    pub async fn wait(&self, job_id: &str, wait: &BatchWait, mut progress: impl FnMut(&BatchJob)) -> Result<Answer<BatchJob>> {
        let request = BatchGetRequest::new(job_id);
        let started = Instant::now();
        let mut pause = wait.first;
        loop {
            let job = self.get(&request).await?;
            progress(&job);
            if job.is_final() {
                return Ok(job);
            }
            let left = wait.deadline.map(|deadline| deadline.saturating_sub(started.elapsed()));
            if left.is_some_and(|left| left.is_zero()) {
                return Err(too_late(&job, wait.deadline.unwrap_or_default()));
            }
            self.client.inner.clock.sleep(left.map_or(pause, |left| pause.min(left))).await;
            pause = pause.mul_f64(1.5).min(wait.longest);
        }
    }

    /// The results of a job, row by row, in the order in which the provider wrote them: those that stand in the job, then
    /// its file of answers, then its file of errors. Nothing of a file lies in memory but the row that is read.
    ///
    /// # Errors
    /// Every kind that sending has.
    pub async fn results(&self, job: &BatchJob) -> Result<BatchResults> {
        let mut reader = self.client.rows(&job.endpoint, job.model.clone())?;
        let inline = job.outputs.iter().flatten().map(|row| reader.row(&Value::Object(row.clone()))).collect();
        let files = match &job.outputs {
            Some(_) => VecDeque::new(),
            None => job.output_file.iter().chain(&job.error_file).cloned().collect(),
        };
        Ok(BatchResults { client: self.client.clone(), options: self.options.clone(), reader, ready: inline, files, open: None })
    }
}

fn too_late(job: &BatchJob, deadline: Duration) -> Error {
    let done = format!("{} of {} requests are done", job.completed_requests, job.total_requests);
    Error::new(ErrorKind::Timeout, format!("the job `{}` did not end within {} s: {done}", job.id, deadline.as_secs_f64()))
        .with_hint("the job goes on: wait again, or cancel it")
}

/// The results of a job.
#[derive(Debug)]
pub struct BatchResults {
    client: Client,
    options: crate::client::CallOptions,
    reader: RowReader,
    ready: VecDeque<BatchRow>,
    files: VecDeque<String>,
    open: Option<Download>,
}

impl BatchResults {
    /// The next row; `None` after the last. A row whose request failed holds its error, and so does a line that is broken.
    ///
    /// # Errors
    /// Every kind that fetching a file has.
    pub async fn next(&mut self) -> Result<Option<BatchRow>> {
        loop {
            if let Some(row) = self.ready.pop_front() {
                return Ok(Some(row));
            }
            let mut rows = Vec::new();
            match &mut self.open {
                None => match self.files.pop_front() {
                    None => return Ok(None),
                    Some(file) => self.open = Some(self.fetch(&file).await?),
                },
                Some(open) => match open.chunk().await? {
                    Some(chunk) => self.reader.push(&chunk, &mut rows),
                    None => {
                        self.reader.end(&mut rows);
                        self.open = None;
                    }
                },
            }
            self.ready.extend(rows);
        }
    }

    async fn fetch(&self, file: &str) -> Result<Download> {
        let files = self.client.files().with(self.options.clone());
        files.download(&FilesDownloadRequest::new(file)).await
    }
}
