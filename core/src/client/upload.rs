//! Bodies that are read while they are sent: nothing of a file lies in memory but the piece that goes out.
//!
//! A path is opened anew for every attempt, bytes are cloned without a copy, a reader that can seek goes back to where it
//! stood. What can be read once only is repeated only as long as nothing of it was read.

use std::fmt;
use std::fs::File;
use std::future::Future as _;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use tokio::task::JoinHandle;

use super::transport::Body;
use crate::error::{Error, ErrorKind, Result};
use crate::files::FilePart;
use crate::json::Value;

/// How much is read at once.
const PIECE: usize = 256 << 10;

/// Where a file's content comes from.
pub trait Content: Send + Sync {
    /// How many bytes it has, when that is known before it is read.
    fn length(&self) -> Option<u64>;

    /// Whether it can be opened now: at first always, later when it can be read again from its start.
    fn is_there(&self) -> bool {
        true
    }

    /// Opens it at its start. Nothing needs to be read before the first piece is asked for.
    ///
    /// # Errors
    /// `invalid_request` when it cannot be read.
    fn open(&self) -> Result<Box<dyn Body>>;
}

/// A file to send: its name, and where its content comes from. Cheap to clone.
#[derive(Clone)]
pub struct FileSource {
    name: String,
    content_type: Option<String>,
    content: Arc<dyn Content>,
}

impl FileSource {
    /// The file at a path, under its own name.
    ///
    /// # Errors
    /// `invalid_request` when there is no such file or it cannot be read.
    pub fn path(path: impl AsRef<Path>) -> Result<FileSource> {
        let path = path.as_ref();
        let about = std::fs::metadata(path).map_err(|error| unreadable(path, &error))?;
        if !about.is_file() {
            return Err(refused(format!("`{}` is no file that can be read to its end", path.display())));
        }
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        Ok(FileSource::new(name, Arc::new(OnDisk { path: path.to_owned(), length: about.len() })))
    }

    /// Bytes, under a name.
    pub fn bytes(name: impl Into<String>, bytes: impl Into<Bytes>) -> FileSource {
        FileSource::new(name, Arc::new(InMemory(bytes.into())))
    }

    /// Whatever can be read, under a name: once, from where it stands.
    pub fn reader(name: impl Into<String>, reader: impl Read + Send + 'static) -> FileSource {
        FileSource::new(name, Arc::new(Once(Arc::new(Mutex::new(Some(Box::new(reader)))))))
    }

    /// Whatever can be read and can go back, under a name: from where it stands.
    ///
    /// # Errors
    /// `invalid_request` when it cannot say where it stands.
    pub fn seekable(name: impl Into<String>, mut reader: impl Read + Seek + Send + 'static) -> Result<FileSource> {
        let name = name.into();
        let ends = |reader: &mut dyn Seek| -> io::Result<(u64, u64)> {
            let start = reader.stream_position()?;
            let end = reader.seek(SeekFrom::End(0))?;
            reader.seek(SeekFrom::Start(start))?;
            Ok((start, end))
        };
        let (start, end) = ends(&mut reader).map_err(|error| refused(format!("`{name}` cannot be read: {error}")))?;
        let shared = Arc::new(Mutex::new(Shared { reader: Box::new(reader), turn: 0 }));
        Ok(FileSource::new(name, Arc::new(Again { shared, start, length: end.saturating_sub(start) })))
    }

    /// Content of another kind, under a name.
    pub fn new(name: impl Into<String>, content: Arc<dyn Content>) -> FileSource {
        FileSource { name: name.into(), content_type: None, content }
    }

    /// Gives it another name than its own.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// Says what it is, when its name does not.
    #[must_use]
    pub fn content_type(mut self, content_type: impl Into<String>) -> Self {
        self.content_type = Some(content_type.into());
        self
    }

    /// What stands in the request for it.
    pub fn part(&self) -> FilePart {
        let mut part = FilePart::new(self.name.clone());
        part.content_type = self.content_type.clone();
        part.size = self.content.length();
        part
    }

    /// How many bytes it has, when that is known.
    pub fn length(&self) -> Option<u64> {
        self.content.length()
    }

    pub(super) fn is_there(&self) -> bool {
        self.content.is_there()
    }

    /// Its content, held to the length that was announced for it.
    pub(super) fn open(&self) -> Result<Counted> {
        let length = self.content.length();
        Ok(Counted { name: self.name.clone(), body: self.content.open()?, length, read: 0, held: None })
    }
}

/// Puts a file's name, type and size into a request. What the request says of the file itself counts.
pub(super) fn announce(file: &FileSource, request: &mut Value<'_>) -> Result<()> {
    let Some(fields) = request.as_object_mut() else { return Ok(()) };
    let Value::Object(mut part) = crate::json::to_value(&file.part())? else { return Ok(()) };
    if let Some(given) = fields.get("file").and_then(Value::as_object) {
        for (key, value) in given.iter().filter(|(key, value)| *key != "size" && !value.is_null() && value.as_str() != Some("")) {
            part.set(key.to_owned(), value.clone().into_owned());
        }
    }
    fields.set("file", part);
    Ok(())
}

impl fmt::Debug for FileSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("FileSource");
        shown.field("name", &self.name).field("length", &self.content.length()).finish_non_exhaustive()
    }
}

/// A file's content on its way. The last piece is held back until it is certain that it is the last: a file that has
/// grown meanwhile must not arrive cut off and look whole.
pub(super) struct Counted {
    name: String,
    body: Box<dyn Body>,
    length: Option<u64>,
    read: u64,
    held: Option<Bytes>,
}

impl Counted {
    pub(super) fn poll_chunk(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes>>> {
        loop {
            match ready!(self.body.poll_chunk(cx)) {
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                Some(Ok(piece)) if piece.is_empty() => {}
                Some(Ok(piece)) => {
                    self.read += piece.len() as u64;
                    match self.length {
                        Some(length) if self.read > length => {
                            let what = format!("`{}` has grown since the upload began: it had {length} bytes", self.name);
                            return Poll::Ready(Some(Err(refused(what))));
                        }
                        Some(length) if self.read == length => self.held = Some(piece),
                        _ => return Poll::Ready(Some(Ok(piece))),
                    }
                }
                None => return Poll::Ready(self.end()),
            }
        }
    }

    fn end(&mut self) -> Option<Result<Bytes>> {
        if let Some(last) = self.held.take() {
            return Some(Ok(last));
        }
        match self.length.filter(|length| self.read < *length) {
            None => None,
            Some(length) => {
                let what = format!("`{}` ended after {} of its {length} bytes", self.name, self.read);
                self.length = None;
                Some(Err(refused(what)))
            }
        }
    }
}

struct InMemory(Bytes);

impl Content for InMemory {
    fn length(&self) -> Option<u64> {
        Some(self.0.len() as u64)
    }

    fn open(&self) -> Result<Box<dyn Body>> {
        Ok(Box::new(Slices(self.0.clone())))
    }
}

/// Bytes that are there, piece by piece, so that it shows how far they have got.
struct Slices(Bytes);

impl Body for Slices {
    fn poll_chunk(&mut self, _: &mut Context<'_>) -> Poll<Option<Result<Bytes>>> {
        let piece = self.0.split_to(self.0.len().min(PIECE));
        Poll::Ready(Some(piece).filter(|piece| !piece.is_empty()).map(Ok))
    }
}

struct OnDisk {
    path: PathBuf,
    length: u64,
}

impl Content for OnDisk {
    fn length(&self) -> Option<u64> {
        Some(self.length)
    }

    fn open(&self) -> Result<Box<dyn Body>> {
        let path = self.path.clone();
        let what = self.path.display().to_string();
        // Opened where it is read: a slow disk must not hold up the other calls.
        Ok(reading(what, move |file: &mut Option<File>, buffer| {
            if file.is_none() {
                *file = Some(File::open(&path)?);
            }
            file.as_mut().map_or(Ok(0), |file| fill(file, buffer))
        }))
    }
}

type Reader = Box<dyn Read + Send>;

/// A reader, until somebody has begun to read it.
struct Once(Arc<Mutex<Option<Reader>>>);

impl Content for Once {
    fn length(&self) -> Option<u64> {
        None
    }

    fn is_there(&self) -> bool {
        lock(&self.0).is_some()
    }

    fn open(&self) -> Result<Box<dyn Body>> {
        let shared = Arc::clone(&self.0);
        Ok(reading("the file".to_owned(), move |reader: &mut Option<Reader>, buffer| {
            if reader.is_none() {
                *reader = Some(lock(&shared).take().ok_or_else(|| io::Error::other("it was read before"))?);
            }
            reader.as_mut().map_or(Ok(0), |reader| fill(reader, buffer))
        }))
    }
}

trait ReadSeek: Read + Seek + Send {}
impl<R: Read + Seek + Send> ReadSeek for R {}

/// A reader that attempts take turns with; one that was given up must not read on.
struct Shared {
    reader: Box<dyn ReadSeek>,
    turn: u64,
}

struct Again {
    shared: Arc<Mutex<Shared>>,
    start: u64,
    length: u64,
}

impl Content for Again {
    fn length(&self) -> Option<u64> {
        Some(self.length)
    }

    fn open(&self) -> Result<Box<dyn Body>> {
        let (shared, start) = (Arc::clone(&self.shared), self.start);
        Ok(reading("the file".to_owned(), move |mine: &mut Option<u64>, buffer| {
            let mut shared = lock(&shared);
            if mine.is_none() {
                shared.turn += 1;
                *mine = Some(shared.turn);
                shared.reader.seek(SeekFrom::Start(start))?;
            }
            if *mine != Some(shared.turn) {
                return Err(io::Error::other("another attempt reads it"));
            }
            fill(&mut shared.reader, buffer)
        }))
    }
}

/// Reads until the buffer is full or nothing more comes.
fn fill(reader: &mut (impl Read + ?Sized), buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match reader.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

/// A body of whatever `read` puts into a buffer, called where blocking harms nobody; its state goes with it.
fn reading<S: Send + 'static>(
    what: String,
    read: impl FnMut(&mut Option<S>, &mut [u8]) -> io::Result<usize> + Send + 'static,
) -> Box<dyn Body> {
    let mut read = read;
    let mut state = None;
    let step: Step = Box::new(move |buffer| read(&mut state, buffer));
    Box::new(Reading { what, step: Mutex::new(Some(step)), busy: None })
}

type Step = Box<dyn FnMut(&mut [u8]) -> io::Result<usize> + Send>;

struct Reading {
    what: String,
    /// What reads, while it does not; a lock only because it may not be shared between threads.
    step: Mutex<Option<Step>>,
    busy: Option<JoinHandle<(Step, io::Result<Bytes>)>>,
}

impl Body for Reading {
    fn poll_chunk(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes>>> {
        let idle = self.step.get_mut().unwrap_or_else(PoisonError::into_inner);
        if let Some(mut step) = idle.take() {
            self.busy = Some(tokio::task::spawn_blocking(move || {
                let mut piece = BytesMut::zeroed(PIECE);
                let read = step(&mut piece).map(|read| {
                    piece.truncate(read);
                    piece.freeze()
                });
                (step, read)
            }));
        }
        let Some(busy) = &mut self.busy else { return Poll::Ready(None) };
        let outcome = ready!(Pin::new(busy).poll(cx));
        self.busy = None;
        Poll::Ready(match outcome {
            Ok((_, Ok(piece))) if piece.is_empty() => None,
            Ok((step, Ok(piece))) => {
                *idle = Some(step);
                Some(Ok(piece))
            }
            Ok((_, Err(error))) => Some(Err(refused(format!("`{}` cannot be read: {}", self.what, plain(&error))))),
            Err(_) => Some(Err(refused(format!("`{}` cannot be read: the reading was given up", self.what)))),
        })
    }
}

fn unreadable(path: &Path, error: &io::Error) -> Error {
    refused(format!("`{}` cannot be read: {}", path.display(), plain(error)))
}

/// What is wrong, in a lower-case sentence where the system's words are known.
fn plain(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "it may not be read".to_owned(),
        _ => error.to_string(),
    }
}

fn refused(what: String) -> Error {
    Error::new(ErrorKind::InvalidRequest, what).with_path("file")
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
