"""``python -m knowledge import``: shows in French what would change; writes only with --appliquer, with provenance, and never a secret address."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest

from knowledge.__main__ import main
from knowledge.base import Base
from knowledge.build import build
from knowledge.contacts import contacts_of

FICHIERS = Path(__file__).parent / "donnees" / "imports"
ANNUAIRE = FICHIERS / "2026-10-06_053120-data.gouv_local.json"
STRUCTURES = FICHIERS / "structures-inclusion-2026-11-01.csv"
SERVICES = FICHIERS / "services-inclusion-2026-11-01.csv"
CAF = "annuaire-00000000-0000-4000-8000-000000000006"
MISSION = "annuaire-00000000-0000-4000-8000-000000000002"
FOYER = "foyer-femmes-victimes"


@pytest.fixture
def sheets(sheets):
    return sheets.shorten()


@pytest.fixture
def importer(sheets, capsys):
    """Run the command on a copy of the sources: exit code, output, errors."""

    def run(genre: str, fichier: Path, *options: str) -> tuple[int, str, str]:
        code = main(["import", genre, str(fichier), "--sources", str(sheets.dossier), *options])
        ecrit = capsys.readouterr()
        return code, ecrit.out, ecrit.err

    return run


def content(sheets) -> dict[str, bytes]:
    return {f.name: f.read_bytes() for f in sheets.dossier.iterdir()}


def row(sheets, table: str, cle: str) -> dict[str, str]:
    return sheets.row(table, sheets.find(table, lambda r: next(iter(r.values())) == cle))


def test_nothing_is_written_without_being_told(importer, sheets):
    avant = content(sheets)
    code, sortie, erreurs = importer("annuaire", ANNUAIRE)
    assert (code, erreurs) == (0, "")
    assert content(sheets) == avant
    for voulu in (
        "8 éléments dans le fichier.",
        "À reprendre (4) :",
        "Mission locale à Béthune (mission-locale-bethune), d'après « Mission locale - Béthune », 100 %, même nom, même commune",
        "      téléphone : (vide) → 03 21 00 00 02",
        "      téléphone : 03 21 57 18 33 → 03 21 00 00 01",
        "À confirmer, rien n'est pris sans votre accord",
        f"--accepter {CAF}=caf",
        "Point information jeunesse (PIJ) - Beuvry : site « www.exemple.fr » non repris : il n'a pas la bonne forme.",
        "Rien n'est écrit. Pour écrire ce qui est à reprendre : relancez avec --appliquer.",
    ):
        assert voulu in sortie, voulu
    for absent in ("locale - Calais", "Beuvry-la-Forêt", "Martinique"):
        assert absent not in sortie


def test_what_is_written_is_accepted_by_the_check_and_keeps_its_provenance(importer, sheets, tmp_path):
    avant = content(sheets)
    code, sortie, _ = importer("annuaire", ANNUAIRE, "--appliquer")
    assert code == 0
    assert "Écrit : 3 lignes dans source.csv, 3 lignes dans contact.csv, 1 ligne dans commune.csv." in sortie
    assert sheets.problems() == []
    assert {nom for nom, octets in content(sheets).items() if octets != avant[nom]} == {"source.csv", "contact.csv", "commune.csv"}
    assert content(sheets)["contact.csv"].startswith(avant["contact.csv"]), "the rows of the référent stay as they were"
    source = row(sheets, "source", MISSION)
    assert (source["date"], source["date_consultation"], source["officielle"]) == ("2026-03-12", date.today().isoformat(), "1")
    assert ANNUAIRE.name in source["titre"]
    assert "Licence Ouverte 2.0" in source["titre"]
    assert source["libelle_court"] == "annuaire de l'administration, mars 2026"
    base_path = tmp_path / "knowledge.db"
    build(base_path, sheets.dossier)
    base = Base.open(base_path)
    [contact, *_] = contacts_of(base, "mission-locale", "mission-locale-bethune")
    assert (contact.telephone, contact.confiance) == ("03 21 00 00 02", "source officielle, mars 2026")
    assert base.communes["62035"].mairie_telephone == "03 21 00 00 01"
    base.close()


def test_a_second_import_of_the_same_file_changes_nothing(importer, sheets):
    importer("annuaire", ANNUAIRE, "--appliquer")
    avant = content(sheets)
    code, sortie, _ = importer("annuaire", ANNUAIRE, "--appliquer")
    assert code == 0
    assert "Rien à écrire." in sortie
    assert "Sans changement : 4 lignes." in sortie
    assert content(sheets) == avant


def changed(tmp_path: Path, rang: int, **champs) -> Path:
    objet = json.loads(ANNUAIRE.read_text(encoding="utf-8"))
    objet["service"][rang - 1] |= champs
    chemin = tmp_path / "suite.json"
    chemin.write_text(json.dumps(objet), encoding="utf-8")
    return chemin


def test_a_newer_file_changes_its_own_rows_even_renamed(importer, sheets, tmp_path):
    importer("annuaire", ANNUAIRE, "--appliquer")
    suite = changed(tmp_path, 2, nom="ML Artois", telephone=[{"valeur": "03 21 00 00 22", "description": ""}], date_modification="02/10/2026 00:00:00")
    code, sortie, _ = importer("annuaire", suite, "--appliquer")
    assert code == 0
    assert "téléphone : 03 21 00 00 02 → 03 21 00 00 22" in sortie
    assert row(sheets, "contact", MISSION)["telephone"] == "03 21 00 00 22"
    assert row(sheets, "source", MISSION)["date"] == "2026-10-02"
    assert sheets.problems() == []


def test_a_page_that_says_the_same_again_is_younger(importer, sheets, tmp_path):
    importer("annuaire", ANNUAIRE, "--appliquer")
    _, sortie, _ = importer("annuaire", changed(tmp_path, 2, date_modification="02/10/2026 00:00:00"), "--appliquer")
    assert "      date de la page : 2026-03-12 → 2026-10-02" in sortie
    assert row(sheets, "source", MISSION)["date"] == "2026-10-02"


def test_the_number_of_a_town_hall_follows_the_newest_file(importer, sheets, tmp_path):
    importer("annuaire", ANNUAIRE, "--appliquer")
    _, sortie, _ = importer("annuaire", changed(tmp_path, 1, telephone=[{"valeur": "03 21 00 00 33", "description": ""}]), "--appliquer")
    assert sortie.count("téléphone : 03 21 00 00 01 → 03 21 00 00 33") == 2, "the contact and the row of the commune"
    commune = row(sheets, "commune", "62035")
    assert commune["mairie_telephone"] == "03 21 00 00 33"
    assert commune["source"] == "ctg-2021|annuaire-00000000-0000-4000-8000-000000000001|insee-cog-2026"
    assert "03 21 00 00 33" in commune["citation"]
    assert sheets.problems() == []


def test_a_value_that_cannot_be_read_erases_nothing(importer, sheets, tmp_path):
    importer("annuaire", ANNUAIRE, "--appliquer")
    avant = content(sheets)
    _, sortie, _ = importer("annuaire", changed(tmp_path, 2, telephone=[{"valeur": "voir le site", "description": ""}]), "--appliquer")
    assert "Mission locale - Béthune : téléphone « voir le site » non repris" in sortie
    assert "Mission locale - Béthune : ce qui était connu reste." in sortie
    assert content(sheets) == avant


def test_what_left_the_file_is_said_and_kept(importer, sheets, tmp_path):
    importer("annuaire", ANNUAIRE, "--appliquer")
    suite = changed(tmp_path, 2, id="99999999-0000-4000-8000-000000000000", nom="Autre chose")
    _, sortie, _ = importer("annuaire", suite, "--appliquer")
    assert "Repris avant, absents de ce fichier : à vérifier, rien n'est retiré (1) :" in sortie
    assert MISSION in sortie
    assert row(sheets, "contact", MISSION)["telephone"] == "03 21 00 00 02"


def test_two_main_town_halls_are_left_to_the_reader(importer, sheets, tmp_path):
    avant = row(sheets, "commune", "62035")
    suite = changed(
        tmp_path, 3, nom="Mairie - Annezin (bis)", code_insee_commune="62035", pivot=[{"type_service_local": "mairie", "code_insee_commune": ["62035"]}]
    )
    _, sortie, _ = importer("annuaire", suite, "--appliquer")
    assert "Annezin : le fichier a 2 mairies principales. Corrigez commune.csv à la main." in sortie
    assert row(sheets, "commune", "62035") == avant


def test_a_human_yes_takes_a_proposal(importer, sheets):
    code, sortie, _ = importer("annuaire", ANNUAIRE, "--accepter", f"{CAF}=caf", "--appliquer")
    assert code == 0
    assert "accepté par vous" in sortie
    contact = row(sheets, "contact", CAF)
    assert (contact["structure"], contact["telephone"], contact["commune"]) == ("caf", "3230", "62119")
    assert contact["nom"].startswith("Caisse d'allocations familiales (CAF)")
    assert contact["code_postal"] == "", "62411 is a CEDEX"
    assert sheets.problems() == []


@pytest.mark.parametrize(
    ("reponse", "attendu"),
    [
        ("annuaire-inconnu=caf", "« annuaire-inconnu » n'est pas dans le fichier."),
        (f"{CAF}=la-lune", "« la-lune » n'est ni une structure, ni un lieu, ni un service en service."),
        (f"{CAF}={FOYER}", f"« {FOYER} » n'est ni une structure, ni un lieu, ni un service en service."),
        (CAF, "il faut ID_DU_FICHIER=ID_DE_LA_BASE."),
    ],
)
def test_an_answer_that_names_nothing_is_refused(importer, sheets, reponse, attendu):
    avant = content(sheets)
    code, sortie, erreurs = importer("annuaire", ANNUAIRE, "--accepter", reponse, "--appliquer")
    assert (code, sortie) == (2, "")
    assert attendu in erreurs
    assert content(sheets) == avant


def test_a_broken_file_is_refused_in_one_french_sentence(importer, sheets, tmp_path):
    avant = content(sheets)
    code, sortie, erreurs = importer("annuaire", changed(tmp_path, 5, nom=""), "--appliquer")
    assert (code, sortie) == (1, "")
    assert erreurs == "suite.json, élément 5 : le champ « nom » manque ou est vide.\nRien n'est écrit.\n"
    assert content(sheets) == avant


def test_broken_sources_are_refused_before_the_file_is_read(importer, sheets, tmp_path):
    (sheets.dossier / "lieu.csv").write_text("id\n", encoding="utf-8")
    code, sortie, erreurs = importer("annuaire", tmp_path / "absent.json")
    assert (code, sortie) == (1, "")
    assert "lieu.csv, ligne 1" in erreurs


def test_an_unknown_kind_of_file_is_refused(sheets, capsys):
    with pytest.raises(SystemExit) as sortie:
        main(["import", "insee", str(ANNUAIRE)])
    assert sortie.value.code == 2
    assert "python -m knowledge --help" in capsys.readouterr().err


def test_two_pages_that_disagree_are_said(importer, sheets):
    caf = sheets.find("contact", lambda r: r["id"] == "caf-pas-de-calais-divion")
    sheets.write("contact", caf, telephone="3230", structure="mission-locale", lieu="mission-locale-bethune", commune="62119", adresse="")
    _, sortie, _ = importer("annuaire", ANNUAIRE)
    assert "la page « divion-caf-2023 » dit autre chose : 3230. Les deux seront montrés." in sortie


def test_structures_then_services_of_data_inclusion(importer, sheets):
    code, sortie, _ = importer("data-inclusion", STRUCTURES, "--appliquer", "--licence", "Licence d'essai")
    assert code == 0
    contact, source = row(sheets, "contact", "di-dora-11111111-aaaa"), row(sheets, "source", "di-dora-11111111-aaaa")
    assert (contact["lieu"], contact["telephone"], contact["horaires_accueil"]) == (
        "mission-locale-bethune",
        "03 21 00 00 02",
        "lundi au vendredi 9h-12h et 14h-17h30 ; samedi 9h-12h",
    )
    assert (source["officielle"], source["url"]) == ("0", "https://dora.inclusion.gouv.fr/structures/ml")
    assert "Licence d'essai" in source["titre"]
    assert "Lens" not in sortie
    assert "Paris" not in sortie
    code, sortie, _ = importer("data-inclusion", SERVICES)
    assert code == 0
    assert "Sans changement : 1 ligne." in sortie, "the service says what its structure said"
    assert "Repris avant" not in sortie, "a file of services says nothing of structures"
    assert sheets.problems() == []


def test_a_service_accepted_by_name_stands_for_itself_alone(importer, sheets):
    _, sortie, _ = importer("data-inclusion", SERVICES)
    [cible] = re.findall(r"--accepter di-service-dora-s2=(\S+)", sortie)
    code, sortie, _ = importer("data-inclusion", SERVICES, "--accepter", f"di-service-dora-s2={cible}", "--appliquer")
    assert code == 0
    contact = row(sheets, "contact", "di-service-dora-s2")
    assert contact["service"] == cible.removeprefix("service:")
    assert row(sheets, "service", contact["service"])["structure"] == contact["structure"]
    assert sheets.problems() == []
    assert "Sans changement : 1 ligne." in importer("data-inclusion", SERVICES)[1]


def test_an_organisation_outside_the_territory_keeps_its_town(importer, sheets):
    importer("data-inclusion", STRUCTURES, "--accepter", "di-action-logement-9=action-logement", "--appliquer")
    contact = row(sheets, "contact", "di-action-logement-9")
    assert (contact["commune"], contact["adresse"], contact["code_postal"]) == ("", "9 rue Fictive, Arras", "62000")
    assert sheets.problems() == []


def test_the_address_of_a_shelter_is_not_taken(importer, sheets):
    foyer = sheets.find("structure", lambda r: r["id"] == FOYER)
    sheets.write("structure", foyer, etat="en service")
    code, sortie, _ = importer("annuaire", ANNUAIRE, "--accepter", f"{CAF}={FOYER}", "--appliquer")
    assert code == 0
    contact = row(sheets, "contact", CAF)
    assert {contact[c] for c in ("adresse", "code_postal", "commune", "nom")} == {""}
    assert contact["telephone"] == "3230"
    assert "5 rue Fictive" not in sortie + "".join(map(str, contact.values()))
    assert sheets.problems() == []


def test_a_file_that_cannot_be_written_leaves_the_sources_whole(importer, sheets, monkeypatch):
    avant = content(sheets)

    def full(*_):
        raise OSError

    monkeypatch.setattr("knowledge.imports.apply.os.replace", full)
    code, _, erreurs = importer("annuaire", ANNUAIRE, "--appliquer")
    assert code == 1
    assert "ne s'écrivent pas" in erreurs
    assert content(sheets) == avant, "no temporary file either"
