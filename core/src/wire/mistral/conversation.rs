//! The frames of a conversation's stream: events with names, an error among them, and one that says that this was all.

use super::super::decoder::{FrameDecoder, Sink};
use super::super::sse::Frame;
use super::response;
use super::stream::{is_said, text_of};
use crate::error::Result;
use crate::json::{Object, Value};

/// Reads the frames. Has no state: every event stands for itself.
pub(super) struct Frames;

impl FrameDecoder for Frames {
    fn frame(&mut self, frame: Frame<'_>, sink: &mut Sink<'_>) -> Result<()> {
        // Not said by this stream today; a proxy that ends every stream alike may add it.
        if frame.data == b"[DONE]" {
            sink.done();
            return Ok(());
        }
        let Some((text, mut event)) = text_of(&frame)? else { return Ok(()) };
        let Value::Object(object) = &mut event else { return Ok(()) };
        // The name stands before the data and in it. A server that writes it once has still said it.
        let named = object.get("type").and_then(Value::as_str).is_some_and(|kind| !kind.is_empty());
        if !named && !frame.event.is_empty() {
            object.set("type", frame.event.to_owned());
        }
        if is_error(object, frame.event) {
            return Err(response::stream_error(object, text));
        }
        let done = object.get("type").and_then(Value::as_str) == Some("conversation.response.done");
        if named {
            sink.emit_text(text, &event);
        } else {
            sink.emit(event.into_owned());
        }
        if done {
            sink.done();
        }
        Ok(())
    }
}

/// Whether an event says that the answer failed.
fn is_error(object: &Object<'_>, name: &str) -> bool {
    let kind = object.get("type").and_then(Value::as_str).unwrap_or_default();
    let says = |key: &str| is_said(object, key);
    let object_is_error = object.get("object").and_then(Value::as_str).is_some_and(|name| name.eq_ignore_ascii_case("error"));
    // An error from before the conversation has no name of the conversation's own.
    kind == "conversation.response.error"
        || name == "error"
        || object_is_error
        || (!kind.contains('.') && (says("message") || says("detail") || says("error")))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::error::{Error, ErrorKind};
    use crate::wire::{Decoder, Event};

    const STREAM: &str = include_str!("conversation.sse");

    fn decode(pieces: &[&[u8]]) -> (Vec<Event>, Result<String, Error>) {
        let mut decoder = Decoder::new("mistral", "conversations_start_stream").unwrap();
        let mut events = Vec::new();
        let pushed = pieces.iter().try_for_each(|piece| decoder.push(piece, &mut events));
        let whole = pushed.and_then(|()| decoder.end(&mut events)).and_then(|()| decoder.finish());
        (events, whole.map(|answer| answer.to_string()))
    }

    fn failed(stream: &str) -> Error {
        decode(&[stream.as_bytes()]).1.unwrap_err()
    }

    #[test]
    fn a_stream_becomes_events_and_an_answer() {
        let (events, whole) = decode(&[STREAM.as_bytes()]);
        let kinds: Vec<&str> =
            events.iter().map(|event| event.data().get("type").and_then(|kind| kind.as_str()).unwrap_or_default()).collect();
        insta::assert_snapshot!(kinds.join(" "), @r#"conversation.response.started agent.handoff.started agent.handoff.done message.output.delta message.output.delta tool.execution.started tool.execution.delta tool.execution.done message.output.delta message.output.delta message.output.delta message.output.delta function.call.delta function.call.delta conversation.response.done"#);
        assert_eq!(events.iter().map(Event::text).collect::<String>(), "The wind is café-mild [1].");
        assert_eq!(events.iter().map(Event::thinking).collect::<String>(), "Search first.");
        assert_eq!(events.last().and_then(Event::usage).and_then(|usage| usage.get("total_tokens")?.as_u64()), Some(41));
        insta::assert_snapshot!(whole.unwrap(), @r#"{"object":"conversation.response","conversation_id":"conv_1","outputs":[{"object":"entry","type":"agent.handoff","id":"handoff_1","created_at":"2026-11-21T12:00:00Z","previous_agent_id":"ag_1","previous_agent_name":"front","next_agent_id":"ag_2","next_agent_name":"sailor"},{"object":"entry","type":"message.output","id":"msg_1","model":"mistral-medium-2508","agent_id":"ag_2","role":"assistant","content":[{"type":"thinking","thinking":[{"type":"text","text":"Search first."}]}]},{"object":"entry","type":"tool.execution","id":"tool_1","name":"web_search","info":{"results":3},"arguments":"{\"query\":\"wind\"}"},{"object":"entry","type":"message.output","id":"msg_2","model":"mistral-medium-2508","agent_id":null,"role":"assistant","content":[{"type":"text","text":"The wind is café-mild "},{"type":"tool_reference","tool":"web_search","title":"Winds","url":"https://example.com/winds"},{"type":"text","text":"[1]."}]},{"object":"entry","type":"function.call","id":"fc_1","model":"mistral-medium-2508","name":"set_sail","tool_call_id":"WJfo42Ow3","confirmation_status":"pending","arguments":"{\"sail\": \"jib\"}"}],"usage":{"prompt_tokens":20,"completion_tokens":11,"total_tokens":41,"connector_tokens":10,"connectors":{"web_search":1}}}"#);
    }

    #[test]
    fn an_error_in_the_stream_carries_the_words_the_code_and_what_had_arrived() {
        let stream = "event: message.output.delta\ndata: {\"type\":\"message.output.delta\",\"id\":\"m\",\"content\":\"Bo\"}\n\n\
            event: conversation.response.error\ndata: {\"type\":\"conversation.response.error\",\"message\":\"Tool failed\",\"code\":3000}\n\n";
        let error = failed(stream);
        assert_eq!((error.kind(), error.message(), error.code.as_deref()), (ErrorKind::Stream, "Tool failed", Some("3000")));
        insta::assert_snapshot!(error.partial.as_ref().unwrap(), @r#"{"object":"conversation.response","outputs":[{"object":"entry","type":"message.output","id":"m","content":"Bo"}]}"#);
    }

    #[test]
    fn an_error_without_a_name_of_the_conversation_is_one_too() {
        for data in [r#"{"object":"error","message":"Nope"}"#, r#"{"detail":"Nope"}"#, r#"{"message":"Nope","code":3001}"#] {
            assert_eq!(failed(&format!("data: {data}\n\n")).message(), "Nope", "{data}");
        }
        assert_eq!(failed("event: error\ndata: {\"message\":\"Nope\"}\n\n").kind(), ErrorKind::Stream);
    }

    #[test]
    fn a_stream_that_ends_before_the_provider_says_so_is_cut() {
        let (before, _) = STREAM.split_once("event: conversation.response.done").unwrap();
        let error = failed(before);
        assert_eq!(error.kind(), ErrorKind::StreamTruncated);
        insta::assert_snapshot!(error.message(), @r#"the stream ended without `conversation.response.done`"#);
        assert!(error.partial.is_some());
        assert_eq!(failed(&STREAM[..STREAM.len() - 9]).kind(), ErrorKind::StreamTruncated);
    }

    #[test]
    fn events_of_tomorrow_and_names_that_stand_once_survive() {
        let stream = "event: brand.new\ndata: {\"x\":1}\n\ndata: {\"type\":\"other.new\",\"message\":\"fine\"}\n\n\
            event: conversation.response.done\ndata: {\"usage\":{}}\n\n";
        let (events, whole) = decode(&[stream.as_bytes()]);
        let texts: Vec<&str> = events.iter().map(Event::json).collect();
        insta::assert_snapshot!(texts.join("\n"), @r#"{"x":1,"type":"brand.new"}
{"type":"other.new","message":"fine"}
{"usage":{},"type":"conversation.response.done"}"#);
        insta::assert_snapshot!(whole.unwrap(), @r#"{"object":"conversation.response","outputs":[],"usage":{}}"#);
    }

    proptest! {
        #[test]
        fn any_chunking_gives_equal_events(cuts in proptest::collection::vec(0usize..STREAM.len(), 0..12), crlf: bool) {
            let text = if crlf { STREAM.replace('\n', "\r\n") } else { STREAM.to_owned() };
            let bytes = text.as_bytes();
            let mut cuts = cuts;
            cuts.extend([0, bytes.len()]);
            cuts.sort_unstable();
            let pieces: Vec<&[u8]> = cuts.windows(2).map(|pair| &bytes[pair[0]..pair[1]]).collect();
            let (events, whole) = decode(&pieces);
            let (expected, answer) = decode(&[STREAM.as_bytes()]);
            prop_assert_eq!(events, expected);
            prop_assert_eq!(whole.unwrap(), answer.unwrap());
        }
    }
}
