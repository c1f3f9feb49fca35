//! The data files as pages to read: `docs/rules.md`, `docs/errors.md`, `docs/models.md`.

use std::fmt::Write;
use std::path::Path;

use toml::value::Datetime;

use crate::data::{Model, Prices};

const NANODOLLARS: u64 = 1_000_000_000;

fn header(title: &str, source: &str) -> String {
    format!("<!-- Generated from {source} by `make generate`. Do not edit. -->\n\n# {title}\n\n")
}

/// The text of `docs/rules.md`.
pub(crate) fn rules(data: &Path) -> Result<String, String> {
    let rules = crate::rules::table(data)?;
    let mut out = header("Rules", "core/data/rules.toml");
    let _ = writeln!(
        out,
        "The {} rules that `check` knows. An error refuses the request before it is sent, a warning goes out with it and \
         comes back with the answer, a note only tells. `severities={{\"<rule>\": \"off\"}}` changes one rule, \
         `checks=\"warn\"` makes every error a warning.",
        rules.len()
    );
    for rule in &rules {
        if let Some(group) = &rule.group {
            let _ = writeln!(out, "\n## {group}");
        }
        let code = rule.server_code.as_ref().map_or(String::new(), |code| format!(" The server's code for it is `{code}`."));
        let _ = write!(out, "\n### `{}`\n\n**{}.** {}{code}\n\n", rule.name, capital(&rule.severity), rule.doc);
        let _ = writeln!(out, "Source: {}; looked at on {}.", rule.source, rule.as_of);
    }
    Ok(out)
}

/// The text of `docs/errors.md`.
pub(crate) fn errors(data: &Path) -> Result<String, String> {
    let table = crate::errors::table(data)?;
    let mut out = header("Errors", "core/data/errors.toml");
    out += "Every error has a `kind`, the same word in every language. In Python and Node each kind is a class of its own; in \
            Rust it is a variant of `ErrorKind`. *Retried* says whether the same request may succeed: a client repeats it by \
            itself where it is not `never`.\n\n";
    out += "What every error says, under the same names everywhere (in Node in camel case, where it is not said otherwise). What \
            there is nothing to say of is `None` (`undefined` in Node). Shown as text, an error is its message, its path, its hint \
            and where it came from, on one line; in Node that is its `message`.\n\n| Field | What it says |\n|---|---|\n";
    for field in &table.field {
        let node = field.node.as_ref().map_or(String::new(), |node| format!(" (`{node}` in Node)"));
        let _ = writeln!(out, "| `{}`{node} | {} |", field.name, cell(&field.doc));
    }
    out += "\nAll classes extend `TramontaneError`. These only have in common what the others are:\n\n";
    for class in table.classes().iter().filter(|class| class.kind.is_none()) {
        let _ = writeln!(out, "- `{}` extends `{}`. {}", class.name, class.base, class.doc);
    }
    out += "\n| Kind | Class | Extends | Status | Retried | What it means |\n|---|---|---|---|---|---|\n";
    for kind in &table.kind {
        let statuses: Vec<String> = kind.status.iter().map(u16::to_string).collect();
        let (name, class, base, doc) = (&kind.name, &kind.class, &kind.base, cell(&kind.doc));
        let _ = writeln!(out, "| `{name}` | `{class}` | `{base}` | {} | {} | {doc} |", statuses.join(", "), kind.retry);
    }
    out += "\n## Hints\n\nWhat an error says behind the server's own words:\n\n";
    for kind in &table.kind {
        if let Some(hint) = &kind.hint {
            let _ = writeln!(out, "- `{}`: {hint}", kind.name);
        }
    }
    out += "\nWhere the server's own code or text says more:\n\n| Code | Text | Hint |\n|---|---|---|\n";
    for row in &table.hint {
        let quoted =
            |words: &[String]| words.iter().map(|word| format!("`{}`", word.replace('`', ""))).collect::<Vec<_>>().join(", ");
        let _ = writeln!(out, "| {} | {} | {} |", row.codes.join(", "), quoted(&row.texts), cell(&row.hint));
    }
    Ok(out)
}

/// The text of `docs/operations.md`.
pub(crate) fn operations(data: &Path) -> Result<String, String> {
    let table = crate::operations::Table::read(data)?;
    let mut out = header("Operations", "core/data/operations.toml");
    out += "What a client can ask of a provider. The methods have the same names in every language (in camel case in Node), \
            with and without async; where a method has no name for it, a request says what it is in its field `operation`.\n";
    out += "\nAnything else that the provider offers is reached by `client.request(method, path, …)`, with the same keys, repetitions \
            and errors.\n";
    for resource in &table.resource {
        let _ = write!(out, "\n## `client.{}`\n\n{}\n", resource.name, resource.doc);
        let rows: Vec<_> = table.of(resource).collect();
        if !rows.is_empty() {
            out += "\n| Method | `operation` | HTTP | Request | Answer | What it does |\n|---|---|---|---|---|---|\n";
        }
        for row in rows {
            let request = row.request().map_or(String::new(), |request| format!("`{request}`"));
            let answer = row.answer().map_or(String::new(), |answer| format!("`{answer}`"));
            let streams = if row.stream.is_some() { ", as a stream" } else { "" };
            let (method, name, http, path, doc) = (&row.method, &row.name, &row.http, &row.path, cell(&row.doc));
            let _ = writeln!(out, "| `{method}` | `{name}` | `{http} {path}` | {request} | {answer}{streams} | {doc} |");
        }
    }
    Ok(out)
}

/// The statuses, in the order of the page, and what they mean.
const STATUSES: [(&str, &str); 6] = [
    ("live", "The provider serves it."),
    ("preview", "Served, and may change or go without notice."),
    ("deprecated", "Still served, with an end in sight."),
    ("unreleased", "Announced for a later day."),
    ("retired", "The provider serves it no more."),
    ("weights_only", "To be downloaded, never served by the API."),
];

/// The text of `docs/models.md`.
pub(crate) fn models(data: &Path) -> Result<String, String> {
    let (models, _) = crate::data::read(data)?;
    let mut out = header("Models", "core/data/models.toml");
    let _ = writeln!(
        out,
        "The {} models of the catalogue, with the status of {}, the day of the snapshot; `models.list(on=…)` and \
         `tramontane models list` judge by the day they are asked. Prices are US dollars, for a million tokens where nothing \
         else is said. *Moving* names point to another model whenever the provider moves them; names *in articles* are printed \
         there but not listed by the API, and are sent as the official id.",
        models.model.len(),
        models.as_of
    );
    for (status, meaning) in STATUSES {
        let mut rows: Vec<&Model> = models.model.iter().filter(|model| status_on(model, &models.as_of) == status).collect();
        rows.sort_by(|a, b| (b.provider == "mistral", &a.id).cmp(&(a.provider == "mistral", &b.id)));
        if rows.is_empty() {
            continue;
        }
        let _ = write!(out, "\n## {}\n\n{meaning}\n\n", capital(&status.replace('_', " ")));
        out += "| Model | Other names | Context | Prices | Released | Deprecated | Retires | Replacement |\n|---|---|---|---|---|---|---|---|\n";
        for model in rows {
            let _ = writeln!(
                out,
                "| `{}`<br>{} | {} | {} | {} | {} | {} | {} | {} |",
                model.id,
                cell(&model.name),
                names(model),
                model.context.or(model.context_docs).map_or(String::new(), thousands),
                prices(&model.prices),
                date(model.released.as_ref()),
                date(model.deprecated.as_ref()),
                date(model.retires.as_ref()),
                model.replacement.as_ref().map_or(String::new(), |id| format!("`{id}`")),
            );
        }
    }
    Ok(out)
}

/// A model's status on a day, as `ModelRow::status` of the core has it; days are compared as ISO 8601 text.
fn status_on(model: &Model, day: &Datetime) -> &'static str {
    let day = day.to_string();
    let begun = |date: &Option<Datetime>| date.is_some_and(|date| date.to_string() <= day);
    match model.stage.as_str() {
        _ if begun(&model.retires) => "retired",
        _ if begun(&model.deprecated) => "deprecated",
        "retired" => "retired",
        "weights_only" => "weights_only",
        _ if model.released.is_some() && !begun(&model.released) => "unreleased",
        "preview" => "preview",
        _ => "live",
    }
}

fn names(model: &Model) -> String {
    let list = |names: &[String], what: &str| {
        let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
        (!names.is_empty()).then(|| format!("{what}{}", names.join(", ")))
    };
    let kinds = [list(&model.aliases, ""), list(&model.floating, "moving: "), list(&model.documented, "in articles: ")];
    kinds.into_iter().flatten().collect::<Vec<_>>().join("<br>")
}

fn prices(prices: &Prices) -> String {
    let known = [
        (prices.input_per_mtok, "in"),
        (prices.cached_input_per_mtok, "cached"),
        (prices.output_per_mtok, "out"),
        (prices.audio_per_minute, "a minute of audio"),
        (prices.per_page, "a page"),
        (prices.per_annotated_page, "an annotated page"),
        (prices.per_mchar, "a million characters"),
    ];
    let known = known.iter().filter_map(|(price, unit)| Some(format!("{} {unit}", dollars((*price)?))));
    known.collect::<Vec<_>>().join("<br>")
}

/// Nano-dollars as dollars: cents at least, and as many digits more as it takes.
fn dollars(nano: u64) -> String {
    let fraction = format!("{:09}", nano % NANODOLLARS);
    let digits = fraction.trim_end_matches('0').len().max(2);
    format!("${}.{}", nano / NANODOLLARS, &fraction[..digits])
}

fn thousands(count: u64) -> String {
    let digits = count.to_string();
    let groups: Vec<&str> = digits.as_bytes().rchunks(3).rev().filter_map(|group| std::str::from_utf8(group).ok()).collect();
    groups.join(" ")
}

fn date(day: Option<&Datetime>) -> String {
    day.map_or(String::new(), Datetime::to_string)
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

/// Text that may stand in a cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_for_readers() {
        assert_eq!(dollars(150_000_000), "$0.15");
        assert_eq!(dollars(7_500_000_000), "$7.50");
        assert_eq!(dollars(15_000_000), "$0.015");
        assert_eq!(dollars(0), "$0.00");
        assert_eq!(thousands(256_000), "256 000");
        assert_eq!(thousands(999), "999");
    }
}
