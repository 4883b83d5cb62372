"""A Markdown table."""

from __future__ import annotations


def table(entete: list[str], lignes: list[list[str]]) -> str:
    rangs = [entete, ["---"] * len(entete), *([cellule.replace("|", "\\|") for cellule in ligne] for ligne in lignes)]
    return "\n".join(f"| {' | '.join(rang)} |" for rang in rangs)
