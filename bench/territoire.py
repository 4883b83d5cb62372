"""A base as large as a country, to see what grows: the real one, then its rows again and again over other communes.

Copy ``k`` of the territory keeps its structures, services, places, contacts, criteria and links to needs, under other keys and names,
moved to a block of a hundred communes. Blocks stand side by side on a grid; past 350 of them (the communes of France), copies
share blocks. Names come from the communes outside that the base holds, then from numbers. Nothing of a copy is true.
"""

from __future__ import annotations

import random
from pathlib import Path

from knowledge.build import publish
from knowledge.reading import Row, read_all

COPIEES = ("structure", "service", "critere", "service_besoin", "lieu", "contact")
BLOCS = 350
COLONNES = 20  # blocks in a row of the grid
ZONE = 10  # communes that a copied service is open to, when the real one does not list them; a copied structure or place without commune gets one
# Columns that hold keys of a copied table, and those that hold communes.
_CLES = {
    "structure": ("id",),
    "service": ("id", "structure"),
    "critere": ("id", "service", "groupe"),
    "service_besoin": ("id", "service"),
    "lieu": ("id", "structure", "services"),
    "contact": ("id", "structure", "service", "lieu"),
}
_COMMUNES = {"structure": "communes", "service": "zone_eligibilite", "lieu": "commune", "contact": "commune"}
_NOMMEES = ("structure", "service", "lieu")
Tables = dict[str, list[Row]]


def enlarged(fois: int) -> Tables:
    """The rows of the sources, ``fois`` times. Deterministic."""
    tout, problemes = read_all()
    if problemes:
        raise ValueError(str(problemes[0]))
    reelles = {nom: list(tout[nom]) for nom in COPIEES}
    communes = [ligne.valeurs for ligne in tout["commune"]]
    blocs = [[c["code_insee"] for c in communes]]
    noms = [ligne["nom"] for ligne in tout["commune_hors"]]
    for bloc in range(1, min(fois, BLOCS)):
        nouvelles = [_moved(c, bloc, rang, noms) for rang, c in enumerate(communes)]
        tout["commune"] += [Row("commune", 0, valeurs) for valeurs in nouvelles]
        blocs.append([c["code_insee"] for c in nouvelles])
    # A commune of the territory is not outside it.
    pris = {ligne["nom"] for ligne in tout["commune"]}
    tout["commune_hors"] = [ligne for ligne in tout["commune_hors"] if ligne["nom"] not in pris]
    for copie in range(1, fois):
        codes = blocs[copie % len(blocs)]
        vers = dict(zip(blocs[0], codes, strict=True))
        hasard = random.Random(copie)
        for nom in COPIEES:
            tout[nom] += [_copied(ligne, copie, vers, codes, hasard) for ligne in reelles[nom]]
    return tout


def write(destination: Path, fois: int) -> dict[str, int]:
    """Publish the enlarged base as ``knowledge build`` does, without the reading checks that the real rows have passed."""
    destination.parent.mkdir(parents=True, exist_ok=True)
    return publish(destination, enlarged(fois))


def _moved(commune: dict[str, str], bloc: int, rang: int, noms: list[str]) -> dict[str, str]:
    numero = (bloc - 1) * 100 + rang
    code = f"Z{numero:05d}"
    return {
        **commune,
        "code_insee": code,
        "nom": noms[numero] if numero < len(noms) else f"{noms[numero % len(noms)]} {code}",
        "latitude": str(round(float(commune["latitude"]) - 0.5 * (bloc // COLONNES), 5)),
        "longitude": str(round(float(commune["longitude"]) + 0.6 * (bloc % COLONNES), 5)),
        "source": "ctg-2021",
        "ligne": "",
        "citation": "donnée inventée pour la mesure",
    }


def _copied(ligne: Row, copie: int, vers: dict[str, str], codes: list[str], hasard: random.Random) -> Row:
    valeurs = dict(ligne.valeurs)
    for colonne in _CLES[ligne.table]:
        valeurs[colonne] = "|".join(f"{cle}~{copie}" for cle in ligne.liste(colonne))
    colonne = _COMMUNES.get(ligne.table, "")
    if colonne:
        valeurs[colonne] = "|".join(vers[code] for code in ligne.liste(colonne))
    debut = hasard.randrange(len(codes))
    if ligne.table in ("structure", "lieu") and not valeurs[colonne]:
        valeurs[colonne] = codes[debut]  # in a country, nobody is everywhere
    if ligne.table == "service":
        valeurs["territoire_entier"] = ""
        valeurs["zone_eligibilite"] = valeurs["zone_eligibilite"] or "|".join(codes[(debut + i) % len(codes)] for i in range(ZONE))
    if ligne.table in _NOMMEES:
        valeurs["nom"] = f"{valeurs['nom']} {copie}"
    return Row(ligne.table, 0, valeurs)
