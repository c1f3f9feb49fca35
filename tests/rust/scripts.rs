//! The scripts with a clock that waits for nothing: each once with the longest waits that chance makes, once with the shortest.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use conformance::scripts::{Case, Server};
use serde_json::{Value, json};
use tramontane::client::clock::Clock;
use tramontane::client::{CallOptions, Client, Timeouts};
use tramontane::json as data;

const KEY: &str = "sk-a-secret-that-nobody-may-see-4711";

/// 2026-11-21 00:00:00 UTC
fn now() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_219_200)
}

/// Stands still, and remembers what it should have waited.
#[derive(Debug, Default)]
struct Still {
    chance: f64,
    waits: Mutex<Vec<Duration>>,
}

impl Clock for Still {
    fn now(&self) -> SystemTime {
        now()
    }

    fn sleep(&self, wait: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        self.waits.lock().unwrap().push(wait);
        Box::pin(std::future::ready(()))
    }

    fn chance(&self) -> f64 {
        self.chance
    }
}

fn client(case: &Case, url: &str, clock: Arc<Still>) -> Client {
    let options = &case.options;
    let seconds = |name: &str, or: Duration| options[name].as_f64().map_or(or, Duration::from_secs_f64);
    let usual = Timeouts::default();
    let timeouts = Timeouts {
        first_event: seconds("first_event", usual.first_event),
        idle: seconds("idle", usual.idle),
        total: Some(seconds("total", Duration::from_secs(600))),
        ..usual
    };
    let clock: Arc<dyn Clock> = clock;
    let mut builder = Client::builder().api_key(KEY).base_url(url).clock(clock).timeouts(timeouts);
    if let Some(retries) = options["max_retries"].as_u64() {
        builder = builder.max_retries(u32::try_from(retries).unwrap());
    }
    if let Some(bytes) = options["max_response_bytes"].as_u64() {
        builder = builder.max_response_bytes(bytes);
    }
    builder.build().unwrap()
}

fn text_of(answer: &data::Value<'_>) -> Option<String> {
    let answer: Value = serde_json::from_str(&answer.to_string()).ok()?;
    answer["choices"][0]["message"]["content"].as_str().map(str::to_owned)
}

/// What came of a call, as the scripts say it.
async fn outcome(client: &Client, call: &str) -> Value {
    let request = format!(
        r#"{{"operation":"{call}","model":"mistral-small-2603","messages":[{{"role":"user","content":"Which cheese?"}}]}}"#
    );
    let request = data::parse(request.as_bytes()).unwrap();
    let prepared = client.prepare(request, &CallOptions::default()).unwrap();
    let ended = match call {
        "chat" => client.execute(prepared).await,
        _ => match client.open(prepared).await {
            Ok(mut stream) => stream.finish().await,
            Err(error) => Err(error),
        },
    };
    match ended {
        Ok(reply) => json!({"text": text_of(&reply.data), "attempts": reply.meta.attempts}),
        Err(error) => {
            assert!(!format!("{error} {error:?} {}", error.to_value()).contains("4711"), "{error}");
            json!({"error": {
                "kind": error.kind().name(), "status": error.status, "retryable": error.retryable, "code": error.code,
                "retry_after": error.retry_after.map(|wait| wait.as_secs_f64()), "request_id": error.request_id,
                "message": error.to_string(), "partial": error.partial.as_ref().and_then(text_of),
            }})
        }
    }
}

/// Where an outcome differs from what a script expects.
fn differs(expect: &Value, got: &Value) -> Option<String> {
    if let Some(text) = expect.get("text") {
        return (got.get("text") != Some(text)).then(|| format!("expected the text {text}, got {got}"));
    }
    expect["error"].as_object().expect("a script expects a text or an error").iter().find_map(|(name, wanted)| {
        let is = &got["error"][if name == "partial_of" { "partial" } else { name }];
        let fits = match (name.as_str(), wanted) {
            ("kind", Value::Array(kinds)) => kinds.contains(is),
            ("message", Value::String(part)) => is.as_str().is_some_and(|text| text.contains(part)),
            ("partial_of", Value::String(whole)) => whole.starts_with(is.as_str().unwrap_or_default()),
            ("retry_after", Value::Number(wanted)) => is.as_f64() == wanted.as_f64(),
            _ => is == wanted,
        };
        (!fits).then(|| format!("expected {name} {wanted}, got {got}"))
    })
}

/// One script at one end of chance; says what was wrong.
async fn run(server: &Server, at: usize, case: &Case, url: &str, chance: f64) -> Option<String> {
    let clock = Arc::new(Still { chance, ..Still::default() });
    let got = outcome(&client(case, url, Arc::clone(&clock)), &case.call).await;
    if let Some(difference) = differs(&case.expect, &got) {
        return Some(difference);
    }
    let waits: Vec<f64> = clock.waits.lock().unwrap().iter().map(|wait| wait.as_secs_f64() * 1000.0).collect();
    let bounds: Vec<(f64, f64)> = case.expect["waits"].as_array().expect("a script says its waits").iter().map(bounds).collect();
    let exact = |(wait, (shortest, longest)): (&f64, &(f64, f64))| {
        // A date has whole seconds, and the clock stands at one.
        let by_a_date = longest - shortest == 1000.0;
        let end = if chance < 0.5 || by_a_date { longest } else { shortest };
        (wait - end).abs() < 1.0
    };
    if waits.len() != bounds.len() || !waits.iter().zip(&bounds).all(exact) {
        return Some(format!("expected the waits {bounds:?} at chance {chance}, got {waits:?}"));
    }
    let seen = server.log(at);
    let attempts = seen.arrived.len();
    if case.is_logged() && case.expect["attempts"] != json!(attempts) {
        return Some(format!("expected {} attempts, the server saw {attempts}", case.expect["attempts"]));
    }
    let same = seen.bodies.windows(2).all(|pair| pair[0] == pair[1]);
    let keyed = seen.authorization.iter().all(|value| *value == format!("Bearer {KEY}"));
    (!same || !keyed).then(|| "an attempt was not sent as the one before it".to_owned())
}

fn bounds(wait: &Value) -> (f64, f64) {
    let end = |at: usize| wait[at].as_f64().expect("a wait has a shortest and a longest");
    (end(0), end(1))
}

/// Runs every script once; gives what was wrong, and a row of figures for each family.
async fn run_all(chance: f64) -> (Vec<String>, BTreeMap<String, [u64; 5]>) {
    let server = Arc::new(Server::start(now).unwrap());
    let (mut wrong, mut table) = (Vec::new(), BTreeMap::<String, [u64; 5]>::new());
    let mut running = tokio::task::JoinSet::new();
    let mut waiting = server.cases().into_iter().enumerate();
    loop {
        while running.len() < 32
            && let Some((at, (case, url))) = waiting.next()
        {
            let server = Arc::clone(&server);
            running.spawn(async move { (run(&server, at, &case, &url, chance).await, case) });
        }
        let Some(done) = running.join_next().await else { break };
        let (difference, case) = done.unwrap();
        let row = table.entry(case.family.clone()).or_default();
        row[0] += 1;
        row[1] += case.expect["attempts"].as_u64().unwrap_or_default();
        row[2] += case.expect["waits"].as_array().map_or(0, Vec::len) as u64;
        row[if case.expect.get("text").is_some() { 3 } else { 4 }] += 1;
        wrong.extend(difference.map(|difference| format!("{}: {}: {difference}", case.family, case.name)));
    }
    assert!(server.other_saw().is_empty(), "{:?}", server.other_saw());
    (wrong, table)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_script_comes_out_as_it_says() {
    let (wrong, table) = run_all(0.0).await;
    println!("{:<14}{:>8}{:>10}{:>8}{:>10}{:>8}", "", "scripts", "attempts", "waits", "answers", "errors");
    let all = table.values().fold([0; 5], |sum, row| std::array::from_fn(|at| sum[at] + row[at]));
    for (family, row) in table.iter().map(|(family, row)| (family.as_str(), row)).chain([("all", &all)]) {
        println!("{family:<14}{:>8}{:>10}{:>8}{:>10}{:>8}", row[0], row[1], row[2], row[3], row[4]);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(all[0] > 1000, "scripts are missing");
    let (wrong, _) = run_all(0.999_999_999).await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
