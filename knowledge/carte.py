"""The map of the territory, drawn from the outlines of the communes: one SVG, no tiles, no other server.

Outlines: IGN Admin Express, Licence Ouverte 2.0 (``knowledge/sources/contours.geojson``).
Colours come from the page's stylesheet through classes; the text behind the picture says the same as the dots.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path

from knowledge.base import Base
from knowledge.reading import SOURCES
from knowledge.text import fold, plural

CONTOURS = SOURCES / "contours.geojson"
LARGEUR = 900
_MARGE = 6


@dataclass(frozen=True)
class Carte:
    """The outlines as SVG path data, and where each commune's centre falls."""

    hauteur: int
    contours: Mapping[str, str]
    centres: Mapping[str, tuple[int, int]]
    noms: Mapping[str, str]

    @classmethod
    def load(cls, base: Base, chemin: Path = CONTOURS) -> Carte:
        objets = json.loads(chemin.read_text(encoding="utf-8"))["features"]
        anneaux = {o["properties"]["insee"]: _rings(o["geometry"]) for o in objets if o["properties"]["insee"] in base.communes}
        points = [point for liste in anneaux.values() for anneau in liste for point in anneau]
        ouest, est = min(x for x, _ in points), max(x for x, _ in points)
        sud, nord = min(y for _, y in points), max(y for _, y in points)
        aplati = math.cos(math.radians((sud + nord) / 2))
        echelle = (LARGEUR - 2 * _MARGE) / ((est - ouest) * aplati)

        def place(longitude: float, latitude: float) -> tuple[int, int]:
            return round(_MARGE + (longitude - ouest) * aplati * echelle), round(_MARGE + (nord - latitude) * echelle)

        return cls(
            place(est, sud)[1] + _MARGE,
            {code: "".join(_path([place(x, y) for x, y in anneau]) for anneau in liste) for code, liste in anneaux.items()},
            {c.code_insee: place(c.longitude, c.latitude) for c in base.communes.values()},
            {c.code_insee: c.nom for c in base.communes.values()},
        )

    def svg(self, nombres: Mapping[str, int], choisie: str | None = None, titre: str = "Carte des lieux de la liste") -> str:
        """The whole picture. ``nombres`` gives how many places each commune has in the list."""
        fond = "".join(self.contours.values())
        return (
            f'<svg class="carte" id="carte" role="img" aria-labelledby="carte-titre carte-desc" viewBox="0 0 {LARGEUR} {self.hauteur}" xmlns="http://www.w3.org/2000/svg">'
            f'<title id="carte-titre">{escape(titre)}</title><desc id="carte-desc">{escape(self.described(nombres))}</desc>'
            f'<path class="carte-fond" d="{fond}"/><g id="carte-points">{self.layer(nombres, choisie)}</g></svg>'
        )

    def layer(self, nombres: Mapping[str, int], choisie: str | None = None) -> str:
        """What changes when the list changes: the commune chosen and the dots."""
        choix = f'<path class="carte-choisie" d="{self.contours[choisie]}"/>' if choisie and choisie in self.contours else ""
        return choix + self.dots(nombres)

    def dots(self, nombres: Mapping[str, int]) -> str:
        """One dot a commune, larger when it has more places; big ones first so that small ones stay visible."""
        morceaux = []
        for code, nombre in sorted(nombres.items(), key=lambda kv: (-kv[1], kv[0])):
            x, y = self.centres[code]
            rayon = min(8 + 3 * math.sqrt(nombre), 28)
            texte = escape(f"{self.noms[code]} : {plural(nombre, 'fiche')}")
            morceaux.append(f'<circle class="carte-point" cx="{x}" cy="{y}" r="{rayon:.0f}"><title>{texte}</title></circle>')
        return "".join(morceaux)

    def described(self, nombres: Mapping[str, int]) -> str:
        """The same in words: communes with most places first."""
        if not nombres:
            return "Aucun lieu situé dans la liste."
        rangs = sorted(nombres.items(), key=lambda kv: (-kv[1], fold(self.noms[kv[0]])))
        dits = ", ".join(f"{self.noms[code]} ({nombre})" for code, nombre in rangs[:12])
        suite = f" et {plural(len(rangs) - 12, 'autre commune', 'autres communes')}" if len(rangs) > 12 else ""
        return f"Fiches situées dans {plural(len(rangs), 'commune')} : {dits}{suite}."


def _rings(geometrie: Mapping) -> list[list[tuple[float, float]]]:
    """Every ring of a Polygon or a MultiPolygon."""
    polygones = [geometrie["coordinates"]] if geometrie["type"] == "Polygon" else geometrie["coordinates"]
    return [[(x, y) for x, y, *_ in anneau] for polygone in polygones for anneau in polygone]


def _path(points: list[tuple[int, int]]) -> str:
    """A closed ring in relative moves, as short as SVG allows."""
    x, y = points[0]
    morceaux = [f"M{x} {y}l"]
    pas = []
    for suivant in points[1:-1]:
        if suivant != (x, y):
            pas.append(f"{suivant[0] - x} {suivant[1] - y}")
            x, y = suivant
    return morceaux[0] + " ".join(pas).replace(" -", "-") + "z"
