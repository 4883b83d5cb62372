"""Settings, each an environment variable ``TABLE_*``; documented in docs/reglages.md."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from knowledge.build import ROOT


class BadSetting(Exception):
    """A setting cannot be used; the message says in French what to write."""


@dataclass(frozen=True)
class Settings:
    adresse: str = "127.0.0.1"  # TABLE_ADRESSE: where the server listens
    port: int = 5005  # TABLE_PORT
    dossier: Path = ROOT / "var"  # TABLE_VAR: everything written at run time
    origines: tuple[str, ...] = ()  # TABLE_ORIGINES: other sites whose pages may embed the chat
    conservation_jours: int = 0  # TABLE_CONSERVATION_JOURS: how long a conversation stays after its session
    formation_mois: int = 12  # TABLE_FORMATION_MOIS: how long the anonymous counts of a training session stay


def load(environ: os._Environ[str] | dict[str, str] = os.environ) -> Settings:
    """Raise BadSetting when a variable holds something else than it should."""
    defaut = Settings()
    return Settings(
        adresse=environ.get("TABLE_ADRESSE", defaut.adresse),
        port=_integer(environ, "TABLE_PORT", defaut.port, 1, 65535),
        dossier=Path(environ.get("TABLE_VAR", str(defaut.dossier))),
        origines=_origins(environ, "TABLE_ORIGINES"),
        conservation_jours=_integer(environ, "TABLE_CONSERVATION_JOURS", defaut.conservation_jours, 0, 365),
        formation_mois=_integer(environ, "TABLE_FORMATION_MOIS", defaut.formation_mois, 1, 120),
    )


def _integer(environ: os._Environ[str] | dict[str, str], nom: str, defaut: int, bas: int, haut: int) -> int:
    brut = environ.get(nom, "").strip()
    if not brut:
        return defaut
    if not brut.isdigit() or not bas <= int(brut) <= haut:
        raise BadSetting(f"{nom} vaut « {brut} » : écrivez un nombre entier entre {bas} et {haut}.")
    return int(brut)


_ORIGINE = re.compile(r"https?://(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*|\[[0-9a-f:]+\])(?::\d{1,5})?")


def _origins(environ: os._Environ[str] | dict[str, str], nom: str) -> tuple[str, ...]:
    """Origins parted by spaces or commas: each goes into a header, so nothing but an origin is let in."""
    origines = [o.rstrip("/").lower() for o in re.split(r"[\s,;]+", environ.get(nom, "")) if o]
    for origine in origines:
        if not _ORIGINE.fullmatch(origine):
            raise BadSetting(
                f"{nom} contient « {origine} » : écrivez des origines comme https://intranet.mairie.fr, séparées par des espaces, sans chemin ni étoile."
            )
    return tuple(dict.fromkeys(origines))
