//! Python's clients: a module of two classes for each resource, with and without `await`, and the attributes that give them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::python::{Way, annotation, call_options, docstring, header, options_class, required};
use super::schema::{Body, Field};
use super::{Types, final_statuses};
use crate::Target;
use crate::operations::{Operation, Resource};
use crate::rust::camel;

const FOLDER: &str = "bindings-python/python/tramontane";

/// What every method raises.
const RAISES: &str = "\n\nRaises:\n    InvalidRequest: before anything is sent, when the check finds an error; ``error.report`` lists everything.\n    APIError: when the provider refuses or cannot be reached.";

/// Which of the two clients.
#[derive(Clone, Copy, PartialEq)]
enum Client {
    Sync,
    Async,
}

impl Client {
    /// The name of a class in this client.
    fn name(self, class: &str) -> String {
        if self == Client::Async { format!("Async{class}") } else { class.to_owned() }
    }
}

/// The module of a resource: `chat`, `audio_transcriptions`.
fn module(resource: &Resource) -> String {
    resource.name.replace('.', "_")
}

/// Where the class of a resource is imported from: the generated one, or the one written by hand on top of it.
fn home(resource: &Resource) -> &'static str {
    if resource.by_hand.iter().any(|host| host == "python") { "by_hand" } else { "resources" }
}

/// The text of `_resources.py`: what a client has as attributes, and the names of a call's options.
pub(crate) fn accessors(types: &Types) -> String {
    let mut out = header("The resources of the clients, each of which is loaded when it is first touched.");
    out += "from __future__ import annotations\n\nTYPE_CHECKING = False\nif TYPE_CHECKING:\n    from typing import Any\n\n";
    let resources: Vec<&Resource> = types.operations.below(None).collect();
    for resource in &resources {
        let (home, module, class) = (home(resource), module(resource), resource.class());
        let _ = writeln!(out, "    from .{home}.{module} import Async{class}, {class}");
    }
    let names: Vec<String> = call_options(types).iter().map(|field| format!("    \"{}\",\n", field.name)).collect();
    let _ = write!(out, "\nCALL_OPTIONS = frozenset((\n{}))\n", names.concat());
    out += "\n# The class of each stream, by its operation; that of an `AsyncClient` has `Async` before it.\nSTREAMS = {\n";
    for operation in &types.operations.operation {
        if let Some(kind) = &operation.stream {
            let _ = writeln!(out, "    \"{}\": \"{}Stream\",", operation.name, camel(kind));
        }
    }
    out += "}\n";
    let _ = write!(out, "\n# The states of a batch after which nothing more will happen.\nBATCH_FINAL = frozenset((\n");
    for status in final_statuses() {
        let _ = writeln!(out, "    \"{status}\",");
    }
    out += "))\n";
    for client in [Client::Sync, Client::Async] {
        let _ = write!(out, "\n\nclass {}:\n    \"\"\"What a client can do, by resource.\"\"\"\n\n", client.name("Resources"));
        out += "    __slots__ = ()\n    _made: dict[str, Any]\n";
        for resource in &resources {
            let (class, name, home, module) =
                (client.name(&resource.class()), resource.accessor(), home(resource), module(resource));
            let _ = write!(
                out,
                "\n    @property\n    def {name}(self) -> {class}:\n    {}        made = self._made.get(\"{name}\")\n        if made is None:\n            from .{home}.{module} import {class}\n\n            made = self._made[\"{name}\"] = {class}(self)\n        {name}: {class} = made\n        return {name}\n",
                docstring(&resource.doc),
            );
        }
    }
    out
}

/// A module for each resource.
pub(crate) fn resources(types: &Types) -> Vec<Target> {
    let modules = types.operations.resource.iter();
    let mut all: Vec<Target> =
        modules.map(|resource| (format!("{FOLDER}/resources/{}.py", module(resource)).into(), source(types, resource))).collect();
    let doc = header("The resources of the clients: one module for each, loaded when it is first touched.");
    all.push((format!("{FOLDER}/resources/__init__.py").into(), doc.trim_end().to_owned() + "\n"));
    all
}

fn source(types: &Types, resource: &Resource) -> String {
    let mut imports = Imports::default();
    let class = resource.class();
    let mut body = String::new();
    for client in [Client::Sync, Client::Async] {
        let _ = write!(
            body,
            "\n\nclass {}({}):\n{}\n    __slots__ = ()\n",
            client.name(&class),
            client.name("Resource"),
            docstring(&resource.doc)
        );
        for below in types.operations.below(Some(resource)) {
            let (class, name, home, module) = (client.name(&below.class()), below.accessor(), home(below), module(below));
            imports.add(format!("..{home}.{module}"), &class);
            let doc = docstring(&below.doc);
            let _ = write!(
                body,
                "\n    @property\n    def {name}(self) -> {class}:\n    {doc}        from ..{home}.{module} import {class}\n\n        return {class}(self._client)\n"
            );
        }
        for operation in types.operations.of(resource).filter(|operation| !operation.is_by_hand("python")) {
            body += &method(types, operation, client, &mut imports);
        }
    }
    let head = header(&resource.doc) + "from __future__ import annotations\n\nfrom .._resource import AsyncResource, Resource\n";
    format!("{head}{}\n__all__ = [\"Async{class}\", \"{class}\"]\n{body}", imports.written())
}

fn fields<'t>(types: &'t Types, operation: &Operation) -> &'t [Field] {
    let definition = operation.request().and_then(|name| types.input.iter().find(|definition| definition.name == name));
    match definition.map(|definition| &definition.body) {
        Some(Body::Object { fields, .. }) => fields,
        _ => &[],
    }
}

fn method(types: &Types, operation: &Operation, client: Client, imports: &mut Imports) -> String {
    let fields = fields(types, operation);
    let options = options_class(operation.request().unwrap_or_default(), fields);
    let must: Vec<&Field> = required(fields).collect();
    let mut parameters = String::new();
    let mut sent = format!("\"operation\": \"{}\"", operation.name);
    for field in &must {
        let annotation = annotation(&field.ty, Way::In(types));
        imports.of_annotation(types, &annotation);
        let _ = writeln!(parameters, "        {}: {annotation},", field.name);
        let _ = write!(sent, ", \"{0}\": {0}", field.name);
    }
    let star = if must.is_empty() { "" } else { "        *,\n" };
    imports.add("..types".into(), &options);
    imports.add("typing".into(), "Unpack");
    let stream = operation.stream.as_deref().map(|kind| client.name(&format!("{}Stream", camel(kind))));
    let answer = stream.clone().or(operation.answer().map(str::to_owned)).unwrap_or_else(|| "None".to_owned());
    match &stream {
        Some(stream) => imports.add("..stream".into(), stream),
        None if operation.answer().is_some() => imports.add(".._generated".into(), &answer),
        None => {}
    }
    if let Some(page) = page(types, operation, client, imports) {
        return paged(operation, &format!("{star}{parameters}        **options: Unpack[{options}],\n"), &page, &sent);
    }
    let word = if client == Client::Async && stream.is_none() { "async " } else { "" };
    let doc = format!("{}{RAISES}", operation.doc.replace('`', "``"));
    let doc: String =
        docstring(&doc).lines().map(|line| if line.trim().is_empty() { "\n".into() } else { format!("    {line}\n") }).collect();
    let mut out = format!(
        "\n    {word}def {}(\n        self,\n{star}{parameters}        **options: Unpack[{options}],\n    ) -> {answer}:\n{doc}",
        operation.method
    );
    let wait = if word.is_empty() { "" } else { "await " };
    let request = format!("{{{sent}, **options}}");
    out += &match (&stream, operation.answer()) {
        (Some(stream), _) => format!("        from ..stream import {stream}\n\n        return self._open({stream}, {request})\n"),
        (None, Some(_)) => format!("        reply: {answer} = {wait}self._send({request})\n        return reply\n"),
        (None, None) => format!("        {wait}self._send({request})\n"),
    };
    out
}

/// The type of a list that comes in pages.
fn page(types: &Types, operation: &Operation, client: Client, imports: &mut Imports) -> Option<String> {
    let item = super::item(types, operation)?;
    imports.add(".._generated".into(), &item);
    imports.add(".._page".into(), &client.name("Page"));
    Some(format!("{}[{item}, {}]", client.name("Page"), operation.answer()?))
}

/// A method whose answer comes in pages.
fn paged(operation: &Operation, parameters: &str, page: &str, sent: &str) -> String {
    let doc = format!("{} Iterating goes on to the next pages.{RAISES}", operation.doc.replace('`', "``"));
    let doc: String =
        docstring(&doc).lines().map(|line| if line.trim().is_empty() { "\n".into() } else { format!("    {line}\n") }).collect();
    let class = page.split('[').next().unwrap_or_default();
    format!(
        "\n    def {}(\n        self,\n{parameters}    ) -> {page}:\n{doc}        from .._page import {class}\n\n        return {class}(self, {{{sent}, **options}})\n",
        operation.method
    )
}

/// What a module names in its annotations only, by the module it comes from.
#[derive(Default)]
struct Imports(BTreeMap<String, BTreeSet<String>>);

impl Imports {
    fn add(&mut self, module: String, name: &str) {
        self.0.entry(module).or_default().insert(name.to_owned());
    }

    /// Every name in an annotation.
    fn of_annotation(&mut self, types: &Types, annotation: &str) {
        let words = annotation.split(|c: char| !c.is_alphanumeric() && c != '_' && c != '"');
        for word in words.filter(|word| word.starts_with(|c: char| c.is_ascii_uppercase())) {
            match word {
                "Any" | "Literal" | "Mapping" | "Sequence" => self.add("typing".into(), word),
                "None" => {}
                _ if types.comes_out(word) => self.add(".._generated".into(), word),
                _ => self.add("..types".into(), word),
            }
        }
        if annotation.contains("date | str") {
            self.add("datetime".into(), "date");
        }
    }

    fn written(&self) -> String {
        if self.0.is_empty() {
            return String::new();
        }
        let mut out = "\nTYPE_CHECKING = False\nif TYPE_CHECKING:\n".to_owned();
        let (own, others): (Vec<_>, Vec<_>) = self.0.iter().partition(|(module, _)| module.starts_with('.'));
        for (at, (module, names)) in others.iter().chain(&own).enumerate() {
            let gap = if at > 0 && at == others.len() { "\n" } else { "" };
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let _ = writeln!(out, "{gap}    from {module} import {}", names.join(", "));
        }
        out
    }
}
