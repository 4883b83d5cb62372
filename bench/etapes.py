"""Where the time of an answer goes, without a server: ``python -m bench.etapes NOMBRE`` prints its figures as JSON."""

from __future__ import annotations

import json
import random
import sys
from typing import Any

from bench.echelle import percentiles
from bot.assistant import assistant
from bot.understanding.corpus import read_corpus
from knowledge.request import Cadre


def measure(nombre: int) -> dict[str, Any]:
    """Understanding each message, then answering what was understood, each message a new conversation."""
    aide = assistant()
    textes = random.Random(4).sample([e.texte for e in read_corpus()], nombre)
    lus = [aide.understand(texte) for texte in textes]
    # Read once above: the second time is that of an assistant that has served for a while.
    return {"comprendre": percentiles(textes, aide.understand), "repondre": percentiles(lus, lambda c: aide.answer(c, Cadre()))}


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]))))
