//! Money in whole nano-dollars.

use crate::check::TokenRange;

/// An amount of nano-dollars (10⁻⁹ USD), as a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AmountRange {
    /// At least.
    pub low: u64,
    /// At most.
    pub high: u64,
}

/// What a request may cost.
#[derive(Clone, Debug, PartialEq, Eq, Default, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CostEstimate {
    /// Nano-dollars; `null` when it cannot be said.
    pub amount: Option<AmountRange>,
    /// Why `amount` is `null`.
    pub reason: Option<String>,
    /// The tokens of the prompt that it counts with.
    pub prompt_tokens: Option<TokenRange>,
    /// The tokens of the answer that it counts with.
    pub completion_tokens: Option<TokenRange>,
    /// The model whose price it is.
    pub model: Option<String>,
}

// SKELETON: replaced.

/// A request to estimate.
#[derive(Clone, Debug)]
pub struct EstimateRequest<'a> {
    /// The request, as for `check`.
    pub request: crate::json::Value<'a>,
    /// How it is judged; the overlay's prices count.
    pub policy: crate::check::Policy,
}

impl<'a> crate::ops::FromValue<'a> for EstimateRequest<'a> {
    fn from_value(value: crate::json::Value<'a>) -> crate::Result<Self> {
        let (request, policy) = crate::check::report::request_and_policy(value)?;
        Ok(EstimateRequest { request, policy })
    }
}

/// What a request may cost, as a range.
pub fn estimate(_request: EstimateRequest<'_>) -> crate::Result<CostEstimate> {
    Ok(CostEstimate { reason: Some("not built yet".into()), ..CostEstimate::default() })
}
