"""A local server that speaks the Mistral API, for tests."""

from __future__ import annotations
