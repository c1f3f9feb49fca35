use proptest::prelude::*;

use super::*;

const NOON: u64 = 1_795_262_400_000; // 2026-11-21 12:00 UTC

fn requests(second: u64) -> Limiter {
    Limiter::new(Limits { requests_per_second: Some(second), ..Limits::default() }.rules())
}

fn tokens(prompt: u64, completion: u64) -> Claim {
    Claim { prompt, completion: Some(completion), bounded: true, ..Claim::default() }
}

fn headers(pairs: &[(&str, u64)]) -> Map<u64> {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), *value)).collect()
}

#[test]
fn a_full_window_says_when_it_will_have_room() {
    let mut limiter = requests(2);
    assert!(matches!(limiter.admit(NOON, "", &Claim::default()), Verdict::Go(_)));
    assert!(matches!(limiter.admit(NOON + 500, "", &Claim::default()), Verdict::Go(_)));
    let Verdict::Wait(wait) = limiter.admit(NOON + 600, "", &Claim::default()) else { panic!("three in a second") };
    assert!((420..=440).contains(&wait.as_millis()), "{wait:?}");
    let then = NOON + 600 + wait.as_millis() as u64;
    assert!(matches!(limiter.admit(then - 1, "", &Claim::default()), Verdict::Wait(_)));
    assert!(matches!(limiter.admit(then, "", &Claim::default()), Verdict::Go(_)));
}

#[test]
fn a_month_is_the_calendars() {
    let mut limiter = Limiter::new(Limits { tokens_per_month: Some(100), ..Limits::default() }.rules());
    assert!(matches!(limiter.admit(NOON, "", &tokens(60, 40)), Verdict::Go(_)));
    let Verdict::Wait(wait) = limiter.admit(NOON, "", &tokens(1, 0)) else { panic!("more than the month holds") };
    assert_eq!(wait, Duration::from_secs(9 * 86_400 + 43_200)); // until the first of December
    assert_eq!(Span::rest_of_month(NOON), wait.as_millis() as u64);
    assert!(matches!(limiter.admit(NOON + wait.as_millis() as u64, "", &tokens(1, 0)), Verdict::Go(_)));
}

#[test]
fn real_use_takes_the_place_of_what_was_claimed() {
    let mut limiter = Limiter::new(Limits { tokens_per_minute: Some(1000), ..Limits::default() }.rules());
    let Verdict::Go(grant) = limiter.admit(NOON, "", &tokens(100, 900)) else { panic!("it fits") };
    assert!(matches!(limiter.admit(NOON, "", &tokens(100, 0)), Verdict::Wait(_)));
    limiter.settle(&grant, &Used { tokens: Some(150), ..Used::default() });
    assert!(matches!(limiter.admit(NOON, "", &tokens(850, 0)), Verdict::Go(_)));
    assert!(matches!(limiter.admit(NOON, "", &tokens(1, 0)), Verdict::Wait(_)));
    // Larger than the limit: it goes when nothing else is in the window.
    assert!(matches!(limiter.admit(NOON + 70_000, "", &tokens(5000, 0)), Verdict::Go(_)));
}

#[test]
fn a_call_that_costs_nothing_claims_no_tokens() {
    let mut limiter = Limiter::new(Limits { tokens_per_minute: Some(10), ..Limits::default() }.rules());
    assert!(matches!(limiter.admit(NOON, "", &tokens(10, 0)), Verdict::Go(_)));
    let free = Claim { free: true, ..Claim::default() };
    assert!(matches!(limiter.admit(NOON, "", &free), Verdict::Go(_)));
}

#[test]
fn limits_are_learnt_and_followed_both_ways() {
    let mut limiter = Limiter::default();
    limiter.learn(NOON, "small", &headers(&[("limit-req-minute", 50), ("remaining-req-minute", 1), ("tokens-query-cost", 9)]));
    assert!(matches!(limiter.admit(NOON, "small", &Claim::default()), Verdict::Go(_)));
    assert!(matches!(limiter.admit(NOON, "small", &Claim::default()), Verdict::Wait(_)));
    // Another model has limits of its own.
    assert!(matches!(limiter.admit(NOON, "large", &Claim::default()), Verdict::Go(_)));
    // The server's minute began anew sooner than ours.
    limiter.learn(NOON + 5000, "small", &headers(&[("limit-req-minute", 50), ("remaining-req-minute", 50)]));
    assert!(matches!(limiter.admit(NOON + 5000, "small", &Claim::default()), Verdict::Go(_)));
    // A limit of nought is no limit to wait for: the plan has none.
    limiter.learn(NOON, "tiny", &headers(&[("limit-req-minute", 0), ("remaining-req-minute", 0)]));
    assert!(matches!(limiter.admit(NOON, "tiny", &Claim::default()), Verdict::Go(_)));
}

#[test]
fn a_limit_that_was_set_is_only_tightened() {
    let mut limiter = Limiter::new(Limits { requests_per_minute: Some(10), ..Limits::default() }.rules());
    limiter.learn(NOON, "m", &headers(&[("limit-req-minute", 10), ("remaining-req-minute", 1)]));
    assert!(matches!(limiter.admit(NOON, "m", &Claim::default()), Verdict::Go(_)));
    assert!(matches!(limiter.admit(NOON, "m", &Claim::default()), Verdict::Wait(_)));
    limiter.learn(NOON, "m", &headers(&[("limit-req-minute", 10), ("remaining-req-minute", 10)]));
    assert!(matches!(limiter.admit(NOON, "m", &Claim::default()), Verdict::Wait(_)));
}

#[test]
fn every_form_of_header_is_read() {
    let mut limiter = Limiter::default();
    let all = [
        ("limit-tokens-5-minute", 1000),
        ("limit-req-10-second", 7),
        ("limit-audio-seconds-minute", 2000),
        ("limit-tokens-month", 4_000_000),
        ("bysize-limit-minute", 500),
        ("limit-nonsense", 4),
        ("limit-req-fortnight", 4),
        ("remaining-req-minute", 3),
    ];
    limiter.learn(NOON, "m", &headers(&all));
    let rules: Vec<String> =
        limiter.rules().map(|(_, rule)| format!("{} {:?} {}", rule.resource, rule.span, rule.limit)).collect();
    insta::assert_snapshot!(rules.join("; "), @"tokens Millis(60000) 500; audio-seconds Millis(60000) 2000; req Millis(10000) 7; tokens Millis(300000) 1000; tokens Month 4000000");
    let costs = query_costs(&headers(&[("tokens-query-cost", 257), ("audio-seconds-query-cost", 3), ("bysize-query-cost", 4)]));
    assert_eq!(costs, headers(&[("audio-seconds", 3), ("tokens", costs["tokens"])]));
}

proptest! {
    /// Whatever the calls and their moments: no stretch of a second holds more than the limit.
    #[test]
    fn no_window_is_ever_passed(limit in 1..20u64, steps in prop::collection::vec(0..300u64, 1..120)) {
        let mut limiter = requests(limit);
        let mut now = NOON;
        let mut went: Vec<u64> = Vec::new();
        for step in steps {
            now += step;
            if let Verdict::Wait(wait) = limiter.admit(now, "", &Claim::default()) {
                now += wait.as_millis() as u64;
                prop_assert!(matches!(limiter.admit(now, "", &Claim::default()), Verdict::Go(_)), "the wait was too short");
            }
            went.push(now);
            let within = went.iter().filter(|at| **at + 1000 > now).count() as u64;
            prop_assert!(within <= limit, "{within} within a second, {limit} allowed");
        }
    }

    /// Who always waits as long as it must uses nearly all of the limit.
    #[test]
    fn nearly_all_of_the_limit_is_used(limit in 20..200u64) {
        let mut limiter = requests(limit);
        let (mut now, mut went) = (NOON, 0u64);
        while now < NOON + 20_000 {
            match limiter.admit(now, "", &Claim::default()) {
                Verdict::Go(_) => went += 1,
                Verdict::Wait(wait) => now += wait.as_millis() as u64,
            }
        }
        prop_assert!(went * 100 >= limit * 20 * 95, "{went} of {}", limit * 20);
    }
}
