"""A structure that a mairie or a national number answers for shows it, with who says so, and never twice in an answer."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from bot.assistant import Assistant, assistant
from knowledge.annuaire import Annuaire
from knowledge.contacts import confiance_mairie, contacts_of, main_contact
from knowledge.fiche import make_sheet
from tests.test_annuaire_sheets import JOUR

MAIRIE = "mairie-annezin"


@pytest.fixture(scope="module")
def annuaire(base) -> Annuaire:
    return Annuaire(base)


@pytest.fixture(scope="module")
def aide(base_path) -> Assistant:
    return assistant(base_path)


def liens(base) -> dict[str, str]:
    """Structure → the national number that joins it."""
    return {c.structure: c.telephone for c in base.contacts if c.origine == "numero_structure" and c.structure}


def test_a_mairie_shows_the_number_of_its_commune_with_its_source(base, annuaire):
    commune = base.communes["62035"]
    [contact] = contacts_of(base, MAIRIE)
    assert (contact.telephone, contact.adresse, contact.commune) == (commune.mairie_telephone, commune.mairie_adresse, "62035")
    assert contact.confiance == confiance_mairie(base, "62035")
    fiche = make_sheet(annuaire, annuaire.par_id[f"structure:{MAIRIE}"], JOUR)
    [dit] = fiche.contacts
    assert (dit.telephone, dit.adresse) == (commune.mairie_telephone, commune.mairie_adresse)
    assert [p.source for p in dit.preuves] == [base.sources[contact.source].libelle_court]
    assert annuaire.par_id[f"structure:{MAIRIE}"].telephone == commune.mairie_telephone


def test_every_structure_that_is_a_mairie_is_joined_by_it(base):
    for s in base.structures.values():
        if s.nom.startswith("Mairie "):
            assert [c.commune for c in base.contacts if c.structure == s.id and c.origine == "commune"] == list(s.communes), s.id


def test_a_mairie_that_carries_a_programme_is_named(base):
    siens = contacts_of(base, "pre", commune="62516")
    assert [c.commune for c in siens][:1] == ["62516"]
    assert {c.nom for c in siens} == {"mairie"}
    assert main_contact(siens) is None, "each commune has its own"


@pytest.mark.parametrize("structure", ["cpam", "carsat", "siao", "adil", "anil", "anlci", "caf", "pole-emploi"])
def test_a_national_number_is_said_to_be_national(base, annuaire, structure):
    numero = liens(base)[structure]
    contact = next(c for c in contacts_of(base, structure) if c.telephone == numero)
    assert contact.national
    assert contact.mention == f"numéro national, {contact.confiance}"
    assert not contact.local
    entree = annuaire.par_id[f"structure:{structure}"]
    assert entree.telephone == numero
    assert "numéro national" in (entree.confiance or "")
    assert any(dit.telephone == numero and dit.confiance == contact.mention for dit in make_sheet(annuaire, entree, JOUR).contacts)


def test_the_number_of_a_link_is_stated_by_its_page(base):
    for c in base.contacts:
        if c.origine == "numero_structure":
            mots = " ".join(p.citation for p in base.provenance("numero_structure", c.cle))
            assert re.sub(r"\D", "", c.telephone or "") in re.sub(r"\D", "", mots), c.id


def test_its_own_telephone_comes_before_a_national_one(base):
    national = next(c for c in base.contacts if c.origine == "numero_structure" and c.structure == "cpam")
    presse = replace(national, id="presse", origine="contact", national=0, nom=None, telephone="03 21 00 00 01", officielle=0, date="2019")

    class Avec:
        contacts_par_structure = {"cpam": [national, presse]}
        communes, lieux = base.communes, base.lieux

    assert [c.id for c in contacts_of(Avec(), "cpam")] == ["presse", national.id]  # type: ignore[arg-type]
    assert main_contact([presse, national]) == presse
    ailleurs = [replace(presse, id=code, commune=code, telephone=f"03 21 00 00 0{i}") for i, code in enumerate(("62119", "62178"))]
    assert main_contact([*ailleurs, national]) == national, "when each place has its own, the number for all"


QUESTIONS = (
    "téléphone CPAM",
    "numéro pour les loyers impayés",
    "elle doit trois mois de loyer à Béthune",
    "Monsieur dort dehors ce soir à Béthune, il a froid",
    "elle n'a pas de médecin ni de carte vitale, Bruay",
    "il cherche du travail, 40 ans, Lillers",
    "contacts illettrisme",
    "dossier retraite CARSAT",
    "contact de l'ADIL",
    "l'ANLCI c'est quoi",
    "aide de la CAF pour le logement, Auchel",
    "son mari la frappe mais elle ne veut pas porter plainte, Lillers",
)


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_national_number_is_never_twice_in_an_answer(base, aide, question):
    texte = aide.ask(question)[1].texte
    for n in base.numeros:
        fois = re.findall(rf"(?<![\d ]){re.escape(n.numero)}(?! ?\d)", texte)
        assert len(fois) <= 1, (n.numero, texte)


def test_an_answer_says_that_a_number_is_national(aide, base):
    texte = aide.ask("numéro pour les loyers impayés")[1].texte
    numero = liens(base)["adil"]
    [ligne] = [x for x in texte.split("\n") if numero in x]
    assert "numéro national" in ligne.lower()


def test_the_sheet_of_the_person_gives_a_number_once(base, annuaire):
    from knowledge.fiche_usager import make_person_sheet

    for besoin in ("sante/acces-soins", "logement/impayes-expulsion", "emploi/adulte"):
        fiche = make_person_sheet(annuaire, [besoin], [], "62119", None, JOUR)
        nombres = [p.telephone for p in fiche.portes if p.telephone]
        assert not set(nombres) & {a.numero for a in fiche.appels}


# What check refuses.


def test_a_link_whose_page_does_not_give_the_number_is_refused(sheets):
    sheets.shorten()
    ligne = sheets.find("numero_structure", lambda r: r["id"] == "siao-115")
    sheets.write("numero_structure", ligne, citation="L’observatoire social du SIAO 62")
    [probleme] = [p for p in sheets.problems() if p.fichier == "numero_structure.csv"]
    assert (probleme.colonne, "ne contient pas le numéro 115" in probleme.message) == ("citation", True)


def test_a_shelter_is_never_joined_by_a_mairie(sheets):
    ligne = sheets.find("structure", lambda r: r["adresse_confidentielle"] == "1")
    sheets.write("structure", ligne, mairies="62178")
    [probleme] = sheets.problems()
    assert (probleme.fichier, probleme.colonne, "confidentielle" in probleme.message) == ("structure.csv", "mairies", True)
