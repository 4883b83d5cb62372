"""What spares work on a large base changes no answer: doors picked by commune, entries picked by commune."""

from __future__ import annotations

import random

import pytest

from bench import territoire
from knowledge.annuaire import Annuaire, Filtres
from knowledge.base import Base
from knowledge.orient import Demande, orient


@pytest.fixture(scope="module")
def triple(tmp_path_factory):
    """The base three times: most of its services are open to some communes only."""
    chemin = tmp_path_factory.mktemp("grande") / "base.db"
    territoire.write(chemin, 3)
    base = Base.open(chemin)
    yield base
    base.close()


def demandes(base: Base, nombre: int) -> list[Demande]:
    hasard = random.Random(5)
    return [
        Demande(
            tuple(hasard.sample(list(base.besoins), hasard.choice((1, 2, 3)))),
            hasard.choice([*base.communes, None]),
            tuple(float(hasard.randint(0, 90)) for _ in range(hasard.randint(0, 2))),
            {"sans_abri": True} if hasard.random() < 0.2 else {},
        )
        for _ in range(nombre)
    ]


def test_the_enlarged_base_holds_the_rows_of_each_copy(base, triple):
    assert len(triple.communes) == 3 * len(base.communes)
    for table in ("structures", "services", "lieux"):
        assert len(getattr(triple, table)) == 3 * len(getattr(base, table))
    assert sum(bool(s.zone_eligibilite) for s in triple.services.values()) > len(triple.services) / 2


@pytest.mark.parametrize("grandeur", ["base", "triple"])
def test_doors_are_those_of_the_whole_list(grandeur, request, monkeypatch):
    base = request.getfixturevalue(grandeur)
    cas = demandes(base, 150)
    choisies = [orient(d, base) for d in cas]
    epargnes = sum(len(base.reponses_par_besoin.get(b, ())) - len(base.candidats.of(b, d.commune)) for d in cas for b in d.besoins)
    monkeypatch.setattr(base.candidats, "of", lambda besoin, commune, deja=(): base.reponses_par_besoin.get(besoin, ()))
    toutes = [orient(d, base) for d in cas]
    for d, une, autre in zip(cas, choisies, toutes, strict=True):
        assert (une.propositions, une.ecartes, une.question, une.reste) == (autre.propositions, autre.ecartes, autre.question, autre.reste), d
        # Of projects closed to the commune, two are told of.
        assert une.projets == autre.projets[: len(une.projets)] or set(une.projets) < set(autre.projets)
    if grandeur == "triple":
        assert epargnes > 1000


def test_entries_are_those_of_the_whole_list(triple, monkeypatch):
    annuaire = Annuaire(triple)
    hasard = random.Random(6)
    mots = sorted({mot for entree in annuaire.entrees for mot in entree.nom.split()})
    filtres = [
        Filtres(
            " ".join(hasard.sample(mots, hasard.randint(0, 2))),
            commune=hasard.choice(list(triple.communes)),
            voisins=hasard.choice((0.0, 5.0, 15.0)),
            age=hasard.choice((None, 19.0)),
        )
        for _ in range(150)
    ]
    choisies = [annuaire.look_up(f) for f in filtres]
    assert sum(r.total for r in choisies) > 150
    monkeypatch.setattr(annuaire, "_near", lambda commune, distances: range(len(annuaire.entrees)))
    assert [annuaire.look_up(f) for f in filtres] == choisies


def test_communes_around_are_those_near_enough(triple):
    for code in list(triple.communes)[::37]:
        for km in (0.0, 5.0, 40.0):
            proches = {autre: d for autre in triple.communes if (d := triple.distance(code, autre)) <= km or autre == code}
            assert triple.around(code, km) == proches
