//! One thing that is wrong with a request or a name, and the row of the rule behind it.
//!
//! The catalogue, the checks and the protocols all report in this form. Imports `error`, `json`, `suggest` and the table of rules.

use crate::error::{Error, ErrorKind, Result};
use crate::generated::rules::{self, RULES};
use crate::json::Texts;
use crate::packed::Cells;
use crate::suggest::{nearest, shown};

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Good to know.
    Note,
    /// Works today, and may not tomorrow; or works otherwise than it looks.
    Warning,
    /// The server would refuse it.
    Error,
}

impl Severity {
    /// The severity, as data.
    pub const fn name(self) -> &'static str {
        match self {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// One thing that is wrong with a request.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Finding {
    /// The rule's name, for example `tool_call_id`.
    pub rule: String,
    /// How bad it is.
    pub severity: Severity,
    /// Where, for example `messages[3].tool_calls[0].id`; empty for the request as a whole.
    pub path: String,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
    /// The code with which the server would refuse it, for example `3280`.
    pub server_code: Option<String>,
    /// Where the rule comes from.
    pub source: String,
}

/// A rule of the table, by the place of its row.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rule(usize);

impl Rule {
    /// The rule of this name. Asked while the program is compiled: there is nothing to compile where there is no such rule.
    pub(crate) const fn named(name: &str) -> Rule {
        Rule(RULES.place(name))
    }

    /// What the table says of it.
    pub(crate) fn row(self) -> RuleRow {
        RULES.at(self.0)
    }
}

/// A row of the table of rules (`data/rules.toml`).
#[derive(Clone, Copy, Debug)]
pub struct RuleRow {
    /// The rule's name, as it stands in findings.
    pub name: &'static str,
    /// How bad its findings are, unless a policy says otherwise.
    pub severity: Severity,
    /// The code with which the server would refuse the request.
    pub server_code: Option<&'static str>,
    /// Where it comes from.
    pub source: &'static str,
}

impl RuleRow {
    /// Reads a line of `generated/rules.tsv`.
    pub(crate) fn read(row: &mut Cells) -> RuleRow {
        let name = row.text();
        let severity = match row.text() {
            "" => Severity::Error,
            "n" => Severity::Note,
            _ => Severity::Warning,
        };
        RuleRow { name, severity, server_code: row.optional(), source: row.text() }
    }
}

impl Finding {
    /// A finding of a rule of the table, with the row's severity, server code and source.
    ///
    /// A rule that is not in the table is a mistake of this crate; its findings are warnings.
    pub fn new(rule: &str, path: impl Into<String>, message: impl Into<String>) -> Finding {
        let row = rules::rule(rule);
        debug_assert!(row.is_some(), "no rule `{rule}` in data/rules.toml");
        Finding {
            rule: rule.to_owned(),
            severity: row.map_or(Severity::Warning, |row| row.severity),
            path: path.into(),
            message: message.into(),
            hint: None,
            server_code: row.and_then(|row| row.server_code).map(str::to_owned),
            source: row.map_or("", |row| row.source).to_owned(),
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Finding {
        self.hint = Some(hint.into());
        self
    }

    /// Another severity than the rule's own.
    #[must_use]
    pub fn with_severity(mut self, severity: Severity) -> Finding {
        self.severity = severity;
        self
    }
}

/// The severities that a caller has set, by rule.
#[derive(Clone, Debug, Default)]
pub struct Severities(Vec<(String, Option<Severity>)>);

impl Severities {
    /// Reads `{rule: "error" | "warning" | "note" | "off"}`.
    ///
    /// # Errors
    /// `invalid_request` for a rule that is not in the table, and for any other severity.
    pub fn parse(map: &Texts) -> Result<Severities> {
        let mut severities = Vec::with_capacity(map.len());
        for (rule, severity) in map {
            severities.push((known_rule(rule)?, severity_of(rule, severity)?));
        }
        Ok(Severities(severities))
    }

    /// The finding with the severity that the caller wants; `None` when the caller wants none of the rule.
    pub fn apply(&self, finding: Finding) -> Option<Finding> {
        match self.0.iter().find(|(rule, _)| *rule == finding.rule) {
            None => Some(finding),
            Some((_, severity)) => severity.map(|severity| finding.with_severity(severity)),
        }
    }
}

fn known_rule(name: &str) -> Result<String> {
    if rules::rule(name).is_some() {
        return Ok(name.to_owned());
    }
    let rules = RULES.iter().map(|row| row.name);
    let error = Error::new(ErrorKind::InvalidRequest, format!("no rule {}", shown(name))).with_path("severities");
    Err(match nearest(name, rules) {
        Some(near) => error.with_hint(format!("did you mean `{near}`?")),
        None => error,
    })
}

fn severity_of(rule: &str, severity: &str) -> Result<Option<Severity>> {
    match severity {
        "error" => Ok(Some(Severity::Error)),
        "warning" => Ok(Some(Severity::Warning)),
        "note" => Ok(Some(Severity::Note)),
        "off" => Ok(None),
        other => Err(Error::new(ErrorKind::InvalidRequest, format!("{} is no severity", shown(other)))
            .with_path(format!("severities.{rule}"))
            .with_hint("it is `error`, `warning`, `note` or `off`")),
    }
}
