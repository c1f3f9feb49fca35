"""Streams: events, the whole answer, what breaks, and that leaving closes the connection."""

from __future__ import annotations

import pickle
from typing import Any

import pytest
from loopback import CHUNKS, Loopback, Request, chunk

import tramontane


def test_events_and_the_answer(client: tramontane.Client, server: Loopback, ask: dict[str, Any]) -> None:
    server.handler = lambda request: request.stream(CHUNKS, **{"mistral-correlation-id": "r-3"})
    with client.chat.stream(**ask) as stream:
        events = list(stream)
        assert [event.text for event in events] == ["", "A ", "wind", "."]
        assert [event.data for event in events] == CHUNKS
        assert events[-1].finish_reason == "stop"
        assert events[-1].usage is not None and events[-1].usage.total_tokens == 8
        answer = stream.final()
    assert stream.text == answer.text == "A wind."
    assert isinstance(answer, tramontane.ChatCompletion)
    assert answer.choices[0].finish_reason == "stop"
    assert answer.usage.total_tokens == 8
    assert answer.request_id == stream.request_id == "r-3"
    assert server.requests[0].json["stream"] is True
    assert stream.final() is answer


def test_final_reads_the_rest(client: tramontane.Client, server: Loopback, ask: dict[str, Any]) -> None:
    server.handler = lambda request: request.stream(CHUNKS)
    with client.chat.stream(**ask) as stream:
        assert next(stream).text == ""
        assert stream.final().text == "A wind."
        assert list(stream) == []


def test_text_stream(client: tramontane.Client, server: Loopback, ask: dict[str, Any]) -> None:
    server.handler = lambda request: request.stream(CHUNKS)
    with client.chat.stream(**ask) as stream:
        assert list(stream.text_stream) == ["A ", "wind", "."]


def test_leaving_early_closes_the_connection(client: tramontane.Client, server: Loopback, ask: dict[str, Any]) -> None:
    server.handler = server.stream_then_stall
    with client.chat.stream(**ask) as stream:
        assert next(stream).text == ""
        assert next(stream).text == "A "
        assert stream.partial.text == "A "
    assert server.hung_up.wait(5)
    assert stream.partial.text == "A ", "what had arrived stays"
    stream.close()
    assert list(stream) == []
    with pytest.raises(tramontane.RequestCancelledError):
        stream.final()


def test_a_forgotten_stream_closes_the_connection(client: tramontane.Client, server: Loopback, ask: dict[str, Any]) -> None:
    server.handler = server.stream_then_stall
    stream = client.chat.stream(**ask)
    next(stream)
    del stream
    assert server.hung_up.wait(5)


def test_a_stream_outlives_its_client(client: tramontane.Client, server: Loopback, ask: dict[str, Any]) -> None:
    server.handler = lambda request: request.stream(CHUNKS)
    stream = client.chat.stream(**ask)
    client.close()
    assert stream.final().text == "A wind."


def test_an_error_inside_the_stream(client: tramontane.Client, server: Loopback, ask: dict[str, Any]) -> None:
    error = {"object": "error", "message": "out of steam", "type": "internal_error", "code": "3000"}
    server.handler = lambda request: request.stream([*CHUNKS[:2], error])
    got = []
    with pytest.raises(tramontane.StreamError, match="out of steam") as caught:
        for event in client.chat.stream(**ask):
            got.append(event.text)
    assert got == ["", "A "]
    assert caught.value.partial is not None and caught.value.partial.text == "A "
    assert pickle.loads(pickle.dumps(caught.value)).partial.text == "A "


def test_an_end_without_a_finish_reason(client: tramontane.Client, server: Loopback, ask: dict[str, Any]) -> None:
    server.handler = lambda request: request.stream(CHUNKS[:2])
    with pytest.raises(tramontane.StreamTruncatedError) as caught:
        client.chat.stream(**ask).final()
    assert caught.value.partial is not None and caught.value.partial.text == "A "


def test_a_connection_that_breaks(client: tramontane.Client, server: Loopback, ask: dict[str, Any]) -> None:
    def handler(request: Request) -> None:
        request.start_stream()
        request.event(CHUNKS[1])
        request.connection.close()

    server.handler = handler
    with pytest.raises(tramontane.APIError) as caught:
        list(client.chat.stream(**ask))
    assert caught.value.partial is not None and caught.value.partial.text == "A "


def test_an_error_status(client: tramontane.Client, server: Loopback, ask: dict[str, Any]) -> None:
    server.handler = lambda request: request.answer({"message": "no such model"}, status=404)
    with pytest.raises(tramontane.NotFoundError, match="no such model"):
        client.chat.stream(**ask)


def test_many_events_in_one_read(client: tramontane.Client, server: Loopback, ask: dict[str, Any]) -> None:
    chunks = [*(chunk(f"{n} ") for n in range(5_000)), CHUNKS[-1]]

    def handler(request: Request) -> None:
        import json

        request.start_stream()
        request.piece(b"".join(f"data: {json.dumps(one)}\n\n".encode() for one in chunks))
        request.end_stream()

    server.handler = handler
    with client.chat.stream(**ask) as stream:
        assert sum(1 for _ in stream) == 5_001
        assert stream.final().text == "".join(f"{n} " for n in range(5_000)) + "."


def test_a_stream_cannot_be_pickled(client: tramontane.Client, server: Loopback, ask: dict[str, Any]) -> None:
    server.handler = lambda request: request.stream(CHUNKS)
    with client.chat.stream(**ask) as stream, pytest.raises(TypeError, match="cannot be pickled"):
        pickle.dumps(stream)


def test_a_decoder_takes_any_split() -> None:
    import json

    text = b"".join(f"data: {json.dumps(one)}\n\n".encode() for one in CHUNKS) + b"data: [DONE]\n\n"
    for size in (1, 7, 64, len(text)):
        decoder = tramontane.Decoder("mistral", "chat_stream")
        events = [event for at in range(0, len(text), size) for event in decoder.push(text[at : at + size])]
        assert [event.data for event in events] == CHUNKS
        assert decoder.finish().text == "A wind."


def test_a_decoder_hands_out_events_before_it_raises() -> None:
    import json

    decoder = tramontane.Decoder("mistral")
    bad = f"data: {json.dumps(CHUNKS[1])}\n\ndata: not json\n\n".encode()
    assert [event.text for event in decoder.push(bad)] == ["A "]
    assert decoder.partial.text == "A "
    for _ in range(2):
        with pytest.raises(tramontane.APIError):
            decoder.push(b"")
    with pytest.raises(tramontane.APIError):
        decoder.finish()
    with pytest.raises(tramontane.TramontaneError, match="unknown provider `nobody`"):
        tramontane.Decoder("nobody")
    with pytest.raises(TypeError):
        tramontane.Decoder("mistral").push(5)  # type: ignore[arg-type]
