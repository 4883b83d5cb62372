"""20,000 rows in the exact format of the annuaire, all of the territory (the worst case), take little time and memory."""

from __future__ import annotations

import csv
import itertools
import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from knowledge.build import ROOT
from knowledge.reading import SOURCES

LIGNES, SECONDES, MO = 20_000, 60, 300
MODELE = Path(__file__).parent / "donnees" / "imports" / "2026-10-06_053120-data.gouv_local.json"
_MOTS = "centre maison espace relais service point accueil jeunesse social solidarité numérique famille santé emploi logement habitat action droit".split()
# The command, then the most memory it held, in kB: the kernel counts it for this program alone.
_MESURE = """
import pathlib, re, sys
from knowledge.__main__ import main
code = main(sys.argv[1:])
print(re.search(r"VmHWM:\\s+(\\d+)", pathlib.Path("/proc/self/status").read_text())[1], file=sys.stderr)
sys.exit(code)
"""


@pytest.fixture(scope="module")
def fichier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The fixture's items, renamed and placed in turn in the hundred communes."""
    chemin = tmp_path_factory.mktemp("grand") / "2026-11-01-data.gouv_local.json"
    modeles = json.loads(MODELE.read_text(encoding="utf-8"))["service"]
    with open(SOURCES / "commune.csv", encoding="utf-8", newline="") as source:
        communes = [(ligne["code_insee"], ligne["nom"]) for ligne in csv.DictReader(source)]
    with open(chemin, "w", encoding="utf-8") as sortie:
        sortie.write('{"service":[')
        for n, mots in enumerate(itertools.islice(itertools.permutations(_MOTS, 4), LIGNES)):
            code, ville = communes[n % len(communes)]
            objet = modeles[n % len(modeles)] | {"id": f"{n:08d}", "nom": f"{' '.join(mots)} - {ville}", "code_insee_commune": code}
            sortie.write(("," if n else "") + json.dumps(objet, ensure_ascii=False))
        sortie.write("]}")
    assert chemin.stat().st_size > 30e6
    return chemin


def test_twenty_thousand_rows(fichier):
    debut = time.perf_counter()
    commande = [sys.executable, "-c", _MESURE, "import", "annuaire", str(fichier)]
    resultat = subprocess.run(commande, cwd=ROOT, capture_output=True, text=True, timeout=SECONDES)
    assert resultat.returncode == 0, resultat.stderr
    assert f"{LIGNES} éléments dans le fichier." in resultat.stdout
    assert time.perf_counter() - debut < SECONDES
    assert int(resultat.stderr) / 1024 < MO
