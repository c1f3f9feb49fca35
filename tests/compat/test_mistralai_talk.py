"""The official `mistralai` SDK reads documents and holds conversations against the sandbox."""

from __future__ import annotations

import asyncio

import pytest

mistralai = pytest.importorskip("mistralai.client", reason="the official SDK is not installed")

MODEL = "mistral-small-2603"
DOCUMENT = {"type": "document_url", "document_url": "https://example.com/a.pdf"}
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


def test_ocr(client):
    read = client.ocr.process(model="mistral-ocr-latest", document=DOCUMENT, pages="0,2", include_image_base64=True)
    assert [page.index for page in read.pages] == [0, 2]
    assert "https://example.com/a.pdf" in read.pages[0].markdown
    assert read.pages[0].images[0].image_base64.startswith("data:image/")
    assert read.pages[0].blocks[0].type == "title" and read.usage_info.pages_processed == 2


def test_ocr_annotations(client):
    schema = {"name": "doc", "schema": {"type": "object", "properties": {"title": {"type": "string"}}}}
    read = client.ocr.process(
        model="mistral-ocr-latest",
        document={"type": "image_url", "image_url": "https://example.com/a.png"},
        document_annotation_format={"type": "json_schema", "json_schema": schema},
        document_annotation_prompt="The title.",
        bbox_annotation_format={"type": "json_schema", "json_schema": schema},
        table_format="html",
        confidence_scores_granularity="word",
    )
    assert read.document_annotation == '{"title":"sandbox"}'
    assert read.pages[0].images[0].image_annotation == '{"title":"sandbox"}'
    assert read.pages[0].tables[0].format_ == "html"
    assert read.pages[0].confidence_scores.word_confidence_scores[0].text == "This"


@pytest.mark.parametrize(
    ("fields", "status"),
    [({"model": MODEL}, 400), ({"image_limit": -1}, 422), ({"pages": "all"}, 400), ({"document_annotation_prompt": "x"}, 400)],
)
def test_ocr_refusals(client, fields, status):
    with pytest.raises(mistralai.errors.MistralError) as caught:
        client.ocr.process(**{"model": "mistral-ocr-latest", "document": DOCUMENT, **fields})
    assert caught.value.status_code == status


def test_a_conversation_from_beginning_to_end(client):
    conversations = client.beta.conversations
    first = conversations.start(model=MODEL, inputs="Hello", name="n", metadata={"k": "v"}, instructions="Be terse.")
    assert first.outputs[0].content.endswith("You said: Hello") and first.usage.total_tokens > 0
    second = conversations.append(conversation_id=first.conversation_id, inputs=[{"role": "user", "content": "More"}])
    assert second.conversation_id == first.conversation_id and second.outputs[0].content.endswith("You said: More")
    history = conversations.get_history(conversation_id=first.conversation_id)
    assert [entry.type for entry in history.entries] == ["message.input", "message.output"] * 2
    messages = conversations.get_messages(conversation_id=first.conversation_id).messages
    assert [message.role for message in messages] == ["user", "assistant"] * 2
    again = conversations.restart(conversation_id=first.conversation_id, from_entry_id=messages[1].id, inputs="Again")
    assert again.conversation_id != first.conversation_id
    assert len(conversations.get_history(conversation_id=again.conversation_id).entries) == 4
    got = conversations.get(conversation_id=first.conversation_id)
    assert (got.id, got.model, got.name, got.metadata) == (first.conversation_id, MODEL, "n", {"k": "v"})
    assert first.conversation_id in {one.id for one in conversations.list(metadata={"k": "v"})}
    assert conversations.list(page=1, page_size=1000) == []
    conversations.delete(conversation_id=first.conversation_id)
    with pytest.raises(mistralai.errors.MistralError) as caught:
        conversations.get(conversation_id=first.conversation_id)
    assert caught.value.status_code == 404


def test_streams_have_named_events(client):
    conversations = client.beta.conversations

    def read(events):
        with events as stream:
            events = list(stream)
        assert [events[0].event, events[-1].event] == ["conversation.response.started", "conversation.response.done"]
        assert events[-1].data.usage.total_tokens > 0
        text = "".join(event.data.content for event in events if event.event == "message.output.delta")
        return events[0].data.conversation_id, text

    first, text = read(conversations.start_stream(model=MODEL, inputs="Hello"))
    assert text.endswith("You said: Hello")
    assert read(conversations.append_stream(conversation_id=first, inputs="More"))[1].endswith("You said: More")
    entry = conversations.get_messages(conversation_id=first).messages[0].id
    assert read(conversations.restart_stream(conversation_id=first, from_entry_id=entry, inputs="Again"))[0] != first


def test_functions_are_called_and_answered(client):
    conversations = client.beta.conversations
    asked = conversations.start(model=MODEL, inputs="What is the weather?", tools=[WEATHER])
    call = asked.outputs[0]
    assert (call.type, call.name, call.arguments) == ("function.call", "get_weather", '{"city":"sandbox"}')
    result = {"type": "function.result", "tool_call_id": call.tool_call_id, "result": "sunny"}
    answered = conversations.append(conversation_id=asked.conversation_id, inputs=[result])
    assert answered.outputs[0].content.endswith("The tool answered: sunny")
    with pytest.raises(mistralai.errors.MistralError, match="Unexpected tool call id"):
        conversations.append(conversation_id=asked.conversation_id, inputs=[{**result, "tool_call_id": "another01"}])


def test_the_provider_s_own_tools(client):
    tools = [
        {"type": "web_search"},
        {"type": "code_interpreter"},
        {"type": "image_generation"},
        {"type": "document_library", "library_ids": ["lib_1"]},
    ]
    reply = client.beta.conversations.start(model=MODEL, inputs="Search, run code, draw an image, ask the library", tools=tools)
    ran = [entry.name for entry in reply.outputs if entry.type == "tool.execution"]
    assert ran == ["web_search", "code_interpreter", "image_generation", "document_library"]
    assert reply.usage.connectors == dict.fromkeys(ran, 1)
    with client.beta.conversations.start_stream(model=MODEL, inputs="Search!", tools=[{"type": "web_search_premium"}]) as stream:
        names = [event.event for event in stream]
    assert names[1:3] == ["tool.execution.started", "tool.execution.done"]


def test_a_connector_that_asks_before_it_acts(client):
    connector = {
        "type": "connector",
        "connector_id": "my_deepwiki",
        "authorization": {"type": "oauth2-token", "value": "tok"},
        "tool_configuration": {"include": ["ask_question"], "requires_confirmation": ["ask_question"]},
    }
    conversations = client.beta.conversations
    asked = conversations.start(model=MODEL, inputs="Ask the connector", tools=[connector])
    call = asked.outputs[0]
    assert (call.name, call.confirmation_status) == ("ask_question", "pending")
    confirmed = conversations.append(
        conversation_id=asked.conversation_id,
        tool_confirmations=[{"tool_call_id": call.tool_call_id, "confirmation": "allow"}],
    )
    assert [entry.type for entry in confirmed.outputs] == ["tool.execution", "message.output"]


def test_an_agent_hands_over(client):
    reply = client.beta.conversations.start(agent_id="ag_1", agent_version=2, inputs="Please do a handoff")
    assert [entry.type for entry in reply.outputs] == ["agent.handoff", "message.output"]
    assert reply.outputs[0].previous_agent_id == "ag_1" and reply.outputs[1].agent_id == "ag_sandbox"


def test_what_is_not_stored_is_gone(client):
    reply = client.beta.conversations.start(model=MODEL, inputs="Hello", store=False)
    with pytest.raises(mistralai.errors.MistralError) as caught:
        client.beta.conversations.append(conversation_id=reply.conversation_id, inputs="More")
    assert caught.value.status_code == 404


def test_async(sandbox):
    async def ask():
        async with mistralai.Mistral(api_key=sandbox.key, server_url=sandbox.url) as client:
            read = await client.ocr.process_async(model="mistral-ocr-latest", document=DOCUMENT)
            reply = await client.beta.conversations.start_async(model=MODEL, inputs="Hello")
            stream = await client.beta.conversations.append_stream_async(conversation_id=reply.conversation_id, inputs="More")
            async with stream as events:
                return read, [event.event async for event in events]

    read, names = asyncio.run(ask())
    assert len(read.pages) == 3 and names[-1] == "conversation.response.done"
