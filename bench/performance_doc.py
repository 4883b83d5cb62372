"""The tables of docs/performance.md, from what ``bench.performance`` measured."""

from __future__ import annotations

import datetime
import os
import platform
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from knowledge.build import ROOT
from knowledge.docs import replace_block

DOC = ROOT / "docs" / "performance.md"
BLOCS = ("conditions", "cote-a-cote", "buts", "etapes", "echelle")
EPOQUES_CONSEILLEES = 100  # what « rasa init » writes for DIET
EPOQUES_COMPREHENSION = 12  # docs/comprehension.md
_ABSENT = "non mesuré"
Resultats = dict[str, Any]


def write(blocs: dict[str, str], doc: Path = DOC) -> None:
    texte = doc.read_text(encoding="utf-8")
    for nom, bloc in blocs.items():
        texte = replace_block(texte, nom, bloc)
    doc.write_text(texte, encoding="utf-8")


def blocks(r: Resultats) -> dict[str, str]:
    return {"conditions": conditions(r), "cote-a-cote": side_by_side(r), "buts": targets(r), "etapes": steps(r), "echelle": scales(r)}


def table(entete: Sequence[str], lignes: Iterable[Sequence[str]]) -> str:
    reglage = ["---", *["---:"] * (len(entete) - 1)]
    return "\n".join(f"| {' | '.join(ligne)} |" for ligne in (entete, reglage, *lignes))


def number(x: float | None, decimales: int = 0, unite: str = "") -> str:
    if x is None:
        return _ABSENT
    return f"{x:,.{decimales}f}".replace(",", " ").replace(".", ",") + (f" {unite}" if unite else "")


def get(r: Resultats, *chemin: str) -> Any:
    """A figure, None when its part failed or was not run."""
    valeur: Any = r
    for cle in chemin:
        valeur = valeur.get(cle) if isinstance(valeur, dict) else None
    return valeur


def conditions(r: Resultats) -> str:
    memoire = int(next(x for x in Path("/proc/meminfo").read_text().splitlines() if x.startswith("MemTotal")).split()[1]) / 1e6
    modele = next((x.partition(":")[2].strip() for x in Path("/proc/cpuinfo").read_text().splitlines() if x.startswith("model name")), platform.machine())
    versions = ", ".join(f"{nom} {version(nom)}" for nom in ("rasa", "tensorflow", "spacy", "numpy"))
    t = r["tailles"]
    lignes = [
        f"- Mesuré le {datetime.date.today():%d/%m/%Y} par `make bench`, en {number(r['duree_s'] / 60)} min, d'une seule traite.",
        f"- Machine : {os.cpu_count()} cœurs ({modele}), {number(memoire)} Go de mémoire ; charge au départ : {number(r['charge_debut'], 1)}. "
        "Au-dessus de 1, d'autres travaux l'occupaient et les temps ne valent que comme rapports.",
        f"- Python {platform.python_version()}, {versions}.",
        f"- {t['messages']} phrases tirées de `data/nlu`, les mêmes des deux côtés. Celui qui les envoie tourne sur la même machine.",
    ]
    lignes += [f"- **{nom} : échec.** {valeur['echec']}" for nom, valeur in r.items() if isinstance(valeur, dict) and "echec" in valeur]
    return "\n".join(lignes)


def side_by_side(r: Resultats) -> str:
    def row(nom: str, unite: str, *chemin: str, decimales: int = 0) -> list[str]:
        a, b = get(r, "nous", *chemin), get(r, "origine", *chemin)
        rapport = ratio(a, b) if unite else f"×{number(a / b, 1)}" if a and b else ""
        return [nom, number(a, decimales, unite), number(b, decimales, unite), rapport]

    def span(qui: str) -> str:
        d = get(r, qui, "depart")
        return f"{number(d['min'], 1)} à {number(d['max'], 1)} s ({d['fois']} fois)" if d else _ABSENT

    lignes = [
        row("premier démarrage → première réponse, médiane", "s", "depart", "median", decimales=1),
        ["le même, du plus court au plus long", span("nous"), span("origine"), ""],
        row("mémoire résidente (RSS) après 100 réponses", "Mo", "memoire", "rss"),
        row("la même, pages partagées comptées une fois (PSS)", "Mo", "memoire", "pss"),
        row("la même à la fin de l'épreuve (PSS)", "Mo", "memoire_fin", "pss"),
        training_row(r),
    ]
    for qui, nom in (("seul", "une personne"), ("dix", "10 personnes à la fois"), ("cinquante", "50 personnes à la fois")):
        lignes += [row(f"{nom}, {p}", "ms", qui, cle) for p, cle in (("médiane", "p50"), ("p95", "p95"), ("maximum", "max"))]
    lignes.append(row("réponses par seconde, 10 personnes sans pause", "", "dix", "par_seconde", decimales=1))
    lignes += [row(f"50 personnes, 5 s entre deux messages, {p}", "ms", "guichets", cle) for p, cle in (("médiane", "p50"), ("p95", "p95"))]
    lignes += [row("erreurs pendant cette épreuve", "", "guichets", "erreurs")]
    minutes = " et ".join(number(get(r, qui, "guichets", "minutes"), 1) for qui in ("nous", "origine") if get(r, qui, "guichets"))
    return (
        table(["mesure", "Table d'orientation", "Rasa d'origine", "rapport"], lignes)
        + f"\n\nDernière épreuve : {minutes} min (nous, puis Rasa d'origine).\n\n"
        + training(r)
    )


def ratio(a: float | None, b: float | None) -> str:
    return f"1/{number(b / a, 1)}" if a and b else ""


def training_row(r: Resultats) -> list[str]:
    a, b = get(r, "apprendre_nous", "secondes"), get(r, "apprendre_origine", "secondes")
    fois = get(r, "apprendre_origine", "epoques")
    return [f"apprentissage (Rasa d'origine : {fois} époques)" if fois else "apprentissage", number(a, 0, "s"), number(b, 0, "s"), ratio(a, b)]


def training(r: Resultats) -> str:
    """What the epochs not run would have taken, said as what it is."""
    total, epoques, duree = (get(r, "apprendre_origine", cle) for cle in ("secondes", "epoques", "secondes_epoques"))
    nous = get(r, "apprendre_nous", "secondes")
    if not (total and epoques and duree and nous):
        return "Temps d'une époque : non mesuré."
    une = duree / epoques
    textes = [
        f"{n} époques : {number(total + (n - epoques) * une)} s, {ratio(nous, total + (n - epoques) * une)}"
        for n in (EPOQUES_COMPREHENSION, EPOQUES_CONSEILLEES)
    ]
    return f"Une époque a pris {number(une, 1)} s. **Extrapolé, non mesuré** : {' ; '.join(textes)}."


def targets(r: Resultats) -> str:
    def share(*chemin: str) -> float | None:
        a, b = get(r, "nous", *chemin), get(r, "origine", *chemin)
        return a / b if a is not None and b else None

    a, b = get(r, "apprendre_nous", "secondes"), get(r, "apprendre_origine", "secondes")
    buts: list[tuple[str, str, float | None, float, bool]] = [
        ("démarrage, rapport", "≤ 1/8", share("depart", "median"), 1 / 8, True),
        ("mémoire (PSS), rapport", "≤ 1/3", share("memoire", "pss"), 1 / 3, True),
        ("apprentissage, rapport au mesuré", "≤ 1/5", a / b if a and b else None, 1 / 5, True),
        ("p95 seul, rapport", "≤ 1/4", share("seul", "p95"), 1 / 4, True),
        ("réponses par seconde", "≥ 60", get(r, "nous", "dix", "par_seconde"), 60, False),
        ("50 personnes avec pauses, p95 en ms", "≤ 100", get(r, "nous", "guichets", "p95"), 100, True),
        ("50 personnes avec pauses, erreurs", "0", get(r, "nous", "guichets", "erreurs"), 0, True),
        ("chercher, plus grande base, p95 en ms", "≤ 25", largest(r, "chercher"), 25, True),
        ("orienter, plus grande base, p95 en ms", "≤ 25", largest(r, "orienter"), 25, True),
        ("comprendre un message, médiane en ms", "≤ 12", get(r, "etapes", "comprendre", "p50"), 12, True),
        ("réponse entière, seul, p95 en ms", "≤ 35", get(r, "nous", "seul", "p95"), 35, True),
    ]
    lignes = []
    for nom, but, valeur, borne, dessous in buts:
        tenu = "" if valeur is None else "oui" if (valeur <= borne if dessous else valeur >= borne) else "**non**"
        dit = f"1/{number(1 / valeur, 1)}" if valeur and "rapport" in nom else number(valeur, 1)
        lignes.append([nom, but, dit, tenu])
    return table(["but", "voulu", "mesuré", "tenu"], lignes)


def largest(r: Resultats, quoi: str) -> float | None:
    mesurees = [n for n in r["tailles"]["echelles"] if get(r, f"echelle_{n}", quoi)]
    return get(r, f"echelle_{max(mesurees)}", quoi, "p95") if mesurees else None


def steps(r: Resultats) -> str:
    noms = {"comprendre": "comprendre le message", "repondre": "décider et dire"}
    lignes = [[nom, *(number(get(r, "etapes", cle, p), 1, "ms") for p in ("p50", "p95", "max"))] for cle, nom in noms.items()]
    return table(["étape, sans serveur", "médiane", "p95", "maximum"], lignes)


def scales(r: Resultats) -> str:
    tailles = r["tailles"]["echelles"]
    lignes = [[nom, *(number(get(r, f"echelle_{n}", *chemin), d, unite) for n in tailles)] for nom, chemin, d, unite in _ECHELLE]
    return table(["", *(f"×{number(n)}" for n in tailles)], lignes)


_ECHELLE: tuple[tuple[str, tuple[str, ...], int, str], ...] = (
    ("communes", ("lignes", "communes"), 0, ""),
    ("structures", ("lignes", "structures"), 0, ""),
    ("services", ("lignes", "services"), 0, ""),
    ("lieux", ("lignes", "lieux"), 0, ""),
    ("fichier", ("taille_mo",), 0, "Mo"),
    ("écrire la base", ("ecrite_s",), 0, "s"),
    ("ouvrir la base", ("ouverture_s",), 1, "s"),
    ("mémoire de la base", ("memoire_mo",), 0, "Mo"),
    ("préparer l'annuaire", ("annuaire_s",), 1, "s"),
    ("mémoire de l'annuaire", ("memoire_annuaire_mo",), 0, "Mo"),
    ("chercher dans l'annuaire, p95", ("chercher", "p95"), 1, "ms"),
    ("chercher un mot courant sans commune, p95", ("chercher_sans_commune", "p95"), 1, "ms"),
    ("recherche en plein texte (SQLite), p95", ("texte", "p95"), 1, "ms"),
    ("orienter, p95", ("orienter", "p95"), 1, "ms"),
    ("orienter sans commune, p95", ("orienter_sans_commune", "p95"), 1, "ms"),
)
