//! The report: findings, estimate, resolution; and the policy that governs them.

use std::fmt;

use super::examine::{Estimated, Seen, examine};
use super::fault::Fault;
use crate::catalogue::{Catalogue, Resolution};
use crate::date::Date;
use crate::error::{Error, ErrorKind, Result};
pub use crate::finding::{Finding, Severity};
use crate::json::FromValue;
use crate::json::{Object, Texts, Value};
use crate::policy::estimate::CostEstimate;
use crate::suggest::{did_you_mean, listed, nearest};

/// A change that a repair made.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Repair {
    /// The repair's name, for example `tool_call_ids`.
    pub repair: String,
    /// Where.
    pub path: String,
    /// What was done.
    pub message: String,
}

/// A number of tokens, as a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TokenRange {
    /// At least.
    pub low: u64,
    /// At most.
    pub high: u64,
}

/// What a request may use and cost.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Estimate {
    /// Tokens of the prompt.
    pub prompt_tokens: TokenRange,
    /// What the call may cost; `amount` is `null`, with a reason, when the price is not known.
    pub cost: CostEstimate,
}

/// Everything about a request.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Report {
    /// Whether there is no finding of severity `error`.
    pub ok: bool,
    /// Everything that is wrong, in the order of the request.
    pub findings: Vec<Finding>,
    /// What it may use and cost; `null` when the request is too broken to say.
    pub estimate: Option<Estimate>,
    /// What its model name means; `null` when it has none.
    pub resolution: Option<Resolution>,
    /// What repairs changed.
    pub repairs: Vec<Repair>,
    /// What the server would say to each finding, in their order.
    #[serde(skip)]
    pub(crate) faults: Vec<Fault>,
}

/// What happens with findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Checks {
    /// An error refuses the request.
    #[default]
    Error,
    /// Errors become warnings.
    Warn,
    /// Nothing is checked.
    Off,
}

/// How a request is judged and built.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Policy {
    /// What happens with findings.
    pub checks: Checks,
    /// The severity of each rule: `error`, `warning`, `note` or `off`.
    #[cfg_attr(feature = "schema", schemars(extend("additionalProperties" = serde_json::json!({"type": "string", "enum": Policy::SEVERITIES}))))]
    pub severities: Texts,
    /// Unknown models, and fields that a provider cannot express, are errors.
    pub strict: bool,
    /// Send the dated id for floating names too.
    pub pin: bool,
    /// Repairs to make: `tool_call_ids`, `message_order`, `retired_model`, `strip_response_fields`.
    #[cfg_attr(feature = "schema", schemars(extend("items" = serde_json::json!({"type": "string", "enum": Policy::REPAIRS}))))]
    pub repair: Vec<String>,
    /// The day to judge by; the snapshot's day when absent.
    pub on: Option<Date>,
    /// Fields laid over the body unchecked.
    #[cfg_attr(feature = "schema", schemars(with = "Option<std::collections::BTreeMap<String, serde_json::Value>>"))]
    pub extra_body: Option<Value<'static>>,
    /// Headers added to the request. Never a credential.
    pub extra_headers: Texts,
    /// Query parameters added to the URL. Never a credential.
    pub extra_query: Texts,
    /// Another base URL than the provider's own.
    pub base_url: Option<String>,
    /// Model rows that lie over the snapshot.
    #[cfg_attr(feature = "schema", schemars(with = "Option<serde_json::Value>"))]
    pub overlay: Option<Value<'static>>,
}

impl Policy {
    /// The repairs that a policy can ask for.
    pub const REPAIRS: [&str; 4] = ["tool_call_ids", "message_order", "retired_model", "strip_response_fields"];

    /// The severities that a policy can give a rule.
    pub const SEVERITIES: [&str; 4] = ["error", "warning", "note", "off"];

    /// The severity that this policy gives a rule whose own is `own`; `None` when nothing is to be said.
    pub(crate) fn severity(&self, rule: &str, own: Severity) -> Option<Severity> {
        let severity = match self.severities.get(rule).map(String::as_str) {
            Some("off") => return None,
            Some("note") => Severity::Note,
            Some("warning") => Severity::Warning,
            Some("error") => Severity::Error,
            _ => own,
        };
        match self.checks {
            Checks::Off => None,
            Checks::Warn => Some(severity.min(Severity::Warning)),
            Checks::Error => Some(severity),
        }
    }

    /// Whether every rule, severity and repair that it names exists.
    ///
    /// # Errors
    /// `invalid_request` at the first name that does not.
    pub fn validate(&self) -> Result<()> {
        self.validate_severities()?;
        Catalogue::over(self.overlay.as_ref())?;
        for (at, repair) in self.repair.iter().enumerate() {
            if !Self::REPAIRS.contains(&repair.as_str()) {
                let message = format_args!("no repair `{repair}`; there are {}", listed(&Self::REPAIRS));
                return Err(unknown(&format!("policy.repair[{at}]"), message, nearest(repair, Self::REPAIRS)));
            }
        }
        Ok(())
    }

    /// [`Policy::validate`], as far as rules and severities go.
    pub(crate) fn validate_severities(&self) -> Result<()> {
        self.severities.iter().try_for_each(|(rule, severity)| known_severity(rule, severity))
    }
}

#[inline(never)]
fn known_severity(rule: &str, severity: &str) -> Result<()> {
    let path = format!("policy.severities.{rule}");
    if crate::generated::rules::rule(rule).is_none() {
        let names = crate::generated::rules::RULES.iter().map(|row| row.name);
        return Err(unknown(&path, format_args!("no rule `{rule}`"), nearest(rule, names)));
    }
    if !Policy::SEVERITIES.contains(&severity) {
        let message = format_args!("no severity `{severity}`; there are {}", listed(&Policy::SEVERITIES));
        return Err(unknown(&path, message, nearest(severity, Policy::SEVERITIES.iter().copied())));
    }
    Ok(())
}

fn unknown(path: &str, message: fmt::Arguments<'_>, meant: Option<&str>) -> Error {
    Error::at(ErrorKind::InvalidRequest, path, message, format_args!("{}", did_you_mean(meant)))
}

/// A request to check.
#[derive(Clone, Debug)]
pub struct CheckRequest<'a> {
    /// The request: a plain object; `operation` says what it is (default `chat`).
    pub request: Value<'a>,
    /// How it is judged.
    pub policy: Policy,
    /// Whether the report has an estimate (default: yes), which takes as long as everything else.
    pub estimate: bool,
}

impl<'a> FromValue<'a> for CheckRequest<'a> {
    fn from_value(value: Value<'a>) -> Result<Self> {
        let estimate = match value.get("estimate") {
            None | Some(Value::Null) => true,
            Some(Value::Bool(estimate)) => *estimate,
            Some(other) => {
                let message = format!("`estimate` is {}, not a boolean", other.kind());
                return Err(Error::new(ErrorKind::InvalidRequest, message).with_path("estimate"));
            }
        };
        let (request, policy) = request_and_policy(value)?;
        Ok(CheckRequest { request, policy, estimate })
    }
}

/// Splits `{request, policy}`.
pub(crate) fn request_and_policy(value: Value<'_>) -> Result<(Value<'_>, Policy)> {
    let mut object = match value {
        Value::Object(object) => object,
        _ => Object::new(),
    };
    let request = object.remove("request").unwrap_or_default();
    let policy = match object.remove("policy") {
        None | Some(Value::Null) => Policy::default(),
        Some(policy) => Policy::read(&policy, "policy", &[])?,
    };
    Ok((request, policy))
}

/// Everything that is wrong with a request, without sending it.
///
/// ```
/// use tramontane::check::{CheckRequest, Policy, report};
/// let text = br#"{"model": "mistral-small-2603", "temprature": 0.2, "messages": [{"role": "user", "content": "Hi"}]}"#;
/// let report = report(CheckRequest { request: tramontane::json::parse(text)?, policy: Policy::default(), estimate: true })?;
/// assert!(!report.ok);
/// assert_eq!(report.findings[0].path, "temprature");
/// assert_eq!(report.findings[0].hint.as_deref(), Some("did you mean `temperature`?"));
/// # Ok::<(), tramontane::Error>(())
/// ```
///
/// # Errors
/// `invalid_request` for a policy that names rules, severities or repairs that do not exist, or whose overlay does not fit.
/// What is wrong with the request is no error, but a finding.
pub fn report(request: CheckRequest<'_>) -> Result<Report> {
    report_of(request, None)
}

/// [`report`] for a request of which something is known already.
pub(crate) fn report_of(request: CheckRequest<'_>, seen: Option<Seen>) -> Result<Report> {
    request.policy.validate()?;
    let estimated = if request.estimate { Estimated::All } else { Estimated::None };
    Ok(examine(request.request, seen, None, &request.policy, estimated).1)
}
