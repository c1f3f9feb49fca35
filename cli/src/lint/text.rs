//! Findings for people: the line, and a mark below the name.

use anstyle::Style;
use tramontane::check::Severity;

use super::Outcome;
use super::walk::Found;
use crate::output::{BOLD, DIM, GOOD, print, severity_word};

/// How much of a long line is shown to the left and to the right of a name.
const AROUND: usize = 60;

/// Prints the findings, and a line that sums them up.
pub(super) fn show(outcome: &Outcome) {
    for found in &outcome.found {
        print(&finding(found));
    }
    for (path, reason) in &outcome.skipped {
        print(&format!("{DIM}skipped: {} {reason}{DIM:#}", path.display()));
    }
    print(&summary(outcome));
}

fn finding(found: &Found) -> String {
    let finding = &found.finding;
    let (style, word) = severity_word(finding.severity);
    let number = finding.line.to_string();
    let margin = " ".repeat(number.len());
    let (line, before) = excerpt(found);
    let mark = "^".repeat(finding.name.chars().count());
    let hint = finding.hint.as_deref().unwrap_or_default();
    let place = format!("{}:{}:{}", found.path.display(), finding.line, finding.column);
    format!(
        "{style}{word}[{}]{style:#}{BOLD}: {}{BOLD:#}\n{DIM}{margin}-->{DIM:#} {place}\n{DIM}{margin} |{DIM:#}\n\
         {DIM}{number} |{DIM:#} {line}\n{DIM}{margin} |{DIM:#} {}{style}{mark} {hint}{style:#}\n",
        finding.rule,
        finding.message,
        " ".repeat(before),
    )
}

/// The line, shortened where it is long and without what would spoil a terminal, and how many characters stand before the name.
fn excerpt(found: &Found) -> (String, usize) {
    let name = &found.finding.name;
    let column = found.finding.column - 1;
    // The walker has shortened the longest of lines from the left, too.
    let byte = found.line.char_indices().nth(column).map_or(usize::MAX, |(at, _)| at);
    let at = if found.line.get(byte..).is_some_and(|rest| rest.starts_with(name.as_str())) {
        byte
    } else {
        found.line.find(name.as_str()).unwrap_or(0)
    };
    let before: Vec<char> = found.line[..at].chars().collect();
    let after: Vec<char> = found.line[at..].chars().skip(name.chars().count()).collect();
    let indent = before.iter().take_while(|letter| letter.is_whitespace()).count();
    let cut = before.len() > AROUND + indent.min(20);
    let start = if cut { before.len() - AROUND } else { 0 };
    let mut line: String = if cut { "…".to_owned() } else { String::new() };
    line.extend(before[start..].iter().map(|letter| plain(*letter)));
    let width = line.chars().count();
    line.push_str(name);
    line.extend(after.iter().take(AROUND).map(|letter| plain(*letter)));
    if after.len() > AROUND {
        line.push('…');
    }
    (line.trim_end().to_owned(), width)
}

fn plain(letter: char) -> char {
    match letter {
        '\t' => ' ',
        letter if letter.is_control() => '\u{fffd}',
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' => '\u{fffd}',
        letter => letter,
    }
}

fn summary(outcome: &Outcome) -> String {
    let files = plural(outcome.files, "file");
    let fixed = match (outcome.fixed, outcome.dry) {
        (0, _) => String::new(),
        (names, true) => format!("; --fix would replace {}", plural(names as u64, "name")),
        (names, false) => {
            format!("; {} replaced in {}", plural(names as u64, "name"), plural(outcome.fixed_files as u64, "file"))
        }
    };
    if outcome.found.is_empty() {
        return format!("{GOOD}nothing found{GOOD:#} {DIM}in {files}{fixed}{DIM:#}");
    }
    let counts: Vec<String> = [Severity::Error, Severity::Warning, Severity::Note]
        .into_iter()
        .map(|severity| (severity, outcome.count(severity)))
        .filter(|(_, count)| *count > 0)
        .map(|(severity, count)| {
            let (style, word) = severity_word(severity);
            format!("{style}{}{style:#}", plural(count as u64, word))
        })
        .collect();
    let fixable = outcome.found.iter().filter(|found| found.finding.fix.is_some()).count();
    let offer = if fixable > 0 && outcome.fixed == 0 { format!("; --fix replaces {fixable}") } else { String::new() };
    format!("{}{DIM} in {files}{offer}{fixed}{DIM:#}", counts.join(", "))
}

fn plural(count: u64, word: &str) -> String {
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}

/// A diff with its colours.
pub(super) fn coloured_diff(diff: &str) -> String {
    let red = anstyle::AnsiColor::Red.on_default();
    let lines = diff.lines().map(|line| {
        let style = match line.as_bytes().first() {
            _ if line.starts_with("+++") || line.starts_with("---") => BOLD,
            Some(b'+') => GOOD,
            Some(b'-') => red,
            Some(b'@') => DIM,
            _ => Style::new(),
        };
        format!("{style}{line}{style:#}")
    });
    lines.collect::<Vec<_>>().join("\n")
}
