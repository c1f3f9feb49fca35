// Generated from data/errors.toml by `make generate`. Do not edit.

//! The table of errors.

use crate::error::HintRow;
use crate::packed::Table;

/// What kind of error it is; the same names in every language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The request was refused before it was sent; `report` holds every finding.
    InvalidRequest,
    /// The client cannot work as it was set up: no key, an unusable key, a wrong base URL.
    Configuration,
    /// The call was not sent, because it might have passed the budget.
    Budget,
    /// This provider, operation or host cannot do what was asked.
    Unsupported,
    /// The server refused the request as malformed.
    BadRequest,
    /// The key is missing, wrong, revoked or expired.
    Authentication,
    /// The account has no credit.
    PaymentRequired,
    /// The key is good, but its plan or workspace may not do this.
    Permission,
    /// A guardrail or content filter blocked the request or the answer.
    ContentBlocked,
    /// No such path, model, file or job.
    NotFound,
    /// The resource changed meanwhile.
    Conflict,
    /// The body is larger than the server takes.
    RequestTooLarge,
    /// The server found a field that it does not know or a value that it does not take.
    Validation,
    /// Requests per second, tokens per minute or tokens per month are used up for now.
    RateLimit,
    /// A 429 that no waiting cures: the plan has no allowance for this model, or the month's tokens are used up.
    Quota,
    /// The provider has no capacity for this model at the moment.
    Overloaded,
    /// The provider failed.
    Server,
    /// No connection, or the connection broke.
    Connection,
    /// A timeout passed: connect, first event, idle or total; the message says which.
    Timeout,
    /// The caller cancelled the request.
    Cancelled,
    /// The provider reported an error inside a stream; `partial` holds what had arrived.
    Stream,
    /// The stream ended without a finish reason; `partial` holds what had arrived.
    StreamTruncated,
    /// The answer is not what the API sends: a proxy's page, a wrong content type, broken JSON.
    Decode,
    /// The answer, decompressed, is larger than the client's `max_response_bytes`: no more than that was held in memory.
    ResponseTooLarge,
    /// A bug in tramontane. Please report it.
    #[default]
    Internal,
}

impl ErrorKind {
    /// Every kind, in the order of the table.
    pub const ALL: &'static [ErrorKind] = &[
        ErrorKind::InvalidRequest,
        ErrorKind::Configuration,
        ErrorKind::Budget,
        ErrorKind::Unsupported,
        ErrorKind::BadRequest,
        ErrorKind::Authentication,
        ErrorKind::PaymentRequired,
        ErrorKind::Permission,
        ErrorKind::ContentBlocked,
        ErrorKind::NotFound,
        ErrorKind::Conflict,
        ErrorKind::RequestTooLarge,
        ErrorKind::Validation,
        ErrorKind::RateLimit,
        ErrorKind::Quota,
        ErrorKind::Overloaded,
        ErrorKind::Server,
        ErrorKind::Connection,
        ErrorKind::Timeout,
        ErrorKind::Cancelled,
        ErrorKind::Stream,
        ErrorKind::StreamTruncated,
        ErrorKind::Decode,
        ErrorKind::ResponseTooLarge,
        ErrorKind::Internal,
    ];

    /// Whether the same request may succeed later.
    pub const fn is_retryable(self) -> bool {
        matches!(
            self,
            ErrorKind::Conflict
                | ErrorKind::RateLimit
                | ErrorKind::Overloaded
                | ErrorKind::Server
                | ErrorKind::Connection
                | ErrorKind::Timeout
        )
    }

    /// The kind's name, as data.
    pub const fn name(self) -> &'static str {
        match self {
            ErrorKind::InvalidRequest => "invalid_request",
            ErrorKind::Configuration => "configuration",
            ErrorKind::Budget => "budget",
            ErrorKind::Unsupported => "unsupported",
            ErrorKind::BadRequest => "bad_request",
            ErrorKind::Authentication => "authentication",
            ErrorKind::PaymentRequired => "payment_required",
            ErrorKind::Permission => "permission",
            ErrorKind::ContentBlocked => "content_blocked",
            ErrorKind::NotFound => "not_found",
            ErrorKind::Conflict => "conflict",
            ErrorKind::RequestTooLarge => "request_too_large",
            ErrorKind::Validation => "validation",
            ErrorKind::RateLimit => "rate_limit",
            ErrorKind::Quota => "quota",
            ErrorKind::Overloaded => "overloaded",
            ErrorKind::Server => "server",
            ErrorKind::Connection => "connection",
            ErrorKind::Timeout => "timeout",
            ErrorKind::Cancelled => "cancelled",
            ErrorKind::Stream => "stream",
            ErrorKind::StreamTruncated => "stream_truncated",
            ErrorKind::Decode => "decode",
            ErrorKind::ResponseTooLarge => "response_too_large",
            ErrorKind::Internal => "internal",
        }
    }

    /// The name of its class in Python and Node.
    pub const fn class(self) -> &'static str {
        match self {
            ErrorKind::InvalidRequest => "InvalidRequest",
            ErrorKind::Configuration => "ConfigurationError",
            ErrorKind::Budget => "BudgetExceededError",
            ErrorKind::Unsupported => "UnsupportedError",
            ErrorKind::BadRequest => "BadRequestError",
            ErrorKind::Authentication => "AuthenticationError",
            ErrorKind::PaymentRequired => "PaymentRequiredError",
            ErrorKind::Permission => "PermissionDeniedError",
            ErrorKind::ContentBlocked => "ContentBlockedError",
            ErrorKind::NotFound => "NotFoundError",
            ErrorKind::Conflict => "ConflictError",
            ErrorKind::RequestTooLarge => "RequestTooLargeError",
            ErrorKind::Validation => "UnprocessableEntityError",
            ErrorKind::RateLimit => "RateLimitError",
            ErrorKind::Quota => "QuotaExceededError",
            ErrorKind::Overloaded => "OverloadedError",
            ErrorKind::Server => "InternalServerError",
            ErrorKind::Connection => "APIConnectionError",
            ErrorKind::Timeout => "APITimeoutError",
            ErrorKind::Cancelled => "RequestCancelledError",
            ErrorKind::Stream => "StreamError",
            ErrorKind::StreamTruncated => "StreamTruncatedError",
            ErrorKind::Decode => "ResponseDecodeError",
            ErrorKind::ResponseTooLarge => "ResponseTooLargeError",
            ErrorKind::Internal => "InternalError",
        }
    }

    /// The HTTP statuses that mean it.
    pub const fn statuses(self) -> &'static [u16] {
        match self {
            ErrorKind::BadRequest => &[400],
            ErrorKind::Authentication => &[401],
            ErrorKind::PaymentRequired => &[402],
            ErrorKind::Permission => &[403],
            ErrorKind::NotFound => &[404],
            ErrorKind::Conflict => &[409],
            ErrorKind::RequestTooLarge => &[413],
            ErrorKind::Validation => &[422],
            ErrorKind::RateLimit => &[429],
            ErrorKind::Overloaded => &[503, 529],
            ErrorKind::Server => &[500, 502, 504, 520, 521, 522, 523, 524],
            ErrorKind::Timeout => &[408],
            _ => &[],
        }
    }

    /// What to do.
    pub const fn hint(self) -> Option<&'static str> {
        match self {
            ErrorKind::Budget => Some("lower `max_tokens`, wait until the calls under way have ended, or raise the budget"),
            ErrorKind::BadRequest => {
                Some("check the model id against `models.list()` and the fields against the server's message")
            }
            ErrorKind::Authentication => {
                Some("check the key for white space and for an expiry date; make a new one in the provider's console")
            }
            ErrorKind::PaymentRequired => Some("add credit or a payment method in the provider's console"),
            ErrorKind::Permission => Some("the key itself works: choose a model that your plan offers, or change the plan"),
            ErrorKind::ContentBlocked => Some("the content was blocked by a guardrail of the request or of the provider"),
            ErrorKind::NotFound => Some(
                "what the request names is not there, or not any more: check the id; for a model check the model string, and use an explicit versioned id from `models.list()`",
            ),
            ErrorKind::RequestTooLarge => Some("send less, or upload the file and refer to it"),
            ErrorKind::Validation => Some("the server's message names the field"),
            ErrorKind::RateLimit => Some("slow down: wait for `retry_after`, lower the rate, or raise the plan's limits"),
            ErrorKind::Quota => Some("the plan has no quota left for this model: choose another model or another plan"),
            ErrorKind::Overloaded => Some("try again later, or another model"),
            ErrorKind::Server => Some("try again later; if it stays, ask the provider and give them the request id"),
            ErrorKind::Connection => Some("check the network, the proxy settings and the base URL"),
            ErrorKind::Decode => {
                Some("something between you and the provider answered instead: check the base URL and the proxy")
            }
            ErrorKind::ResponseTooLarge => Some("raise `max_response_bytes`, or ask for less at once"),
            _ => None,
        }
    }
}
/// What to do about a provider's own codes and texts; the first row that fits counts.
pub static HINTS: Table<HintRow> = Table::new(include_str!("hints.tsv"), "", |row, _| HintRow::read(row));
