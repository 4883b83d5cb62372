"""The token as an agent gives it: a link from the intranet, or the form; then the page works as without one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.serveur import Server, running

JETON = "jeton-de-la-mairie-0123"


@pytest.fixture(scope="module")
def serveur(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("jeton"), TABLE_JETON=JETON) as s:
        yield s


def test_a_link_from_another_site_then_the_same_link_without_the_token(chromium: Browser, serveur: Server) -> None:
    contexte = chromium.new_context(locale="fr-FR")
    page = contexte.new_page()
    # « localhost » and « 127.0.0.1 » are two sites for a browser.
    lien = '<meta charset="utf-8"><a href="{}">table</a>'
    intranet = "http://localhost:9/"
    page.route(
        f"{intranet}**",
        lambda route: route.fulfill(body=lien.format(f"{serveur.url}/{'?jeton=' + JETON if 'premier' in route.request.url else ''}"), content_type="text/html"),
    )
    page.goto(f"{intranet}premier")
    page.get_by_role("link", name="table").click()
    page.wait_for_url(f"{serveur.url}/")
    page.locator("#message").fill("CLLAJ ?")
    page.keyboard.press("Enter")
    expect(page.get_by_role("log")).to_contain_text("Comité", timeout=30_000)
    page.goto(f"{intranet}ensuite")
    page.get_by_role("link", name="table").click()
    expect(page.locator("#message")).to_be_visible()
    assert page.evaluate("document.cookie") == ""
    contexte.close()


def test_the_form_says_a_wrong_token_then_opens(chromium: Browser, serveur: Server) -> None:
    contexte = chromium.new_context(locale="fr-FR", viewport={"width": 360, "height": 640})
    page = contexte.new_page()
    page.goto(f"{serveur.url}/annuaire?q=lire")
    page.get_by_label("Jeton").fill("jeton-qui-n-existe-pas")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("n'est pas le bon")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.get_by_label("Jeton").fill(JETON)
    page.get_by_role("button", name="Entrer").click()
    page.wait_for_url(f"{serveur.url}/annuaire?q=lire")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    contexte.close()
