//! Where the key comes from: the caller, else the environment variable of the provider, read when a call is sent.

use http::{HeaderName, HeaderValue};

use super::clock::Clock;
use super::keys::{Key, Taken, WARNED_DAYS};
use super::notice::notice;
use crate::catalogue::ProviderRow;
use crate::check::{Finding, Policy};
use crate::date::Date;
use crate::error::{Error, ErrorKind, Result};
use crate::generated::providers::PROVIDERS;
use crate::secret::Secret;
use crate::wire::AuthPlan;

/// The key of a call to `provider`.
///
/// A key that the caller gave belongs to the client's own provider: a model's name that leads to another provider never
/// takes it there.
pub(super) async fn take(
    plan: &AuthPlan,
    provider: &str,
    given: Option<&Key>,
    own_provider: &str,
    clock: &dyn Clock,
) -> Result<Taken> {
    match given {
        Some(key) if provider == own_provider => key.take(clock).await,
        _ => Ok(Taken { key: read(plan, provider)?, expires_on: None, member: None }),
    }
}

/// The header that carries a key; its value is marked as sensitive.
pub(super) fn credential(plan: &AuthPlan, provider: &str, key: &Secret) -> Result<(HeaderName, HeaderValue)> {
    let (name, value) = crate::wire::auth::apply(plan, key);
    // A key is graphic ASCII by construction; the plan is our own table.
    let unusable = || Error::new(ErrorKind::Internal, format!("the credential of `{provider}` cannot be a header"));
    let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| unusable())?;
    let mut value = HeaderValue::from_maybe_shared(bytes::Bytes::from(value)).map_err(|_| unusable())?;
    value.set_sensitive(true);
    Ok((name, value))
}

/// What stands for a key where the key itself must not: in the names of counts that are shared.
pub(super) fn fingerprint(provider: &str, credential: &HeaderValue) -> String {
    let mut digest = ring::digest::Context::new(&ring::digest::SHA256);
    for part in [b"tramontane limit", provider.as_bytes(), credential.as_bytes()] {
        digest.update(part);
        digest.update(&[0]);
    }
    digest.finish().as_ref()[..16].iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A warning when a key's last day is near.
///
/// # Errors
/// `invalid_request` when the policy makes an error of it.
pub(super) fn expiry(expires_on: Option<Date>, today: Date, policy: &Policy) -> Result<Option<Finding>> {
    let Some(day) = expires_on.filter(|day| day.to_days() - today.to_days() <= WARNED_DAYS) else { return Ok(None) };
    let message = match day.to_days() - today.to_days() {
        0 => format!("the API key expires today, on `{day}`"),
        1 => format!("the API key expires tomorrow, on `{day}`"),
        days => format!("the API key expires in {days} days, on `{day}`"),
    };
    notice(policy, "expiring_key", "api_key", message, "make a new one in the provider's console".to_owned())
}

/// A warning when a key that goes to the provider's own host looks like another provider's.
///
/// # Errors
/// `invalid_request` when the policy makes an error of it.
pub(crate) fn foreign(
    provider: &str,
    url: &str,
    scheme: &str,
    credential: &HeaderValue,
    policy: &Policy,
) -> Result<Option<Finding>> {
    let Some(row) = crate::catalogue::provider_row(provider) else { return Ok(None) };
    // Behind a base URL of the caller's own, keys look as that server likes.
    let own_host = url.starts_with(row.base_url) || row.region_of(url).is_some();
    let others = key_in(scheme, credential).filter(|_| own_host).map(|key| owners(row, key)).unwrap_or_default();
    if others.is_empty() {
        return Ok(None);
    }
    let message = format!("the API key for `{provider}` looks like one of `{}`", others.join("` or `"));
    notice(policy, "foreign_key", "api_key", message, format!("a key for `{provider}` is {}", row.key_form))
}

/// The other providers whose keys begin like this one, and as far as any does.
fn owners(own: &ProviderRow, key: &str) -> Vec<&'static str> {
    let known =
        |row: &ProviderRow| row.key_prefixes.iter().filter(|prefix| key.starts_with(**prefix)).map(|prefix| prefix.len()).max();
    let longest = PROVIDERS.iter().filter_map(known).max();
    if longest.is_none() || known(own) == longest {
        return Vec::new();
    }
    PROVIDERS.iter().filter(|row| known(row) == longest).map(|row| row.id).collect()
}

fn key_in<'c>(scheme: &str, credential: &'c HeaderValue) -> Option<&'c str> {
    credential.to_str().ok()?.strip_prefix(scheme).map(str::trim_start)
}

fn read(plan: &AuthPlan, provider: &str) -> Result<Secret> {
    let row = crate::catalogue::provider_row(provider);
    let variables = row.map_or(&[][..], |row| row.env);
    for variable in variables.iter().copied().chain([plan.env.as_str()]) {
        let unusable = |why: &str| {
            Error::new(ErrorKind::Configuration, format!("{why} (it comes from the environment variable `{variable}`)"))
        };
        match std::env::var(variable) {
            Ok(key) if key.trim().is_empty() => {}
            Ok(key) => return Secret::new(key).map_err(|error| unusable(error.message())),
            Err(std::env::VarError::NotUnicode(_)) => return Err(unusable("the API key is no text; copy it again")),
            Err(std::env::VarError::NotPresent) => {}
        }
    }
    let console = row.and_then(|row| row.console).map(|console| format!("; keys are made at {console}")).unwrap_or_default();
    let hint = format!("pass `api_key` or set the environment variable `{}`{console}", plan.env);
    Err(Error::new(ErrorKind::Configuration, format!("no API key for `{provider}`")).with_hint(hint))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_of_another_provider_is_recognised() {
        let warn = |provider: &str, url: &str, key: &str| {
            let credential = HeaderValue::from_str(&format!("Bearer {key}")).unwrap();
            let found = foreign(provider, url, "Bearer", &credential, &Policy::default()).unwrap();
            found.map(|finding| finding.message)
        };
        let mistral = |key: &str| warn("mistral", "https://api.mistral.ai/v1/chat/completions", key);
        insta::assert_snapshot!(mistral("sk-ant-4711").unwrap(), @"the API key for `mistral` looks like one of `anthropic`");
        insta::assert_snapshot!(mistral("sk-4711").unwrap(), @"the API key for `mistral` looks like one of `openai` or `deepseek`");
        assert_eq!(mistral("0123456789abcdefghijklmnopqrstuv"), None);
        assert_eq!(warn("mistral", "http://127.0.0.1:4000/v1/chat/completions", "sk-4711"), None);
        assert_eq!(warn("openai", "https://api.openai.com/v1/chat/completions", "sk-proj-4711"), None);
        assert!(warn("openai", "https://api.openai.com/v1/chat/completions", "sk-ant-4711").is_some());
        assert_eq!(warn("deepseek", "https://api.deepseek.com/chat/completions", "sk-4711"), None);
    }
}
