//! Whether a JSON Schema is one: the keywords of draft 7, at every depth. Whether it makes sense is not asked.

use std::fmt::{self, Display as _};

use super::fault::Fault;
use super::findings::{Draft, Findings};
use super::walk::choice;
use crate::finding::Rule;
use crate::json::{MAX_DEPTH, Object, Path, Value};
use crate::suggest::{did_you_mean, shown};

const TYPES: [&str; 7] = ["array", "boolean", "integer", "null", "number", "object", "string"];

/// What stands behind a keyword.
#[derive(Clone, Copy)]
enum Wants {
    /// The name of a type, or several.
    Types,
    /// A schema.
    Schema,
    /// Schemas, each under a name.
    Named,
    /// A schema, or a list of them.
    Items,
    /// At least one schema.
    Some,
    /// Names of properties.
    Required,
    /// A number that bounds.
    Bound,
    Array,
    Positive,
    Whole,
    Flag,
    Text,
}

const KEYWORDS: [(&str, Wants); 41] = [
    ("type", Wants::Types),
    ("properties", Wants::Named),
    ("patternProperties", Wants::Named),
    ("definitions", Wants::Named),
    ("$defs", Wants::Named),
    ("items", Wants::Items),
    ("additionalItems", Wants::Schema),
    ("additionalProperties", Wants::Schema),
    ("contains", Wants::Schema),
    ("propertyNames", Wants::Schema),
    ("not", Wants::Schema),
    ("if", Wants::Schema),
    ("then", Wants::Schema),
    ("else", Wants::Schema),
    ("allOf", Wants::Some),
    ("anyOf", Wants::Some),
    ("oneOf", Wants::Some),
    ("required", Wants::Required),
    ("enum", Wants::Array),
    ("examples", Wants::Array),
    ("minimum", Wants::Bound),
    ("maximum", Wants::Bound),
    ("exclusiveMinimum", Wants::Bound),
    ("exclusiveMaximum", Wants::Bound),
    ("multipleOf", Wants::Positive),
    ("minLength", Wants::Whole),
    ("maxLength", Wants::Whole),
    ("minItems", Wants::Whole),
    ("maxItems", Wants::Whole),
    ("minProperties", Wants::Whole),
    ("maxProperties", Wants::Whole),
    ("uniqueItems", Wants::Flag),
    ("readOnly", Wants::Flag),
    ("title", Wants::Text),
    ("description", Wants::Text),
    ("pattern", Wants::Text),
    ("format", Wants::Text),
    ("$ref", Wants::Text),
    ("$id", Wants::Text),
    ("$schema", Wants::Text),
    ("$comment", Wants::Text),
];

/// Looks at a schema; `rule` is the rule that its faults go under.
#[inline(never)]
pub(super) fn check(schema: &Value<'_>, rule: Rule, path: &Path<'_>, out: &mut Findings<'_>) {
    Schema { rule, out }.schema(schema, path, 0);
}

struct Schema<'w, 'r> {
    rule: Rule,
    out: &'w mut Findings<'r>,
}

impl Schema<'_, '_> {
    fn schema(&mut self, schema: &Value<'_>, path: &Path<'_>, depth: usize) {
        // What is no JSON is reported by the walk over the form.
        if depth > MAX_DEPTH || matches!(schema, Value::Bool(_) | Value::Invalid(_)) {
            return;
        }
        let Some(object) = schema.as_object() else {
            return self.fault(path, format_args!("a schema must be an object, but is {}", schema.kind()), format_args!(""));
        };
        for (keyword, value) in object.iter() {
            self.keyword(keyword, value, &path.key(keyword), depth + 1);
        }
    }

    fn keyword(&mut self, keyword: &str, value: &Value<'_>, path: &Path<'_>, depth: usize) {
        let Some((_, wants)) = KEYWORDS.iter().find(|(known, _)| *known == keyword) else { return };
        let (fits, expected) = match wants {
            Wants::Types => return self.types(value, path),
            Wants::Named => return self.map(value, keyword, path, depth),
            Wants::Items if value.as_array().is_some() => return self.list(value, path, depth),
            Wants::Items | Wants::Schema => return self.schema(value, path, depth),
            Wants::Some if value.as_array().is_some_and(|list| !list.is_empty()) => return self.list(value, path, depth),
            Wants::Some => (false, "an array of schemas, and not empty"),
            Wants::Required => return self.required(value, path),
            Wants::Bound => return self.bound(keyword, value, path),
            Wants::Array => (value.as_array().is_some(), "an array"),
            Wants::Positive => (value.as_f64().is_some_and(|n| n > 0.0 || n.is_nan()), "a number above 0"),
            Wants::Whole => (value.as_u64().is_some(), "a whole number from 0 up"),
            Wants::Flag => (value.as_bool().is_some(), "true or false"),
            Wants::Text => (value.as_str().is_some(), "a string"),
        };
        if !fits {
            self.wrong(keyword, expected, value, path, None);
        }
    }

    fn types(&mut self, value: &Value<'_>, path: &Path<'_>) {
        match value {
            Value::String(name) => self.type_name(name, path),
            Value::Array(names) if !names.is_empty() => {
                for (at, name) in names.iter().enumerate() {
                    match name {
                        Value::String(name) => self.type_name(name, &path.index(at)),
                        other => self.wrong("type", "a type's name", other, &path.index(at), None),
                    }
                }
            }
            other => self.wrong("type", "a type's name, or an array of them", other, path, None),
        }
    }

    fn type_name(&mut self, name: &str, path: &Path<'_>) {
        if TYPES.contains(&name) {
            return;
        }
        let meant = match name {
            "str" | "text" | "date" | "datetime" => Some("string"),
            "int" => Some("integer"),
            "float" | "double" | "decimal" => Some("number"),
            "bool" => Some("boolean"),
            "list" | "tuple" | "set" => Some("array"),
            "dict" | "map" => Some("object"),
            "None" | "nil" | "undefined" => Some("null"),
            other => crate::suggest::nearest(other, TYPES),
        };
        let message = format_args!("{} is no type of JSON Schema; there are {}", shown(name), choice(&TYPES));
        self.fault(path, message, format_args!("{}", did_you_mean(meant)));
    }

    fn map(&mut self, value: &Value<'_>, keyword: &str, path: &Path<'_>, depth: usize) {
        let Some(object) = value.as_object() else {
            return self.wrong(keyword, "an object of schemas", value, path, None);
        };
        for (name, schema) in object.iter() {
            self.schema(schema, &path.key(name), depth);
        }
    }

    fn list(&mut self, value: &Value<'_>, path: &Path<'_>, depth: usize) {
        for (at, schema) in value.as_array().unwrap_or_default().iter().enumerate() {
            self.schema(schema, &path.index(at), depth);
        }
    }

    fn required(&mut self, value: &Value<'_>, path: &Path<'_>) {
        let Some(names) = value.as_array() else {
            let hint = "`required` is a list of names beside `properties`, not a mark on a property";
            return self.wrong("required", "an array of names", value, path, Some(hint));
        };
        for (at, name) in names.iter().enumerate() {
            if name.as_str().is_none() && !matches!(name, Value::Invalid(_)) {
                self.wrong("required", "an array of names", name, &path.index(at), None);
            }
        }
    }

    fn bound(&mut self, keyword: &str, value: &Value<'_>, path: &Path<'_>) {
        if value.as_f64().is_none() {
            let hint = (value.as_bool().is_some()).then_some("draft 4 had it as a mark; since draft 6 it is the bound itself");
            self.wrong(keyword, "a number", value, path, hint);
        }
    }

    fn wrong(&mut self, keyword: &str, expected: &str, value: &Value<'_>, path: &Path<'_>, hint: Option<&str>) {
        if !matches!(value, Value::Invalid(_)) {
            let got = fmt::from_fn(|f| match value {
                Value::Number(_) => value.fmt(f),
                other => f.write_str(other.kind()),
            });
            let message = format_args!("`{keyword}` of a schema must be {expected}, but is {got}");
            self.fault(path, message, format_args!("{}", hint.unwrap_or_default()));
        }
    }

    fn fault(&mut self, path: &Path<'_>, message: fmt::Arguments<'_>, hint: fmt::Arguments<'_>) {
        let said = Fault::rule("invalid_request_error", format_args!("Invalid tool schema: {message}"));
        self.out.add(path, Draft::new(self.rule, message).hint(hint).fault(said));
    }
}

/// Whether a schema can describe named arguments: `type` is `object`, or says nothing.
pub(super) fn is_of_an_object(schema: &Object<'_>) -> bool {
    match schema.get("type") {
        Some(Value::String(name)) => name == "object" || !TYPES.contains(&name.as_ref()),
        Some(Value::Array(names)) => names.iter().any(|name| name.as_str() == Some("object")),
        _ => true,
    }
}
