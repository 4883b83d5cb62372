"""Each accepted advisory concerns a pinned version and says why it is accepted; no version known as dangerous comes back."""

from __future__ import annotations

import importlib.util
import re

import pytest
import yaml
from packaging.version import Version

from knowledge.build import ROOT
from tests.test_docs import rows, text

AVIS = yaml.safe_load(text("outils/avis.yml"))
FIGEES = dict(re.findall(r"^([a-z0-9._-]+)==([^ ;\\]+)", text("requirements.lock"), re.MULTILINE))


@pytest.mark.parametrize("accepte", AVIS["acceptes"], ids=lambda a: a["paquet"])
def test_an_accepted_advisory_still_concerns_us_and_says_why(accepte):
    assert FIGEES.get(accepte["paquet"]) == str(accepte["version"]), "the version changed: read the advisories again, or take the row out"
    assert Version(str(accepte["version"])) < Version(str(accepte["corrige"])), "already mended: take the row out"
    assert accepte["avis"] and all(re.fullmatch(r"(?:CVE|PYSEC|GHSA)-[\w-]+", avis) for avis in accepte["avis"])
    assert accepte["atteint"] == "non", "an advisory that reaches our use is mended, not accepted"
    assert len(accepte["pourquoi"]) > 20 and accepte["quoi"]


def test_no_advisory_is_listed_twice():
    tous = [avis for accepte in AVIS["acceptes"] for avis in accepte["avis"]]
    assert len(tous) == len(set(tous))
    assert len({a["paquet"] for a in AVIS["acceptes"]}) == len(AVIS["acceptes"])


@pytest.mark.parametrize("interdit", AVIS["interdits"], ids=lambda i: i["paquet"])
def test_a_dangerous_version_is_not_pinned(interdit):
    assert Version(FIGEES[interdit["paquet"]]) >= Version(str(interdit["avant"])), interdit["avis"]


def test_every_accepted_package_is_in_the_documentation():
    assert AVIS["lu_le"].strftime("%d/%m/%Y") in text("docs/securite.md")
    lignes = rows(text("docs/securite.md").partition("## Bibliothèques")[2])
    for accepte in AVIS["acceptes"]:
        cellules = lignes[accepte["paquet"]]
        assert cellules[1:3] == [f"{accepte['version']}", str(len(accepte["avis"]))]
        assert cellules[4] == accepte["pourquoi"], "copy the reason from outils/avis.yml"
    assert set(lignes) - {"paquet", "---"} == {a["paquet"] for a in AVIS["acceptes"]}


def test_the_audit_leaves_out_what_is_accepted_and_nothing_else(monkeypatch, capsys):
    fiche = importlib.util.spec_from_file_location("auditer", ROOT / "outils/auditer.py")
    auditer = importlib.util.module_from_spec(fiche)
    fiche.loader.exec_module(auditer)
    options = auditer.ignored()
    assert options[::2] == ["--ignore-vuln"] * (len(options) // 2)
    assert set(options[1::2]) == {avis for accepte in AVIS["acceptes"] for avis in accepte["avis"]}
    for code, erreurs, attendu, dit in (
        (0, "No known vulnerabilities found", 0, "Aucun avis connu"),
        (1, "Found 2 known vulnerabilities in 1 package", 1, "changez la version"),
        (1, "Failed to resolve 'api'", 2, "rien n'a été vérifié"),
        (1, "ERROR: Dependency not found and could not be audited", 2, "rien n'a été vérifié"),
    ):
        monkeypatch.setattr(auditer.subprocess, "run", lambda *_, c=code, e=erreurs, **__: auditer.subprocess.CompletedProcess([], c, "", e))
        assert auditer.main() == attendu
        sortie = capsys.readouterr()
        assert dit in sortie.out + sortie.err
