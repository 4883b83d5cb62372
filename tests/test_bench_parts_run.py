"""Each part of the speed bench runs, at tiny sizes; the tables say what was measured, and what failed."""

from __future__ import annotations

import os
import sys
from collections import Counter

import pytest

from bench import echelle, etapes, origine, performance, performance_doc, serveurs, territoire
from bot.understanding.corpus import read_corpus
from tests.serveur import free_port

FAUX = """
import http.server, json, sys
class Faux(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_POST(self):
        recu = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        corps = json.dumps([] if recu["message"] == "silence" else [{"text": "oui"}]).encode()
        self.send_response(200); self.send_header("Content-Length", str(len(corps))); self.end_headers(); self.wfile.write(corps)
    def log_message(self, *_): pass
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Faux).serve_forever()
"""


@pytest.fixture
def serveur(tmp_path):
    port = free_port()
    faux = serveurs.Serveur((serveurs.Commande((sys.executable, "-c", FAUX, str(port)), tmp_path, dict(os.environ)),), port, tmp_path / "journal")
    yield faux
    faux.stop()


def test_a_server_is_started_weighed_asked_and_stopped(serveur):
    assert 0 < serveur.start("bonjour") < serveurs.ATTENTE_S
    [processus] = serveur.processus
    poids = serveur.memory()
    assert 1 < poids["pss"] <= poids["rss"] < 500
    mesure = serveurs.ask(serveur.url, ["a", "silence", "b"], 3, 30).figures()
    assert (mesure["reponses"] + mesure["erreurs"], mesure["erreurs"]) == (30, 10)
    assert 0 < mesure["p50"] <= mesure["p95"] <= mesure["max"]
    attente = serveurs.ask(serveur.url, ["a"], 2, pause=0.2, duree=1.0)
    assert 4 <= len(attente.ms) <= 12
    serveur.stop()
    assert processus.poll() is not None


def test_a_server_that_dies_is_said(tmp_path):
    mort = serveurs.Serveur((serveurs.Commande((sys.executable, "-c", "raise SystemExit(3)"), tmp_path, dict(os.environ)),), free_port(), tmp_path / "journal")
    with pytest.raises(RuntimeError, match="journal"):
        mort.start("bonjour")


def test_a_base_is_enlarged_and_measured(tmp_path):
    chemin = tmp_path / "base.db"
    territoire.write(chemin, 2)
    mesures = echelle.measure(chemin, 20)
    assert mesures["lignes"]["communes"] == 200
    for quoi in ("chercher", "orienter", "texte", "chercher_sans_commune", "orienter_sans_commune"):
        assert 0 < mesures[quoi]["p50"] <= mesures[quoi]["p95"], quoi


def test_steps_of_an_answer_are_measured():
    mesures = etapes.measure(10)
    assert mesures["comprendre"]["p50"] > 0 and mesures["repondre"]["p50"] > 0


def test_stock_project_has_our_phrases_and_an_action(base, tmp_path):
    exemples = read_corpus()[::50]
    origine.write(exemples, base, tmp_path, 1, 5999)
    assert "5999" in (tmp_path / "endpoints.yml").read_text()
    assert "action_porte" in (tmp_path / "domain.yml").read_text()
    regles = (tmp_path / "data" / "rules.yml").read_text()
    assert "action_porte" in regles and "utter_repondre" not in regles
    phrases = Counter(ligne.strip() for ligne in (tmp_path / "data" / "nlu.yml").read_text().splitlines())
    assert all(phrases[f"- {e.texte}"] for e in exemples)
    compile(origine.ACTION, "actions.py", "exec")


def test_progress_bar_of_diet_gives_the_seconds_of_its_epochs():
    ligne = "Epochs:  83%|████ | 5/6 [02:30<00:30, 30.1s/it]\rEpochs: 100%|████| 6/6 [1:03:01<00:00, 30.2s/it]"
    fins = [m for m in performance._AVANCE.finditer(ligne) if m[1] == m[2]]
    assert [m.groups()[2:] for m in fins] == [("1", "03", "01")]


def result(**autres):
    """What a whole run gives, with easy figures."""

    def serveur(fois):
        charge = {"reponses": 100, "erreurs": 0, "p50": 10.0 * fois, "p95": 20.0 * fois, "max": 30.0 * fois, "par_seconde": 90.0 / fois, "minutes": 5.0}
        memoire = {"rss": 400.0 * fois, "pss": 390.0 * fois}
        depart = {"min": 4.0 * fois, "median": 5.0 * fois, "max": 6.0 * fois, "fois": 5}
        return {"depart": depart, "memoire": memoire, "memoire_fin": memoire, "seul": charge, "dix": charge, "cinquante": charge, "guichets": charge}

    tailles = vars(performance.Tailles()) | {"echelles": [1, 1000]}
    trois = {"p50": 1.0, "p95": 26.0, "max": 30.0}
    base = {
        "lignes": {"communes": 100, "structures": 1, "services": 1, "lieux": 1},
        "chercher": trois | {"p95": 3.0},
        "orienter": trois,
    }
    complet = {
        "tailles": tailles,
        "charge_debut": 0.2,
        "duree_s": 1200.0,
        "apprendre_nous": {"secondes": 30.0},
        "apprendre_origine": {"secondes": 200.0, "epoques": 6, "secondes_epoques": 180},
        "nous": serveur(1),
        "origine": serveur(10),
        "etapes": {"comprendre": trois, "repondre": trois},
        "echelle_1": base,
        "echelle_1000": base,
    }
    return complet | autres


def test_tables_hold_the_ratios_and_say_which_aim_is_missed():
    blocs = performance_doc.blocks(result())
    assert "| premier démarrage → première réponse, médiane | 5,0 s | 50,0 s | 1/10,0 |" in blocs["cote-a-cote"]
    assert "**Extrapolé, non mesuré** : 12 époques : 380 s" in blocs["cote-a-cote"]
    assert "| démarrage, rapport | ≤ 1/8 | 1/10,0 | oui |" in blocs["buts"]
    assert "| orienter, plus grande base, p95 en ms | ≤ 25 | 26,0 | **non** |" in blocs["buts"]


def test_a_part_that_failed_is_said_and_the_others_stand():
    blocs = performance_doc.blocks(result(origine={"echec": "RuntimeError : pas de réponse"}, apprendre_origine={"echec": "x"}))
    assert "**origine : échec.** RuntimeError : pas de réponse" in blocs["conditions"]
    assert "| mémoire résidente (RSS) après 100 réponses | 400 Mo | non mesuré |  |" in blocs["cote-a-cote"]


def test_the_document_has_a_place_for_every_table(tmp_path):
    copie = tmp_path / "performance.md"
    copie.write_text(performance_doc.DOC.read_text(encoding="utf-8"), encoding="utf-8")
    performance_doc.write(performance_doc.blocks(result()), copie)
    assert "1/10,0" in copie.read_text(encoding="utf-8")
    assert "make bench" in copie.read_text(encoding="utf-8")
