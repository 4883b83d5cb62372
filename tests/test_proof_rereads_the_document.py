"""Each quotation is read again in the document, at the line it says."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.__main__ import main
from knowledge.proof import DOCUMENT, reread
from knowledge.reading import Row, read_all
from knowledge.schema import TABLES

TEXTE = """Convention fictive
Le guichet   ouvre le\tlundi.
Le sigle ABCD veut dire Amicale Bien Connue.

Le guichet ferme le vendredi.
"""


@pytest.fixture
def document(tmp_path: Path) -> Path:
    chemin = tmp_path / "convention.txt"
    chemin.write_text(TEXTE, encoding="utf-8")
    return chemin


def rows(ligne: str, citation: str, source: str = DOCUMENT) -> dict[str, list[Row]]:
    """Sources that hold one fact, at row 7 of its file."""
    tout: dict[str, list[Row]] = {table.nom: [] for table in TABLES}
    tout["fait"] = [Row("fait", 7, {"id": "f-1", "source": source, "ligne": ligne, "citation": citation})]
    return tout


def whole_document(chemin: Path, sauf: int = 0) -> Path:
    """A document where each quotation of the project's sources stands at its line, but the line ``sauf``."""
    tout, _ = read_all()
    lignes: dict[int, list[str]] = {}
    for table in TABLES:
        for ligne in tout[table.nom] if table.prouvee else ():
            for source, numero, citation in ligne.preuves():
                if source == DOCUMENT:
                    lignes.setdefault(int(numero), []).append(citation)
    assert len(lignes) > 1000
    texte = [" § ".join(lignes.get(n, ())) if n != sauf else "" for n in range(1, max(lignes) + 1)]
    chemin.write_text("\n".join(texte), encoding="utf-8")
    return chemin


@pytest.mark.parametrize(
    ("ligne", "citation"),
    [("5", "ferme le vendredi"), ("2", "Le guichet ouvre le lundi."), ("2", " ouvre  le "), ("2|5", "lundi|vendredi"), (" 5 ", "vendredi")],
    ids=["words in a line", "other spaces", "spaces around", "two lines", "spaces around the number"],
)
def test_right_line(document, ligne, citation):
    assert reread(rows(ligne, citation), document)[1] == []


@pytest.mark.parametrize(
    ("ligne", "citation"),
    [
        ("4", "ferme le vendredi"),
        ("5", "ferme le jeudi"),
        ("5", "le guichet ferme"),
        ("2", "lundi. Le sigle"),
        ("0", "Convention"),
        ("", "Convention"),
        ("999", "Convention"),
    ],
    ids=["next line", "other word", "other case", "across two lines", "line zero", "no line", "beyond the end"],
)
def test_wrong_line(document, ligne, citation):
    _, problemes = reread(rows(ligne, citation), document)
    assert [str(p) for p in problemes] == [f"fait.csv, ligne 7, colonne « citation » : « {citation} » n'est pas à la ligne {ligne} du document."]


def test_each_quotation_of_a_row_is_read(document):
    _, problemes = reread(rows("2|3|5", "lundi|mardi|vendredi"), document)
    assert [p.message for p in problemes] == ["« mardi » n'est pas à la ligne 3 du document."]


def test_other_sources_are_counted_and_not_read(document):
    rapport, problemes = reread(rows("|5", "jamais écrit|vendredi", source=f"insee-cog-2026|{DOCUMENT}"), document)
    assert problemes == []
    assert "| fait | 1 | 1 | 1 | 0 |" in rapport


def test_the_report_counts_rows_quotations_and_faults(document):
    rapport, _ = reread(rows("2|4|5", "lundi|mardi|vendredi"), document)
    assert "| fait | 1 | 3 | 0 | 1 |" in rapport
    assert "| structure | 0 | 0 | 0 | 0 |" in rapport
    assert "| **total** | **1** | **3** | **0** | **1** |" in rapport


def test_the_report_has_a_line_for_each_proved_table(document):
    rapport, _ = reread(rows("2", "lundi"), document)
    assert [ligne.split("|")[1].strip() for ligne in rapport.splitlines() if ligne.startswith("| ")] == [
        "table", "---", *(table.nom for table in TABLES if table.prouvee), "**total**",
    ]  # fmt: skip


def test_a_document_with_windows_ends_of_line_has_the_same_lines(document):
    document.write_bytes(TEXTE.replace("\n", "\r\n").encode())
    assert reread(rows("5", "Le guichet ferme le vendredi."), document)[1] == []


def test_a_missing_document_is_told(tmp_path):
    with pytest.raises(FileNotFoundError):
        reread(rows("2", "lundi"), tmp_path / "absent.txt")


def test_the_command_writes_the_report_when_every_quotation_is_found(tmp_path, capsys):
    document, rapport = whole_document(tmp_path / "convention.txt"), tmp_path / "preuve.md"
    assert main(["check", "--source", str(document), "--rapport", str(rapport)]) == 0
    assert "Sources en ordre" in capsys.readouterr().out
    total = rapport.read_text(encoding="utf-8").split("| **total** |")[1].splitlines()[0]
    assert total.endswith("| **0** |")
    assert "**0** | **0** |" not in total


def test_the_command_prints_the_report_without_a_file(tmp_path, capsys):
    assert main(["check", "--source", str(whole_document(tmp_path / "convention.txt"))]) == 0
    assert capsys.readouterr().out.startswith("# Preuve : la base relue contre la convention")


def test_the_command_refuses_a_document_that_lacks_a_line(tmp_path, capsys, sheets):
    numero = sheets.find("structure", lambda r: r["source"] == DOCUMENT and r["ligne"].isdigit())
    ligne = sheets.row("structure", numero)
    document = whole_document(tmp_path / "convention.txt", sauf=int(ligne["ligne"]))
    assert main(["check", "--source", str(document)]) == 1
    sortie = capsys.readouterr()
    assert f"structure.csv, ligne {numero}, colonne « citation » : « {ligne['citation']} » n'est pas à la ligne {ligne['ligne']} du document." in sortie.err
    assert "Sources en ordre" not in sortie.out


def test_a_blank_line_number_among_several_is_a_wrong_line(document):
    _, problemes = reread(rows("2| ", "lundi|vendredi"), document)
    assert len(problemes) == 1


def test_a_document_that_is_not_utf8_is_told_in_french(document, capsys):
    document.write_bytes("Été\n".encode("cp1252"))
    assert main(["check", "--source", str(document)]) == 1
    assert "ne se lit pas" in capsys.readouterr().err


def test_a_report_that_cannot_be_written_is_told_in_french(document, tmp_path, capsys):
    assert main(["check", "--source", str(document), "--rapport", str(tmp_path / "absent" / "preuve.md")]) == 1
    assert "absent" in capsys.readouterr().err
