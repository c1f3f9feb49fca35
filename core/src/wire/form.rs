//! Forms: bodies of fields and files. In a built request they are data, `{"multipart": […]}` with a file among the fields and
//! `{"form": […]}` without one; here they become bytes. May import `json`, `files` and `error`.

use std::borrow::Cow;

use tramontane_json::base64;

use crate::error::{Error, ErrorKind, Result};
use crate::json::{Object, Path, Value};

/// What a form with a file among its fields is called. Whoever sends it adds the boundary of its parts.
pub const MULTIPART: &str = "multipart/form-data";
/// What a form without a file is called.
pub const URLENCODED: &str = "application/x-www-form-urlencoded";

/// A piece of a form's body.
#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    /// Bytes.
    Bytes(Vec<u8>),
    /// The content of the file that is this field's value: its sender has it.
    File(String),
}

/// The fields of a request as the body of a form: as a body of parts where one of the fields is a file.
pub(super) fn body<'a>(fields: Object<'a>) -> Result<Value<'a>> {
    let mut form = Form::default();
    for (name, value) in fields {
        form.add(name, value)?;
    }
    Ok(form.into_value())
}

/// The content type of a form's body.
pub(super) fn content_type(body: &Value<'_>) -> Option<&'static str> {
    let body = body.as_object().filter(|body| body.len() == 1)?;
    match (body.get("multipart"), body.get("form")) {
        (Some(_), _) => Some(MULTIPART),
        (_, Some(_)) => Some(URLENCODED),
        _ => None,
    }
}

/// The fields of a form.
#[derive(Default)]
struct Form<'a> {
    /// Each `{name, value}`, with its `content_type` where it is no text.
    texts: Vec<Value<'a>>,
    /// Each `{name, filename, content_type, …}`.
    files: Vec<Value<'a>>,
}

impl<'a> Form<'a> {
    fn add(&mut self, name: Cow<'a, str>, value: Value<'a>) -> Result<()> {
        let (text, kind) = match value {
            Value::Null => return Ok(()),
            Value::Array(items) => return items.into_iter().try_for_each(|item| self.add(name.clone(), item)),
            // A file is an object with a name; any other object travels as JSON.
            Value::Object(file) if file.get("name").and_then(Value::as_str).is_some() => {
                self.files.push(self::file(name, file));
                return Ok(());
            }
            Value::Invalid(_) => {
                let path = Path::root().key(&name).to_string();
                return Err(Error::new(ErrorKind::InvalidRequest, "this cannot be written into a form").with_path(path));
            }
            Value::Object(_) => (value.to_string().into(), "application/json".into()),
            Value::String(_) => (value, Value::Null),
            other => (other.to_string().into(), Value::Null),
        };
        let mut part = Object::with_capacity(3);
        part.push("name", Value::String(name));
        part.push("value", text);
        if !kind.is_null() {
            part.push("content_type", kind);
        }
        self.texts.push(part.into());
        Ok(())
    }

    /// Files come last: whoever reads the body knows the rest by then.
    fn into_value(self) -> Value<'a> {
        let Form { texts: mut parts, files } = self;
        let mut body = Object::with_capacity(1);
        if files.is_empty() {
            for part in &mut parts {
                let mut take = |key: &str| part.as_object_mut().and_then(|part| part.remove(key)).unwrap_or_default();
                let pair = vec![take("name"), take("value")];
                *part = Value::Array(pair);
            }
            body.push("form", Value::Array(parts));
        } else {
            parts.extend(files);
            body.push("multipart", Value::Array(parts));
        }
        body.into()
    }
}

fn file<'a>(name: Cow<'a, str>, mut file: Object<'a>) -> Value<'a> {
    let filename = file.remove("name").unwrap_or_default();
    let given = file.remove("content_type").filter(|kind| kind.as_str().is_some());
    let kind = given.unwrap_or_else(|| crate::files::content_type(filename.as_str().unwrap_or_default()).into());
    let mut part = Object::with_capacity(3 + file.len());
    part.push("name", Value::String(name));
    part.push("filename", filename);
    part.push("content_type", kind);
    for (key, value) in file {
        if !value.is_null() {
            part.push(key, value);
        }
    }
    part.into()
}

/// A form without files, as it goes on the wire.
pub(super) fn urlencoded(body: &Value<'_>) -> String {
    let mut out = String::new();
    for pair in body.get("form").and_then(Value::as_array).unwrap_or_default() {
        let [name, value] = pair.as_array().unwrap_or_default() else { continue };
        if !out.is_empty() {
            out.push('&');
        }
        super::http::encode(&mut out, name.as_str().unwrap_or_default());
        out.push('=');
        super::http::encode(&mut out, value.as_str().unwrap_or_default());
    }
    out
}

/// A body of parts as it goes on the wire, between boundaries; the content of a file that does not stand in the request is
/// a piece of its own. `None` for a body that is no form of parts.
///
/// # Errors
/// `invalid_request` for a file whose `data` is no base64.
pub(super) fn multipart(body: &Value<'_>, boundary: &str) -> Result<Option<Vec<Piece>>> {
    let Some(parts) = body.get("multipart").and_then(Value::as_array) else { return Ok(None) };
    let mut pieces = Vec::new();
    let mut text = Vec::new();
    for part in parts {
        let field = |key: &str| part.get(key).and_then(Value::as_str);
        let name = field("name").unwrap_or_default();
        text.extend_from_slice(format!("--{boundary}\r\ncontent-disposition: form-data; name=\"{}\"", quoted(name)).as_bytes());
        if let Some(filename) = field("filename") {
            text.extend_from_slice(format!("; filename=\"{}\"", quoted(filename)).as_bytes());
        }
        if let Some(kind) = field("content_type") {
            text.extend_from_slice(b"\r\ncontent-type: ");
            text.extend(kind.bytes().filter(|byte| *byte >= b' ' && *byte != 0x7f));
        }
        text.extend_from_slice(b"\r\n\r\n");
        match (field("filename"), field("text"), field("data")) {
            (None, ..) => text.extend_from_slice(field("value").unwrap_or_default().as_bytes()),
            (_, Some(content), _) => text.extend_from_slice(content.as_bytes()),
            (_, None, Some(data)) => {
                let path = Path::root().key(name).key("data").to_string();
                let refuse = || Error::new(ErrorKind::InvalidRequest, "the file's `data` is no base64").with_path(path);
                text.append(&mut base64::decode_filled(data.as_bytes()).ok_or_else(refuse)?);
            }
            (Some(_), None, None) => {
                pieces.push(Piece::Bytes(std::mem::take(&mut text)));
                pieces.push(Piece::File(name.to_owned()));
            }
        }
        text.extend_from_slice(b"\r\n");
    }
    text.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    pieces.push(Piece::Bytes(text));
    Ok(Some(pieces))
}

/// A name between quotes, as browsers write it: what would end the quotes or the line is encoded.
fn quoted(name: &str) -> String {
    name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;

    fn fields(text: &str) -> Object<'static> {
        match json::parse(text.as_bytes()).unwrap().into_owned() {
            Value::Object(object) => object,
            other => panic!("{other}"),
        }
    }

    fn written(body: &Value<'_>) -> String {
        let pieces = multipart(body, "B").unwrap().unwrap();
        let texts = pieces.into_iter().map(|piece| match piece {
            Piece::Bytes(bytes) => String::from_utf8(bytes).unwrap(),
            Piece::File(field) => format!("<{field}>"),
        });
        texts.collect::<String>().replace("\r\n", "|")
    }

    #[test]
    fn a_form_with_a_file_is_one_of_parts() {
        let body = body(fields(r#"{"file":{"name":"a\"b.pdf","text":"%PDF"},"expiry":24,"purpose":"ocr","n":null}"#)).unwrap();
        assert_eq!(content_type(&body), Some(MULTIPART));
        insta::assert_snapshot!(written(&body), @r#"--B|content-disposition: form-data; name="expiry"||24|--B|content-disposition: form-data; name="purpose"||ocr|--B|content-disposition: form-data; name="file"; filename="a%22b.pdf"|content-type: application/pdf||%PDF|--B--|"#);
    }

    #[test]
    fn the_content_of_a_file_that_its_sender_has_is_left_out() {
        let body = body(fields(r#"{"file":{"name":"a","size":9},"who":{"ann":"x"},"tags":["b","c"]}"#)).unwrap();
        insta::assert_snapshot!(written(&body), @r#"--B|content-disposition: form-data; name="who"|content-type: application/json||{"ann":"x"}|--B|content-disposition: form-data; name="tags"||b|--B|content-disposition: form-data; name="tags"||c|--B|content-disposition: form-data; name="file"; filename="a"|content-type: application/octet-stream||<file>|--B--|"#);
    }

    #[test]
    fn a_form_without_a_file_is_a_line() {
        let body = body(fields(r#"{"model":"a b","diarize":true,"tags":["x","y&"]}"#)).unwrap();
        assert_eq!(content_type(&body), Some(URLENCODED));
        assert_eq!(urlencoded(&body), "model=a%20b&diarize=true&tags=x&tags=y%26");
    }
}
