//! Sends requests: the only folder that knows sockets, time, the environment and chance.
//!
//! ```no_run
//! # async fn example() -> tramontane::Result<()> {
//! use tramontane::client::Client;
//! let client = Client::from_env()?;
//! let request = tramontane::chat::ChatRequest::new("mistral-small-2603").user("Which cheese goes with Savagnin?");
//!
//! let reply = client.chat().complete(&request).await?;
//! println!("{} ({:?})", reply.text(), reply.meta.http.request_id);
//!
//! let mut stream = client.chat().stream(&request).await?;
//! while let Some(event) = stream.next().await {
//!     print!("{}", event?.text());
//! }
//! # Ok(()) }
//! ```
//!
//! A call belongs to the tokio runtime in which it is awaited, and so does its connection: pools are kept per runtime and
//! shared by all clients of the process. A client may be used from several runtimes, one after the other or at once.

pub mod blocking;
mod budget;
mod builder;
pub mod clock;
mod download;
mod key;
mod keys;
mod limiter;
mod meter;
mod notice;
mod options;
mod patience;
mod payload;
mod proxy;
mod redact;
mod relay;
mod reqwest;
mod resources;
mod send;
mod stream;
mod telemetry;
mod tls;
pub mod transport;
mod upload;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};

pub use budget::{Budget, nanos};
pub use builder::ClientBuilder;
pub use download::Download;
pub use keys::{FetchedKey, Key, KeySource};
pub use limiter::{Limiter, LimiterOptions, OnLimit};
pub use options::{CallOptions, ClientOptions, MAX_RESPONSE_BYTES, Timeouts};
pub use proxy::Proxy;
pub use relay::Sent;
pub use resources::*;
pub use stream::EventStream;
pub use telemetry::{Telemetry, telemetry};
pub use upload::{Content, FileSource};

use crate::check::{Finding, Policy, Repair};
use crate::date::Date;
use crate::error::{Error, ErrorKind, Result};
use crate::json::{Dtype, Texts, Value};
use crate::operation::Operation;
use crate::policy::bill::{Asked, usage_of};
use crate::policy::claim::Claim;
use crate::policy::cost::{Cost, Usage};
use crate::wire::http::BaseUrl;
use crate::wire::prepared::DEFAULT_PROVIDER;
use crate::wire::{AuthPlan, Meta, Prepared};
use clock::Clock;
use transport::Transport;

/// A client. Cheap to clone; clones share their connections. Sends from within a tokio runtime that has its timers and its network enabled.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

pub(crate) struct Inner {
    options: ClientOptions,
    clock: Arc<dyn Clock>,
    transport: Arc<dyn Transport>,
    user_agent: HeaderValue,
    /// The client's policy, as of the day it was last asked for.
    policy: Mutex<Option<(Date, Arc<Policy>)>>,
}

/// A request that was checked and written: ready to be sent, from any thread. Holds no key.
#[derive(Debug)]
pub struct Call {
    provider: String,
    operation: String,
    auth: AuthPlan,
    request: transport::Request,
    resolution: Option<crate::catalogue::Resolution>,
    warnings: Vec<Finding>,
    repairs: Vec<Repair>,
    /// What the request wants the numbers of vectors to be.
    dtype: Option<Dtype>,
    timeouts: Timeouts,
    max_retries: u32,
    /// What says how severe a finding is that is made on the way.
    policy: Arc<Policy>,
    /// The caller's key for this call.
    key: Option<Key>,
    pricing: meter::Pricing,
    /// What it may use, where somebody limits that.
    claim: Option<Arc<Claim>>,
}

impl Call {
    /// Where it goes.
    pub fn url(&self) -> &str {
        self.request.url.as_str()
    }

    /// The body, as it goes on the wire; empty where it is read while it is sent.
    pub fn body(&self) -> &[u8] {
        self.request.body.as_bytes()
    }

    /// Findings that did not stop it.
    pub fn warnings(&self) -> &[Finding] {
        &self.warnings
    }
}

/// An answer.
#[derive(Debug)]
pub struct Reply {
    /// The answer's type, for example `ChatCompletion`.
    pub kind: &'static str,
    /// The answer, in the neutral form.
    pub data: Value<'static>,
    /// What stands around it.
    pub meta: ReplyMeta,
}

/// What stands around an answer that a client got.
#[derive(Clone, Debug, Default, serde::Serialize)]
pub struct ReplyMeta {
    /// Status, request id, rate limits.
    #[serde(flatten)]
    pub http: Meta,
    /// What the model's name means.
    pub resolution: Option<crate::catalogue::Resolution>,
    /// Findings that did not stop the request.
    pub warnings: Vec<Finding>,
    /// What repairs changed.
    pub repairs: Vec<Repair>,
    /// How often it was sent.
    pub attempts: u32,
    /// How long it took, waits and repetitions included; in seconds where it is data.
    #[serde(serialize_with = "seconds")]
    pub elapsed: Duration,
    /// What the request says of its price.
    #[serde(skip_serializing_if = "Asked::is_nothing")]
    pub asked: Asked,
    /// What prices it.
    #[serde(skip)]
    pricing: meter::Pricing,
    /// What came over the network, of a download all but its body; `None` for a stream.
    #[serde(skip)]
    pub raw: Option<Raw>,
}

impl Reply {
    /// What it cost: exactly, line by line; without an amount, but with a reason, where that cannot be said. Computed when
    /// it is asked for.
    pub fn cost(&self) -> Cost {
        self.meta.cost(&self.data)
    }

    /// What it used; `None` when the provider does not say.
    pub fn usage(&self) -> Option<Usage> {
        usage_of(&self.data)
    }
}

impl ReplyMeta {
    /// What the answer `data`, around which this stands, cost.
    pub fn cost(&self, data: &Value<'_>) -> Cost {
        self.pricing.bill(data, self.resolution.as_ref())
    }
}

/// What came over the network.
#[derive(Clone, Default)]
pub struct Raw {
    /// The HTTP status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, as it came but decompressed. One of more than a megabyte, or of embeddings, is not
    /// kept beside the answer made of it.
    pub body: Option<Bytes>,
}

/// The largest body that is kept beside its answer.
const MAX_RAW_BODY: usize = 1 << 20;

impl std::fmt::Debug for Raw {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let length = self.body.as_ref().map(Bytes::len);
        f.debug_struct("Raw").field("status", &self.status).field("length", &length).finish_non_exhaustive()
    }
}

fn seconds<S: serde::Serializer>(duration: &Duration, serializer: S) -> std::result::Result<S::Ok, S::Error> {
    serializer.serialize_f64(duration.as_secs_f64())
}

impl Client {
    /// A client with these options. Opens nothing; the key is read from the environment when the first call is sent.
    ///
    /// # Errors
    /// `configuration` when a setting cannot be used.
    pub fn new(mut options: ClientOptions) -> Result<Client> {
        if let Some(region) = options.region.take() {
            options.base_url = Some(regional(&options, &region)?);
        }
        let user_agent = user_agent(&options)?;
        let clock = options.clock.clone().unwrap_or_else(|| Arc::new(clock::SystemClock));
        let routes = reqwest::Routes {
            proxy: options.proxy.clone(),
            ca_file: options.ca_file.clone(),
            pool_size: options.pool_size,
            keep_alive: options.keep_alive,
        };
        let transport = options.transport.clone().unwrap_or_else(|| Arc::new(reqwest::Reqwest::new(routes)));
        if let Some(base_url) = &options.base_url {
            BaseUrl::new(base_url)?;
        }
        Ok(Client { inner: Arc::new(Inner { options, clock, transport, user_agent, policy: Mutex::new(None) }) })
    }

    /// A client for the default provider, with the key from its environment variable.
    ///
    /// # Errors
    /// As [`Client::new`].
    pub fn from_env() -> Result<Client> {
        Client::new(ClientOptions::default())
    }

    /// Sets a client up step by step.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// Checks a request and writes it, without sending: no runtime needed.
    ///
    /// # Errors
    /// `invalid_request` with the report.
    pub fn prepare(&self, mut request: Value<'_>, options: &CallOptions) -> Result<Call> {
        if let Some(file) = &options.file {
            upload::announce(file, &mut request)?;
        }
        self.written(request, self.inner.options.provider.as_deref(), options)
    }

    fn written(&self, request: Value<'_>, provider: Option<&str>, options: &CallOptions) -> Result<Call> {
        let inner = &*self.inner;
        let policy = match &options.policy {
            None => inner.policy(),
            Some(policy) => Arc::new(inner.complete(policy.clone(), clock::today(&*inner.clock))),
        };
        let raw_path = request.get("path").filter(|_| request.get("operation").and_then(Value::as_str) == Some("request"));
        let raw_path = raw_path.and_then(Value::as_str).map(str::to_owned);
        let prepared = crate::wire::prepare(request, provider, &policy)?;
        let is_limited = inner.options.budget.is_some() || inner.options.limiter.is_some();
        let (pricing, claim) = priced(&prepared, raw_path.as_deref(), &policy, is_limited);
        let mut headers = headers(&prepared.headers, &inner.user_agent)?;
        let body = payload::of(&prepared, options.file.as_ref(), &*inner.clock, &mut headers)?;
        let dtype = prepared.body.get("output_dtype").and_then(Value::as_str).and_then(Dtype::of);
        let url = transport::Url::parse(&prepared.url).map_err(|error| {
            Error::new(ErrorKind::Configuration, format!("the base URL cannot be used: {error}")).with_path("base_url")
        })?;
        let mut warnings = prepared.warnings;
        warnings.extend(notice::unencrypted(&url, &policy)?);
        let timeouts = options.timeouts(inner.options.timeouts);
        Ok(Call {
            claim,
            pricing,
            key: options.api_key.clone(),
            request: transport::Request {
                method: transport::Method::from_bytes(prepared.method.as_bytes()).unwrap_or(transport::Method::POST),
                url,
                headers,
                body,
                connect_timeout: timeouts.connect,
            },
            provider: prepared.provider,
            operation: prepared.operation,
            auth: prepared.auth,
            resolution: prepared.resolution,
            warnings,
            repairs: prepared.repairs,
            dtype,
            timeouts,
            max_retries: options.max_retries.or(inner.options.max_retries).unwrap_or(inner.options.retries.max_retries),
            policy,
        })
    }

    /// A client that has other options. It shares this one's connections, unless it changes how they are made (proxy,
    /// certificates, how many are kept and for how long).
    ///
    /// # Errors
    /// As [`Client::new`].
    pub fn with_options(&self, change: impl FnOnce(&mut ClientOptions)) -> Result<Client> {
        let inner = &*self.inner;
        // The pools are the process's: a transport made anew finds those of the same kind.
        let mut options = ClientOptions { clock: Some(Arc::clone(&inner.clock)), ..inner.options.clone() };
        change(&mut options);
        Client::new(options)
    }

    /// The base URL in the place of the provider's own, also where a region says it.
    pub fn base_url(&self) -> Option<&str> {
        self.inner.options.base_url.as_deref()
    }

    /// How requests are judged and built, where a call says nothing else.
    pub fn policy(&self) -> &Policy {
        &self.inner.options.policy
    }

    /// Asks for anything that no other method asks: [`RawRequest`](crate::raw::RawRequest). The answer is the JSON that came.
    ///
    /// # Errors
    /// Every kind that sending has.
    pub async fn request(&self, request: &crate::raw::RawRequest) -> Result<Answer<crate::raw::RawAnswer>> {
        self.ask("request", request, &CallOptions::default()).await
    }

    /// Sends a prepared call. Dropping the future gives the call up and closes its connection.
    ///
    /// # Errors
    /// Any kind of the table of errors.
    pub async fn execute(&self, call: Call) -> Result<Reply> {
        send::Run::start(&self.inner, call)?.execute().await
    }

    /// Sends a prepared call whose answer is a stream, and waits for its first events: until then it is repeated as any
    /// call is, after that never.
    ///
    /// # Errors
    /// Any kind of the table of errors.
    pub async fn open(&self, call: Call) -> Result<EventStream> {
        send::Run::start(&self.inner, call)?.open().await
    }

    /// Sends a prepared call whose answer is a file, and waits until it begins to come: until then it is repeated as any
    /// call is, after that never.
    ///
    /// # Errors
    /// Any kind of the table of errors.
    pub async fn download(&self, call: Call) -> Result<Download> {
        send::Run::start(&self.inner, call)?.download().await
    }
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client").field("options", &self.inner.options).finish_non_exhaustive()
    }
}

impl Inner {
    /// The client's policy, with today's date: made once a day.
    fn policy(&self) -> Arc<Policy> {
        let today = clock::today(&*self.clock);
        let mut cached = self.policy.lock().unwrap_or_else(PoisonError::into_inner);
        match &*cached {
            Some((day, policy)) if *day == today => Arc::clone(policy),
            _ => {
                let policy = Arc::new(self.complete(self.options.policy.clone(), today));
                *cached = Some((today, Arc::clone(&policy)));
                policy
            }
        }
    }

    fn complete(&self, mut policy: Policy, today: Date) -> Policy {
        policy.on.get_or_insert(today);
        policy.base_url = policy.base_url.or_else(|| self.options.base_url.clone());
        policy
    }

    /// The key that the caller gave for a call.
    fn key_of<'k>(&'k self, call: &'k Call) -> Option<&'k Key> {
        call.key.as_ref().or(self.options.api_key.as_ref())
    }

    async fn take_key(&self, call: &Call) -> Result<keys::Taken> {
        let own = self.options.provider.as_deref().unwrap_or(DEFAULT_PROVIDER);
        key::take(&call.auth, &call.provider, self.key_of(call), own, &*self.clock).await
    }
}

/// What prices the answer of a call, and, where somebody limits that, what the call may use. `path` is that of a request
/// which the caller has written himself.
fn priced(
    prepared: &Prepared<'_>,
    path: Option<&str>,
    policy: &Arc<Policy>,
    is_limited: bool,
) -> (meter::Pricing, Option<Arc<Claim>>) {
    let Prepared { operation, method, body, provider, .. } = prepared;
    let known = path.and_then(|path| Operation::at(method, path)).map_or(operation.as_str(), |known| known.name);
    let model = path.and_then(|_| body.get("model")?.as_str()).map(Arc::from);
    let pricing = meter::Pricing { policy: Some(Arc::clone(policy)), asked: Asked::of(known, body), model };
    let claim = is_limited.then(|| match path {
        Some(path) => Claim::of_raw(method, path, body, provider, policy),
        None => Claim::of(operation, body, provider, policy),
    });
    (pricing, claim.map(Arc::new))
}

/// The tokio runtime that drives a call.
fn runtime() -> Result<tokio::runtime::Handle> {
    tokio::runtime::Handle::try_current().map_err(|_| {
        Error::new(ErrorKind::Configuration, "requests are sent from within a tokio runtime; there is none here")
            .with_hint("use `tramontane::client::blocking::Client` outside of async code")
    })
}

/// The base URL of a region.
fn regional(options: &ClientOptions, region: &str) -> Result<String> {
    let refuse = |message: String| Error::new(ErrorKind::Configuration, message).with_path("region");
    if options.base_url.is_some() {
        return Err(refuse("`region` and `base_url` exclude each other".to_owned())
            .with_hint("a region is a base URL of the provider's own"));
    }
    let provider = options.provider.as_deref().unwrap_or(DEFAULT_PROVIDER);
    let regions = crate::catalogue::provider_row(provider).map_or(&[][..], |row| row.regional);
    match regions.iter().find(|(name, _)| *name == region) {
        Some((_, host)) => Ok((*host).to_owned()),
        None if regions.is_empty() => Err(refuse(format!("`{provider}` has no regional hosts"))),
        None => {
            let names: Vec<&str> = regions.iter().map(|(name, _)| *name).collect();
            let hint = format!("there are `{}`", names.join("` and `"));
            Err(refuse(format!("`{provider}` has no host in {}", crate::suggest::shown(region))).with_hint(hint))
        }
    }
}

/// Whom the client says it is: `tramontane/<version> (rust)`, and the caller's own words behind it.
fn user_agent(options: &ClientOptions) -> Result<HeaderValue> {
    let mut text = format!("tramontane/{} ({})", env!("CARGO_PKG_VERSION"), options.host.unwrap_or("rust"));
    if let Some(own) = options.user_agent.as_deref().map(str::trim).filter(|own| !own.is_empty()) {
        text = format!("{text} {own}");
    }
    let unusable = "the user agent has printable ASCII characters only";
    let printable = text.bytes().all(|b| (b' '..=b'~').contains(&b));
    let value = HeaderValue::from_str(&text).ok().filter(|_| printable);
    value.ok_or_else(|| Error::new(ErrorKind::Configuration, unusable).with_path("user_agent"))
}

fn headers(prepared: &Texts, user_agent: &HeaderValue) -> Result<HeaderMap> {
    let mut headers = HeaderMap::with_capacity(prepared.len() + 4);
    headers.insert(http::header::USER_AGENT, user_agent.clone());
    if prepared.get("accept").is_some_and(|accept| accept == "text/event-stream") {
        // Whoever compresses on the way likes to wait until it is worth it; events are wanted as they happen.
        headers.insert(http::header::ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    }
    for (name, value) in prepared {
        let refuse =
            || Error::new(ErrorKind::InvalidRequest, format!("the header `{name}` cannot be sent")).with_path("extra_headers");
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| refuse())?;
        headers.insert(name, HeaderValue::from_str(value).map_err(|_| refuse())?);
    }
    Ok(headers)
}
