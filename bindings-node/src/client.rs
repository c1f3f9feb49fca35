//! The client: takes a request as text and sends the answer's text back over the [`Bridge`].

use std::path::PathBuf;
use std::time::Duration;

use napi_derive::napi;
use tramontane::check::Policy;
use tramontane::client::{self, CallOptions, ClientOptions, FileSource, Key, Proxy, Reply, ReplyMeta};
use tramontane::json::{self, Object, Value};
use tramontane::policy::bill::{Tariff, bill};
use tramontane::{Error, ErrorKind, Result, ops};

use crate::bridge::{Answer, Bridge};
use crate::files::{self, FileInput, RowReader};
use crate::settings::{self, Budget, Limiter};
use crate::{failure, stream, vectors};

/// A client of one provider.
#[napi]
pub struct Client {
    inner: client::Client,
    policy: Policy,
}

#[napi]
impl Client {
    /// A client with these options, as JSON: those of the client itself, and those of its policy beside them.
    #[napi(constructor)]
    pub fn new(options: String, budget: Option<&Budget>, limiter: Option<&Limiter>) -> napi::Result<Client> {
        failure::caught(|| {
            let mut options = client_options(&options)?;
            options.budget = budget.map(|budget| budget.core.clone());
            options.limiter = limiter.map(|limiter| limiter.core.clone());
            client::Client::new(options).map(Client::around)
        })
        .map_err(|error| failure::thrown(&error))
    }

    /// A client that shares this one's connections, with these options in the place of its own.
    #[napi]
    pub fn with_options(&self, options: String, budget: Option<&Budget>, limiter: Option<&Limiter>) -> napi::Result<Client> {
        failure::caught(|| {
            let mut changed = Ok(());
            let inner = self.inner.with_options(|own| {
                changed = lay_over(own, &options);
                own.budget = budget.map(|budget| budget.core.clone()).or(own.budget.take());
                own.limiter = limiter.map(|limiter| limiter.core.clone()).or(own.limiter.take());
            });
            changed?;
            inner.map(Client::around)
        })
        .map_err(|error| failure::thrown(&error))
    }

    /// The base URL in the place of the provider's own, also where a region says it.
    #[napi]
    pub fn base_url(&self) -> Option<String> {
        self.inner.base_url().map(str::to_owned)
    }

    /// Sends a request; the answer comes over the bridge as message `id`.
    #[napi]
    pub fn complete(
        &self,
        bridge: &Bridge,
        id: u32,
        operation: String,
        request: String,
        options: Option<String>,
        file: Option<&FileInput>,
    ) {
        let (client, policy) = (self.inner.clone(), options.as_ref().map(|_| self.policy.clone()));
        let file = file.map(FileInput::source);
        bridge.run(id, None, move |sink| async move {
            let file = file.transpose()?.map(|file| file.bind(&sink)).transpose()?;
            let call = prepare(&client, &operation, request, options, policy, file)?;
            answer(client.execute(call).await?)
        });
    }

    /// What an answer cost: of what it says itself, of `resolution` and `asked` that stand around it, and of the options of
    /// its call, all as JSON.
    #[napi]
    pub fn cost(&self, answer: String, around: String, options: Option<String>) -> String {
        failure::guarded(|| match priced(&self.policy, &answer, &around, options) {
            Ok(cost) => format!("{{\"ok\":{cost}}}"),
            Err(error) => ops::refuse_json(&error),
        })
    }

    /// What reads the results of a batch: of requests to an endpoint, and of a job's model, which prices them.
    #[napi]
    pub fn rows(&self, endpoint: String, model: Option<String>) -> napi::Result<RowReader> {
        failure::caught(|| self.inner.rows(&endpoint, model)).map(RowReader::around).map_err(|error| failure::thrown(&error))
    }

    /// Sends a request whose answer is a stream; its events come over the bridge as messages `id`.
    #[napi]
    pub fn open(
        &self,
        bridge: &Bridge,
        id: u32,
        operation: String,
        request: String,
        options: Option<String>,
        file: Option<&FileInput>,
    ) {
        let (client, policy) = (self.inner.clone(), options.as_ref().map(|_| self.policy.clone()));
        let file = file.map(FileInput::source);
        let credit = stream::credit();
        bridge.run(id, Some(credit.clone()), move |sink| async move {
            let file = file.transpose()?.map(|file| file.bind(&sink)).transpose()?;
            let call = prepare(&client, &operation, request, options, policy, file)?;
            stream::pump(client.open(call).await?, &sink, &credit).await
        });
    }

    /// Asks for a file; its bytes come over the bridge as messages `id`.
    #[napi]
    pub fn download(&self, bridge: &Bridge, id: u32, operation: String, request: String, options: Option<String>) {
        let (client, policy) = (self.inner.clone(), options.as_ref().map(|_| self.policy.clone()));
        let credit = stream::credit();
        bridge.run(id, Some(credit.clone()), move |sink| async move {
            let call = prepare(&client, &operation, request, options, policy, None)?;
            files::pump(client.download(call).await?, &sink, &credit).await
        });
    }
}

impl Client {
    /// With the policy that options of a call and prices are laid over.
    fn around(inner: client::Client) -> Client {
        let mut policy = inner.policy().clone();
        policy.base_url = policy.base_url.or_else(|| inner.base_url().map(str::to_owned));
        Client { inner, policy }
    }
}

fn priced(policy: &Policy, answer: &str, around: &str, options: Option<String>) -> Result<String> {
    let own = options.map(|options| call_options(&options, policy.clone())).transpose()?.and_then(|options| options.policy);
    let around = json::parse(around.as_bytes())?;
    let named = |key: &str| around.get("resolution").and_then(|resolution| resolution.get(key)).and_then(Value::as_str);
    let asked = around.get("asked").map(json::from_value).transpose()?.unwrap_or_default();
    let tariff = Tariff { model: named("sent_as"), provider: named("provider"), batch: false, asked };
    failure::written(&bill(&json::parse(answer.as_bytes())?, tariff, own.as_ref().unwrap_or(policy)))
}

/// An answer as JavaScript takes it.
pub fn answer(reply: Reply) -> Result<Answer> {
    let meta = meta_text(&reply.meta)?;
    let (text, vectors) = vectors::text(reply.data);
    Ok(Answer { text, meta, vectors })
}

/// What stands around an answer, as text.
pub fn meta_text(meta: &ReplyMeta) -> Result<String> {
    let mut text = failure::written(meta)?;
    if let Some(raw) = &meta.raw {
        // Beside the rest: it is read when somebody asks for it.
        text.pop();
        text.push_str(",\"raw\":");
        text.push_str(&raw_text(raw));
        text.push('}');
    }
    Ok(text)
}

/// What came over the network, as JSON: status, headers, body.
fn raw_text(raw: &client::Raw) -> String {
    let mut headers = Object::with_capacity(raw.headers.len());
    for (name, value) in &raw.headers {
        let value = String::from_utf8_lossy(value.as_bytes());
        let value = match headers.get(name.as_str()).and_then(Value::as_str) {
            Some(before) => format!("{before}, {value}"),
            None => value.into_owned(),
        };
        headers.set(name.as_str().to_owned(), value);
    }
    let body = raw.body.as_ref().map(|body| String::from_utf8_lossy(body).into_owned());
    let whole = [("status", Value::from(u64::from(raw.status))), ("headers", headers.into()), ("body", body.into())];
    failure::text(&Object::from_iter(whole).into())
}

/// What stands in the place of an operation when the request was built elsewhere, and says its own.
const BUILT: &str = "built";

/// Takes the text by value: it is dropped before the answer is waited for.
fn prepare(
    client: &client::Client,
    operation: &str,
    request: String,
    options: Option<String>,
    policy: Option<Policy>,
    file: Option<FileSource>,
) -> Result<client::Call> {
    let mut options = match (options, policy) {
        (Some(options), Some(policy)) => call_options(&options, policy)?,
        _ => CallOptions::default(),
    };
    options.file = file;
    let mut request = json::parse(request.as_bytes())?;
    if operation == BUILT {
        return client.relay(request, &options);
    }
    if let Value::Object(fields) = &mut request {
        match fields.get("operation").map(|named| named.as_str() == Some(operation)) {
            None => fields.set("operation", operation),
            Some(true) => {}
            Some(false) => {
                let message = format!("this method sends the operation `{operation}`; the request names another");
                return Err(Error::new(ErrorKind::InvalidRequest, message).with_path("operation"));
            }
        }
    }
    // Which fields there are depends on the operation.
    ops::accept_camel_case(&mut request);
    client.prepare(request, &options)
}

/// The options of a client that are none of its policy's.
const OPTIONS: [&str; 15] = [
    "provider",
    "api_key",
    "base_url",
    "max_retries",
    "timeout",
    "connect_timeout",
    "first_event_timeout",
    "idle_timeout",
    "region",
    "proxy",
    "ca_file",
    "user_agent",
    "pool_size",
    "keep_alive",
    "max_response_bytes",
];

fn client_options(text: &str) -> Result<ClientOptions> {
    let mut options = ClientOptions::default();
    options.host = Some("node");
    lay_over(&mut options, text)?;
    Ok(options)
}

/// Lays what the text says over a client's options.
fn lay_over(options: &mut ClientOptions, text: &str) -> Result<()> {
    let mut fields = object(text)?;
    options.provider = string(&mut fields, "provider")?.or(options.provider.take());
    options.api_key = given_key(&mut fields)?.or(options.api_key.take());
    let region = string(&mut fields, "region")?;
    let base_url = string(&mut fields, "base_url")?;
    if region.is_some() || base_url.is_some() {
        // Either takes the place of the other that was there before.
        (options.region, options.base_url) = (region, base_url);
    }
    options.max_retries = number(&mut fields, "max_retries")?.or(options.max_retries);
    let timeouts = &mut options.timeouts;
    for (name, field) in [
        ("connect_timeout", &mut timeouts.connect),
        ("first_event_timeout", &mut timeouts.first_event),
        ("idle_timeout", &mut timeouts.idle),
    ] {
        if let Some(wait) = milliseconds(&mut fields, name)? {
            *field = wait;
        }
    }
    if let Some(total) = milliseconds(&mut fields, "timeout")? {
        timeouts.total = Some(total);
    }
    network(&mut fields, options)?;
    options.policy = laid_over(std::mem::take(&mut options.policy), fields, &OPTIONS)?;
    Ok(())
}

/// What a client says about its way to the server.
fn network(fields: &mut Object<'_>, options: &mut ClientOptions) -> Result<()> {
    options.user_agent = string(fields, "user_agent")?.or(options.user_agent.take());
    options.proxy = string(fields, "proxy")?.map(Proxy::new).transpose()?.or(options.proxy.take());
    options.ca_file = string(fields, "ca_file")?.map(PathBuf::from).or(options.ca_file.take());
    options.pool_size = number::<usize>(fields, "pool_size")?.or(options.pool_size);
    options.keep_alive = number(fields, "keep_alive")?.map(Duration::from_millis).or(options.keep_alive);
    options.max_response_bytes = number(fields, "max_response_bytes")?.or(options.max_response_bytes);
    Ok(())
}

fn call_options(text: &str, base: Policy) -> Result<CallOptions> {
    let mut fields = object(text)?;
    let mut options = CallOptions::default();
    options.api_key = given_key(&mut fields)?;
    options.timeout = milliseconds(&mut fields, "timeout")?;
    options.connect_timeout = milliseconds(&mut fields, "connect_timeout")?;
    options.first_event_timeout = milliseconds(&mut fields, "first_event_timeout")?;
    options.idle_timeout = milliseconds(&mut fields, "idle_timeout")?;
    options.max_retries = number(&mut fields, "max_retries")?;
    if !fields.is_empty() {
        options.policy =
            Some(laid_over(base, fields, &["timeout", "connect_timeout", "first_event_timeout", "idle_timeout", "max_retries"])?);
    }
    Ok(options)
}

fn given_key(fields: &mut Object<'_>) -> Result<Option<Key>> {
    fields.remove("api_key").filter(|given| !given.is_null()).map(settings::key).transpose()
}

/// The client's policy with a call's own fields over it; headers and query parameters add up.
fn laid_over(mut policy: Policy, fields: Object<'_>, others: &[&'static str]) -> Result<Policy> {
    let over = Policy::read(&Value::Object(fields.clone()), "", others)?;
    for (name, _) in fields.iter() {
        match name {
            "checks" => policy.checks = over.checks,
            "strict" => policy.strict = over.strict,
            "pin" => policy.pin = over.pin,
            "repair" => policy.repair = over.repair.clone(),
            "on" => policy.on = over.on,
            "extra_body" => policy.extra_body = over.extra_body.clone(),
            "base_url" => policy.base_url = over.base_url.clone(),
            "overlay" => policy.overlay = over.overlay.clone(),
            _ => {}
        }
    }
    policy.severities.extend(over.severities);
    policy.extra_headers.extend(over.extra_headers);
    policy.extra_query.extend(over.extra_query);
    policy.validate()?;
    Ok(policy)
}

pub(crate) fn object(text: &str) -> Result<Object<'_>> {
    match json::parse(text.as_bytes())? {
        Value::Object(object) => Ok(object),
        other => Err(Error::new(ErrorKind::Configuration, format!("options must be an object, not {}", other.kind()))),
    }
}

pub(crate) fn string(fields: &mut Object<'_>, name: &str) -> Result<Option<String>> {
    match fields.remove(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.into_owned())),
        Some(other) => Err(wrong(name, "a string", &other)),
    }
}

pub(crate) fn number<T: TryFrom<u64>>(fields: &mut Object<'_>, name: &str) -> Result<Option<T>> {
    match fields.remove(name) {
        None | Some(Value::Null) => Ok(None),
        Some(other) => match other.as_u64().and_then(|number| T::try_from(number).ok()) {
            Some(number) => Ok(Some(number)),
            None => Err(wrong(name, "a whole number of 0 or more", &other)),
        },
    }
}

fn milliseconds(fields: &mut Object<'_>, name: &str) -> Result<Option<Duration>> {
    match fields.remove(name) {
        None | Some(Value::Null) => Ok(None),
        Some(other) => match other.as_f64().and_then(|wait| Duration::try_from_secs_f64(wait / 1000.0).ok()) {
            Some(wait) if !wait.is_zero() => Ok(Some(wait)),
            _ => Err(wrong(name, "a number of milliseconds above 0", &other)),
        },
    }
}

/// Shows what the value is, never the value: it may be a key in the wrong place.
pub(crate) fn wrong(name: &str, wanted: &str, value: &Value<'_>) -> Error {
    Error::new(ErrorKind::Configuration, format!("`{name}` must be {wanted}, not {}", value.kind())).with_path(name)
}
