"""``python -m knowledge``: says in French what it did, and its exit code says whether it worked."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from knowledge.__main__ import main
from knowledge.base import Base
from knowledge.build import ROOT, SCHEMA_VERSION
from knowledge.docs import tables_markdown
from knowledge.schema import TABLES

ANGLAIS = re.compile(r"\b(error|invalid|choose from|required|arguments?:|the following|unrecognized|positional|options:|show this|Traceback|No such file)\b")


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "knowledge", *arguments], cwd=ROOT, capture_output=True, text=True, timeout=60)


def refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    """Exit code and outputs of arguments that the parser refuses."""
    with pytest.raises(SystemExit) as sortie:
        main(arguments)
    ecrit = capsys.readouterr()
    return sortie.value.code, ecrit.out, ecrit.err


def test_build_publishes_the_base_and_says_so(tmp_path, capsys):
    chemin = tmp_path / "knowledge.db"
    assert main(["build", "--base", str(chemin)]) == 0
    sortie = capsys.readouterr()
    assert re.fullmatch(rf"Base publiée : {re.escape(str(chemin))} \(\d+ lignes, \d+\.\d Mo, \d+\.\d s\)\.\n", sortie.out)
    assert sortie.err == ""
    Base.open(chemin).close()


def test_build_refuses_broken_sources(sheets, tmp_path, capsys):
    sheets.write("service", 12, etat="ouvert")
    chemin = tmp_path / "knowledge.db"
    assert main(["build", "--sources", str(sheets.dossier), "--base", str(chemin)]) == 1
    sortie = capsys.readouterr()
    assert sortie.out == ""
    assert sortie.err.splitlines() == [
        "service.csv, ligne 12, colonne « etat » : « ouvert » n'est pas permis. Écrivez l'un de : en service, projet, experimentation, etude.",
        "1 problème dans les sources. La base n'a pas changé.",
    ]
    assert not chemin.exists()


def test_check_counts_rows_and_tables(sheets, capsys):
    assert main(["check", "--sources", str(sheets.dossier)]) == 0
    lignes = sum(len(sheets.read(table.nom)) - 1 for table in TABLES)
    assert capsys.readouterr().out == f"Sources en ordre : {lignes} lignes dans {len(TABLES)} tables.\n"


def test_check_publishes_nothing(sources, tmp_path, monkeypatch):
    publiees = []
    monkeypatch.setattr("knowledge.build._write", lambda *arguments: publiees.append(arguments))
    avant = {f: f.read_bytes() for f in tmp_path.rglob("*.*")}
    assert main(["check", "--sources", str(sources)]) == 0
    assert publiees == []
    assert {f: f.read_bytes() for f in tmp_path.rglob("*.*")} == avant


def test_check_tells_each_problem_and_their_number(sheets, capsys):
    sheets.write("structure", 5, type="club")
    sheets.write("lieu", 9, code_postal="6219")
    assert main(["check", "--sources", str(sheets.dossier)]) == 1
    sortie = capsys.readouterr()
    assert sortie.out == ""
    premier, second, total = sortie.err.splitlines()
    assert premier.startswith("structure.csv, ligne 5, colonne « type » : ")
    assert second.startswith("lieu.csv, ligne 9, colonne « code_postal » : ")
    assert total == "2 problèmes dans les sources. Corrigez, puis relancez."


def test_check_stops_at_two_hundred_problems(sheets, capsys):
    lignes = sheets.read("commune_hors")
    sheets.save("commune_hors", [lignes[0], *([code, "", *suite] for code, _, *suite in lignes[1:204]), *lignes[204:]])
    assert main(["check", "--sources", str(sheets.dossier)]) == 1
    ecrit = capsys.readouterr().err.splitlines()
    assert len(ecrit) == 202
    assert ecrit[200:] == ["… et 3 de plus.", "203 problèmes dans les sources. Corrigez, puis relancez."]


def test_check_without_the_document_is_told(tmp_path, capsys):
    assert main(["check", "--source", str(tmp_path / "absente.txt")]) == 1
    assert capsys.readouterr().err == f"Le texte {tmp_path / 'absente.txt'} ne se lit pas. Donnez le chemin du texte de la convention.\n"


def test_export_json_prints_one_object(base_path):
    resultat = run("export", "--format", "json", "--base", str(base_path))
    assert resultat.returncode == 0
    assert resultat.stderr == ""
    assert len(json.loads(resultat.stdout)["communes"]) == 100
    assert "Béthune" in resultat.stdout, "accents are written as they are, not as \\u00e9"


def test_export_is_json_when_nothing_is_said(base_path, capsys):
    assert main(["export", "--base", str(base_path)]) == 0
    assert len(json.loads(capsys.readouterr().out)["fiches_actions"]) == 47


def test_export_csv_writes_a_file_a_table(base_path, tmp_path, capsys, sheets):
    dossier = tmp_path / "sortie"
    assert main(["export", "--format", "csv", str(dossier), "--base", str(base_path)]) == 0
    attendus = [dossier / f"{table.nom}.csv" for table in TABLES]
    assert capsys.readouterr().out.splitlines() == [str(chemin) for chemin in attendus]
    assert sorted(dossier.iterdir()) == sorted(attendus)


def test_export_csv_gives_back_the_cells_of_the_sources(base_path, tmp_path, sheets):
    main(["export", "--format", "csv", str(tmp_path / "sortie"), "--base", str(base_path)])
    exportees = type(sheets)(tmp_path / "sortie")
    for table in TABLES:
        source, exporte = sheets.read(table.nom), exportees.read(table.nom)
        assert len(exporte) == len(source)
        for colonne in table.colonnes:
            avant, apres = ([ligne[lignes[0].index(colonne.nom)] for ligne in lignes[1:]] for lignes in (source, exporte))
            lire = float if colonne.type != "TEXT" else str.strip
            assert [lire(v) for v in apres if v] == [lire(v) for v in avant if v]
            assert [not v for v in apres] == [not v for v in avant]


def test_export_csv_without_a_folder_is_told(base_path, capsys):
    assert main(["export", "--format", "csv", "--base", str(base_path)]) == 2
    assert capsys.readouterr().err == "Donnez le dossier où écrire : python -m knowledge export --format csv DOSSIER\n"


@pytest.mark.parametrize(("identifiant", "table"), [("cllaj", "service"), ("62516", "commune"), ("3.3.4", "fiche_action"), ("CAF", "sigle")])
def test_show_prints_a_row_and_its_proofs(base_path, capsys, identifiant, table):
    assert main(["show", identifiant, "--base", str(base_path)]) == 0
    lignes = capsys.readouterr().out.splitlines()
    assert f"{table} : {identifiant}" in lignes
    assert any(re.fullmatch(r"  preuve : ctg-2021, ligne \d+ : « .+ »", ligne) for ligne in lignes)
    assert not any(ligne.endswith((" : ", " : None")) for ligne in lignes)


def test_show_prints_several_values_on_one_line(base_path, base, capsys):
    structure = next(s for s in base.structures.values() if len(s.themes) > 2)
    main(["show", structure.id, "--base", str(base_path)])
    assert f"  themes : {', '.join(structure.themes)}" in capsys.readouterr().out.splitlines()


def test_show_of_an_unknown_row_is_told(base_path, capsys):
    assert main(["show", "la-lune", "--base", str(base_path)]) == 1
    sortie = capsys.readouterr()
    assert (sortie.out, sortie.err) == ("", "Rien dans la base sous « la-lune ».\n")


def test_tables_prints_the_tables_in_markdown(capsys):
    assert main(["tables"]) == 0
    sortie = capsys.readouterr().out
    assert sortie == tables_markdown() + "\n"
    assert re.findall(r"^### `(\w+)`$", sortie, re.MULTILINE) == [table.nom for table in TABLES]
    for table in TABLES:
        for colonne in table.colonnes:
            assert f"| `{colonne.nom}` | {colonne.doc} |" in sortie
    assert "| `structure` | Structure qui porte le service. | obligatoire ; clé de `structure` |" in sortie
    assert "| `code_insee` | Code officiel géographique. | clé |" in sortie


@pytest.mark.parametrize(
    "arguments",
    [[], ["la-lune"], ["show"], ["build", "--lune"], ["export", "--format", "xml"], ["check", "--sources"], ["tables", "de", "trop"]],
    ids=lambda arguments: " ".join(arguments) or "nothing",
)
def test_unknown_command_is_told_in_french(capsys, arguments):
    code, sortie, erreur = refused(arguments, capsys)
    assert code == 2
    assert sortie == ""
    assert erreur.endswith("Commande incomplète ou inconnue. Voyez l'aide : python -m knowledge --help\n")
    assert not ANGLAIS.search(erreur)


def test_unknown_command_from_the_shell():
    resultat = run("la-lune")
    assert resultat.returncode == 2
    assert "Commande incomplète ou inconnue." in resultat.stderr


@pytest.mark.parametrize("arguments", [["--help"], *([nom, "--help"] for nom in ("build", "check", "export", "show", "tables"))], ids=" ".join)
def test_help_is_in_french(capsys, arguments):
    code, sortie, erreur = refused(arguments, capsys)
    assert code == 0
    assert sortie.startswith("usage : python -m knowledge")
    assert "montre cette aide" in sortie
    assert not ANGLAIS.search(sortie)
    assert erreur == ""


def test_help_names_every_command(capsys):
    _, sortie, _ = refused(["--help"], capsys)
    for commande in ("build", "check", "export", "show", "tables"):
        assert re.search(rf"^ +{commande} +\w", sortie, re.MULTILINE)


@pytest.mark.parametrize("arguments", [["export"], ["export", "--format", "csv", "sortie"], ["show", "cllaj"]], ids=" ".join)
def test_missing_base_is_told_in_french(tmp_path, capsys, monkeypatch, arguments):
    monkeypatch.chdir(tmp_path)
    chemin = tmp_path / "absente.db"
    assert main([*arguments, "--base", str(chemin)]) == 1
    sortie = capsys.readouterr()
    assert sortie.out == ""
    assert sortie.err == f"La base {chemin} n'existe pas. Lancez « make base » (ou « python -m knowledge build »).\n"
    assert list(tmp_path.iterdir()) == []


def test_missing_base_from_the_shell(tmp_path):
    resultat = run("show", "cllaj", "--base", str(tmp_path / "absente.db"))
    assert resultat.returncode == 1
    assert resultat.stderr.startswith(f"La base {tmp_path / 'absente.db'} n'existe pas.")
    assert not ANGLAIS.search(resultat.stderr)


@pytest.mark.parametrize(
    ("abimer", "attendu"),
    [
        (lambda octets: b"", f"est d'une autre version (0 au lieu de {SCHEMA_VERSION})."),
        (lambda octets: b"\xa5" * 9000, "ne se lit pas."),
        (lambda octets: octets[:50_000], "ne se lit pas."),
        (lambda octets: octets[:60] + (7).to_bytes(4, "big") + octets[64:], f"est d'une autre version (7 au lieu de {SCHEMA_VERSION})."),
        (lambda octets: octets[:4096] + b"\0" * 40_960 + octets[45_056:], ""),
    ],
    ids=["empty", "not a base", "truncated", "other version", "pages of zeros"],
)
def test_damaged_base_is_told_in_french(base_path, tmp_path, capsys, abimer, attendu):
    chemin = tmp_path / "knowledge.db"
    chemin.write_bytes(abimer(base_path.read_bytes()))
    assert main(["show", "cllaj", "--base", str(chemin)]) == 1
    erreur = capsys.readouterr().err
    assert erreur.startswith(f"La base {chemin} {attendu}")
    assert erreur.endswith("Lancez « make base » (ou « python -m knowledge build »).\n")


def test_base_damaged_where_no_row_is_read_is_told_in_french(base_path, tmp_path, capsys):
    lecture = sqlite3.connect(f"{base_path.as_uri()}?mode=ro", uri=True)
    page = lecture.execute("SELECT rootpage FROM sqlite_master WHERE name = 'indice_par_cible'").fetchone()[0]
    lecture.close()
    octets = bytearray(base_path.read_bytes())
    octets[(page - 1) * 4096 : page * 4096] = bytes(4096)
    (tmp_path / "knowledge.db").write_bytes(octets)
    assert main(["show", "cllaj", "--base", str(tmp_path / "knowledge.db")]) == 1
    assert capsys.readouterr().err == f"La base {tmp_path / 'knowledge.db'} est abîmée. Lancez « make base » (ou « python -m knowledge build »).\n"


# Bugs found here once, mended since.


def test_usage_of_a_refused_command_is_typeset_in_french(capsys):
    assert refused(["la-lune"], capsys)[2].startswith("usage : python -m knowledge")


@pytest.mark.parametrize("nom", ["dossier #2", "dossier ?", "dossier 100%25"])
def test_base_in_a_folder_with_an_awkward_name(base_path, tmp_path, capsys, nom):
    chemin = tmp_path / nom / "knowledge.db"
    chemin.parent.mkdir()
    chemin.write_bytes(base_path.read_bytes())
    assert main(["show", "cllaj", "--base", str(chemin)]) == 0
    assert "service : cllaj" in capsys.readouterr().out


def test_reading_a_base_creates_no_file(base_path, tmp_path):
    chemin = tmp_path / "dossier #2" / "knowledge.db"
    chemin.parent.mkdir()
    chemin.write_bytes(base_path.read_bytes())
    main(["show", "cllaj", "--base", str(chemin)])
    assert list(tmp_path.iterdir()) == [chemin.parent]


@pytest.mark.parametrize(
    "arguments", [["build", "--base", "fichier/knowledge.db"], ["build", "--base", "."], ["export", "--format", "csv", "fichier"]], ids=" ".join
)
def test_place_that_cannot_be_written_is_told_in_french(base_path, tmp_path, monkeypatch, capsys, arguments):
    monkeypatch.chdir(tmp_path)
    Path("fichier").write_text("un fichier, pas un dossier")
    assert main([*arguments, *(["--base", str(base_path)] if arguments[0] == "export" else [])]) == 1
    assert arguments[-1].split("/")[0] in capsys.readouterr().err


def test_export_to_a_reader_that_stops_early(base_path):
    commande = f"'{sys.executable}' -m knowledge export --base '{base_path}' | head -n 1"
    resultat = subprocess.run(["sh", "-c", commande], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert resultat.stdout == "{\n"
    assert "Traceback" not in resultat.stderr
