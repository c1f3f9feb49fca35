"""What the host hears of calls: lines in its log, spans and metrics in its OpenTelemetry.

Nothing is imported here that the host has not imported itself: where ``logging`` or ``opentelemetry`` was never loaded, nobody
has set it up, and a call costs two look-ups more. Bodies are written only where the client was told ``log_bodies=True``, and
keys never: a request has none.
"""

from __future__ import annotations

from sys import modules
from time import perf_counter

from ._core import native

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType
    from typing import Any, Mapping

__all__ = ["Call", "Watched", "WatchedDownload", "WatchedStream", "observed", "show_log"]

_INFO = 20
_DEBUG = 10
# The boundaries that the conventions advise for histograms.
_SECONDS = (0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92)
_TOKENS = (1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864)
# Fields of a request, and what the conventions call them.
_REQUEST = {
    "temperature": "gen_ai.request.temperature",
    "top_p": "gen_ai.request.top_p",
    "top_k": "gen_ai.request.top_k",
    "max_tokens": "gen_ai.request.max_tokens",
    "random_seed": "gen_ai.request.seed",
    "n": "gen_ai.request.choice.count",
    "frequency_penalty": "gen_ai.request.frequency_penalty",
    "presence_penalty": "gen_ai.request.presence_penalty",
}

_logger: Any = None
_words: dict[tuple[Any, ...], dict[str, Any]] = {}
_instruments: tuple[Any, Any, Any] | None = None


def observed(client: Any, request: dict[str, Any]) -> Call | None:
    """A call to tell about; ``None`` when nobody listens."""
    logger = _listening()
    trace = modules.get("opentelemetry.trace")
    metrics = modules.get("opentelemetry.metrics")
    if logger is None and trace is None and metrics is None:
        return None
    return Call(client, request, logger, trace, metrics)


def show_log(level: str) -> None:
    """Shows the log on stderr, for a program that has not set one up: ``TRAMONTANE_LOG=debug`` or ``info``."""
    import logging

    logger = logging.getLogger("tramontane")
    if logger.handlers or level.lower() not in ("debug", "info"):
        return
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("[%(asctime)s] %(name)s %(levelname)s %(message)s"))
    logger.addHandler(handler)
    logger.setLevel(level.upper())


def _listening() -> Any:
    global _logger
    if "logging" not in modules:
        return None
    if _logger is None:
        _logger = modules["logging"].getLogger("tramontane")
    return _logger if _logger.isEnabledFor(_INFO) else None


class Call:
    """One call, from its start to its end. A ``with`` block that is left by an exception ends it as failed."""

    __slots__ = ("_bodies", "_first", "_logger", "_metrics", "_model", "_operation", "_over", "_span", "_started", "_words")

    def __init__(self, client: Any, request: dict[str, Any], logger: Any, trace: Any, metrics: Any) -> None:
        settings = client._settings
        self._operation = str(request.get("operation"))
        self._model = request.get("model") if isinstance(request.get("model"), str) else None
        self._logger = logger
        self._metrics = metrics
        self._bodies = bool(settings.get("log_bodies")) and logger is not None and logger.isEnabledFor(_DEBUG)
        self._words = _words_of(self._operation, settings.get("provider"), client._core().base_url)
        self._over = False
        self._first: float | None = None
        self._span: Any = None
        if trace is not None:
            self._span = _tracer(trace).start_span(self._name(), kind=trace.SpanKind.CLIENT, attributes=self._asked(request))
        if self._bodies:
            logger.debug("%s: request %s", self._said(), _json(request))
        self._started = perf_counter()

    def _name(self) -> str:
        return f"{self._words['operation']} {self._model}" if self._model else str(self._words["operation"])

    def _said(self) -> str:
        return f"{self._operation} {self._model}" if self._model else self._operation

    def _common(self) -> dict[str, Any]:
        common = {
            "gen_ai.operation.name": self._words["operation"],
            "gen_ai.provider.name": self._words["provider"],
        }
        if self._model:
            common["gen_ai.request.model"] = self._model
        if self._words["address"]:
            common["server.address"] = self._words["address"]
            common["server.port"] = self._words["port"]
        return common

    def _asked(self, request: dict[str, Any]) -> dict[str, Any]:
        attributes = self._common()
        for field, name in _REQUEST.items():
            value = request.get(field)
            if isinstance(value, int | float) and not isinstance(value, bool):
                attributes[name] = value
        stop = request.get("stop")
        if isinstance(stop, str):
            attributes["gen_ai.request.stop_sequences"] = [stop]
        elif isinstance(stop, list | tuple) and all(isinstance(word, str) for word in stop):
            attributes["gen_ai.request.stop_sequences"] = list(stop)
        return attributes

    def __enter__(self) -> Call:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        if error is not None:
            self.failed(error)

    def arrived(self) -> None:
        """The first event of a stream is there."""
        if self._first is None:
            self._first = perf_counter() - self._started

    def answered(self, data: Any, meta: Any) -> None:
        """The whole answer is there."""
        if not self._end():
            return
        seconds = perf_counter() - self._started
        told = data if isinstance(data, dict) else {}
        if self._logger is not None:
            again = f", {meta.attempts} attempts" if meta.attempts > 1 else ""
            self._logger.info("%s: %s in %.3f s%s, request %s", self._said(), meta.status, seconds, again, meta.request_id or "without an id")
            if self._bodies:
                self._logger.debug("%s: answer %s", self._said(), _json(told))
        given = _given(told)
        if self._span is not None:
            self._span.set_attributes({**given, "http.response.status_code": meta.status})
            self._span.end()
        self._measure(seconds, given, told.get("usage"))

    def failed(self, error: BaseException) -> None:
        """The call failed, or was cancelled."""
        if not self._end():
            return
        seconds = perf_counter() - self._started
        kind = str(getattr(error, "kind", None) or type(error).__name__)
        status = getattr(error, "status", None)
        if self._logger is not None:
            self._logger.info("%s: failed after %.3f s, %s: %s", self._said(), seconds, kind, error)
        if self._span is not None:
            trace = modules["opentelemetry.trace"]
            self._span.set_attribute("error.type", kind)
            if isinstance(status, int):
                self._span.set_attribute("http.response.status_code", status)
            self._span.set_status(trace.StatusCode.ERROR, str(error))
            self._span.end()
        self._measure(seconds, {"error.type": kind}, None)

    def left(self) -> None:
        """The stream was closed before its end: nothing is wrong, and nothing is known of what it cost."""
        if not self._end():
            return
        seconds = perf_counter() - self._started
        if self._logger is not None:
            self._logger.info("%s: closed by its reader after %.3f s", self._said(), seconds)
        if self._span is not None:
            self._span.end()
        self._measure(seconds, {}, None)

    def _end(self) -> bool:
        over, self._over = self._over, True
        return not over

    def _measure(self, seconds: float, given: Mapping[str, Any], usage: Any) -> None:
        if self._metrics is None:
            return
        duration, tokens, first = _instruments_of(self._metrics)
        common = self._common()
        for name in ("gen_ai.response.model", "error.type"):
            if name in given:
                common[name] = given[name]
        duration.record(seconds, common)
        if self._first is not None:
            first.record(self._first, common)
        if isinstance(usage, dict):
            for kind, field in (("input", "prompt_tokens"), ("output", "completion_tokens")):
                if isinstance(usage.get(field), int):
                    tokens.record(usage[field], {**common, "gen_ai.token.type": kind})


class Watched:
    """Something native that comes piece by piece, and tells a `Call` what becomes of it."""

    __slots__ = ("_call", "_native")

    def __init__(self, opened: Any, call: Call) -> None:
        self._native = opened
        self._call = call

    def __getattr__(self, name: str) -> Any:
        return getattr(self._native, name)

    def close(self) -> None:
        self._native.close()
        self._call.left()

    def __del__(self) -> None:
        self._call.left()

    def _tell(self, done: Any, what: Any) -> None:
        if done.cancelled():
            return
        error = done.exception()
        if error is None:
            what(done.result())
        else:
            self._call.failed(error)


class WatchedStream(Watched):
    """A native stream."""

    __slots__ = ()

    def next_batch(self) -> Any:
        with self._call:
            return self._read(self._native.next_batch())

    def finish(self) -> Any:
        with self._call:
            return self._finished(self._native.finish())

    def start_next_batch(self, bridge: Any, future: Any) -> Any:
        future.add_done_callback(lambda done: self._tell(done, self._read))
        return self._native.start_next_batch(bridge, future)

    def start_finish(self, bridge: Any, future: Any) -> Any:
        future.add_done_callback(lambda done: self._tell(done, self._finished))
        return self._native.start_finish(bridge, future)

    def _read(self, batch: Any) -> Any:
        if batch is None:
            # All events were read: the whole answer is there, whether somebody asks for it or not.
            self._call.answered(self._native.partial() or {}, self._native.meta)
        else:
            self._call.arrived()
        return batch

    def _finished(self, reply: Any) -> Any:
        _, data, meta = reply
        self._call.answered(data, meta)
        return reply


class WatchedDownload(Watched):
    """A native download. Of its body it tells how large it is, and what."""

    __slots__ = ("_bytes",)

    def __init__(self, opened: Any, call: Call) -> None:
        super().__init__(opened, call)
        self._bytes = 0
        call.arrived()

    def chunk(self) -> Any:
        with self._call:
            return self._read(self._native.chunk())

    def save(self, path: str) -> Any:
        with self._call:
            return self._saved(self._native.save(path))

    def start_chunk(self, bridge: Any, future: Any) -> Any:
        future.add_done_callback(lambda done: self._tell(done, self._read))
        return self._native.start_chunk(bridge, future)

    def start_save(self, bridge: Any, future: Any, path: str) -> Any:
        future.add_done_callback(lambda done: self._tell(done, self._saved))
        return self._native.start_save(bridge, future, path)

    def _read(self, chunk: Any) -> Any:
        if chunk is None:
            self._over()
        else:
            self._bytes += len(chunk)
        return chunk

    def _saved(self, written: int) -> int:
        self._bytes += written
        self._over()
        return written

    def _over(self) -> None:
        self._call.answered({"bytes": self._bytes, "content_type": self._native.content_type}, self._native.meta)


def _words_of(*key: Any) -> dict[str, Any]:
    words = _words.get(key)
    if words is None:
        words = _words[key] = native.telemetry(*key)
    return words


def _tracer(trace: Any) -> Any:
    return trace.get_tracer("tramontane", native.VERSION)


def _instruments_of(metrics: Any) -> tuple[Any, Any, Any]:
    """The three histograms. Before a provider is set these are proxies, which find it when it is."""
    global _instruments
    if _instruments is None:
        meter = metrics.get_meter("tramontane", native.VERSION)
        _instruments = (
            _histogram(meter, "gen_ai.client.operation.duration", "s", "How long a call took.", _SECONDS),
            _histogram(meter, "gen_ai.client.token.usage", "{token}", "Tokens that a call used.", _TOKENS),
            _histogram(meter, "gen_ai.client.operation.time_to_first_chunk", "s", "How long a stream's first event took.", _SECONDS),
        )
    return _instruments


def _histogram(meter: Any, name: str, unit: str, description: str, boundaries: tuple[float, ...]) -> Any:
    try:
        return meter.create_histogram(name, unit, description, explicit_bucket_boundaries_advisory=list(boundaries))
    except TypeError:
        # Older API packages do not take advice.
        return meter.create_histogram(name, unit, description)


def _given(data: Mapping[str, Any]) -> dict[str, Any]:
    """What the conventions want to know of an answer."""
    attributes: dict[str, Any] = {}
    for field, name in (("id", "gen_ai.response.id"), ("model", "gen_ai.response.model")):
        if isinstance(data.get(field), str):
            attributes[name] = data[field]
    choices = data.get("choices")
    if isinstance(choices, list):
        reasons = [choice["finish_reason"] for choice in choices if isinstance(choice, dict) and choice.get("finish_reason")]
        if reasons:
            attributes["gen_ai.response.finish_reasons"] = reasons
    usage = data.get("usage")
    if isinstance(usage, dict):
        for field, name in (("prompt_tokens", "gen_ai.usage.input_tokens"), ("completion_tokens", "gen_ai.usage.output_tokens")):
            if isinstance(usage.get(field), int):
                attributes[name] = usage[field]
    return attributes


def _json(value: Any) -> str:
    import json

    return json.dumps(value, ensure_ascii=False, default=repr)
