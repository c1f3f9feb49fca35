//! Puts the names that are served in the place of those that are not.

use super::finding::LintFinding;

/// The text with the fixes of its findings: only the names change, every other byte stays. `None` when none has a fix.
///
/// ```
/// use tramontane::lint::{LintQuery, apply, lint_text};
/// let text = "MODEL=mistral-small-latest # pinned\r\n";
/// let query = LintQuery { text: text.into(), language: Some("env".into()), ..LintQuery::default() };
/// let fixed = apply(text.as_bytes(), &lint_text(query)?).unwrap();
/// assert_eq!(fixed, b"MODEL=mistral-small-2603 # pinned\r\n");
/// # Ok::<(), tramontane::Error>(())
/// ```
pub fn apply(text: &[u8], findings: &[LintFinding]) -> Option<Vec<u8>> {
    let mut fixed = Vec::with_capacity(text.len() + 64);
    let mut at = 0;
    for finding in findings {
        // A finding of another text, or one that overlaps the last, is left alone.
        let found = text.get(finding.start..finding.end).filter(|found| finding.start >= at && *found == finding.name.as_bytes());
        if let (Some(fix), Some(_)) = (&finding.fix, found) {
            fixed.extend_from_slice(&text[at..finding.start]);
            fixed.extend_from_slice(fix.as_bytes());
            at = finding.end;
        }
    }
    if at == 0 {
        return None;
    }
    fixed.extend_from_slice(&text[at..]);
    Some(fixed)
}
