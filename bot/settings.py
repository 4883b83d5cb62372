"""Settings, each an environment variable ``TABLE_*``; documented in docs/reglages.md."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

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
    # Both may hold a password: never shown.
    suivi_url: str = field(default="", repr=False)  # TABLE_SUIVI_URL: PostgreSQL that keeps the conversations of all workers
    verrou_url: str = field(default="", repr=False)  # TABLE_VERROU_URL: Redis that keeps their locks
    debit: int = 300  # TABLE_DEBIT: requests a second that one address may send; 0 for no limit
    proxys: int = 0  # TABLE_PROXYS: servers in front of this one whose word on the client's address is taken
    delai: int = 15  # TABLE_DELAI: seconds that a client has to send a whole request
    jeton: str = field(default="", repr=False)  # TABLE_JETON: without it, who reaches the server may use it
    jeton_formateur: str = field(default="", repr=False)  # TABLE_JETON_FORMATEUR: the same, to open and lead a training session


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
        suivi_url=_address(environ, "TABLE_SUIVI_URL", "postgresql://nom:motdepasse@serveur:5432/base", ("postgresql",)),
        verrou_url=_address(environ, "TABLE_VERROU_URL", "redis://:motdepasse@serveur:6379/0", ("redis", "rediss")),
        debit=_integer(environ, "TABLE_DEBIT", defaut.debit, 0, 100_000),
        proxys=_integer(environ, "TABLE_PROXYS", defaut.proxys, 0, 5),
        delai=_integer(environ, "TABLE_DELAI", defaut.delai, 1, 600),
        **_tokens(environ),
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


def _address(environ: os._Environ[str] | dict[str, str], nom: str, exemple: str, schemas: tuple[str, ...]) -> str:
    """Address of a server, or ``@`` and the file that holds it. What was written is never repeated: it may be a password."""
    brut = environ.get(nom, "").strip()
    if brut.startswith("@"):
        try:
            brut = Path(brut[1:]).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeError):
            raise BadSetting(f"Le fichier que nomme {nom} ne se lit pas. Vérifiez son chemin et ses droits.") from None
        if not brut:
            raise BadSetting(f"Le fichier que nomme {nom} est vide : écrivez-y une adresse comme {exemple}.")
    if not brut:
        return ""
    try:
        lu = urlsplit(brut)
        bon = lu.scheme in schemas and lu.port != 0
        if schemas != ("postgresql",):
            # PostgreSQL alone may be reached by a socket, which has no host; a Redis database is a number.
            bon = bon and bool(lu.hostname) and (lu.path.strip("/") or "0").isdigit()
    except ValueError:
        bon = False
    if not bon:
        raise BadSetting(f"{nom} n'est pas une adresse utilisable : écrivez-la comme {exemple}, ou @ suivi du chemin d'un fichier qui la contient.")
    return brut


_JETON = re.compile(r"[A-Za-z0-9._~-]{16,128}")


def _tokens(environ: os._Environ[str] | dict[str, str]) -> dict[str, str]:
    """Tokens fit for an address, a header and a form. What was written is never repeated."""
    jetons = {champ: environ.get(nom, "").strip() for champ, nom in (("jeton", "TABLE_JETON"), ("jeton_formateur", "TABLE_JETON_FORMATEUR"))}
    for champ, jeton in jetons.items():
        if jeton and not _JETON.fullmatch(jeton):
            raise BadSetting(
                f"TABLE_{champ.upper()} ne convient pas : écrivez 16 à 128 lettres sans accent, chiffres, tirets ou points, par exemple ce que donne « openssl rand -hex 16 »."
            )
    if jetons["jeton"] and jetons["jeton"] == jetons["jeton_formateur"]:
        raise BadSetting("TABLE_JETON et TABLE_JETON_FORMATEUR sont le même jeton : prenez-en deux.")
    return jetons
