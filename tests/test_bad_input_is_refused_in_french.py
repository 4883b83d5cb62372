"""Whatever is sent, the answer is one clear French text, never an exception."""

from __future__ import annotations

import random

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.assistant import Assistant
from knowledge.base import Base
from knowledge.request import Compris, Reponse

_FRANCAIS = set("le la les un une des de du est pas que ce pour dans en quelques mots besoin personne écrivez".split())


@pytest.fixture(scope="module")
def bot(base: Base) -> Assistant:
    return Assistant(base)


def answer(bot: Assistant, message: str) -> tuple[Compris, Reponse]:
    compris, reponse, _ = bot.ask(message)
    assert reponse.texte.strip()
    assert _FRANCAIS & set(reponse.texte.lower().replace("'", " ").split()), reponse.texte
    for interdit in ("Traceback", "Error", "None", "Exception"):
        assert interdit not in reponse.texte
    return compris, reponse


REFUS = {
    "": "vide",
    "   \n\t ": "vide",
    "\u202e\u200b\ufeff": "vide",
    "x" * 2001: "long",
    "😀" * 10_000: "long",
    "????": "illisible",
    "...": "illisible",
    "[[[[ ]]]]": "illisible",
    "I need help to find a house please": "langue",
    "where can my mother get food": "langue",
    "أحتاج إلى مساعدة": "langue",
    "Я ищу жильё": "langue",
}


@pytest.mark.parametrize("message", REFUS, ids=lambda message: repr(message[:20]))
def test_refused_with_its_reason(bot: Assistant, message: str) -> None:
    compris, reponse = answer(bot, message)
    assert compris.refus == REFUS[message]
    assert len(reponse.texte) < 200
    assert not reponse.boutons or all(reponse.boutons)


def test_two_thousand_characters_are_read(bot: Assistant) -> None:
    assert answer(bot, ("logement " * 300)[:2000])[0].refus is None


@pytest.mark.parametrize(
    "message",
    [
        "\x00\x01\x02\xff\xfe",
        "\x07\x1b[31mlogement\x1b[0m",
        "😀" * 1000,
        "\ud800",
        "123456",
        "a",
        "potrzebuję pomocy z mieszkaniem",
        "Ich brauche Hilfe",
        "necesito ayuda con la vivienda",
        "我需要房子",
        "SELECT * FROM users; DROP TABLE lieu;--",
        "' OR 1=1 --",
        "<script>alert(1)</script><b>logement</b>",
        '{"message": [1, 2, {"b": null}]}',
        "%s%n{}{0.__class__}",
        "../../etc/passwd",
        "/restart",
        "aaaaaaaaaaaaaaaa",
        "qsdf jklm wxcv",
        "NULL",
        "-1",
        "1e999",
    ],
    ids=lambda message: repr(message[:20]),
)
def test_answered_in_french_whatever_it_holds(bot: Assistant, message: str) -> None:
    _, reponse = answer(bot, message)
    assert "<script" not in reponse.texte


def test_a_sql_order_breaks_nothing(bot: Assistant) -> None:
    avant = len(bot.base.lieux)
    answer(bot, "'; DELETE FROM lieu; --")
    assert len(bot.base.lieux) == avant
    assert bot.base.search("crèche")


@pytest.mark.parametrize("message", ["Béthune", "lillers", "bruay"])
def test_a_commune_alone_is_answered(bot: Assistant, message: str) -> None:
    compris, _ = answer(bot, message)
    assert compris.commune
    assert compris.refus is None


def test_a_commune_alone_asks_for_the_need(bot: Assistant) -> None:
    compris, _ = answer(bot, "lillers")
    assert not [besoin for besoin in compris.besoins if besoin.score >= 0.1] or compris.acte == "commune"


@pytest.mark.parametrize("message", ["potrzebuję pomocy z mieszkaniem", "Ich brauche Hilfe mit der Wohnung", "necesito ayuda con la vivienda"])
def test_other_latin_languages_are_refused(bot: Assistant, message: str) -> None:
    assert bot.understand(message).refus == "langue"


def test_chinese_is_a_language(bot: Assistant) -> None:
    assert bot.understand("我需要房子").refus == "langue"


@pytest.mark.parametrize("message", ["%s%n{}", '{"a": [1,2,{"b":null}]}', "qsdf jklm wxcv", "\x00\x01\x02\xff"])
def test_noise_is_unreadable(bot: Assistant, message: str) -> None:
    assert bot.understand(message).refus == "illisible"


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(texte=st.text(max_size=120))
@example(texte="0Đƀȴȴ")
def test_random_texts(bot: Assistant, texte: str) -> None:
    _, reponse, _ = bot.ask(texte)
    assert reponse.texte.strip()


_MOTS = "logement 19 ans Lillers Béthune crèche RSA sdf enfant bébé 8 mois enceinte violence mari facture CAF MDPH fiche 3.3.4 où combien qui pas plus et ? , aide mère dépression permis bus rue 12 06 39 98 12 45 née le 01/02/1960 Mme Dupont 115 € 450 non finalement aussi Arras retraité c'est quoi adresse".split()


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(mots=st.lists(st.sampled_from(_MOTS), max_size=14))
def test_texts_made_of_real_words(bot: Assistant, mots: list[str]) -> None:
    compris, reponse, cadre = bot.ask(" ".join(mots))
    assert reponse.texte.strip()
    assert Compris.from_json(compris.to_json()) == compris
    assert type(cadre).from_slots(cadre.to_slots()) == cadre


def test_a_conversation_of_nonsense_never_fails(bot: Assistant) -> None:
    alea = random.Random(5)
    cadre = None
    for _ in range(30):
        message = " ".join(alea.choices([*_MOTS, "", "😀", "\x00", "'", "<b>"], k=alea.randint(0, 8)))
        _, reponse, cadre = bot.ask(message, cadre)
        assert reponse.texte.strip()
