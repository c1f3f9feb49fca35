//! The table of pure operations, and what a tracer must know of a call.

use std::borrow::Cow;

use pyo3::prelude::*;
use pyo3::types::PyBytes;
use tramontane::json::{self, Object, Value};
use tramontane::{client, ops};

use crate::build_py::to_python;
use crate::error::{guard, to_python_error};
use crate::walk::{Keep, document, value};

/// Runs the operation `name`. `request`, when given, may be JSON text and is put into the parameter under that name; so is
/// `body`, which is text in bytes, and is not copied.
#[pyfunction]
#[pyo3(signature = (name, parameter=None, request=None, body=None, /))]
pub fn call<'py>(
    py: Python<'py>,
    name: &str,
    parameter: Option<Bound<'py, PyAny>>,
    request: Option<Bound<'py, PyAny>>,
    body: Option<Bound<'py, PyBytes>>,
) -> PyResult<Bound<'py, PyAny>> {
    guard(py, || {
        let keep = Keep::default();
        let mut parameter = parameter.as_ref().map_or_else(|| Value::Object(Object::new()), |given| value(&keep, given));
        if let Some(request) = &request {
            let request = document(&keep, request)?;
            if let Some(object) = parameter.as_object_mut() {
                object.set("request", request);
            }
        }
        if let (Some(body), Some(object)) = (&body, parameter.as_object_mut()) {
            // The standard library's lossy reader goes byte by byte even where nothing is to be mended.
            let body = body.as_bytes();
            object.set("body", str::from_utf8(body).map_or_else(|_| String::from_utf8_lossy(body), Cow::Borrowed));
        }
        let answer = ops::call(name, parameter).map_err(|error| to_python_error(py, &error))?;
        to_python(py, &answer)
    })
}

/// What OpenTelemetry calls an operation and its provider, and whom the client asks.
#[pyfunction]
#[pyo3(signature = (operation, provider=None, base_url=None, /))]
pub fn telemetry<'py>(
    py: Python<'py>,
    operation: &str,
    provider: Option<&str>,
    base_url: Option<&str>,
) -> PyResult<Bound<'py, PyAny>> {
    guard(py, || {
        let words = client::telemetry(operation, provider, base_url).and_then(|words| json::to_value(&words));
        to_python(py, &words.map_err(|error| to_python_error(py, &error))?)
    })
}
