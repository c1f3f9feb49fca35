//! An answer as server-sent events, in the form and order of the API.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Body, Frame};
use serde_json::{Value, json};
use tokio::time::Sleep;

use crate::answer::{Answer, Choice};

/// A body that sends its pieces one by one, at a pace.
pub(crate) struct Paced {
    pieces: VecDeque<Bytes>,
    pace: Duration,
    pause: Option<Pin<Box<Sleep>>>,
}

impl Paced {
    pub(crate) fn new(pieces: VecDeque<Bytes>, pace: Duration) -> Paced {
        Paced { pieces, pace, pause: None }
    }
}

impl Body for Paced {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let this = self.get_mut();
        if !this.pace.is_zero() {
            let pace = this.pace;
            ready!(this.pause.get_or_insert_with(|| Box::pin(tokio::time::sleep(pace))).as_mut().poll(cx));
            this.pause = None;
        }
        Poll::Ready(this.pieces.pop_front().map(|piece| Ok(Frame::data(piece))))
    }
}

/// The whole stream, event by event.
pub(crate) fn events(answer: &Answer) -> VecDeque<Bytes> {
    let mut chunks = Vec::new();
    for index in 0..answer.choices.len() {
        chunks.push(delta(answer, index, json!({"role": "assistant", "content": ""})));
    }
    for (index, choice) in answer.choices.iter().enumerate() {
        chunks.extend(deltas(choice).into_iter().map(|content| padded(delta(answer, index, content))));
    }
    finish(answer, &mut chunks);
    let events = chunks.iter().map(|chunk| Bytes::from(format!("data: {chunk}\n\n")));
    events.chain([Bytes::from_static(b"data: [DONE]\n\n")]).collect()
}

/// What a choice says, piece by piece; tool calls arrive whole, in one piece.
fn deltas(choice: &Choice) -> Vec<Value> {
    if !choice.tool_calls.is_empty() {
        return vec![json!({"content": "", "tool_calls": choice.tool_calls})];
    }
    let thoughts = choice.thinking.iter().map(
        |thinking| json!({"content": [{"type": "thinking", "thinking": [{"type": "text", "text": thinking}], "closed": true}]}),
    );
    thoughts.chain(choice.words.iter().map(|word| json!({"content": word}))).collect()
}

/// Each choice's last piece carries its finish reason; the very last one the usage.
fn finish(answer: &Answer, chunks: &mut [Value]) {
    for (index, choice) in answer.choices.iter().enumerate() {
        match chunks.iter_mut().rev().find(|chunk| chunk["choices"][0]["index"] == index) {
            Some(last) => last["choices"][0]["finish_reason"] = json!(choice.finish_reason),
            None => continue,
        }
    }
    if let Some(last) = chunks.last_mut() {
        last["usage"] = answer.usage();
    }
}

fn delta(answer: &Answer, index: usize, content: Value) -> Value {
    let mut chunk = answer.head("chat.completion.chunk");
    chunk["choices"] = json!([{"index": index, "delta": content, "finish_reason": null}]);
    chunk
}

/// The API pads its events to hide how long their words are.
fn padded(mut chunk: Value) -> Value {
    let length = 1 + crate::sample::hex(chunk.to_string().as_bytes(), 1).as_bytes()[0] as usize % 24;
    chunk["p"] = json!(crate::sample::hex(b"p", length));
    chunk
}
