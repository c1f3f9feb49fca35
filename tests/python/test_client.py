"""The client against a scripted server: answers, errors, warnings, keys, closing."""

from __future__ import annotations

import copy
import json
import pickle
import threading
import time
import traceback
import warnings
from typing import Any

import pytest
from conftest import KEY
from loopback import ANSWER, Loopback, Request

import tramontane


def test_complete(client: tramontane.Client, server: Loopback, ask: dict[str, Any]) -> None:
    server.handler = lambda request: request.answer(
        ANSWER, **{"mistral-correlation-id": "r-7", "x-ratelimit-remaining-req-minute": "59"}
    )
    reply = client.chat.complete(**ask, temperature=0.5, max_tokens=10)
    assert reply.text == "A wind."
    assert reply == ANSWER
    assert isinstance(reply, tramontane.ChatCompletion)
    assert reply.request_id == "r-7"
    assert reply.rate_limit["remaining-req-minute"] == 59
    assert reply.attempts == 1
    assert reply.resolution is not None and reply.resolution.sent_as == "mistral-small-2603"
    [request] = server.requests
    assert (request.method, request.path) == ("POST", "/v1/chat/completions")
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert request.json == {**ask, "temperature": 0.5, "max_tokens": 10}


def test_an_answer_can_be_sent_back(client: tramontane.Client, server: Loopback, ask: dict[str, Any]) -> None:
    reply = client.chat.complete(**ask)
    client.chat.complete(model=ask["model"], messages=[*ask["messages"], reply.choices[0].message, *ask["messages"]])
    messages = server.requests[1].json["messages"]
    assert messages[1]["content"] == "A wind."
    assert messages[1]["role"] == "assistant"


def test_a_wrong_request_is_refused_before_it_is_sent(client: tramontane.Client, server: Loopback) -> None:
    with pytest.raises(tramontane.InvalidRequest) as caught:
        client.chat.complete(model="mistral-small-2603", messages=[{"role": "user", "content": "x"}], temperature=9, tool=1)  # type: ignore[call-arg]
    report = caught.value.report
    assert isinstance(report, tramontane.Report)
    assert {finding.path for finding in report.findings if finding.severity == "error"} == {"temperature", "tool"}
    assert server.requests == []
    again = pickle.loads(pickle.dumps(caught.value))
    assert type(again) is tramontane.InvalidRequest
    assert again.report == report and str(again) == str(caught.value)


def test_checks_can_be_turned_off_for_one_call(client: tramontane.Client, server: Loopback, ask: dict[str, Any]) -> None:
    client.chat.complete(**ask, temperature=9, checks="off")
    assert server.requests[0].json["temperature"] == 9
    client.chat.complete(**ask, extra_body={"temperature": 9, "new": [1]}, extra_headers={"x-team": "blue"}, extra_query={"v": "2"})
    assert server.requests[1].json["new"] == [1]
    assert server.requests[1].headers["x-team"] == "blue"
    assert server.requests[1].path.endswith("?v=2")


def test_a_policy_of_the_client_holds_for_every_call_and_a_call_changes_single_fields(
    server: Loopback, ask: dict[str, Any]
) -> None:
    with tramontane.Client(api_key=KEY, base_url=server.url, checks="off", extra_headers={"x-team": "blue"}) as client:
        client.chat.complete(**ask, temperature=9)
        client.chat.complete(**ask, temperature=9, extra_query={"v": "2"})
        assert [request.headers["x-team"] for request in server.requests] == ["blue", "blue"]
        with pytest.raises(tramontane.InvalidRequest):
            client.chat.complete(**ask, temperature=9, checks="error")


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, tramontane.BadRequestError),
        (401, tramontane.AuthenticationError),
        (403, tramontane.PermissionDeniedError),
        (404, tramontane.NotFoundError),
        (422, tramontane.UnprocessableEntityError),
        (429, tramontane.RateLimitError),
        (500, tramontane.InternalServerError),
    ],
)
def test_error_statuses(
    client: tramontane.Client, server: Loopback, ask: dict[str, Any], status: int, error: type[tramontane.APIStatusError]
) -> None:
    body = {"object": "error", "message": "the server's own words", "type": "t", "param": None, "code": "3051"}
    server.handler = lambda request: request.answer(body, status=status, **{"mistral-correlation-id": "r-9"})
    with pytest.raises(error) as caught:
        client.chat.complete(**ask, max_retries=0)
    failure = caught.value
    assert isinstance(failure, tramontane.APIStatusError)
    assert isinstance(failure, tramontane.TramontaneError)
    assert failure.status == failure.status_code == status
    assert "the server's own words" in str(failure)
    assert failure.request_id == "r-9"
    assert failure.provider == "mistral"
    assert KEY not in repr(failure) + str(failure) + json.dumps(failure.to_dict())
    again = pickle.loads(pickle.dumps(failure))
    assert type(again) is type(failure) and again.to_dict() == failure.to_dict()
    assert copy.copy(failure).status == status


def test_retries(client: tramontane.Client, server: Loopback, ask: dict[str, Any]) -> None:
    def handler(request: Request) -> None:
        if request.number < 2:
            request.answer({"message": "busy"}, status=503, **{"retry-after": "0"})
        else:
            request.answer(ANSWER)

    server.handler = handler
    assert client.chat.complete(**ask).attempts == 3
    server.requests.clear()
    with pytest.raises(tramontane.APIError) as caught:
        client.chat.complete(**ask, max_retries=1)
    assert caught.value.retryable
    assert len(server.requests) == 2


def test_a_timeout(client: tramontane.Client, server: Loopback, ask: dict[str, Any]) -> None:
    server.handler = server.stall
    start = time.monotonic()
    with pytest.raises(tramontane.APITimeoutError):
        client.chat.complete(**ask, timeout=0.2)
    assert time.monotonic() - start < 10
    assert server.hung_up.wait(5), "the connection is closed when its call has timed out"


def test_a_timeout_of_one_part(client: tramontane.Client, server: Loopback, ask: dict[str, Any]) -> None:
    server.handler = server.stall
    with pytest.raises(tramontane.APITimeoutError, match="`first_event` timeout"):
        client.chat.complete(**ask, timeout={"first_event": 0.2, "idle": 60, "total": None}, max_retries=0)
    with pytest.raises(ValueError, match="no timeout `first`"):
        client.chat.complete(**ask, timeout={"first": 1})


def test_nobody_is_there(ask: dict[str, Any]) -> None:
    client = tramontane.Client(api_key=KEY, base_url="http://127.0.0.1:1", max_retries=0)
    with pytest.raises(tramontane.APIConnectionError):
        client.chat.complete(**ask)


@pytest.mark.parametrize("option", [{"timeout": 0}, {"timeout": "x"}, {"max_retries": -1}, {"timeout": float("nan")}])
def test_options_that_make_no_sense(client: tramontane.Client, ask: dict[str, Any], option: Any) -> None:
    with pytest.raises(ValueError, match=next(iter(option))):
        client.chat.complete(**ask, **option)
    with pytest.raises((ValueError, TypeError)):
        tramontane.Client(api_key=KEY, timeout={"soon": 1})
    with pytest.raises(tramontane.InvalidRequest, match="checks|variant"):
        client.chat.complete(**ask, checks="perhaps")  # type: ignore[arg-type]


def test_warnings_come_at_the_callers_line(client: tramontane.Client, server: Loopback) -> None:
    ask: dict[str, Any] = {"model": "mistral-large-latest", "messages": [{"role": "user", "content": "Hi"}]}
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        reply = client.chat.complete(**ask)
    assert reply.warnings
    assert caught and {one.filename for one in caught} == {__file__}
    assert all(issubclass(one.category, tramontane.TramontaneWarning) for one in caught)
    assert any("mistral-large" in str(one.message) for one in caught)
    with warnings.catch_warnings():
        warnings.simplefilter("error", tramontane.TramontaneWarning)
        with pytest.raises(tramontane.TramontaneWarning):
            client.chat.complete(**ask)
        warnings.simplefilter("ignore", tramontane.TramontaneWarning)
        client.chat.complete(**ask)


def test_a_key_comes_from_the_environment(server: Loopback, ask: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MISTRAL_API_KEY", raising=False)
    with pytest.raises(tramontane.ConfigurationError, match="MISTRAL_API_KEY"):
        tramontane.Client(base_url=server.url).chat.complete(**ask)
    monkeypatch.setenv("MISTRAL_API_KEY", f"  {KEY}\n")
    tramontane.Client(base_url=server.url).chat.complete(**ask)
    assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize("key", ["", "  ", "top-secret\nx-injected: 1", "top-secret-ключ", "top-secret\ud800", "top-secret\0"])
def test_a_key_that_cannot_be_one_is_refused_and_not_shown(key: str) -> None:
    with pytest.raises(tramontane.ConfigurationError) as caught:
        tramontane.Client(api_key=key)
    said = "".join(traceback.format_exception_only(caught.value))
    assert "top-secret" not in said and "injected" not in said


def test_a_key_of_another_type(server: Loopback, ask: dict[str, Any]) -> None:
    class Hidden:
        def get_secret_value(self) -> str:
            return KEY

    tramontane.Client(api_key=Hidden(), base_url=server.url).chat.complete(**ask)
    assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"
    with pytest.raises(TypeError, match="`api_key` must be a str, not bytes") as caught:
        tramontane.Client(api_key=b"top-secret")
    assert "top-secret" not in str(caught.value)


def test_a_client_never_shows_its_key(client: tramontane.Client) -> None:
    shown = [repr(client), str(client), f"{client}", repr(client._native), repr(client.chat), str(dir(client)), str(client._settings)]
    assert KEY not in "".join(shown)
    with pytest.raises(TypeError):
        vars(client)
    with pytest.raises(TypeError, match="cannot be pickled"):
        pickle.dumps(client)
    with pytest.raises(TypeError, match="cannot be pickled"):
        copy.deepcopy(client)


def test_closing(server: Loopback, ask: dict[str, Any]) -> None:
    with tramontane.Client(api_key=KEY, base_url=server.url) as client:
        client.chat.complete(**ask)
        client.chat.complete(**ask)
    assert server.connections == 1, "connections are kept and used again"
    client.close()
    client.close()
    with pytest.raises(RuntimeError, match="the client is closed"):
        client.chat.complete(**ask)


def test_threads_share_a_client(client: tramontane.Client, server: Loopback, ask: dict[str, Any]) -> None:
    replies: list[Any] = []

    def work() -> None:
        for _ in range(20):
            replies.append(client.chat.complete(**ask).text)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert replies == ["A wind."] * 160
    assert server.connections < 20, "connections are shared, not opened for each call"


def test_other_threads_run_while_one_waits(client: tramontane.Client, server: Loopback, ask: dict[str, Any]) -> None:
    def slow(request: Request) -> None:
        time.sleep(0.5)
        request.answer(ANSWER)

    server.handler = slow
    waiting = threading.Thread(target=lambda: client.chat.complete(**ask))
    waiting.start()
    counted, end = 0, time.monotonic() + 0.4
    while time.monotonic() < end:
        counted += 1
    waiting.join()
    assert counted > 10_000


def test_an_html_page_is_named(client: tramontane.Client, server: Loopback, ask: dict[str, Any]) -> None:
    server.handler = lambda request: request.answer(b"<html><body>Log in</body></html>", **{"content-type": "text/html"})
    with pytest.raises(tramontane.ResponseDecodeError, match="(?i)html|page"):
        client.chat.complete(**ask, max_retries=0)


SMALL = {"prompt_tokens": 5, "completion_tokens": 3, "total_tokens": 8}
USED: list[tuple[str, dict[str, Any], dict[str, Any], Any]] = [
    ("chat.complete", {"messages": [{"role": "user", "content": "Hi"}]}, ANSWER, SMALL),
    ("fim.complete", {"prompt": "a"}, ANSWER, SMALL),
    ("embeddings.create", {"input": ["a"]}, {"data": [], "usage": SMALL}, SMALL),
    ("conversations.start", {"inputs": "Hi"}, {"conversation_id": "c", "outputs": [], "usage": SMALL}, SMALL),
    ("audio.transcriptions.create", {"file_id": "f"}, {"text": "a", "usage": {"prompt_audio_seconds": 7}}, {"prompt_audio_seconds": 7}),
    ("ocr.process", {"document": {"type": "file", "file_id": "f"}}, {"pages": [], "usage_info": {"pages_processed": 2}}, {"pages_processed": 2}),
    ("chat.complete", {"messages": [{"role": "user", "content": "Hi"}]}, {**ANSWER, "usage": None}, None),
    ("embeddings.create", {"input": ["a"]}, {"data": []}, None),
    ("ocr.process", {"document": {"type": "file", "file_id": "f"}}, {"pages": []}, None),
]  # fmt: skip


@pytest.mark.parametrize(("method", "request_", "body", "usage"), USED)
def test_what_stands_around_an_answer_has_one_name_everywhere(
    client: tramontane.Client, server: Loopback, method: str, request_: dict[str, Any], body: dict[str, Any], usage: Any
) -> None:
    def answer(request: Request) -> None:
        request.answer(body, **{"mistral-correlation-id": "r-1", "x-ratelimit-remaining-req-minute": "9"})

    server.handler = answer
    called: Any = client
    for name in method.split("."):
        called = getattr(called, name)
    reply = called(model="mistral-small-2603", checks="off", **request_)
    assert reply.usage == usage
    assert (reply.request_id, reply.attempts, reply.warnings, reply.repairs) == ("r-1", 1, [], [])
    assert reply.rate_limit == {"remaining-req-minute": 9}
    assert reply.raw is not None and reply.raw.status == 200
    assert (reply.cost.amount is None) == (reply.cost.reason is not None)
    if usage is None:
        assert reply.cost.reason == "the answer does not say what it used"
