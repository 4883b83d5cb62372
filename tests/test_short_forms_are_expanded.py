"""What is typed in a hurry is written out before it is read."""

from __future__ import annotations

import pytest

from bot.understanding.normalise import expand, sentences, tidy

FORMES = {
    "slt": "salut",
    "bjr": "bonjour",
    "bsr": "bonsoir",
    "svp": "s'il vous plaît",
    "stp": "s'il te plaît",
    "jcherche un logt": "je cherche un logement",
    "jai pb": "j'ai problème",
    "chui enceinte": "je suis enceinte",
    "aide pr loyer": "aide pour loyer",
    "rdv ds 2j": "rendez-vous dans 2j",
    "appart": "appartement",
    "lgt": "logement",
    "bb": "bébé",
    "qqn": "quelqu'un",
    "tjs": "toujours",
    "bcp": "beaucoup",
    "auj": "aujourd'hui",
    "mnt": "maintenant",
    "assmat": "assistante maternelle",
    "mr": "monsieur",
    "mme": "madame",
    "ordi": "ordinateur",
    "minots": "enfants",
    "taf": "travail",
    "ya": "il y a",
    "keske": "qu'est-ce que",
    "c": "c'est",
    "19a": "19 ans",
    "19ans": "19 ans",
    "8m": "8 mois",
    "8mois": "8 mois",
}


@pytest.mark.parametrize("court", FORMES)
def test_written_out(court: str) -> None:
    assert expand(court) == FORMES[court]


@pytest.mark.parametrize("court", ["slt", "appart", "bb"])
def test_marks_around_a_short_form_do_not_hide_it(court: str) -> None:
    assert FORMES[court] in expand(f"({court}),")


@pytest.mark.parametrize("message", ["la MDPH de Lillers", "un logement à Béthune", "CAF", "3.3.4", "rue Fernand Bar"])
def test_nothing_else_changes(message: str) -> None:
    assert expand(message) == message


def test_tidy_is_one_plain_line() -> None:
    assert tidy("l’aide\n\t sociale\u00a0!!!!  \x07 merci 😀…") == "l'aide sociale ! merci …"


def test_tidy_keeps_the_euro() -> None:
    assert tidy("450 € de loyer") == "450 € de loyer"


def test_clauses_are_split_at_a_second_matter() -> None:
    assert sentences("il cherche un logement et puis sa mère perd la mémoire") == ["il cherche un logement", "sa mère perd la mémoire"]
    assert sentences("a. b") == []


def test_expanding_twice_changes_nothing() -> None:
    for court in FORMES:
        assert expand(expand(court)) == expand(court)


def test_metres_are_not_months() -> None:
    assert expand("un logement de 70 m") == "un logement de 70 m"


def test_a_number_before_the_verb_is_not_an_age() -> None:
    assert "ans" not in expand("le 115 a répondu") and "ans" not in expand("il en reste 3 a payer")
