"""Mistral's own SDK against the sandbox: files, batches, sound."""

from __future__ import annotations

from base64 import b64decode
from typing import Any, Iterator

import pytest

mistralai = pytest.importorskip("mistralai.client", reason="the official SDK is not installed")


@pytest.fixture(scope="module")
def mistral(sandbox: Any) -> Iterator[Any]:
    with mistralai.Mistral(api_key=sandbox.key, server_url=sandbox.url) as mistral:
        yield mistral


def test_files(mistral: Any) -> None:
    made = mistral.files.upload(file={"file_name": "a.pdf", "content": b"%PDF-1.7", "content_type": "application/pdf"}, purpose="ocr", expiry=24)
    assert (made.size_bytes, made.filename, made.purpose) == (8, "a.pdf", "ocr")
    assert mistral.files.retrieve(file_id=made.id).id == made.id
    assert mistral.files.list(purpose="ocr").total == 1
    assert mistral.files.download(file_id=made.id).read() == b"%PDF-1.7"
    assert mistral.files.get_signed_url(file_id=made.id, expiry=2).url.endswith(made.id)
    assert mistral.files.delete(file_id=made.id).deleted
    with pytest.raises(Exception) as refused:
        mistral.files.retrieve(file_id=made.id)
    assert "404" in str(refused.value)


def test_batches(mistral: Any) -> None:
    requests = [{"custom_id": "0", "body": {"messages": [{"role": "user", "content": "Hi"}]}}, {"custom_id": "1", "body": {"messages": []}}]
    job = mistral.batch.jobs.create(endpoint="/v1/chat/completions", model="mistral-small-2603", requests=requests)
    for _ in range(5):
        job = mistral.batch.jobs.get(job_id=job.id)
    assert (job.status, job.succeeded_requests, job.failed_requests) == ("SUCCESS", 1, 1)
    assert b"You said: Hi" in mistral.files.download(file_id=job.output_file).read()
    assert b"at least one message" in mistral.files.download(file_id=job.error_file).read()
    assert len(mistral.batch.jobs.list().data) == 1
    other = mistral.batch.jobs.create(endpoint="/v1/chat/completions", model="mistral-small-2603", requests=requests)
    assert mistral.batch.jobs.cancel(job_id=other.id).status == "CANCELLATION_REQUESTED"
    assert mistral.batch.jobs.get(job_id=other.id).status == "CANCELLED"
    assert mistral.batch.jobs.delete(job_id=other.id).deleted
    assert [kept.id for kept in mistral.batch.jobs.list().data] == [job.id]


def test_sound(mistral: Any) -> None:
    file = {"file_name": "a.mp3", "content": b"ID3"}
    heard = mistral.audio.transcriptions.complete(model="voxtral-mini-2602", file=file, timestamp_granularities=["segment"])
    assert heard.text.endswith("3 bytes of a.mp3.") and len(heard.segments) == 2
    events = list(mistral.audio.transcriptions.stream(model="voxtral-mini-2602", file=file))
    assert events[-1].data.text == heard.text
    speech = mistral.audio.speech
    spoken = b64decode(speech.complete(model="voxtral-mini-tts-2603", input="Hello").audio_data)
    assert spoken.startswith(b"ID3")
    with speech.complete(model="voxtral-mini-tts-2603", input="Hello", stream=True) as events:
        said = [event.data for event in events]
    assert b"".join(b64decode(event.audio_data) for event in said if event.type == "speech.audio.delta") == spoken
    assert said[-1].usage.total_tokens > 0
