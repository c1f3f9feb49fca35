//! Vectors: sequences of numbers that lend their memory, so that numpy and its like copy nothing.

use std::ffi::{c_int, c_void};

use pyo3::IntoPyObjectExt;
use pyo3::exceptions::{PyBufferError, PyIndexError, PyTypeError, PyValueError};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyList, PyMemoryView, PySlice, PyString, PyTuple};
use tramontane::json::{Dtype, Numbers, Vector as Core};

use crate::error::guard;
use crate::walk::bytes_of;

/// How many numbers a `repr` shows.
const SHOWN: usize = 3;

/// Numbers of one kind: a sequence with a buffer. Nothing changes it.
#[pyclass(frozen, sequence, module = "tramontane", weakref)]
pub struct Vector {
    core: Core,
    /// What a buffer points to for its shape.
    shape: isize,
}

impl From<Core> for Vector {
    fn from(core: Core) -> Vector {
        Vector { shape: core.len() as isize, core }
    }
}

#[pymethods]
impl Vector {
    /// `data`: numbers, or their bytes, least byte first. `dtype`: `float`, `int8`, `uint8`, `binary` or `ubinary`.
    #[new]
    #[pyo3(signature = (data, dtype="float"))]
    fn new(data: &Bound<'_, PyAny>, dtype: &str) -> PyResult<Vector> {
        guard(data.py(), || {
            let Some(dtype) = Dtype::of(dtype) else {
                let names = Dtype::ALL.map(Dtype::name).join(", ");
                return Err(PyValueError::new_err(format!("no dtype `{dtype}`; there are {names}")));
            };
            let core = match (bytes_of(data)?, dtype) {
                (Some(bytes), _) => Core::from_bytes(dtype, &bytes),
                (None, Dtype::Float) => Some(Core::from(data.extract::<Vec<f32>>()?)),
                (None, _) => Core::integers(dtype, &data.extract::<Vec<i16>>()?),
            };
            core.map(Vector::from).ok_or_else(|| PyValueError::new_err(format!("numbers that are no `{}`", dtype.name())))
        })
    }

    /// What the numbers are: `float` (of 32 bits), `int8`, `uint8`, or `binary` and `ubinary`, eight bits a number.
    #[getter]
    fn dtype(&self) -> &'static str {
        self.core.dtype().name()
    }

    fn __len__(&self) -> usize {
        self.core.len()
    }

    fn __getitem__<'py>(&self, py: Python<'py>, at: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        if let Ok(slice) = at.cast::<PySlice>() {
            let picked = self.picked(&slice.indices(self.shape)?);
            return Vector::from(picked?).into_bound_py_any(py);
        }
        let Ok(at) = at.extract::<isize>() else {
            return Err(PyTypeError::new_err(format!("a place is an int or a slice, not {}", at.get_type().name()?)));
        };
        let place = if at < 0 { at + self.shape } else { at };
        match usize::try_from(place).ok().filter(|place| *place < self.core.len()) {
            Some(place) => self.number(py, place),
            None => Err(PyIndexError::new_err(format!("no number {at} in a vector of {}", self.core.len()))),
        }
    }

    fn __iter__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        Ok(PyMemoryView::from(slf.as_any())?.try_iter()?.into_any())
    }

    fn __reversed__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        Self::tolist(slf)?.call_method0("__reversed__")
    }

    fn __contains__(slf: &Bound<'_, Self>, number: &Bound<'_, PyAny>) -> PyResult<bool> {
        Self::tolist(slf)?.contains(number)
    }

    /// Equal to a vector of the same dtype and numbers, and to a list or tuple of these numbers.
    fn __eq__<'py>(slf: &Bound<'py, Self>, other: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let py = slf.py();
        if let Ok(other) = other.cast::<Vector>() {
            return (slf.get().core == other.get().core).into_bound_py_any(py);
        }
        let list = Self::tolist(slf)?;
        if other.is_instance_of::<PyList>() {
            return list.eq(other)?.into_bound_py_any(py);
        }
        match other.cast::<PyTuple>() {
            Ok(tuple) => list.eq(tuple.to_list())?.into_bound_py_any(py),
            Err(_) => Ok(py.NotImplemented().into_bound(py)),
        }
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let shown: Vec<String> = (0..self.core.len().min(SHOWN))
            .map(|at| match self.core.floats() {
                // The shortest text that means this float of 32 bits.
                Some(floats) => Ok(format!("{}", floats[at])),
                None => Ok(self.number(py, at)?.str()?.to_string()),
            })
            .collect::<PyResult<_>>()?;
        let rest = if self.core.len() > SHOWN { ", …" } else { "" };
        Ok(format!("Vector([{}{rest}], dtype={:?}, len={})", shown.join(", "), self.dtype(), self.core.len()))
    }

    /// The numbers as a list.
    fn tolist<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        PyMemoryView::from(slf.as_any())?.call_method0("tolist")
    }

    /// The numbers' bytes, least byte first.
    fn tobytes<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        let mut bytes = Vec::new();
        self.core.write_bytes(&mut bytes);
        PyBytes::new(py, &bytes)
    }

    /// The first place of a number, from `start` on and before `stop`.
    #[pyo3(signature = (value, *range))]
    fn index<'py>(slf: &Bound<'py, Self>, value: Bound<'py, PyAny>, range: Bound<'py, PyTuple>) -> PyResult<Bound<'py, PyAny>> {
        let arguments: Vec<Bound<'py, PyAny>> = std::iter::once(value).chain(range.iter()).collect();
        Self::tolist(slf)?.call_method1("index", PyTuple::new(slf.py(), arguments)?)
    }

    /// How often a number is in it.
    fn count<'py>(slf: &Bound<'py, Self>, value: Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        Self::tolist(slf)?.call_method1("count", (value,))
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> (Bound<'py, PyAny>, (Bound<'py, PyBytes>, Bound<'py, PyString>)) {
        let py = slf.py();
        (slf.get_type().into_any(), (slf.get().tobytes(py), PyString::intern(py, slf.get().dtype())))
    }

    /// Lends the numbers, for reading.
    ///
    /// # Safety
    /// Python gives a `view` that is its own, and null or valid.
    unsafe fn __getbuffer__(slf: Bound<'_, Self>, view: *mut ffi::Py_buffer, flags: c_int) -> PyResult<()> {
        if view.is_null() {
            return Err(PyBufferError::new_err("no buffer to fill"));
        }
        if flags & ffi::PyBUF_WRITABLE == ffi::PyBUF_WRITABLE {
            // SAFETY: it is not null, see above; consumers look at the object after an error.
            unsafe { (*view).obj = std::ptr::null_mut() };
            return Err(PyBufferError::new_err("a vector cannot be written to"));
        }
        let vector = slf.get();
        let (start, size, format) = match vector.core.numbers() {
            Numbers::Float(numbers) => (numbers.as_ptr().cast::<c_void>(), 4, c"f"),
            Numbers::Signed(numbers) => (numbers.as_ptr().cast(), 1, c"b"),
            Numbers::Unsigned(numbers) => (numbers.as_ptr().cast(), 1, c"B"),
        };
        let wants = |flag: c_int| flags & flag == flag;
        let shape = (&raw const vector.shape).cast_mut();
        // SAFETY: `view` is valid. The object that the view holds is frozen and keeps its numbers and its shape where they
        // are for as long as it lives; nobody writes to either through a view that is for reading.
        unsafe {
            (*view).buf = start.cast_mut();
            (*view).len = vector.shape * size;
            (*view).itemsize = size;
            (*view).readonly = 1;
            (*view).ndim = 1;
            (*view).format = if wants(ffi::PyBUF_FORMAT) { format.as_ptr().cast_mut() } else { std::ptr::null_mut() };
            (*view).shape = if wants(ffi::PyBUF_ND) { shape } else { std::ptr::null_mut() };
            (*view).strides = if wants(ffi::PyBUF_STRIDES) { &raw mut (*view).itemsize } else { std::ptr::null_mut() };
            (*view).suboffsets = std::ptr::null_mut();
            (*view).internal = std::ptr::null_mut();
            (*view).obj = slf.into_any().into_ptr();
        }
        Ok(())
    }
}

impl Vector {
    fn number<'py>(&self, py: Python<'py>, at: usize) -> PyResult<Bound<'py, PyAny>> {
        match self.core.numbers() {
            Numbers::Float(numbers) => numbers[at].into_bound_py_any(py),
            Numbers::Signed(numbers) => numbers[at].into_bound_py_any(py),
            Numbers::Unsigned(numbers) => numbers[at].into_bound_py_any(py),
        }
    }

    /// The numbers at the places of a slice.
    fn picked(&self, slice: &pyo3::types::slice::PySliceIndices) -> PyResult<Core> {
        let places = (0..slice.slicelength as isize).map(|step| (slice.start + step * slice.step) as usize);
        let dtype = self.core.dtype();
        let picked = match self.core.numbers() {
            Numbers::Float(numbers) => Some(places.map(|at| numbers[at]).collect::<Vec<f32>>().into()),
            Numbers::Signed(numbers) => {
                Core::from_bytes(dtype, &places.map(|at| numbers[at].cast_unsigned()).collect::<Vec<_>>())
            }
            Numbers::Unsigned(numbers) => Core::from_bytes(dtype, &places.map(|at| numbers[at]).collect::<Vec<_>>()),
        };
        picked.ok_or_else(|| PyValueError::new_err("the slice does not fit"))
    }
}

/// Makes `isinstance(vector, Sequence)` true. The module of Python's own startup has it: nothing is loaded for it.
pub fn register(py: Python<'_>) -> PyResult<()> {
    py.import("_collections_abc")?.getattr("Sequence")?.call_method1("register", (py.get_type::<Vector>(),))?;
    Ok(())
}
