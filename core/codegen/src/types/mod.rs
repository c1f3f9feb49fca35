//! What is made from the Rust types of the core: the tables of the checks, the types of Python and TypeScript, the errors.

mod python;
mod python_client;
mod schema;
mod shapes;
mod typescript;
mod typescript_client;

use std::path::Path;

use schemars::generate::{SchemaGenerator, SchemaSettings};
use tramontane::{audio, catalogue, chat, check, conversations, lint, policy, wire};

use crate::{Target, operations};
use schema::{Body, Definition, Field, Type};

/// The types that the table of operations names.
mod roots {
    use schemars::generate::SchemaGenerator;

    use super::name;

    include!(concat!(env!("OUT_DIR"), "/roots.rs"));
}

/// The states of a batch after which nothing more will happen, as the provider writes them.
fn final_statuses() -> impl Iterator<Item = String> {
    let written = |status| tramontane::json::to_value(status).ok()?.as_str().map(str::to_owned);
    tramontane::batch::BatchStatus::FINAL.iter().filter_map(written)
}

/// Everything that stands in the generated types of the hosts.
pub(crate) struct Types {
    /// What goes in: requests and policies, strict.
    pub(crate) input: Vec<Definition>,
    /// What comes out: answers, reports, rows of the catalogue.
    pub(crate) output: Vec<Definition>,
    /// The names of models that work.
    pub(crate) models: Vec<String>,
    /// What a client can ask.
    pub(crate) operations: operations::Table,
}

impl Types {
    fn read(data: &Path) -> Result<Types, String> {
        let mut input = SchemaSettings::draft2020_12().into_generator();
        let mut roots = vec![name::<check::Policy>(&mut input)];
        roots.extend(roots::requests(&mut input));
        let mut input = schema::definitions(&input.take_definitions(true), &roots)?;
        let operations = operations::Table::read(data)?;
        input.iter_mut().for_each(|definition| name_operations(definition, &operations));
        let mut output = SchemaSettings::draft2020_12().for_serialize().into_generator();
        let g = &mut output;
        let mut roots = roots::answers(g);
        roots.extend([
            name::<chat::ChatCompletionChunk>(g),
            name::<conversations::ConversationEvent>(g),
            name::<audio::TranscriptionEvent>(g),
            name::<audio::SpeechEvent>(g),
            name::<check::Report>(g),
            name::<wire::Prepared<'_>>(g),
            name::<wire::Parsed>(g),
            name::<catalogue::Resolution>(g),
            name::<catalogue::Model>(g),
            name::<catalogue::ProviderRow>(g),
            name::<catalogue::Recommendation>(g),
            name::<catalogue::ModelSync>(g),
            name::<policy::estimate::CostEstimate>(g),
            name::<lint::LintFinding>(g),
            name::<policy::cost::Cost>(g),
        ]);
        let mut output = output.take_definitions(true);
        // What comes out says what it is.
        output.values_mut().filter_map(|schema| schema.as_object_mut()).for_each(|schema| drop(schema.remove(schema::UNTYPED)));
        let output = schema::definitions(&output, &roots)?;
        Ok(Types { input, output, models: models(data)?, operations })
    }

    /// The name of an input type in a host: `ToolCall` is what comes out, `ToolCallParam` what goes in.
    pub(crate) fn input_name(&self, name: &str) -> String {
        let alone = ["Request", "Policy", "Options"].iter().any(|ending| name.ends_with(ending));
        let words = self.input.iter().any(|d| d.name == name && matches!(d.body, Body::Words { .. }));
        if alone || words { name.to_owned() } else { format!("{name}Param") }
    }

    /// Whether a type that goes in comes out as well, and so may go back in as it came.
    pub(crate) fn comes_out(&self, name: &str) -> bool {
        self.output.iter().any(|d| d.name == name && !matches!(d.body, Body::Words { .. }))
    }
}

/// Gives a request the field `operation`, where its Rust type has none.
fn name_operations(definition: &mut Definition, operations: &operations::Table) {
    let names = operations.operation.iter().filter(|operation| operation.request() == Some(&definition.name));
    let names: Vec<String> = names.map(|operation| operation.name.clone()).collect();
    if let Body::Object { fields, .. } = &mut definition.body
        && !names.is_empty()
        && !fields.iter().any(|field| field.name == "operation")
    {
        let doc = "What is asked; where no method says it, this does. Not sent.".to_owned();
        fields.insert(0, Field { name: "operation".to_owned(), doc, ty: Type::Literal(names), required: false });
    }
}

/// The type of what an answer lists, where it comes in pages.
fn item(types: &Types, operation: &operations::Operation) -> Option<String> {
    operation.page.as_ref()?;
    let list = operation.proof.as_deref()?.trim_end_matches("[]");
    let list = if list.is_empty() { "data" } else { list };
    let answer = types.output.iter().find(|definition| Some(definition.name.as_str()) == operation.answer())?;
    let Body::Object { fields, .. } = &answer.body else { return None };
    match &fields.iter().find(|field| field.name == list)?.ty {
        Type::Array(items) => match &**items {
            Type::Named(name) => Some(name.clone()),
            _ => None,
        },
        _ => None,
    }
}

/// Registers a type and gives its name.
fn name<T: schemars::JsonSchema>(generator: &mut SchemaGenerator) -> String {
    generator.subschema_for::<T>();
    T::schema_name().into_owned()
}

/// The names of Mistral's models that are served on the day of the snapshot: ids, aliases, floating names.
fn models(data: &Path) -> Result<Vec<String>, String> {
    let (models, _) = crate::data::read(data)?;
    let today = models.as_of.to_string();
    let served = models.model.iter().filter(|model| {
        let retired = model.retires.is_some_and(|day| day.to_string() <= today);
        model.provider == "mistral" && model.api_id && ["live", "preview"].contains(&model.stage.as_str()) && !retired
    });
    let names = served.flat_map(|model| model.names().filter(|(_, label)| *label != "Documented"));
    let mut names: Vec<String> = names.map(|(name, _)| name.to_owned()).collect();
    names.sort_unstable();
    Ok(names)
}

/// The files that are made from the types.
pub(crate) fn targets(data: &Path) -> Result<Vec<Target>, String> {
    let types = Types::read(data)?;
    let errors = crate::errors::table(data)?;
    let shapes = shapes::source(&types.operations, &types.input)?;
    let mut all = vec![
        ("core/src/generated/chat_shapes.tsv".into(), shapes.chat),
        ("core/src/generated/shapes.tsv".into(), shapes.rest),
        ("core/src/generated/unions.tsv".into(), shapes.unions),
        ("bindings-python/python/tramontane/_generated.py".into(), python::records(&types)),
        ("bindings-python/python/tramontane/types.py".into(), python::params(&types)),
        ("bindings-python/python/tramontane/errors.py".into(), python::errors(&errors)),
        ("bindings-node/ts/generated.ts".into(), typescript::types(&types, &errors)),
        ("bindings-node/ts/kinds.ts".into(), typescript::errors(&errors)),
        ("bindings-node/ts/resources.ts".into(), typescript_client::source(&types)),
        ("bindings-python/python/tramontane/_resources.py".into(), python_client::accessors(&types)),
    ];
    all.extend(python_client::resources(&types));
    Ok(all)
}
