"""Two workers, fifty agents, one worker killed: no conversation is lost, and nobody sees anything but a message sent again."""

from __future__ import annotations

import asyncio
import re
import shutil
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import expect, sync_playwright

from bench.charge import CONVERSATIONS, SUITES, User, users
from bench.grappe import MOTDEPASSE, Cluster, binaries
from bot.assistant import assistant
from knowledge.build import ROOT
from knowledge.request import Cadre

AGENTS = 50


def expected() -> list[list[str]]:
    """What each conversation must hear, from the domain alone: one frame carried from a message to the next."""
    attendus = []
    for conversation in CONVERSATIONS:
        cadre, textes = Cadre(), []
        for message in conversation:
            _, reponse, cadre = assistant().ask(message, cadre)
            textes.append(reponse.texte)
        attendus.append(textes)
    return attendus


async def say_all(agents: list[User], tour: int) -> list[asyncio.Task[object]]:
    return [asyncio.create_task(agent.ask(CONVERSATIONS[rang % len(CONVERSATIONS)][tour])) for rang, agent in enumerate(agents)]


def wrong(agents: list[User], attendus: list[list[str]], tour: int) -> list[str]:
    """First line of every answer of a turn that is not the one expected."""
    return [
        f"{agent.nom} : {agent.reponses[tour].texte.splitlines()[0]}"
        for rang, agent in enumerate(agents)
        if agent.reponses[tour].texte != attendus[rang % len(CONVERSATIONS)][tour]
    ]


def test_a_killed_worker_loses_no_conversation(grappe: Cluster) -> None:
    attendus = expected()
    tue, autre = grappe.ouvriers

    async def play() -> list[User]:
        async with users(grappe.url, AGENTS) as agents:
            await asyncio.gather(*await say_all(agents, 0))
            assert wrong(agents, attendus, 0) == []

            # Everybody speaks at once; the worker dies once it has answered some and holds others.
            taches = await say_all(agents, 1)
            while sum(t.done() for t in taches) < AGENTS // 5:
                await asyncio.sleep(0.005)
            tue.kill()
            restants = sum(not t.done() for t in taches)
            await asyncio.gather(*taches)
            assert restants > AGENTS // 4, "the worker died too late to prove anything"
            assert wrong(agents, attendus, 1) == []

            avant = len(grappe.requests())
            await asyncio.gather(*await say_all(agents, 2))
            assert wrong(agents, attendus, 2) == []
            assert not [ligne for ligne in grappe.requests()[avant:] if f":{tue.port} 200" in ligne]

            tue.start()
            tue.wait_until_ready()
            await asyncio.sleep(5.5)  # fail_timeout of nginx
            avant = len(grappe.requests())
            await asyncio.gather(*await say_all(agents, 3))
            assert wrong(agents, attendus, 3) == []
            assert [ligne for ligne in grappe.requests()[avant:] if f":{tue.port} 200" in ligne], "the worker is back and gets nothing"
            return agents

    agents = asyncio.run(play())
    # Whatever happened behind, nginx gave no error to anybody.
    codes = Counter(ligne.split()[2] for ligne in grappe.requests())
    assert set(codes) <= {"200", "101"}, codes
    repris = [ligne for ligne in grappe.requests() if "," in ligne and ligne.split()[1] == "POST"]
    renvois = sum(a.reponses[1].renvois for a in agents)
    assert repris or renvois, "nothing was in flight when the worker died"
    # Once: the page's own patience, 20 s, was enough for what it sent again.
    assert max(a.reponses[1].renvois for a in agents) <= 1
    pire = max(a.reponses[1].duree_s for a in agents)
    assert grappe.sql("SELECT count(DISTINCT sender_id) FROM events WHERE sender_id = ANY(%s)", [a.nom for a in agents]) == [(AGENTS,)]
    print(f"\n{AGENTS} agents : {len(repris)} demandes reprises par nginx, {renvois} renvoyées par la page ; la plus longue attente {pire:.1f} s")


def test_the_page_goes_on_with_another_worker(grappe: Cluster) -> None:
    chemin = next((c for c in map(shutil.which, ("chromium", "chromium-browser", "google-chrome")) if c), None)
    with sync_playwright() as p:
        navigateur = p.chromium.launch(executable_path=chemin, args=["--no-sandbox"])
        page = navigateur.new_context(ignore_https_errors=True, locale="fr-FR").new_page()
        page.goto(grappe.url)
        reponses = page.locator("article.reponse")

        def say(texte: str, nombre: int) -> None:
            page.keyboard.insert_text(texte)
            page.keyboard.press("Enter")
            expect(reponses).to_have_count(nombre, timeout=40_000)

        say("logement 19 ans Lillers", 1)
        page.wait_for_timeout(1500)  # the socket is open
        for rang, (ouvrier, suite) in enumerate(zip(grappe.ouvriers, SUITES[:2], strict=True), 2):
            # One of the two holds the socket of the page; each dies in turn.
            ouvrier.kill()
            say(suite, rang)
            ouvrier.start()
            ouvrier.wait_until_ready()
            page.wait_for_timeout(5500)
        expect(reponses.last.locator(".jeton", has_text="Béthune")).to_be_visible()
        expect(reponses.last.locator(".jeton", has_text="27 ans")).to_be_visible()
        expect(reponses.last.locator(".porte").first).to_contain_text("CLLAJ")
        expect(page.locator("#etat")).to_have_text("")
        navigateur.close()


@pytest.mark.parametrize("moteur", ["postgresql", "redis"])
def test_a_restarted_engine_loses_no_conversation(grappe: Cluster, moteur: str) -> None:
    async def play() -> None:
        async with users(grappe.url, 6) as agents:
            await asyncio.gather(*await say_all(agents, 0))
            grappe.moteurs[moteur].stop()
            grappe.moteurs[moteur].start()
            await asyncio.gather(*await say_all(agents, 1))
            assert wrong(agents, expected(), 1) == []

    asyncio.run(play())


@contextmanager
def without(grappe: Cluster, moteur: str) -> Iterator[None]:
    grappe.moteurs[moteur].stop()
    try:
        yield
    finally:
        grappe.moteurs[moteur].start()


def test_without_postgresql_a_first_message_is_answered(grappe: Cluster) -> None:
    async def play() -> None:
        async with users(grappe.url, 6) as agents:
            await asyncio.gather(*await say_all(agents, 0))
            assert wrong(agents, expected(), 0) == []

    with without(grappe, "postgresql"):
        asyncio.run(play())


def test_without_redis_it_says_that_it_cannot_answer(grappe: Cluster) -> None:
    async def play() -> None:
        async with users(grappe.url, 2) as agents:
            await asyncio.gather(*await say_all(agents, 0))
            assert [a.reponses[0].panne for a in agents] == [True, True]
            assert agents[0].reponses[0].texte.startswith("Un incident m'empêche de répondre.")

    with without(grappe, "redis"):
        asyncio.run(play())


def test_without_any_worker_nginx_speaks_french(grappe: Cluster) -> None:
    async def ask() -> list[tuple[int, str]]:
        async with users(grappe.url, 1) as [agent]:
            for ouvrier in grappe.ouvriers:
                ouvrier.kill()
            vus = []
            for chemin, corps in (("/", b""), ("/formation", b""), ("/webhooks/rest/webhook", b"x" * 2_000_000)):
                async with agent.http.request("POST" if corps else "GET", grappe.url + chemin, data=corps or None) as reponse:
                    vus.append((reponse.status, await reponse.text()))
            return vus

    try:
        assert asyncio.run(ask()) == [
            (503, "Le serveur redémarre. Renvoyez votre message dans un instant."),
            (503, "Le serveur redémarre. Renvoyez votre message dans un instant."),
            (413, "Le message est trop gros. Gardez la phrase qui dit le besoin."),
        ]
    finally:
        for ouvrier in grappe.ouvriers:
            ouvrier.start()
        for ouvrier in grappe.ouvriers:
            ouvrier.wait_until_ready()
        time.sleep(5.5)


def test_purge_leaves_only_recent_conversations(grappe: Cluster) -> None:
    async def talk() -> tuple[str, str]:
        async with users(grappe.url, 2) as agents:
            await asyncio.gather(*await say_all(agents, 0))
            return agents[0].nom, agents[1].nom

    vieille, recente = asyncio.run(talk())
    grappe.sql("UPDATE events SET timestamp = timestamp - 2 * 86400 WHERE sender_id = %s", vieille)
    commande = [binaries()["psql"], grappe.suivi_url, "-q", "-v", "ON_ERROR_STOP=1", "-v", "jours=1", "-f", str(ROOT / "deploy/grand/purge.sql")]
    subprocess.run(commande, check=True)
    restent = {nom for (nom,) in grappe.sql("SELECT DISTINCT sender_id FROM events")}
    assert recente in restent
    assert vieille not in restent


def test_no_journal_holds_a_message_or_a_person(grappe: Cluster) -> None:
    journaux = [*grappe.dossier.glob("*.txt"), *grappe.dossier.glob("*.log"), *(grappe.dossier / "noeud").glob("*.txt")]
    assert len(journaux) >= 6
    for journal in journaux:
        texte = journal.read_text(encoding="utf-8", errors="replace")
        for interdit in ("Lillers", "Divion", "logement", "/webhooks", "Traceback", MOTDEPASSE):
            assert interdit not in texte, (journal.name, interdit)
        assert not re.search(r"\b[0-9a-f]{32}\b", texte), journal.name
