//! `POST /v1/ocr`: pages that say what they are, and what was asked of them.

use hyper::body::Incoming;
use hyper::{Request, StatusCode};
use serde_json::{Value, json};

use crate::checked::{Asked, check};
use crate::reply::{Reply, respond, with_ids};
use crate::sample;
use crate::server::State;

/// How many pages every document of the sandbox has.
const PAGES: u64 = 3;
/// The most pages that are read of any document.
const MOST: u64 = 1000;

/// The answer to a request to read a document.
pub(crate) async fn read(state: &State, request: Request<Incoming>) -> Reply {
    match check(state, request, ["ocr", "ocr"], &[]).await {
        Ok(Asked { body, request, .. }) => with_ids(&body, respond(StatusCode::OK, &answer(&request))),
        Err(refused) => refused,
    }
}

/// What was read, for a request that passed its checks.
pub(crate) fn answer(request: &Value) -> Value {
    let pages: Vec<Value> = pages(&request["pages"]).into_iter().map(|index| page(request, index)).collect();
    let annotation = annotated(&request["document_annotation_format"]);
    json!({
        "usage_info": {"pages_processed": pages.len(), "doc_size_bytes": request["document"].to_string().len()},
        "pages": pages,
        "model": request["model"].as_str().unwrap_or("mistral-ocr-latest"),
        "document_annotation": annotation,
    })
}

/// The pages that are asked for, of those that there are; all when nothing is said.
fn pages(asked: &Value) -> Vec<u64> {
    let wanted: Vec<(u64, u64)> = match asked {
        Value::String(text) => text.split(',').filter_map(range).collect(),
        Value::Array(list) => list.iter().filter_map(Value::as_u64).map(|page| (page, page)).collect(),
        _ => return (0..PAGES).collect(),
    };
    (0..MOST.min(PAGES)).filter(|page| wanted.iter().any(|(from, to)| (from..=to).contains(&page))).collect()
}

fn range(text: &str) -> Option<(u64, u64)> {
    let (from, to) = text.split_once('-').unwrap_or((text, text));
    Some((from.trim().parse().ok()?, to.trim().parse().ok()?))
}

fn page(request: &Value, index: u64) -> Value {
    let what = &request["document"];
    let address = ["document_url", "image_url", "file_id"].into_iter().map(|key| &what[key]).find(|value| !value.is_null());
    let address = match address {
        Some(Value::String(text)) => text.chars().take(80).collect(),
        Some(object) => object["url"].as_str().unwrap_or_default().chars().take(80).collect(),
        None => String::new(),
    };
    let text = format!("This is the tramontane sandbox, not a model. You gave: {address}");
    let title = format!("Page {index}");
    let wants = |key: &str| request[key] == json!(true);
    let table = request["table_format"].as_str().map(|format| table(index, format));
    let mut page = json!({
        "index": index,
        "markdown": format!("# {title}\n\n{text}\n\n![img-{index}.jpeg](img-{index}.jpeg)"),
        "images": [image(request, index)],
        "tables": table.into_iter().collect::<Vec<_>>(),
        "hyperlinks": [],
        "header": wants("extract_header").then_some("sandbox"),
        "footer": wants("extract_footer").then(|| index.to_string()),
        "dimensions": {"dpi": 200, "height": 2200, "width": 1700},
        "confidence_scores": confidence(request, &text),
    });
    if request["include_blocks"] != json!(false) {
        let score = (request["confidence_scores_granularity"] == "block").then(|| {
            json!({"average_content_confidence_score": 1.0, "minimum_content_confidence_score": 1.0, "block_type_confidence_score": 1.0})
        });
        let block = |kind: &str, top: u64, content: &str| {
            json!({"type": kind, "top_left_x": 90, "top_left_y": top, "bottom_right_x": 1600, "bottom_right_y": top + 80,
                "content": content, "confidence_scores": score})
        };
        page["blocks"] = json!([block("title", 100, &format!("# {title}")), block("text", 200, &text)]);
    }
    page
}

fn image(request: &Value, index: u64) -> Value {
    // One transparent pixel.
    const PIXEL: &str = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==";
    json!({
        "id": format!("img-{index}.jpeg"),
        "top_left_x": 10, "top_left_y": 400, "bottom_right_x": 110, "bottom_right_y": 600,
        "image_base64": (request["include_image_base64"] == json!(true)).then_some(PIXEL),
        "image_annotation": annotated(&request["bbox_annotation_format"]),
    })
}

fn table(index: u64, format: &str) -> Value {
    let content = if format == "html" { "<table><tr><td>sandbox</td></tr></table>" } else { "| sandbox |\n| --- |" };
    json!({"id": format!("tbl-{index}.{format}"), "content": content, "format": format})
}

fn confidence(request: &Value, text: &str) -> Value {
    let Some(granularity) = request["confidence_scores_granularity"].as_str() else { return Value::Null };
    let words = || json!([{"text": text.split(' ').next(), "confidence": 1.0, "start_index": 0}]);
    json!({
        "average_page_confidence_score": 1.0,
        "minimum_page_confidence_score": 1.0,
        "word_confidence_scores": if granularity == "word" { words() } else { json!([]) },
    })
}

/// A sample of what an annotation's schema asks for, as JSON text.
fn annotated(format: &Value) -> Option<String> {
    format["json_schema"]["schema"].is_object().then(|| sample::fit(&format["json_schema"]["schema"]).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_those_that_were_asked_for() {
        assert_eq!(pages(&Value::Null), [0, 1, 2]);
        assert_eq!(pages(&json!("0,2-9")), [0, 2]);
        assert_eq!(pages(&json!([1, 7])), [1]);
    }

    #[test]
    fn a_page_has_what_was_asked_for_and_no_more() {
        let plain = answer(&json!({"model": "m", "document": {"document_url": "https://example.com/a.pdf"}}));
        assert!(plain["pages"][0]["markdown"].as_str().is_some_and(|text| text.contains("https://example.com/a.pdf")));
        assert_eq!(plain["pages"][0]["images"][0]["image_base64"], Value::Null);
        assert_eq!(plain["pages"][0]["blocks"][0]["type"], "title");
        let schema = json!({"type": "json_schema", "json_schema": {"name": "d", "schema": {"type": "object",
            "properties": {"title": {"type": "string"}}}}});
        let full = answer(&json!({"model": "m", "document": {}, "include_blocks": false, "table_format": "html",
            "document_annotation_format": schema, "confidence_scores_granularity": "word"}));
        assert_eq!(full["document_annotation"], r#"{"title":"sandbox"}"#);
        assert_eq!(full["pages"][0].get("blocks"), None);
        assert_eq!(full["pages"][0]["tables"][0]["format"], "html");
        assert_eq!(full["pages"][0]["confidence_scores"]["word_confidence_scores"][0]["text"], "This");
    }
}
