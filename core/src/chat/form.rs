//! Answers that fit a type: what is asked for, and how the answer is read. Imports `json` and `error` only.
//!
//! ```
//! use tramontane::chat::{ChatCompletion, Form};
//! use tramontane::json;
//!
//! #[derive(serde::Deserialize)]
//! struct Wind {
//!     name: String,
//! }
//!
//! let schema = r#"{"title": "Wind", "type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}"#;
//! let form = Form::<Wind>::new(json::parse(schema.as_bytes())?.into_owned());
//! assert_eq!(form.name(), "Wind");
//!
//! let body = br#"{"choices": [{"finish_reason": "stop", "message": {"role": "assistant", "content": "{\"name\": \"Mistral\"}"}}]}"#;
//! let answer: ChatCompletion = json::from_value(&json::parse(body)?)?;
//! assert_eq!(form.read(&answer)?.unwrap().name, "Mistral");
//! # Ok::<(), tramontane::Error>(())
//! ```

use std::marker::PhantomData;

use serde::de::DeserializeOwned;

use super::{ChatCompletion, FinishReason, JsonSchema, ResponseFormat, ResponseFormatType};
use crate::error::{Error, ErrorKind, Result};
use crate::json::{self, Fields, FromValue, MAX_DEPTH, Object, Value};

/// The longest name of a schema that the API takes.
const LONGEST_NAME: usize = 64;

/// What an answer is read into: a type, and the JSON Schema that asks for it. Plain data where no type is named.
pub struct Form<T = Value<'static>> {
    name: String,
    schema: Value<'static>,
    of: PhantomData<fn() -> T>,
}

impl<T> Form<T> {
    /// The form that a JSON Schema describes, which is sent as it is. Its `title` is the form's name.
    pub fn new(schema: impl Into<Value<'static>>) -> Form<T> {
        let schema = schema.into();
        let name = named(schema.get("title").and_then(Value::as_str).unwrap_or_default());
        Form { name, schema, of: PhantomData }
    }

    /// The form that a type describes: its schema, with every object closed to other fields, as strict answers want it.
    #[cfg(feature = "schema")]
    pub fn of_type() -> Form<T>
    where
        T: schemars::JsonSchema,
    {
        let schema = schemars::generate::SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<T>();
        Form::new(closed(json::to_value(&schema).unwrap_or_default()))
    }

    /// The same under another name.
    #[must_use]
    pub fn named(mut self, name: &str) -> Form<T> {
        self.name = named(name);
        self
    }

    /// Its name: what the API takes of the one that was given, `answer` where nothing is left of it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its JSON Schema.
    pub fn schema(&self) -> &Value<'static> {
        &self.schema
    }

    /// What a request says to get an answer of this form.
    pub fn response_format(&self) -> ResponseFormat {
        let schema = JsonSchema { name: self.name.clone(), schema: self.schema.clone(), description: None, strict: Some(true) };
        ResponseFormat { kind: ResponseFormatType::JsonSchema, json_schema: Some(schema) }
    }
}

impl<T: DeserializeOwned> Form<T> {
    /// What the text of an answer says; `None` when the model called tools instead of answering.
    ///
    /// # Errors
    /// `decode` when it does not fit: `body` is its text.
    pub fn read(&self, answer: &ChatCompletion) -> Result<Option<T>> {
        let text = answer.text();
        if text.is_empty() && !answer.tool_calls().is_empty() {
            return Ok(None);
        }
        let value = json::parse(text.as_bytes());
        let read = value.as_ref().map_err(|_| None).and_then(|value| json::from_value(value).map_err(Some));
        read.map(Some).map_err(|fault| {
            let fault = fault.map(|fault| match &fault.path {
                Some(path) => format!("{} (at `{path}`)", fault.message()),
                None => fault.message().to_owned(),
            });
            misfit(&self.name, fault, text.clone(), ending(answer).as_ref())
        })
    }
}

impl<T> Clone for Form<T> {
    fn clone(&self) -> Self {
        Form { name: self.name.clone(), schema: self.schema.clone(), of: PhantomData }
    }
}

impl<T> std::fmt::Debug for Form<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Form").field("name", &self.name).field("schema", &self.schema).finish()
    }
}

/// Why an answer ended, in the provider's own word where that says more.
fn ending(answer: &ChatCompletion) -> Option<FinishReason> {
    let choice = answer.choices.first()?;
    let native = choice.extra.get("native_finish_reason").and_then(Value::as_str).map(FinishReason::from);
    native.or_else(|| choice.finish_reason.clone())
}

/// A name as the API takes it.
fn named(name: &str) -> String {
    let fits = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-');
    let plain: String = name.chars().map(|letter| if fits(letter) { letter } else { '_' }).take(LONGEST_NAME).collect();
    let plain = plain.trim_matches('_');
    if plain.is_empty() { "answer".to_owned() } else { plain.to_owned() }
}

/// A schema that was made of a type: closed to fields that it does not name, unless it says otherwise, and without the
/// name of its dialect.
fn closed(mut schema: Value<'_>) -> Value<'_> {
    close(&mut schema, 0);
    if let Some(root) = schema.as_object_mut() {
        root.remove("$schema");
    }
    schema
}

fn close(schema: &mut Value<'_>, depth: usize) {
    // Deeper ones are refused by the check.
    if depth > MAX_DEPTH {
        return;
    }
    if let Some(schemas) = schema.as_array_mut() {
        return schemas.iter_mut().for_each(|schema| close(schema, depth + 1));
    }
    let Some(object) = schema.as_object_mut() else { return };
    for (keyword, value) in object.iter_mut() {
        match keyword {
            // Names of the caller's own, each with a schema.
            "properties" | "patternProperties" | "$defs" | "definitions" | "dependentSchemas" => {
                let named = value.as_object_mut().into_iter().flat_map(Object::iter_mut);
                named.for_each(|(_, schema)| close(schema, depth + 2));
            }
            // Data, which may look like a schema.
            "default" | "enum" | "const" | "examples" => {}
            _ => close(value, depth + 1),
        }
    }
    let is_object = object.get("type").and_then(Value::as_str) == Some("object");
    let lists_fields = object.get("properties").is_some_and(|fields| fields.as_object().is_some());
    if is_object && lists_fields && object.get("additionalProperties").is_none() {
        object.set("additionalProperties", false);
    }
}

/// The error of an answer that does not fit. Without a fault, the text itself says what is wrong with it.
fn misfit(name: &str, fault: Option<String>, text: String, ended: Option<&FinishReason>) -> Error {
    let fault = fault.unwrap_or_else(|| match json::parse(text.as_bytes()) {
        _ if text.trim().is_empty() => "it has no text".to_owned(),
        Err(error) => format!("it is {}", error.message()),
        Ok(_) => "it has another form".to_owned(),
    });
    let hint = match ended {
        Some(FinishReason::Length) => "it was cut off: raise `max_tokens`",
        Some(FinishReason::ModelLength) => "it was cut off where the model's context ended: shorten the messages",
        _ => "`body` holds its text",
    };
    Error::new(ErrorKind::Decode, format!("the answer does not fit `{name}`: {fault}"))
        .with_hint(hint)
        .with(|error| error.body = Some(text))
}

/// What a host asks for the form of answers that it reads itself.
#[derive(Clone, Debug)]
pub struct FormQuery {
    schema: Value<'static>,
    name: Option<String>,
    made: bool,
}

/// What a request says to get answers that fit a schema. One that was `made` of a type is closed to other fields.
///
/// # Errors
/// None: what the schema is worth is judged where the request is checked.
pub fn form(query: FormQuery) -> Result<ResponseFormat> {
    let schema = if query.made { closed(query.schema) } else { query.schema };
    let form: Form = Form::new(schema);
    Ok(query.name.into_iter().fold(form, |form, name| form.named(&name)).response_format())
}

impl<'a> FromValue<'a> for FormQuery {
    fn from_value(value: Value<'a>) -> Result<Self> {
        let fields = Fields::open(&value, "", &["schema", "name", "made"])?;
        Ok(FormQuery {
            schema: fields.value("schema").map(|schema| schema.clone().into_owned()).unwrap_or_default(),
            name: fields.string("name")?.map(str::to_owned),
            made: fields.boolean("made")?,
        })
    }
}

/// An answer that a host could not read.
#[derive(Clone, Debug)]
pub struct MisfitQuery {
    name: String,
    text: String,
    fault: Option<String>,
    finish_reason: Option<FinishReason>,
    request_id: Option<String>,
}

/// The error of an answer that does not fit its form, as data: a host raises it as its own. Without a `fault`, the text
/// itself says what is wrong with it.
///
/// # Errors
/// None.
pub fn misfit_of(query: MisfitQuery) -> Result<Value<'static>> {
    let error = misfit(&query.name, query.fault, query.text, query.finish_reason.as_ref());
    Ok(error.with(|error| error.request_id = query.request_id).to_value())
}

impl<'a> FromValue<'a> for MisfitQuery {
    fn from_value(value: Value<'a>) -> Result<Self> {
        let fields = Fields::open(&value, "", &["name", "text", "fault", "finish_reason", "request_id"])?;
        let text = |key: &str| Ok::<_, Error>(fields.string(key)?.map(str::to_owned));
        Ok(MisfitQuery {
            name: named(fields.string("name")?.unwrap_or_default()),
            text: text("text")?.unwrap_or_default(),
            fault: text("fault")?,
            finish_reason: fields.string("finish_reason")?.map(FinishReason::from),
            request_id: text("request_id")?,
        })
    }
}
