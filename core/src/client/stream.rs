//! A stream of events: bytes of the network through the decoder, with a limit on every silence.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures_core::Stream;
use tokio::time::Instant;

use super::meter::Meter;
use super::patience::Patience;
use super::redact::Redactor;
use super::send::{Limit, Run, too_large};
use super::transport::Body;
use super::{ChatReply, Reply, ReplyMeta};
use crate::error::{Error, Fields, Result};
use crate::json::Value;
use crate::wire::{Decoder, Event};

/// How long the end of the body is waited for after the provider said that this was all: a connection whose body was
/// read to its end can be used again.
const LINGER: Duration = Duration::from_millis(100);

/// A stream of events. Dropping it closes its connection.
pub struct EventStream {
    body: Option<Box<dyn Body>>,
    decoder: Decoder,
    /// The type of the answer that the events amount to.
    kind: &'static str,
    /// Events that were read and not yet handed out.
    ready: Vec<Event>,
    /// Events that are handed out one by one, before those.
    single: std::vec::IntoIter<Event>,
    /// The error that comes after them.
    failure: Option<Error>,
    /// The same error, for who asks again.
    failed: Option<Box<Fields>>,
    /// Whether an event has come: until then the limit of the first one holds.
    any_event: bool,
    meta: ReplyMeta,
    started: Instant,
    patience: Patience,
    idle: Duration,
    /// How many more bytes may come, and the number that says how many there were to be.
    room: u64,
    most: u64,
    deadline: Option<Limit>,
    /// To take keys out of errors.
    redactor: Redactor,
    /// What it takes from a budget and a limiter.
    pub(super) meter: Option<Box<Meter>>,
}

impl std::fmt::Debug for EventStream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EventStream").field("open", &self.body.is_some()).field("meta", &self.meta).finish_non_exhaustive()
    }
}

impl EventStream {
    pub(super) fn new(body: Box<dyn Body>, decoder: Decoder, meta: ReplyMeta, first: Limit, run: &Run<'_>) -> EventStream {
        EventStream {
            body: Some(body),
            decoder,
            kind: run.answer_type(),
            ready: Vec::new(),
            single: Vec::new().into_iter(),
            failure: None,
            failed: None,
            any_event: false,
            meta,
            started: run.started,
            patience: Patience::new(first),
            idle: run.idle(),
            room: run.most(),
            most: run.most(),
            deadline: run.deadline,
            redactor: run.redactor(),
            meter: None,
        }
    }

    /// Reads until something is there to hand out: an error only when no event came before it.
    pub(super) async fn first(&mut self) -> Result<()> {
        poll_fn(|cx| self.poll_fill(cx)).await;
        match self.failure.take() {
            Some(error) if self.ready.is_empty() => Err(error),
            later => {
                self.failure = later;
                Ok(())
            }
        }
    }

    /// The events of the next network read, or `None` after the last.
    ///
    /// # Errors
    /// Any error of the stream, once; it carries the partial answer.
    pub async fn next_batch(&mut self) -> Result<Option<Vec<Event>>> {
        poll_fn(|cx| self.poll_batch(cx)).await
    }

    /// The next event, or `None` after the last: what the stream is as a [`futures_core::Stream`].
    pub async fn next(&mut self) -> Option<Result<Event>> {
        poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }

    /// [`EventStream::next_batch`], polled.
    pub fn poll_batch(&mut self, cx: &mut Context<'_>) -> Poll<Result<Option<Vec<Event>>>> {
        if self.single.len() > 0 {
            return Poll::Ready(Ok(Some(self.single.by_ref().collect())));
        }
        ready!(self.poll_fill(cx));
        Poll::Ready(match self.failure.take_if(|_| self.ready.is_empty()) {
            Some(error) => Err(error),
            None => Ok(Some(std::mem::take(&mut self.ready)).filter(|events| !events.is_empty())),
        })
    }

    /// The whole answer: reads the rest of the stream.
    ///
    /// # Errors
    /// As [`EventStream::next_batch`]; an error that was given before is given again.
    pub async fn finish(&mut self) -> Result<Reply> {
        while self.next_batch().await?.is_some() {}
        if let Some(fields) = &self.failed {
            return Err(again(fields));
        }
        Ok(Reply { kind: self.kind, data: self.decoder.finish()?, meta: self.meta() })
    }

    /// The whole answer, typed: [`EventStream::finish`], read as a completion.
    ///
    /// # Errors
    /// As [`EventStream::finish`], and `decode` when the answer is no completion.
    pub async fn completion(&mut self) -> Result<ChatReply> {
        self.finish().await?.try_into()
    }

    /// The answer so far.
    pub fn partial(&self) -> Value<'static> {
        self.decoder.partial()
    }

    /// What is known before the end: status, request id, warnings.
    pub fn meta(&self) -> ReplyMeta {
        ReplyMeta { elapsed: self.started.elapsed(), ..self.meta.clone() }
    }

    /// Ready when there are events, an error, or the end.
    fn poll_fill(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        while self.ready.is_empty() && self.failure.is_none() {
            let Some(body) = &mut self.body else { break };
            match body.poll_chunk(cx) {
                Poll::Ready(Some(Ok(bytes))) => self.take(&bytes),
                Poll::Ready(None) => self.end(),
                Poll::Ready(Some(Err(error))) => self.broken(error),
                Poll::Pending => ready!(self.poll_limit(cx)),
            }
        }
        Poll::Ready(())
    }

    fn take(&mut self, bytes: &[u8]) {
        if self.decoder.is_done() {
            return;
        }
        match self.room.checked_sub(bytes.len() as u64) {
            Some(room) => self.room = room,
            None => return self.broken(too_large(self.most, self.meta.http.status)),
        }
        if let Err(error) = self.decoder.push(bytes, &mut self.ready) {
            return self.fail(error);
        }
        self.any_event |= !self.ready.is_empty();
        let now = Instant::now();
        if self.decoder.is_done() {
            self.settle();
            self.patience.until(Limit::new("idle", now, LINGER));
        } else if self.any_event {
            self.patience.until(Limit::new("idle", now, self.idle).or(self.deadline));
        }
    }

    fn end(&mut self) {
        self.body = None;
        self.settle();
        if let Err(error) = self.decoder.end(&mut self.ready) {
            self.fail(error);
        }
    }

    /// The connection broke: an error, unless everything had been said.
    fn broken(&mut self, error: Error) {
        self.body = None;
        if !self.decoder.is_done() {
            let partial = Some(self.decoder.partial()).filter(|partial| !partial.is_null());
            self.fail(error.with(|error| error.partial = partial));
        }
    }

    fn fail(&mut self, error: Error) {
        self.body = None;
        self.settle();
        let http = &self.meta.http;
        let error = error.with(|error| {
            error.provider.get_or_insert_with(|| http.provider.clone());
            error.status.get_or_insert(http.status);
            error.request_id = error.request_id.take().or_else(|| http.request_id.clone());
            self.redactor.redact(error);
        });
        self.failed = Some(Box::new((*error).clone()));
        self.failure = Some(error);
    }

    /// Nothing more is spent: what has come counts.
    fn settle(&mut self) {
        if let Some(meter) = self.meter.take() {
            meter.give_up(&self.decoder.partial(), &self.meta.http.rate_limit);
        }
    }

    /// Ready when the limit has passed; the stream has then ended.
    fn poll_limit(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let error = ready!(self.patience.poll_over(cx));
        self.broken(error);
        Poll::Ready(())
    }
}

impl Drop for EventStream {
    fn drop(&mut self) {
        self.settle();
    }
}

/// One event after the other.
impl Stream for EventStream {
    type Item = Result<Event>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let Some(event) = self.single.next() {
            return Poll::Ready(Some(Ok(event)));
        }
        Poll::Ready(match ready!(self.poll_batch(cx)) {
            Err(error) => Some(Err(error)),
            Ok(batch) => {
                self.single = batch.unwrap_or_default().into_iter();
                self.single.next().map(Ok)
            }
        })
    }
}

/// The same error once more.
pub(super) fn again(fields: &Fields) -> Error {
    Error::new(fields.kind, "").with(|error| *error = fields.clone())
}
