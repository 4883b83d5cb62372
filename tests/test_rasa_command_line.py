"""The commands of Rasa work without our launcher: train, test nlu, run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from knowledge.build import ROOT

ENV = {**os.environ, "RASA_TELEMETRY_ENABLED": "false", "PYTHONWARNINGS": "ignore", "TF_CPP_MIN_LOG_LEVEL": "3"}


def rasa(*arguments: str, delai: int = 600) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "rasa", *arguments], cwd=ROOT, env=ENV, capture_output=True, text=True, timeout=delai, check=False)


@pytest.fixture(scope="module")
def modele(tmp_path_factory: pytest.TempPathFactory) -> Path:
    dossier = tmp_path_factory.mktemp("modeles")
    fin = rasa("train", "--out", str(dossier), "--fixed-model-name", "essai")
    assert fin.returncode == 0, fin.stdout[-2000:] + fin.stderr[-2000:]
    return dossier / "essai.tar.gz"


def test_rasa_train_writes_a_model(modele: Path) -> None:
    assert modele.stat().st_size > 1_000_000


def test_rasa_test_nlu_reads_the_acts(modele: Path, tmp_path: Path) -> None:
    phrases = tmp_path / "essai.yml"
    phrases.write_text(
        'version: "3.1"\nnlu:\n'
        "- intent: annuaire\n  examples: |\n    - crèches à Hinges\n    - adresse du laep d'Auchel\n"
        "- intent: sigle\n  examples: |\n    - CNFS ?\n    - ca veut dire quoi PDALHPD\n"
        "- intent: fiche_action\n  examples: |\n    - qui pilote la fiche 4.1.3\n    - échéance de la 1.5.2\n"
        "- intent: orienter\n  examples: |\n    - la nounou vient de lâcher, elle reprend lundi\n    - plus rien dans le frigo\n",
        encoding="utf-8",
    )
    fin = rasa("test", "nlu", "--nlu", str(phrases), "--model", str(modele), "--out", str(tmp_path / "resultats"), "--no-plot")
    assert fin.returncode == 0, fin.stdout[-2000:] + fin.stderr[-2000:]
    import json

    rapport = json.loads((tmp_path / "resultats" / "intent_report.json").read_text(encoding="utf-8"))
    assert rapport["accuracy"] >= 0.75


def test_rasa_shell_nlu_reads_a_need(modele: Path) -> None:
    fin = subprocess.run(
        [sys.executable, "-m", "rasa", "shell", "nlu", "--model", str(modele)],
        cwd=ROOT, env=ENV, input="monsieur sait pas lire 45 ans bruay\n/stop\n", capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert "illettrisme/adulte" in fin.stdout
    assert "62178" in fin.stdout
