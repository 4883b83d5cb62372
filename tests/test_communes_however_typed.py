"""A commune is found however it is typed, and a word that is not one is left alone."""

from __future__ import annotations

import csv

import pytest

from bot.understanding.normalise import expand
from bot.understanding.understand import Understander
from knowledge.reading import SOURCES
from knowledge.text import fold

with open(SOURCES / "commune.csv", encoding="utf-8", newline="") as fichier:
    COMMUNES = {ligne["nom"]: ligne["code_insee"] for ligne in csv.DictReader(fichier)}


def found(understander: Understander, message: str) -> str | None:
    entites = [e for e in understander.gazetteer.find(expand(message)) if e.genre in ("commune", "commune_hors")]
    return entites[0].cible if entites else None


def test_there_are_a_hundred() -> None:
    assert len(COMMUNES) == 100


@pytest.mark.parametrize("nom", COMMUNES)
def test_official_name(understander: Understander, nom: str) -> None:
    for message in (nom, nom.upper(), f"un logement à {nom}", f"elle habite {nom} et cherche une crèche", f"{nom} aide alimentaire"):
        assert found(understander, message) == COMMUNES[nom], message


@pytest.mark.parametrize("nom", COMMUNES)
def test_without_accents_or_hyphens(understander: Understander, nom: str) -> None:
    for message in (fold(nom), f"logement a {fold(nom)}"):
        assert found(understander, message) == COMMUNES[nom], message


# « la comté » and « la couture » without a capital are words; « calonne sur lys » below.
SANS_PETITS_MOTS = {
    nom: " ".join(mot for mot in fold(nom).split() if mot not in ("les", "lez", "en", "la", "le", "l"))
    for nom in COMMUNES
    if {"les", "lez", "en", "la", "le"} & set(fold(nom).split()[1:]) and nom != "Calonne-sur-la-Lys"
}


@pytest.mark.parametrize("nom", SANS_PETITS_MOTS)
def test_without_its_small_words(understander: Understander, nom: str) -> None:
    assert found(understander, f"logement {SANS_PETITS_MOTS[nom]}") == COMMUNES[nom]


@pytest.mark.parametrize("nom", [nom for nom in COMMUNES if "saint" in fold(nom).split()])
def test_saint_and_st(understander: Understander, nom: str) -> None:
    plat = fold(nom)
    for forme in (plat.replace("saint", "st"), nom.replace("Saint", "St"), nom.replace("Saint-", "St "), plat.replace(" ", "-")):
        assert found(understander, f"habite {forme}") == COMMUNES[nom], forme


@pytest.mark.parametrize(
    ("surnom", "nom"),
    [
        ("noeux", "Nœux-les-Mines"),
        ("nœux", "Nœux-les-Mines"),
        ("noeux-lès-mines", "Nœux-les-Mines"),
        ("bruay", "Bruay-la-Buissière"),
        ("bruay labuissiere", "Bruay-la-Buissière"),
        ("Bruay-en-Artois", "Bruay-la-Buissière"),
        ("isbergue", "Isbergues"),
        ("auchy", "Auchy-les-Mines"),
        ("marles", "Marles-les-Mines"),
        ("calonne", "Calonne-Ricouart"),
        ("hersin", "Hersin-Coupigny"),
        ("vendin", "Vendin-lès-Béthune"),
        ("vendin lez bethune", "Vendin-lès-Béthune"),
        ("camblain", "Camblain-Châtelain"),
        ("cauchy", "Cauchy-à-la-Tour"),
        ("norrent", "Norrent-Fontes"),
        ("st-venant", "Saint-Venant"),
        ("beuvri", "Beuvry"),
        ("betune", "Béthune"),
        ("lilers", "Lillers"),
        ("houdin", "Houdain"),
        ("lapugnoi", "Lapugnoy"),
        ("barlain", "Barlin"),
    ],
)
def test_nicknames(understander: Understander, surnom: str, nom: str) -> None:
    assert found(understander, f"logement {surnom}") == COMMUNES[nom]


def misspelt(plat: str) -> list[str]:
    """One letter dropped, doubled, swapped with the next, or changed, inside a word."""
    dedans = [i for i in range(2, len(plat) - 1) if " " not in plat[i - 1 : i + 2]]
    i = dedans[len(plat) * 7 % len(dedans)]
    autre = "a" if plat[i] == "e" else "e"
    return [plat[:i] + plat[i + 1 :], plat[:i] + plat[i] + plat[i:], plat[:i] + plat[i + 1] + plat[i] + plat[i + 2 :], plat[:i] + autre + plat[i + 1 :]]


# A misspelt name whose other half is the name of another commune is read as that one (see the strict xfail below).
MOITIES = {"Auchy-au-Bois", "Calonne-sur-la-Lys", "Estrée-Cauchy", "Vendin-lès-Béthune"}
LONGS = [nom for nom in COMMUNES if len(fold(nom).replace(" ", "")) >= 7 and nom not in MOITIES and not nom.startswith("La ") and "Hilaire" not in nom]


def test_enough_long_names() -> None:
    assert len(LONGS) >= 40


@pytest.mark.parametrize("nom", LONGS)
def test_one_letter_wrong(understander: Understander, nom: str) -> None:
    for faute in misspelt(fold(nom)):
        assert found(understander, f"logement a {faute}") == COMMUNES[nom], faute


@pytest.mark.parametrize("nom", sorted(MOITIES))
def test_one_letter_wrong_in_a_name_that_holds_another(understander: Understander, nom: str) -> None:
    assert all(found(understander, f"logement a {faute}") == COMMUNES[nom] for faute in misspelt(fold(nom)))


@pytest.mark.xfail(strict=True, reason="names that start with an article are never compared to a misspelling")
@pytest.mark.parametrize("nom", ["La Comté", "La Couture"])
def test_one_letter_wrong_after_an_article(understander: Understander, nom: str) -> None:
    assert all(found(understander, f"logement a {faute}") == COMMUNES[nom] for faute in misspelt(fold(nom)))


@pytest.mark.xfail(strict=True, reason="« saint hilaire cotes » is not read, though one letter away")
def test_saint_hilaire_misspelt(understander: Understander) -> None:
    assert found(understander, "logement a saint hilaire cotes") == COMMUNES["Saint-Hilaire-Cottes"]


def test_calonne_sur_la_lys_without_its_article(understander: Understander) -> None:
    assert found(understander, "logement calonne sur lys") == COMMUNES["Calonne-sur-la-Lys"]


@pytest.mark.xfail(strict=True, reason="the last word « la buissière », « saint-hilaire » alone is not a nickname")
@pytest.mark.parametrize("surnom", ["labuissière", "st hilaire"])
def test_last_words_alone(understander: Understander, surnom: str) -> None:
    assert found(understander, f"logement {surnom}") is not None


@pytest.mark.parametrize(
    ("message", "insee"),
    [
        ("il habite à Arras", "62041"),
        ("je viens d'Arras", "62041"),
        ("une dame de Lens cherche un logement", "62498"),
        ("rendez-vous à Lille", "59350"),
        ("ils vivent à Hazebrouck", "59295"),
        ("elle habite Saint-Omer", "62765"),
        ("monsieur vient de Douai", "59178"),
    ],
)
def test_outside_communes(understander: Understander, message: str, insee: str) -> None:
    compris = understander.understand(message)
    assert compris.hors == insee
    assert compris.commune is None


@pytest.mark.parametrize(
    "message",
    [
        pytest.param("st omer logement", marks=pytest.mark.xfail(strict=True, reason="« st » alone before an outside commune is not read as « saint »")),
        "hopital de lens",
        "Lens",
        "creche a arras",
    ],
)
def test_outside_communes_typed_in_a_hurry(understander: Understander, message: str) -> None:
    assert understander.understand(message).hors is not None


@pytest.mark.parametrize(
    "message",
    [
        "je cherche une place en crèche",
        "des âmes en peine",
        "il est très relou",
        "du jambon et du ham",
        "trouver un emploi",
        "sans papiers",
        "le jeune est en colère",
        "aide au loyer",
        "mon mari est parti",
        "carte grise à refaire",
        "il relit son courrier",
        "du comté et du beurre",
        "la mère est seule avec son enfant",
        "elle veut divorcer",
        "bonjour",
        "merci beaucoup",
        "problème de dos",
        "vers midi",
        "cours de français",
        "il a perdu son permis",
        "bus gratuit",
        "une aire de jeux",
        "la maison est insalubre",
        "le petit ne dort pas",
        "besoin d'un vestiaire",
    ],
)
def test_words_that_are_not_communes(understander: Understander, message: str) -> None:
    assert found(understander, message) is None


@pytest.mark.parametrize("message", ["elle fait de la couture", "un atelier de la couture pour débutants"])
def test_sewing_is_not_a_commune(understander: Understander, message: str) -> None:
    assert found(understander, message) is None


def test_the_first_commune_said_is_kept(understander: Understander) -> None:
    assert understander.understand("elle habite Lillers et travaille à Béthune").commune == COMMUNES["Lillers"]


def test_a_misspelt_commune_is_not_sure(understander: Understander) -> None:
    compris = understander.understand("logement a isbrgues")
    assert compris.commune == COMMUNES["Isbergues"]
    assert not compris.commune_sure
