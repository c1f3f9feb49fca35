//! What is made from the Rust types of the core: the tables of the checks, the types of Python and TypeScript, the errors.

mod python;
mod schema;
mod shapes;
mod typescript;

use std::path::Path;

use schemars::generate::{SchemaGenerator, SchemaSettings};
use tramontane::{catalogue, chat, check, fim, policy, wire};

use crate::Target;
use schema::Definition;

/// The operations that take each request.
const REQUESTS: &[(&[&str], &str)] = &[(&["chat", "chat_stream"], "ChatRequest"), (&["fim", "fim_stream"], "FimRequest")];

/// Everything that stands in the generated types of the hosts.
pub(crate) struct Types {
    /// What goes in: requests and policies, strict.
    pub(crate) input: Vec<Definition>,
    /// What comes out: answers, reports, rows of the catalogue.
    pub(crate) output: Vec<Definition>,
    /// The names of models that work.
    pub(crate) models: Vec<String>,
}

impl Types {
    fn read(data: &Path) -> Result<Types, String> {
        let mut input = SchemaSettings::draft2020_12().into_generator();
        let roots =
            [name::<chat::ChatRequest>(&mut input), name::<fim::FimRequest>(&mut input), name::<check::Policy>(&mut input)];
        let input = schema::definitions(&input.take_definitions(true), &roots)?;
        let mut output = SchemaSettings::draft2020_12().for_serialize().into_generator();
        let g = &mut output;
        let roots = [
            name::<chat::ChatCompletion>(g),
            name::<chat::ChatCompletionChunk>(g),
            name::<check::Report>(g),
            name::<wire::Prepared<'_>>(g),
            name::<wire::Parsed>(g),
            name::<catalogue::Resolution>(g),
            name::<catalogue::Model>(g),
            name::<catalogue::Provider>(g),
            name::<catalogue::Recommendation>(g),
            name::<policy::cost::CostEstimate>(g),
        ];
        let output = schema::definitions(&output.take_definitions(true), &roots)?;
        Ok(Types { input, output, models: models(data)? })
    }

    /// The name of an input type in a host: `ToolCall` is what comes out, `ToolCallParam` what goes in.
    pub(crate) fn input_name(&self, name: &str) -> String {
        let alone = ["Request", "Policy", "Options"].iter().any(|ending| name.ends_with(ending));
        let words = self.input.iter().any(|d| d.name == name && matches!(d.body, schema::Body::Words { .. }));
        if alone || words { name.to_owned() } else { format!("{name}Param") }
    }

    /// Whether a type that goes in comes out as well, and so may go back in as it came.
    pub(crate) fn comes_out(&self, name: &str) -> bool {
        self.output.iter().any(|d| d.name == name && !matches!(d.body, schema::Body::Words { .. }))
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
    Ok(vec![
        ("core/src/generated/shapes.rs", shapes::source(REQUESTS, &types.input)?),
        ("bindings-python/python/tramontane/_generated.py", python::records(&types)),
        ("bindings-python/python/tramontane/types.py", python::params(&types)),
        ("bindings-python/python/tramontane/errors.py", python::errors(&errors)),
        ("bindings-node/ts/generated.ts", typescript::types(&types, &errors)),
        ("bindings-node/ts/kinds.ts", typescript::errors(&errors)),
    ])
}
