"""Which of our rows an open file speaks of: name, sigle and commune, with a score.

Only the same name in a commune that we know to be theirs is taken without asking. Anything less is proposed to a human, and what stands
in a commune that is not theirs, or in another département, is a homonym: it is not even proposed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from knowledge.imports.record import Externe
from knowledge.reading import Row, split
from knowledge.text import fold

SUR = 93.0  # names that differ by a typing error
PROPOSE = 75.0  # below, nothing is even proposed
_INCLUS = 88.0  # one name holds all the words of the other: « Mission locale », « Mission locale de l'Artois »
_PAREIL_AILLEURS = 92.0  # the same name, but nothing says that the commune is theirs
_HORS = 5.0  # an item of the département but outside the territory comes after those inside
_PAR_CIBLE = 3  # proposals a row: beyond, the name is too common to choose by it
DEPARTEMENT = "62"
_MEME_MOT = 80.0
ACCEPTE = "accepté par vous"
_VIDES = frozenset("a au aux avec de des du d en et l la le les pour sur".split())


def _same_words(a: frozenset[str], b: frozenset[str]) -> bool:
    """Each word of one has the same in the other, or a misspelling of it: « nord » is not « sud », 1 is not 2."""
    return len(a) == len(b) and all(any(not mot.isdecimal() and fuzz.ratio(mot, autre) >= _MEME_MOT for autre in b - a) for mot in a - b)


@dataclass(frozen=True)
class Cible:
    """One of our rows that a file may speak of."""

    id: str
    nom: str
    structure: str | None
    lieu: str | None
    communes: frozenset[str]  # where it is known to receive; empty when we do not know
    formes: tuple[frozenset[str], ...] = ()
    service: str | None = None

    @property
    def precise(self) -> bool:
        return self.lieu is not None


@dataclass(frozen=True)
class Rapprochement:
    externe: Externe
    cible: Cible
    score: float
    raison: str


@dataclass
class Bilan:
    """What matching found; ``rattaches`` are the file's items already known or accepted."""

    lus: int = 0
    services: bool = False  # the file lists services, not structures
    surs: list[Rapprochement] = field(default_factory=list)
    a_confirmer: list[Rapprochement] = field(default_factory=list)
    mairies: dict[str, list[Externe]] = field(default_factory=lambda: defaultdict(list))
    vus: set[str] = field(default_factory=set)  # identifiers of the file that we asked about


class Matcher:
    """Our rows, ready to be compared with many names."""

    def __init__(self, tout: Mapping[str, list[Row]]) -> None:
        self._sens = {
            fold(forme): frozenset(fold(ligne["signification"]).split()) - _VIDES
            for ligne in tout["sigle"]
            for forme in (ligne["sigle"], *ligne.liste("variantes"))
            if len(forme) > 2 and "ne développe pas" not in ligne["signification"]
        }
        self._noms = {ligne["code_insee"]: frozenset(fold(ligne["nom"]).split()) for ligne in tout["commune"]}
        self.cibles = {cible.id: cible for cible in self._targets(tout)}
        self._par_commune: dict[str, list[Cible]] = defaultdict(list)
        self._sans_commune: list[Cible] = []
        for cible in self.cibles.values():
            for code in cible.communes:
                self._par_commune[code].append(cible)
            if not cible.communes:
                self._sans_commune.append(cible)
        self._services = list(self._service_targets(tout))
        self.cibles |= {cible.id: cible for cible in self._services}

    def match(self, externes: Iterable[Externe], acceptes: Mapping[str, str], connus: Mapping[str, Cible]) -> Bilan:
        """``acceptes``: human answers, identifier of the file → of ours. ``connus``: items taken at a former import."""
        bilan = Bilan()
        propositions: dict[str, list[Rapprochement]] = defaultdict(list)
        for externe in externes:
            bilan.lus += 1
            bilan.services = bilan.services or externe.service
            if externe.mairie and externe.code_insee in self._noms:
                bilan.mairies[externe.code_insee].append(externe)
            if externe.id in acceptes:
                bilan.surs.append(Rapprochement(externe, self.cibles[acceptes[externe.id]], 100.0, ACCEPTE))
                bilan.vus.add(externe.id)
                continue
            if externe.id in connus:
                bilan.surs.append(Rapprochement(externe, connus[externe.id], 100.0, "déjà repris"))
                bilan.vus.add(externe.id)
                continue
            if externe.departement != DEPARTEMENT:
                continue
            if externe.service and (porteur := connus.get(externe.parent or "")):
                bilan.surs.append(Rapprochement(externe, porteur, 100.0, "service d'une structure déjà reprise"))
                continue
            for trouve in self._best(externe):
                liste = propositions[trouve.cible.id]
                liste.append(trouve)
                liste.sort(key=lambda r: (-r.score, r.externe.id))
                del liste[_PAR_CIBLE:]
        self._sort(propositions, bilan)
        return bilan

    def _sort(self, propositions: Mapping[str, list[Rapprochement]], bilan: Bilan) -> None:
        """Sure only when neither side has another candidate as good."""
        memes: dict[str, int] = defaultdict(int)
        for liste in propositions.values():
            for r in liste:
                memes[r.externe.id] += r.score >= SUR
        pris = {r.externe.id for r in bilan.surs}
        for liste in propositions.values():
            for r in liste:
                if r.externe.id in pris:
                    continue
                seul = memes[r.externe.id] == 1 and sum(x.score >= SUR for x in liste) == 1
                if r.score >= SUR and seul:
                    bilan.surs.append(r)
                elif r.score >= SUR:
                    bilan.a_confirmer.append(Rapprochement(r.externe, r.cible, r.score, "plusieurs lignes ont ce nom dans cette commune"))
                else:
                    bilan.a_confirmer.append(r)
        surs = {r.externe.id for r in bilan.surs}
        bilan.a_confirmer = sorted((r for r in bilan.a_confirmer if r.externe.id not in surs), key=lambda r: (-r.score, r.cible.id, r.externe.id))

    def _best(self, externe: Externe) -> Iterator[Rapprochement]:
        """Our rows whose name is near; a structure gives way to its own place that is as near."""
        ici = externe.code_insee if externe.code_insee in self._noms else None
        groupes = [(self._services if externe.service else self._sans_commune, False)]
        if ici and not externe.service:
            groupes.append((self._par_commune[ici], True))
        mots = self._words(externe.nom, fold(externe.ville or "").split()) - (self._noms[ici] if ici else frozenset())
        trouves = []
        for cibles, meme_commune in groupes:
            for cible in cibles:
                if ici is None and cible.precise:
                    continue
                score, raison = self._score(mots, cible, meme_commune)
                if ici is None:
                    score, raison = score - _HORS, f"{raison.partition(',')[0]}, hors du territoire"
                if score >= PROPOSE:
                    trouves.append(Rapprochement(externe, cible, score, raison))
        lieux = {r.cible.structure for r in trouves if r.cible.precise and r.score >= SUR}
        return (r for r in trouves if r.cible.precise or r.cible.structure not in lieux)

    def _score(self, mots: frozenset[str], cible: Cible, meme_commune: bool) -> tuple[float, str]:
        meilleur, inclus = 0.0, False
        texte = " ".join(sorted(mots))
        for forme in cible.formes:
            meilleur = max(meilleur, fuzz.ratio(texte, " ".join(sorted(forme)), score_cutoff=max(meilleur, PROPOSE)))
            inclus = inclus or bool(forme) and bool(mots) and (forme <= mots or mots <= forme)
        pareil = meilleur >= SUR and any(_same_words(mots, forme) for forme in cible.formes)
        ou = ", même commune" if meme_commune else ", commune inconnue de la base"
        if pareil:
            return (meilleur if meme_commune else _PAREIL_AILLEURS), f"même nom{ou}"
        if inclus and meilleur < _INCLUS:
            return _INCLUS, f"un nom contient l'autre{ou}"
        return min(meilleur, _PAREIL_AILLEURS), f"noms proches{ou}"

    def _words(self, nom: str, ville: Iterable[str] = ()) -> frozenset[str]:
        """Words that tell a name apart: sigles spelled out, the town and little words left out."""
        mots: set[str] = set()
        for mot in fold(nom).split():
            mots |= self._sens.get(mot, frozenset((mot,)))
        return frozenset(mots - _VIDES - set(ville))

    def _targets(self, tout: Mapping[str, list[Row]]) -> Iterator[Cible]:
        nouveaux: dict[str, list[str]] = defaultdict(list)
        for ligne in tout["nom_actuel"]:
            for cle in ligne.liste("structures"):
                nouveaux[cle].append(ligne["nom_actuel"])
        lieux: dict[str, set[str]] = defaultdict(set)
        ouverts = [ligne for ligne in tout["lieu"] if ligne["etat"] == "en service"]
        for ligne in ouverts:
            lieux[ligne["structure"]].add(ligne["commune"])
        for ligne in tout["structure"]:
            if ligne["etat"] == "en service":
                communes = frozenset({*ligne.liste("communes"), *lieux[ligne["id"]]} - {""})
                noms = (ligne["nom"], ligne["sigle"], *nouveaux[ligne["id"]])
                yield Cible(ligne["id"], ligne["nom"], ligne["id"], None, communes, self._forms(noms, communes))
        structures = {ligne["id"] for ligne in tout["structure"]}
        for ligne in ouverts:
            communes = frozenset(split(ligne["commune"]))
            cle = ligne["id"] if ligne["id"] not in structures else f"lieu:{ligne['id']}"
            yield Cible(cle, ligne["nom"], ligne["structure"] or None, ligne["id"], communes, self._forms((ligne["nom"],), communes))

    def _service_targets(self, tout: Mapping[str, list[Row]]) -> Iterator[Cible]:
        """What the page of a service says is how to reach that service of its structure, not the whole structure."""
        for ligne in tout["service"]:
            porteur = self.cibles.get(ligne["structure"])
            if porteur and ligne["etat"] == "en service":
                cle = ligne["id"] if ligne["id"] not in self.cibles else f"service:{ligne['id']}"
                formes = self._forms((ligne["nom"],), ())
                yield Cible(cle, f"{ligne['nom']} ({porteur.nom})", porteur.structure, None, frozenset(), formes, ligne["id"])

    def _forms(self, noms: Iterable[str], communes: Iterable[str]) -> tuple[frozenset[str], ...]:
        villes = {mot for code in communes for mot in self._noms[code]}
        return tuple(dict.fromkeys(mots for nom in noms if nom and (mots := self._words(nom, villes) or self._words(nom))))
