//! The resources of the Rust clients, with and without async: `core/src/client/{resources,blocking}/generated.rs`.

use std::fmt::Write;
use std::path::Path;

use crate::operations::{Operation, Resource, Table};
use crate::rust::{format, header, string};

/// Which client.
#[derive(Clone, Copy, PartialEq)]
enum Client {
    Async,
    Blocking,
}

/// The text of `client/resources/generated.rs`.
pub(crate) fn asynchronous(data: &Path) -> Result<String, String> {
    let head = "//! What a client can do, by resource.\n\nuse serde::Serialize;\n\nuse super::super::{CallOptions, Client, Download, EventStream};\n\
                use super::{Answer, Items};\nuse crate::error::Result;\n";
    source(data, Client::Async, head)
}

/// The text of `client/blocking/generated.rs`.
pub(crate) fn blocking(data: &Path) -> Result<String, String> {
    let head = "//! What a blocking client can do, by resource.\n\nuse serde::Serialize;\n\nuse super::super::resources::Answer;\n\
                use super::super::{CallOptions, resources};\nuse super::{Client, Download, EventStream, Items, block_on};\nuse crate::error::Result;\n";
    source(data, Client::Blocking, head)
}

fn source(data: &Path, client: Client, head: &str) -> Result<String, String> {
    let table = Table::read(data)?;
    let mut out = header("core/data/operations.toml") + head + "\nimpl Client {\n";
    for resource in table.below(None) {
        out += &accessor(resource, client, None);
    }
    out += "}\n";
    for resource in &table.resource {
        out += &class(&table, resource, client);
    }
    format(&out)
}

/// The method that gives a resource: of the client, or of the resource above it.
fn accessor(resource: &Resource, client: Client, parent: Option<&Resource>) -> String {
    let (class, name, doc) = (resource.class(), resource.accessor(), &resource.doc);
    let (made, lifetime) = match (client, parent) {
        (Client::Async, None) => (format!("{class} {{ client: self, options: CallOptions::default() }}"), "'_"),
        (Client::Async, Some(_)) => (format!("{class} {{ client: self.client, options: self.options.clone() }}"), "'c"),
        (Client::Blocking, None) => (format!("{class}(self.inner.{name}())"), "'_"),
        (Client::Blocking, Some(_)) => (format!("{class}(self.0.{name}())"), "'c"),
    };
    format!("/// {doc}\npub fn {name}(&self) -> {class}<{lifetime}> {{ {made} }}\n\n")
}

fn class(table: &Table, resource: &Resource, client: Client) -> String {
    let (class, doc) = (resource.class(), &resource.doc);
    let mut out = format!("\n/// {doc}\n#[derive(Clone, Debug)]\n");
    out += &match client {
        Client::Async => {
            format!("pub struct {class}<'c> {{\npub(super) client: &'c Client,\npub(super) options: CallOptions,\n}}\n\n")
        }
        Client::Blocking => format!("pub struct {class}<'c>(pub(super) resources::{class}<'c>);\n\n"),
    };
    let _ = write!(out, "impl<'c> {class}<'c> {{\n/// The same, with other options.\n#[must_use]\n");
    out += &match client {
        Client::Async => "pub fn with(mut self, options: CallOptions) -> Self {\nself.options = options;\nself\n}\n\n".to_owned(),
        Client::Blocking => format!("pub fn with(self, options: CallOptions) -> Self {{\n{class}(self.0.with(options))\n}}\n\n"),
    };
    table.below(Some(resource)).for_each(|below| out += &accessor(below, client, Some(resource)));
    table.of(resource).for_each(|operation| out += &method(operation, resource, client));
    out.trim_end().to_owned() + "\n}\n"
}

fn method(operation: &Operation, resource: &Resource, client: Client) -> String {
    let Operation { name, method, doc, .. } = operation;
    let streams = operation.stream.is_some();
    let mut out = format!("/// {doc}");
    if let (Some(path), Some(request)) = (&operation.request, operation.request()) {
        let _ = write!(out, " The request is a [`{request}`](crate::{path}), or anything that serializes to one.");
    }
    out += "\n///\n/// # Errors\n";
    out += &match client {
        Client::Async => {
            "/// `invalid_request` with the report when a check refuses it, and every kind that sending has.\n".to_owned()
        }
        Client::Blocking => format!("/// As [`resources::{}::{method}`].\n", resource.class()),
    };
    let (generics, parameter, request) = match operation.request {
        Some(_) => ("<R: Serialize + ?Sized>", ", request: &R", "request"),
        None => ("", "", "&()"),
    };
    let answer = match (streams, operation.answer()) {
        (true, _) => "EventStream".to_owned(),
        (false, None) if operation.is_file() => "Download".to_owned(),
        (false, None) => "Answer<()>".to_owned(),
        (false, Some(_)) => format!("Answer<crate::{}>", operation.answer),
    };
    let word = if client == Client::Async { "async " } else { "" };
    let _ = writeln!(out, "pub {word}fn {method}{generics}(&self{parameter}) -> Result<{answer}> {{");
    out += &match client {
        Client::Async => {
            let ask = match operation.is_file() {
                true => "ask_file",
                false if streams => "ask_stream",
                false => "ask",
            };
            format!("self.client.{ask}({}, {request}, &self.options).await", string(name))
        }
        Client::Blocking => {
            let passed = if operation.request.is_some() { "request" } else { "" };
            let opened = match operation.is_file() {
                true => ".map(Download::new)",
                false if streams => ".map(EventStream::new)",
                false => "",
            };
            format!("block_on(self.0.{method}({passed})){opened}")
        }
    };
    out + "\n}\n\n" + &all_pages(operation, client)
}

/// The method that goes through all pages of a list.
fn all_pages(operation: &Operation, client: Client) -> String {
    let Operation { name, method, answer, .. } = operation;
    if operation.page.is_none() {
        return String::new();
    }
    let made = match client {
        Client::Async => format!("Items::new(self.client, {}, request, &self.options)", string(name)),
        Client::Blocking => format!("Items::new(self.0.{method}_all(request))"),
    };
    format!(
        "/// Everything on all pages of [`Self::{method}`], fetched while it is gone through: a request for each page.\n\
         pub fn {method}_all<R: Serialize + ?Sized>(&self, request: &R) -> Items<crate::{answer}> {{\n{made}\n}}\n\n"
    )
}
