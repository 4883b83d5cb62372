"""What the tests of the chat share: the assistant as it is served, a town hall's intranet, and the page as an agent uses it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from knowledge.build import ROOT

ATTENTE_SERVEUR = 420  # the first start builds the base and trains the model


def free_port() -> int:
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        return int(prise.getsockname()[1])


class Assistant:
    """``python -m bot run`` on a port of its own; conversations go to a temporary folder."""

    def __init__(self, dossier: Path, origines: str = "", port: int | None = None) -> None:
        self.dossier = dossier
        self.port = port or free_port()
        self.origines = origines
        self.processus: subprocess.Popen[bytes] | None = None

    @property
    def adresse(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> Assistant:
        self.dossier.mkdir(parents=True, exist_ok=True)
        journal = self.dossier / "serveur.log"
        environ = {**os.environ, "TABLE_PORT": str(self.port), "TABLE_VAR": str(self.dossier), "TABLE_ORIGINES": self.origines, "PYTHONUNBUFFERED": "1"}
        with open(journal, "wb") as sortie:
            self.processus = subprocess.Popen([sys.executable, "-m", "bot", "run"], cwd=ROOT, env=environ, stdout=sortie, stderr=subprocess.STDOUT)
        limite = time.monotonic() + ATTENTE_SERVEUR
        while "Prêt" not in journal.read_text(encoding="utf-8", errors="replace"):
            if self.processus.poll() is not None or time.monotonic() > limite:
                self.stop()
                pytest.fail(f"L'assistant ne démarre pas :\n{journal.read_text(encoding='utf-8', errors='replace')[-2000:]}", pytrace=False)
            time.sleep(0.2)
        return self

    def stop(self) -> None:
        if self.processus and self.processus.poll() is None:
            self.processus.kill()
        if self.processus:
            self.processus.wait(10)


class Intranet:
    """A town hall's page, on another origin, with the one line that embeds the chat and its own strict policy."""

    def __init__(self) -> None:
        self.serveur = ThreadingHTTPServer(("127.0.0.1", 0), _intranet_page(self))
        self.source = ""
        threading.Thread(target=self.serveur.serve_forever, daemon=True).start()

    @property
    def origine(self) -> str:
        return f"http://127.0.0.1:{self.serveur.server_address[1]}"


def _intranet_page(intranet: Intranet) -> type[BaseHTTPRequestHandler]:
    class Reponse(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path != "/":
                self.send_error(404)
                return
            source = intranet.source
            corps = (
                '<!doctype html><html lang="fr"><head><title>Intranet</title><meta charset="utf-8"><link rel="icon" href="data:,">'
                f'<script src="{source}/widget.js" defer></script></head><body><main><h1>Intranet</h1><p>Accueil.</p></main></body></html>'
            ).encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", f"default-src 'none'; img-src data:; script-src {source}; frame-src {source}")
            self.end_headers()
            self.wfile.write(corps)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    return Reponse


@dataclass
class Vu:
    """What a page did while it was visited."""

    adresses: list[str] = field(default_factory=list)
    console: list[str] = field(default_factory=list)
    octets: dict[str, int] = field(default_factory=dict)

    def elsewhere(self, adresse: str) -> list[str]:
        """Requests to another host than ours."""
        hote = adresse.split("://")[1]
        return [a for a in self.adresses if "://" in a and a.split("://")[1].split("/")[0] != hote]


class Chat:
    """The page of the counter as an agent uses it."""

    def __init__(self, page: Page, adresse: str) -> None:
        self.page = page
        self.adresse = adresse
        self.vu = Vu()
        page.on("request", lambda r: self.vu.adresses.append(r.url))
        page.on("websocket", lambda w: self.vu.adresses.append(w.url))
        page.on("console", lambda m: self.vu.console.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda e: self.vu.console.append(str(e)))
        page.goto(adresse)

    @property
    def answers(self) -> Any:
        return self.page.locator("article.reponse")

    @property
    def last(self) -> Any:
        return self.answers.last

    def say(self, texte: str) -> Any:
        """Type as an agent does, wait for the answer, return it."""
        avant = self.answers.count()
        self.page.keyboard.insert_text(texte)
        self.page.keyboard.press("Enter")
        return self.wait(avant)

    def wait(self, avant: int) -> Any:
        self.page.wait_for_function("n => document.querySelectorAll('article.reponse').length > n", arg=avant, timeout=30_000)
        return self.last

    def receive(self, reponse: dict[str, Any]) -> Any:
        """Have the assistant answer ``reponse`` to the next message, by REST alone."""
        self.page.route("**/vendor/socket.io.min.js", lambda route: route.fulfill(status=200, content_type="text/javascript", body=""))
        self.page.route("**/webhooks/rest/webhook", lambda route: route.fulfill(status=200, content_type="application/json", body=json.dumps([reponse])))
        self.page.reload()
        return self.say("essai")

    def violations(self, ou: Any = None) -> list[str]:
        """Rules of axe-core that the page breaks, with the first element."""
        resultat = Axe().run(self.page if ou is None else ou).response
        return [f"{v['id']} : {v['help']} : {v['nodes'][0]['html'][:160]}" for v in resultat["violations"]]

    def overflow(self) -> int:
        """How far the page scrolls sideways, in pixels."""
        return int(
            self.page.evaluate(
                "Math.max(document.documentElement.scrollWidth - innerWidth, ...[...document.querySelectorAll('#fil')].map(e => e.scrollWidth - e.clientWidth))"
            )
        )


# Bytes of the files of the page, headers left out; the conversation itself is not the page.
transferred = """() => {
  const fichiers = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
    .filter((e) => !/socket\\.io\\/|webhooks/.test(new URL(e.name).pathname));
  return { fichiers: fichiers.reduce((n, e) => n + e.decodedBodySize, 0), reseau: fichiers.reduce((n, e) => n + e.encodedBodySize, 0), noms: fichiers.map((e) => new URL(e.name).pathname) };
}"""
