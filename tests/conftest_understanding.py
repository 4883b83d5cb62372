"""The understanding, trained once for the session over the base of the tests."""

from __future__ import annotations

import pytest

from bot.understanding.understand import Understander
from knowledge.base import Base


@pytest.fixture(scope="session")
def understander(base: Base) -> Understander:
    return Understander.of(base)
