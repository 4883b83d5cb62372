"""Look-ups and decisions over one base, in a process of its own: ``python -m bench.echelle FICHIER`` prints its figures as JSON."""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from knowledge.annuaire import Annuaire, Filtres
from knowledge.base import Base
from knowledge.orient import Demande, orient

NOMBRE = 200
MOTS = ("logement", "crèche", "mission locale", "france services", "aide alimentaire", "rsa", "pmi", "illettrisme", "handicap", "centre social", "lire ecrire")


def percentiles(cas: Sequence[Any], mesurer: Callable[[Any], object]) -> dict[str, float]:
    """Milliseconds, after two that warm up."""
    for c in cas[:2]:
        mesurer(c)
    durees = []
    for c in cas:
        debut = time.perf_counter()
        mesurer(c)
        durees.append(1000 * (time.perf_counter() - debut))
    durees.sort()
    return {"p50": durees[len(durees) // 2], "p95": durees[int(0.95 * (len(durees) - 1))], "max": durees[-1]}


def resident() -> float:
    """Megabytes of this process."""
    ligne = next(x for x in Path("/proc/self/status").read_text().splitlines() if x.startswith("VmRSS"))
    return int(ligne.split()[1]) / 1024


def requests(base: Base, commune: bool, nombre: int) -> list[Demande]:
    hasard = random.Random(1)
    besoins, codes = list(base.besoins), list(base.communes)
    return [
        Demande(
            tuple(hasard.sample(besoins, hasard.choice((1, 1, 1, 2)))),
            hasard.choice(codes) if commune else None,
            (float(hasard.randint(1, 85)),) if hasard.random() < 0.5 else (),
        )
        for _ in range(nombre)
    ]


def filters(base: Base, nombre: int) -> list[Filtres]:
    """What an agent types: some words or a theme in a commune and around, or a whole name."""
    hasard = random.Random(2)
    codes, themes = list(base.communes), sorted({b.theme for b in base.besoins.values()})
    noms = [objet.nom for table in (base.services, base.structures, base.lieux) for objet in table.values()]
    tous = []
    for _ in range(nombre):
        commune, voisins = hasard.choice(codes), hasard.choice((0.0, 5.0, 10.0))
        tirage = hasard.random()
        if tirage < 0.5:
            tous.append(Filtres(mots=hasard.choice(MOTS), commune=commune, voisins=voisins))
        elif tirage < 0.75:
            tous.append(Filtres(theme=hasard.choice(themes), commune=commune, voisins=voisins))
        else:
            tous.append(Filtres(mots=hasard.choice(noms), commune=commune if tirage < 0.9 else None))
    return tous


def measure(chemin: Path, nombre: int = NOMBRE) -> dict[str, Any]:
    vide = resident()
    debut = time.perf_counter()
    base = Base.open(chemin)
    ouverte = time.perf_counter() - debut
    orient(requests(base, True, 1)[0], base)
    memoire = resident() - vide
    debut = time.perf_counter()
    annuaire = Annuaire(base)
    return {
        "lignes": {"communes": len(base.communes), "structures": len(base.structures), "services": len(base.services), "lieux": len(base.lieux)},
        "ouverture_s": ouverte,
        "memoire_mo": memoire,
        "annuaire_s": time.perf_counter() - debut,
        "memoire_annuaire_mo": resident() - vide - memoire,
        "chercher": percentiles(filters(base, nombre), annuaire.look_up),
        "chercher_sans_commune": percentiles([Filtres(mots=mots) for mots in MOTS], annuaire.look_up),
        "texte": percentiles(MOTS, base.search),
        "orienter": percentiles(requests(base, True, nombre), lambda d: orient(d, base)),
        "orienter_sans_commune": percentiles(requests(base, False, nombre // 4), lambda d: orient(d, base)),
    }


if __name__ == "__main__":
    print(json.dumps(measure(Path(sys.argv[1]))))
