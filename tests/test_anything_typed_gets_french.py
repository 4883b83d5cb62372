"""Thousands of messages made at random from real words, in conversations: no failure, no empty answer, nothing but French."""

from __future__ import annotations

import itertools
import json
import re
import traceback
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, Verbosity, given, settings

from bot.assistant import Assistant
from bot.understanding.understand import Understander
from knowledge.base import Base
from knowledge.request import Cadre
from tests.phrases_au_hasard import conversations
from tests.reponse_saine import Checker
from tests.serveur_souche import Souche

PANNE = "Un incident m'empêche de répondre"
# A conversation holds three or four messages on average.
COURT, ENTIER, PAR_LE_RESEAU = 90, 1500, 15
MESSAGES_COURT, MESSAGES_ENTIER = 300, 5000


def at_random(nombre: int) -> Any:
    """Always the same conversations; no shrinking, since every fault is told with its whole conversation."""
    return settings(
        max_examples=nombre,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        verbosity=Verbosity.quiet,
        suppress_health_check=list(HealthCheck),
    )


class Compte:
    """Faults of all conversations, each with what was typed."""

    def __init__(self, base: Base) -> None:
        self.sain = Checker(base)
        self.messages = 0
        self.fautes: list[tuple[list[str], str]] = []

    def see(self, dits: list[str], texte: str, boutons: tuple[str, ...] | list[str], custom: Any) -> None:
        self.messages += 1
        json.dumps(custom)
        self.fautes += [(dits, faute) for faute in self.sain.faults(texte, boutons, custom)]


def through_the_assistant(aide: Assistant, nombre: int) -> Compte:
    compte = Compte(aide.base)

    @at_random(nombre)
    @given(conversations(aide.base))
    def talk(tours: list[str]) -> None:
        cadre = Cadre()
        for rang, message in enumerate(tours, 1):
            try:
                _, reponse, cadre = aide.ask(message, cadre)
                # What slots keep must be what they give back.
                cadre = Cadre.from_slots(json.loads(json.dumps(cadre.to_slots())))
            except Exception:  # noqa: BLE001 - counted with the others
                compte.messages += 1
                compte.fautes.append((tours[:rang], traceback.format_exc(limit=-3)))
                return
            compte.see(tours[:rang], reponse.texte, reponse.boutons, dict(reponse.custom))

    talk()
    return compte


def told(compte: Compte) -> str:
    return f"{len(compte.fautes)} fautes en {compte.messages} messages\n" + "\n\n".join(f"{dits!r}\n{faute}" for dits, faute in compte.fautes[:20])


@pytest.fixture(scope="module")
def aide(base: Base, understander: Understander) -> Assistant:
    return Assistant(base, understander.modele)


def test_some_hundreds_of_messages(aide: Assistant) -> None:
    compte = through_the_assistant(aide, COURT)
    assert not compte.fautes, told(compte)
    assert compte.messages >= MESSAGES_COURT


@pytest.mark.long
def test_five_thousand_messages(aide: Assistant) -> None:
    compte = through_the_assistant(aide, ENTIER)
    print(f"{compte.messages} messages, {len(compte.fautes)} fautes")
    assert not compte.fautes, told(compte)
    assert compte.messages >= MESSAGES_ENTIER


def test_a_sample_through_the_real_server(souche: Souche, base: Base, tmp_path: Path) -> None:
    compte = Compte(base)
    with souche.serving(tmp_path, tmp_path / "journal.txt") as serveur:
        rang = itertools.count()

        @at_random(PAR_LE_RESEAU)
        @given(conversations(base))
        def talk(tours: list[str]) -> None:
            qui = f"hasard-{next(rang)}"
            for i, message in enumerate(tours, 1):
                reponse = serveur.say(message, qui)
                boutons = [b["title"] for b in reponse.get("buttons", ())]
                compte.see(tours[:i], reponse["text"], boutons, reponse.get("custom"))
                assert PANNE not in reponse["text"], tours[:i]

        talk()
        assert souche.alive()
    assert not compte.fautes, told(compte)
    assert not re.search(r"Traceback|incident|impossible", (tmp_path / "journal.txt").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "texte",
    [
        "",
        "  ",
        "The house is there",
        "Please try again",
        "Compris : <b>Lillers</b>",
        "Âge : None",
        "Total : nan",
        "Bonjour {commune}",
        "fin\u202etxt",
        "a\x00b",
        "%(nom)s",
    ],
)
def test_the_checker_sees_what_it_should(base: Base, texte: str) -> None:
    assert Checker(base).faults(texte, (), {})
    assert not Checker(base).faults("Relais : mairie de Lillers.", (), {"id": "the-house"})
    assert Checker(base).faults("Oui.", (texte.strip() or "the",), {"texte": texte.strip() or "the"})


@pytest.mark.parametrize(
    "tours",
    [["150 ans150 ans"], ["? Marest-Dampcourt et s'il a 27 ans ?"], ["CTG = ?"], ["qui pilote la 3.3.4", "Halte-répit familles"], ["Accueil de loisirs extrascolaire c'est quoi"], ["POC = ?"]],
    ids=["sigle-sans-sens", "sigle-sans-sens-2", "exposant", "tableau-cite", "tableau-cite-2", "sens-anglais"],
)  # fmt: skip
def test_what_the_five_thousand_found(aide: Assistant, tours: list[str]) -> None:
    cadre = Cadre()
    for message in tours:
        _, reponse, cadre = aide.ask(message, cadre)
        assert not Checker(aide.base).faults(reponse.texte, reponse.boutons, dict(reponse.custom))
