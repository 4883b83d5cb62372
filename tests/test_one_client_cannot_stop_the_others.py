"""A client that asks too much is told so in French and waits; the others do not."""

from __future__ import annotations

import asyncio
import json
import statistics
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest

from bot import settings
from bot.debit import EN_COURS_MAX, TROP, Affluence, Debit, TooMany, client
from tests.requetes import ANGLAIS, Recue, ask, talk
from tests.serveur import Server, running

DEBIT = 1  # hence a burst of five


@pytest.fixture(scope="module")
def bride(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that bears little, behind one declared proxy: each test has an address of its own."""
    with running(tmp_path_factory.mktemp("bride"), TABLE_DEBIT=str(DEBIT), TABLE_PROXYS="1") as s:
        yield s


def flood(serveur: Server, adresse: str, chemin: str = "/icone.svg", fois: int = 60) -> list[Recue]:
    return [ask(serveur.url, "GET", chemin, X_Forwarded_For=adresse) for _ in range(fois)]


def test_too_many_pages_are_refused_with_one_french_sentence(bride: Server) -> None:
    recues = flood(bride, "10.0.0.1")
    assert recues[0].statut == 200
    refus = [r for r in recues if r.statut != 200]
    assert {r.statut for r in refus} == {429}
    assert {r.texte for r in refus} == {TROP}
    assert all(int(r.entetes["Retry-After"]) >= 1 and r.entetes["Cache-Control"] == "no-store" for r in refus)
    assert not ANGLAIS.search(TROP)
    assert ask(bride.url, "GET", "/annuaire", X_Forwarded_For="10.0.0.2").statut == 200
    time.sleep(1.5)
    assert ask(bride.url, "GET", "/annuaire", X_Forwarded_For="10.0.0.1").statut == 200


def test_a_page_that_does_not_exist_counts_too(bride: Server) -> None:
    assert flood(bride, "10.0.0.3", "/inconnue")[-1].statut == 429


def test_too_many_messages_get_one_message(bride: Server) -> None:
    corps = json.dumps({"sender": "rafale", "message": "CLLAJ ?"})
    flood(bride, "10.0.0.4", "/style.css")
    recue = ask(bride.url, "POST", "/webhooks/rest/webhook", corps, X_Forwarded_For="10.0.0.4")
    assert recue.statut == 429
    assert json.loads(recue.texte) == [{"recipient_id": "", "text": TROP}]


def test_too_many_messages_on_a_socket_get_one_message_each(bride: Server) -> None:
    recus = asyncio.run(talk(bride.url, 50, X_Forwarded_For="10.0.0.5")) or []
    assert len(recus) == 50
    assert TROP in recus
    assert any("CLLAJ" in texte for texte in recus)
    assert all(texte == TROP or "CLLAJ" in texte for texte in recus)


def test_other_addresses_are_answered_during_a_flood(bride: Server) -> None:
    fini = threading.Event()
    flood(bride, "10.0.0.6", "/inconnue")

    def insist() -> int:
        refus = 0
        while not fini.is_set():
            refus += ask(bride.url, "GET", "/inconnue", X_Forwarded_For="10.0.0.6").statut == 429
        return refus

    with ThreadPoolExecutor(4) as assaut:
        assauts = [assaut.submit(insist) for _ in range(4)]
        corps = json.dumps({"sender": "calme", "message": "CLLAJ ?"})
        durees = []
        try:
            for rang in range(10):
                debut = time.perf_counter()
                recue = ask(bride.url, "POST", "/webhooks/rest/webhook", corps, X_Forwarded_For=f"10.0.1.{rang}")
                durees.append(time.perf_counter() - debut)
                assert recue.statut == 200 and "CLLAJ" in json.loads(recue.texte)[0]["text"]
        finally:
            fini.set()
        assert sum(a.result() for a in assauts) > 0
    assert statistics.median(durees) < 3


def test_the_forwarded_address_is_not_believed_without_a_proxy() -> None:
    for proxys, attendue in ((None, "192.0.2.9"), (1, "10.9.9.9"), (2, "8.8.8.8")):
        demande = asked("192.0.2.9", proxys, ["8.8.8.8, 10.9.9.9"])
        assert client(demande) == attendue
    # What a client adds before its real address is not what the nearest proxy wrote.
    assert client(asked("192.0.2.9", 1, ["1.1.1.1", "2.2.2.2, 10.9.9.9"])) == "10.9.9.9"
    assert client(asked("192.0.2.9", 3, ["8.8.8.8, 10.9.9.9"])) == "192.0.2.9"


def asked(ip: str, proxys: int | None = None, suivies: list[str] | None = None) -> SimpleNamespace:
    """What « client » reads of a request, the forwarded address read by Sanic itself."""
    from sanic.compat import Header
    from sanic.headers import parse_xforwarded

    config = SimpleNamespace(PROXIES_COUNT=proxys, REAL_IP_HEADER=None, FORWARDED_FOR_HEADER="X-Forwarded-For")
    lue = parse_xforwarded(Header([("X-Forwarded-For", s) for s in suivies or []]), config) or {}
    return SimpleNamespace(ip=ip, remote_addr=str(lue.get("for", "")))


@pytest.mark.parametrize(
    ("ip", "dite"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("::ffff:10.0.0.1", "10.0.0.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::"),
        ("[2001:db8::1]", "2001:db8::"),
        ("fe80::1%eth0", "fe80::"),
        ("_cachee", "_cachee"),
        ("x" * 500, "x" * 64),
        ("", ""),
    ],
)
def test_an_address_is_read_whatever_its_form(ip: str, dite: str) -> None:
    assert client(asked(ip)) == dite


def test_a_full_burst_then_the_rate() -> None:
    debit = Debit(10, reserve=20)
    assert [debit.take("a", 100.0) for _ in range(20)] == [0] * 20
    assert debit.take("a", 100.0) == pytest.approx(0.1)
    assert debit.take("b", 100.0) == 0
    assert debit.take("a", 100.11) == 0
    assert debit.take("a", 100.11) > 0
    assert [debit.take("a", 200.0) for _ in range(20)] == [0] * 20


def test_what_is_remembered_is_bounded() -> None:
    debit = Debit(1)
    for rang in range(30_000):
        debit.take(f"adresse-{rang}", 0.0)
    assert len(debit) == 10_000


def test_one_client_has_so_many_messages_under_way_and_no_more() -> None:
    affluence = Affluence(300)
    ouverts = [affluence.one_message(asked("10.0.0.1")) for _ in range(EN_COURS_MAX)]
    for ouvert in ouverts:
        ouvert.__enter__()
    with pytest.raises(TooMany), affluence.one_message(asked("10.0.0.1")):
        pass
    with affluence.one_message(asked("10.0.0.2")):
        pass
    ouverts[0].__exit__(None, None, None)
    with affluence.one_message(asked("10.0.0.1")):
        pass


def test_zero_means_no_limit() -> None:
    affluence = Affluence(settings.load({"TABLE_DEBIT": "0"}).debit)
    assert not any(affluence.wait(asked("10.0.0.1")) for _ in range(20_000))


@pytest.mark.parametrize(("nom", "valeur"), [("TABLE_DEBIT", "-1"), ("TABLE_DEBIT", "beaucoup"), ("TABLE_PROXYS", "6"), ("TABLE_DELAI", "0")])
def test_a_limit_that_cannot_be_is_said(nom: str, valeur: str) -> None:
    with pytest.raises(settings.BadSetting, match=f"{nom} vaut « {valeur} »"):
        settings.load({nom: valeur})
