"""Measure the understanding and write docs/comprehension.md: ``python -m bench.comprehension [--cas FICHIER …] [--rapide]``."""

from __future__ import annotations

import argparse
import csv
import datetime
import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from unittest import mock

from bench import bm25, stock
from bench.cases import Case, Played, Responder, by, figures, messages, play, read_cases, score
from bench.held_out import Alarm, Measured, Memory, Reading, by_author, by_style, calibration, confusions, fit, macro_f1, measure, top
from bot.assistant import Assistant, assistant
from bot.understanding.corpus import Exemple, read_corpus
from bot.understanding.lexicon import Lexicon
from bot.understanding.model import SANS_URGENCE, complete_authors, need_labels
from bot.understanding.understand import Understander
from knowledge.__main__ import FrenchParser
from knowledge.base import Base, BaseUnavailable
from knowledge.build import ROOT
from knowledge.docs import replace_block
from knowledge.request import Cadre, Compris

DOC = ROOT / "docs" / "comprehension.md"
DOSSIER = ROOT / "var" / "bench"
URGENCES = ROOT / "tests" / "donnees" / "urgences.csv"
VOIES = {
    "a": "a. plus proches exemples",
    "b": "b. linéaire, sens + lettres",
    "c": "c. b + indices (retenue)",
    "d": "d. c dans la lecture entière",
}
SYSTEMES = {
    "diet": "Rasa d'origine (DIET)",
    "diet_noms": "DIET + tables de noms",
    "bm25": "BM25, 5 passages",
    "nous": "Table d'orientation",
}
Blocs = dict[str, str]


def parser() -> argparse.ArgumentParser:
    p = FrenchParser(prog="python -m bench.comprehension", description="Mesure la compréhension et écrit docs/comprehension.md.")
    p.add_argument("--cas", type=Path, action="append", default=[], metavar="FICHIER", help="conversations à rejouer (JSON Lines) ; peut être répété")
    p.add_argument("--rapide", action="store_true", help="le dernier auteur seulement, sans apprendre DIET ; affiche sans rien écrire")
    return p


def main(arguments: list[str] | None = None) -> int:
    options = parser().parse_args(arguments)
    debut = time.perf_counter()
    try:
        base = Base.open()
        cas = {chemin.name: read_cases(chemin) for chemin in options.cas}
    except (BaseUnavailable, OSError, ValueError, KeyError) as erreur:
        print(f"Mesure impossible : {erreur}", file=sys.stderr)
        return 1
    exemples = read_corpus()
    blocs = {"corpus": corpus_block(exemples)}
    say(debut, f"{len(exemples)} phrases lues")
    memoire = Memory(exemples)
    say(debut, "vecteurs prêts")
    blocs |= held_out_blocks(exemples, base, memoire, options.rapide, debut)
    if cas:
        blocs["cas"] = cases_block(cas, exemples, base, not options.rapide, debut)
    blocs["conditions"] = conditions_block(exemples, base, time.perf_counter() - debut)
    if options.rapide:
        for nom, bloc in blocs.items():
            print(f"\n== {nom}\n\n{bloc}")
        return 0
    DOSSIER.mkdir(parents=True, exist_ok=True)
    (DOSSIER / "mesures.json").write_text(json.dumps(blocs, ensure_ascii=False, indent=1), encoding="utf-8")
    write(blocs)
    say(debut, f"{DOC.relative_to(ROOT)} écrit")
    return 0


def say(debut: float, texte: str) -> None:
    print(f"[{time.perf_counter() - debut:6.0f} s] {texte}", flush=True)


def write(blocs: Blocs, doc: Path = DOC) -> None:
    """Put what was measured between its markers; what was not measured this time stays."""
    texte = doc.read_text(encoding="utf-8")
    for nom, bloc in blocs.items():
        texte = replace_block(texte, nom, bloc)
    doc.write_text(texte, encoding="utf-8")


# ---- phrases held out


def held_out_blocks(exemples: Sequence[Exemple], base: Base, memoire: Memory, rapide: bool, debut: float) -> Blocs:
    lexique = Lexicon(base)
    parts = by_author(exemples)
    complets = complete_authors(exemples)
    entieres = [part for part in parts if part.tenus and part.tenus[0].auteur in complets]
    if rapide:
        parts = entieres = entieres[-1:]
    mesures = []
    for part in parts:
        mesures.append(measure(part, base, lexique, memoire))
        say(debut, f"{part.nom} mesuré")
    auteurs = [m for m in mesures if m.split in entieres]
    cibles = [m for m in mesures if m.split not in entieres]
    styles = []
    for part in [] if rapide else by_style(exemples):
        styles.append(measure(part, base, lexique, memoire))
        say(debut, f"{part.nom} mesuré")
    besoins = [m.besoins for m in auteurs]
    actes = [m.actes for m in auteurs if len(set(m.actes.vrais)) > 1] or [m.actes for m in auteurs]
    blocs = {
        "besoins-auteur": needs_table(auteurs),
        "besoins-theme": themes_table(besoins, base),
        "besoins-confusions": confusions_table(besoins, "c", 15),
        "calibration": calibration_table(besoins),
        "propositions": clauses_table(auteurs[-1], base, lexique, memoire),
        "actes-auteur": acts_table(auteurs),
        "actes-matrice": matrix_table(actes),
        "actes-confusions": confusions_table(actes, "d", 12),
        "urgences": urgency_table(auteurs),
        "urgences-genre": urgency_kinds_table(auteurs),
    }
    say(debut, "urgences et propositions mesurées")
    if cibles:
        blocs["besoins-cibles"] = needs_table(cibles, ensemble=False)
    if styles:
        blocs |= {"besoins-style": needs_table(styles), "actes-style": acts_table(styles)}
    return blocs


def needs_table(mesures: Sequence[Measured], ensemble: bool = True) -> str:
    lignes = []
    for m in mesures:
        lignes += [_needs_row(m.split.nom, m.besoins, voie) for voie in VOIES]
    if len(mesures) > 1:
        tous = pooled([m.besoins for m in mesures])
        lignes += [_needs_row("**ensemble**", tous, voie) for voie in VOIES if ensemble]
    return table(["tenu à l'écart", "phrases", "voie", "1er", "2 premiers", "3 premiers", "F1 macro"], lignes, "lrlrrrr")


def _needs_row(nom: str, r: Reading, voie: str) -> list[str]:
    return [nom, str(len(r.vrais)), VOIES[voie], *(percent(top(r, voie, k)) for k in (1, 2, 3)), decimal(macro_f1(r, voie))]


def pooled(readings: Sequence[Reading]) -> Reading:
    voies = set.intersection(*(set(r.rangs) for r in readings))
    return Reading(
        [v for r in readings for v in r.vrais],
        {voie: [rang for r in readings for rang in r.rangs[voie]] for voie in sorted(voies)},
        [s for r in readings for s in r.sur],
        [e for r in readings for e in r.exemples],
    )


def themes_table(readings: Sequence[Reading], base: Base) -> str:
    tous = pooled(readings)
    themes = [base.besoins[v].theme for v in tous.vrais]
    lignes = []
    for theme in sorted(set(themes)):
        garder = [t == theme for t in themes]
        besoins = {v for v, g in zip(tous.vrais, garder, strict=True) if g}
        lignes.append([theme, str(len(besoins)), str(sum(garder)), *(percent(top(tous, voie, k, garder)) for voie in "ac" for k in (1, 3))])
    return table(["thème", "besoins", "phrases", "a. 1er", "a. 3 premiers", "c. 1er", "c. 3 premiers"], lignes, "lrrrrrr")


def confusions_table(readings: Sequence[Reading], voie: str, combien: int) -> str:
    lignes = [[f"`{vrai}`", f"`{lu}`", str(n), e.texte[:110]] for vrai, lu, n, e in confusions(readings, voie)[:combien]]
    return table(["écrit pour", "lu", "fois", "exemple"], lignes, "llrl")


def calibration_table(readings: Sequence[Reading]) -> str:
    lignes = [[note, str(n), percent(moyenne), percent(juste)] for note, n, moyenne, juste in calibration(readings)]
    total = sum(n for _, n, _, _ in calibration(readings))
    ecart = sum(n * abs(moyenne - juste) for _, n, moyenne, juste in calibration(readings)) / total
    return (
        table(["note du premier besoin", "phrases", "note moyenne", "part juste"], lignes, "lrrr")
        + f"\n\nÉcart moyen entre note et part juste : {decimal(100 * ecart, 1)} points."
    )


def clauses_table(mesure: Measured, base: Base, lexique: Lexicon, memoire: Memory) -> str:
    """The whole reading of one author with and without reading clauses."""
    lecteur = Understander(base, fit(mesure.split, lexique, memoire), lexique)
    with mock.patch("bot.understanding.understand._clauses", lambda _: []):
        sans = [[b.id for b in lecteur.understand(e.texte).besoins] for e in mesure.besoins.exemples]
    r = Reading(mesure.besoins.vrais, {"sans": sans, "avec": mesure.besoins.rangs["d"]}, mesure.besoins.sur, mesure.besoins.exemples)
    lignes = []
    for nom, garder in (("toutes", [True] * len(sans)), ("style long", [e.style == "long" for e in r.exemples])):
        for voie in ("sans", "avec"):
            lignes.append([nom, str(sum(garder)), voie, *(percent(top(r, voie, k, garder)) for k in (1, 2, 3))])
    return table([f"phrases ({mesure.split.nom})", "nombre", "propositions lues", "1er", "2 premiers", "3 premiers"], lignes, "lrlrrr")


def acts_table(mesures: Sequence[Measured]) -> str:
    lignes = []
    for m in mesures:
        lignes += _acts_rows(m.split.nom, m.actes)
    riches = [m.actes for m in mesures if len(set(m.actes.vrais)) > 1]
    if len(riches) > 1:
        lignes += _acts_rows("**ensemble**" if len(riches) == len(mesures) else "**ensemble, sans les auteurs d'un seul acte**", pooled(riches))
    return table(["tenu à l'écart", "phrases", "voie", "acte juste", "dont hors « orienter »", "F1 macro"], lignes, "lrlrrr")


def _acts_rows(nom: str, r: Reading) -> list[list[str]]:
    noms = {"a": VOIES["a"], "b": VOIES["b"], "d": "d. b + signes sûrs d'une question (retenue)"}
    autres = [vrai != "orienter" for vrai in r.vrais]
    return [
        [
            nom,
            f"{len(r.vrais)} (dont {sum(autres)})",
            noms[v],
            percent(top(r, v, 1)),
            percent(top(r, v, 1, autres)) if any(autres) else "–",
            decimal(macro_f1(r, v)) if any(autres) else "–",
        ]
        for v in noms
        if v in r.rangs
    ]


def matrix_table(readings: Sequence[Reading]) -> str:
    """Acts read, by act written, with recall and precision."""
    r = pooled([x for x in readings if "d" in x.rangs])
    lus = [rang[0] for rang in r.rangs["d"]]
    actes = sorted(set(r.vrais) | set(lus), key=lambda a: (-r.vrais.count(a), a))
    lignes = []
    for vrai in actes:
        comptes = [sum(v == vrai and lu == autre for v, lu in zip(r.vrais, lus, strict=True)) for autre in actes]
        n, juste, dits = r.vrais.count(vrai), comptes[actes.index(vrai)], lus.count(vrai)
        lignes.append(
            [
                vrai,
                *(f"**{c}**" if autre == vrai else str(c) if c else "" for autre, c in zip(actes, comptes, strict=True)),
                percent(juste / n) if n else "–",
                percent(juste / dits) if dits else "–",
            ]
        )
    return table(["écrit pour ↓ lu →", *actes, "rappel", "précision"], lignes, "l" + "r" * (len(actes) + 2))


def urgency_table(mesures: Sequence[Measured]) -> str:
    ensembles: list[tuple[str, list[Alarm]]] = [(m.split.nom, m.urgences) for m in mesures]
    ensembles.append(("urgences.csv, modèle entier", file_alarms(assistant().understander)))
    lignes = []
    for nom, alarmes in ensembles:
        for titre, choix in (
            ("urgentes", [a for a in alarmes if a.attendu != SANS_URGENCE]),
            ("non urgentes", [a for a in alarmes if a.attendu == SANS_URGENCE]),
        ):
            surs = [a for a in choix if a.surs]
            doutes = [a for a in choix if not a.surs and a.doutes]
            bons = [a for a in surs if set(a.attendu.split("|")) & set(a.surs)]
            n = len(choix) or 1
            lignes.append(
                [
                    nom,
                    titre,
                    str(len(choix)),
                    *(percent(len(x) / n) for x in (surs, doutes)),
                    percent(1 - (len(surs) + len(doutes)) / n),
                    percent(len(bons) / len(surs)) if titre == "urgentes" and surs else "",
                ]
            )
    return table(["phrases", "genre", "nombre", "bandeau d'urgence", "doute, numéros en tête", "rien", "bon genre d'urgence"], lignes, "llrrrrr")


def urgency_kinds_table(mesures: Sequence[Measured]) -> str:
    """Urgent phrases of all authors by kind; those that only a need makes urgent apart, for they do not all say a danger now."""
    lues = [(a, e) for m in mesures for a, e in zip(m.urgences, m.split.tenus, strict=True) if a.attendu != SANS_URGENCE]
    lignes = []
    for origine in ("urgence", "orienter"):
        for genre in sorted({a.attendu for a, e in lues if e.acte == origine}):
            choix = [(a, e) for a, e in lues if a.attendu == genre and e.acte == origine]
            rates = [e.texte for a, e in choix if not a.surs and not a.doutes]
            surs = sum(bool(a.surs) for a, _ in choix) / len(choix)
            rien = len(rates) / len(choix)
            exemple = min(rates, key=lambda t: (abs(len(t) - 60), t), default="")
            lignes.append(
                [genre, "urgence" if origine == "urgence" else "besoin", str(len(choix)), *map(percent, (surs, 1 - surs - rien, rien)), exemple[:110]]
            )
    return table(["genre", "écrit comme", "nombre", "bandeau d'urgence", "doute", "rien", "exemple sans rien"], lignes, "llrrrrl")


def file_alarms(lecteur: Understander) -> list[Alarm]:
    with open(URGENCES, encoding="utf-8", newline="") as fichier:
        lignes = list(csv.DictReader(fichier))
    lus = [(ligne["attendu"], lecteur.understand(ligne["texte"])) for ligne in lignes]
    return [Alarm(attendu, lu.urgences, lu.doutes) for attendu, lu in lus]


# ---- conversations


def cases_block(cas: dict[str, list[Case]], exemples: Sequence[Exemple], base: Base, apprendre: bool, debut: float) -> str:
    textes = [texte for liste in cas.values() for texte in messages(liste)]
    aide = assistant()
    repondeurs: dict[str, Responder] = {}
    lus = stock_reading(textes, exemples, base, apprendre)
    say(debut, "DIET lu" if lus is not None else "DIET n'est pas appris : laissé de côté")
    if lus is not None:
        tables = stock.lookup_tables(base)
        for nom, noms in (("diet", False), ("diet_noms", True)):
            repondeurs[nom] = conversation(aide, lambda texte, noms=noms: stock.as_request(texte, lus[texte], base, tables, noms))
    index = bm25.BM25(bm25.passages(base))
    repondeurs["bm25"] = lambda dits: "\n".join(index.best(dits[-1]))
    repondeurs["nous"] = conversation(aide, aide.understand)
    aide.ask("combien d'allocataires du RSA à Béthune ?")  # loads what the first answer loads
    morceaux = []
    for fichier, liste in cas.items():
        joues = {nom: play(liste, repondre) for nom, repondre in repondeurs.items()}
        say(debut, f"{fichier} : " + ", ".join(f"{SYSTEMES[nom]} {score(j)[0]}/{score(j)[1]}" for nom, j in joues.items()))
        morceaux.append(f"#### {fichier}, {len(liste)} conversations\n\n{scores_table(joues)}")
    if lus is not None:
        morceaux.append(
            f"Lire un message prend {statistics.median(lus[t]['secondes'] for t in textes) * 1000:.0f} ms (médiane) à Rasa d'origine, à ajouter à son temps de réponse."
        )
    return "\n\n".join(morceaux)


def stock_reading(textes: Sequence[str], exemples: Sequence[Exemple], base: Base, apprendre: bool) -> dict | None:
    empreinte = stock.write_project(exemples, base)
    try:
        return stock.predictions(textes, empreinte, apprendre=apprendre)
    except stock.StockAbsent:
        return None


def conversation(aide: Assistant, lire: Callable[[str], Compris]) -> Responder:
    """A responder that keeps the frame of a conversation from one turn to the next."""
    cadres = [Cadre()]

    def repondre(dits: Sequence[str]) -> str:
        cadre = Cadre() if len(dits) == 1 else cadres[0]
        reponse, cadres[0] = aide.answer(lire(dits[-1]), cadre)
        return "\n".join((reponse.texte, *reponse.boutons))

    return repondre


def scores_table(joues: dict[str, list[Played]]) -> str:
    entete = ["", "conversations", *(SYSTEMES[nom] for nom in joues)]
    lignes = []
    for trait, titre in (("kind", "genre"), ("theme", "thème")):
        par = {nom: by(j, trait) for nom, j in joues.items()}
        for valeur, (_, n) in next(iter(par.values())).items():
            lignes.append([f"{titre} : {valeur}", str(n), *(percent(par[nom][valeur][0] / n) for nom in joues)])
    n = score(next(iter(joues.values())))[1]
    lignes.append(["**ensemble**", str(n), *(f"**{percent(score(j)[0] / n)}**" for j in joues.values())])
    lignes.append(["intervalle à 95 %", "", *(interval(*score(j)) for j in joues.values())])
    mesures = {nom: figures(j) for nom, j in joues.items()}
    lignes.append(["longueur : médiane, 95 %", "", *(f"{m['longueur_mediane']:.0f}, {m['longueur_p95']:.0f}" for m in mesures.values())])
    lignes.append(["temps (ms) : médiane, 95 %", "", *(f"{m['ms_mediane']:.0f}, {m['ms_p95']:.0f}" for m in mesures.values())])
    return table(entete, lignes, "l" + "r" * (len(entete) - 1))


# ---- words and figures


def corpus_block(exemples: Sequence[Exemple]) -> str:
    auteurs = sorted({e.auteur for e in exemples})
    lignes = []
    for style in sorted({e.style for e in exemples}):
        comptes = [sum(e.style == style and e.auteur == a for e in exemples) for a in auteurs]
        lignes.append([f"style {style}", *map(str, comptes), str(sum(comptes))])
    for acte in sorted({e.acte for e in exemples}, key=lambda a: (-sum(e.acte == a for e in exemples), a)):
        comptes = [sum(e.acte == acte and e.auteur == a for e in exemples) for a in auteurs]
        lignes.append([f"acte {acte}", *(str(c) if c else "" for c in comptes), str(sum(comptes))])
    lignes.append(["**toutes**", *(str(sum(e.auteur == a for e in exemples)) for a in auteurs), str(len(exemples))])
    besoins = [b for _, b in need_labels(exemples)]
    rares = min(besoins.count(b) for b in set(besoins))
    return table(["", *auteurs, "ensemble"], lignes, "l" + "r" * (len(auteurs) + 1)) + f"\n\n{len(set(besoins))} besoins ; au moins {rares} phrases par besoin."


def conditions_block(exemples: Sequence[Exemple], base: Base, secondes: float) -> str:
    tables = stock.lookup_tables(base)
    apprentissage = stock.training_figures(stock.write_project(exemples, base)).get("secondes")
    lignes = [
        f"- Mesuré le {datetime.date.today():%d/%m/%Y} : {len(exemples)} phrases, {len(base.indices)} indices, {len(bm25.passages(base))} passages de la base.",
        f"- Machine : {os.cpu_count()} cœurs, occupés aussi par d'autres travaux ; les temps ne valent que comme rapports.",
        f"- Durée de cette mesure : {secondes / 60:.0f} min (sans l'apprentissage de DIET s'il était déjà fait).",
        f"- DIET : {stock.EPOQUES} époques"
        + (f", appris en {apprentissage / 60:.0f} min ici" if apprentissage else "")
        + f" ; tables de noms : {', '.join(f'{len(noms)} {genre}' for genre, noms in tables.items())}.",
    ]
    return "\n".join(lignes)


def table(entete: Sequence[str], lignes: Sequence[Sequence[str]], cadrage: str) -> str:
    """A Markdown table; ``cadrage`` has one letter a column, l or r."""
    rangs = [list(entete), ["---:" if c == "r" else "---" for c in cadrage]]
    rangs += [[cellule.replace("|", "\\|").replace("\n", " ") for cellule in ligne] for ligne in lignes]
    return "\n".join(f"| {' | '.join(rang)} |" for rang in rangs)


def percent(part: float) -> str:
    return f"{100 * part:.1f} %".replace(".", ",")


def decimal(valeur: float, chiffres: int = 3) -> str:
    return f"{valeur:.{chiffres}f}".replace(".", ",")


def interval(bons: int, n: int, z: float = 1.96) -> str:
    """Wilson's interval of a share."""
    p = bons / n
    centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    demi = z / (1 + z * z / n) * ((p * (1 - p) / n + z * z / (4 * n * n)) ** 0.5)
    return f"{100 * (centre - demi):.0f} à {100 * (centre + demi):.0f} %"


if __name__ == "__main__":
    sys.exit(main())
