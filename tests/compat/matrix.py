"""Prints what is implemented, where, and against what it runs: operations by hosts and counterparts.

    python tests/compat/matrix.py
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# What the official SDKs call a method, where the name is another one.
SDK = {
    "conversations_history": "conversations.get_history",
    "conversations_messages": "conversations.get_messages",
    "moderation": "classifiers.moderate",
    "moderation_chat": "classifiers.moderate_chat",
    "classification": "classifiers.classify",
    "classification_chat": "classifiers.classify_chat",
    "batch_create": "jobs.create",
    "batch_list": "jobs.list",
    "batch_get": "jobs.get",
    "batch_cancel": "jobs.cancel",
    "batch_delete": "jobs.delete",
    "files_signed_url": "files.get_signed_url",
    "audio_transcription": "transcriptions.complete",
    "audio_speech": "speech.complete",
    "audio_speech_stream": "speech.complete",
}

# Streams that the official SDKs ask for with an argument, not with a method of their own.
FLAGGED = {"audio_speech_stream"}

# The call of anything is ours alone: there is no such method in the official SDKs, and no one path for Prism to judge.
OURS = {"request"}


def camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.title() for word in rest)


def texts(pattern: str) -> str:
    return "\n".join(path.read_text() for path in sorted(ROOT.glob(pattern)))


def main() -> None:
    python = texts("bindings-python/python/tramontane/client.py") + texts("bindings-python/python/tramontane/resources/*.py")
    python += texts("bindings-python/python/tramontane/by_hand/*.py")
    node = texts("bindings-node/ts/client.ts") + texts("bindings-node/ts/resources.ts") + texts("bindings-node/ts/by-hand/*.ts")
    rust = texts("core/src/client/mod.rs") + texts("core/src/client/resources/*.rs")
    prism = texts("tests/compat/test_prism.py")
    sdk_python = texts("tests/compat/test_mistralai*.py")
    sdk_node = texts("tests/compat/node/*.test.mjs")
    columns = ["Rust", "Python", "Node", "WebAssembly", "Prism", "SDK Python", "SDK Node"]
    operations = tomllib.loads((ROOT / "core" / "data" / "operations.toml").read_text())["operation"]
    print(f"{'operation':<30}" + "".join(f"{column:<13}" for column in columns))
    for row in operations:
        name = row["name"]
        sdk = SDK.get(name, f"{row['resource'].split('.')[-1]}.{row['method']}")
        place, method = sdk.split(".")
        flag = r".*\bstream\b ?[=:] ?[Tt]rue" if name in FLAGGED else ""
        have = [
            f'"{name}"' in rust,
            f'"{name}"' in python,
            f"'{name}'" in node,
            # The same vectors run in WebAssembly: a request that is built there has one.
            bool(list((ROOT / "tests" / "vectors" / "build").glob(f"{name}*.json"))),
            f'"{name}":' in prism,
            re.search(rf"\b{place}\.{method}(_async)?\({flag}", sdk_python) is not None,
            re.search(rf"\b{place}\.{camel(method)}\({flag}", sdk_node) is not None,
        ]
        words = ["yes" if one else "-" for one in have]
        if name in OURS:
            words[-3:] = ["ours alone"] * 3
        print(f"{name:<30}" + "".join(f"{word:<13}" for word in words))


if __name__ == "__main__":
    main()
