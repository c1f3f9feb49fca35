//! A session full of failures: whatever can be printed of it, the key is nowhere in it.

use std::time::Duration;

use tramontane::client::{CallOptions, Client, ClientBuilder, Key, Limiter};
use tramontane::date::Date;
use tramontane::json::Value;
use tramontane::secret::Secret;
use tramontane::{Error, Result};

use crate::server::{Server, Step, answer, chunk, stream_head};
use crate::{COMPLETION, request, shown};

const SECRET: &str = "sk-tr4m+leak/test=KEY-that-nobody-may-see";
const OTHER: &str = "sk-other+leak/test=KEY-that-nobody-may-see";

/// A secret as it is, in Base64 at each of the three places of its bytes, percent-encoded, in hexadecimal digits.
fn forms(secret: &str) -> Vec<String> {
    let mut forms = vec![secret.to_owned(), secret.chars().rev().collect()];
    for before in ["", "Bearer ", ":"] {
        let whole = base64(format!("{before}{secret}").as_bytes());
        // The last letters hang on what follows.
        forms.push(whole[..whole.len() - 4].to_owned());
    }
    let bytes = secret.bytes();
    forms.push(
        bytes
            .clone()
            .map(|b| if b.is_ascii_alphanumeric() || b == b'-' { (b as char).to_string() } else { format!("%{b:02X}") })
            .collect(),
    );
    forms.push(bytes.map(|b| format!("{b:02x}")).collect());
    forms
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let group = |three: &[u8]| {
        let bits = three.iter().fold(0u32, |bits, b| bits << 8 | u32::from(*b)) << (8 * (3 - three.len()));
        (0..4).map(move |at| LETTERS[(bits >> (18 - 6 * at) & 63) as usize] as char)
    };
    bytes.chunks(3).flat_map(group).collect()
}

#[derive(Default)]
struct Session {
    texts: Vec<String>,
    failures: usize,
}

impl Session {
    fn say(&mut self, text: impl Into<String>) {
        self.texts.push(text.into());
    }

    fn error(&mut self, error: &Error) {
        self.failures += 1;
        self.say(shown(error));
        self.say(error.to_json());
        let mut source = std::error::Error::source(error);
        while let Some(inner) = source {
            self.say(format!("{inner} {inner:?}"));
            source = inner.source();
        }
    }

    fn outcome<T: std::fmt::Debug>(&mut self, outcome: Result<T>) {
        match outcome {
            Ok(value) => self.say(format!("{value:?} {value:#?}")),
            Err(error) => self.error(&error),
        }
    }
}

/// A server that repeats the key wherever it can.
fn echo(status: u16) -> Vec<Step> {
    let key = format!("Bearer {SECRET}");
    let body = format!(
        r#"{{"object":"error","message":"bad key {key}","type":"{key}","code":"{key}","param":"{key}","detail":["{OTHER}"]}}"#
    );
    vec![Step::Send(answer(status, &[("mistral-correlation-id", &key), ("retry-after", "0")], &body.replace(OTHER, SECRET)))]
}

fn scripts() -> Vec<Vec<Step>> {
    let send = |status, headers: &[(&str, &str)], body: &str| vec![Step::Send(answer(status, headers, body))];
    let said = format!("data: {{\"id\":\"1\",\"choices\":[{{\"index\":0,\"delta\":{{\"content\":\"Bearer {SECRET}\"}}}}]}}\n\n");
    let broken = format!("data: {{\"error\":{{\"message\":\"no {SECRET}\",\"code\":\"{SECRET}\"}}}}\n\n");
    let stream = |event: &str, end: Step| vec![Step::Send(stream_head()), Step::Send(chunk(event)), end];
    let mut all: Vec<Vec<Step>> = [400, 401, 403, 404, 422, 429, 500, 503].into_iter().map(echo).collect();
    all.extend([
        send(401, &[], ""),
        send(502, &[("content-type", "text/html")], "<html><title>no</title></html>"),
        send(200, &[], "{\"choices\": [}"),
        send(200, &[], &format!("{{\"error\": \"{SECRET}\"}}")),
        send(302, &[("location", "http://127.0.0.1:9/x?token=y")], ""),
        send(307, &[("location", "/elsewhere")], ""),
        vec![Step::Close],
        vec![Step::Reset],
        vec![Step::Hang],
        vec![Step::Send(answer(200, &[], COMPLETION)[..80].to_vec()), Step::Reset],
        stream(&said, Step::Close),
        stream(&said, Step::Reset),
        stream(&said, Step::Hang),
        stream(&format!("{said}{broken}"), Step::Close),
    ]);
    all
}

fn client(url: &str) -> ClientBuilder {
    Client::builder().api_key(SECRET).base_url(url).max_retries(0).timeout(Duration::from_millis(300))
}

async fn calls(session: &mut Session, client: &Client) {
    for operation in ["chat", "chat_stream"] {
        let call = client.prepare(request(operation), &CallOptions::default()).unwrap();
        session.say(format!("{call:?} {call:#?}"));
        if operation == "chat" {
            session.outcome(client.execute(call).await);
            continue;
        }
        match client.open(call).await {
            Err(error) => session.error(&error),
            Ok(mut stream) => {
                session.say(format!("{stream:?}"));
                while let Some(event) = stream.next().await {
                    // What a server says in an answer belongs to the answer; an error must not repeat it.
                    if let Err(error) = event {
                        session.error(&error);
                    }
                }
                session.say(format!("{:?}", stream.meta()));
                if let Err(error) = stream.finish().await {
                    session.error(&error);
                }
            }
        }
    }
}

fn misplaced(session: &mut Session) {
    for key in [format!("{SECRET}\n{SECRET}"), format!("{SECRET} ö"), format!("{SECRET}\0"), format!("\u{7f}{SECRET}")] {
        session.outcome(Secret::new(key.clone()));
        session.outcome(Key::new(key.clone()));
        session.outcome(Client::builder().api_key(key).build());
    }
    session.outcome(Limiter::redis(format!("http://:{SECRET}@127.0.0.1/0")));
    session.outcome(Limiter::redis(format!("redis://:{SECRET}@127.0.0.1/0")));
    session.outcome(Client::builder().api_key(SECRET).base_url("nonsense").build());
    let client = client("http://127.0.0.1:9").build().unwrap();
    session.say(format!("{client:?} {client:#?}"));
    for (name, place) in [
        ("authorization", "extra_headers"),
        ("x-api-key", "extra_headers"),
        ("api_key", "extra_query"),
        ("api_key", "extra_body"),
    ] {
        let policy = format!(r#"{{"{place}": {{"{name}": "{OTHER}"}}}}"#);
        let mut options = CallOptions::default();
        options.policy = Some(tramontane::json::from_value(&tramontane::json::parse(policy.as_bytes()).unwrap()).unwrap());
        session.outcome(client.prepare(request("chat"), &options));
    }
    let mut wrong = request("chat");
    wrong.as_object_mut().unwrap().set("api_key", Value::from(format!("x{}", &OTHER[..3])));
    session.outcome(client.prepare(wrong, &CallOptions::default()));
}

#[tokio::test]
async fn the_key_is_nowhere() {
    let mut session = Session::default();
    for script in scripts() {
        let server = Server::start(vec![script]).await;
        let client = client(&server.url).build().unwrap();
        calls(&mut session, &client).await;
        assert!(server.seen().iter().all(|seen| seen.header("authorization").is_some_and(|value| value.ends_with(SECRET))));
    }
    calls(&mut session, &client("http://127.0.0.1:9").build().unwrap()).await;
    let server = Server::start(vec![echo(401)]).await;
    // The server repeats one of a pool's keys, whichever of them was sent last.
    for keys in [[OTHER, SECRET], [SECRET, OTHER]] {
        let pool = Key::pool(keys.map(|key| Key::new(key).unwrap())).unwrap();
        session.say(format!("{pool:?}"));
        calls(&mut session, &client(&server.url).key(pool).build().unwrap()).await;
    }
    let over = Key::new(SECRET).unwrap().expires_on(Date::new(2020, 1, 1).unwrap());
    calls(&mut session, &client(&server.url).key(over).build().unwrap()).await;
    misplaced(&mut session);
    let panicked = tokio::spawn(async {
        let key = Secret::new(SECRET).unwrap();
        panic!("with {key} and {key:?}")
    });
    session.say(format!("{:?}", panicked.await.unwrap_err()));

    let forms: Vec<String> = [SECRET, OTHER].into_iter().flat_map(forms).collect();
    assert!(session.failures > 40, "{} failures", session.failures);
    for text in &session.texts {
        if let Some(form) = forms.iter().find(|form| text.contains(form.as_str())) {
            panic!("`{form}` stands in: {}", &text[..text.len().min(600)]);
        }
    }
    let size: usize = session.texts.iter().map(String::len).sum();
    println!(
        "{} failures, {} texts ({} KiB), {} forms of the key: none found",
        session.failures,
        session.texts.len(),
        size >> 10,
        forms.len()
    );
}
