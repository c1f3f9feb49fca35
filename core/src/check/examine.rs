//! One request through all rules: repaired where asked, resolved, checked, estimated.

use super::calls::Calls;
use super::content::{self, Contents};
use super::fault::Fault;
use super::findings::{Draft, Findings, rule};
use super::messages::{Order, Turn};
use super::operation::{contradiction, operation, table};
use super::report::{Estimate, Policy, Repair, Report};
use super::shape::{CHAT, forms};
use super::tokens::Prompt;
use super::{
    audio, batch, conversation, embeddings, files, fim, format, limits, model, ocr, regional, repair, sampling, tokens, tools,
    walk,
};
use crate::catalogue::{Catalogue, ModelRow, Resolution, Resolver, Status, provider_row, snapshot_day};
use crate::date::Date;
use crate::json::{Object, Path, Value};
use crate::operation::Operation;
use crate::policy::estimate;

/// Which reports have an estimate: its letters are counted one by one, which takes as long as all rules together.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Estimated {
    All,
    /// Those that refuse a request.
    Refusals,
    None,
}

/// Repairs a request where the policy asks for it, and checks what came of it.
///
/// `provider` is the caller's choice where the model's name does not say it. A report that is not `ok` must not be sent.
/// The policy must be valid ([`Policy::validate`]); what is not known in it is let be.
pub(crate) fn examine<'a>(
    mut request: Value<'a>,
    seen: Option<Seen>,
    provider: Option<&str>,
    policy: &Policy,
    estimated: Estimated,
) -> (Value<'a>, Report) {
    let catalogue = Catalogue::over(policy.overlay.as_ref()).unwrap_or(Catalogue::snapshot());
    let mut resolver = Resolver::new(&catalogue, policy.on.unwrap_or(snapshot_day()));
    resolver.pin = policy.pin;
    resolver.strict = policy.strict;
    let asked = Operation::named(operation(&request));
    let named = |request: &Value<'_>| resolve(request, asked, provider, &resolver);
    let mut repairs = if policy.repair.is_empty() { Vec::new() } else { repair::repair(&mut request, policy) };
    let mut resolution = named(&request);
    if let Some(repair) = replace_retired(&mut request, resolution.as_ref(), policy) {
        repairs.push(repair);
        resolution = named(&request);
    }
    let row = request.get("model").and_then(Value::as_str).and_then(|name| resolver.model(name, provider));
    let prompt = request.as_object().filter(|_| estimated == Estimated::All).map(tokens::prompt);
    // What was seen of a request may no longer be true of what a repair has made of it.
    let seen = seen.filter(|_| policy.repair.is_empty());
    let (resolved, counted) = (resolution.as_ref(), prompt.as_ref());
    let subject = Subject { asked, catalogue: &catalogue, policy, row, resolution: resolved, prompt: counted, seen };
    let mut findings = Findings::new(&request, policy);
    if findings.is_wanted() {
        subject.check(&request, &mut findings);
    }
    let (found, faults, ok) = findings.finish();
    let wanted = estimated == Estimated::All || estimated == Estimated::Refusals && !ok;
    let prompt = prompt.or_else(|| request.as_object().filter(|_| wanted).map(tokens::prompt));
    let estimate = prompt.and_then(|prompt| estimate(&request, asked, &prompt, provider, policy));
    (request, Report { ok, findings: found, estimate, resolution, repairs, faults })
}

/// What reading a request has shown.
#[derive(Clone, Copy)]
pub(crate) struct Seen {
    /// Whether it has the form of its operation.
    pub(crate) conforms: bool,
    /// How long its text is.
    pub(crate) bytes: usize,
}

/// [`examine`] for a Mistral chat that is judged by the snapshot as it stands: nothing is repaired, laid over or estimated,
/// and nothing of other operations is needed in the program. The findings are the same.
pub(crate) fn examine_chat(request: &Value<'_>, seen: Seen, policy: &Policy) -> Report {
    // A constant: so the compiler knows that nothing lies over the snapshot, and leaves out what would look for it.
    let catalogue = const { &Catalogue::snapshot() };
    let mut resolver = Resolver::new(catalogue, policy.on.unwrap_or(snapshot_day()));
    resolver.pin = policy.pin;
    resolver.strict = policy.strict;
    let name = request.get("model").and_then(Value::as_str);
    let resolution = name.map(|name| resolver.resolve(name, None));
    let row = name.and_then(|name| resolver.model(name, None));
    let resolved = resolution.as_ref();
    let subject = Subject { asked: None, catalogue, policy, row, resolution: resolved, prompt: None, seen: Some(seen) };
    let mut findings = Findings::new(request, policy);
    if findings.is_wanted()
        && let Some(object) = subject.object(request, &mut findings)
    {
        contradiction(request, operation(request), operation(request) == "chat_stream", &mut findings);
        subject.name(&mut findings);
        if !seen.conforms {
            walk::differences(request, CHAT, &mut findings);
        }
        subject.chat(object, subject.served(), &mut findings);
    }
    let (findings, faults, ok) = findings.finish();
    Report { ok, findings, estimate: None, resolution, repairs: Vec::new(), faults }
}

/// What the model's name means, where the request wants a model to work for it.
fn resolve(
    request: &Value<'_>,
    asked: Option<&Operation>,
    provider: Option<&str>,
    resolver: &Resolver<'_>,
) -> Option<Resolution> {
    if asked.is_some_and(|asked| !asked.uses_model()) {
        return None;
    }
    request.get("model").and_then(Value::as_str).map(|name| resolver.resolve(name, provider))
}

fn replace_retired(request: &mut Value<'_>, resolution: Option<&Resolution>, policy: &Policy) -> Option<Repair> {
    if !policy.repair.iter().any(|repair| repair == "retired_model") {
        return None;
    }
    let resolution = resolution.filter(|resolution| resolution.status.as_deref() == Some("retired"))?;
    repair::retired_model(request, resolution.replacement.as_deref()?)
}

/// What the request costs, for the types of request whose use of tokens can be told before.
fn estimate(
    request: &Value<'_>,
    asked: Option<&Operation>,
    prompt: &Prompt,
    provider: Option<&str>,
    policy: &Policy,
) -> Option<Estimate> {
    // Without a prompt there is nothing to count.
    match asked.map(|asked| asked.request) {
        Some("FimRequest") => request.get("prompt")?.as_str().map(|_| ())?,
        Some("EmbeddingRequest") => request.get("input").map(|_| ())?,
        Some("ChatRequest") | None => request.get("messages")?.as_array().map(|_| ())?,
        Some("ModerationRequest" | "ClassificationRequest" | "SpeechRequest") => request.get("input").map(|_| ())?,
        Some("ConversationStartRequest") => request.get("inputs").map(|_| ())?,
        Some("OcrRequest") => request.get("document").map(|_| ())?,
        Some("BatchCreateRequest") => request.get("requests").map(|_| ())?,
        Some(_) => return None,
    }
    let operation = asked.map_or("chat", |asked| asked.name);
    let cost = estimate::estimate_with(operation, request, provider, policy, prompt.tokens).ok()?;
    Some(Estimate { prompt_tokens: cost.prompt_tokens.unwrap_or(prompt.tokens), cost })
}

/// What a request is judged by.
struct Subject<'s> {
    /// What is asked; `None` when there is no such operation.
    asked: Option<&'static Operation>,
    catalogue: &'s Catalogue,
    policy: &'s Policy,
    /// The model's row; `None` when the catalogue does not know it.
    row: Option<&'s ModelRow>,
    resolution: Option<&'s Resolution>,
    /// What has been counted; `None` where nobody is told, and the rules count what they must.
    prompt: Option<&'s Prompt>,
    /// What is known of the request as it is judged.
    seen: Option<Seen>,
}

impl Subject<'_> {
    fn check(&self, request: &Value<'_>, out: &mut Findings<'_>) {
        let Some(object) = self.object(request, out) else { return };
        let Some(table) = table(request, out) else { return };
        self.region(object, out);
        self.name(out);
        if !self.seen.map_or_else(|| forms().conforms(request, table), |seen| seen.conforms) {
            walk::differences(request, table, out);
        }
        let row = self.served();
        // The rules of each type of request. Whatever is not named here has its form and its model's name only.
        match self.asked.map(|asked| asked.request) {
            Some("ChatRequest" | "AgentsRequest") => self.chat(object, row, out),
            Some("FimRequest") => self.fim(object, row, out),
            Some("FilesUploadRequest") => files::upload(object, out),
            Some("FilesListRequest") => files::purpose(object, out),
            Some("BatchCreateRequest") => batch::check(object, out),
            Some("TranscriptionRequest") => audio::transcription(object, row, out),
            Some("SpeechRequest") => audio::speech(object, row, out),
            Some("EmbeddingRequest") => embeddings::check(object, row, out),
            Some("OcrRequest") => ocr::check(object, row, out),
            Some("ConversationStartRequest") => {
                conversation::start(object, row, out);
                if self.speaks_mistral() {
                    model::guardrails(object, self.catalogue, self.on(), out);
                }
            }
            Some("ConversationAppendRequest") => conversation::append(object, out),
            Some("ConversationRestartRequest") => conversation::go_on(object, out),
            _ => {}
        }
    }

    /// A request is an object.
    fn object<'v>(&self, request: &'v Value<'v>, out: &mut Findings<'_>) -> Option<&'v Object<'v>> {
        if request.as_object().is_none() {
            no_object(request, out);
        }
        request.as_object()
    }

    /// The row of a model that is served: what a retired one could do helps nobody.
    fn served(&self) -> Option<&ModelRow> {
        self.row.filter(|row| row.status(self.on()) != Status::Retired)
    }

    /// The rules of filling in the middle.
    fn fim(&self, object: &Object<'_>, row: Option<&ModelRow>, out: &mut Findings<'_>) {
        sampling::check(object, out);
        if let Some(row) = row {
            fim::check(row, out);
            limits::check(object, "prompt", row, self.prompt, None, out);
        }
    }

    /// The rules of chats.
    fn chat(&self, object: &Object<'_>, row: Option<&ModelRow>, out: &mut Findings<'_>) {
        sampling::check(object, out);
        let contents = self.conversation(object, out);
        tools::check(object, out);
        sampling::several(object, out);
        format::check(object, out);
        if self.speaks_mistral() {
            model::guardrails(object, self.catalogue, self.on(), out);
        }
        if let Some(row) = row {
            model::check(object, row, &contents, out);
            let text = self.seen.filter(|seen| seen.conforms && !contents.beyond_text);
            let most = text.map(|text| tokens::most_in_chat(text.bytes));
            limits::check(object, "messages", row, self.prompt, most, out);
        }
    }

    /// What the host does not do that the base URL leads to.
    fn region(&self, object: &Object<'_>, out: &mut Findings<'_>) {
        let Some(url) = &self.policy.base_url else { return };
        let provider = self.resolution.map_or("mistral", |resolution| resolution.provider.as_str());
        let (Some(asked), Some(row)) = (self.asked, provider_row(provider)) else { return };
        if let Some(region) = row.region_of(url) {
            regional::check(object, asked.resource, row, region, out);
        }
    }

    /// What is wrong with the model's name.
    fn name(&self, out: &mut Findings<'_>) {
        let root = Path::root();
        let Some(resolution) = self.resolution else { return };
        for finding in &resolution.findings {
            let fault = match finding.rule.as_str() {
                "retired_model" | "unknown_model" => {
                    Fault::rule("invalid_model", format_args!("Invalid model: {}", resolution.sent_as))
                }
                _ => Fault::Nothing,
            };
            out.adopt(&root.key("model"), finding, fault);
        }
    }

    /// All rules that look at the messages, in one pass over them.
    fn conversation(&self, request: &Object<'_>, out: &mut Findings<'_>) -> Contents {
        let mut contents = Contents::default();
        let Some(messages) = request.get("messages").and_then(Value::as_array) else { return contents };
        let root = Path::root();
        let path = root.key("messages");
        let mut order = Order::new(messages, &path, out);
        let mut calls = Calls::new(self.wants_nine());
        for (index, message) in messages.iter().enumerate() {
            let path_of_message = path.index(index);
            let turn = Turn::new(index, message);
            order.next(turn.as_ref(), &path_of_message, out);
            if let Some(turn) = &turn {
                calls.next(turn, &path_of_message, &path, out);
                content::check(turn, &path_of_message, &mut contents, out);
            }
        }
        calls.close(Some(messages.len()), &path, out);
        content::finish(&contents, &path, out);
        contents
    }

    fn on(&self) -> Date {
        self.policy.on.unwrap_or(snapshot_day())
    }

    fn speaks_mistral(&self) -> bool {
        self.resolution.is_none_or(|resolution| resolution.provider == "mistral")
    }

    /// Whether tool-call ids must be nine letters or digits: at Mistral, for its own models. Those of other makers answer
    /// with longer ids, and must take them back.
    fn wants_nine(&self) -> bool {
        self.speaks_mistral() && self.row.is_none_or(|row| row.vendor.is_none())
    }
}

#[cold]
#[inline(never)]
fn no_object(request: &Value<'_>, out: &mut Findings<'_>) {
    let root = Path::root();
    let message = format_args!("a request must be an object, but is {}", request.kind());
    let said = "Input should be a valid dictionary or object to extract fields from";
    let fault = Fault::form("model_attributes_type", &root, said);
    let hint = format_args!("give an object with `model` and `messages`");
    out.add(&root, Draft::new(rule!("request_form"), message).hint(hint).fault(fault));
}
