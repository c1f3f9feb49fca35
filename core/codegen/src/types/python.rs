//! Python: records for what comes out, typed dicts for what goes in, the classes of errors.

use std::fmt::Write;

use super::Types;
use super::schema::{Body, Definition, Field, Type};
use crate::errors::Table;
use crate::operations::Operation;

const WIDTH: usize = 128;

/// Fields of a request that no method takes: the method says what they say.
const SAID: [&str; 2] = ["operation", "stream"];

/// The fields of a request that a method must be given.
pub(super) fn required(fields: &[Field]) -> impl Iterator<Item = &Field> {
    fields.iter().filter(|field| field.required && !SAID.contains(&field.name.as_str()))
}

/// The fields of a request that a method may be given.
pub(super) fn optional(fields: &[Field]) -> impl Iterator<Item = &Field> {
    fields.iter().filter(|field| !field.required && !SAID.contains(&field.name.as_str()))
}

/// The class of what a method may be given besides the required fields of its request.
pub(super) fn options_class(request: &str, fields: &[Field]) -> String {
    match optional(fields).next() {
        Some(_) => format!("{}Options", request.trim_end_matches("Request")),
        None => "CallOptions".to_owned(),
    }
}

/// The fields of a call's options: those of the policy, and two of the client.
pub(super) fn call_options(types: &Types) -> Vec<Field> {
    let policy = types.input.iter().find(|definition| definition.name == "Policy").map(|definition| &definition.body);
    let Some(Body::Object { fields, .. }) = policy else { return Vec::new() };
    let seconds = Type::Number { min: None, max: None, above: None };
    let parts = Type::Map(Box::new(Type::Nullable(Box::new(seconds.clone()))));
    let of_the_client = [
        (
            "timeout",
            "Seconds for the whole call, retries included; or `{connect, first_event, idle, total}`.",
            Type::Union(vec![seconds, parts]),
        ),
        ("max_retries", "How often a failed attempt is repeated.", Type::Integer { min: None, max: None }),
    ];
    let of_the_client = of_the_client.map(|(name, doc, ty)| Field { name: name.into(), doc: doc.into(), ty, required: false });
    let mut all: Vec<Field> = of_the_client.into_iter().chain(fields.iter().cloned()).collect();
    for field in &mut all {
        if !matches!(field.ty, Type::Nullable(_) | Type::Any) {
            field.ty = Type::Nullable(Box::new(field.ty.clone()));
        }
    }
    all
}

/// What `with_options` takes: a call's options, and what only a client has.
const CLIENT_OPTIONS: &str = "\n\nclass ClientOptions(TypedDict, total=False):
    \"\"\"What a client can be given; absent and ``None`` leave things as they are.\"\"\"

    api_key: Any
    provider: str | None
    base_url: str | None
    region: str | None
    timeout: float | Mapping[str, float | None] | None
    max_retries: int | None
    budget: Budget | None
    limiter: Limiter | Mapping[str, Any] | str | None
    proxy: str | None
    ca_file: str | PathLike[str] | None
    user_agent: str | None
    pool_size: int | None
    keep_alive: float | None
    max_response_bytes: int | None
    checks: Checks | None
    severities: Mapping[str, Literal[\"error\", \"warning\", \"note\", \"off\"]] | None
    strict: bool | None
    pin: bool | None
    repair: Sequence[Literal[\"tool_call_ids\", \"message_order\", \"retired_model\", \"strip_response_fields\"]] | None
    on: date | str | None
    extra_headers: Mapping[str, str] | None
    extra_query: Mapping[str, str] | None
    overlay: Any
    log_bodies: bool | None
";

/// Which way a type is written.
#[derive(Clone, Copy)]
pub(super) enum Way<'t> {
    /// An annotation of a record, read by type checkers and by `Record`.
    Out,
    /// An annotation of a typed dict; the names defined so far need no quotes.
    In(&'t Types),
}

/// The text of `_generated.py`: a record for each type that comes out.
pub(crate) fn records(types: &Types) -> String {
    let mut out = header("The types of answers: dicts with attributes. A field that is absent is ``None``.");
    out += "from __future__ import annotations\n\nfrom ._record import Answer, ChatAnswer, ConversationAnswer, OcrAnswer, Record, SpeechAnswer\n\nTYPE_CHECKING = False\nif TYPE_CHECKING:\n";
    out += "    from typing import Any, Literal\n\n    from ._native import Vector\n";
    for definition in &types.output {
        if let Body::Words { words, open } = &definition.body {
            let _ = write!(out, "\n{}", indented(&words_alias(definition, words, *open)));
        }
    }
    let mut names = Vec::new();
    for definition in &types.output {
        match &definition.body {
            Body::Object { fields, .. } => record(&mut out, types, definition, fields),
            Body::Tagged { variants, .. } => {
                let variants = variants.iter().map(|(_, name)| name.as_str()).collect::<Vec<_>>();
                let _ = write!(out, "\n\n{}", alias(&definition.name, &variants, &definition.doc));
            }
            Body::Words { .. } => continue,
        }
        names.push(definition.name.as_str());
    }
    names.sort_unstable();
    let _ = write!(out, "\n\n__all__ = [\n{}]\n", names.iter().map(|name| format!("    \"{name}\",\n")).collect::<String>());
    out
}

fn record(out: &mut String, types: &Types, definition: &Definition, fields: &[Field]) {
    let answers = |operation: &Operation| operation.answer() == Some(&definition.name);
    let base = match definition.name.as_str() {
        "ChatCompletion" => "ChatAnswer",
        "ConversationResponse" => "ConversationAnswer",
        "OcrResponse" => "OcrAnswer",
        "Speech" => "SpeechAnswer",
        // An answer has what stood around it, too: the request's id, warnings, rate limits.
        _ if types.operations.operation.iter().any(answers) => "Answer",
        _ => "Record",
    };
    let _ = write!(out, "\n\nclass {}({base}):\n{}\n    __slots__ = ()\n", definition.name, docstring(&definition.doc));
    let fields: Vec<&Field> = fields.iter().filter(|field| !KEYWORDS.contains(&field.name.as_str())).collect();
    for (at, field) in fields.iter().enumerate() {
        let space = if at == 0 { "\n" } else { "" };
        let optional = !field.required && !matches!(field.ty, Type::Nullable(_) | Type::Any);
        let absent = if optional { " | None" } else { "" };
        let _ = write!(out, "{space}    {}: {}{absent}\n{}", field.name, annotation(&field.ty, Way::Out), docstring(&field.doc));
    }
}

/// Words that cannot be attributes; such a field is read by its key.
const KEYWORDS: [&str; 7] = ["from", "in", "is", "class", "def", "global", "import"];

/// The text of `types.py`: a typed dict for each type that goes in, and the names of models.
pub(crate) fn params(types: &Types) -> String {
    let mut out = header(
        "The types of what goes in: requests, messages, tools, policies.\n\nPlain dicts at run time; type checkers and editors know their fields.",
    );
    out += "from datetime import date\nfrom os import PathLike\nfrom typing import Any, Literal, Mapping, Required, Sequence, TypedDict\n\n";
    let back = types.input.iter().filter(|definition| types.comes_out(&definition.name));
    let mut back: Vec<&str> = back.map(|definition| definition.name.as_str()).collect();
    back.sort_unstable();
    let _ = write!(out, "from ._generated import (\n{})\n", back.iter().map(|name| format!("    {name},\n")).collect::<String>());
    out += "from ._native import Budget, Limiter\n\n";
    out += "KnownModel = Literal[\n";
    types.models.iter().for_each(|name| out.push_str(&format!("    \"{name}\",\n")));
    out += "]\n\"\"\"Mistral's models that are served on the day of the catalogue: ids and aliases.\"\"\"\n\n";
    out += "ModelName = KnownModel | str\n\"\"\"A model: a known name, or any other.\"\"\"\n";
    let mut defined: Vec<&str> = Vec::new();
    for definition in &types.input {
        let name = types.input_name(&definition.name);
        match &definition.body {
            Body::Words { words, open } => out += &format!("\n\n{}", words_alias(definition, words, *open)),
            Body::Tagged { variants, .. } => {
                let mut parts: Vec<String> = variants.iter().map(|(_, name)| types.input_name(name)).collect();
                if types.comes_out(&definition.name) {
                    parts.push(definition.name.clone());
                } else {
                    parts.extend(variants.iter().map(|(_, name)| name).filter(|name| types.comes_out(name)).cloned());
                }
                let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
                let _ = write!(out, "\n\n{}", alias(&name, &parts, &definition.doc));
            }
            Body::Object { fields, .. } => {
                let asks = |operation: &Operation| operation.request() == Some(&definition.name);
                if types.operations.operation.iter().any(asks) && optional(fields).next().is_some() {
                    request(&mut out, types, &defined, definition, fields);
                } else {
                    typed_dict(&mut out, types, &defined, (&name, "TypedDict"), &definition.doc, fields.iter());
                }
                if name == "Policy" {
                    let doc = "What one call changes of its client's settings.";
                    let fields = call_options(types);
                    typed_dict(&mut out, types, &defined, ("CallOptions", "TypedDict"), doc, fields.iter());
                    out += CLIENT_OPTIONS;
                }
            }
        }
        defined.push(&definition.name);
    }
    out
}

/// A request in three classes: what it may hold, what it is, and what a method takes besides what it must be given.
fn request(out: &mut String, types: &Types, defined: &[&str], definition: &Definition, fields: &[Field]) {
    let name = &definition.name;
    let may_hold = format!("{}Fields", name.trim_end_matches("Request"));
    let must_hold = fields.iter().filter(|field| field.required || SAID.contains(&field.name.as_str()));
    typed_dict(out, types, defined, (&may_hold, "TypedDict"), &format!("What a `{name}` may hold."), optional(fields));
    typed_dict(out, types, defined, (name, &may_hold), &definition.doc, must_hold);
    let doc = format!("What a `{name}` may hold, and the options of its call.");
    let bases = format!("{may_hold}, CallOptions");
    typed_dict(out, types, defined, (&options_class(name, fields), &bases), &doc, std::iter::empty());
}

fn typed_dict<'f>(
    out: &mut String,
    types: &Types,
    defined: &[&str],
    (name, base): (&str, &str),
    doc: &str,
    fields: impl Iterator<Item = &'f Field>,
) {
    let _ = write!(out, "\n\nclass {name}({base}, total=False):\n{}", docstring(doc));
    for (at, field) in fields.enumerate() {
        let space = if at == 0 { "\n" } else { "" };
        let mut written = annotation(&field.ty, Way::In(types));
        if !all_defined(&field.ty, defined) {
            written = format!("\"{written}\"");
        }
        if field.required {
            written = format!("Required[{written}]");
        }
        let _ = write!(out, "{space}    {}: {written}\n{}", field.name, docstring(&field.doc));
    }
}

/// Whether a type names only what has been defined above.
fn all_defined(ty: &Type, defined: &[&str]) -> bool {
    match ty {
        Type::Named(name) => defined.contains(&name.as_str()),
        Type::Array(inner) | Type::Map(inner) | Type::Nullable(inner) => all_defined(inner, defined),
        Type::Union(parts) => parts.iter().all(|part| all_defined(part, defined)),
        _ => true,
    }
}

/// A type in Python's words.
pub(super) fn annotation(ty: &Type, way: Way<'_>) -> String {
    let inner = |ty: &Type| annotation(ty, way);
    match (ty, way) {
        (Type::Any, _) => "Any".to_owned(),
        (Type::String, _) => "str".to_owned(),
        (Type::Model, Way::In(_)) => "ModelName".to_owned(),
        (Type::Date, Way::In(_)) => "date | str".to_owned(),
        (Type::Model | Type::Date, Way::Out) => "str".to_owned(),
        (Type::Boolean, _) => "bool".to_owned(),
        (Type::Integer { .. }, _) => "int".to_owned(),
        (Type::Number { .. }, _) => "float".to_owned(),
        (Type::Literal(words), _) => literal(words),
        (Type::Array(items), Way::Out) => format!("list[{}]", inner(items)),
        (Type::Array(items), Way::In(_)) => format!("Sequence[{}]", inner(items)),
        (Type::Vector, Way::Out) => "Vector".to_owned(),
        (Type::Vector, Way::In(_)) => "Sequence[float]".to_owned(),
        (Type::Map(values), Way::Out) => format!("dict[str, {}]", inner(values)),
        (Type::Map(values), Way::In(_)) => format!("Mapping[str, {}]", inner(values)),
        (Type::Nullable(ty), _) => format!("{} | None", inner(ty)),
        (Type::Union(parts), _) => parts.iter().map(inner).collect::<Vec<_>>().join(" | "),
        (Type::Named(name), Way::Out) => name.clone(),
        (Type::Named(name), Way::In(types)) => {
            let own = types.input_name(name);
            let object = types.input.iter().any(|d| d.name == *name && matches!(d.body, Body::Object { .. }));
            if object && types.comes_out(name) { format!("{own} | {name}") } else { own }
        }
    }
}

fn literal(words: &[String]) -> String {
    let words: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
    format!("Literal[{}]", words.join(", "))
}

/// `Name = Literal[…]`, broken where it is long.
fn words_alias(definition: &Definition, words: &[String], open: bool) -> String {
    let rest = if open { " | str" } else { "" };
    let mut line = format!("{} = {}{rest}\n", definition.name, literal(words));
    if line.len() > WIDTH - 4 {
        let words: String = words.iter().map(|word| format!("    \"{word}\",\n")).collect();
        line = format!("{} = Literal[\n{words}]{rest}\n", definition.name);
    }
    format!("{line}{}", outdented(&docstring(&definition.doc)))
}

/// `Name = One | Other`, broken where it is long.
fn alias(name: &str, parts: &[&str], doc: &str) -> String {
    let mut line = format!("{name} = {}\n", parts.join(" | "));
    if line.len() > WIDTH {
        line = format!("{name} = (\n    {}\n)\n", parts.join("\n    | "));
    }
    format!("{line}{}", outdented(&docstring(doc)))
}

/// A docstring, indented as in a class; nothing where there is nothing to say.
pub(super) fn docstring(doc: &str) -> String {
    if doc.is_empty() {
        return String::new();
    }
    let doc = doc.replace('\\', "\\\\").replace("\"\"\"", "'''");
    let mut lines = doc.lines();
    let first = lines.next().unwrap_or_default();
    let rest: Vec<&str> = lines.collect();
    if rest.is_empty() {
        return format!("    \"\"\"{first}\"\"\"\n");
    }
    let rest: String = rest.iter().map(|line| if line.is_empty() { "\n".to_owned() } else { format!("    {line}\n") }).collect();
    format!("    \"\"\"{first}\n{rest}    \"\"\"\n")
}

fn indented(text: &str) -> String {
    text.lines().map(|line| if line.is_empty() { "\n".to_owned() } else { format!("    {line}\n") }).collect()
}

fn outdented(text: &str) -> String {
    text.lines().map(|line| format!("{}\n", line.strip_prefix("    ").unwrap_or(line))).collect()
}

/// The first lines of a generated Python file.
pub(super) fn header(doc: &str) -> String {
    let end = if doc.contains('\n') { "\n" } else { "" };
    format!("# Generated by `make generate`. Do not edit.\n\"\"\"{doc}{end}\"\"\"\n\n")
}

/// The text of `errors.py`: a class for each kind of error.
pub(crate) fn errors(table: &Table) -> String {
    let mut out = header("The errors: one class per kind, the same names in every language.");
    out += "from __future__ import annotations\n\nfrom ._failure import TramontaneError\n";
    let mut names = vec!["TramontaneError"];
    for class in table.classes() {
        let _ = write!(out, "\n\nclass {}({}):\n{}", class.name, class.base, docstring(class.doc));
        if let Some(kind) = class.kind {
            let _ = write!(out, "\n    kind = \"{kind}\"\n");
        }
        names.push(class.name);
    }
    names.sort_unstable();
    let _ = write!(out, "\n\n__all__ = [\n{}]\n", names.iter().map(|name| format!("    \"{name}\",\n")).collect::<String>());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn toy() -> Types {
        let field = |name: &str, ty: Type, required| Field { name: name.into(), doc: "Says it.".into(), ty, required };
        let object = |name: &str, fields| Definition {
            name: name.into(),
            doc: "A toy.".into(),
            body: Body::Object { fields, open: false },
        };
        let parts = Type::Array(Box::new(Type::Named("Part".into())));
        let toy = object(
            "Toy",
            vec![
                field("parts", parts, false),
                field("from", Type::String, true),
                field("size", Type::Integer { min: None, max: None }, true),
            ],
        );
        let part = object("Part", vec![field("kind", Type::Literal(vec!["wheel".into()]), true)]);
        Types {
            input: vec![toy.clone(), part.clone()],
            output: vec![part, toy],
            models: vec!["m-1".into()],
            operations: toml::from_str("resource = []\noperation = []").unwrap(),
        }
    }

    #[test]
    fn records_say_what_may_be_absent() {
        let text = records(&toy());
        assert!(
            text.contains("class Part(Record):\n    \"\"\"A toy.\"\"\"\n\n    __slots__ = ()\n\n    kind: Literal[\"wheel\"]\n"),
            "{text}"
        );
        assert!(text.contains("    parts: list[Part] | None\n    \"\"\"Says it.\"\"\"\n    size: int\n"), "{text}");
        assert!(!text.contains("from:"), "{text}");
    }

    #[test]
    fn params_quote_what_comes_later_and_take_records_back() {
        let text = params(&toy());
        assert!(text.contains("class ToyParam(TypedDict, total=False):"), "{text}");
        assert!(text.contains("    parts: \"Sequence[PartParam | Part]\"\n"), "{text}");
        assert!(text.contains("    size: Required[int]\n"), "{text}");
    }
}
