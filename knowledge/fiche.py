"""The sheet of one entry of the directory: all that the base holds of it, with its proofs, as typed parts to show."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from knowledge.annuaire import Annuaire
from knowledge.base import Base, Commune, Contact, Contradiction, FicheAction, Lieu, NomActuel, NumeroNational
from knowledge.contacts import Desaccord, contacts_of, disagreements, mises_a_jour_of, quand, town
from knowledge.entrees import ETATS_DITS, Entree
from knowledge.say import LIEUX, SOUS_TYPES, Page, contradictions_of
from knowledge.text import contains, fold, plural

_FAITS_MAX = 12


@dataclass(frozen=True)
class Preuve:
    """One statement of a source: where it stands and the words it uses."""

    source: str
    annee: str
    ligne: int | None
    citation: str
    url: str | None


@dataclass(frozen=True)
class LieuDit:
    id: str
    nom: str
    precision: str
    adresse: str | None
    commune: str | None
    code_insee: str | None
    gestionnaire: str | None
    note: str | None
    etat_dit: str | None


@dataclass(frozen=True)
class ContactDit:
    """One contact in words, with its trust label and the page that states it."""

    nom: str | None  # what it is the contact of, when that is not the whole of the sheet
    adresse: str | None
    telephone: str | None
    courriel: str | None
    site_web: str | None
    horaires: str | None
    confiance: str
    preuves: tuple[Preuve, ...]


@dataclass(frozen=True)
class MiseAJourDite:
    texte: str
    date: str
    preuves: tuple[Preuve, ...]


@dataclass(frozen=True)
class FaitDit:
    texte: str
    preuves: tuple[Preuve, ...]


@dataclass(frozen=True)
class Fiche:
    entree: Entree
    description: str
    avertissement: str | None  # a project or a trial: said before anything else
    porteur: Entree | None
    pour_qui: tuple[str, ...]
    zone: tuple[str, ...]
    cout: str | None
    lieux: tuple[LieuDit, ...]
    lieux_projet: tuple[LieuDit, ...]
    liens: tuple[Entree, ...]  # what it offers, or what the sigle names
    projets: tuple[Entree, ...]
    besoins: tuple[str, ...]
    contacts: tuple[ContactDit, ...]
    desaccords: tuple[str, ...]  # where two pages state different numbers or streets
    mises_a_jour: tuple[MiseAJourDite, ...]  # since the convention, newest first
    faits: tuple[FaitDit, ...]
    fiches_actions: tuple[FicheAction, ...]
    mairie: Commune | None
    numeros: tuple[NumeroNational, ...]
    noms: tuple[NomActuel, ...]
    contradictions: tuple[Contradiction, ...]
    preuves: tuple[Preuve, ...]
    anciennete: tuple[str, ...]
    relais: Commune | None


def make_sheet(annuaire: Annuaire, entree: Entree, aujourdhui: date, commune: str | None = None) -> Fiche:
    """The sheet of an entry. ``commune`` is where the person lives: it gives the relay."""
    return _Maker(annuaire, entree, aujourdhui, commune).sheet()


class _Maker:
    def __init__(self, annuaire: Annuaire, entree: Entree, aujourdhui: date, commune: str | None) -> None:
        self.annuaire, self.base, self.entree = annuaire, annuaire.base, entree
        self.aujourdhui, self.commune = aujourdhui, commune
        self._page = Page(self.base)
        self._page.dits |= {entree.cle} if entree.genre == "sigle" else set(re.findall(r"^\S+(?= : )", entree.sens or ""))

    def sheet(self) -> Fiche:
        base, e = self.base, self.entree
        service = base.services.get(e.cle) if e.genre == "service" else None
        structure = base.structures.get(e.cle) if e.genre == "structure" else None
        ouverts, projetes = self._places()
        services = {service.id} if service else set(base.lieux[e.cle].services) if e.genre == "lieu" else set()
        structures = {structure.id} if structure else {service.structure} if service else set()
        liens = self._links(services)
        preuves = self._proofs()
        nommees = structures if structure or not service else set()
        mairie = base.communes[e.cle] if e.genre == "commune" else None
        contacts = self._contacts()
        villes = {lieu.code_insee for lieu in ouverts} - {None}
        relais = base.communes.get(self.commune or "") or (base.communes[villes.pop() or ""] if len(villes) == 1 else None)
        return Fiche(
            entree=e,
            description=self._page.spelled(e.resume) if e.genre not in ("commune", "lieu") else "",
            avertissement=self._warning(),
            porteur=self._carrier(),
            pour_qui=self._public(),
            zone=tuple(sorted((base.communes[c].nom for c in e.zone), key=fold)),
            cout=", ".join(x for x in (service.frais, service.frais_precisions) if x) or None if service else None,
            lieux=ouverts,
            lieux_projet=projetes,
            liens=tuple(x for x in liens if not x.en_projet),
            projets=tuple(x for x in liens if x.en_projet),
            contacts=tuple(self._contact(c) for c in contacts),
            desaccords=tuple(disagreement(base, d) for d in disagreements(contacts)),
            mises_a_jour=self._updates(),
            besoins=tuple(base.besoins[b].nom for b in self.annuaire.needs_of(e.cle)) if service else (),
            faits=self._facts(),
            fiches_actions=tuple(f for f in base.fiches.values() if service and service.id in f.services),
            mairie=mairie,
            numeros=tuple(n for n in self._numbers() if n.numero not in {c.telephone for c in contacts}),
            noms=tuple(n for n in base.noms_actuels if services & set(n.services) or structures & set(n.structures)),
            contradictions=tuple(contradictions_of(base, services, nommees)),
            preuves=preuves,
            anciennete=self._ages(),
            relais=mairie or relais,
        )

    def _warning(self) -> str | None:
        e = self.entree
        if e.en_projet:
            return f"Attention : {ETATS_DITS[e.etat]}. Ce n'est pas un lieu où aller. Rien ne dit ici que le projet s'est fait : demandez à la mairie."
        if e.etat == "experimentation":
            return "Expérimentation en 2021 : à confirmer avant d'y envoyer quelqu'un."
        return None

    def _carrier(self) -> Entree | None:
        e = self.entree
        if e.genre == "service":
            return self.annuaire.par_id[f"structure:{self.base.services[e.cle].structure}"]
        structure = self.base.lieux[e.cle].structure if e.genre == "lieu" else None
        return self.annuaire.par_id[f"structure:{structure}"] if structure else None

    def _public(self) -> tuple[str, ...]:
        if self.entree.genre != "service":
            return ()
        service = self.base.services[self.entree.cle]
        precisions = service.publics_precisions or ""
        dits = [c for c in self.entree.conditions if not contains(precisions, c)]
        if precisions:
            dits.append(self._page.spelled(precisions))
        if service.reserve_professionnels:
            dits.append("Pour les agents et les professionnels, pas pour les habitants")
        return tuple(dits)

    def _places(self) -> tuple[tuple[LieuDit, ...], tuple[LieuDit, ...]]:
        """Open places, nearest first when the commune is known; then places that are only a project."""
        base, e = self.base, self.entree
        lieux: list[Lieu] = []
        if e.genre == "service":
            lieux = base.lieux_par_service.get(e.cle, [])
        elif e.genre == "structure":
            lieux = [lieu for lieu in base.lieux.values() if lieu.structure == e.cle]
        elif e.genre == "commune":
            lieux = [lieu for lieu in base.lieux.values() if lieu.commune == e.cle]
        elif e.genre == "lieu":
            lieux = [base.lieux[e.cle]]

        def order(lieu: Lieu) -> tuple[float, str, str]:
            km = base.distance(self.commune, lieu.commune) if self.commune in base.communes and self.commune and lieu.commune else 999.0
            return km, fold(base.communes[lieu.commune].nom) if lieu.commune else "~", fold(lieu.nom)

        lieux = sorted(lieux, key=order)
        projet = e.en_projet
        ouverts = () if projet else tuple(place(base, lieu) for lieu in lieux if lieu.etat not in ("projet", "etude"))
        return ouverts, tuple(place(base, lieu) for lieu in lieux if projet or lieu.etat in ("projet", "etude"))

    def _links(self, services: set[str]) -> list[Entree]:
        base, e, par_id = self.base, self.entree, self.annuaire.par_id
        if e.genre == "structure":
            return [par_id[f"service:{s.id}"] for s in base.services.values() if s.structure == e.cle]
        if e.genre == "lieu":
            return [par_id[f"service:{s}"] for s in services]
        if e.genre == "sigle":
            formes = {fold(f) for f in (e.cle, *base.sigles_par_forme[fold(e.cle)].variantes)}
            porteurs = [*base.services.values(), *base.structures.values()]
            ids = [
                f"{'service' if x.id in base.services and x is base.services[x.id] else 'structure'}:{x.id}" for x in porteurs if fold(x.sigle or "") in formes
            ]
            return [par_id[i] for i in ids]
        return []

    def _facts(self) -> tuple[FaitDit, ...]:
        if self.entree.genre not in ("service", "structure"):
            return ()
        faits = self.base.faits_par_objet.get((self.entree.genre, self.entree.cle), [])
        return tuple(FaitDit(self._page.spelled(f.texte), self._read("fait", f.id)) for f in faits[:_FAITS_MAX])

    def _numbers(self) -> tuple[NumeroNational, ...]:
        e = self.entree
        siens = [e.cle] if e.genre == "service" else [s.id for s in self.base.services.values() if s.structure == e.cle] if e.genre == "structure" else []
        voulus = {besoin for service in siens for besoin in self.annuaire.needs_of(service)[: 2 if e.genre == "service" else 1]}
        return tuple(n for n in self.base.numeros if voulus & set(n.besoins))[:3]

    def _contacts(self) -> list[Contact]:
        """Those of the structure or of the place; a service is joined through its structure and at its places."""
        base, e = self.base, self.entree
        if e.en_projet:
            return []
        if e.genre == "structure":
            return contacts_of(base, e.cle, commune=self.commune)
        if e.genre == "lieu":
            return contacts_of(base, base.lieux[e.cle].structure, e.cle)
        if e.genre != "service":
            return []
        porteur = base.services[e.cle].structure
        autres = [c for lieu in base.lieux_par_service.get(e.cle, []) if lieu.structure != porteur for c in contacts_of(base, None, lieu.id)]
        return list(dict.fromkeys([*contacts_of(base, porteur, commune=self.commune, service=e.cle), *autres]))

    def _contact(self, c: Contact) -> ContactDit:
        lieu = self.base.lieux[c.lieu].nom if c.lieu and self.entree.id != f"lieu:{c.lieu}" else None
        service = self.base.services[c.service].nom if c.service and self.entree.id != f"service:{c.service}" else None
        adresse = ", ".join(x for x in (c.adresse, town(self.base, c)) if x) or None
        preuves = self._read(c.origine, c.cle, c.source)
        return ContactDit(c.nom or lieu or service, adresse, c.telephone, c.courriel, c.site_web, c.horaires_accueil, c.mention, preuves)

    def _updates(self) -> tuple[MiseAJourDite, ...]:
        e = self.entree
        trouvees = mises_a_jour_of(self.base, **{e.genre: e.cle}) if e.genre in ("service", "structure", "lieu") else []
        return tuple(MiseAJourDite(self._page.spelled(m.texte), quand(self.base, m), self._read("mise_a_jour", m.id)) for m in trouvees)

    def _tables(self) -> list[tuple[str, str]]:
        e = self.entree
        tables = [(e.genre, e.cle)]
        if e.genre == "service":
            tables += [("critere", c.id) for c in self.base.services[e.cle].criteres]
        return tables

    def _proofs(self) -> tuple[Preuve, ...]:
        return tuple(dict.fromkeys(p for table, cle in self._tables() for p in self._read(table, cle)))

    def _read(self, table: str, cle: str, une: str | None = None) -> tuple[Preuve, ...]:
        """The proofs of a row, or those of one source only."""
        preuves = []
        for p in self.base.provenance(table, cle):
            if une not in (None, p.source):
                continue
            source = self.base.sources[p.source]
            preuves.append(Preuve(source.libelle_court, source.date[:4], p.ligne, " ".join(p.citation.split()), source.url))
        return tuple(preuves)

    def _ages(self) -> tuple[str, ...]:
        """How old the facts are, one line a source, the oldest first."""
        sources = {p.source for table, cle in self._tables() for p in self.base.provenance(table, cle)}
        lignes = []
        for source in sorted((self.base.sources[s] for s in sources), key=lambda s: s.date):
            ans = self.aujourdhui.year - int(source.date[:4])
            age = f"il y a {plural(ans, 'an')}" if ans > 0 else "cette année"
            suite = " : vérifiez avant d'envoyer quelqu'un" if ans >= 2 else ""
            lignes.append(f"Faits de {source.date[:4]}, {age}{suite}. Source : {source.libelle_court}.")
        return tuple(lignes)


def place(base: Base, lieu: Lieu) -> LieuDit:
    """A place in words; its address stays None when the base has none."""
    ville = base.communes[lieu.commune].nom if lieu.commune else None
    adresse = f"{lieu.adresse}, {lieu.code_postal or ''} {ville or ''}".strip(" ,").replace("  ", " ") if lieu.adresse else None
    genre = LIEUX[lieu.type][0] if lieu.type != "autre" else ""
    mots = [m for m in (genre, SOUS_TYPES[lieu.sous_type] if lieu.sous_type else "") if m and not contains(lieu.nom, m.split(" (")[0])]
    return LieuDit(lieu.id, lieu.nom, ", ".join(dict.fromkeys(mots)), adresse, ville, lieu.commune, lieu.gestionnaire, lieu.note, ETATS_DITS.get(lieu.etat))


def disagreement(base: Base, d: Desaccord) -> str:
    """« Deux pages ne donnent pas le même numéro : 03 … (source) ; 03 … (source). »"""
    quoi = "le même numéro" if d.champ == "telephone" else "la même adresse"
    lectures = " ; ".join(f"{getattr(c, d.champ)} ({base.sources[c.source].libelle_court})" for c in d.contacts)
    return f"Les pages ne donnent pas {quoi} : {lectures}."


def quoted(preuves: Iterable[Preuve]) -> str:
    """« ligne 1965 : « … » » for one list of proofs."""
    return " ; ".join(f"{p.source}{f', ligne {p.ligne}' if p.ligne else ''} : « {p.citation} »" for p in preuves)
