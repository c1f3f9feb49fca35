//! Files: what is uploaded is a path, bytes, or pieces that JavaScript gives when they are wanted; what is downloaded goes
//! over the bridge as bytes.

use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use napi::bindgen_prelude::Uint8Array;
use napi_derive::napi;
use tokio::sync::Semaphore;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tramontane::client::transport::Body;
use tramontane::client::{Content, Download, FileSource};
use tramontane::json::{Object, Value};
use tramontane::{Error, ErrorKind, Result, wire};

use crate::bridge::{Answer, Kind, Sink};
use crate::{client, failure};

type Piece = std::result::Result<Bytes, String>;

enum Origin {
    Path(String),
    Bytes(Bytes),
    /// Pieces that JavaScript gives one by one.
    Pieces(Option<u64>, Mutex<Option<Receiver<Piece>>>),
}

/// A file to upload.
#[napi]
pub struct FileInput {
    origin: Origin,
    name: Option<String>,
    content_type: Option<String>,
    give: Option<Sender<Piece>>,
}

#[napi]
impl FileInput {
    /// The file at a path.
    #[napi(factory)]
    pub fn path(path: String, name: Option<String>, content_type: Option<String>) -> FileInput {
        FileInput { origin: Origin::Path(path), name, content_type, give: None }
    }

    /// Bytes.
    #[napi(factory)]
    pub fn bytes(bytes: Uint8Array, name: String, content_type: Option<String>) -> FileInput {
        FileInput { origin: Origin::Bytes(bytes.to_vec().into()), name: Some(name), content_type, give: None }
    }

    /// Pieces that come when they are wanted.
    #[napi(factory)]
    pub fn pieces(length: Option<f64>, name: String, content_type: Option<String>) -> FileInput {
        let (give, take) = channel(2);
        let length = length.filter(|length| *length >= 0.0).map(|length| length as u64);
        FileInput { origin: Origin::Pieces(length, Mutex::new(Some(take))), name: Some(name), content_type, give: Some(give) }
    }

    /// Gives the piece that was wanted.
    #[napi]
    pub fn push(&self, piece: Uint8Array) {
        if let Some(give) = &self.give {
            // Who gives more than was wanted has more than the queue holds; nobody does.
            let _ = give.try_send(Ok(Bytes::from(piece.to_vec())));
        }
    }

    /// There are no more pieces.
    #[napi]
    pub fn end(&mut self) {
        self.give = None;
    }

    /// The pieces cannot be read on.
    #[napi]
    pub fn fail(&mut self, why: String) {
        if let Some(give) = self.give.take() {
            let _ = give.try_send(Err(why));
        }
    }
}

impl FileInput {
    /// What the core sends; `sink` is where it asks for pieces. Pieces can be had once.
    pub fn source(&self) -> Result<Unbound> {
        let take = match &self.origin {
            Origin::Pieces(length, take) => {
                let take = take.lock().unwrap_or_else(PoisonError::into_inner).take();
                let used = || Error::new(ErrorKind::InvalidRequest, "the file was read before").with_path("file");
                From::Pieces(*length, take.ok_or_else(used)?)
            }
            Origin::Path(path) => From::Path(path.clone()),
            Origin::Bytes(bytes) => From::Bytes(bytes.clone()),
        };
        Ok(Unbound { from: take, name: self.name.clone(), content_type: self.content_type.clone() })
    }
}

enum From {
    Path(String),
    Bytes(Bytes),
    Pieces(Option<u64>, Receiver<Piece>),
}

/// A file that does not know yet whom to ask for its pieces.
pub struct Unbound {
    from: From,
    name: Option<String>,
    content_type: Option<String>,
}

impl Unbound {
    /// The file of a call, whose messages go to `sink`.
    pub fn bind(self, sink: &Sink) -> Result<FileSource> {
        let file = match self.from {
            From::Path(path) => FileSource::path(path)?,
            From::Bytes(bytes) => FileSource::bytes(String::new(), bytes),
            From::Pieces(length, take) => {
                let pieces = Pieces { length, take: Mutex::new(Some(take)), sink: sink.clone() };
                FileSource::new(String::new(), Arc::new(pieces))
            }
        };
        let file = match self.name {
            Some(name) => file.named(name),
            None => file,
        };
        Ok(match self.content_type {
            Some(kind) => file.content_type(kind),
            None => file,
        })
    }
}

struct Pieces {
    length: Option<u64>,
    take: Mutex<Option<Receiver<Piece>>>,
    sink: Sink,
}

impl Content for Pieces {
    fn length(&self) -> Option<u64> {
        self.length
    }

    fn is_there(&self) -> bool {
        self.take.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    fn open(&self) -> Result<Box<dyn Body>> {
        let take = self.take.lock().unwrap_or_else(PoisonError::into_inner).take();
        let take =
            take.ok_or_else(|| Error::new(ErrorKind::InvalidRequest, "the file cannot be read twice").with_path("file"))?;
        Ok(Box::new(Asking { take, sink: self.sink.clone(), asked: false }))
    }
}

/// Asks for one piece after the other.
struct Asking {
    take: Receiver<Piece>,
    sink: Sink,
    asked: bool,
}

impl Body for Asking {
    fn poll_chunk(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes>>> {
        if !self.asked {
            self.asked = true;
            self.sink.send(Kind::Wanted, String::new(), String::new());
        }
        let polled = self.take.poll_recv(cx);
        if polled.is_ready() {
            self.asked = false;
        }
        polled.map(|piece| {
            piece.map(|piece| {
                let broken =
                    |why| Error::new(ErrorKind::InvalidRequest, format!("the file cannot be read: {why}")).with_path("file");
                piece.map_err(broken)
            })
        })
    }
}

/// Sends the chunks of a download, and at last how many bytes they were.
pub async fn pump(mut download: Download, sink: &Sink, credit: &Semaphore) -> Result<Answer> {
    let kind = download.content_type().map(str::to_owned);
    let told = |name: &'static str, bytes: Option<u64>| {
        failure::text(&Object::from_iter([(name, Value::from(bytes)), ("content_type", kind.clone().into())]).into())
    };
    sink.send(Kind::Opened, told("length", download.length()), client::meta_text(&download.meta())?);
    loop {
        let permit = credit.acquire().await.map_err(|_| Error::new(ErrorKind::Internal, "the download's credit was closed"))?;
        permit.forget();
        match download.chunk().await? {
            Some(chunk) => sink.send_bytes(chunk.into()),
            None => {
                let text = told("bytes", Some(download.received()));
                return Ok(Answer { text, meta: client::meta_text(&download.meta())?, vectors: None });
            }
        }
    }
}

/// Reads the results of a batch out of the bytes of its files.
#[napi]
pub struct RowReader(wire::RowReader);

#[napi]
impl RowReader {
    /// The type of the answers in the rows.
    #[napi(getter)]
    pub fn answer(&self) -> String {
        self.0.answer().to_owned()
    }

    /// The rows that the next bytes complete, as a JSON array.
    #[napi]
    pub fn push(&mut self, bytes: &[u8]) -> String {
        let mut rows = Vec::new();
        self.0.push(bytes, &mut rows);
        written(&rows)
    }

    /// The row that the end of a file completes, as a JSON array.
    #[napi]
    pub fn end(&mut self) -> String {
        let mut rows = Vec::new();
        self.0.end(&mut rows);
        written(&rows)
    }
}

impl RowReader {
    pub(crate) fn around(reader: wire::RowReader) -> RowReader {
        RowReader(reader)
    }
}

fn written(rows: &[wire::BatchRow]) -> String {
    failure::text(&Value::Array(rows.iter().map(wire::BatchRow::to_value).collect()))
}
