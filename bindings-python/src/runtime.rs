//! Where Rust's tasks meet Python's threads and event loops. The only file that starts a runtime, waits, or lets go of
//! the interpreter.
//!
//! One worker thread serves the whole process, and it never touches Python: results wait in a queue until a thread of
//! Python's comes for them. So an interpreter that is going down has nothing to fear from it. After a `fork` the child
//! has only the thread that forked: everything here is looked up by process id and made anew there; what came over from
//! the parent is left as it was, because locks in it may be held by threads that no longer exist.

use std::future::Future;
use std::sync::atomic::{AtomicPtr, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use pyo3::exceptions::PyRuntimeError;
use pyo3::intern;
use pyo3::prelude::*;
use tokio::runtime::{Builder, Runtime};
use tokio::task::AbortHandle;
use tramontane::{Error, ErrorKind};

/// How long Ctrl-C may take to be noticed while a call is waited for.
const SIGNALS: Duration = Duration::from_millis(50);

/// A value of which every process has its own: made when first asked for, and once more after a fork.
pub struct PerProcess<T>(AtomicPtr<(u32, T)>);

impl<T> PerProcess<T> {
    /// Nothing yet.
    pub const fn new() -> Self {
        PerProcess(AtomicPtr::new(std::ptr::null_mut()))
    }

    /// This process's value. Another process's one is leaked, never dropped.
    pub fn get_or_try_init<E>(&self, make: impl FnOnce() -> Result<T, E>) -> Result<&T, E> {
        let pid = std::process::id();
        let current = self.0.load(Ordering::Acquire);
        // SAFETY: a pointer that was stored here came from `Box::into_raw` and is never freed.
        if let Some((owner, value)) = unsafe { current.as_ref() }
            && *owner == pid
        {
            return Ok(value);
        }
        let made = Box::into_raw(Box::new((pid, make()?)));
        let won = match self.0.compare_exchange(current, made, Ordering::AcqRel, Ordering::Acquire) {
            Ok(_) => made,
            Err(other) => {
                // SAFETY: `made` was not published, so it is still ours alone.
                drop(unsafe { Box::from_raw(made) });
                other
            }
        };
        // SAFETY: as above; `won` is not null.
        Ok(unsafe { &(*won).1 })
    }
}

impl<T> Drop for PerProcess<T> {
    fn drop(&mut self) {
        let current = *self.0.get_mut();
        // SAFETY: as in `get_or_try_init`; nobody else holds a reference any more.
        if let Some((owner, _)) = unsafe { current.as_ref() }
            && *owner == std::process::id()
        {
            // SAFETY: it came from `Box::into_raw`.
            let made = unsafe { Box::from_raw(current) };
            enter(|| drop(made));
        }
    }
}

fn runtime() -> Result<&'static Runtime, Error> {
    static RUNTIME: PerProcess<Runtime> = PerProcess::new();
    RUNTIME.get_or_try_init(|| {
        Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("tramontane")
            .enable_all()
            .build()
            .map_err(|error| Error::new(ErrorKind::Configuration, format!("no thread could be started for the network: {error}")))
    })
}

/// Where one task leaves its result.
type Outcome<T> = Result<T, Error>;

struct Slot<T> {
    result: Mutex<Option<Outcome<T>>>,
    arrived: Condvar,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Delivers a result exactly once: also when the task was aborted or panicked.
struct Delivery<T, F: FnOnce(Outcome<T>)>(Option<F>, std::marker::PhantomData<fn(T)>);

impl<T, F: FnOnce(Outcome<T>)> Delivery<T, F> {
    fn deliver(&mut self, outcome: Outcome<T>) {
        if let Some(deliver) = self.0.take() {
            deliver(outcome);
        }
    }
}

impl<T, F: FnOnce(Outcome<T>)> Drop for Delivery<T, F> {
    fn drop(&mut self) {
        let error = if std::thread::panicking() {
            Error::new(ErrorKind::Internal, "tramontane panicked while it sent a request")
        } else {
            Error::new(ErrorKind::Cancelled, "the request was cancelled")
        };
        self.deliver(Err(error));
    }
}

/// Runs a task on the worker thread and gives its result to `deliver`, there.
pub fn spawn<T: Send + 'static>(
    task: impl Future<Output = Outcome<T>> + Send + 'static,
    deliver: impl FnOnce(Outcome<T>) + Send + 'static,
) -> Result<AbortHandle, Error> {
    let mut delivery = Delivery(Some(deliver), std::marker::PhantomData);
    let handle = runtime()?.spawn(async move {
        let outcome = task.await;
        delivery.deliver(outcome);
    });
    Ok(handle.abort_handle())
}

/// Runs a task and waits for it with the interpreter let go. Ctrl-C (any signal whose handler raises) aborts it, which
/// closes its socket, and raises.
pub fn wait<T: Send + 'static>(py: Python<'_>, task: impl Future<Output = Outcome<T>> + Send + 'static) -> PyResult<Outcome<T>> {
    let slot = Arc::new(Slot { result: Mutex::new(None), arrived: Condvar::new() });
    let there = Arc::clone(&slot);
    let deliver = move |outcome| {
        *lock(&there.result) = Some(outcome);
        there.arrived.notify_one();
    };
    let handle = match spawn(task, deliver) {
        Ok(handle) => handle,
        Err(error) => return Ok(Err(error)),
    };
    let mut patience = Some(SIGNALS);
    loop {
        if let Some(outcome) = py.detach(|| slot.wait(patience)) {
            return Ok(outcome);
        }
        if let Err(signal) = py.check_signals() {
            handle.abort();
            return Err(signal);
        }
        // Python handles signals on its main thread alone; the others need not wake up for them.
        if !is_main_thread(py)? {
            patience = None;
        }
    }
}

impl<T> Slot<T> {
    /// The result, or `None` when it did not come within `patience`.
    fn wait(&self, patience: Option<Duration>) -> Option<Outcome<T>> {
        let mut result = lock(&self.result);
        loop {
            if let Some(outcome) = result.take() {
                return Some(outcome);
            }
            match patience {
                None => result = self.arrived.wait(result).unwrap_or_else(PoisonError::into_inner),
                Some(patience) => {
                    let (guard, timeout) = self.arrived.wait_timeout(result, patience).unwrap_or_else(PoisonError::into_inner);
                    result = guard;
                    if timeout.timed_out() {
                        return result.take();
                    }
                }
            }
        }
    }
}

fn is_main_thread(py: Python<'_>) -> PyResult<bool> {
    let threading = py.import(intern!(py, "threading"))?;
    let main = threading.call_method0(intern!(py, "main_thread"))?.getattr(intern!(py, "ident"))?;
    threading.call_method0(intern!(py, "get_ident"))?.eq(main)
}

/// What `attempt` finds, tried for a few milliseconds with the interpreter let go: an aborted task needs a moment to end.
pub fn soon<T: Send>(py: Python<'_>, attempt: impl Fn() -> Option<T> + Send + Sync) -> Option<T> {
    attempt().or_else(|| {
        py.detach(|| {
            (0..40).find_map(|_| {
                std::thread::sleep(Duration::from_micros(500));
                attempt()
            })
        })
    })
}

/// Runs `work` with the interpreter let go.
pub fn detached<T: Send>(py: Python<'_>, work: impl FnOnce() -> T + Send) -> T {
    py.detach(work)
}

/// Runs something quick inside the runtime, for values that want one around them when they are dropped.
pub fn enter<T>(work: impl FnOnce() -> T) -> T {
    let _inside = runtime().ok().map(Runtime::enter);
    work()
}

/// What a finished task brings to its event loop: makes the Python result there.
pub type Finish = Box<dyn FnOnce(Python<'_>) -> PyResult<Py<PyAny>> + Send>;

/// One event loop's mailbox. Any number of results that are ready together wake the loop once.
#[pyclass(frozen, module = "tramontane._native")]
pub struct Bridge {
    mailbox: Arc<Mailbox>,
    waiting: Mutex<Waiting>,
    pid: u32,
}

#[derive(Default)]
struct Waiting {
    next: u64,
    futures: std::collections::HashMap<u64, Py<PyAny>>,
}

struct Mailbox {
    /// Results that the loop has not fetched yet; a loop with none in here is asleep and has to be woken.
    letters: Mutex<Vec<(u64, Finish)>>,
    bell: bell::Bell,
}

impl Mailbox {
    fn post(&self, id: u64, finish: Finish) {
        let first = {
            let mut letters = lock(&self.letters);
            letters.push((id, finish));
            letters.len() == 1
        };
        if first {
            self.bell.ring();
        }
    }
}

#[pymethods]
impl Bridge {
    /// A mailbox for a loop. `wake` is what a loop without `add_reader` is woken with.
    #[new]
    #[pyo3(signature = (wake=None))]
    fn new(wake: Option<Py<PyAny>>) -> PyResult<Self> {
        let bell = bell::Bell::new(wake).map_err(|error| PyRuntimeError::new_err(format!("no event loop bridge: {error}")))?;
        Ok(Bridge {
            mailbox: Arc::new(Mailbox { letters: Mutex::new(Vec::new()), bell }),
            waiting: Mutex::new(Waiting::default()),
            pid: std::process::id(),
        })
    }

    /// The descriptor that becomes readable when results are there; -1 where `wake` is called instead.
    fn fileno(&self) -> i64 {
        self.mailbox.bell.fileno()
    }

    /// Whether this process made it: a fork's child needs its own.
    fn is_ours(&self) -> bool {
        self.pid == std::process::id()
    }

    /// Hands all results that are there to their futures. The loop calls it.
    fn drain(&self, py: Python<'_>) -> PyResult<()> {
        self.mailbox.bell.clear();
        let letters = std::mem::take(&mut *lock(&self.mailbox.letters));
        for (id, finish) in letters {
            let Some(future) = lock(&self.waiting).futures.remove(&id) else { continue };
            let future = future.bind(py);
            if future.call_method0(intern!(py, "done"))?.is_truthy()? {
                continue;
            }
            match crate::error::guard(py, || finish(py)) {
                Ok(result) => future.call_method1(intern!(py, "set_result"), (result,))?,
                Err(error) => future.call_method1(intern!(py, "set_exception"), (error,))?,
            };
        }
        Ok(())
    }
}

impl Bridge {
    /// Starts a task whose result goes to `future`.
    pub fn start<T: Send + 'static>(
        slf: &Bound<'_, Self>,
        future: Bound<'_, PyAny>,
        task: impl Future<Output = Outcome<T>> + Send + 'static,
        finish: impl FnOnce(Python<'_>, Outcome<T>) -> PyResult<Py<PyAny>> + Send + 'static,
    ) -> PyResult<Job> {
        let bridge = slf.get();
        let id = {
            let mut waiting = lock(&bridge.waiting);
            waiting.next += 1;
            let id = waiting.next;
            waiting.futures.insert(id, future.unbind());
            id
        };
        let mailbox = Arc::clone(&bridge.mailbox);
        let deliver = move |outcome| mailbox.post(id, Box::new(move |py| finish(py, outcome)));
        match spawn(task, deliver) {
            Ok(handle) => Ok(Job { bridge: slf.clone().unbind(), id, handle }),
            Err(error) => {
                lock(&bridge.waiting).futures.remove(&id);
                Err(crate::error::to_python_error(slf.py(), &error))
            }
        }
    }
}

/// A task that runs for a future.
#[pyclass(frozen, module = "tramontane._native")]
pub struct Job {
    bridge: Py<Bridge>,
    id: u64,
    handle: AbortHandle,
}

#[pymethods]
impl Job {
    /// Ends the task, which closes its socket. Does nothing to a finished one.
    fn abort(&self) {
        let forgotten = lock(&self.bridge.get().waiting).futures.remove(&self.id);
        drop(forgotten);
        self.handle.abort();
    }
}

#[cfg(unix)]
mod bell {
    //! A socket pair: ringing needs no interpreter, and the loop watches the other end as it watches any socket.

    use std::io::{self, Read, Write};
    use std::os::fd::AsRawFd;
    use std::os::unix::net::UnixStream;

    use pyo3::prelude::*;

    pub struct Bell {
        ring: UnixStream,
        hear: UnixStream,
    }

    impl Bell {
        pub fn new(_wake: Option<Py<PyAny>>) -> io::Result<Bell> {
            let (ring, hear) = UnixStream::pair()?;
            ring.set_nonblocking(true)?;
            hear.set_nonblocking(true)?;
            Ok(Bell { ring, hear })
        }

        pub fn fileno(&self) -> i64 {
            i64::from(self.hear.as_raw_fd())
        }

        pub fn ring(&self) {
            // A full pipe means that the loop has been told many times over.
            let _ = (&self.ring).write(&[1]);
        }

        pub fn clear(&self) {
            let mut heard = [0; 64];
            while matches!((&self.hear).read(&mut heard), Ok(n) if n == heard.len()) {}
        }
    }
}

#[cfg(not(unix))]
mod bell {
    //! Proactor loops watch no foreign sockets: `wake` (the loop's `call_soon_threadsafe` on `drain`) is called, from a
    //! thread that may wait for the interpreter.

    use std::io;
    use std::sync::Arc;

    use pyo3::prelude::*;

    pub struct Bell {
        wake: Option<Arc<Py<PyAny>>>,
    }

    impl Bell {
        pub fn new(wake: Option<Py<PyAny>>) -> io::Result<Bell> {
            Ok(Bell { wake: wake.map(Arc::new) })
        }

        pub fn fileno(&self) -> i64 {
            -1
        }

        pub fn ring(&self) {
            let (Some(wake), Ok(runtime)) = (self.wake.clone(), super::runtime()) else { return };
            runtime.spawn_blocking(move || {
                // A closed loop has nobody waiting; an interpreter that is going down cannot be attached to.
                let _ = Python::try_attach(|py| wake.call0(py).map(drop));
            });
        }

        pub fn clear(&self) {}
    }
}
