"""The official `mistralai` SDK moderates, classifies and asks agents against the sandbox."""

from __future__ import annotations

import asyncio

import pytest

mistralai = pytest.importorskip("mistralai.client", reason="the official SDK is not installed")

MODERATION = "mistral-moderation-2603"
CLASSIFIER = "ft:classifier:ministral-3b-latest:8e2706f0:20251104:a0b1c2d3"
HELLO = [{"role": "user", "content": "Hello"}]
ANSWER = "This is the tramontane sandbox, not a model. You said: Hello"
WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}


@pytest.fixture(scope="module")
def client(sandbox):
    with mistralai.Mistral(api_key=sandbox.key, server_url=sandbox.url) as client:
        yield client


def met(result):
    return [category for category, met in result.categories.items() if met]


def test_moderation_of_texts(client):
    found = client.classifiers.moderate(model=MODERATION, inputs=["It is about health.", "A wind."], metadata={"k": "v"})
    assert found.id and found.model == MODERATION
    assert [met(result) for result in found.results] == [["health"], []]
    assert found.results[0].category_scores["health"] > 0.5 > found.results[0].category_scores["law"]
    assert [met(result) for result in client.classifiers.moderate(model=MODERATION, inputs="pii").results] == [["pii"]]


def test_moderation_of_conversations(client):
    talk = [*HELLO, {"role": "assistant", "content": "Ask a doctor of law."}]
    one = client.classifiers.moderate_chat(model=MODERATION, inputs=talk)
    assert [met(result) for result in one.results] == [["law"]]
    several = client.classifiers.moderate_chat(model=MODERATION, inputs=[HELLO, talk])
    assert [met(result) for result in several.results] == [[], ["law"]]


def test_classification(client):
    found = client.classifiers.classify(model=CLASSIFIER, inputs=["a", "long " * 20])
    likeliest = [max(result["length"].scores, key=result["length"].scores.get) for result in found.results]
    assert (found.model, likeliest) == (CLASSIFIER, ["short", "long"])
    one = client.classifiers.classify_chat(model=CLASSIFIER, input={"messages": HELLO})
    assert [set(result["length"].scores) for result in one.results] == [{"short", "long"}]
    assert len(client.classifiers.classify_chat(model=CLASSIFIER, input=[{"messages": HELLO}, {"messages": HELLO}]).results) == 2


@pytest.mark.parametrize(
    ("method", "fields", "status"),
    [
        ("moderate", {"model": "no-such-model", "inputs": "a"}, 400),
        ("moderate_chat", {"model": "no-such-model", "inputs": HELLO}, 400),
        ("classify", {"model": "no-such-model", "inputs": "a"}, 400),
        ("classify_chat", {"model": "no-such-model", "input": {"messages": HELLO}}, 400),
    ],
)
def test_refusals_of_classifiers(client, method, fields, status):
    with pytest.raises(mistralai.errors.MistralError, match="Invalid model") as caught:
        getattr(client.classifiers, method)(**fields)
    assert caught.value.status_code == status


def test_an_agent_answers(client):
    reply = client.agents.complete(agent_id="ag_1", messages=HELLO)
    assert reply.choices[0].message.content == ANSWER and reply.model
    assert reply.usage.total_tokens == reply.usage.prompt_tokens + reply.usage.completion_tokens > 0
    with client.agents.stream(agent_id="ag_1", messages=HELLO) as events:
        chunks = [event.data for event in events]
    assert "".join(chunk.choices[0].delta.content for chunk in chunks) == ANSWER
    assert chunks[-1].choices[0].finish_reason == "stop" and chunks[-1].usage.total_tokens > 0


def test_an_agent_calls_a_tool(client):
    messages = [{"role": "user", "content": "What is the weather in Paris?"}]
    reply = client.agents.complete(agent_id="ag_1", messages=messages, tools=[WEATHER])
    call = reply.choices[0].message.tool_calls[0]
    assert (reply.choices[0].finish_reason, call.function.name) == ("tool_calls", "get_weather")
    messages += [reply.choices[0].message, {"role": "tool", "tool_call_id": call.id, "name": "get_weather", "content": "sunny"}]
    reply = client.agents.complete(agent_id="ag_1", messages=messages, tools=[WEATHER])
    assert reply.choices[0].message.content.endswith("The tool answered: sunny")


def test_refusals_of_agents(client):
    last = [*HELLO, {"role": "assistant", "content": "Hi"}]
    with pytest.raises(mistralai.errors.MistralError, match="Expected last role") as caught:
        client.agents.complete(agent_id="ag_1", messages=last)
    assert caught.value.status_code == 400
    with pytest.raises(mistralai.errors.MistralError) as caught:
        client.agents.complete(agent_id="ag_1", messages=HELLO, presence_penalty=9)
    assert caught.value.status_code == 422


def test_async(sandbox):
    async def ask():
        async with mistralai.Mistral(api_key=sandbox.key, server_url=sandbox.url) as client:
            judged = await client.classifiers.moderate_async(model=MODERATION, inputs="financial")
            sorted_ = await client.classifiers.classify_async(model=CLASSIFIER, inputs="a")
            stream = await client.agents.stream_async(agent_id="ag_1", messages=HELLO)
            async with stream as events:
                return judged, sorted_, [event.data.choices[0].delta.content async for event in events]

    judged, sorted_, pieces = asyncio.run(ask())
    assert met(judged.results[0]) == ["financial"] and len(sorted_.results) == 1 and "".join(pieces) == ANSWER
