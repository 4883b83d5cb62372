"""Find what the base names in a message: communes, sigles, structures, services, kinds of place, fiches.

Everything comes from the base and its ``lexique``; nothing is listed here but the shapes of careless spelling.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import fuzz, process

from bot.understanding.spelling import is_french
from knowledge.base import Base, CommuneHors
from knowledge.text import fold

_ARTICLES = {"le", "la", "les", "l", "en", "sur", "sous", "lez", "au", "aux", "a", "de", "du", "des", "d", "et"}
_LIEN = {"a", "de", "d", "du", "sur", "vers", "pour", "habite", "habitant", "commune", "ville", "mairie", "ccas", "chez", "pres", "cote", "en", "depuis"}
# Communes that are also everyday words: kept only when written with a link word before or a capital.
_AMBIGUES = {"ames", "rely", "essars", "hinges", "la couture", "la comte", "lambres", "busnes", "ham", "ruitz", "diéval"}
_SIGLES_MOTS = set(
    "pre pad cat am ars rol pig pep cap dev pai pcb as cil or son lieu mam pass poc gap age ei ai cas cip art aide eie met ase faire ca ami vif etrier etat region envol ime arre plan sac pass cij ctp".split()
)  # fmt: skip
# Said every day: a sigle only in capitals or alone, even in a short message.
_TRES_COURANTS = {"ca", "ami", "son", "or", "faire", "aide", "age", "as", "met"}
_MAX_MOTS = 9
_MESSAGE_COURT = 8


@dataclass(frozen=True)
class Entity:
    """Something of the base found in a message. ``debut`` and ``fin`` count folded words."""

    genre: str  # commune, commune_hors, sigle, structure, service, type_lieu, lieu, fiche, besoin, fait
    cible: str
    mots: str
    debut: int
    fin: int
    sur: bool = True


def spelling(texte: str) -> str:
    """Folded words with saint, lès and the like spelt one way."""
    mots = ["saint" if m in ("st", "ste", "sainte") else m for m in fold(texte).split()]
    return " ".join("les" if m == "lez" else m for m in mots)


def _written_as_sigle(forme: str, texte: str) -> bool:
    """Whether a sigle that is also an everyday word stands in capitals, in a message that is not all capitals."""
    return any(fold(mot) == forme and mot.isupper() for mot in re.findall(r"\w+", texte)) and not texte.isupper()


class Gazetteer:
    """Names of one base, ready to be found in messages."""

    def __init__(self, base: Base, mots_courants: frozenset[str] = frozenset()) -> None:
        self._base = base
        self._courants = mots_courants
        self._termes: dict[str, list[tuple[str, str]]] = defaultdict(list)
        self._communes: dict[str, str] = {}
        self._hors: dict[str, CommuneHors] = {}
        self._add_communes()
        self._add_names()
        self._fuzzy = {nom: code for nom, code in self._communes.items() if len(nom) >= 5}
        self.surs = frozenset(mot for nom in (*self._communes, *self._termes) for mot in nom.split())

    def _add_communes(self) -> None:
        premiers: dict[str, set[str]] = defaultdict(set)
        for code, commune in self._base.communes.items():
            nom = spelling(commune.nom)
            self._communes[nom] = code
            mots = nom.split()
            court = " ".join(m for m in mots if m not in _ARTICLES)
            if len(court.split()) > 1:
                self._communes.setdefault(court, code)
            self._communes.setdefault(nom.replace(" ", ""), code)
            if " sur la " in nom:
                self._communes.setdefault(nom.replace(" sur la ", " sur "), code)
            tete = mots[0]
            if len(mots) > 1 and len(tete) >= 4 and tete not in ("saint", "vieille", "neuve", "mont", "petit"):
                premiers[tete].add(code)
        for tete, codes in premiers.items():
            if tete not in self._communes:
                # Of two communes with the same first word, the larger is meant more often; the answer says which was taken.
                self._communes[tete] = max(codes, key=lambda c: self._base.communes[c].population)
        for terme in self._base.lexique:
            if terme.genre == "commune":
                self._communes[spelling(terme.terme)] = terme.cible
        for hors in sorted(self._base.communes_hors, key=lambda c: c.population or 0):
            nom = spelling(hors.nom)
            if nom not in self._communes and len(nom) >= 3:
                self._hors[nom] = hors

    def _add_names(self) -> None:
        for structure in self._base.structures.values():
            # « La mairie de Divion » names the commune: its telephone stands there, not with the ludothèque that this town hall runs.
            if spelling(structure.nom).removeprefix("mairie de ") not in self._communes:
                self._add(structure.nom, "structure", structure.id)
            self._add(structure.sigle, "structure", structure.id)
        for service in self._base.services.values():
            self._add(service.nom, "service", service.id)
            self._add(service.sigle, "service", service.id)
        for sigle in self._base.sigles:
            for forme in (sigle.sigle, *sigle.variantes):
                self._add(forme, "sigle", sigle.sigle)
            self._add(sigle.signification, "sigle", sigle.sigle)
        portes = {fold(t.terme) for t in self._base.lexique if t.genre == "structure"} | {fold(s.nom) for s in self._base.structures.values()}
        for nom_actuel in self._base.noms_actuels:
            # A new name that another structure already bears (« France services ») is that structure's.
            formes = [nom_actuel.nom_convention, *([nom_actuel.nom_actuel] if fold(nom_actuel.nom_actuel) not in portes else [])]
            for forme in formes:
                for cible in nom_actuel.structures:
                    self._add(forme, "structure", cible)
                for cible in nom_actuel.services:
                    self._add(forme, "service", cible)
        for lieu in self._base.lieux.values():
            nom = re.sub(r"[«»\"“”]", " ", lieu.nom)
            for forme in re.split(r"[/()]", nom):
                if len(fold(forme)) >= 4 and lieu.type in (
                    "eaje",
                    "mam",
                    "laep",
                    "rpe",
                    "hebergement",
                    "alsh",
                    "ludotheque",
                    "maternite",
                    "evs",
                    "centre_social",
                ):
                    self._add(forme, "lieu", lieu.id)
        for terme in self._base.lexique:
            if terme.genre in ("structure", "service", "type_lieu", "besoin", "fait", "fiche"):
                self._add(terme.terme, terme.genre, terme.cible)

    def _add(self, nom: str | None, genre: str, cible: str) -> None:
        forme = spelling(nom) if nom else ""
        if len(forme) < 2 or forme in self._communes:
            return
        if (genre, cible) not in self._termes[forme]:
            self._termes[forme].append((genre, cible))

    def find(self, texte: str) -> list[Entity]:
        """Entities of a message, longest first where they overlap, in the order of the words."""
        mots = spelling(texte).split()
        bruts = re.findall(r"[\w]+", texte)
        majuscules = {spelling(b) for b in bruts if b[:1].isupper()}
        trouves: list[Entity] = []
        pris: set[int] = set()
        for longueur in range(min(_MAX_MOTS, len(mots)), 0, -1):
            for debut in range(len(mots) - longueur + 1):
                if pris & set(range(debut, debut + longueur)):
                    continue
                forme = " ".join(mots[debut : debut + longueur])
                entites = self._named(forme, mots, debut, longueur, majuscules, texte)
                if entites:
                    trouves += entites
                    pris |= set(range(debut, debut + longueur))
        trouves = [self._longer_commune(e, mots) if e.genre == "commune" else e for e in trouves]
        trouves += self._fiches(texte)
        if not trouves:
            trouves += self._near_names(mots)
        if not any(e.genre == "commune" for e in trouves):
            trouves += self._near_communes(mots, pris)
        if not any(e.genre == "commune" for e in trouves):
            trouves += self._outside(mots, pris, majuscules)
        return sorted(trouves, key=lambda e: (e.debut, -e.fin))

    def _named(self, forme: str, mots: list[str], debut: int, longueur: int, majuscules: set[str], texte: str) -> list[Entity]:
        fin = debut + longueur
        code = self._communes.get(forme)
        if code and self._commune_meant(forme, mots, debut, majuscules):
            return [Entity("commune", code, forme, debut, fin)]
        entites = []
        for genre, cible in self._termes.get(forme, ()):
            if longueur == 1 and forme in _SIGLES_MOTS and len(mots) > (1 if forme in _TRES_COURANTS else 3) and not _written_as_sigle(forme, texte):
                continue
            entites.append(Entity(genre, cible, forme, debut, fin))
        if not entites and longueur == 1 and forme.endswith("s") and len(forme) > 4:
            entites = [Entity(genre, cible, forme, debut, fin) for genre, cible in self._termes.get(forme[:-1], ())]
        return entites

    def _commune_meant(self, forme: str, mots: list[str], debut: int, majuscules: set[str]) -> bool:
        if forme not in _AMBIGUES:
            return True
        avant = mots[debut - 1] if debut else ""
        if forme == "la couture" and avant == "de" and "couture" not in majuscules:
            return " ".join(mots[max(0, debut - 2) : debut - 1]) in ("mairie", "commune", "ville", "ccas", "vient", "viens", "pres", "habitant", "ecole")
        return avant in _LIEN or forme.split()[-1] in majuscules or len(mots) <= 3

    def _near_names(self, mots: list[str]) -> list[Entity]:
        """Long names misspelt in a short message that names nothing else: « lieu acuceli parents enfants »."""
        if len(mots) > _MESSAGE_COURT:
            return []
        for longueur in range(min(_MAX_MOTS, len(mots)), 2, -1):
            for debut in range(len(mots) - longueur + 1):
                forme = " ".join(mots[debut : debut + longueur])
                meilleur = process.extractOne(forme, self._longs.get(longueur, ()), scorer=fuzz.ratio, score_cutoff=86)
                if meilleur:
                    return [Entity(genre, cible, forme, debut, debut + longueur, sur=False) for genre, cible in self._termes[meilleur[0]]]
        return []

    @cached_property
    def _longs(self) -> dict[int, list[str]]:
        """Names of three words or more, by number of words."""
        par_nombre: dict[int, list[str]] = defaultdict(list)
        for forme in self._termes:
            if len(forme) >= 14 and forme.count(" ") >= 2:
                par_nombre[forme.count(" ") + 1].append(forme)
        return par_nombre

    def _near_communes(self, mots: list[str], pris: set[int]) -> list[Entity]:
        """Misspelt communes: one to three words close to a name, far from any everyday word."""
        for longueur in (3, 2, 1):
            for debut in range(len(mots) - longueur + 1):
                if pris & set(range(debut, debut + longueur)):
                    continue
                morceau = mots[debut : debut + longueur]
                forme = " ".join(morceau)
                if len(forme) < 5 or all(m in self._courants for m in morceau) or morceau[0] in _ARTICLES or forme in self._hors:
                    continue
                if longueur == 1 and forme in self._courants:
                    continue
                meilleur = process.extractOne(forme, self._fuzzy.keys(), scorer=fuzz.ratio, score_cutoff=83 if len(forme) < 8 else 80)
                if meilleur and meilleur[0][0] == forme[0] and abs(len(meilleur[0]) - len(forme)) <= 3:
                    return [Entity("commune", self._fuzzy[meilleur[0]], forme, debut, debut + longueur, sur=False)]
        return []

    def _longer_commune(self, exacte: Entity, mots: list[str]) -> Entity:
        """« vednin les bethune »: a misspelt longer name is meant, not the shorter one that it holds."""
        for longueur in range(5, exacte.fin - exacte.debut, -1):
            for debut in range(max(0, exacte.fin - longueur), min(exacte.debut, len(mots) - longueur) + 1):
                forme = " ".join(mots[debut : debut + longueur])
                noms = [nom for nom in self._fuzzy if nom[0] == forme[0] and nom.count(" ") == longueur - 1]
                meilleur = process.extractOne(forme, noms, scorer=fuzz.ratio, score_cutoff=86)
                if meilleur and all(fuzz.ratio(a, b) >= 60 for a, b in zip(forme.split(), meilleur[0].split(), strict=True)):
                    return Entity("commune", self._fuzzy[meilleur[0]], forme, debut, debut + longueur, sur=forme == meilleur[0])
        return exacte

    def _outside(self, mots: list[str], pris: set[int], majuscules: set[str]) -> list[Entity]:
        for longueur in range(5, 0, -1):
            for debut in range(len(mots) - longueur + 1):
                forme = " ".join(mots[debut : debut + longueur])
                hors = self._hors.get(forme)
                if hors is None or pris & set(range(debut, debut + longueur)):
                    continue
                avant = mots[debut - 1] if debut else ""
                connue = (hors.population or 0) >= 15_000
                # A large town that is no French word is that town even where the phrases of training say it.
                seul = longueur == 1 and forme in self._courants and not (connue and not is_french(forme))
                if seul and not (forme.split()[0] in majuscules and avant in _LIEN and connue):
                    continue
                if avant in _LIEN or (connue and len(forme) >= 4) or (forme.split()[0] in majuscules and debut > 0 and len(forme) >= 5):
                    return [Entity("commune_hors", hors.code_insee, forme, debut, debut + longueur)]
        return []

    def _fiches(self, texte: str) -> list[Entity]:
        entites = []
        for m in re.finditer(r"(?<![\d.,])([1-4])\s?[.\-, ]\s?([1-5])(?:\s?[.\-, ]\s?(\d{1,2}))?(?![\d%])", texte):
            numero = ".".join(g for g in m.groups() if g)
            if numero in self._base.fiches and ("fiche" in texte.lower() or "." in m[0]):
                entites.append(Entity("fiche", numero, m[0], 0, 0))
        return entites
