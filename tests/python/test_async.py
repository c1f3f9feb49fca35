"""The asynchronous client: many at once, cancelling, several loops, uvloop."""

from __future__ import annotations

import asyncio
import gc
import threading
import time
import warnings
import weakref
from typing import Any, Callable, Coroutine

import pytest
from conftest import KEY
from loopback import ANSWER, CHUNKS, Loopback, Request, chunk

import tramontane

Run = Callable[[Coroutine[Any, Any, Any]], Any]


@pytest.fixture(params=["asyncio", "asyncio-debug", "uvloop"])
def run(request: pytest.FixtureRequest) -> Run:
    if request.param == "asyncio":
        return asyncio.run
    if request.param == "asyncio-debug":
        return lambda work: asyncio.run(work, debug=True)
    uvloop = pytest.importorskip("uvloop")
    run: Run = uvloop.run
    return run


def test_complete(run: Run, async_client: tramontane.AsyncClient, ask: dict[str, Any]) -> None:
    async def work() -> tramontane.ChatCompletion:
        async with async_client as client:
            return await client.chat.complete(**ask)

    reply = run(work())
    assert reply.text == "A wind."
    assert reply.attempts == 1
    with pytest.raises(RuntimeError, match="closed"):
        run(async_client.chat.complete(**ask))


def test_many_at_once(run: Run, async_client: tramontane.AsyncClient, ask: dict[str, Any]) -> None:
    async def work() -> list[tramontane.ChatCompletion]:
        return await asyncio.gather(*(async_client.chat.complete(**ask) for _ in range(200)))

    assert [reply.text for reply in run(work())] == ["A wind."] * 200


def test_the_same_client_in_one_loop_after_the_other(
    run: Run, async_client: tramontane.AsyncClient, server: Loopback, ask: dict[str, Any]
) -> None:
    for _ in range(5):
        assert run(async_client.chat.complete(**ask)).text == "A wind."
    # One, where the machine has the time to put a connection back before the next call.
    assert server.connections < 5, "connections belong to the client, not to a loop"


def test_loops_in_several_threads_share_a_client(
    run: Run, async_client: tramontane.AsyncClient, ask: dict[str, Any]
) -> None:
    replies: list[str] = []

    async def work() -> None:
        for reply in await asyncio.gather(*(async_client.chat.complete(**ask) for _ in range(20))):
            replies.append(reply.text)

    threads = [threading.Thread(target=lambda: run(work())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert replies == ["A wind."] * 80


def test_errors(run: Run, async_client: tramontane.AsyncClient, server: Loopback, ask: dict[str, Any]) -> None:
    server.handler = lambda request: request.answer({"message": "no"}, status=401)
    with pytest.raises(tramontane.AuthenticationError, match="no"):
        run(async_client.chat.complete(**ask))
    with pytest.raises(tramontane.InvalidRequest):
        run(async_client.chat.complete(**ask, temperature=9))


def test_cancelling_a_task_closes_the_connection(
    run: Run, async_client: tramontane.AsyncClient, server: Loopback, ask: dict[str, Any]
) -> None:
    server.handler = server.stall

    async def work() -> None:
        task = asyncio.create_task(async_client.chat.complete(**ask))
        await asyncio.to_thread(server.asked.wait, 5)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await asyncio.to_thread(server.hung_up.wait, 5)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await async_client.chat.complete(**ask)
        server.handler = lambda request: request.answer(ANSWER)
        assert (await async_client.chat.complete(**ask)).text == "A wind."

    run(work())


def test_a_loop_runs_on_while_an_answer_is_awaited(
    run: Run, async_client: tramontane.AsyncClient, server: Loopback, ask: dict[str, Any]
) -> None:
    def slow(request: Request) -> None:
        time.sleep(0.3)
        request.answer(ANSWER)

    server.handler = slow

    async def work() -> int:
        task = asyncio.create_task(async_client.chat.complete(**ask))
        turns = 0
        while not task.done():
            await asyncio.sleep(0.01)
            turns += 1
        return turns

    assert run(work()) > 10


def test_streams(run: Run, async_client: tramontane.AsyncClient, server: Loopback, ask: dict[str, Any]) -> None:
    server.handler = lambda request: request.stream(CHUNKS)

    async def work() -> None:
        async with async_client.chat.stream(**ask) as stream:
            assert [event.text async for event in stream] == ["", "A ", "wind", "."]
            assert (await stream.final()).text == stream.text == "A wind."
        assert [event.text async for event in async_client.chat.stream(**ask)] == ["", "A ", "wind", "."]
        opened = await async_client.chat.stream(**ask)
        assert [text async for text in opened.text_stream] == ["A ", "wind", "."]
        assert (await opened.final()).usage.total_tokens == 8

    run(work())


def test_leaving_a_stream_closes_the_connection(
    run: Run, async_client: tramontane.AsyncClient, server: Loopback, ask: dict[str, Any]
) -> None:
    server.handler = server.stream_then_stall

    async def work() -> None:
        async with async_client.chat.stream(**ask) as stream:
            async for event in stream:
                if event.text:
                    break
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(anext(stream), 0.1)
            assert stream.partial.text == "A "
        assert await asyncio.to_thread(server.hung_up.wait, 5)
        assert stream.partial.text == "A "
        with pytest.raises(tramontane.RequestCancelledError):
            await stream.final()

    run(work())


def test_many_streams_at_once(run: Run, async_client: tramontane.AsyncClient, server: Loopback, ask: dict[str, Any]) -> None:
    server.handler = lambda request: request.stream(CHUNKS)

    async def one() -> str:
        async with async_client.chat.stream(**ask) as stream:
            return (await stream.final()).text

    async def work() -> list[str]:
        return await asyncio.gather(*(one() for _ in range(50)))

    assert run(work()) == ["A wind."] * 50


def test_stream_errors(run: Run, async_client: tramontane.AsyncClient, server: Loopback, ask: dict[str, Any]) -> None:
    server.handler = lambda request: request.stream(CHUNKS[:2])

    async def work() -> None:
        async with async_client.chat.stream(**ask) as stream:
            with pytest.raises(tramontane.StreamTruncatedError) as caught:
                await stream.final()
            assert caught.value.partial is not None and caught.value.partial.text == "A "

    run(work())


def test_warnings_come_at_the_awaiting_line(
    run: Run, async_client: tramontane.AsyncClient, server: Loopback
) -> None:
    ask: dict[str, Any] = {"model": "mistral-large-latest", "messages": [{"role": "user", "content": "Hi"}]}

    async def complete() -> None:
        await async_client.chat.complete(**ask)

    async def opened() -> None:
        async with async_client.chat.stream(**ask):
            pass

    async def awaited() -> None:
        await async_client.chat.stream(**ask)

    for work in (complete, opened, awaited):
        server.handler = (lambda request: request.answer(ANSWER)) if work is complete else (lambda r: r.stream(CHUNKS))
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            run(work())
        said = [one for one in caught if issubclass(one.category, tramontane.TramontaneWarning)]
        assert said and {one.filename for one in said} == {__file__}, work


def test_a_loop_can_be_collected(async_client: tramontane.AsyncClient, ask: dict[str, Any]) -> None:
    loops = []

    async def work() -> None:
        loops.append(weakref.ref(asyncio.get_running_loop()))
        await async_client.chat.complete(**ask)

    for _ in range(3):
        asyncio.run(work())
    gc.collect()
    assert [loop() for loop in loops] == [None] * 3


def test_two_clients_and_a_blocking_one_side_by_side(server: Loopback, ask: dict[str, Any]) -> None:
    async def work() -> list[str]:
        blocking = tramontane.Client(api_key=KEY, base_url=server.url)
        first, second = (tramontane.AsyncClient(api_key=KEY, base_url=server.url) for _ in range(2))
        replies = await asyncio.gather(
            first.chat.complete(**ask), second.chat.complete(**ask), asyncio.to_thread(blocking.chat.complete, **ask)
        )
        return [reply.text for reply in replies]

    assert asyncio.run(work()) == ["A wind."] * 3


def test_a_cancelled_wait_loses_no_event(
    run: Run, async_client: tramontane.AsyncClient, server: Loopback, ask: dict[str, Any]
) -> None:
    def slowly(request: Request) -> None:
        request.start_stream()
        for n in range(20):
            time.sleep(0.02)
            request.event(chunk(f"{n} "))
        request.event(CHUNKS[-1])
        request.end_stream()

    server.handler = slowly

    async def work() -> None:
        got = []
        async with async_client.chat.stream(**ask) as stream:
            while True:
                try:
                    async with asyncio.timeout(0.013):
                        got.append((await anext(stream)).text)
                except TimeoutError:
                    continue
                except StopAsyncIteration:
                    break
        assert "".join(got) == "".join(f"{n} " for n in range(20)) + "."

    run(work())


def test_cancelling_at_random_leaves_nothing_behind(
    run: Run, async_client: tramontane.AsyncClient, ask: dict[str, Any]
) -> None:
    async def work() -> None:
        tasks = [asyncio.create_task(async_client.chat.complete(**ask)) for _ in range(300)]
        for n, task in enumerate(tasks):
            if n % 3 == 0:
                await asyncio.sleep(0)
                task.cancel()
        results = await asyncio.gather(*tasks, return_exceptions=True)
        assert all(isinstance(one, (tramontane.ChatCompletion, asyncio.CancelledError)) for one in results)
        assert sum(isinstance(one, tramontane.ChatCompletion) for one in results) >= 200
        assert (await async_client.chat.complete(**ask)).text == "A wind."

    run(work())
