"""Whom to call: official pages first, then the newest; said once; and where two pages disagree, both."""

from __future__ import annotations

from dataclasses import replace

import pytest

from knowledge.base import Base, Contact
from knowledge.contacts import confiance, contacts_of, disagreements, main_contact, mises_a_jour_of, quand
from knowledge.trust import label

OFFICIEL, PRESSE = {"officielle": 1, "date": "2023-01"}, {"officielle": 0, "date": "2026-05"}
VIDE = Contact("", "adil", None, None, None, "62119", None, None, None, None, None, None, "page", "2024", 1, "source officielle, 2024")


class FakeBase:
    """Only what contacts_of reads."""

    def __init__(self, base: Base, *contacts: Contact) -> None:
        self.contacts, self.lieux, self.mises_a_jour = contacts, base.lieux, base.mises_a_jour
        self.contacts_par_structure = {c.structure: [x for x in contacts if x.structure == c.structure] for c in contacts if c.structure}
        self.contacts_par_lieu = {c.lieu: [x for x in contacts if x.lieu == c.lieu] for c in contacts if c.lieu}


def contact(cle: str, **champs) -> Contact:
    return replace(VIDE, id=cle, source=cle, **champs)


@pytest.fixture
def ids(base):
    def of(*contacts: Contact, structure: str | None = "adil", **ou) -> list[str]:
        return [c.id for c in contacts_of(FakeBase(base, *contacts), structure, **ou)]  # type: ignore[arg-type]

    return of


def test_official_comes_before_newer_and_newer_before_older(ids):
    presse = contact("presse", telephone="03 21 00 00 01", **PRESSE)
    vieux = contact("vieux", telephone="03 21 00 00 02", officielle=1, date="2020")
    neuf = contact("neuf", telephone="03 21 00 00 03", officielle=1, date="2024-06")
    assert ids(presse, vieux, neuf) == ["neuf", "vieux", "presse"]


def test_other_structures_are_left_out(ids):
    assert ids(contact("autre", structure="anah", telephone="03 21 00 00 01")) == []
    assert ids(contact("sans", structure=None, lieu="mds-bethune", telephone="03 21 00 00 01"), structure=None) == []


def test_a_number_said_by_two_pages_is_said_once_under_the_better_one(ids):
    assert ids(contact("presse", telephone="03 21 00 00 01", **PRESSE), contact("officiel", telephone="03 21 00 00 01", **OFFICIEL)) == ["officiel"]


def test_a_second_page_is_kept_for_what_it_adds(base):
    officiel = contact("officiel", telephone="03 21 00 00 01", adresse="100 avenue de Londres", code_postal="62400", **OFFICIEL)
    presse = contact("presse", telephone="03 21 00 00 01", courriel="a@b.fr", adresse="Hôtel communautaire, 100, av. de Londres", code_postal="62400", **PRESSE)
    [premier, second] = contacts_of(FakeBase(base, officiel, presse), "adil")  # type: ignore[arg-type]
    assert premier == officiel
    assert (second.telephone, second.adresse, second.code_postal, second.courriel) == (None, None, None, "a@b.fr")


def test_the_same_number_stays_at_each_town(ids):
    assert ids(contact("a", telephone="3230", commune="62119"), contact("b", telephone="3230", commune="62178")) == ["a", "b"]


def test_those_of_the_place_come_first_then_those_no_other_town_limits(ids, base):
    lieu = base.lieux["mds-bethune"]
    assert lieu.commune == "62119"
    tous = (
        contact("ailleurs", structure="mds", commune="62178", telephone="03 21 00 00 01"),
        contact("siege", structure="mds", commune=None, telephone="03 21 00 00 02"),
        contact("autre-lieu", structure="mds", lieu="mds-bruay", telephone="03 21 00 00 03"),
        contact("du-lieu", structure="mds", lieu="mds-bethune", telephone="03 21 00 00 04", **PRESSE),
    )
    assert ids(*tous, structure="mds", lieu="mds-bethune") == ["du-lieu", "siege"]


def test_those_of_the_commune_of_the_person_come_first(ids):
    officiel, proche = contact("officiel", commune="62178", telephone="03 21 00 00 01"), contact("proche", telephone="03 21 00 00 02", **PRESSE)
    assert ids(officiel, proche) == ["officiel", "proche"]
    assert ids(officiel, proche, commune="62119") == ["proche", "officiel"]


def test_what_stands_for_one_service_is_not_given_for_another(ids, base):
    general, permis = (
        contact("general", structure="cabbalr", telephone="03 21 00 00 01"),
        contact("permis", structure="cabbalr", service="permis-de-louer", telephone="03 21 00 00 02"),
    )
    assert ids(permis, general, structure="cabbalr", service="permis-de-louer") == ["permis", "general"]
    assert ids(permis, general, structure="cabbalr", service="conseillers-numeriques") == ["general"]
    assert ids(permis, general, structure="cabbalr") == ["general", "permis"]
    assert main_contact([permis]) is None
    assert disagreements([general, permis]) == []


def test_the_contact_of_the_whole_is_none_when_each_place_has_its_own():
    a, b = contact("a", commune="62119", telephone="03 21 00 00 01"), contact("b", commune="62178", telephone="03 21 00 00 02")
    assert main_contact([a]) == a
    assert main_contact([a, b]) is None
    siege = contact("siege", commune=None, telephone="03 21 00 00 03")
    assert main_contact([a, b, siege]) == siege
    assert main_contact([replace(a, telephone=None)]) is None


def test_two_numbers_or_streets_for_one_place_disagree():
    a = contact("a", telephone="03 21 00 00 01", adresse="rue Boutleux")
    b = contact("b", telephone="03 21 00 00 02", adresse="place Sévigné")
    assert [(d.champ, [c.id for c in d.contacts]) for d in disagreements([a, b])] == [("telephone", ["a", "b"]), ("adresse", ["a", "b"])]


@pytest.mark.parametrize(
    "autre",
    [
        {"commune": "62178"},
        {"lieu": "mds-bethune"},
        {"nom": "Pas-de-Calais habitat"},
        {"structure": "anah"},
        {"telephone": None, "adresse": None},
        {"telephone": "03 21 00 00 01", "adresse": "1, r. Boutleux, Béthune"},
        {"telephone": "03 21 00 00 01", "adresse": "Maison des solidarités, 1 rue Boutleux, BP 40548, Béthune Cedex"},
        {"source": "a"},
    ],
    ids=["other town", "other place", "other name", "other structure", "nothing said", "same in other words", "same with a letter box", "same page"],
)
def test_no_disagreement_where_there_is_none(autre):
    a = contact("a", telephone="03 21 00 00 01", adresse="1 rue Boutleux")
    b = replace(contact("b", telephone="03 21 00 00 02", adresse="2 place Sévigné"), **autre)
    assert disagreements([a, b]) == []


@pytest.mark.parametrize(
    ("officielle", "date", "lue", "attendu"),
    [
        (1, "2024-03-05", "2026-11-24", "source officielle, mars 2024"),
        (1, "2018", "2026-11-24", "source officielle, 2018"),
        (0, "2025-08", "2026-11-24", "source publique, août 2025, à confirmer"),
        (0, "2026-11-24", "2026-11-24", "source publique, non datée, lue en novembre 2026, à confirmer"),
        (1, "2026-11-24", "2026-11-24", "source officielle, non datée, lue en novembre 2026"),
    ],
)
def test_the_label_says_who_and_since_when(officielle, date, lue, attendu):
    assert label(officielle, date, lue) == attendu


def test_every_contact_of_the_base_has_its_label(base):
    assert base.contacts
    for c in base.contacts:
        source = base.sources[c.source]
        assert confiance(c) == label(source.officielle, source.date, source.date_consultation)
    assert confiance(None) == "non connu : voir le relais"


def test_updates_are_found_by_what_they_are_about_newest_first(base):
    assert [m.id for m in mises_a_jour_of(base, service="point-acces-droit-permanences")] == ["point-acces-droit-lillers"]
    assert [m.id for m in mises_a_jour_of(base, structure="point-acces-droit")] == ["point-acces-droit-lillers"]
    de_tadao = mises_a_jour_of(base, structure="tadao")
    assert len(de_tadao) > 1
    assert [m.date for m in de_tadao] == sorted((m.date for m in de_tadao), reverse=True)
    assert mises_a_jour_of(base) == []
    assert mises_a_jour_of(base, lieu="mds-bethune") == []


def test_an_update_says_its_month_or_that_its_page_has_no_date(base):
    [maj] = mises_a_jour_of(base, service="point-acces-droit-permanences")
    assert quand(base, maj) == "septembre 2025"
    assert quand(base, replace(maj, date=base.sources[maj.source].date_consultation)) == "non datée, lue en novembre 2026"
