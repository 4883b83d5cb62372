"""What the page shows as understood, sent back in words when a chip is removed, is read as it was shown."""

from __future__ import annotations

import itertools

import pytest

from bot.pages import FAITS_RELUS
from bot.understanding.understand import Understander
from knowledge.base import Base


def test_every_name_with_any_age_and_commune_is_its_need(base: Base, understander: Understander) -> None:
    for besoin in base.besoins.values():
        for suite in ("", ", Lillers", ", 34 ans, Lillers", ", 8 mois, Nœux-les-Mines, locataire"):
            compris = understander.understand(besoin.nom + suite)
            assert [b.id for b in compris.besoins] == [besoin.id], besoin.nom + suite
            assert compris.acte == "orienter"


def test_two_names_are_two_needs_in_their_order(base: Base, understander: Understander) -> None:
    noms = list(base.besoins.values())
    for un, autre in itertools.pairwise(noms):
        compris = understander.understand(f"{un.nom}, {autre.nom}, 19 ans, Lillers")
        assert [b.id for b in compris.besoins] == [un.id, autre.id]


def test_a_danger_named_is_still_a_danger(base: Base, understander: Understander) -> None:
    assert understander.understand(f"{base.besoins['violences/urgence'].nom}, Lillers").urgences == ("violences",)


def test_words_beside_a_name_are_still_read(understander: Understander) -> None:
    compris = understander.understand("Crèche, il cherche aussi un logement à louer, Lillers")
    assert [b.id for b in compris.besoins][0] == "petite-enfance/accueil-collectif"
    assert "logement/recherche" in [b.id for b in compris.besoins]


@pytest.mark.parametrize("fait", FAITS_RELUS)
def test_a_fact_sent_back_is_that_fact(fait: str, understander: Understander) -> None:
    assert understander.understand(f"Crèche, 2 ans, {FAITS_RELUS[fait]}").faits.get(fait) is True
    assert understander.understand(f"Crèche, 2 ans, pas {FAITS_RELUS[fait]}").faits.get(fait) is False or fait == "sans_emploi_ni_formation"
