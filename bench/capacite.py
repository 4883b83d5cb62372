"""Measure how many agents one and two workers carry, and write the tables of docs/deploiement.md: ``python -m bench.capacite``.

Needs what ``make test-scale`` needs. The agents, nginx, PostgreSQL, Redis and the workers share one machine.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime
import math
import os
import statistics
import sys
import time
from dataclasses import dataclass

from bench.charge import CONVERSATIONS, talk, users
from bench.grappe import Cluster, Missing, cluster
from knowledge.__main__ import FrenchParser
from knowledge.build import ROOT
from knowledge.docs import replace_block
from knowledge.text import plural

DOC = ROOT / "docs" / "deploiement.md"
ENTRE_S = 5.0
AGENTS_SATURATION = 16

# What the extrapolation assumes; every line of it is said in the page.
POSTES_PAR_MAIRIE = 3
EN_CONVERSATION = 0.5
SECONDES_ENTRE_MESSAGES = 30
OCCUPATION = 0.5
OUVRIERS_DE_RESERVE = 1
MESSAGES_PAR_POSTE_ET_JOUR = 100
SOCLE_MO = 1500  # system, PostgreSQL, Redis and nginx
TERRITOIRES = (("un CCAS", 1), ("une agglomération", 100), ("un département", 900))


@dataclass(frozen=True)
class Measure:
    ouvriers: int
    agents: int
    entre_s: float
    par_s: float
    p50_ms: float
    p95_ms: float
    renvois: int
    pertes: int
    memoire_mo: float  # resident memory of the largest worker
    processeur_ms: float  # of a worker, for one answer


def parser() -> argparse.ArgumentParser:
    p = FrenchParser(prog="python -m bench.capacite", description="Mesure combien d'agents portent un et deux ouvriers, et écrit docs/deploiement.md.")
    p.add_argument("--agents", type=int, nargs="+", default=[10, 50, 100, 200], metavar="N", help="nombres d'agents à essayer")
    p.add_argument("--secondes", type=float, default=30, metavar="S", help="durée de chaque mesure")
    p.add_argument("--afficher", action="store_true", help="affiche sans rien écrire")
    return p


async def measure(grappe: Cluster, agents: int, duree_s: float, entre_s: float) -> Measure:
    debut, avant = time.perf_counter(), sum(o.cpu_s() for o in grappe.ouvriers)
    async with users(grappe.url, agents) as tous:
        pertes = await talk(tous, CONVERSATIONS, duree_s, entre_s)
        duree = time.perf_counter() - debut
    durees = [1000 * r.duree_s for a in tous for r in a.reponses]
    return Measure(
        len(grappe.ouvriers),
        agents,
        entre_s,
        len(durees) / duree,
        statistics.median(durees),
        statistics.quantiles(durees, n=20)[-1],
        sum(r.renvois for a in tous for r in a.reponses),
        pertes,
        max(o.resident_mb() for o in grappe.ouvriers),
        1000 * (sum(o.cpu_s() for o in grappe.ouvriers) - avant) / len(durees),
    )


def measure_all(ouvriers: int, agents: list[int], secondes: float) -> tuple[list[Measure], float]:
    """Measures of every load, then of as many answers as it can give; and the bytes that a message takes in PostgreSQL."""
    with cluster(ouvriers) as grappe:
        asyncio.run(measure(grappe, 4, 5, 0))  # what is lazy is loaded before anything is measured
        mesures = [asyncio.run(measure(grappe, n, secondes, ENTRE_S)) for n in agents]
        mesures.append(asyncio.run(measure(grappe, AGENTS_SATURATION, secondes, 0)))
        [(octets, messages)] = grappe.sql("SELECT pg_total_relation_size('events'), count(*) FROM events WHERE type_name = 'user'")
        return mesures, octets / messages


def french(valeur: float, decimales: int = 0) -> str:
    return f"{valeur:.{decimales}f}".replace(".", ",")


def measured_table(mesures: list[Measure]) -> list[str]:
    lignes = [
        "| ouvriers | agents | un message toutes les | réponses par seconde | p50 | p95 | messages renvoyés | messages perdus | mémoire par ouvrier | processeur par réponse |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for m in mesures:
        rythme = f"{french(m.entre_s)} s" if m.entre_s else "sans pause"
        vitesse = f"{french(m.par_s, 1)} | {french(m.p50_ms)} ms | {french(m.p95_ms)} ms"
        lignes.append(
            f"| {m.ouvriers} | {m.agents} | {rythme} | {vitesse} | {m.renvois} | {m.pertes} | {french(m.memoire_mo)} Mo | {french(m.processeur_ms)} ms |"
        )
    return lignes


def extrapolated_table(par_s: float, memoire_mo: float, octets: float) -> list[str]:
    """On paper: what a territory needs, from the most that one core gives."""
    lignes = [
        "| territoire | postes | messages par seconde à l'heure pleine | ouvriers (cœurs) | mémoire en tout | PostgreSQL, par jour gardé |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for nom, mairies in TERRITOIRES:
        postes = mairies * POSTES_PAR_MAIRIE
        debit = postes * EN_CONVERSATION / SECONDES_ENTRE_MESSAGES
        ouvriers = 1 if mairies == 1 else max(2, math.ceil(debit / (par_s * OCCUPATION)) + OUVRIERS_DE_RESERVE)
        memoire = (ouvriers * memoire_mo + SOCLE_MO) / 1000
        disque = "SQLite suffit" if mairies == 1 else f"{french(postes * MESSAGES_PAR_POSTE_ET_JOUR * octets / 1e6)} Mo"
        lignes.append(f"| {nom} ({plural(mairies, 'mairie')}) | {postes} | {french(debit, 2)} | {ouvriers} | {french(memoire, 1)} Go | {disque} |")
    return lignes


def page(mesures: list[Measure], octets: float) -> str:
    seul = next(m for m in mesures if m.ouvriers == 1 and not m.entre_s)
    # From processor time, which other programs of the machine change little: the answers a second that were seen are theirs too.
    par_s = 1000 / seul.processeur_ms
    jour = datetime.date.today().strftime("%d/%m/%Y")
    return "\n".join(
        [
            f"Mesuré le {jour} par `python -m bench.capacite`, sur une machine de {os.cpu_count()} cœurs où tournent aussi les agents simulés, nginx (HTTPS),",
            f"PostgreSQL et Redis. Charge moyenne de la machine sur les 15 dernières minutes, ces mesures comprises : {french(os.getloadavg()[2], 1)}.",
            "Un agent sur deux passe par Socket.IO, l'autre par REST. p95 : 95 réponses sur 100 arrivent en moins de temps.",
            "",
            *measured_table(mesures),
            "",
            f"Un message prend {french(octets / 1000, 1)} Ko dans PostgreSQL.",
            "",
            "Calculé, pas mesuré :",
            "",
            *extrapolated_table(par_s, seul.memoire_mo, octets),
            "",
            "Hypothèses :",
            "",
            f"- {POSTES_PAR_MAIRIE} postes par mairie ; à l'heure pleine, un poste sur {round(1 / EN_CONVERSATION)} est en conversation et envoie un message toutes les {SECONDES_ENTRE_MESSAGES} s.",
            f"- Une réponse prend {french(seul.processeur_ms)} ms de processeur (1 ouvrier, « sans pause ») : {french(par_s)} par seconde et par cœur au plus ; on ne le remplit qu'à {french(100 * OCCUPATION)} %.",
            f"- {OUVRIERS_DE_RESERVE} ouvrier de plus que le calcul, pour qu'une panne ne se voie pas ; jamais moins de 2 au-delà d'une commune.",
            "- Un cœur par ouvrier. Les ouvriers ne se gênent pas entre eux : ces mesures ne le montrent que jusqu'à 2.",
            f"- {french(SOCLE_MO / 1000, 1)} Go pour le système, PostgreSQL, Redis et nginx ensemble.",
            f"- {MESSAGES_PAR_POSTE_ET_JOUR} messages par poste et par jour. Avec la purge par défaut, rien ne reste plus d'une heure et demie.",
        ]
    )


def main(arguments: list[str] | None = None) -> int:
    options = parser().parse_args(arguments)
    try:
        un, octets = measure_all(1, options.agents, options.secondes)
        deux, _ = measure_all(2, options.agents, options.secondes)
    except Missing as manque:
        print(manque, file=sys.stderr)
        return 1
    texte = page([*un, *deux], octets)
    if options.afficher:
        print(texte)
        return 0
    DOC.write_text(replace_block(DOC.read_text(encoding="utf-8"), "capacite", texte), encoding="utf-8")
    print(f"{DOC.relative_to(ROOT)} est à jour.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
