//! The client: requests go in as Python objects, answers come back as data and what stands around them.

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBytes, PyDict};
use tramontane::Error;
use tramontane::check::Policy;
use tramontane::client::{Call, CallOptions, Client as Core, ClientOptions, EventStream, Key, Reply, ReplyMeta};
use tramontane::json::{self, Object, Value};

use crate::build_py::to_python;
use crate::error::{guard, to_python_error};
use crate::files::{self, RowReader, download_to_python};
use crate::options::{call_timeouts, given, network, retries, text, timeouts};
use crate::per_process::PerProcess;
use crate::runtime::{self, Bridge, Job};
use crate::settings::{Budget, Limiter, key};
use crate::stream::Stream;
use crate::walk::{Keep, document, value};

/// A client of the core, with what is needed to make it anew in a forked process.
#[pyclass(frozen, module = "tramontane._native")]
pub struct Client {
    options: ClientOptions,
    /// The policy as data, so that a call can change single fields of it.
    policy: Value<'static>,
    limiter: Option<Py<Limiter>>,
    core: PerProcess<Core>,
    /// The process that made it.
    pid: u32,
}

#[pymethods]
impl Client {
    /// `options`: `provider, api_key, base_url, max_retries, timeouts {connect, first_event, idle, total}, policy {…}`,
    /// and the way to the server: `region, proxy, ca_file, user_agent, pool_size, keep_alive, max_response_bytes`.
    #[new]
    fn new(py: Python<'_>, options: &Bound<'_, PyDict>) -> PyResult<Client> {
        guard(py, || {
            let mut wanted = ClientOptions::default();
            wanted.host = Some("python");
            let limiter = given(options, "limiter")?.map(|limiter| limiter.cast_into::<Limiter>()).transpose()?;
            let limiter = limiter.map(Bound::unbind);
            let (options, policy) = laid_over(py, wanted, &Value::Object(Object::new()), options)?;
            let client = Client { options, policy, limiter, core: PerProcess::new(), pid: std::process::id() };
            client.core().map_err(|error| to_python_error(py, &error))?;
            Ok(client)
        })
    }

    /// A client that shares this one's connections, with these options in the place of its own.
    fn with_options(&self, py: Python<'_>, options: &Bound<'_, PyDict>) -> PyResult<Client> {
        guard(py, || {
            let limiter = given(options, "limiter")?.map(|limiter| limiter.cast_into::<Limiter>()).transpose()?;
            let limiter = limiter.map(Bound::unbind).or_else(|| self.limiter.as_ref().map(|limiter| limiter.clone_ref(py)));
            let (options, policy) = laid_over(py, self.options.clone(), &self.policy, options)?;
            let client = Client { options, policy, limiter, core: PerProcess::new(), pid: std::process::id() };
            client.core().map_err(|error| to_python_error(py, &error))?;
            Ok(client)
        })
    }

    /// The base URL in the place of the provider's own, also where a region says it.
    #[getter]
    fn base_url(&self, py: Python<'_>) -> PyResult<Option<&str>> {
        Ok(self.core().map_err(|error| to_python_error(py, &error))?.base_url())
    }

    /// Sends a request and waits, with the interpreter let go: `(type, data, meta)`.
    #[pyo3(signature = (request, options=None))]
    fn execute(&self, py: Python<'_>, request: &Bound<'_, PyAny>, options: Option<&Bound<'_, PyDict>>) -> PyResult<Py<PyAny>> {
        guard(py, || {
            let (core, call) = self.prepare(py, request, options)?;
            let reply = runtime::drive(py, async move { core.execute(call).await })?;
            reply_to_python(py, reply)
        })
    }

    /// Opens a stream and waits until the server has answered.
    #[pyo3(signature = (request, options=None))]
    fn open(&self, py: Python<'_>, request: &Bound<'_, PyAny>, options: Option<&Bound<'_, PyDict>>) -> PyResult<Py<PyAny>> {
        guard(py, || {
            let (core, call) = self.prepare(py, request, options)?;
            let stream = runtime::wait(py, async move { core.open(call).await })?;
            stream_to_python(py, stream)
        })
    }

    /// What reads the results of a batch: of requests to an endpoint, and of a job's model, which prices them.
    #[pyo3(signature = (endpoint, model=None))]
    fn rows(&self, py: Python<'_>, endpoint: &str, model: Option<String>) -> PyResult<RowReader> {
        guard(py, || {
            let reader = self.core().and_then(|core| core.rows(endpoint, model));
            reader.map(RowReader::around).map_err(|error| to_python_error(py, &error))
        })
    }

    /// Asks for a file and waits until it begins to come.
    #[pyo3(signature = (request, options=None))]
    fn download(&self, py: Python<'_>, request: &Bound<'_, PyAny>, options: Option<&Bound<'_, PyDict>>) -> PyResult<Py<PyAny>> {
        guard(py, || {
            let (core, call) = self.prepare(py, request, options)?;
            let download = runtime::wait(py, async move { core.download(call).await })?;
            download_to_python(py, download)
        })
    }

    /// [`Client::download`] for a future of an event loop.
    #[pyo3(signature = (bridge, future, request, options=None))]
    fn start_download(
        &self,
        bridge: &Bound<'_, Bridge>,
        future: Bound<'_, PyAny>,
        request: &Bound<'_, PyAny>,
        options: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Job> {
        guard(bridge.py(), || {
            let (core, call) = self.prepare(bridge.py(), request, options)?;
            Bridge::start(bridge, future, async move { core.download(call).await }, download_to_python)
        })
    }

    /// [`Client::execute`] for a future of an event loop.
    #[pyo3(signature = (bridge, future, request, options=None))]
    fn start_execute(
        &self,
        bridge: &Bound<'_, Bridge>,
        future: Bound<'_, PyAny>,
        request: &Bound<'_, PyAny>,
        options: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Job> {
        guard(bridge.py(), || {
            let (core, call) = self.prepare(bridge.py(), request, options)?;
            Bridge::start(bridge, future, async move { core.execute(call).await }, reply_to_python)
        })
    }

    /// [`Client::open`] for a future of an event loop.
    #[pyo3(signature = (bridge, future, request, options=None))]
    fn start_open(
        &self,
        bridge: &Bound<'_, Bridge>,
        future: Bound<'_, PyAny>,
        request: &Bound<'_, PyAny>,
        options: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Job> {
        guard(bridge.py(), || {
            let (core, call) = self.prepare(bridge.py(), request, options)?;
            Bridge::start(bridge, future, async move { core.open(call).await }, stream_to_python)
        })
    }
}

impl Client {
    /// This process's client: a forked child opens its own connections.
    fn core(&self) -> Result<&Core, Error> {
        self.core.get_or_try_init(|| {
            let mut options = self.options.clone();
            options.limiter = self.limiter.as_ref().map(|limiter| limiter.get().core()).transpose()?;
            if self.pid != std::process::id() {
                options.api_key = options.api_key.as_ref().map(Key::anew);
            }
            Core::new(options)
        })
    }

    fn prepare(&self, py: Python<'_>, request: &Bound<'_, PyAny>, options: Option<&Bound<'_, PyDict>>) -> PyResult<(Core, Call)> {
        // A request that was built elsewhere.
        let built = match options {
            Some(options) => given(options, "built")?.is_some(),
            None => false,
        };
        let options = match options {
            Some(options) => self.call_options(py, options)?,
            None => CallOptions::default(),
        };
        let core = self.core().map_err(|error| to_python_error(py, &error))?;
        let keep = Keep::default();
        let request = document(&keep, request)?;
        let call = if built { core.relay(request, &options) } else { core.prepare(request, &options) };
        let call = call.map_err(|error| to_python_error(py, &error))?;
        Ok((core.clone(), call))
    }

    fn call_options(&self, py: Python<'_>, options: &Bound<'_, PyDict>) -> PyResult<CallOptions> {
        let mut wanted = CallOptions::default();
        wanted.api_key = given(options, "api_key")?.map(|given| key(&given)).transpose()?;
        wanted.max_retries = retries(options)?;
        wanted.file = given(options, "file")?.map(|file| files::source(py, &file)).transpose()?;
        if let Some(given) = given(options, "timeout")? {
            call_timeouts(&mut wanted, &given)?;
        }
        if let Some(changes) = given(options, "policy")? {
            let mut policy = self.policy.clone();
            change(&mut policy, value(&Keep::default(), &changes).into_owned());
            wanted.policy = Some(policy_of(py, &policy)?);
        }
        Ok(wanted)
    }
}

/// A client's options and policy with changes over them.
fn laid_over(
    py: Python<'_>,
    mut wanted: ClientOptions,
    policy: &Value<'static>,
    options: &Bound<'_, PyDict>,
) -> PyResult<(ClientOptions, Value<'static>)> {
    wanted.provider = text(options, "provider")?.or(wanted.provider);
    if let Some(given) = given(options, "api_key")? {
        wanted.api_key = Some(key(&given)?);
    }
    if let Some(budget) = given(options, "budget")? {
        wanted.budget = Some(budget.cast::<Budget>()?.get().core.clone());
    }
    wanted.max_retries = retries(options)?.or(wanted.max_retries);
    network(options, &mut wanted)?;
    if let Some(given) = given(options, "timeouts")? {
        wanted.timeouts = timeouts(wanted.timeouts, given.cast::<PyDict>()?)?;
    }
    let mut policy = policy.clone();
    if let Some(changes) = given(options, "policy")? {
        change(&mut policy, value(&Keep::default(), &changes).into_owned());
    }
    wanted.policy = policy_of(py, &policy)?;
    Ok((wanted, policy))
}

/// Lays single fields over a policy.
fn change(policy: &mut Value<'static>, changes: Value<'static>) {
    if let (Some(policy), Value::Object(changes)) = (policy.as_object_mut(), changes) {
        for (name, change) in changes {
            policy.set(name, change);
        }
    }
}

fn policy_of(py: Python<'_>, policy: &Value<'_>) -> PyResult<Policy> {
    Policy::read(policy, "", &[])
        .and_then(|policy| policy.validate().map(|()| policy))
        .map_err(|error| to_python_error(py, &error))
}

/// `(type, data, meta)` of an answer.
pub fn reply_to_python(py: Python<'_>, reply: Result<Reply, Error>) -> PyResult<Py<PyAny>> {
    let reply = reply.map_err(|error| to_python_error(py, &error))?;
    let data = to_python(py, &reply.data)?;
    Ok((reply.kind, data, Meta::new(reply.meta)).into_pyobject(py)?.into_any().unbind())
}

fn stream_to_python(py: Python<'_>, stream: Result<EventStream, Error>) -> PyResult<Py<PyAny>> {
    let stream = stream.map_err(|error| to_python_error(py, &error))?;
    Ok(Py::new(py, Stream::new(stream))?.into_any())
}

/// What stands around an answer; becomes Python objects only where somebody looks.
#[pyclass(frozen, module = "tramontane._native")]
pub struct Meta {
    meta: ReplyMeta,
    /// All of it as a dict, made when somebody looks.
    dict: PyOnceLock<Py<PyAny>>,
}

impl Meta {
    pub fn new(meta: ReplyMeta) -> Meta {
        Meta { meta, dict: PyOnceLock::new() }
    }
}

#[pymethods]
impl Meta {
    /// Whether any finding travels with the answer.
    #[getter]
    fn has_warnings(&self) -> bool {
        !self.meta.warnings.is_empty()
    }

    #[getter]
    fn request_id(&self) -> Option<&str> {
        self.meta.http.request_id.as_deref()
    }

    #[getter]
    fn status(&self) -> u16 {
        self.meta.http.status
    }

    #[getter]
    fn attempts(&self) -> u32 {
        self.meta.attempts
    }

    /// `(status, headers, body)` as they came; `None` for a stream.
    fn raw<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let Some(raw) = &self.meta.raw else { return Ok(None) };
        let headers = PyDict::new(py);
        for (name, value) in &raw.headers {
            let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
            match headers.get_item(name.as_str())? {
                Some(before) => headers.set_item(name.as_str(), format!("{before}, {value}"))?,
                None => headers.set_item(name.as_str(), value)?,
            }
        }
        let body = raw.body.as_ref().map(|body| PyBytes::new(py, body));
        Ok(Some((raw.status, headers, body).into_pyobject(py)?.into_any()))
    }

    /// All of it as a dict.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        guard(py, || {
            let made = self.dict.get_or_try_init(py, || {
                let data = json::to_value(&self.meta).map_err(|error| to_python_error(py, &error))?;
                to_python(py, &data).map(Bound::unbind)
            })?;
            Ok(made.bind(py).clone())
        })
    }

    /// What an answer cost, around which this stands: its `model` (in a conversation its entries') and its `usage` are looked at.
    fn cost<'py>(&self, py: Python<'py>, answer: &Bound<'py, PyDict>) -> PyResult<Bound<'py, PyAny>> {
        guard(py, || {
            let keep = Keep::default();
            let mut said = Object::new();
            for name in ["model", "usage", "usage_info", "outputs"] {
                if let Some(part) = answer.get_item(name)? {
                    said.push(name, value(&keep, &part).into_owned());
                }
            }
            let cost = self.meta.cost(&Value::Object(said));
            let data = json::to_value(&cost).map_err(|error| to_python_error(py, &error))?;
            to_python(py, &data)
        })
    }
}
