//! Errors at the border: the core's [`Error`] becomes the class of its kind, a panic becomes `InternalError`.
//!
//! The classes are Python's own (`tramontane/errors.py`, generated); they are looked up when the first error comes.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use tramontane::{Error, ErrorKind};

use crate::build_py::to_python;

static RAISE: PyOnceLock<Py<PyAny>> = PyOnceLock::new();

/// The exception for an error; not raised yet.
pub fn to_python_error(py: Python<'_>, error: &Error) -> PyErr {
    exception(py, error).map_or_else(|failure| failure, PyErr::from_value)
}

/// The exception object for an error.
pub fn exception<'py>(py: Python<'py>, error: &Error) -> PyResult<Bound<'py, PyAny>> {
    let make = RAISE.get_or_try_init(py, || py.import("tramontane._failure")?.getattr("from_data").map(Bound::unbind))?;
    make.bind(py).call1((error.kind().class(), to_python(py, &error.to_value())?))
}

/// Runs `work`; a panic in it becomes an `InternalError` instead of unwinding into Python.
pub fn guard<T>(py: Python<'_>, work: impl FnOnce() -> PyResult<T>) -> PyResult<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| Err(to_python_error(py, &panicked(&*panic))))
}

/// What a panic said, as an error.
pub fn panicked(panic: &(dyn Any + Send)) -> Error {
    let said = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    Error::new(ErrorKind::Internal, format!("tramontane panicked: {}", said.unwrap_or("without a word")))
}
