//! A file to upload, and what it is for.

use tramontane_json::base64;

use super::fault::Fault;
use super::findings::{Draft, Findings, rule};
use super::walk::choice;
use crate::files::MAX_FILE;
use crate::json::{Object, Path, Value};
use crate::suggest::{did_you_mean, nearest, shown};

/// What a file can be for. The list grows: what is not in it is let be, with a warning.
const PURPOSES: [&str; 5] = ["fine-tune", "batch", "ocr", "audio", "agentic_safety"];

/// The rules of an upload.
#[inline(never)]
pub(super) fn upload(request: &Object<'_>, out: &mut Findings<'_>) {
    let root = Path::root();
    if let Some(file) = request.get("file") {
        part(file, &root.key("file"), out);
    }
    purpose(request, out);
}

/// What is asked for by `purpose`, in an upload and in a list.
#[inline(never)]
pub(super) fn purpose(request: &Object<'_>, out: &mut Findings<'_>) {
    let Some(purpose) = request.get("purpose").and_then(Value::as_str).filter(|purpose| !PURPOSES.contains(purpose)) else {
        return;
    };
    let message = format_args!("{} is not known here as what a file can be for; known are {}", shown(purpose), choice(&PURPOSES));
    let hint = did_you_mean(nearest(purpose, PURPOSES));
    out.at("purpose", Draft::new(rule!("file_purpose"), message).hint(format_args!("{hint}")));
}

/// The rules of a file in any request.
pub(super) fn part(file: &Value<'_>, path: &Path<'_>, out: &mut Findings<'_>) {
    let Some(file) = file.as_object() else { return };
    let text = |key: &str| file.get(key).and_then(Value::as_str);
    if let Some(name) = text("name").filter(|name| name.trim().is_empty() || name.contains(char::is_control)) {
        let what = if name.trim().is_empty() { "is empty" } else { "holds a control character" };
        let fault = Fault::form("value_error", path, "Value error, Expected UploadFile, received: <class 'str'>");
        let message = format_args!("the name of the file {what}");
        out.add(
            &path.key("name"),
            Draft::new(rule!("file_name"), message).hint(format_args!("name it as in `report.pdf`")).fault(fault),
        );
    }
    let mut size = file.get("size").and_then(Value::as_u64);
    match (text("text"), text("data")) {
        (Some(_), Some(_)) => {
            let message = format_args!("the file's content stands there twice, as `text` and as `data`");
            out.add(&path.key("data"), Draft::new(rule!("file_content"), message).hint(format_args!("give one of the two")));
        }
        (Some(text), None) => size = Some(text.len() as u64),
        (None, Some(data)) => match base64::decode_filled(data.as_bytes()) {
            Some(bytes) => size = Some(bytes.len() as u64),
            None => {
                let message = format_args!("the file's `data` is no base64");
                out.add(&path.key("data"), Draft::new(rule!("file_content"), message).hint(format_args!("give text as `text`")));
            }
        },
        (None, None) => {}
    }
    if let Some(size) = size.filter(|size| *size > MAX_FILE) {
        let message = format_args!("the file has {size} bytes, and may have {MAX_FILE} (512 MB)");
        out.add(path, Draft::new(rule!("file_size"), message).hint(format_args!("split it into several files")));
    }
}
