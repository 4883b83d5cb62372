"""The chat in a real Chromium: the mission question by keyboard, follow-ups, corrections, urgency, forgetting."""

from __future__ import annotations

import re
import time

from playwright.sync_api import expect

QUESTION = "logement 19 ans Lillers"


def chips(reponse):
    return reponse.locator(".jeton").evaluate_all("b => b.map(e => e.children[1].textContent)")


def test_the_mission_question_by_keyboard_alone(visit, assistant):
    chat = visit()
    expect(chat.page.locator("#message")).to_be_focused()
    reponse = chat.say(QUESTION)
    expect(reponse.locator(".porte").first).to_contain_text("CLLAJ")
    expect(reponse.locator(".porte").first).to_contain_text("Comité")
    assert chips(reponse)[1:] == ["19 ans", "Lillers"]
    expect(chat.page.locator("#message")).to_be_focused()
    expect(chat.page.locator("#message")).to_have_value("")
    assert chat.vu.elsewhere(assistant.adresse) == []
    assert chat.vu.console == []


def test_a_proposition_says_all_that_an_agent_needs(visit):
    reponse = visit().say(QUESTION)
    porte = reponse.locator(".porte").first
    expect(porte.locator(":is(h3, h4) a")).to_have_attribute("href", "/fiche/cllaj")
    expect(porte).to_contain_text("Convient : 16 à 30 ans")
    expect(porte).to_contain_text("Contact non connu de la base")
    expect(porte.locator("a.tel")).to_have_attribute("href", re.compile(r"^tel:0\d{9}$"))
    expect(porte).to_contain_text(re.compile(r"Source : convention 2021-2025.*\(2021\)"))
    relais = reponse.locator(".relais")
    expect(relais).to_contain_text("mairie ou CCAS de Lillers")
    expect(relais.locator("a.carte")).to_have_attribute("href", re.compile(r"^https://www\.openstreetmap\.org/search\?query=.*Lillers"))
    expect(relais.locator("a.carte")).to_have_attribute("rel", re.compile("noopener"))


def test_the_sheet_for_the_person_is_one_link_away(visit):
    reponse = visit().say(QUESTION)
    lien = reponse.get_by_role("link", name=re.compile("^Fiche pour la personne"))
    expect(lien).to_have_attribute("href", re.compile(r"^/fiche-usager\?besoins=[a-z/,-]+&commune=62516&age=19&services=cllaj,[a-z,-]+$"))
    expect(lien).to_have_attribute("target", "_blank")


def test_a_follow_up_keeps_what_was_said(visit):
    chat = visit()
    chat.say("logement 19 ans")
    reponse = chat.say("Lillers")
    assert {"19 ans", "Lillers"} <= set(chips(reponse))


def test_removing_a_chip_asks_again_without_it(visit):
    chat = visit()
    reponse = chat.say(QUESTION)
    avant = chat.answers.count()
    reponse.locator(".jeton", has_text="Lillers").click()
    corrigee = chat.wait(avant)
    assert "Lillers" not in chips(corrigee)
    assert "19 ans" in chips(corrigee)
    assert "mairie ou CCAS de Lillers" not in corrigee.inner_text()
    expect(chat.page.locator(".moi").last).to_contain_text("Sans « Lillers »")
    expect(chat.page.locator("#message")).to_be_focused()


def test_a_correction_is_a_new_session(visit):
    chat = visit()
    vus = []
    chat.page.on("websocket", lambda w: w.on("framesent", lambda trame: vus.append(str(trame))))
    chat.page.on("request", lambda r: vus.append(r.post_data or ""))  # the first message goes by REST when typed at once
    chat.page.reload()
    reponse = chat.say(QUESTION)
    avant = chat.answers.count()
    reponse.locator(".jeton", has_text="19 ans").click()
    chat.wait(avant)
    sessions = [s for trame in vus if '"message"' in trame for s in re.findall(r'"(?:session_id|sender)":"(\w+)"', trame)]
    assert len(sessions) == 2
    assert sessions[0] != sessions[1]


def test_removing_every_chip_asks_to_say_again(visit):
    chat = visit()
    reponse = chat.receive(
        {"text": "Compris : Crèche\nRien.", "custom": {"kind": "orientation", "comprehension": {"besoins": [{"id": "a/b", "nom": "Crèche"}]}}}
    )
    reponse.locator(".jeton").click()
    expect(chat.page.locator(".note")).to_contain_text("Redites la situation")


def test_the_question_has_buttons_and_can_be_skipped(visit):
    chat = visit()
    reponse = chat.receive(
        {
            "text": "Compris : Crèche · Lillers\nVoici.\nLa personne est-elle locataire ?",
            "custom": {
                "kind": "orientation",
                "question": "La personne est-elle locataire ?",
                "comprehension": {"besoins": [{"id": "a/b", "nom": "Crèche"}], "commune": {"nom": "Lillers"}, "ages": [2]},
            },
        }
    )
    question = reponse.locator(".question")
    with chat.page.expect_request("**/webhooks/rest/webhook") as envoi:
        question.get_by_role("button", name="Oui", exact=True).click()
    assert envoi.value.post_data_json["message"] == "Crèche, 2 ans, Lillers, locataire"
    suivante = chat.wait(1)
    expect(chat.page.locator(".question")).to_have_count(1)
    suivante.get_by_role("button", name="Je ne sais pas").click()
    expect(chat.page.locator(".question")).to_have_count(0)
    expect(chat.page.locator("#message")).to_be_focused()


def test_an_urgency_cannot_be_missed(visit):
    chat = visit(largeur=360, hauteur=640)
    reponse = chat.say("son mari la frappe, il est là dehors")
    bandeau = reponse.locator(".bandeau")
    expect(bandeau).to_contain_text("URGENCE")
    for numero in bandeau.locator("a.urgent").all():
        expect(numero).to_be_in_viewport(ratio=1)
    assert "tel:17" in bandeau.locator("a.urgent").evaluate_all("a => a.map(e => e.getAttribute('href'))")
    assert bandeau.evaluate("b => b === b.parentElement.children[1]"), "after the hidden heading, the band comes first"
    expect(reponse.locator(".ecartes")).to_have_count(0)


def test_keys_send_break_recall_and_clear(visit):
    chat = visit()
    champ = chat.page.locator("#message")
    chat.page.keyboard.insert_text("bonjour")
    chat.page.keyboard.press("Shift+Enter")
    assert champ.input_value() == "bonjour\n"
    chat.page.keyboard.press("Escape")
    expect(champ).to_have_value("")
    chat.say("bonjour")
    chat.say("CLLAJ ?")
    chat.page.keyboard.press("ArrowUp")
    expect(champ).to_have_value("CLLAJ ?")
    chat.page.keyboard.press("ArrowUp")
    expect(champ).to_have_value("bonjour")
    chat.page.keyboard.press("ArrowDown")
    expect(champ).to_have_value("CLLAJ ?")


def test_a_new_person_leaves_nothing_behind(visit):
    chat = visit()
    chat.say(QUESTION)
    chat.page.keyboard.press("Alt+n")
    expect(chat.answers).to_have_count(0)
    expect(chat.page.locator(".accueil")).to_be_visible()
    expect(chat.page.locator("#message")).to_be_focused()
    chat.page.keyboard.press("ArrowUp")
    expect(chat.page.locator("#message")).to_have_value("")
    reponse = chat.say("crèche")
    assert not {"19 ans", "Lillers"} & set(chips(reponse))
    restes = chat.page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]")
    assert restes == [0, 0, ""]


def test_a_new_person_leaves_nothing_on_the_disk_of_the_server(visit, assistant):
    fichier = assistant.dossier / "conversations.db"
    chat = visit()
    chat.say(f"{QUESTION}, trottinette")
    assert b"trottinette" in fichier.read_bytes()
    chat.page.keyboard.press("Alt+n")
    limite = time.monotonic() + 20
    while b"trottinette" in fichier.read_bytes():
        assert time.monotonic() < limite
        chat.page.wait_for_timeout(200)


def test_a_late_answer_does_not_reach_the_next_person(visit):
    chat = visit()
    chat.page.route("**/vendor/socket.io.min.js", lambda route: route.fulfill(status=200, content_type="text/javascript", body=""))
    retenues = []
    chat.page.route("**/webhooks/rest/webhook", lambda route: retenues.append(route))
    chat.page.reload()
    chat.page.keyboard.insert_text("logement 19 ans")
    chat.page.keyboard.press("Enter")
    expect(chat.page.locator("#etat")).to_have_text("Je cherche…")
    chat.page.keyboard.press("Alt+n")
    retenues[0].fulfill(status=200, content_type="application/json", body='[{"text": "réponse en retard"}]')
    chat.page.wait_for_timeout(300)
    expect(chat.answers).to_have_count(0)


def test_the_indicator_shows_only_when_slow(visit):
    chat = visit()
    chat.page.add_init_script(
        "addEventListener('DOMContentLoaded', () => { window.vus = [];"
        " new MutationObserver(() => vus.push(etat.textContent)).observe(document.getElementById('etat'), { childList: true }); });"
    )
    chat.receive({"text": "Bonjour."})
    assert "Je cherche…" not in chat.page.evaluate("vus")


def test_texts_without_a_card_are_shown_as_they_are(visit):
    reponse = visit().receive({"text": "Première ligne.\n- un\n- deux\nAppelez le 03 21 61 64 64.", "custom": {"kind": "inconnu_de_la_page"}})
    expect(reponse.locator("p").first).to_have_text("Première ligne.")
    expect(reponse.locator("li")).to_have_text(["un", "deux"])
    expect(reponse.locator("a.tel")).to_have_attribute("href", "tel:0321616464")


def test_an_answer_without_custom_or_text_does_not_break_the_page(visit):
    for reponse in (
        {},
        {"text": None, "custom": [1]},
        {"text": "x", "custom": {"kind": 3, "propositions": "non", "urgence": {}, "comprehension": 4, "lieux": [None]}},
    ):
        chat = visit()
        chat.receive(reponse)
        assert chat.vu.console == []
