"""The map: every commune drawn, dots where the places are, and the same said in words."""

from __future__ import annotations

import json
import re
from xml.etree import ElementTree

import pytest

from knowledge.carte import CONTOURS, LARGEUR, Carte


@pytest.fixture(scope="module")
def carte(base):
    return Carte.load(base)


def test_the_outlines_are_carried_with_their_source_and_stay_light():
    assert CONTOURS.stat().st_size <= 45_000
    porte = json.loads(CONTOURS.read_text(encoding="utf-8"))
    assert "IGN Admin Express" in porte["source"]
    assert porte["licence"] == "Licence Ouverte 2.0"


def test_every_commune_has_an_outline_and_its_centre_within_the_picture(base, carte):
    assert set(carte.contours) == set(carte.centres) == set(base.communes)
    for x, y in carte.centres.values():
        assert 0 < x < LARGEUR
        assert 0 < y < carte.hauteur


def test_the_picture_is_well_formed_light_and_named(carte):
    svg = carte.svg({"62119": 12, "62516": 1}, "62516", "Lieux <de> la liste")
    racine = ElementTree.fromstring(svg)
    assert len(svg) < 20_000
    assert racine.get("role") == "img"
    noms = {n.tag.split("}")[1]: n.text for n in racine if n.tag.endswith(("title", "desc"))}
    assert noms["title"] == "Lieux <de> la liste"
    assert noms["desc"] == "Fiches situées dans 2 communes : Béthune (12), Lillers (1)."
    assert "style=" not in svg


def test_one_dot_a_commune_larger_with_more_places(carte):
    points = re.findall(r'<circle class="carte-point" cx="(\d+)" cy="(\d+)" r="(\d+)"><title>([^<]+)', carte.dots({"62516": 1, "62119": 12}))
    assert [p[3] for p in points] == ["Béthune : 12 fiches", "Lillers : 1 fiche"]
    assert int(points[0][2]) > int(points[1][2])


def test_nothing_to_show_is_said(carte):
    assert carte.described({}) == "Aucun lieu situé dans la liste."
    assert "<circle" not in carte.svg({})
