"""Every operation of the table, through our client, against Prism: it accepts each request, and its example answers parse.

Prism validates requests against the provider's own OpenAPI document and answers with examples made from it. An operation
without a case here fails the test.
"""

from __future__ import annotations

import tomllib
import warnings
from pathlib import Path
from typing import Any

import prism
import pytest
import tramontane

ROWS = tomllib.loads((prism.ROOT / "core" / "data" / "operations.toml").read_text())["operation"]
# The call of anything stands for no path of the document.
OPERATIONS = [row for row in ROWS if row["http"] != "any"]

CHAT = "mistral-small-2603"
MESSAGES = [{"role": "user", "content": "Hello"}]
FILE = "497f6eca-6276-4993-bfeb-53cbbbba6f08"
TOOL = {
    "type": "function",
    "function": {"name": "get_weather", "parameters": {"type": "object", "properties": {"city": {"type": "string"}}}},
}
SCHEMA = {"type": "json_schema", "json_schema": {"name": "d", "schema": {"type": "object", "properties": {"title": {"type": "string"}}}}}
ENTRIES = [
    {"type": "message.input", "role": "user", "content": [{"type": "text", "text": "Hi"}]},
    {"type": "function.call", "tool_call_id": "WJfo42Ow3", "name": "get_weather", "arguments": "{}"},
    {"type": "function.result", "tool_call_id": "WJfo42Ow3", "result": "sunny"},
]
CONVERSATION = {"conversation_id": "conv_1", "inputs": ENTRIES, "completion_args": {"temperature": 0.3}, "store": True}
TOOLS = [
    TOOL,
    {"type": "web_search"},
    {"type": "web_search_premium"},
    {"type": "code_interpreter"},
    {"type": "image_generation"},
    {"type": "document_library", "library_ids": ["lib_1"]},
    {"type": "connector", "connector_id": "c", "authorization": {"type": "api-key", "value": "k"}},
]
START = {
    "model": CHAT,
    "inputs": "Hello",
    "instructions": "Be terse.",
    "tools": TOOLS,
    "completion_args": {"temperature": 1, "max_tokens": 8, "tool_choice": "auto", "response_format": SCHEMA},
    "metadata": {"k": "v"},
    "handoff_execution": "client",
}
RESTART = {"conversation_id": "conv_1", "from_entry_id": "msg_1", "inputs": "Again", "agent_version": 2}
CODE = {"model": "codestral-2508", "prompt": "def add(", "suffix": "return a + b", "max_tokens": 30}
CHATTING = {
    "model": CHAT,
    "messages": [{"role": "system", "content": "Be terse."}, *MESSAGES],
    "temperature": 0.3,
    "max_tokens": 8,
    "stop": ["X"],
    "tools": [TOOL],
    "tool_choice": "auto",
    "response_format": {"type": "text"},
}

# The arguments of each operation's method.
CASES: dict[str, dict[str, Any]] = {
    "chat": CHATTING,
    "chat_stream": CHATTING,
    "fim": CODE,
    "fim_stream": CODE,
    "models_list": {},
    "models_retrieve": {"model": CHAT},
    "models_delete": {"model": "ft:open-mistral-7b:587a6b29:20240514:7e773925"},
    "agents": {"agent_id": "ag_1", "messages": MESSAGES},
    "agents_stream": {"agent_id": "ag_1", "messages": MESSAGES},
    "moderation": {"model": "mistral-moderation-2603", "input": ["Hello"]},
    "moderation_chat": {"model": "mistral-moderation-2603", "input": MESSAGES},
    "classification": {"model": "mistral-classifier", "input": "Hello"},
    "classification_chat": {"model": "mistral-classifier", "input": {"messages": MESSAGES}},
    "embeddings": {"model": "mistral-embed", "input": ["Hello"]},
    "files_upload": {"file": ("batch.jsonl", b'{"custom_id": "0"}\n'), "purpose": "batch"},
    "files_list": {"page": 0, "page_size": 10, "purpose": "batch"},
    "files_retrieve": {"file_id": FILE},
    "files_delete": {"file_id": FILE},
    "files_download": {"file_id": FILE},
    "files_signed_url": {"file_id": FILE, "expiry": 2},
    "batch_create": {"input_files": [FILE], "endpoint": "/v1/chat/completions", "model": CHAT},
    "batch_list": {"page": 0, "page_size": 10, "status": ["SUCCESS"]},
    "batch_get": {"job_id": FILE},
    "batch_cancel": {"job_id": FILE},
    "batch_delete": {"job_id": FILE},
    "audio_transcription": {"model": "voxtral-mini-latest", "file_url": "https://example.com/a.mp3"},
    "audio_transcription_stream": {"model": "voxtral-mini-latest", "file_url": "https://example.com/a.mp3"},
    "audio_speech": {"model": "voxtral-mini-tts-2603", "input": "Hello", "voice_id": "v"},
    "audio_speech_stream": {"model": "voxtral-mini-tts-2603", "input": "Hello", "voice_id": "v"},
    "ocr": {
        "model": "mistral-ocr-latest",
        "document": {"type": "document_url", "document_url": "https://example.com/a.pdf"},
        "pages": "0-3,7",
        "document_annotation_format": SCHEMA,
        "document_annotation_prompt": "The title.",
        "table_format": "html",
        "confidence_scores_granularity": "page",
    },
    "conversations_start": START,
    "conversations_start_stream": START,
    "conversations_append": CONVERSATION,
    "conversations_append_stream": CONVERSATION,
    "conversations_restart": RESTART,
    "conversations_restart_stream": RESTART,
    "conversations_list": {"page": 0, "page_size": 10},
    "conversations_get": {"conversation_id": "conv_1"},
    "conversations_history": {"conversation_id": "conv_1"},
    "conversations_messages": {"conversation_id": "conv_1"},
    "conversations_delete": {"conversation_id": "conv_1"},
}

# Where the document or Prism is wrong and we are right: the operation, and what is wrong. Its answer is not looked at.
DEFECTS: dict[str, str] = {
    "models_list": "the document's example is the list alone, and its schema an object that holds the list",
    "files_download": "the document offers bytes only, and Prism answers nothing else than what is asked for",
    "audio_transcription": "the document takes multipart forms only; without a file, the SDK sends a URL-encoded one, as we do",
    "audio_transcription_stream": "as audio_transcription",
    "batch_list": "Prism reads a parameter that stands several times as one text, and refuses it",
}

# Prism checks the request first, and fails then: it cannot write events, or the document does not say that there are any.
AFTER_THE_CHECK = ("NO_COMPLEX_OBJECT_TEXT", "NOT_ACCEPTABLE")


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    reason = prism.why_not()
    if reason is not None:
        pytest.skip(reason)
    server = prism.Prism(tmp_path_factory.mktemp("prism"))
    yield server
    server.stop()


@pytest.fixture(scope="module")
def client(running):
    with tramontane.Client(api_key="prism-key", base_url=running.url, max_retries=0, timeout=60) as client:
        yield client


def test_every_operation_has_a_case():
    named = {row["name"] for row in OPERATIONS}
    assert named - CASES.keys() == set(), "add a case to CASES"
    assert DEFECTS.keys() - named == set()


@pytest.mark.parametrize("row", OPERATIONS, ids=lambda row: row["name"])
def test_prism_accepts_the_request_and_its_answer_parses(client, row):
    method: Any = client
    for step in [*row["resource"].split("."), row["method"]]:
        method = getattr(method, step, None)
        if method is None:
            pytest.skip(f"`client.{row['resource']}.{row['method']}` has no method in Python yet")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", tramontane.TramontaneWarning)
        try:
            reply = method(**CASES[row["name"]])
            if "stream" in row:
                with reply as stream:
                    list(stream)
            elif row["answer"] == "bytes":
                reply.read()
        except (tramontane.ResponseDecodeError, tramontane.StreamError) as error:
            # Prism writes its examples as one JSON document, also where the document says that events come.
            if "stream" not in row and row["name"] not in DEFECTS:
                raise AssertionError(f"the example answer does not parse: {error}") from error
            return
        except tramontane.APIStatusError as error:
            excused = "stream" in row and any(word in (error.body or "") for word in AFTER_THE_CHECK)
            if not excused and row["name"] not in DEFECTS:
                raise
            return
    if "stream" not in row and row["answer"] not in ("none", "bytes"):
        reply = reply.first if "page" in row else reply
        assert type(reply).__name__ == row["answer"].split("::")[-1]


def test_prism_refuses_what_is_wrong(client):
    with pytest.raises(tramontane.APIStatusError) as caught:
        client.chat.complete(model=CHAT, messages=MESSAGES, extra_body={"seed": 1})
    assert caught.value.status == 422
    with pytest.raises(tramontane.APIStatusError):
        client.conversations.start(model=CHAT, inputs="Hi", completion_args={"temperature": 9}, checks="off")
