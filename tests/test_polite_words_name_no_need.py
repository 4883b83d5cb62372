"""« merci », « bonjour » alone: a word that resembles a training phrase is no need."""

from __future__ import annotations

import pytest

from bot.assistant import Assistant, assistant


@pytest.fixture(scope="module")
def aide() -> Assistant:
    return assistant()


@pytest.mark.parametrize("message", ["merci", "Merci beaucoup, bonne journée", "ok merci", "au revoir", "parfait", "merci à vous"])
def test_thanks(aide: Assistant, message: str) -> None:
    compris, reponse, _ = aide.ask(message)
    assert compris.besoins == ()
    assert reponse.custom["kind"] == "remerciement"


@pytest.mark.parametrize("message", ["bonjour", "Bonsoir madame", "salut"])
def test_greetings(aide: Assistant, message: str) -> None:
    assert aide.ask(message)[1].custom["kind"] == "salutation"


def test_a_greeting_before_a_need_hides_nothing(aide: Assistant) -> None:
    assert "Crèche" in aide.ask("bonjour, une crèche à Beuvry merci")[1].texte or "crèche" in aide.ask("bonjour, une crèche à Beuvry merci")[1].texte


def test_thanks_keep_the_frame(aide: Assistant) -> None:
    _, _, cadre = aide.ask("logement 19 ans Lillers")
    _, _, apres = aide.ask("merci", cadre)
    assert apres == cadre
