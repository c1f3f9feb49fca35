//! How long a prompt and its answer may be.

use std::fmt;

use super::fault::Fault;
use super::findings::{Draft, Findings, rule};
use super::tokens::{self, Prompt};
use crate::catalogue::ModelRow;
use crate::json::{Object, Path, Value};

/// Compares the estimate and `max_tokens` with the model's context and longest answer. `field` holds the prompt, which is
/// counted here if it has not been, and need be: if what it has at most, as far as that is known, might be too much.
pub(super) fn check(
    request: &Object<'_>,
    field: &str,
    row: &ModelRow,
    prompt: Option<&Prompt>,
    most: Option<u64>,
    out: &mut Findings<'_>,
) {
    let root = Path::root();
    let wanted = request.get("max_tokens").and_then(Value::as_u64);
    let too_many = wanted.is_some_and(|wanted| max_tokens(wanted, row, &root, out));
    let Some(context) = row.context else { return };
    let fits = |most: u64| most.saturating_add(wanted.unwrap_or(0)) <= context;
    match prompt {
        Some(prompt) => lengths(field, row, context, prompt, wanted.filter(|_| !too_many), out),
        None if most.is_some_and(fits) || fits(tokens::at_most(request)) => {}
        None => lengths(field, row, context, &tokens::prompt(request), wanted.filter(|_| !too_many), out),
    }
}

/// Compares prompt and answer with the context.
#[inline(never)]
fn lengths(field: &str, row: &ModelRow, context: u64, prompt: &Prompt, wanted: Option<u64>, out: &mut Findings<'_>) {
    let root = Path::root();
    let low = prompt.tokens.low.saturating_add(prompt.sound.low);
    let high = prompt.tokens.high.saturating_add(prompt.sound.high);
    let path = root.key(field);
    if low > context {
        let message = format_args!("the prompt has at least {low} tokens, but `{}` holds {context}", row.id);
        let fault =
            Fault::rule("invalid_request_prompt_too_long", format_args!("Prompt {low} > {context} maximum context length"));
        out.add(
            &path,
            Draft::new(rule!("context_window"), message)
                .hint(format_args!("shorten it, or take a model with more context"))
                .fault(fault),
        );
        return;
    }
    // What can only be guessed is no reason to warn.
    if high > context && !prompt.guessed {
        let message = format_args!("the prompt has {low} to {high} tokens, and `{}` holds {context}", row.id);
        out.add(&path, Draft::new(rule!("context_window_near"), message).hint(format_args!("shorten it to be sure")));
    } else if let Some(wanted) = wanted.filter(|wanted| low.saturating_add(*wanted) > context) {
        let message =
            format_args!("the prompt (at least {low} tokens) and `max_tokens` ({wanted}) exceed the {context} of `{}`", row.id);
        out.at("max_tokens", Draft::new(rule!("context_window_near"), message).hint(format_args!("lower `max_tokens`")));
    }
}

/// Whether `max_tokens` is more than the model ever gives.
#[inline(never)]
fn max_tokens(wanted: u64, row: &ModelRow, root: &Path<'_>, out: &mut Findings<'_>) -> bool {
    let (limit, context) = match (row.max_output, row.context) {
        (Some(limit), _) if wanted > limit => (limit, None),
        (_, Some(context)) if wanted >= context => (context - 1, Some(context)),
        _ => return false,
    };
    let path = root.key("max_tokens");
    let message = fmt::from_fn(|f| match context {
        None => write!(f, "`{}` answers with at most {limit} tokens", row.id),
        Some(context) => {
            write!(f, "`max_tokens` takes the whole context of `{}`, {context} tokens, and leaves none for the prompt", row.id)
        }
    });
    let fault = Fault::form("less_than_equal", &path, format_args!("Input should be less than or equal to {limit}"));
    let message = format_args!("{message}");
    out.add(&path, Draft::new(rule!("max_tokens_context"), message).hint(format_args!("lower it, or leave it out")).fault(fault));
    true
}
