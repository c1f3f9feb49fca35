//! Writes the names that are served into files: whole files or none, and nothing but the names.

use std::io::Write;
use std::path::{Path, PathBuf};

use similar::TextDiff;
use tramontane::lint::{Language, LintFinding, Linter, apply};

use super::walk::{Found, read};
use crate::output::print;

/// What fixing did.
#[derive(Debug, Default)]
pub(super) struct Fixed {
    /// How many names were replaced, or would be.
    pub(super) names: usize,
    pub(super) files: usize,
    /// Files that were left as they were, with the reason.
    pub(super) failed: Vec<(PathBuf, String)>,
}

/// Fixes every file of the findings, or shows what would change. What was fixed is taken out of `found`.
pub(super) fn fix(found: &mut Vec<Found>, linter: &Linter, language: Option<Language>, max_size: u64, dry: bool) -> Fixed {
    let mut fixed = Fixed::default();
    let mut paths: Vec<PathBuf> = found.iter().filter(|found| found.finding.fix.is_some()).map(|f| f.path.clone()).collect();
    paths.dedup();
    for path in paths {
        let wanted: Vec<&LintFinding> = found.iter().filter(|found| found.path == path).map(|found| &found.finding).collect();
        match fix_file(&path, &wanted, linter, language, max_size, dry) {
            Ok(count) => {
                fixed.names += count;
                fixed.files += 1;
                found.retain(|found| dry || found.path != path || found.finding.fix.is_none());
            }
            Err(reason) => fixed.failed.push((path, reason)),
        }
    }
    fixed
}

fn fix_file(
    path: &Path,
    wanted: &[&LintFinding],
    linter: &Linter,
    language: Option<Language>,
    max_size: u64,
    dry: bool,
) -> Result<usize, String> {
    let mut text = Vec::new();
    let fault = |error: std::io::Error| format!("cannot be fixed: {error}");
    if let Some(reason) = read(path, max_size, &mut text).map_err(fault)? {
        return Err(reason);
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let language = Language::from_file_name(&name).or(language).unwrap_or(Language::Text);
    // What is written is what was reported: a file that has changed since is left alone.
    let mut findings = linter.lint(&text, language);
    findings.retain(|finding| wanted.contains(&finding));
    if findings.len() != wanted.len() {
        return Err("was changed by somebody else, and is left as it is".to_owned());
    }
    let Some(after) = apply(&text, &findings) else { return Ok(0) };
    if dry {
        print(&difference(path, &text, &after));
    } else {
        let mut again = Vec::new();
        read(path, max_size, &mut again).map_err(fault)?;
        if again != text {
            return Err("was changed by somebody else, and is left as it is".to_owned());
        }
        replace(path, &after).map_err(fault)?;
    }
    Ok(findings.iter().filter(|finding| finding.fix.is_some()).count())
}

/// Puts new content in the place of a file in one step: whoever reads it sees the old or the new, never a part.
pub(super) fn replace(path: &Path, content: &[u8]) -> std::io::Result<()> {
    // A link stays a link: what it points to is replaced.
    let path = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new().prefix(".tramontane-").tempfile_in(folder)?;
    file.write_all(content)?;
    match std::fs::metadata(&path) {
        Ok(old) if old.permissions().readonly() => {
            return Err(std::io::Error::new(std::io::ErrorKind::PermissionDenied, "it is read-only"));
        }
        Ok(old) => file.as_file().set_permissions(old.permissions())?,
        // A new file has the rights that others get, not those of a temporary one.
        Err(_) => {
            drop(std::fs::File::create(&path).and_then(|new| file.as_file().set_permissions(new.metadata()?.permissions())))
        }
    }
    file.as_file().sync_all()?;
    file.persist(&path).map(drop).map_err(|error| error.error)
}

fn difference(path: &Path, before: &[u8], after: &[u8]) -> String {
    let (before, after) = (String::from_utf8_lossy(before), String::from_utf8_lossy(after));
    let path = path.display();
    let diff = TextDiff::from_lines(before.as_ref(), after.as_ref());
    let text = diff.unified_diff().context_radius(2).header(&format!("a/{path}"), &format!("b/{path}")).to_string();
    super::text::coloured_diff(text.trim_end_matches('\n'))
}
