"""The sheets: all that the base holds, projects never as a place to go, nothing personal, nothing unescaped."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest

from bot.annuaire_pages import Directory
from knowledge.annuaire import Annuaire
from knowledge.base import Base
from knowledge.build import build
from knowledge.contacts import quand
from knowledge.falc import GENERAUX, PAR_BESOIN, plain, words_for
from knowledge.fiche import make_sheet
from knowledge.fiche_usager import LIGNES_MAX, PORTES_MAX, long_date, make_person_sheet

JOUR = date(2026, 11, 24)
XSS = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def annuaire(base):
    return Annuaire(base)


@pytest.fixture(scope="module")
def pages(base):
    return Directory(base)


def texte(reponse):
    return reponse.body.decode("utf-8")


def test_every_entry_has_a_sheet_with_its_proofs(annuaire, pages):
    for entree in annuaire.entrees:
        fiche = make_sheet(annuaire, entree, JOUR)
        assert fiche.preuves, entree.id
        assert fiche.anciennete, entree.id
        assert pages.sheet_page(entree.id, {}).status == 200


def test_a_project_is_said_and_is_never_a_place_to_go(annuaire, pages):
    for entree in annuaire.entrees:
        fiche = make_sheet(annuaire, entree, JOUR)
        assert not any(lieu.etat_dit in ("en projet en 2021", "à l'étude en 2021") for lieu in fiche.lieux), entree.id
        if entree.en_projet:
            assert fiche.lieux == ()
            html = texte(pages.sheet_page(entree.id, {}))
            assert "Ce n&#39;est pas un lieu où aller" in html
            assert "/fiche-usager?" not in html


def test_what_is_not_known_is_said_with_the_relay(pages, annuaire):
    muette = next(e for e in annuaire.entrees if e.genre == "service" and not e.en_projet and not make_sheet(annuaire, e, JOUR).contacts)
    html = texte(pages.sheet_page(muette.id, {"commune": ["62516"]}))
    for voulu in ("Contact non connu : voir le relais", "mairie ou CCAS de Lillers", 'href="tel:0321616464"'):
        assert voulu in html, voulu
    cllaj = texte(pages.sheet_page("service:cllaj", {"commune": ["62516"]}))
    for voulu in ("CLLAJ", "16 à 30 ans", "Adresse non connue", "ligne 2777", "il y a 5 ans"):
        assert voulu in cllaj, voulu


def test_a_contact_is_shown_with_who_says_it_and_since_when(pages, base):
    html = texte(pages.sheet_page("structure:communes-ccas", {}))
    for voulu in ("CCAS d&#39;Isbergues", 'href="tel:0321613972"', "source officielle, 2018", "ville-isbergues.fr", "(C.C.A.S) : 03.21.61.39.72"):
        assert voulu in html, voulu
    assert "Contact non connu" not in html


def test_what_changed_since_the_convention_is_shown_beside_it(pages, base):
    html = texte(pages.sheet_page("service:point-acces-droit-permanences", {}))
    assert "Depuis la convention" in html
    assert "(septembre 2025)" in html
    assert "Horizon actu, 2025" in html
    assert base.services["point-acces-droit-permanences"].description in html.replace("&#39;", "'"), "what the convention says stays"


def test_two_pages_that_disagree_are_both_shown(annuaire):
    standard = next(c for c in annuaire.base.contacts if c.structure == "sivom-bethunois")
    with_base = replace(standard, id="autre-page", source="weo-tadao-2026", telephone="03 21 00 00 09")

    class Deux:
        def __getattr__(self, nom):
            return getattr(annuaire.base, nom)

    deux = Deux()
    deux.contacts = (*annuaire.base.contacts, with_base)
    deux.contacts_par_structure = {**annuaire.base.contacts_par_structure, "sivom-bethunois": [standard, with_base]}
    fiche = make_sheet(Annuaire(deux), annuaire.par_id["structure:sivom-bethunois"], JOUR)
    dit = annuaire.base.sources[standard.source].libelle_court
    assert any(d.startswith("Les pages ne donnent pas le même numéro : ") and f"{standard.telephone} ({dit})" in d for d in fiche.desaccords)
    assert any("03 21 00 00 09 (Wéo, 2025)" in d for d in fiche.desaccords)


def test_every_contact_and_update_is_on_the_sheet_of_what_it_is_about(annuaire, base):
    for c in base.contacts:
        entree = annuaire.par_id[f"lieu:{c.lieu}" if c.lieu else f"structure:{c.structure}"]
        dits = make_sheet(annuaire, entree, JOUR).contacts
        assert all(dit.preuves for dit in dits)
        assert entree.en_projet or not c.telephone or c.telephone in [dit.telephone for dit in dits], c.id
    for m in base.mises_a_jour:
        for genre in ("service", "structure", "lieu"):
            if cle := getattr(m, genre):
                assert quand(base, m) in [dite.date for dite in make_sheet(annuaire, annuaire.par_id[f"{genre}:{cle}"], JOUR).mises_a_jour], m.id


def test_contradictions_and_newer_names_are_shown(base, pages):
    assert "Le document se contredit" in texte(pages.sheet_page(f"service:{next(c for c in base.contradictions if c.services).services[0]}", {}))
    assert "aujourd'hui « France Travail »" in texte(pages.sheet_page("structure:pole-emploi", {}))


def test_an_unknown_sheet_gives_a_french_page_with_a_way_back(pages):
    reponse = pages.sheet_page("nimporte", {})
    assert reponse.status == 404
    assert 'lang="fr"' in texte(reponse)
    assert "n&#39;existe pas" in texte(reponse) or "n'existe pas" in texte(reponse)
    assert 'href="/annuaire"' in texte(reponse)


@pytest.mark.parametrize(
    "args",
    [
        {"age": ["-4"]},
        {"age": ["abc"]},
        {"age": ["999"]},
        {"theme": ["zzz"]},
        {"commune": ["Paris"]},
        {"commune": ["99999"]},
        {"voisins": ["-1"]},
        {"voisins": ["9" * 200]},
        {"q": ["zzzzqqq"]},
    ],
)
def test_absurd_filters_give_no_result_and_the_relay(pages, args):
    reponse = pages.list_page(args)
    assert reponse.status == 200
    assert "Aucun résultat" in texte(reponse)
    assert "Relais :" in texte(reponse)


def test_absurd_filters_keep_the_phone_of_the_commune(pages):
    assert "tel:0321630000" in texte(pages.list_page({"q": ["zzzzqqq"], "commune": ["62119"]}))


@pytest.mark.parametrize("page", ["0", "-1", "99999999", "abc", "²", ""])
def test_absurd_pages_give_a_page(pages, page):
    assert pages.list_page({"page": [page]}).status == 200


class _Tags(HTMLParser):
    """What a browser would run: handlers, scripts that are not ours, pictures from elsewhere."""

    def __init__(self):
        super().__init__()
        self.fautes = []

    def handle_starttag(self, tag, attrs):
        attributs = dict(attrs)
        self.fautes += [f"{tag} {nom}" for nom in attributs if nom.startswith("on") or nom == "style"]
        if tag == "script" and attributs.get("src") not in ("/annuaire.js", "/fiche.js"):
            self.fautes.append("script")
        if tag == "img" and not attributs.get("src", "").startswith(("/picto-", "/icone")):
            self.fautes.append("img")
        if str(attributs.get("href", "")).lower().startswith(("javascript:", "data:")):
            self.fautes.append("href")


def injected(html):
    lecteur = _Tags()
    lecteur.feed(html)
    return lecteur.fautes


@pytest.mark.parametrize("champ", ["q", "theme", "commune", "voisins", "age", "page"])
def test_markup_in_a_filter_comes_out_as_text(pages, champ):
    assert injected(texte(pages.list_page({champ: [XSS]}))) == []
    liste = pages.list_fragment({champ: [XSS]})
    assert "<script" not in texte(liste)


@pytest.mark.parametrize("champ", ["besoins", "services", "commune", "age"])
def test_markup_in_the_person_sheet_comes_out_as_text(pages, champ):
    html = texte(pages.person_page({"besoins": ["logement/recherche"], champ: [XSS]}))
    assert injected(html) == []
    assert "&lt;script&gt;" in html


def test_markup_in_an_identifier_comes_out_as_text(pages):
    for html in (texte(pages.sheet_page(XSS, {})), texte(pages.sheet_page("service:cllaj", {"commune": [XSS]}))):
        assert injected(html) == []
        assert "&lt;script&gt;" in html


def test_markup_in_the_base_comes_out_as_text(sheets, tmp_path):
    """A référent pastes markup in the cells: it is shown, never run."""
    for table, cle, colonnes in (
        ("service", "cllaj", ("nom", "description", "publics_precisions")),
        ("structure", "habitat-et-insertion", ("nom", "description")),
        ("lieu", "mds-bethune", ("nom", "note", "gestionnaire")),
        ("commune", "62119", ("mairie_horaires", "mairie_adresse")),
    ):
        rang = sheets.find(table, lambda r, cle=cle: cle in (r.get("id"), r.get("code_insee")))
        sheets.write(table, rang, **dict.fromkeys(colonnes, XSS))
    chemin = tmp_path / "xss.db"
    build(chemin, sheets.dossier)
    base = Base.open(chemin)
    pages = Directory(base)
    reponses = [pages.sheet_page(i, {"commune": ["62119"]}) for i in ("service:cllaj", "structure:habitat-et-insertion", "lieu:mds-bethune", "commune:62119")]
    reponses += [pages.list_page({"q": ["script"]}), pages.person_page({"services": ["cllaj"], "commune": ["62119"]})]
    for reponse in reponses:
        assert injected(texte(reponse)) == []
        assert "&lt;script&gt;" in texte(reponse)
    base.close()


def test_no_page_has_inline_script_or_style(annuaire, pages):
    reponses = [pages.list_page({}), pages.person_page({"besoins": ["logement/recherche"]}), pages.sheet_page("nimporte", {})]
    for reponse in [*reponses, *(pages.sheet_page(e.id, {}) for e in annuaire.entrees[::7])]:
        html = texte(reponse)
        assert injected(html) == []
        assert "<style" not in html
        assert set(re.findall(r"<script[^>]*>([^<]*)</script>", html)) <= {""}


# The sheet for the person


def test_every_need_of_a_person_has_easy_words(base):
    besoins = {b for b in base.besoins if not b.startswith("professionnel/")}
    assert set(PAR_BESOIN) == besoins
    assert words_for("nimporte") == GENERAUX


def test_easy_words_are_short_and_without_sigle():
    for mots in PAR_BESOIN.values():
        for phrase in re.split(r"(?<=[.?]) ", mots.dire):
            assert len(phrase.split()) <= 14, phrase
        assert not re.search(r"\b[A-Z]{2,}", f"{mots.dire} {mots.pour}")


def test_no_sigle_that_the_base_explains_stands_alone(base, annuaire):
    for besoin in PAR_BESOIN:
        for commune in ("62119", "62516", None):
            fiche = make_person_sheet(annuaire, [besoin], [], commune, None, JOUR)
            for porte in fiche.portes:
                for sigle in re.findall(r"\b[A-Z]{2,}\b", " ".join((porte.nom, porte.chez or "", *porte.adresse))):
                    sens = base.expanded(sigle)
                    assert not sens or "ne développe pas" in sens or sens in porte.nom, (sigle, porte)
    assert plain(base, "Dossier à la CAF") == "Dossier à la Caisse d'Allocations Familiales"


def test_the_sheet_says_where_what_for_what_to_say_and_whom_to_ask(annuaire, pages):
    html = texte(pages.person_page({"besoins": ["illettrisme/adulte"], "commune": ["62516"], "age": ["45"]}))
    for voulu in (
        "Médiathèque de Lillers",
        "apprendre à lire et à écrire",
        "Bonjour.<br>",
        "Je veux apprendre à lire et à écrire.",
        "la mairie de Lillers",
        "03 21 61 64 64",
        long_date(date.today()),
    ):
        assert voulu in html, voulu


def test_the_age_chooses_and_is_not_written(annuaire):
    jeune = make_person_sheet(annuaire, ["logement/jeune-autonome"], [], "62516", 19, JOUR)
    autre = make_person_sheet(annuaire, ["logement/jeune-autonome"], [], "62516", 45, JOUR)
    assert jeune.portes != autre.portes
    assert "19" not in str(jeune.dire) + str(jeune.portes)


def test_services_chosen_by_the_agent_are_the_ones_shown(annuaire):
    fiche = make_person_sheet(annuaire, [], ["adil-conseil", "mds-accompagnement"], "62516", None, JOUR)
    assert [p.nom for p in fiche.portes][1] == "Maison des solidarités de Lillers"
    assert len(fiche.portes) == 2


def test_projects_and_tools_for_professionals_are_refused_with_a_sentence(pages):
    html = texte(pages.person_page({"services": ["foyer-victimes,aidants-connect"]}))
    assert "était un projet en 2021" in html
    assert "s&#39;adresse aux agents" in html


@pytest.mark.parametrize(
    ("args", "statut", "phrase"),
    [
        ({}, 200, "Choisissez un besoin"),
        ({"besoins": ["nimporte"]}, 400, "n&#39;est pas connu de la base"),
        ({"services": ["nimporte"]}, 400, "n&#39;est pas connu de la base"),
        ({"besoins": ["logement/recherche"]}, 200, "Choisissez la commune"),
        ({"besoins": ["logement/recherche"], "commune": ["Atlantide"]}, 200, "n&#39;est pas connue de la base"),
        ({"besoins": ["logement/recherche"], "age": ["abc"]}, 200, "ne se lit pas"),
    ],
)
def test_missing_or_unknown_parameters_are_said(pages, args, statut, phrase):
    reponse = pages.person_page(args)
    assert reponse.status == statut
    assert phrase in texte(reponse)


def test_violence_warns_before_giving_paper(pages):
    html = texte(pages.person_page({"besoins": ["violences/accompagnement"], "commune": ["62119"]}))
    assert "seulement si la personne peut la garder sans danger" in html
    assert html.index("3919") < html.index("Où aller ?")


def test_the_sheet_holds_few_places(annuaire):
    for besoin in PAR_BESOIN:
        assert len(make_person_sheet(annuaire, [besoin, "violences/accompagnement"], [], "62119", None, JOUR).portes) <= PORTES_MAX
    assert LIGNES_MAX < 30


def test_dates_are_written_in_full():
    assert long_date(date(2026, 3, 1)) == "1er mars 2026"
    assert long_date(date(2026, 8, 24)) == "24 août 2026"


def test_each_of_two_needs_keeps_a_place_and_the_urgent_one_comes_first(annuaire):
    fiche = make_person_sheet(annuaire, ["parentalite/scolarite", "violences/accompagnement"], [], "62119", None, JOUR)
    assert fiche.urgent
    assert [m.image for m in fiche.mots] == ["bouclier", "livre"]
    assert {p.pour for p in fiche.portes} == {m.pour for m in fiche.mots}


def test_mediation_is_never_printed_beside_violence(annuaire):
    fiche = make_person_sheet(annuaire, ["parentalite/separation", "violences/accompagnement"], [], "62119", None, JOUR)
    assert "Médiation" not in str(fiche.portes)
    assert len(fiche.mots) == 1
