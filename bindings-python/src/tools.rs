//! The command line and the sandbox, as the wheel carries them.

use std::ffi::OsString;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use pyo3::exceptions::{PyOSError, PyValueError};
use pyo3::prelude::*;
use tramontane_testkit::{Sandbox as Core, SandboxOptions};

use crate::error::{guard, to_python_error};
use crate::runtime::detached;

/// Runs the command `tramontane` with its arguments (the first is the program's name) and gives the exit code.
#[pyfunction]
pub fn run_cli(py: Python<'_>, arguments: Vec<OsString>) -> PyResult<i32> {
    guard(py, || Ok(detached(py, || tramontane_cli::run(arguments))))
}

/// A local server that speaks the Mistral API; `tramontane.testing.Sandbox` is its face.
#[pyclass(frozen, module = "tramontane._native")]
pub struct Sandbox {
    url: String,
    key: String,
    core: Mutex<Option<Core>>,
    pid: u32,
}

#[pymethods]
impl Sandbox {
    #[new]
    fn new(py: Python<'_>, port: u16, key: Option<String>, on: Option<&str>, pace: f64) -> PyResult<Sandbox> {
        guard(py, || {
            let on = on.map(str::parse).transpose().map_err(|error| to_python_error(py, &error))?;
            let pace = Duration::try_from_secs_f64(pace)
                .map_err(|_| PyValueError::new_err("`pace` must be a number of seconds from 0 up"))?;
            let core = Core::start(SandboxOptions { port, key, on, pace })
                .map_err(|error| PyOSError::new_err(format!("no sandbox on port {port}: {error}")))?;
            Ok(Sandbox { url: core.url(), key: core.key().to_owned(), core: Mutex::new(Some(core)), pid: std::process::id() })
        })
    }

    #[getter]
    fn url(&self) -> &str {
        &self.url
    }

    #[getter]
    fn key(&self) -> &str {
        &self.key
    }

    /// Stops the server and waits until its port is free. Does nothing to a stopped one, nor in a forked process.
    fn stop(&self, py: Python<'_>) {
        if let Some(core) = self.take() {
            detached(py, || drop(core));
        }
    }
}

impl Sandbox {
    /// The server, unless it is the parent's: its thread does not exist here, and waiting for it would never end.
    fn take(&self) -> Option<Core> {
        let core = self.core.lock().unwrap_or_else(PoisonError::into_inner).take()?;
        if self.pid == std::process::id() {
            return Some(core);
        }
        std::mem::forget(core);
        None
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        drop(self.take());
    }
}
