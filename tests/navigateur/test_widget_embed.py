"""The one line that embeds the chat: from an allowed origin it opens, from another it is refused and said."""

from __future__ import annotations

import pytest
from navigateur_outils import Intranet
from playwright.sync_api import expect

from bot.settings import BadSetting, load


def opened(chat):
    chat.page.get_by_role("button", name="Table d'orientation").click()
    return chat.page.frame_locator("iframe")


def test_an_allowed_page_opens_the_chat(visit, assistant, intranet):
    chat = visit(adresse=intranet.origine)
    assert not [a for a in chat.vu.adresses if a == f"{assistant.adresse}/"], "nothing of the chat is loaded before the click"
    cadre = opened(chat)
    expect(cadre.locator("#message")).to_be_focused()
    chat.page.keyboard.insert_text("logement 19 ans Lillers")
    chat.page.keyboard.press("Enter")
    expect(cadre.locator(".porte").first).to_contain_text("CLLAJ")
    assert chat.vu.console == []
    assert chat.page.evaluate("[localStorage.length, document.cookie]") == [0, ""]


def test_the_keyboard_opens_and_closes_it(visit, assistant, intranet):
    chat = visit(adresse=intranet.origine)
    bouton = chat.page.get_by_role("button", name="Table d'orientation")
    chat.page.keyboard.press("Tab")
    expect(bouton).to_be_focused()
    chat.page.keyboard.press("Enter")
    expect(chat.page.frame_locator("iframe").locator("#message")).to_be_focused()
    chat.page.keyboard.press("Escape")
    expect(bouton).to_be_focused()
    expect(chat.page.get_by_role("dialog")).to_have_count(0)


def test_another_origin_is_refused_and_the_reason_is_said(visit, assistant):
    autre = Intranet()
    autre.source = assistant.adresse
    chat = visit(adresse=autre.origine)
    chat.page.get_by_role("button", name="Table d'orientation").click()
    expect(chat.page.get_by_role("alert")).to_contain_text(f"demandez d'ajouter {autre.origine} au réglage TABLE_ORIGINES", timeout=10_000)
    assert any("frame-ancestors" in ligne for ligne in chat.vu.console)
    expect(chat.page.frame_locator("iframe").locator("#message")).to_have_count(0)


@pytest.mark.parametrize("largeur", [1280, 360])
def test_axe_finds_nothing_around_the_frame(visit, assistant, intranet, largeur):
    chat = visit(adresse=intranet.origine, largeur=largeur, hauteur=640)
    assert chat.violations() == []
    cadre = opened(chat)
    expect(cadre.locator("#message")).to_be_focused()
    assert chat.violations() == []
    assert chat.overflow() == 0


def test_by_default_no_other_site_may_embed():
    assert load({}).origines == ()


def test_origins_are_read_and_anything_else_is_refused():
    assert load({"TABLE_ORIGINES": "https://Intranet.Mairie.fr/, http://10.0.0.4:8080"}).origines == ("https://intranet.mairie.fr", "http://10.0.0.4:8080")
    for brut in ("*", "https://*.fr", "intranet.fr", "https://a.fr/page", "https://a.fr;script-src", "'self'", "https://a.fr\r\nX: y"):
        with pytest.raises(BadSetting, match="TABLE_ORIGINES"):
            load({"TABLE_ORIGINES": brut})
