//! `chat`: one question, one answer.

use tramontane::client::{CallOptions, Client, ReplyMeta};
use tramontane::error::{Error, ErrorKind};
use tramontane::json::{Number, Object, Value};

use crate::CLEAN;
use crate::args::Chat;
use crate::asking::Asking;
use crate::documents::read;
use crate::output::{DIM, Failure, print, print_piece, print_warnings};

/// `tramontane chat`.
pub(crate) fn run(args: &Chat, as_json: bool) -> Result<i32, Failure> {
    let Asking { client, runtime, .. } = &Asking::start(args.base_url.as_deref(), args.sandbox)?;
    let call = client.prepare(request(args)?, &CallOptions::default())?;
    if args.stream && !as_json {
        runtime.block_on(stream(client, call))?;
    } else {
        let reply = runtime.block_on(client.execute(call))?;
        print_warnings(&reply.meta.warnings);
        if as_json {
            print(&reply.data.to_string());
        } else {
            print(&text(&reply.data));
            print_footer(&reply.data, &reply.meta);
        }
    }
    Ok(CLEAN)
}

async fn stream(client: &Client, call: tramontane::client::Call) -> Result<(), Error> {
    let mut stream = client.open(call).await?;
    print_warnings(&stream.meta().warnings);
    while let Some(events) = stream.next_batch().await? {
        for event in &events {
            print_piece(event.text());
        }
    }
    let reply = stream.finish().await?;
    print("");
    print_footer(&reply.data, &reply.meta);
    Ok(())
}

fn request(args: &Chat) -> Result<Value<'static>, Failure> {
    let prompt = match args.prompt.as_str() {
        "-" => String::from_utf8(read("-")?)
            .map_err(|error| Error::new(ErrorKind::InvalidRequest, format!("standard input is not UTF-8: {error}")))?,
        prompt => prompt.to_owned(),
    };
    let mut messages = Vec::new();
    if let Some(system) = &args.system {
        messages.push(message("system", system.clone()));
    }
    messages.push(message("user", prompt));
    let mut request = Object::new();
    request.push("operation", if args.stream { "chat_stream" } else { "chat" });
    request.push("model", args.model.clone());
    request.push("messages", Value::Array(messages));
    if let Some(most) = args.max_tokens {
        request.push("max_tokens", most);
    }
    if let Some(temperature) = args.temperature {
        request.push("temperature", Value::Number(Number::Float(temperature)));
    }
    Ok(Value::Object(request))
}

fn message(role: &'static str, content: String) -> Value<'static> {
    Value::Object(Object::from_iter([("role", Value::from(role)), ("content", Value::from(content))]))
}

/// The text of the first choice; of content in chunks, the text ones.
fn text(answer: &Value<'_>) -> String {
    let choice = answer.get("choices").and_then(Value::as_array).and_then(<[_]>::first);
    match choice.and_then(|choice| choice.get("message")).and_then(|message| message.get("content")) {
        Some(Value::String(text)) => text.to_string(),
        Some(Value::Array(chunks)) => chunks.iter().filter_map(|chunk| chunk.get("text")?.as_str()).collect(),
        _ => String::new(),
    }
}

fn print_footer(answer: &Value<'_>, meta: &ReplyMeta) {
    let used = |what: &str| answer.get("usage").and_then(|usage| usage.get(what)).and_then(Value::as_u64).unwrap_or_default();
    let sent_as = meta.resolution.as_ref().map_or("", |resolution| resolution.sent_as.as_str());
    let (read, written) = (used("prompt_tokens"), used("completion_tokens"));
    use std::io::Write;
    let _ = writeln!(anstream::stderr(), "{DIM}{sent_as}: {read} tokens read, {written} written{DIM:#}");
}
