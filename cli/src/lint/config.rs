//! The options: of a file in the project, and of the command line above them.

use std::ops::Range;
use std::path::{Path, PathBuf};

use tramontane::error::{Error, ErrorKind};
use tramontane::json::{self, Fields, Object, Texts, Value};
use tramontane::lint::LintQuery;

use super::args::{FailOn, Lint, days};
use crate::documents::today;
use crate::output::Failure;

const FILES: [&str; 3] = ["tramontane.toml", "pyproject.toml", "package.json"];

const KEYS: [&str; 9] = ["baseline", "comments", "exclude", "fail-on", "ignore", "markdown", "severities", "strict", "within"];

/// Everything that a run goes by.
#[derive(Debug)]
pub(super) struct Settings {
    pub(super) query: LintQuery,
    pub(super) exclude: Vec<String>,
    /// The folder from which `exclude` counts.
    pub(super) root: PathBuf,
    pub(super) baseline: Option<PathBuf>,
    pub(super) fail_on: FailOn,
    pub(super) markdown: bool,
}

/// The options of a file, and the folder in which it stands.
#[derive(Debug, Default)]
struct Project {
    folder: PathBuf,
    options: Options,
}

#[derive(Debug, Default)]
struct Options {
    baseline: Option<String>,
    comments: bool,
    exclude: Vec<String>,
    fail_on: Option<FailOn>,
    ignore: Vec<String>,
    markdown: bool,
    severities: Texts,
    strict: bool,
    within: Option<u64>,
}

impl Settings {
    /// Reads the project's options and lays those of the command line over them.
    pub(super) fn gather(args: &Lint) -> Result<Settings, Failure> {
        let Project { folder, options } = match &args.config {
            Some(file) => given(file)?,
            None if args.no_config => Project::default(),
            None => nearest().map_err(|error| Failure::Usage(error.to_string()))?,
        };
        let mut severities = options.severities;
        severities.extend(args.severity.iter().cloned());
        let query = LintQuery {
            language: args.language.clone(),
            on: Some(args.on.unwrap_or_else(today)),
            within_days: args.within.or(options.within),
            comments: args.comments || options.comments,
            strict: args.strict || options.strict,
            severities,
            ignore: [options.ignore, args.ignore.clone()].concat(),
            ..LintQuery::default()
        };
        Ok(Settings {
            query,
            baseline: args.baseline.clone().or(options.baseline.map(|file| folder.join(file))),
            exclude: [options.exclude, args.exclude.clone()].concat(),
            root: if folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder },
            fail_on: args.fail_on.or(options.fail_on).unwrap_or(FailOn::Note),
            markdown: args.markdown || options.markdown,
        })
    }
}

/// The file that was named; it must have options.
fn given(file: &Path) -> Result<Project, Failure> {
    let text = std::fs::read(file).map_err(|error| Failure::Usage(format!("cannot read `{}`: {error}", file.display())))?;
    let options = read(file, &text).map_err(|error| Failure::Usage(error.to_string()))?;
    let folder = file.parent().map(Path::to_path_buf).unwrap_or_default();
    let missing = || Failure::Usage(format!("`{}` has no options for tramontane", file.display()));
    Ok(Project { folder, options: options.ok_or_else(missing)? })
}

/// The nearest file with options, from the present folder upwards.
fn nearest() -> Result<Project, Error> {
    let here = std::env::current_dir().unwrap_or_default();
    for folder in here.ancestors() {
        for name in FILES {
            let file = folder.join(name);
            // A file that cannot be read has no options; whoever means it names it with --config.
            let Ok(text) = std::fs::read(&file) else { continue };
            if let Some(options) = read(&file, &text)? {
                let folder = if folder == here { PathBuf::new() } else { folder.to_path_buf() };
                return Ok(Project { folder, options });
            }
        }
    }
    Ok(Project::default())
}

/// The options of a file; `None` when it has none.
fn read(file: &Path, text: &[u8]) -> Result<Option<Options>, Error> {
    let fault = |message: String| Error::new(ErrorKind::InvalidRequest, format!("`{}` {message}", file.display()));
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let whole = if name.ends_with(".json") {
        // A package.json without the word is somebody's whose JSON is no concern of ours.
        if memchr_in(text, b"\"tramontane\"").is_none() {
            return Ok(None);
        }
        json::parse(text).map_err(|error| fault(format!("is not JSON: {error}")))?
    } else {
        let text = std::str::from_utf8(text).map_err(|_| fault("is not UTF-8".to_owned()))?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        if name == "pyproject.toml" && !text.contains("tool.tramontane") && !text.contains("tramontane") {
            return Ok(None);
        }
        let table = text.parse::<toml::Table>().map_err(|error| fault(format!("is not TOML: {}", error.message())))?;
        value(toml::Value::Table(table))
    };
    let section = match name.as_str() {
        "pyproject.toml" => whole.get("tool").and_then(|tool| tool.get("tramontane")),
        name if name.ends_with(".json") => whole.get("tramontane"),
        _ => Some(&whole),
    };
    section.map(|section| options(section)).transpose().map_err(|error| fault(format!("has options that do not fit: {error}")))
}

fn memchr_in(text: &[u8], word: &[u8]) -> Option<usize> {
    text.windows(word.len()).position(|window| window == word)
}

/// TOML as the JSON that it would be.
fn value(toml: toml::Value) -> Value<'static> {
    match toml {
        toml::Value::String(text) => Value::from(text),
        toml::Value::Integer(number) => Value::from(number),
        toml::Value::Float(number) => Value::from(number),
        toml::Value::Boolean(flag) => Value::from(flag),
        toml::Value::Datetime(day) => Value::from(day.to_string()),
        toml::Value::Array(items) => Value::Array(items.into_iter().map(value).collect()),
        toml::Value::Table(table) => Value::Object(Object::from_iter(table.into_iter().map(|(key, item)| (key, value(item))))),
    }
}

fn options(section: &Value<'_>) -> Result<Options, Error> {
    let fields = Fields::open(section, "", &KEYS)?;
    let owned = |key: &str| -> Result<Vec<String>, Error> {
        Ok(fields.strings(key)?.unwrap_or_default().into_iter().map(str::to_owned).collect())
    };
    let fault = |key: &str, message: String| Error::new(ErrorKind::InvalidRequest, format!("`{key}`: {message}"));
    let fail_on = fields.string("fail-on")?.map(|word| {
        clap::ValueEnum::from_str(word, false)
            .map_err(|_| fault("fail-on", "it is `note`, `warning`, `error` or `never`".to_owned()))
    });
    let within = fields.string("within")?.map(|text| days(text).map_err(|message| fault("within", message)));
    Ok(Options {
        baseline: fields.string("baseline")?.map(str::to_owned),
        comments: fields.boolean("comments")?,
        exclude: owned("exclude")?,
        fail_on: fail_on.transpose()?,
        ignore: owned("ignore")?,
        markdown: fields.boolean("markdown")?,
        severities: fields.texts("severities")?,
        strict: fields.boolean("strict")?,
        within: within.transpose()?,
    })
}

/// Where a file speaks to this tool: names that stand there are meant to stand there.
pub(super) fn own_words(path: &Path, text: &[u8]) -> Option<Range<usize>> {
    match path.file_name()?.to_str()? {
        "tramontane.toml" => Some(0..text.len()),
        "pyproject.toml" => {
            let start = memchr_in(text, b"[tool.tramontane")?;
            let mut end = start;
            for line in text[start..].split_inclusive(|byte| *byte == b'\n') {
                if line.starts_with(b"[") && !line.starts_with(b"[tool.tramontane") {
                    break;
                }
                end += line.len();
            }
            Some(start..end)
        }
        "package.json" => {
            let start = memchr_in(text, b"\"tramontane\"")?;
            let open = start + text[start..].iter().position(|byte| *byte == b'{')?;
            let between = text[start + 12..open].trim_ascii();
            let mut depth = 0_usize;
            let end = text[open..].iter().position(|byte| {
                depth += usize::from(*byte == b'{');
                depth -= usize::from(*byte == b'}' && depth > 0);
                depth == 0
            })?;
            (between == b":").then_some(start..open + end)
        }
        _ => None,
    }
}
