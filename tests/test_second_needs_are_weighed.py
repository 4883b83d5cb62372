"""Beside the first need of a message, another is shown when the person has it too, not when a word looks like it.

Messages labelled with the exact set of their needs; those measured here taught nothing (bench/second_needs.py).
"""

from __future__ import annotations

import pytest

from bench.second_needs import labelled
from bot.assistant import assistant
from knowledge.request import Cadre

MESURES = [m for m in labelled() if m.mesure]


@pytest.fixture(scope="module")
def shown() -> dict[str, tuple[str, ...]]:
    """The needs that the answer to each message acts on."""
    aide = assistant()
    return {m.texte: aide.ask(m.texte, Cadre())[2].besoins for m in MESURES}


def test_a_message_of_one_need_seldom_gets_a_false_one(shown: dict[str, tuple[str, ...]]) -> None:
    seuls = [m for m in MESURES if len(m.besoins) == 1]
    assert len(seuls) > 100
    assert sum(bool(set(shown[m.texte][1:]) - set(m.besoins)) for m in seuls) <= 0.22 * len(seuls)


def test_a_message_of_two_needs_mostly_gets_both(shown: dict[str, tuple[str, ...]]) -> None:
    doubles = [m for m in MESURES if len(m.besoins) == 2]
    assert len(doubles) > 40
    assert sum(set(m.besoins) <= set(shown[m.texte]) for m in doubles) >= 0.6 * len(doubles)
