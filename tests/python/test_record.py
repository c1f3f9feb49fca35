"""Records: dicts with attributes."""

from __future__ import annotations

import copy
import json
import pickle
from typing import Any

import pytest
from loopback import ANSWER

import tramontane


def parsed(**fields: Any) -> tramontane.ChatCompletion:
    headers = {"content-type": "application/json", "mistral-correlation-id": "r-1", "x-ratelimit-remaining-req-minute": "59"}
    reply: tramontane.ChatCompletion = tramontane.parse("mistral", "chat", 200, headers, json.dumps({**ANSWER, **fields}))
    return reply


def test_attributes_and_keys_give_the_same_children() -> None:
    reply = parsed()
    assert reply.choices[0].message.content == "A wind."
    assert reply["choices"][0]["message"]["content"] == "A wind."
    assert reply.choices is reply["choices"]
    assert reply.choices[0] is reply["choices"][0]
    assert reply.get("usage") is reply.usage
    assert isinstance(reply, tramontane.ChatCompletion)
    assert isinstance(reply, dict)
    assert isinstance(reply.choices[0].message, tramontane.AssistantMessage)


def test_a_reply_says_what_one_asks_first() -> None:
    reply = parsed()
    assert reply.text == "A wind."
    assert reply.tool_calls == []
    assert reply.usage.total_tokens == 8
    assert reply.request_id == "r-1"
    assert reply.rate_limit["remaining-req-minute"] == 59
    assert reply.warnings == []
    assert reply.resolution is None
    assert reply.attempts == 0


def test_text_skips_thinking_and_tool_calls_are_records() -> None:
    message = {
        "role": "assistant",
        "content": [
            {"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]},
            {"type": "text", "text": "A "},
            {"type": "text", "text": "wind."},
            {"type": "hologram", "beam": 1},
        ],
        "tool_calls": [{"id": "aB3dE5gH7", "type": "function", "function": {"name": "f", "arguments": "{}"}}],
    }
    reply = parsed(choices=[{"index": 0, "message": message, "finish_reason": "tool_calls"}])
    assert reply.text == "A wind."
    assert reply.tool_calls[0].function.name == "f"
    content: Any = reply.choices[0].message.content
    assert content[3].beam == 1


def test_a_known_field_may_be_absent_and_an_unknown_one_is_an_error_with_a_suggestion() -> None:
    reply = parsed()
    assert reply.choices[0].message.prefix is None
    assert reply.a_field_of_tomorrow.kept is True  # type: ignore[attr-defined]
    with pytest.raises(AttributeError, match="ChatCompletion has no field `choicez`; did you mean `choices`?"):
        reply.choicez  # type: ignore[attr-defined]
    assert not hasattr(reply, "_ipython_display_")
    with pytest.raises(KeyError):
        reply["nothing"]


def test_a_record_is_its_data() -> None:
    reply = parsed()
    reply.choices[0].message.content
    assert reply == ANSWER
    assert reply.model_dump() == ANSWER
    assert type(reply.model_dump()["choices"][0]) is dict
    assert json.loads(reply.model_dump_json()) == ANSWER
    assert json.loads(json.dumps(reply)) == ANSWER
    assert reply.to_dict() is not reply
    assert "tool_calls" not in reply.model_dump(exclude_none=True)["choices"][0]["message"]
    assert "index" in dir(reply.choices[0])


def test_pickling_and_copying_keep_type_and_surroundings() -> None:
    reply = parsed()
    for again in (pickle.loads(pickle.dumps(reply)), copy.copy(reply), copy.deepcopy(reply), reply.copy()):
        assert type(again) is tramontane.ChatCompletion
        assert again == reply
        assert again.request_id == "r-1"
        assert again.choices[0].message.content == "A wind."
    deep = copy.deepcopy(reply)
    deep.choices[0].message.content = "Another."
    assert reply.text == "A wind."


def test_repr_is_short() -> None:
    message = {"role": "assistant", "content": "x" * 100_000}
    reply = parsed(choices=[{"index": i, "message": message, "finish_reason": "stop"} for i in range(50)])
    shown = repr(reply)
    assert len(shown) < 4000
    assert "ChatCompletion(id='cmpl-1'" in shown
    assert "100000 characters" in shown
    assert "… 44 more" in shown


def test_setting_and_deleting() -> None:
    reply = parsed()
    reply.model = "other"
    assert reply["model"] == "other"
    del reply.model
    assert "model" not in reply and reply.model is None
    with pytest.raises(AttributeError):
        del reply.model


def test_an_event_is_frozen_and_reads_like_its_chunk() -> None:
    decoder = tramontane.Decoder("mistral")
    event = decoder.push(
        b'data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":'
        b'[{"index":0,"delta":{"content":"Hi"},"finish_reason":null}]}\n\n'
    )[0]
    assert event.text == "Hi"
    assert event.finish_reason is None
    assert event.choices[0].delta.content == "Hi"
    assert event["choices"][0]["index"] == 0
    assert event.usage is None
    assert isinstance(event.data, tramontane.ChatCompletionChunk)
    with pytest.raises(AttributeError):
        event.text = "Ho"  # type: ignore[misc]
    again = pickle.loads(pickle.dumps(event))
    assert again == event and hash(again) == hash(event)
    assert "Hi" in repr(event)
