"""The generated parts of the documentation: what the schema and the base say, never written twice by hand.

``write`` puts them between their markers; tests/test_docs.py compares them with what is committed.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

from knowledge import markdown
from knowledge.base import Base
from knowledge.build import ROOT
from knowledge.fraicheur import theme_table
from knowledge.schema import PREUVE, TABLES, THEMES

VUES = {
    "vue_annuaire": (
        "Annuaire des lieux",
        "Un lieu par ligne, avec sa commune, sa structure et le téléphone de la mairie qui sert de relais.",
        {
            "identifiant": "Identifiant du lieu.",
            "lieu": "Nom du lieu.",
            "genre": "Genre de lieu.",
            "precision_genre": "Précision du genre.",
            "adresse": "Numéro et rue, si la base les connaît.",
            "code_postal": "Cinq chiffres.",
            "commune": "Commune où il est.",
            "gestionnaire": "Qui le gère, si le document le dit.",
            "structure": "Structure dont c'est un lieu.",
            "etat": "En service ou projet, en 2021.",
            "telephone": "Téléphone, d'après la page la plus sûre.",
            "courriel": "Courriel, d'après la même page.",
            "site_web": "Site, d'après la même page.",
            "horaires_accueil": "Horaires, d'après la même page.",
            "adresse_contact": "Adresse d'aujourd'hui, d'après la même page.",
            "confiance": "Qui le dit, et de quand date la page ; sinon, que le contact n'est pas connu.",
            "telephone_mairie_relais": "Téléphone de la mairie de cette commune.",
        },
    ),
    "vue_contacts": (
        "Contacts",
        "Un contact par ligne : ce qu'une page publique dit d'une structure ou d'un lieu, de la source la plus sûre à la moins sûre. La mairie et les numéros nationaux qui joignent une structure y sont aussi.",
        {
            "identifiant": "Identifiant du contact.",
            "structure": "Structure que l'on joint.",
            "service": "Service que l'on joint, si le contact ne vaut que pour lui.",
            "lieu": "Lieu que l'on joint.",
            "nom": "Nom que la page lui donne.",
            "commune": "Commune où l'on reçoit.",
            "adresse": "Numéro et rue.",
            "code_postal": "Cinq chiffres.",
            "telephone": "Téléphone.",
            "courriel": "Courriel.",
            "site_web": "Site.",
            "horaires_accueil": "Horaires.",
            "confiance": "Qui le dit, et de quand date la page.",
            "source": "Comment citer la page.",
            "page": "Adresse de la page.",
            "date": "Date de la page.",
            "officielle": "1 si l'éditeur est une administration ou l'organisme lui-même.",
            "origine": "Table qui le dit : `contact` ; `commune` si c'est la mairie ; `numero_structure` si c'est un numéro national.",
            "national": "1 si le téléphone est un numéro national.",
            "structure_id": "Identifiant de la structure.",
            "service_id": "Identifiant du service.",
            "lieu_id": "Identifiant du lieu.",
            "code_insee": "Code INSEE de la commune.",
            "source_id": "Identifiant de la page.",
            "cle": "Clé de la ligne dans sa table.",
        },
    ),
    "vue_orientation": (
        "Qui répond à quel besoin",
        "Un service par besoin et par ligne, de la première porte (rang 1) au complément (rang 3).",
        {
            "theme": "Thème du besoin.",
            "besoin": "Besoin de la personne.",
            "rang": "1 : première porte ; 2 : bonne porte ; 3 : en complément.",
            "service": "Service qui y répond.",
            "sigle": "Sigle du service.",
            "structure": "Structure qui le porte.",
            "etat": "En service, projet, expérimentation, étude, en 2021.",
            "conditions": "Conditions à remplir, si le document en donne.",
        },
    ),
}
CONFIANCE = {"source": "Document ou page.", "texte": "Source officielle ou publique, et de quand elle date."}
PROVENANCE = {
    "table_nom": "Table de la ligne prouvée.",
    "cle": "Clé de la ligne prouvée.",
    "source": "Document ou page qui le dit.",
    "ligne": "Numéro de ligne dans le texte de la convention.",
    "citation": "Les mots qui le disent.",
}


def tables_markdown() -> str:
    """Every table and column of the sources."""
    morceaux = []
    for table in TABLES:
        morceaux.append(f"### `{table.nom}`\n\n{table.doc}\n")
        morceaux.append("| colonne | contenu | forme |\n| --- | --- | --- |")
        for colonne in table.colonnes:
            forme = []
            if colonne is table.cle:
                forme.append("clé")
            if colonne.requis and colonne is not table.cle:
                forme.append("obligatoire")
            if colonne.multiple:
                forme.append("plusieurs valeurs (`\\|`)")
            if colonne.reference:
                forme.append(f"clé de `{colonne.reference}`")
            if colonne.vocabulaire:
                forme.append(
                    "vocabulaire : " + ", ".join(f"`{valeur}`" for valeur in colonne.vocabulaire)
                    if len(colonne.vocabulaire) <= 32
                    else "vocabulaire data.inclusion v1"
                )
            if colonne.type != "TEXT":
                forme.append({"INTEGER": "nombre entier", "REAL": "nombre"}[colonne.type])
            morceaux.append(f"| `{colonne.nom}` | {colonne.doc} | {' ; '.join(forme)} |")
        if table.prouvee:
            morceaux.append(f"\nChaque ligne porte aussi ses preuves : {', '.join(f'`{nom}`' for nom in PREUVE)}.")
        morceaux.append("")
    return "\n".join(morceaux).rstrip()


def needs_markdown(base: Base) -> str:
    """The tree of needs, theme by theme, each with its first doors."""
    thematiques: dict[str, list[str]] = {}
    for ligne in _select(base, "SELECT besoin, valeur FROM besoin_thematiques ORDER BY besoin, rang"):
        thematiques.setdefault(ligne["besoin"], []).append(ligne["valeur"])
    lignes = []
    for theme in THEMES:
        for besoin in base.besoins.values():
            if besoin.theme != theme:
                continue
            services = [(r.rang, base.services[r.service]) for r in base.reponses_par_besoin.get(besoin.id, [])]
            ouverts = [(rang, s) for rang, s in services if s.etat not in ("projet", "etude")]
            premier = min((rang for rang, _ in ouverts), default=0)
            portes = [f"{s.sigle} – {s.nom}" if s.sigle and s.sigle not in s.nom else s.nom for rang, s in ouverts if rang == premier]
            v1 = "<br>".join(f"`{valeur}`" for valeur in thematiques.get(besoin.id, [])) or "aucune"
            lignes.append([f"`{besoin.id}`", besoin.nom, f"`{theme}`", v1, "<br>".join(portes) or "aucune : un relais est donné"])
    return markdown.table(["besoin", "nom", "thème", "thématiques data.inclusion v1", "premières portes"], lignes)


def themes_markdown(base: Base) -> str:
    """How many rows each theme has."""
    requetes = {
        "besoins": "SELECT theme, count(*) AS n FROM besoin GROUP BY theme",
        "services liés": "SELECT theme, count(DISTINCT service) AS n FROM service_besoin JOIN besoin ON besoin.id = besoin GROUP BY theme",
        "structures": "SELECT valeur AS theme, count(*) AS n FROM structure_themes GROUP BY valeur",
        "fiches d'action": "SELECT theme, count(*) AS n FROM fiche_action GROUP BY theme",
        "faits": "SELECT theme, count(*) AS n FROM fait GROUP BY theme",
        "chiffres": "SELECT theme, count(*) AS n FROM chiffre GROUP BY theme",
        "contradictions": "SELECT theme, count(*) AS n FROM contradiction GROUP BY theme",
    }
    comptes = [{ligne["theme"]: ligne["n"] for ligne in _select(base, requete)} for requete in requetes.values()]
    return markdown.table(["thème", *requetes], [[f"`{theme}`", *(str(compte.get(theme, 0)) for compte in comptes)] for theme in THEMES])


def numbers_markdown(base: Base) -> str:
    """National numbers, with the source and date of each."""
    lignes = []
    for numero in base.numeros:
        sources = [base.sources[preuve.source] for preuve in base.provenance("numero_national", numero.id)]
        cites = "<br>".join(f"[{s.libelle_court}]({s.url})" if s.url else s.libelle_court for s in sources)
        dates = "<br>".join(_date(base, s.id) for s in sources)
        lignes.append([numero.numero, numero.nom, numero.usage, numero.cout or "non dit", numero.horaires or "non dits", cites, dates])
    return markdown.table(["numéro", "nom", "pour quoi", "coût", "horaires", "source", "date de la source"], lignes)


def to_confirm_markdown(base: Base) -> str:
    """National numbers whose source is weak: not official, undated, old, or copied by another site."""
    lignes = []
    for numero in base.numeros:
        raisons = [raison for preuve in base.provenance("numero_national", numero.id) for raison in _weaknesses(base, preuve.source)]
        if raisons:
            lignes.append([numero.numero, numero.nom, " ; ".join(dict.fromkeys(raisons))])
    return markdown.table(["numéro", "nom", "pourquoi confirmer"], lignes)


def addresses_markdown(base: Base) -> str:
    """By kind of place, how many have no address."""
    requete = "SELECT type, count(*) AS n, sum(adresse IS NULL) AS sans FROM lieu GROUP BY type ORDER BY sans DESC, type"
    return markdown.table(
        ["genre de lieu", "lieux", "sans adresse"], [[f"`{ligne['type']}`", str(ligne["n"]), str(ligne["sans"])] for ligne in _select(base, requete)]
    )


def metadata_yaml() -> str:
    """``metadata.yml`` of datasette: title and description of every table, view and column."""
    lignes = [
        "# Produit par « python -m knowledge tables --ecrire ». Lecture : datasette var/knowledge.db -m knowledge/metadata.yml",
        f"title: {_yaml(_TITRE)}",
        f"description: {_yaml(_DESCRIPTION)}",
        "license: Licence Ouverte 2.0",
        "license_url: https://www.etalab.gouv.fr/licence-ouverte-open-licence/",
        f"source: {_yaml('Convention territoriale globale 2021-2025 ; INSEE ; DILA ; IGN')}",
        "databases:",
        "  knowledge:",
        "    tables:",
    ]
    for nom, (titre, description, colonnes) in VUES.items():
        lignes += _yaml_table(nom, titre, description, colonnes)
    for table in TABLES:
        lignes += _yaml_table(table.nom, table.nom, table.doc, {c.nom: c.doc for c in table.colonnes if not c.multiple})
        for colonne in table.colonnes:
            if colonne.multiple:
                valeurs = {table.nom: f"Clé de {table.nom}.", "rang": "Ordre des valeurs, à partir de 0.", "valeur": colonne.doc}
                lignes += _yaml_table(f"{table.nom}_{colonne.nom}", f"{table.nom} : {colonne.nom}", f"Valeurs de la colonne « {colonne.nom} ».", valeurs)
    lignes += _yaml_table("confiance", "Confiance", "Ce que vaut un contact, selon sa source.", CONFIANCE)
    lignes += _yaml_table("provenance", "Preuves", "D'où vient chaque ligne : la source, la ligne du texte, les mots qui la disent.", PROVENANCE)
    return "\n".join(lignes) + "\n"


_TITRE = "Table d'orientation : base de connaissances"
_DESCRIPTION = (
    "Qui fait quoi pour les habitants de l'agglomération Béthune-Bruay, Artois-Lys Romane. "
    "Faits de la convention 2021-2025, finie le 31/12/2025 : à confirmer avant d'envoyer une personne."
)
BLOCS: dict[str, dict[str, Callable[[Base], str]]] = {
    "docs/base.md": {"besoins": needs_markdown, "themes": themes_markdown, "tables": lambda _: tables_markdown()},
    "docs/contacts.md": {"numeros": numbers_markdown, "a-confirmer": to_confirm_markdown, "adresses": addresses_markdown, "fraicheur": theme_table},
}
METADONNEES = "knowledge/metadata.yml"


def generated(base: Base, racine: Path = ROOT) -> dict[Path, str]:
    """What each documentation file should hold. Raises ValueError when a marker is missing."""
    fichiers = {racine / METADONNEES: metadata_yaml()}
    for nom, blocs in BLOCS.items():
        texte = (racine / nom).read_text(encoding="utf-8")
        for bloc, produire in blocs.items():
            texte = replace_block(texte, bloc, produire(base))
        fichiers[racine / nom] = texte
    return fichiers


def replace_block(texte: str, bloc: str, contenu: str) -> str:
    """The text with ``contenu`` between ``<!-- bloc -->`` and ``<!-- /bloc -->``. Raises ValueError without these markers."""
    ouvre, ferme = f"<!-- {bloc} -->", f"<!-- /{bloc} -->"
    avant, trouve, suite = texte.partition(ouvre)
    _, clos, apres = suite.partition(ferme)
    if not trouve or not clos:
        raise ValueError(f"{ouvre} … {ferme}")
    return f"{avant}{ouvre}\n\n{contenu}\n\n{ferme}{apres}"


def write(base: Base, racine: Path = ROOT) -> list[Path]:
    """Bring the documentation up to date; the files that changed."""
    changes = []
    for chemin, texte in generated(base, racine).items():
        if not chemin.exists() or chemin.read_text(encoding="utf-8") != texte:
            chemin.write_text(texte, encoding="utf-8")
            changes.append(chemin)
    return changes


def _select(base: Base, requete: str, *valeurs: str) -> list[sqlite3.Row]:
    return base._connexion.execute(requete, valeurs).fetchall()


def _dates(base: Base, source: str) -> tuple[str, str]:
    [ligne] = _select(base, "SELECT date, coalesce(date_consultation, '') AS lue FROM source WHERE id = ?", source)
    return ligne["date"], ligne["lue"]


def _date(base: Base, source: str) -> str:
    date, lue = _dates(base, source)
    return f"non datée, lue le {lue}" if date == lue else date


def _weaknesses(base: Base, source: str) -> list[str]:
    s = base.sources[source]
    date, lue = _dates(base, source)
    raisons = []
    if not s.officielle:
        raisons.append(f"source non officielle ({s.editeur})")
    if date == lue:
        raisons.append("page non datée")
    elif lue and int(lue[:4]) - int(date[:4]) >= 4:
        raisons.append(f"source de {date[:4]}")
    if "repris" in s.titre:
        raisons.append("texte officiel lu sur un site qui le reprend")
    return raisons


def _yaml(texte: str) -> str:
    """A JSON string is a YAML string."""
    return json.dumps(texte, ensure_ascii=False)


def _yaml_table(nom: str, titre: str, description: str, colonnes: dict[str, str]) -> list[str]:
    return [
        f"      {nom}:",
        f"        title: {_yaml(titre)}",
        f"        description: {_yaml(description)}",
        "        columns:",
        *(f"          {colonne}: {_yaml(doc)}" for colonne, doc in colonnes.items()),
    ]
