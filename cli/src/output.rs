//! What people and scripts see.

use std::io::Write;

use anstyle::{AnsiColor, Style};
use tramontane::Error;
use tramontane::check::{Finding, Severity};
use tramontane::json::{Object, Value};

use crate::{FOUND, USAGE};

pub(crate) const BOLD: Style = Style::new().bold();
pub(crate) const DIM: Style = Style::new().dimmed();
pub(crate) const GOOD: Style = AnsiColor::Green.on_default();
const BAD: Style = AnsiColor::Red.on_default().bold();
const WARN: Style = AnsiColor::Yellow.on_default().bold();

/// Why a command ended early.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Its input could not be read.
    Usage(String),
    /// The work itself failed.
    Error(Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        Failure::Error(error)
    }
}

impl Failure {
    /// Prints the failure and gives its exit code.
    pub(crate) fn report(self, json: bool) -> i32 {
        match self {
            Failure::Usage(message) => {
                complain(&message);
                USAGE
            }
            Failure::Error(error) if json => {
                print(&error.to_value().to_string());
                FOUND
            }
            Failure::Error(error) => {
                match &error.report {
                    Some(report) => print_findings(&report.findings),
                    None => complain(&error.to_string()),
                }
                FOUND
            }
        }
    }
}

/// Prints a line; a reader that has gone away is no error.
pub(crate) fn print(line: &str) {
    let _ = writeln!(anstream::stdout(), "{line}");
}

/// Prints a piece of a line at once.
pub(crate) fn print_piece(piece: &str) {
    let mut out = anstream::stdout();
    let _ = write!(out, "{piece}").and_then(|()| out.flush());
}

/// Prints a line to standard error.
pub(crate) fn complain(message: &str) {
    let _ = writeln!(anstream::stderr(), "{BAD}error{BAD:#}: {message}");
}

/// Prints warnings to standard error, where they do not mix with an answer.
pub(crate) fn print_warnings(findings: &[Finding]) {
    for finding in findings {
        let _ = writeln!(anstream::stderr(), "{}", line(finding));
    }
}

/// Prints findings, one or two lines each.
pub(crate) fn print_findings(findings: &[Finding]) {
    for finding in findings {
        print(&line(finding));
    }
}

/// The word for a severity, and its style.
pub(crate) const fn severity_word(severity: Severity) -> (Style, &'static str) {
    match severity {
        Severity::Error => (BAD, "error"),
        Severity::Warning => (WARN, "warning"),
        Severity::Note => (DIM, "note"),
    }
}

fn line(finding: &Finding) -> String {
    let (style, word) = severity_word(finding.severity);
    let code = finding.server_code.as_ref().map(|code| format!(" (the server says {code})")).unwrap_or_default();
    let place = if finding.path.is_empty() { String::new() } else { format!(" at {BOLD}{}{BOLD:#}", finding.path) };
    let hint = finding.hint.as_ref().map(|hint| format!("\n    {DIM}{hint}{DIM:#}")).unwrap_or_default();
    format!("{style}{word}{style:#}[{}]{place}: {}{code}{hint}", finding.rule, finding.message)
}

/// Prints what is known of a value, a line a field; what is `null` or empty is left out.
pub(crate) fn print_tree(value: &Value<'_>, depth: usize) {
    for (name, field) in value.as_object().into_iter().flat_map(Object::iter) {
        let indent = "  ".repeat(depth);
        match field {
            Value::Null => {}
            Value::Object(object) if object.iter().all(|(_, field)| field.is_null()) => {}
            Value::Object(_) => {
                print(&format!("{indent}{BOLD}{name}{BOLD:#}"));
                print_tree(field, depth + 1);
            }
            Value::Array(items) if items.is_empty() => {}
            Value::Array(items) => {
                let items: Vec<String> = items.iter().map(plain).collect();
                print(&format!("{indent}{BOLD}{name}{BOLD:#} {}", items.join(", ")));
            }
            other => print(&format!("{indent}{BOLD}{name}{BOLD:#} {}", plain(other))),
        }
    }
}

fn plain(value: &Value<'_>) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// An amount of nano-dollars as dollars, with as many digits as it takes.
pub(crate) fn dollars(nanos: u64) -> String {
    let text = format!("{}.{:09}", nanos / 1_000_000_000, nanos % 1_000_000_000);
    let kept = text.trim_end_matches('0');
    let digits = kept.len().max(text.find('.').map_or(0, |point| point + 3));
    format!("${}", &text[..digits])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dollars_keep_every_digit_that_counts() {
        assert_eq!(dollars(0), "$0.00");
        assert_eq!(dollars(1), "$0.000000001");
        assert_eq!(dollars(1_500_000_000), "$1.50");
        assert_eq!(dollars(15), "$0.000000015");
        assert_eq!(dollars(2_000_000_000), "$2.00");
    }
}
