"""A bare « oui », « non » or « je ne sais pas » answers the question asked, and the frame is kept."""

from __future__ import annotations

import pytest

from bot.assistant import Assistant
from knowledge.base import Base
from knowledge.request import Cadre
from knowledge.yes_no import REPONSES, read_yes_no

SITUATION = "elle veut refaire son isolation, 45 ans, Lillers"
QUESTION = "La personne est-elle propriétaire de son logement ?"


@pytest.fixture(scope="module")
def bot(base: Base) -> Assistant:
    return Assistant(base)


@pytest.fixture
def asked(bot: Assistant) -> Cadre:
    _, reponse, cadre = bot.ask(SITUATION)
    assert reponse.texte.split("\n").count(QUESTION) == 1
    assert reponse.boutons == REPONSES
    assert cadre.question == QUESTION
    return cadre


@pytest.mark.parametrize(("mots", "dit"), [("non", False), ("Non, pas du tout.", False), ("nan", False), ("oui", True), ("Oui, elle l'est", True)])
def test_a_yes_or_a_no_settles_the_fact_asked(bot: Assistant, asked: Cadre, mots: str, dit: bool) -> None:
    _, reponse, cadre = bot.ask(mots, asked)
    assert cadre.faits["proprietaire"] is dit
    assert (cadre.besoins, cadre.commune, cadre.ages) == (asked.besoins, asked.commune, asked.ages)
    assert reponse.texte.startswith("Compris : Rénovation et énergie · 45 ans · Lillers")
    assert QUESTION not in reponse.texte
    assert cadre.question != QUESTION


def test_a_no_sets_aside_what_needs_a_yes(bot: Assistant, asked: Cadre) -> None:
    services = [p["service"] for p in bot.ask("non", asked)[1].custom["propositions"]]
    assert "pig-travaux" not in services
    assert "pig-travaux" in [p["service"] for p in bot.ask("oui", asked)[1].custom["propositions"]]


def test_who_does_not_know_keeps_the_frame(bot: Assistant, asked: Cadre) -> None:
    _, reponse, cadre = bot.ask("Je ne sais pas", asked)
    assert "à vérifier" in reponse.texte
    assert (cadre.besoins, cadre.faits, cadre.question) == (asked.besoins, asked.faits, None)


def test_a_yes_to_nothing_names_no_need(bot: Assistant) -> None:
    for mots in ("oui", "non"):
        _, reponse, cadre = bot.ask(mots)
        assert cadre == Cadre()
        assert "Compris" not in reponse.texte


def test_a_yes_to_a_question_of_words_asks_it_again(bot: Assistant) -> None:
    cadre = Cadre(besoins=("logement/recherche",), question="La personne est-elle propriétaire ou locataire ?")
    _, reponse, suite = bot.ask("oui", cadre)
    assert reponse.texte.endswith("La personne est-elle propriétaire ou locataire ?")
    assert suite == cadre


def test_the_question_survives_the_slots(asked: Cadre) -> None:
    assert Cadre.from_slots(asked.to_slots()) == asked


@pytest.mark.parametrize("mots", ["non locataire", "oui et pour un enfant ?", "elle ne sait pas lire", "non pardon, Béthune", "bonjour", "", "19 ans"])
def test_what_says_more_is_not_a_bare_answer(mots: str) -> None:
    assert read_yes_no(mots) is None
