"""What calls cost, may spend, and have to wait for."""

from __future__ import annotations

import asyncio
import copy
import json
import pickle
import threading
import time
from typing import Any

import pytest
from conftest import KEY
from loopback import ANSWER, CHUNKS, Loopback

import tramontane

SMALL: dict[str, Any] = {"max_tokens": 90}


def test_an_answer_says_what_it_cost(client: tramontane.Client, ask: dict[str, Any]) -> None:
    reply = client.chat.complete(**ask)
    # Five tokens at $0.15, three at $0.60 for a million.
    assert reply.cost.amount == 5 * 150 + 3 * 600
    assert reply.cost.reason is None
    assert [(line.item, line.quantity, line.amount) for line in reply.cost.lines] == [("input", 5, 750), ("output", 3, 1800)]
    for again in (pickle.loads(pickle.dumps(reply)), copy.deepcopy(reply), reply.copy()):
        assert again.cost.amount == 2550
    assert reply.attempts == 1 and reply.cost.amount == 2550


def test_a_streams_answer_says_what_it_cost(client: tramontane.Client, server: Loopback, ask: dict[str, Any]) -> None:
    server.handler = lambda request: request.stream(CHUNKS)
    with client.chat.stream(**ask) as stream:
        assert stream.final().cost.amount == 2550


def test_what_cannot_be_priced_says_why(client: tramontane.Client, server: Loopback, ask: dict[str, Any]) -> None:
    server.handler = lambda request: request.answer({**ANSWER, "usage": None})
    cost = client.chat.complete(**ask).cost
    assert (cost.amount, cost.reason) == (None, "the answer does not say what it used")
    parsed = tramontane.parse("mistral", "chat", 200, {}, json.dumps(ANSWER))
    assert parsed.cost.amount is None and parsed.cost.reason


def test_own_prices(server: Loopback, ask: dict[str, Any]) -> None:
    overlay = {"models": [{"id": "mistral-small-2603", "prices": {"input_per_mtok": 1_000_000_000}}]}
    with tramontane.Client(api_key=KEY, base_url=server.url, overlay=overlay) as client:
        assert client.chat.complete(**ask).cost.amount == 5 * 1000 + 3 * 600


def test_sixty_four_calls_at_once_do_not_pass_a_budget(server: Loopback, ask: dict[str, Any]) -> None:
    budget = tramontane.Budget(tokens=1000)
    went, refused = [], []
    with tramontane.Client(api_key=KEY, base_url=server.url, budget=budget) as client:

        def call() -> None:
            for _ in range(5):
                try:
                    client.chat.complete(**ask, **SMALL)
                    went.append(1)
                except tramontane.BudgetExceededError as error:
                    assert error.kind == "budget" and "1000 tokens would be passed" in error.message
                    refused.append(1)
                assert budget.spent_tokens + budget.reserved_tokens <= 1000

        threads = [threading.Thread(target=call) for _ in range(64)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
    assert len(went) + len(refused) == 320
    assert budget.spent_tokens == len(went) * 8 == len(server.requests) * 8
    assert budget.reserved_tokens == 0


def test_a_budget_of_several_clients(server: Loopback, ask: dict[str, Any]) -> None:
    budget = tramontane.Budget(usd=0.0001)

    async def calls() -> None:
        async with tramontane.AsyncClient(api_key=KEY, base_url=server.url, budget=budget) as client:
            await client.chat.complete(**ask, **SMALL)

    with tramontane.Client(api_key=KEY, base_url=server.url, budget=budget) as client:
        client.chat.complete(**ask, **SMALL)
    asyncio.run(calls())
    assert budget.spent_nanos == 2 * 2550
    assert repr(budget) == "Budget(usd=0.0001, spent_nanos=5100)"


def test_what_failed_or_was_cancelled_gives_back(server: Loopback, ask: dict[str, Any]) -> None:
    budget = tramontane.Budget(tokens=1000)
    server.handler = lambda request: request.answer({"message": "no"}, 500)
    with tramontane.Client(api_key=KEY, base_url=server.url, budget=budget, max_retries=0) as client:
        with pytest.raises(tramontane.InternalServerError):
            client.chat.complete(**ask, **SMALL)
        assert (budget.spent_tokens, budget.reserved_tokens) == (0, 0)
        server.handler = server.stream_then_stall
        with client.chat.stream(**ask, **SMALL) as stream:
            next(iter(stream))
            assert budget.reserved_tokens > 90
        assert budget.reserved_tokens == 0
        assert 0 < budget.spent_tokens < 60


def test_an_unknown_price_is_refused_with_its_reason(server: Loopback, ask: dict[str, Any]) -> None:
    with tramontane.Client(api_key=KEY, base_url=server.url, budget=tramontane.Budget(usd=1), checks="off") as client:
        with pytest.raises(tramontane.BudgetExceededError, match="unknown model `nobody-1`"):
            client.chat.complete(model="nobody-1", messages=ask["messages"], max_tokens=5)
    assert server.requests == []
    with pytest.raises(ValueError):
        tramontane.Budget()
    with pytest.raises(ValueError):
        tramontane.Budget(tokens=-1)


def test_a_limiter_waits_or_fails(server: Loopback, ask: dict[str, Any]) -> None:
    with tramontane.Client(api_key=KEY, base_url=server.url, limiter={"requests_per_second": 2}) as client:
        start = time.monotonic()
        for _ in range(5):
            client.chat.complete(**ask)
        assert 2.0 <= time.monotonic() - start < 10
    limiter = tramontane.Limiter(requests_per_minute=1, on_limit="fail")
    with tramontane.Client(api_key=KEY, base_url=server.url, limiter=limiter) as client:
        client.chat.complete(**ask)
        with pytest.raises(tramontane.RateLimitError) as caught:
            client.chat.complete(**ask)
    assert caught.value.status is None and (caught.value.retry_after or 0) > 50
    with tramontane.Client(api_key=KEY, base_url=server.url, limiter={"requests_per_minute": 1}, timeout=5) as client:
        client.chat.complete(**ask)
        start = time.monotonic()
        with pytest.raises(tramontane.RateLimitError, match="longer than the call may take"):
            client.chat.complete(**ask)
        assert time.monotonic() - start < 2


def test_a_password_in_a_limiters_url_is_never_shown() -> None:
    limiter = tramontane.Limiter("redis://user:a-pass-word@127.0.0.1:1/0", requests_per_minute=5)
    client = tramontane.Client(api_key=KEY, limiter=limiter)
    assert "a-pass-word" not in f"{limiter!r} {limiter} {client!r} {vars(tramontane).get('limiter')}"
    with pytest.raises(tramontane.ConfigurationError) as caught:
        tramontane.Client(api_key=KEY, limiter="http://user:a-pass-word@127.0.0.1")
    assert "a-pass-word" not in repr(caught.value)


def test_a_redis_that_is_away_slows_nobody_for_long(server: Loopback, ask: dict[str, Any]) -> None:
    limiter = tramontane.Limiter("redis://127.0.0.1:9/0", requests_per_second=100, share=0.5)
    with tramontane.Client(api_key=KEY, base_url=server.url, limiter=limiter) as client:
        start = time.monotonic()
        for _ in range(10):
            client.chat.complete(**ask)
        assert time.monotonic() - start < 5
