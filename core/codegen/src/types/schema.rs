//! JSON Schemas of the core's types, read into what the emitters need: named definitions in a good order.

use serde_json::{Map, Value};

/// Marks a tagged union whose tag the server guesses where it is missing; in requests only.
pub(crate) const UNTYPED: &str = "x-untyped";

/// What a value may be.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Type {
    Any,
    String,
    /// The name of a model: a known one, or any other string.
    Model,
    /// A day, `YYYY-MM-DD`.
    Date,
    Boolean,
    Integer {
        min: Option<i64>,
        max: Option<i64>,
    },
    Number {
        min: Option<f64>,
        max: Option<f64>,
        above: Option<f64>,
    },
    /// One of these strings.
    Literal(Vec<String>),
    Array(Box<Type>),
    /// Numbers of one kind, without a list of them.
    Vector,
    Map(Box<Type>),
    /// A [`Definition`], by its name.
    Named(String),
    Union(Vec<Type>),
    Nullable(Box<Type>),
}

/// A type with a name.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Definition {
    pub(crate) name: String,
    pub(crate) doc: String,
    pub(crate) body: Body,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Body {
    /// An object; an open one keeps fields that are not in the list.
    Object { fields: Vec<Field>, open: bool },
    /// An object whose field `tag` says which definition it follows: `(value of the tag, definition)`.
    Tagged { tag: String, variants: Vec<(String, String)> },
    /// One of these strings; an open one may be any other string too.
    Words { words: Vec<String>, open: bool },
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) doc: String,
    pub(crate) ty: Type,
    pub(crate) required: bool,
}

/// Reads definitions out of the `$defs` of a schema: those named in `roots` and whatever they use, each after what it uses.
///
/// # Errors
/// One sentence that names the definition whose form is not foreseen here.
pub(crate) fn definitions(defs: &Map<String, Value>, roots: &[String]) -> Result<Vec<Definition>, String> {
    let mut reader = Reader { defs, begun: Vec::new(), done: Vec::new() };
    roots.iter().try_for_each(|root| reader.definition(root))?;
    Ok(reader.done)
}

struct Reader<'s> {
    defs: &'s Map<String, Value>,
    begun: Vec<String>,
    done: Vec<Definition>,
}

impl Reader<'_> {
    fn definition(&mut self, name: &str) -> Result<(), String> {
        if self.begun.iter().any(|begun| begun == name) {
            return Ok(());
        }
        self.begun.push(name.to_owned());
        let schema = self.defs.get(name).ok_or_else(|| format!("no type `{name}`"))?;
        let body = self.body(name, schema).map_err(|fault| format!("type `{name}`: {fault}"))?;
        self.done.push(Definition { name: name.to_owned(), doc: doc(schema), body });
        Ok(())
    }

    fn body(&mut self, name: &str, schema: &Value) -> Result<Body, String> {
        if let Some(words) = words(schema) {
            return Ok(words);
        }
        if let Some(variants) = variants(schema) {
            return self.tagged(name, variants, schema.get(UNTYPED).is_some());
        }
        self.object(schema)
    }

    fn object(&mut self, schema: &Value) -> Result<Body, String> {
        let properties = schema.get("properties").and_then(Value::as_object);
        let required: Vec<&str> = strings(schema.get("required"));
        let mut fields = Vec::new();
        for (key, property) in properties.into_iter().flatten() {
            let ty = self.ty(property).map_err(|fault| format!("field `{key}`: {fault}"))?;
            let required = required.contains(&key.as_str()) || property.get("x-required").is_some();
            fields.push(Field { name: key.clone(), doc: doc(property), ty, required });
        }
        Ok(Body::Object { fields, open: schema.get("additionalProperties") == Some(&Value::Bool(true)) })
    }

    /// Each variant becomes a definition of its own, named after its tag: `image_url` of `ContentChunk` is an `ImageUrlChunk`.
    ///
    /// Where the tag may be missing, no variant requires it.
    fn tagged(&mut self, name: &str, variants: &[Value], untyped: bool) -> Result<Body, String> {
        let (tag, _) = tag_of(&variants[0]).ok_or("a variant has no tag")?;
        let suffix = &name[name.rfind(char::is_uppercase).unwrap_or(0)..];
        let mut named = Vec::new();
        for variant in variants {
            let (_, value) = tag_of(variant).ok_or("a variant has no tag")?;
            let name = format!("{}{suffix}", crate::rust::camel(value));
            let mut body = self.object(variant)?;
            if let Body::Object { fields, .. } = &mut body {
                fields.iter_mut().filter(|field| field.name == tag).for_each(|field| field.required &= !untyped);
            }
            self.done.push(Definition { name: name.clone(), doc: doc(variant), body });
            named.push((value.to_owned(), name));
        }
        Ok(Body::Tagged { tag: tag.to_owned(), variants: named })
    }

    fn ty(&mut self, schema: &Value) -> Result<Type, String> {
        if let Some(name) = schema.get("$ref").and_then(Value::as_str) {
            return self.reference(name.rsplit('/').next().unwrap_or_default());
        }
        if let Some(parts) = schema.get("anyOf").or(schema.get("oneOf")).and_then(Value::as_array) {
            return self.union(parts);
        }
        if let Some(word) = schema.get("const").and_then(Value::as_str) {
            return Ok(Type::Literal(vec![word.to_owned()]));
        }
        if let Some(words) = schema.get("enum") {
            return Ok(Type::Literal(strings(Some(words)).into_iter().map(str::to_owned).collect()));
        }
        match schema.get("type") {
            Some(Value::String(kind)) => self.simple(kind, schema),
            Some(kinds @ Value::Array(_)) => match strings(Some(kinds)).as_slice() {
                [kind, "null"] | ["null", kind] => Ok(nullable(self.simple(kind, schema)?)),
                _ => Err(format!("cannot read the types {kinds}")),
            },
            None if schema.get("properties").is_none() => Ok(Type::Any),
            _ => Err(format!("cannot read {schema}")),
        }
    }

    /// An object, a tagged union or a set of words keeps its name; any other name is only another word for its type.
    fn reference(&mut self, name: &str) -> Result<Type, String> {
        let schema = self.defs.get(name).ok_or_else(|| format!("no type `{name}`"))?;
        if words(schema).is_some() || variants(schema).is_some() || schema.get("properties").is_some() {
            self.definition(name)?;
            return Ok(Type::Named(name.to_owned()));
        }
        self.ty(schema)
    }

    fn union(&mut self, parts: &[Value]) -> Result<Type, String> {
        let is_null = |part: &Value| part.get("type").and_then(Value::as_str) == Some("null");
        let mut types = Vec::new();
        for part in parts.iter().filter(|part| !is_null(part)) {
            match self.ty(part)? {
                Type::Union(inner) => types.extend(inner),
                other => types.push(other),
            }
        }
        let ty = if types.len() == 1 { types.remove(0) } else { Type::Union(types) };
        Ok(if parts.iter().any(is_null) { nullable(ty) } else { ty })
    }

    fn simple(&mut self, kind: &str, schema: &Value) -> Result<Type, String> {
        let number = |key: &str| schema.get(key).and_then(Value::as_f64);
        let integer = |key: &str| schema.get(key).and_then(Value::as_i64);
        Ok(match kind {
            "string" if schema.get("x-model").is_some() => Type::Model,
            "string" if schema.get("format").and_then(Value::as_str) == Some("date") => Type::Date,
            "string" => Type::String,
            "boolean" => Type::Boolean,
            "integer" => Type::Integer { min: integer("minimum"), max: integer("maximum") },
            "number" => Type::Number { min: number("minimum"), max: number("maximum"), above: number("exclusiveMinimum") },
            "array" if schema.get("x-vector").is_some() => Type::Vector,
            "array" => Type::Array(Box::new(schema.get("items").map_or(Ok(Type::Any), |items| self.ty(items))?)),
            "object" if schema.get("properties").is_none() => match schema.get("additionalProperties") {
                Some(values @ Value::Object(_)) => Type::Map(Box::new(self.ty(values)?)),
                _ => Type::Map(Box::new(Type::Any)),
            },
            _ => return Err(format!("cannot read a nested {kind}; give it a name")),
        })
    }
}

fn nullable(ty: Type) -> Type {
    match ty {
        Type::Any | Type::Nullable(_) => ty,
        other => Type::Nullable(Box::new(other)),
    }
}

/// A set of words, closed or open; `None` for any other schema.
fn words(schema: &Value) -> Option<Body> {
    let parts = schema.get("oneOf").or(schema.get("anyOf")).and_then(Value::as_array);
    let Some(parts) = parts else {
        let words = strings(schema.get("enum"));
        let words: Vec<String> = words.into_iter().map(str::to_owned).collect();
        return (!words.is_empty()).then_some(Body::Words { words, open: false });
    };
    let mut all = Vec::new();
    let mut open = false;
    for part in parts {
        match (part.get("type")?.as_str()?, part.get("const"), part.get("enum")) {
            ("string", Some(word), _) => all.push(word.as_str()?.to_owned()),
            ("string", None, words @ Some(_)) => all.extend(strings(words).into_iter().map(str::to_owned)),
            ("string", None, None) => open = true,
            _ => return None,
        }
    }
    (!all.is_empty()).then_some(Body::Words { words: all, open })
}

/// The variants of a tagged union; `None` for any other schema.
fn variants(schema: &Value) -> Option<&[Value]> {
    let parts = schema.get("oneOf").or(schema.get("anyOf"))?.as_array()?;
    (!parts.is_empty() && parts.iter().all(|part| tag_of(part).is_some())).then_some(parts)
}

/// The first field of an object that may hold one string only, and that string.
fn tag_of(schema: &Value) -> Option<(&str, &str)> {
    let properties = schema.get("properties")?.as_object()?;
    properties.iter().find_map(|(key, property)| Some((key.as_str(), property.get("const")?.as_str()?)))
}

fn strings(list: Option<&Value>) -> Vec<&str> {
    list.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect()
}

/// A description for readers of any language: without Rust's examples and links.
fn doc(schema: &Value) -> String {
    let text = schema.get("description").and_then(Value::as_str).unwrap_or_default();
    let prose = text.split("\n\n```").next().unwrap_or_default();
    prose.replace("[`", "`").replace("`]", "`").replace("super::", "")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(defs: Value, root: &str) -> Result<Vec<Definition>, String> {
        definitions(defs.as_object().unwrap(), &[root.to_owned()])
    }

    #[test]
    fn ranges_nulls_and_aliases_are_read() {
        let defs = json!({
            "Toy": {"description": "A toy.\n\n```\nlet rust;\n```", "type": "object", "additionalProperties": false, "required": ["name"], "properties": {
                "name": {"type": "string", "description": "As in [`Toy`]."},
                "age": {"type": ["integer", "null"], "minimum": 3},
                "paint": {"anyOf": [{"$ref": "#/$defs/Paint"}, {"type": "null"}]},
            }},
            "Paint": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"$ref": "#/$defs/Colour"}}]},
            "Colour": {"oneOf": [{"type": "string", "const": "red"}, {"type": "string", "const": "blue"}]},
        });
        let read = read(defs, "Toy").unwrap();
        assert_eq!(read[0].name, "Colour");
        assert_eq!(read[0].body, Body::Words { words: vec!["red".into(), "blue".into()], open: false });
        assert_eq!((read[1].name.as_str(), read[1].doc.as_str()), ("Toy", "A toy."));
        let Body::Object { fields, open: false } = &read[1].body else { panic!("{read:?}") };
        assert_eq!((fields[0].doc.as_str(), fields[0].required), ("As in `Toy`.", true));
        assert_eq!(fields[1].ty, nullable(Type::Integer { min: Some(3), max: None }));
        let colours = Type::Array(Box::new(Type::Named("Colour".into())));
        assert_eq!(fields[2].ty, nullable(Type::Union(vec![Type::String, colours])));
    }

    #[test]
    fn variants_are_named_after_their_tag() {
        let variant = |tag: &str| json!({"type": "object", "properties": {"kind": {"type": "string", "const": tag}}});
        let read = read(json!({"ToyPart": {"oneOf": [variant("front_wheel"), variant("hull")]}}), "ToyPart").unwrap();
        let names: Vec<&str> = read.iter().map(|definition| definition.name.as_str()).collect();
        assert_eq!(names, ["FrontWheelPart", "HullPart", "ToyPart"]);
        let Body::Tagged { tag, variants } = &read[2].body else { panic!("{read:?}") };
        assert_eq!((tag.as_str(), variants[1].1.as_str()), ("kind", "HullPart"));
    }

    #[test]
    fn a_form_that_is_not_foreseen_names_its_place() {
        let nested = json!({"type": "object", "properties": {"in": {"type": "object", "properties": {"a": {"type": "string"}}}}});
        assert_eq!(
            read(json!({"Toy": nested}), "Toy").unwrap_err(),
            "type `Toy`: field `in`: cannot read a nested object; give it a name"
        );
    }
}
