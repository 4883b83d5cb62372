"""Conversations at random from real words: those of the base, of the phrases of training, and all that a keyboard can send."""

from __future__ import annotations

from functools import lru_cache

from hypothesis import strategies as st

from bot.understanding.corpus import read_corpus
from bot.understanding.understand import LIMITE
from knowledge.base import Base

SUITES = (
    "et à Béthune ?", "et s'il a 27 ans ?", "c'est où ?", "qui s'en occupe ?", "autre chose", "nouvelle personne", "et pour sa sœur de 17 ans ?", "oui", "non",
    "je ne sais pas", "le premier", "non pardon, 26 ans", "plus près ?", "c'est payant ?", "le téléphone ?", "les horaires", "pourquoi pas ENVAUL ?", "et elle ?",
    "merci", "ok", "bonjour", "qui pilote ?", "et sinon ?", "aussi un souci de permis", "rien à voir : crèche", "c'est quoi les conditions", "idem", "encore",
)  # fmt: skip
AGES = (
    "19 ans",
    "19a",
    "dix-neuf ans",
    "né en 2007",
    "bébé de 8 mois",
    "60+",
    "0 an",
    "150 ans",
    "-3 ans",
    "1,5 an",
    "majeur depuis 2 mois",
    "entre 16 et 18 ans",
    "3 et 5 ans",
    "999999999999 ans",
)
LANGUES = (
    "where can I find a house for my family", "please help me with my papers", "necesito ayuda para mi hijo", "potrzebuje pomocy z mieszkaniem", "ich suche eine wohnung bitte",
    "أحتاج إلى منزل", "мне нужна помощь", "我需要帮助", "ቤት እፈልጋለሁ", "Je need un logement for my son", "preciso de ajuda com a renda", "ho bisogno di una casa",
)  # fmt: skip
CODE = (
    "'; DROP TABLE structure; --", "\" OR 1=1 --", "SELECT * FROM commune", "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<b>logement</b> Lillers",
    "# Titre\n**gras** [lien](javascript:alert(1))", "{{7*7}} {% raw %}", "${jndi:ldap://x}", "{commune} {age}", "%s %d %(nom)s", "../../etc/passwd", "\\u0000\\n", "NULL", "None", "nan",
    "NEAR(\"a\" \"b\") AND * OR ^", "recherche MATCH 'x*'", "/restart", "/orienter{\"commune\": \"x\"}", "[]", "{}", "true", "undefined", "&lt;b&gt;", "<!-- -->", "```python\nprint(1)\n```",
)  # fmt: skip
SIGNES = (
    "?",
    "!",
    "...",
    "?!?!",
    "-",
    "–",
    "—",
    "/",
    ",",
    ";",
    ":",
    "(",
    ")",
    "«",
    "»",
    "’",
    "'",
    '"',
    "*",
    "_",
    "#",
    "@",
    "€",
    "%",
    "&",
    "=",
    "+",
    "|",
    "\\",
    "~",
    "^",
    "°",
    "²",
)
EMOJIS = ("😀", "🏠", "👶🏽", "👨‍👩‍👧", "🇫🇷", "❤️", "🚗💨", "1️⃣")
INVISIBLES = ("\x00", "\x07", "\x1b[31m", "\t", "\r\n", "\n\n", "\u200b", "\u202e", "\u2066", "\ufeff", "\u00a0", "\u0301", "\ud7ff", "\U0010ffff")


@lru_cache(maxsize=1)
def _phrases() -> tuple[str, ...]:
    return tuple(e.texte for e in read_corpus())


def _words_of(base: Base) -> dict[str, tuple[str, ...]]:
    return {
        "commune": tuple(c.nom for c in base.communes.values()),
        "hors": tuple(c.nom for c in base.communes_hors[::40]),
        "besoin": tuple(b.nom for b in base.besoins.values()),
        "sigle": tuple(s.sigle for s in base.sigles),
        "nom": tuple(
            [s.nom for s in base.structures.values()] + [s.nom for s in base.services.values()] + [lieu.nom for lieu in base.lieux.values()]
        ),
        "fiche": tuple(base.fiches),
        "mot": tuple(i.terme.replace("*", "").replace(" .. ", " ") for i in base.indices[::7]),
        "lexique": tuple(t.terme for t in base.lexique),
        "chiffre": tuple(c.libelle for c in base.chiffres.values()),
    }  # fmt: skip


def _careless(texte: str, facon: int) -> str:
    """As it is typed while someone talks."""
    return (
        texte, texte.upper(), texte.lower(), texte.replace("e", "é"), texte[: max(2, len(texte) // 2)], texte[::-1], texte.replace(" ", ""), texte.replace(" ", "  "),
        texte[1:], texte.replace("-", " ").replace("'", ""), " ".join(texte), texte.title(), texte + texte[-1:] * 6, texte.encode().decode("latin-1"),
    )[facon % 14]  # fmt: skip


def messages(base: Base) -> st.SearchStrategy[str]:
    """One message. Two in three are those of an agent, careless or not; the others hold anything."""
    mots = _words_of(base)
    pieces = {nom: st.sampled_from(liste) for nom, liste in mots.items()}
    age, suite, signe = st.sampled_from(AGES), st.sampled_from(SUITES), st.sampled_from(SIGNES)
    phrase = st.deferred(lambda: st.sampled_from(_phrases()))
    du_comptoir = st.one_of(
        phrase,
        suite,
        st.builds("{} {} {}".format, pieces["besoin"], age, pieces["commune"]),
        st.builds("{} à {}".format, phrase, pieces["commune"]),
        st.builds("{}, {}".format, phrase, age),
        st.builds("{} = ?".format, pieces["sigle"]),
        st.builds("qui pilote la {}".format, pieces["fiche"]),
        st.builds("téléphone de {} à {}".format, pieces["nom"], pieces["commune"]),
        st.builds(
            "{} {}".format,
            pieces["nom"],
            st.sampled_from(("c'est où ?", "conditions", "c'est quoi", "horaires", "qui contacter", "combien ça coûte", "à quel âge")),
        ),
        st.builds("combien de {}".format, pieces["chiffre"]),
        st.builds("et à {} ?".format, st.one_of(pieces["commune"], pieces["hors"])),
        st.builds("{} ans, {}, c'est possible ?".format, st.integers(-5, 200), pieces["nom"]),
    )
    partie = st.one_of(*pieces.values(), age, suite, phrase, signe, st.integers(-(10**6), 10**9).map(str))
    salade = st.lists(partie, min_size=1, max_size=8).map(" ".join)
    sale = st.one_of(
        st.sampled_from((*LANGUES, *CODE, *EMOJIS, *INVISIBLES, "", " ")), st.text(max_size=60), st.binary(max_size=40).map(lambda b: b.decode("latin-1"))
    )
    melange = st.lists(st.one_of(partie, sale, signe), min_size=1, max_size=6).map("".join)
    long = st.builds(lambda t, n: ((t or "x") * n)[: LIMITE + 50], st.one_of(phrase, salade, sale), st.integers(10, 400))
    neglige = st.builds(_careless, st.one_of(du_comptoir, salade), st.integers(0, 13))
    return st.one_of(du_comptoir, du_comptoir, du_comptoir, neglige, neglige, salade, melange, sale, long)


def conversations(base: Base) -> st.SearchStrategy[list[str]]:
    return st.lists(messages(base), min_size=1, max_size=6)
