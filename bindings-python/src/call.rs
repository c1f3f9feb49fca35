//! The table of pure operations, and the decoder.

use pyo3::prelude::*;
use tramontane::json::{Object, Value};
use tramontane::ops;

use crate::build_py::to_python;
use crate::error::{guard, to_python_error};
use crate::walk::{Keep, document, value};

/// Runs the operation `name`. `request`, when given, may be JSON text and is put into the parameter under that name.
#[pyfunction]
#[pyo3(signature = (name, parameter=None, request=None, /))]
pub fn call<'py>(
    py: Python<'py>,
    name: &str,
    parameter: Option<Bound<'py, PyAny>>,
    request: Option<Bound<'py, PyAny>>,
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
        let answer = ops::call(name, parameter).map_err(|error| to_python_error(py, &error))?;
        to_python(py, &answer)
    })
}
