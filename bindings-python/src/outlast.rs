//! Calls of Python's functions from threads that the interpreter did not start.
//!
//! An interpreter before 3.14 that goes down ends every thread that wants to go on in it: inside the call, by unwinding the
//! thread's stack. Frames of Rust that hold anything do not survive that. So the innermost of them holds one thing only, which
//! lets the thread sleep until the process is over.

use pyo3::prelude::*;
use pyo3::types::PyTuple;

/// What `callable` gives for these arguments.
pub fn call<'py>(callable: &Bound<'py, PyAny>, arguments: &Bound<'py, PyTuple>) -> PyResult<Bound<'py, PyAny>> {
    #[cfg(unix)]
    {
        // SAFETY: both are alive until it returns, and it gives a reference of its own, or null with an exception set.
        unsafe { Bound::from_owned_ptr_or_err(callable.py(), guarded(callable.as_ptr(), arguments.as_ptr())) }
    }
    // Windows ends threads without unwinding them.
    #[cfg(not(unix))]
    callable.call1(arguments)
}

#[cfg(unix)]
unsafe fn guarded(callable: *mut pyo3::ffi::PyObject, arguments: *mut pyo3::ffi::PyObject) -> *mut pyo3::ffi::PyObject {
    use pyo3::ffi::PyObject;

    unsafe extern "C-unwind" {
        fn PyObject_Call(callable: *mut PyObject, arguments: *mut PyObject, keywords: *mut PyObject) -> *mut PyObject;
    }

    struct Sleep;

    impl Drop for Sleep {
        fn drop(&mut self) {
            loop {
                std::thread::park();
            }
        }
    }

    let sleep = Sleep;
    // SAFETY: as its own documentation has it; the caller vouches for the pointers.
    let given = unsafe { PyObject_Call(callable, arguments, std::ptr::null_mut()) };
    std::mem::forget(sleep);
    given
}
