//! `lint`: the model names in a project that will break.

pub(crate) mod args;
mod baseline;
mod config;
mod fixes;
mod formats;
mod rules;
mod text;
mod walk;

use std::io::{Read, Write};
use std::path::PathBuf;

use tramontane::check::Severity;
use tramontane::lint::{Language, Linter, apply};

use crate::output::{Failure, print};
use crate::{CLEAN, FOUND};
use args::{FailOn, Format, Lint};
use config::Settings;
use walk::{Found, Walked};

/// What a run found and did.
#[derive(Debug, Default)]
struct Outcome {
    found: Vec<Found>,
    skipped: Vec<(PathBuf, String)>,
    files: u64,
    fixed: usize,
    fixed_files: usize,
    /// Nothing was written.
    dry: bool,
}

impl Outcome {
    fn count(&self, severity: Severity) -> usize {
        self.found.iter().filter(|found| found.finding.severity == severity).count()
    }

    fn code(&self, fail_on: FailOn) -> i32 {
        let fails = |severity: Severity| match fail_on {
            FailOn::Note => true,
            FailOn::Warning => severity >= Severity::Warning,
            FailOn::Error => severity == Severity::Error,
            FailOn::Never => false,
        };
        if self.found.iter().any(|found| fails(found.finding.severity)) { FOUND } else { CLEAN }
    }
}

/// `tramontane lint`.
pub(crate) fn run(args: &Lint, as_json: bool) -> Result<i32, Failure> {
    let settings = Settings::gather(args)?;
    let usage = |error: tramontane::Error| Failure::Usage(error.to_string());
    let language = settings.query.language().map_err(usage)?;
    let linter = Linter::new(&settings.query).map_err(usage)?;
    let format = if as_json { Format::Json } else { args.format };
    let outcome = if args.stdin {
        standard_input(args, &linter, language)?
    } else {
        let Walked { mut found, skipped, files } = walk::walk(args, &settings, &linter)?;
        if let Some(file) = settings.baseline.as_ref().and_then(|file| file.canonicalize().ok()) {
            // The baseline holds the very names that it is about.
            found.retain(|found| found.path.canonicalize().ok().as_ref() != Some(&file));
        }
        match &settings.baseline {
            Some(file) if args.write_baseline => {
                baseline::write(file, &found)?;
                print(&format!("wrote {} findings into {}", found.len(), file.display()));
                return Ok(CLEAN);
            }
            Some(file) => baseline::drop_known(file, &mut found)?,
            None => {}
        }
        let mut outcome = Outcome { found, skipped, files, dry: args.diff, ..Outcome::default() };
        if args.fix || args.diff {
            let told = args.language.is_some().then_some(language);
            let fixed = fixes::fix(&mut outcome.found, &linter, told, args.max_size, args.diff);
            outcome.skipped.extend(fixed.failed);
            (outcome.fixed, outcome.fixed_files) = (fixed.names, fixed.files);
        }
        outcome
    };
    match format {
        // The fixed text, or the diff, is the output.
        Format::Text if args.stdin && args.fix => {}
        Format::Text => text::show(&outcome),
        Format::Json => formats::json(&outcome)?,
        Format::Sarif => formats::sarif(&outcome),
        Format::Github => formats::github(&outcome),
    }
    Ok(outcome.code(settings.fail_on))
}

/// Reads one text from standard input.
fn standard_input(args: &Lint, linter: &Linter, language: Language) -> Result<Outcome, Failure> {
    let mut text = Vec::new();
    let limit = args.max_size.saturating_mul(1_000_000);
    let read = std::io::stdin().lock().take(limit.saturating_add(1)).read_to_end(&mut text);
    read.map_err(|error| Failure::Usage(format!("cannot read standard input: {error}")))?;
    if text.len() as u64 > limit {
        return Err(Failure::Usage(format!("standard input is larger than {} MB (--max-size)", args.max_size)));
    }
    let mut findings = linter.lint(&text, language);
    let mut fixed = 0;
    if args.fix {
        let after = apply(&text, &findings);
        fixed = findings.iter().filter(|finding| finding.fix.is_some()).count();
        if args.format == Format::Text {
            let mut out = std::io::stdout().lock();
            let _ = out.write_all(after.as_deref().unwrap_or(&text)).and_then(|()| out.flush());
        }
        findings.retain(|finding| finding.fix.is_none());
    }
    let found = findings.into_iter().map(|finding| Found {
        path: PathBuf::from("<stdin>"),
        line: walk::line_of(&text, finding.start, finding.end),
        finding,
    });
    Ok(Outcome { found: found.collect(), files: 1, fixed, fixed_files: usize::from(fixed > 0), ..Outcome::default() })
}
