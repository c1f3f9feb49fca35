//! What a request carries: bytes, or pieces of which some are read while they are sent.

use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue};
use http_body::{Frame, SizeHint};
use tokio::time::{Instant, timeout_at};

use super::Timeouts;
use super::clock::Clock;
use super::send::Limit;
use super::upload::{Counted, FileSource};
use crate::error::{Error, ErrorKind, Result};
use crate::wire::{Prepared, form};

/// What a request carries. Cloning it copies nothing.
#[derive(Clone, Debug)]
pub enum Payload {
    /// Bytes.
    Bytes(Bytes),
    /// What is read while it is sent.
    Streamed(Streamed),
}

impl Payload {
    /// The bytes; none where they are read while they are sent.
    pub fn as_bytes(&self) -> &[u8] {
        match self {
            Payload::Bytes(bytes) => bytes,
            Payload::Streamed(_) => &[],
        }
    }

    /// Whether it can be sent (again) now.
    pub(super) fn is_there(&self) -> bool {
        match self {
            Payload::Bytes(_) => true,
            Payload::Streamed(streamed) => streamed.is_there(),
        }
    }
}

/// What carries the body of a prepared request. A form of parts gets its boundary here, where there is chance.
pub(super) fn of(
    prepared: &Prepared<'_>,
    file: Option<&FileSource>,
    clock: &dyn Clock,
    headers: &mut HeaderMap,
) -> Result<Payload> {
    let boundary = format!("tramontane-{:013x}{:013x}", digits(clock), digits(clock));
    let Some(pieces) = prepared.multipart(&boundary)? else { return Ok(Payload::Bytes(prepared.body_bytes().into())) };
    let pieces = pieces.into_iter().map(|piece| match piece {
        form::Piece::Bytes(bytes) => Ok(Piece::Bytes(bytes.into())),
        form::Piece::File(field) => match file.filter(|_| field == "file") {
            Some(file) => Ok(Piece::File(file.clone())),
            None => Err(Error::new(ErrorKind::InvalidRequest, format!("the content of `{field}` is missing"))
                .with_path(field)
                .with_hint("give it as `text` or `data`, or hand the file itself to the client")),
        },
    });
    let pieces: Vec<Piece> = pieces.collect::<Result<_>>()?;
    if let Ok(kind) = HeaderValue::from_str(&format!("{}; boundary={boundary}", form::MULTIPART)) {
        headers.insert(CONTENT_TYPE, kind);
    }
    Ok(Payload::Streamed(Streamed::new(pieces)))
}

/// 52 bits of chance.
fn digits(clock: &dyn Clock) -> u64 {
    (clock.chance() * (1_u64 << 52) as f64) as u64
}

/// A piece of a body.
#[derive(Clone, Debug)]
pub enum Piece {
    /// Bytes.
    Bytes(Bytes),
    /// The content of a file.
    File(FileSource),
}

/// A body that is read while it is sent.
#[derive(Clone, Debug)]
pub struct Streamed {
    pieces: Arc<[Piece]>,
    /// Of the attempt that is under way.
    progress: Arc<Mutex<Progress>>,
}

#[derive(Debug, Default)]
struct Progress {
    /// When the last piece went out, or the attempt began.
    moved: Option<Instant>,
    /// Whether all has gone out.
    finished: bool,
    /// Why the body could not be read on.
    failure: Option<Error>,
}

impl Streamed {
    /// A body of pieces, in their order.
    pub fn new(pieces: impl Into<Arc<[Piece]>>) -> Streamed {
        Streamed { pieces: pieces.into(), progress: Arc::default() }
    }

    /// How many bytes it has, when that is known.
    pub fn length(&self) -> Option<u64> {
        self.pieces.iter().try_fold(0_u64, |sum, piece| match piece {
            Piece::Bytes(bytes) => Some(sum + bytes.len() as u64),
            Piece::File(file) => Some(sum + file.length()?),
        })
    }

    /// The body of one attempt.
    pub fn open(&self) -> Outgoing {
        *self.progress() = Progress { moved: Some(Instant::now()), ..Progress::default() };
        Outgoing { streamed: self.clone(), next: 0, file: None, left: self.length() }
    }

    fn is_there(&self) -> bool {
        self.pieces.iter().all(|piece| match piece {
            Piece::Bytes(_) => true,
            Piece::File(file) => file.is_there(),
        })
    }

    fn progress(&self) -> MutexGuard<'_, Progress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for the answer to an attempt. As long as pieces go out, only a silence counts; the wait for the answer begins
    /// when all have gone. Gives the limit that the first byte of the answer has.
    pub(super) async fn watch<T>(
        &self,
        timeouts: &Timeouts,
        deadline: Option<Limit>,
        sending: impl Future<Output = Result<T>>,
    ) -> Result<(T, Limit)> {
        let mut sending = pin!(sending);
        loop {
            let limit = self.limit(timeouts, deadline);
            match timeout_at(limit.at, sending.as_mut()).await {
                Ok(Ok(answer)) => return Ok((answer, self.limit(timeouts, deadline))),
                // The body's own failure says more than that the connection broke.
                Ok(Err(error)) => return Err(self.progress().failure.take().unwrap_or(error)),
                Err(_) if self.limit(timeouts, deadline).at > limit.at => {}
                Err(_) => return Err(limit.error()),
            }
        }
    }

    fn limit(&self, timeouts: &Timeouts, deadline: Option<Limit>) -> Limit {
        let (moved, finished) = {
            let progress = self.progress();
            (progress.moved.unwrap_or_else(Instant::now), progress.finished)
        };
        let limit = match finished {
            true => Limit::new("first_event", moved, timeouts.first_event),
            false => Limit::new("upload", moved, timeouts.idle),
        };
        limit.or(deadline)
    }
}

/// A body on its way.
pub struct Outgoing {
    streamed: Streamed,
    next: usize,
    file: Option<Counted>,
    left: Option<u64>,
}

impl Outgoing {
    fn poll_piece(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes>>> {
        loop {
            if let Some(file) = &mut self.file {
                match ready!(file.poll_chunk(cx)) {
                    None => self.file = None,
                    piece => return Poll::Ready(piece),
                }
            }
            let Some(piece) = self.streamed.pieces.get(self.next) else { return Poll::Ready(None) };
            self.next += 1;
            match piece {
                Piece::Bytes(bytes) if bytes.is_empty() => {}
                Piece::Bytes(bytes) => return Poll::Ready(Some(Ok(bytes.clone()))),
                Piece::File(file) => match file.open() {
                    Ok(file) => self.file = Some(file),
                    Err(error) => return Poll::Ready(Some(Err(error))),
                },
            }
        }
    }
}

impl http_body::Body for Outgoing {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<std::result::Result<Frame<Bytes>, Error>>> {
        let polled = ready!(self.poll_piece(cx));
        let mut progress = self.streamed.progress.lock().unwrap_or_else(PoisonError::into_inner);
        progress.moved = Some(Instant::now());
        Poll::Ready(match polled {
            None => {
                progress.finished = true;
                None
            }
            Some(Err(error)) => {
                progress.failure = Some(error);
                Some(Err(Error::new(ErrorKind::InvalidRequest, "the body could not be read")))
            }
            Some(Ok(piece)) => {
                drop(progress);
                self.left = self.left.map(|left| left.saturating_sub(piece.len() as u64));
                // Who knows the length asks no further than the last byte.
                if self.left == Some(0) {
                    self.streamed.progress().finished = true;
                }
                Some(Ok(Frame::data(piece)))
            }
        })
    }

    fn is_end_stream(&self) -> bool {
        self.left == Some(0)
    }

    fn size_hint(&self) -> SizeHint {
        self.left.map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}
