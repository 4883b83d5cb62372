"""What a participant is asked, and what a choice is worth. Plain data, made by ``knowledge.formation.solve``."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from knowledge.base import Base, Commune, NumeroNational, Situation
from knowledge.orient import Demande
from knowledge.text import joined, plural

JUSTE, PROCHE, FAUX = "juste", "proche", "faux"
RESULTATS = (JUSTE, PROCHE, FAUX)


class Insoluble(Exception):
    """The base, as it is now, holds no right answer to a situation; the message says in French which and why."""


@dataclass(frozen=True)
class Option:
    """One answer to choose. ``valeur`` is one of ``RESULTATS``; ``lien`` is the address of its sheet, when it has one."""

    cle: str
    libelle: str
    valeur: str
    explication: str
    sources: tuple[str, ...] = ()
    lien: str | None = None


@dataclass(frozen=True)
class Exercice:
    """A situation ready to be shown. ``options`` is empty when the answer is typed (free orientation)."""

    situation: Situation
    question: str
    options: tuple[Option, ...]
    plusieurs: bool = False
    numeros: tuple[NumeroNational, ...] = ()
    relais: Commune | None = None
    portes: tuple[Option, ...] = ()  # where to go next, when what is asked is something else

    @property
    def justes(self) -> tuple[Option, ...]:
        return tuple(o for o in self.options if o.valeur == JUSTE)


def request_of(situation: Situation) -> Demande:
    """The typed request that a situation holds."""
    faits = {**dict.fromkeys(situation.faits, True), **dict.fromkeys(situation.faits_nies, False)}
    return Demande(situation.besoins, situation.commune, tuple(float(age) for age in situation.ages), faits)


def mark(exercice: Exercice, choix: Iterable[str]) -> str:
    """``juste``: at least one right door and no wrong one; ``proche``: a right one among wrong ones, or a near one; else ``faux``."""
    voulus = set(choix)
    valeurs = {o.valeur for o in exercice.options if o.cle in voulus}
    if JUSTE in valeurs:
        return PROCHE if FAUX in valeurs else JUSTE
    return PROCHE if PROCHE in valeurs and FAUX not in valeurs else FAUX


def shuffled(options: Sequence[Option], graine: str) -> tuple[Option, ...]:
    """The same order for the whole room, so that it can be talked about, and nothing to guess from it."""
    return tuple(sorted(options, key=lambda o: hashlib.sha256(f"{graine}/{o.cle}".encode()).digest()))


def sources(base: Base, *lignes: tuple[str, str]) -> tuple[str, ...]:
    """« convention 2021-2025, finie le 31/12/2025, lignes 1965 et 1970 (faits de 2021) » for rows (table, key), each source said once."""
    numeros: dict[str, list[int]] = {}
    for table, cle in lignes:
        for preuve in base.provenance(table, cle)[:2]:
            siens = numeros.setdefault(preuve.source, [])
            if preuve.ligne and preuve.ligne not in siens:
                siens.append(preuve.ligne)
    dites = []
    for cle, siens in numeros.items():
        source = base.sources[cle]
        ou = f", ligne{'s' if len(siens) > 1 else ''} {joined([str(n) for n in siens[:3]])}" if siens else ""
        dites.append(f"{source.libelle_court}{ou} (faits de {source.date[:4]})")
    return tuple(dites)[:3]


def services_said(noms: Sequence[str], limite: int = 3) -> str:
    """« A ; B ; et 4 autres »."""
    suite = f" ; et {plural(len(noms) - limite, 'autre')}" if len(noms) > limite else ""
    return " ; ".join(noms[:limite]) + suite
