"""What a training session keeps, and what it forgets."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bot.formation.bilan import indicators
from bot.formation.comptes import Score
from bot.formation.store import DUREE_S, FICHIER, MAX_PARTICIPANTS, PseudoTaken, Reponse, Session, Store, TooMany, read_finished, wall_token
from knowledge.build import ROOT

DEBUT = 1_790_000_000.0
MOIS_S = 30 * 86400


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


def opened(store: Store, maintenant: float = DEBUT, quiz: bool = True) -> tuple[Session, str]:
    avant, apres = (["q1", "q2"], ["q3", "q4"]) if quiz else ([], [])
    return store.create(maintenant, ("logement",), "", False, quiz, ["s1", "s2"], avant, apres)


def said(etape: str, objet: str, resultat: str, fausse: str = "", duree: float | None = None) -> Reponse:
    return Reponse(etape, objet, {"cles": ["x"], "fausses": [fausse] if fausse else []}, resultat, duree)


def test_a_session_is_found_by_its_code_and_its_links(store):
    session, animateur = opened(store)
    assert store.by_code(session.code) == session
    assert store.by_trainer(animateur) == session
    assert store.by_wall(wall_token(animateur)) == session
    assert store.by_trainer(session.code) is None
    assert store.by_wall(animateur) is None
    assert store.by_code("ABCDE" if session.code != "ABCDE" else "ABCDF") is None


def test_links_are_not_on_the_disk(store, tmp_path):
    session, animateur = opened(store)
    _, jeton = store.join(session, "Ana")
    octets = b"".join(f.read_bytes() for f in tmp_path.iterdir())
    assert animateur.encode() not in octets
    assert jeton.encode() not in octets


def test_a_pseudonym_is_taken_once_and_can_be_taken_up_again(store):
    session, _ = opened(store)
    ana, premier = store.join(session, "Ana")
    with pytest.raises(PseudoTaken):
        store.join(session, "ana")
    store.answer(ana, said("avant", "q1", "juste"))
    encore, second = store.join(session, "ANA", reprendre=True)
    assert encore.id == ana.id
    assert store.participant(premier) is None
    assert store.participant(second) == (ana, session)
    assert ("avant", "q1") in store.answers(encore)


def test_a_session_has_room_for_sixty(store):
    session, _ = opened(store)
    for rang in range(MAX_PARTICIPANTS):
        store.join(session, f"P {rang}")
    with pytest.raises(TooMany):
        store.join(session, "encore")


def test_the_first_answer_is_kept(store):
    session, _ = opened(store)
    ana, _ = store.join(session, "Ana")
    premiere = said("situations", "s1", "faux", "z")
    assert store.answer(ana, premiere) == (premiere, True)
    assert store.answer(ana, said("situations", "s1", "juste")) == (premiere, False)
    assert len(store.answers(ana)) == 1


def test_half_of_the_participants_get_the_quizzes_the_other_way_round(store):
    session, _ = opened(store)
    assert session.questions("avant", 1) == session.questions("apres", 2) == ("q1", "q2")
    assert session.questions("apres", 1) == session.questions("avant", 2) == ("q3", "q4")


def test_stages_go_forward_only(store):
    session, _ = opened(store)
    for voulue, ouverte in (("la-lune", "avant"), ("situations", "situations"), ("avant", "situations"), ("apres", "apres"), ("situations", "apres")):
        store.open_stage(session, voulue)
        assert store.by_code(session.code).etape == ouverte, voulue


def test_a_session_without_quiz_has_no_last_quiz(store):
    session, _ = opened(store, quiz=False)
    assert session.etape == "situations"
    store.open_stage(session, "apres")
    assert store.by_code(session.code).etape == "situations"


def answered(store: Store, session: Session) -> None:
    ana, _ = store.join(session, "Anatolie")
    bob, _ = store.join(session, "Bobby")
    for q, resultat in (("q1", "faux"), ("q2", "juste")):
        store.answer(ana, said("avant", q, resultat))
    for q in ("q3", "q4"):
        store.answer(ana, said("apres", q, "juste"))
    store.answer(bob, said("avant", "q3", "juste"))
    store.answer(ana, said("situations", "s1", "proche", "z", 10.0))
    store.answer(bob, said("situations", "s1", "faux", "z", 20.0))
    store.answer(bob, said("situations", "s2", "juste"))


def test_counts_are_the_same_before_and_after_the_end(store):
    session, _ = opened(store)
    answered(store, session)
    pendant = store.results(session)
    assert pendant.score == Score(1, 5.0, 10.0)
    assert pendant.score.progres == 5.0
    s1 = pendant.situations["s1"]
    assert (s1.juste, s1.proche, s1.faux, s1.duree_s, s1.erreur) == (0, 1, 1, 15.0, "z")
    store.close(session)
    assert store.results(store.by_code(session.code)) == pendant


def test_the_end_erases_pseudonyms_from_the_disk(store, tmp_path):
    session, _ = opened(store)
    answered(store, session)
    assert any(b"Anatolie" in f.read_bytes() for f in tmp_path.iterdir())
    store.close(session)
    store.close(session)
    for fichier in tmp_path.iterdir():
        assert b"Anatolie" not in fichier.read_bytes(), fichier.name
        assert b"anatolie" not in fichier.read_bytes(), fichier.name
    assert store.by_code(session.code).finie
    assert store.participants(session) == []


def test_a_forgotten_session_ends_by_itself(store):
    session, _ = opened(store)
    answered(store, session)
    store.sweep(DEBUT + DUREE_S - 1, 12)
    assert not store.by_code(session.code).finie
    store.sweep(DEBUT + DUREE_S + 1, 12)
    assert store.by_code(session.code).finie
    assert store.results(session).participants == 2


def test_counts_are_forgotten_after_the_months_of_the_setting(store, tmp_path):
    session, _ = opened(store)
    answered(store, session)
    store.close(session)
    store.sweep(DEBUT + 11 * MOIS_S, 12)
    assert [(b.participants, b.reponses) for _, b in read_finished(tmp_path)] == [(2, 8)]
    store.sweep(DEBUT + 13 * MOIS_S, 12)
    assert read_finished(tmp_path) == []
    assert store.by_code(session.code) is None


def test_reading_makes_no_file(tmp_path):
    assert read_finished(tmp_path) == []
    assert list(tmp_path.iterdir()) == []


ECRIVAIN = """
import sys
from pathlib import Path
from bot.formation.store import Reponse, Store
store = Store(Path(sys.argv[1]))
session, _ = store.create(0.0, (), "", False, False, [str(n) for n in range(5000)], [], [])
print(session.code, flush=True)
ana, _ = store.join(session, "Ana")
for n in range(5000):
    store.answer(ana, Reponse("situations", str(n), {"cles": ["x"]}, "juste", None))
    print(n, flush=True)
"""


def test_an_acknowledged_answer_survives_kill_9(tmp_path):
    processus = subprocess.Popen(
        [sys.executable, "-c", ECRIVAIN, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    assert processus.stdout
    code = processus.stdout.readline().strip()
    dites = [processus.stdout.readline().strip() for _ in range(40)]
    processus.send_signal(signal.SIGKILL)
    dites += processus.stdout.read().split()
    processus.wait(10)
    apres = Store(tmp_path)
    gardees = {r.objet for _, r in apres.all_answers(apres.by_code(code))}
    assert len(dites) >= 40
    assert set(dites) <= gardees
    assert (tmp_path / FICHIER).exists()


def test_indicators_of_the_sessions_that_ended(store, tmp_path, base):
    assert indicators(tmp_path / "rien", base) == ["Aucune session de formation finie."]
    for fois in range(2):
        session, _ = store.create(DEBUT + fois * 86400, (), "", False, True, ["frigo-vide"], ["q1"], ["q2"])
        ana, _ = store.join(session, "Ana")
        store.answer(ana, said("avant", "q1", "faux"))
        store.answer(ana, said("apres", "q2", "juste"))
        store.answer(ana, said("situations", "frigo-vide", "faux", "z"))
        store.close(session)
    lignes = indicators(tmp_path, base)
    assert lignes[0].startswith("2 sessions, 2 participants, du 2026-09-")
    assert lignes[1] == "Quiz : 0,0 sur 10 avant, 10,0 après, soit +10,0 (2 participants)."
    assert lignes[-1] == "  Le frigo jusqu'au cinq : 0 réponse juste sur 2"
