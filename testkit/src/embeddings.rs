//! Vectors without a model: each word of a text has a direction of its own, and a text is the sum of its words. Texts that
//! share words lie near each other, and the same text always gives the same vector.

use serde_json::{Value, json};
use tramontane::catalogue::find;
use tramontane::check::Report;
use tramontane::json::{Dtype, Vector};

use crate::sample;

/// The length of vectors of a model that the catalogue says nothing about.
const DIMENSION: u64 = 1024;

/// The answer to a request that passed its checks.
pub(crate) fn answer(request: &Value, report: &Report) -> Value {
    let texts: Vec<&str> = match &request["input"] {
        Value::Array(texts) => texts.iter().filter_map(Value::as_str).collect(),
        text => text.as_str().into_iter().collect(),
    };
    let model = request["model"].as_str().unwrap_or_default();
    let sent_as = report.resolution.as_ref().map_or(model, |resolution| &resolution.sent_as);
    let usual = find(sent_as).and_then(|row| row.embedding).map_or(DIMENSION, |facts| u64::from(facts.default_dimension));
    let dimension = request["output_dimension"].as_u64().unwrap_or(usual) as usize;
    let dtype = request["output_dtype"].as_str().and_then(Dtype::of).unwrap_or_default();
    let base64 = request["encoding_format"] == "base64";
    let data: Vec<Value> = texts
        .iter()
        .enumerate()
        .map(|(index, text)| {
            let vector = quantized(&direction(text, dimension), dtype);
            json!({"object": "embedding", "embedding": written(&vector, base64), "index": index})
        })
        .collect();
    let tokens = report.estimate.as_ref().map_or(1, |estimate| estimate.prompt_tokens.low.max(1));
    json!({
        "id": sample::hex(request.to_string().as_bytes(), 32),
        "object": "list",
        "data": data,
        "model": model,
        "usage": {
            "prompt_tokens": tokens,
            "completion_tokens": 0,
            "total_tokens": tokens,
            "prompt_tokens_details": null,
            "request_count": null,
        },
    })
}

/// A vector of length 1.
fn direction(text: &str, dimension: usize) -> Vec<f32> {
    let mut sum = vec![0.0_f64; dimension];
    let lower = text.to_lowercase();
    let mut words: Vec<&str> = lower.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    if words.is_empty() {
        words.push(text);
    }
    for word in words {
        let mut state = sample::seed(word.as_bytes());
        for number in &mut sum {
            *number += sample::next(&mut state);
        }
    }
    let length = sum.iter().map(|number| number * number).sum::<f64>().sqrt().max(f64::MIN_POSITIVE);
    sum.iter().map(|number| (number / length) as f32).collect()
}

/// A vector in numbers of another kind: 8 bits a dimension from -1/8 to 1/8, or the sign alone.
fn quantized(vector: &[f32], dtype: Dtype) -> Vector {
    let scaled = |number: &f32| (number * 1024.0).round().clamp(-128.0, 127.0) as i16;
    let signs = |bits: &[f32]| bits.iter().enumerate().map(|(at, number)| i16::from(*number > 0.0) << (7 - at)).sum::<i16>();
    let numbers: Vec<i16> = match dtype {
        Dtype::Float => return vector.to_vec().into(),
        Dtype::Int8 => vector.iter().map(scaled).collect(),
        Dtype::Uint8 => vector.iter().map(|number| scaled(number) + 128).collect(),
        // The same bits; `binary` counts from -128.
        Dtype::Ubinary => vector.chunks(8).map(signs).collect(),
        Dtype::Binary => vector.chunks(8).map(|bits| signs(bits) - 128).collect(),
    };
    Vector::integers(dtype, &numbers).unwrap_or_default()
}

fn written(vector: &Vector, base64: bool) -> Value {
    if base64 {
        return json!(vector.to_base64());
    }
    // Text of floats of 64 bits would be twice as long.
    serde_json::to_value(vector).unwrap_or_default()
}
