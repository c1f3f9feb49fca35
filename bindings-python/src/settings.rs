//! Settings that are more than a word: keys, budgets and limiters.

use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString};
use tramontane::client::{Budget as CoreBudget, Key, Limiter as CoreLimiter, LimiterOptions, OnLimit, nanos};
use tramontane::policy::budget::Ceiling;
use tramontane::policy::limit::Limits;
use tramontane::secret::Secret;
use tramontane::{Error, ErrorKind};

use crate::error::{guard, to_python_error};
use crate::per_process::PerProcess;

/// What calls may spend together: of one client, or of all that are given it.
#[pyclass(frozen, module = "tramontane")]
pub struct Budget {
    pub(crate) core: CoreBudget,
}

#[pymethods]
impl Budget {
    #[new]
    #[pyo3(signature = (*, usd=None, tokens=None, allow_unknown=false))]
    fn new(
        py: Python<'_>,
        usd: Option<&Bound<'_, PyAny>>,
        tokens: Option<&Bound<'_, PyAny>>,
        allow_unknown: bool,
    ) -> PyResult<Budget> {
        guard(py, || {
            let nanos = match usd {
                None => None,
                Some(usd) => {
                    let usd: f64 =
                        usd.extract().map_err(|_| PyValueError::new_err("`usd` must be an amount of dollars from 0 up"))?;
                    Some(nanos(usd).map_err(|error| to_python_error(py, &error))?)
                }
            };
            let tokens = whole(tokens, "tokens")?;
            if nanos.is_none() && tokens.is_none() {
                return Err(PyValueError::new_err("a budget needs `usd`, `tokens` or both"));
            }
            Ok(Budget { core: CoreBudget::new(Ceiling { nanos, tokens, allow_unknown }) })
        })
    }

    /// Nano-dollars (10⁻⁹ USD) that were spent; 0 where the budget has no limit in dollars.
    #[getter]
    fn spent_nanos(&self) -> u64 {
        self.core.spent().nanos
    }

    /// Tokens that were spent; 0 where the budget has no limit in tokens.
    #[getter]
    fn spent_tokens(&self) -> u64 {
        self.core.spent().tokens
    }

    /// Nano-dollars that are set aside for calls under way.
    #[getter]
    fn reserved_nanos(&self) -> u64 {
        self.core.reserved().nanos
    }

    /// Tokens that are set aside for calls under way.
    #[getter]
    fn reserved_tokens(&self) -> u64 {
        self.core.reserved().tokens
    }

    fn __repr__(&self) -> String {
        let ceiling = self.core.ceiling();
        let spent = self.core.spent();
        let mut parts = Vec::new();
        if let Some(nanos) = ceiling.nanos {
            parts.push(format!("usd={}, spent_nanos={}", nanos as f64 / 1e9, spent.nanos));
        }
        if let Some(tokens) = ceiling.tokens {
            parts.push(format!("tokens={tokens}, spent_tokens={}", spent.tokens));
        }
        format!("Budget({})", parts.join(", "))
    }
}

/// Holds calls back before the server has to: those of one client, or of all that are given it.
#[pyclass(frozen, module = "tramontane")]
pub struct Limiter {
    options: LimiterOptions,
    core: PerProcess<CoreLimiter>,
}

#[pymethods]
impl Limiter {
    #[new]
    #[pyo3(signature = (
        url=None, *, requests_per_second=None, requests_per_minute=None, tokens_per_minute=None, tokens_per_month=None,
        learn=true, on_limit="wait", share=0.1, name=None,
    ))]
    #[expect(clippy::too_many_arguments, reason = "they are Python's keywords")]
    fn new(
        py: Python<'_>,
        url: Option<String>,
        requests_per_second: Option<&Bound<'_, PyAny>>,
        requests_per_minute: Option<&Bound<'_, PyAny>>,
        tokens_per_minute: Option<&Bound<'_, PyAny>>,
        tokens_per_month: Option<&Bound<'_, PyAny>>,
        learn: bool,
        on_limit: &str,
        share: f64,
        name: Option<String>,
    ) -> PyResult<Limiter> {
        guard(py, || {
            let mut options = LimiterOptions::default();
            options.limits = Limits {
                requests_per_second: whole(requests_per_second, "requests_per_second")?,
                requests_per_minute: whole(requests_per_minute, "requests_per_minute")?,
                tokens_per_minute: whole(tokens_per_minute, "tokens_per_minute")?,
                tokens_per_month: whole(tokens_per_month, "tokens_per_month")?,
            };
            options.on_limit = match on_limit {
                "wait" => OnLimit::Wait,
                "fail" => OnLimit::Fail,
                _ => return Err(PyValueError::new_err("`on_limit` is \"wait\" or \"fail\"")),
            };
            (options.learn, options.url, options.share, options.name) = (learn, url, share, name);
            let limiter = Limiter { options, core: PerProcess::new() };
            limiter.core().map_err(|error| to_python_error(py, &error))?;
            Ok(limiter)
        })
    }

    fn __repr__(&self) -> String {
        let limits = self.options.limits.rules();
        let place = if self.options.url.is_some() { ", in Redis" } else { "" };
        format!("Limiter({} limits set{place})", limits.len())
    }
}

impl Limiter {
    /// This process's limiter: a forked child counts for itself, or makes its own connection to Redis.
    pub(crate) fn core(&self) -> Result<CoreLimiter, Error> {
        self.core.get_or_try_init(|| CoreLimiter::new(self.options.clone())).cloned()
    }
}

fn whole(given: Option<&Bound<'_, PyAny>>, name: &str) -> PyResult<Option<u64>> {
    let wrong = || PyValueError::new_err(format!("`{name}` must be a whole number from 0 up"));
    given.map(|given| given.extract().map_err(|_| wrong())).transpose()
}

/// A key: text, or `{key | environment | file | pool, expires_on}`. Errors name the type of what is wrong, never its value.
pub(crate) fn key(given: &Bound<'_, PyAny>) -> PyResult<Key> {
    let py = given.py();
    let refuse = |error: Error| to_python_error(py, &error);
    if let Ok(text) = given.cast::<PyString>() {
        let text = match text.to_str() {
            Ok(text) => text.to_owned(),
            Err(_) => return Err(refuse(Error::new(ErrorKind::Configuration, "`api_key` holds a lone surrogate"))),
        };
        return Ok(Key::from(Secret::new(text).map_err(refuse)?));
    }
    let wrong = || PyTypeError::new_err(format!("`api_key` must be a str, not {}", type_name(given)));
    let source = given.cast::<PyDict>().map_err(|_| wrong())?;
    let text = |name: &str| -> PyResult<Option<String>> {
        source.get_item(name)?.map(|value| value.extract::<String>().map_err(|_| wrong())).transpose()
    };
    let mut key = if let Some(inner) = source.get_item("key")? {
        key(&inner)?
    } else if let Some(variable) = text("environment")? {
        Key::environment(variable)
    } else if let Some(path) = text("file")? {
        Key::file(path)
    } else if let Some(pool) = source.get_item("pool")? {
        let keys: Vec<Key> = pool.cast::<PyList>().map_err(|_| wrong())?.iter().map(|one| key(&one)).collect::<PyResult<_>>()?;
        Key::pool(keys).map_err(refuse)?
    } else {
        return Err(wrong());
    };
    if let Some(day) = text("expires_on")? {
        let day = day.parse().map_err(|error: Error| refuse(error.with_path("expires_on")))?;
        key = key.expires_on(day);
    }
    Ok(key)
}

fn type_name(given: &Bound<'_, PyAny>) -> String {
    given.get_type().name().map(|name| name.to_string()).unwrap_or_default()
}
