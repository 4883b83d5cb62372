"""The entries of the directory: one typed row for each thing of the base that one may look for, and the words that find it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from knowledge.base import Base, Commune, Lieu, Service, Structure
from knowledge.contacts import confiance_mairie, contacts_of, main_contact
from knowledge.index_mots import WordIndex
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
    confiance: str | None = None  # who gives the telephone, and since when
    rangs: Mapping[str, float] = field(default_factory=dict)  # theme → how good a door it is for it, 1 the best

    @property
    def en_projet(self) -> bool:
        """Not open: never a place to go."""
        return self.etat in ("projet", "etude")


def of_town(nom: str) -> str:
    """« de Béthune », « d'Auchel », « du Touret »."""
    if nom.startswith("Le "):
        return f"du {nom[3:]}"
    if nom.startswith("Les "):
        return f"des {nom[4:]}"
    return f"d'{nom}" if fold(nom)[:1] in "aeiouy" else f"de {nom}"


class Entries:
    """Makes the entries of a base and indexes their words."""

    def __init__(self, base: Base) -> None:
        self.base = base
        self._besoins: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for reponse in base.reponses:
            self._besoins[reponse.service].append((reponse.rang, reponse.besoin))

    def make(self) -> tuple[Entree, ...]:
        base = self.base
        return (
            *(self._joined(self._service(s), s.structure, service=s.id) for s in base.services.values()),
            *(self._joined(self._lieu(lieu), lieu.structure, lieu.id) for lieu in base.lieux.values()),
            *(self._joined(self._structure(s), s.id) for s in base.structures.values()),
            *(self._commune(c) for c in base.communes.values()),
            *(Entree(f"sigle:{s.sigle}", "sigle", s.sigle, s.sigle, s.signification, s.explication or "", (), ()) for s in base.sigles),
        )

    def index(self, entrees: Iterable[Entree]) -> WordIndex:
        index, alias = WordIndex(), self._aliases()
        for rang, entree in enumerate(entrees):
            self._add_words(index, rang, entree, alias)
        index.freeze()
        return index

    def needs_of(self, service: str) -> list[str]:
        """Needs that a service answers, best first."""
        return [besoin for _, besoin in sorted(self._besoins.get(service, []), key=lambda x: x[0])]

    def _service(self, s: Service) -> Entree:
        lieux = [lieu for lieu in self.base.lieux_par_service.get(s.id, []) if lieu.etat not in ("projet", "etude")]
        rangs = self._ranks(s.id)
        return Entree(
            f"service:{s.id}",
            "service",
            s.id,
            s.nom,
            self._meaning(s.sigle, s.nom, self.base.structures[s.structure]),
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

    def _joined(self, entree: Entree, structure: str | None, lieu: str | None = None, service: str | None = None) -> Entree:
        """The same entry with the number to call, whose or where it is when that is less than the entry, and how far to trust it."""
        contacts = contacts_of(self.base, structure, lieu, service=service)
        propre = next((c for c in contacts if c.telephone and (c.lieu == lieu and lieu or c.service == service and service)), None)
        contact = propre or main_contact(contacts)
        if contact is None or entree.en_projet:
            return entree
        ailleurs = contact.commune and (contact.commune,) != entree.communes
        precision = (
            contact.nom
            if contact.nom and not contains(f"{entree.nom} {entree.sens or ''}", contact.nom)
            else (f"à {self.base.communes[contact.commune].nom}" if ailleurs and contact.commune else "")
        )
        return replace(entree, telephone=contact.telephone, confiance=f"{precision} ; {contact.mention}" if precision else contact.mention)

    def _ranks(self, service: str) -> dict[str, float]:
        """Best rank by theme; of two first doors, the one that answers more needs of the theme comes first."""
        rangs: dict[str, float] = {}
        for rang, besoin in sorted(self._besoins.get(service, []), key=lambda x: x[0]):
            theme = self.base.besoins[besoin].theme
            rangs[theme] = rangs[theme] - 0.04 if theme in rangs else float(rang)
        return rangs

    def _structure(self, s: Structure) -> Entree:
        lieux = [lieu for lieu in self.base.lieux_par_structure.get(s.id, ()) if lieu.etat not in ("projet", "etude")]
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
        vu = confiance_mairie(self.base, c.code_insee)
        return Entree(f"commune:{c.code_insee}", "commune", c.code_insee, nom, None, adresse, (), (c.code_insee,), telephone=c.mairie_telephone, confiance=vu)

    def _meaning(self, sigle: str | None, nom: str, porteur: Structure | None = None) -> str | None:
        """The sigle and its words; the sigle alone when the name already says them; None when the name is the sigle."""
        sens = self.base.expanded(sigle) if sigle else None
        if not sens and sigle and porteur and porteur.sigle == sigle and fold(porteur.nom) != fold(sigle):
            sens = porteur.nom
        if not sigle or fold(sigle) == fold(nom) and not sens:
            return None
        if sens and "ne développe pas" in sens:
            return f"{sigle} : sens non donné par le document"
        if not sens or contains(nom, sens):
            return None if contains(nom, sigle) else sigle
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

    def _add_words(self, index: WordIndex, rang: int, entree: Entree, alias: Mapping[str, Iterable[tuple[str, float]]]) -> None:
        base = self.base
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
            for contact in contacts_of(base, entree.cle):
                index.add(rang, contact.nom or "", 8.0)
        elif entree.genre == "lieu":
            lieu = base.lieux[entree.cle]
            index.add(rang, f"{LIEUX[lieu.type][0]} {lieu.sous_type or ''}", 8.0)
            index.add(rang, f"{lieu.adresse or ''} {lieu.gestionnaire or ''}", 3.0)
        elif entree.genre == "commune":
            index.add(rang, "mairie ccas hôtel de ville", 6.0)
        elif entree.genre == "sigle":
            index.add(rang, " ".join(base.sigles_par_forme[fold(entree.cle)].variantes), 10.0)


def _towns_of(lieux: Iterable[Lieu]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(lieu.commune for lieu in lieux if lieu.commune))
