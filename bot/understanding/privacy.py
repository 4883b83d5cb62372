"""Take personal data out of a message before anything else sees it; keep the trait that helps (an age, a commune).

Used by the channels before Rasa, and again by ``understand`` so that no way in forgets it.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Callable

from bot.understanding.known_words import Connus, known
from bot.understanding.people import find_people
from bot.understanding.prenoms import PRENOMS
from knowledge.text import fold

MARQUE = "…"
_SENS: dict[str, Callable[[str], str]] = {"Cf": lambda _: "", "Zs": lambda _: " ", "Nd": lambda c: str(unicodedata.decimal(c))}

_COURRIEL = re.compile(
    r"[\w.+-]*@\w[\w-]*(?:\.[\w-]+)*(?:\s?[.,]\s?(?:fr|com|net|org|eu|be)\b)?|[\w.+-]+\s?@\s?[\w-]+\s?[.,]\s?(?:fr|com|net|org|eu|be)\b|[\w.+-]+\s?(?:\(at\)|\[at\]|\barob\w+|\bchez\b(?=\s?\w+\s?(?:point|\.)\s?(?:fr|com|net|org)\b))\s?[\w-]+(?:\s?(?:\.|\bpoint\b)\s?[\w-]+)*",
    re.IGNORECASE,
)
_IBAN = re.compile(r"(?<!\w)[A-Za-z]{2}\d{2}(?:[ .\-]{0,2}(?=[A-Za-z]{0,3}\d)[A-Za-z0-9]{1,30})+(?:[ -]?[A-Z]{1,3}\d{1,2})?(?!\w)")
_NIR = re.compile(r"(?<!\d)[12][ .\-]?\d{2}[ .\-]?\d{2}[ .\-]?(?:\d{2}|2[ABab])[ .\-]?\d{3}[ .\-]?\d{3}(?:[ ./\-]{0,3}(?:cl[ée]\s*:?\s*)?\d{2})?(?!\d)")
_TELEPHONE = re.compile(r"(?<![\d,])(?:(?:\+|00)[ .]?33[ .\-]?(?:\(0\)[ .]?)?|0)[1-9](?:(?:[^\w,;]|_){0,2}\d{2}){4}(?!\d)")
_DIT = r"z[ée]ro|une?|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|vingts?|trente|quarante|cinquante|soixante|septante|nonante"
_DICTE = re.compile(rf"(?<!\w)(?:z[ée]ro|0[1-9]?)(?:[\s,.\-]+(?:et[\s-]+)?(?:{_DIT}|\d{{1,2}})){{4,}}(?!\w)", re.IGNORECASE)

_MOIS = ("jan", "fev", "mar", "avr", "mai", "juin", "juil", "aou", "sep", "oct", "nov", "dec")
_NOM_DE_MOIS = r"janvier|janv\.?|jan\.?|f[ée]vrier|f[ée]v\.?|mars|avril|avr\.?|mai|juin|juillet|juil\.?|ao[ûu]t|septembre|sept\.?|octobre|oct\.?|novembre|nov\.?|d[ée]cembre|d[ée]c\.?"
_SEPAREE = re.compile(
    r"(?<![\d/.-])(0?[1-9]|[12]\d|3[01])(\s?[/.\- ]\s?|\sdu\s)(0?[1-9]|1[0-2])\s?[/.\- ]\s?((?:19|20)\d{2}|\d{2})(?!\d|[/.-]\d|\s?(?:ans?|a|mois)\b)"
)
_ISO = re.compile(r"(?<!\d)((?:19|20)\d{2})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(?!\d)")
_COLLEE = re.compile(r"(?<!\d)(0[1-9]|[12]\d|3[01])(0[1-9]|1[0-2])((?:19|20)?\d{2})(?!\d)")
_EN_LETTRES = re.compile(rf"(?<!\d)(\d{{1,2}}|premier)(?:er)?\s+({_NOM_DE_MOIS})\s+((?:19|20)\d{{2}}|\d{{2}}(?!\s?(?:h|ans|e)\b))(?!\d)", re.IGNORECASE)
_JOUR_DIT = rf"\d{{1,2}}(?:er)?|premier|(?:(?:{_DIT})(?:[\s-]et)?[\s-])?(?:{_DIT})"
# A day and a month, the year missing or in words: after a cue of birth they are masked, since no age can be told.
_SANS_AN = re.compile(
    rf"(?<![\w/.-])(?:{_JOUR_DIT})\s+(?:du\s+(?:0?[1-9]|1[0-2])(?!\d)|(?:{_NOM_DE_MOIS})(?!\w))(?:\s+(?:mille|deux mille|dix-neuf cents?)(?:[\s-]+(?:{_DIT}|et|mille|cents?))*)?",
    re.IGNORECASE,
)
_NAISSANCE = re.compile(
    r"(?:\b(?:n[ée]e?s?|naissances?|naiss\.?|ddn|dn|anniv(?:ersaire)?|né\(e\))(?!\w)[^.;,\n]{0,30}|\b(?:est|suis|sont) d[ue]\s+)$", re.IGNORECASE
)
# Dates of a law, a plan, a start: no one's birth.
_TEXTE_DE_LOI = re.compile(
    r"\b(?:lois?|d[ée]crets?|arr[êe]t[ée]s?|ordonnance|circulaire|convention|depuis|avant|rue|place|avenue|jusqu'au|au|r[ée]union|accord)(?: \w+)? (?:du|le|de la|des|au)?\s*$",
    re.IGNORECASE,
)

_REFERENCE = re.compile(
    r"(?<!\w)(n°|nº|n\.|no\b|num\b\.?|num[ée]ros?\b|r[ée]f(?:[ée]rences?)?\b\.?|matricule\b|dossiers?\b|allocataire\b|identifiant\b|passeport\b|cni\b|r[ée]c[ée]piss[ée]\b|demandeur\b|usager\b|contrat\b|compte\b|rib\b|iban\b|nir\b|s[ée]cu\b|immatriculation\b)"
    r"((?:\s*[:#]?\s*(?:n°|de la|de l'|des|de|du|d'|unique|fiscal|allocataire|caf|cpam|msa|[A-ZÀ-Ý](?:[^\W\d]|['-](?!\d))+(?![\w-])|s[ée]cu(?:rit[ée] sociale)?|dossier|compte|demandeur|usager)){0,4}\s*[:#]?\s*)"
    r"((?:[A-Z]{1,6}[ /.-]?)?\d[\dA-Z]*(?:[ /.\-][A-Z]{0,4}\d[\dA-Z]*)*(?:(?-i:[ -][A-Z]{1,4})(?![\w'-]))?|[A-Z]{2,6}(?:/\d+)+)",
    re.IGNORECASE,
)
_PAS_UNE_REFERENCE = re.compile(
    r"\b(?:cerfa|article|formulaire|imprim[ée]|fiches?|loi|d[ée]cret|ordonnance|arr[êe]t[ée]|circulaire|code postal|service|appel|vert)\s*(?:n°|nº|no|num[ée]ro)?\s*$",
    re.IGNORECASE,
)
_EUROS = re.compile(r"\s?(?:€|euros?\b|eur\b)", re.IGNORECASE)
_GARDE = (
    r"(?P<garde>\d{1,3}(?:[ .\u00a0]\d{3})*(?:[.,]\d{1,2})?\s?(?:€|euros?\b)"
    r"|[1-9]\d{0,2}(?:[ \u00a0]\d{3}){2,}(?= (?:habitants|personnes|m[eè]tres|logements|foyers))"
    r"|(?<!\d)(?:19|20)\d{2}(?:\s?[-/–]\s?|\s)(?:19|20)\d{2}(?![\d])"
    r"|(?<!\d)\d{1,2}\s?[/.\-]\s?\d{1,2}\s?[/.\-]\s?(?:20)?\d{2}(?![\d/.\-]))"
)
_SUITE = re.compile(rf"{_GARDE}|(?P<suite>(?<![\w,])\+?\d(?:[ \u00a0.\-_/()·•–]{{0,3}}\d)*(?:[A-Z](?!\w)| [A-Z](?=[,.;]|$))?)")

_PLAQUE = re.compile(
    r"(?<![\w-])(?P<a>[A-HJ-NP-TV-Z]{2})(?P<lien>[ -]?)\d{3}(?P=lien)(?P<b>[A-HJ-NP-TV-Z]{2})(?![\w-])"
    r"|(?<![\w-])\d{1,4}(?P<vieux>[ -]?)(?P<c>(?-i:[A-Z]{2,3})|[A-Z]{2,3}(?=\d))(?P=vieux)(?:\d{2}|2[AB])(?![\w-])",
    re.IGNORECASE,
)
# Two letters that a sentence may put beside a number: « le 115 et », « de 450 en ».
_PETITS_MOTS = set("de le la et en sa ma ta ce se ne me te as es ca ya st mr dr km kg cm mm ml h ht tv fr nb".split())
_VOIE_SURE = r"rue|r\.|avenue|av\.?|ave\.?|boulevard|bd\.?|bld\.?|blvd\.?|all[ée]es?|impasse|imp\.|chemin|route|rte\.?|sentier|ruelle|faubourg|fbg\.?|lotissement|lot\.|hameau|venelle|chauss[ée]e|square|coron"
_VOIE_DOUTEUSE = r"place|pl\.|cours|passage|r[ée]sidence|r[ée]s\.|cit[ée]|cour|clos|quai|villa|voie|domaine|esplanade|mail|rang"
_LIAISON = r"(?:(?:de la|de l['’]|du|des|de|d['’]|les|la|le|l['’])\s*)"
_ADRESSE = re.compile(
    rf"(?<![\w.,€])(?:n°\s*)?(\d{{1,4}}\s?(?:bis|ter|quater|[a-dA-D](?![\w'’]))?)(?:\s*,\s*|\s+)(?:(?:de la|de l['’]|du|des|de)\s*)?(?:({_VOIE_SURE})(?!\w)|({_VOIE_DOUTEUSE})(?!\w))\s*(?={_LIAISON}{{0,2}}([\w]))",
    re.IGNORECASE,
)
_DEMEURE = re.compile(
    rf"\b(?:habit(?:e|es|ent|ant|ante)|demeure|demeurant|domicili\w+|r[ée]side|log[ée]e?|vit|adresse|adr|h[ée]berg[ée]e?)\b\s*[:,]?\s*(?:(?:au|à|dans|sur|la|le|l['’]|est)\s+)*(?:({_VOIE_SURE}|{_VOIE_DOUTEUSE})(?!\w))\s+(?={_LIAISON}{{0,2}}[\w])",
    re.IGNORECASE,
)
_SUITE_DE_VOIE = re.compile(r"\s*(?:,\s*)?(?:b[âa]t(?:iment)?|appt?|apt|appartement|escalier|porte)\.?\s*(?:n°\s*)?[A-Z]?\d{0,4}[A-Z]?(?!\w)", re.IGNORECASE)
_PORTE = re.compile(
    r"\b(?:appartement|b[âa]t\.?|porte|entr[ée]e|escalier|b[âa]timent|maison|chambre|emplacement)\s*(?:n°|nº|num[ée]ro)?\s*(?![TF]\d\b)(?:[A-Z]?\d{1,4}[A-Z]?|(?-i:[A-Z]))(?!\w)"
    r"(?=\s*(?:$|[,.;)]|(?:à|a)\s+[^\d\s]|(?:tour|rue|r[ée]sidence|bloc|b[âa]t|porte|entr[ée]e|escalier|[ée]tage|appt?|apt|appartement|hlm)\b))"
    r"|\b(?:appt?|apt)\.?\s*(?:n°|nº|num[ée]ro)?\s*(?![TF]\d\b)\d{1,4}[A-Z]?(?!\w)(?!\s*(?:ans?|mois|pi[èe]ces?|personnes?|pers|m2|m²|enfants?|euros?|€|chambres?|places?|h)\b|\s*€)",
    re.IGNORECASE,
)
_VOIE = re.compile(rf"(?<![\w.,€'’-])(?:{_VOIE_SURE})(?!\w)\s+(?={_LIAISON}{{0,2}}[\w])", re.IGNORECASE)
_NUMERO_APRES = re.compile(
    r"\s*,?\s*(?:(?:n°|nº|num[ée]ro)\s*\d{1,4}|\d{1,3}(?=\s*(?:$|[,.;)]|(?:à|a)\s+[^\d\s]|\d{5})))(?:\s?(?:bis|ter|quater))?(?!\w)", re.IGNORECASE
)
_NOM_DE_VOIE = re.compile(r"[^\W\d_][\w'’-]*\.?|\d{1,2}(?:er)?(?=\s+[^\W\d_])|(?:19|20)\d{2}")
_PETITS = {"de", "la", "du", "des", "les", "le", "l", "d", "et", "a", "au", "aux", "sur", "sous", "en"}
_TITRES_DE_VOIE = {"general", "docteur", "dr", "marechal", "president", "abbe", "saint", "sainte", "st", "ste", "capitaine", "colonel", "commandant", "maitre", "pasteur", "grand", "grande", "petit", "petite", "vieux", "vieille", "haute", "basse", "quatre", "trois", "freres"}  # fmt: skip
_FIN_DE_VOIE = {"a", "au", "et", "est", "qui", "pour", "cherche", "veut", "en", "il", "elle", "je", "on", "avec", "sans", "demande", "appt", "bat"}


def mask(texte: str, aujourdhui: datetime.date | None = None, surs: frozenset[str] = frozenset()) -> str:
    """The message without e-mail, phone, account, file number, street, name; a birth date becomes an age.

    Places and structures of the base stay. ``surs`` adds folded words that are no one's name.
    """
    aujourdhui = aujourdhui or datetime.date.today()
    connus = known()
    texte = _plain(texte)
    if "@" in texte or "arob" in texte.lower() or "(at)" in texte or "[at]" in texte or "chez" in texte:
        texte = _COURRIEL.sub(lambda m: _email(m, connus), texte)
    if any(c.isdigit() for c in texte):
        texte = _IBAN.sub(lambda m: MARQUE if sum(c.isdigit() for c in m[0]) >= 12 else m[0], texte)
        texte = _NIR.sub(MARQUE, texte)
        texte = _TELEPHONE.sub(lambda m: m[0] if _is_service(m[0], connus) else MARQUE, texte)
        texte = _PLAQUE.sub(lambda m: _plate(m, connus), texte)
        texte = _streets(texte, connus)
        texte = _numbered_after(texte, connus)
        texte = _PORTE.sub(MARQUE, texte)
        texte = _dates(texte, aujourdhui)
        texte = _REFERENCE.sub(_reference, texte)
        texte = _SUITE.sub(lambda m: m[0] if m["garde"] else _digits(m, connus), texte)
    if "ro" in texte.lower() or "0" in texte:
        texte = _DICTE.sub(lambda m: MARQUE if any(c.isalpha() for c in m[0]) else m[0], texte)
    texte = _birthdays(texte)
    texte = _homes(texte, connus)
    for debut, fin in reversed(find_people(texte, connus, surs)):
        texte = texte[:debut] + MARQUE + texte[fin:]
    return re.sub(rf"{MARQUE}(?:[\s-]*{MARQUE})+", MARQUE, texte)


def safe_words() -> frozenset[str]:
    """Folded words and names that ``mask`` never takes for a person's; those of the base when it can be opened."""
    connus = known()
    return connus.mots | connus.phrases | connus.communes


def _plain(texte: str) -> str:
    """One character for each letter, digit and space, none that is not seen: « Mme\u200b Lefebvre » reads as « Mme Lefebvre »."""
    if texte.isascii():
        return texte
    return "".join(c if c.isascii() else _SENS.get(unicodedata.category(c), str)(c) for c in unicodedata.normalize("NFC", texte))


def _is_service(numero: str, connus: Connus) -> bool:
    """Whether a number is that of a service: listed in the base, or a special number (08…)."""
    chiffres = re.sub(r"\D", "", numero)
    return chiffres in connus.numeros or (chiffres.startswith("08") and len(chiffres) == 10)


def _digits(m: re.Match[str], connus: Connus) -> str:
    chiffres = re.sub(r"\D", "", m[0])
    if len(chiffres) < 7 or _is_service(chiffres, connus) or _PAS_UNE_REFERENCE.search(m.string[: m.start()]):
        return m[0]
    groupes = re.findall(r"\d+", m[0])
    apres = m.string[m.end() : m.end() + 12]
    if re.match(r"\s*(?:ans|mois|m2|m²|km|%)\b", apres) and all(len(g) <= 2 for g in groupes):
        return m[0]
    if all(len(g) == 4 and g[:2] in ("19", "20") for g in groupes):
        return m[0]
    if all(re.fullmatch(r"[1-4]\.\d(?:\.\d{1,2})?", bout) for bout in m[0].split()):
        return m[0]
    return MARQUE


def _email(m: re.Match[str], connus: Connus) -> str:
    """« caf@bruay » is how the convention names a team."""
    boite, _, ou = m[0].partition("@")
    return m[0] if fold(boite) in connus.mots and fold(ou) in connus.communes else MARQUE


def _plate(m: re.Match[str], connus: Connus) -> str:
    if m["c"]:
        return m[0] if fold(m["c"]) in connus.mots or fold(m["c"]) in connus.phrases else MARQUE
    return m[0] if m["lien"] == " " and {fold(m["a"]), fold(m["b"])} & _PETITS_MOTS else MARQUE


def _reference(m: re.Match[str]) -> str:
    chiffres = re.sub(r"\D", "", m[3])
    avant = m.string[: m.start()]
    if (
        len(chiffres) < 5
        or (len(chiffres) == 5 and re.match(r"(?:62|59|80)\d{3}$", m[3]))
        or _PAS_UNE_REFERENCE.search(avant)
        or _EUROS.match(m.string, m.end())
        or chiffres.startswith("08")
        and len(chiffres) == 10
    ):
        return m[0]
    if re.fullmatch(r"(?:19|20)\d{2}\s?[-/]\s?(?:19|20)\d{2}", m[3]) or _SEPAREE.fullmatch(m[3]):
        return m[0]
    return m[1] + m[2] + MARQUE


def _streets(texte: str, connus: Connus) -> str:
    """Number and street of a home; the commune and the postcode stay, and the addresses of the base."""
    debut = 0
    while m := _ADRESSE.search(texte, debut):
        fin = _end_of_street(texte, m.end(), connus, bool(m[3]))
        debut = m.end()
        if fin is None:
            continue
        if fold(texte[m.start() : fin]) in connus.phrases:
            debut = fin
            continue
        suite = _SUITE_DE_VOIE.match(texte, fin)
        texte = texte[: m.start()] + MARQUE + texte[suite.end() if suite and suite.end() > fin + 1 else fin :]
        debut = m.start() + 1
    return texte


def _numbered_after(texte: str, connus: Connus) -> str:
    """A street whose number comes after: « rue du Moulin 12 », « rue Salengro n° 45 »."""
    debut = 0
    while m := _VOIE.search(texte, debut):
        debut = m.end()
        fin = _end_of_street(texte, m.end(), connus, False)
        if fin and (dernier := re.search(r"[^\W\d_]\s+\d{1,3}$", texte[m.end() : fin])):
            fin = m.end() + dernier.start() + 1
        numero = _NUMERO_APRES.match(texte, fin) if fin else None
        if numero and re.sub(r"\D", "", numero[0]) not in connus.numeros:
            texte = texte[: m.start()] + MARQUE + texte[numero.end() :]
            debut = m.start() + 1
    return texte


def _homes(texte: str, connus: Connus) -> str:
    """The street where someone is said to live, without a number; the streets of the base stay."""
    m = _DEMEURE.search(texte)
    if m is None:
        return texte
    fin = _end_of_street(texte, m.end(), connus, True)
    voie = m.start(1)
    plat = fold(texte[voie:fin]) if fin else ""
    if (
        fin is None
        or plat in connus.voies
        or plat in connus.phrases
        or all(mot in connus.mots for mot in plat.split())
        and not plat.startswith(("rue", "avenue"))
    ):
        return texte
    return texte[:voie] + MARQUE + texte[fin:]


def _end_of_street(texte: str, position: int, connus: Connus, douteuse: bool) -> int | None:
    """Where the name of a street that starts at ``position`` ends; None when it is no street (« 1 place en crèche »)."""
    liaison = re.match(rf"{_LIAISON}{{0,2}}", texte[position:], re.IGNORECASE)
    lien = liaison[0].lower().strip() if liaison else ""
    position += liaison.end() if liaison else 0
    crie = sum(c.isupper() for c in texte) > 2 * sum(c.islower() for c in texte)
    fin = position
    nombre = 0
    while m := _NOM_DE_VOIE.match(texte, position):
        mot = m[0]
        plat = fold(mot.rstrip("."))
        grand = mot[0].isupper() and not crie
        if nombre == 0:
            if plat in ("soir", "jour", "matin", "moment", "francais", "autonomie", "dispo", "libre", "dans", "en", "pour", "au"):
                return None
            if douteuse and not grand and not mot[0].isdigit() and (not lien or lien in ("de", "d'", "d’", "la", "le")) and not crie:
                return None
        elif _starts_commune(texte, m.start(), connus) or plat in _FIN_DE_VOIE:
            break
        elif plat in _PETITS:
            pass
        elif not grand and not mot[0].isdigit():
            if not _goes_on(texte, m.start(), plat, nombre, connus):
                break
        elif grand and mot.isupper() and len(mot) > 1 and (plat in connus.phrases or len(mot) <= 4):
            break
        position = m.end()
        nombre += 1
        if plat not in _PETITS or nombre == 1:
            fin = m.end()
        espace = re.match(r"[ \u00a0]+|(?<=['’])|\.? ", texte[position:])
        if not espace or nombre > 6:
            break
        position += espace.end()
    return fin if nombre else None


def _goes_on(texte: str, debut: int, plat: str, nombre: int, connus: Connus) -> bool:
    """Whether a word without a capital still belongs to the name of a street typed in a hurry."""
    avant = fold(texte[:debut]).split()[-1:]
    precede = avant[0] if avant else ""
    if (
        precede in _TITRES_DE_VOIE
        or precede in _PETITS
        or precede.isdigit()
        or plat in ("mai", "novembre", "septembre", "mars", "juillet")
        and precede.isdigit()
    ):
        return True
    return nombre <= 2 and precede in PRENOMS and plat not in connus.phrases


def _starts_commune(texte: str, debut: int, connus: Connus) -> bool:
    mots = fold(texte[debut : debut + 60]).split()
    return any(" ".join(mots[:n]) in connus.communes or (n == 1 and mots[0] in connus.hors and mots[0] not in PRENOMS) for n in range(min(6, len(mots)), 0, -1))


def _month(nom: str) -> int:
    plat = fold(nom)
    return next(i for i, debut in enumerate(_MOIS, 1) if plat.startswith(debut) or plat == debut[:3])


def _dates(texte: str, aujourdhui: datetime.date) -> str:
    """Birth dates as an age; other old dates masked; dates of meetings, plans and laws kept."""

    def age(m: re.Match[str], jour: str, mois: int, annee: str) -> str:
        avant = m.string[: m.start()]
        naissance = _NAISSANCE.search(avant)
        an = int(annee) if len(annee) == 4 else int(annee) + (1900 if int(annee) > aujourdhui.year % 100 + (0 if naissance else 3) else 2000)
        passe = (aujourdhui.month, aujourdhui.day) < (mois, int(jour))
        ans = aujourdhui.year - an - passe
        if naissance and 0 <= ans <= 115:
            if ans >= 2:
                return f"({ans} ans)"
            return f"(bébé de {max(0, (aujourdhui.year - an) * 12 + aujourdhui.month - mois - (aujourdhui.day < int(jour)))} mois)"
        if an >= aujourdhui.year - 1 or ans > 115 or _TEXTE_DE_LOI.search(avant):
            return m[0]
        return MARQUE

    texte = _ISO.sub(lambda m: age(m, m[3], int(m[2]), m[1]), texte)
    texte = _SEPAREE.sub(lambda m: age(m, m[1], int(m[3]), m[4]) if m[2].strip() or len(m[4]) == 4 else m[0], texte)
    texte = _COLLEE.sub(lambda m: age(m, m[1], int(m[2]), m[3]) if _NAISSANCE.search(m.string[: m.start()]) else m[0], texte)
    return _EN_LETTRES.sub(lambda m: age(m, "1" if m[1].lower() == "premier" else m[1], _month(m[2]), m[3]), texte)


def _birthdays(texte: str) -> str:
    return _SANS_AN.sub(lambda m: MARQUE if _NAISSANCE.search(m.string[: m.start()]) else m[0], texte)
