//! What can be typed behind `tramontane lint`.

use std::path::PathBuf;

use clap::{Args as ClapArgs, ValueEnum};
use tramontane::date::Date;

/// How findings are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Text,
    /// One JSON object.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// Annotations of GitHub Actions.
    Github,
}

/// The least finding that makes the command fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    /// Any finding.
    Note,
    /// Warnings and errors.
    Warning,
    /// Errors only.
    Error,
    /// Nothing.
    Never,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Lint {
    /// Files and folders; the present folder when none is given.
    pub(crate) paths: Vec<PathBuf>,
    /// Write the names that are served in the place of those that are not.
    #[arg(long)]
    pub(crate) fix: bool,
    /// Show what `--fix` would change, and change nothing.
    #[arg(long)]
    pub(crate) diff: bool,
    /// How findings are printed.
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: Format,
    /// Judge names as on this day (YYYY-MM-DD); today when absent.
    #[arg(long, value_name = "DATE")]
    pub(crate) on: Option<Date>,
    /// Make errors of models that are retired within this time, for example `90d` or `12w`.
    #[arg(long, value_parser = days, value_name = "TIME")]
    pub(crate) within: Option<u64>,
    /// Names in comments, docstrings and prose count too.
    #[arg(long)]
    pub(crate) comments: bool,
    /// Read Markdown files too: their code, and what stands between backticks.
    #[arg(long)]
    pub(crate) markdown: bool,
    /// Unknown models are errors.
    #[arg(long)]
    pub(crate) strict: bool,
    /// The severity of a rule, for example `floating_alias=off`; can be given more than once.
    #[arg(long, value_name = "RULE=SEVERITY", value_parser = severity)]
    pub(crate) severity: Vec<(String, String)>,
    /// A name that is meant; `*` at its end stands for any ending. Can be given more than once.
    #[arg(long, value_name = "NAME")]
    pub(crate) ignore: Vec<String>,
    /// Files to leave out, as in a .gitignore; can be given more than once.
    #[arg(long, value_name = "GLOB")]
    pub(crate) exclude: Vec<String>,
    /// The least finding that makes the command fail; any when absent.
    #[arg(long, value_enum)]
    pub(crate) fail_on: Option<FailOn>,
    /// Findings that are known: only others are reported.
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<PathBuf>,
    /// Write all findings into the baseline, and report none.
    #[arg(long, requires = "baseline")]
    pub(crate) write_baseline: bool,
    /// Take the options of this file; else of the nearest tramontane.toml, pyproject.toml or package.json that has some.
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    pub(crate) config: Option<PathBuf>,
    /// Take no options of any file.
    #[arg(long)]
    pub(crate) no_config: bool,
    /// Read one text from standard input; with `--fix` the fixed text is printed.
    #[arg(long, conflicts_with_all = ["paths", "baseline", "diff"])]
    pub(crate) stdin: bool,
    /// The language of standard input and of files whose name does not say it, for example `python` or `yaml`.
    #[arg(long)]
    pub(crate) language: Option<String>,
    /// Read what .gitignore names, and folders of other people's code, too.
    #[arg(long)]
    pub(crate) no_ignore: bool,
    /// Follow links.
    #[arg(long)]
    pub(crate) follow: bool,
    /// Leave out files with more megabytes than this.
    #[arg(long, value_name = "MB", default_value_t = 32)]
    pub(crate) max_size: u64,
}

/// `90d`, `12w`, or a number of days.
pub(crate) fn days(text: &str) -> Result<u64, String> {
    let (number, each) = match text.strip_suffix(['d', 'w']) {
        Some(number) if text.ends_with('w') => (number, 7),
        Some(number) => (number, 1),
        None => (text, 1),
    };
    let days = number.parse::<u64>().ok().and_then(|number| number.checked_mul(each));
    days.filter(|days| *days > 0).ok_or_else(|| "it is a number of days or weeks, for example `90d`".to_owned())
}

fn severity(text: &str) -> Result<(String, String), String> {
    let (rule, severity) = text.split_once('=').ok_or("it is a rule and its severity, for example `floating_alias=off`")?;
    Ok((rule.to_owned(), severity.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::days;

    #[test]
    fn times_are_days_or_weeks() {
        assert_eq!((days("90d"), days("2w"), days("7")), (Ok(90), Ok(14), Ok(7)));
        for wrong in ["", "d", "0", "-1d", "3m", "99999999999999999999w"] {
            assert!(days(wrong).is_err(), "{wrong}");
        }
    }
}
