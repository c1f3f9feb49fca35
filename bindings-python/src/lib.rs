//! The Python door: `tramontane._native`. Only what has identity is a class here; everything that a user sees is written
//! in Python, in `python/tramontane`.

mod build_py;
mod call;
mod client;
mod error;
mod files;
mod options;
mod outlast;
mod per_process;
mod runtime;
mod settings;
mod stream;
mod tools;
mod vector;
mod walk;

use pyo3::exceptions::PyImportError;
use pyo3::prelude::*;

/// Refuses every interpreter but the main one: what is kept in statics here (classes, the runtime) belongs to one.
fn only_in_the_main_interpreter() -> PyResult<()> {
    // SAFETY: a module is initialised with the interpreter attached.
    let id = unsafe { pyo3::ffi::PyInterpreterState_GetID(pyo3::ffi::PyInterpreterState_Get()) };
    if id == 0 { Ok(()) } else { Err(PyImportError::new_err("loaded in a subinterpreter")) }
}

/// The compiled part of `tramontane`.
#[pyo3::pymodule]
mod _native {
    use pyo3::prelude::*;

    #[pymodule_export]
    use super::call::{call, telemetry};
    #[pymodule_export]
    use super::client::{Client, Meta};
    #[pymodule_export]
    use super::files::{Download, RowReader};
    #[pymodule_export]
    use super::runtime::{Bridge, Job};
    #[pymodule_export]
    use super::settings::{Budget, Limiter};
    #[pymodule_export]
    use super::stream::{Decoder, Event, Stream};
    #[pymodule_export]
    use super::tools::{Sandbox, run_cli};
    #[pymodule_export]
    use super::vector::Vector;

    /// The version of the core.
    #[pymodule_export]
    const VERSION: &str = env!("CARGO_PKG_VERSION");

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        super::only_in_the_main_interpreter()?;
        super::vector::register(module.py())
    }
}
