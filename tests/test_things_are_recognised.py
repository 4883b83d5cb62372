"""What the base names is found in a message; everyday words that look like a sigle are not."""

from __future__ import annotations

import pytest

from bot.understanding.normalise import expand
from bot.understanding.understand import Understander


def things(understander: Understander, message: str) -> set[tuple[str, str]]:
    return {(e.genre, e.cible) for e in understander.gazetteer.find(expand(message)) if e.genre not in ("commune", "commune_hors")}


@pytest.mark.parametrize("sigle", ["RSA", "CAF", "CCAS", "RPE", "PIJ", "LAEP", "EPSM", "PMI", "UDAF", "MDS", "CLSM", "QPV", "BAFA"])
def test_sigles(understander: Understander, sigle: str) -> None:
    for message in (f"c'est quoi {sigle} ?", f"c'est quoi le {sigle.lower()} ?", sigle):
        assert ("sigle", sigle) in things(understander, message), message


@pytest.mark.xfail(
    strict=True,
    reason="a sigle that is also a word, in small letters or with one capital, is dropped from four words on, even when it is what the question is about",
)
@pytest.mark.parametrize(("message", "sigle"), [("c'est quoi le vif ?", "VIF"), ("c'est quoi une mam ?", "MAM"), ("le service à l'Étrier", "ETRIER")])
def test_sigles_that_are_words_in_a_question(understander: Understander, message: str, sigle: str) -> None:
    assert ("sigle", sigle) in things(understander, message)


@pytest.mark.xfail(
    strict=True, reason="« maison des solidarités », written out, in the singular, is found as nothing: the base says « Maisons des Solidarités »"
)
def test_maison_des_solidarites(understander: Understander) -> None:
    assert ("structure", "mds") in things(understander, "maison des solidarités")


def test_every_sigle_of_the_base(understander: Understander) -> None:
    perdus = [s.sigle for s in understander.base.sigles if len(s.sigle) > 3 and ("sigle", s.sigle) not in things(understander, s.sigle)]
    assert perdus == []


@pytest.mark.parametrize(
    ("message", "structure"),
    [
        ("adresse de la MDPH", "mdph"),
        ("mission locale", "mission-locale"),
        ("pôle emploi", "pole-emploi"),
        ("france travail béthune", "pole-emploi"),
        ("les restos du coeur", "restos-du-coeur"),
        ("la vie active recrute", "la-vie-active"),
        ("CMP d'Auchel", "cmp"),
        ("le CSAPA", "csapa"),
        ("ADIL", "adil"),
        ("france services", "france-services"),
        ("action logement", "action-logement"),
        ("promeneurs du net", "promeneurs-du-net"),
        ("maison des adolescents", "maison-des-adolescents"),
        ("planning familial", "cpef"),
        ("habitat insertion", "habitat-et-insertion"),
    ],
)
def test_structures(understander: Understander, message: str, structure: str) -> None:
    assert ("structure", structure) in things(understander, message)


@pytest.mark.parametrize(
    ("message", "service"),
    [
        ("permis de louer", "permis-de-louer"),
        ("garantie jeunes", "garantie-jeunes"),
        ("bilan PMI", "pmi-bilans"),
        ("point conseil budget", "pimms-budget"),
        ("le FJT", "residence-habitat-jeunes"),
        ("habitat jeunes", "residence-habitat-jeunes"),
        ("aire d'accueil", "aires-accueil"),
        ("à l'Étrier", "etrier"),
    ],
)
def test_devices(understander: Understander, message: str, service: str) -> None:
    assert ("service", service) in things(understander, message)


@pytest.mark.parametrize(
    ("message", "numero"),
    [("fiche 3.3.4", "3.3.4"), ("que dit la fiche 2.1.3 ?", "2.1.3"), ("fiche action 2.1.3", "2.1.3"), ("3.3.4", "3.3.4"), ("la fiche 3-3-4", "3.3.4")],
)
def test_fiches(understander: Understander, message: str, numero: str) -> None:
    assert ("fiche", numero) in things(understander, message)


@pytest.mark.parametrize("message", ["à 1.2 km", "2.5 %", "fiche 9.9.9", "3,5 tonnes", "un loyer de 3.4 k€"])
def test_numbers_that_are_no_fiche(understander: Understander, message: str) -> None:
    assert not [cible for genre, cible in things(understander, message) if genre == "fiche"]


@pytest.mark.parametrize(
    ("message", "type_lieu"),
    [
        ("crèche à lillers", "eaje"),
        ("ludothèques", "ludotheque"),
        ("rpe gosnay", "rpe"),
        ("un laep", "laep"),
        ("centre social isbergues", "centre_social"),
        ("médiathèque", "mediatheque"),
        ("espace de vie sociale", "evs"),
        ("mds", "mds"),
    ],
)
def test_kinds_of_place(understander: Understander, message: str, type_lieu: str) -> None:
    assert ("type_lieu", type_lieu) in things(understander, message)


def test_places_by_their_name(understander: Understander) -> None:
    assert ("lieu", "eaje-bruay-la-buissiere-pirouette") in things(understander, "pirouette à bruay")
    assert ("lieu", "eaje-auchel-les-p-tits-loups") in things(understander, "Les p'tits loups")


@pytest.mark.parametrize(
    "message",
    [
        "qu'est ce qu'il faut faire",
        "je ne sais pas quoi faire avec lui",
        "il faut faire quelque chose vite",
        "le pied à l'étrier",
        "c'est arrivé à mon fils",
        "mon ami est parti",
        "avoir un plan pour la suite",
        "elle passe une arme",
        "aide moi s'il te plaît",
        "je peux passer quand chez vous",
        "son état s'aggrave de jour en jour",
        "le son est trop fort chez lui",
        "il est cap de rien du tout",
        "elle a un but dans la vie",
        "quel âge faut-il avoir",
    ],
)
def test_everyday_words(understander: Understander, message: str) -> None:
    assert not [c for g, c in things(understander, message) if g in ("sigle", "structure", "service")]


@pytest.mark.parametrize("message", ["ça va pas", "ça marche comment", "un ami"])
def test_everyday_words_in_a_short_message(understander: Understander, message: str) -> None:
    assert not [c for g, c in things(understander, message) if g == "sigle"]


def test_a_sigle_in_capitals_is_one_even_when_it_is_a_word(understander: Understander) -> None:
    assert things(understander, "il voudrait savoir ce que veut dire FAIRE exactement") or things(
        understander, "il voudrait savoir ce que veut dire ETRIER exactement"
    )


def test_the_longest_name_wins(understander: Understander) -> None:
    trouves = [e for e in understander.gazetteer.find("le relais petite enfance de Lillers") if e.genre == "structure"]
    assert [e.mots for e in trouves] == ["relais petite enfance"]
