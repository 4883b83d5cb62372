"""Take personal data out of a message before anything else sees it; keep the trait that helps (an age, a commune).

Used by the channels before Rasa, and again by ``understand`` so that no way in forgets it.
"""

from __future__ import annotations

import datetime
import re

from knowledge.text import fold

_COURRIEL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_NIR = re.compile(r"(?<![\d])[12]\s?\d{2}\s?(?:0[1-9]|1[0-2]|[2-9]\d)\s?(?:\d{2}|2[AB])\s?\d{3}\s?\d{3}(?:\s?/?\s?\d{2})?(?!\d)", re.IGNORECASE)
_TELEPHONE = re.compile(r"(?<![\d/])(?:(?:\+|00)\s?33\s?(?:\(0\)\s?)?|0)[1-9](?:[\s.\-/]?\d{2}){4}(?!\d)")
_SEPAREE = re.compile(r"(?<!\d)(0?[1-9]|[12]\d|3[01])\s?[/.\-]\s?(0?[1-9]|1[0-2])\s?[/.\-]\s?((?:19|20)\d{2}|\d{2})(?!\d)")
_MOIS = ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre")
_EN_LETTRES = re.compile(
    r"(?<!\d)(\d{1,2})(?:er)?\s+(janvier|f[ée]vrier|mars|avril|mai|juin|juillet|ao[ûu]t|septembre|octobre|novembre|d[ée]cembre)\s+((?:19|20)\d{2})",
    re.IGNORECASE,
)
_NAISSANCE = re.compile(r"\b(?:né|née|nee|ne|nés|naissance|ddn|né\(e\))\b[^.;\n]{0,25}$", re.IGNORECASE)
_DOSSIER = re.compile(
    r"((?:n°|no|num(?:éro|ero)?|matricule|dossier|allocataire|s[ée]cu(?:rit[ée] sociale)?|demandeur|identifiant|iban|nir)\s*(?:de |d')?(?:dossier|allocataire|caf|s[ée]cu(?:rit[ée] sociale)?|demandeur|unique|fiscal)?\s*:?\s*)([A-Z]{0,4}\s?\d[\dA-Z\s-]{5,}[\dA-Z])",
    re.IGNORECASE,
)
_NOM = r"(?:[A-ZÀ-Ý][\wÀ-ÿ'’-]+|[A-ZÀ-Ý]{2,})"
_CIVILITE = re.compile(
    rf"(?<!\w)((?:M\.|Mr\.?|MR|Mme\.?|MME|Mlle|MLLE|Monsieur|Madame|Mademoiselle|monsieur|madame|mme|mr)\s+)((?:(?:de|du|des|la|le|El|Ben|Van|De|Le|La)\s+)*{_NOM}(?:[\s-]+(?:(?:de|du|des|la|le|El|Ben|Van)\s+)*{_NOM}){{0,3}})"
)
_SAPPELLE = re.compile(
    rf"\b((?i:s'appelle|m'appelle|se nomme|se prénomme|prénommée?|nommée?|nom\s*:|prénom\s*:|nom de famille\s*:?|de la part de)\s+)({_NOM}(?:[\s-]+{_NOM}){{0,2}}|[a-zà-ÿ-]{{3,}}(?:\s+[A-ZÀ-Ý][\wÀ-ÿ-]+)?)"
)
# Words that follow a civility in French without being a name.
_PAS_UN_NOM = {
    "le", "la", "les", "un", "une", "qui", "est", "a", "sait", "veut", "cherche", "vient", "ne", "n'arrive", "maire", "directeur", "de", "du",
    "arrive", "habite", "dit", "me", "te", "se", "et", "pas", "plus", "avec", "pour", "sans", "seul", "seule", "agee", "age", "demande",
}  # fmt: skip
MARQUE = "…"


def mask(texte: str, aujourdhui: datetime.date | None = None, surs: frozenset[str] = frozenset()) -> str:
    """The message without e-mail, phone, NIR, file number, birth date (turned into an age) or name.

    ``surs`` holds folded words that look like names but are places or structures of the base: they stay.
    """
    aujourdhui = aujourdhui or datetime.date.today()
    texte = _COURRIEL.sub(MARQUE, texte)
    texte = _NIR.sub(MARQUE, texte)
    texte = _TELEPHONE.sub(MARQUE, texte)
    texte = _dates(texte, aujourdhui)
    texte = _DOSSIER.sub(lambda m: m[1] + MARQUE, texte)
    texte = _CIVILITE.sub(lambda m: m[1] + _name_or_kept(m[2], surs), texte)
    return _SAPPELLE.sub(lambda m: m[1] + _name_or_kept(m[2], surs), texte)


def _name_or_kept(nom: str, surs: frozenset[str]) -> str:
    premiers = fold(nom).split()
    if not premiers or premiers[0] in _PAS_UN_NOM or all(mot in surs for mot in premiers):
        return nom
    return MARQUE


def _dates(texte: str, aujourdhui: datetime.date) -> str:
    def age(m: re.Match[str], jour: str, mois: int, annee: str) -> str:
        an = int(annee) if len(annee) == 4 else int(annee) + (1900 if int(annee) > aujourdhui.year % 100 else 2000)
        naissance = bool(_NAISSANCE.search(m.string[: m.start()]))
        ans = aujourdhui.year - an - ((aujourdhui.month, aujourdhui.day) < (mois, int(jour)))
        if naissance and 0 <= ans <= 115:
            return f"({ans} ans)" if ans >= 2 else f"({max(0, ans * 12 + aujourdhui.month - mois)} mois)"
        return MARQUE if naissance or len(annee) == 4 and an < aujourdhui.year - 1 else m[0]

    texte = _SEPAREE.sub(lambda m: age(m, m[1], int(m[2]), m[3]), texte)

    def en_lettres(m: re.Match[str]) -> str:
        nom = m[2].lower().replace("fevrier", "février").replace("aout", "août").replace("decembre", "décembre")
        return age(m, m[1], _MOIS.index(nom) + 1, m[3])

    return _EN_LETTRES.sub(en_lettres, texte)
