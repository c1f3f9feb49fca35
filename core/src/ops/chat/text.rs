//! What the small door says, as text.
//!
//! Written member by member: what writes every type in every form is as large as the rest of this door.

use tramontane_json::write::string;

use crate::catalogue::Resolution;
use crate::check::{Finding, Report};
use crate::error::{Error, ErrorKind};
use crate::packed::cut;
use crate::wire::chat::PreparedChat;

/// `{"ok": …}`: what is wrong with a chat.
pub(super) fn verdict(report: &Report) -> Vec<u8> {
    let mut out = begun("ok");
    members(&mut out, report);
    ended(out)
}

/// `{"ok": …}`: the HTTP request.
#[inline(never)]
pub(super) fn prepared(chat: &PreparedChat<'_>) -> Vec<u8> {
    let (operation, accept) = if chat.streams { ("chat_stream", "text/event-stream") } else { ("chat", "application/json") };
    let row = chat.provider;
    let path = row.paths.iter().find(|(operation, _)| *operation == "chat").map_or("", |(_, path)| path);
    let url = format!("{}{path}", row.base_url);
    let mut out = begun("ok");
    texts(&mut out, "provider operation method url", &[Some(row.id), Some(operation), Some("POST"), Some(&url)]);
    begin(&mut out, "headers");
    texts(&mut out, "accept content-type", &[Some(accept), Some("application/json")]);
    out.push(b'}');
    begin(&mut out, "body");
    // JSON lets a key stand twice.
    for (member, value) in chat.fields.iter().filter(|(member, _)| *member != "operation") {
        name(&mut out, member);
        value.write(&mut out);
    }
    out.push(b'}');
    begin(&mut out, "auth");
    texts(&mut out, "header scheme env", &[Some(row.auth.header), Some(row.auth.scheme), row.env.first().copied()]);
    out.push(b'}');
    name(&mut out, "resolution");
    resolution(&mut out, chat.report.resolution.as_ref());
    name(&mut out, "warnings");
    findings(&mut out, &chat.report.findings);
    name(&mut out, "repairs");
    out.extend_from_slice(b"[]");
    ended(out)
}

/// `{"error": …}`. What is not named is absent: no error here comes from a provider.
#[cold]
#[inline(never)]
pub(super) fn refused(error: Error) -> Vec<u8> {
    let mut out = begun("error");
    // Of kinds there are two here, and no need for the names of all.
    let kind = match error.kind {
        ErrorKind::Unsupported => const { ErrorKind::Unsupported.name() },
        _ => const { ErrorKind::InvalidRequest.name() },
    };
    let said = [Some(kind), Some(&*error.message), error.path.as_deref(), error.hint.as_deref()];
    texts(&mut out, "kind message path hint", &said);
    if let Some(report) = &error.report {
        begin(&mut out, "report");
        members(&mut out, report);
        out.extend_from_slice(b",\"estimate\":null,\"repairs\":[]}");
    }
    ended(out)
}

/// An object whose one member is an object, so far.
fn begun(outcome: &'static str) -> Vec<u8> {
    let mut out = Vec::with_capacity(1024);
    out.push(b'{');
    begin(&mut out, outcome);
    out
}

fn ended(mut out: Vec<u8>) -> Vec<u8> {
    out.extend_from_slice(b"}}");
    out
}

/// What a verdict has of a report.
fn members(out: &mut Vec<u8>, report: &Report) {
    name(out, "ok");
    out.extend_from_slice(if report.ok { b"true" } else { b"false" });
    name(out, "findings");
    findings(out, &report.findings);
    name(out, "resolution");
    resolution(out, report.resolution.as_ref());
}

fn findings(out: &mut Vec<u8>, findings: &[Finding]) {
    out.push(b'[');
    for (at, finding) in findings.iter().enumerate() {
        out.extend_from_slice(if at > 0 { b",{" } else { b"{" });
        let said = [
            Some(&*finding.rule),
            Some(finding.severity.name()),
            Some(&finding.path),
            Some(&finding.message),
            finding.hint.as_deref(),
            finding.server_code.as_deref(),
            Some(&finding.source),
        ];
        texts(out, "rule severity path message hint server_code source", &said);
        out.push(b'}');
    }
    out.push(b']');
}

fn resolution(out: &mut Vec<u8>, resolution: Option<&Resolution>) {
    let Some(resolution) = resolution else { return out.extend_from_slice(b"null") };
    let (deprecated, retires) =
        (resolution.deprecated_on.map(|day| day.to_string()), resolution.retires_on.map(|day| day.to_string()));
    let said = [
        Some(&*resolution.requested),
        resolution.id.as_deref(),
        Some(&resolution.sent_as),
        Some(resolution.kind.name()),
        Some(&resolution.provider),
        resolution.status.as_deref(),
        resolution.replacement.as_deref(),
        deprecated.as_deref(),
        retires.as_deref(),
        resolution.pinned.as_deref(),
    ];
    out.push(b'{');
    texts(out, "requested id sent_as kind provider status replacement deprecated_on retires_on pinned", &said);
    name(out, "did_you_mean");
    out.push(b'[');
    for (at, name) in resolution.did_you_mean.iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        string(out, name);
    }
    out.push(b']');
    name(out, "findings");
    findings(out, &resolution.findings);
    out.push(b'}');
}

/// Members that are texts, or `null`: their names with blanks between them, and their values.
fn texts(out: &mut Vec<u8>, mut names: &'static str, values: &[Option<&str>]) {
    for value in values {
        name(out, cut(&mut names, b' '));
        match value {
            Some(text) => string(out, text),
            None => out.extend_from_slice(b"null"),
        }
    }
}

/// A member that is an object.
fn begin(out: &mut Vec<u8>, member: &str) {
    name(out, member);
    out.push(b'{');
}

/// The name of the next member.
fn name(out: &mut Vec<u8>, name: &str) {
    if out.last() != Some(&b'{') {
        out.push(b',');
    }
    string(out, name);
    out.push(b':');
}
