//! The form of every request as static tables: `core/src/generated/shapes.rs`.

use std::fmt::Write;

use super::schema::{Body, Definition, Field, Type};
use crate::operations::Table;
use crate::rust::{format, header, string};

const HEAD: &str = "//! The form of every request.

use crate::check::shape::{Field, ObjectShape, Shape};

const fn field(name: &'static str, required: bool, shape: Shape) -> Field {
    Field { name, shape, required }
}

";

/// The text of `generated/shapes.rs`.
pub(crate) fn source(operations: &Table, definitions: &[Definition]) -> Result<String, String> {
    let mut out = header("core/data/operations.toml and the Rust types of requests") + HEAD;
    out += "/// The table of an operation's request; `None` when there is no such operation.\n";
    out += "pub fn request_shape(operation: &str) -> Option<&'static ObjectShape> {\nmatch operation {\n";
    for operation in &operations.operation {
        let shape = operation.request().map_or("NOTHING_ELSE".to_owned(), constant);
        let _ = writeln!(out, "{} => Some(&{shape}),", string(&operation.name));
    }
    out += "_ => None,\n}\n}\n";
    out += "\n/// A request of which everything is said by its operation.\n";
    out += "pub static NOTHING_ELSE: ObjectShape = ObjectShape { name: \"Request\", fields: &[field(\"operation\", false, Shape::String)] };\n";
    for definition in definitions {
        let constant = constant(&definition.name);
        let doc = definition.doc.lines().next().unwrap_or_default();
        match &definition.body {
            Body::Object { fields, .. } => {
                let name = string(&definition.name);
                let _ = write!(out, "\n/// {doc}\npub static {constant}: ObjectShape = ObjectShape {{ name: {name}, fields: &[");
                for Field { name, ty, required, .. } in fields {
                    let _ = write!(out, "field({}, {required}, {}),", string(name), shape(definitions, ty)?);
                }
                out += "] };\n";
            }
            Body::Tagged { tag, variants } => {
                let _ = writeln!(out, "\n/// {doc}\npub static {constant}: Shape = {};", tagged(tag, variants));
            }
            Body::Words { .. } => {}
        }
    }
    format(&out)
}

fn shape(definitions: &[Definition], ty: &Type) -> Result<String, String> {
    Ok(match ty {
        Type::Any => "Shape::Any".to_owned(),
        Type::String | Type::Model | Type::Date => "Shape::String".to_owned(),
        Type::Boolean => "Shape::Boolean".to_owned(),
        Type::Integer { min, max } => format!("Shape::Integer {{ min: {min:?}, max: {max:?} }}"),
        Type::Number { min, max, above } => format!("Shape::Number {{ min: {min:?}, max: {max:?}, above: {above:?} }}"),
        Type::Literal(words) => format!("Shape::Enum(&{})", crate::rust::strings(words)),
        Type::Array(items) => format!("Shape::Array({})", reference(definitions, items)?),
        Type::Vector => "Shape::Array(&Shape::Number { min: None, max: None, above: None })".to_owned(),
        Type::Map(values) => format!("Shape::Map({})", reference(definitions, values)?),
        Type::Nullable(inner) => format!("Shape::Nullable({})", reference(definitions, inner)?),
        Type::Union(parts) => {
            let parts: Vec<String> = parts.iter().map(|part| shape(definitions, part)).collect::<Result<_, _>>()?;
            format!("Shape::OneOf(&[{}])", parts.join(", "))
        }
        Type::Named(name) => match body(definitions, name) {
            Some(Body::Object { .. }) => format!("Shape::Object(&{})", constant(name)),
            Some(Body::Words { open: true, .. }) => "Shape::String".to_owned(),
            Some(Body::Words { words, .. }) => format!("Shape::Enum(&{})", crate::rust::strings(words)),
            Some(Body::Tagged { tag, variants }) => tagged(tag, variants),
            None => return Err(format!("no type `{name}`")),
        },
    })
}

/// A shape behind a reference: a tagged union has a table of its own to refer to.
fn reference(definitions: &[Definition], ty: &Type) -> Result<String, String> {
    if let Type::Named(name) = ty
        && let Some(Body::Tagged { .. }) = body(definitions, name)
    {
        return Ok(format!("&{}", constant(name)));
    }
    Ok(format!("&{}", shape(definitions, ty)?))
}

fn tagged(tag: &str, variants: &[(String, String)]) -> String {
    // Messages have four roles; chunks and tools are of kinds that a newer server may know.
    let open = tag == "type";
    let variants: Vec<String> =
        variants.iter().map(|(value, name)| format!("({}, &{})", string(value), constant(name))).collect();
    format!("Shape::Tagged {{ tag: {}, variants: &[{}], open: {open} }}", string(tag), variants.join(", "))
}

fn body<'d>(definitions: &'d [Definition], name: &str) -> Option<&'d Body> {
    definitions.iter().find(|definition| definition.name == name).map(|definition| &definition.body)
}

/// `ChatRequest` to `CHAT_REQUEST`.
fn constant(name: &str) -> String {
    let mut out = String::new();
    for (at, letter) in name.char_indices() {
        if at > 0 && letter.is_uppercase() {
            out.push('_');
        }
        out.push(letter.to_ascii_uppercase());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_toy_becomes_a_table() {
        let fields = vec![Field {
            name: "speed".into(),
            doc: String::new(),
            ty: Type::Nullable(Box::new(Type::Number { min: Some(0.0), max: None, above: None })),
            required: false,
        }];
        let toy = Definition { name: "FastToy".into(), doc: "A toy.".into(), body: Body::Object { fields, open: false } };
        let operations = toml::from_str(
            "resource = []\n[[operation]]\nname = 'play'\nresource = ''\nmethod = ''\nhttp = ''\npath = ''\nrequest = 'toys::FastToy'\nbody = ''\nanswer = ''\ndoc = ''",
        );
        let text = source(&operations.unwrap(), &[toy]).unwrap();
        assert!(text.contains("\"play\" => Some(&FAST_TOY)"), "{text}");
        assert!(text.contains("pub static FAST_TOY: ObjectShape"), "{text}");
        assert!(text.contains("Shape::Nullable(&Shape::Number { min: Some(0.0), max: None, above: None })"), "{text}");
    }
}
