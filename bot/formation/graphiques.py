"""Plain bars in SVG, readable without colour: full, striped, empty. The numbers stand beside them in the page."""

from __future__ import annotations

from html import escape

from bot.formation.comptes import Comptes, Score
from knowledge.text import plural

_LARGEUR = 200
_HAUTEUR = 14
_RAYURE = 6


def result_bar(comptes: Comptes) -> str:
    """Right answers full, near ones striped, wrong ones empty."""
    dit = f"{plural(comptes.juste, 'juste')}, {plural(comptes.proche, 'proche')}, {plural(comptes.faux, 'fausse')}"
    if not comptes.total:
        return _svg("Aucune réponse", "")
    morceaux = []
    x = 0.0
    for genre, nombre in (("juste", comptes.juste), ("proche", comptes.proche), ("faux", comptes.faux)):
        largeur = _LARGEUR * nombre / comptes.total
        if nombre:
            morceaux.append(f'<rect class="part-{genre}" x="{x:.1f}" y="1" width="{largeur:.1f}" height="{_HAUTEUR - 2}"/>')
        if genre == "proche" and nombre:
            traits = "".join(f"M{x + pas:.1f} 1V{_HAUTEUR - 1}" for pas in range(_RAYURE // 2, int(largeur), _RAYURE))
            morceaux.append(f'<path class="rayures" d="{traits}"/>' if traits else "")
        x += largeur
    return _svg(dit, "".join(morceaux))


def progress_bar(fait: int, total: int) -> str:
    """How far someone is."""
    largeur = _LARGEUR * min(fait, total) / total if total else 0
    rempli = f'<rect class="part-juste" x="0" y="1" width="{largeur:.1f}" height="{_HAUTEUR - 2}"/>' if fait else ""
    return _svg(f"{fait} sur {total}", rempli)


def score_bar(score: Score, etape: str) -> str:
    """A mean out of ten: before is striped, after is full."""
    valeur = score.avant if etape == "avant" else score.apres
    if valeur is None:
        return _svg("Aucun score", "")
    largeur = _LARGEUR * valeur / 10
    genre = "proche" if etape == "avant" else "juste"
    barre = f'<rect class="part-{genre}" x="0" y="1" width="{largeur:.1f}" height="{_HAUTEUR - 2}"/>'
    if etape == "avant":
        traits = "".join(f"M{pas} 1V{_HAUTEUR - 1}" for pas in range(_RAYURE // 2, int(largeur), _RAYURE))
        barre += f'<path class="rayures" d="{traits}"/>' if traits else ""
    return _svg(f"{said_score(valeur)} sur 10", barre)


def said_score(valeur: float) -> str:
    """« 6,4 »."""
    return f"{valeur:.1f}".replace(".", ",")


def _svg(dit: str, contenu: str) -> str:
    cadre = f'<rect class="cadre" x="0.5" y="0.5" width="{_LARGEUR - 1}" height="{_HAUTEUR - 1}"/>'
    return f'<svg class="barre" viewBox="0 0 {_LARGEUR} {_HAUTEUR}" role="img" aria-label="{escape(dit)}">{contenu}{cadre}</svg>'
