//! The only reader of a [`Secret`]: an [`AuthPlan`] and a key become a header. May import `secret`.

use crate::secret::Secret;

/// How a key is added to a request, by whoever has it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AuthPlan {
    /// The header that carries it, for example `authorization`.
    pub header: String,
    /// What stands before it, for example `Bearer`; empty for a bare key.
    pub scheme: String,
    /// The environment variable that holds it by convention, for example `MISTRAL_API_KEY`.
    pub env: String,
}

/// The header that carries the key, and its value: for whoever sends a prepared request over HTTP of their own.
///
/// The value is a credential: mark it so, and never show it.
pub fn apply<'p>(plan: &'p AuthPlan, key: &Secret) -> (&'p str, String) {
    let value = match plan.scheme.as_str() {
        "" => key.reveal().to_owned(),
        scheme => format!("{scheme} {}", key.reveal()),
    };
    (&plan.header, value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scheme_stands_before_the_key() {
        let plan =
            |scheme: &str| AuthPlan { header: "authorization".into(), scheme: scheme.into(), env: "MISTRAL_API_KEY".into() };
        let key = Secret::new("abc").unwrap();
        assert_eq!(apply(&plan("Bearer"), &key), ("authorization", "Bearer abc".to_owned()));
        assert_eq!(apply(&plan(""), &key), ("authorization", "abc".to_owned()));
    }
}
