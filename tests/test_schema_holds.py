"""SQLite itself refuses what the schema forbids, and finds what it should."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

import knowledge.build
from knowledge.base import Base
from knowledge.build import SCHEMA_VERSION, SourcesRefused, build
from knowledge.schema import TABLES, Column, Table

COLONNES = [(table, colonne) for table in TABLES for colonne in table.colonnes]


@pytest.fixture
def sql(base_path: Path) -> Iterator[sqlite3.Connection]:
    """A copy of the base in memory, to write in, with foreign keys on."""
    copie = sqlite3.connect(":memory:")
    lecture = sqlite3.connect(f"{base_path.as_uri()}?mode=ro", uri=True)
    lecture.backup(copie)
    lecture.close()
    copie.execute("PRAGMA foreign_keys=ON")
    yield copie
    copie.close()


def named(colonnes: list[tuple[Table, Column]]) -> dict:
    return {"argvalues": colonnes, "ids": [f"{table.nom}.{colonne.nom}" for table, colonne in colonnes]}


def write(sql: sqlite3.Connection, table: Table, colonne: Column, valeur: object) -> None:
    """Put a value in one row, in the column or in its link table."""
    if colonne.multiple:
        cle = sql.execute(f"SELECT {table.cle.nom} FROM {table.nom} LIMIT 1").fetchone()[0]
        sql.execute(f"INSERT INTO {table.nom}_{colonne.nom} VALUES (?, 99, ?)", (cle, valeur))
    else:
        sql.execute(f"UPDATE {table.nom} SET {colonne.nom} = ? WHERE rowid = (SELECT min(rowid) FROM {table.nom})", (valeur,))


def count(sql: sqlite3.Connection, table: str) -> int:
    return sql.execute(f"SELECT count(*) FROM {table}").fetchone()[0]


def test_every_table_is_strict(sql):
    tables = {nom: bool(strict) for _, nom, genre, _, _, strict in sql.execute("PRAGMA table_list") if genre == "table" and not nom.startswith("sqlite_")}
    attendues = {table.nom for table in TABLES} | {f"{table.nom}_{c.nom}" for table, c in COLONNES if c.multiple} | {"provenance", "confiance"}
    assert set(tables) == attendues
    assert [nom for nom, strict in tables.items() if not strict] == []


def test_the_version_is_written_in_the_file(sql):
    assert sql.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)


def test_the_file_is_sound(sql):
    assert sql.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert sql.execute("PRAGMA foreign_key_check").fetchall() == []


@pytest.mark.parametrize(("table", "colonne"), **named([(t, c) for t, c in COLONNES if c.vocabulaire]))
def test_check_refuses_a_word_out_of_the_vocabulary(sql, table, colonne):
    with pytest.raises(sqlite3.IntegrityError, match="CHECK constraint failed"):
        write(sql, table, colonne, "zzz")


@pytest.mark.parametrize(("table", "colonne"), **named([(t, c) for t, c in COLONNES if c.reference]))
def test_foreign_key_refuses_an_unknown_row(sql, table, colonne):
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY constraint failed"):
        write(sql, table, colonne, "zzz")


@pytest.mark.parametrize(("table", "colonne"), **named([(t, c) for t, c in COLONNES if c.requis and not c.multiple]))
def test_not_null_refuses_an_empty_required_cell(sql, table, colonne):
    with pytest.raises(sqlite3.IntegrityError, match="NOT NULL constraint failed"):
        write(sql, table, colonne, None)


@pytest.mark.parametrize(("table", "colonne"), **named([(t, c) for t, c in COLONNES if c.type != "TEXT"]))
def test_strict_type_refuses_words_in_a_number(sql, table, colonne):
    with pytest.raises(sqlite3.IntegrityError, match=f"cannot store TEXT value in {colonne.type} column"):
        write(sql, table, colonne, "douze")


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.nom)
def test_primary_key_refuses_a_second_row(sql, table):
    cles = [cle for (cle,) in sql.execute(f"SELECT {table.cle.nom} FROM {table.nom} ORDER BY rowid LIMIT 2")]
    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE constraint failed"):
        sql.execute(f"UPDATE {table.nom} SET {table.cle.nom} = ? WHERE {table.cle.nom} = ?", cles)


def test_a_row_that_others_need_cannot_be_deleted(sql):
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY constraint failed"):
        sql.execute("DELETE FROM structure WHERE id = (SELECT structure FROM service LIMIT 1)")


def test_provenance_refuses_an_unknown_source(sql):
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY constraint failed"):
        sql.execute("INSERT INTO provenance VALUES ('fait', 'x', 'oui-dire', 1, 'mots')")


@pytest.mark.parametrize(
    ("table", "ligne", "valeurs"),
    [("service", 3, {"structure": "la-lune"}), ("lieu", 3, {"services": "la-lune"}), ("lieu", 3, {"type": "chateau"}), ("fait", 3, {"source": "la-lune"})],
    ids=["reference", "reference among several", "vocabulary", "source"],
)
def test_the_build_has_its_constraints_on_even_if_the_check_sees_nothing(sheets, tmp_path, monkeypatch, table, ligne, valeurs):
    sheets.write(table, ligne, **valeurs)
    monkeypatch.setattr(knowledge.build, "check", lambda tout: [])
    with pytest.raises((sqlite3.IntegrityError, SourcesRefused)):
        build(tmp_path / "knowledge.db", sheets.dossier)
    assert not (tmp_path / "knowledge.db").exists()


@pytest.mark.parametrize("table", [table for table in TABLES if table.prouvee], ids=lambda table: table.nom)
def test_every_row_has_a_provenance(sql, table):
    sans = f"SELECT {table.cle.nom} FROM {table.nom} WHERE NOT EXISTS (SELECT 1 FROM provenance WHERE table_nom = ? AND cle = {table.nom}.{table.cle.nom})"
    assert count(sql, table.nom) > 0
    assert sql.execute(sans, (table.nom,)).fetchall() == []


@pytest.mark.parametrize("table", [table for table in TABLES if table.prouvee], ids=lambda table: table.nom)
def test_every_provenance_has_a_row_and_a_quotation(sql, table):
    orphelines = f"SELECT cle FROM provenance WHERE table_nom = ? AND (cle NOT IN (SELECT {table.cle.nom} FROM {table.nom}) OR trim(citation) = '')"
    assert sql.execute(orphelines, (table.nom,)).fetchall() == []


def test_only_proved_tables_have_provenances(sql):
    assert {nom for (nom,) in sql.execute("SELECT DISTINCT table_nom FROM provenance")} == {table.nom for table in TABLES if table.prouvee}


def test_a_quotation_of_the_convention_has_its_line(sql):
    assert sql.execute("SELECT * FROM provenance WHERE source = 'ctg-2021' AND ligne IS NULL").fetchall() == []


def test_provenance_of_a_row_keeps_the_order_of_the_sources(base, sheets):
    numero = sheets.find("commune", lambda r: r["code_insee"] == "62119")
    ligne = sheets.row("commune", numero)
    preuves = base.provenance("commune", "62119")
    assert [p.source for p in preuves] == ligne["source"].split("|")
    assert [p.citation for p in preuves] == ligne["citation"].split("|")


def test_several_values_keep_their_order(base, sheets):
    numero = sheets.find("fiche_action", lambda r: r["partenaires"].count("|") > 3)
    ligne = sheets.row("fiche_action", numero)
    assert base.fiches[ligne["numero"]].partenaires == tuple(v.strip() for v in ligne["partenaires"].split("|"))


@pytest.mark.parametrize(
    ("sans", "avec"), [("hebergement", "hébergement"), ("bethune", "Béthune"), ("creche", "crèche"), ("ECOUTE", "écoute"), ("departement", "Département")]
)
def test_full_text_search_finds_without_accents(base, sql, sans, avec):
    requete = "SELECT table_nom, cle FROM recherche WHERE recherche MATCH ? ORDER BY rowid"
    trouves = sql.execute(requete, (sans,)).fetchall()
    assert len(trouves) > 0
    assert trouves == sql.execute(requete, (avec,)).fetchall()
    assert base.search(sans, 1000) == base.search(avec, 1000)
    assert set(trouves) <= {(t.table, t.cle) for t in base.search(sans, 1000)}


def test_full_text_search_reads_the_beginning_of_words(base):
    assert {t.cle for t in base.search("enfants", 1000)} < {t.cle for t in base.search("enfant", 1000)}


def test_full_text_search_keeps_to_the_tables_asked_for(base):
    assert {t.table for t in base.search("logement", 1000)} > {"service", "structure"}
    assert {t.table for t in base.search("logement", 1000, ("service", "structure"))} == {"service", "structure"}


def test_full_text_search_puts_the_title_first(base):
    assert base.search("Béthune", 1, ("commune",))[0].titre == "Béthune"
    scores = [t.score for t in base.search("logement des jeunes", 50)]
    assert scores == sorted(scores)
    assert len(base.search("logement", 7)) == 7


@pytest.mark.parametrize("mots", ["", " ", "?", "à", '"', "'); DROP TABLE commune; --", "NEAR(", "a* OR b", "AND", "titre:x", "-", "NOT", "(", "🙂"])
def test_full_text_search_takes_anything(base, mots):
    assert isinstance(base.search(mots), list)
    assert len(base.communes) == 100


@pytest.mark.parametrize("table", [table for table in TABLES if table.recherche], ids=lambda table: table.nom)
def test_every_row_of_a_searched_table_is_indexed_once(sql, table):
    cles = sql.execute(f"SELECT {table.cle.nom} FROM {table.nom} ORDER BY 1").fetchall()
    assert sql.execute("SELECT cle FROM recherche WHERE table_nom = ? ORDER BY 1", (table.nom,)).fetchall() == cles


def test_views_show_every_place_and_every_answer(sql):
    assert {nom for (nom,) in sql.execute("SELECT name FROM sqlite_master WHERE type = 'view'")} == {"vue_annuaire", "vue_contacts", "vue_orientation"}
    assert count(sql, "vue_annuaire") == count(sql, "lieu") > 0
    assert count(sql, "vue_contacts") == count(sql, "contact") + count(sql, "structure_mairies") + count(sql, "numero_structure")
    assert sql.execute("SELECT count(DISTINCT origine), count(*) - count(DISTINCT identifiant) FROM vue_contacts").fetchone() == (3, 0)
    assert count(sql, "vue_orientation") == count(sql, "service_besoin") > 0


def test_views_speak_with_names_and_not_with_codes(sql):
    ligne = sql.execute("SELECT commune, telephone_mairie_relais FROM vue_annuaire WHERE commune = 'Béthune'").fetchone()
    assert ligne == ("Béthune", sql.execute("SELECT mairie_telephone FROM commune WHERE nom = 'Béthune'").fetchone()[0])
    conditions = sql.execute("SELECT conditions FROM vue_orientation WHERE sigle = 'ENVAUL' OR service LIKE '%ENVAUL%'").fetchone()
    assert "18 à 25 ans" in conditions[0]


def test_the_view_of_places_shows_the_surest_contact_and_says_when_there_is_none(sql):
    lieu = sql.execute("SELECT id FROM lieu WHERE id = 'mds-bethune'").fetchone()[0]
    vue = "SELECT telephone, confiance FROM vue_annuaire WHERE identifiant = ?"
    sql.execute("DELETE FROM contact WHERE lieu = ?", (lieu,))
    assert sql.execute(vue, (lieu,)).fetchone() == (None, "non connu : voir le relais")
    for cle, telephone, source in (
        ("presse", "03 21 00 00 01", "weo-tadao-2026"),
        ("officiel", "03 21 00 00 02", "isbergues-ccas-2018"),
        ("muet", None, "ameli-2020"),
    ):
        sql.execute("INSERT INTO contact (id, lieu, telephone) VALUES (?, ?, ?)", (cle, lieu, telephone))
        sql.execute("INSERT INTO provenance VALUES ('contact', ?, ?, NULL, 'mots')", (cle, source))
    assert sql.execute(vue, (lieu,)).fetchone() == ("03 21 00 00 02", "source officielle, 2018")
    assert count(sql, "vue_annuaire") == count(sql, "lieu")
    assert sql.execute("SELECT count(*) FROM vue_contacts WHERE confiance IS NULL OR page IS NULL").fetchone() == (0,)


def test_the_open_base_cannot_be_written(base_path):
    ouverte = Base.open(base_path)
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        ouverte._connexion.execute("DELETE FROM commune")
    ouverte.close()


@pytest.mark.parametrize(
    ("mots", "table", "cle"), [("noeux", "commune", "62617"), ("Nœux", "commune", "62617"), ("restos du coeur", "structure", "restos-du-coeur")]
)
def test_full_text_search_finds_words_with_a_ligature(base, mots, table, cle):
    assert cle in [t.cle for t in base.search(mots.split()[-1], 1000, (table,))]
