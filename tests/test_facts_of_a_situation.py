"""Facts of the person's situation: said, denied, or implied by what is said."""

from __future__ import annotations

import pytest

from bot.understanding.normalise import expand
from bot.understanding.situation import find_facts
from knowledge.schema import FAITS

DITS = {
    "il est SDF": "sans_abri",
    "elle dort dans sa voiture": "sans_abri",
    "famille à la rue": "sans_abri",
    "sans ressources depuis mai": "sans_ressource",
    "plus de revenus": "sans_ressource",
    "petite retraite": "ressources_modestes",
    "locataire en HLM": "locataire",
    "le proprio refuse": "locataire",
    "propriétaire de sa maison": "proprietaire",
    "sa maison est trop grande": "proprietaire",
    "il est proprio et veut isoler": "proprietaire",
    "proprio 58a, maison 1930": "proprietaire",
    "proprio occupant": "proprietaire",
    "son locataire ne paie plus": "bailleur",
    "hébergé chez sa soeur": "heberge",
    "étudiant en licence": "etudiant",
    "lycéenne": "lyceen",
    "apprenti boulanger": "apprenti",
    "salariée en CDI": "salarie",
    "intérimaire": "salarie",
    "au chômage": "demandeur_emploi",
    "ni école ni travail": "sans_emploi_ni_formation",
    "retraité des mines": "retraite",
    "seule avec deux enfants": "parent_isole",
    "enceinte de 3 mois": "enceinte",
    "famille nombreuse": "enfants_a_charge",
    "handicapé": "handicap",
    "fils autiste": "handicap",
    "perte d'autonomie": "perte_autonomie",
    "suivi en psychiatrie": "souffrance_psychique",
    "gens du voyage": "gens_du_voyage",
    "sort du foyer de l'enfance": "sortant_ase",
    "touche le RSA": "rsa",
    "allocataire CAF": "allocataire_caf",
    "réfugiée ukrainienne": "demandeur_asile",
    "victime de violences": "victime",
    "il a une RQTH": "rqth",
    "habite en QPV": "quartier_prioritaire",
    "pas de voiture": "sans_voiture",
    "ne conduit plus": "sans_voiture",
    "formation pour mes collègues": "professionnel",
}


@pytest.mark.parametrize("message", DITS)
def test_said(message: str) -> None:
    assert find_facts(expand(message)).get(DITS[message]) is True


@pytest.mark.parametrize("fait", sorted(set(DITS.values())))
def test_facts_are_those_of_the_schema(fait: str) -> None:
    assert fait in FAITS


NIES = {
    "il n'est pas SDF": "sans_abri",
    "elle n'est pas sans abri": "sans_abri",
    "il n'est pas sans ressources": "sans_ressource",
    "pas locataire": "locataire",
    "pas étudiant": "etudiant",
    "pas au chômage": "demandeur_emploi",
    "il n'est pas encore retraité": "retraite",
    "elle n'est pas enceinte": "enceinte",
    "elle n'est plus enceinte": "enceinte",
    "pas handicapé": "handicap",
    "aucun handicap": "handicap",
    "ni handicapé ni malade": "handicap",
    "non salarié": "salarie",
    "pas au RSA": "rsa",
    "pas d'enfants à charge": "enfants_a_charge",
}


@pytest.mark.parametrize("message", NIES)
def test_denied(message: str) -> None:
    assert find_facts(expand(message)).get(NIES[message]) is False


@pytest.mark.parametrize(
    ("message", "fait"),
    [
        ("ne touche pas le RSA", "rsa"),
        ("elle n'a pas le RSA", "rsa"),
        ("elle n'a pas la RQTH", "rqth"),
        ("il n'a jamais été allocataire", "allocataire_caf"),
        ("jamais été handicapé", "handicap"),
    ],
)
def test_denied_before_an_article(message: str, fait: str) -> None:
    assert find_facts(expand(message)).get(fait) is not True


@pytest.mark.parametrize(
    ("message", "fait", "valeur"),
    [
        ("il travaille à l'usine", "sans_ressource", False),
        ("salariée", "sans_ressource", False),
        ("locataire", "sans_abri", False),
        ("propriétaire occupant", "sans_abri", False),
        ("il est dans son studio", "sans_abri", False),
    ],
)
def test_implied(message: str, fait: str, valeur: bool) -> None:
    assert find_facts(expand(message)).get(fait) is valeur


def test_what_is_said_wins_over_what_is_implied() -> None:
    faits = find_facts("il travaille à l'usine mais il est sans ressources et à la rue")
    assert faits["sans_ressource"] is True
    assert faits["sans_abri"] is True


@pytest.mark.parametrize(
    "message", ["la face cachée", "une infraction", "la phase deux", "base de loisirs", "bonjour", "il a une voiture", "en face de la gare", "facteur"]
)
def test_words_that_are_no_fact(message: str) -> None:
    assert find_facts(expand(message)) == {}


@pytest.mark.parametrize(
    ("message", "fait"),
    [
        pytest.param("demandeur d'asile", "demandeur_asile"),
        pytest.param("demandeur d'emploi", "demandeur_emploi"),
        pytest.param("je suis assistante maternelle", "assistant_maternel"),
        pytest.param("avec ses 3 enfants", "enfants_a_charge"),
        pytest.param("n'a pas le permis", "sans_voiture"),
        pytest.param("je loue un studio", "locataire"),
    ],
)
def test_said_otherwise(message: str, fait: str) -> None:
    assert find_facts(expand(message)).get(fait) is True


def test_not_an_owner() -> None:
    assert find_facts("elle n'est pas propriétaire").get("proprietaire") is False
