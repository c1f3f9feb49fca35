//! Compares a request with the tables of its form: every field, every type, every range, at every depth.
//!
//! Rules that need more than one place stand in the other files of this folder; what is wrong here is wrong by itself.

use std::fmt::{self, Write as _};

use super::fault::Fault;
use super::findings::{Draft, Findings, rule};
use super::foreign::{self, Hint};
use super::names::Names;
use super::shape::{Field, Forms, ObjectShape, Shape, Table, Tagged, Union, forms};
use crate::json::{MAX_DEPTH, Number, Object, Path, Segment, Value};
use crate::suggest::{did_you_mean, nearest, shown};
use tramontane_json::shape::fitting;

/// Takes down every difference between a request and the table of its operation. What conforms has none and needs no walk.
#[cold]
#[inline(never)]
pub(super) fn differences(request: &Value<'_>, table: Table, out: &mut Findings<'_>) {
    Walker { forms: forms(), out }.fields(request, table, &Path::root(), 0);
}

struct Walker<'w, 'r> {
    forms: &'static Forms,
    out: &'w mut Findings<'r>,
}

impl Walker<'_, '_> {
    fn value(&mut self, value: &Value<'_>, shape: &Shape, path: &Path<'_>, depth: usize) {
        if self.is_broken(value, path, depth) {
            return;
        }
        match (shape, value) {
            (Shape::Any, _) => self.any(value, path, depth),
            (Shape::Nullable(_), Value::Null) | (Shape::String, Value::String(_)) | (Shape::Boolean, Value::Bool(_)) => {}
            (Shape::Nullable(inner), _) => self.value(value, inner, path, depth),
            (Shape::Integer { min, max }, Value::Number(number)) => self.integer(*number, *min, *max, path),
            (Shape::Number { min, max, above }, Value::Number(number)) => {
                let bounds = Bounds { min: *min, max: *max, above: *above };
                self.within(number.as_f64(), &bounds, value, path);
            }
            (Shape::Enum(names), Value::String(name)) => self.one_of(name, names, path),
            (Shape::Array(items), Value::Array(values)) => {
                for (at, item) in values.iter().enumerate() {
                    self.value(item, items, &path.index(at), depth + 1);
                }
            }
            (Shape::Map(values), Value::Object(object)) => {
                self.repeated_keys(object, path);
                for (key, value) in object.iter() {
                    self.value(value, values, &path.key(key), depth + 1);
                }
            }
            (Shape::Object(table), Value::Object(_)) => self.fields(value, *table, path, depth),
            (Shape::Tagged(union), Value::Object(_)) => self.tagged(value, *union, path, depth),
            (Shape::OneOf(shapes), _) => match fitting(shapes, value) {
                Some(shape) => self.value(value, shape, path, depth),
                None => self.wrong_type(value, shape, path),
            },
            _ => self.wrong_type(value, shape, path),
        }
    }

    /// What is wrong with a value whatever the table says; `true` when there is no use in looking further.
    fn is_broken(&mut self, value: &Value<'_>, path: &Path<'_>, depth: usize) -> bool {
        if depth > MAX_DEPTH {
            let message = format_args!("{} is nested deeper than {MAX_DEPTH} levels", label(path));
            self.out.add(path, Draft::new(rule!("too_deep"), message));
            return true;
        }
        let what = match value {
            Value::Number(Number::Float(number)) if number.is_nan() => "NaN",
            Value::Number(Number::Float(number)) if number.is_infinite() => "infinite",
            Value::Invalid(what) => what,
            _ => return false,
        };
        let message = format_args!("{} is {what}, which JSON cannot express", label(path));
        self.out.add(path, Draft::new(rule!("not_json"), message));
        true
    }

    fn any(&mut self, value: &Value<'_>, path: &Path<'_>, depth: usize) {
        match value {
            Value::Array(items) => {
                for (at, item) in items.iter().enumerate() {
                    self.value(item, &Shape::Any, &path.index(at), depth + 1);
                }
            }
            Value::Object(object) => {
                self.repeated_keys(object, path);
                for (key, value) in object.iter() {
                    self.value(value, &Shape::Any, &path.key(key), depth + 1);
                }
            }
            _ => {}
        }
    }

    fn fields(&mut self, value: &Value<'_>, table: Table, path: &Path<'_>, depth: usize) {
        let Some(object) = value.as_object() else { return self.wrong_type(value, &Shape::Object(table), path) };
        let table = self.forms.object(table);
        // One bit for each field that was seen; no table has more than 64 fields (a test holds it).
        let mut seen = 0_u64;
        for (key, value) in object.iter() {
            let below = path.key(key);
            let Some((at, field)) = table.fields.iter().enumerate().find(|(_, field)| field.name == key) else {
                self.unknown_field(key, value, table, &below);
                continue;
            };
            if seen & (1 << at) != 0 {
                self.repeated_key(&below, key);
            }
            seen |= 1 << at;
            self.value(value, &field.shape, &below, depth + 1);
        }
        for (at, field) in table.fields.iter().enumerate() {
            if field.required && seen & (1 << at) == 0 {
                self.missing(field, table, object, path);
            }
        }
    }

    fn tagged(&mut self, value: &Value<'_>, tagged: Tagged, path: &Path<'_>, depth: usize) {
        let Some(object) = value.as_object() else { return };
        let union = self.forms.union(tagged);
        let (tag, variants) = (union.tag, union.variants.as_slice());
        let below = path.key(tag);
        let name = match object.get(tag) {
            Some(Value::String(name)) => name,
            Some(other) => return self.value(other, &Shape::String, &below, depth + 1),
            None => match self.forms.guess(object, union) {
                Some(table) => return self.fields(value, table, path, depth),
                None => return self.missing_tag(tag, variants, path),
            },
        };
        if let Some((_, table)) = variants.iter().find(|(variant, _)| *variant == name.as_ref()) {
            return self.fields(value, *table, path, depth);
        }
        self.unknown_tag(name, union, path);
        if union.open {
            self.any(value, path, depth);
        }
    }

    fn integer(&mut self, number: Number, min: Option<i64>, max: Option<i64>, path: &Path<'_>) {
        let value = Value::Number(number);
        let whole = match number {
            Number::Int(_) | Number::UInt(_) => true,
            Number::Float(float) => float.fract() == 0.0,
        };
        if !whole {
            let fault =
                Fault::form("int_from_float", path, "Input should be a valid integer, got a number with a fractional part");
            let message = format_args!("{} must be a whole number, but is {value}", label(path));
            return self.out.add(path, Draft::new(rule!("wrong_type"), message).fault(fault));
        }
        let bounds = Bounds { min: min.map(|min| min as f64), max: max.map(|max| max as f64), above: None };
        self.within(number.as_f64(), &bounds, &value, path);
    }

    fn within(&mut self, number: f64, bounds: &Bounds, value: &Value<'_>, path: &Path<'_>) {
        let (kind, said, bound) = if let Some(min) = bounds.min.filter(|min| number < *min) {
            ("greater_than_equal", "greater than or equal to", min)
        } else if let Some(above) = bounds.above.filter(|above| number <= *above) {
            ("greater_than", "greater than", above)
        } else if let Some(max) = bounds.max.filter(|max| number > *max) {
            ("less_than_equal", "less than or equal to", max)
        } else {
            return;
        };
        let message = format_args!("{} must be {bounds}, but is {value}", label(path));
        let fault = Fault::form(kind, path, format_args!("Input should be {said} {}", Number::Float(bound)));
        self.out.add(path, Draft::new(rule!("out_of_range"), message).fault(fault));
    }

    fn one_of(&mut self, name: &str, names: &'static [&'static str], path: &Path<'_>) {
        if names.contains(&name) {
            return;
        }
        let message = format_args!("{} cannot be {}; it is {}", label(path), shown(name), choice(names));
        let hint = did_you_mean(nearest(name, names.iter().copied()));
        let fault = Fault::form("literal_error", path, format_args!("Input should be {}", python_choice(names)));
        self.out.add(path, Draft::new(rule!("unknown_value"), message).hint(format_args!("{hint}")).fault(fault));
    }

    fn wrong_type(&mut self, value: &Value<'_>, shape: &Shape, path: &Path<'_>) {
        let (kind, said) = pydantic_type(shape);
        let message = format_args!("{} must be {}, but is {}", label(path), describe(shape), value.kind());
        let hint = match (shape, value) {
            (Shape::Boolean, Value::Null) => "leave it out instead",
            _ => "",
        };
        self.out.add(
            path,
            Draft::new(rule!("wrong_type"), message).hint(format_args!("{hint}")).fault(Fault::form(kind, path, said)),
        );
    }

    fn unknown_field(&mut self, key: &str, value: &Value<'_>, table: &ObjectShape, path: &Path<'_>) {
        if table.name == "ChatRequest" && foreign::is_undocumented(key) {
            let message = format_args!("{} is in no document of the API", shown(key));
            let hint = format_args!("if the server takes it, send it in `extra_body`");
            return self.out.add(path, Draft::new(rule!("undocumented_field"), message).hint(hint));
        }
        // Of speech alone the API's document says that it takes fields that it does not name.
        let rule = if table.name == "SpeechRequest" { rule!("undocumented_field") } else { rule!("unknown_field") };
        let message = format_args!("{} has no field {}", foreign::noun(table.name), shown(key));
        let hint = fmt::from_fn(|f| match foreign::hint(table, key) {
            Some(Hint::Said(hint)) => f.write_str(hint),
            Some(Hint::Spelt(name)) => write!(f, "it is spelt `{name}`"),
            None => write!(f, "{}", did_you_mean(nearest(key, table.fields.iter().map(|field| field.name)))),
        });
        let fault = Fault::form("extra_forbidden", path, "Extra inputs are not permitted").with_input(value);
        self.out.add(path, Draft::new(rule, message).hint(format_args!("{hint}")).fault(fault));
        self.value(value, &Shape::Any, path, path.segments().len());
    }

    fn missing(&mut self, field: &Field, table: &ObjectShape, object: &Object<'_>, path: &Path<'_>) {
        let below = path.key(field.name);
        let message = format_args!("{} needs `{}`", foreign::noun(table.name), field.name);
        // The field may be there under another name; then that finding says so already.
        let hint = fmt::from_fn(|f| match object.iter().any(|(key, _)| foreign::means(table, key) == Some(field.name)) {
            true => Ok(()),
            false => write!(f, "add `{}`: {}", field.name, describe(&field.shape)),
        });
        let fault = Fault::form("missing", &below, "Field required");
        self.out.add(&below, Draft::new(rule!("missing_field"), message).hint(format_args!("{hint}")).fault(fault));
    }

    fn missing_tag(&mut self, tag: &'static str, variants: &[(&'static str, Table)], path: &Path<'_>) {
        let names: Vec<&str> = variants.iter().map(|(name, _)| *name).collect();
        let message = format_args!("{} needs `{tag}`", label(path));
        let said = format_args!("Unable to extract tag using discriminator '{tag}'");
        let fault = Fault::form("union_tag_not_found", path, said);
        let hint = format_args!("it is {}", choice(&names));
        self.out.add(&path.key(tag), Draft::new(rule!("missing_field"), message).hint(hint).fault(fault));
    }

    fn unknown_tag(&mut self, name: &str, union: &Union, path: &Path<'_>) {
        let (tag, open) = (union.tag, union.open);
        let names: Vec<&str> = union.variants.iter().map(|(name, _)| *name).collect();
        let tools = matches!(path.segments().first(), Some(Segment::Key("tools")));
        let foreign = (open && !tools).then(|| foreign::content_type(name)).flatten();
        let role = (tag == "role").then(|| foreign::role(name)).flatten();
        let hint = fmt::from_fn(|f| match foreign.or(role) {
            Some(hint) => f.write_str(hint),
            None => write!(f, "{}", did_you_mean(nearest(name, names.iter().copied()))),
        });
        let hint = format_args!("{hint}");
        let below = path.key(tag);
        // A type that nobody knows here may be one that the API has learnt since: it is kept and sent, with a warning. The
        // server refuses what it does not know, so what is certain to be another API's is an error.
        if !open || !tools && foreign.is_some() {
            let said = fmt::from_fn(|f| {
                let expected = names.iter().map(|name| format!("'{name}'")).collect::<Vec<_>>().join(", ");
                write!(f, "Input tag '{name}' found using '{tag}' does not match any of the expected tags: {expected}")
            });
            let message = format_args!("{} cannot be {}; it is {}", label(&below), shown(name), choice(&names));
            let fault = Fault::form("union_tag_invalid", path, said);
            return self.out.add(&below, Draft::new(rule!("unknown_value"), message).hint(hint).fault(fault));
        }
        let (rule, what) = match tools {
            true => (rule!("unknown_tool_type"), "tool"),
            false if names.contains(&"message.input") => (rule!("unknown_entry_type"), "entry"),
            false => (rule!("unknown_content_type"), "content"),
        };
        self.out.add(&below, Draft::new(rule, format_args!("{what} type {} is not known here", shown(name))).hint(hint));
    }

    fn repeated_key(&mut self, path: &Path<'_>, key: &str) {
        let message = format_args!("{} stands twice; the last one counts", shown(key));
        self.out.add(path, Draft::new(rule!("duplicate_key"), message));
    }

    fn repeated_keys(&mut self, object: &Object<'_>, path: &Path<'_>) {
        let keys = Names::new(&mut object.iter().map(|(key, _)| key));
        for (at, key) in keys.all().iter().enumerate() {
            if keys.earlier(at).is_some() {
                self.repeated_key(&path.key(key), key);
            }
        }
    }
}

struct Bounds {
    min: Option<f64>,
    max: Option<f64>,
    above: Option<f64>,
}

impl fmt::Display for Bounds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (before, least, between) = match (self.min, self.above) {
            (Some(min), _) if self.max.is_some() => ("from ", Some(min), " to "),
            (Some(min), _) => ("at least ", Some(min), ""),
            (None, Some(above)) => ("above ", Some(above), " and at most "),
            (None, None) => ("", None, "at most "),
        };
        for (words, bound) in [(before, least), (between, self.max)] {
            bound.map_or(Ok(()), |bound| write!(f, "{words}{}", Number::Float(bound)))?;
        }
        Ok(())
    }
}

/// What a shape takes, in the words of a message.
fn describe(shape: &Shape) -> impl fmt::Display {
    fmt::from_fn(move |f| write_shape(shape, f))
}

fn write_shape(shape: &Shape, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_str(match shape {
        Shape::Any => "any value",
        Shape::String => "a string",
        Shape::Boolean => "true or false",
        Shape::Integer { .. } => "a whole number",
        Shape::Number { .. } => "a number",
        Shape::Enum(names) => return write!(f, "{}", choice(names)),
        Shape::Array(_) => "an array",
        Shape::Map(_) | Shape::Object(_) | Shape::Tagged(_) => "an object",
        Shape::Nullable(inner) => return write_shape(inner, f),
        Shape::OneOf(shapes) => {
            return shapes.iter().enumerate().try_for_each(|(at, shape)| {
                f.write_str(if at == 0 { "" } else { " or " })?;
                write_shape(shape, f)
            });
        }
    })
}

/// What the server's own form check says where a type is wrong.
fn pydantic_type(shape: &Shape) -> (&'static str, &'static str) {
    match shape {
        Shape::Boolean => ("bool_type", "Input should be a valid boolean"),
        Shape::Integer { .. } => ("int_parsing", "Input should be a valid integer, unable to parse string as an integer"),
        Shape::Number { .. } => ("float_parsing", "Input should be a valid number, unable to parse string as a number"),
        Shape::Array(_) => ("list_type", "Input should be a valid list"),
        Shape::Map(_) => ("dict_type", "Input should be a valid dictionary"),
        Shape::Object(_) | Shape::Tagged(_) => {
            ("model_attributes_type", "Input should be a valid dictionary or object to extract fields from")
        }
        Shape::Nullable(inner) => pydantic_type(inner),
        Shape::OneOf(shapes) => pydantic_type(shapes.first().unwrap_or(&Shape::Any)),
        Shape::Any | Shape::String | Shape::Enum(_) => ("string_type", "Input should be a valid string"),
    }
}

/// `` `a`, `b` or `c` ``
pub(super) fn choice(names: &[&str]) -> impl fmt::Display {
    join(names, '`', "or")
}

/// `'a', 'b' or 'c'`, as Python's pydantic writes it.
fn python_choice(names: &[&str]) -> impl fmt::Display {
    join(names, '\'', "or")
}

/// The names, each in quotes, the last behind a word.
pub(super) fn join(names: &[&str], quote: char, word: &str) -> impl fmt::Display {
    fmt::from_fn(move |f| {
        names.iter().enumerate().try_for_each(|(at, name)| match at {
            0 => write!(f, "{quote}{name}{quote}"),
            _ if at + 1 == names.len() => write!(f, " {word} {quote}{name}{quote}"),
            _ => write!(f, ", {quote}{name}{quote}"),
        })
    })
}

/// A place in the words of a message: `` `content` ``, `` `tools[2]` ``, `the request`.
pub(super) fn label(path: &Path<'_>) -> impl fmt::Display {
    fmt::from_fn(move |f| {
        let segments = path.segments();
        let Some(last_key) = segments.iter().rposition(|segment| matches!(segment, Segment::Key(_))) else {
            return f.write_str("the request");
        };
        let mut text = String::new();
        for segment in &segments[last_key..] {
            match segment {
                Segment::Key(key) => text.push_str(key),
                Segment::Index(index) => write!(text, "[{index}]")?,
            }
        }
        write!(f, "{}", shown(&text))
    })
}
