"""Real servers, each a list of processes: started cold, weighed, and asked over REST by any number of users at once."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from bot.channel import PANNE

ATTENTE_S = 300  # a stock server on a busy machine takes more than a minute
TOURS = 8  # messages of one conversation


@dataclass(frozen=True)
class Commande:
    argv: tuple[str, ...]
    dossier: Path
    environ: dict[str, str]


@dataclass
class Serveur:
    """One assistant: the processes that it takes, and where it answers."""

    commandes: tuple[Commande, ...]
    port: int
    journal: Path
    processus: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/webhooks/rest/webhook"

    def start(self, message: str) -> float:
        """Seconds from the launch of its processes to the first answer. Raises RuntimeError when it never comes."""
        debut = time.perf_counter()
        with open(self.journal, "ab") as sortie:
            for c in self.commandes:
                self.processus.append(
                    subprocess.Popen(
                        c.argv, cwd=c.dossier, env=c.environ, stdout=sortie, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, start_new_session=True
                    )
                )
        while time.perf_counter() - debut < ATTENTE_S:
            if any(p.poll() is not None for p in self.processus):
                break
            if self._answers(message):
                return time.perf_counter() - debut
            time.sleep(0.02)
        self.stop()
        raise RuntimeError(f"pas de réponse ; voir {self.journal}")

    def _answers(self, message: str) -> bool:
        corps = json.dumps({"sender": "premier", "message": message}).encode()
        demande = urllib.request.Request(self.url, corps, {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(demande, timeout=ATTENTE_S) as reponse:
                return any(m.get("text") for m in json.load(reponse))
        except (urllib.error.URLError, OSError, ValueError):
            return False

    def memory(self) -> dict[str, float]:
        """Megabytes of its processes and of their children: resident, and each page counted once (PSS)."""
        total = {"rss": 0.0, "pss": 0.0}
        for pid in _family([p.pid for p in self.processus]):
            try:
                lignes = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
            except OSError:
                continue
            for ligne in lignes:
                nom, _, reste = ligne.partition(":")
                if nom.lower() in total:
                    total[nom.lower()] += int(reste.split()[0]) / 1024
        return total

    def stop(self) -> None:
        """Each process leads a session of its own, so its group holds it and its children, nothing else."""
        for p in self.processus:
            _signal(p, signal.SIGTERM)
        for p in self.processus:
            try:
                p.wait(20)
            except subprocess.TimeoutExpired:
                _signal(p, signal.SIGKILL)
                p.wait()
        self.processus.clear()


def _signal(p: subprocess.Popen[bytes], signe: signal.Signals) -> None:
    if p.poll() is None:
        os.killpg(p.pid, signe)


def _family(pids: Sequence[int]) -> set[int]:
    enfants: dict[int, list[int]] = {}
    for statut in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(statut.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        enfants.setdefault(parent, []).append(int(statut.parent.name))
    famille: set[int] = set()
    reste = list(pids)
    while reste:
        pid = reste.pop()
        if pid not in famille:
            famille.add(pid)
            reste += enfants.get(pid, [])
    return famille


@dataclass
class Mesure:
    """What users saw: milliseconds of each answer, errors, and the length of the whole."""

    ms: list[float] = field(default_factory=list)
    erreurs: int = 0
    secondes: float = 0.0

    def figures(self) -> dict[str, float]:
        rangees = sorted(self.ms) or [0.0]
        return {
            "reponses": len(self.ms),
            "erreurs": self.erreurs,
            "p50": rangees[len(rangees) // 2],
            "p95": rangees[int(0.95 * (len(rangees) - 1))],
            "max": rangees[-1],
            "par_seconde": len(self.ms) / self.secondes if self.secondes else 0.0,
        }


def ask(url: str, messages: Sequence[str], utilisateurs: int, nombre: int = 0, pause: float = 0.0, duree: float = 0.0) -> Mesure:
    """Users at once, each sending its messages one after the other: ``nombre`` in all, or for ``duree`` seconds with ``pause`` between two."""
    return asyncio.run(_ask(url, messages, utilisateurs, nombre, pause, duree))


async def _ask(url: str, messages: Sequence[str], utilisateurs: int, nombre: int, pause: float, duree: float) -> Mesure:
    mesure = Mesure()
    debut = time.perf_counter()
    marque = f"{time.time_ns()}"

    async def user(rang: int, session: aiohttp.ClientSession) -> None:
        # Users do not all speak at the same instant.
        await asyncio.sleep(pause * rang / utilisateurs)
        n = 0
        while time.perf_counter() - debut < duree if duree else n * utilisateurs + rang < nombre:
            corps = {"sender": f"{marque}-{rang}-{n // TOURS}", "message": messages[(rang * 37 + n) % len(messages)]}
            t = time.perf_counter()
            try:
                async with session.post(url, json=corps) as reponse:
                    textes = [m.get("text") for m in await reponse.json(content_type=None)]
                    bon = reponse.status == 200 and any(textes) and PANNE not in textes
            except (aiohttp.ClientError, asyncio.TimeoutError, ValueError):
                bon = False
            if bon:
                mesure.ms.append(1000 * (time.perf_counter() - t))
            else:
                mesure.erreurs += 1
            n += 1
            await asyncio.sleep(pause)

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), timeout=aiohttp.ClientTimeout(total=120)) as session:
        await asyncio.gather(*(user(rang, session) for rang in range(utilisateurs)))
    mesure.secondes = time.perf_counter() - debut
    return mesure
