//! Files: what is uploaded comes from a path, from bytes or from a file object; what is downloaded comes piece by piece.

use std::io::{self, Read, Seek, SeekFrom};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use pyo3::exceptions::PyTypeError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::{PyBytes, PyDict, PyList};
use tramontane::client::{self, FileSource};
use tramontane::{Error, ErrorKind, json, wire};

use crate::build_py::to_python;
use crate::client::Meta;
use crate::error::{guard, to_python_error};
use crate::outlast;
use crate::runtime::{self, Bridge, Job};

/// A file as the façade describes it: `{"path" | "bytes" | "reader", "name", "content_type"}`.
pub fn source(py: Python<'_>, given: &Bound<'_, PyAny>) -> PyResult<FileSource> {
    let given = given.cast::<PyDict>()?;
    let text = |key: &str| given.get_item(key)?.map(|value| value.extract::<String>()).transpose();
    let name = text("name")?;
    let file = if let Some(path) = given.get_item("path")? {
        FileSource::path(path.extract::<PathBuf>()?).map_err(|error| to_python_error(py, &error))?
    } else if let Some(bytes) = given.get_item("bytes")? {
        FileSource::bytes(String::new(), bytes::Bytes::from_owner(bytes.extract::<PyBackedBytes>()?))
    } else if let Some(reader) = given.get_item("reader")? {
        let seekable = reader.call_method0(intern!(py, "seekable")).is_ok_and(|can| can.is_truthy().unwrap_or(false));
        let reader = Reader(reader.unbind());
        match seekable {
            true => FileSource::seekable(String::new(), reader).map_err(|error| to_python_error(py, &error))?,
            false => FileSource::reader(String::new(), reader),
        }
    } else {
        return Err(PyTypeError::new_err("no file"));
    };
    let file = match name {
        Some(name) => file.named(name),
        None => file,
    };
    Ok(match text("content_type")? {
        Some(kind) => file.content_type(kind),
        None => file,
    })
}

/// A Python object with `read`. It is called on a thread that nobody's event loop runs in.
struct Reader(Py<PyAny>);

impl Reader {
    fn call<T>(&self, work: impl FnOnce(&Bound<'_, PyAny>) -> PyResult<T>) -> io::Result<T> {
        let attached = Python::try_attach(|py| work(self.0.bind(py)).map_err(|error| io::Error::other(error.to_string())));
        attached.unwrap_or_else(|| Err(io::Error::other("the interpreter is going down")))
    }
}

impl Read for Reader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = buffer.len();
        let read = |reader: &Bound<'_, PyAny>| {
            let read = outlast::call(&reader.getattr(intern!(reader.py(), "read"))?, &(most,).into_pyobject(reader.py())?)?;
            match read.cast::<PyBytes>() {
                Ok(bytes) => Ok(bytes.as_bytes().get(..most.min(bytes.as_bytes().len())).map_or(0, |bytes| {
                    buffer[..bytes.len()].copy_from_slice(bytes);
                    bytes.len()
                })),
                Err(_) => {
                    let kind = read.get_type().name()?;
                    Err(PyTypeError::new_err(format!("its `read` gives {kind}, not bytes: open it in binary mode")))
                }
            }
        };
        self.call(read)
    }
}

impl Seek for Reader {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let (offset, whence) = match to {
            SeekFrom::Start(at) => (at as i64, 0),
            SeekFrom::Current(by) => (by, 1),
            SeekFrom::End(by) => (by, 2),
        };
        self.call(|reader| {
            let seek = reader.getattr(intern!(reader.py(), "seek"))?;
            outlast::call(&seek, &(offset, whence).into_pyobject(reader.py())?)?.extract()
        })
    }
}

type Shared = Arc<tokio::sync::Mutex<Option<client::Download>>>;

/// A file on its way here.
#[pyclass(frozen, module = "tramontane._native")]
pub struct Download {
    download: Shared,
    length: Option<u64>,
    content_type: Option<String>,
    meta: client::ReplyMeta,
    pid: u32,
}

/// What stands around a download and its beginning, for Python.
pub fn download_to_python(py: Python<'_>, download: Result<client::Download, Error>) -> PyResult<Py<PyAny>> {
    let download = download.map_err(|error| to_python_error(py, &error))?;
    let (length, meta) = (download.length(), download.meta());
    let content_type = download.content_type().map(str::to_owned);
    let download = Arc::new(tokio::sync::Mutex::new(Some(download)));
    Ok(Py::new(py, Download { download, length, content_type, meta, pid: std::process::id() })?.into_any())
}

fn closed() -> Error {
    Error::new(ErrorKind::Cancelled, "the download was closed before its end")
}

async fn chunk(download: Shared) -> Result<Option<bytes::Bytes>, Error> {
    match download.lock().await.as_mut() {
        Some(download) => download.chunk().await,
        None => Err(closed()),
    }
}

async fn save(download: Shared, path: PathBuf) -> Result<u64, Error> {
    match download.lock().await.as_mut() {
        Some(download) => download.save(path).await,
        None => Err(closed()),
    }
}

fn chunk_to_python(py: Python<'_>, chunk: Result<Option<bytes::Bytes>, Error>) -> PyResult<Py<PyAny>> {
    match chunk.map_err(|error| to_python_error(py, &error))? {
        Some(bytes) => Ok(PyBytes::new(py, &bytes).into_any().unbind()),
        None => Ok(py.None()),
    }
}

fn number_to_python(py: Python<'_>, number: Result<u64, Error>) -> PyResult<Py<PyAny>> {
    let number = number.map_err(|error| to_python_error(py, &error))?;
    Ok(number.into_pyobject(py)?.into_any().unbind())
}

impl Download {
    fn here(&self, py: Python<'_>) -> PyResult<Shared> {
        if self.pid == std::process::id() {
            return Ok(Arc::clone(&self.download));
        }
        let error = Error::new(ErrorKind::Unsupported, "a download cannot be read in a process forked after it was opened");
        Err(to_python_error(py, &error))
    }

    fn shut(&self) {
        if self.pid != std::process::id() {
            return;
        }
        match Arc::clone(&self.download).try_lock_owned() {
            Ok(mut held) => runtime::enter(|| drop(held.take())),
            // Somebody reads right now; who aborts that read lets the lock go.
            Err(_) => {
                let download = Arc::clone(&self.download);
                let closing = async move {
                    drop(download.lock().await.take());
                    Ok(())
                };
                let _ = runtime::spawn(closing, |_: Result<(), Error>| ());
            }
        }
    }
}

#[pymethods]
impl Download {
    /// The next bytes; `None` after the last.
    fn chunk(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        guard(py, || {
            let read = runtime::wait(py, chunk(self.here(py)?)).inspect_err(|_| self.shut())?;
            chunk_to_python(py, read)
        })
    }

    /// The same, for a future of an event loop.
    fn start_chunk(&self, bridge: &Bound<'_, Bridge>, future: Bound<'_, PyAny>) -> PyResult<Job> {
        Bridge::start(bridge, future, chunk(self.here(bridge.py())?), chunk_to_python)
    }

    /// Writes all of it to a path, whole or not at all.
    fn save(&self, py: Python<'_>, path: PathBuf) -> PyResult<Py<PyAny>> {
        guard(py, || {
            let saved = runtime::wait(py, save(self.here(py)?, path)).inspect_err(|_| self.shut())?;
            number_to_python(py, saved)
        })
    }

    /// The same, for a future of an event loop.
    fn start_save(&self, bridge: &Bound<'_, Bridge>, future: Bound<'_, PyAny>, path: PathBuf) -> PyResult<Job> {
        Bridge::start(bridge, future, save(self.here(bridge.py())?, path), number_to_python)
    }

    /// How many bytes it has, when the server said so.
    #[getter]
    fn length(&self) -> Option<u64> {
        self.length
    }

    /// What it is, when the server said so.
    #[getter]
    fn content_type(&self) -> Option<&str> {
        self.content_type.as_deref()
    }

    /// What is known before the end: status, request id, warnings.
    #[getter]
    fn meta(&self) -> Meta {
        Meta::new(self.meta.clone())
    }

    /// Closes the connection. Does nothing to a closed download.
    fn close(&self) {
        self.shut();
    }
}

impl Drop for Download {
    fn drop(&mut self) {
        if self.pid == std::process::id() {
            self.shut();
        } else {
            // The parent's connection.
            std::mem::forget(Arc::clone(&self.download));
        }
    }
}

/// Reads the results of a batch out of the bytes of its files.
#[pyclass(frozen, module = "tramontane._native")]
pub struct RowReader(Mutex<wire::RowReader>);

#[pymethods]
impl RowReader {
    /// The type of the answers in the rows.
    #[getter]
    fn answer(&self) -> &'static str {
        self.lock().answer()
    }

    /// The rows that the next bytes complete: `(line, id, custom_id, status, data, error, cost)`.
    fn push<'py>(&self, py: Python<'py>, bytes: &[u8]) -> PyResult<Bound<'py, PyList>> {
        let mut rows = Vec::new();
        self.lock().push(bytes, &mut rows);
        rows_to_python(py, rows)
    }

    /// The row that the end of a file completes.
    fn end<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        let mut rows = Vec::new();
        self.lock().end(&mut rows);
        rows_to_python(py, rows)
    }
}

impl RowReader {
    pub fn around(reader: wire::RowReader) -> RowReader {
        RowReader(Mutex::new(reader))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, wire::RowReader> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn rows_to_python(py: Python<'_>, rows: Vec<wire::BatchRow>) -> PyResult<Bound<'_, PyList>> {
    let list = PyList::empty(py);
    for row in rows {
        let (data, error) = match &row.outcome {
            Ok(data) => (to_python(py, data)?.unbind(), py.None()),
            Err(error) => (py.None(), to_python_error(py, error).into_value(py).into_any()),
        };
        let cost = row.cost.as_ref().map(json::to_value).transpose().map_err(|error| to_python_error(py, &error))?;
        let cost = cost.map(|cost| to_python(py, &cost)).transpose()?;
        list.append((row.line, row.id, row.custom_id, row.status, data, error, cost))?;
    }
    Ok(list)
}
