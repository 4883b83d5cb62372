"""A process that has loaded all that a server needs and forks one in a moment, so that fifty can be killed in the time of five.

Each child is the real server, from its application to its files; only the reading of libraries and vectors is shared.
« python -m tests.serveur_souche » reads a line of JSON for each server: its port, its folder (TABLE_VAR) and its log.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from knowledge.build import ROOT
from tests.serveur import Server, free_port


class Souche:
    """Starts and kills servers, one at a time."""

    def __init__(self, processus: subprocess.Popen[str]) -> None:
        self._processus = processus
        self._port = free_port()
        self.pid = 0

    def start(self, dossier: Path, journal: Path) -> Server:
        """A new server, ready to answer."""
        assert self._processus.stdin and self._processus.stdout
        journal.write_text("")
        print(json.dumps({"port": self._port, "dossier": str(dossier), "journal": str(journal)}), file=self._processus.stdin, flush=True)
        debut = time.monotonic()
        self.pid = int(self._processus.stdout.readline())
        while "Prêt" not in journal.read_text(encoding="utf-8"):
            if time.monotonic() - debut > 120 or not self.alive():
                raise AssertionError(f"le serveur ne démarre pas :\n{journal.read_text(encoding='utf-8')[-2000:]}")
            time.sleep(0.02)
        return Server(f"http://127.0.0.1:{self._port}", self._processus, time.monotonic() - debut, journal, dossier)

    def alive(self) -> bool:
        return Path(f"/proc/{self.pid}/stat").exists() and Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"

    def kill(self) -> None:
        """As a power cut does to a process; back when it is dead."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        assert self._processus.stdout
        assert int(self._processus.stdout.readline()) == self.pid
        self.pid = 0

    @contextmanager
    def serving(self, dossier: Path, journal: Path) -> Iterator[Server]:
        try:
            yield self.start(dossier, journal)
        finally:
            self.kill()


@pytest.fixture(scope="session")
def souche() -> Iterator[Souche]:
    processus = subprocess.Popen([sys.executable, "-m", "tests.serveur_souche"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    une = Souche(processus)
    try:
        yield une
    finally:
        if une.pid:
            une.kill()
        processus.kill()
        processus.wait(10)


def _serve_each_line() -> None:
    from bot.__main__ import quiet

    quiet()
    from bot import light_rasa, settings

    light_rasa.install()
    from bot.annuaire_pages import Directory
    from bot.assistant import assistant
    from bot.prepare import MODELE
    from bot.server import serve
    from bot.understanding import known_words
    from bot.understanding.french import tokens
    from knowledge.formation.quiz import questions
    from knowledge.formation.solve import solve_all

    aide = assistant()
    aide.ask("logement d'un jeune")
    tokens("logement d'un jeune")
    known_words.follow(aide.base)
    for faire in (Directory, solve_all, questions):
        aide.base.derived(faire)
    for ligne in sys.stdin:
        voulu = json.loads(ligne)
        enfant = os.fork()
        if not enfant:
            journal = os.open(voulu["journal"], os.O_WRONLY | os.O_APPEND)
            os.dup2(journal, 1)
            os.dup2(journal, 2)
            serve(MODELE, settings.load({"TABLE_PORT": str(voulu["port"]), "TABLE_VAR": voulu["dossier"]}))
            os._exit(0)
        print(enfant, flush=True)
        os.waitpid(enfant, 0)
        print(enfant, flush=True)


if __name__ == "__main__":
    _serve_each_line()
