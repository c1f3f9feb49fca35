//! Streams and what they yield.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use pyo3::IntoPyObjectExt;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyList};
use tramontane::client::{EventStream, Reply};
use tramontane::json::{self, Value};
use tramontane::wire;
use tramontane::{Error, ErrorKind};

use crate::build_py::to_python;
use crate::client::{Meta, reply_to_python};
use crate::error::{guard, to_python_error};
use crate::runtime::{self, Bridge, Job};
use crate::walk::{Keep, bytes_of, value};

static RECORD: PyOnceLock<Py<PyAny>> = PyOnceLock::new();

/// A typed record around a dict: `tramontane._record.wrap(name, dict)`.
pub fn record<'py>(py: Python<'py>, kind: &str, value: &Value<'_>) -> PyResult<Bound<'py, PyAny>> {
    let wrap = RECORD.get_or_try_init(py, || py.import("tramontane._record")?.getattr("wrap").map(Bound::unbind))?;
    wrap.bind(py).call1((kind, to_python(py, value)?))
}

/// One event of a stream. Its data become Python objects when they are first looked at.
#[pyclass(frozen, module = "tramontane")]
pub struct Event {
    event: wire::Event,
    data: PyOnceLock<Py<PyAny>>,
}

#[pymethods]
impl Event {
    /// An event of a chunk's data.
    #[new]
    fn new(data: &Bound<'_, PyDict>) -> Event {
        let event = wire::Event::new(value(&Keep::default(), data).into_owned());
        Event { event, data: PyOnceLock::new() }
    }

    /// The text that this event adds to the first choice; empty when it adds none.
    #[getter]
    fn text(&self) -> &str {
        self.event.text()
    }

    /// The thinking that this event adds to the first choice; empty when it adds none.
    #[getter]
    fn thinking(&self) -> &str {
        self.event.thinking()
    }

    /// Why the first choice ended; `None` before its last event.
    #[getter]
    fn finish_reason(&self) -> Option<&str> {
        self.event.finish_reason()
    }

    /// The whole chunk, as a `ChatCompletionChunk` or a `ConversationEvent`.
    #[getter]
    fn data<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let data = self.data.get_or_try_init(py, || {
            // From the text as it came: no tree of it is kept beside the dict.
            let data = json::parse(self.event.json().as_bytes()).map_err(|error| to_python_error(py, &error))?;
            record(py, self.event.class(), &data).map(Bound::unbind)
        })?;
        Ok(data.bind(py).clone())
    }

    fn __getattr__<'py>(&self, py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyAny>> {
        self.data(py)?.getattr(name)
    }

    fn __getitem__<'py>(&self, py: Python<'py>, key: Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        self.data(py)?.get_item(key)
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        other.cast::<Event>().is_ok_and(|other| other.get().event == self.event)
    }

    fn __hash__(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.event.data().to_string().hash(&mut hasher);
        hasher.finish()
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        let data = slf.get().data(slf.py())?.call_method0("to_dict")?;
        (slf.get_type(), (data,)).into_bound_py_any(slf.py())
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let data = self.data(py)?.repr()?;
        Ok(format!("Event({data})"))
    }
}

/// The events as a Python list.
pub fn events_to_python(py: Python<'_>, events: Vec<wire::Event>) -> PyResult<Bound<'_, PyList>> {
    let list = PyList::empty(py);
    for event in events {
        list.append(Py::new(py, Event { event, data: PyOnceLock::new() })?)?;
    }
    Ok(list)
}

/// Turns the bytes of a stream into events, whatever way the bytes were cut.
#[pyclass(frozen, module = "tramontane")]
pub struct Decoder {
    state: Mutex<DecoderState>,
}

struct DecoderState {
    decoder: wire::Decoder,
    /// An error whose events before it were handed out first.
    failure: Option<Error>,
}

#[pymethods]
impl Decoder {
    /// A decoder for a provider's stream.
    #[new]
    #[pyo3(signature = (provider, operation="chat_stream"))]
    fn new(py: Python<'_>, provider: &str, operation: &str) -> PyResult<Decoder> {
        let decoder = wire::Decoder::new(provider, operation).map_err(|error| to_python_error(py, &error))?;
        Ok(Decoder { state: Mutex::new(DecoderState { decoder, failure: None }) })
    }

    /// Takes the next bytes (or text) and returns the events that they complete. An error in the stream is raised when
    /// the events before it have been returned.
    fn push<'py>(&self, py: Python<'py>, data: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyList>> {
        guard(py, || {
            let bytes = match bytes_of(data)? {
                Some(bytes) => bytes,
                None => Cow::Owned(data.extract::<String>()?.into_bytes()),
            };
            let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(failure) = &state.failure {
                return Err(to_python_error(py, failure));
            }
            let mut events = Vec::new();
            if let Err(error) = state.decoder.push(&bytes, &mut events) {
                state.failure = Some(error);
            }
            match &state.failure {
                Some(failure) if events.is_empty() => Err(to_python_error(py, failure)),
                _ => events_to_python(py, events),
            }
        })
    }

    /// Ends the stream: the whole answer, put together.
    fn finish<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        guard(py, || {
            let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(failure) = &state.failure {
                return Err(to_python_error(py, failure));
            }
            let answer = state.decoder.finish().map_err(|error| to_python_error(py, &error))?;
            record(py, "ChatCompletion", &answer)
        })
    }

    /// The answer so far.
    #[getter]
    fn partial<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        guard(py, || {
            let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            record(py, "ChatCompletion", &state.decoder.partial())
        })
    }
}

type Shared = Arc<tokio::sync::Mutex<Option<EventStream>>>;
type Batch = Result<Option<Vec<wire::Event>>, Error>;
/// What was read and not handed out: a wait that is cancelled after the read loses nothing.
type Read = Arc<Mutex<VecDeque<Batch>>>;

/// A stream of a client, in batches: all events of a network read at once.
#[pyclass(frozen, module = "tramontane._native")]
pub struct Stream {
    stream: Shared,
    read: Read,
    meta: tramontane::client::ReplyMeta,
    pid: u32,
}

impl Stream {
    pub fn new(stream: EventStream) -> Stream {
        let meta = stream.meta();
        Stream { stream: Arc::new(tokio::sync::Mutex::new(Some(stream))), read: Read::default(), meta, pid: std::process::id() }
    }

    /// The stream, unless this is another process than the one that opened it: its socket belongs to the parent.
    fn here(&self) -> Result<Shared, Error> {
        if self.pid == std::process::id() {
            Ok(Arc::clone(&self.stream))
        } else {
            Err(Error::new(ErrorKind::Unsupported, "a stream cannot be read in a process forked after it was opened"))
        }
    }

    fn shut(&self) {
        if self.pid != std::process::id() {
            return;
        }
        let stream = Arc::clone(&self.stream);
        match Arc::clone(&self.stream).try_lock_owned() {
            Ok(mut held) => runtime::enter(|| drop(held.take())),
            // Somebody reads right now: whoever closed the stream also aborts that read, and the lock comes free.
            Err(_) => {
                let closing = async move {
                    drop(stream.lock().await.take());
                    Ok(())
                };
                let _ = runtime::spawn(closing, |_: Result<(), Error>| ());
            }
        }
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        if self.pid == std::process::id() {
            self.shut();
        } else {
            // The parent's connection: its locks may be held by threads that do not exist here.
            std::mem::forget(Arc::clone(&self.stream));
        }
    }
}

/// Reads the next batch into `read`, unless one is there.
async fn read_next(stream: Shared, read: Read) -> Result<(), Error> {
    let mut stream = stream.lock().await;
    if let Some(stream) = stream.as_mut()
        && unread(&read).is_empty()
    {
        let batch = stream.next_batch().await;
        unread(&read).push_back(batch);
    }
    Ok(())
}

fn unread(read: &Read) -> MutexGuard<'_, VecDeque<Batch>> {
    read.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn finish_of(stream: Shared) -> Result<Reply, Error> {
    match stream.lock().await.as_mut() {
        Some(stream) => stream.finish().await,
        None => Err(Error::new(ErrorKind::Cancelled, "the stream was closed before its end")),
    }
}

/// The batch that was read; `None` at the end, and when the stream was closed.
fn batch_to_python(py: Python<'_>, read: &Read, outcome: Result<(), Error>) -> PyResult<Py<PyAny>> {
    let batch = outcome.and_then(|()| unread(read).pop_front().unwrap_or(Ok(None)));
    match batch {
        Ok(Some(events)) => Ok(events_to_python(py, events)?.into_any().unbind()),
        Ok(None) => Ok(py.None()),
        Err(error) => Err(to_python_error(py, &error)),
    }
}

#[pymethods]
impl Stream {
    /// The events of the next network read, or `None` after the last.
    fn next_batch(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        guard(py, || {
            let stream = self.here().map_err(|error| to_python_error(py, &error))?;
            let outcome = runtime::wait(py, read_next(stream, Arc::clone(&self.read))).inspect_err(|_| self.shut())?;
            batch_to_python(py, &self.read, outcome)
        })
    }

    /// The same, for a future of an event loop.
    fn start_next_batch(&self, bridge: &Bound<'_, Bridge>, future: Bound<'_, PyAny>) -> PyResult<Job> {
        let py = bridge.py();
        let stream = self.here().map_err(|error| to_python_error(py, &error))?;
        let read = Arc::clone(&self.read);
        let reading = read_next(stream, Arc::clone(&read));
        Bridge::start(bridge, future, reading, move |py, outcome| batch_to_python(py, &read, outcome))
    }

    /// The whole answer: reads the rest of the stream.
    fn finish(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        guard(py, || {
            let stream = self.here().map_err(|error| to_python_error(py, &error))?;
            let reply = runtime::wait(py, finish_of(stream)).inspect_err(|_| self.shut())?;
            reply_to_python(py, reply)
        })
    }

    /// The same, for a future of an event loop.
    fn start_finish(&self, bridge: &Bound<'_, Bridge>, future: Bound<'_, PyAny>) -> PyResult<Job> {
        let py = bridge.py();
        let stream = self.here().map_err(|error| to_python_error(py, &error))?;
        Bridge::start(bridge, future, finish_of(stream), reply_to_python)
    }

    /// The answer so far, as a dict; `None` while another thread reads, and after `close`.
    fn partial<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        guard(py, || {
            let partial = || Some(self.stream.try_lock().ok()?.as_ref().map(EventStream::partial));
            runtime::soon(py, partial).flatten().map(|partial| to_python(py, &partial)).transpose()
        })
    }

    /// What is known before the end: status, request id, warnings.
    #[getter]
    fn meta(&self) -> Meta {
        Meta::new(self.meta.clone())
    }

    /// Closes the connection. Does nothing to a closed stream.
    fn close(&self) {
        self.shut();
    }
}
