"""The errors: one class per kind, the same names in every language."""

from __future__ import annotations

from ._failure import TramontaneError


class InvalidRequest(TramontaneError):
    """The request was refused before it was sent; `report` holds every finding."""

    kind = "invalid_request"


class ConfigurationError(TramontaneError):
    """The client cannot work as it was set up: no key, an unusable key, a wrong base URL."""

    kind = "configuration"


class UnsupportedError(TramontaneError):
    """This provider, operation or host cannot do what was asked."""

    kind = "unsupported"


class APIError(TramontaneError):
    """The provider could not be asked, or did not answer as it should."""


class APIStatusError(APIError):
    """The provider answered with an error status."""


class BadRequestError(APIStatusError):
    """The server refused the request as malformed."""

    kind = "bad_request"


class AuthenticationError(APIStatusError):
    """The key is missing, wrong, revoked or expired."""

    kind = "authentication"


class PaymentRequiredError(APIStatusError):
    """The account has no credit."""

    kind = "payment_required"


class PermissionDeniedError(APIStatusError):
    """The key is good, but its plan or workspace may not do this."""

    kind = "permission"


class ContentBlockedError(PermissionDeniedError):
    """A guardrail or content filter blocked the request or the answer."""

    kind = "content_blocked"


class NotFoundError(APIStatusError):
    """No such path, model, file or job."""

    kind = "not_found"


class ConflictError(APIStatusError):
    """The resource changed meanwhile."""

    kind = "conflict"


class RequestTooLargeError(APIStatusError):
    """The body is larger than the server takes."""

    kind = "request_too_large"


class UnprocessableEntityError(APIStatusError):
    """The server found a field that it does not know or a value that it does not take."""

    kind = "validation"


class RateLimitError(APIStatusError):
    """Requests per second, tokens per minute or tokens per month are used up for now."""

    kind = "rate_limit"


class QuotaExceededError(RateLimitError):
    """A 429 that no waiting cures: the plan has no allowance for this model, or the month's tokens are used up."""

    kind = "quota"


class OverloadedError(APIStatusError):
    """The provider has no capacity for this model at the moment."""

    kind = "overloaded"


class InternalServerError(APIStatusError):
    """The provider failed."""

    kind = "server"


class APIConnectionError(APIError):
    """No connection, or the connection broke."""

    kind = "connection"


class APITimeoutError(APIConnectionError):
    """A timeout passed: connect, first event, idle or total; the message says which."""

    kind = "timeout"


class RequestCancelledError(APIError):
    """The caller cancelled the request."""

    kind = "cancelled"


class StreamError(APIError):
    """The provider reported an error inside a stream; `partial` holds what had arrived."""

    kind = "stream"


class StreamTruncatedError(StreamError):
    """The stream ended without a finish reason; `partial` holds what had arrived."""

    kind = "stream_truncated"


class ResponseDecodeError(APIError):
    """The answer is not what the API sends: a proxy's page, a wrong content type, broken JSON."""

    kind = "decode"


class InternalError(TramontaneError):
    """A bug in tramontane. Please report it."""

    kind = "internal"


__all__ = [
    "APIConnectionError",
    "APIError",
    "APIStatusError",
    "APITimeoutError",
    "AuthenticationError",
    "BadRequestError",
    "ConfigurationError",
    "ConflictError",
    "ContentBlockedError",
    "InternalError",
    "InternalServerError",
    "InvalidRequest",
    "NotFoundError",
    "OverloadedError",
    "PaymentRequiredError",
    "PermissionDeniedError",
    "QuotaExceededError",
    "RateLimitError",
    "RequestCancelledError",
    "RequestTooLargeError",
    "ResponseDecodeError",
    "StreamError",
    "StreamTruncatedError",
    "TramontaneError",
    "UnprocessableEntityError",
    "UnsupportedError",
]
