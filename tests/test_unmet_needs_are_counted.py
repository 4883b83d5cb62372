"""A need that the base cannot meet is counted by theme and commune, without a word of what was typed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot import unmet
from bot.assistant import assistant

JOUR = date(2026, 11, 24)


def ask_and_count(dossier: Path, texte: str) -> None:
    aide = assistant()
    compris, reponse, cadre = aide.ask(texte)
    unmet.count(dossier, aide.base, compris, cadre, reponse, JOUR)


def test_outside_the_territory_is_counted(tmp_path: Path) -> None:
    ask_and_count(tmp_path, "un logement pour une dame de Lens")
    assert [(m.theme, m.code_insee, m.raison, m.nombre) for m in unmet.read(tmp_path)] == [("logement", "", "commune hors du territoire", 1)]


def test_an_unknown_schedule_is_counted_once_a_question(tmp_path: Path) -> None:
    for _ in range(3):
        ask_and_count(tmp_path, "les horaires de la crèche de Beuvry ?")
    manques = unmet.read(tmp_path)
    assert [m.nombre for m in manques] == [3]
    assert manques[0].raison == "fait absent de la base"


def test_a_need_that_is_met_is_not_counted(tmp_path: Path) -> None:
    ask_and_count(tmp_path, "où orienter un jeune de 19 ans pour un logement à Lillers ?")
    assert unmet.read(tmp_path) == []


def test_no_word_of_the_person_is_written(tmp_path: Path) -> None:
    ask_and_count(tmp_path, "Mme Vantestaert cherche un logement à Lens, tel 06 39 98 41 27")
    octets = (tmp_path / unmet.FICHIER).read_bytes()
    assert unmet.read(tmp_path)
    for mot in (b"Vantestaert", b"06 39", b"Lens", b"cherche"):
        assert mot not in octets


@pytest.mark.parametrize("dossier", ["/proc/nulle-part"])
def test_a_disk_that_refuses_does_not_stop_the_answer(dossier: str) -> None:
    ask_and_count(Path(dossier), "un logement pour une dame de Lens")
