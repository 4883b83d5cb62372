"""« Which signs do you see? »: those of the spotting grid that the dialogue shows, against those that it does not."""

from __future__ import annotations

import hashlib

from knowledge.base import Base, Situation
from knowledge.formation.exercice import FAUX, JUSTE, Exercice, Insoluble, Option, shuffled, sources
from knowledge.formation.portes import solve_doors

_AUTRES = 3
_GENRES = ("signe", "evitement")
JUGEMENT = "La personne n'y met pas du sien."
_SANS_JUGER = "N-13"  # the row of reperage.csv that says to listen without judging


def solve_signs(situation: Situation, base: Base) -> Exercice:
    """The doors that follow are those of the base. Raises Insoluble when a sign left the grid, or without a door."""
    grille = {r.id: r for r in base.reperages if r.genre in _GENRES}
    vus = [grille[s] for s in situation.signes if s in grille]
    if not vus:
        raise Insoluble(f"« {situation.titre} » ({situation.id}) : la grille de repérage n'a plus les signes de cette situation.")
    orientation, portes = solve_doors(situation, base)
    options = [Option(r.id, r.texte, JUSTE, "Le dialogue le montre. Un seul signe ne prouve rien.", sources(base, ("reperage", r.id))) for r in vus]
    precis = [r for r in grille.values() if r not in vus and base.provenance("reperage", r.id)[0].source != "ctg-2021"]
    precis.sort(key=lambda r: hashlib.sha256(f"{situation.id}/{r.id}".encode()).digest())
    options += [
        Option(r.id, r.texte, FAUX, "C'est un signe de la grille, mais rien ici ne le montre.", sources(base, ("reperage", r.id))) for r in precis[:_AUTRES]
    ]
    posture = next((r for r in base.reperages if r.id == _SANS_JUGER), None)
    if posture:
        options.append(Option("jugement", JUGEMENT, FAUX, f"C'est un jugement, pas un signe. {posture.texte}", sources(base, ("reperage", posture.id))))
    justes = tuple(o for o in portes if o.valeur == JUSTE)
    question = "Quels signes de la grille de repérage voyez-vous ? Cochez-les."
    return Exercice(situation, question, shuffled(options, situation.id), True, (), orientation.relais, portes=justes)
