"""A sandbox for the official SDKs, and what they need to find it."""

from __future__ import annotations

import pytest
from tramontane.testing import Sandbox


@pytest.fixture(scope="session")
def sandbox():
    with Sandbox(key="compat-key") as running:
        yield running
