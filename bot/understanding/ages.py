"""Ages as people type them: « 19a », « dix-neuf ans », « bébé de 8 mois », « né en 2007 », « petite section »."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

from knowledge.text import fold

_UNITES = {
    "un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7, "huit": 8, "neuf": 9, "dix": 10,
    "onze": 11, "douze": 12, "treize": 13, "quatorze": 14, "quinze": 15, "seize": 16,
}  # fmt: skip
_DIZAINES = {"vingt": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60, "septante": 70, "nonante": 90}
_CLASSES = {
    "petite section": 3, "moyenne section": 4, "grande section": 5, "cp": 6, "ce1": 7, "ce2": 8, "cm1": 9, "cm2": 10,
    "6e": 11, "6eme": 11, "sixieme": 11, "5e": 12, "5eme": 12, "cinquieme": 12, "4e": 13, "4eme": 13, "quatrieme": 13,
    "3e": 14, "3eme": 14, "troisieme": 14, "terminale": 17,
}  # fmt: skip
_ENFANT = r"(?:bebe|bb|enfant|enfants|fille|fils|petit|petite|nourrisson|garcon|jumeaux|jumelles|puce|loulou|bout|age|agee|tout petit|gars)"
# « depuis dix ans », « il y a 3 ans », « bail de 3 ans » measure time, not a person.
_DUREE = re.compile(
    r"(?:\bdepuis|\bil y a|\bya|\bpendant|\bdurant|\bdans|\bapres|\bbail de|\bcdd de|\bplan de|\bretard de|\bd une duree de|\bdettes? de|\bcredit de|\bpret de|\bcontrat de|\bformation de|\bgaranti(?:e|es|s)?(?: de)?|\banciennete de|\bsur|\bfait|\btous les|\bca fait|\bvoila|\bd ici)(?: (?:deja|plus de|moins de|bientot|presque|environ|pres de|les|a peu pres|au moins))* $"
)
_GENS = {
    "trentenaire": 35,
    "quadragenaire": 45,
    "quinquagenaire": 55,
    "sexagenaire": 65,
    "septuagenaire": 75,
    "octogenaire": 85,
    "nonagenaire": 95,
    "centenaire": 100,
}
_MOIS = ("janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout", "septembre", "octobre", "novembre", "decembre")
# Months without a word for a child say the age of one only beside what looks after children.
_GARDE = r"(?:creches?|micro creches?|nounou|garderie|halte garderie|assistante maternelle|garde)"
_PLUS_TARD = re.compile(r"(?:\baura|\bva avoir|\bfetera|\bfete ses|\bbientot|\bpas encore|\baura bientot|\bapproche de ses) (?:ses )?$")
_MOINS = re.compile(r"(?:\bmoins de|\bpas encore|\bavant|\bavant ses|\bavant les) $")


@dataclass(frozen=True)
class Age:
    """An age in years (0.67 for 8 months) and the folded words that say it."""

    annees: float
    mots: str


def find_ages(texte: str, aujourdhui: datetime.date | None = None) -> list[Age]:
    """Ages said in a message, in order, each once."""
    aujourdhui = aujourdhui or datetime.date.today()
    plat = _words_to_digits(fold(re.sub(r"(?<=\d),\s+(?=\d{1,3}(?:,| et | ou | ans))", " et ", texte)))
    trouves: list[tuple[int, Age]] = []
    # « 67 et 71 ans » are two people, « entre 16 et 25 ans » and « 16/25 ans » one range.
    for m in re.finditer(r"(?<!\bentre )\b(\d{1,3}(?: (?:et|ou) \d{1,3})+) ans?\b", plat):
        if not _DUREE.search(plat[: m.start()]):
            trouves += [(m.start() + n.start(), Age(float(n[0]), n[0])) for n in re.finditer(r"\d+", m[1]) if int(n[0]) <= 115]
    for m in re.finditer(r"\b(\d{1,3}) ?(?:a|(?<=entre \d\d )et|(?<=entre \d )et) ?(\d{1,3}) ans?\b|\b(\d{1,3}) (\d{1,3}) ans?\b", plat):
        bas, haut = (int(g) for g in m.groups() if g)
        if bas < haut <= 99 and haut - bas <= 20:
            trouves.append((m.start(), Age((bas + haut) // 2, m[0])))
    for m in re.finditer(r"\b(\d{1,3}) ?(?:ans?|anz)\b(?! (?:de|d) (?:retard|loyer|dettes?|travail|metier|mariage|prison|bail|experience|anciennete))", plat):
        avant = plat[: m.start()]
        n = int(m[1])
        if n > 115 or _DUREE.search(avant) or any(d <= m.start() < d + len(a.mots) for d, a in trouves):
            continue
        annees = float(n)
        if _PLUS_TARD.search(avant) or _MOINS.search(avant):
            annees -= 1
        trouves.append((m.start(), Age(annees, m[0])))
    for m in re.finditer(
        rf"\b{_ENFANT}\b(?: \w+){{0,4}}? (\d{{1,2}}) mois\b|\b(\d{{1,2}}) mois\b(?= (?:a garder|a faire garder|bebe|bb)\b)|\b(?:elle|il) a (\d{{1,2}}) mois\b(?! de)"
        rf"|^(\d{{1,2}}) mois\b(?=$| {_GARDE}\b| (?:pour|a|sur) )(?! pour (?:payer|avoir|obtenir))|\b{_GARDE} (?:pour )?(\d{{1,2}}) mois\b(?! (?:de|d)\b)",
        plat,
    ):
        if "depuis" in m[0] or "enceinte" in m[0]:
            continue
        n = int(next(g for g in m.groups() if g))
        trouves.append((m.start(), Age(round(n / 12, 2), f"{n} mois")))
    for m in re.finditer(r"\bnee?s? (?:le \d{1,2} (?:\d{1,2}|\w+) |en (?:(\w+) )?|de )?((?:19|20)\d\d)\b", plat):
        n = (aujourdhui.year - int(m[2])) * 12
        if m[1] in _MOIS:
            n += aujourdhui.month - 1 - _MOIS.index(m[1])
        trouves.append((m.start(), Age(round(max(0, n) / 12, 2) if n < 24 and m[1] in _MOIS else float(max(0, n) // 12), m[0])))
    for classe, annees_classe in _CLASSES.items():
        m2 = re.search(rf"\b(?:en|est en|passe en|rentre en|de|au|entre en|entre au|eleve de|classe de|son|sa)? ?{classe}\b", plat)
        if m2 and re.search(rf"\b(?:en|au|passe|rentre|entre|eleve|classe|niveau) (?:en |de |au |une? )?{classe}\b", plat):
            trouves.append((m2.start(), Age(float(annees_classe), classe)))
    for motif, valeur in (
        (r"\bmajeure? depuis\b|\bvient d avoir la majorite\b|\btout juste majeure?\b|\ba peine majeure?\b", 18.0),
        (r"\bnourrisson\b|\bnouveau ne\b", 0.1),
    ):
        m3 = re.search(motif, plat)
        if m3 and not any(a.annees >= 18 and valeur >= 18 or a.annees < 3 and valeur < 3 for _, a in trouves):
            trouves.append((m3.start(), Age(valeur, m3[0])))
    for m in re.finditer(r"\b(?:la |une )?(vingtaine|trentaine|quarantaine|cinquantaine|soixantaine)\b(?! de)", plat):
        trouves.append((m.start(), Age({"v": 25.0, "t": 35.0, "q": 45.0, "c": 55.0, "s": 65.0}[m[1][0]], m[1])))
    trouves += [(m.start(), Age(float(_GENS[m[1]]), m[1])) for m in re.finditer(rf"\b({'|'.join(_GENS)})s?\b", plat)]
    if not trouves:
        classes = re.finditer(r"\b(?:petite|moyenne|grande) section\b|\bc(?:e|m)[12]\b", plat)
        trouves += [(m.start(), Age(float(_CLASSES[m[0]]), m[0])) for m in classes]
    if not trouves:
        # « et 27 ? », « jeune 19 lillers »: a bare number is an age only next to a word for a person.
        m4 = re.search(
            r"\b(?:s il en avait|si elle en avait|s il en a|si elle en a|jeune|fille|garcon|homme|femme|h|f|monsieur|dame|papy|mamie|enfant|gars|age|et (?:a|s il a|si elle a|pour)|^et(?= \d\d$)) (?:de )?(\d{2})\b(?! (?:euros?|rue|avenue|h|min))",
            plat,
        )
        if m4:
            trouves.append((m4.start(), Age(float(m4[1]), m4[1])))
    uniques: dict[float, Age] = {}
    for _, age in sorted(trouves, key=lambda t: t[0]):
        uniques.setdefault(age.annees, age)
    return list(uniques.values())


def _words_to_digits(plat: str) -> str:
    """Numbers in words below 120 as digits, only where « ans » or « mois » follows."""
    mots = plat.split()
    sortie: list[str] = []
    i = 0
    while i < len(mots):
        valeur, longueur = _number_at(mots, i)
        if longueur and i + longueur < len(mots) and mots[i + longueur] in ("ans", "an", "mois"):
            sortie.append(str(valeur))
            i += longueur
        else:
            sortie.append(mots[i])
            i += 1
    return " ".join(sortie)


def _number_at(mots: list[str], i: int) -> tuple[int, int]:
    """Value and length in words of the number that starts at ``i``; (0, 0) when none does."""
    total, n = 0, 0
    if mots[i] == "cent":
        reste, suite = _unit_at(mots, i + 1)
        return 100 + reste, 1 + suite
    if mots[i : i + 2] == ["quatre", "vingt"] or mots[i : i + 2] == ["quatre", "vingts"]:
        total, n = 80, 2
    elif mots[i] in _DIZAINES:
        total, n = _DIZAINES[mots[i]], 1
    if n:
        j = i + n + (1 if mots[i + n : i + n + 1] == ["et"] else 0)
        reste, suite = _unit_at(mots, j)
        if suite and reste < (20 if total in (60, 80) else 10):
            return total + reste, j + suite - i
        return total, n
    return _unit_at(mots, i)


def _unit_at(mots: list[str], i: int) -> tuple[int, int]:
    if i >= len(mots) or mots[i] not in _UNITES:
        return 0, 0
    valeur = _UNITES[mots[i]]
    if valeur == 10 and i + 1 < len(mots) and _UNITES.get(mots[i + 1], 0) in (7, 8, 9):
        return 10 + _UNITES[mots[i + 1]], 2
    return valeur, 1
