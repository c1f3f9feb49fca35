"""Prism on the provider's own OpenAPI document: a server that refuses what the document does not allow."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("TRAMONTANE_SHARED", ROOT.parent / "shared" / "wire")).parent
DOCUMENT = SHARED / "reference" / "mistral-openapi.yaml"
PROGRAM = ROOT / "tests" / "compat" / "node" / "node_modules" / ".bin" / "prism"


def why_not() -> str | None:
    """Why there can be no Prism here; `None` when there can."""
    if not DOCUMENT.exists():
        return "no OpenAPI document beside the checkout (`../shared/reference`)"
    return None if PROGRAM.exists() else "Prism is not installed (`npm ci` in tests/compat/node)"


def mended() -> dict[str, Any]:
    """The document, without the defects that keep Prism from reading it or from matching a request to it."""
    import yaml

    document = yaml.load(DOCUMENT.read_text(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    lifted: dict[str, Any] = {}
    _mend(document, lifted, top=True)
    # References to them begin at the root: `#/$defs/…`.
    document["$defs"] = {**document.get("$defs", {}), **lifted}
    # A stream has a path of its own in the document, `…#stream`, and at the API the path of the whole answer.
    for path in [path for path in document["paths"] if path.endswith("#stream")]:
        whole, stream = document["paths"][path.removesuffix("#stream")], document["paths"].pop(path)
        for method, operation in stream.items():
            _merge(whole[method], operation)
    return document


def _mend(node: Any, lifted: dict[str, Any], top: bool = False) -> None:
    if isinstance(node, dict):
        if "$defs" in node and not top:
            lifted.update(node.pop("$defs"))
        required = node.get("required")
        if isinstance(required, list) and "data" in required and "data" not in node.get("properties", {"data": 0}):
            required.remove("data")
        for child in node.values():
            _mend(child, lifted)
    elif isinstance(node, list):
        for child in node:
            _mend(child, lifted)


def _merge(whole: dict[str, Any], stream: dict[str, Any]) -> None:
    for kind, content in stream["requestBody"]["content"].items():
        both = [whole["requestBody"]["content"][kind]["schema"], content["schema"]]
        whole["requestBody"]["content"][kind]["schema"] = {"anyOf": both}
    whole["responses"]["200"]["content"].update(stream["responses"]["200"]["content"])


class Prism:
    """A running Prism."""

    def __init__(self, folder: Path) -> None:
        document = folder / "mistral.json"
        # YAML has dates of its own; JSON writes them as text.
        document.write_text(json.dumps(mended(), default=str))
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        self._log = (folder / "prism.log").open("w+")
        command = [str(PROGRAM), "mock", "-h", "127.0.0.1", "-p", str(port), str(document)]
        self._process = subprocess.Popen(command, stdout=self._log, stderr=subprocess.STDOUT)
        self._wait(port)

    def _wait(self, port: int) -> None:
        deadline = time.monotonic() + 180
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                break
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.2)
        self.stop()
        raise RuntimeError(f"Prism did not start: {self.log()[-2000:]}")

    def log(self) -> str:
        """What Prism has written so far."""
        self._log.seek(0)
        return self._log.read()

    def stop(self) -> None:
        """Ends it."""
        self._process.terminate()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
