"""No committed file holds a key, a token or a password."""

from __future__ import annotations

import re

import pytest

from knowledge.build import ROOT
from tests.test_no_registry_host import kept_files

SECRET = re.compile(
    rb"-----BEGIN [A-Z ]*PRIVATE KEY-----"
    rb"|\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"
    rb"|\b(?:ghp|gho|ghs|glpat|pypi|xox[abp]|sk)[-_][A-Za-z0-9_-]{20,}"
    rb"|\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\."
    # A long random value given to something that bears the name of a secret.
    rb"|(?i:jeton\w*|token|secret|password|motdepasse|mot_de_passe|api_?key)[\"']?\s*[:=]\s*[\"']?(?=[\w+/-]*\d)(?=[\w+/-]*[a-z])[\w+/-]{24,}[\"']?\s*(?:$|[,;\s])",
    re.MULTILINE,
)


def found(octets: bytes) -> list[bytes]:
    return [trouve[0] for trouve in SECRET.finditer(octets)]


def test_no_secret_in_any_kept_file():
    fichiers = kept_files()
    if not fichiers:
        pytest.skip("not a git checkout")
    assert {nom: secrets for nom in fichiers if (ROOT / nom).is_file() and (secrets := found((ROOT / nom).read_bytes()))} == {}


@pytest.mark.parametrize(
    "ligne",
    [
        "TABLE_JETON" + "=4f9c1a7be02d83651c4e9a0b7d3f6281",
        'jeton_formateur: "' + "a8B3kd92LmQ0zXv71TnRw5Yc" + '"',
        "-----BEGIN " + "RSA PRIVATE KEY-----",
        "AKIA" + "IOSFODNN7EXAMPLE",
        "ghp_" + "16C7e42F292c6912E7710c838347Ae178B4a",
        "password = '" + "kJ8sPq2mZx0vN4tLr6wY1bDe" + "'",
    ],
)
def test_a_secret_would_be_seen(ligne):
    assert found(f"debut\n{ligne}\nfin".encode())


@pytest.mark.parametrize(
    "ligne",
    ['export TABLE_JETON="$(openssl rand -hex 16)"', 'jeton: str = field(default="", repr=False)', "token = None", "sha256:0123456789abcdef0123456789abcdef"],
)
def test_what_is_not_one_is_left(ligne):
    assert not found(ligne.encode())
