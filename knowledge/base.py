"""The base, read only: typed rows and the few queries that answers need.

The rows are small (a few thousand) and read once when the base opens; full-text search asks SQLite each time.
"""

from __future__ import annotations

import math
import sqlite3
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from knowledge.build import BASE, SCHEMA_VERSION
from knowledge.candidats import Candidats
from knowledge.text import fold

_RAYON_KM = 6371.0
_TERMES = 24  # words that one search reads
_VIDES = frozenset(
    "au aux avec ce ces cette chez dans de des du elle elles en est et etre il ils je la le les leur leurs lui mais me mes mon ne nos notre nous on ont ou par pas pour qu que qui sa se ses son sont sur ta te tes ton tu un une vos votre vous".split()
)


Fichier = tuple[str | int, ...]  # path, time of the last change, place on the disk and size: tells one published base from the next
Derive = TypeVar("Derive")
Ligne = TypeVar("Ligne")


class BaseUnavailable(Exception):
    """The base is missing or damaged; the message says in French which command to run."""


@dataclass(frozen=True)
class Commune:
    code_insee: str
    nom: str
    population: int
    latitude: float
    longitude: float
    mairie_adresse: str | None
    mairie_telephone: str | None
    mairie_courriel: str | None
    mairie_site: str | None
    mairie_horaires: str | None
    codes_postaux: tuple[str, ...]


@dataclass(frozen=True)
class CommuneHors:
    code_insee: str
    nom: str
    departement: str
    population: int | None


@dataclass(frozen=True)
class Besoin:
    id: str
    nom: str
    theme: str
    description: str
    age_min: int | None
    age_max: int | None
    autre_age: str | None
    question: str | None


@dataclass(frozen=True)
class Structure:
    id: str
    nom: str
    sigle: str | None
    type: str
    description: str
    etat: str
    themes: tuple[str, ...]
    communes: tuple[str, ...]


@dataclass(frozen=True)
class Critere:
    id: str
    service: str
    genre: str
    age_de: str | None
    age_min: int | None
    age_max: int | None
    exception_fait: str | None
    exception_age_max: int | None
    fait: str | None
    texte: str
    groupe: str | None = None


@dataclass(frozen=True)
class Service:
    id: str
    structure: str
    nom: str
    sigle: str | None
    description: str
    etat: str
    type: str
    publics: tuple[str, ...]
    publics_precisions: str | None
    frais: str | None
    frais_precisions: str | None
    territoire_entier: int | None
    type_lieu: str | None
    reserve_professionnels: int | None
    zone_eligibilite: tuple[str, ...]
    criteres: tuple[Critere, ...]


@dataclass(frozen=True)
class Reponse:
    """A link between a service and a need."""

    service: str
    besoin: str
    rang: int
    pourquoi: str | None


@dataclass(frozen=True)
class Lieu:
    id: str
    nom: str
    structure: str | None
    type: str
    sous_type: str | None
    adresse: str | None
    code_postal: str | None
    commune: str | None
    gestionnaire: str | None
    etat: str
    note: str | None
    services: tuple[str, ...]


@dataclass(frozen=True)
class Fait:
    id: str
    structure: str | None
    service: str | None
    texte: str
    theme: str


@dataclass(frozen=True)
class FicheAction:
    numero: str
    titre: str
    theme: str
    resume: str
    echeance: str | None
    pilotes: tuple[str, ...]
    public: tuple[str, ...]
    partenaires: tuple[str, ...]
    objectifs: tuple[str, ...]
    modalites: tuple[str, ...]
    resultats: tuple[str, ...]
    indicateurs: tuple[str, ...]
    services: tuple[str, ...]


@dataclass(frozen=True)
class Sigle:
    sigle: str
    signification: str
    origine: str
    explication: str | None
    repare: int | None
    variantes: tuple[str, ...]


@dataclass(frozen=True)
class Chiffre:
    id: str
    libelle: str
    valeur: str
    unite: str
    annee: str | None
    territoire: str
    theme: str
    note: str | None


@dataclass(frozen=True)
class Contradiction:
    id: str
    sujet: str
    lecture_a: str
    lecture_b: str
    theme: str
    services: tuple[str, ...]
    structures: tuple[str, ...]


@dataclass(frozen=True)
class NomActuel:
    id: str
    nom_convention: str
    nom_actuel: str
    depuis: str
    note: str | None
    structures: tuple[str, ...]
    services: tuple[str, ...]


@dataclass(frozen=True)
class NumeroNational:
    id: str
    numero: str
    nom: str
    usage: str
    cout: str | None
    horaires: str | None
    urgences: tuple[str, ...]
    besoins: tuple[str, ...]


@dataclass(frozen=True)
class Contact:
    """What one public page says of a structure or of one of its places; ``date`` and ``officielle`` are those of the page.

    ``origine`` is the table that says it: « contact », « commune » for what its mairie answers for, « numero_structure » for a
    national number that joins it; ``cle`` is the row there.
    """

    id: str
    structure: str | None
    service: str | None  # when it stands for this one only
    lieu: str | None
    nom: str | None
    commune: str | None
    adresse: str | None
    code_postal: str | None
    telephone: str | None
    courriel: str | None
    site_web: str | None
    horaires_accueil: str | None
    source: str
    date: str
    officielle: int
    confiance: str
    origine: str = "contact"
    cle: str = ""
    national: int = 0  # whether the telephone is a national number

    @property
    def mention(self) -> str:
        """How far to trust it, after that nobody nearby answers when that is so."""
        return f"numéro national, {self.confiance}" if self.national else self.confiance

    @property
    def local(self) -> bool:
        """A page gives its own door: where to go, or a telephone that is not a national number."""
        return self.origine == "contact" and bool(self.visitable or (self.telephone and not self.national))

    @property
    def visitable(self) -> bool:
        """Whether one may go there: some addresses only take letters."""
        return bool(self.adresse) and "courrier" not in (self.adresse or "")


@dataclass(frozen=True)
class MiseAJour:
    id: str
    service: str | None
    structure: str | None
    lieu: str | None
    genre: str
    texte: str
    date: str
    source: str


@dataclass(frozen=True)
class Reperage:
    id: str
    genre: str
    texte: str


@dataclass(frozen=True)
class Terme:
    terme: str
    genre: str
    cible: str


@dataclass(frozen=True)
class Indice:
    terme: str
    force: int
    cible: str


@dataclass(frozen=True)
class Situation:
    """A training situation: who speaks, and the typed request. ``ages`` in years, as text."""

    id: str
    titre: str
    niveau: str
    theme: str
    exercice: str
    commune: str | None
    urgence: str | None
    sigle: str | None
    cible: str | None
    champ: str | None
    posture: str
    dialogue: tuple[str, ...]
    besoins: tuple[str, ...]
    ages: tuple[str, ...]
    faits: tuple[str, ...]
    faits_nies: tuple[str, ...]
    signes: tuple[str, ...]


@dataclass(frozen=True)
class Provenance:
    source: str
    ligne: int | None
    citation: str


@dataclass(frozen=True)
class Source:
    id: str
    titre: str
    editeur: str
    date: str
    date_consultation: str | None
    url: str | None
    officielle: int
    libelle_court: str
    confiance: str


@dataclass(frozen=True)
class Trouvaille:
    """One row found by full-text search; ``score`` is better when lower (bm25)."""

    table: str
    cle: str
    titre: str
    score: float


def _grouped(couples: Iterable[tuple[str | None, Ligne]]) -> dict[str, list[Ligne]]:
    """Rows by key, in their order; a row without a key is left out."""
    groupes: dict[str, list[Ligne]] = {}
    for cle, ligne in couples:
        if cle:
            groupes.setdefault(cle, []).append(ligne)
    return groupes


def identity(chemin: Path) -> Fichier:
    """Which published base stands at ``chemin``; empty when there is none."""
    with suppress(OSError):
        etat = chemin.stat()
        return str(chemin.absolute()), etat.st_mtime_ns, etat.st_ino, etat.st_size
    return ()


class Base:
    """An open base. Use ``Base.open``; raises BaseUnavailable when it cannot be read."""

    def __init__(self, connexion: sqlite3.Connection, fichier: Fichier = ()) -> None:
        self._connexion = connexion
        self.fichier = fichier
        self.derives: dict[Callable[[Base], Any], Any] = {}
        connexion.row_factory = sqlite3.Row
        self.sources = {
            s.id: s for s in self._rows(Source, "SELECT s.*, f.texte AS confiance FROM source AS s JOIN confiance AS f ON f.source = s.id ORDER BY s.rowid")
        }
        self.communes = {c.code_insee: c for c in self._rows(Commune, "SELECT * FROM commune ORDER BY rowid", codes_postaux="commune")}
        self.communes_hors = tuple(self._rows(CommuneHors, "SELECT * FROM commune_hors ORDER BY rowid"))
        self.besoins = {b.id: b for b in self._rows(Besoin, "SELECT * FROM besoin ORDER BY rowid")}
        self.structures = {s.id: s for s in self._rows(Structure, "SELECT * FROM structure ORDER BY rowid", themes="structure", communes="structure")}
        criteres: dict[str, list[Critere]] = defaultdict(list)
        for critere in self._rows(Critere, "SELECT * FROM critere ORDER BY rowid"):
            criteres[critere.service].append(critere)
        self.services = {
            s.id: s
            for s in self._rows(
                Service,
                "SELECT * FROM service ORDER BY rowid",
                publics="service",
                zone_eligibilite="service",
                criteres={cle: tuple(liste) for cle, liste in criteres.items()},
            )
        }
        self.reponses = tuple(self._rows(Reponse, "SELECT service, besoin, rang, pourquoi FROM service_besoin ORDER BY rowid"))
        self.lieux = {lieu.id: lieu for lieu in self._rows(Lieu, "SELECT * FROM lieu ORDER BY rowid", services="lieu")}
        self.faits = tuple(self._rows(Fait, "SELECT * FROM fait ORDER BY rowid"))
        listes = ("pilotes", "public", "partenaires", "objectifs", "modalites", "resultats", "indicateurs", "services")
        self.fiches = {f.numero: f for f in self._rows(FicheAction, "SELECT * FROM fiche_action ORDER BY rowid", **dict.fromkeys(listes, "fiche_action"))}
        self.sigles = tuple(self._rows(Sigle, "SELECT * FROM sigle ORDER BY rowid", variantes="sigle"))
        self.chiffres = {c.id: c for c in self._rows(Chiffre, "SELECT * FROM chiffre ORDER BY rowid")}
        self.contradictions = tuple(
            self._rows(Contradiction, "SELECT * FROM contradiction ORDER BY rowid", services="contradiction", structures="contradiction")
        )
        self.noms_actuels = tuple(self._rows(NomActuel, "SELECT * FROM nom_actuel ORDER BY rowid", structures="nom_actuel", services="nom_actuel"))
        self.numeros = tuple(self._rows(NumeroNational, "SELECT * FROM numero_national ORDER BY rowid", urgences="numero_national", besoins="numero_national"))
        self.contacts = tuple(
            self._rows(
                Contact,
                "SELECT identifiant AS id, structure_id AS structure, service_id AS service, lieu_id AS lieu, nom, code_insee AS commune, adresse, code_postal, telephone, "
                "courriel, site_web, horaires_accueil, source_id AS source, date, officielle, confiance, origine, cle, national FROM vue_contacts ORDER BY identifiant",
            )
        )
        # One row, one page: an update quotes a single source.
        self.mises_a_jour = tuple(
            self._rows(
                MiseAJour,
                "SELECT m.*, p.source AS source FROM mise_a_jour AS m "
                "JOIN (SELECT DISTINCT cle, source FROM provenance WHERE table_nom = 'mise_a_jour') AS p ON p.cle = m.id ORDER BY m.rowid",
            )
        )
        self.reperages = tuple(self._rows(Reperage, "SELECT * FROM reperage ORDER BY rowid"))
        self.lexique = tuple(self._rows(Terme, "SELECT terme, genre, cible FROM lexique ORDER BY rowid"))
        self.indices = tuple(self._rows(Indice, "SELECT terme, force, cible FROM indice ORDER BY rowid"))
        suites = ("dialogue", "besoins", "ages", "faits", "faits_nies", "signes")
        self.situations = {s.id: s for s in self._rows(Situation, "SELECT * FROM situations ORDER BY rowid", **dict.fromkeys(suites, "situations"))}

    @classmethod
    def open(cls, chemin: Path = BASE) -> Base:
        commande = "Lancez « make base » (ou « python -m knowledge build »)."
        if not chemin.exists():
            raise BaseUnavailable(f"La base {chemin} n'existe pas. {commande}")
        # Looked at first: a base published meanwhile shows as a newer one, never as this one.
        fichier = identity(chemin)
        connexion = None
        try:
            connexion = sqlite3.connect(f"{chemin.absolute().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)
            version = connexion.execute("PRAGMA user_version").fetchone()[0]
            if version != SCHEMA_VERSION:
                raise BaseUnavailable(f"La base {chemin} est d'une autre version ({version} au lieu de {SCHEMA_VERSION}). {commande}")
            if connexion.execute("PRAGMA quick_check").fetchone()[0] != "ok":
                raise BaseUnavailable(f"La base {chemin} est abîmée. {commande}")
            return cls(connexion, fichier)
        except (sqlite3.Error, BaseUnavailable) as erreur:
            if connexion:
                connexion.close()
            if isinstance(erreur, BaseUnavailable):
                raise
            raise BaseUnavailable(f"La base {chemin} ne se lit pas. {commande}") from erreur

    def close(self) -> None:
        self._connexion.close()

    def derived(self, faire: Callable[[Base], Derive]) -> Derive:
        """What ``faire`` makes of this base, made once; it goes away with the base."""
        if faire not in self.derives:
            self.derives[faire] = faire(self)
        return self.derives[faire]

    def _rows(self, classe: type, requete: str, **listes: object) -> list:
        """Rows of a query as ``classe``. A keyword names a tuple field: the table that owns its link table, or a mapping key → tuple."""
        champs = [champ.name for champ in fields(classe) if champ.name not in listes]
        liens: dict[str, dict[str, tuple]] = {}
        for champ, origine in listes.items():
            if isinstance(origine, str):
                liste: dict[str, list[str]] = defaultdict(list)
                for cle, valeur in self._connexion.execute(f"SELECT {origine}, valeur FROM {origine}_{champ} ORDER BY {origine}, rang"):
                    liste[cle].append(valeur)
                liens[champ] = {cle: tuple(valeurs) for cle, valeurs in liste.items()}
            else:
                liens[champ] = origine  # type: ignore[assignment]
        lignes = []
        for ligne in self._connexion.execute(requete):
            valeurs = {champ: ligne[champ] for champ in champs}
            lignes.append(classe(**valeurs, **{champ: lien.get(ligne[0], ()) for champ, lien in liens.items()}))
        return lignes

    @cached_property
    def reponses_par_besoin(self) -> dict[str, list[Reponse]]:
        groupes: dict[str, list[Reponse]] = defaultdict(list)
        for reponse in sorted(self.reponses, key=lambda r: r.rang):
            groupes[reponse.besoin].append(reponse)
        return groupes

    @cached_property
    def candidats(self) -> Candidats:
        return Candidats(self.reponses_par_besoin, self.services)

    @cached_property
    def contacts_par_structure(self) -> dict[str, list[Contact]]:
        return _grouped((contact.structure, contact) for contact in self.contacts)

    @cached_property
    def contacts_par_lieu(self) -> dict[str, list[Contact]]:
        return _grouped((contact.lieu, contact) for contact in self.contacts)

    @cached_property
    def lieux_par_service(self) -> dict[str, list[Lieu]]:
        return _grouped((service, lieu) for lieu in self.lieux.values() for service in lieu.services)

    @cached_property
    def lieux_par_structure(self) -> dict[str, list[Lieu]]:
        return _grouped((lieu.structure, lieu) for lieu in self.lieux.values())

    @cached_property
    def faits_par_objet(self) -> dict[tuple[str, str], list[Fait]]:
        groupes: dict[tuple[str, str], list[Fait]] = defaultdict(list)
        for fait in self.faits:
            if fait.service:
                groupes["service", fait.service].append(fait)
            if fait.structure:
                groupes["structure", fait.structure].append(fait)
        return groupes

    @cached_property
    def sigles_par_forme(self) -> dict[str, Sigle]:
        """Every way to type a sigle, folded."""
        formes: dict[str, Sigle] = {}
        for sigle in self.sigles:
            for forme in (sigle.sigle, *sigle.variantes):
                formes.setdefault(fold(forme), sigle)
        return formes

    def expanded(self, sigle: str) -> str | None:
        """The words behind a sigle, or None when the base does not hold them."""
        trouve = self.sigles_par_forme.get(fold(sigle))
        return trouve.signification if trouve and "ne développe pas" not in trouve.signification else None

    def provenance(self, table: str, cle: str) -> list[Provenance]:
        lignes = self._connexion.execute("SELECT source, ligne, citation FROM provenance WHERE table_nom = ? AND cle = ? ORDER BY rowid", (table, cle))
        return [Provenance(**dict(ligne)) for ligne in lignes]

    def search(self, mots: str, limite: int = 10, tables: Iterable[str] = ()) -> list[Trouvaille]:
        """Rows whose words begin like those of ``mots``, best first."""
        tous = list(dict.fromkeys(mot for mot in fold(mots).split() if len(mot) > 1))
        if not tous:
            return []
        # Of a long message, the longest words: they say the most and cost the least.
        termes = sorted((mot for mot in tous if mot not in _VIDES), key=len, reverse=True)[:_TERMES] or tous[:_TERMES]
        requete = " OR ".join(f'"{terme}"*' if len(terme) > 3 else f'"{terme}"' for terme in termes)
        tables = tuple(tables)
        condition = f"AND table_nom IN ({','.join('?' * len(tables))})" if tables else ""
        lignes = self._connexion.execute(
            f"SELECT table_nom, cle, titre, bm25(recherche, 0, 0, 3.0, 1.0) AS score FROM recherche WHERE recherche MATCH ? {condition} ORDER BY score, cle LIMIT ?",
            (requete, *tables, limite),
        )
        return [Trouvaille(ligne["table_nom"], ligne["cle"], ligne["titre"], ligne["score"]) for ligne in lignes]

    @cached_property
    def _par_latitude(self) -> tuple[list[float], list[str]]:
        rangees = sorted((c.latitude, c.code_insee) for c in self.communes.values())
        return [latitude for latitude, _ in rangees], [code for _, code in rangees]

    def around(self, commune: str, km: float) -> dict[str, float]:
        """Communes within ``km`` of one, itself among them, with their distance."""
        latitudes, codes = self._par_latitude
        # Farther north or south than this, no need to reckon.
        ecart = math.degrees((km + 0.1) / _RAYON_KM)
        ici = self.communes[commune].latitude
        bande = codes[bisect_left(latitudes, ici - ecart) : bisect_right(latitudes, ici + ecart)]
        tous = {code: self.distance(commune, code) for code in bande}
        return {code: loin for code, loin in tous.items() if code == commune or loin <= km}

    def distance(self, a: str, b: str) -> float:
        """Kilometres as the crow flies between the centres of two communes of the territory."""
        x, y = self.communes[a], self.communes[b]
        moyenne = math.radians((x.latitude + y.latitude) / 2)
        dx = math.radians(y.longitude - x.longitude) * math.cos(moyenne)
        dy = math.radians(y.latitude - x.latitude)
        return _RAYON_KM * math.hypot(dx, dy)
