"""The pure operations as Python functions; what they answer in detail is held by the vectors."""

from __future__ import annotations

import datetime
import json
from typing import Any

import pytest
from loopback import ANSWER

import tramontane


def test_check_reports_everything_at_once(ask: dict[str, Any]) -> None:
    report = tramontane.check({**ask, "temperature": "hot", "sed": 1, "messages": [{"role": "user", "content": 5}]})
    assert isinstance(report, tramontane.Report)
    assert not report.ok
    assert {"temperature", "sed", "messages[0].content"} <= {finding.path for finding in report.findings}
    assert all(finding.message and finding.source for finding in report.findings)
    assert tramontane.check(ask).ok


def test_a_policy_may_be_said_in_pythons_own_types(ask: dict[str, Any]) -> None:
    old = {**ask, "model": "mistral-nemo-12b"}
    assert not tramontane.check(old, on=datetime.date(2026, 8, 1)).ok
    assert tramontane.check(old, on=datetime.datetime(2026, 7, 1, 12, 30)).ok
    assert tramontane.check(old, on="2026-07-01").ok
    assert not tramontane.check(old).ok, "judged by today"
    assert tramontane.check(old, severities={"retired_model": "off"}, on="2026-08-01").ok
    assert tramontane.check({**ask, "temperature": 9}, checks="off").ok


@pytest.mark.parametrize("policy", [{"strcit": True}, {"on": "tomorrow"}, {"checks": 1}, {"severities": {"x": "loud"}}])
def test_a_policy_that_makes_no_sense(ask: dict[str, Any], policy: Any) -> None:
    with pytest.raises(tramontane.InvalidRequest):
        tramontane.check(ask, **policy)


def test_build_gives_the_whole_request_but_the_key(ask: dict[str, Any]) -> None:
    prepared = tramontane.build({**ask, "model": "mistral-small-4", "operation": "chat_stream"})
    assert isinstance(prepared, tramontane.Prepared)
    assert (prepared.method, prepared.provider) == ("POST", "mistral")
    assert prepared.body == {**ask, "stream": True}
    assert prepared.auth == {"header": "authorization", "scheme": "Bearer", "env": "MISTRAL_API_KEY"}
    assert prepared.resolution is not None and prepared.resolution.requested == "mistral-small-4"
    assert [finding.rule for finding in prepared.warnings] == ["documented_name"]
    assert json.loads(prepared.model_dump_json()) == prepared
    with pytest.raises(tramontane.InvalidRequest) as caught:
        tramontane.build({**ask, "temperature": 9})
    assert caught.value.report is not None and caught.value.report.findings[0].path == "temperature"
    assert "temperature" in str(caught.value)


def test_parse_gives_the_answer_or_raises_the_error() -> None:
    for body in (json.dumps(ANSWER), json.dumps(ANSWER).encode(), bytearray(json.dumps(ANSWER).encode())):
        reply = tramontane.parse("mistral", "chat", 200, [("Content-Type", "application/json")], body)  # type: ignore[arg-type]
        assert isinstance(reply, tramontane.ChatCompletion) and reply.text == "A wind."
    with pytest.raises(tramontane.RateLimitError) as caught:
        tramontane.parse("mistral", "chat", 429, {"Retry-After": "7"}, '{"message":"Requests rate limit exceeded"}')
    assert caught.value.retry_after == 7.0 and caught.value.retryable
    with pytest.raises(tramontane.ResponseDecodeError):
        tramontane.parse("mistral", "chat", 200, {"content-type": "application/json"}, b"\xff\xfe\x00")


def test_names_and_models() -> None:
    resolution = tramontane.resolve("mistral-nemo-12b", on="2026-11-21")
    assert resolution.status == "retired" and resolution.retires_on == "2026-07-31" and resolution.replacement
    assert resolution.findings[0].rule == "retired_model"
    assert tramontane.models.resolve is tramontane.resolve
    assert tramontane.resolve("mistral-large-latest", pin=True).sent_as == tramontane.resolve("mistral-large-latest").pinned
    unknown = tramontane.resolve("mistral-smal-4")
    assert unknown.kind == "unknown" and "mistral-small-4" in unknown.did_you_mean
    model = tramontane.models.get("mistral-small-4")
    assert model.id == "mistral-small-2603" and model.source
    assert model in tramontane.models.list(provider="mistral")
    assert len(tramontane.models.list(capability="vision")) < len(tramontane.models.list())
    assert tramontane.models.recommend("code").id
    assert datetime.date.fromisoformat(tramontane.models.as_of())
    with pytest.raises(tramontane.TramontaneError):
        tramontane.models.get("no-such-model")
    with pytest.raises(tramontane.InvalidRequest):
        tramontane.models.recommend("cooking")


def test_providers_and_cost(ask: dict[str, Any]) -> None:
    providers = tramontane.providers.list()
    assert "mistral" in {provider.id for provider in providers}
    assert all(isinstance(provider, tramontane.Provider) for provider in providers)
    estimate = tramontane.estimate_cost({**ask, "max_tokens": 100})
    assert estimate.amount is not None and 0 < estimate.amount.low <= estimate.amount.high
    assert isinstance(estimate.amount.high, int)
    unknown = tramontane.estimate_cost({**ask, "model": "no-such-model"})
    assert unknown.amount is None and unknown.reason
