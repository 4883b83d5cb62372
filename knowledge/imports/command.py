"""``python -m knowledge import``: read an open file, show what it would change, write it only when told to."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from knowledge.imports.annuaire import read_annuaire
from knowledge.imports.apply import Ecart, Plan, known, plan, problems, write
from knowledge.imports.data_inclusion import read_data_inclusion
from knowledge.imports.matching import Bilan, Matcher
from knowledge.imports.record import Fichier, FileRefused
from knowledge.reading import read_all
from knowledge.text import plural

GENRES = ("annuaire", "data-inclusion")
_LECTEURS = {"annuaire": read_annuaire, "data-inclusion": read_data_inclusion}
_PREFIXES = {"annuaire": "annuaire-", "data-inclusion": "di-"}
# Who publishes. data.inclusion gathers what others declare: only the label « à confirmer » fits.
_EDITEURS = {
    "annuaire": ("annuaire de l'administration", "DILA (Premier ministre)", True),
    "data-inclusion": ("data.inclusion", "GIP Plateforme de l'inclusion, d'après ses contributeurs", False),
}


def run(genre: str, chemin: Path, dossier: Path, accepter: Iterable[str] = (), appliquer: bool = False, licence: str = "Licence Ouverte 2.0") -> int:
    """Exit code: 0, 1 when the file or the sources are refused, 2 when an answer names what does not exist."""
    tout, fautes = read_all(dossier)
    if fautes:
        return _refuse([str(faute) for faute in fautes[:20]], "Corrigez les sources (python -m knowledge check), puis relancez.")
    matcher = Matcher(tout)
    acceptes = {}
    for reponse in accepter:
        externe, egal, cible = reponse.partition("=")
        if not egal or cible not in matcher.cibles:
            connu = "il faut ID_DU_FICHIER=ID_DE_LA_BASE" if not egal else f"« {cible} » n'est ni une structure, ni un lieu, ni un service en service"
            return _refuse([f"--accepter {reponse} : {connu}."], "Rien n'est écrit.", code=2)
        acceptes[externe] = cible
    connus = known(tout, matcher.cibles, _PREFIXES[genre])
    try:
        bilan = matcher.match(_LECTEURS[genre](chemin), acceptes, connus)
    except FileRefused as refus:
        return _refuse([str(refus)], "Rien n'est écrit.")
    absents = sorted(set(acceptes) - bilan.vus)
    if absents:
        return _refuse([f"--accepter {cle}={acceptes[cle]} : « {cle} » n'est pas dans le fichier." for cle in absents], "Rien n'est écrit.", code=2)
    titre, editeur, officielle = _EDITEURS[genre]
    prevu = plan(bilan, tout, Fichier(chemin.name, titre, editeur, titre, officielle, licence, date.today().isoformat()), connus)
    print("\n".join(report(bilan, prevu)))
    if not prevu.ecarts:
        print("Rien à écrire.")
        return 0
    if not appliquer:
        print("Rien n'est écrit. Pour écrire ce qui est à reprendre : relancez avec --appliquer.")
        return 0
    avant = {str(p) for p in problems([], tout)}
    nouvelles = [str(p) for p in problems(prevu.ecarts, tout) if str(p) not in avant]
    if nouvelles:
        return _refuse(nouvelles[:20], "La base refuserait ces lignes : rien n'est écrit.")
    try:
        comptes = write(prevu.ecarts, dossier)
    except OSError:
        return _refuse([f"Les fichiers de {dossier} ne s'écrivent pas."], "Vérifiez que vous avez le droit d'y écrire et qu'ils ne sont pas ouverts.")
    ecrits = ", ".join(f"{plural(n, 'ligne')} dans {table}.csv" for table, n in comptes.items())
    print(f"Écrit : {ecrits}. Lancez ensuite : python -m knowledge build")
    return 0


def report(bilan: Bilan, prevu: Plan) -> Iterable[str]:
    """The whole of an import, in French, line by line."""
    yield f"{plural(bilan.lus, 'élément')} dans le fichier."
    yield from _part("À reprendre", [ligne for ecart in prevu.ecarts for ligne in _diff(ecart)], len(prevu.ecarts))
    propositions = [
        f"  {r.score:.0f} %  « {r.externe.nom} », {r.externe.ville or 'commune non dite'} → {r.cible.nom} : {r.raison}\n"
        f"        --accepter {r.externe.id}={r.cible.id}"
        for r in bilan.a_confirmer
    ]
    yield from _part("À confirmer, rien n'est pris sans votre accord (relancez avec les --accepter que vous approuvez)", propositions, len(propositions))
    yield from _part("Repris avant, absents de ce fichier : à vérifier, rien n'est retiré", [f"  {cle}" for cle in prevu.disparus], len(prevu.disparus))
    yield from _part("Non repris", [f"  {raison}" for raison in dict.fromkeys(prevu.laisses)], len(dict.fromkeys(prevu.laisses)))
    if prevu.inchanges:
        yield f"Sans changement : {plural(prevu.inchanges, 'ligne')}."


def _part(titre: str, lignes: list[str], n: int) -> Iterable[str]:
    if lignes:
        yield f"{titre} ({n}) :"
        yield from lignes


def _diff(ecart: Ecart) -> Iterable[str]:
    yield f"  {ecart.titre}"
    for nom, (avant, apres) in ecart.cellules.items():
        yield f"      {nom} : {avant or '(vide)'} → {apres or '(vide)'}"
    for remarque in ecart.remarques:
        yield f"      {remarque}"


def _refuse(lignes: list[str], suite: str, code: int = 1) -> int:
    for ligne in lignes:
        print(ligne, file=sys.stderr)
    print(suite, file=sys.stderr)
    return code
