"""What no answer may hold, whatever was typed: nothing at all, English, raw HTML, control characters, a template or a value left as it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from knowledge.base import Base

# Frequent words of English that French does not have (« a », « me », « on », « but », « as », « or », « pour », « an », « hot » are French too).
_ANGLAIS = re.compile(
    r"\b(?:the|and|is|are|was|were|been|being|you|your|yours|they|their|them|there|this|that|these|those|with|without|from|into|have|has|had|not|will|would|should|could|must|can't|"
    r"cannot|don't|doesn't|what|which|who|whom|where|when|why|how|here|some|any|all|each|only|please|sorry|help|need|want|help|house|home|of|to|in|it|its|be|by|at|we|she|he|his|her|"
    r"error|failed|failure|invalid|missing|unknown|expected|unexpected|exception|traceback|warning|object|undefined|true|false|key|value|file|line|message:|not found|denied)\b",
    re.IGNORECASE,
)
_BALISE = re.compile(r"</?\s*[a-z!][^>]*>|<\s*(?:script|img|b|iframe|svg)\b", re.IGNORECASE)
_RESTE = re.compile(r"\b(?:None|nan|NaN|null|undefined|NULL)\b|\{[^}]*\}|\{\{|\}\}|%\(\w+\)|%[sd]\b|<[A-Z]\w+ object|\b\w+\(\w+=")
_INVISIBLE = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffd]")
_CLES = {"id", "kind", "champ", "besoin", "genre", "type", "theme", "url", "page", "lien", "courriel", "site", "site_web", "cle", "code_insee", "fiche"}


class Checker:
    """Checks answers over one base, whose names and addresses may look English (« Kid's Home », « contact@… »)."""

    def __init__(self, base: Base) -> None:
        noms = {o.nom for table in (base.structures, base.services, base.lieux) for o in table.values()} | {s.sigle for s in base.sigles}
        noms |= {n for actuel in base.noms_actuels for n in (actuel.nom_actuel, actuel.nom_convention) if n}
        # Keys that the JSON holds (« dev-and-you ») and a meaning that the convention itself gives in English.
        noms |= {cle for table in (base.structures, base.services, base.lieux) for cle in table} | {"Proof of Concept", "proof of concept"}
        anglais = sorted((n for n in noms if _ANGLAIS.search(n)), key=len, reverse=True)
        self._noms = re.compile("|".join(map(re.escape, anglais)) if anglais else r"(?!)")

    def faults(self, texte: str, boutons: tuple[str, ...] | list[str], custom: Any) -> list[str]:
        if not texte.strip():
            return ["réponse vide"]
        return [f"{quoi} : {trouve!r}" for morceau in (texte, *boutons, *_strings(custom)) for quoi, trouve in self._of(morceau)]

    def _of(self, texte: str) -> Iterator[tuple[str, str]]:
        sans_noms = re.sub(r"\S+@\S+|https?://\S+|www\.\S+", " ", self._noms.sub(" ", texte))
        for quoi, motif, ou in (("anglais", _ANGLAIS, sans_noms), ("balise", _BALISE, texte), ("reste", _RESTE, texte), ("invisible", _INVISIBLE, texte)):
            trouve = motif.search(ou)
            if trouve:
                yield quoi, ou[max(0, trouve.start() - 40) : trouve.end() + 40]


def _strings(valeur: Any, cle: str = "") -> Iterator[str]:
    """Strings of the JSON that the page shows; keys of the base and addresses are not words."""
    if isinstance(valeur, str):
        if cle not in _CLES:
            yield valeur
    elif isinstance(valeur, dict):
        for nom, v in valeur.items():
            yield from _strings(v, nom)
    elif isinstance(valeur, (list, tuple)):
        for v in valeur:
            yield from _strings(v, cle)
