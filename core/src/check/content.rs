//! What stands in a message: content or none, chunks that suit the role, images, documents, thinking, sound.

use std::fmt;

use super::fault::Fault;
use super::findings::{Draft, Findings, rule};
use super::messages::{Role, Turn};
use crate::finding::Rule;
use crate::json::{Path, Value};
use crate::suggest::shown;

/// How many images a request may carry.
const MOST_IMAGES: usize = 8;
/// How many bytes an image may have.
const LARGEST_IMAGE: usize = 10_000_000;

/// Where a chunk stands: message and chunk.
pub(super) type Spot = (usize, usize);

/// What the messages hold that other rules ask about.
#[derive(Default)]
pub(super) struct Contents {
    /// Whether there are chunks of another type than text.
    pub(super) beyond_text: bool,
    /// How many images there are.
    pub(super) images: usize,
    /// The first image.
    pub(super) image: Option<Spot>,
    /// The first sound.
    pub(super) audio: Option<Spot>,
    /// The first thinking.
    pub(super) thinking: Option<Spot>,
    /// The first system message.
    pub(super) system: Option<usize>,
}

/// Looks at one message.
pub(super) fn check(turn: &Turn<'_>, path: &Path<'_>, contents: &mut Contents, out: &mut Findings<'_>) {
    if turn.role == Role::System {
        contents.system.get_or_insert(turn.index);
    }
    let nothing = match turn.content {
        None | Some(Value::Null) => true,
        Some(Value::String(text)) => text.is_empty(),
        Some(Value::Array(list)) => {
            chunks(turn, list, path, contents, out);
            list.is_empty()
        }
        Some(_) => false,
    };
    if nothing {
        empty(turn, path, out);
    }
}

/// Looks at the chunks of a message.
#[inline(never)]
fn chunks(turn: &Turn<'_>, chunks: &[Value<'_>], path: &Path<'_>, contents: &mut Contents, out: &mut Findings<'_>) {
    let below = path.key("content");
    let mut leading = true;
    for (at, chunk) in chunks.iter().enumerate() {
        let kind = chunk.get("type").and_then(Value::as_str);
        contents.beyond_text |= kind != Some("text");
        let Some(kind) = kind else {
            leading = false;
            continue;
        };
        let path = below.index(at);
        let spot = (turn.index, at);
        let lead = leading;
        leading &= kind == "thinking";
        // A chunk in the wrong place must go; what else is wrong with it goes too.
        if !suits(turn.role, kind, &path, out) {
            continue;
        }
        match kind {
            "image_url" => {
                contents.images += 1;
                contents.image.get_or_insert(spot);
                address(chunk, &path, out);
            }
            "document_url" => address(chunk, &path, out),
            "input_audio" => {
                contents.audio.get_or_insert(spot);
            }
            "thinking" => {
                contents.thinking.get_or_insert(spot);
                if !lead {
                    not_leading(&path, out);
                }
            }
            _ => {}
        }
    }
}

#[cold]
#[inline(never)]
fn not_leading(path: &Path<'_>, out: &mut Findings<'_>) {
    let fault = Fault::rule("invalid_request_error", "ThinkChunks must be leading the message content.");
    let message = format_args!("thinking must stand before everything else in a message");
    out.add(path, Draft::new(rule!("thinking_position"), message).fault(fault));
}

/// The address of an image or a document, wherever it stands.
pub(super) fn address(chunk: &Value<'_>, path: &Path<'_>, out: &mut Findings<'_>) {
    image(chunk, path, out);
    document(chunk, path, out);
}

/// Whether messages have chunks of this type.
pub(super) fn is_known(kind: &str) -> bool {
    kind == "text" || class(kind).is_some()
}

/// What only all messages together show.
#[inline(never)]
pub(super) fn finish(contents: &Contents, messages: &Path<'_>, out: &mut Findings<'_>) {
    if contents.images > MOST_IMAGES {
        let message = format_args!("{} images, but a request carries at most {MOST_IMAGES}", contents.images);
        out.add(messages, Draft::new(rule!("too_many_images"), message));
    }
    if let (Some((index, at)), Some(system)) = (contents.audio, contents.system) {
        let message = messages.index(index);
        let content = message.key("content");
        let said = format_args!("Found system messages at indexes [{system}] and audio chunks in messages at indexes [{index}].");
        let message = format_args!("a request with sound cannot have a system message");
        let hint = format_args!("move the text of `messages[{system}]` into the user message");
        let fault = Fault::rule("invalid_request_error", said);
        out.add(&content.index(at), Draft::new(rule!("audio_with_system"), message).hint(hint).fault(fault));
    }
}

#[inline(never)]
fn empty(turn: &Turn<'_>, path: &Path<'_>, out: &mut Findings<'_>) {
    match turn.role {
        // Missing or null is a fault of form, and reported as one.
        Role::System if matches!(turn.content, Some(Value::String(_) | Value::Array(_))) => {
            let fault = Fault::rule("invalid_request_error", "System prompt must have content");
            let draft = Draft::new(rule!("empty_system"), format_args!("a system message needs content"))
                .hint(format_args!("leave the message out"));
            out.add(&path.key("content"), draft.fault(fault));
        }
        // Calls of the wrong type are calls all the same: the form says what is wrong with them.
        Role::Assistant if matches!(turn.object.get("tool_calls"), None | Some(Value::Null)) || no_calls(turn) => {
            let said = "Assistant message must have either content or tool_calls, but not none.";
            let draft = Draft::new(rule!("empty_assistant"), format_args!("an assistant message needs content or tool calls"));
            out.add(
                path,
                draft.hint(format_args!("leave the message out")).fault(Fault::rule("invalid_request_assistant_message", said)),
            );
        }
        _ => {}
    }
}

fn no_calls(turn: &Turn<'_>) -> bool {
    matches!(turn.object.get("tool_calls"), Some(Value::Array(calls)) if calls.is_empty())
}

/// Whether a chunk may stand in a message of this role.
fn suits(role: Role, kind: &str, path: &Path<'_>, out: &mut Findings<'_>) -> bool {
    // Text goes everywhere; what is not known here is kept and reported as such.
    if kind == "text" {
        return true;
    }
    let Some(chunk) = class(kind) else { return true };
    match (role, kind) {
        (_, "tool_file") => {
            let message = format_args!("a chunk of type `tool_file` goes into a conversation, not into a chat");
            out.add(path, Draft::new(rule!("conversations_only_chunk"), message));
        }
        (Role::System, "thinking") | (Role::Assistant, "thinking" | "reference" | "tool_reference") => {}
        (Role::System, _) | (Role::User | Role::Tool, "thinking") => {
            let message = format_args!("a chunk of type `{kind}` cannot stand in {}", role.noun());
            let fault = Fault::rule("invalid_request_error", format_args!("{chunk} cannot be used in {} message.", role.name()));
            out.add(path, Draft::new(rule!("chunk_role"), message).fault(fault));
            return false;
        }
        (Role::Assistant, "image_url" | "document_url" | "file" | "input_audio" | "resource" | "resource_link") => {
            let message = format_args!("a chunk of type `{kind}` is a user's, and stands in an assistant message");
            out.add(path, Draft::new(rule!("assistant_media"), message).hint(format_args!("put it into a user message")));
        }
        _ => {}
    }
    true
}

/// The server's own name for a type of chunk; `None` for text, and for what is not known here.
fn class(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "image_url" => "ImageURLChunk",
        "document_url" => "DocumentURLChunk",
        "file" => "FileChunk",
        "reference" => "ReferenceChunk",
        "input_audio" => "AudioChunk",
        "thinking" => "ThinkChunk",
        "resource" => "ResourceChunk",
        "resource_link" => "ResourceLinkChunk",
        "tool_reference" => "ToolReferenceChunk",
        "tool_file" => "ToolFileChunk",
        _ => return None,
    })
}

fn image(chunk: &Value<'_>, path: &Path<'_>, out: &mut Findings<'_>) {
    let below = path.key("image_url");
    let (url, inner) = match chunk.get("image_url") {
        Some(Value::String(url)) => (url, None),
        Some(object) => match object.get("url") {
            Some(Value::String(url)) => (url, Some(below.key("url"))),
            _ => return,
        },
        None => return,
    };
    let path = inner.as_ref().unwrap_or(&below);
    match Address::of(url) {
        Address::Web => {}
        Address::Data { mime, base64: true, data } if mime.starts_with("image/") && is_base64(data) => {
            if data.len() / 4 * 3 > LARGEST_IMAGE {
                let message = format_args!("the image has {} MB; more than 10 MB may be refused", data.len() / 4 * 3 / 1_000_000);
                out.add(path, Draft::new(rule!("image_size"), message).hint(format_args!("scale it down")));
            }
        }
        address => bad_address(rule!("image_form"), "an image", "image/png", &address, url, path, out),
    }
}

fn document(chunk: &Value<'_>, path: &Path<'_>, out: &mut Findings<'_>) {
    let Some(Value::String(url)) = chunk.get("document_url") else { return };
    match Address::of(url) {
        Address::Web => {}
        Address::Data { base64: true, data, .. } if is_base64(data) => {}
        address => {
            bad_address(rule!("document_form"), "a document", "application/pdf", &address, url, &path.key("document_url"), out);
        }
    }
}

#[cold]
#[inline(never)]
fn bad_address(rule: Rule, what: &str, mime: &str, address: &Address<'_>, url: &str, path: &Path<'_>, out: &mut Findings<'_>) {
    let short = url.char_indices().nth(60).and_then(|(end, _)| url.get(..end)).unwrap_or(url);
    let bare = matches!(address, Address::Other) && url.len() > 60 && is_base64(url);
    let message = fmt::from_fn(|f| match address {
        Address::Data { base64: false, .. } => write!(f, "the data URI of {what} is not base64"),
        Address::Data { mime: other, data, .. } if is_base64(data) => {
            write!(f, "the data URI is not that of {what}: its type is {}", shown(other))
        }
        Address::Data { .. } => write!(f, "the data URI of {what} holds no base64"),
        _ if url.is_empty() => write!(f, "the address of {what} is empty"),
        _ if bare => write!(f, "{what} in base64 needs its type before it"),
        _ => write!(f, "{} is not the address of {what}", shown(short)),
    });
    let hint = fmt::from_fn(|f| match address {
        Address::Data { .. } => write!(f, "write `data:{mime};base64,…`"),
        _ if bare => write!(f, "write `data:{mime};base64,…`"),
        _ => f.write_str("give an http(s) URL or a data URI"),
    });
    let fault = Fault::rule("invalid_request_file", format_args!("File could not be fetched from url '{short}'"));
    out.add(path, Draft::new(rule, format_args!("{message}")).hint(format_args!("{hint}")).fault(fault));
}

/// What an address is.
enum Address<'u> {
    Web,
    Data { mime: &'u str, base64: bool, data: &'u str },
    Other,
}

impl Address<'_> {
    fn of(url: &str) -> Address<'_> {
        let starts = |with: &str| url.get(..with.len()).is_some_and(|start| start.eq_ignore_ascii_case(with));
        if starts("https://") || starts("http://") {
            return Address::Web;
        }
        let Some(rest) = starts("data:").then(|| &url[5..]) else { return Address::Other };
        // The head is short; a comma further on belongs to something else.
        let Some(comma) = rest.as_bytes().iter().take(256).position(|byte| *byte == b',') else {
            return Address::Data { mime: rest.get(..64.min(rest.len())).unwrap_or_default(), base64: false, data: "" };
        };
        let (head, data) = (&rest[..comma], &rest[comma + 1..]);
        let mime = &head[..head.bytes().position(|byte| byte == b';').unwrap_or(head.len())];
        Address::Data { mime, base64: head.ends_with(";base64"), data }
    }
}

/// Whether a text looks like base64: its beginning does, and there is some.
fn is_base64(data: &str) -> bool {
    !data.is_empty()
        && data
            .bytes()
            .take(256)
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=' | b'-' | b'_' | b'\r' | b'\n'))
}
