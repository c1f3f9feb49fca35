"""Files, batches and sound against the sandbox: from paths, bytes and file objects, and back."""

from __future__ import annotations

import asyncio
import base64
import io
import os
import pickle
from copy import deepcopy
from pathlib import Path
from typing import Any, Iterator

import pytest

import tramontane
from tramontane import AsyncClient, Client
from tramontane.testing import Sandbox


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def client(sandbox: Sandbox) -> Client:
    return Client(api_key=sandbox.key, base_url=sandbox.url)


class Once:
    """A file object that can only be read, and only from its start to its end."""

    def __init__(self, content: bytes) -> None:
        self._inner = io.BytesIO(content)

    def read(self, size: int = -1) -> bytes:
        return self._inner.read(size)


def test_a_file_goes_up_in_every_form_and_comes_back(client: Client, tmp_path: Path) -> None:
    content = os.urandom(1_500_000)
    path = tmp_path / "noise.bin"
    path.write_bytes(content)
    with path.open("rb") as opened:
        forms: list[Any] = [path, str(path), ("noise.bin", content), ("noise.bin", bytearray(content)), opened, ("noise.bin", Once(content))]
        for form in forms:
            file = client.files.upload(form, purpose="ocr", expiry=24)
            assert (file.bytes, file.filename, file.purpose) == (len(content), "noise.bin", "ocr")
            with client.files.download(file_id=file.id) as download:
                assert download.length == len(content)
                assert b"".join(download) == content
    copy = tmp_path / "copy"
    assert client.files.download(file_id=file.id).save(copy) == len(content)
    assert copy.read_bytes() == content and sorted(os.listdir(tmp_path)) == ["copy", "noise.bin"]
    assert client.files.delete(file_id=file.id).deleted
    with pytest.raises(tramontane.NotFoundError):
        client.files.retrieve(file_id=file.id)


def test_what_cannot_be_uploaded_says_why(client: Client, tmp_path: Path) -> None:
    for file, said in [
        (tmp_path / "nowhere.pdf", "there is no such file"),
        (tmp_path, "is no file that can be read to its end"),
        (("a.txt", io.StringIO("text")), "open it in binary mode"),
    ]:
        with pytest.raises(tramontane.InvalidRequest, match=said):
            client.files.upload(file, purpose="ocr")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="no name"):
        client.files.upload(b"bytes")
    with pytest.raises(TypeError, match="not int"):
        client.files.upload(7)  # type: ignore[arg-type]
    with pytest.raises(tramontane.UnprocessableEntityError, match="Invalid file format"):
        client.files.upload(("rows.jsonl", b"no json"), purpose="batch")


@pytest.mark.parametrize("seekable", [True, False])
def test_what_a_file_object_fails_with_is_the_cause(sandbox: Sandbox, client: Client, seekable: bool) -> None:
    class Broken(io.RawIOBase):
        def read(self, size: int = -1) -> bytes:
            raise RuntimeError("the disk is gone")

        def seekable(self) -> bool:
            return seekable

        def seek(self, offset: int, whence: int = 0) -> int:
            return 10 if whence == 2 else 0

    sound: Any = {"model": "voxtral-mini-2602", "file": ("a.mp3", Broken())}

    async def soon() -> None:
        waiting = AsyncClient(api_key=sandbox.key, base_url=sandbox.url)
        for call in (
            lambda: waiting.files.upload(("a.bin", Broken())),
            lambda: waiting.audio.transcriptions.create(**sound),
            lambda: waiting.audio.transcriptions.stream(**sound).final(),
        ):
            with pytest.raises(tramontane.InvalidRequest, match="the disk is gone") as caught:
                await call()
            assert isinstance(caught.value.__cause__, RuntimeError)

    for call in (
        lambda: client.files.upload(("a.bin", Broken())),
        lambda: client.audio.transcriptions.create(**sound),
        lambda: client.audio.transcriptions.stream(**sound),
    ):
        with pytest.raises(tramontane.InvalidRequest, match="the disk is gone") as caught:
            call()
        assert isinstance(caught.value.__cause__, RuntimeError)
    asyncio.run(soon())


def row(name: str, said: str | None) -> dict[str, Any]:
    messages = [] if said is None else [{"role": "user", "content": said}]
    return {"custom_id": name, "body": {"messages": messages}}


def test_a_batch_is_made_waited_for_and_read(client: Client) -> None:
    requests: Any = [row("a", "Hello"), row("b", None)]
    made = client.batch.create(endpoint="/v1/chat/completions", model="mistral-small-2603", requests=requests)
    seen: list[str] = []
    job = client.batch.wait(made, progress=lambda job: seen.append(job.status), interval=0.01)
    assert seen == ["QUEUED", "RUNNING", "SUCCESS"] and job.failed_requests == 1
    for source in (job, client.batch.get(job_id=job.id, inline=True)):
        rows = {row.custom_id: row for row in client.batch.results(source)}
        assert rows["a"].ok and rows["a"].unwrap().choices[0].message.content.endswith("You said: Hello")
        assert isinstance(rows["b"].error, tramontane.BadRequestError)
        # A batch has half the price.
        cost, usage = rows["a"].data.cost, rows["a"].data.usage
        assert cost.amount == sum(line.amount for line in cost.lines) > 0
        assert 0 <= 2 * cost.amount - (usage.prompt_tokens * 150 + usage.completion_tokens * 600) <= 2
        with pytest.raises(tramontane.BadRequestError, match="at least one message"):
            rows["b"].unwrap()
    cancelled = client.batch.create(endpoint="/v1/chat/completions", model="mistral-small-2603", requests=requests)
    assert client.batch.cancel(job_id=cancelled.id).status == "CANCELLATION_REQUESTED"
    assert client.batch.wait(cancelled, interval=0.01).status == "CANCELLED"
    with pytest.raises(tramontane.APITimeoutError, match="the job goes on"):
        client.batch.wait(
            client.batch.create(endpoint="/v1/chat/completions", model="mistral-small-2603", requests=requests), timeout=0.0
        )


def test_sound_is_written_down_and_spoken(client: Client) -> None:
    reply = client.audio.transcriptions.create(model="voxtral-mini-2602", file=("a.mp3", b"ID3"), timestamp_granularities=["segment"])
    assert reply.text.endswith("It was given 3 bytes of a.mp3.") and len(reply.segments) == 2
    with client.audio.transcriptions.stream(model="voxtral-mini-2602", file=("a.mp3", b"ID3")) as stream:
        kinds = {event["type"] for event in stream}
        final = stream.final()
    assert stream.text == final.text == reply.text
    assert kinds == {"transcription.language", "transcription.text.delta", "transcription.done"}
    spoken = client.audio.speech.create(model="voxtral-mini-tts-2603", input="Hello")
    with client.audio.speech.stream(model="voxtral-mini-tts-2603", input="Hello") as speech:
        pieces = b"".join(base64.b64decode(event["audio_data"]) for event in speech if event["type"] == "speech.audio.delta")
        assert speech.final().audio_data == spoken.audio_data
        # By the character, which the answer does not count.
        assert speech.final().cost.amount == spoken.cost.amount == pickle.loads(pickle.dumps(spoken)).cost.amount == 5 * 16_000
    assert pieces == base64.b64decode(spoken.audio_data) == spoken.audio == b"ID3Hello"
    assert "audio" not in spoken and deepcopy(spoken).audio == pickle.loads(pickle.dumps(spoken)).audio == b"ID3Hello"


def test_the_same_without_blocking(sandbox: Sandbox, tmp_path: Path) -> None:
    async def run() -> None:
        client = AsyncClient(api_key=sandbox.key, base_url=sandbox.url)
        file = await client.files.upload(("a.bin", Once(b"x" * 400_000)), purpose="ocr")
        async with client.files.download(file_id=file.id) as download:
            assert len(await download.read()) == 400_000
        assert await client.files.download(file_id=file.id).save(tmp_path / "copy") == 400_000
        requests: Any = [row("a", "Hello"), row("b", None)]
        made = await client.batch.create(endpoint="/v1/chat/completions", model="mistral-small-2603", requests=requests)
        job = await client.batch.wait(made, interval=0.01)
        assert [(row.custom_id, row.ok) async for row in client.batch.results(job)] == [("a", True), ("b", False)]
        async with client.audio.transcriptions.stream(model="voxtral-mini-2602", file_id=file.id) as stream:
            assert "400000 bytes" in (await stream.final()).text

    asyncio.run(run())
