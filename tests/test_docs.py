"""The documentation says what the code does: every command, setting, table, column and dependency, and its generated parts are fresh."""

from __future__ import annotations

import argparse
import importlib.metadata
import re
import sqlite3
from pathlib import Path

import pytest

import bot.__main__
import knowledge.__main__
from knowledge import docs
from knowledge.base import Base
from knowledge.build import ROOT
from knowledge.schema import PREUVE, TABLES

REFAIRE = "relancez : python -m knowledge build && python -m knowledge tables --ecrire"
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "LICENCE-BASE.md", *sorted((ROOT / "docs").glob("*.md"))]


def text(nom: str) -> str:
    return (ROOT / nom).read_text(encoding="utf-8")


def commands(racine: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    [sous] = [action for action in racine._actions if isinstance(action, argparse._SubParsersAction)]
    return dict(sous.choices)


COMMANDES = [
    (module, nom, commande)
    for module, racine in (("bot", bot.__main__), ("knowledge", knowledge.__main__))
    for nom, commande in commands(racine.parser()).items()
]


def rows(markdown: str, rang: int = 0) -> dict[str, list[str]]:
    """Cells of every table row, by the text of one cell, without its backquotes."""
    lignes = [[cellule.strip() for cellule in re.split(r"(?<!\\)\|", ligne)[1:-1]] for ligne in markdown.splitlines() if ligne.startswith("|")]
    return {cellules[rang].strip("`"): cellules for cellules in lignes if len(cellules) > rang}


@pytest.mark.parametrize("cible", re.findall(r"^([a-z][\w-]*):", text("Makefile"), re.MULTILINE))
def test_make_target_is_in_the_readme(cible):
    assert re.search(rf"\bmake {cible}\b", text("README.md"))


@pytest.mark.parametrize(("module", "nom", "commande"), COMMANDES, ids=[f"{module} {nom}" for module, nom, _ in COMMANDES])
def test_command_and_its_options_are_in_the_readme(module, nom, commande):
    lisez = text("README.md")
    assert re.search(rf"python -m {module} {nom}\b", lisez)
    options = {option for action in commande._actions for option in action.option_strings if option.startswith("--")} - {"--help"}
    assert [option for option in sorted(options) if not re.search(rf"{option}\b", lisez)] == []


def test_documented_commands_exist():
    connues = {(module, nom) for module, nom, _ in COMMANDES}
    cibles = set(re.findall(r"^([a-z][\w-]*):", text("Makefile"), re.MULTILINE))
    for page in PAGES:
        contenu = page.read_text(encoding="utf-8")
        assert {*re.findall(r"python -m (bot|knowledge) ([a-z]+)", contenu)} <= connues, page.name
        assert {*re.findall(r"`make ([a-z-]+)`", contenu)} <= cibles, page.name


def settings_of_the_code() -> set[str]:
    return {nom for chemin in (ROOT / "bot").rglob("*.py") for nom in re.findall(r"\bTABLE_[A-Z]+(?:_[A-Z]+)*\b", chemin.read_text(encoding="utf-8"))}


def test_every_setting_is_documented_and_no_other():
    lignes = rows(text("docs/reglages.md"))
    assert {nom for nom in lignes if nom.startswith("TABLE_")} == settings_of_the_code()


def test_default_of_each_setting_is_the_one_of_the_code():
    from bot.settings import Settings

    lignes = rows(text("docs/reglages.md"))
    defaut = Settings()
    assert lignes["TABLE_ADRESSE"][1] == f"`{defaut.adresse}`"
    assert lignes["TABLE_PORT"][1] == f"`{defaut.port}`"
    assert lignes["TABLE_CONSERVATION_JOURS"][1] == f"`{defaut.conservation_jours}`"
    assert lignes["TABLE_FORMATION_MOIS"][1] == f"`{defaut.formation_mois}`"
    assert lignes["TABLE_DEBIT"][1] == f"`{defaut.debit}`"
    assert lignes["TABLE_PROXYS"][1] == f"`{defaut.proxys}`"
    assert lignes["TABLE_DELAI"][1] == f"`{defaut.delai}`"


def test_every_table_and_column_is_documented():
    sections = dict(re.findall(r"^### `(\w+)`\n(.*?)(?=^### |\Z)", text("docs/base.md"), re.MULTILINE | re.DOTALL))
    for table in TABLES:
        assert table.nom in sections, table.nom
        colonnes = rows(sections[table.nom])
        assert [c.nom for c in table.colonnes if c.nom not in colonnes] == [], table.nom
        assert not table.prouvee or all(f"`{nom}`" in sections[table.nom] for nom in PREUVE), table.nom


def test_every_row_of_a_generated_table_has_its_cells():
    for table in re.findall(r"(?:^\|.*\n?)+", text("docs/base.md") + "\n" + text("docs/contacts.md"), re.MULTILINE):
        largeurs = {len(re.findall(r"(?<!\\)\|", ligne)) for ligne in table.splitlines()}
        assert len(largeurs) == 1, table[:200]


def test_generated_parts_are_fresh(base: Base):
    for chemin, attendu in docs.generated(base).items():
        assert chemin.read_text(encoding="utf-8") == attendu, f"{chemin.relative_to(ROOT)} : {REFAIRE}"


def test_tables_block_is_what_the_command_prints(capsys):
    assert knowledge.__main__.main(["tables"]) == 0
    bloc = re.search(r"<!-- tables -->\n\n(.*)\n\n<!-- /tables -->", text("docs/base.md"), re.DOTALL)
    assert bloc and bloc[1] + "\n" == capsys.readouterr().out


def test_needs_block_is_what_the_command_prints(base_path: Path, capsys):
    assert knowledge.__main__.main(["tables", "--besoins", "--base", str(base_path)]) == 0
    bloc = re.search(r"<!-- besoins -->\n\n(.*)\n\n<!-- /besoins -->", text("docs/base.md"), re.DOTALL)
    assert bloc and bloc[1] + "\n" == capsys.readouterr().out


def test_writing_mends_a_stale_page_and_says_which(base: Base, tmp_path: Path):
    for nom in (*docs.BLOCS, docs.METADONNEES):
        (tmp_path / nom).parent.mkdir(exist_ok=True)
        (tmp_path / nom).write_bytes((ROOT / nom).read_bytes())
    page = tmp_path / "docs/contacts.md"
    page.write_text(page.read_text(encoding="utf-8").replace("3919", "3920"), encoding="utf-8")
    assert docs.write(base, tmp_path) == [page]
    assert page.read_bytes() == (ROOT / "docs/contacts.md").read_bytes()
    assert docs.write(base, tmp_path) == []


def test_missing_marker_is_refused():
    with pytest.raises(ValueError, match="besoins"):
        docs.replace_block("<!-- tables -->\n<!-- /tables -->", "besoins", "…")


def test_every_need_and_number_is_documented(base: Base):
    besoins = rows(docs.needs_markdown(base))
    assert set(base.besoins) <= set(besoins)
    numeros = rows(docs.numbers_markdown(base), rang=1)
    for numero in base.numeros:
        cellules = numeros[numero.nom]
        assert cellules[0] == numero.numero
        assert re.search(r"\d{4}", cellules[-1]), "no date"
        assert cellules[-2], "no source"


def test_no_project_is_a_first_door(base: Base):
    fermes = [s for s in base.services.values() if s.etat in ("projet", "etude")]
    interdits = {nom for s in fermes for nom in (s.nom, f"{s.sigle} – {s.nom}")}
    portes = {porte for cellules in rows(docs.needs_markdown(base)).values() for porte in cellules[4].split("<br>")}
    assert interdits & portes == set()


def test_metadata_describes_every_table_view_and_column(base_path: Path):
    import yaml

    dites = yaml.safe_load(text(docs.METADONNEES))["databases"]["knowledge"]["tables"]
    with sqlite3.connect(f"{base_path.as_uri()}?mode=ro", uri=True) as sql:
        noms = [n for (n,) in sql.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')") if not n.startswith(("sqlite_", "recherche"))]
        assert set(dites) == set(noms)
        for nom in noms:
            assert list(dites[nom]["columns"]) == [colonne for _, colonne, *_ in sql.execute(f"PRAGMA table_info({nom})")], nom
            assert dites[nom]["title"] and dites[nom]["description"], nom


def test_views_are_named_in_the_documentation():
    assert [vue for vue in docs.VUES if f"`{vue}`" not in text("docs/base.md")] == []


COMPTES = {
    "crèches et multi-accueils": "lieu WHERE type = 'eaje'",
    "maisons d'assistants maternels": "lieu WHERE type = 'mam'",
    "lieux d'accueil enfants-parents": "lieu WHERE type = 'laep'",
    "relais petite enfance": "lieu WHERE type = 'rpe'",
    "accueils de loisirs": "lieu WHERE type = 'alsh'",
    "ludothèques": "lieu WHERE type = 'ludotheque'",
    "séjours": "lieu WHERE type = 'sejour'",
    "BAFA et BAFD": "lieu WHERE type = 'bafa'",
    "postes de coordination": "lieu WHERE type = 'coordination'",
    "centres sociaux": "lieu WHERE type = 'centre_social'",
    "espaces de vie sociale": "lieu WHERE type = 'evs'",
    "médiathèques contre l'illettrisme": "lieu WHERE type = 'mediatheque'",
    "points information jeunesse": "lieu WHERE type = 'pij'",
    "maisons de la solidarité": "lieu WHERE type = 'mds'",
    "maisons France Services": "lieu WHERE type = 'france_services'",
    "maisons de services au public": "lieu WHERE type = 'msap'",
    "points d'accès au droit": "lieu WHERE type = 'point_acces_droit'",
    "aires d'accueil": "lieu WHERE type = 'aire_accueil'",
    "espaces jeunesse": "lieu WHERE type = 'espace_jeunesse'",
    "promeneurs du Net": "lieu WHERE type = 'promeneur_du_net'",
    "conseils de jeunes": "lieu WHERE type = 'conseil_jeunes'",
    "services et dispositifs": "service",
    "structures": "structure",
    "conditions d'un service": "critere",
    "chiffres du diagnostic": "chiffre",
    "contradictions": "contradiction",
    "communes": "commune",
    "fiches d'action": "fiche_action",
    "sigles du glossaire": "sigle WHERE origine = 'glossaire'",
    "sigles expliqués dans le texte": "sigle WHERE origine = 'corps'",
}


def test_coverage_counts_are_those_of_the_base(base_path: Path):
    lignes = rows(text("docs/base.md").partition("## Ce qui est couvert")[2].partition("<!-- themes -->")[0], rang=2)
    with sqlite3.connect(f"{base_path.as_uri()}?mode=ro", uri=True) as sql:
        reels = {quoi: str(sql.execute(f"SELECT count(*) FROM {ou}").fetchone()[0]) for quoi, ou in COMPTES.items()}
    assert {quoi: lignes[quoi][4] for quoi in COMPTES} == reels


def test_proof_report_is_fresh_and_finds_every_citation(base_path: Path):
    lignes = rows(text("docs/preuve.md"))
    with sqlite3.connect(f"{base_path.as_uri()}?mode=ro", uri=True) as sql:
        citations = dict(sql.execute("SELECT table_nom, count(*) FROM provenance WHERE source = 'ctg-2021' GROUP BY table_nom"))
    refaire = "relancez : python -m knowledge check --source TEXTE --rapport docs/preuve.md"
    for table in TABLES:
        if table.prouvee:
            assert lignes[table.nom][2] == str(citations.get(table.nom, 0)), f"{table.nom} : {refaire}"
            assert lignes[table.nom][4] == "0", table.nom


def direct_dependencies() -> list[str]:
    return [re.split(r"[\s\[<>=!~;]", ligne)[0] for ligne in text("requirements.in").splitlines() if ligne.strip() and not ligne.startswith("#")]


@pytest.mark.parametrize("paquet", direct_dependencies())
def test_direct_dependency_is_explained_with_its_licence(paquet):
    lignes = rows(text("docs/dependances.md").partition("## À l'usage")[2])
    assert paquet in lignes
    _, pourquoi, licence, remplacant = lignes[paquet]
    assert pourquoi and remplacant
    nom = re.match(r"[\w.-]+", licence)[0]
    distribution = importlib.metadata.distribution(paquet)
    meta = distribution.metadata
    dites = " ".join([meta.get("License") or "", meta.get("License-Expression") or "", *(c for c in meta.get_all("Classifier") or [] if "License" in c)])
    for fichier in distribution.files or []:
        if fichier.name.startswith(("LICENSE", "LICENCE")):
            dites += Path(fichier.locate()).read_text(encoding="utf-8", errors="replace")
    assert nom.replace("Apache-2.0", "Apache").lower() in dites.lower()


def test_no_other_package_is_said_to_be_a_dependency():
    lignes = rows(text("docs/dependances.md").partition("## À l'usage")[2])
    assert set(lignes) - {"paquet", "---"} == set(direct_dependencies())


def test_every_test_that_a_page_names_exists():
    nommes = {nom for page in PAGES for nom in re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", page.read_text(encoding="utf-8"))}
    assert [f"{fichier}::{nom}" for fichier, nom in sorted(nommes) if not re.search(rf"^def {nom}\(", text(fichier), re.MULTILINE)] == []
    menaces = rows(text("docs/securite.md").partition("## Qui, quoi, comment")[2].partition("\n## ")[0], rang=4)
    assert all("::" in preuve for preuve in set(menaces) - {"test", "---"})


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page):
    liens = [lien for lien in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")) if not re.match(r"https?:|#", lien)]
    assert [lien for lien in liens if not (page.parent / lien.partition("#")[0]).exists()] == []


def test_licences_are_there():
    assert text("LICENSE").startswith("MIT License")
    assert "Licence Ouverte 2.0" in text("LICENCE-BASE.md")
    for source in ("convention", "INSEE", "DILA", "IGN"):
        assert source in text("LICENCE-BASE.md")


def test_changelog_has_what_is_not_published_yet():
    assert "## Non publié" in text("CHANGELOG.md")


def test_readme_says_how_old_the_facts_are():
    assert "31/12/2025" in text("README.md")
