//! Where the key comes from: the caller, else the environment variable of the provider, read when a call is sent.

use http::{HeaderName, HeaderValue};

use crate::error::{Error, ErrorKind, Fields, Result};
use crate::secret::Secret;
use crate::wire::AuthPlan;

/// The header that carries the credential of a call to `provider`; its value is marked as sensitive.
///
/// A key that the caller gave belongs to the client's own provider: a model's name that leads to another provider never
/// takes it there.
pub(crate) fn credential(
    plan: &AuthPlan,
    provider: &str,
    given: Option<&Secret>,
    own_provider: &str,
) -> Result<(HeaderName, HeaderValue)> {
    let from_environment;
    let key = match given {
        Some(key) if provider == own_provider => key,
        _ => {
            from_environment = read(plan, provider)?;
            &from_environment
        }
    };
    let (name, value) = crate::wire::auth::apply(plan, key);
    // A key is graphic ASCII by construction; the plan is our own table.
    let unusable = || Error::new(ErrorKind::Internal, format!("the credential of `{provider}` cannot be a header"));
    let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| unusable())?;
    let mut value = HeaderValue::from_maybe_shared(bytes::Bytes::from(value)).map_err(|_| unusable())?;
    value.set_sensitive(true);
    Ok((name, value))
}

/// Takes the key out of an error: some servers repeat it.
pub(crate) fn scrub(error: &mut Fields, scheme: &str, credential: &HeaderValue) {
    let key = credential.to_str().ok().and_then(|value| value.strip_prefix(scheme));
    // A key of a few letters stands in every text.
    let Some(key) = key.map(str::trim_start).filter(|key| key.len() >= 8) else { return };
    for text in [Some(&mut error.message), error.body.as_mut(), error.hint.as_mut()].into_iter().flatten() {
        if text.contains(key) {
            *text = text.replace(key, "***");
        }
    }
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
