"""Words and names that are not people: the French of the counter, and every place and structure of the base. Built once."""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path

from bot.understanding.prenoms import NOMS, PRENOMS
from knowledge.base import Base, BaseUnavailable
from knowledge.build import BASE, ROOT
from knowledge.text import fold

_NLU = ROOT / "data" / "nlu"
# Organisations whose name holds or looks like a person's; the base names those of the territory.
_MARQUES = (
    "abbe pierre", "saint vincent de paul", "apprentis d auteuil", "orphelins apprentis d auteuil", "m bricolage", "mr bricolage", "monsieur bricolage",
    "monsieur meuble", "m propre", "mr propre", "pomme d api", "emmaus connect", "emmaus", "leroy merlin", "france victimes", "habitat insertion", "cap emploi",
    "croix rouge", "pas de calais habitat", "maisons et cites", "maisons cites", "action logement", "banque de france", "pole emploi", "mondial relay", "restos du coeur",
    "petits freres des pauvres", "petites soeurs des pauvres", "secours populaire", "secours catholique", "ma prime renov", "france renov", "mon compte formation",
    "leo lagrange", "simon de cyrene", "sainte famille", "saint nicolas", "saint jean baptiste", "leclerc drive", "don bosco", "jean bosco", "arc en ciel",
    "doctolib", "whatsapp", "facebook", "google", "google maps", "windows", "android", "blablacar", "uber", "leboncoin", "vinted", "amazon", "chronopost", "colissimo",
    "tadao", "bulle", "ameli", "franceconnect", "france connect", "carrefour", "auchan", "aldi", "lidl", "intermarche", "netto", "engie", "veolia", "urssaf", "agirc arrco",
)  # fmt: skip
# Where someone comes from is no one's name: « monsieur algérien ».
_GENTILES = (
    "afghan afghane africain africaine albanais albanaise algerien algerienne allemand allemande anglais anglaise angolais angolaise armenien armenienne belge bresilien "
    "bresilienne bulgare camerounais camerounaise chinois chinoise comorien comorienne congolais congolaise croate egyptien egyptienne erythreen erythreenne espagnol "
    "espagnole ethiopien ethiopienne europeen europeenne francais francaise gabonais gabonaise georgien georgienne grec guineen guineenne haitien haitienne hongrois indien "
    "indienne irakien irakienne iranien iranienne italien italienne ivoirien ivoirienne kosovar kurde libanais libanaise libyen malgache malien malienne marocain marocaine "
    "mauritanien mauritanienne moldave nigerian nigeriane pakistanais pakistanaise polonais polonaise portugais portugaise rom roumain roumaine russe rwandais senegalais "
    "senegalaise serbe somalien somalienne soudanais soudanaise sri lankais syrien syrienne tchadien tchadienne tcheque tchetchene togolais togolaise tunisien tunisienne turc "
    "turque ukrainien ukrainienne vietnamien vietnamienne yemenite"
).split()
_HORS_CONNUE = 3000
_ARTICLES = {"le", "la", "les", "de", "du", "des"}  # what is left of « Le « Relais » » once split


@dataclass(frozen=True)
class Connus:
    """What a message may hold that is no one's name. Everything is folded."""

    mots: frozenset[str]
    phrases: frozenset[str]
    communes: frozenset[str]
    hors: frozenset[str]
    numeros: frozenset[str]
    voies: frozenset[str]


@lru_cache(maxsize=1)
def _french() -> frozenset[str]:
    """Words that the phrases of training write twice or more without a capital."""
    compte: Counter[str] = Counter()
    for fichier in sorted(_NLU.glob("*.yml")):
        try:
            texte = fichier.read_text(encoding="utf-8")
        except OSError:
            continue
        for ligne in texte.splitlines():
            if ligne.startswith("    - "):
                # A word after a civility may be a name: it teaches nothing.
                ligne = re.sub(r"\b(?:mr|mme|mlle|m\.|monsieur|madame|s'appelle) \S+", " ", ligne)
                compte.update({fold(mot) for mot in re.findall(r"(?<![A-ZÀ-Ý])[a-zà-ÿœ]{2,}", ligne)})
    return frozenset(mot for mot, n in compte.items() if n >= 2) | set(_GENTILES)


@lru_cache(maxsize=2)
def _of_base(chemin: Path, _modifie: int) -> Connus:
    base = Base.open(chemin)
    try:
        return _collect(base)
    finally:
        base.close()


def _collect(base: Base) -> Connus:
    textes: set[str] = set()
    noms: set[str] = set()
    for table in (base.structures, base.services, base.lieux, base.besoins):
        for objet in table.values():
            textes.update(_texts(objet))
            noms.update(str(v) for cle in ("nom", "sigle") if (v := getattr(objet, cle, None)))
    for rangees in (base.sigles, base.lexique, base.indices, base.noms_actuels, base.numeros, base.reperages):
        for objet in rangees:
            textes.update(_texts(objet))
    noms.update(terme.terme for terme in base.lexique)
    for sigle in base.sigles:
        noms.update((sigle.sigle, *sigle.variantes, sigle.signification or ""))
    for actuel in base.noms_actuels:
        noms.update((actuel.nom_actuel, actuel.nom_convention or ""))
    communes: set[str] = set()
    for commune in base.communes.values():
        communes |= _spellings(commune.nom)
    communes |= {fold(t.terme) for t in base.lexique if t.genre == "commune" and len(t.terme) >= 4}
    hors = {forme for c in base.communes_hors if (c.population or 0) >= _HORS_CONNUE for forme in _spellings(c.nom, court=False)}
    phrases = {fold(morceau) for nom in noms for morceau in (nom, *re.split(r"[/()«»]", nom))}
    voies: set[str] = set()
    for lieu in base.lieux.values():
        for bout in (lieu.adresse or "").split(","):
            plat = fold(bout)
            if len(plat.split()) > 1:
                phrases.add(plat)
                voies.add(re.sub(r"^\d+[a-z]? (?:bis |ter )?", "", plat))
    phrases |= voies
    mots = {mot for texte in textes for mot in fold(texte).split()}
    return Connus(
        mots=_french() | mots,
        phrases=frozenset(p for p in phrases if len(p) > 1 and p not in _ARTICLES and (" " in p or p not in PRENOMS and p not in NOMS)) | set(_MARQUES),
        communes=frozenset(communes),
        hors=frozenset(hors),
        numeros=frozenset(re.sub(r"\D", "", n.numero) for n in base.numeros),
        voies=frozenset(voies),
    )


def _texts(objet: object) -> Iterable[str]:
    for champ in fields(objet):  # type: ignore[arg-type]
        if champ.name == "adresse":
            continue  # streets bear the names of people
        valeur = getattr(objet, champ.name)
        if isinstance(valeur, str):
            yield valeur
        elif isinstance(valeur, tuple):
            yield from (v for v in valeur if isinstance(v, str))


def _spellings(nom: str, court: bool = True) -> set[str]:
    """A commune with and without its small words, and by its first word."""
    mots = fold(nom).split()
    formes = {" ".join(mots), " ".join("st" if m == "saint" else m for m in mots)}
    if court and len(mots) > 1:
        formes.add(" ".join(m for m in mots if m not in ("les", "lez", "la", "le", "en", "sur")))
        if len(mots[0]) >= 4 and mots[0] not in ("saint", "sainte", "vieille", "neuve"):
            formes.add(mots[0])
    return {forme for forme in formes if len(forme) >= 3}


_SUIVIE: list[Base] = []  # the base that a server serves, where there is one


def follow(base: Base) -> None:
    """Know the names of the base that is served, rather than of the file on the disk, which may be newer or damaged."""
    base.derived(_collect)
    _SUIVIE[:] = [base]


def known() -> Connus:
    """What is known with the base, or without it when it cannot be opened: never fails."""
    if _SUIVIE:
        return _SUIVIE[0].derived(_collect)
    try:
        return _of_base(BASE, BASE.stat().st_mtime_ns)
    except (OSError, BaseUnavailable, sqlite3.Error):
        return Connus(_french(), frozenset(_MARQUES), frozenset(), frozenset(), frozenset(), frozenset())
