//! What a tracer has to know of a call before it is made. Spans and metrics themselves belong to the host: Python and Node
//! have OpenTelemetry packages of their own.

use ::reqwest::Url;

use crate::catalogue::provider::known;
use crate::error::Result;
use crate::operation::Operation;
use crate::wire::prepared::DEFAULT_PROVIDER;

/// The words of OpenTelemetry's conventions for a call.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Telemetry {
    /// `gen_ai.operation.name`, for example `chat`.
    pub operation: &'static str,
    /// `gen_ai.provider.name`, for example `mistral_ai`.
    pub provider: &'static str,
    /// `server.address`: the host that is asked; empty when the base URL has none.
    pub address: String,
    /// `server.port`.
    pub port: u16,
}

/// The words for a call of `operation`; as for a client, the provider is the first of the table when it is `None`, and its
/// own base URL is used when there is no other.
///
/// # Errors
/// `invalid_request` for a provider that is not known. An operation that is not in the table keeps no name: it is `request`.
pub fn telemetry(operation: &str, provider: Option<&str>, base_url: Option<&str>) -> Result<Telemetry> {
    let row = known(provider.unwrap_or(DEFAULT_PROVIDER), "provider")?;
    let url = Url::parse(base_url.unwrap_or(row.base_url)).ok();
    Ok(Telemetry {
        operation: Operation::named(operation).map_or("request", |operation| operation.telemetry),
        provider: row.telemetry,
        address: url.as_ref().and_then(Url::host_str).unwrap_or_default().to_owned(),
        port: url.as_ref().and_then(Url::port_or_known_default).unwrap_or_default(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_has_the_names_of_the_conventions() {
        let default = telemetry("chat_stream", None, None).unwrap();
        assert_eq!((default.operation, default.provider, default.port), ("chat", "mistral_ai", 443));
        let local = telemetry("fim", Some("mistral"), Some("http://127.0.0.1:8080")).unwrap();
        assert_eq!((local.operation, local.address.as_str(), local.port), ("text_completion", "127.0.0.1", 8080));
        assert_eq!(telemetry("models_list", None, None).unwrap().operation, "models_list");
        assert_eq!(telemetry("of my own", None, None).unwrap().operation, "request");
        assert!(telemetry("chat", Some("nobody"), None).is_err());
    }
}
