"""Without a sound base nothing starts, and the message says which command to run."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from knowledge.base import Base, BaseUnavailable


def test_a_missing_base(tmp_path: Path) -> None:
    with pytest.raises(BaseUnavailable, match="n'existe pas.*make base"):
        Base.open(tmp_path / "absente.db")


@pytest.mark.parametrize("octets", [b"", b"pas une base", b"SQLite format 3\x00" + b"\xff" * 5000])
def test_a_corrupt_base(tmp_path: Path, octets: bytes) -> None:
    chemin = tmp_path / "abimee.db"
    chemin.write_bytes(octets)
    with pytest.raises(BaseUnavailable, match="python -m knowledge build"):
        Base.open(chemin)


def test_a_damaged_page(base_path: Path, tmp_path: Path) -> None:
    octets = bytearray(base_path.read_bytes())
    for debut in range(8192, len(octets), 4096):
        octets[debut : debut + 64] = b"\xff" * 64
    chemin = tmp_path / "trouee.db"
    chemin.write_bytes(bytes(octets))
    with pytest.raises(BaseUnavailable, match="abîmée|ne se lit pas"):
        Base.open(chemin)


def test_another_version(base_path: Path, tmp_path: Path) -> None:
    chemin = tmp_path / "autre.db"
    chemin.write_bytes(base_path.read_bytes())
    connexion = sqlite3.connect(chemin)
    connexion.execute("PRAGMA user_version = 999")
    connexion.commit()
    connexion.close()
    with pytest.raises(BaseUnavailable, match="autre version"):
        Base.open(chemin)
