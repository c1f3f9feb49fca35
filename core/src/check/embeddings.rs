//! What embeddings ask of the model, and of their texts. A model that the catalogue does not know is let be.

use super::fault::Fault;
use super::findings::{Draft, Findings, rule};
use super::tokens;
use super::walk::choice;
use crate::catalogue::ModelRow;
use crate::catalogue::row::{Capabilities, EmbeddingFacts};
use crate::finding::Rule;
use crate::json::{Dtype, Object, Path, Value};

/// Compares the request with what the model takes.
#[inline(never)]
pub(super) fn check(request: &Object<'_>, row: Option<&ModelRow>, out: &mut Findings<'_>) {
    let root = Path::root();
    empty(request, out);
    packed(request, out);
    let Some(row) = row else { return };
    let Some(facts) = &row.embedding else { return not_for_embeddings(row, out) };
    count(request, row, facts, out);
    dimension(request, row, facts, &root, out);
    dtype(request, row, facts, out);
    if let Some(context) = row.context {
        lengths(request, row, context, out);
    }
}

fn not_for_embeddings(row: &ModelRow, out: &mut Findings<'_>) {
    // Of some old models, and of a user's own, nothing is written down.
    if row.capabilities.is_empty() || row.capabilities.has(Capabilities::EMBEDDING) {
        return;
    }
    let message = format_args!("`{}` makes no embeddings", row.id);
    let hint = format_args!("`models.recommend(\"embedding\")` names one that does");
    let fault = Fault::rule("invalid_model", format_args!("Invalid model: {}", row.id));
    out.at("model", Draft::new(rule!("not_an_embedding_model"), message).hint(hint).fault(fault));
}

fn texts<'r>(request: &'r Object<'_>) -> impl Iterator<Item = (Option<usize>, &'r str)> {
    let input = request.get("input");
    let one = input.and_then(Value::as_str).map(|text| (None, text));
    let many = input.and_then(Value::as_array).unwrap_or_default().iter().enumerate();
    one.into_iter().chain(many.filter_map(|(at, text)| Some((Some(at), text.as_str()?))))
}

/// Adds a finding about one text.
fn about(at: Option<usize>, draft: Draft, out: &mut Findings<'_>) {
    let root = Path::root();
    let path = root.key("input");
    match at {
        Some(at) => out.add(&path.index(at), draft),
        None => out.add(&path, draft),
    }
}

fn empty(request: &Object<'_>, out: &mut Findings<'_>) {
    const RULE: Rule = rule!("empty_input");
    if request.get("input").and_then(Value::as_array).is_some_and(<[_]>::is_empty) {
        let draft = Draft::new(RULE, format_args!("`input` holds no text"))
            .hint(format_args!("ask only when there is something to embed"));
        out.at("input", draft);
    }
    for (at, _) in texts(request).filter(|(_, text)| text.is_empty()) {
        about(
            at,
            Draft::new(RULE, format_args!("an empty text has no meaning to embed")).hint(format_args!("leave it out")),
            out,
        );
    }
}

fn count(request: &Object<'_>, row: &ModelRow, facts: &EmbeddingFacts, out: &mut Findings<'_>) {
    let count = request.get("input").and_then(Value::as_array).map_or(0, <[_]>::len);
    if count <= facts.max_inputs as usize {
        return;
    }
    let message = format_args!("{count} texts in one request; `{}` takes {}", row.id, facts.max_inputs);
    let fault = Fault::rule("invalid_request_prompt", "Too many inputs in request, split into more batches.");
    out.at(
        "input",
        Draft::new(rule!("too_many_inputs"), message).hint(format_args!("send them in several requests")).fault(fault),
    );
}

fn dimension(request: &Object<'_>, row: &ModelRow, facts: &EmbeddingFacts, root: &Path<'_>, out: &mut Findings<'_>) {
    let Some(wanted) = request.get("output_dimension").and_then(Value::as_u64) else { return };
    let path = root.key("output_dimension");
    if !facts.output_dimension {
        let message =
            format_args!("the vectors of `{}` have {} dimensions, no more and no less", row.id, facts.default_dimension);
        let fault = Fault::rule("invalid_request_invalid_args", "This model does not support output_dimension.");
        return out.add(
            &path,
            Draft::new(rule!("output_dimension_unsupported"), message).hint(format_args!("leave it out")).fault(fault),
        );
    }
    if wanted > u64::from(facts.max_dimension) {
        let message = format_args!("the vectors of `{}` have at most {} dimensions, not {wanted}", row.id, facts.max_dimension);
        out.add(&path, Draft::new(rule!("output_dimension_limit"), message).hint(format_args!("lower it, or leave it out")));
    }
}

fn dtype(request: &Object<'_>, row: &ModelRow, facts: &EmbeddingFacts, out: &mut Findings<'_>) {
    let Some(wanted) = request.get("output_dtype").and_then(Value::as_str).and_then(Dtype::of) else { return };
    if facts.dtypes.contains(&wanted.name()) {
        return;
    }
    let message = format_args!("`{}` is not known to give vectors of type `{}`", row.id, wanted.name());
    let hint = format_args!("it is {}", choice(facts.dtypes));
    out.at("output_dtype", Draft::new(rule!("output_dtype_unsupported"), message).hint(hint));
}

/// Bits are packed by eight.
fn packed(request: &Object<'_>, out: &mut Findings<'_>) {
    let Some(wanted) = request.get("output_dtype").and_then(Value::as_str).and_then(Dtype::of) else { return };
    let Some(dimension) = request.get("output_dimension").and_then(Value::as_u64) else { return };
    if dimension % wanted.packed() as u64 != 0 {
        let message = format_args!("{dimension} bits do not fill whole bytes, and `{}` packs eight into one", wanted.name());
        out.at("output_dimension", Draft::new(rule!("packed_dimension"), message).hint(format_args!("take a multiple of 8")));
    }
}

/// Each text must fit the model's context by itself.
fn lengths(request: &Object<'_>, row: &ModelRow, context: u64, out: &mut Findings<'_>) {
    // A token has at least one byte: what is shorter needs no counting.
    for (at, text) in texts(request).filter(|(_, text)| text.len() as u64 > context) {
        let tokens = tokens::of_text(text);
        if tokens.low > context {
            let message = format_args!("the text has at least {} tokens, but `{}` holds {context}", tokens.low, row.id);
            let said = format_args!("Prompt {} > {context} maximum context length", tokens.low);
            let fault = Fault::rule("invalid_request_prompt_too_long", said);
            let draft = Draft::new(rule!("context_window"), message).hint(format_args!("cut it into several texts")).fault(fault);
            about(at, draft, out);
        } else if tokens.high > context {
            let message = format_args!("the text has {} to {} tokens, and `{}` holds {context}", tokens.low, tokens.high, row.id);
            about(at, Draft::new(rule!("context_window_near"), message).hint(format_args!("shorten it to be sure")), out);
        }
    }
}
