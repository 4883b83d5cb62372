"""The quick look-up: one list of everything the base holds, found as one types, without a conversation.

Pure: an ``Annuaire`` is built once over an open base; ``look_up`` takes typed filters and gives typed rows.
Accents, typing errors and the order of words are forgiven; an unknown age or place never excludes.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from knowledge.base import Base, Commune, Lieu, Service, Structure
from knowledge.index_mots import WordIndex, query_words
from knowledge.say import LIEUX, SOUS_TYPES
from knowledge.text import contains, fold

THEMES_DITS = {
    "logement": "Logement",
    "illettrisme": "Illettrisme",
    "jeunesse": "Jeunesse",
    "petite_enfance": "Petite enfance",
    "parentalite": "Parents",
    "numerique": "Numérique",
    "acces_droits": "Accès aux droits",
    "sante": "Santé",
    "handicap": "Handicap",
    "violences": "Violences",
    "gens_du_voyage": "Gens du voyage",
    "mobilite": "Se déplacer",
    "emploi": "Emploi",
    "gouvernance": "Pilotage de la convention",
}
GENRES = {"service": "Service", "lieu": "Lieu", "commune": "Mairie", "structure": "Organisme", "sigle": "Sigle"}
ETATS_DITS = {"projet": "en projet en 2021", "etude": "à l'étude en 2021", "experimentation": "expérimentation en 2021"}
_RANG_GENRE = {genre: rang for rang, genre in enumerate(GENRES)}


@dataclass(frozen=True)
class Entree:
    """One line of the directory. ``id`` is what stands after /fiche/."""

    id: str
    genre: str
    cle: str
    nom: str
    sens: str | None  # the words behind the sigle, when the name does not say them
    resume: str
    themes: tuple[str, ...]
    communes: tuple[str, ...]  # where it receives, when known
    zone: tuple[str, ...] = ()  # the only communes that it serves, when the document lists them
    partout: bool = False
    etat: str = "en service"
    professionnels: bool = False
    conditions: tuple[str, ...] = ()
    telephone: str | None = None
    rangs: Mapping[str, float] = field(default_factory=dict)  # theme → how good a door it is for it, 1 the best

    @property
    def en_projet(self) -> bool:
        """Not open: never a place to go."""
        return self.etat in ("projet", "etude")


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


def of_town(nom: str) -> str:
    """« de Béthune », « d'Auchel », « du Touret »."""
    if nom.startswith("Le "):
        return f"du {nom[3:]}"
    if nom.startswith("Les "):
        return f"des {nom[4:]}"
    return f"d'{nom}" if fold(nom)[:1] in "aeiouy" else f"de {nom}"


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
        self._besoins: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for reponse in base.reponses:
            self._besoins[reponse.service].append((reponse.rang, reponse.besoin))
        self.entrees: tuple[Entree, ...] = (
            *(self._service(s) for s in base.services.values()),
            *(self._lieu(lieu) for lieu in base.lieux.values()),
            *(self._structure(s) for s in base.structures.values()),
            *(self._commune(c) for c in base.communes.values()),
            *(Entree(f"sigle:{s.sigle}", "sigle", s.sigle, s.sigle, s.signification, s.explication or "", (), ()) for s in base.sigles),
        )
        self.par_id = {entree.id: entree for entree in self.entrees}
        self._villes = {mot for c in base.communes.values() for mot in fold(c.nom).split()}
        self._index = WordIndex()
        alias = self._aliases()
        for rang, entree in enumerate(self.entrees):
            self._add_words(rang, entree, alias)
        self._index.freeze()

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
        proche = False
        if mots:
            scores, proche = self._index.score(mots)
            sans_ville = [mot for mot in mots if mot not in self._villes]
            if not scores and 0 < len(sans_ville) < len(mots):
                scores, proche = self._index.score(sans_ville)[0], True
            scores = {rang: score + self._bonus(self.entrees[rang], filtres.mots) for rang, score in scores.items()}
        else:
            scores = dict.fromkeys(range(len(self.entrees)), 0.0)
        distances = self._distances(filtres)
        lignes: list[Ligne] = []
        themes: dict[str, int] = dict.fromkeys(THEMES_DITS, 0)
        for rang, score in scores.items():
            entree = self.entrees[rang]
            garde, km = self._placed(entree, filtres, distances)
            if not garde or not self._aged(entree, filtres):
                continue
            for theme in entree.themes:
                themes[theme] += 1
            if filtres.theme is None or filtres.theme in entree.themes:
                lignes.append(Ligne(entree, km, score))
        lignes.sort(key=lambda ligne: _order(ligne, filtres))
        return Resultat(tuple(lignes), themes, self._towns(lignes, filtres, distances), relais, proche and bool(lignes))

    def needs_of(self, service: str) -> list[str]:
        """Needs that a service answers, best first."""
        return [besoin for _, besoin in sorted(self._besoins.get(service, []), key=lambda x: x[0])]

    # Building

    def _service(self, s: Service) -> Entree:
        lieux = [lieu for lieu in self.base.lieux_par_service.get(s.id, []) if lieu.etat not in ("projet", "etude")]
        rangs = self._ranks(s.id)
        return Entree(
            f"service:{s.id}",
            "service",
            s.id,
            s.nom,
            self._meaning(s.sigle, s.nom),
            s.description,
            tuple(rangs),
            _towns_of(lieux),
            s.zone_eligibilite,
            bool(s.territoire_entier),
            s.etat,
            bool(s.reserve_professionnels),
            tuple(c.texte for c in s.criteres),
            rangs=rangs,
        )

    def _ranks(self, service: str) -> dict[str, float]:
        rangs: dict[str, float] = {}
        for rang, besoin in sorted(self._besoins.get(service, []), key=lambda x: x[0]):
            rangs.setdefault(self.base.besoins[besoin].theme, float(rang))
        return rangs

    def _structure(self, s: Structure) -> Entree:
        lieux = [lieu for lieu in self.base.lieux.values() if lieu.structure == s.id and lieu.etat not in ("projet", "etude")]
        communes = tuple(dict.fromkeys((*s.communes, *_towns_of(lieux))))
        return Entree(f"structure:{s.id}", "structure", s.id, s.nom, self._meaning(s.sigle, s.nom), s.description, s.themes, communes, etat=s.etat)

    def _lieu(self, lieu: Lieu) -> Entree:
        rangs: dict[str, float] = {}
        for service in lieu.services:
            for theme, rang in self._ranks(service).items():
                rangs[theme] = min(rangs.get(theme, 9.0), rang + 0.5)
        themes = tuple(rangs) or (self.base.structures[lieu.structure].themes if lieu.structure else ())
        genre = LIEUX[lieu.type][0] if lieu.type != "autre" else ""
        precision = SOUS_TYPES[lieu.sous_type] if lieu.sous_type else ""
        mots = [m for m in (genre, precision) if m and not contains(lieu.nom, m.split(" (")[0])]
        resume = ", ".join(dict.fromkeys(mots))
        return Entree(f"lieu:{lieu.id}", "lieu", lieu.id, lieu.nom, None, resume, themes, _towns_of([lieu]), etat=lieu.etat, rangs=rangs)

    def _commune(self, c: Commune) -> Entree:
        adresse = c.mairie_adresse or "Adresse non connue"
        nom = f"Mairie {of_town(c.nom)}"
        return Entree(f"commune:{c.code_insee}", "commune", c.code_insee, nom, None, adresse, (), (c.code_insee,), telephone=c.mairie_telephone)

    def _meaning(self, sigle: str | None, nom: str) -> str | None:
        sens = self.base.expanded(sigle) if sigle else None
        if not sigle or not sens or "ne développe pas" in sens or contains(nom, sens):
            return None
        return f"{sigle} : {sens}"

    def _aliases(self) -> dict[str, list[tuple[str, float]]]:
        """Other words that find an entry: usual names, newer names, needs."""
        alias: dict[str, list[tuple[str, float]]] = defaultdict(list)
        for nouveau in self.base.noms_actuels:
            for genre, cles in (("structure", nouveau.structures), ("service", nouveau.services)):
                for cle in cles:
                    alias[f"{genre}:{cle}"] += [(nouveau.nom_actuel, 9.0), (nouveau.nom_convention, 9.0)]
        for terme in self.base.lexique:
            if terme.genre in ("service", "structure", "commune"):
                alias[f"{terme.genre}:{terme.cible}"].append((terme.terme, 6.0))
            elif terme.genre == "besoin":
                for reponse in self.base.reponses_par_besoin.get(terme.cible, []):
                    if reponse.rang == 1:
                        alias[f"service:{reponse.service}"].append((terme.terme, 2.5))
            elif terme.genre == "type_lieu":
                for lieu in self.base.lieux.values():
                    if terme.cible in (lieu.type, lieu.sous_type):
                        alias[f"lieu:{lieu.id}"].append((terme.terme, 5.0))
        return alias

    def _add_words(self, rang: int, entree: Entree, alias: Mapping[str, Iterable[tuple[str, float]]]) -> None:
        base, index = self.base, self._index
        index.add(rang, entree.nom, 10.0)
        index.add(rang, entree.sens or "", 8.0)
        index.add(rang, entree.resume, 2.0)
        index.add(rang, " ".join(THEMES_DITS[t] for t in entree.themes), 3.0)
        for texte, poids in alias.get(entree.id, ()):
            index.add(rang, texte, poids)
        for code in entree.communes:
            commune = base.communes[code]
            if entree.genre != "commune":
                for usage, _ in alias.get(f"commune:{code}", ()):
                    index.add(rang, usage, 4.0)
            index.add(rang, f"{commune.nom} {' '.join(commune.codes_postaux)}", 10.0 if entree.genre == "commune" else 5.0)
        if entree.genre == "service":
            service = base.services[entree.cle]
            structure = base.structures[service.structure]
            index.add(rang, f"{service.sigle or ''}", 12.0)
            index.add(rang, f"{structure.nom} {structure.sigle or ''}", 5.0)
            index.add(rang, " ".join(base.besoins[b].nom for b in self.needs_of(service.id)[:6]), 3.0)
            index.add(rang, service.publics_precisions or "", 1.5)
        elif entree.genre == "structure":
            index.add(rang, base.structures[entree.cle].sigle or "", 12.0)
        elif entree.genre == "lieu":
            lieu = base.lieux[entree.cle]
            index.add(rang, f"{LIEUX[lieu.type][0]} {lieu.sous_type or ''}", 6.0)
            index.add(rang, f"{lieu.adresse or ''} {lieu.gestionnaire or ''}", 3.0)
        elif entree.genre == "commune":
            index.add(rang, "mairie ccas hôtel de ville", 6.0)
        elif entree.genre == "sigle":
            index.add(rang, " ".join(base.sigles_par_forme[fold(entree.cle)].variantes), 10.0)

    # Looking up

    def _bonus(self, entree: Entree, mots: str) -> float:
        """A name typed from its beginning comes first."""
        voulu, noms = fold(mots), [fold(entree.nom)]
        if entree.genre == "commune":
            noms.append(fold(self.base.communes[entree.cle].nom))
        return 12.0 if voulu in noms else 4.0 if any(nom.startswith(voulu) for nom in noms) else 0.0

    def _distances(self, filtres: Filtres) -> dict[str, float]:
        """Communes kept by the filter, with their distance."""
        if not filtres.commune:
            return {}
        tous = {code: self.base.distance(filtres.commune, code) for code in self.base.communes}
        return {code: km for code, km in tous.items() if code == filtres.commune or km <= filtres.voisins}

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


def _towns_of(lieux: Iterable[Lieu]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(lieu.commune for lieu in lieux if lieu.commune))


def _order(ligne: Ligne, filtres: Filtres) -> tuple[bool, float, float, float, bool, int, str, str]:
    """Open before projects; best words, then nearest, then what one can use before what explains."""
    e = ligne.entree
    loin = ligne.distance_km if ligne.distance_km is not None else 999.0
    premiere = 0 if e.genre == "commune" and e.cle == filtres.commune else 1 + _RANG_GENRE[e.genre]
    rang = e.rangs.get(filtres.theme, 4.0) if filtres.theme else 4.0
    return e.en_projet, -round(ligne.score, 1), rang, loin if premiere else -1.0, e.professionnels, premiere, fold(e.nom), e.id
