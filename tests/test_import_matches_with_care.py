"""Only the same name in a commune known to be theirs is taken without asking; a homonym of elsewhere is never even proposed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from knowledge.imports.annuaire import read_annuaire
from knowledge.imports.matching import PROPOSE, SUR, Matcher
from knowledge.imports.record import Externe
from knowledge.reading import read_all

BETHUNE, BRUAY, CALAIS = ("62119", "62400", "Béthune"), ("62178", "62700", "Bruay-la-Buissière"), ("62193", "62100", "Calais")
PARIS, BEUVRY_LA_FORET = ("75111", "75011", "Paris"), ("59080", "59310", "Beuvry-la-Forêt")
ANNUAIRE = Path(__file__).parent / "donnees" / "imports" / "2026-10-06_053120-data.gouv_local.json"


@pytest.fixture(scope="module")
def matcher():
    return Matcher(read_all()[0])


def item(nom: str, ou: tuple[str, str, str] = BETHUNE, cle: str = "annuaire-1", **champs) -> Externe:
    return Externe(1, cle, nom, "2026-01-01", "https://exemple.fr", code_insee=ou[0], code_postal=ou[1], ville=ou[2], telephone="03 21 00 00 01", **champs)


def found(matcher, *externes: Externe) -> tuple[list[str], list[str]]:
    """Our rows taken without asking, and those proposed."""
    bilan = matcher.match(externes, {}, {})
    return [r.cible.id for r in bilan.surs], [r.cible.id for r in bilan.a_confirmer]


@pytest.mark.parametrize(
    ("nom", "ou", "cible"),
    [
        ("Mission locale - Béthune", BETHUNE, "mission-locale-bethune"),
        ("MISSION LOCALE", BETHUNE, "mission-locale-bethune"),
        ("Médiathèque - Bruay-la-Buissière", BRUAY, "mediatheque-bruay-la-buissiere"),
        ("Médiatheque de Bethune", BETHUNE, "mediatheque-bethune"),
        ("Point information jeunesse (PIJ) - Béthune", BETHUNE, "pij-bethune"),
        ("PIJ de Béthune", BETHUNE, "pij-bethune"),
        ("Centre communal d'action sociale (CCAS) - Bruay-la-Buissière", BRUAY, "ccas-bruay-la-buissiere"),
        ("Mairie - Béthune", BETHUNE, "mairie-bethune"),
    ],
)
def test_the_same_name_in_their_commune_is_sure(matcher, nom, ou, cible):
    assert found(matcher, item(nom, ou)) == ([cible], [])


@pytest.mark.parametrize(
    ("nom", "ou"),
    [
        ("Mission locale", CALAIS),
        ("Mission locale", PARIS),
        ("Point information jeunesse - Beuvry", BEUVRY_LA_FORET),
        ("Médiathèque", CALAIS),
        ("Mairie", CALAIS),
        ("Mairie - Béthune", CALAIS),
        ("Action Logement", PARIS),
        ("Agence départementale d'information sur le logement", PARIS),
    ],
)
def test_a_homonym_of_elsewhere_is_not_even_proposed(matcher, nom, ou):
    assert found(matcher, item(nom, ou)) == ([], [])


@pytest.mark.parametrize(
    ("nom", "ou", "cible"),
    [
        ("Action Logement", BETHUNE, "action-logement"),
        ("Action Logement", CALAIS, "action-logement"),
        ("Mission locale de l'Artois", BETHUNE, "mission-locale-bethune"),
        ("Annexe de la mairie", BETHUNE, "mairie-bethune"),
    ],
    ids=["commune unknown to the base", "the département only", "one name holds the other", "an annexe"],
)
def test_anything_less_is_only_proposed(matcher, nom, ou, cible):
    surs, proposes = found(matcher, item(nom, ou))
    assert surs == []
    assert cible in proposes


def test_what_has_nothing_in_common_is_not_proposed(matcher):
    assert found(matcher, item("Piscine olympique"), item("Trésorerie", BRUAY, "annuaire-2")) == ([], [])


def test_without_a_commune_nothing_is_sure(matcher):
    perdu = replace(item("Mission locale"), code_insee=None, ville=None)
    assert found(matcher, perdu)[0] == []
    assert found(matcher, replace(perdu, code_postal=None)) == ([], [])


def test_two_items_of_one_name_in_one_commune_are_both_asked_about(matcher):
    surs, proposes = found(matcher, item("Mission locale"), item("Mission locale", cle="annuaire-2"))
    assert surs == []
    assert proposes.count("mission-locale-bethune") == 2


@pytest.mark.parametrize(("a", "b"), [("Médiathèque nord", "Médiathèque sud"), ("Maison relais 1", "Maison relais 2")])
def test_names_that_differ_by_one_word_are_not_the_same(a, b):
    from knowledge.imports.matching import _same_words
    from knowledge.text import fold

    assert not _same_words(frozenset(fold(a).split()), frozenset(fold(b).split()))


def test_a_service_of_the_same_name_is_only_proposed(matcher):
    nom = "Médiation familiale"
    surs, proposes = found(matcher, item(nom, cle="di-service-1", service=True, parent="di-autre"))
    assert surs == []
    assert proposes


def test_a_service_of_a_structure_already_taken_is_of_that_structure(matcher):
    connus = {"di-ml": matcher.cibles["mission-locale"]}
    bilan = matcher.match([item("Nom quelconque", cle="di-service-1", service=True, parent="di-ml")], {}, connus)
    assert [(r.cible.id, r.raison) for r in bilan.surs] == [("mission-locale", "service d'une structure déjà reprise")]


def test_a_human_answer_is_taken_whatever_the_score(matcher):
    bilan = matcher.match([item("Rien à voir", PARIS, "annuaire-x")], {"annuaire-x": "adil"}, {})
    assert [(r.cible.id, r.raison) for r in bilan.surs] == [("adil", "accepté par vous")]


def test_projects_are_not_matched(matcher):
    structures = {ligne["id"]: ligne["etat"] for ligne in read_all()[0]["structure"]}
    assert [cle for cle in matcher.cibles if structures.get(cle, "en service") != "en service"] == []


def test_the_list_of_proposals_does_not_drown_the_reader(matcher):
    """A name of the whole département: those of the territory come first, three at most."""
    ailleurs = [item("Action Logement", CALAIS, f"annuaire-{n}") for n in range(50)]
    bilan = matcher.match([*ailleurs, item("Action Logement", BETHUNE, "annuaire-ici")], {}, {})
    assert len(bilan.a_confirmer) == 3
    assert bilan.a_confirmer[0].externe.id == "annuaire-ici"


def test_order_does_not_change_the_answer(matcher):
    externes = list(read_annuaire(ANNUAIRE))
    droit, envers = (matcher.match(liste, {}, {}) for liste in (externes, externes[::-1]))
    assert {(r.externe.id, r.cible.id) for r in droit.surs} == {(r.externe.id, r.cible.id) for r in envers.surs}
    assert [(r.externe.id, r.cible.id) for r in droit.a_confirmer] == [(r.externe.id, r.cible.id) for r in envers.a_confirmer]
    assert all(r.score >= PROPOSE for r in droit.a_confirmer)
    assert all(r.score >= SUR for r in droit.surs)
