//! How the answer is drawn: fields that exclude each other.

use super::fault::Fault;
use super::findings::{Draft, Findings, rule};
use crate::json::{Object, Path, Value};

const KIND: &str = "invalid_request_error";

/// What every request that generates text has: temperature, `top_p` and the cache key.
pub(super) fn check(request: &Object<'_>, out: &mut Findings<'_>) {
    let root = Path::root();
    greedy(request, &root, out);
    if let Some(Value::String(key)) = request.get("prompt_cache_key")
        && !key.is_ascii()
    {
        let message = format_args!("`prompt_cache_key` holds letters beyond ASCII");
        out.at("prompt_cache_key", Draft::new(rule!("cache_key_ascii"), message).hint(format_args!("use ASCII letters only")));
    }
}

/// What temperature 0 excludes, wherever sampling is asked for.
pub(super) fn greedy(args: &Object<'_>, path: &Path<'_>, out: &mut Findings<'_>) {
    if is_greedy(args) {
        top_p(args, path, out);
    }
}

/// What only chats have: `n` and `prediction`.
pub(super) fn several(request: &Object<'_>, out: &mut Findings<'_>) {
    if let Some(n) = request.get("n").and_then(Value::as_i64).filter(|n| *n > 1) {
        many(n, request, out);
    }
}

#[inline(never)]
fn many(n: i64, request: &Object<'_>, out: &mut Findings<'_>) {
    if is_greedy(request) {
        let message = format_args!("temperature 0 gives the same answer {n} times");
        let fault = Fault::rule(KIND, "n must be 1 when using greedy sampling.");
        out.at(
            "n",
            Draft::new(rule!("greedy_n"), message).hint(format_args!("set `n` to 1, or raise the temperature")).fault(fault),
        );
    }
    let predicts = request.get("prediction").and_then(|prediction| prediction.get("content")).and_then(Value::as_str);
    if predicts.is_some_and(|text| !text.is_empty()) {
        let message = format_args!("a prediction works with one answer only");
        out.at(
            "n",
            Draft::new(rule!("n_with_prediction"), message).hint(format_args!("set `n` to 1, or leave `prediction` out")),
        );
    }
}

fn is_greedy(request: &Object<'_>) -> bool {
    request.get("temperature").and_then(Value::as_f64) == Some(0.0)
}

#[inline(never)]
fn top_p(args: &Object<'_>, path: &Path<'_>, out: &mut Findings<'_>) {
    let path = path.key("top_p");
    let fault = || Fault::rule(KIND, "top_p must be 1 when using greedy sampling.");
    match args.get("top_p") {
        Some(Value::Number(top_p)) if top_p.as_f64() > 0.0 && top_p.as_f64() < 1.0 => {
            let draft = Draft::new(rule!("greedy_top_p"), format_args!("with temperature 0, `top_p` must be 1"));
            out.add(&path, draft.hint(format_args!("set `top_p` to 1, or raise the temperature")).fault(fault()));
        }
        None | Some(Value::Null) if args.get("reasoning_effort").and_then(Value::as_str).is_some_and(|e| e != "none") => {
            let message = format_args!("with temperature 0 and reasoning, a server has refused requests without `top_p`");
            out.add(
                &path,
                Draft::new(rule!("greedy_top_p_unset"), message).hint(format_args!("set `top_p` to 1")).fault(fault()),
            );
        }
        _ => {}
    }
}
