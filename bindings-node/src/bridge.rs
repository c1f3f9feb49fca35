//! The way back into JavaScript: one thread-safe function for everything that an environment waits for.
//!
//! Many answers that arrive together wake the event loop once. The function is weak: it alone never keeps a process
//! alive; the façade holds the loop while a promise is open.

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use napi::Status;
use napi::bindgen_prelude::{Buffer, FnArgs};
use napi::threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode};
use napi_derive::napi;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::Semaphore;
use tokio::task::AbortHandle;
use tramontane::{Error, ErrorKind, Result};

use crate::failure;

/// What the façade's function takes: the number of the call, what it is, its text, the text of what stands around it, the
/// bytes of the vectors in it or of a file.
type Message = FnArgs<(u32, u32, String, String, Option<Buffer>)>;
type Deliver = ThreadsafeFunction<Message, (), Message, Status, false, true>;

/// What a message is; the façade has the same numbers.
#[derive(Clone, Copy)]
pub enum Kind {
    /// The answer of a call, or of a stream that ended well: no message follows.
    Done = 0,
    /// An error: no message follows.
    Failed = 1,
    /// A stream was opened.
    Opened = 2,
    /// Events of a stream.
    Events = 3,
    /// Bytes of a file.
    Bytes = 4,
    /// A piece of the file that is uploaded is wanted.
    Wanted = 5,
}

/// An answer on its way to JavaScript.
pub struct Answer {
    /// Itself, as text.
    pub text: String,
    /// What stands around it, as text.
    pub meta: String,
    /// The bytes of the vectors in it.
    pub vectors: Option<Buffer>,
}

/// Where a call's messages go.
#[derive(Clone)]
pub struct Sink {
    id: u32,
    deliver: Arc<Deliver>,
}

impl Sink {
    /// Queues a message. Cheap; one wake-up of the event loop takes all that are queued.
    pub fn send(&self, kind: Kind, text: String, meta: String) {
        self.send_answer(kind, Answer { text, meta, vectors: None });
    }

    fn send_answer(&self, kind: Kind, Answer { text, meta, vectors }: Answer) {
        let message = FnArgs::from((self.id, kind as u32, text, meta, vectors));
        // A closed environment has nobody left to tell.
        self.deliver.call(message, ThreadsafeFunctionCallMode::NonBlocking);
    }

    /// Queues bytes of a file.
    pub fn send_bytes(&self, bytes: Vec<u8>) {
        self.send_answer(Kind::Bytes, Answer { text: String::new(), meta: String::new(), vectors: Some(Buffer::from(bytes)) });
    }
}

/// A call under way.
struct Task {
    abort: AbortHandle,
    credit: Option<Arc<Semaphore>>,
}

type Tasks = Arc<Mutex<HashMap<u32, Task>>>;

/// The calls of one JavaScript environment (the main thread or a worker).
#[napi]
pub struct Bridge {
    deliver: Arc<Deliver>,
    tasks: Tasks,
}

#[napi]
impl Bridge {
    /// A bridge that hands every message to `deliver`.
    #[napi(constructor)]
    pub fn new(deliver: Deliver) -> Bridge {
        Bridge { deliver: Arc::new(deliver), tasks: Tasks::default() }
    }

    /// Drops a call: its connection is closed, and no message follows.
    #[napi]
    pub fn cancel(&self, id: u32) {
        if let Some(task) = lock(&self.tasks).remove(&id) {
            task.abort.abort();
        }
    }

    /// Allows a stream to read `reads` times more.
    #[napi]
    pub fn more(&self, id: u32, reads: u32) {
        if let Some(credit) = lock(&self.tasks).get(&id).and_then(|task| task.credit.as_ref()) {
            credit.add_permits(reads as usize);
        }
    }
}

impl Bridge {
    /// Runs `work` in the background and sends what becomes of it.
    pub fn run<F>(&self, id: u32, credit: Option<Arc<Semaphore>>, work: impl FnOnce(Sink) -> F)
    where
        F: Future<Output = Result<Answer>> + Send + 'static,
    {
        let sink = Sink { id, deliver: self.deliver.clone() };
        let future = work(sink.clone());
        let tasks = self.tasks.clone();
        let runtime = match runtime() {
            Ok(runtime) => runtime,
            Err(error) => return sink.send(Kind::Failed, error.to_json(), String::new()),
        };
        // Held until the task is on the list, so that it cannot strike itself off before.
        let mut list = lock(&self.tasks);
        let handle = runtime.spawn(async move {
            let outcome = failure::caught_async(future).await;
            // Its connection is put back first: the next call, which begins when JavaScript hears of this one, finds it.
            tokio::task::yield_now().await;
            lock(&tasks).remove(&id);
            match outcome {
                Ok(answer) => sink.send_answer(Kind::Done, answer),
                Err(error) => sink.send(Kind::Failed, error.to_json(), String::new()),
            }
        });
        list.insert(id, Task { abort: handle.abort_handle(), credit });
    }
}

/// The environment ended (a worker, or the process): nobody waits any more.
impl Drop for Bridge {
    fn drop(&mut self) {
        for (_, task) in lock(&self.tasks).drain() {
            task.abort.abort();
        }
    }
}

fn lock(tasks: &Tasks) -> MutexGuard<'_, HashMap<u32, Task>> {
    tasks.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The runtime of the process: one thread is enough, JavaScript does the rest in its own.
fn runtime() -> Result<&'static Runtime> {
    static RUNTIME: OnceLock<std::result::Result<Runtime, String>> = OnceLock::new();
    let started = RUNTIME.get_or_init(|| {
        Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("tramontane")
            .enable_all()
            .build()
            .map_err(|error| error.to_string())
    });
    started.as_ref().map_err(|error| Error::new(ErrorKind::Internal, format!("cannot start a thread: {error}")))
}
