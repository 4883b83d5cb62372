"""Rewrite what is typed in a hurry into words that a dictionary or a sentence model knows."""

from __future__ import annotations

import re

# Short forms that French speakers type everywhere; local or trade words belong to lexique.csv.
_ABREGES = {
    "jcherche": "je cherche",
    "jvoudrais": "je voudrais",
    "jveux": "je veux",
    "jpeux": "je peux",
    "jsais": "je sais",
    "jai": "j'ai",
    "chui": "je suis",
    "jsuis": "je suis",
    "pr": "pour",
    "ds": "dans",
    "ac": "avec",
    "avc": "avec",
    "tt": "tout",
    "ts": "tous",
    "pb": "problème",
    "pbs": "problèmes",
    "pblm": "problème",
    "qqn": "quelqu'un",
    "qq1": "quelqu'un",
    "qqch": "quelque chose",
    "qqs": "quelques",
    "kelk1": "quelqu'un",
    "slt": "salut",
    "bjr": "bonjour",
    "bsr": "bonsoir",
    "stp": "s'il te plaît",
    "svp": "s'il vous plaît",
    "rdv": "rendez-vous",
    "rv": "rendez-vous",
    "dem": "demande",
    "bb": "bébé",
    "apart": "appartement",
    "appart": "appartement",
    "apparts": "appartements",
    "logt": "logement",
    "lgt": "logement",
    "kesk": "qu'est-ce que",
    "keske": "qu'est-ce que",
    "koi": "quoi",
    "ki": "qui",
    "ke": "que",
    "kan": "quand",
    "tjs": "toujours",
    "tjrs": "toujours",
    "bcp": "beaucoup",
    "pdt": "pendant",
    "cb": "combien",
    "nb": "nombre",
    "nbre": "nombre",
    "c": "c'est",
    "cest": "c'est",
    "sait": "sait",
    "ya": "il y a",
    "yaura": "il y aura",
    "pers": "personne",
    "assmat": "assistante maternelle",
    "assmats": "assistantes maternelles",
    "adr": "adresse",
    "num": "numéro",
    "tel": "téléphone",
    "tél": "téléphone",
    "ordi": "ordinateur",
    "mr": "monsieur",
    "mme": "madame",
    "ms": "mais",
    "vs": "vous",
    "ns": "nous",
    "auj": "aujourd'hui",
    "ajd": "aujourd'hui",
    "dc": "donc",
    "dcd": "décédé",
    "h": "heures",
    "mnt": "maintenant",
    "fo": "faut",
    "fô": "faut",
    "wé": "oui",
    "pa": "pas",
    "po": "pas",
    "i": "il",
    "al": "elle",
    "min": "mon",
    "eune": "une",
    "gosses": "enfants",
    "gosse": "enfant",
    "minots": "enfants",
    "minot": "enfant",
    "gamin": "enfant",
    "gamine": "enfant",
    "gamins": "enfants",
    "boulot": "travail",
    "taf": "travail",
    "kdo": "cadeau",
    "resto": "resto",
}
_COLLE_NOMBRE = re.compile(r"(?<![\w.,/-])(\d{1,3})\s?(ans?|a|anz|aans|anns|asn|nas|ns|mois|m)\b", re.IGNORECASE)
# « un logement de 70 m », « à 10 m »: metres; « le 115 a répondu », « 3 a payer »: the verb or the preposition.
_METRES = re.compile(
    r"(?:\b(?:logements?|studio|appart\w*|maison|pi[eè]ce|chambre|terrain|jardin|garage|surface|superficie)(?: \w+)?(?: (?:de|d'|fait))?|à|tous les|fait) $",
    re.IGNORECASE,
)
_NUMERO = re.compile(r"\b(?:le|la|les|du|au|reste|restent|num[eé]ro) $", re.IGNORECASE)
_VERBE = re.compile(
    r" (?:\w{2,}(?:er|ir|oir|dre|ttre)|faire|\w{2,}é|\w+(?:ndu|rdu|enu)|ét[ée]|dit|fait|pris|mis|eu|pas|plus|d[uû]|les?|nous|vous)\b", re.IGNORECASE
)
_ESPACES = re.compile(r"\s+")
_MOT = re.compile(r"[\w'’-]+|[^\w\s]")
_REPETE = re.compile(r"([!?.,;…])[!?.,;…\s]*(?=[!?.,;…])")


def tidy(texte: str) -> str:
    """One line, plain apostrophes, no control or symbol characters, at most one mark of a run."""
    texte = texte.replace("’", "'").replace("‘", "'").replace("`", "'").replace("\u00a0", " ")
    texte = "".join(c if c.isprintable() and ord(c) < 0x2600 or c in "€…" else " " for c in texte)
    return _ESPACES.sub(" ", _REPETE.sub("", texte)).strip()


def _with_unit(m: re.Match[str]) -> str:
    """« 19a », « 8m » with the unit written out; what is no age is left as it is."""
    unite, avant, apres = m[2].lower(), m.string[: m.start()], m.string[m.end() :]
    if unite == "m" and (int(m[1]) > 36 or _METRES.search(avant)):
        return m[0]
    if unite == "a" and " " in m[0] and (_NUMERO.search(avant) or _VERBE.match(apres)):
        return m[0]
    return f"{m[1]} {'mois' if unite in ('m', 'mois') else 'ans'}"


def expand(texte: str) -> str:
    """The same message with short forms written out and numbers set apart from their unit."""
    texte = _COLLE_NOMBRE.sub(_with_unit, tidy(texte))
    mots = []
    for mot in texte.split(" "):
        nu = mot.strip('.,;:!?()«»"').lower()
        plein = _ABREGES.get(nu)
        mots.append(mot.lower().replace(nu, plein) if plein and nu else mot)
    return " ".join(mots)


def sentences(texte: str) -> list[str]:
    """Clauses of a message: split at marks, then at the words that open a second matter."""
    morceaux = re.split(r"[.!?;:\n…]+|,(?=\s)| - | – |\s\+\s|(?:^|\s)\d\)", texte)
    clauses = []
    for morceau in morceaux:
        clauses += re.split(r"\b(?:et puis|et aussi|et en plus|en plus|et elle|et il|et ils|et sa|et son|mais|puis|ensuite|par ailleurs|aussi|et)\b", morceau)
    return [clause.strip() for clause in clauses if len(clause.strip()) > 2]
