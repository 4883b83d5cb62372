"""Every training situation is solved anew from the base: a rule that changes and leaves one without a right answer fails here."""

from __future__ import annotations

from collections import Counter

import pytest

from knowledge.base import Base
from knowledge.build import build
from knowledge.formation.exercice import FAUX, JUSTE, PROCHE, Insoluble, mark, request_of
from knowledge.formation.solve import solve, solve_all
from knowledge.orient import orient
from knowledge.reading import SOURCES, read_all
from knowledge.schema import EXERCICES, NIVEAUX, THEMES
from knowledge.text import fold

IDS = [ligne["id"] for ligne in read_all(SOURCES)[0]["situations"]]


def test_there_are_enough_of_each(base: Base):
    situations = list(base.situations.values())
    themes = Counter(s.theme for s in situations)
    assert len(situations) >= 60
    assert set(themes) == set(THEMES)
    assert {s.exercice for s in situations} == set(EXERCICES)
    assert {s.niveau for s in situations} == set(NIVEAUX)
    assert themes["logement"] >= 12
    assert sum(1 for s in situations if s.theme == "illettrisme" and s.signes) >= 12


@pytest.mark.parametrize("cle", IDS)
def test_situation_has_a_right_answer_and_every_door_is_explained(base: Base, cle: str):
    situation = base.situations[cle]
    exercice = solve(situation, base)
    assert exercice.justes
    for option in exercice.options:
        assert option.explication.strip(), option.cle
        assert option.sources, option.cle
    assert len({o.cle for o in exercice.options}) == len(exercice.options)
    assert len({o.libelle for o in exercice.options}) == len(exercice.options)
    if situation.exercice != "libre":
        assert [o for o in exercice.options if o.valeur == FAUX]
        assert len(exercice.options) >= 3
        assert mark(exercice, [exercice.justes[0].cle]) == JUSTE
    assert situation.posture.endswith(".") or situation.posture.endswith("»")
    assert exercice == solve(situation, base)


@pytest.mark.parametrize("cle", IDS)
def test_right_doors_are_those_of_orient_and_wrong_ones_are_not(base: Base, cle: str):
    situation = base.situations[cle]
    if situation.exercice not in ("porte", "libre"):
        return
    proposees = {p.service.id for p in orient(request_of(situation), base, 1_000).propositions}
    for option in solve(situation, base).options:
        assert (option.cle in proposees) == (option.valeur in (JUSTE, PROCHE)), option.cle


@pytest.mark.parametrize("cle", IDS)
def test_no_right_door_is_a_project_or_for_professionals(base: Base, cle: str):
    exercice = solve(base.situations[cle], base)
    for option in exercice.justes:
        service = base.services.get(option.cle)
        assert not service or (service.etat not in ("projet", "etude") and not service.reserve_professionnels)


def test_wrong_doors_come_from_near_misses_with_the_failed_rule(base: Base):
    fausses = {o.cle: o.explication for o in solve(base.situations["garant-quarante"], base).options if o.valeur == FAUX}
    assert "18 à 25 ans, la personne a 40 ans" in fausses["envaul"]


def test_a_changed_rule_changes_the_corrected_answer(sheets, tmp_path):
    numero = sheets.find("critere", lambda r: r["service"] == "cllaj" and r["genre"] == "age")
    sheets.write("critere", numero, age_max="18", texte="16 à 18 ans")
    build(tmp_path / "autre.db", sheets.shorten().dossier)
    autre = Base.open(tmp_path / "autre.db")
    options = {o.cle: o for o in solve(autre.situations["jeune-premier-logement"], autre).options}
    assert options["cllaj"].valeur == FAUX
    assert "16 à 18 ans, la personne a 19 ans" in options["cllaj"].explication
    autre.close()


def test_a_situation_left_without_a_right_door_says_so(sheets, tmp_path):
    lignes = sheets.read("service_besoin")
    rang = lignes[0].index("rang")
    for ligne in lignes[1:]:
        if "droits/alimentation" in ligne:
            ligne[rang] = "3"
    sheets.save("service_besoin", lignes)
    build(tmp_path / "autre.db", sheets.shorten().dossier)
    autre = Base.open(tmp_path / "autre.db")
    with pytest.raises(Insoluble, match="frigo-vide"):
        solve(autre.situations["frigo-vide"], autre)
    assert "frigo-vide" not in solve_all(autre)
    assert len(solve_all(autre)) == len(autre.situations) - 1
    autre.close()


def test_marks_are_right_near_and_wrong(base: Base):
    exercice = solve(base.situations["garant-quarante"], base)
    cles = {v: [o.cle for o in exercice.options if o.valeur == v] for v in (JUSTE, PROCHE, FAUX)}
    assert mark(exercice, cles[JUSTE]) == JUSTE
    assert mark(exercice, cles[JUSTE] + cles[PROCHE]) == JUSTE
    assert mark(exercice, cles[JUSTE][:1] + cles[FAUX][:1]) == PROCHE
    assert mark(exercice, cles[PROCHE]) == PROCHE
    assert mark(exercice, cles[PROCHE] + cles[FAUX]) == FAUX
    assert mark(exercice, cles[FAUX]) == FAUX
    assert mark(exercice, []) == FAUX
    assert mark(exercice, ["la-lune"]) == FAUX


def test_signs_are_those_of_the_grid_and_lead_to_doors(base: Base):
    signes = [s for s in base.situations.values() if s.exercice == "signe"]
    assert len(signes) >= 5
    for situation in signes:
        exercice = solve(situation, base)
        assert {o.cle for o in exercice.justes} == set(situation.signes)
        proposees = {p.service.id for p in orient(request_of(situation), base, 1_000).propositions}
        assert exercice.portes and {o.cle for o in exercice.portes} <= proposees


def test_the_urgent_one_is_the_only_urgent_one(base: Base):
    for situation in base.situations.values():
        if situation.exercice == "urgence":
            exercice = solve(situation, base)
            assert [o.cle for o in exercice.justes] == [situation.id]
            assert len(exercice.options) == 4
            assert all(not base.situations[o.cle].urgence for o in exercice.options if o.valeur == FAUX)
            assert exercice.numeros and all(n.numero in exercice.justes[0].explication for n in exercice.numeros)


def test_situations_say_no_number_and_no_answer(base: Base):
    """No digits that look like a phone, and no name of a right door in what is said before choosing."""
    for situation in base.situations.values():
        texte = " ".join(situation.dialogue)
        assert "@" not in texte
        if situation.exercice == "porte":
            for option in solve(situation, base).justes:
                assert fold(option.libelle) not in fold(texte), situation.id


@pytest.mark.parametrize(
    ("colonne", "valeur", "dit"),
    [("besoins", "", "en a besoin"), ("ages", "jeune", "n'a pas la bonne forme"), ("commune", "75056", "n'existe pas"), ("posture", "", "la cellule est vide")],
)
def test_check_names_the_cell_of_a_bad_situation(sheets, colonne, valeur, dit):
    numero = sheets.find("situations", lambda r: r["exercice"] == "porte")
    sheets.write("situations", numero, **{colonne: valeur})
    [probleme] = sheets.problems()
    assert (probleme.fichier, probleme.ligne, probleme.colonne) == ("situations.csv", numero, colonne)
    assert dit in probleme.message


def test_check_refuses_a_sheet_that_does_not_exist(sheets):
    numero = sheets.find("situations", lambda r: r["exercice"] == "annuaire")
    sheets.write("situations", numero, cible="lieu:la-lune")
    assert "service:, lieu: ou commune:" in str(sheets.problems()[0])


def test_a_door_is_judged_for_the_need_that_it_answers_best(base: Base):
    """A service that only completes one need may be a first door of the other."""
    vues = 0
    for situation in base.situations.values():
        if situation.exercice == "porte" and len(situation.besoins) > 1:
            for option in solve(situation, base).options:
                rangs = [r.rang for r in base.reponses if r.service == option.cle and r.besoin in situation.besoins]
                if option.valeur == JUSTE:
                    assert min(rangs) <= 2, (situation.id, option.cle)
                    vues += 1
                elif option.valeur == PROCHE:
                    assert min(rangs) > 2, (situation.id, option.cle)
    assert vues >= 6
