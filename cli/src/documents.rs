//! `check` and `build`: requests that stand in files.

use std::io::Read;

use tramontane::check::{CheckRequest, Finding, Policy, Report, Severity};
use tramontane::date::Date;
use tramontane::json;
use tramontane::wire::{BuildRequest, Prepared};

use crate::args::{Build, Check, Judging};
use crate::output::{DIM, Failure, GOOD, dollars, print, print_findings, print_warnings};
use crate::{CLEAN, FOUND};

/// `tramontane check`.
pub(crate) fn check(args: &Check, as_json: bool) -> Result<i32, Failure> {
    let text = read(&args.file)?;
    let request = json::parse(&text)?;
    let report = tramontane::ops::check(CheckRequest { request, policy: policy(&args.judging), estimate: true })?;
    if as_json {
        print(&json::to_value(&report)?.to_string());
    } else {
        print_report(&report);
    }
    Ok(if report.ok { CLEAN } else { FOUND })
}

fn print_report(report: &Report) {
    print_findings(&report.findings);
    for repair in &report.repairs {
        print(&format!("{GOOD}repaired{GOOD:#}[{}] at {}: {}", repair.repair, repair.path, repair.message));
    }
    let verdict = if report.ok { "the server takes this request" } else { "the server would refuse this request" };
    let counts = counts(&report.findings);
    print(&if counts.is_empty() { verdict.to_owned() } else { format!("{verdict}: {counts}") });
    if let Some(resolution) = report.resolution.as_ref().filter(|_| report.ok) {
        print(&format!("{DIM}model{DIM:#}  {} is sent as {}", resolution.requested, resolution.sent_as));
    }
    if let Some(estimate) = &report.estimate {
        let tokens = estimate.prompt_tokens;
        print(&format!("{DIM}prompt{DIM:#} {} to {} tokens", tokens.low, tokens.high));
        match (&estimate.cost.amount, &estimate.cost.reason) {
            (Some(amount), _) => print(&format!("{DIM}cost{DIM:#}   {} to {}", dollars(amount.low), dollars(amount.high))),
            (None, reason) => print(&format!("{DIM}cost{DIM:#}   unknown: {}", reason.as_deref().unwrap_or("no price"))),
        }
    }
}

/// How many findings there are of each severity: `2 errors, 1 note`.
fn counts(findings: &[Finding]) -> String {
    let severities = [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Note, "note")];
    let counted = severities.iter().filter_map(|(severity, word)| {
        let count = findings.iter().filter(|finding| finding.severity == *severity).count();
        (count > 0).then(|| format!("{count} {word}{}", if count == 1 { "" } else { "s" }))
    });
    counted.collect::<Vec<_>>().join(", ")
}

/// `tramontane build`.
pub(crate) fn build(args: &Build) -> Result<i32, Failure> {
    let text = read(&args.file)?;
    let request = json::parse(&text)?;
    let build = BuildRequest { request, provider: args.provider.clone(), policy: policy(&args.judging) };
    let prepared = tramontane::ops::build(build)?;
    if args.curl {
        print_warnings(&prepared.warnings);
        print(&curl(&prepared));
    } else {
        print(&json::to_value(&prepared)?.to_string());
    }
    Ok(CLEAN)
}

/// The request as a command; the shell fills in the key.
fn curl(prepared: &Prepared<'_>) -> String {
    let scheme = if prepared.auth.scheme.is_empty() { String::new() } else { format!("{} ", prepared.auth.scheme) };
    let mut command = format!("curl -X {} {}", prepared.method, quoted(&prepared.url));
    command += &format!(" \\\n  -H \"{}: {scheme}${}\"", prepared.auth.header, prepared.auth.env);
    for (name, value) in &prepared.headers {
        command += &format!(" \\\n  -H {}", quoted(&format!("{name}: {value}")));
    }
    if !prepared.body.is_null() {
        command += &format!(" \\\n  -d {}", quoted(&prepared.body.to_string()));
    }
    command
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// The policy of the flags; judged as of today unless they say otherwise.
pub(crate) fn policy(judging: &Judging) -> Policy {
    Policy {
        on: Some(judging.on.unwrap_or_else(today)),
        strict: judging.strict,
        pin: judging.pin,
        repair: judging.repair.clone(),
        ..Policy::default()
    }
}

/// Today's date, in UTC.
pub(crate) fn today() -> Date {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    Date::from_unix(now.as_secs() as i64)
}

/// A file's bytes, or standard input's for `-`.
pub(crate) fn read(file: &str) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let read = match file {
        "-" => std::io::stdin().lock().read_to_end(&mut bytes).map(drop),
        file => std::fs::read(file).map(|content| bytes = content),
    };
    read.map(|()| bytes).map_err(|error| Failure::Usage(format!("cannot read `{file}`: {error}")))
}
