"""Command line of the assistant: ``python -m bot run | ask | prepare | besoins | formation | purge``."""

from __future__ import annotations

import argparse
import errno
import json
import logging
import os
import sqlite3
import sys
import time
import warnings
from typing import Any

from bot import settings
from knowledge.__main__ import FrenchParser
from knowledge.base import BaseUnavailable
from knowledge.build import ROOT, SourcesRefused
from knowledge.text import plural


def parser() -> FrenchParser:
    racine = FrenchParser(prog="python -m bot", description="L'assistant Table d'orientation.")
    commandes = racine.add_subparsers(dest="commande", required=True, metavar="commande")
    aide = "prépare la base et le modèle, puis sert la page"
    commandes.add_parser("run", help=aide, description=aide)
    aide = "prépare la base et le modèle, sans servir"
    commandes.add_parser("prepare", help=aide, description=aide)
    aide = "répond à un message sans serveur"
    commande = commandes.add_parser("ask", help=aide, description=aide)
    commande.add_argument("message", nargs="+", help="le message ; plusieurs messages font une conversation")
    commande.add_argument("--explain", action="store_true", help="montre aussi ce qui a été compris")
    aide = "montre les besoins que la base n'a pas couverts, comptés sans un mot des personnes"
    commandes.add_parser("besoins", help=aide, description=aide)
    aide = "montre les indicateurs des sessions de formation : sessions, participants, quiz avant et après"
    commandes.add_parser("formation", help=aide, description=aide)
    aide = "efface toutes les conversations gardées, sans retour possible"
    commande = commandes.add_parser("purge", help=aide, description=aide)
    commande.add_argument("--besoins", action="store_true", help="efface aussi le compte des besoins non couverts")
    return racine


def quiet() -> None:
    """Silence the deprecations of the pinned stack and its chatter, never our own warnings."""
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    os.environ.setdefault("LOG_LEVEL", "ERROR")
    os.environ.setdefault("LOG_LEVEL_LIBRARIES", "ERROR")
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    # Threads that wait for the next question must leave the processor to others, and to the answer in hand.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    montrer = warnings.showwarning

    def ours_only(message: Any, category: Any, filename: str, *suite: Any, **options: Any) -> None:
        # Libraries reset the filters as they are imported, so the choice is made where a warning is shown.
        if str(ROOT) in filename and ".venv" not in filename:
            montrer(message, category, filename, *suite, **options)

    warnings.showwarning = ours_only  # type: ignore[assignment]
    logging.getLogger().setLevel(logging.ERROR)


def main(arguments: list[str] | None = None) -> int:
    options = parser().parse_args(arguments)
    quiet()
    try:
        return {"run": _run, "prepare": _prepare, "ask": _ask, "besoins": _besoins, "formation": _formation, "purge": _purge}[options.commande](options)
    except (BaseUnavailable, settings.BadSetting) as erreur:
        print(erreur, file=sys.stderr)
    except SourcesRefused as refus:
        print(refus, file=sys.stderr)
        print("La base n'a pas changé. Corrigez les sources, puis relancez.", file=sys.stderr)
    except OSError as erreur:
        if isinstance(erreur, BrokenPipeError):
            # The reader of the pipe left; nothing more to say to it.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 1
        if erreur.errno != errno.EADDRINUSE:
            raise
        print("Le port est déjà pris. Fermez l'autre programme, ou choisissez un autre TABLE_PORT.", file=sys.stderr)
    except sqlite3.Error:
        print("Un fichier du dossier de TABLE_VAR ne se lit pas : il est abîmé, ou d'un autre programme. Déplacez-le, puis relancez.", file=sys.stderr)
    except KeyboardInterrupt:
        print("\nArrêté.")
        return 0
    return 1


def _prepare(_: argparse.Namespace) -> int:
    from bot import light_rasa

    light_rasa.install()
    from bot.prepare import Steps, prepare_base, prepare_model

    etapes = Steps(2)
    prepare_base(etapes)
    prepare_model(etapes)
    return 0


def _run(_: argparse.Namespace) -> int:
    debut = time.perf_counter()
    reglages = settings.load()
    from bot import light_rasa

    light_rasa.install()
    from bot.prepare import MODELE, Steps, prepare_base, prepare_model

    etapes = Steps(3)
    prepare_base(etapes)
    prepare_model(etapes)
    # One message is too little for two threads; learning, when there was some, has read this already.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    t = etapes.start("Démarrage du serveur")
    from bot.server import serve

    etapes.end(t, f"lancé, {time.perf_counter() - debut:.1f} s depuis le début")
    serve(MODELE, reglages)
    return 0


def _ask(options: argparse.Namespace) -> int:
    from bot.assistant import assistant
    from knowledge.request import Cadre

    aide = assistant()
    cadre = Cadre()
    for message in options.message:
        compris, reponse, cadre = aide.ask(message, cadre)
        if options.explain:
            print(json.dumps({**compris.to_json(), "cadre": cadre.to_slots()}, ensure_ascii=False, indent=1))
        print(reponse.texte)
        for bouton in reponse.boutons:
            print(f"  [{bouton}]")
        print()
    return 0


def _besoins(_: argparse.Namespace) -> int:
    from bot import unmet
    from knowledge.base import Base

    manques = unmet.read(settings.load().dossier)
    if not manques:
        print("Aucun besoin non couvert n'a été compté.")
    base = Base.open()
    for manque in manques:
        commune = base.communes[manque.code_insee].nom if manque.code_insee in base.communes else "commune non dite"
        print(f"{manque.nombre:5d}  {manque.theme} · {commune} · {manque.raison}")
    return 0


def _formation(_: argparse.Namespace) -> int:
    from bot.formation.bilan import indicators

    for ligne in indicators(settings.load().dossier):
        print(ligne)
    return 0


def _purge(options: argparse.Namespace) -> int:
    from bot import conservation, unmet

    dossier = settings.load().dossier
    conversations, lignes = conservation.purge(dossier)
    print(f"{plural(conversations, 'conversation effacée', 'conversations effacées')} ({plural(lignes, 'ligne')}) dans {dossier / conservation.FICHIER}.")
    comptes = dossier / unmet.FICHIER
    if options.besoins:
        comptes.unlink(missing_ok=True)
        print("Le compte des besoins non couverts est effacé.")
    else:
        print("Le compte des besoins non couverts reste : il ne contient aucun mot des personnes. Pour l'effacer aussi : --besoins.")
    print("Les sessions de formation ont leur propre durée : TABLE_FORMATION_MOIS.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
