"""Base and model ready for the current sources: rebuilt only when what they are made of has changed."""

from __future__ import annotations

import contextlib
import hashlib
import io
import logging
import sys
import time
from collections.abc import Iterable
from pathlib import Path

from knowledge.base import Base, BaseUnavailable
from knowledge.build import BASE, ROOT, build
from knowledge.reading import SOURCES
from knowledge.text import plural

MODELES = ROOT / "var" / "models"
MODELE = MODELES / "table-orientation.tar.gz"
_ENTREES_BASE = (SOURCES, ROOT / "knowledge" / "schema.py", ROOT / "knowledge" / "build.py")
_ENTREES_MODELE = (ROOT / "data", ROOT / "config.yml", ROOT / "domain.yml", ROOT / "bot" / "understanding", ROOT / "bot" / "nlu", BASE)


class Steps:
    """Says in French what is being done and how long it took."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.fait = 0

    def start(self, texte: str) -> float:
        self.fait += 1
        print(f"[{self.fait}/{self.total}] {texte}…", end=" ", flush=True)
        return time.perf_counter()

    def end(self, debut: float, texte: str = "fait") -> None:
        print(f"{texte} ({time.perf_counter() - debut:.1f} s)", flush=True)


def digest(entrees: Iterable[Path]) -> str:
    """Hash of the bytes of files and of every file below folders."""
    h = hashlib.sha256()
    for entree in entrees:
        fichiers = sorted(p for p in entree.rglob("*") if p.is_file() and "__pycache__" not in p.parts) if entree.is_dir() else [entree]
        for fichier in fichiers:
            h.update(str(fichier.relative_to(ROOT)).encode())
            h.update(fichier.read_bytes())
    return h.hexdigest()


def _fresh(produit: Path, empreinte: str) -> bool:
    marque = produit.with_name(produit.name + ".empreinte")
    return produit.exists() and marque.exists() and marque.read_text() == empreinte


def _mark(produit: Path, empreinte: str) -> None:
    produit.with_name(produit.name + ".empreinte").write_text(empreinte)


def prepare_base(etapes: Steps) -> None:
    """Build the base when its sources changed. Raises SourcesRefused; the former base stays."""
    debut = etapes.start("Base de connaissances")
    empreinte = digest(_ENTREES_BASE)
    if _fresh(BASE, empreinte):
        try:
            Base.open(BASE).close()
            etapes.end(debut, "à jour")
            return
        except BaseUnavailable:
            pass
    comptes = build(BASE)
    _mark(BASE, empreinte)
    etapes.end(debut, f"construite, {plural(sum(comptes.values()), 'ligne')}")


def prepare_model(etapes: Steps) -> None:
    """Train with Rasa when phrases, configuration, base or code of understanding changed."""
    debut = etapes.start("Modèle de compréhension")
    empreinte = digest(_ENTREES_MODELE)
    if _fresh(MODELE, empreinte):
        etapes.end(debut, "à jour")
        return
    train()
    _mark(MODELE, empreinte)
    etapes.end(debut, "appris")


def train() -> Path:
    """Train as « rasa train » does, without its telemetry; the archive is ``MODELE``."""
    from rasa.model_training import train as rasa_train
    from rasa.utils.log_utils import configure_structlog

    configure_structlog(logging.ERROR)
    MODELES.mkdir(parents=True, exist_ok=True)
    # Rasa reports in English on the output of whoever reads our steps.
    with contextlib.redirect_stdout(io.StringIO()) as rapport:
        resultat = rasa_train(
            domain=str(ROOT / "domain.yml"),
            config=str(ROOT / "config.yml"),
            training_files=[str(ROOT / "data")],
            output=str(MODELES),
            fixed_model_name=MODELE.name.removesuffix(".tar.gz"),
        )
    if not resultat.model:
        journal = MODELES / "apprentissage.log"
        journal.write_text(rapport.getvalue(), encoding="utf-8")
        print(f"\nL'apprentissage n'a rien produit. Le rapport de Rasa est dans {journal}.", file=sys.stderr)
        raise SystemExit(1)
    return Path(resultat.model)
