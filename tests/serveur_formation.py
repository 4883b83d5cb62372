"""Training as it is served, without Rasa: « python -m tests.serveur_formation PORT BASE DOSSIER » serves; ``serving`` is for the tests."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError

from sanic import Sanic

from bot.annuaire_pages import add_directory
from bot.assistant import Assistant
from bot.formation.routes import add_training
from bot.pages import add_pages
from bot.settings import Settings
from knowledge.base import Base
from knowledge.build import ROOT
from tests.serveur import free_port


def make_app(base: Base, dossier: Path) -> Sanic:
    aide, reglages = Assistant(base), Settings(dossier=dossier)
    aide.understand("logement d'un jeune")  # the first message loads what is lazy, as the launcher has it do
    app = Sanic("formation_essai", configure_logging=False)
    add_pages(app, aide, reglages)
    add_directory(app, aide)
    add_training(app, aide, reglages)
    return app


class Serveur:
    """A process that can be killed and started again on the same port and folder."""

    def __init__(self, base: Path, dossier: Path) -> None:
        self.base, self.dossier = base, dossier
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.processus: subprocess.Popen[bytes] | None = None

    def start(self) -> Serveur:
        arguments = [sys.executable, "-m", "tests.serveur_formation", str(self.port), str(self.base), str(self.dossier)]
        self.processus = subprocess.Popen(arguments, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)})
        limite = time.monotonic() + 120
        while time.monotonic() < limite and self.processus.poll() is None:
            try:
                urllib.request.urlopen(f"{self.url}/formation", timeout=5).close()
                return self
            except (URLError, OSError):
                time.sleep(0.1)
        raise AssertionError("le serveur de formation ne démarre pas")

    def kill(self) -> None:
        """As a power cut does to a process."""
        if self.processus:
            self.processus.kill()
            self.processus.wait(10)


@contextmanager
def serving(base: Path, dossier: Path) -> Iterator[Serveur]:
    serveur = Serveur(base, dossier)
    try:
        yield serveur.start()
    finally:
        serveur.kill()


if __name__ == "__main__":
    make_app(Base.open(Path(sys.argv[2])), Path(sys.argv[3])).run("127.0.0.1", int(sys.argv[1]), motd=False, access_log=False, debug=False)
