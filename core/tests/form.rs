//! Forms that are made of Rust types: the schema of the type, closed, and what the answer is read into.

use tramontane::chat::{ChatCompletion, Form};
use tramontane::json;

/// A place for boats.
#[derive(Debug, PartialEq, serde::Deserialize, schemars::JsonSchema)]
struct Harbour {
    /// What it is called.
    name: String,
    side: Side,
    winds: Vec<Wind>,
    keeper: Option<String>,
}

#[derive(Debug, PartialEq, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Side {
    North,
    South,
}

#[derive(Debug, PartialEq, serde::Deserialize, schemars::JsonSchema)]
struct Wind {
    speed: f64,
}

#[test]
fn the_schema_of_a_type_is_closed_and_its_answer_read() {
    let form = Form::<Harbour>::of_type();
    let schema: serde_json::Value = serde_json::from_str(&form.schema().to_string()).unwrap();
    assert_eq!((form.name(), schema["title"].as_str(), schema.get("$schema")), ("Harbour", Some("Harbour"), None));
    assert_eq!(schema["required"], serde_json::json!(["name", "side", "winds"]));
    assert_eq!(schema["properties"]["name"]["description"], "What it is called.");
    assert_eq!(
        (&schema["additionalProperties"], &schema["$defs"]["Wind"]["additionalProperties"]),
        (&false.into(), &false.into())
    );
    assert_eq!(schema["$defs"]["Side"]["enum"], serde_json::json!(["north", "south"]));
    assert_eq!(form.response_format().json_schema.unwrap().strict, Some(true));

    let text = r#"{"name": "Cassis", "side": "south", "winds": [{"speed": 60}]}"#;
    let body = format!(r#"{{"choices": [{{"message": {{"content": {}}}}}]}}"#, json::Value::from(text));
    let answer: ChatCompletion = json::from_value(&json::parse(body.as_bytes()).unwrap()).unwrap();
    let cassis = Harbour { name: "Cassis".to_owned(), side: Side::South, winds: vec![Wind { speed: 60.0 }], keeper: None };
    assert_eq!(form.read(&answer).unwrap(), Some(cassis));
}
