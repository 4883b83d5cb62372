"""What an import would change in the référent's files, said in French; and the writing of it, checked before and atomic."""

from __future__ import annotations

import csv
import os
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from knowledge.check import check
from knowledge.check_contacts import gives_away, secret
from knowledge.contacts import same_number, same_street
from knowledge.imports.matching import ACCEPTE, Bilan, Cible, Rapprochement
from knowledge.imports.record import Externe, Fichier
from knowledge.reading import Problem, Row, header
from knowledge.schema import PAR_NOM
from knowledge.text import fold
from knowledge.trust import month

DITS = {
    "nom": "nom",
    "commune": "commune",
    "adresse": "adresse",
    "code_postal": "code postal",
    "telephone": "téléphone",
    "courriel": "courriel",
    "site_web": "site",
    "horaires_accueil": "horaires",
}
_MAIRIE = {
    "mairie_adresse": "adresse",
    "mairie_telephone": "téléphone",
    "mairie_courriel": "courriel",
    "mairie_site": "site",
    "mairie_horaires": "horaires",
}
_CITATION = 200


@dataclass(frozen=True)
class Ecart:
    """One row that would be written: what it is, and its cells that change (before, after)."""

    titre: str
    table: str
    cle: str
    valeurs: dict[str, str]
    source: dict[str, str]
    cellules: dict[str, tuple[str, str]]
    remarques: tuple[str, ...] = ()


@dataclass
class Plan:
    ecarts: list[Ecart] = field(default_factory=list)
    inchanges: int = 0
    laisses: list[str] = field(default_factory=list)  # what is not taken, and why
    disparus: list[str] = field(default_factory=list)


def known(tout: Mapping[str, list[Row]], cibles: Mapping[str, Cible], prefixe: str) -> dict[str, Cible]:
    """Items taken at a former import, with the row that they speak of."""
    par_ou = {(cible.structure or "", cible.service or "", cible.lieu or ""): cible for cible in cibles.values()}
    trouves = {}
    for ligne in tout["contact"]:
        cible = par_ou.get((ligne["structure"], ligne["service"], ligne["lieu"]))
        if ligne["id"].startswith(prefixe) and cible:
            trouves[ligne["id"]] = cible
    return trouves


def plan(bilan: Bilan, tout: Mapping[str, list[Row]], fichier: Fichier, connus: Mapping[str, Cible]) -> Plan:
    """Compare what the file says with what the sources say."""
    resultat = Plan()
    communes = {ligne["code_insee"]: ligne for ligne in tout["commune"]}
    structures, lieux = secret(tout)  # type: ignore[arg-type]
    anciens = {ligne["id"]: ligne for ligne in tout["contact"]}
    dates = {ligne["id"]: ligne["date"] for ligne in tout["source"]}
    for r in bilan.surs:
        cachee = r.cible.structure in structures or r.cible.lieu in lieux
        valeurs = _contact(r, communes, cachee, anciens.get(r.externe.id))
        resultat.laisses += [f"{r.externe.nom} : {raison}." for raison in r.externe.laisses]
        if not any(valeurs[champ] for champ in ("telephone", "adresse", "courriel", "site_web")):
            resultat.laisses.append(f"{r.externe.nom} : le fichier ne dit pas comment le joindre.")
            continue
        ancien, source = anciens.get(r.externe.id), _source(r.externe, fichier)
        if ancien and r.externe.laisses and any(ancien[champ] and not valeurs[champ] for champ in DITS):
            resultat.laisses.append(f"{r.externe.nom} : ce qui était connu reste.")
            continue
        cellules = _changes(ancien, valeurs, DITS)
        if ancien and dates.get(r.externe.id) != source["date"]:
            cellules["date de la page"] = (dates.get(r.externe.id, ""), source["date"])
        if ancien and not cellules or r.externe.service and r.raison != ACCEPTE and _nothing_new(valeurs, tout["contact"]):
            resultat.inchanges += 1
            continue
        titre = f"{r.cible.nom} ({r.cible.id}), d'après « {r.externe.nom} », {r.score:.0f} %, {r.raison} [{r.externe.id}]"
        resultat.ecarts.append(Ecart(titre, "contact", r.externe.id, valeurs, source, cellules, _disagreements(valeurs, tout["contact"])))
    for code, externes in sorted(bilan.mairies.items()):
        _town_hall(communes[code], externes, fichier, resultat)
    resultat.disparus = sorted(cle for cle in connus if cle not in bilan.vus and cle.startswith("di-service-") == bilan.services)
    return resultat


def _contact(r: Rapprochement, communes: Mapping[str, Row], cachee: bool, ancien: Row | None) -> dict[str, str]:
    e, cible = r.externe, r.cible
    commune = communes.get(e.code_insee or "")
    autre_nom = e.nom if r.raison == ACCEPTE and fold(e.nom) != fold(cible.nom) else ""
    adresse = e.adresse or ""
    if adresse and not commune and e.ville:
        adresse = f"{adresse}, {e.ville}"
    citations = [e.nom, e.telephone, e.courriel, *(() if cachee else (e.adresse,))]
    if cachee:
        adresse, citations, autre_nom = "", [cible.nom, *citations[1:]], ""
    code_postal = e.code_postal or ""
    if commune and code_postal not in commune.liste("codes_postaux"):
        code_postal = ""  # a CEDEX
    horaires = e.horaires or ""
    return {
        "id": e.id,
        "structure": cible.structure or "",
        "service": cible.service or "",
        "lieu": cible.lieu or "",
        "nom": ancien["nom"] if ancien else autre_nom,
        "commune": commune["code_insee"] if commune and not cachee else "",
        "adresse": adresse,
        "code_postal": code_postal if adresse else "",
        "telephone": e.telephone or "",
        "courriel": e.courriel or "",
        "site_web": e.site_web or "",
        "horaires_accueil": "" if cachee and gives_away(horaires) else horaires,
        "source": e.id,
        "ligne": "",
        "citation": "|".join(c.replace("|", "/")[:_CITATION] for c in citations if c),
    }


def _source(e: Externe, fichier: Fichier) -> dict[str, str]:
    # A page dated the day it is read would pass for undated: the month is enough.
    date = e.date if e.date != fichier.lu else e.date[:7]
    return {
        "id": e.id,
        "titre": f"{e.nom} ({fichier.titre}, fichier {fichier.nom}, {fichier.licence})",
        "editeur": fichier.editeur,
        "date": date,
        "date_consultation": fichier.lu,
        "url": e.url,
        "officielle": "1" if fichier.officielle else "0",
        "libelle_court": f"{fichier.court}, {month(date)}",
    }


def _changes(ancien: Row | None, valeurs: Mapping[str, str], dits: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    avant = {champ: ancien[champ] if ancien else "" for champ in dits}
    return {dits[champ]: (avant[champ], valeurs[champ]) for champ in dits if avant[champ] != valeurs[champ]}


def _nothing_new(valeurs: Mapping[str, str], contacts: Iterable[Row]) -> bool:
    """A service often repeats what its structure says."""
    siens = [c for c in contacts if c["structure"] == valeurs["structure"] and c["lieu"] == valeurs["lieu"]]
    return all(not valeurs[champ] or any(c[champ] == valeurs[champ] for c in siens) for champ in ("telephone", "courriel", "adresse"))


def _disagreements(valeurs: Mapping[str, str], contacts: Iterable[Row]) -> tuple[str, ...]:
    """Other pages that state another number or street for the same place."""
    remarques = []
    for c in contacts:
        if c["id"] == valeurs["id"] or any(c[champ] != valeurs[champ] for champ in ("structure", "service", "lieu", "nom", "commune")):
            continue
        for champ, pareils in (("telephone", same_number), ("adresse", same_street)):
            if c[champ] and valeurs[champ] and not pareils(c[champ], valeurs[champ]):
                remarques.append(f"la page « {c['source']} » dit autre chose : {c[champ]}. Les deux seront montrés.")
    return tuple(remarques)


def _town_hall(commune: Row, externes: list[Externe], fichier: Fichier, resultat: Plan) -> None:
    if len(externes) > 1:
        resultat.laisses.append(f"{commune['nom']} : le fichier a {len(externes)} mairies principales. Corrigez commune.csv à la main.")
        return
    [e] = externes
    resultat.laisses += [f"{e.nom} : {raison}." for raison in e.laisses]
    valeurs = dict(commune.valeurs)
    lus = {
        "mairie_adresse": f"{e.adresse}, {e.code_postal or ''} {commune['nom']}".replace("  ", " ") if e.adresse else "",
        "mairie_telephone": e.telephone if e.telephone and len(e.telephone) > 4 else "",
        "mairie_courriel": e.courriel,
        "mairie_site": e.site_web,
        "mairie_horaires": e.horaires,
    }
    for champ, lu in lus.items():
        # What the file does not say stays: the file may be poorer than a correction made by hand.
        if lu and not _same_cell(champ, commune[champ], lu):
            valeurs[champ] = lu
    cellules = _changes(commune, valeurs, _MAIRIE)
    if not cellules:
        resultat.inchanges += 1
        return
    sources, lignes, citations = commune.liste("source"), commune["ligne"].split("|"), commune["citation"].split("|")
    rang = next((i for i, s in enumerate(sources) if s.startswith(("dila-annuaire", "annuaire-"))), None)
    citation = " ; ".join(x for x in (e.nom, e.telephone, e.courriel) if x).replace("|", "/")[:_CITATION]
    if rang is None:
        sources, lignes, citations = [*sources, e.id], [*lignes, ""], [*citations, citation]
    else:
        sources[rang], citations[rang] = e.id, citation
    valeurs |= {"source": "|".join(sources), "ligne": "|".join(lignes), "citation": "|".join(citations)}
    resultat.ecarts.append(Ecart(f"Mairie : {commune['nom']} [{e.id}]", "commune", commune["code_insee"], valeurs, _source(e, fichier), cellules))


def _same_cell(champ: str, a: str, b: str) -> bool:
    if champ == "mairie_adresse":
        return bool(a) and same_street(a, b)
    if champ == "mairie_site":
        return a.removeprefix("https://").removeprefix("http://").rstrip("/") == b.removeprefix("https://").removeprefix("http://").rstrip("/")
    return fold(a) == fold(b) if champ == "mairie_horaires" else a.lower() == b.lower()


def problems(ecarts: Iterable[Ecart], tout: Mapping[str, list[Row]]) -> list[Problem]:
    """What ``knowledge check`` would say once the rows are written."""
    apres = {nom: list(lignes) for nom, lignes in tout.items()}
    for table, valeurs in _rows(ecarts):
        nouvelle = Row(table, 0, {champ: valeurs[champ] for champ in header(PAR_NOM[table])})
        cle = PAR_NOM[table].cle.nom
        lignes = apres[table]
        rang = next((i for i, ligne in enumerate(lignes) if ligne[cle] == valeurs[cle]), None)
        if rang is None:
            lignes.append(nouvelle)
        else:
            lignes[rang] = Row(table, lignes[rang].ligne, nouvelle.valeurs)
    return check(apres)


def write(ecarts: list[Ecart], dossier: Path) -> dict[str, int]:
    """Write the rows in their files, each file at once; the number of rows by table.

    Sources first: if the machine stops between two files, a source without contact harms nothing. Raises OSError.
    """
    comptes: dict[str, int] = {}
    for table in ("source", "contact", "commune"):
        voulues = {valeurs[PAR_NOM[table].cle.nom]: valeurs for nom, valeurs in _rows(ecarts) if nom == table}
        if voulues:
            _rewrite(dossier / f"{table}.csv", voulues)
            comptes[table] = len(voulues)
    return comptes


def _rows(ecarts: Iterable[Ecart]) -> Iterable[tuple[str, dict[str, str]]]:
    for ecart in ecarts:
        yield "source", ecart.source
        yield ecart.table, ecart.valeurs


def _rewrite(chemin: Path, voulues: Mapping[str, dict[str, str]]) -> None:
    """Replace the rows that have these keys, add the others at the end; the rest stays as it was."""
    with open(chemin, encoding="utf-8-sig", newline="") as fichier:
        entete, *lignes = csv.reader(fichier)
    restantes = dict(voulues)
    nouvelles = []
    for cellules in lignes:
        valeurs = restantes.pop(cellules[0], None) if cellules else None
        nouvelles.append([valeurs[champ] for champ in entete] if valeurs else cellules)
    nouvelles += [[valeurs[champ] for champ in entete] for valeurs in restantes.values()]
    descripteur, provisoire = tempfile.mkstemp(prefix=f".{chemin.stem}-", suffix=".csv", dir=chemin.parent)
    try:
        with open(descripteur, "w", encoding="utf-8", newline="") as fichier:
            csv.writer(fichier, lineterminator="\n").writerows([entete, *nouvelles])
            fichier.flush()
            os.fsync(fichier.fileno())
        Path(provisoire).chmod(chemin.stat().st_mode & 0o777)
        os.replace(provisoire, chemin)
    finally:
        Path(provisoire).unlink(missing_ok=True)
