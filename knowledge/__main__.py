"""The domain's command line: ``python -m knowledge build | check | export | show | tables | import | fraicheur``."""

from __future__ import annotations

import argparse
import json
import os
import sqlite3
import sys
import time
from pathlib import Path

from knowledge.base import Base, BaseUnavailable
from knowledge.build import BASE, SourcesRefused, build
from knowledge.check import check, check_sigles
from knowledge.export import export_csv, export_json
from knowledge.imports import command as imports
from knowledge.reading import SOURCES, Problem, read_all
from knowledge.schema import PAR_NOM, THEMES
from knowledge.text import plural


class FrenchParser(argparse.ArgumentParser):
    """argparse speaking French."""

    def error(self, message: str) -> None:  # type: ignore[override]
        self.print_usage(sys.stderr)
        self.exit(2, "Commande incomplète ou inconnue. Voyez l'aide : python -m knowledge --help\n")

    def format_usage(self) -> str:
        return super().format_usage().replace("usage:", "usage :")

    def format_help(self) -> str:
        aide = super().format_help()
        for anglais, francais in (
            ("usage:", "usage :"),
            ("positional arguments:", "commandes et arguments :"),
            ("options:", "options :"),
            ("show this help message and exit", "montre cette aide"),
        ):
            aide = aide.replace(anglais, francais)
        return aide


def parser() -> FrenchParser:
    racine = FrenchParser(prog="python -m knowledge", description="La base de connaissances de Table d'orientation.")
    commandes = racine.add_subparsers(dest="commande", required=True, metavar="commande")
    for nom, aide in (("build", "vérifie les sources et publie la base"), ("check", "vérifie les sources sans rien publier")):
        commande = commandes.add_parser(nom, help=aide, description=aide)
        commande.add_argument("--sources", type=Path, default=SOURCES, help="dossier des CSV")
        if nom == "build":
            commande.add_argument("--base", type=Path, default=BASE, help="fichier de la base")
        else:
            commande.add_argument("--source", type=Path, help="texte de la convention : relit chaque citation à sa ligne")
            commande.add_argument("--rapport", type=Path, help="avec --source : écrit le rapport dans ce fichier")
    commande = commandes.add_parser(
        "export", help="écrit la base en JSON ou en CSV", description="écrit la base en JSON (sur la sortie) ou en CSV (dans un dossier)"
    )
    commande.add_argument("--format", choices=("json", "csv"), default="json", help="json ou csv")
    commande.add_argument("dossier", type=Path, nargs="?", help="dossier où écrire les CSV")
    commande.add_argument("--base", type=Path, default=BASE, help="fichier de la base")
    commande = commandes.add_parser("show", help="montre une ligne et ses preuves", description="montre une ligne de la base et ses preuves")
    commande.add_argument("id", help="identifiant : cllaj, 62516, 3.3.4…")
    commande.add_argument("--base", type=Path, default=BASE, help="fichier de la base")
    aide = "montre les tables et leurs colonnes, en Markdown"
    commande = commandes.add_parser("tables", help=aide, description=aide)
    choix = commande.add_mutually_exclusive_group()
    choix.add_argument("--besoins", action="store_true", help="montre l'arbre des besoins")
    choix.add_argument("--ecrire", action="store_true", help="récrit les parties produites de docs/ et knowledge/metadata.yml")
    commande.add_argument("--base", type=Path, default=BASE, help="fichier de la base")
    aide = "dit ce qui est le plus ancien et ce qui n'a pas de contact, par thème"
    commande = commandes.add_parser("fraicheur", help=aide, description=aide)
    commande.add_argument("--theme", choices=THEMES, metavar="THEME", help=f"un seul thème : {', '.join(THEMES)}")
    commande.add_argument("--base", type=Path, default=BASE, help="fichier de la base")
    aide = "reprend les contacts d'un fichier public ; n'écrit rien sans --appliquer"
    commande = commandes.add_parser("import", help=aide, description=aide)
    commande.add_argument("genre", choices=imports.GENRES, metavar="genre", help="annuaire (de l'administration) ou data-inclusion")
    commande.add_argument("fichier", type=Path, help="le fichier téléchargé")
    commande.add_argument("--accepter", action="append", default=[], metavar="ID_FICHIER=ID_BASE", help="votre accord pour un rapprochement à confirmer")
    commande.add_argument("--appliquer", action="store_true", help="écrit ce qui est à reprendre")
    commande.add_argument("--licence", default="Licence Ouverte 2.0", help="licence du fichier, gardée avec la source")
    commande.add_argument("--sources", type=Path, default=SOURCES, help="dossier des CSV")
    return racine


def main(arguments: list[str] | None = None) -> int:
    options = parser().parse_args(arguments)
    try:
        code = {"build": _build, "check": _check, "export": _export, "show": _show, "tables": _tables, "import": _import, "fraicheur": _freshness}[
            options.commande
        ](options)
        sys.stdout.flush()
        return code
    except BaseUnavailable as erreur:
        print(erreur, file=sys.stderr)
        return 1
    except BrokenPipeError:  # the reader (head, less) stopped early: what Python still holds goes nowhere
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _build(options: argparse.Namespace) -> int:
    debut = time.perf_counter()
    try:
        comptes = build(options.base, options.sources)
    except SourcesRefused as refus:
        return _print_problems(refus.problemes, "La base n'a pas changé.")
    except (OSError, sqlite3.Error):
        print(f"La base {options.base} ne s'écrit pas. Donnez un fichier dans un dossier où vous pouvez écrire.", file=sys.stderr)
        return 1
    lignes = sum(comptes.values())
    print(f"Base publiée : {options.base} ({plural(lignes, 'ligne')}, {options.base.stat().st_size / 1e6:.1f} Mo, {time.perf_counter() - debut:.1f} s).")
    return 0


def _check(options: argparse.Namespace) -> int:
    tout, problemes = read_all(options.sources)
    if not problemes:
        problemes = check(tout) + check_sigles(tout)
    if not problemes and options.source:
        from knowledge.proof import reread

        try:
            rapport, problemes = reread(tout, options.source)
        except OSError:
            print(f"Le texte {options.source} ne se lit pas. Donnez le chemin du texte de la convention.", file=sys.stderr)
            return 1
        except UnicodeDecodeError:
            print(f"Le texte {options.source} ne se lit pas : il n'est pas en UTF-8. Enregistrez-le en « Unicode (UTF-8) ».", file=sys.stderr)
            return 1
        if options.rapport:
            try:
                options.rapport.write_text(rapport, encoding="utf-8")
            except OSError:
                print(f"Le rapport {options.rapport} ne s'écrit pas. Donnez un fichier dans un dossier où vous pouvez écrire.", file=sys.stderr)
                return 1
        else:
            print(rapport)
    if problemes:
        return _print_problems(problemes, "Corrigez, puis relancez.")
    print(f"Sources en ordre : {plural(sum(map(len, tout.values())), 'ligne')} dans {plural(len(tout), 'table')}.")
    return 0


def _print_problems(problemes: list[Problem], suite: str) -> int:
    for probleme in problemes[:200]:
        print(probleme, file=sys.stderr)
    if len(problemes) > 200:
        print(f"… et {len(problemes) - 200} de plus.", file=sys.stderr)
    print(f"{plural(len(problemes), 'problème')} dans les sources. {suite}", file=sys.stderr)
    return 1


def _export(options: argparse.Namespace) -> int:
    if options.format == "csv":
        if not options.dossier:
            print("Donnez le dossier où écrire : python -m knowledge export --format csv DOSSIER", file=sys.stderr)
            return 2
        Base.open(options.base).close()
        try:
            ecrits = export_csv(options.base, options.dossier)
        except OSError:
            print(f"Les CSV ne s'écrivent pas dans {options.dossier}. Donnez un dossier où vous pouvez écrire.", file=sys.stderr)
            return 1
        for chemin in ecrits:
            print(chemin)
        return 0
    json.dump(export_json(Base.open(options.base)), sys.stdout, ensure_ascii=False, indent=1)
    print()
    return 0


def _show(options: argparse.Namespace) -> int:
    Base.open(options.base).close()
    connexion = sqlite3.connect(f"{options.base.absolute().as_uri()}?mode=ro", uri=True)
    connexion.row_factory = sqlite3.Row
    trouve = False
    for table in PAR_NOM.values():
        ligne = connexion.execute(f"SELECT * FROM {table.nom} WHERE {table.cle.nom} = ?", (options.id,)).fetchone()
        if not ligne:
            continue
        trouve = True
        print(f"{table.nom} : {options.id}")
        for colonne in table.colonnes:
            if colonne.multiple:
                valeurs = [v for (v,) in connexion.execute(f"SELECT valeur FROM {table.nom}_{colonne.nom} WHERE {table.nom} = ? ORDER BY rang", (options.id,))]
                texte = ", ".join(valeurs)
            else:
                texte = ligne[colonne.nom]
            if texte not in (None, ""):
                print(f"  {colonne.nom} : {texte}")
        for preuve in connexion.execute("SELECT source, ligne, citation FROM provenance WHERE table_nom = ? AND cle = ?", (table.nom, options.id)):
            print(f"  preuve : {preuve['source']}{', ligne ' + str(preuve['ligne']) if preuve['ligne'] else ''} : « {preuve['citation']} »")
    if not trouve:
        print(f"Rien dans la base sous « {options.id} ».", file=sys.stderr)
        return 1
    return 0


def _freshness(options: argparse.Namespace) -> int:
    from knowledge.fraicheur import report

    print(report(Base.open(options.base), options.theme))
    return 0


def _import(options: argparse.Namespace) -> int:
    return imports.run(options.genre, options.fichier, options.sources, options.accepter, options.appliquer, options.licence)


def _tables(options: argparse.Namespace) -> int:
    from knowledge import docs

    if options.ecrire:
        for chemin in docs.write(Base.open(options.base)):
            print(chemin)
    elif options.besoins:
        print(docs.needs_markdown(Base.open(options.base)))
    else:
        print(docs.tables_markdown())
    return 0


if __name__ == "__main__":
    sys.exit(main())
