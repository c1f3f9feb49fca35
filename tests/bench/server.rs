//! What every client of the benchmarks talks to: canned answers over keep-alive connections on 127.0.0.1.
//!
//! Prints its base URL and serves until its standard input closes. A body with `"stream":true` gets a stream; the path of
//! embeddings gets 128 vectors of 1024 numbers, in base64 where the body asks for it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;

use tramontane::json::Vector;

/// Text events of one stream; the runners divide by it.
const EVENTS: usize = 500;

/// Vectors of one answer, and the numbers of each.
const VECTORS: usize = 128;
const NUMBERS: usize = 1024;

struct Canned {
    chat: Vec<u8>,
    stream: Vec<u8>,
    numbers: Vec<u8>,
    base64: Vec<u8>,
}

impl Canned {
    fn answer(&self, path: &str, body: &[u8]) -> &[u8] {
        if path.ends_with("/embeddings") {
            return if contains(body, b"base64") { &self.base64 } else { &self.numbers };
        }
        // Nobody looks through a picture.
        let streamed = body.len() < 100_000 && (contains(body, b"\"stream\":true") || contains(body, b"\"stream\": true"));
        if streamed { &self.stream } else { &self.chat }
    }
}

fn main() -> std::io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    println!("http://{}", listener.local_addr()?);
    let (numbers, base64) = embeddings();
    let canned = Arc::new(Canned { chat: chat(), stream: stream(), numbers, base64 });
    std::thread::spawn(move || {
        for socket in listener.incoming().flatten() {
            let canned = canned.clone();
            // A client that goes away ends its own thread only.
            std::thread::spawn(move || drop(serve(socket, &canned)));
        }
    });
    std::io::stdin().read_to_end(&mut Vec::new())?;
    Ok(())
}

fn serve(socket: TcpStream, canned: &Canned) -> std::io::Result<()> {
    socket.set_nodelay(true)?;
    let mut out = socket.try_clone()?;
    let mut reader = BufReader::new(socket);
    let mut body = Vec::new();
    while let Some(path) = read_request(&mut reader, &mut body)? {
        out.write_all(canned.answer(&path, &body))?;
    }
    Ok(())
}

fn contains(body: &[u8], needle: &[u8]) -> bool {
    body.windows(needle.len()).any(|window| window == needle)
}

/// Reads one request and gives its path; `None` when the client has gone.
fn read_request(reader: &mut BufReader<TcpStream>, body: &mut Vec<u8>) -> std::io::Result<Option<String>> {
    let (mut length, mut chunked, mut line, mut path) = (0, false, String::new(), None);
    loop {
        line.clear();
        if reader.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        let header = line.trim_end().to_ascii_lowercase();
        if header.is_empty() {
            break;
        }
        if path.is_none() {
            path = header.split(' ').nth(1).map(str::to_owned);
        }
        if let Some(value) = header.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or(0);
        }
        chunked |= header.starts_with("transfer-encoding:") && header.ends_with("chunked");
    }
    body.clear();
    if chunked {
        loop {
            line.clear();
            reader.read_line(&mut line)?;
            let size = usize::from_str_radix(line.trim(), 16).unwrap_or(0);
            let at = body.len();
            body.resize(at + size, 0);
            reader.read_exact(&mut body[at..])?;
            reader.read_line(&mut line)?;
            if size == 0 {
                return Ok(path);
            }
        }
    }
    body.resize(length, 0);
    reader.read_exact(body)?;
    Ok(path)
}

fn chat() -> Vec<u8> {
    let body = r#"{"id":"8f5e8c9b0c6c4f4a930e27f54ab8d92f","object":"chat.completion","created":1787150225,"model":"mistral-small-2603","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"The quick brown fox jumps over the lazy dog, and then it rests for a while in the shade of an old oak tree.","tool_calls":null}}],"usage":{"prompt_tokens":20,"completion_tokens":26,"total_tokens":46,"prompt_tokens_details":{"cached_tokens":0},"service_tier":"standard"}}"#;
    respond("application/json", body)
}

fn stream() -> Vec<u8> {
    let head = r#"data: {"id":"8f5e8c9b0c6c4f4a930e27f54ab8d92f","object":"chat.completion.chunk","created":1787150315,"model":"mistral-small-2603","choices":[{"index":0,"delta":"#;
    let mut body = format!("{head}{{\"role\":\"assistant\",\"content\":\"\"}},\"finish_reason\":null}}]}}\n\n");
    for at in 0..EVENTS - 1 {
        let padding = "abcdefghijklmnopqrstuvwxyz".get(..1 + at % 26).unwrap_or_default();
        body += &format!("{head}{{\"content\":\" word{at}\"}},\"finish_reason\":null}}],\"p\":\"{padding}\"}}\n\n");
    }
    body += &format!(
        "{head}{{\"content\":\"\"}},\"finish_reason\":\"stop\"}}],\"usage\":{{\"prompt_tokens\":20,\"completion_tokens\":{EVENTS},\"total_tokens\":{}}}}}\n\ndata: [DONE]\n\n",
        EVENTS + 20
    );
    respond("text/event-stream; charset=utf-8", &body)
}

/// The same vectors twice: as numbers with all the digits of 64 bits, and as base64 of floats of 32.
fn embeddings() -> (Vec<u8>, Vec<u8>) {
    let mut state = 88_172_645_463_325_252_u64;
    let mut random = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        ((state >> 11) as f64 / (1_u64 << 53) as f64 - 0.5) / 8.0
    };
    let (mut numbers, mut base64) = (Vec::new(), Vec::new());
    for index in 0..VECTORS {
        let vector: Vec<f64> = (0..NUMBERS).map(|_| random()).collect();
        let narrow = Vector::from(vector.iter().map(|number| *number as f32).collect::<Vec<_>>());
        let entry = |embedding: String| format!("{{\"object\":\"embedding\",\"embedding\":{embedding},\"index\":{index}}}");
        numbers.push(entry(serde_json::to_string(&vector).unwrap_or_default()));
        base64.push(entry(format!("\"{}\"", narrow.to_base64())));
    }
    let answer = |data: Vec<String>| {
        let usage = "{\"prompt_tokens\":640,\"completion_tokens\":0,\"total_tokens\":640}";
        let data = data.join(",");
        let body = format!(
            "{{\"id\":\"8f5e8c9b\",\"object\":\"list\",\"data\":[{data}],\"model\":\"mistral-embed\",\"usage\":{usage}}}"
        );
        respond("application/json", &body)
    };
    (answer(numbers), answer(base64))
}

fn respond(kind: &str, body: &str) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\ncontent-length: {}\r\nmistral-correlation-id: bench\r\n\
         x-ratelimit-limit-req-minute: 360000\r\nx-ratelimit-remaining-req-minute: 359999\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body.as_bytes()].concat()
}
