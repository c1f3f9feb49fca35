//! Every finding's words, and what must hold of every row.

use super::*;

fn on(text: &str) -> Date {
    text.parse().unwrap()
}

/// What there is to read of a name: `kind, sent as, status`, then one line for each finding.
fn read(name: &str, day: &str) -> String {
    let resolution = resolve_name(name, on(day));
    let status = resolution.status.as_deref().unwrap_or("unknown");
    let mut text = format!("{:?}, sent as `{}`, {status}", resolution.kind, resolution.sent_as);
    for f in &resolution.findings {
        let hint = f.hint.as_deref().unwrap_or("-");
        text += &format!("\n{:?} {}: {}; {hint}", f.severity, f.rule, f.message);
    }
    text
}

fn today(name: &str) -> String {
    read(name, "2026-11-21")
}

#[test]
fn the_names_of_the_article() {
    assert!(today("mistral-nemo-12b").contains("retired on 2026-07-31 and is replaced by `ministral-8b-2512`"));
}
