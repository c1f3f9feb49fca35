"""The official `mistralai` SDK completes, streams and calls tools against the sandbox."""

from __future__ import annotations

import asyncio
import json

import pytest

mistralai = pytest.importorskip("mistralai.client", reason="the official SDK is not installed")

MODEL = "mistral-small-2603"
HELLO = [{"role": "user", "content": "Hello"}]
ANSWER = "This is the tramontane sandbox, not a model. You said: Hello"
WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "Says the weather.",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}


@pytest.fixture(scope="module")
def client(sandbox):
    with mistralai.Mistral(api_key=sandbox.key, server_url=sandbox.url) as client:
        yield client


def test_complete(client):
    reply = client.chat.complete(model=MODEL, messages=HELLO)
    assert reply.choices[0].message.content == ANSWER
    assert reply.choices[0].finish_reason == "stop"
    assert reply.usage.total_tokens == reply.usage.prompt_tokens + reply.usage.completion_tokens > 0


def test_complete_async(sandbox):
    async def ask():
        async with mistralai.Mistral(api_key=sandbox.key, server_url=sandbox.url) as client:
            return await client.chat.complete_async(model=MODEL, messages=HELLO)

    assert asyncio.run(ask()).choices[0].message.content == ANSWER


def test_stream(client):
    with client.chat.stream(model=MODEL, messages=HELLO) as events:
        chunks = [event.data for event in events]
    assert "".join(chunk.choices[0].delta.content for chunk in chunks) == ANSWER
    assert chunks[-1].choices[0].finish_reason == "stop" and chunks[-1].usage.total_tokens > 0


def test_fill_in_the_middle(client):
    code = {"model": "codestral-2508", "prompt": "def add(", "suffix": "return a + b"}
    reply = client.fim.complete(**code)
    text = reply.choices[0].message.content
    assert '"def add("' in text and '"return a + b"' in text
    with client.fim.stream(**code) as events:
        assert "".join(event.data.choices[0].delta.content for event in events) == text
    with pytest.raises(mistralai.errors.SDKError, match="Invalid model"):
        client.fim.complete(**{**code, "model": MODEL})


def test_tools_round_trip(client):
    messages = [{"role": "user", "content": "What is the weather in Paris?"}]
    reply = client.chat.complete(model=MODEL, messages=messages, tools=[WEATHER])
    call = reply.choices[0].message.tool_calls[0]
    assert reply.choices[0].finish_reason == "tool_calls" and call.function.name == "get_weather"
    assert json.loads(call.function.arguments) == {"city": "sandbox"}
    messages += [reply.choices[0].message, {"role": "tool", "tool_call_id": call.id, "name": "get_weather", "content": "sunny"}]
    reply = client.chat.complete(model=MODEL, messages=messages, tools=[WEATHER])
    assert reply.choices[0].message.content.endswith("The tool answered: sunny")


def test_streamed_tool_calls(client):
    with client.chat.stream(model=MODEL, messages=HELLO, tools=[WEATHER], tool_choice="any") as events:
        calls = [call for event in events for call in event.data.choices[0].delta.tool_calls or []]
    assert [call.function.name for call in calls] == ["get_weather"]


def test_parse_into_a_schema(client):
    from pydantic import BaseModel

    class Person(BaseModel):
        name: str
        age: int

    reply = client.chat.parse(Person, model=MODEL, messages=HELLO)
    assert reply.choices[0].message.parsed == Person(name="sandbox", age=1)


def test_models(client):
    listed = {card.id: card for card in client.models.list().data}
    assert listed["mistral-small-latest"].name == MODEL
    assert client.models.retrieve(model_id=MODEL).capabilities.function_calling


def test_only_fine_tuned_models_are_deleted(client):
    name = "ft:open-mistral-7b:a b/c:2025"
    gone = client.models.delete(model_id=name)
    assert (gone.id, gone.deleted) == (name, True)
    with pytest.raises(mistralai.errors.MistralError, match="was not found") as caught:
        client.models.delete(model_id=MODEL)
    assert caught.value.status_code == 404


@pytest.mark.parametrize(
    ("fields", "status", "says"),
    [
        ({"model": "no-such-model", "messages": HELLO}, 400, "Invalid model"),
        ({"model": MODEL, "messages": [*HELLO, {"role": "assistant", "content": "Hi"}]}, 400, "Expected last role"),
        ({"model": MODEL, "messages": HELLO, "temperature": 9}, 422, "1.5"),
    ],
)
def test_refusals_read_as_the_api_s_own(client, fields, status, says):
    with pytest.raises(Exception) as caught:
        client.chat.complete(**fields)
    assert caught.value.status_code == status
    assert says in (getattr(caught.value, "body", "") or str(caught.value))


def test_a_wrong_key_is_refused(sandbox):
    with mistralai.Mistral(api_key="another", server_url=sandbox.url) as client, pytest.raises(Exception) as caught:
        client.chat.complete(model=MODEL, messages=HELLO)
    assert caught.value.status_code == 401


def test_embeddings(client):
    ask = {"model": "codestral-embed", "inputs": ["the quick brown fox", "another"]}
    reply = client.embeddings.create(**ask, output_dimension=64)
    assert [(entry.index, len(entry.embedding)) for entry in reply.data] == [(0, 64), (1, 64)]
    assert sum(number * number for number in reply.data[0].embedding) == pytest.approx(1, abs=1e-5)
    assert reply.usage.prompt_tokens > 0 and reply.model == ask["model"]
    packed = client.embeddings.create(**ask, output_dimension=64, output_dtype="ubinary")
    assert [len(entry.embedding) for entry in packed.data] == [8, 8]
    with pytest.raises(mistralai.errors.SDKError, match="Too many inputs"):
        client.embeddings.create(model="mistral-embed", inputs=["a"] * 257)
    with pytest.raises(mistralai.errors.SDKError, match="does not support output_dimension"):
        client.embeddings.create(model="mistral-embed", inputs="a", output_dimension=64)
