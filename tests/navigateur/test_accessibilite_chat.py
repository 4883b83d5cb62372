"""axe-core finds nothing, nothing scrolls sideways, the focus is seen and never trapped."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

VUES = {
    "accueil": (),
    "orientation": ("logement 19 ans Lillers",),
    "plusieurs besoins": ("crèche 2 ans et impayé de loyer, maman seule de 22 ans à Auchel",),
    "urgence": ("son mari la frappe",),
    "annuaire": ("crèches à Béthune",),
    "liste": ("quelles fiches sur le logement",),
    "sigle": ("CLLAJ ?",),
    "eligibilite": ("garantie jeunes à 27 ans, c'est possible ?",),
    "reperage": ("il ne sait pas lire, il a oublié ses lunettes",),
    "mairie": ("téléphone mairie de Lillers",),
    "hors territoire": ("logement à Arras",),
    "refus": ("the man needs help with his house please",),
}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("largeur", [1280, 360])
def test_axe_finds_nothing_on_any_view(visit, assistant, largeur, theme):
    chat = visit(largeur=largeur, theme=theme)
    for vue, messages in VUES.items():
        chat.page.keyboard.press("Alt+n")
        for message in messages:
            chat.say(message)
        for details in chat.page.locator("details").all():
            details.evaluate("d => { d.open = true; }")
        assert (vue, chat.violations()) == (vue, [])
        assert (vue, chat.overflow()) == (vue, 0)
    assert chat.vu.console == []
    assert chat.vu.elsewhere(assistant.adresse) == []


def test_axe_finds_nothing_when_answers_follow_one_another(visit):
    chat = visit()
    for messages in VUES.values():
        for message in messages:
            chat.say(message)
    assert chat.violations() == []


@pytest.mark.parametrize("hauteur", [800, 256])
def test_nothing_scrolls_sideways_when_zoomed(visit, hauteur):
    """200 % of 640 px and 400 % of 1280 px are 320 px wide."""
    chat = visit(largeur=320, hauteur=hauteur)
    chat.say("logement 19 ans Lillers")
    assert chat.overflow() == 0


def test_landmarks_names_and_language(visit):
    page = visit().page
    assert page.evaluate("document.documentElement.lang") == "fr"
    for role in ("banner", "main", "navigation", "log", "form"):
        expect(page.get_by_role(role)).to_have_count(1)
    expect(page.get_by_role("textbox", name="La situation de la personne")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_count(1)


def test_the_focus_goes_round_and_shows(visit):
    chat = visit()
    chat.say("logement 19 ans Lillers")
    page = chat.page
    vus, fins = [], 0
    for _ in range(60):
        page.keyboard.press("Tab")
        actif = page.evaluate(
            "() => { const e = document.activeElement; const b = e.getBoundingClientRect(); const s = getComputedStyle(e);"
            " return [e === document.body ? 'fin' : e.outerHTML.slice(0, 80), s.outlineStyle, e === document.body || e.id === 'fil'"
            " || e.contains(document.elementFromPoint(b.x + Math.min(b.width, 20) / 2, b.y + b.height / 2))]; }"
        )
        if actif[0] == "fin":  # out of the page, then in again by its beginning
            fins += 1
            if fins == 2:
                break
            continue
        assert actif[1] != "none", f"focus not seen on {actif[0]}"
        assert actif[2], f"focus hidden on {actif[0]}"
        vus.append(actif[0])
    assert len(set(vus)) > 10
    assert any('id="nouvelle"' in v for v in vus), "the tab key comes back to the header"


def test_forced_colours_and_reduced_motion_keep_everything(visit):
    chat = visit(forced_colors="active", reduced_motion="reduce")
    reponse = chat.say("son mari la frappe")
    expect(reponse.locator(".bandeau")).to_be_visible()
    assert reponse.locator(".bandeau").evaluate("b => getComputedStyle(b).borderTopStyle") == "solid"
    assert chat.page.evaluate("document.getAnimations().length") == 0


def test_a_screen_reader_hears_an_answer_in_order(visit):
    reponse = visit().say("logement 19 ans Lillers")
    textes = reponse.inner_text()
    ordre = [textes.index(mot) for mot in ("Compris", "CLLAJ", "Convient", "Relais : mairie", "Fiche pour la personne")]
    assert ordre == sorted(ordre)
    assert reponse.locator("h2").inner_text() == "Réponse"
    assert reponse.locator(".porte :is(h3, h4)").count() == reponse.locator(".porte").count()
