"""Two ages that a service states for two publics: one of them is enough (critere.csv, column « groupe »)."""

from __future__ import annotations

import pytest

from bot.assistant import Assistant, assistant
from knowledge.orient import Demande, judge


@pytest.fixture(scope="module")
def aide() -> Assistant:
    return assistant()


@pytest.mark.parametrize(("age", "tenu"), [(58.0, False), (30.0, False), (67.0, True), (29.9, True)])
def test_either_age_is_enough(base, age: float, tenu: bool) -> None:
    [verdict] = judge(base.services["cohabitation-intergenerationnelle"], Demande((), ages=(age,)), base)
    assert verdict.tenu is tenu


def test_both_rules_are_said_when_none_holds(base) -> None:
    [verdict] = judge(base.services["cohabitation-intergenerationnelle"], Demande((), ages=(58.0,)), base)
    assert "60 ans" in verdict.texte
    assert "30 ans" in verdict.texte
    assert verdict.texte.endswith("la personne a 58 ans")


def test_unknown_without_an_age(base) -> None:
    [verdict] = judge(base.services["cohabitation-intergenerationnelle"], Demande(()), base)
    assert verdict.tenu is None


def test_the_verdict_on_a_project_says_that_it_is_one(aide: Assistant) -> None:
    texte = aide.ask("il a 58 ans et une chambre libre, il peut prendre un jeune en cohabitation intergénérationnelle ?")[1].texte
    assert texte.startswith("Non : ")
    assert "en projet" in texte
