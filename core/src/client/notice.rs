//! What the client itself finds on the way to the server and back; severities by the policy, as for every rule.

use http::HeaderMap;

use super::transport::Url;
use crate::check::{Finding, Policy, Severity};
use crate::error::{Error, ErrorKind, Result};
use crate::generated::rules::rule;

/// A finding of a rule, unless the policy has switched the rule off.
///
/// # Errors
/// `invalid_request` when the policy makes an error of the rule.
pub(super) fn notice(
    policy: &Policy,
    name: &str,
    path: &str,
    message: String,
    hint: impl Into<Option<String>>,
) -> Result<Option<Finding>> {
    let Some(row) = rule(name) else { return Ok(None) };
    let Some(severity) = policy.severity(row.name, row.severity) else { return Ok(None) };
    let hint = hint.into();
    if severity == Severity::Error {
        return Err(Error::new(ErrorKind::InvalidRequest, message).with_path(path).with(|error| error.hint = hint));
    }
    Ok(Some(Finding {
        rule: row.name.to_owned(),
        severity,
        path: path.to_owned(),
        message,
        hint,
        server_code: None,
        source: row.source.to_owned(),
    }))
}

/// A key that is sent in the clear over a network can be read on the way.
pub(super) fn unencrypted(url: &Url, policy: &Policy) -> Result<Option<Finding>> {
    let host = url.host_str().unwrap_or_default();
    let loopback = match host.parse::<std::net::Ipv4Addr>() {
        Ok(address) => address.is_loopback(),
        Err(_) => host == "localhost" || host.ends_with(".localhost") || host == "[::1]",
    };
    if url.scheme() != "http" || loopback {
        return Ok(None);
    }
    let message = format!("the key goes to `{host}` over plain http, where everyone on the way can read it");
    notice(policy, "unencrypted", "base_url", message, "use `https` in `base_url`".to_owned())
}

/// What the provider says about the end of the model, where our table does not know of it yet. The answer is there: no
/// severity makes an error of it now.
pub(super) fn deprecation(headers: &HeaderMap, policy: &Policy) -> Option<Finding> {
    const RULE: &str = "deprecated_model";
    let on = headers.get("x-model-deprecation-timestamp")?.to_str().ok()?;
    let severity = policy.severity(RULE, Severity::Warning)?;
    Some(Finding {
        rule: RULE.to_owned(),
        severity: severity.min(Severity::Warning),
        path: "model".to_owned(),
        message: format!("the provider says that the model is deprecated as of `{on}`"),
        hint: Some("look for its successor in the provider's list of models".to_owned()),
        server_code: None,
        source: "the header x-model-deprecation-timestamp of the answer".to_owned(),
    })
}
