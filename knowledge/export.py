"""Export the base: one JSON object, or one CSV a table."""

from __future__ import annotations

import csv
import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from knowledge.base import Base, Contact, Lieu, Structure
from knowledge.schema import TABLES


def export_json(base: Base) -> dict[str, Any]:
    """The object of design: communes, structures, services, fiches_actions, sigles, chiffres, contradictions, and more keys."""
    return {
        "communes": [{"code_insee": c.code_insee, "nom": c.nom, "population": c.population} for c in base.communes.values()],
        "structures": [_structure(base, s) for s in base.structures.values()]
        + [_place_as_structure(base, lieu) for lieu in base.lieux.values() if not lieu.structure],
        "services": [_service(base, s.id) for s in base.services.values()],
        "fiches_actions": [
            {
                "numero": f.numero,
                "titre": f.titre,
                "pilotes": list(f.pilotes),
                "echeance": f.echeance,
                "public": list(f.public),
                "partenaires": list(f.partenaires),
                "indicateurs": list(f.indicateurs),
                "objectifs": list(f.objectifs),
                "resume": f.resume,
                "theme": f.theme,
            }
            for f in base.fiches.values()
        ],
        "sigles": [{"sigle": s.sigle, "signification": s.signification, "variantes": list(s.variantes), "repare": bool(s.repare)} for s in base.sigles],
        "chiffres": [
            {"libelle": c.libelle, "valeur": c.valeur, "annee": c.annee, "unite": c.unite, "territoire": c.territoire, "note": c.note}
            for c in base.chiffres.values()
        ],
        "contradictions": [{"sujet": c.sujet, "lectures": [c.lecture_a, c.lecture_b], "theme": c.theme} for c in base.contradictions],
        "numeros_nationaux": [
            {"numero": n.numero, "nom": n.nom, "usage": n.usage, "source": [p.source for p in base.provenance("numero_national", n.id)]} for n in base.numeros
        ],
        "mises_a_jour": [
            {"texte": m.texte, "genre": m.genre, "date": m.date, "service": m.service, "structure": m.structure, "lieu": m.lieu, "source": m.source}
            for m in base.mises_a_jour
        ],
        "noms_actuels": [{"convention": n.nom_convention, "aujourdhui": n.nom_actuel, "depuis": n.depuis} for n in base.noms_actuels],
        "faits": [{"texte": f.texte, "structure": f.structure, "service": f.service, "theme": f.theme} for f in base.faits],
        "besoins": [
            {"id": b.id, "nom": b.nom, "theme": b.theme, "services": [r.service for r in base.reponses_par_besoin.get(b.id, [])]} for b in base.besoins.values()
        ],
    }


def _structure(base: Base, s: Structure) -> dict[str, Any]:
    return {
        "id": s.id,
        "nom": s.nom,
        "sigle": s.sigle,
        "type": s.type,
        "etat": s.etat,
        "description": s.description,
        "themes": list(s.themes),
        "lieux": [_lieu(base, lieu) for lieu in base.lieux.values() if lieu.structure == s.id],
        "contacts": [_contact(base, c) for c in base.contacts if c.structure == s.id],
    }


def _place_as_structure(base: Base, lieu: Lieu) -> dict[str, Any]:
    themes = _best_themes(base, lieu.services) or _best_themes(base, [s for autre in base.lieux.values() if autre.type == lieu.type for s in autre.services])
    contacts = [_contact(base, c) for c in base.contacts if c.lieu == lieu.id and not c.structure]
    return {
        "id": lieu.id,
        "nom": lieu.nom,
        "sigle": None,
        "type": lieu.type,
        "etat": lieu.etat,
        "themes": themes,
        "lieux": [_lieu(base, lieu)],
        "contacts": contacts,
    }


def _best_themes(base: Base, services: Iterable[str]) -> list[str]:
    """Themes of the needs for which these services are the best door."""
    cles = set(services)
    reponses = [r for r in base.reponses if r.service in cles]
    premier = min((r.rang for r in reponses), default=0)
    return sorted({base.besoins[r.besoin].theme for r in reponses if r.rang == premier})


def _lieu(base: Base, lieu: Lieu) -> dict[str, Any]:
    return {
        "nom": lieu.nom,
        "type": lieu.type,
        "sous_type": lieu.sous_type,
        "adresse": lieu.adresse,
        "code_postal": lieu.code_postal,
        "commune": base.communes[lieu.commune].nom if lieu.commune else None,
        "gestionnaire": lieu.gestionnaire,
        "etat": lieu.etat,
    }


def _contact(base: Base, c: Contact) -> dict[str, Any]:
    source = base.sources[c.source]
    return {
        "nom": c.nom,
        "service": c.service,
        "lieu": base.lieux[c.lieu].nom if c.lieu else None,
        "commune": base.communes[c.commune].nom if c.commune else None,
        "adresse": c.adresse,
        "code_postal": c.code_postal,
        "telephone": c.telephone,
        "courriel": c.courriel,
        "site_web": c.site_web,
        "horaires_accueil": c.horaires_accueil,
        "confiance": c.mention,
        "source": source.libelle_court,
        "page": source.url,
        "date": source.date,
    }


def _service(base: Base, cle: str) -> dict[str, Any]:
    s = base.services[cle]
    ages = [c for c in s.criteres if c.genre == "age"]
    besoins = [r.besoin for r in base.reponses if r.service == cle]
    return {
        "id": s.id,
        "nom": s.nom,
        "sigle": s.sigle,
        "structure": s.structure,
        "etat": s.etat,
        "description": s.description,
        "themes": sorted({base.besoins[b].theme for b in besoins}),
        "besoins": besoins,
        "age_min": min((c.age_min for c in ages if c.age_min is not None), default=None),
        "age_max": max((c.age_max for c in ages if c.age_max is not None), default=None),
        "communes": [base.communes[c].nom for c in s.zone_eligibilite]
        or sorted({base.communes[lieu.commune].nom for lieu in base.lieux_par_service.get(cle, []) if lieu.commune and lieu.etat not in ("projet", "etude")}),
        "conditions": " ; ".join(c.texte for c in s.criteres) or None,
    }


def export_csv(chemin_base: Path, dossier: Path) -> list[Path]:
    """One CSV a table of the base, several values joined by ``|``."""
    dossier.mkdir(parents=True, exist_ok=True)
    connexion = sqlite3.connect(f"{chemin_base.absolute().as_uri()}?mode=ro", uri=True)
    ecrits = []
    for table in TABLES:
        simples = [c.nom for c in table.colonnes if not c.multiple]
        multiples = [c.nom for c in table.colonnes if c.multiple]
        listes: dict[str, dict[str, list[str]]] = {nom: defaultdict(list) for nom in multiples}
        for nom in multiples:
            for cle, valeur in connexion.execute(f"SELECT {table.nom}, valeur FROM {table.nom}_{nom} ORDER BY rang"):
                listes[nom][cle].append(valeur)
        chemin = dossier / f"{table.nom}.csv"
        with open(chemin, "w", encoding="utf-8", newline="") as fichier:
            sortie = csv.writer(fichier, lineterminator="\n")
            sortie.writerow(simples + multiples)
            for ligne in connexion.execute(f"SELECT {', '.join(simples)} FROM {table.nom} ORDER BY rowid"):
                sortie.writerow([*ligne, *("|".join(listes[nom][ligne[0]]) for nom in multiples)])
        ecrits.append(chemin)
    connexion.close()
    return ecrits
