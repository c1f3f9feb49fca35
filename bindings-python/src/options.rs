//! The options of a client and of a call, out of dicts. An error names the option, and never its value: it may be a key.

use std::path::PathBuf;
use std::time::Duration;

use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyMapping};
use tramontane::client::{CallOptions, ClientOptions, Proxy, Timeouts};
use tramontane::{Error, ErrorKind};

use crate::error::to_python_error;

/// An option that was given and is not `None`.
pub fn given<'py>(options: &Bound<'py, PyDict>, name: &str) -> PyResult<Option<Bound<'py, PyAny>>> {
    Ok(options.get_item(name)?.filter(|given| !given.is_none()))
}

/// A string option.
pub fn text(options: &Bound<'_, PyDict>, name: &str) -> PyResult<Option<String>> {
    let Some(given) = given(options, name)? else { return Ok(None) };
    match given.extract::<String>() {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.is_instance_of::<pyo3::exceptions::PyUnicodeEncodeError>(options.py()) => {
            Err(to_python_error(options.py(), &Error::new(ErrorKind::Configuration, format!("`{name}` holds a lone surrogate"))))
        }
        Err(_) => Err(PyTypeError::new_err(format!("`{name}` must be a str, not {}", given.get_type().name()?))),
    }
}

/// The number of retries.
pub fn retries(options: &Bound<'_, PyDict>) -> PyResult<Option<u32>> {
    whole(options, "max_retries", "a whole number from 0 up")
}

fn whole<'py, T: for<'a> FromPyObject<'a, 'py>>(options: &Bound<'py, PyDict>, name: &str, wanted: &str) -> PyResult<Option<T>> {
    let Some(given) = given(options, name)? else { return Ok(None) };
    let wrong = || PyValueError::new_err(format!("`{name}` must be {wanted}"));
    // `True` is a number to Python and a mistake to everybody else.
    if given.is_instance_of::<pyo3::types::PyBool>() {
        return Err(wrong());
    }
    given.extract().map(Some).map_err(|_| wrong())
}

/// A time that is more than nothing.
pub fn duration(seconds: &Bound<'_, PyAny>, name: &str) -> PyResult<Duration> {
    let wrong = || PyValueError::new_err(format!("`{name}` must be a number of seconds above 0"));
    let seconds: f64 = seconds.extract().map_err(|_| wrong())?;
    Some(seconds).filter(|s| *s > 0.0).and_then(|s| Duration::try_from_secs_f64(s).ok()).ok_or_else(wrong)
}

/// `{connect, first_event, idle, total}`.
pub fn timeouts(mut timeouts: Timeouts, given: &Bound<'_, PyDict>) -> PyResult<Timeouts> {
    for (name, seconds) in given.iter() {
        let name: String = name.extract()?;
        let slot = match name.as_str() {
            "connect" => &mut timeouts.connect,
            "first_event" => &mut timeouts.first_event,
            "idle" => &mut timeouts.idle,
            "total" => {
                timeouts.total = if seconds.is_none() { None } else { Some(duration(&seconds, "total")?) };
                continue;
            }
            _ => return Err(unknown_timeout(&name)),
        };
        if !seconds.is_none() {
            *slot = duration(&seconds, &name)?;
        }
    }
    Ok(timeouts)
}

/// A call's own: a number of seconds for all of it, or `{connect, first_event, idle, total}`.
pub fn call_timeouts(options: &mut CallOptions, timeout: &Bound<'_, PyAny>) -> PyResult<()> {
    let Ok(parts) = timeout.cast::<PyMapping>() else {
        options.timeout = Some(duration(timeout, "timeout")?);
        return Ok(());
    };
    for part in parts.items()?.iter() {
        let (name, seconds): (String, Bound<'_, PyAny>) = part.extract()?;
        let slot = match name.as_str() {
            "connect" => &mut options.connect_timeout,
            "first_event" => &mut options.first_event_timeout,
            "idle" => &mut options.idle_timeout,
            "total" => &mut options.timeout,
            _ => return Err(unknown_timeout(&name)),
        };
        if !seconds.is_none() {
            *slot = Some(duration(&seconds, &name)?);
        }
    }
    Ok(())
}

fn unknown_timeout(name: &str) -> PyErr {
    PyValueError::new_err(format!("no timeout `{name}`; there are connect, first_event, idle and total"))
}

/// What a client says about its way to the server.
pub fn network(options: &Bound<'_, PyDict>, wanted: &mut ClientOptions) -> PyResult<()> {
    let (region, base_url) = (text(options, "region")?, text(options, "base_url")?);
    if region.is_some() || base_url.is_some() {
        // Either takes the place of the other that was there before.
        (wanted.region, wanted.base_url) = (region, base_url);
    }
    wanted.user_agent = text(options, "user_agent")?.or(wanted.user_agent.take());
    if let Some(url) = text(options, "proxy")? {
        wanted.proxy = Some(Proxy::new(url).map_err(|error| to_python_error(options.py(), &error))?);
    }
    if let Some(file) = given(options, "ca_file")? {
        let wrong = || PyTypeError::new_err("`ca_file` must be a path");
        wanted.ca_file = Some(file.extract::<PathBuf>().map_err(|_| wrong())?);
    }
    wanted.pool_size = whole(options, "pool_size", "a whole number of connections from 0 up")?.or(wanted.pool_size);
    if let Some(seconds) = given(options, "keep_alive")? {
        let wrong = || PyValueError::new_err("`keep_alive` must be a number of seconds from 0 up");
        let seconds: f64 = seconds.extract().map_err(|_| wrong())?;
        wanted.keep_alive = Some(Duration::try_from_secs_f64(seconds).map_err(|_| wrong())?);
    }
    wanted.max_response_bytes =
        whole(options, "max_response_bytes", "a whole number of bytes from 0 up")?.or(wanted.max_response_bytes);
    Ok(())
}
