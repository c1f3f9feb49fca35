//! Rust source text: literals, names, and `rustfmt`.

use std::io::Write;
use std::process::{Command, Stdio};

/// The first lines of a generated Rust file.
pub(crate) fn header(source: &str) -> String {
    format!("// Generated from {source} by `make generate`. Do not edit.\n\n")
}

/// Formats Rust source by the checkout's own rules.
pub(crate) fn format(source: &str) -> Result<String, String> {
    let mut child = Command::new("rustfmt")
        .args(["--edition", "2024", "--config-path"])
        .arg(crate::rustfmt_config())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|e| format!("`rustfmt` cannot be started: {e}; `rustup component add rustfmt` installs it"))?;
    let mut stdin = child.stdin.take().ok_or("rustfmt has no input")?;
    let text = source.to_owned();
    // Fed from a thread: rustfmt may begin to write before it has read all.
    let feed = std::thread::spawn(move || stdin.write_all(text.as_bytes()));
    let output = child.wait_with_output().map_err(|e| format!("`rustfmt` failed: {e}"))?;
    let fed = feed.join().is_ok_and(|written| written.is_ok());
    if !fed || !output.status.success() {
        return Err(format!("`rustfmt` refused the generated source: {}", String::from_utf8_lossy(&output.stderr)));
    }
    String::from_utf8(output.stdout).map_err(|e| e.to_string())
}

/// A string literal.
pub(crate) fn string(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// `Some("…")` or `None`.
pub(crate) fn optional(text: Option<&str>) -> String {
    text.map_or("None".to_owned(), |text| format!("Some({})", string(text)))
}

/// `snake_case`, or a name with dots, to `CamelCase`.
pub(crate) fn camel(name: &str) -> String {
    name.split(['_', '-', '.'])
        .map(|word| {
            let mut chars = word.chars();
            chars.next().map_or(String::new(), |first| first.to_ascii_uppercase().to_string() + chars.as_str())
        })
        .collect()
}

/// An array of string literals.
pub(crate) fn strings<S: AsRef<str>>(items: &[S]) -> String {
    let items: Vec<String> = items.iter().map(|item| string(item.as_ref())).collect();
    format!("[{}]", items.join(", "))
}

/// A date, as a call of `catalogue::row::day`.
pub(crate) fn day(date: &toml::value::Datetime) -> Result<String, String> {
    let day = date.date.ok_or_else(|| format!("`{date}` is not a day"))?;
    Ok(format!("day({}, {}, {})", day.year, day.month, day.day))
}
