//! One call: attempts, waits, limits, and the error or the answer at its end.

use std::future::Future;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, HeaderName, HeaderValue};
use tokio::time::{Instant, timeout_at};

use super::clock::unix_seconds;
use super::download::Download;
use super::meter::{Meter, Scope};
use super::redact::Redactor;
use super::stream::EventStream;
use super::transport::{Body, Payload, Response};
use super::{Call, Inner, Raw, Reply, ReplyMeta};
use crate::error::{Error, ErrorKind, Result};
use crate::operation::Operation;
use crate::policy::retry::{Decision, Failure, RetryPolicy, is_retryable};
use crate::secret::Secret;
use crate::wire::{Decoder, HttpResponse};

/// The most that is set aside for a body before it has come: a header may promise anything.
const MAX_RESERVED: u64 = 1 << 20;
/// The most of an error's body that is read.
const MAX_ERROR_BODY: u64 = 1 << 20;

/// A moment that must not pass, and what to say when it does.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limit {
    pub(super) at: Instant,
    name: &'static str,
    length: Duration,
}

impl Limit {
    pub(super) fn new(name: &'static str, from: Instant, length: Duration) -> Limit {
        // A length that no clock can hold means never.
        let at = from.checked_add(length).unwrap_or_else(|| from + Duration::from_secs(86_400 * 365 * 30));
        Limit { at, name, length }
    }

    /// The nearer one of two.
    pub(super) fn or(self, other: Option<Limit>) -> Limit {
        match other {
            Some(other) if other.at < self.at => other,
            _ => self,
        }
    }

    pub(super) fn error(&self) -> Error {
        let what = match self.name {
            "total" => "the call did not end",
            "first_event" => "the first byte of the answer did not come",
            "upload" => "no further byte of the request went out",
            _ => "no further byte of the answer came",
        };
        let name = if self.name == "upload" { "idle" } else { self.name };
        Error::new(ErrorKind::Timeout, format!("{what} within {} s", self.length.as_secs_f64()))
            .with_hint(format!("the `{name}` timeout passed: raise it, or ask for less"))
    }

    pub(super) async fn hold<T>(&self, future: impl Future<Output = T>) -> Result<T> {
        timeout_at(self.at, future).await.map_err(|_| self.error())
    }
}

/// A call on its way.
pub(super) struct Run<'c> {
    inner: &'c Inner,
    call: Call,
    /// The key in use, as a header, and which one of a pool it is.
    credential: Option<(HeaderName, HeaderValue)>,
    key: Option<Secret>,
    member: Option<usize>,
    /// How often another key of the pool was taken.
    turns: usize,
    meter: Option<Box<Meter>>,
    scope: Scope,
    /// Whether the client's own limit has refused the call.
    held_back: bool,
    retries: RetryPolicy,
    pub(super) started: Instant,
    pub(super) deadline: Option<Limit>,
    attempts: u32,
}

impl<'c> Run<'c> {
    pub(super) fn start(inner: &'c Inner, call: Call) -> Result<Run<'c>> {
        super::runtime()?;
        let meter = Meter::start(inner, &call)?.map(Box::new);
        let started = Instant::now();
        let deadline = call.timeouts.total.map(|total| Limit::new("total", started, total));
        let retries = RetryPolicy { max_retries: call.max_retries, ..inner.options.retries };
        let (credential, key, member, scope) = (None, None, None, Scope::default());
        let (turns, held_back, attempts) = (0, false, 0);
        Ok(Run { inner, call, credential, key, member, turns, meter, scope, held_back, retries, started, deadline, attempts })
    }

    /// The answer, whole.
    pub(super) async fn execute(mut self) -> Result<Reply> {
        self.authorise().await?;
        loop {
            let error = match self.whole().await {
                Ok(reply) => return Ok(reply),
                Err(error) => error,
            };
            self.repeat_or_fail(error).await?;
        }
    }

    /// A stream whose first events are there.
    pub(super) async fn open(mut self) -> Result<EventStream> {
        self.authorise().await?;
        loop {
            let error = match self.first_events().await {
                Ok(stream) => return Ok(stream),
                Err(error) => error,
            };
            self.repeat_or_fail(error).await?;
        }
    }

    /// A file that has begun to come.
    pub(super) async fn download(mut self) -> Result<Download> {
        self.authorise().await?;
        loop {
            let error = match self.first_bytes().await {
                Ok(download) => return Ok(download),
                Err(error) => error,
            };
            self.repeat_or_fail(error).await?;
        }
    }

    /// Takes the key for the next attempts.
    async fn authorise(&mut self) -> Result<()> {
        let inner = self.inner;
        let taking = inner.take_key(&self.call);
        let taken = match self.deadline {
            Some(deadline) => deadline.hold(taking).await??,
            None => taking.await?,
        };
        let call = &mut self.call;
        let credential = super::key::credential(&call.auth, &call.provider, &taken.key)?;
        let foreign = super::key::foreign(&call.provider, call.url(), &call.auth.scheme, &credential.1, &call.policy)?;
        let expiry = super::key::expiry(taken.expires_on, super::clock::today(&*inner.clock), &call.policy)?;
        for finding in foreign.into_iter().chain(expiry) {
            if !call.warnings.contains(&finding) {
                call.warnings.push(finding);
            }
        }
        if inner.options.limiter.is_some() {
            let model = call.resolution.as_ref().map(|resolution| resolution.sent_as.clone()).unwrap_or_default();
            self.scope = Scope { model, key: super::key::fingerprint(&call.provider, &credential.1) };
        }
        self.credential = Some(credential);
        self.key = Some(taken.key);
        self.member = taken.member;
        Ok(())
    }

    /// Goes on with another key of the pool, where the server refused this one. Each key has one attempt of its own.
    async fn next_key(&mut self, error: &Error) -> Result<bool> {
        let Some(key) = self.inner.key_of(&self.call) else { return Ok(false) };
        let rests = key.rest(self.member, error, &*self.inner.clock);
        self.turns += 1;
        if !rests || self.turns >= key.size() {
            return Ok(false);
        }
        self.authorise().await?;
        Ok(true)
    }

    /// Waits as long as the policy says, or gives the error back for good.
    async fn repeat_or_fail(&mut self, error: Error) -> Result<()> {
        if self.held_back {
            return Err(error.with(|error| error.provider = Some(self.call.provider.clone())));
        }
        if let Some(meter) = &mut self.meter {
            meter.failed();
        }
        if self.next_key(&error).await? {
            return Ok(());
        }
        let clock = &*self.inner.clock;
        let failure = Failure {
            attempt: self.attempts,
            retryable: is_retryable(&error) && self.call.request.body.is_there(),
            retry_after: error.retry_after,
            remaining: self.deadline.map(|deadline| deadline.at.saturating_duration_since(Instant::now())),
            chance: clock.chance(),
        };
        match self.retries.decide(&failure) {
            Decision::GiveUp(_) => Err(error.with(|error| {
                error.provider.get_or_insert_with(|| self.call.provider.clone());
                self.redactor().redact(error);
            })),
            Decision::Retry(wait) => {
                if !wait.is_zero() {
                    clock.sleep(wait).await;
                }
                Ok(())
            }
        }
    }

    async fn head(&mut self) -> Result<(Response, Limit)> {
        if let Some(meter) = &mut self.meter {
            let deadline = self.deadline;
            let remaining = || deadline.map(|deadline| deadline.at.saturating_duration_since(Instant::now()));
            let admitted = meter.admit(self.inner, &self.scope, remaining).await;
            self.held_back = admitted.is_err();
            admitted?;
        }
        self.attempts += 1;
        let mut request = self.call.request.clone();
        if let Some((name, value)) = &self.credential {
            request.headers.insert(name.clone(), value.clone());
        }
        let (response, first) = match request.body.clone() {
            Payload::Streamed(body) => body.watch(&self.call.timeouts, self.deadline, self.inner.transport.send(request)).await?,
            Payload::Bytes(_) => {
                let first = Limit::new("first_event", Instant::now(), self.call.timeouts.first_event).or(self.deadline);
                (first.hold(self.inner.transport.send(request)).await??, first)
            }
        };
        match response.status {
            300..400 => Err(redirect(&response)),
            _ => Ok((response, first)),
        }
    }

    async fn whole(&mut self) -> Result<Reply> {
        let (response, first) = self.head().await?;
        let body = self.collect(response.body, first, response.status).await?;
        let parsed = self.parse(response.status, &response.headers, &body)?;
        if let Some(mut meter) = self.meter.take() {
            meter.settle(&parsed.data, &parsed.meta.rate_limit);
        }
        let kind = self.answer_type();
        let mut meta = self.meta(parsed.meta, &response.headers);
        // Vectors are many bytes, and nobody looks at their text.
        let many = Operation::named(&self.call.operation).is_some_and(|operation| operation.vectors.is_some());
        let kept = (!many && body.len() <= super::MAX_RAW_BODY).then_some(body);
        meta.raw = Some(Raw { status: response.status, headers: response.headers, body: kept });
        Ok(Reply { kind, data: parsed.data, meta })
    }

    async fn first_events(&mut self) -> Result<EventStream> {
        let (response, first) = self.head().await?;
        if response.status != 200 || !is_event_stream(&response.headers) {
            let body = self.collect(response.body, first, response.status).await?;
            if !(200..300).contains(&response.status) {
                self.parse(response.status, &response.headers, &body)?;
            }
            return Err(not_a_stream(&response.headers, &body, response.status));
        }
        let decoder = Decoder::new(&self.call.provider, &self.call.operation)?;
        let http = crate::wire::meta(&self.call.provider, &self.reply(response.status, &response.headers, &[]));
        let mut stream = EventStream::new(response.body, decoder, self.meta(http, &response.headers), first, self);
        stream.first().await?;
        stream.meter = self.meter.take();
        Ok(stream)
    }

    async fn first_bytes(&mut self) -> Result<Download> {
        let (response, first) = self.head().await?;
        if !(200..300).contains(&response.status) {
            let body = self.collect(response.body, first, response.status).await?;
            let reply = self.reply(response.status, &response.headers, &body);
            return Err(crate::wire::error(&self.call.provider, &self.call.operation, &reply));
        }
        let http = crate::wire::meta(&self.call.provider, &self.reply(response.status, &response.headers, &[]));
        let mut meta = self.meta(http, &response.headers);
        meta.raw = Some(Raw { status: response.status, headers: response.headers, body: None });
        Ok(Download::new(response.body, meta, first, self))
    }

    fn parse(&mut self, status: u16, headers: &HeaderMap, body: &[u8]) -> Result<crate::wire::Parsed> {
        let reply = self.reply(status, headers, body);
        let parsed = crate::wire::parse_asked(&self.call.provider, &self.call.operation, self.call.dtype, &reply);
        if let (Err(_), Some(meter)) = (&parsed, &mut self.meter) {
            meter.refused(&crate::wire::meta(&self.call.provider, &reply).rate_limit);
        }
        parsed
    }

    /// An answer as the wire reads it; a header that is no text says nothing to us.
    fn reply<'r>(&self, status: u16, headers: &'r HeaderMap, body: &'r [u8]) -> HttpResponse<'r> {
        let headers = headers.iter().filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?))).collect();
        HttpResponse { status, headers, body, now: Some(unix_seconds(&*self.inner.clock)) }
    }

    /// The body, whole: never more of it than the caller allows, and of an error's no more than anybody reads.
    async fn collect(&self, mut body: Box<dyn Body>, first: Limit, status: u16) -> Result<Bytes> {
        let succeeded = (200..300).contains(&status);
        let most = if succeeded { self.most() } else { MAX_ERROR_BODY };
        let promised = body.remaining().unwrap_or(0);
        if succeeded && promised > most {
            return Err(too_large(most, status));
        }
        let expected = promised.min(MAX_RESERVED) as usize;
        let mut limit = first;
        let mut whole = Bytes::new();
        let mut rest = BytesMut::new();
        while let Some(chunk) = limit.hold(std::future::poll_fn(|cx| body.poll_chunk(cx))).await? {
            let chunk = match chunk {
                // What the status says is known, and that is more than that its text broke off.
                Err(_) if !succeeded => break,
                chunk => chunk?,
            };
            if succeeded && (whole.len().max(rest.len()) + chunk.len()) as u64 > most {
                return Err(too_large(most, status));
            }
            if whole.is_empty() {
                whole = chunk;
            } else {
                if rest.is_empty() {
                    rest.reserve(expected.max(whole.len() + chunk.len()));
                    rest.extend_from_slice(&whole);
                }
                rest.extend_from_slice(&chunk);
            }
            if !succeeded && whole.len().max(rest.len()) as u64 >= most {
                break;
            }
            limit = self.idle_limit();
        }
        Ok(if rest.is_empty() { whole } else { rest.freeze() })
    }

    /// The most bytes that an answer may have.
    pub(super) fn most(&self) -> u64 {
        self.inner.options.max_response_bytes.unwrap_or(super::MAX_RESPONSE_BYTES)
    }

    fn idle_limit(&self) -> Limit {
        Limit::new("idle", Instant::now(), self.call.timeouts.idle).or(self.deadline)
    }

    /// Takes the keys out of errors; a stream keeps it for its own.
    pub(super) fn redactor(&self) -> Redactor {
        Redactor::new(self.key.as_ref(), self.inner.key_of(&self.call))
    }

    /// The type of the answer.
    pub(super) fn answer_type(&self) -> &'static str {
        Operation::named(&self.call.operation).map_or("", |operation| operation.answer)
    }

    pub(super) fn idle(&self) -> Duration {
        self.call.timeouts.idle
    }

    fn meta(&mut self, http: crate::wire::Meta, headers: &HeaderMap) -> ReplyMeta {
        if !self.call.warnings.iter().any(|finding| finding.rule == "deprecated_model") {
            self.call.warnings.extend(super::notice::deprecation(headers, &self.call.policy));
        }
        ReplyMeta {
            http,
            // The call ends with its answer: what stands around it moves there.
            resolution: self.call.resolution.take(),
            warnings: std::mem::take(&mut self.call.warnings),
            repairs: std::mem::take(&mut self.call.repairs),
            attempts: self.attempts,
            asked: self.call.pricing.asked,
            pricing: self.call.pricing.clone(),
            elapsed: self.started.elapsed(),
            raw: None,
        }
    }
}

/// An answer that is larger than the caller wants to hold.
pub(super) fn too_large(most: u64, status: u16) -> Error {
    Error::new(ErrorKind::ResponseTooLarge, format!("the answer is larger than {most} bytes, the client's `max_response_bytes`"))
        .with(|error| error.status = Some(status))
}

fn is_event_stream(headers: &HeaderMap) -> bool {
    match headers.get(http::header::CONTENT_TYPE) {
        // Some gateways drop the header; the bytes will tell.
        None => true,
        Some(kind) => kind.as_bytes().get(..17).is_some_and(|kind| kind.eq_ignore_ascii_case(b"text/event-stream")),
    }
}

fn not_a_stream(headers: &HeaderMap, body: &[u8], status: u16) -> Error {
    let kind = headers.get(http::header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or("unknown");
    Error::new(ErrorKind::Decode, format!("the answer is `{kind}`, not a stream of events")).with(|error| {
        error.status = Some(status);
        error.body = Some(String::from_utf8_lossy(&body[..body.len().min(64 << 10)]).into_owned());
    })
}

/// A redirect that the transport did not follow.
fn redirect(response: &Response) -> Error {
    let to = response.headers.get(http::header::LOCATION).and_then(|to| reqwest::Url::parse(to.to_str().ok()?).ok());
    let to = to.map_or_else(|| "elsewhere".to_owned(), |url| format!("to `{}`", url.origin().ascii_serialization()));
    Error::new(ErrorKind::Decode, format!("the server redirects {to}, and the key does not go there"))
        .with_hint("set `base_url` to where the API really is, or look for a proxy that asks you to sign in")
        .with(|error| error.status = Some(response.status))
}
