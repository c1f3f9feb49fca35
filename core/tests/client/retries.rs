//! Scripts of answers against attempts, waits and the final error.

use std::time::Duration;

use tramontane::ErrorKind;

use crate::server::{Server, Step, answer};
use crate::{COMPLETION, client, complete};

/// What a server says, how often it is asked, what the client waits for, and what it ends with.
struct Case {
    name: &'static str,
    scripts: Vec<Vec<Step>>,
    attempts: usize,
    waits: &'static [u64],
    end: Result<u32, ErrorKind>,
}

fn send(status: u16, headers: &[(&str, &str)], body: &str) -> Vec<Step> {
    vec![Step::Send(answer(status, headers, body))]
}

fn fail(status: u16, headers: &[(&str, &str)]) -> Vec<Step> {
    send(status, headers, r#"{"object":"error","message":"no","type":"x","code":"1"}"#)
}

fn good() -> Vec<Step> {
    send(200, &[], COMPLETION)
}

fn cases() -> Vec<Case> {
    use ErrorKind as K;
    let case = |name, scripts, attempts, waits, end| Case { name, scripts, attempts, waits, end };
    let mut cases = vec![
        case("429 twice, then good", vec![fail(429, &[]), fail(429, &[]), good()], 3, &[500, 1000], Ok(3)),
        case("429 for ever", vec![fail(429, &[])], 3, &[500, 1000], Err(K::RateLimit)),
        case("retry-after in seconds", vec![fail(429, &[("retry-after", "2")]), good()], 2, &[2000], Ok(2)),
        case("retry-after of nothing", vec![fail(429, &[("retry-after", "0")]), good()], 2, &[], Ok(2)),
        case("retry-after-ms", vec![fail(429, &[("retry-after-ms", "30"), ("retry-after", "9")]), good()], 2, &[30], Ok(2)),
        case(
            "retry-after as a date by our clock",
            vec![fail(503, &[("retry-after", "Sat, 21 Nov 2026 00:00:07 GMT")]), good()],
            2,
            &[7000],
            Ok(2),
        ),
        case(
            "retry-after as a date by the server's clock",
            vec![
                fail(503, &[("retry-after", "Sat, 21 Nov 2026 05:00:03 GMT"), ("date", "Sat, 21 Nov 2026 05:00:00 GMT")]),
                good(),
            ],
            2,
            &[3000],
            Ok(2),
        ),
        case("retry-after of an hour", vec![fail(429, &[("retry-after", "3600")]), good()], 1, &[], Err(K::RateLimit)),
        case("retry-after of nonsense", vec![fail(429, &[("retry-after", "soon")]), good()], 2, &[500], Ok(2)),
        case("no quota for the model", vec![fail(429, &[("x-ratelimit-limit-req-minute", "0")]), good()], 1, &[], Err(K::Quota)),
        case(
            "the month is used up",
            vec![fail(429, &[("x-ratelimit-remaining-tokens-month", "0")]), good()],
            1,
            &[],
            Err(K::Quota),
        ),
        case("no credit left", vec![insufficient(), good()], 1, &[], Err(K::Quota)),
        case("a reset before the answer", vec![vec![Step::Reset], good()], 2, &[500], Ok(2)),
        case("a close before the answer", vec![vec![Step::Close], good()], 2, &[500], Ok(2)),
        case("an answer cut short", vec![cut(), good()], 2, &[500], Ok(2)),
        case("a page instead of an answer", vec![page(), good()], 1, &[], Err(K::Decode)),
        case("broken JSON", vec![send(200, &[], "{\"id\":"), good()], 1, &[], Err(K::Decode)),
    ];
    for status in [408, 409, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 529] {
        cases.push(case("a status that passes", vec![fail(status, &[]), good()], 2, &[500], Ok(2)));
    }
    for (status, kind) in [
        (400, K::BadRequest),
        (401, K::Authentication),
        (402, K::PaymentRequired),
        (403, K::Permission),
        (404, K::NotFound),
        (413, K::RequestTooLarge),
        (422, K::Validation),
        (501, K::Server),
    ] {
        cases.push(case("a status that stays", vec![fail(status, &[]), good()], 1, &[], Err(kind)));
    }
    cases
}

fn cut() -> Vec<Step> {
    let whole = answer(200, &[], COMPLETION);
    vec![Step::Send(whole[..whole.len() - 20].to_vec()), Step::Close]
}

fn insufficient() -> Vec<Step> {
    send(
        429,
        &[],
        r#"{"error":{"message":"You exceeded your current quota","type":"insufficient_quota","code":"insufficient_quota"}}"#,
    )
}

fn page() -> Vec<Step> {
    send(200, &[("content-type", "text/html")], "<html><title>Sign in</title></html>")
}

#[tokio::test]
async fn every_script() {
    for case in cases() {
        let status = format!("{}: {:?}", case.name, case.end);
        let server = Server::start(case.scripts).await;
        let (builder, clock) = client(&server.url);
        let outcome = complete(&builder.build().unwrap()).await;
        assert_eq!(
            outcome.as_ref().map(|reply| reply.meta.attempts).map_err(|error| error.kind()),
            case.end,
            "{status} {outcome:?}"
        );
        assert_eq!(server.seen().len(), case.attempts, "{status}");
        assert_eq!(clock.waits(), case.waits.iter().map(|ms| Duration::from_millis(*ms)).collect::<Vec<_>>(), "{status}");
        let bodies: Vec<_> = server.seen().into_iter().map(|seen| seen.body).collect();
        assert!(bodies.windows(2).all(|pair| pair[0] == pair[1]), "{status}");
    }
}

#[tokio::test]
async fn a_wait_that_is_too_long_stands_on_the_error() {
    for (headers, timeout, asked) in [("3600", 600, 3600), ("20", 10, 20)] {
        let server = Server::start(vec![fail(429, &[("retry-after", headers)]), good()]).await;
        let (builder, clock) = client(&server.url);
        let error = complete(&builder.timeout(Duration::from_secs(timeout)).build().unwrap()).await.unwrap_err();
        assert_eq!(error.retry_after, Some(Duration::from_secs(asked)));
        assert!(clock.waits().is_empty() && error.retryable);
    }
}
