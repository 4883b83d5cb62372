"""A real server for tests: the launcher in a process of its own, on a free port."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowledge.build import ROOT


@dataclass
class Server:
    url: str
    processus: subprocess.Popen[str]
    demarrage: float  # seconds from launch to « Prêt »
    journal: Path
    dossier: Path

    def post(self, corps: bytes, delai: float = 30) -> tuple[int, Any]:
        demande = urllib.request.Request(f"{self.url}/webhooks/rest/webhook", corps, {"Content-Type": "application/json"})
        with urllib.request.urlopen(demande, timeout=delai) as reponse:
            return reponse.status, json.loads(reponse.read())

    def say(self, message: Any, qui: str = "essai") -> dict[str, Any]:
        statut, messages = self.post(json.dumps({"sender": qui, "message": message}).encode())
        assert statut == 200
        assert len(messages) == 1, messages
        return messages[0]


def free_port() -> int:
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        return int(prise.getsockname()[1])


def launch(dossier: Path, port: int, commande: Sequence[str] = ("bot", "run"), **environ: str) -> tuple[subprocess.Popen[str], Path]:
    journal = dossier / "journal.txt"
    sortie = open(journal, "w", encoding="utf-8")  # noqa: SIM115 - closed with the process
    processus = subprocess.Popen(
        [sys.executable, "-m", *commande],
        cwd=ROOT,
        stdout=sortie,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "TABLE_PORT": str(port), "TABLE_VAR": str(dossier), **environ},
    )
    return processus, journal


@contextmanager
def running(dossier: Path, commande: Sequence[str] = ("bot", "run"), **environ: str) -> Iterator[Server]:
    """A server ready to answer; fails with its log when it does not start in 120 s."""
    port = free_port()
    debut = time.perf_counter()
    processus, journal = launch(dossier, port, commande, **environ)
    try:
        while "Prêt" not in journal.read_text(encoding="utf-8"):
            if processus.poll() is not None or time.perf_counter() - debut > 120:
                raise AssertionError(f"le serveur n'a pas démarré :\n{journal.read_text(encoding='utf-8')[-3000:]}")
            time.sleep(0.1)
        yield Server(f"http://127.0.0.1:{port}", processus, time.perf_counter() - debut, journal, dossier)
    finally:
        processus.terminate()
        try:
            processus.wait(20)
        except subprocess.TimeoutExpired:
            processus.kill()
