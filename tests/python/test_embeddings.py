"""Embeddings: vectors that lend their memory, from answers of every form."""

from __future__ import annotations

import array
import asyncio
import base64
import copy
import json
import pickle
import struct
from collections.abc import Sequence
from typing import Any, Iterator

import pytest

import tramontane
from tramontane import Vector
from tramontane.testing import Sandbox

ASK: dict[str, Any] = {"model": "codestral-embed-2505", "input": ["the quick brown fox", "the quick brown dog", "else"]}


@pytest.fixture(scope="module")
def client() -> Iterator[tramontane.Client]:
    with Sandbox() as sandbox, tramontane.Client(api_key=sandbox.key, base_url=sandbox.url) as made:
        yield made


def cosine(one: Vector, other: Vector) -> float:
    return sum(a * b for a, b in zip(one, other))


def test_texts_become_vectors(client: tramontane.Client) -> None:
    reply = client.embeddings.create(**ASK)
    vectors = [entry.embedding for entry in reply.data]
    assert [entry.index for entry in reply.data] == [0, 1, 2] and {len(vector) for vector in vectors} == {1536}
    assert type(vectors[0]) is Vector and vectors[0].dtype == "float"
    assert cosine(vectors[0], vectors[0]) == pytest.approx(1, abs=1e-5)
    assert cosine(vectors[0], vectors[1]) > 0.5 > cosine(vectors[0], vectors[2])
    assert reply.usage.prompt_tokens > 0 and reply.usage.completion_tokens == 0
    assert reply.model == ASK["model"] and reply.request_id
    again = client.embeddings.create(model=ASK["model"], input=ASK["input"][0])
    assert again.data[0].embedding == vectors[0]


def test_base64_gives_the_same(client: tramontane.Client) -> None:
    numbers = client.embeddings.create(**ASK, output_dimension=64)
    packed = client.embeddings.create(**ASK, output_dimension=64, encoding_format="base64")
    assert numbers.data == packed.data
    assert packed.data[0].embedding.dtype == "float" and len(packed.data[0].embedding) == 64


@pytest.mark.parametrize("encoding", ["float", "base64"])
@pytest.mark.parametrize(
    ("dtype", "form", "length"), [("float", "f", 64), ("int8", "b", 64), ("uint8", "B", 64), ("binary", "b", 8), ("ubinary", "B", 8)]
)
def test_every_dtype(client: tramontane.Client, encoding: Any, dtype: Any, form: str, length: int) -> None:
    reply = client.embeddings.create(**ASK, output_dimension=64, output_dtype=dtype, encoding_format=encoding)
    vector = reply.data[1].embedding
    view = memoryview(vector)
    assert (vector.dtype, len(vector), view.format, view.readonly) == (dtype, length, form, True)
    assert view.tolist() == vector.tolist() == list(vector)
    if dtype == "ubinary":
        floats = client.embeddings.create(**ASK, output_dimension=64).data[1].embedding
        bits = [int(number) >> (7 - at) & 1 for number in vector for at in range(8)]
        assert bits == [int(number > 0) for number in floats]


def test_with_await(client: tramontane.Client) -> None:
    async def work(sandbox: Sandbox) -> Any:
        async with tramontane.AsyncClient(api_key=sandbox.key, base_url=sandbox.url) as other:
            return await other.embeddings.create(**ASK)

    with Sandbox() as sandbox:
        assert asyncio.run(work(sandbox)).data == client.embeddings.create(**ASK).data


def test_what_is_wrong_is_refused_here_and_there(client: tramontane.Client) -> None:
    with pytest.raises(tramontane.InvalidRequest) as refused:
        client.embeddings.create(model="mistral-embed", input=["a"] * 257, output_dimension=10)
    report = refused.value.report
    assert report and [finding.rule for finding in report.findings] == ["too_many_inputs", "output_dimension_unsupported"]
    with pytest.raises(tramontane.BadRequestError, match="Too many inputs in request") as said:
        client.embeddings.create(model="mistral-embed", input=["a"] * 257, checks="off")
    assert said.value.code == "3210"
    with pytest.raises(tramontane.InvalidRequest, match="Mistral calls it `output_dimension`"):
        client.embeddings.create(**ASK, dimensions=64)  # type: ignore[call-arg]
    assert client.embeddings.create(**ASK, output_dimension=64, pin=True).resolution


def body(embedding: Any) -> str:
    entry = {"object": "embedding", "embedding": embedding, "index": 0, "field_of_tomorrow": [1]}
    return json.dumps({"object": "list", "data": [entry], "model": "m", "usage": {"prompt_tokens": 1}, "more": {"a": None}})


def parsed(embedding: Any) -> Any:
    return tramontane.parse("mistral", "embeddings", 200, {}, body(embedding))


def test_what_is_unknown_around_a_vector_is_kept() -> None:
    reply = parsed([0.5, -0.25])
    assert reply["more"] == {"a": None} and reply.data[0]["field_of_tomorrow"] == [1]
    assert parsed(base64.b64encode(struct.pack("<2f", 0.5, -0.25)).decode()).data == reply.data
    assert parsed(None).data[0].embedding is None
    with pytest.raises(tramontane.ResponseDecodeError, match="no base64"):
        parsed("what?")


def test_a_vector_is_a_sequence() -> None:
    vector = Vector([0.5, -0.25, 1, 2])
    assert isinstance(vector, Sequence)
    assert (vector[0], vector[-1], vector[1:3].tolist(), vector[::-2].tolist()) == (0.5, 2.0, [-0.25, 1], [2, -0.25])
    equals: list[Any] = [Vector(vector), [0.5, -0.25, 1, 2], list(vector), (0.5, -0.25, 1, 2)]
    others: list[Any] = [[0.5], "text", Vector([1, 2], "int8")]
    assert all(vector == equal for equal in equals) and all(vector != other for other in others)
    assert 0.5 in vector and 3 not in vector and vector.index(1) == 2 and vector.count(2) == 1
    assert list(reversed(vector)) == [2, 1, -0.25, 0.5] and not Vector([]) and bool(vector)
    assert repr(vector) == "Vector([0.5, -0.25, 1, …], dtype=\"float\", len=4)"
    assert repr(Vector(b"\x80\x01", "int8")) == "Vector([-128, 1], dtype=\"int8\", len=2)"
    for wrong in (4, -5):
        with pytest.raises(IndexError, match="vector of 4"):
            vector[wrong]
    with pytest.raises(TypeError, match="int or a slice"):
        vector["a"]  # type: ignore[call-overload]
    with pytest.raises(TypeError, match="unhashable"):
        hash(vector)
    with pytest.raises(AttributeError):
        vector.dtype = "int8"  # type: ignore[misc]
    for data, dtype, message in [([128], "int8", "no `int8`"), (b"abc", "float", "no `float`"), ([1], "int4", "no dtype")]:
        with pytest.raises(ValueError, match=message):
            Vector(data, dtype)  # type: ignore[arg-type]


def test_a_vector_is_copied_and_pickled() -> None:
    reply = parsed([0.5, -0.25])
    for vector in (reply.data[0].embedding, Vector([1, -1], "binary")):
        for back in (pickle.loads(pickle.dumps(vector)), copy.deepcopy(vector), Vector(vector.tobytes(), vector.dtype)):
            assert back == vector and back.dtype == vector.dtype
    assert pickle.loads(pickle.dumps(reply)).data == reply.data
    assert json.loads(reply.to_json())["data"][0]["embedding"] == [0.5, -0.25]
    assert reply.model_dump()["data"][0]["embedding"] == [0.5, -0.25] and "Vector([0.5" in repr(reply)


def test_a_vector_lends_its_memory() -> None:
    vector = Vector(range(1000), "float")
    view = memoryview(vector)
    assert (view.format, view.shape, view.strides, view.nbytes, view.c_contiguous) == ("f", (1000,), (4,), 4000, True)
    assert array.array("f", vector.tobytes()).tolist() == vector.tolist()
    with pytest.raises(TypeError):
        view[0] = 1.0  # type: ignore[call-overload]
    with pytest.raises(TypeError, match="read-write"):
        struct.pack_into("f", vector, 0, 1.0)
    del vector
    assert view[999] == 999.0, "the view keeps the numbers"


def test_numpy_copies_nothing() -> None:
    numpy = pytest.importorskip("numpy", reason="numpy is not installed")
    vector = Vector([0.5, -0.25, 1, 2])
    first, second = numpy.asarray(vector), numpy.asarray(vector)
    assert first.dtype == numpy.float32 and first.shape == (4,) and not first.flags.writeable
    assert first.ctypes.data == second.ctypes.data, "both look at the same memory"
    assert numpy.asarray(Vector(b"\x80", "ubinary")).dtype == numpy.uint8
    assert float(first @ first) == 5.3125
