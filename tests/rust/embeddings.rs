//! Captured embeddings: what the official clients read out of an answer, our reader reads as well.

use std::fs;

use conformance::{captures, difference};
use serde_json::Value as Json;
use tramontane::embeddings::{Dtype, EmbeddingResponse, Vector};
use tramontane::json::{self, Value};
use tramontane::wire::{self, HttpResponse};

/// The vectors of an answer's text.
fn vectors(body: &[u8], dtype: Option<Dtype>) -> Vec<Vector> {
    let reply = HttpResponse { status: 200, headers: Vec::new(), body, now: None };
    let parsed = wire::parse_asked("mistral", "embeddings", dtype, &reply).unwrap();
    let typed: EmbeddingResponse = json::from_value(&parsed.data).unwrap();
    // Types and tree hold the same vectors, and nothing is lost on the way back.
    assert_eq!(difference(&plain(&parsed.data), &plain(&json::to_value(&typed).unwrap())), None);
    typed.data.into_iter().map(|entry| entry.embedding).collect()
}

fn plain(value: &Value<'_>) -> Json {
    serde_json::from_slice(&value.to_bytes()).unwrap()
}

#[test]
fn captured_vectors_are_those_of_the_official_clients() {
    let Some(wire) = captures() else { return };
    let mut count = 0;
    for (file, dtype) in [
        ("mistral/embeddings_batch", None),
        ("mistral/embeddings_int8", Some(Dtype::Int8)),
        ("openai/embeddings_base64", None),
        ("azure/embeddings_batch", None),
    ] {
        let folder = wire.join("responses");
        let body = fs::read(folder.join(format!("{file}.json"))).unwrap();
        let expected: Json = serde_json::from_slice(&fs::read(folder.join(format!("{file}.expected.json"))).unwrap()).unwrap();
        let wanted = expected["sdk_result"]["embeddings"].as_array().unwrap();
        let read = vectors(&body, dtype);
        assert_eq!(read.len(), wanted.len(), "{file}");
        for (vector, wanted) in read.iter().zip(wanted) {
            assert_eq!(vector.dtype(), dtype.unwrap_or_default(), "{file}");
            let wanted: Vec<f32> = wanted["embedding"].as_array().unwrap().iter().map(|n| n.as_f64().unwrap() as f32).collect();
            assert_eq!(vector.iter().map(|number| number as f32).collect::<Vec<_>>(), wanted, "{file}");
            count += 1;
        }
    }
    println!("{count} captured vectors");
    assert!(count > 5);
}

#[test]
fn numbers_that_do_not_fit_what_was_asked_stay_floats() {
    let body = |numbers: &str| format!(r#"{{"object": "list", "data": [{{"embedding": {numbers}, "index": 0}}]}}"#);
    let read = |numbers: &str, dtype| vectors(body(numbers).as_bytes(), Some(dtype)).remove(0);
    assert_eq!(read("[1, -128, 127]", Dtype::Binary), Vector::integers(Dtype::Binary, &[1, -128, 127]).unwrap());
    assert_eq!(read("[0, 255]", Dtype::Ubinary), Vector::integers(Dtype::Ubinary, &[0, 255]).unwrap());
    assert_eq!(read("[12.0, 3]", Dtype::Uint8), Vector::integers(Dtype::Uint8, &[12, 3]).unwrap());
    assert_eq!(read("[0.5, 1]", Dtype::Int8), Vector::from(vec![0.5, 1.0]));
    assert_eq!(read("[128]", Dtype::Int8), Vector::from(vec![128.0]));
    assert_eq!(read("\"/wCA\"", Dtype::Int8), Vector::integers(Dtype::Int8, &[-1, 0, -128]).unwrap());
}

#[test]
fn an_answer_without_its_request_is_read_as_floats() {
    assert_eq!(vectors(br#"{"data": [{"embedding": [12, -7], "index": 0}]}"#, None), [Vector::from(vec![12.0, -7.0])]);
}
