"""What a session gets: situations spread over themes, and two quizzes that share no question."""

from __future__ import annotations

from collections import Counter

import pytest

from knowledge.base import Base
from knowledge.formation.draw import draw, eligible
from knowledge.formation.exercice import FAUX, JUSTE, PROCHE
from knowledge.formation.libre import compare
from knowledge.formation.quiz import QUESTIONS_PAR_QUIZ, draw_quiz, questions
from knowledge.request import Cadre
from knowledge.schema import THEMES

CHOIX = [(), *[(theme,) for theme in THEMES], ("logement", "illettrisme"), ("mobilite", "emploi", "gens_du_voyage")]


def test_every_question_has_one_right_answer_and_each_is_explained(base: Base):
    toutes = questions(base)
    assert len(toutes) > 200
    for question in toutes.values():
        assert [o.valeur for o in question.options].count(JUSTE) == 1, question.id
        assert len({o.libelle for o in question.options}) == len(question.options) == 4, question.id
        assert all(o.explication and o.sources for o in question.options), question.id
        juste = next(o.cle for o in question.options if o.valeur == JUSTE)
        assert question.mark(juste) == JUSTE
        assert question.mark("la-lune") == FAUX


@pytest.mark.parametrize("themes", CHOIX, ids="-".join)
def test_before_and_after_have_ten_different_questions_of_like_kinds(base: Base, themes):
    toutes = questions(base)
    for graine in ("a", "b", "c"):
        avant, apres = draw_quiz(base, themes, graine)
        assert len(avant) == len(apres) == QUESTIONS_PAR_QUIZ
        assert len({*avant, *apres}) == 2 * QUESTIONS_PAR_QUIZ
        assert [(toutes[a].theme, toutes[a].genre) for a in avant] == [(toutes[b].theme, toutes[b].genre) for b in apres]
        assert (avant, apres) == draw_quiz(base, themes, graine)
    assert draw_quiz(base, themes, "a") != draw_quiz(base, themes, "b")


def test_a_chosen_theme_comes_first(base: Base):
    avant, apres = draw_quiz(base, ("logement",), "x")
    assert {questions(base)[q].theme for q in (*avant, *apres)} == {"logement"}


def test_no_themes_chosen_spreads_over_all(base: Base):
    avant, _ = draw_quiz(base, (), "x")
    assert len({questions(base)[q].theme for q in avant}) == QUESTIONS_PAR_QUIZ


def test_situations_are_spread_over_themes_and_kinds(base: Base):
    choisies = [base.situations[i] for i in draw(eligible(base), 14, "salle")]
    assert len({s.theme for s in choisies}) == 14
    logement = [base.situations[i] for i in draw(eligible(base, ("logement",)), 6, "salle")]
    assert Counter(s.theme for s in logement) == {"logement": 6}
    assert len({s.exercice for s in logement}) >= 4


def test_situations_come_easier_first_and_the_same_for_a_seed(base: Base):
    ids = draw(eligible(base), 20, "salle")
    niveaux = [base.situations[i].niveau for i in ids]
    assert niveaux == sorted(niveaux, key=("decouverte", "courant", "difficile").index)
    assert ids == draw(eligible(base), 20, "salle")
    assert len(set(ids)) == 20


def test_fewer_situations_than_asked_for_is_not_an_error(base: Base):
    assert 0 < len(draw(eligible(base, ("gouvernance",), "decouverte"), 30, "x")) < 30
    assert draw([], 5, "x") == []


def test_only_situations_that_the_base_solves_are_drawn(base: Base):
    assert [s.id for s in eligible(base, ("logement",), connues={"jeune-premier-logement"})] == ["jeune-premier-logement"]


def test_what_was_understood_is_compared_with_the_request(base: Base):
    situation = base.situations["retour-chez-maman"]
    besoin = ("logement/jeune-autonome",)
    assert compare(situation, Cadre(besoins=besoin, commune="62400", ages=(24.0,)), base).resultat == JUSTE
    proche = compare(situation, Cadre(besoins=besoin, ages=(24.0,)), base)
    assert proche.resultat == PROCHE
    assert "Haillicourt" in proche.remarques[0]
    autre = compare(situation, Cadre(besoins=("sante/mentale",), commune="62400", ages=(24.0,)), base, masque=True)
    assert autre.resultat == FAUX
    assert "masqué" in autre.remarques[-1]
    assert compare(situation, Cadre(), base).resultat == FAUX


def test_the_need_that_the_age_moves_is_as_good(base: Base):
    situation = base.situations["retour-chez-maman"]
    assert compare(situation, Cadre(besoins=("logement/recherche",), commune="62400", ages=(24.0,)), base).resultat == JUSTE
