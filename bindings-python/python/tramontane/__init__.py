"""One Rust core for LLM requests: checked, built, sent, and read back. Mistral first.

>>> import tramontane
>>> report = tramontane.check({"model": "mistral-small-2603", "messages": [{"role": "user", "content": "Hi"}]})
>>> report.ok
True

Nothing is loaded before it is used: importing this package costs next to nothing.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from . import errors as errors
    from . import models as models
    from . import providers as providers
    from . import testing as testing
    from . import types as types
    from ._doors import build as build
    from ._doors import check as check
    from ._doors import estimate_cost as estimate_cost
    from ._doors import lint_text as lint_text
    from ._doors import parse as parse
    from ._doors import resolve as resolve
    from ._generated import *
    from ._native import Budget as Budget
    from ._native import Limiter as Limiter
    from ._native import Vector as Vector
    from ._page import AsyncPage as AsyncPage
    from ._page import Page as Page
    from ._record import Answer as Answer
    from ._record import ChatAnswer as ChatAnswer
    from ._record import Raw as Raw
    from ._record import Record as Record
    from ._warn import TramontaneDeprecationWarning as TramontaneDeprecationWarning
    from ._warn import TramontaneWarning as TramontaneWarning
    from .client import AsyncClient as AsyncClient
    from .client import Client as Client
    from .errors import *
    from .keys import Key as Key
    from .stream import AsyncChatStream as AsyncChatStream
    from .stream import AsyncConversationStream as AsyncConversationStream
    from .stream import ChatStream as ChatStream
    from .stream import ConversationStream as ConversationStream
    from .stream import Decoder as Decoder
    from .stream import Event as Event

__version__ = "0.1.0"

# Where each public name lives; what is not listed here is a record type or an error.
_HOMES = {
    "AsyncChatStream": "stream",
    "AsyncClient": "client",
    "AsyncConversationStream": "stream",
    "Answer": "_record",
    "AsyncPage": "_page",
    "Budget": "_native",
    "ChatAnswer": "_record",
    "Page": "_page",
    "Raw": "_record",
    "ChatStream": "stream",
    "Client": "client",
    "ConversationStream": "stream",
    "Decoder": "stream",
    "Event": "stream",
    "Key": "keys",
    "Limiter": "_native",
    "Record": "_record",
    "TramontaneDeprecationWarning": "_warn",
    "TramontaneWarning": "_warn",
    "Vector": "_core",
    "build": "_doors",
    "check": "_doors",
    "estimate_cost": "_doors",
    "lint_text": "_doors",
    "parse": "_doors",
    "resolve": "_doors",
}
_MODULES = ("errors", "models", "providers", "testing", "types")


if not TYPE_CHECKING:

    def __getattr__(name):
        from importlib import import_module

        if name in _MODULES:
            return import_module("." + name, __name__)
        if not name.startswith("_"):
            homes = [_HOMES[name]] if name in _HOMES else ["errors", "_generated"]
            for home in homes:
                found = getattr(import_module("." + home, __name__), name, None)
                if found is not None:
                    globals()[name] = found
                    return found
        raise AttributeError(f"module 'tramontane' has no attribute {name!r}", name=name)


def __dir__() -> list[str]:
    from . import _generated, errors

    return sorted({"__version__", *_HOMES, *_MODULES, *errors.__all__, *_generated.__all__})
