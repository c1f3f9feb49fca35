//! Python to [`Value`]: one walk over the caller's own objects, strings borrowed and not copied.
//!
//! What JSON cannot express does not fail here: it becomes [`Value::Invalid`], so that the check reports it at its path
//! together with everything else. pydantic models, dataclasses and the like are taken by what they can do; nothing is
//! imported for them.

use std::borrow::Cow;
use std::cell::RefCell;

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{
    PyBool, PyByteArray, PyBytes, PyDict, PyFloat, PyInt, PyList, PyMapping, PyMemoryView, PySequence, PyString, PyTuple, PyType,
};
use tramontane::json::{self, MAX_DEPTH, Number, Object, Value};

use crate::error::to_python_error;

/// How many values one request may hold: beyond it, a small object that refers to itself in many places would never end.
const MAX_VALUES: usize = 2_500_000;

/// Keeps the Python strings alive from which a [`Value`] borrows.
#[derive(Default)]
pub struct Keep<'py>(RefCell<Vec<Bound<'py, PyString>>>);

impl<'py> Keep<'py> {
    /// The string's own UTF-8, without a copy; `None` when it holds a lone surrogate.
    fn text<'k>(&'k self, string: &Bound<'py, PyString>) -> Option<&'k str> {
        let text: *const str = string.to_str().ok()?;
        self.0.borrow_mut().push(string.clone());
        // SAFETY: a `str` never changes and owns its UTF-8; the reference pushed above keeps it alive, and the list
        // only grows for as long as `self` is borrowed.
        Some(unsafe { &*text })
    }
}

/// Reads a request: an object, or JSON text as `str` or `bytes`.
pub fn document<'k, 'py>(keep: &'k Keep<'py>, object: &Bound<'py, PyAny>) -> PyResult<Value<'k>> {
    if let Ok(string) = object.cast::<PyString>() {
        let Some(text) = keep.text(string) else { return Ok(lone_surrogate()) };
        return json::parse(text.as_bytes()).map_err(|error| to_python_error(object.py(), &error));
    }
    if let Some(bytes) = bytes_of(object)? {
        return json::parse(&bytes).map(Value::into_owned).map_err(|error| to_python_error(object.py(), &error));
    }
    Ok(value(keep, object))
}

/// The content of `bytes`, a `bytearray` or a `memoryview`.
pub fn bytes_of<'a>(object: &'a Bound<'_, PyAny>) -> PyResult<Option<Cow<'a, [u8]>>> {
    if let Ok(bytes) = object.cast::<PyBytes>() {
        return Ok(Some(Cow::Borrowed(bytes.as_bytes())));
    }
    if object.is_instance_of::<PyByteArray>() || object.is_instance_of::<PyMemoryView>() {
        return Ok(Some(Cow::Owned(object.extract::<Vec<u8>>()?)));
    }
    Ok(None)
}

/// Walks any object.
pub fn value<'k, 'py>(keep: &'k Keep<'py>, object: &Bound<'py, PyAny>) -> Value<'k> {
    Walker { keep, above: Vec::new(), seen: 0 }.walk(object)
}

struct Walker<'k, 'py> {
    keep: &'k Keep<'py>,
    /// The containers that are being walked, outermost first: a cycle meets one of them again.
    above: Vec<*mut pyo3::ffi::PyObject>,
    seen: usize,
}

impl<'k, 'py> Walker<'k, 'py> {
    fn walk(&mut self, object: &Bound<'py, PyAny>) -> Value<'k> {
        self.seen += 1;
        if self.seen > MAX_VALUES {
            return invalid("part of an object that is too large");
        }
        if let Ok(string) = object.cast::<PyString>() {
            return self.keep.text(string).map_or_else(lone_surrogate, Value::from);
        }
        if let Ok(dict) = object.cast::<PyDict>() {
            return self.inside(object, |walker| walker.pairs(dict.iter().collect()));
        }
        if let Ok(list) = object.cast::<PyList>() {
            return self.inside(object, |walker| walker.items(list.iter().collect()));
        }
        if object.is_none() {
            return Value::Null;
        }
        if let Ok(b) = object.cast::<PyBool>() {
            return Value::Bool(b.is_true());
        }
        if object.is_instance_of::<PyInt>() {
            return integer(object);
        }
        if let Ok(float) = object.cast::<PyFloat>() {
            return Value::Number(Number::Float(float.value()));
        }
        if let Ok(tuple) = object.cast::<PyTuple>() {
            return self.inside(object, |walker| walker.items(tuple.iter().collect()));
        }
        self.inside(object, |walker| walker.foreign(object).unwrap_or_else(|error| failed(object, &error)))
    }

    /// Walks a container, unless it stands inside itself or too deep.
    fn inside(&mut self, object: &Bound<'py, PyAny>, walk: impl FnOnce(&mut Self) -> Value<'k>) -> Value<'k> {
        if self.above.contains(&object.as_ptr()) {
            return invalid("an object that contains itself");
        }
        if self.above.len() >= MAX_DEPTH {
            return Value::Invalid(Cow::Owned(format!("nested deeper than {MAX_DEPTH} levels")));
        }
        self.above.push(object.as_ptr());
        let value = walk(self);
        self.above.pop();
        value
    }

    // The pairs and items are collected first: code of the caller that runs during the walk may change the container.
    fn pairs(&mut self, pairs: Vec<(Bound<'py, PyAny>, Bound<'py, PyAny>)>) -> Value<'k> {
        let mut object = Object::with_capacity(pairs.len());
        for (key, item) in &pairs {
            match key.cast::<PyString>().ok().map(|key| (self.keep.text(key), key)) {
                Some((Some(text), _)) => object.push(text, self.walk(item)),
                Some((None, key)) => {
                    object.push(key.to_string_lossy().into_owned(), invalid("under a key with a lone surrogate"));
                }
                None => {
                    let shown = if key.is_instance_of::<PyInt>() { key.to_string() } else { type_name(key) };
                    object.push(shown, Value::Invalid(Cow::Owned(format!("under a key that is {}", named(key)))));
                }
            }
        }
        Value::Object(object)
    }

    fn items(&mut self, items: Vec<Bound<'py, PyAny>>) -> Value<'k> {
        Value::Array(items.iter().map(|item| self.walk(item)).collect())
    }

    /// Objects of other classes, by what they can do.
    fn foreign(&mut self, object: &Bound<'py, PyAny>) -> PyResult<Value<'k>> {
        let py = object.py();
        let class = object.get_type();
        if object.is_instance_of::<PyType>() || bytes_of(object)?.is_some() {
            return Ok(not_json(object));
        }
        if class.hasattr(intern!(py, "model_dump"))? {
            return Ok(self.walk(&dump_model(object)?));
        }
        for (table, tuple_of_names) in [
            (intern!(py, "__dataclass_fields__"), false),
            (intern!(py, "__struct_fields__"), true),
            (intern!(py, "__attrs_attrs__"), false),
        ] {
            if let Some(fields) = class.getattr_opt(table)? {
                return self.fields(object, &fields, tuple_of_names);
            }
        }
        if class.hasattr(intern!(py, "_member_map_"))? {
            return Ok(self.walk(&object.getattr(intern!(py, "_value_"))?));
        }
        if class.hasattr(intern!(py, "__index__"))? {
            return Ok(integer(&object.call_method0(intern!(py, "__index__"))?));
        }
        if let Ok(mapping) = object.cast::<PyMapping>() {
            let mut pairs = Vec::with_capacity(mapping.len()?);
            for key in mapping.keys()?.iter() {
                let item = mapping.get_item(&key)?;
                pairs.push((key, item));
            }
            return Ok(self.pairs(pairs));
        }
        if let Ok(sequence) = object.cast::<PySequence>() {
            return Ok(self.items(sequence.to_list()?.iter().collect()));
        }
        Ok(not_json(object))
    }

    /// A dataclass, an attrs class or a msgspec struct; like a pydantic model it leaves out what is `None`.
    fn fields(&mut self, object: &Bound<'py, PyAny>, fields: &Bound<'py, PyAny>, are_names: bool) -> PyResult<Value<'k>> {
        let py = object.py();
        let mut pairs = Vec::new();
        for field in fields.try_iter()? {
            let field = field?;
            let name =
                if are_names || field.is_instance_of::<PyString>() { field } else { field.getattr(intern!(py, "name"))? };
            let item = object.getattr(name.cast::<PyString>()?)?;
            if !item.is_none() {
                pairs.push((name, item));
            }
        }
        Ok(self.pairs(pairs))
    }
}

/// What a pydantic model says of itself. Defaults are kept (a role often is one), `None` is left out.
fn dump_model<'py>(object: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let py = object.py();
    let how = PyDict::new(py);
    how.set_item(intern!(py, "mode"), intern!(py, "json"))?;
    how.set_item(intern!(py, "by_alias"), true)?;
    how.set_item(intern!(py, "exclude_none"), true)?;
    match object.call_method(intern!(py, "model_dump"), (), Some(&how)) {
        // Another library's method of that name.
        Err(error) if error.is_instance_of::<pyo3::exceptions::PyTypeError>(py) => object.call_method0(intern!(py, "model_dump")),
        other => other,
    }
}

fn integer<'k>(object: &Bound<'_, PyAny>) -> Value<'k> {
    match object.extract::<i64>() {
        Ok(n) => n.into(),
        Err(_) => object.extract::<u64>().map_or_else(|_| invalid("an integer beyond 64 bits"), Value::from),
    }
}

fn invalid<'k>(what: &'static str) -> Value<'k> {
    Value::Invalid(Cow::Borrowed(what))
}

fn lone_surrogate<'k>() -> Value<'k> {
    invalid("a string with a lone surrogate")
}

fn not_json<'k>(object: &Bound<'_, PyAny>) -> Value<'k> {
    Value::Invalid(Cow::Owned(named(object)))
}

fn failed<'k>(object: &Bound<'_, PyAny>, error: &PyErr) -> Value<'k> {
    let py = object.py();
    let why = error.get_type(py).name().map_or_else(|_| "an exception".to_owned(), |name| name.to_string());
    Value::Invalid(Cow::Owned(format!("{} that could not be read ({why})", named(object))))
}

fn type_name(object: &Bound<'_, PyAny>) -> String {
    object.get_type().name().map_or_else(|_| "object".to_owned(), |name| name.to_string())
}

/// The object's type with its article: `a set`, `an ndarray`, `bytes`.
fn named(object: &Bound<'_, PyAny>) -> String {
    let name = type_name(object);
    match name.as_str() {
        "bytes" => name,
        _ if name.starts_with(['a', 'e', 'i', 'o', 'u', 'A', 'E', 'I', 'O', 'U']) => format!("an {name}"),
        _ => format!("a {name}"),
    }
}
