"""Build the SQLite base from the CSV files, and publish it in one rename."""

from __future__ import annotations

import os
import signal
import sqlite3
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import sqlite_utils

from knowledge import trust
from knowledge.check import check, check_sigles
from knowledge.reading import SOURCES, Problem, Row, read_all
from knowledge.schema import TABLES, Column, Table
from knowledge.text import fold

ROOT = Path(__file__).resolve().parent.parent
BASE = ROOT / "var" / "knowledge.db"
SCHEMA_VERSION = 4
_RESTE_S = 3600  # a temporary file older than this belongs to a build that was killed


class SourcesRefused(Exception):
    """The CSV files have problems; nothing was published."""

    def __init__(self, problemes: list[Problem]) -> None:
        super().__init__("\n".join(str(probleme) for probleme in problemes))
        self.problemes = problemes


def build(destination: Path = BASE, dossier: Path = SOURCES) -> dict[str, int]:
    """Write the base and return its number of rows by table.

    Raises SourcesRefused, and leaves the former base in place, when the sources have any problem.
    """
    tout, problemes = read_all(dossier)
    if not problemes:
        problemes = check(tout) + check_sigles(tout)
    if problemes:
        raise SourcesRefused(problemes)
    destination.parent.mkdir(parents=True, exist_ok=True)
    _remove_stale(destination.parent)
    with _stopped_cleanly():
        return publish(destination, tout)


def publish(destination: Path, tout: dict[str, list[Row]]) -> dict[str, int]:
    """Write rows that were checked, aside, then put them in the place of the former base."""
    descripteur, nom = tempfile.mkstemp(prefix=".knowledge-", suffix=".db", dir=destination.parent)
    os.close(descripteur)
    provisoire = Path(nom)
    try:
        comptes = _write(provisoire, tout)
        provisoire.chmod(0o644)
        with open(provisoire, "rb") as fichier:
            os.fsync(fichier.fileno())
        os.replace(provisoire, destination)
    finally:
        provisoire.unlink(missing_ok=True)
    return comptes


def _remove_stale(dossier: Path) -> None:
    for reste in dossier.glob(".knowledge-*.db*"):
        with suppress(FileNotFoundError):
            if time.time() - reste.stat().st_mtime > _RESTE_S:
                reste.unlink()


@contextmanager
def _stopped_cleanly() -> Iterator[None]:
    """Let SIGTERM end the build as Ctrl-C does, so that its temporary file goes away. Only the main thread may ask for it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    ancien = signal.signal(signal.SIGTERM, lambda signe, _: sys.exit(128 + signe))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, ancien or signal.SIG_DFL)


def ddl(table: Table) -> list[str]:
    """The statements that create a table and the link tables of its columns with several values."""
    simples = [colonne for colonne in table.colonnes if not colonne.multiple]
    corps = [_column_sql(colonne, cle=colonne is table.cle) for colonne in simples]
    enonces = [f"CREATE TABLE {table.nom} (\n  " + ",\n  ".join(corps) + "\n) STRICT"]
    for colonne in table.colonnes:
        if colonne.multiple:
            valeur = f"valeur TEXT NOT NULL{_value_rules(colonne, 'valeur')}"
            enonces.append(
                f"CREATE TABLE {table.nom}_{colonne.nom} (\n  {table.nom} TEXT NOT NULL REFERENCES {table.nom}({table.cle.nom}),\n"
                f"  rang INTEGER NOT NULL,\n  {valeur},\n  PRIMARY KEY ({table.nom}, valeur)\n) STRICT"
            )
    for colonne in simples:
        if colonne.reference:
            enonces.append(f"CREATE INDEX {table.nom}_par_{colonne.nom} ON {table.nom}({colonne.nom})")
    return enonces


def _column_sql(colonne: Column, cle: bool) -> str:
    contraintes = " PRIMARY KEY" if cle else ""
    if colonne.requis:
        contraintes += " NOT NULL"
    return f"{colonne.nom} {colonne.type}{contraintes}{_value_rules(colonne, colonne.nom)}"


def _value_rules(colonne: Column, nom: str) -> str:
    if colonne.vocabulaire:
        permises = ", ".join("'" + valeur.replace("'", "''") + "'" for valeur in colonne.vocabulaire)
        return f" CHECK ({nom} IN ({permises}))"
    if colonne.reference:
        return f" REFERENCES {colonne.reference}"
    return ""


def _write(chemin: Path, tout: dict[str, list[Row]]) -> dict[str, int]:
    chemin.unlink()
    with closing(sqlite3.connect(chemin)) as connexion:
        return _fill(connexion, tout)


def _fill(connexion: sqlite3.Connection, tout: dict[str, list[Row]]) -> dict[str, int]:
    connexion.executescript(f"PRAGMA page_size=4096; PRAGMA foreign_keys=ON; PRAGMA user_version={SCHEMA_VERSION};")
    base = sqlite_utils.Database(connexion)
    with connexion:
        connexion.execute("PRAGMA defer_foreign_keys=ON")
        for table in TABLES:
            for enonce in ddl(table):
                connexion.execute(enonce)
        connexion.execute(
            "CREATE TABLE provenance (\n  table_nom TEXT NOT NULL,\n  cle TEXT NOT NULL,\n  source TEXT NOT NULL REFERENCES source(id),\n"
            "  ligne INTEGER,\n  citation TEXT NOT NULL\n) STRICT"
        )
        connexion.execute("CREATE INDEX provenance_par_cle ON provenance(table_nom, cle)")
        connexion.execute("CREATE TABLE confiance (\n  source TEXT PRIMARY KEY REFERENCES source(id),\n  texte TEXT NOT NULL\n) STRICT")
        for table in TABLES:
            _insert(base, table, tout[table.nom])
        for source, *de_quand in connexion.execute("SELECT id, officielle, date, date_consultation FROM source").fetchall():
            connexion.execute("INSERT INTO confiance VALUES (?, ?)", (source, trust.label(*de_quand)))
    _index(connexion)
    _views(connexion)
    connexion.execute("ANALYZE")
    connexion.commit()
    fautes = connexion.execute("PRAGMA foreign_key_check").fetchall()
    if fautes:
        raise SourcesRefused([Problem(f"{faute[0]}.csv", 0, "", f"référence vers {faute[2]} sans cible") for faute in fautes])
    connexion.execute("VACUUM")
    return {table.nom: base.table(table.nom).count for table in TABLES}


def _insert(base: sqlite_utils.Database, table: Table, lignes: list[Row]) -> None:
    simples = [colonne for colonne in table.colonnes if not colonne.multiple]
    base.table(table.nom).insert_all({colonne.nom: _typed(ligne[colonne.nom], colonne) for colonne in simples} for ligne in lignes)
    for colonne in table.colonnes:
        if colonne.multiple:
            base.table(f"{table.nom}_{colonne.nom}").insert_all(
                {table.nom: ligne[table.cle.nom], "rang": rang, "valeur": valeur} for ligne in lignes for rang, valeur in enumerate(ligne.liste(colonne.nom))
            )
    if table.prouvee:
        base.table("provenance").insert_all(proof for ligne in lignes for proof in _proofs(table, ligne))


def _proofs(table: Table, ligne: Row) -> list[dict[str, str | int | None]]:
    return [
        {"table_nom": table.nom, "cle": ligne[table.cle.nom], "source": source, "ligne": int(numero) if numero else None, "citation": citation}
        for source, numero, citation in ligne.preuves()
    ]


def _typed(texte: str, colonne: Column) -> str | int | float | None:
    if not texte:
        return None
    return int(texte) if colonne.type == "INTEGER" else float(texte) if colonne.type == "REAL" else texte


def _index(connexion: sqlite3.Connection) -> None:
    """One full-text table over every searchable column, so that one query searches the whole base.

    The words are folded as those of a query are (SQLite keeps œ, ², ﬁ as they stand); ``titre`` is the title as written.
    """
    connexion.execute(
        'CREATE VIRTUAL TABLE recherche USING fts5(table_nom UNINDEXED, cle UNINDEXED, nom, texte, titre UNINDEXED, tokenize="unicode61 remove_diacritics 2")'
    )
    connexion.create_function("plier", 1, fold, deterministic=True)
    for table in TABLES:
        if not table.recherche:
            continue
        titre, *suite = table.recherche
        champs = []
        for nom in suite:
            if table.colonne(nom).multiple:
                champs.append(f"coalesce((SELECT group_concat(valeur, ' ') FROM {table.nom}_{nom} WHERE {table.nom} = t.{table.cle.nom}), '')")
            else:
                champs.append(f"coalesce(t.{nom}, '')")
        texte = " || ' ' || ".join(champs) or "''"
        nom = f"coalesce(t.{titre}, '')"
        connexion.execute(f"INSERT INTO recherche SELECT '{table.nom}', t.{table.cle.nom}, plier({nom}), plier({texte}), {nom} FROM {table.nom} AS t")


def _views(connexion: sqlite3.Connection) -> None:
    connexion.execute(
        """
        CREATE VIEW vue_contacts AS
        WITH joindre AS (
            SELECT id, 'contact' AS table_nom, id AS cle, structure, service, lieu, nom, commune, adresse, code_postal, telephone, courriel, site_web, horaires_accueil
            FROM contact
            UNION ALL
            SELECT s.id || '-mairie-' || c.code_insee, 'commune', c.code_insee, s.id, NULL, NULL, CASE WHEN s.nom LIKE 'Mairie %' THEN NULL ELSE 'mairie' END,
                   c.code_insee, c.mairie_adresse, NULL, c.mairie_telephone, c.mairie_courriel, c.mairie_site, c.mairie_horaires
            FROM structure_mairies AS m JOIN structure AS s ON s.id = m.structure JOIN commune AS c ON c.code_insee = m.valeur
            UNION ALL
            SELECT n.id, 'numero_structure', n.id, n.structure, NULL, NULL, m.nom, NULL, NULL, NULL, m.numero, NULL, NULL, m.horaires
            FROM numero_structure AS n JOIN numero_national AS m ON m.id = n.numero
        )
        SELECT k.id AS identifiant, s.nom AS structure, sv.nom AS service, l.nom AS lieu, k.nom AS nom, c.nom AS commune, k.adresse AS adresse, k.code_postal AS code_postal,
               k.telephone AS telephone, k.courriel AS courriel, k.site_web AS site_web, k.horaires_accueil AS horaires_accueil,
               f.texte AS confiance, so.libelle_court AS source, so.url AS page, so.date AS date, so.officielle AS officielle,
               k.table_nom AS origine, k.telephone IS NOT NULL AND k.telephone IN (SELECT numero FROM numero_national) AS national,
               k.structure AS structure_id, k.service AS service_id, k.lieu AS lieu_id, k.commune AS code_insee, so.id AS source_id, k.cle AS cle
        FROM joindre AS k
             JOIN source AS so ON so.id = (
                 SELECT p.source FROM provenance AS p JOIN source AS o ON o.id = p.source
                 WHERE p.table_nom = k.table_nom AND p.cle = k.cle ORDER BY o.date DESC LIMIT 1)
             JOIN confiance AS f ON f.source = so.id
             LEFT JOIN structure AS s ON s.id = k.structure LEFT JOIN service AS sv ON sv.id = k.service
             LEFT JOIN lieu AS l ON l.id = k.lieu LEFT JOIN commune AS c ON c.code_insee = k.commune
        ORDER BY s.nom, l.nom, so.officielle DESC, so.date DESC, k.id
        """
    )
    connexion.execute(
        """
        CREATE VIEW vue_annuaire AS
        SELECT l.id AS identifiant, l.nom AS lieu, l.type AS genre, l.sous_type AS precision_genre, l.adresse AS adresse,
               l.code_postal AS code_postal, c.nom AS commune, l.gestionnaire AS gestionnaire, s.nom AS structure, l.etat AS etat,
               k.telephone AS telephone, k.courriel AS courriel, k.site_web AS site_web, k.horaires_accueil AS horaires_accueil,
               k.adresse AS adresse_contact, coalesce(k.confiance, '{INCONNU}') AS confiance, c.mairie_telephone AS telephone_mairie_relais
        FROM lieu AS l LEFT JOIN commune AS c ON c.code_insee = l.commune LEFT JOIN structure AS s ON s.id = l.structure
             LEFT JOIN vue_contacts AS k ON k.identifiant = (
                 SELECT identifiant FROM vue_contacts WHERE lieu_id = l.id ORDER BY telephone IS NULL, officielle DESC, date DESC, identifiant LIMIT 1)
        ORDER BY l.type, c.nom, l.nom
        """.replace("{INCONNU}", trust.INCONNU)
    )
    connexion.execute(
        """
        CREATE VIEW vue_orientation AS
        SELECT b.theme AS theme, b.nom AS besoin, sb.rang AS rang, sv.nom AS service, sv.sigle AS sigle, st.nom AS structure,
               sv.etat AS etat, (SELECT group_concat(texte, ' ; ') FROM critere WHERE service = sv.id) AS conditions
        FROM service_besoin AS sb JOIN besoin AS b ON b.id = sb.besoin JOIN service AS sv ON sv.id = sb.service
             JOIN structure AS st ON st.id = sv.structure
        ORDER BY b.theme, b.nom, sb.rang, sv.nom
        """
    )
