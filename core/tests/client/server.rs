//! A scripted HTTP server on raw TCP: it says exactly the bytes that a test wants, and breaks off where it wants.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};

/// How long a test waits for what must happen: longer than any machine is too busy.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// What the server does with one request.
#[derive(Clone, Debug)]
pub enum Step {
    /// Sends these bytes.
    Send(Vec<u8>),
    /// Sends these bytes so many times.
    Repeat(Vec<u8>, usize),
    /// Does nothing for a while.
    Wait(Duration),
    /// Does nothing until the test lets it go on.
    Gate(Gate),
    /// Closes the connection in an orderly way.
    Close,
    /// Closes the connection with a TCP reset.
    Reset,
    /// Does nothing until the client closes.
    Hang,
}

/// What a test opens for a server that waits, once for each time. No clock is in it, so that no load changes the order.
#[derive(Clone, Debug)]
pub struct Gate(Arc<Semaphore>);

impl Gate {
    /// A closed one.
    pub fn new() -> Gate {
        Gate(Arc::new(Semaphore::new(0)))
    }

    /// Lets one step go on.
    pub fn open(&self) {
        self.0.add_permits(1);
    }
}

/// A request as it arrived.
#[derive(Clone, Debug)]
pub struct Seen {
    /// Request line and headers; names in lower case.
    pub head: String,
    /// The body.
    pub body: String,
}

impl Seen {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }
}

#[derive(Default)]
struct Log {
    seen: Vec<Seen>,
    connections: usize,
}

/// The server. It ends with the test's runtime.
pub struct Server {
    /// Its base URL.
    pub url: String,
    log: Arc<Mutex<Log>>,
    closed: watch::Receiver<usize>,
}

impl Server {
    /// A server that works through `scripts`, one per request; the last one is used for all further requests.
    pub async fn start(scripts: Vec<Vec<Step>>) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let log = Arc::new(Mutex::new(Log::default()));
        let (closing, closed) = watch::channel(0);
        let (scripts, shared, closing) = (Arc::new(scripts), Arc::clone(&log), Arc::new(closing));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                shared.lock().unwrap().connections += 1;
                let (scripts, shared, closing) = (Arc::clone(&scripts), Arc::clone(&shared), Arc::clone(&closing));
                tokio::spawn(async move {
                    serve(stream, &scripts, &shared).await;
                    closing.send_modify(|count| *count += 1);
                });
            }
        });
        Server { url, log, closed }
    }

    /// A server that gives every request this answer.
    pub async fn always(answer: Vec<u8>) -> Server {
        Server::start(vec![vec![Step::Send(answer)]]).await
    }

    /// The requests so far.
    pub fn seen(&self) -> Vec<Seen> {
        self.log.lock().unwrap().seen.clone()
    }

    /// How many connections were opened.
    pub fn connections(&self) -> usize {
        self.log.lock().unwrap().connections
    }

    /// Waits until this many connections have ended.
    pub async fn closed(&self, count: usize) {
        let mut closed = self.closed.clone();
        let wait = closed.wait_for(|closed| *closed >= count);
        tokio::time::timeout(PATIENCE, wait).await.expect("the client should have closed its connection").unwrap();
    }

    /// Waits until this many requests have come over this many connections.
    pub async fn reached(&self, requests: usize, connections: usize) {
        let there = async {
            while self.seen().len() < requests || self.connections() < connections {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        };
        tokio::time::timeout(PATIENCE, there).await.expect("the client should have asked");
    }
}

async fn serve(mut stream: TcpStream, scripts: &[Vec<Step>], log: &Mutex<Log>) {
    stream.set_nodelay(true).unwrap();
    let mut buffer = Vec::new();
    while let Some(seen) = read(&mut stream, &mut buffer).await {
        let number = {
            let mut log = log.lock().unwrap();
            log.seen.push(seen);
            log.seen.len() - 1
        };
        for step in &scripts[number.min(scripts.len() - 1)] {
            match step {
                Step::Send(bytes) => {
                    if stream.write_all(bytes).await.is_err() {
                        return;
                    }
                }
                Step::Repeat(bytes, times) => {
                    for _ in 0..*times {
                        if stream.write_all(bytes).await.is_err() {
                            return;
                        }
                    }
                }
                Step::Wait(wait) => tokio::time::sleep(*wait).await,
                Step::Gate(gate) => gate.0.acquire().await.unwrap().forget(),
                Step::Close => return,
                Step::Reset => {
                    // Without lingering, closing discards what was not sent and resets.
                    stream.set_zero_linger().unwrap();
                    return;
                }
                Step::Hang => {
                    let mut rest = [0; 1024];
                    while stream.read(&mut rest).await.is_ok_and(|read| read > 0) {}
                    return;
                }
            }
        }
    }
}

async fn read(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<Seen> {
    let mut more = async |buffer: &mut Vec<u8>| stream.read_buf(buffer).await.ok().filter(|read| *read > 0);
    let end = loop {
        match buffer.windows(4).position(|window| window == b"\r\n\r\n") {
            Some(at) => break at + 4,
            None => more(buffer).await?,
        };
    };
    let head = String::from_utf8_lossy(&buffer[..end]).into_owned();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok()).unwrap_or(0);
    while buffer.len() < end + length {
        more(buffer).await?;
    }
    let body = String::from_utf8_lossy(&buffer[end..end + length]).into_owned();
    buffer.drain(..end + length);
    Some(Seen { head, body })
}

/// An answer with a content length.
pub fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Vec<u8> {
    let mut text = format!("HTTP/1.1 {status} Status\r\ncontent-length: {}\r\n", body.len());
    if !headers.iter().any(|(name, _)| *name == "content-type") {
        text += "content-type: application/json\r\n";
    }
    for (name, value) in headers {
        text += &format!("{name}: {value}\r\n");
    }
    (text + "\r\n" + body).into_bytes()
}

/// The head of a chunked stream of events.
pub fn stream_head() -> Vec<u8> {
    b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\ntransfer-encoding: chunked\r\nmistral-correlation-id: id-1\r\n\r\n"
        .to_vec()
}

/// One chunk of a chunked body.
pub fn chunk(text: &str) -> Vec<u8> {
    format!("{:x}\r\n{text}\r\n", text.len()).into_bytes()
}

/// The end of a chunked body.
pub fn last_chunk() -> Vec<u8> {
    b"0\r\n\r\n".to_vec()
}

/// A whole chunked stream, in one piece of bytes, one chunk per event.
pub fn stream(events: &[&str]) -> Vec<u8> {
    let mut bytes = stream_head();
    for event in events {
        bytes.extend(chunk(event));
    }
    bytes.extend(last_chunk());
    bytes
}
