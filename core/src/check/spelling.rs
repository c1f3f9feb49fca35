//! Requests as JavaScript spells them: `maxTokens` becomes `max_tokens` where the table of the request has that field,
//! and nowhere else. What the caller owns (JSON Schemas, metadata, arguments) is never touched.
//!
//! ```
//! let mut request = tramontane::json::parse(br#"{"maxTokens":5,"metadata":{"maxTokens":6}}"#)?;
//! tramontane::check::spelling::accept_camel_case(&mut request);
//! assert_eq!(request.to_string(), r#"{"max_tokens":5,"metadata":{"maxTokens":6}}"#);
//! # Ok::<(), tramontane::Error>(())
//! ```

use tramontane_json::shape::fitting;

use super::shape::{Forms, ObjectShape, Shape, Table, forms, request_shape};
use crate::json::{Object, Value};

/// Renames the fields of a request that are written in camel case. A name that is taken already stays as it is, so that
/// the check finds it.
pub fn accept_camel_case(request: &mut Value<'_>) {
    accept(request);
}

/// [`accept_camel_case`]; gives whether the request has the form of its operation now, if there is such an operation.
pub(crate) fn accept(request: &mut Value<'_>) -> Option<bool> {
    let operation = request.get("operation").and_then(Value::as_str).unwrap_or("chat");
    Some(accept_in(request, request_shape(operation)?))
}

/// [`accept_camel_case`] for a request whose form is known; gives whether it has this form now.
pub(crate) fn accept_in(request: &mut Value<'_>, table: Table) -> bool {
    // What conforms has no field that could be spelt otherwise.
    forms().conforms(request, table) || rename(request, table, forms())
}

#[cold]
#[inline(never)]
fn rename(request: &mut Value<'_>, table: Table, forms: &Forms) -> bool {
    if let Value::Object(fields) = request {
        rename_in(fields, forms.object(table), forms);
    }
    forms.conforms(request, table)
}

fn rename_in(object: &mut Object<'_>, shape: &ObjectShape, forms: &Forms) {
    for at in 0..object.len() {
        let meant = object.iter().nth(at).and_then(|(key, _)| shape.fields.iter().find(|field| is_camel(key, field.name)));
        if let Some(field) = meant.filter(|field| object.get(field.name).is_none()) {
            object.rename(at, field.name);
        }
    }
    for (key, value) in object.iter_mut() {
        if let Some(field) = shape.fields.iter().find(|field| field.name == key) {
            walk(value, &field.shape, forms);
        }
    }
}

fn walk(value: &mut Value<'_>, shape: &Shape, forms: &Forms) {
    match (shape, value) {
        (Shape::Nullable(inner), value) => walk(value, inner, forms),
        (Shape::Array(inner), Value::Array(items)) => items.iter_mut().for_each(|item| walk(item, inner, forms)),
        (Shape::Object(table), Value::Object(fields)) => rename_in(fields, forms.object(*table), forms),
        (Shape::Tagged(union), Value::Object(fields)) => {
            let union = forms.union(*union);
            let named = fields.get(union.tag).and_then(Value::as_str);
            if let Some((_, table)) = union.variants.iter().find(|(name, _)| Some(*name) == named) {
                rename_in(fields, forms.object(*table), forms);
            }
        }
        (Shape::OneOf(shapes), value) => {
            if let Some(fitting) = fitting(shapes, value) {
                walk(value, fitting, forms);
            }
        }
        _ => {}
    }
}

/// Whether a key is a name in camel case: `imageURL` and `imageUrl` are `image_url`.
fn is_camel(key: &str, name: &str) -> bool {
    let mut rest = name.bytes();
    let mut before = b'_';
    for letter in key.bytes() {
        let begins = letter.is_ascii_uppercase() && (before.is_ascii_lowercase() || before.is_ascii_digit());
        if begins && rest.next() != Some(b'_') || rest.next() != Some(letter.to_ascii_lowercase()) {
            return false;
        }
        before = letter;
    }
    rest.next().is_none() && key != name && key.starts_with(|first: char| first.is_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;

    fn accepted(text: &str) -> String {
        let mut request = json::parse(text.as_bytes()).unwrap();
        accept_camel_case(&mut request);
        request.to_string()
    }

    #[test]
    fn fields_of_every_depth_are_renamed() {
        assert_eq!(
            accepted(
                r#"{"topP":1,"messages":[{"role":"user","content":[{"type":"image_url","imageURL":{"url":"x"}}]},{"role":"tool","toolCallId":"a"}],"responseFormat":{"type":"json_schema","jsonSchema":{"name":"a","schema":{"topP":1}}}}"#
            ),
            r#"{"top_p":1,"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"x"}}]},{"role":"tool","tool_call_id":"a"}],"response_format":{"type":"json_schema","json_schema":{"name":"a","schema":{"topP":1}}}}"#
        );
        assert_eq!(accepted(r#"{"max_Tokens":1,"maxTokens":2,"topp":3}"#), r#"{"max_tokens":1,"maxTokens":2,"topp":3}"#);
        assert_eq!(
            accepted(
                r#"{"guardrails":[{"moderationLlmV1":{"ignoreOtherCategories":true,"customCategoryThresholds":{"selfHarm":1}}}]}"#
            ),
            r#"{"guardrails":[{"moderation_llm_v1":{"ignore_other_categories":true,"custom_category_thresholds":{"selfHarm":1}}}]}"#
        );
    }

    #[test]
    fn what_the_caller_owns_is_not_touched() {
        for text in [
            r#"{"metadata":{"maxTokens":1}}"#,
            r#"{"tools":[{"type":"function","function":{"name":"f","parameters":{"toolChoice":1}}}]}"#,
            r#"{"messages":[{"role":"assistant","tool_calls":[{"function":{"name":"f","arguments":{"topP":1}}}]}]}"#,
            r#"{"messages":[{"role":"user","content":"topP"}]}"#,
        ] {
            assert_eq!(accepted(text), text);
        }
    }

    #[test]
    fn unknown_and_double_names_stay_for_the_check() {
        for text in [
            r#"{"maxTokenz":1,"Messages":3,"X":1}"#,
            r#"{"maxTokens":1,"max_tokens":2}"#,
            r#"{"max_tokenS":1,"MaxTokens":2,"maxToken":3,"maxTokenss":4}"#,
            r#"[1]"#,
            r#"{"operation":5,"topP":{}}"#,
        ] {
            let expected = text.replace("topP", "top_p");
            assert_eq!(accepted(text), expected);
        }
    }
}
