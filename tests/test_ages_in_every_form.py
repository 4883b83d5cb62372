"""An age is read in every form that people type, and a duration is never taken for one."""

from __future__ import annotations

import datetime

import pytest

from bot.understanding.ages import find_ages
from bot.understanding.normalise import expand
from bot.understanding.privacy import mask

JOUR = datetime.date(2026, 11, 24)


def ages(message: str) -> list[float]:
    """Ages as the whole chain reads them: birth dates are masked into ages first."""
    return [age.annees for age in find_ages(expand(mask(message, JOUR)), JOUR)]


UN_AGE = {
    "19a": 19,
    "19 a": 19,
    "19ans": 19,
    "19 ans": 19,
    "17 anz": 17,
    "F 34a": 34,
    "H 45a": 45,
    "homme 54 ans": 54,
    "monsieur 67 ans": 67,
    "dame de 82 ans": 82,
    "mamie 90a": 90,
    "ado 14a": 14,
    "gamin 7 ans": 7,
    "garçon 10ans": 10,
    "âgé de 77 ans": 77,
    "une fille de 15 ans": 15,
    "2 ans et demi": 2,
    "mineur de 16 ans et demi": 16,
    "102 ans": 102,
    "mes jumeaux ont 2 ans": 2,
    "au chômage depuis 2 ans, 54 ans": 54,
    # in words
    "un an": 1,
    "enfant de un an": 1,
    "bébé d'un an": 1,
    "quinze ans": 15,
    "dix-neuf ans": 19,
    "vingt et un ans": 21,
    "trente-quatre ans": 34,
    "soixante et onze ans": 71,
    "soixante-douze ans": 72,
    "soixante dix sept ans": 77,
    "septante ans": 70,
    "âgée de quatre-vingts ans": 80,
    "quatre-vingt-trois ans": 83,
    "quatre vingt dix ans": 90,
    "quatre-vingt-dix-sept ans": 97,
    # in months
    "bébé de 8 mois": 0.67,
    "bb 8m": 0.67,
    "enfant de 18 mois": 1.5,
    "elle a 5 mois": 0.42,
    "nourrisson": 0.1,
    "nouveau-né": 0.1,
    # at school
    "son fils est en petite section": 3,
    "en CP": 6,
    "rentre au cp": 6,
    "en ce2": 8,
    "passe en CM2": 10,
    "il est en 6e": 11,
    "entre en sixième": 11,
    "classe de 4e": 13,
    "en 3eme": 14,
    "élève de terminale": 17,
    # birth
    "né en 2007": 19,
    "née en 1958": 68,
    "nés en 2015": 11,
    "né le 12/03/2010": 16,
    "née le 3 mai 2019": 7,
    "né le 25/11/1985": 40,
    "né le 24/11/1985": 41,
    "née le 04-11-1948": 78,
    "ddn 07/09/62": 64,
    "naissance 1978-10-21": 48,
    "le petit est né le 9/2/2025": 1.75,
    "née le 1er octobre 2026": 0.08,
    # not yet, or about
    "bientôt 18 ans": 17,
    "aura 62 ans": 61,
    "pas encore 18 ans": 17,
    "elle va avoir 60 ans": 59,
    "moins de 3 ans": 2,
    "tout juste majeur": 18,
    "la trentaine": 35,
    "une cinquantaine d'années": 55,
    "entre 16 et 25 ans": 20,
    "16/25 ans": 20,
    "16-25 ans": 20,
    "jeune 19 lillers": 19,
    "s'il en avait 30 ?": 30,
}


@pytest.mark.parametrize("message", UN_AGE)
def test_one_age(message: str) -> None:
    assert ages(message) == [pytest.approx(UN_AGE[message], abs=0.01)]


PAS_UN_AGE = (
    "depuis dix ans",
    "il y a 3 ans",
    "pendant 2 ans",
    "dans 2 ans",
    "tous les 2 ans",
    "sur 5 ans",
    "ça fait 5 ans",
    "voilà 8 ans",
    "bail de 3 ans",
    "un cdd de 2 ans",
    "3 ans de retard",
    "10 ans de mariage",
    "15 ans de métier",
    "condamné à 2 ans de prison",
    "retraité depuis deux ans",
    "divorcée depuis trois ans",
    "il travaille depuis plus de 20 ans",
    "enceinte de 7 mois",
    "depuis 6 mois",
    "3 mois de loyer",
    "6 mois de retard",
    "12 rue Pasteur",
    "450 euros",
    "à 3 km",
    "à 14h",
    "62400 Béthune",
    "fiche 3.3.4",
    "2 enfants",
    "collège depuis 3 ans",
)


@pytest.mark.parametrize("message", PAS_UN_AGE)
def test_not_an_age(message: str) -> None:
    assert ages(message) == []


@pytest.mark.parametrize(
    ("message", "attendu"),
    [
        pytest.param("un couple, 67 ans et 71 ans", [67, 71]),
        pytest.param("une mère de 32 ans et son fils de 4 ans", [32, 4]),
        pytest.param("enfants de 4, 6 et 9 ans", [4, 6, 9]),
        pytest.param("un couple, 67 et 71 ans", [67, 71]),
        pytest.param("nourrisson de 3 mois", [0.25]),
        pytest.param("20 ans d'ancienneté", []),
        pytest.param("une dette de 4 ans", []),
        pytest.param("garantie 10 ans", []),
        pytest.param("cent ans", [100]),
        pytest.param("octogénaire isolée", [85]),
        pytest.param("18 mois crèche Lillers", [1.5]),
        pytest.param("petite section", [3]),
        pytest.param("bébé né en mars 2026", [0.67]),
        pytest.param("et 27 ?", [27]),
    ],
)
def test_several_ages_and_hard_ones(message: str, attendu: list[float]) -> None:
    assert ages(message) == [pytest.approx(a, abs=0.01) for a in attendu]


def test_the_words_of_an_age_are_given() -> None:
    assert find_ages("un jeune de 19 ans", JOUR)[0].mots == "19 ans"
