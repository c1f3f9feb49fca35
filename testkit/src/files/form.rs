//! Forms as a server reads them: parts between boundaries, or one line of pairs.

use bytes::Bytes;
use serde_json::{Map, Value, json};

/// A file of a form.
pub(crate) struct Upload {
    pub(crate) name: String,
    pub(crate) content_type: String,
    pub(crate) content: Bytes,
}

/// The fields of a form, and the file among them.
#[derive(Default)]
pub(crate) struct Form {
    pub(crate) fields: Map<String, Value>,
    pub(crate) file: Option<Upload>,
}

impl Form {
    /// Reads a body by its content type; `None` when it is no form.
    pub(crate) fn read(content_type: &str, body: &Bytes) -> Option<Form> {
        if content_type.starts_with("application/x-www-form-urlencoded") {
            let mut form = Form::default();
            for (name, value) in pairs(std::str::from_utf8(body).ok()?) {
                form.add(&name, &value);
            }
            return Some(form);
        }
        let boundary = content_type.strip_prefix("multipart/form-data")?.split("boundary=").nth(1)?.trim_matches('"');
        let boundary = boundary.split(';').next().unwrap_or_default().trim_matches('"');
        let mut form = Form::default();
        for part in parts(body, boundary) {
            form.part(body, part)?;
        }
        Some(form)
    }

    fn part(&mut self, body: &Bytes, part: &[u8]) -> Option<()> {
        let end = find(part, b"\r\n\r\n")?;
        let head = String::from_utf8_lossy(&part[..end]);
        let content = &part[end + 4..];
        let disposition = header(&head, "content-disposition")?;
        let name = parameter(disposition, "name")?;
        if let Some(filename) = parameter(disposition, "filename") {
            let content_type = header(&head, "content-type").unwrap_or("application/octet-stream").to_owned();
            self.file = Some(Upload { name: filename, content_type, content: body.slice_ref(content) });
            return Some(());
        }
        let text = String::from_utf8_lossy(content);
        if header(&head, "content-type").is_some_and(|kind| kind.starts_with("application/json")) {
            self.fields.insert(name, serde_json::from_str(&text).unwrap_or(Value::Null));
        } else {
            self.add(&name, &text);
        }
        Some(())
    }

    /// Fields of a form are text: which of them are numbers and lists, their names say.
    fn add(&mut self, name: &str, text: &str) {
        let value = match name {
            "expiry" | "temperature" => text.parse::<f64>().map_or(json!(text), |number| match number.fract() {
                0.0 => json!(number as i64),
                _ => json!(number),
            }),
            "stream" | "diarize" => json!(text == "true"),
            "context_bias" | "timestamp_granularities" => {
                let list = self.fields.entry(name).or_insert(json!([]));
                if let Some(list) = list.as_array_mut() {
                    list.push(json!(text));
                }
                return;
            }
            _ => json!(text),
        };
        self.fields.insert(name.to_owned(), value);
    }
}

/// The pairs of a line of them, decoded.
pub(crate) fn pairs(text: &str) -> Vec<(String, String)> {
    let split = text.split('&').filter(|pair| !pair.is_empty()).map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    split.map(|(name, value)| (decoded(name), decoded(value))).collect()
}

fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = || u8::from_str_radix(text.get(at + 1..at + 3)?, 16).ok();
        match (bytes[at], hex()) {
            (b'%', Some(byte)) => {
                out.push(byte);
                at += 2;
            }
            (b'+', _) => out.push(b' '),
            (byte, _) => out.push(byte),
        }
        at += 1;
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// What stands between the boundaries.
fn parts<'b>(body: &'b [u8], boundary: &str) -> Vec<&'b [u8]> {
    let first = format!("--{boundary}");
    let next = format!("\r\n--{boundary}");
    let Some(start) = find(body, first.as_bytes()) else { return Vec::new() };
    let mut rest = &body[start + first.len()..];
    let mut found = Vec::new();
    while let Some(after) = rest.strip_prefix(b"\r\n") {
        let Some(end) = find(after, next.as_bytes()) else { break };
        found.push(&after[..end]);
        rest = &after[end + next.len()..];
    }
    found
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    let first = *what.first()?;
    let mut from = 0;
    while let Some(at) = bytes[from..].iter().position(|byte| *byte == first) {
        if bytes[from + at..].starts_with(what) {
            return Some(from + at);
        }
        from += at + 1;
    }
    None
}

fn header<'h>(head: &'h str, name: &str) -> Option<&'h str> {
    head.lines().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        key.trim().eq_ignore_ascii_case(name).then(|| value.trim())
    })
}

fn parameter(value: &str, name: &str) -> Option<String> {
    let text = value.split(';').map(str::trim).find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))?;
    Some(text.trim_matches('"').replace("%22", "\"").replace("%0D", "\r").replace("%0A", "\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_and_lines_are_read() {
        let body = Bytes::from_static(b"--B\r\ncontent-disposition: form-data; name=\"expiry\"\r\n\r\n24\r\n--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.bin\"\r\nContent-Type: x/y\r\n\r\n\r\n--C\x00\r\n--B--\r\n");
        let form = Form::read("multipart/form-data; boundary=B", &body).unwrap();
        let file = form.file.unwrap();
        assert_eq!((form.fields["expiry"].clone(), file.name.as_str(), file.content_type.as_str()), (json!(24), "a.bin", "x/y"));
        assert_eq!(&file.content[..], b"\r\n--C\x00");
        let body = Bytes::from_static(b"model=a+b&context_bias=x&context_bias=%C3%A9&stream=true");
        let form = Form::read("application/x-www-form-urlencoded", &body).unwrap();
        assert_eq!(json!(form.fields), json!({"model": "a b", "context_bias": ["x", "é"], "stream": true}));
        assert!(Form::read("application/json", &body).is_none());
    }
}
