//! One thing that is wrong with a request or a name, and the row of the rule behind it.
//!
//! Imports nothing of this crate: the catalogue, the checks and the protocols all report in this form.

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

/// A row of the table of rules (`data/rules.toml`).
#[derive(Debug)]
pub struct RuleRow {
    /// The rule's name, as it stands in findings.
    pub name: &'static str,
    /// How bad its findings are, unless a policy says otherwise.
    pub severity: Severity,
    /// What it looks for.
    pub doc: &'static str,
    /// The code with which the server would refuse the request.
    pub server_code: Option<&'static str>,
    /// Where it comes from.
    pub source: &'static str,
}
