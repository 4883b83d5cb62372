"""The French spaCy model, loaded once: tokens for Rasa, names of persons to mask."""

from __future__ import annotations

import importlib
import re
import threading
from functools import lru_cache
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

MODEL = "fr_core_news_sm"
_LOCK = threading.Lock()
_NOT_LETTERS = re.compile(r"[\d_]")


@lru_cache(maxsize=1)
def french() -> Language:
    """The model without what nothing here uses (parser, lemmatizer, morphology): half the load time."""
    import spacy

    _light_exceptions()
    # The tokenizer of the model is the one of the language, which stands ready: read again, its rules would be compiled as they came.
    return spacy.load(MODEL, exclude=["tokenizer", "parser", "lemmatizer", "morphologizer", "attribute_ruler", "tagger", "senter"])


def _light_exceptions() -> None:
    """Import spaCy's French with the words that take a hyphen compiled in a twentieth of the time.

    Each of its 250 patterns spells out every letter of Unicode: two seconds and a half at each start. Here a letter is ``\\w``, and a word
    with a digit or an underscore, all that ``\\w`` takes besides, is refused before it is compared.
    """
    from spacy.lang.char_classes import ALPHA, ALPHA_LOWER

    def compile_light(motif: Any, flags: int = 0) -> Any:
        if not isinstance(motif, str) or ALPHA_LOWER not in motif:
            return compiler(motif, flags)
        leger = compiler(motif.replace(ALPHA_LOWER, r"\w").replace(ALPHA, r"\w"), flags)
        return SimpleNamespace(match=lambda mot: None if _NOT_LETTERS.search(mot) else leger.match(mot))

    compiler = re.compile
    re.compile = compile_light  # type: ignore[assignment]
    try:
        importlib.import_module("spacy.lang.fr")
    finally:
        re.compile = compiler


def parse(texte: str) -> Doc:
    with _LOCK:
        return french()(texte)


def tokens(texte: str) -> list[tuple[str, int]]:
    """Words and their offset, without running the model."""
    return [(token.text, token.idx) for token in french().make_doc(texte) if not token.is_space]


def persons(texte: str) -> list[tuple[int, int]]:
    """Spans of the names of persons that the model sees, as (start, end) characters."""
    return [(entite.start_char, entite.end_char) for entite in parse(texte).ents if entite.label_ == "PER"]
