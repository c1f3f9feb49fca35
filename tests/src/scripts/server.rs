//! The server of the scripts: plain threads and sockets, so that it says exactly the bytes of a script and breaks off where
//! the script does.

use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use serde_json::{Value, json};

use super::attempt::{Context, Step, steps};
use super::{Case, cases};

/// No client waits for longer than this: what hangs for ever would keep a thread.
const LONGEST: Duration = Duration::from_secs(60);

/// What the server saw of one case.
#[derive(Clone, Debug, Default)]
pub struct Log {
    /// When each attempt arrived, in milliseconds since the server started.
    pub arrived: Vec<u64>,
    /// When its answer went out; absent as long as it has not.
    pub answered: Vec<Option<u64>>,
    /// Its body.
    pub bodies: Vec<String>,
    /// The value of the header `authorization`.
    pub authorization: Vec<String>,
}

struct Shared {
    cases: Vec<Case>,
    log: Mutex<BTreeMap<usize, Log>>,
    other_saw: Mutex<Vec<String>>,
    now: fn() -> SystemTime,
    started: Instant,
    url: String,
    other: String,
}

/// The server. Its threads end with the process.
pub struct Server {
    shared: Arc<Shared>,
}

impl Server {
    /// Starts the server on two ports of 127.0.0.1, by a clock of the caller's.
    ///
    /// # Errors
    /// When no port can be had.
    pub fn start(now: fn() -> SystemTime) -> io::Result<Server> {
        let (listener, other) = (TcpListener::bind("127.0.0.1:0")?, TcpListener::bind("127.0.0.1:0")?);
        let shared = Arc::new(Shared {
            cases: cases(),
            log: Mutex::default(),
            other_saw: Mutex::default(),
            now,
            started: Instant::now(),
            url: format!("http://{}", listener.local_addr()?),
            other: format!("http://{}", other.local_addr()?),
        });
        accept(listener, &shared, serve);
        accept(other, &shared, |mut stream, shared| {
            let head = read_head(&mut stream, &mut Vec::new()).unwrap_or_default();
            lock(&shared.other_saw).push(head);
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}")
        });
        Ok(Server { shared })
    }

    /// Where it is.
    pub fn url(&self) -> &str {
        &self.shared.url
    }

    /// The scripts, each with the base URL that its client is given.
    pub fn cases(&self) -> Vec<(Case, String)> {
        self.shared.cases.iter().enumerate().map(|(at, case)| (case.clone(), self.shared.base_url(at, case))).collect()
    }

    /// What it saw of the case at this place.
    pub fn log(&self, at: usize) -> Log {
        lock(&self.shared.log).get(&at).cloned().unwrap_or_default()
    }

    /// What arrived at the other host, to which nothing should go.
    pub fn other_saw(&self) -> Vec<String> {
        lock(&self.shared.other_saw).clone()
    }
}

impl Shared {
    fn base_url(&self, at: usize, case: &Case) -> String {
        let host = match case.at.as_str() {
            "here" => self.url.clone(),
            "nobody" => "http://127.0.0.1:1".to_owned(),
            // A label of more than 63 letters is refused by the resolver itself: nobody is asked.
            "nowhere" => format!("http://{}.invalid", "x".repeat(64)),
            "no_tls" => self.url.replace("http:", "https:"),
            other => panic!("no place `{other}` in a script"),
        };
        format!("{host}/c/{at}")
    }

    fn milliseconds(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// What is asked of the server itself: the scripts, and what it saw.
    fn control(&self, path: &str) -> Option<Value> {
        match path {
            "/cases" => {
                let cases = self.cases.iter().enumerate();
                Some(cases.map(|(at, case)| case.to_json(&self.base_url(at, case))).collect())
            }
            "/log" => {
                let log = lock(&self.log);
                let seen = (0..self.cases.len()).map(|at| log.get(&at).cloned().unwrap_or_default());
                let seen = seen.map(|log| {
                    json!({
                        "arrived": log.arrived, "answered": log.answered,
                        "bodies": log.bodies, "authorization": log.authorization,
                    })
                });
                Some(json!({"cases": seen.collect::<Vec<_>>(), "other_saw": *lock(&self.other_saw)}))
            }
            _ => None,
        }
    }
}

fn accept(listener: TcpListener, shared: &Arc<Shared>, serve: fn(TcpStream, &Shared) -> io::Result<()>) {
    let shared = Arc::clone(shared);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let shared = Arc::clone(&shared);
            // A client that goes away ends its connection, and that is all there is to it.
            std::thread::spawn(move || serve(stream, &shared));
        }
    });
}

/// Serves one connection until it ends.
fn serve(mut stream: TcpStream, shared: &Shared) -> io::Result<()> {
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(LONGEST))?;
    let mut buffer = Vec::new();
    loop {
        let head = read_head(&mut stream, &mut buffer)?;
        let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
        if let Some(answer) = shared.control(&path) {
            let answer = answer.to_string();
            write!(
                stream,
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{answer}",
                answer.len()
            )?;
            continue;
        }
        let Some(at) = path.strip_prefix("/c/").and_then(|rest| rest.split('/').next()?.parse::<usize>().ok()) else {
            // No request of a script: the first words of TLS, most likely.
            return stream.write_all(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
        };
        let body = read_body(&mut stream, &mut buffer, &head)?;
        let case = &shared.cases[at];
        let number = {
            let mut log = lock(&shared.log);
            let log = log.entry(at).or_default();
            log.arrived.push(shared.milliseconds());
            log.answered.push(None);
            log.bodies.push(body);
            log.authorization.push(header(&head, "authorization").unwrap_or_default().to_owned());
            log.arrived.len() - 1
        };
        let attempt = &case.serve[number.min(case.serve.len() - 1)];
        let steps = steps(attempt, &Context { now: (shared.now)(), path: &path, other: &shared.other });
        if play(&mut stream, steps, || lock(&shared.log).entry(at).or_default().answered[number] = Some(shared.milliseconds()))? {
            return Ok(());
        }
    }
}

/// Does what an attempt says; whether that ended the connection.
fn play(stream: &mut TcpStream, steps: Vec<Step>, answered: impl Fn()) -> io::Result<bool> {
    let last = steps.len().saturating_sub(1);
    for (at, step) in steps.into_iter().enumerate() {
        if at == last {
            answered();
        }
        match step {
            Step::Send(bytes) => stream.write_all(&bytes)?,
            Step::Fill(bytes) => {
                let piece = [b'x'; 64 << 10];
                let mut left = bytes;
                while left > 0 {
                    let now = usize::try_from(left).unwrap_or(usize::MAX).min(piece.len());
                    stream.write_all(&piece[..now])?;
                    left -= now as u64;
                }
            }
            Step::Wait(wait) => std::thread::sleep(wait),
            Step::Close => {
                stream.shutdown(Shutdown::Write)?;
                return Ok(true);
            }
            Step::Reset => {
                // Without lingering, closing discards what was not sent and resets.
                socket2::SockRef::from(&*stream).set_linger(Some(Duration::ZERO))?;
                return Ok(true);
            }
            Step::Hang => {
                io::copy(stream, &mut io::sink())?;
                return Ok(true);
            }
        }
    }
    Ok(false)
}

fn read_head(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> io::Result<String> {
    loop {
        // TLS begins with a byte that no request begins with, and never sends an empty line.
        if let Some(end) = buffer.windows(4).position(|window| window == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&buffer[..end + 4]).into_owned();
            buffer.drain(..end + 4);
            return Ok(head);
        }
        if buffer.first() == Some(&0x16) {
            return Ok(String::new());
        }
        more(stream, buffer)?;
    }
}

fn read_body(stream: &mut TcpStream, buffer: &mut Vec<u8>, head: &str) -> io::Result<String> {
    let length = header(head, "content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    while buffer.len() < length {
        more(stream, buffer)?;
    }
    Ok(String::from_utf8_lossy(&buffer.drain(..length).collect::<Vec<_>>()).into_owned())
}

fn more(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> io::Result<()> {
    let mut piece = [0; 16 << 10];
    match stream.read(&mut piece)? {
        0 => Err(io::ErrorKind::UnexpectedEof.into()),
        read => {
            buffer.extend(&piece[..read]);
            Ok(())
        }
    }
}

fn header<'h>(head: &'h str, name: &str) -> Option<&'h str> {
    head.lines().find_map(|line| line.split_once(": ").filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
