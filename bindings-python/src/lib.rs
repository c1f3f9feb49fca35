//! The Python door: `tramontane._native`. Only what has identity is a class here; everything that a user sees is written
//! in Python, in `python/tramontane`.

mod build_py;
mod call;
mod client;
mod error;
mod runtime;
mod stream;
mod walk;

/// The compiled part of `tramontane`.
#[pyo3::pymodule]
mod _native {
    #[pymodule_export]
    use super::call::call;
    #[pymodule_export]
    use super::client::{Client, Meta};
    #[pymodule_export]
    use super::runtime::{Bridge, Job};
    #[pymodule_export]
    use super::stream::{Decoder, Event, Stream};

    /// The version of the core.
    #[pymodule_export]
    const VERSION: &str = env!("CARGO_PKG_VERSION");
}
