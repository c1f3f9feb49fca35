//! Walks the files in parallel, reads each once, and gives what was found.

use std::fs::File;
use std::io::{IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::time::{Duration, Instant};

use ignore::overrides::OverrideBuilder;
use ignore::{DirEntry, WalkBuilder, WalkState};
use tramontane::lint::{Language, LintFinding, Linter};

use super::args::Lint;
use super::config::{Settings, own_words};
use crate::output::Failure;

/// Folders of other people's code, and of tools.
const FOREIGN: &[&str] = &[
    ".git",
    ".hg",
    ".jj",
    ".mypy_cache",
    ".nox",
    ".pytest_cache",
    ".ruff_cache",
    ".svn",
    ".terraform",
    ".tox",
    ".venv",
    "Pods",
    "__pycache__",
    "bower_components",
    "node_modules",
    "site-packages",
    "third_party",
    "vendor",
    "venv",
];

/// A finding in a file, with the line on which it stands.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) path: PathBuf,
    pub(super) finding: LintFinding,
    pub(super) line: String,
}

/// What a walk gives.
#[derive(Debug, Default)]
pub(super) struct Walked {
    /// In the order of paths, then of the text.
    pub(super) found: Vec<Found>,
    /// Files that could not be read, with the reason.
    pub(super) skipped: Vec<(PathBuf, String)>,
    /// How many files were read.
    pub(super) files: u64,
}

enum Message {
    Found(Vec<Found>),
    Skipped(PathBuf, String),
}

/// Reads all files below the paths.
pub(super) fn walk(args: &Lint, settings: &Settings, linter: &Linter) -> Result<Walked, Failure> {
    let paths = if args.paths.is_empty() { vec![PathBuf::from(".")] } else { args.paths.clone() };
    if let Some(missing) = paths.iter().find(|path| path.symlink_metadata().is_err()) {
        return Err(Failure::Usage(format!("there is no file `{}`", missing.display())));
    }
    let walker = builder(args, settings, &paths)?.build_parallel();
    let (sender, receiver) = channel();
    let progress = Progress::new();
    walker.run(|| {
        let mut reader = FileReader { args, settings, linter, sender: sender.clone(), buffer: Vec::new() };
        let progress = &progress;
        Box::new(move |entry| {
            match entry {
                Ok(entry) if reader.visit(&entry) => progress.count(),
                Ok(_) => {}
                Err(error) => reader.skip_error(&error),
            }
            WalkState::Continue
        })
    });
    drop(sender);
    let mut walked = Walked { files: progress.done(), ..Walked::default() };
    for message in receiver {
        match message {
            Message::Found(found) => walked.found.extend(found),
            Message::Skipped(path, reason) => walked.skipped.push((path, reason)),
        }
    }
    walked.found.sort_by(|a, b| (&a.path, a.finding.start).cmp(&(&b.path, b.finding.start)));
    walked.skipped.sort();
    if paths.len() > 1 {
        // A file that lies below two of the paths was read twice.
        walked.found.dedup_by(|a, b| a.path == b.path && a.finding.start == b.finding.start);
        walked.skipped.dedup();
    }
    Ok(walked)
}

fn builder(args: &Lint, settings: &Settings, paths: &[PathBuf]) -> Result<WalkBuilder, Failure> {
    let mut builder = WalkBuilder::new(&paths[0]);
    for path in &paths[1..] {
        builder.add(path);
    }
    let mut overrides = OverrideBuilder::new(&settings.root);
    for glob in &settings.exclude {
        // In an override, `!` leaves files out.
        let excluded = overrides.add(&format!("!{glob}"));
        excluded.map_err(|error| Failure::Usage(format!("`{glob}` is no pattern of files: {error}")))?;
    }
    let overrides = overrides.build().map_err(|error| Failure::Usage(error.to_string()))?;
    let foreign = !args.no_ignore;
    builder
        .overrides(overrides)
        .hidden(false)
        .ignore(foreign)
        .git_ignore(foreign)
        .git_global(foreign)
        .git_exclude(foreign)
        .parents(foreign)
        .require_git(false)
        .follow_links(args.follow)
        .filter_entry(move |entry| {
            let name = entry.file_name();
            let is_foreign = foreign && FOREIGN.iter().any(|folder| name == *folder) || name == ".git";
            entry.depth() == 0 || !is_foreign || !entry.file_type().is_some_and(|kind| kind.is_dir())
        });
    Ok(builder)
}

/// What one thread needs to read files.
struct FileReader<'a> {
    args: &'a Lint,
    settings: &'a Settings,
    linter: &'a Linter,
    sender: Sender<Message>,
    buffer: Vec<u8>,
}

impl FileReader<'_> {
    /// Reads a file if it is one of ours; whether it was read.
    fn visit(&mut self, entry: &DirEntry) -> bool {
        let kind = entry.file_type();
        if kind.is_none_or(|kind| kind.is_dir()) {
            return false;
        }
        let named = entry.depth() == 0;
        let path = entry.path();
        let Some(language) = self.language(path, named) else { return false };
        // A link is followed when it was named, or when links are.
        let is_file = kind.is_some_and(|kind| kind.is_file()) || (named && path.is_file());
        if !is_file {
            if named {
                self.skip(path, "is no regular file".to_owned());
            }
            return false;
        }
        match read(path, self.args.max_size, &mut self.buffer) {
            Ok(None) => self.lint(path, language),
            Ok(Some(reason)) => {
                self.skip(path, reason);
                return false;
            }
            Err(error) => {
                self.skip(path, format!("cannot be read: {error}"));
                return false;
            }
        }
        true
    }

    fn language(&self, path: &Path, named: bool) -> Option<Language> {
        let name = path.file_name()?.to_str().unwrap_or_default();
        let minified = name.ends_with(".min.js") || name.ends_with(".min.mjs");
        let told = || self.settings.query.language().ok();
        match Language::from_file_name(name) {
            Some(Language::Markdown) if !named && !self.settings.markdown => None,
            Some(_) if minified && !named => None,
            Some(language) => Some(language),
            None if named || self.args.language.is_some() => told(),
            None => None,
        }
    }

    fn lint(&self, path: &Path, language: Language) {
        // A byte that no text has says that the file is none.
        if self.buffer.iter().take(8192).any(|byte| *byte == 0) {
            if self.buffer.starts_with(b"\xff\xfe") || self.buffer.starts_with(b"\xfe\xff") {
                self.skip(path, "is UTF-16, which is not read".to_owned());
            }
            return;
        }
        let mut findings = self.linter.lint(&self.buffer, language);
        if findings.is_empty() {
            return;
        }
        if let Some(own) = own_words(path, &self.buffer) {
            findings.retain(|finding| !own.contains(&finding.start));
        }
        let found = findings.into_iter().map(|finding| Found {
            path: shown_path(path),
            line: line_of(&self.buffer, finding.start, finding.end),
            finding,
        });
        let _ = self.sender.send(Message::Found(found.collect()));
    }

    fn skip(&self, path: &Path, reason: String) {
        let _ = self.sender.send(Message::Skipped(shown_path(path), reason));
    }

    fn skip_error(&self, error: &ignore::Error) {
        let reason = match error {
            ignore::Error::WithPath { path, err } => return self.skip(path, format!("cannot be read: {err}")),
            ignore::Error::WithDepth { err, .. } => return self.skip_error(err),
            ignore::Error::Loop { child, .. } => return self.skip(child, "is a link to a folder around it".to_owned()),
            other => other.to_string(),
        };
        self.skip(Path::new(""), reason);
    }
}

/// Fills the buffer with a file; a reason when it is left out.
pub(super) fn read(path: &Path, max_size: u64, buffer: &mut Vec<u8>) -> std::io::Result<Option<String>> {
    let limit = max_size.saturating_mul(1_000_000);
    let file = File::open(path)?;
    let size = file.metadata()?.len();
    let reason = || Some(format!("is larger than {max_size} MB (--max-size)"));
    if size > limit {
        return Ok(reason());
    }
    buffer.clear();
    buffer.reserve(usize::try_from(size).unwrap_or_default().saturating_add(1));
    // It may grow while it is read.
    file.take(limit.saturating_add(1)).read_to_end(buffer)?;
    Ok(if buffer.len() as u64 > limit { reason() } else { None })
}

/// A path as people write it.
pub(super) fn shown_path(path: &Path) -> PathBuf {
    path.strip_prefix("./").map_or_else(|_| path.to_path_buf(), Path::to_path_buf)
}

/// The line around a place; names are short, so that a line of megabytes is not kept for one.
pub(super) fn line_of(text: &[u8], start: usize, end: usize) -> String {
    const AROUND: usize = 4096;
    let from = text[..start].iter().rev().take(AROUND).position(|byte| *byte == b'\n').unwrap_or(AROUND.min(start));
    let to = text[end..].iter().take(AROUND).position(|byte| *byte == b'\n').unwrap_or(AROUND.min(text.len() - end));
    String::from_utf8_lossy(&text[start - from..end + to]).trim_end_matches('\r').to_owned()
}

/// How many files were read, shown on a terminal when it takes a while.
struct Progress {
    files: AtomicU64,
    shown: AtomicU64,
    since: Instant,
    visible: bool,
}

impl Progress {
    fn new() -> Progress {
        let visible = std::io::stderr().is_terminal();
        Progress { files: AtomicU64::new(0), shown: AtomicU64::new(0), since: Instant::now(), visible }
    }

    fn count(&self) {
        let files = self.files.fetch_add(1, Ordering::Relaxed) + 1;
        if !self.visible || !files.is_multiple_of(64) || self.since.elapsed() < Duration::from_millis(500) {
            return;
        }
        let tenth = u64::try_from(self.since.elapsed().as_millis() / 100).unwrap_or_default();
        if self.shown.swap(tenth, Ordering::Relaxed) != tenth {
            let _ = write!(std::io::stderr(), "\r{files} files …");
        }
    }

    fn done(&self) -> u64 {
        if self.shown.load(Ordering::Relaxed) > 0 {
            let _ = write!(std::io::stderr(), "\r\u{1b}[K");
        }
        self.files.load(Ordering::Relaxed)
    }
}
