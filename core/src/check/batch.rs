//! A batch job: where its requests stand, and whether their results can be told apart.

use super::fault::Fault;
use super::findings::{Draft, Findings, rule};
use super::names::Names;
use crate::batch::MAX_REQUESTS;
use crate::json::{Object, Path, Value};
use crate::suggest::shown;

/// The rules of a job.
#[inline(never)]
pub(super) fn check(request: &Object<'_>, out: &mut Findings<'_>) {
    let root = Path::root();
    input(request, &root, out);
    if let Some(requests) = request.get("requests").and_then(Value::as_array) {
        rows(requests, &root.key("requests"), out);
    }
    if let Some(metadata) = request.get("metadata").and_then(Value::as_object) {
        notes(metadata, &root.key("metadata"), out);
    }
}

fn input(request: &Object<'_>, root: &Path<'_>, out: &mut Findings<'_>) {
    let is_there = |key: &str| request.get(key).is_some_and(|value| !value.is_null());
    let is_empty = |key: &str| request.get(key).and_then(Value::as_array).is_some_and(<[_]>::is_empty);
    let hint = format_args!("give the ids of uploaded files as `input_files`, or up to 10 000 requests as `requests`");
    match (is_there("input_files"), is_there("requests")) {
        (false, false) => out.add(root, Draft::new(rule!("batch_input"), format_args!("the batch has no requests")).hint(hint)),
        (true, true) => {
            let message = format_args!("a batch takes its requests from `input_files` or from `requests`, not from both");
            out.at("requests", Draft::new(rule!("batch_input"), message).hint(format_args!("leave one of them out")));
        }
        _ => {
            for key in ["input_files", "requests"].into_iter().filter(|key| is_empty(key)) {
                out.at(key, Draft::new(rule!("batch_input"), format_args!("`{key}` is empty")).hint(hint));
            }
        }
    }
}

fn rows(requests: &[Value<'_>], path: &Path<'_>, out: &mut Findings<'_>) {
    if requests.len() > MAX_REQUESTS {
        let message = format_args!("{} requests stand in the job, and it holds {MAX_REQUESTS}", requests.len());
        let draft = Draft::new(rule!("too_many_batch_requests"), message)
            .hint(format_args!("write them to a file, one in each line, and upload it with the purpose `batch`"))
            .fault(Fault::form(
                "too_long",
                path,
                format_args!("List should have at most {MAX_REQUESTS} items after validation, not {}", requests.len()),
            ));
        return out.add(path, draft);
    }
    // The requests that have an id, and their ids.
    let with_id: Vec<usize> = (0..requests.len()).filter(|at| id_of(&requests[*at]).is_some()).collect();
    let ids = Names::new(&mut requests.iter().filter_map(id_of));
    let mut nth = 0;
    let hint = format_args!("results come in any order, and are told apart by `custom_id` alone");
    for (at, row) in requests.iter().enumerate() {
        let below = path.index(at);
        match id_of(row) {
            Some(id) => {
                if let Some(first) = ids.earlier(nth).map(|nth| with_id[nth]) {
                    let message = format_args!("{} is the `custom_id` of request {first} as well", shown(id));
                    out.add(&below.key("custom_id"), Draft::new(rule!("batch_custom_id"), message).hint(hint));
                }
                nth += 1;
            }
            None if requests.len() > 1 && row.as_object().is_some() => {
                out.add(
                    &below.key("custom_id"),
                    Draft::new(rule!("batch_custom_id"), format_args!("the request has no `custom_id`")).hint(hint),
                );
            }
            None => {}
        }
        if row.get("body").and_then(|body| body.get("model")).is_some_and(|model| !model.is_null()) {
            let message = format_args!("the model of a single request is not looked at: the job's model counts");
            let draft = Draft::new(rule!("batch_row_model"), message).hint(format_args!("set `model` beside `endpoint`"));
            out.add(&below.key("body").key("model"), draft);
        }
    }
}

fn id_of<'v>(row: &'v Value<'_>) -> Option<&'v str> {
    row.get("custom_id").and_then(Value::as_str)
}

fn notes(metadata: &Object<'_>, path: &Path<'_>, out: &mut Findings<'_>) {
    let long = |text: &str, most: usize| text.chars().count() > most;
    for (key, value) in metadata.iter() {
        let below = path.key(key);
        if key.is_empty() || long(key, 32) {
            let message = format_args!("{} has {} characters, and a key has 1 to 32", shown(key), key.chars().count());
            let said = "String should have at most 32 characters";
            out.add(&below, Draft::new(rule!("batch_metadata"), message).fault(Fault::form("string_too_long", &below, said)));
        }
        if let Some(text) = value.as_str().filter(|text| text.is_empty() || long(text, 512)) {
            let message =
                format_args!("the value of {} has {} characters, and may have 1 to 512", shown(key), text.chars().count());
            let said = "String should have at most 512 characters";
            out.add(&below, Draft::new(rule!("batch_metadata"), message).fault(Fault::form("string_too_long", &below, said)));
        }
    }
}
