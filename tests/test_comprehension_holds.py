"""Phrases of an author never learnt are still understood: the floor is two points under what was measured (docs/comprehension.md)."""

from __future__ import annotations

import pytest

from bench.held_out import Memory, Reading, Split, act_label, fit, needs, top
from bot.understanding.corpus import Exemple, read_corpus
from bot.understanding.lexicon import Lexicon
from bot.understanding.model import Model
from bot.understanding.understand import Understander
from knowledge.base import Base


@pytest.fixture(scope="module")
def split() -> Split:
    """Held out: all of k3, who wrote only of needs and urgencies, and the other acts of k2."""

    def tenu(e: Exemple) -> bool:
        return e.auteur == "k3" or (e.auteur == "k2" and act_label(e) != "orienter")

    exemples = read_corpus()
    return Split("k3 et les actes de k2", [e for e in exemples if not tenu(e)], [e for e in exemples if tenu(e)])


@pytest.fixture(scope="module")
def lexique(base: Base) -> Lexicon:
    return Lexicon(base)


@pytest.fixture(scope="module")
def memoire(split: Split) -> Memory:
    return Memory([*split.appris, *split.tenus])


@pytest.fixture(scope="module")
def modele(split: Split, lexique: Lexicon, memoire: Memory) -> Model:
    return fit(split, lexique, memoire)


def test_needs_of_an_author_never_learnt(split: Split, modele: Model, lexique: Lexicon, memoire: Memory) -> None:
    lus = needs(split, modele, lexique, memoire, voies="c")
    print(top(lus, "c", 1), top(lus, "c", 3))
    assert top(lus, "c", 1) >= 0.72
    assert top(lus, "c", 3) >= 0.86


def test_acts_of_an_author_never_learnt(split: Split, modele: Model, lexique: Lexicon, base: Base) -> None:
    # One message of k3 in ten, and every other act of k2.
    exemples = [e for i, e in enumerate(split.tenus) if act_label(e) != "orienter" or i % 10 == 0]
    lecteur = Understander(base, modele, lexique)
    lus = [lecteur.understand(e.texte) for e in exemples]
    actes = Reading([act_label(e) for e in exemples], {"d": [["orienter" if lu.urgences else lu.acte] for lu in lus]}, [], exemples)
    autres = [vrai != "orienter" for vrai in actes.vrais]
    print(top(actes, "d", 1, [not a for a in autres]), top(actes, "d", 1, autres))
    assert top(actes, "d", 1, [not autre for autre in autres]) >= 0.80
    assert top(actes, "d", 1, autres) >= 0.30
