//! Takes out of the glue what the package does not use: the part that fetches the module. And lets the runtime's own encoder
//! write long texts, which the glue would put into the module's memory letter by letter.
//!
//! `ts/load` has its own way for each runtime, and a package that says it has no network should not carry a `fetch`.

use std::path::Path;

use crate::{Outcome, read, write};

/// Trims the glue and its declarations.
///
/// # Errors
/// When wasm-bindgen writes something else than the version this was made for.
pub fn trim(package: &Path, name: &str) -> Outcome<()> {
    let script = package.join(format!("{name}.js"));
    let text = text(&script)?;
    let text = cut(&text, "async function __wbg_load(", Some("function initSync("))?;
    let text = cut(&text, "let __wbg_init_promise;", None)? + "export { initSync };\n";
    let text = encode_long_texts(&text)?;
    if text.contains("fetch") {
        return Err(format!("`{}` still fetches", script.display()));
    }
    write(&script, text.as_bytes())?;
    let declarations = package.join(format!("{name}.d.ts"));
    let text = self::text(&declarations)?;
    let text = cut(&text, "/**\n * If `module_or_path`", None)?;
    write(&declarations, text.replace("RequestInfo | URL | Response | ", "").as_bytes())
}

/// Writes texts of more than a few letters in one step: an encoder does ten at a time.
fn encode_long_texts(text: &str) -> Outcome<String> {
    const LETTER_BY_LETTER: &str = "for (; offset < len; offset++) {";
    match text.split_once(LETTER_BY_LETTER) {
        Some((before, after)) if !after.contains(LETTER_BY_LETTER) => {
            Ok(format!("{before}for (; len < 128 && offset < len; offset++) {{{after}"))
        }
        _ => Err("the glue does not write texts as it did".to_owned()),
    }
}

fn text(path: &Path) -> Outcome<String> {
    String::from_utf8(read(path)?).map_err(|_| format!("`{}` is not UTF-8", path.display()))
}

/// The text without what stands from `from` up to `to`, or to the end.
fn cut(text: &str, from: &str, to: Option<&str>) -> Outcome<String> {
    let start = text.find(from).ok_or_else(|| format!("the glue has no `{from}`"))?;
    let end = match to {
        Some(to) => start + text[start..].find(to).ok_or_else(|| format!("the glue has no `{to}`"))?,
        None => text.len(),
    };
    Ok(format!("{}{}", &text[..start], &text[end..]))
}
