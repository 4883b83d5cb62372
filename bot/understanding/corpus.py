"""The phrases of ``data/nlu``, with the need, the author and the style that each block declares."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from knowledge.build import ROOT

DOSSIER = ROOT / "data" / "nlu"
# libyaml's parser where PyYAML has it: each start reads ten thousand phrases, in a tenth of the time.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Exemple:
    texte: str
    acte: str
    besoin: str | None = None
    urgence: str | None = None
    auteur: str = ""
    style: str = ""


def read_corpus(dossier: Path = DOSSIER) -> list[Exemple]:
    """Every phrase, sorted so that the order of the files does not matter."""
    exemples = []
    for chemin in sorted(dossier.glob("*.yml")):
        for bloc in yaml.load(chemin.read_text(encoding="utf-8"), _LOADER)["nlu"]:
            if "intent" not in bloc:
                continue
            for ligne in bloc["examples"].splitlines():
                texte = ligne.strip().removeprefix("- ").strip()
                if texte:
                    exemples.append(make_example(texte, bloc["intent"], bloc.get("metadata") or {}))
    return sorted(set(exemples), key=lambda e: (e.acte, e.besoin or "", e.urgence or "", e.texte, e.auteur))


def make_example(texte: str, acte: str, metadata: dict[str, Any]) -> Exemple:
    return Exemple(texte, acte, metadata.get("besoin"), metadata.get("urgence"), str(metadata.get("auteur", "")), str(metadata.get("style", "")))
