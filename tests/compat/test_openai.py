"""The official `openai` SDK, pointed at the sandbox as people point it at Mistral."""

from __future__ import annotations

import json

import pytest

openai = pytest.importorskip("openai", reason="the official SDK is not installed")

MODEL = "mistral-small-2603"
HELLO = [{"role": "user", "content": "Hello"}]
WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}


@pytest.fixture(scope="module")
def client(sandbox):
    with openai.OpenAI(api_key=sandbox.key, base_url=sandbox.url + "/v1", max_retries=0) as client:
        yield client


def test_complete(client):
    reply = client.chat.completions.create(model=MODEL, messages=HELLO)
    assert reply.choices[0].message.content.endswith("You said: Hello")
    assert reply.usage.total_tokens > 0


def test_stream(client):
    chunks = list(client.chat.completions.create(model=MODEL, messages=HELLO, stream=True))
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks).endswith("You said: Hello")
    assert chunks[-1].choices[0].finish_reason == "stop"


def test_tools(client):
    reply = client.chat.completions.create(model=MODEL, messages=HELLO, tools=[WEATHER], tool_choice="required")
    call = reply.choices[0].message.tool_calls[0]
    assert json.loads(call.function.arguments) == {"city": "sandbox"}


def test_raw_headers_carry_the_limits(client):
    raw = client.chat.completions.with_raw_response.create(model=MODEL, messages=HELLO)
    assert int(raw.headers["x-ratelimit-remaining-req-minute"]) > 0
    assert raw.headers["mistral-correlation-id"]


def test_models(client):
    assert MODEL in {model.id for model in client.models.list()}
    assert client.models.retrieve(MODEL).id == MODEL


def test_what_mistral_does_not_know_is_refused(client):
    with pytest.raises(openai.UnprocessableEntityError) as caught:
        client.chat.completions.create(model=MODEL, messages=HELLO, seed=1)
    assert "seed" in json.dumps(caught.value.response.json())


def test_a_missing_key_is_refused(sandbox):
    with openai.OpenAI(api_key="another", base_url=sandbox.url + "/v1", max_retries=0) as client:
        with pytest.raises(openai.AuthenticationError):
            client.models.list()


def test_embeddings(client):
    texts = ["the quick brown fox", "another"]
    # On its own the SDK asks for base64.
    packed = client.embeddings.create(model="mistral-embed", input=texts)
    numbers = client.embeddings.create(model="mistral-embed", input=texts, encoding_format="float")
    assert [len(entry.embedding) for entry in packed.data] == [1024, 1024] and packed.usage.prompt_tokens > 0
    assert [entry.embedding for entry in packed.data] == [pytest.approx(entry.embedding, abs=1e-7) for entry in numbers.data]
    with pytest.raises(openai.UnprocessableEntityError) as caught:
        client.embeddings.create(model="codestral-embed", input=texts, dimensions=64)
    assert "dimensions" in json.dumps(caught.value.response.json())
