"""The generated part of docs/base.md: every table and column, from the schema."""

from __future__ import annotations

from knowledge.schema import PREUVE, TABLES


def tables_markdown() -> str:
    """Markdown of every table; compared with docs/base.md by a test."""
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
                forme.append("plusieurs valeurs (`|`)")
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
