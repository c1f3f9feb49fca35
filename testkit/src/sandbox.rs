//! Starting and stopping the server.

use std::io;
use std::net::SocketAddr;
use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::oneshot;

use crate::server;

/// How a sandbox is set up.
#[derive(Clone, Debug, Default)]
pub struct SandboxOptions {
    /// The port on 127.0.0.1; any free one when 0.
    pub port: u16,
    /// The one key it accepts; any key when `None`. A request without a key is refused either way.
    pub key: Option<String>,
    /// The day by which names are judged; today when `None`.
    pub on: Option<tramontane::date::Date>,
    /// How long it waits before each event of a stream.
    pub pace: Duration,
}

/// A running sandbox; stops when it is dropped.
#[derive(Debug)]
pub struct Sandbox {
    address: SocketAddr,
    key: String,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Sandbox {
    /// Starts a sandbox on a thread of its own.
    ///
    /// # Errors
    /// When the port is taken or no thread can be started.
    pub fn start(options: SandboxOptions) -> io::Result<Sandbox> {
        let key = options.key.clone().unwrap_or_else(|| "sandbox".to_owned());
        let listener = std::net::TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, options.port))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let (stop, stopped) = oneshot::channel();
        let (ready, is_ready) = mpsc::channel();
        let thread = std::thread::Builder::new().name("tramontane-sandbox".into()).spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            match runtime {
                Ok(runtime) => {
                    let _ = ready.send(Ok(()));
                    runtime.block_on(server::serve(listener, options, stopped));
                }
                Err(error) => drop(ready.send(Err(error))),
            }
        })?;
        is_ready.recv().unwrap_or_else(|_| Err(io::Error::other("the sandbox's thread ended at once")))?;
        Ok(Sandbox { address, key, stop: Some(stop), thread: Some(thread) })
    }

    /// Where it listens: `http://127.0.0.1:PORT`, to be given as a base URL.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// A key that it accepts.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Waits until the server ends, that is: until the process is stopped.
    pub fn wait(mut self) {
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }

    /// Stops it and waits until its port is free.
    pub fn stop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.stop();
    }
}
