"""The typed request: where understanding ends and deciding begins. Plain data, ready for JSON and for slots."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

ACTES = (
    "orienter",
    "annuaire",
    "eligibilite",
    "sigle",
    "fiche_action",
    "chiffre",
    "precision",
    "commune",
    "suivi",
    "salutation",
    "remerciement",
    "aide",
    "nouvelle_personne",
    "hors_sujet",
)

# What a question may ask of a thing. Those of the first line are never in the document: the answer says so.
CHAMPS_ABSENTS = ("horaires", "tarif", "delai", "places", "responsable", "documents", "telephone", "courriel", "site", "avis")
CHAMPS = (
    *CHAMPS_ABSENTS,
    "adresse",
    "gestionnaire",
    "pilotes",
    "partenaires",
    "echeance",
    "public",
    "objectifs",
    "indicateurs",
    "modalites",
    "resultats",
    "liste",
)


SUR = 0.5  # the score of a need from which it is understood
SIGNE = 0.25  # and from which a sign of illettrisme is shown beside another need


@dataclass(frozen=True)
class BesoinVu:
    """A need seen in a message: its leaf, how sure (0 to 1), and the words that made it."""

    id: str
    score: float
    mots: str = ""


@dataclass(frozen=True)
class Objet:
    """A row of the base named in a message."""

    genre: str
    cible: str
    mots: str = ""


@dataclass(frozen=True)
class Compris:
    """What was understood of one message, before the frame of the conversation is applied."""

    texte: str
    acte: str = "orienter"
    confiance: float = 0.0
    besoins: tuple[BesoinVu, ...] = ()
    commune: str | None = None
    commune_sure: bool = True
    hors: str | None = None
    ages: tuple[float, ...] = ()
    faits: Mapping[str, bool] = field(default_factory=dict)
    objets: tuple[Objet, ...] = ()
    urgences: tuple[str, ...] = ()
    doutes: tuple[str, ...] = ()  # urgencies that cannot be excluded: one line of numbers, then the answer
    champ: str | None = None
    suite: bool = False  # leans on what was said before
    ajout: bool = False  # adds a need to those already there
    correction: bool = False
    nouveau: bool = False  # drops what was said before
    refus: str | None = None  # why the message cannot be read: vide, long, illisible, langue

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, donnees: Mapping[str, Any]) -> Compris:
        connus = {cle: donnees[cle] for cle in cls.__dataclass_fields__ if cle in donnees}
        connus["besoins"] = tuple(BesoinVu(**b) for b in connus.get("besoins", ()))
        connus["objets"] = tuple(Objet(**o) for o in connus.get("objets", ()))
        for cle in ("ages", "urgences", "doutes"):
            connus[cle] = tuple(connus.get(cle, ()))
        return cls(**connus)


@dataclass(frozen=True)
class Cadre:
    """What the conversation holds from one message to the next. Each field is a slot of ``domain.yml``."""

    besoins: tuple[str, ...] = ()
    commune: str | None = None
    hors: str | None = None
    ages: tuple[float, ...] = ()
    faits: Mapping[str, bool] = field(default_factory=dict)
    objets: tuple[tuple[str, str], ...] = ()  # rows shown or named last, best first
    acte: str | None = None
    question: str | None = None  # asked by the last answer, waiting for a yes or a no

    def to_slots(self) -> dict[str, Any]:
        return {
            "besoins": list(self.besoins) or None,
            "commune": self.commune,
            "hors": self.hors,
            "ages": list(self.ages) or None,
            "faits": dict(self.faits) or None,
            "objets": [list(objet) for objet in self.objets] or None,
            "acte": self.acte,
            "question": self.question,
        }

    @classmethod
    def from_slots(cls, slots: Mapping[str, Any]) -> Cadre:
        return cls(
            besoins=tuple(slots.get("besoins") or ()),
            commune=slots.get("commune"),
            hors=slots.get("hors"),
            ages=tuple(slots.get("ages") or ()),
            faits=dict(slots.get("faits") or {}),
            objets=tuple((genre, cible) for genre, cible in slots.get("objets") or ()),
            acte=slots.get("acte"),
            question=slots.get("question"),
        )


@dataclass(frozen=True)
class Reponse:
    """One answer: the text that any channel shows, the titles of buttons, and the same content for the page."""

    texte: str
    boutons: tuple[str, ...] = ()
    custom: Mapping[str, Any] = field(default_factory=dict)
