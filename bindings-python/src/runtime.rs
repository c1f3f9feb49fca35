//! Where Rust's tasks meet Python's threads and event loops. The only file that starts a runtime, waits, or lets go of
//! the interpreter.
//!
//! A synchronous call drives its own network: its thread takes a small runtime from a stack, runs the call in it, and puts
//! it back with its open connections. Everything that goes on while nobody waits for it (futures of event loops, streams
//! between two events) runs on one worker thread, which serves the whole process and never touches Python: results wait
//! in a queue until a thread of Python's comes for them. So an interpreter that is going down has nothing to fear from it.
//!
//! After a `fork` the child has only the thread that forked: everything here is looked up by process id and made anew
//! there; what came over from the parent is left as it was, because locks in it may be held by threads that no longer
//! exist.

use std::future::Future;
use std::mem::ManuallyDrop;
use std::pin::Pin;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use pyo3::exceptions::PyRuntimeError;
use pyo3::intern;
use pyo3::prelude::*;
use tokio::runtime::{Builder, Runtime};
use tokio::task::AbortHandle;
use tramontane::{Error, ErrorKind};

use crate::per_process::PerProcess;

/// How long Ctrl-C may take to be noticed while a call is waited for.
const SIGNALS: Duration = Duration::from_millis(50);
/// How many synchronous calls drive themselves at once. Each of them has connections of its own; those beyond share the
/// worker's.
const MAX_LANES: usize = 8;
/// How long a lane may lie still before somebody looks after its connections: as long as a connection is kept unused.
const STILL: Duration = Duration::from_secs(90);

static RUNTIME: PerProcess<Runtime> = PerProcess::new();

fn runtime() -> Result<&'static Runtime, Error> {
    RUNTIME.get_or_try_init(|| started(Builder::new_multi_thread().worker_threads(1).thread_name("tramontane")))
}

fn started(builder: &mut Builder) -> Result<Runtime, Error> {
    let error = |error| Error::new(ErrorKind::Configuration, format!("no runtime could be started for the network: {error}"));
    builder.enable_all().build().map_err(error)
}

/// The runtimes of this process that no call is using now, with the moment when each was put back; the last one first.
#[derive(Default)]
struct Lanes {
    idle: Vec<(Runtime, Instant)>,
    made: usize,
}

fn lanes() -> MutexGuard<'static, Lanes> {
    static LANES: PerProcess<Mutex<Lanes>> = PerProcess::new();
    match LANES.get_or_try_init(|| Ok::<_, std::convert::Infallible>(Mutex::default())) {
        Ok(lanes) => lock(lanes),
    }
}

/// A runtime without threads, for one call at a time: who waits in it drives it.
struct Lane {
    runtime: ManuallyDrop<Runtime>,
    pid: u32,
}

impl Lane {
    /// The one that was used last, or a new one; `None` when too many are in use.
    fn take() -> Result<Option<Lane>, Error> {
        let mut lanes = lanes();
        let runtime = match lanes.idle.pop() {
            Some((runtime, _)) => runtime,
            None if lanes.made == MAX_LANES => return Ok(None),
            None => {
                let runtime = started(&mut Builder::new_current_thread())?;
                lanes.made += 1;
                runtime
            }
        };
        Ok(Some(Lane { runtime: ManuallyDrop::new(runtime), pid: std::process::id() }))
    }

    /// Waits for a task. Before that it looks at its connections: the server may have closed some of them. And after an
    /// error it lets them notice that they were given up.
    fn run<T>(&self, task: Pin<&mut impl Future<Output = Outcome<T>>>, patience: Option<Duration>) -> Option<Outcome<T>> {
        self.runtime.block_on(async {
            settle(2).await;
            let outcome = match patience {
                None => Some(task.await),
                Some(patience) => tokio::time::timeout(patience, task).await.ok(),
            };
            settle(if matches!(outcome, Some(Err(_))) { 4 } else { 1 }).await;
            outcome
        })
    }
}

impl Drop for Lane {
    fn drop(&mut self) {
        if self.pid != std::process::id() {
            return;
        }
        // SAFETY: it is dropped only here, and not touched afterwards.
        let runtime = unsafe { ManuallyDrop::take(&mut self.runtime) };
        let now = Instant::now();
        let mut lanes = lanes();
        lanes.idle.push((runtime, now));
        let still = lanes.idle.iter().position(|(_, since)| now.duration_since(*since) > STILL);
        if let Some(still) = still {
            let (runtime, _) = lanes.idle.remove(still);
            drop(lanes);
            // Its connections' time is over: they are closed as soon as somebody drives them.
            runtime.block_on(settle(4));
            self::lanes().idle.insert(0, (runtime, now));
        }
    }
}

/// Lets the runtime's other tasks go on with what has happened to them, `rounds` times over.
async fn settle(rounds: usize) {
    for _ in 0..rounds {
        tokio::task::yield_now().await;
    }
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

/// Runs a task in this thread, with the interpreter let go. Ctrl-C (any signal whose handler raises) drops it, which closes
/// its socket, and raises.
pub fn drive<T: Send + 'static>(py: Python<'_>, task: impl Future<Output = Outcome<T>> + Send + 'static) -> PyResult<Outcome<T>> {
    let lane = match Lane::take() {
        Ok(Some(lane)) => lane,
        Ok(None) => return wait(py, task),
        Err(error) => return Ok(Err(error)),
    };
    let mut task = Box::pin(task);
    let mut patience = Some(SIGNALS);
    loop {
        let (run, task_now) = (&lane, task.as_mut());
        if let Some(outcome) = py.detach(move || run.run(task_now, patience)) {
            return Ok(outcome);
        }
        let signal = py.check_signals();
        if lane.pid != std::process::id() {
            // A handler forked, and this is the child: the call is the parent's.
            std::mem::forget(task);
            signal?;
            return Ok(Err(Error::new(ErrorKind::Unsupported, "a call cannot be waited for in a process forked meanwhile")));
        }
        if let Err(signal) = signal {
            drop(task);
            py.detach(|| lane.runtime.block_on(settle(4)));
            return Err(signal);
        }
        // Python handles signals on its main thread alone; the others need not wake up for them.
        if !is_main_thread(py)? {
            patience = None;
        }
    }
}

/// Runs a task on the worker thread and waits for it with the interpreter let go. Ctrl-C (any signal whose handler raises)
/// aborts it, which closes its socket, and raises.
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

/// Runs something quick inside the worker's runtime if there is one, for values that want one around them when they are dropped.
pub fn enter<T>(work: impl FnOnce() -> T) -> T {
    let _inside = RUNTIME.get().map(Runtime::enter);
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
