//! What every client of the benchmarks talks to: canned answers over keep-alive connections on 127.0.0.1.
//!
//! Prints its base URL and serves until its standard input closes. A body with `"stream":true` gets a stream.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;

/// Text events of one stream; the runners divide by it.
const EVENTS: usize = 500;

struct Canned {
    chat: Vec<u8>,
    stream: Vec<u8>,
}

fn main() -> std::io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    println!("http://{}", listener.local_addr()?);
    let canned = Arc::new(Canned { chat: chat(), stream: stream() });
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
    while read_request(&mut reader, &mut body)? {
        let streamed = contains(&body, b"\"stream\":true") || contains(&body, b"\"stream\": true");
        out.write_all(if streamed { &canned.stream } else { &canned.chat })?;
    }
    Ok(())
}

fn contains(body: &[u8], needle: &[u8]) -> bool {
    body.windows(needle.len()).any(|window| window == needle)
}

/// Reads one request; `false` when the client has gone.
fn read_request(reader: &mut BufReader<TcpStream>, body: &mut Vec<u8>) -> std::io::Result<bool> {
    let (mut length, mut chunked, mut line) = (0, false, String::new());
    loop {
        line.clear();
        if reader.read_line(&mut line)? == 0 {
            return Ok(false);
        }
        let header = line.trim_end().to_ascii_lowercase();
        if header.is_empty() {
            break;
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
                return Ok(true);
            }
        }
    }
    body.resize(length, 0);
    reader.read_exact(body)?;
    Ok(true)
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

fn respond(kind: &str, body: &str) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\ncontent-length: {}\r\nmistral-correlation-id: bench\r\n\
         x-ratelimit-limit-req-minute: 360\r\nx-ratelimit-remaining-req-minute: 359\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body.as_bytes()].concat()
}
