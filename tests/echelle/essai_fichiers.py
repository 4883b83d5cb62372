"""systemd and Docker accept their files."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from knowledge.build import ROOT

DEPLOY = ROOT / "deploy"


def test_systemd_accepts_the_services(tmp_path: Path) -> None:
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd n'est pas sur cette machine")
    for unite in [*DEPLOY.glob("*/*.service"), *DEPLOY.glob("*/*.timer")]:
        # A program and folders that are not on this machine would be all it says.
        texte = unite.read_text(encoding="utf-8").replace("/opt/table-orientation/.venv/bin/python", "/bin/true").replace("/usr/bin/psql", "/bin/true")
        (tmp_path / unite.name.replace("@", "@5011")).write_text(texte, encoding="utf-8")
    unites = sorted(str(u) for u in tmp_path.iterdir())
    assert len(unites) == 4
    fini = subprocess.run(["systemd-analyze", "verify", "--man=no", *unites], capture_output=True, text=True)
    plaintes = [ligne for ligne in (fini.stdout + fini.stderr).splitlines() if str(tmp_path) in ligne or "table-orientation" in ligne]
    assert (fini.returncode, plaintes) == (0, [])


def test_compose_accepts_its_file() -> None:
    for commande in (["docker", "compose"], ["docker-compose"]):
        if shutil.which(commande[0]) and subprocess.run([*commande, "version"], capture_output=True).returncode == 0:
            fini = subprocess.run([*commande, "-f", str(DEPLOY / "grand/compose.yaml"), "config"], capture_output=True, text=True)
            assert fini.returncode == 0, fini.stderr
            return
    pytest.skip("ni « docker compose » ni « docker-compose » sur cette machine")
