"""``knowledge check`` names the file, the row, the column, and says what to write."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from knowledge.check import check, check_sigles
from knowledge.reading import read_all
from knowledge.schema import TABLES, TYPES_STRUCTURE, Column

# One cell each: table, row, column, what is written there, and what the message must say.
CELLULES = {
    "empty required cell": ("chiffre", 7, "libelle", "", "la cellule est vide. Écrivez : ce que compte le chiffre."),
    "only spaces in a required cell": ("lieu", 30, "nom", "   ", "la cellule est vide. Écrivez : nom du lieu."),
    "unknown word": ("structure", 5, "type", "club", f"« club » n'est pas permis. Écrivez l'un de : {', '.join(TYPES_STRUCTURE)}."),
    "unknown word among several": ("structure", 6, "themes", "logement|cuisine", "« cuisine » n'est pas permis. Écrivez l'un de : logement, jeunesse"),
    "same word twice": ("structure", 6, "themes", "logement|logement", "la même valeur est écrite deux fois. Gardez-en une."),
    "unknown structure": ("service", 8, "structure", "la-lune", "« la-lune » n'existe pas dans structure.csv. Ajoutez-le là-bas ou corrigez ici."),
    "unknown service among several": ("lieu", 9, "services", "la-lune", "« la-lune » n'existe pas dans service.csv."),
    "unknown commune": ("lieu", 9, "commune", "62000", "« 62000 » n'existe pas dans commune.csv."),
    "unknown need of a clue": ("indice", 40, "cible", "lune/voyage", "« lune/voyage » n'existe pas dans besoin.csv."),
    "not an integer": ("commune", 4, "population", "2 955", "« 2 955 » n'est pas un nombre entier. Écrivez des chiffres seulement."),
    "negative integer": ("commune_hors", 4, "population", "-12", "« -12 » n'est pas un nombre entier."),
    "French decimal comma": ("commune", 4, "latitude", "50,5298", "« 50,5298 » n'est pas un nombre. Écrivez par exemple 50.5298."),
    "bad postcode": ("lieu", 9, "code_postal", "6219", "« 6219 » n'a pas la bonne forme. Écrivez cinq chiffres, par exemple 62190."),
    "bad telephone": ("commune", 4, "mairie_telephone", "0321540790", "Écrivez dix chiffres par paires, par exemple 03 21 61 64 64."),
    "bad e-mail": ("commune", 4, "mairie_courriel", "mairie.fr", "Écrivez une adresse, par exemple mairie@exemple.fr."),
    "bad INSEE code": ("commune_hors", 4, "code_insee", "1053", "Écrivez cinq caractères, par exemple 62516."),
    "bad date": ("source", 4, "date", "mars 2021", "Écrivez AAAA, AAAA-MM ou AAAA-MM-JJ."),
    "rank out of bounds": ("service_besoin", 5, "rang", "4", "le rang va de 1 (première porte) à 3 (en complément)."),
    "sigle absent": (
        "fait",
        11,
        "texte",
        "Le ZZQX reçoit le lundi.",
        "le sigle « ZZQX » n'est pas dans sigle.csv. Ajoutez-le, ou écrivez-le en toutes lettres.",
    ),
    "sigle absent from a service": ("service", 11, "publics_precisions", "Agents de la ZZQX", "le sigle « ZZQX » n'est pas dans sigle.csv."),
}

# One cell each of a proof otherwise sound.
PREUVES = {
    "missing": ("source", "", "aucune source. Un fait sans source n'entre pas dans la base : écrivez d'où il vient."),
    "unknown source": ("source", "oui-dire", "« oui-dire » n'existe pas dans source.csv. Ajoutez-la là-bas ou corrigez ici."),
    "empty quotation": ("citation", "", "la citation est vide. Recopiez les quelques mots qui disent le fait."),
    "quotation too long": ("citation", "mot " * 51, "la citation est trop longue. Gardez au plus 200 caractères."),
    "page instead of a line": ("ligne", "p. 12", "« p. 12 » n'est pas un numéro de ligne du document."),
}


@pytest.fixture
def sheets(sheets):
    return sheets.shorten()


def only_message(sheets, table: str, ligne: int, colonne: str) -> str:
    """The message of the single problem, after checking that it is named at this place."""
    problemes = sheets.problems()
    assert [(p.fichier, p.ligne, p.colonne) for p in problemes] == [(f"{table}.csv", ligne, colonne)], "\n".join(map(str, problemes))
    place = f"{table}.csv, ligne {ligne}" + (f", colonne « {colonne} » : " if colonne else " : ")
    assert str(problemes[0]).startswith(place)
    return problemes[0].message


def open_quote(sheets, table: str, ligne: int, column: int) -> None:
    """Put one quotation mark, never closed, before a cell."""
    chemin = sheets.dossier / f"{table}.csv"
    lignes = chemin.read_text(encoding="utf-8").split("\n")
    cellules = lignes[ligne - 1].split(",")
    cellules[column] = f'"{cellules[column]}'
    chemin.write_text("\n".join([*lignes[: ligne - 1], ",".join(cellules), *lignes[ligne:]]), encoding="utf-8")


def test_the_sources_of_the_project_have_no_problem():
    tout, problemes = read_all()
    assert problemes + check(tout) + check_sigles(tout) == []


@pytest.mark.parametrize(("table", "ligne", "colonne", "valeur", "attendu"), CELLULES.values(), ids=CELLULES.keys())
def test_one_broken_cell(sheets, table, ligne, colonne, valeur, attendu):
    sheets.write(table, ligne, **{colonne: valeur})
    assert attendu in only_message(sheets, table, ligne, colonne)


@pytest.mark.parametrize(("colonne", "valeur", "attendu"), PREUVES.values(), ids=PREUVES.keys())
def test_one_broken_cell_of_a_proof(sheets, colonne, valeur, attendu):
    preuve = {"source": "ctg-2021", "ligne": "12", "citation": "quelques mots", colonne: valeur}
    sheets.write("fait", 11, **preuve)
    assert only_message(sheets, "fait", 11, colonne) == attendu


@pytest.mark.parametrize(
    ("concerne", "mauvaise", "attendu"),
    [
        (lambda c: c.requis, "", "la cellule est vide"),
        (lambda c: c.vocabulaire, "zzz", "« zzz » n'est pas permis"),
        (lambda c: c.reference, "zzz", "« zzz » n'existe pas dans"),
        (lambda c: c.type == "INTEGER", "zzz", "« zzz » n'est pas un nombre entier"),
        (lambda c: c.type == "REAL", "zzz", "« zzz » n'est pas un nombre"),
    ],
    ids=["required", "vocabulary", "reference", "integer", "real"],
)
def test_every_column_of_the_schema(sheets, concerne: Callable[[Column], object], mauvaise: str, attendu: str):
    """One broken cell a column, each in a row of its own."""
    cassees = set()
    for table in TABLES:
        lignes = sheets.read(table.nom)
        for numero, colonne in enumerate((c for c in table.colonnes if concerne(c)), 2):
            lignes[numero - 1][lignes[0].index(colonne.nom)] = mauvaise
            cassees.add((f"{table.nom}.csv", numero, colonne.nom))
        sheets.save(table.nom, lignes)
    trouvees = {(p.fichier, p.ligne, p.colonne) for p in sheets.problems() if attendu in p.message}
    assert cassees
    assert cassees - trouvees == set()


@pytest.mark.parametrize("table", ["besoin", "critere"])
def test_age_min_above_age_max(sheets, table):
    ligne = sheets.find(table, lambda r: r["age_min"] and r["age_max"])
    sheets.write(table, ligne, age_min="31", age_max="30")
    assert only_message(sheets, table, ligne, "age_min") == "l'âge minimal (31) dépasse l'âge maximal (30). Corrigez l'un des deux."


def test_age_min_equal_to_age_max_is_allowed(sheets):
    sheets.write("critere", sheets.find("critere", lambda r: r["age_min"] and r["age_max"]), age_min="4", age_max="4")
    assert sheets.problems() == []


@pytest.mark.parametrize(
    "preuves",
    [
        {"source": "ctg-2021", "ligne": "12|13", "citation": "un seul mot"},
        {"source": "ctg-2021", "ligne": "12", "citation": "un|deux"},
        {"source": "ctg-2021|insee-cog-2026", "ligne": "12", "citation": "un"},
        {"source": "ctg-2021|insee-cog-2026|ctg-2021", "ligne": "12|13", "citation": "un|deux"},
        {"source": "ctg-2021||ctg-2021", "ligne": "12|13|14", "citation": "un|deux|trois"},
    ],
    ids=lambda preuves: " / ".join(preuves.values()),
)
def test_unequal_proof_lists(sheets, preuves):
    sheets.write("fait", 11, **preuves)
    message = only_message(sheets, "fait", 11, "citation")
    assert message == "source, ligne et citation n'ont pas le même nombre de valeurs. Séparez-les par | de la même façon."


def test_one_source_may_hold_several_lines(sheets):
    sheets.write("fait", 11, source="ctg-2021", ligne="12|13|14", citation="un|deux|trois")
    assert sheets.problems() == []


def test_duplicate_key(sheets):
    sheets.write("fait", 11, id=sheets.row("fait", 6)["id"])
    assert "est déjà à la ligne 6. Gardez une seule ligne, ou changez l'identifiant." in only_message(sheets, "fait", 11, "id")


def test_duplicate_place(sheets):
    origine = sheets.find("lieu", lambda r: r["adresse"] and r["commune"])
    lieu = sheets.row("lieu", origine)
    copie = sheets.add("lieu", origine, id="le-meme-lieu", nom=lieu["nom"].upper(), adresse=lieu["adresse"].upper())
    message = only_message(sheets, "lieu", copie, "nom")
    assert message == f"ce lieu (nom, commune, genre, adresse) est déjà à la ligne {origine}. Gardez une seule ligne."


def test_two_places_of_two_kinds_may_share_a_name(sheets):
    origine = sheets.find("lieu", lambda r: r["type"] == "alsh" and r["sous_type"] == "periscolaire")
    sheets.add("lieu", origine, id="un-autre-genre", sous_type="jeunesse", adresse="Rue qui n'existe pas")
    assert sheets.problems() == []


def test_duplicate_structure_name(sheets):
    origine = sheets.find("structure", lambda r: "é" in r["nom"])
    copie = sheets.add("structure", origine, id="la-meme-structure", nom=sheets.row("structure", origine)["nom"].replace("é", "E"))
    assert f"est déjà à la ligne {origine}. Fusionnez les deux lignes, ou précisez le nom." in only_message(sheets, "structure", copie, "nom")


def test_service_without_need(sheets):
    ligne = sheets.add("service", 2, id="service-seul", nom="Un service que rien n'appelle")
    message = only_message(sheets, "service", ligne, "id")
    assert message == "le service « service-seul » ne répond à aucun besoin. Ajoutez une ligne dans service_besoin.csv."


def test_need_without_service(sheets):
    ligne = sheets.add("besoin", 2, id="logement/chateau", nom="Château")
    message = only_message(sheets, "besoin", ligne, "id")
    assert message == "aucun service ne répond à « Château ». Liez-en un dans service_besoin.csv, ou retirez le besoin."


def test_service_and_need_linked_twice(sheets):
    copie = sheets.add("service_besoin", 4, id="encore")
    assert only_message(sheets, "service_besoin", copie, "service") == "ce service et ce besoin sont déjà liés à la ligne 4. Gardez une seule ligne."


@pytest.mark.parametrize("etat", ["projet", "etude"])
def test_service_in_service_carried_by_a_project(sheets, etat):
    porteuse = sheets.add("structure", 2, id="maison-a-venir", nom="Maison à venir", etat=etat)
    ligne = sheets.find("service", lambda r: r["etat"] == "en service")
    sheets.write("service", ligne, structure="maison-a-venir")
    message = only_message(sheets, "service", ligne, "etat")
    assert message == "le service est « en service » mais sa structure « maison-a-venir » est en projet. Un projet ne se propose pas."
    sheets.write("structure", porteuse, etat="en service")
    assert sheets.problems() == []


@pytest.mark.parametrize(
    ("colonne", "valeurs", "attendu"),
    [
        ("age_min", {"genre": "age", "age_de": "personne", "age_min": "", "age_max": ""}, "un critère d'âge a besoin d'un âge minimal ou maximal."),
        ("age_de", {"genre": "age", "age_de": "", "age_min": "16", "age_max": ""}, "dites de qui est l'âge : personne ou enfant."),
        ("fait", {"genre": "fait", "age_de": "", "age_min": "", "age_max": "", "fait": ""}, "un critère de situation a besoin d'un fait."),
    ],
)
def test_criterion_that_decides_nothing(sheets, colonne, valeurs, attendu):
    sheets.write("critere", 5, **valeurs)
    assert only_message(sheets, "critere", 5, colonne) == attendu


def test_fact_attached_to_nothing(sheets):
    sheets.write("fait", 11, structure="", service="")
    assert only_message(sheets, "fait", 11, "structure") == "le fait n'est attaché à rien. Écrivez une structure ou un service."


def test_confidential_address(sheets):
    sheets.add("structure", 2, id="refuge", nom="Refuge", adresse_confidentielle="1")
    ligne = sheets.find("lieu", lambda r: r["adresse"])
    sheets.write("lieu", ligne, structure="refuge")
    assert only_message(sheets, "lieu", ligne, "adresse") == "l'adresse de cette structure est confidentielle. Videz la cellule."


def test_every_problem_is_told_not_only_the_first(sheets):
    sheets.write("structure", 5, type="club")
    sheets.write("lieu", 9, code_postal="6219")
    sheets.write("fait", 11, texte="Le ZZQX reçoit le lundi.")
    assert [(p.fichier, p.ligne) for p in sheets.problems()] == [("structure.csv", 5), ("lieu.csv", 9), ("fait.csv", 11)]


# The shape of a file: no column to name, but the row and what to do.


def test_renamed_column(sheets):
    lignes = sheets.read("sigle")
    attendu = ",".join(lignes[0])
    lignes[0][1] = "Sens"
    sheets.save("sigle", lignes)
    message = only_message(sheets, "sigle", 1, "")
    assert message == f"colonnes absentes : signification; colonnes inconnues : Sens. La première ligne doit être : {attendu}"


def test_columns_in_another_order(sheets):
    lignes = sheets.read("sigle")
    attendu = ",".join(lignes[0])
    sheets.save("sigle", [[ligne[1], ligne[0], *ligne[2:]] for ligne in lignes])
    assert only_message(sheets, "sigle", 1, "") == f"l'ordre des colonnes a changé. La première ligne doit être : {attendu}"


def test_semicolons_instead_of_commas(sheets):
    chemin = sheets.dossier / "service_besoin.csv"
    chemin.write_text(chemin.read_text(encoding="utf-8").replace(",", ";"), encoding="utf-8")
    assert "La première ligne doit être : id,service,besoin,rang,pourquoi" in only_message(sheets, "service_besoin", 1, "")


def test_empty_file(sheets):
    (sheets.dossier / "sigle.csv").write_bytes(b"")
    assert "La première ligne doit être : sigle,signification," in only_message(sheets, "sigle", 1, "")


@pytest.mark.parametrize("table", [table.nom for table in TABLES])
def test_missing_file(sources, table):
    (sources / f"{table}.csv").unlink()
    _, problemes = read_all(sources)
    assert [str(p) for p in problemes] == [f"{table}.csv : le fichier manque. Remettez-le dans le dossier des sources."]


def test_missing_folder(tmp_path):
    _, problemes = read_all(tmp_path / "nulle-part")
    assert [p.fichier for p in problemes] == [f"{table.nom}.csv" for table in TABLES]


def test_not_utf8(sheets):
    sheets.write("sigle", 20, signification="Sans accent")
    chemin = sheets.dossier / "sigle.csv"
    chemin.write_bytes(chemin.read_bytes().replace(b"Sans accent", "Été".encode("cp1252")))
    assert only_message(sheets, "sigle", 20, "") == "le fichier n'est pas en UTF-8. Enregistrez-le en « Unicode (UTF-8) »."


@pytest.mark.parametrize(("change", "nombre"), [(lambda cellules: [*cellules, "de trop"], 6), (lambda cellules: cellules[:-2], 3)], ids=["too many", "too few"])
def test_wrong_number_of_cells(sheets, change, nombre):
    lignes = sheets.read("service_besoin")
    lignes[24] = change(lignes[24])
    sheets.save("service_besoin", lignes)
    assert only_message(sheets, "service_besoin", 25, "") == f"{nombre} cellules au lieu de 5. Vérifiez les virgules et les guillemets."


def test_quote_left_open(sheets):
    open_quote(sheets, "service_besoin", 31, column=0)
    problemes = sheets.problems()
    assert {p.fichier for p in problemes} == {"service_besoin.csv"}
    assert "Vérifiez les virgules et les guillemets." in problemes[0].message


@pytest.mark.parametrize(
    "retouche",
    [
        lambda octets: b"\xef\xbb\xbf" + octets,
        lambda octets: octets.replace(b"\n", b"\r\n"),
        lambda octets: octets + b"\n\n,,,,,,,,\n",
        lambda octets: octets.rstrip(b"\n"),
    ],
    ids=["byte order mark", "Windows ends of line", "blank rows", "no last end of line"],
)
def test_what_a_spreadsheet_adds_is_no_problem(sheets, retouche):
    chemin = sheets.dossier / "sigle.csv"
    avant, _ = read_all(sheets.dossier)
    chemin.write_bytes(retouche(chemin.read_bytes()))
    apres, problemes = read_all(sheets.dossier)
    assert problemes == []
    assert [ligne.valeurs for ligne in apres["sigle"]] == [ligne.valeurs for ligne in avant["sigle"]]


# Bugs found here once, mended since.


def test_bad_postcode_of_a_commune(sheets):
    sheets.write("commune", 4, codes_postaux="6219")
    assert "cinq chiffres, par exemple 62190" in only_message(sheets, "commune", 4, "codes_postaux")


@pytest.mark.parametrize("genre", ["commune", "structure", "service", "besoin", "fait", "type_lieu", "fiche"])
def test_unknown_target_of_the_lexique(sheets, genre):
    sheets.write("lexique", 4, genre=genre, cible="la-lune")
    assert "la-lune" in only_message(sheets, "lexique", 4, "cible")


def test_quote_left_open_in_the_last_column(sheets):
    sheets.save("lexique", [[cellule.replace('"', "") for cellule in ligne] for ligne in sheets.read("lexique")])
    open_quote(sheets, "lexique", 31, column=-1)
    assert sheets.problems()


def test_strength_of_a_clue_out_of_bounds(sheets):
    sheets.write("indice", 4, force="9")
    assert "3" in only_message(sheets, "indice", 4, "force")


@pytest.mark.parametrize(("table", "colonne"), [("structure", "adresse_confidentielle"), ("service", "territoire_entier"), ("source", "officielle")])
def test_yes_or_no_column_that_is_neither(sheets, table, colonne):
    sheets.write(table, 4, **{colonne: "2"})
    assert "1" in only_message(sheets, table, 4, colonne)


@pytest.mark.parametrize(("table", "colonne"), [("critere", "age_min"), ("service_besoin", "rang")])
def test_superscript_digit_is_not_an_integer(sheets, table, colonne):
    ligne = sheets.find(table, lambda r: r[colonne] and r.get("age_max") != "")
    sheets.write(table, ligne, **{colonne: "²"})
    assert "« ² » n'est pas un nombre entier" in only_message(sheets, table, ligne, colonne)


def test_superscript_digit_is_not_a_line_number(sheets):
    sheets.write("reperage", 4, source="ctg-2021", ligne="²", citation="quelques mots")
    assert "« ² » n'est pas un numéro de ligne du document." in only_message(sheets, "reperage", 4, "ligne")


def test_integer_too_large_for_the_base(sheets):
    sheets.write("commune", 4, population="9" * 25)
    only_message(sheets, "commune", 4, "population")


def test_sigle_after_an_apostrophe(sheets):
    sheets.write("fait", 11, texte="Un agent de l'IZQX reçoit le lundi.")
    assert "« IZQX »" in only_message(sheets, "fait", 11, "texte")


@pytest.mark.parametrize("coupure", ["\x0b", "\u2028"], ids=["vertical tab", "line separator"])
def test_soft_line_break_pasted_in_a_cell_does_not_cut_the_row(sheets, coupure):
    sheets.write("fait", 11, texte=f"Reçoit le lundi.{coupure}Et le mardi.", theme="cuisine")
    assert "« cuisine » n'est pas permis" in only_message(sheets, "fait", 11, "theme")


def test_row_number_after_a_cell_of_two_lines(sheets):
    sheets.write("fait", 4, texte="Reçoit le lundi.\nEt le mardi.")
    sheets.write("fait", 11, theme="cuisine")
    assert "« cuisine »" in only_message(sheets, "fait", 11, "theme")
