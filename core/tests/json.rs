//! Documents and trees: what is read, written, typed, and refused.

use std::borrow::Cow;
use std::collections::BTreeMap;

use proptest::prelude::*;
use tramontane::ErrorKind;
use tramontane::json::{self, MAX_DEPTH, Number, Object, Value};

/// Any tree that JSON can express; floats have few enough digits to be read back exactly.
fn trees() -> impl Strategy<Value = Value<'static>> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        ((i64::MAX as u64 + 1)..=u64::MAX).prop_map(Value::from),
        (-1_000_000i32..1_000_000).prop_map(|n| Value::from(f64::from(n) / 1000.0)),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 64, 8, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(Value::Array),
            prop::collection::btree_map(any::<String>(), inner, 0..8)
                .prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(tree in trees()) {
        let text = tree.to_bytes();
        prop_assert_eq!(&json::parse(&text).unwrap(), &tree);
    }

    #[test]
    fn a_tree_survives_the_way_through_serde(tree in trees()) {
        prop_assert_eq!(&json::to_value(&tree).unwrap(), &tree);
        prop_assert_eq!(&json::from_value::<Value<'static>>(&tree).unwrap(), &tree);
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = json::parse(&bytes);
    }

    #[test]
    fn any_text_like_json_is_read_or_refused(text in r#"[\[\]{}",:0-9eE.\\ua-f+ -]{0,60}"#) {
        if let Ok(tree) = json::parse(text.as_bytes()) {
            prop_assert!(json::parse(&tree.to_bytes()).is_ok());
        }
    }
}

#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
struct Unit;

#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
enum Kind {
    Plain,
    Wrapped(u8),
    Pair(i8, String),
    Fields { a: Option<bool>, b: char },
}

#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Everything {
    kinds: Vec<Kind>,
    unit: Unit,
    tuple: (u64, f32, ()),
    map: BTreeMap<String, Option<i64>>,
    newtype: Wrapper,
    #[serde(default)]
    absent: Option<String>,
}

#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
struct Wrapper(String);

fn everything() -> Everything {
    Everything {
        kinds: vec![Kind::Plain, Kind::Wrapped(7), Kind::Pair(-3, "é".into()), Kind::Fields { a: None, b: '\u{1f600}' }],
        unit: Unit,
        tuple: (u64::MAX, 0.5, ()),
        map: BTreeMap::from([("x".into(), Some(i64::MIN)), (String::new(), None)]),
        newtype: Wrapper("w".into()),
        absent: None,
    }
}

#[test]
fn every_form_of_rust_goes_there_and_back() {
    let tree = json::to_value(&everything()).unwrap();
    assert_eq!(json::from_value::<Everything>(&tree).unwrap(), everything());
    // The tree says what serde_json's text says.
    assert_eq!(tree.to_string(), serde_json::to_string(&everything()).unwrap());
}

#[test]
fn what_does_not_fit_is_refused_at_its_path() {
    let path = |text: &str| {
        let tree = json::parse(text.as_bytes()).unwrap();
        let error = json::from_value::<Everything>(&tree).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        error.path.clone().unwrap_or_default()
    };
    assert_eq!(path(r#"{"kinds": ["Plain", {"Wrapped": 300}]}"#), "kinds[1]");
    assert_eq!(path(r#"{"kinds": [{"Fields": {"a": null, "b": "two"}}]}"#), "kinds[0].b");
    assert_eq!(path(r#"{"map": {"x": 1, "y.z": true}}"#), "map[\"y.z\"]");
    assert_eq!(path(r#"{"tuple": [1, 2]}"#), "tuple");
    assert_eq!(path(r#"{"tuple": [1, 2, null, 4]}"#), "tuple");
    assert_eq!(path(r#"{"no_such": 1}"#), "no_such");
    assert_eq!(path(r#"[]"#), "");
}

#[test]
fn strings_are_borrowed_where_they_can_be() {
    #[derive(serde::Deserialize)]
    struct Name<'a> {
        name: &'a str,
    }
    let tree = json::parse(br#"{"name": "plain"}"#).unwrap();
    assert!(matches!(tree.get("name"), Some(Value::String(Cow::Borrowed(_)))));
    assert_eq!(json::from_value::<Name<'_>>(&tree).unwrap().name, "plain");
}

#[test]
fn numbers_keep_their_kind() {
    let tree = json::parse(b"[1, -1, 1.0, 1e3, 18446744073709551615, 18446744073709551616, -0.0]").unwrap();
    let numbers: Vec<Number> =
        tree.as_array().unwrap().iter().map(|n| if let Value::Number(n) = n { *n } else { panic!() }).collect();
    let beyond = 18_446_744_073_709_551_616.0;
    assert_eq!(
        numbers,
        [
            Number::Int(1),
            Number::Int(-1),
            Number::Float(1.0),
            Number::Float(1000.0),
            Number::UInt(u64::MAX),
            Number::Float(beyond),
            Number::Float(-0.0)
        ]
    );
    for text in ["01", "1.", ".5", "+1", "NaN", "Infinity", "0x1", "1e999"] {
        assert!(json::parse(text.as_bytes()).is_err(), "{text}");
    }
}

#[test]
fn what_json_does_not_have_is_written_as_null_and_never_typed() {
    let tree = Value::Array(vec![f64::NAN.into(), f64::INFINITY.into(), Value::Invalid("a Python set".into())]);
    assert_eq!(tree.to_string(), "[null,null,null]");
    let error = json::from_value::<Vec<Value<'static>>>(&tree).unwrap_err();
    assert_eq!((error.path.as_deref(), error.message()), (Some("[2]"), "a Python set is not JSON"));
    // A NaN stays in the tree, where a check finds it.
    let kept = json::to_value(&[f64::NAN]).unwrap();
    assert!(kept.as_array().unwrap()[0].as_f64().unwrap().is_nan());
    assert!(json::to_value(&BTreeMap::from([(vec![1], 2)])).is_err());
}

#[test]
fn nesting_ends_somewhere() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(json::parse(nested(MAX_DEPTH).as_bytes()).is_ok());
    let error = json::parse(nested(MAX_DEPTH + 1).as_bytes()).unwrap_err();
    assert!(error.message().contains("nested deeper than 120 levels"), "{error}");
    assert!(error.path.as_deref().is_some_and(|path| path.starts_with("[0][0]")), "{error}");
    // Far deeper than any stack.
    assert!(json::parse("[{\"a\":".repeat(200_000).as_bytes()).is_err());
}

#[test]
fn the_last_of_two_equal_keys_counts() {
    let tree = json::parse(br#"{"a": 1, "b": 2, "a": 3}"#).unwrap();
    assert_eq!(tree.get("a").and_then(Value::as_i64), Some(3));
    assert_eq!(json::from_value::<BTreeMap<String, i64>>(&tree).unwrap(), BTreeMap::from([("a".into(), 3), ("b".into(), 2)]));
    let mut object = Object::new();
    object.push("a", 1i64);
    object.set("a", 2i64);
    assert_eq!((object.len(), object.get("a").and_then(Value::as_i64)), (1, Some(2)));
}

#[test]
fn half_characters_and_broken_bytes_are_refused_with_their_place() {
    let refused = |text: &[u8]| json::parse(text).unwrap_err();
    let error = refused(br#"{"a": {"b": ["x", "\ud83d"]}}"#);
    assert_eq!(error.path.as_deref(), Some("a.b[1]"), "{error}");
    assert!(refused(b"\"\xff\"").message().contains("byte 1"));
    assert!(refused(b"\"\x00\"").message().contains("control character"));
    assert_eq!(json::parse(r#""\ud83d\ude00""#.as_bytes()).unwrap().as_str(), Some("\u{1f600}"));
    assert_eq!(json::parse("\u{feff}1".as_bytes()).unwrap().as_i64(), Some(1));
}
