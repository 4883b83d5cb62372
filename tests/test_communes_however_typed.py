"""A commune is found however it is typed, and a word that is not one is left alone."""

from __future__ import annotations

import pytest

from bot.understanding.normalise import expand
from bot.understanding.understand import Understander
from knowledge.base import Base
from knowledge.build import BASE
from knowledge.reading import read_all
from knowledge.text import fold

NOMS = {ligne.nom: ligne.code_insee for ligne in read_all()[0]["commune"]} if False else None


def found(understander: Understander, message: str) -> str | None:
    entites = [e for e in understander.gazetteer.find(expand(message)) if e.genre in ("commune", "commune_hors")]
    return entites[0].cible if entites else None
