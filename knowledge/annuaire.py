"""The quick look-up: one list of everything the base holds, found as one types, without a conversation.

Pure: an ``Annuaire`` is built once over an open base; ``look_up`` takes typed filters and gives typed rows.
Accents, typing errors and the order of words are forgiven; an unknown age or place never excludes.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from knowledge.base import Base, Commune, Service
from knowledge.entrees import GENRES, THEMES_DITS, Entree, Entries
from knowledge.index_mots import Notes, query_words
from knowledge.text import fold

_RANG_GENRE = {genre: rang for rang, genre in enumerate(GENRES)}


@dataclass(frozen=True)
class Filtres:
    mots: str = ""
    theme: str | None = None
    commune: str | None = None  # INSEE code of a commune of the territory
    voisins: float = 0.0  # kilometres around the commune
    age: float | None = None


@dataclass(frozen=True)
class Ligne:
    entree: Entree
    distance_km: float | None  # of its nearest place, None without commune or without known place
    score: float


@dataclass(frozen=True)
class Resultat:
    """``themes`` counts the rows that each theme would give with the other filters; ``communes`` the open places of the list."""

    lignes: tuple[Ligne, ...]
    themes: Mapping[str, int] = field(default_factory=dict)
    communes: Mapping[str, int] = field(default_factory=dict)
    relais: Commune | None = None
    proche: bool = False  # no row has all the words: these have most of them

    @property
    def total(self) -> int:
        return len(self.lignes)


def age_fits(service: Service, age: float) -> bool | None:
    """Whether an age stands within the criteria of a service; None when that depends on something unknown."""
    su: bool | None = True
    for critere in service.criteres:
        if critere.genre != "age":
            continue
        if critere.age_de == "enfant" and age >= 18:
            su = None  # the age of the parent says nothing of the child
            continue
        bas, haut = critere.age_min or 0, critere.age_max if critere.age_max is not None else math.inf
        if bas <= age < haut + 1:
            continue
        exception = critere.exception_age_max if critere.exception_fait else None
        if exception is None or not bas <= age < exception + 1:
            return False
        su = None
    return su


class Annuaire:
    """Every entry of a base and the words that find it."""

    def __init__(self, base: Base) -> None:
        self.base = base
        self._fabrique = Entries(base)
        self.entrees = self._fabrique.make()
        self.par_id = {entree.id: entree for entree in self.entrees}
        self._villes = {mot for c in base.communes.values() for mot in fold(c.nom).split()}
        self._index = self._fabrique.index(self.entrees)
        self._partout: list[int] = []  # where the commune says nothing
        self._par_zone: dict[str, list[int]] = defaultdict(list)
        self._par_commune: dict[str, list[int]] = defaultdict(list)
        for rang, entree in enumerate(self.entrees):
            for code in entree.communes:
                self._par_commune[code].append(rang)
            if not entree.communes or entree.partout:
                for code in entree.zone:
                    self._par_zone[code].append(rang)
                if not entree.zone:
                    self._partout.append(rang)

    def find(self, identifiant: str) -> Entree | None:
        """The entry of an identifier: ``genre:id``, or the plain id when only one genre has it, services first."""
        if identifiant in self.par_id:
            return self.par_id[identifiant]
        candidats = [e for e in (self.par_id.get(f"{genre}:{identifiant}") for genre in GENRES) if e]
        return candidats[0] if candidats else None

    def look_up(self, filtres: Filtres) -> Resultat:
        relais = self.base.communes.get(filtres.commune) if filtres.commune else None
        mots = query_words(filtres.mots)
        if filtres.mots.strip() and not mots:
            return Resultat((), dict.fromkeys(THEMES_DITS, 0), {}, relais)
        notes, proche = self._notes(mots)
        distances = self.base.around(filtres.commune, filtres.voisins) if filtres.commune else {}
        lignes: list[Ligne] = []
        themes: dict[str, int] = dict.fromkeys(THEMES_DITS, 0)
        for rang in self._kept(filtres, distances, notes):
            entree = self.entrees[rang]
            garde, km = self._placed(entree, filtres, distances)
            if not garde or not self._aged(entree, filtres):
                continue
            for theme in entree.themes:
                themes[theme] += 1
            if filtres.theme is None or filtres.theme in entree.themes:
                ici = 0.0 if not mots or km is None else 2.0 if km else 4.0
                score = 0.0 if notes is None else float(notes[rang]) + self._bonus(entree, filtres.mots)
                lignes.append(Ligne(entree, km, score + ici))
        lignes.sort(key=lambda ligne: _order(ligne, filtres))
        return Resultat(tuple(lignes), themes, self._towns(lignes, filtres, distances), relais, proche and bool(lignes))

    def _notes(self, mots: list[str]) -> tuple[Notes | None, bool]:
        """The score of every entry for some words, and whether these are only near; None without words."""
        if not mots:
            return None, False
        notes, proche = self._index.notes(mots)
        sans_ville = [mot for mot in mots if mot not in self._villes]
        if not notes.any() and 0 < len(sans_ville) < len(mots):
            return self._index.notes(sans_ville)[0], True
        return notes, proche

    def _kept(self, filtres: Filtres, distances: Iterable[str], notes: Notes | None) -> Iterable[int]:
        """Entries that the words found and that the commune may keep."""
        if not filtres.commune:
            return range(len(self.entrees)) if notes is None else notes.nonzero()[0].tolist()
        proches = self._near(filtres.commune, distances)
        return proches if notes is None else [rang for rang in proches if notes[rang]]

    def needs_of(self, service: str) -> list[str]:
        """Needs that a service answers, best first."""
        return self._fabrique.needs_of(service)

    def _bonus(self, entree: Entree, mots: str) -> float:
        """A name typed from its beginning comes first."""
        voulu, noms = fold(mots), [fold(entree.nom)]
        if entree.genre == "commune":
            noms.append(fold(self.base.communes[entree.cle].nom))
        return 12.0 if voulu in noms else 4.0 if any(nom.startswith(voulu) for nom in noms) else 0.0

    def _near(self, commune: str, distances: Iterable[str]) -> set[int]:
        """Entries that the filter of a commune may keep, the few that ``_placed`` then looks at."""
        return {*self._partout, *self._par_zone.get(commune, ()), *(rang for code in distances for rang in self._par_commune.get(code, ()))}

    def _placed(self, entree: Entree, filtres: Filtres, distances: Mapping[str, float]) -> tuple[bool, float | None]:
        if not filtres.commune:
            return True, None
        if entree.genre == "sigle" or entree.zone and filtres.commune not in entree.zone:
            return False, None
        if not entree.communes or entree.partout:
            return True, min((distances[c] for c in entree.communes if c in distances), default=None)
        proches = [distances[c] for c in entree.communes if c in distances]
        return bool(proches), min(proches, default=None)

    def _aged(self, entree: Entree, filtres: Filtres) -> bool:
        if filtres.age is None:
            return True
        if entree.genre == "service":
            return age_fits(self.base.services[entree.cle], filtres.age) is not False
        if entree.genre == "lieu":
            services = self.base.lieux[entree.cle].services
            return not services or any(age_fits(self.base.services[s], filtres.age) is not False for s in services)
        return entree.genre == "structure"

    def _towns(self, lignes: Iterable[Ligne], filtres: Filtres, distances: Mapping[str, float]) -> dict[str, int]:
        """Open places of the list, counted by commune: what the map shows."""
        compte: dict[str, int] = defaultdict(int)
        for ligne in lignes:
            if ligne.entree.en_projet or ligne.entree.genre == "commune" and not filtres.mots.strip():
                continue
            for code in ligne.entree.communes:
                if not filtres.commune or code in distances:
                    compte[code] += 1
        return dict(compte)


def _order(ligne: Ligne, filtres: Filtres) -> tuple[bool, float, float, float, bool, int, bool, str, str]:
    """Open before projects; best words, then nearest, then what one can use before what explains; of equals, the one to call."""
    e = ligne.entree
    loin = ligne.distance_km if ligne.distance_km is not None else 999.0
    premiere = 0 if e.genre == "commune" and e.cle == filtres.commune else 1 + _RANG_GENRE[e.genre]
    rang = e.rangs.get(filtres.theme, 4.0) if filtres.theme else 4.0
    return e.en_projet, -round(ligne.score, 1), rang, loin if premiere else -1.0, e.professionnels, premiere, not e.telephone, fold(e.nom), e.id
