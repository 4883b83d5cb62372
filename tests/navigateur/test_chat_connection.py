"""A lost server is said, the message is kept, and it goes once the server is back; REST stands in for Socket.IO."""

from __future__ import annotations

import pytest
from navigateur_outils import Assistant
from playwright.sync_api import expect


@pytest.fixture
def own_assistant(tmp_path):
    """A server of its own, since it is going to be killed."""
    serveur = Assistant(tmp_path / "assistant").start()
    yield serveur
    serveur.stop()


def test_a_killed_server_loses_no_message(visit, own_assistant):
    chat = visit(adresse=own_assistant.adresse)
    chat.say("logement 19 ans")
    own_assistant.stop()
    expect(chat.page.locator("#etat")).to_contain_text("Le serveur ne répond pas", timeout=10_000)
    chat.page.keyboard.insert_text("et à Lillers ?")
    chat.page.keyboard.press("Enter")
    expect(chat.page.locator("#etat")).to_contain_text("Votre message est gardé", timeout=10_000)
    bulle = chat.page.locator(".moi").last
    expect(bulle).to_have_attribute("data-attente", "")
    own_assistant.start()
    reponse = chat.wait(1)
    expect(reponse.locator(".jeton", has_text="Lillers")).to_be_visible()
    expect(reponse.locator(".jeton", has_text="19 ans")).to_be_visible()
    expect(bulle).not_to_have_attribute("data-attente", "")
    expect(chat.page.locator("#etat")).to_have_text("")
    assert chat.answers.count() == 2


def test_socket_io_is_used_and_rest_stands_in(visit):
    chat = visit()
    chat.say("bonjour")  # by REST when typed before the socket is open
    for _ in range(50):
        if any("/socket.io/" in a for a in chat.vu.adresses):
            break
        chat.page.wait_for_timeout(100)
    chat.page.wait_for_timeout(500)
    chat.vu.adresses.clear()
    chat.say("CLLAJ ?")
    assert not [a for a in chat.vu.adresses if a.endswith("/webhooks/rest/webhook")]
    sans = visit()
    sans.page.route("**/vendor/socket.io.min.js", lambda route: route.abort())
    sans.page.reload()
    reponse = sans.say("logement 19 ans Lillers")
    expect(reponse.locator(".porte").first).to_contain_text("CLLAJ")
    assert [a for a in sans.vu.adresses if a.endswith("/webhooks/rest/webhook")]


def test_two_messages_in_a_row_are_answered_in_order(visit):
    chat = visit()
    for message in ("CLLAJ ?", "ADIL ?"):
        chat.page.keyboard.insert_text(message)
        chat.page.keyboard.press("Enter")
    chat.wait(1)
    assert "CLLAJ" in chat.answers.nth(0).inner_text()
    assert "ADIL" in chat.answers.nth(1).inner_text()
