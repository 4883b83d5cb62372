"""The State's annuaire and data.inclusion are read in their exact forms; a broken file is refused with its row and the reason, in French."""

from __future__ import annotations

import csv
import json
import re
import tarfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.imports.annuaire import hours, read_annuaire
from knowledge.imports.data_inclusion import french_hours, read_data_inclusion
from knowledge.imports.record import FileRefused
from knowledge.telephone import TELEPHONE

FICHIERS = Path(__file__).parent / "donnees" / "imports"
ANNUAIRE = FICHIERS / "2026-10-06_053120-data.gouv_local.json"
API = FICHIERS / "api-lannuaire-administration.json"
STRUCTURES = FICHIERS / "structures-inclusion-2026-11-01"
SERVICES = FICHIERS / "services-inclusion-2026-11-01.csv"


def test_an_item_of_the_annuaire_is_read_whole():
    mission = list(read_annuaire(ANNUAIRE))[1]
    assert (mission.rang, mission.id, mission.nom) == (2, "annuaire-00000000-0000-4000-8000-000000000002", "Mission locale - Béthune")
    assert (mission.code_insee, mission.code_postal, mission.ville, mission.adresse) == ("62119", "62400", "Béthune", "Bâtiment B, 1 rue Fictive")
    assert (mission.telephone, mission.courriel, mission.site_web) == ("03 21 00 00 02", "contact@exemple.fr", "https://exemple.fr")
    assert mission.horaires == "lundi au vendredi 9h-12h et 14h-17h30 ; samedi 9h-12h (Uniquement le 2e samedi du mois)"
    assert (mission.date, mission.laisses, mission.mairie) == ("2026-03-12", (), False)
    assert mission.url.startswith("https://lannuaire.service-public.fr/hauts-de-france/pas-de-calais/")


def test_the_export_of_the_api_says_the_same_as_the_daily_file():
    assert list(read_annuaire(API)) == list(read_annuaire(ANNUAIRE))[:3]


def test_the_daily_archive_is_read_as_it_is_downloaded(tmp_path):
    archive = tmp_path / "all_latest.tar.bz2"
    with tarfile.open(archive, "w:bz2") as sortie:
        sortie.add(API, "2026-10-06_053120-data.gouv_commune.zip")
        sortie.add(ANNUAIRE, ANNUAIRE.name)
    assert list(read_annuaire(archive)) == list(read_annuaire(ANNUAIRE))


def test_only_the_main_town_hall_is_one():
    assert [e.nom for e in read_annuaire(ANNUAIRE) if e.mairie] == ["Mairie - Annezin"]


def test_what_cannot_be_read_is_left_and_said():
    martinique = list(read_annuaire(ANNUAIRE))[7]
    assert (martinique.telephone, martinique.departement) == (None, "972")
    assert martinique.laisses == ("téléphone « (596) 596 00 00 08 » non repris : il n'a pas la bonne forme",)


def test_structures_are_the_same_in_csv_and_json():
    en_json = list(read_data_inclusion(STRUCTURES.with_suffix(".json")))
    en_csv = list(read_data_inclusion(STRUCTURES.with_suffix(".csv")))
    assert [(e.id, e.nom, e.telephone, e.horaires, e.date) for e in en_csv] == [(e.id, e.nom, e.telephone, e.horaires, e.date) for e in en_json]
    premier = en_json[0]
    assert (premier.id, premier.telephone, premier.date) == ("di-dora-11111111-aaaa", "03 21 00 00 02", "2026-05-04")
    assert premier.horaires == "lundi au vendredi 9h-12h et 14h-17h30 ; samedi 9h-12h"
    assert premier.url == "https://dora.inclusion.gouv.fr/structures/ml"
    assert en_json[1].url == "https://data.inclusion.gouv.fr/"
    assert not premier.service


def test_services_know_their_structure():
    services = list(read_data_inclusion(SERVICES))
    assert [(e.id, e.parent, e.service) for e in services] == [
        ("di-service-dora-s1", "di-dora-11111111-aaaa", True),
        ("di-service-dora-s2", "di-dora-autre", True),
    ]


def test_a_page_of_the_api_of_data_inclusion_is_read(tmp_path):
    page = tmp_path / "page.json"
    structures = json.loads(STRUCTURES.with_suffix(".json").read_text(encoding="utf-8"))
    page.write_text(json.dumps({"total": 4, "page": 1, "items": structures}), encoding="utf-8")
    assert len(list(read_data_inclusion(page))) == 4


@pytest.mark.parametrize(
    ("osm", "attendu"),
    [
        ("Mo-Fr 09:00-12:00", "lundi au vendredi 9h-12h"),
        ("Mo,We 08:30-12:00,13:30-17:00; Sa 09:00-12:00", "lundi, mercredi 8h30-12h et 13h30-17h ; samedi 9h-12h"),
        ("Mo-Fr 09:00-12:00; PH off", None),
        ("24/7", None),
        ("Zz 09:00-12:00", None),
    ],
)
def test_opening_hours_are_said_in_french_or_not_at_all(osm, attendu):
    assert french_hours(osm) == attendu


def test_hours_without_a_day_or_an_hour_are_left_out():
    assert hours([{"nom_jour_debut": "Lundi", "nom_jour_fin": "", "valeur_heure_debut_1": "", "valeur_heure_fin_1": ""}, {}]) is None


# Broken files: the item of the fixture that is changed, and what must be said.


def annuaire(tmp_path: Path, **champs) -> Path:
    """The annuaire's fixture, the third item changed."""
    objet = json.loads(ANNUAIRE.read_text(encoding="utf-8"))
    objet["service"][2] |= champs
    chemin = tmp_path / "a.json"
    chemin.write_text(json.dumps(objet, ensure_ascii=False), encoding="utf-8")
    return chemin


ABIMES = {
    "no name": ({"nom": ""}, "a.json, élément 3 : le champ « nom » manque ou est vide."),
    "no identifier": ({"id": None}, "a.json, élément 3 : le champ « id » manque ou est vide."),
    "identifier of another form": ({"id": "a|b"}, "a.json, élément 3 : l'identifiant « a|b » n'a pas la bonne forme."),
    "no date": ({"date_modification": "", "date_creation": ""}, "a.json, élément 3 : le champ « date_modification » manque ou est vide."),
    "impossible date": (
        {"date_modification": "31/02/2026 00:00:00"},
        "a.json, élément 3 : la date « 31/02/2026 00:00:00 » ne se lit pas (attendu : AAAA-MM-JJ ou JJ/MM/AAAA).",
    ),
    "broken nested JSON": ({"adresse": '[{"numero_voie": '}, "a.json, élément 3 : le champ « adresse » porte un JSON abîmé."),
    "list of texts": ({"pivot": ["mairie"]}, "a.json, élément 3 : le champ « pivot » n'est pas une liste d'objets."),
    "number for a list": ({"adresse": 12}, "a.json, élément 3 : le champ « adresse » n'est pas une liste."),
    "object for a text": ({"nom": {"fr": "x"}}, "a.json, élément 3 : le champ « nom » n'est pas un texte."),
    "same identifier twice": (
        {"id": "00000000-0000-4000-8000-000000000001"},
        "a.json, élément 3 : l'identifiant « annuaire-00000000-0000-4000-8000-000000000001 » est déjà à l'élément 1.",
    ),
}


@pytest.mark.parametrize(("champs", "attendu"), ABIMES.values(), ids=ABIMES.keys())
def test_a_broken_item_is_refused_with_its_row_and_the_reason(tmp_path, champs, attendu):
    with pytest.raises(FileRefused, match=f"^{re.escape(attendu)}$"):
        list(read_annuaire(annuaire(tmp_path, **champs)))


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.sampled_from(['[{"valeur": "03 21 00 00 01"}]', "[1]", '{"a": ']),
    lambda dessous: st.lists(dessous, max_size=3) | st.dictionaries(st.sampled_from(["valeur", "nom_jour_debut", "type_adresse", "code_postal", "x"]), dessous),
    max_leaves=8,
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(champs=st.dictionaries(st.sampled_from(sorted(json.loads(ANNUAIRE.read_text(encoding="utf-8"))["service"][0])), _JSON, min_size=1, max_size=6))
def test_whatever_stands_in_an_item_it_is_read_or_refused_in_french(tmp_path, champs):
    chemin = annuaire(tmp_path, **champs)
    try:
        lus = list(read_annuaire(chemin))
    except FileRefused as refus:
        assert str(refus).startswith("a.json, élément 3 : ")
        return
    assert len(lus) == 8
    assert all(e.nom == e.nom.strip() and e.nom.isprintable() and TELEPHONE.fullmatch(e.telephone or "15") for e in lus)


TEXTES = {
    "empty file": ("", "a.json : ce n'est pas une liste JSON."),
    "web page": ("<!doctype html><html></html>", "a.json : ce n'est pas une liste JSON."),
    "other object": ('{"type": "FeatureCollection"}', "a.json : ce n'est pas une liste JSON."),
    "empty list": ('{"service": []}', "a.json : la liste est vide."),
    "texts": ('["mairie"]', "a.json, élément 1 : ce n'est pas un objet JSON."),
    "cut in an item": ('[{"id": "1", "nom": "Mair', "a.json, élément 1 : le JSON est abîmé à cet endroit."),
    "not JSON inside": ('[{"id": 1, nom}]', "a.json, élément 1 : le JSON est abîmé à cet endroit."),
    "endless nesting": ("[" + "[" * 200_000, "a.json, élément 1 : trop de niveaux emboîtés"),
}


@pytest.mark.parametrize(("contenu", "attendu"), TEXTES.values(), ids=TEXTES.keys())
@pytest.mark.parametrize("lire", [read_annuaire, read_data_inclusion])
def test_what_is_not_the_file_is_refused(tmp_path, lire, contenu, attendu):
    chemin = tmp_path / "a.json"
    chemin.write_text(contenu, encoding="utf-8")
    with pytest.raises(FileRefused) as refus:
        list(lire(chemin))
    assert str(refus.value).startswith(attendu)


def test_a_file_cut_between_two_items_is_refused(tmp_path):
    chemin = tmp_path / "a.json"
    texte = ANNUAIRE.read_text(encoding="utf-8")
    chemin.write_text(texte[: texte.rindex("]")], encoding="utf-8")
    with pytest.raises(FileRefused, match="a.json : le fichier s'arrête après l'élément 8. Téléchargez-le de nouveau."):
        list(read_annuaire(chemin))


@pytest.mark.parametrize("nom", ["a.json", "a.csv", "a.tar.bz2"])
def test_a_file_that_is_missing_or_of_another_kind_is_refused(tmp_path, nom):
    with pytest.raises(FileRefused, match="le fichier n'existe pas"):
        list(read_data_inclusion(tmp_path / nom))
    (tmp_path / nom).write_bytes(b"\xff\xfe\x00binaire\xe9")
    with pytest.raises(FileRefused, match=f"^{nom} : (le fichier n'est pas en UTF-8|l'archive est abîmée)"):
        list(read_data_inclusion(tmp_path / nom))


def structures(tmp_path: Path, ligne: int, **cellules: str) -> Path:
    with open(STRUCTURES.with_suffix(".csv"), encoding="utf-8", newline="") as fichier:
        lignes = list(csv.DictReader(fichier))
    lignes[ligne - 2] |= cellules
    chemin = tmp_path / "d.csv"
    with open(chemin, "w", encoding="utf-8", newline="") as fichier:
        sortie = csv.DictWriter(fichier, lignes[0].keys())
        sortie.writeheader()
        sortie.writerows(lignes)
    return chemin


@pytest.mark.parametrize(
    ("cellules", "attendu"),
    [
        ({"nom": " "}, "d.csv, ligne 3 : le champ « nom » manque ou est vide."),
        ({"date_maj": "hier"}, "d.csv, ligne 3 : la date « hier » ne se lit pas (attendu : AAAA-MM-JJ ou JJ/MM/AAAA)."),
        ({"id": "dora--11111111-aaaa"}, "d.csv, ligne 3 : l'identifiant « dora--11111111-aaaa » est déjà à la ligne 2."),
    ],
)
def test_a_broken_row_is_refused(tmp_path, cellules, attendu):
    with pytest.raises(FileRefused, match=f"^{re.escape(attendu)}$"):
        list(read_data_inclusion(structures(tmp_path, 3, **cellules)))


@pytest.mark.parametrize(
    ("contenu", "attendu"),
    [
        ("id;nom\n1;a\n", "d.csv, ligne 1 : il manque les colonnes source, id, nom, date_maj."),
        ("source,id,nom,date_maj\na,b,c\n", "d.csv, ligne 2 : 3 cellules au lieu de 4."),
        ('source,id,nom,date_maj\na,b,"c,2026-01-01\n', "d.csv, ligne 2 : la ligne ne se lit pas (virgules ou guillemets)."),
        ("source,id,nom,date_maj\n", "d.csv : la liste est vide."),
    ],
)
def test_a_broken_csv_is_refused(tmp_path, contenu, attendu):
    chemin = tmp_path / "d.csv"
    chemin.write_text(contenu, encoding="utf-8")
    with pytest.raises(FileRefused, match=f"^{re.escape(attendu)}$"):
        list(read_data_inclusion(chemin))
