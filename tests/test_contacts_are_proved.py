"""A contact says who says it, how to reach, and nothing that its page does not prove; a confidential address never stands in one."""

from __future__ import annotations

import pytest

from knowledge.build import SourcesRefused, build
from knowledge.schema import PAR_NOM
from knowledge.telephone import by_pairs, states

FOYER = "foyer-femmes-victimes"
RUE = "12 rue du Secret"
PAGE = {
    "id": "page-fictive",
    "titre": "Page fictive",
    "editeur": "Éditeur fictif",
    "date": "2025-03",
    "date_consultation": "2026-11-24",
    "url": "https://exemple.fr/page",
    "officielle": "1",
    "libelle_court": "page fictive, 2025",
}
CONTACT = {
    **dict.fromkeys((c.nom for c in PAR_NOM["contact"].colonnes), ""),
    "id": "adil-fictif",
    "structure": "adil",
    "commune": "62119",
    "adresse": "1 rue Fictive",
    "code_postal": "62400",
    "telephone": "03 21 00 00 01",
    "courriel": "adil@exemple.fr",
    "source": "page-fictive",
    "ligne": "",
    "citation": "ADIL, 1 rue Fictive|Tél. : 03.21.00.00.01, adil@exemple.fr",
}


@pytest.fixture
def sheets(sheets):
    sheets.shorten()
    sheets.add("source", 2, **PAGE)
    return sheets


def write(sheets, **valeurs: str) -> int:
    """Add the contact with some cells changed; its row."""
    return sheets.add("contact", 2, **{**CONTACT, **valeurs})


def messages(sheets) -> list[tuple[str, str, str]]:
    return [(p.fichier, p.colonne, p.message) for p in sheets.problems()]


def test_a_contact_that_its_page_proves_is_accepted(sheets):
    write(sheets)
    assert messages(sheets) == []


REFUS = {
    "telephone in one block": ({"telephone": "0321000001"}, "telephone", "Écrivez dix chiffres par paires"),
    "two telephones": ({"telephone": "03 21 00 00 01 / 03 21 00 00 02"}, "telephone", "n'a pas la bonne forme"),
    "bad e-mail": ({"courriel": "adil.exemple.fr"}, "courriel", "Écrivez une adresse, par exemple"),
    "site without http": ({"site_web": "www.adil62.org"}, "site_web", "par exemple https://www.exemple.fr"),
    "postcode of elsewhere": ({"code_postal": "62190"}, "code_postal", "« 62190 » n'est pas un code postal de Béthune. Écrivez 62400 (jamais de CEDEX)."),
    "CEDEX": ({"code_postal": "62411"}, "code_postal", "Écrivez 62400 (jamais de CEDEX)."),
    "number that the page does not give": ({"telephone": "03 21 00 00 02"}, "citation", "la citation ne contient pas le numéro 03 21 00 00 02."),
    "e-mail that the page does not give": ({"courriel": "contact@exemple.fr"}, "citation", "la citation ne contient pas le courriel contact@exemple.fr."),
    "attached to nothing": ({"structure": ""}, "structure", "Remplissez l'une de ces colonnes : structure, lieu."),
    "no way to reach": (dict.fromkeys(("adresse", "code_postal", "telephone", "courriel"), ""), "telephone", "le contact ne dit pas comment joindre."),
    "place of another structure": ({"lieu": "mds-bethune"}, "structure", "le lieu « mds-bethune » est de la structure « mds »."),
    "service of another structure": ({"service": "cllaj"}, "structure", "le service « cllaj » est porté par « "),
    "two pages": ({"source": "page-fictive|insee-cog-2026"}, "source", "Faites une ligne par page."),
    "page without address": ({"source": "ctg-2021"}, "source", "il manque l'adresse de la page de « ctg-2021 » dans source.csv, colonne « url »."),
}


@pytest.mark.parametrize(("cellules", "colonne", "attendu"), REFUS.values(), ids=REFUS.keys())
def test_a_contact_that_would_mislead_is_refused(sheets, cellules, colonne, attendu):
    write(sheets, **cellules)
    assert ("contact.csv", colonne) in [(fichier, c) for fichier, c, _ in messages(sheets)]
    assert attendu in " ".join(m for _, c, m in messages(sheets) if c == colonne)


def test_a_page_never_read_is_refused(sheets):
    sheets.write("source", sheets.find("source", lambda r: r["id"] == "page-fictive"), date_consultation="")
    write(sheets)
    assert messages(sheets) == [
        ("contact.csv", "source", "il manque la date de la lecture de « page-fictive » dans source.csv, colonne « date_consultation ».")
    ]


def test_an_update_is_attached_and_proved(sheets):
    comme = sheets.read("mise_a_jour")
    sheets.add("mise_a_jour", 2, id="fictive", service="", structure="", lieu="", source="ctg-2021", citation="des mots")
    assert [colonne for _, colonne, _ in messages(sheets)] == ["service", "source"]
    sheets.save("mise_a_jour", comme)
    assert messages(sheets) == []


@pytest.mark.parametrize("date", ["2026-13", "2026-02-32", "26-02"])
def test_a_date_that_no_calendar_has_is_refused(sheets, date):
    sheets.write("source", sheets.find("source", lambda r: r["id"] == "page-fictive"), date=date)
    assert [(f, c) for f, c, _ in messages(sheets)] == [("source.csv", "date")]


# Confidential addresses.


@pytest.fixture
def secret(sheets):
    """A row of a shelter whose address must stay unknown, without any."""
    return write(sheets, structure=FOYER, adresse="", code_postal="", citation="Foyer, tél. 03 21 00 00 01, adil@exemple.fr")


def test_a_shelter_may_have_a_telephone(sheets, secret):
    assert messages(sheets) == []


@pytest.mark.parametrize(
    ("cellules", "colonne"),
    [
        ({"adresse": RUE}, "adresse"),
        ({"code_postal": "62400"}, "adresse"),
        ({"nom": f"Foyer, {RUE}"}, "nom"),
        ({"horaires_accueil": f"lundi, {RUE}"}, "horaires_accueil"),
        ({"citation": f"Foyer, {RUE}, 03 21 00 00 01, adil@exemple.fr"}, "citation"),
        ({"citation": "Foyer, 62400, 03 21 00 00 01, adil@exemple.fr"}, "citation"),
    ],
)
def test_nothing_in_the_contact_of_a_shelter_says_where_it_is(sheets, secret, cellules, colonne, tmp_path):
    sheets.write("contact", secret, **cellules)
    trouves = messages(sheets)
    assert [(f, c) for f, c, _ in trouves] == [("contact.csv", colonne)]
    assert "confidentielle" in trouves[0][2]
    assert RUE not in trouves[0][2], "the message itself does not repeat the secret"
    with pytest.raises(SourcesRefused):
        build(tmp_path / "publiee" / "knowledge.db", sheets.dossier)
    assert list(tmp_path.glob("publiee/*")) == []


def test_the_place_of_a_shelter_is_as_secret(sheets):
    lieu = sheets.find("lieu", lambda r: r["adresse"] and r["commune"])
    sheets.add("lieu", lieu, id="refuge-lieu", nom="Refuge fictif", structure=FOYER, adresse="", code_postal="", services="")
    write(sheets, structure="", lieu="refuge-lieu", code_postal="", commune="")
    assert ("contact.csv", "adresse") in [(f, c) for f, c, _ in messages(sheets)]


# Telephone numbers.


@pytest.mark.parametrize(
    ("ecrit", "lu"),
    [
        ("0321616464", "03 21 61 64 64"),
        ("03.21.61.64.64", "03 21 61 64 64"),
        ("+33321616464", "03 21 61 64 64"),
        ("+33 (0)3 21 61 64 64", "03 21 61 64 64"),
        ("0033 3 21 61 64 64", "03 21 61 64 64"),
        ("03 21 00 33 12", "03 21 00 33 12"),
        ("03 21 00 00 33", "03 21 00 00 33"),
        ("3949", "3949"),
        ("39 49", "3949"),
        ("116006", "116 006"),
        ("115", "115"),
        ("(689) 40 66 23 61", None),
        ("03 21 61 64", None),
        ("voir le site", None),
        ("", None),
    ],
)
def test_a_number_is_written_by_pairs(ecrit, lu):
    assert by_pairs(ecrit) == lu


@pytest.mark.parametrize(
    ("citation", "numero", "dit"),
    [
        ("Tél. : 03.21.61.64.64", "03 21 61 64 64", True),
        ("+33 (0)3 21 616 464", "03 21 61 64 64", True),
        ("0321616464.", "03 21 61 64 64", True),
        ("0033321616464", "03 21 61 64 64", True),
        ("03 21 00 33 12", "03 21 00 33 12", True),
        ("62190 LILLERS 03 21 61 64 64", "03 21 61 64 64", True),
        ("03 21 61 64 65", "03 21 61 64 64", False),
        ("appelez le 39 49", "3949", True),
        ("depuis 2015", "15", False),
        ("composez le 15", "15", True),
        ("SIRET 120394912", "3949", False),
    ],
)
def test_a_quotation_holds_the_number_or_not(citation, numero, dit):
    assert states(citation, numero) is dit
