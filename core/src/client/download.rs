//! Files on their way here: chunks as the network brings them, with a limit on every silence, and never half a file under
//! its own name.

use std::fs::{self, File};
use std::future::poll_fn;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use tokio::time::Instant;

use super::ReplyMeta;
use super::patience::Patience;
use super::redact::Redactor;
use super::send::{Limit, Run};
use super::transport::Body;
use crate::error::{Error, ErrorKind, Fields, Result};

/// How much is gathered before it is written.
const PIECE: usize = 1 << 20;

/// A file on its way here. Dropping it closes its connection.
pub struct Download {
    body: Option<Box<dyn Body>>,
    length: Option<u64>,
    received: u64,
    meta: ReplyMeta,
    failed: Option<Box<Fields>>,
    patience: Patience,
    idle: std::time::Duration,
    deadline: Option<Limit>,
    started: Instant,
    /// To take keys out of errors.
    redactor: Redactor,
}

impl std::fmt::Debug for Download {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut shown = f.debug_struct("Download");
        shown.field("received", &self.received).field("length", &self.length).field("meta", &self.meta).finish_non_exhaustive()
    }
}

impl Download {
    pub(super) fn new(body: Box<dyn Body>, meta: ReplyMeta, first: Limit, run: &Run<'_>) -> Download {
        Download {
            length: body.remaining(),
            body: Some(body),
            received: 0,
            meta,
            failed: None,
            patience: Patience::new(first),
            idle: run.idle(),
            deadline: run.deadline,
            started: run.started,
            redactor: run.redactor(),
        }
    }

    /// How many bytes it has, when the server said so.
    pub fn length(&self) -> Option<u64> {
        self.length
    }

    /// What it is, as the server said: `application/pdf`.
    pub fn content_type(&self) -> Option<&str> {
        self.meta.raw.as_ref()?.headers.get("content-type")?.to_str().ok()
    }

    /// How many bytes have come.
    pub fn received(&self) -> u64 {
        self.received
    }

    /// What is known before the end: status, request id, warnings.
    pub fn meta(&self) -> ReplyMeta {
        ReplyMeta { elapsed: self.started.elapsed(), ..self.meta.clone() }
    }

    /// The next bytes, as the network brought them; `None` after the last.
    ///
    /// # Errors
    /// `connection` when it broke, `timeout` when nothing came; given again when asked again.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>> {
        poll_fn(|cx| self.poll_chunk(cx)).await
    }

    /// [`Download::chunk`], polled.
    pub fn poll_chunk(&mut self, cx: &mut Context<'_>) -> Poll<Result<Option<Bytes>>> {
        if let Some(fields) = &self.failed {
            return Poll::Ready(Err(super::stream::again(fields)));
        }
        let Some(body) = &mut self.body else { return Poll::Ready(Ok(None)) };
        let polled = match body.poll_chunk(cx) {
            Poll::Pending => Some(Err(ready!(self.patience.poll_over(cx)))),
            Poll::Ready(polled) => polled,
        };
        Poll::Ready(match polled {
            Some(Ok(chunk)) => {
                self.received += chunk.len() as u64;
                self.patience.until(Limit::new("idle", Instant::now(), self.idle).or(self.deadline));
                Ok(Some(chunk))
            }
            Some(Err(error)) => Err(self.fail(error)),
            None => {
                self.body = None;
                match self.length.filter(|length| self.received < *length) {
                    None => Ok(None),
                    Some(length) => {
                        let what = format!("the file ended after {} of its {length} bytes", self.received);
                        Err(self.fail(Error::new(ErrorKind::Connection, what)))
                    }
                }
            }
        })
    }

    /// The whole file. It lies in memory then: for large ones there are [`Download::chunk`] and [`Download::save`].
    ///
    /// # Errors
    /// As [`Download::chunk`].
    pub async fn bytes(&mut self) -> Result<Bytes> {
        let mut whole = BytesMut::with_capacity(self.length.unwrap_or(0).min(PIECE as u64) as usize);
        while let Some(chunk) = self.chunk().await? {
            whole.extend_from_slice(&chunk);
        }
        Ok(whole.freeze())
    }

    /// Writes it to a path and gives the number of its bytes. What comes is written beside it first and moved there when
    /// it is whole: a file that was there before stays as it was until then, and for good when the download fails.
    ///
    /// # Errors
    /// As [`Download::chunk`], and `configuration` when it cannot be written.
    pub async fn save(&mut self, path: impl AsRef<Path>) -> Result<u64> {
        let path = path.as_ref().to_owned();
        let mut part = blocking({
            let path = path.clone();
            move || Part::beside(&path).map_err(|error| unwritable(&path, &error))
        })
        .await?;
        let mut gathered = BytesMut::new();
        loop {
            let chunk = self.chunk().await?;
            let ended = chunk.is_none();
            gathered.extend_from_slice(&chunk.unwrap_or_default());
            if gathered.len() >= PIECE || (ended && !gathered.is_empty()) {
                let bytes = gathered.split().freeze();
                let path = path.clone();
                part = blocking(move || match part.write(&bytes) {
                    Ok(()) => Ok(part),
                    Err(error) => Err(unwritable(&path, &error)),
                })
                .await?;
            }
            if ended {
                break;
            }
        }
        blocking(move || part.keep(&path).map_err(|error| unwritable(&path, &error))).await?;
        Ok(self.received)
    }

    fn fail(&mut self, error: Error) -> Error {
        self.body = None;
        let http = &self.meta.http;
        let error = error.with(|error| {
            error.provider.get_or_insert_with(|| http.provider.clone());
            error.status.get_or_insert(http.status);
            error.request_id = error.request_id.take().or_else(|| http.request_id.clone());
            self.redactor.redact(error);
        });
        self.failed = Some(Box::new((*error).clone()));
        error
    }
}

/// One chunk after the other.
impl Stream for Download {
    type Item = Result<Bytes>;

    fn poll_next(mut self: std::pin::Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        // An error ends the stream of chunks; asked again, it would give it for ever.
        if self.failed.is_some() {
            return Poll::Ready(None);
        }
        Poll::Ready(ready!(self.poll_chunk(cx)).transpose())
    }
}

/// A file that is being written under a name of its own; goes when it is not kept.
struct Part {
    file: Option<File>,
    path: PathBuf,
}

impl Part {
    fn beside(path: &Path) -> io::Result<Part> {
        let name = path.file_name().ok_or_else(|| io::Error::other("the path has no file name"))?;
        if path.is_dir() {
            return Err(io::Error::other("it is a folder"));
        }
        for _ in 0..16 {
            let mut own = std::ffi::OsString::from(".");
            own.push(name);
            own.push(format!(".{:08x}.part", fastrand::u32(..)));
            let own = path.with_file_name(own);
            match File::create_new(&own) {
                Ok(file) => return Ok(Part { file: Some(file), path: own }),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
        Err(io::Error::other("no free name beside it"))
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.as_mut().map_or(Ok(()), |file| file.write_all(bytes))
    }

    fn keep(mut self, path: &Path) -> io::Result<()> {
        if let Some(file) = &self.file {
            // After a crash there is the old file or the new one, and not a new one full of holes.
            file.sync_all()?;
        }
        // Closed before it is moved: some systems move no open file.
        let file = self.file.take();
        drop(file);
        fs::rename(&self.path, path).inspect_err(|_| drop(fs::remove_file(&self.path)))
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        if let Some(file) = self.file.take() {
            drop(file);
            let _ = fs::remove_file(&self.path);
        }
    }
}

fn unwritable(path: &Path, error: &io::Error) -> Error {
    Error::new(ErrorKind::Configuration, format!("`{}` cannot be written: {error}", path.display())).with_path("path")
}

/// Runs what blocks where it harms nobody.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    let gone = |_| Error::new(ErrorKind::Internal, "the thread that writes the file ended");
    tokio::task::spawn_blocking(work).await.map_err(gone)?
}
