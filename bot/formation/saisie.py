"""Read the forms of training: typed values, and one French sentence for what cannot be taken."""

from __future__ import annotations

import re
import secrets
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.formation.store import ALPHABET, LONGUEUR_CODE
from knowledge.formation.draw import MAX_SITUATIONS
from knowledge.schema import NIVEAUX, THEMES

PSEUDO_MAX = 30
NOMBRE = 8
REFUS_PSEUDO = f"Un prénom ou un surnom suffit : {PSEUDO_MAX} lettres au plus, sans adresse, sans numéro, sans signe."
REFUS_CODE = "Ce code n'existe pas. Vérifiez-le avec votre formateur : cinq lettres ou chiffres."
CODE_FINI = "Cette session est finie : son code ne sert plus. Demandez le nouveau code à votre formateur."
TROP_DESSAIS = "Trop d'essais. Attendez une minute, puis vérifiez le code avec votre formateur."
RIEN_CHOISI = "Choisissez une réponse avant de valider."
# Letters of any language, then digits, spaces, hyphens, apostrophes and full stops.
_PSEUDO = re.compile(rf"[^\W\d_][\w '’.\-]{{0,{PSEUDO_MAX - 1}}}")
_ESSAIS, _FENETRE_S = 20, 60.0

Args = Mapping[str, list[str]]


@dataclass
class Choix:
    """What a session, or a solo practice, is made of."""

    themes: tuple[str, ...] = ()
    niveau: str = ""
    nombre: int = NOMBRE
    points: bool = False
    quiz: bool = False
    graine: str = ""
    messages: list[str] = field(default_factory=list)


def first(args: Args, nom: str, longueur: int = 200) -> str:
    return (args.get(nom) or [""])[0].strip()[:longueur]


def read_pseudo(args: Args) -> tuple[str, str | None]:
    """What was typed, cut to show it again, and why it is refused (None when it is fine)."""
    brut = " ".join((args.get("pseudo") or [""])[0].split())
    chiffres = sum(c.isdigit() for c in brut)
    bon = _PSEUDO.fullmatch(brut) and chiffres <= 3 and not re.search(r"\w\.\w{2,}$|www\.", brut)
    return brut[:PSEUDO_MAX], None if bon else REFUS_PSEUDO


def read_code(args: Args) -> str:
    """A code as it is kept: capitals, without spaces or dashes; empty when it cannot be one."""
    brut = re.sub(r"[\s\-]", "", (args.get("code") or [""])[0][:40]).upper()
    return brut if len(brut) == LONGUEUR_CODE and set(brut) <= set(ALPHABET) else ""


def read_choice(args: Args) -> Choix:
    choix = Choix()
    voulus = set(args.get("theme") or [])
    choix.themes = tuple(t for t in THEMES if t in voulus)
    if voulus - set(THEMES) - {""}:
        choix.messages.append("Un des thèmes n'existe pas : il est laissé de côté.")
    niveau = first(args, "niveau")
    if niveau in NIVEAUX:
        choix.niveau = niveau
    elif niveau:
        choix.messages.append("Ce niveau n'existe pas : tous les niveaux sont pris.")
    nombre = first(args, "nombre")
    if nombre.isascii() and nombre.isdigit() and 1 <= int(nombre[:4]) <= MAX_SITUATIONS:
        choix.nombre = int(nombre[:4])
    elif nombre:
        choix.messages.append(f"Le nombre de situations va de 1 à {MAX_SITUATIONS} : {NOMBRE} sont prises.")
    choix.points = first(args, "points") == "1"
    choix.quiz = first(args, "quiz") == "1"
    graine = first(args, "graine")
    choix.graine = graine if re.fullmatch(r"[a-z0-9]{1,16}", graine) else ""
    return choix


def new_seed() -> str:
    return secrets.token_hex(4)


def read_duration(args: Args) -> float | None:
    """Seconds, said by the page; None when it said none or what cannot be."""
    brut = first(args, "duree", 12)
    if not re.fullmatch(r"\d{1,4}(\.\d{1,3})?", brut):
        return None
    duree = float(brut)
    return duree if duree <= 3600 else None


class Patience:
    """Wrong codes of one address in the last minute: nobody guesses their way into a session."""

    def __init__(self) -> None:
        self._rates: dict[str, deque[float]] = {}

    def failed(self, adresse: str) -> None:
        if len(self._rates) > 1_000:
            self._rates.clear()
        self._rates.setdefault(adresse, deque(maxlen=_ESSAIS)).append(time.monotonic())

    def exhausted(self, adresse: str) -> bool:
        rates = self._rates.get(adresse, deque())
        return len(rates) == _ESSAIS and time.monotonic() - rates[0] < _FENETRE_S
