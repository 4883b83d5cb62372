"""The sheets in a real Chromium: read aloud, printed, and the person's sheet on one A4 page whatever is asked."""

from __future__ import annotations

import re

import pytest
from serveur_annuaire import browsing, serving

from knowledge.falc import PAR_BESOIN


@pytest.fixture(scope="module")
def _serveur(base_path):
    with serving(base_path) as adresse:
        yield adresse


@pytest.fixture(scope="module")
def _navigateur():
    with browsing() as navigateur:
        yield navigateur


@pytest.fixture
def _page(_navigateur):
    contexte = _navigateur.new_context(viewport={"width": 1280, "height": 900})
    yield contexte.new_page()
    contexte.close()


def pages(pdf):
    """How many pages a PDF made by Chromium has."""
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def test_the_page_counter_counts(_page):
    _page.set_content("<p>un</p><p style='break-before: page'>deux</p><p style='break-before: page'>trois</p>")
    assert pages(_page.pdf(format="A4")) == 3


def test_every_need_alone_or_with_another_prints_on_one_page(_page, _serveur):
    besoins = list(PAR_BESOIN)
    longs = []
    for rang, besoin in enumerate(besoins):
        for autre in ("", f",{besoins[(rang * 7 + 3) % len(besoins)]}"):
            commune = ("62119", "62516", "62178", "")[rang % 4]
            _page.goto(f"{_serveur}/fiche-usager?besoins={besoin}{autre}&commune={commune}")
            if pages(_page.pdf(format="A4", prefer_css_page_size=True)) != 1:
                longs.append((besoin + autre, commune))
    assert longs == []


def test_services_with_the_longest_names_print_on_one_page(_page, _serveur, base):
    services = sorted((s for s in base.services.values() if s.etat == "en service" and not s.reserve_professionnels), key=lambda s: -len(s.nom))
    for debut in range(0, 12, 3):
        trio = ",".join(s.id for s in services[debut : debut + 3])
        _page.goto(f"{_serveur}/fiche-usager?services={trio}&besoins=violences/urgence,droits/budget&commune=62178")
        assert pages(_page.pdf(format="A4", prefer_css_page_size=True)) == 1, trio


def test_a_known_telephone_is_printed_with_its_door(_page, _serveur):
    _page.goto(f"{_serveur}/fiche-usager?services=espace-conseil-faire&besoins=logement/renovation-energie&commune=62516")
    porte = _page.locator(".lieux-aller li").first
    assert porte.locator("a.num-tel").get_attribute("href") == "tel:0321615000"
    assert "100 avenue de Londres, Béthune" in porte.inner_text()
    assert "BP" not in porte.inner_text()


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_print_shows_the_sheet_only_in_large_type_dark_on_white(_navigateur, _serveur, mode):
    contexte = _navigateur.new_context(color_scheme=mode)
    page = contexte.new_page()
    page.goto(f"{_serveur}/fiche-usager?besoins=logement/jeune-autonome&commune=62516")
    page.emulate_media(media="print", color_scheme=mode)
    for cache in (".entete", ".pied", ".preparer"):
        assert not page.locator(cache).is_visible()
    assert page.locator(".feuille").is_visible()
    tailles = page.evaluate("[...document.querySelectorAll('.feuille section p, .feuille li')].map(n => parseFloat(getComputedStyle(n).fontSize))")
    assert min(tailles) >= 14 * 96 / 72
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    contexte.close()


def test_print_and_read_aloud_buttons(_page, _serveur):
    _page.add_init_script(
        """window.dits = []; window.imprime = 0; window.print = () => { window.imprime += 1; };
        window.speechSynthesis.speak = (u) => { window.dits.push([u.lang, u.text]); };"""
    )
    _page.goto(f"{_serveur}/fiche-usager?besoins=illettrisme/adulte&commune=62516")
    _page.get_by_role("button", name="Imprimer").click()
    assert _page.evaluate("imprime") == 1
    _page.get_by_role("button", name="Écouter").click()
    dits = _page.evaluate("dits")
    assert {langue for langue, _ in dits} == {"fr-FR"}
    lu = " ".join(texte for _, texte in dits)
    for voulu in ("Où aller ?", "Médiathèque de Lillers", "Je veux apprendre à lire", "03 21 61 64 64"):
        assert voulu in lu, voulu
    bouton = _page.get_by_role("button", name="Arrêter la lecture")
    assert bouton.get_attribute("aria-pressed") == "true"
    bouton.click()
    assert _page.get_by_role("button", name="Écouter").is_visible()


def test_from_the_sheet_of_a_service_to_the_paper(_page, _serveur):
    _page.goto(f"{_serveur}/fiche/service:cllaj")
    _page.locator("#commune").select_option(label="Lillers")
    _page.get_by_role("button", name="Voir sa mairie").click()
    assert "03 21 61 64 64" in _page.locator(".relais-mairie").inner_text()
    _page.get_by_role("link", name="Fiche pour la personne").last.click()
    feuille = _page.locator(".feuille").inner_text()
    assert "Comité local pour le logement autonome des jeunes" in feuille
    assert "la mairie de Lillers" in feuille


def test_a_sheet_has_an_address_of_its_own(_page, _serveur):
    reponse = _page.goto(f"{_serveur}/fiche/cllaj")
    assert reponse.status == 200
    reponse = _page.goto(f"{_serveur}/fiche/nimporte")
    assert reponse.status == 404
    _page.get_by_role("link", name="Chercher dans l'annuaire").click()
    assert _page.url == f"{_serveur}/annuaire"
