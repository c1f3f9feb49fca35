//! Deterministic stand-ins: ids from a request's bytes, and a value that fits a JSON Schema.

use serde_json::{Map, Value, json};

/// How deep a sample follows a schema that refers to itself.
const MAX_DEPTH: usize = 8;

/// A hash of some bytes, as `length` hexadecimal digits (FNV-1a, continued).
pub(crate) fn hex(bytes: &[u8], length: usize) -> String {
    digits(bytes, length, b"0123456789abcdef")
}

/// A tool call's id: nine letters and digits, as the API gives them.
pub(crate) fn tool_call_id(seed: &str) -> String {
    digits(seed.as_bytes(), 9, b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
}

fn digits(bytes: &[u8], length: usize, alphabet: &[u8]) -> String {
    let mut state = seed(bytes);
    let mut text = String::with_capacity(length);
    for _ in 0..length {
        step(&mut state);
        text.push(char::from(alphabet[(state >> 33) as usize % alphabet.len()]));
    }
    text
}

/// Where a row of numbers that belongs to some bytes begins.
pub(crate) fn seed(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

/// The next number of a row, from -1 to 1.
pub(crate) fn next(state: &mut u64) -> f64 {
    step(state);
    (*state >> 33) as f64 / f64::from(1_u32 << 30) - 1.0
}

fn step(state: &mut u64) {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
}

/// A value that fits a JSON Schema: its `const`, `default`, first example or first `enum` where it has one, else the
/// plainest value of its type.
pub(crate) fn fit(schema: &Value) -> Value {
    fit_at(schema, schema, MAX_DEPTH)
}

fn fit_at(schema: &Value, root: &Value, depth: usize) -> Value {
    if depth == 0 {
        return Value::Null;
    }
    for known in [&schema["const"], &schema["default"], &schema["examples"][0], &schema["enum"][0]] {
        if !known.is_null() {
            return known.clone();
        }
    }
    if let Some(target) = schema["$ref"].as_str().and_then(|pointer| pointer.strip_prefix('#')) {
        return root.pointer(target).map_or(Value::Null, |schema| fit_at(schema, root, depth - 1));
    }
    for choice in ["anyOf", "oneOf", "allOf"] {
        if let Some(first) = schema[choice].get(0) {
            return fit_at(first, root, depth - 1);
        }
    }
    let kind = schema["type"].as_str().or_else(|| schema["type"][0].as_str());
    match kind {
        Some("object") | None if schema["properties"].is_object() => fit_object(schema, root, depth),
        Some("array") => {
            let count = schema["minItems"].as_u64().unwrap_or(1).min(64) as usize;
            Value::Array((0..count).map(|_| fit_at(&schema["items"], root, depth - 1)).collect())
        }
        Some("integer") => json!(least(schema).ceil() as i64),
        Some("number") => json!(least(schema)),
        Some("boolean") => json!(true),
        Some("string") => json!(fit_string(schema)),
        Some("object") => json!({}),
        _ => Value::Null,
    }
}

fn fit_object(schema: &Value, root: &Value, depth: usize) -> Value {
    let required: Vec<&str> = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let mut object = Map::new();
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        if required.is_empty() || required.contains(&name.as_str()) {
            object.insert(name.clone(), fit_at(property, root, depth - 1));
        }
    }
    Value::Object(object)
}

fn least(schema: &Value) -> f64 {
    let above = schema["exclusiveMinimum"].as_f64().map(|least| least + 1.0);
    let least = above.or(schema["minimum"].as_f64()).unwrap_or(1.0);
    schema["maximum"].as_f64().map_or(least, |most| least.min(most))
}

fn fit_string(schema: &Value) -> String {
    let text = match schema["format"].as_str() {
        Some("date") => "2026-01-31",
        Some("date-time") => "2026-01-31T12:00:00Z",
        Some("email") => "someone@example.com",
        Some("uri") => "https://example.com/",
        Some("uuid") => "00000000-0000-4000-8000-000000000000",
        _ => "sandbox",
    };
    let least = schema["minLength"].as_u64().unwrap_or(0).min(4096) as usize;
    let most = schema["maxLength"].as_u64().map_or(usize::MAX, |most| most as usize);
    text.chars().chain(std::iter::repeat('x')).take(text.len().max(least).min(most)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_fit_their_schemas() {
        let schema = json!({
            "type": "object",
            "properties": {
                "city": {"type": "string", "minLength": 9},
                "unit": {"enum": ["celsius", "fahrenheit"]},
                "days": {"type": "integer", "exclusiveMinimum": 2},
                "tags": {"type": "array", "items": {"type": "string"}, "minItems": 2},
                "next": {"$ref": "#"},
            },
            "required": ["city", "unit", "days", "tags"],
        });
        let expected = json!({"city": "sandboxxx", "unit": "celsius", "days": 3, "tags": ["sandbox", "sandbox"]});
        assert_eq!(fit(&schema), expected);
    }

    #[test]
    fn a_schema_that_refers_to_itself_ends() {
        let schema = json!({"type": "object", "properties": {"next": {"$ref": "#"}}, "required": ["next"]});
        assert!(fit(&schema)["next"]["next"].is_object());
        assert_eq!(fit(&json!({"$ref": "#"})), Value::Null);
    }

    #[test]
    fn ids_have_the_form_of_the_api() {
        let id = tool_call_id("seed");
        assert!(id.len() == 9 && id.bytes().all(|b| b.is_ascii_alphanumeric()), "{id}");
        assert_eq!(id, tool_call_id("seed"));
        assert_ne!(id, tool_call_id("another"));
    }
}
