"""What must stay secret is not in the base at all: it cannot leak from there."""

from __future__ import annotations

import pytest

from knowledge.__main__ import main
from knowledge.base import Base
from knowledge.build import SourcesRefused, build
from knowledge.export import export_json
from knowledge.orient import Demande, orient

RUE, CODE = "12 rue du Secret", "62999"
FOYER = "foyer-femmes-victimes"


@pytest.fixture
def sheets(sheets):
    return sheets.shorten()


@pytest.fixture
def secret(sheets):
    """Sources with a shelter in service whose address is confidential, and one place of it, without address. The number of its row."""
    porteuse = sheets.find("structure", lambda r: r["id"] == FOYER)
    sheets.add("structure", porteuse, id="refuge", nom="Refuge fictif", etat="en service", adresse_confidentielle="1")
    service = sheets.find("service", lambda r: r["etat"] == "en service")
    sheets.add("service", service, id="refuge-accueil", nom="Accueil au refuge fictif", structure="refuge")
    lien = sheets.find("service_besoin", lambda r: r["besoin"] == "violences/accompagnement")
    sheets.add("service_besoin", lien, id="refuge-accueil:violences/accompagnement", service="refuge-accueil", rang="1")
    lieu = sheets.find("lieu", lambda r: r["adresse"] and r["commune"])
    return sheets.add(
        "lieu",
        lieu,
        id="refuge-lieu",
        nom="Refuge fictif",
        structure="refuge",
        adresse="",
        code_postal="",
        commune="62119",
        services="refuge-accueil",
        etat="en service",
    )


def test_the_project_has_a_confidential_structure(sheets):
    assert sheets.row("structure", sheets.find("structure", lambda r: r["adresse_confidentielle"] == "1"))["id"] == FOYER


def test_no_place_of_a_confidential_structure_has_an_address(sheets, base):
    secretes = {ligne["id"] for ligne in (sheets.row("structure", n) for n in range(2, len(sheets.read("structure")) + 1)) if ligne["adresse_confidentielle"]}
    assert FOYER in secretes
    siens = [lieu for lieu in base.lieux.values() if lieu.structure in secretes or any(base.services[s].structure in secretes for s in lieu.services)]
    assert [lieu.id for lieu in siens if lieu.adresse or lieu.code_postal] == []


def test_the_shelter_is_shown_without_address_and_is_not_proposed(base):
    foyer = next(s for s in export_json(base)["structures"] if s["id"] == FOYER)
    assert [lieu for lieu in foyer["lieux"] if lieu["adresse"] or lieu["code_postal"]] == []
    for besoin in base.besoins:
        assert FOYER not in {p.service.structure for p in orient(Demande((besoin,)), base, limite=1000).propositions}


@pytest.mark.parametrize("cellule", [{"adresse": RUE}, {"code_postal": CODE}, {"adresse": RUE, "code_postal": CODE}], ids=["street", "postcode", "both"])
def test_an_address_is_refused(sheets, secret, cellule):
    assert sheets.problems() == []
    sheets.write("lieu", secret, **cellule)
    assert [str(p) for p in sheets.problems()] == [
        f"lieu.csv, ligne {secret}, colonne « adresse » : l'adresse de cette structure est confidentielle. Videz la cellule."
    ]


@pytest.mark.parametrize("cellule", ["", "0"])
def test_the_address_of_another_structure_is_allowed(sheets, secret, cellule):
    sheets.write("lieu", secret, adresse=RUE, code_postal=CODE)
    sheets.write("structure", sheets.find("structure", lambda r: r["id"] == "refuge"), adresse_confidentielle=cellule)
    assert sheets.problems() == []


def test_a_refused_address_is_neither_in_the_base_nor_beside_it(sheets, secret, tmp_path):
    sheets.write("lieu", secret, adresse=RUE)
    with pytest.raises(SourcesRefused) as refus:
        build(tmp_path / "publiee" / "knowledge.db", sheets.dossier)
    assert RUE not in str(refus.value), "the message itself does not repeat the secret"
    assert list(tmp_path.glob("publiee/*")) == []


def test_a_shelter_without_address_is_proposed_and_exported_without_address(sheets, secret, tmp_path, capsys):
    chemin = tmp_path / "knowledge.db"
    build(chemin, sheets.dossier)
    base = Base.open(chemin)
    proposition = next(p for p in orient(Demande(("violences/accompagnement",), "62119"), base, limite=1000).propositions if p.service.id == "refuge-accueil")
    assert [(lieu.id, lieu.adresse, lieu.code_postal) for lieu in proposition.lieux] == [("refuge-lieu", None, None)]
    assert [(lieu["adresse"], lieu["code_postal"]) for s in export_json(base)["structures"] if s["id"] == "refuge" for lieu in s["lieux"]] == [(None, None)]
    base.close()
    main(["show", "refuge-lieu", "--base", str(chemin)])
    montre = capsys.readouterr().out
    assert "lieu : refuge-lieu" in montre
    assert "adresse :" not in montre


def test_an_address_emptied_leaves_no_trace_in_the_file(sheets, secret, tmp_path):
    """The file is made anew at each build: it keeps no page of the former one."""
    chemin = tmp_path / "knowledge.db"
    autre = sheets.find("structure", lambda r: r["id"] == "refuge")
    sheets.write("structure", autre, adresse_confidentielle="")
    sheets.write("lieu", secret, adresse=RUE)
    build(chemin, sheets.dossier)
    assert RUE.encode() in chemin.read_bytes()
    sheets.write("structure", autre, adresse_confidentielle="1")
    sheets.write("lieu", secret, adresse="")
    build(chemin, sheets.dossier)
    assert RUE.encode() not in chemin.read_bytes()


# Bugs found here once, mended since.


def test_an_address_is_refused_where_only_the_service_is_named(sheets, secret):
    sheets.write("lieu", secret, structure="", adresse=RUE)
    assert [(p.fichier, p.ligne, p.colonne) for p in sheets.problems()] == [("lieu.csv", secret, "adresse")]


@pytest.mark.parametrize("marque", ["01", "2"])
def test_any_mark_but_zero_makes_the_address_confidential(sheets, secret, marque):
    sheets.write("structure", sheets.find("structure", lambda r: r["id"] == "refuge"), adresse_confidentielle=marque)
    sheets.write("lieu", secret, adresse=RUE)
    assert sheets.problems()
