//! The form of every request, as the tables that `core/src/check/shape.rs` reads: `core/src/generated/*shapes.tsv`.

use super::schema::{Body, Definition, Field, Type};
use crate::operations::Table;
use crate::packed::{Row, table};

/// The tables of objects and those of unions: what chats are made of, and what else there is.
pub(crate) struct Shapes {
    pub(crate) chat: String,
    pub(crate) rest: String,
    pub(crate) unions: String,
}

/// What has a table, in the order of the tables: by its place there, others refer to it.
struct Order<'d> {
    definitions: &'d [Definition],
    objects: Vec<&'d Definition>,
    unions: Vec<&'d Definition>,
    /// How many of the objects are a chat's.
    chat: usize,
}

/// The texts of the tables.
pub(crate) fn source(operations: &Table, definitions: &[Definition]) -> Result<Shapes, String> {
    let mut order = Order { definitions, objects: Vec::new(), unions: Vec::new(), chat: 0 };
    // A chat's own come first: a module that knows chats alone leaves out the rest.
    order.take("ChatRequest");
    order.chat = order.objects.len();
    operations.operation.iter().filter_map(|operation| operation.request()).for_each(|name| order.take(name));
    let objects = order.objects.iter().map(|definition| order.object(definition)).collect::<Result<Vec<_>, _>>()?;
    let mut objects = objects.into_iter();
    // A request of which everything is said by its operation.
    let nothing_else = Row::default().text("Request").text("operation:s");
    Ok(Shapes {
        chat: table(objects.by_ref().take(order.chat))?,
        rest: table(objects.chain([nothing_else]))?,
        unions: table(order.unions.iter().map(|definition| order.union(definition)))?,
    })
}

impl<'d> Order<'d> {
    /// Gives a definition and what it uses their places.
    fn take(&mut self, name: &str) {
        let Some(definition) = self.definitions.iter().find(|definition| definition.name == name) else { return };
        let taken = self.objects.iter().chain(&self.unions).any(|taken| taken.name == name);
        match &definition.body {
            _ if taken => {}
            Body::Object { fields, .. } => {
                self.objects.push(definition);
                fields.iter().for_each(|field| self.take_type(&field.ty));
            }
            Body::Tagged { variants, .. } => {
                self.unions.push(definition);
                variants.iter().for_each(|(_, name)| self.take(name));
            }
            Body::Words { .. } => {}
        }
    }

    fn take_type(&mut self, ty: &Type) {
        match ty {
            Type::Named(name) => self.take(name),
            Type::Array(inner) | Type::Map(inner) | Type::Nullable(inner) => self.take_type(inner),
            Type::Union(parts) => parts.iter().for_each(|part| self.take_type(part)),
            _ => {}
        }
    }

    fn object(&self, definition: &Definition) -> Result<Row, String> {
        let Body::Object { fields, .. } = &definition.body else { return Ok(Row::default()) };
        fields.iter().try_fold(Row::default().text(&definition.name), |row, Field { name, ty, required, .. }| {
            Ok(row.text(format!("{name}{}{}", if *required { '=' } else { ':' }, self.shape(ty)?)))
        })
    }

    fn union(&self, definition: &Definition) -> Row {
        let Body::Tagged { tag, variants } = &definition.body else { return Row::default() };
        // Messages have four roles; chunks and tools are of kinds that a newer server may know.
        let row = Row::default().text(tag).flag(tag == "type");
        variants.iter().fold(row, |row, (value, name)| row.text(format!("{value}={}", place(&self.objects, name))))
    }

    /// A shape: a letter, and what belongs to it. See `core/src/check/shape.rs`.
    fn shape(&self, ty: &Type) -> Result<String, String> {
        Ok(match ty {
            Type::Any => "*".to_owned(),
            Type::String | Type::Model | Type::Date => "s".to_owned(),
            Type::Boolean => "b".to_owned(),
            Type::Integer { min, max } => format!("i{}{}", whole(*min), whole(*max)),
            Type::Number { min, max, above } => format!("n{}{}{}", thousandths(*min)?, thousandths(*max)?, thousandths(*above)?),
            Type::Literal(words) => format!("w{};", words.join("|")),
            Type::Array(items) => format!("[{}", self.shape(items)?),
            Type::Vector => "[n;;;".to_owned(),
            Type::Map(values) => format!("{{{}", self.shape(values)?),
            Type::Nullable(inner) => format!("?{}", self.shape(inner)?),
            Type::Union(parts) => format!("({})", parts.iter().map(|part| self.shape(part)).collect::<Result<String, _>>()?),
            Type::Named(name) => match self.definitions.iter().find(|d| d.name == *name).map(|definition| &definition.body) {
                Some(Body::Object { .. }) => format!("@{};", place(&self.objects, name)),
                Some(Body::Tagged { .. }) => format!("%{};", place(&self.unions, name)),
                Some(Body::Words { open: true, .. }) => "s".to_owned(),
                Some(Body::Words { words, .. }) => format!("w{};", words.join("|")),
                None => return Err(format!("no type `{name}`")),
            },
        })
    }
}

fn place(order: &[&Definition], name: &str) -> usize {
    order.iter().position(|definition| definition.name == name).unwrap_or_default()
}

fn whole(bound: Option<i64>) -> String {
    bound.map(|bound| bound.to_string()).unwrap_or_default() + ";"
}

/// A bound in thousandths: to read fractions would need tables that are larger than this one.
fn thousandths(bound: Option<f64>) -> Result<String, String> {
    let Some(bound) = bound else { return Ok(";".to_owned()) };
    let thousandths = (bound * 1000.0).round();
    if thousandths / 1000.0 == bound {
        Ok(format!("{thousandths};"))
    } else {
        Err(format!("{bound} is no whole number of thousandths"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_toy_becomes_a_table() {
        let speed = Type::Nullable(Box::new(Type::Number { min: Some(0.5), max: None, above: None }));
        let parts = Type::Array(Box::new(Type::Named("FastToy".into())));
        let field = |name: &str, ty, required| Field { name: name.into(), doc: String::new(), ty, required };
        let fields = vec![field("speed", speed, false), field("parts", parts, true)];
        let toy = Definition { name: "FastToy".into(), doc: "A toy.".into(), body: Body::Object { fields, open: false } };
        let operations = toml::from_str(
            "resource = []\n[[operation]]\nname = 'play'\nresource = ''\nmethod = ''\nhttp = ''\npath = ''\nrequest = 'toys::FastToy'\nbody = ''\nanswer = ''\ndoc = ''",
        );
        let shapes = source(&operations.unwrap(), &[toy]).unwrap();
        assert_eq!(shapes.rest, "FastToy\tspeed:?n500;;;\tparts=[@0;\nRequest\toperation:s\n");
    }
}
