"""Markup in a message or in any field of an answer comes out as text."""

from __future__ import annotations

from playwright.sync_api import expect

XSS = '<img src=x onerror="window.perce=1"><script>window.perce=1</script>'
ADRESSE = "javascript:window.perce=1"


def answer():
    lieu = {"id": XSS, "nom": XSS, "type": XSS, "sous_type": XSS, "adresse": XSS, "code_postal": XSS, "commune": XSS, "gestionnaire": XSS}
    commune = {"code_insee": XSS, "nom": XSS, "adresse": XSS, "telephone": ADRESSE, "courriel": XSS, "horaires_accueil": XSS}
    source = [{"source": XSS, "annee": XSS, "ligne": XSS, "citation": XSS}]
    porte = {
        "besoin": XSS,
        "service": ADRESSE,
        "nom": XSS,
        "structure": XSS + "2",
        "etat": "experimentation",
        "description": XSS,
        "pourquoi": [XSS],
        "a_verifier": [XSS],
        "lieux": [lieu] * 6,
        "distance_km": 3,
        "source": source,
    }
    return {
        "text": f"Compris : {XSS}\n1. {XSS}\n- {XSS}\nÀ savoir : {XSS}\nNuméro national : 17 – {XSS}\nÉcarté : {XSS}\nContact : x. Relais : {XSS}\nSource : {XSS}\n{XSS} ?",
        "buttons": [{"title": XSS, "payload": XSS}],
        "custom": {
            "kind": "orientation",
            "comprehension": {"besoins": [{"id": XSS, "nom": XSS}], "ages": [19], "commune": commune, "faits": {XSS: True}},
            "propositions": [porte],
            "question": f"{XSS} ?",
            "relais": commune,
            "urgence": [{"numero": ADRESSE, "nom": XSS, "usage": XSS}],
            "sources": source,
        },
    }


def assert_safe(chat, page_hosts=()):
    assert chat.page.evaluate("window.perce") is None
    assert chat.page.locator("#fil img, #fil script").count() == 0
    liens = chat.page.locator("a").evaluate_all("a => a.map(e => e.protocol)")
    assert set(liens) <= {"http:", "https:", "tel:", "mailto:", "sms:"}


def test_markup_in_every_field_of_an_answer(visit):
    chat = visit()
    reponse = chat.receive(answer())
    expect(reponse.locator(".porte h3")).to_contain_text(XSS)
    expect(reponse.locator(".ecartes")).to_contain_text(XSS)
    assert_safe(chat)
    reponse.locator(".jeton").first.click()
    chat.wait(1)
    assert_safe(chat)


def test_markup_in_the_message(visit):
    chat = visit()
    chat.say(XSS)
    expect(chat.page.locator(".moi").first).to_contain_text(XSS)
    assert_safe(chat)


def test_the_policy_leaves_no_room(visit, assistant):
    reponse = visit().page.request.get(assistant.adresse)
    politique = reponse.headers["content-security-policy"]
    assert "default-src 'none'" in politique
    assert "unsafe" not in politique
    assert "<script>" not in reponse.text()
    assert "<style" not in reponse.text()
    assert " style=" not in reponse.text()
