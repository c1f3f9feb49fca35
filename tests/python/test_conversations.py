"""Documents that are read and conversations that are held, through the clients, against the sandbox."""

from __future__ import annotations

import asyncio
import pickle
from typing import Any, Iterator

import pytest
import tramontane
from tramontane.testing import Sandbox

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
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


@pytest.fixture(scope="module")
def client(sandbox: Any) -> Iterator[Any]:
    with sandbox.client() as client:
        yield client


def test_a_document_is_read(client: Any) -> None:
    read = client.ocr.process(model="mistral-ocr-latest", document=DOCUMENT, pages="0,2")
    assert [page.index for page in read.pages] == [0, 2]
    assert read.markdown.startswith("# Page 0") and "# Page 2" in read.markdown
    assert (read.pages[0].blocks[0].type, read.pages[0].dimensions.dpi) == ("title", 200)
    assert read.usage_info.pages_processed == 2 and read.request_id
    assert read.cost.amount == 2 * 4_000_000
    schema = {"type": "object", "properties": {"title": {"type": "string"}}}
    annotation: Any = {"type": "json_schema", "json_schema": {"name": "about", "schema": schema}}
    annotated = client.ocr.process(
        model="mistral-ocr-4-1", document=DOCUMENT, pages=[0], bbox_annotation_format=annotation
    )
    assert annotated.cost.amount == 5_000_000


def test_what_is_wrong_with_a_document_is_said_before_anything_is_sent(client: Any) -> None:
    with pytest.raises(tramontane.InvalidRequest) as caught:
        client.ocr.process(model=MODEL, document={"document_url": "a.pdf"}, pages="last", document_annotation_prompt="x")
    assert caught.value.report is not None
    found = {finding.rule for finding in caught.value.report.findings}
    assert found >= {"not_an_ocr_model", "document_form", "ocr_pages", "annotation_prompt"}


def test_a_conversation_from_beginning_to_end(client: Any) -> None:
    first = client.conversations.start(model=MODEL, inputs="Hello", metadata={"mood": "calm"})
    id = first.conversation_id
    assert first.text.endswith("You said: Hello") and first.usage.total_tokens > 0 and first.function_calls == []
    assert client.conversations.append(conversation_id=id, inputs="More").text.endswith("You said: More")
    history = client.conversations.history(conversation_id=id)
    assert [type(entry).__name__ for entry in history.entries] == ["MessageInputEntry", "MessageOutputEntry"] * 2
    again = client.conversations.restart(conversation_id=id, from_entry_id=history.entries[1].id, inputs="Again")
    assert again.conversation_id != id
    assert len(client.conversations.messages(conversation_id=again.conversation_id).messages) == 4
    assert client.conversations.get(conversation_id=id).model == MODEL
    listed = client.conversations.list(metadata={"mood": "calm"}, page_size=5).data
    assert {one.id for one in listed} == {id, again.conversation_id}
    assert {one.id for one in client.conversations.list(metadata={"mood": "calm"}, page_size=1)} == {id, again.conversation_id}
    assert client.conversations.delete(conversation_id=id) is None
    with pytest.raises(tramontane.NotFoundError, match="was not found"):
        client.conversations.get(conversation_id=id)


def test_entries_of_an_answer_go_back_in_as_they_came(client: Any) -> None:
    first = client.conversations.start(model=MODEL, inputs="Hello")
    inputs = [{"role": "user", "content": "Hello"}, *first.outputs, {"role": "user", "content": "And now?"}]
    assert client.conversations.start(model=MODEL, inputs=inputs).text.endswith("You said: And now?")


def test_a_stream_gives_text_events_and_the_whole_answer(client: Any) -> None:
    with client.conversations.start_stream(model=MODEL, inputs="Search for winds", tools=[{"type": "web_search"}]) as stream:
        events = list(stream)
        final = stream.final()
    kinds = [event.type for event in events]
    assert [kinds[0], *kinds[1:3], kinds[-1]] == [
        "conversation.response.started",
        "tool.execution.started",
        "tool.execution.done",
        "conversation.response.done",
    ]
    assert type(events[1].data).__name__ == "ToolExecutionStartedEvent" and events[1].name == "web_search"
    assert stream.text == final.text == "".join(event.text for event in events)
    assert final.usage.connectors == {"web_search": 1} and final.conversation_id == events[0].conversation_id
    assert stream.partial == final and isinstance(final, tramontane.ConversationResponse)
    assert pickle.loads(pickle.dumps(events[1])).type == "tool.execution.started"


def test_a_stream_can_be_left(client: Any) -> None:
    with client.conversations.start_stream(model=MODEL, inputs="Hello") as stream:
        next(stream)
        stream.close()
        assert stream.partial.conversation_id


def test_functions_and_confirmations(client: Any) -> None:
    connector = {
        "type": "connector",
        "connector_id": "my_deepwiki",
        "tool_configuration": {"requires_confirmation": ["ask_question"]},
    }
    asked = client.conversations.start(model=MODEL, inputs="What is the weather?", tools=[WEATHER, connector])
    (call,) = asked.function_calls
    assert (call.name, call.arguments) == ("get_weather", '{"city":"sandbox"}')
    result = {"type": "function.result", "tool_call_id": call.tool_call_id, "result": "sunny"}
    assert client.conversations.append(conversation_id=asked.conversation_id, inputs=[result]).text.endswith("sunny")
    waiting = client.conversations.append(conversation_id=asked.conversation_id, inputs="Ask the connector")
    (call,) = waiting.function_calls
    assert call.confirmation_status == "pending"
    allowed = [{"tool_call_id": call.tool_call_id, "confirmation": "allow"}]
    ran = client.conversations.append(conversation_id=asked.conversation_id, tool_confirmations=allowed)
    assert ran.outputs[0].type == "tool.execution"


def test_async(sandbox: Any) -> None:
    async def talk() -> Any:
        async with sandbox.async_client() as client:
            read = await client.ocr.process(model="mistral-ocr-latest", document=DOCUMENT)
            first = await client.conversations.start(model=MODEL, inputs="Hello")
            async with client.conversations.append_stream(conversation_id=first.conversation_id, inputs="More") as stream:
                texts = [event.text async for event in stream]
                final = await stream.final()
            messages = await client.conversations.messages(conversation_id=first.conversation_id)
            await client.conversations.delete(conversation_id=first.conversation_id)
            return read, "".join(texts), final, messages

    read, text, final, messages = asyncio.run(talk())
    assert len(read.pages) == 3 and text == final.text and len(messages.messages) == 4


def test_a_wrong_form_reads_as_conversations_say_it(client: Any) -> None:
    with pytest.raises(tramontane.UnprocessableEntityError) as caught:
        client.conversations.start(model=MODEL, inputs="Hi", completion_args={"temperature": 9}, checks="off")
    assert caught.value.status == 422 and caught.value.code == "3001"
