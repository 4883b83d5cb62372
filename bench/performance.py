"""Speed, in one go on one machine: stock Rasa beside ours, and the base a thousand times as large. ``python -m bench.performance``.

Writes docs/performance.md between its markers. A part that fails is said so in its table and does not stop the others.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import origine, performance_doc, serveurs
from bench.serveurs import Commande, Serveur
from bot.understanding.corpus import read_corpus
from knowledge.__main__ import FrenchParser
from knowledge.base import Base
from knowledge.build import ROOT

DOSSIER = ROOT / "var" / "bench" / "performance"
PROJET = ("actions", "bot", "knowledge", "data", "config.yml", "domain.yml", "endpoints.yml", "credentials.yml")
Resultats = dict[str, Any]


@dataclass(frozen=True)
class Tailles:
    """How much is measured; the small one is for the test that each part runs."""

    departs: int = 5
    departs_origine: int = 3
    messages: int = 400
    memoire_apres: int = 100
    minutes: float = 5.0
    minutes_origine: float = 1.0
    epoques: int = 6
    echelles: tuple[int, ...] = (1, 100, 1000)
    requetes: int = 200
    port: int = 5140


def parser() -> argparse.ArgumentParser:
    p = FrenchParser(prog="python -m bench.performance", description="Mesure la vitesse et la mémoire, à côté de Rasa d'origine, et écrit docs/performance.md.")
    p.add_argument("--minutes", type=float, default=Tailles.minutes, help="durée de l'épreuve à 50 personnes (5 par défaut)")
    p.add_argument("--epoques", type=int, default=Tailles.epoques, help="époques d'apprentissage de Rasa d'origine (6 par défaut)")
    p.add_argument("--port", type=int, default=Tailles.port, help="premier de trois ports libres (5140 par défaut)")
    p.add_argument("--sans-origine", action="store_true", help="ne mesure pas Rasa d'origine ; affiche sans rien écrire")
    p.add_argument("--echelles", default="1,100,1000", help="tailles de la base, séparées par des virgules")
    p.add_argument("--departs", type=int, default=Tailles.departs, help="démarrages mesurés (5 par défaut, 3 au plus pour Rasa d'origine)")
    return p


def main(arguments: list[str] | None = None) -> int:
    o = parser().parse_args(arguments)
    tailles = Tailles(
        departs=o.departs,
        departs_origine=min(o.departs, 3),
        minutes=o.minutes,
        epoques=o.epoques,
        port=o.port,
        echelles=tuple(int(n) for n in o.echelles.split(",") if n),
    )
    resultats = run(tailles, not o.sans_origine)
    blocs = performance_doc.blocks(resultats)
    if o.sans_origine:
        for nom, bloc in blocs.items():
            print(f"\n== {nom}\n\n{bloc}")
        return 0
    performance_doc.write(blocs)
    print(f"{performance_doc.DOC.relative_to(ROOT)} écrit")
    return 0


def run(tailles: Tailles, avec_origine: bool, dossier: Path = DOSSIER) -> Resultats:
    """Every part in turn; what each gave, kept on disk as it comes."""
    debut = time.perf_counter()
    shutil.rmtree(dossier, ignore_errors=True)
    dossier.mkdir(parents=True)
    resultats: Resultats = {"tailles": vars(tailles) | {"echelles": list(tailles.echelles)}, "charge_debut": os.getloadavg()[0]}

    def part(nom: str, mesurer: Callable[[], Any]) -> None:
        print(f"[{time.perf_counter() - debut:6.0f} s] {nom}", flush=True)
        try:
            resultats[nom] = mesurer()
        except Exception as erreur:  # noqa: BLE001 - one part must not cost the others; the table says what is missing
            resultats[nom] = {"echec": f"{type(erreur).__name__} : {erreur}"}
            print(f"           {nom} : échec, {erreur}", flush=True)
        resultats["duree_s"] = time.perf_counter() - debut
        (dossier / "mesures.json").write_text(json.dumps(resultats, ensure_ascii=False, indent=1), encoding="utf-8")

    part("apprendre_nous", lambda: learn_ours(dossier))
    if avec_origine:
        part("apprendre_origine", lambda: learn_stock(dossier, tailles))
    part("nous", lambda: measure_server(ours(dossier, tailles.port), tailles.departs, tailles.minutes, tailles))
    if avec_origine:
        part("origine", lambda: measure_server(stock_server(dossier, tailles), tailles.departs_origine, tailles.minutes_origine, tailles))
    part("etapes", lambda: in_a_process("bench.etapes", dossier / "nous", str(tailles.requetes)))
    for fois in tailles.echelles:
        part(f"echelle_{fois}", lambda fois=fois: measure_scale(dossier, fois))  # type: ignore[misc]
    return resultats


def environ(dossier: Path, **autres: str) -> dict[str, str]:
    """The same for both: code compiled once and kept, as after any installation; no word to the editor of Rasa."""
    base = {cle: v for cle, v in os.environ.items() if cle not in ("PYTHONDONTWRITEBYTECODE", "PYTHONPATH") and not cle.startswith("TABLE_")}
    compiles = {"PYTHONPYCACHEPREFIX": str(dossier / "compile")}
    calme = {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3", "LOG_LEVEL": "ERROR", "SQLALCHEMY_SILENCE_UBER_WARNING": "1"}
    return {**base, **compiles, **calme, **autres}


def phrases(nombre: int) -> list[str]:
    """Messages of the corpus, as often of each kind as it holds."""
    textes = [e.texte for e in read_corpus()]
    return random.Random(3).sample(textes, min(nombre, len(textes)))


# ---- training


def learn_ours(dossier: Path) -> Resultats:
    """A first launch: nothing built, nothing learnt, no cache; in a copy of the project."""
    copie = dossier / "nous"
    for nom in PROJET:
        source = ROOT / nom
        if source.is_dir():
            shutil.copytree(source, copie / nom, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            copie.mkdir(exist_ok=True)
            shutil.copy2(source, copie / nom)
    debut = time.perf_counter()
    suite = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "bot", "prepare"],
        cwd=copie,
        env=environ(dossier, RASA_CACHE_DIRECTORY=str(copie / "cache")),
        capture_output=True,
        text=True,
        check=False,
    )
    if suite.returncode:
        raise RuntimeError(suite.stderr[-300:])
    return {"secondes": time.perf_counter() - debut}


_AVANCE = re.compile(r"(\d+)/(\d+) \[(?:(\d+):)?(\d+):(\d+)<")


def learn_stock(dossier: Path, tailles: Tailles) -> Resultats:
    """``rasa train`` on the same phrases; seconds in all, and seconds of the epochs as the progress bar of DIET counts them."""
    projet = dossier / "origine"
    empreinte = origine.write(read_corpus(), Base.open(), projet, tailles.epoques, tailles.port + 2)
    argv = [sys.executable, "-W", "ignore", "-m", "rasa", "train", "--fixed-model-name", empreinte]
    debut = time.perf_counter()
    suite = subprocess.run(argv, cwd=projet, env=environ(dossier, RASA_CACHE_DIRECTORY=str(projet / "cache")), capture_output=True, text=True, check=False)
    secondes = time.perf_counter() - debut
    (dossier / "origine.log").write_text(suite.stdout + suite.stderr, encoding="utf-8")
    if suite.returncode:
        raise RuntimeError(f"rasa train a échoué ; voir {dossier / 'origine.log'}")
    resultat: Resultats = {"secondes": secondes, "epoques": tailles.epoques}
    fins = [m for m in _AVANCE.finditer(suite.stderr + suite.stdout) if m[1] == m[2] == str(tailles.epoques)]
    if fins:
        resultat["secondes_epoques"] = int(fins[-1][3] or 0) * 3600 + int(fins[-1][4]) * 60 + int(fins[-1][5])
    return resultat


# ---- servers


def ours(dossier: Path, port: int) -> Serveur:
    copie = dossier / "nous"
    commande = Commande((sys.executable, "-m", "bot", "run"), copie, environ(dossier, TABLE_PORT=str(port), TABLE_VAR=str(copie / "var")))
    return Serveur((commande,), port, dossier / "nous.log")


def stock_server(dossier: Path, tailles: Tailles) -> Serveur:
    projet, port = dossier / "origine", tailles.port + 1
    # The action reads the base through our code; nothing else of ours is on its path.
    commun = environ(dossier, PYTHONPATH=str(dossier / "nous"))
    rasa = (sys.executable, "-W", "ignore", "-m", "rasa", "run")
    serveur = Commande((*rasa, "--port", str(port), "-i", "127.0.0.1", "--endpoints", "endpoints.yml", "--credentials", "credentials.yml"), projet, commun)
    # Its own working directory: « rasa run actions » takes the module « actions » from there.
    actions = Commande((*rasa, "actions", "--port", str(tailles.port + 2)), projet, commun)
    return Serveur((serveur, actions), port, dossier / "origine_serveur.log")


def measure_server(serveur: Serveur, departs: int, minutes: float, tailles: Tailles) -> Resultats:
    messages = phrases(tailles.messages)
    # The first start compiles the libraries; an installation does it once.
    serveur.start(messages[0])
    serveur.stop()
    secondes = []
    for _ in range(departs):
        secondes.append(serveur.start(messages[0]))
        serveur.stop()
    serveur.start(messages[0])
    try:
        resultat: Resultats = {"depart": {"min": min(secondes), "median": statistics.median(secondes), "max": max(secondes), "fois": departs}}
        serveurs.ask(serveur.url, messages, 1, tailles.memoire_apres)
        resultat["memoire"] = serveur.memory()
        resultat["seul"] = serveurs.ask(serveur.url, messages, 1, tailles.messages // 2).figures()
        resultat["dix"] = serveurs.ask(serveur.url, messages, 10, tailles.messages).figures()
        resultat["cinquante"] = serveurs.ask(serveur.url, messages, 50, tailles.messages).figures()
        resultat["guichets"] = serveurs.ask(serveur.url, messages, 50, pause=5.0, duree=60 * minutes).figures() | {"minutes": minutes}
        resultat["memoire_fin"] = serveur.memory()
        return resultat
    finally:
        serveur.stop()


# ---- in processes of their own


def in_a_process(module: str, dossier: Path, *arguments: str) -> Resultats:
    env = environ(DOSSIER, OMP_WAIT_POLICY="passive", OPENBLAS_NUM_THREADS="1") | {"PYTHONPATH": f"{dossier}{os.pathsep}{ROOT}"}
    suite = subprocess.run([sys.executable, "-W", "ignore", "-m", module, *arguments], cwd=dossier, env=env, capture_output=True, text=True, check=False)
    if suite.returncode:
        raise RuntimeError(suite.stderr[-300:])
    mesures: Resultats = json.loads(suite.stdout.splitlines()[-1])
    return mesures


def measure_scale(dossier: Path, fois: int) -> Resultats:
    chemin = dossier / f"base-{fois}.db"
    debut = time.perf_counter()
    # Written in a process of its own: some gigabytes of rows go away with it.
    ecrire = f"from pathlib import Path; from bench import territoire; territoire.write(Path({str(chemin)!r}), {fois})"
    suite = subprocess.run([sys.executable, "-c", ecrire], cwd=ROOT, env=environ(dossier), capture_output=True, text=True, check=False)
    if suite.returncode:
        raise RuntimeError(suite.stderr[-300:])
    ecrite = time.perf_counter() - debut
    mesures = in_a_process("bench.echelle", ROOT, str(chemin))
    return mesures | {"ecrite_s": ecrite, "taille_mo": chemin.stat().st_size / 1e6}


if __name__ == "__main__":
    sys.exit(main())
