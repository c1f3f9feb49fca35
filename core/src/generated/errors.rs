// Generated from data/errors.toml by `make generate`. Do not edit.

//! The table of errors.

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

/// A row of the table of errors.
#[derive(Debug)]
pub struct ErrorRow {
    /// The kind's name, as data.
    pub name: &'static str,
    /// The name of its class in Python and Node.
    pub class: &'static str,
    /// Whether the same request may succeed later.
    pub retryable: bool,
    /// The HTTP statuses that mean it.
    pub statuses: &'static [u16],
    /// What to do.
    pub hint: Option<&'static str>,
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

    /// The kind's name, as data.
    pub const fn name(self) -> &'static str {
        self.row().name
    }

    /// The kind's row.
    pub const fn row(self) -> &'static ErrorRow {
        &ROWS[self as usize]
    }
}

static ROWS: [ErrorRow; 25] = [
    ErrorRow { name: "invalid_request", class: "InvalidRequest", retryable: false, statuses: &[], hint: None },
    ErrorRow { name: "configuration", class: "ConfigurationError", retryable: false, statuses: &[], hint: None },
    ErrorRow {
        name: "budget",
        class: "BudgetExceededError",
        retryable: false,
        statuses: &[],
        hint: Some("lower `max_tokens`, wait until the calls under way have ended, or raise the budget"),
    },
    ErrorRow { name: "unsupported", class: "UnsupportedError", retryable: false, statuses: &[], hint: None },
    ErrorRow {
        name: "bad_request",
        class: "BadRequestError",
        retryable: false,
        statuses: &[400],
        hint: Some("check the model id against `models.list()` and the fields against the server's message"),
    },
    ErrorRow {
        name: "authentication",
        class: "AuthenticationError",
        retryable: false,
        statuses: &[401],
        hint: Some("check the key for white space and for an expiry date; make a new one in the provider's console"),
    },
    ErrorRow {
        name: "payment_required",
        class: "PaymentRequiredError",
        retryable: false,
        statuses: &[402],
        hint: Some("add credit or a payment method in the provider's console"),
    },
    ErrorRow {
        name: "permission",
        class: "PermissionDeniedError",
        retryable: false,
        statuses: &[403],
        hint: Some("the key itself works: choose a model that your plan offers, or change the plan"),
    },
    ErrorRow {
        name: "content_blocked",
        class: "ContentBlockedError",
        retryable: false,
        statuses: &[],
        hint: Some("the content was blocked by a guardrail of the request or of the provider"),
    },
    ErrorRow {
        name: "not_found",
        class: "NotFoundError",
        retryable: false,
        statuses: &[404],
        hint: Some(
            "what the request names is not there, or not any more: check the id; for a model check the model string, and use an explicit versioned id from `models.list()`",
        ),
    },
    ErrorRow { name: "conflict", class: "ConflictError", retryable: true, statuses: &[409], hint: None },
    ErrorRow {
        name: "request_too_large",
        class: "RequestTooLargeError",
        retryable: false,
        statuses: &[413],
        hint: Some("send less, or upload the file and refer to it"),
    },
    ErrorRow {
        name: "validation",
        class: "UnprocessableEntityError",
        retryable: false,
        statuses: &[422],
        hint: Some("the server's message names the field"),
    },
    ErrorRow {
        name: "rate_limit",
        class: "RateLimitError",
        retryable: true,
        statuses: &[429],
        hint: Some("slow down: wait for `retry_after`, lower the rate, or raise the plan's limits"),
    },
    ErrorRow {
        name: "quota",
        class: "QuotaExceededError",
        retryable: false,
        statuses: &[],
        hint: Some("the plan has no quota left for this model: choose another model or another plan"),
    },
    ErrorRow {
        name: "overloaded",
        class: "OverloadedError",
        retryable: true,
        statuses: &[503, 529],
        hint: Some("try again later, or another model"),
    },
    ErrorRow {
        name: "server",
        class: "InternalServerError",
        retryable: true,
        statuses: &[500, 502, 504, 520, 521, 522, 523, 524],
        hint: Some("try again later; if it stays, ask the provider and give them the request id"),
    },
    ErrorRow {
        name: "connection",
        class: "APIConnectionError",
        retryable: true,
        statuses: &[],
        hint: Some("check the network, the proxy settings and the base URL"),
    },
    ErrorRow { name: "timeout", class: "APITimeoutError", retryable: true, statuses: &[408], hint: None },
    ErrorRow { name: "cancelled", class: "RequestCancelledError", retryable: false, statuses: &[], hint: None },
    ErrorRow { name: "stream", class: "StreamError", retryable: false, statuses: &[], hint: None },
    ErrorRow { name: "stream_truncated", class: "StreamTruncatedError", retryable: false, statuses: &[], hint: None },
    ErrorRow {
        name: "decode",
        class: "ResponseDecodeError",
        retryable: false,
        statuses: &[],
        hint: Some("something between you and the provider answered instead: check the base URL and the proxy"),
    },
    ErrorRow {
        name: "response_too_large",
        class: "ResponseTooLargeError",
        retryable: false,
        statuses: &[],
        hint: Some("raise `max_response_bytes`, or ask for less at once"),
    },
    ErrorRow { name: "internal", class: "InternalError", retryable: false, statuses: &[], hint: None },
];

/// What to do about a provider's own codes and texts.
#[derive(Debug)]
pub struct HintRow {
    /// The only kind of error for which it holds.
    pub kind: Option<ErrorKind>,
    /// The provider's codes that lead to it.
    pub codes: &'static [&'static str],
    /// The parts of messages that lead to it.
    pub texts: &'static [&'static str],
    /// The header whose value of nought leads to it.
    pub exhausted: Option<&'static str>,
    /// What to do.
    pub hint: &'static str,
}

/// What to do about a provider's own codes and texts; the first row that fits counts.
pub static HINTS: &[HintRow] = &[
    HintRow {
        kind: Some(ErrorKind::Quota),
        codes: &[],
        texts: &[],
        exhausted: Some("x-ratelimit-remaining-tokens-month"),
        hint: "the month's tokens are used up: wait for the next month, or choose another plan",
    },
    HintRow {
        kind: Some(ErrorKind::NotFound),
        codes: &[],
        texts: &["no Route matched", "Not Found"],
        exhausted: None,
        hint: "the path is wrong: check the base URL; it must not end with part of a path",
    },
    HintRow {
        kind: Some(ErrorKind::NotFound),
        codes: &[],
        texts: &["is deprecated"],
        exhausted: None,
        hint: "the model is retired: `models.get()` says what replaces it",
    },
    HintRow {
        kind: None,
        codes: &["3059", "5059"],
        texts: &["maximum context length"],
        exhausted: None,
        hint: "shorten the conversation or lower `max_tokens`, or choose a model with a larger context",
    },
    HintRow {
        kind: None,
        codes: &["1500"],
        texts: &[],
        exhausted: None,
        hint: "no model has this name today: it is misspelt or retired; `models.get()` says what replaces it",
    },
    HintRow {
        kind: None,
        codes: &["1910"],
        texts: &[],
        exhausted: None,
        hint: "the key itself works: choose a model that your plan offers, or change the plan",
    },
    HintRow {
        kind: None,
        codes: &["1913"],
        texts: &[],
        exhausted: None,
        hint: "the key itself works: an administrator must allow Labs models for the workspace",
    },
    HintRow {
        kind: None,
        codes: &["3051"],
        texts: &[],
        exhausted: None,
        hint: "this model does not take that parameter: leave it out, or choose a model that has the capability",
    },
    HintRow {
        kind: None,
        codes: &["3201"],
        texts: &[],
        exhausted: None,
        hint: "the guardrail itself failed and `block_on_error` is set: try again, or unset it",
    },
    HintRow { kind: None, codes: &["3210"], texts: &[], exhausted: None, hint: "send fewer inputs at once" },
    HintRow {
        kind: None,
        codes: &["3230"],
        texts: &[],
        exhausted: None,
        hint: "the order of the roles is wrong: after `system` begin with `user`, answer every tool call, end with `user` or `tool`",
    },
    HintRow {
        kind: None,
        codes: &["3240"],
        texts: &["Assistant message must have either content or tool_calls"],
        exhausted: None,
        hint: "an assistant message needs content or tool calls, not both and not neither",
    },
    HintRow {
        kind: None,
        codes: &["3280"],
        texts: &["Tool call id"],
        exhausted: None,
        hint: "tool-call ids must be nine letters or digits; the repair `tool_call_ids` maps them",
    },
    HintRow {
        kind: None,
        codes: &["3310"],
        texts: &[],
        exhausted: None,
        hint: "the file cannot be fetched or read: check that the URL is public and the format is one that the API takes",
    },
    HintRow {
        kind: None,
        codes: &["3740"],
        texts: &[],
        exhausted: None,
        hint: "the document is not what its type says: send a PDF or an image that opens elsewhere",
    },
    HintRow {
        kind: None,
        codes: &["3505", "3810"],
        texts: &["apacity exceeded"],
        exhausted: None,
        hint: "the model has no capacity at the moment: wait longer than for a rate limit, or take another model",
    },
    HintRow {
        kind: None,
        codes: &[],
        texts: &["Expected last role"],
        exhausted: None,
        hint: "the order of the roles is wrong: end with `user` or `tool`, or set `prefix` on the last assistant message",
    },
    HintRow {
        kind: None,
        codes: &[],
        texts: &["Unexpected role"],
        exhausted: None,
        hint: "the order of the roles is wrong: answer every tool call before the next `user` message",
    },
    HintRow { kind: None, codes: &[], texts: &["greedy sampling"], exhausted: None, hint: "with `temperature` 0 send `top_p` 1" },
    HintRow {
        kind: None,
        codes: &[],
        texts: &["only compatible with `tool_choice: auto`"],
        exhausted: None,
        hint: "leave `tool_choice` at `auto`, or send the tools without `response_format`",
    },
    HintRow {
        kind: None,
        codes: &[],
        texts: &["Extra inputs are not permitted"],
        exhausted: None,
        hint: "the API does not know this field: `check()` says what it is called here",
    },
    HintRow {
        kind: None,
        codes: &[],
        texts: &["max_tokens_exceeded"],
        exhausted: None,
        hint: "the answer did not fit: raise `max_tokens` or ask for less",
    },
    HintRow {
        kind: None,
        codes: &[],
        texts: &["multipart/form-data"],
        exhausted: None,
        hint: "send the audio as a file of a multipart form, or name its URL",
    },
];
