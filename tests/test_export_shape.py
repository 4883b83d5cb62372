"""``export --format json`` has the shape that was promised, key for key."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from knowledge.base import Base
from knowledge.export import export_json
from knowledge.schema import ETATS, SOUS_TYPES_LIEU, THEMES, TYPES_LIEU, TYPES_SERVICE, TYPES_STRUCTURE

TEXTE, VIDE, ENTIER, LISTE = (str,), (str, type(None)), (int, type(None)), (list,)

# The promised keys and what they hold. Further keys are free: those there are today stand in PLUS.
PROMIS = {
    "communes": {"code_insee": TEXTE, "nom": TEXTE, "population": (int,)},
    "structures": {"id": TEXTE, "nom": TEXTE, "sigle": VIDE, "type": TEXTE, "themes": LISTE, "lieux": LISTE},
    "services": {
        "id": TEXTE, "nom": TEXTE, "sigle": VIDE, "structure": TEXTE, "themes": LISTE,
        "age_min": ENTIER, "age_max": ENTIER, "communes": LISTE, "conditions": VIDE,
    },
    "fiches_actions": {"numero": TEXTE, "titre": TEXTE, "pilotes": LISTE, "echeance": VIDE, "public": LISTE, "partenaires": LISTE, "indicateurs": LISTE},
    "sigles": {"sigle": TEXTE, "signification": TEXTE},
    "chiffres": {"libelle": TEXTE, "valeur": TEXTE, "annee": VIDE, "unite": TEXTE},
    "contradictions": {"sujet": TEXTE, "lectures": LISTE, "theme": TEXTE},
}  # fmt: skip
LIEU = {"nom": TEXTE, "type": TEXTE, "sous_type": VIDE, "adresse": VIDE, "code_postal": VIDE, "commune": VIDE, "gestionnaire": VIDE}
PLUS = {
    "communes": set(),
    "structures": {"etat", "description", "contacts"},
    "services": {"etat", "description", "besoins"},
    "fiches_actions": {"objectifs", "resume", "theme"},
    "sigles": {"variantes", "repare"},
    "chiffres": {"territoire", "note"},
    "contradictions": set(),
}


@pytest.fixture(scope="module")
def export(base: Base) -> dict:
    """The object as a reader of the JSON gets it."""
    return json.loads(json.dumps(export_json(base), ensure_ascii=False))


def ill_typed(objets: list[dict], promis: dict[str, tuple[type, ...]]) -> list:
    return [(objet, cle) for objet in objets for cle, types in promis.items() if cle not in objet or type(objet[cle]) not in types]


def repeated(valeurs: list) -> list:
    return [valeur for valeur, fois in Counter(valeurs).items() if fois > 1]


def test_top_level_keys(export):
    assert set(PROMIS) <= set(export)
    assert set(export) - set(PROMIS) == {"numeros_nationaux", "mises_a_jour", "noms_actuels", "faits", "besoins"}


@pytest.mark.parametrize("cle", PROMIS)
def test_keys_and_types(export, cle):
    assert export[cle]
    assert ill_typed(export[cle], PROMIS[cle]) == []
    assert {nom for objet in export[cle] for nom in objet} - set(PROMIS[cle]) == PLUS[cle]


def test_keys_and_types_of_places(export):
    lieux = [lieu for structure in export["structures"] for lieu in structure["lieux"]]
    assert ill_typed(lieux, LIEU) == []
    assert {nom for lieu in lieux for nom in lieu} - set(LIEU) == {"etat"}


def test_one_hundred_communes(export):
    assert len(export["communes"]) == 100
    assert {c["code_insee"]: c["nom"] for c in export["communes"]}["62119"] == "Béthune"
    assert [c for c in export["communes"] if not c["code_insee"].startswith("62") or c["population"] <= 0] == []


def test_forty_seven_fiches(export):
    assert len(export["fiches_actions"]) == 47
    assert {f["numero"]: f["titre"] for f in export["fiches_actions"]}["2.1.7"].startswith("Consolider et renforcer les missions du CLLAJ")
    assert [f["numero"] for f in export["fiches_actions"] if not f["titre"]] == []


@pytest.mark.parametrize(
    ("cle", "identifiant"),
    [
        ("communes", "code_insee"),
        ("communes", "nom"),
        ("structures", "id"),
        ("services", "id"),
        ("fiches_actions", "numero"),
        ("sigles", "sigle"),
        ("besoins", "id"),
        ("contradictions", "sujet"),
    ],
)
def test_no_duplicate(export, cle, identifiant):
    assert repeated([objet[identifiant] for objet in export[cle]]) == []


def test_no_duplicate_figure(export):
    assert repeated([tuple(objet.items()) for objet in export["chiffres"]]) == []


def test_every_row_of_the_base_is_exported(export, base):
    assert {s["id"] for s in export["structures"]} == set(base.structures) | {lieu.id for lieu in base.lieux.values() if not lieu.structure}
    assert [s["id"] for s in export["services"]] == list(base.services)
    assert [f["numero"] for f in export["fiches_actions"]] == list(base.fiches)
    assert (len(export["sigles"]), len(export["chiffres"]), len(export["contradictions"])) == (len(base.sigles), len(base.chiffres), len(base.contradictions))


def test_every_place_is_exported_once(export, base):
    exportes = Counter((lieu["nom"], lieu["type"], lieu["sous_type"], lieu["adresse"], lieu["commune"]) for s in export["structures"] for lieu in s["lieux"])
    assert sum(exportes.values()) == len(base.lieux)
    assert [lieu for lieu, fois in exportes.items() if fois > 1] == []


def test_a_place_without_structure_is_a_structure_of_one_place(export, base):
    par_id = {s["id"]: s for s in export["structures"]}
    seuls = [lieu for lieu in base.lieux.values() if not lieu.structure]
    assert seuls
    assert [lieu.id for lieu in seuls if [x["nom"] for x in par_id[lieu.id]["lieux"]] != [lieu.nom]] == []


def test_words_come_from_the_vocabularies(export):
    assert {s["type"] for s in export["structures"]} <= {*TYPES_STRUCTURE, *TYPES_LIEU}
    assert {lieu["type"] for s in export["structures"] for lieu in s["lieux"]} <= set(TYPES_LIEU)
    assert {lieu["sous_type"] for s in export["structures"] for lieu in s["lieux"]} <= {*SOUS_TYPES_LIEU, None}
    assert {theme for cle in ("structures", "services") for objet in export[cle] for theme in objet["themes"]} <= set(THEMES)
    assert {objet["etat"] for cle in ("structures", "services") for objet in export[cle]} == set(ETATS)
    assert not {s["type"] for s in export["services"] if "type" in s} - set(TYPES_SERVICE)


def test_every_service_has_a_known_structure_and_a_theme(export):
    structures = {s["id"] for s in export["structures"]}
    assert [s["id"] for s in export["services"] if s["structure"] not in structures or not s["themes"]] == []


def test_communes_of_places_and_services_are_named_as_the_communes(export):
    noms = {c["nom"] for c in export["communes"]}
    assert {lieu["commune"] for s in export["structures"] for lieu in s["lieux"]} <= {*noms, None}
    assert {commune for s in export["services"] for commune in s["communes"]} <= noms
    assert [s["id"] for s in export["services"] if repeated(s["communes"])] == []


def test_ages_and_conditions_say_the_criteria(export, base):
    for objet in export["services"]:
        criteres = base.services[objet["id"]].criteres
        assert (objet["conditions"] or "") == " ; ".join(c.texte for c in criteres)
        assert {objet["age_min"], objet["age_max"]} - {None} <= {age for c in criteres for age in (c.age_min, c.age_max)}
    envaul = next(s for s in export["services"] if s["id"] == "envaul")
    assert (envaul["age_min"], envaul["age_max"], "18 à 25 ans" in envaul["conditions"]) == (18, 25, True)


def test_a_contradiction_shows_both_readings(export):
    assert [c["sujet"] for c in export["contradictions"] if len(c["lectures"]) != 2 or c["lectures"][0] == c["lectures"][1]] == []


def test_no_text_is_empty_or_padded(export):
    def texts(valeur: object) -> list[str]:
        if isinstance(valeur, dict):
            return [t for v in valeur.values() for t in texts(v)]
        if isinstance(valeur, list):
            return [t for v in valeur for t in texts(v)]
        return [valeur] if isinstance(valeur, str) else []

    assert len(texts(export)) > 5000
    assert [t for t in texts(export) if not t or t != t.strip()] == []


def test_a_project_is_marked_as_such(export, base):
    etats = Counter(lieu["etat"] for s in export["structures"] for lieu in s["lieux"])
    assert etats == Counter(lieu.etat for lieu in base.lieux.values())
    assert etats["projet"] > 0
    assert {s["id"]: s["etat"] for s in export["services"]} == {s.id: s.etat for s in base.services.values()}


def test_a_commune_where_the_place_is_only_planned_is_not_a_commune_of_the_service(export, base):
    annonces = {}
    for objet in export["services"]:
        service = base.services[objet["id"]]
        if service.etat == "en service" and not service.zone_eligibilite:
            ouverts = {base.communes[lieu.commune].nom for lieu in base.lieux_par_service.get(service.id, []) if lieu.commune and lieu.etat == "en service"}
            annonces[service.id] = sorted(set(objet["communes"]) - ouverts)
    assert {service: communes for service, communes in annonces.items() if communes} == {}


def test_every_structure_has_a_theme(export):
    assert [s["id"] for s in export["structures"] if not s["themes"]] == []


def test_every_contact_is_exported_with_its_source_and_its_trust(export, base):
    contacts = [c for s in export["structures"] for c in s["contacts"]]
    assert len(contacts) == len(base.contacts) > 0
    assert [c for c in contacts if not (c["source"] and c["page"] and c["date"] and c["confiance"])] == []
    assert [m["source"] for m in export["mises_a_jour"]] == [m.source for m in base.mises_a_jour]
