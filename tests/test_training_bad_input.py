"""What is typed wrong in training: one clear French sentence, and nothing lost."""

from __future__ import annotations

import pytest

from bot import settings
from bot.formation.saisie import REFUS_PSEUDO, Patience, read_choice, read_code, read_duration, read_pseudo


@pytest.mark.parametrize("pseudo", ["Ana", "Jean-Luc", "Zoé B.", "l'abeille", "Groupe 3", "É", "Øystein", "a" * 30])
def test_a_first_name_or_a_nickname_is_taken(pseudo):
    assert read_pseudo({"pseudo": [f"  {pseudo} "]}) == (pseudo, None)


@pytest.mark.parametrize(
    "pseudo",
    [
        "",
        "   ",
        "<script>alert(1)</script>",
        "a" * 31,
        "x" * 500,
        "ana@mairie.fr",
        "0612345678",
        "06 12 34 56 78",
        "ana.mairie.fr",
        "www.ana",
        "-",
        "' OR 1=1",
        "Ana 1984",
        "\x00",
        "🙂",
        "12",
    ],
)
def test_anything_else_is_refused_with_one_sentence(pseudo):
    montre, refus = read_pseudo({"pseudo": [pseudo]})
    assert refus == REFUS_PSEUDO
    assert "Un prénom ou un surnom suffit" in refus
    assert len(montre) <= 30


@pytest.mark.parametrize(
    ("tape", "lu"), [("abcde", "ABCDE"), ("ab c-de", "ABCDE"), ("ABCD", ""), ("ABCDEF", ""), ("ABCD0", ""), ("", ""), ("<b>", ""), ("é" * 5, "")]
)
def test_a_code_is_read_however_typed(tape, lu):
    assert read_code({"code": [tape]}) == lu


def test_a_choice_out_of_bounds_is_said_and_replaced():
    choix = read_choice({"theme": ["logement", "lune"], "niveau": ["expert"], "nombre": ["999"], "graine": ["../x"]})
    assert choix.themes == ("logement",)
    assert (choix.niveau, choix.nombre, choix.graine, choix.points) == ("", 8, "", False)
    assert len(choix.messages) == 3
    assert read_choice({}).messages == []


@pytest.mark.parametrize(("tape", "lu"), [("12.5", 12.5), ("", None), ("-1", None), ("9999", None), ("NaN", None), ("1e3", None)])
def test_a_duration_that_cannot_be_is_dropped(tape, lu):
    assert read_duration({"duree": [tape]}) == lu


def test_twenty_wrong_codes_in_a_minute_are_enough():
    patience = Patience()
    for _ in range(19):
        patience.failed("a")
    assert not patience.exhausted("a")
    patience.failed("a")
    assert patience.exhausted("a")
    assert not patience.exhausted("b")


@pytest.mark.parametrize("valeur", ["0", "121", "un an", "-3", "1.5"])
def test_a_retention_that_cannot_be_is_refused(valeur):
    with pytest.raises(settings.BadSetting, match="TABLE_FORMATION_MOIS"):
        settings.load({"TABLE_FORMATION_MOIS": valeur})


def test_the_retention_is_twelve_months_unless_said():
    assert settings.load({}).formation_mois == 12
    assert settings.load({"TABLE_FORMATION_MOIS": "24"}).formation_mois == 24
