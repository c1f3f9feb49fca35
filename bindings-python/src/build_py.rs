//! [`Value`] to Python's own objects.

use pyo3::IntoPyObjectExt;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString};
use tramontane::json::{Number, Value};

use crate::vector::Vector;

/// A value as `dict`, `list`, `str`, `int`, `float`, `bool` or `None`.
pub fn to_python<'py>(py: Python<'py>, value: &Value<'_>) -> PyResult<Bound<'py, PyAny>> {
    match value {
        Value::Null | Value::Invalid(_) => Ok(py.None().into_bound(py)),
        Value::Bool(b) => b.into_bound_py_any(py),
        Value::Number(Number::Int(n)) => n.into_bound_py_any(py),
        Value::Number(Number::UInt(n)) => n.into_bound_py_any(py),
        Value::Number(Number::Float(n)) => n.into_bound_py_any(py),
        Value::String(text) => Ok(PyString::new(py, text).into_any()),
        Value::Array(items) => {
            let list = PyList::empty(py);
            for item in items {
                list.append(to_python(py, item)?)?;
            }
            Ok(list.into_any())
        }
        Value::Vector(vector) => Vector::from(vector.clone()).into_bound_py_any(py),
        Value::Object(object) => {
            let dict = PyDict::new(py);
            for (key, item) in object.iter() {
                dict.set_item(key_of(py, key), to_python(py, item)?)?;
            }
            Ok(dict.into_any())
        }
    }
}

/// Keys are few and come again: an interned one is hashed once and found by its address.
fn key_of<'py>(py: Python<'py>, key: &str) -> Bound<'py, PyString> {
    if key.len() <= 32 { PyString::intern(py, key) } else { PyString::new(py, key) }
}
