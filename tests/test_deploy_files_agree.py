"""The files of ``deploy/`` agree with one another and with docs/deploiement.md. What runs them for real is in ``tests/echelle``."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import yaml

from knowledge.build import ROOT

DEPLOY = ROOT / "deploy"
PAGE = (ROOT / "docs/deploiement.md").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load((DEPLOY / "grand/compose.yaml").read_text(encoding="utf-8"))
UNITES = (DEPLOY / "petit/table-orientation.service", DEPLOY / "grand/table-orientation@.service")
DURCI = {"NoNewPrivileges=yes", "ProtectSystem=strict", "ProtectHome=yes", "PrivateTmp=yes", "CapabilityBoundingSet=", "IPAddressDeny=any", "UMask=0077"}


def lines(chemin: Path) -> list[str]:
    return [ligne.strip() for ligne in chemin.read_text(encoding="utf-8").splitlines() if ligne.strip() and not ligne.startswith("#")]


def servers(chemin: Path) -> set[str]:
    return {ligne.split()[1].rstrip(";").partition(":")[0] for ligne in lines(chemin)}


def test_nginx_knows_the_workers_of_compose() -> None:
    ouvriers = {nom for nom in COMPOSE["services"] if nom.startswith("ouvrier")}
    assert len(ouvriers) >= 2
    assert servers(DEPLOY / "grand/nginx/ouvriers.list") == ouvriers
    [formation] = servers(DEPLOY / "grand/nginx/formation.list")
    assert formation in ouvriers
    assert set(COMPOSE["services"]["nginx"]["depends_on"]) == ouvriers


def test_secrets_of_compose_are_those_drawn(tmp_path: Path) -> None:
    subprocess.run(["sh", str(DEPLOY / "grand/secrets.sh"), str(tmp_path / "secrets")], check=True, capture_output=True)
    assert {Path(s["file"]).name for s in COMPOSE["secrets"].values()} == {f.name for f in (tmp_path / "secrets").iterdir()}
    pris = {nom for service in COMPOSE["services"].values() for nom in service.get("secrets", ())}
    assert pris == set(COMPOSE["secrets"])
    assert COMPOSE["networks"]["interne"] == {"internal": True}
    assert {nom for nom, s in COMPOSE["services"].items() if "devant" in s["networks"]} == {"nginx"}


def test_services_are_hardened_alike() -> None:
    petite, grande = (set(lines(unite)) for unite in UNITES)
    assert petite >= DURCI
    propres = re.compile(r"^(?:Description|After|StartLimit|Environment|LoadCredential|Restart|IPAddressAllow|\[)")
    assert {ligne for ligne in petite ^ grande if not propres.match(ligne)} == set()
    # Nothing is written but the folder of the settings.
    assert {ligne for ligne in grande if ligne.startswith(("ReadWritePaths", "StateDirectory="))} == {
        "ReadWritePaths=/var/lib/table-orientation",
        "StateDirectory=table-orientation",
    }
    assert "Environment=TABLE_VAR=/var/lib/table-orientation" in petite & grande


def test_every_file_is_told_and_every_file_told_exists() -> None:
    suivis = subprocess.run(["git", "ls-files", "deploy"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    assert len(suivis) > 10
    for nom in re.findall(r"\bdeploy/[\w@./-]*\w", PAGE):
        assert nom.startswith(("deploy/grand/secrets", "deploy/grand/tls")) or [s for s in suivis if s.startswith(nom)], nom
    autres = "".join((ROOT / s).read_text(encoding="utf-8") for s in suivis)
    for nom in suivis:
        assert nom in PAGE or Path(nom).name.removesuffix(".dockerignore") in PAGE + autres, nom


def test_purge_spares_a_conversation_that_goes_on() -> None:
    minutes = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))["session_config"]["session_expiration_time"]
    assert f"greatest(:jours * 86400, {60 * minutes})" in (DEPLOY / "grand/purge.sql").read_text(encoding="utf-8")
