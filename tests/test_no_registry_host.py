"""No committed file names a package registry: each machine uses its own."""

from __future__ import annotations

import re
import subprocess

import pytest

from knowledge.build import ROOT

HOTE = re.compile(rb"\b(?:pypi|pythonhosted|debian|ubuntu|npmjs|anaconda|yarnpkg|jsdelivr|unpkg)\.(?:org|com|net|io)\b", re.IGNORECASE)
INDEX = re.compile(rb"(?:index[-_]url|find[-_]links|registry)[\"']?\s*[=: ]\s*[\"']?https?://", re.IGNORECASE)


def kept_files() -> list[str]:
    """What git holds or would add. Empty where git cannot say."""
    fin = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, capture_output=True, check=False)
    return [nom for nom in fin.stdout.decode().split("\0") if nom]


def test_no_registry_host_in_any_kept_file():
    fichiers = kept_files()
    if not fichiers:
        pytest.skip("not a git checkout")
    fautes = []
    for nom in fichiers:
        chemin = ROOT / nom
        if not chemin.is_file():
            continue
        for numero, ligne in enumerate(chemin.read_bytes().split(b"\n"), 1):
            if HOTE.search(ligne) or INDEX.search(ligne):
                fautes.append(f"{nom}:{numero}")
    assert fautes == []


@pytest.mark.parametrize("hote", ["pypi", "debian", "npmjs"])
def test_a_host_would_be_seen_and_a_package_name_would_not(hote):
    assert HOTE.search(f"https://registry.{hote}.org/simple".encode())
    assert not HOTE.search(f"{hote}-tools==1.0 --hash=sha256:0".encode())


def test_an_index_address_would_be_seen():
    adresse = "https" + "://paquets.exemple.fr/simple"
    assert INDEX.search(f"--index-url {adresse}".encode())
