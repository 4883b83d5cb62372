"""A whole training session in a real Chromium: a trainer, the wall, three participants, a server that dies in between."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from serveur_annuaire import browsing

from tests.serveur_formation import Serveur, serving

SEUL = ("/formation", "/formation/cartes?theme=violences", "/formation/cartes?theme=gouvernance&niveau=courant", "/formation/animer/inconnu")


@pytest.fixture(scope="module")
def _serveur(base_path, tmp_path_factory) -> Iterator[Serveur]:
    with serving(base_path, tmp_path_factory.mktemp("formation")) as serveur:
        yield serveur


@pytest.fixture(scope="module")
def _navigateur() -> Iterator[Browser]:
    with browsing() as navigateur:
        yield navigateur


class Gens:
    """People with a tablet each: their pages, what went wrong in them, what they asked for."""

    def __init__(self, navigateur: Browser) -> None:
        self.navigateur = navigateur
        self.erreurs: list[str] = []
        self.demandes: list[str] = []
        self.contextes: list = []

    def sit(self, largeur: int = 1280, mode: str = "light", hauteur: int = 900) -> Page:
        contexte = self.navigateur.new_context(viewport={"width": largeur, "height": hauteur}, color_scheme=mode, locale="fr-FR", accept_downloads=True)
        self.contextes.append(contexte)
        page = contexte.new_page()
        page.on("pageerror", lambda e: self.erreurs.append(str(e)))
        page.on("console", lambda m: self.erreurs.append(m.text) if m.type == "error" else None)
        page.on("request", lambda r: self.demandes.append(r.url))
        page.on("dialog", lambda d: pytest.fail("a script ran"))
        return page


@pytest.fixture
def _gens(_navigateur: Browser) -> Iterator[Gens]:
    gens = Gens(_navigateur)
    yield gens
    for contexte in gens.contextes:
        contexte.close()


def until(page: Page, condition: str, arg=None, secondes: float = 10) -> None:
    """Wait until some JavaScript is true. Playwright's own wait needs eval, that our Content-Security-Policy refuses."""
    limite = time.monotonic() + secondes
    while True:
        try:
            if page.evaluate(condition, arg):
                return
        except Exception as erreur:  # noqa: BLE001 - the page may be on its way to the next
            if "context" not in str(erreur) and "navigation" not in str(erreur):
                raise
        assert time.monotonic() < limite, condition
        page.wait_for_timeout(25)


def checked(page: Page) -> None:
    """No rule of axe-core broken, nothing that scrolls sideways."""
    resultat = Axe().run(page)
    assert resultat.violations_count == 0, f"{page.url} : {resultat.generate_report()}"
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, page.url


def opened(page: Page, url: str, nombre: int = 8, quiz: bool = True, theme: str = "") -> str:
    page.goto(f"{url}/formation")
    page.locator("#salle-nombre").fill(str(nombre))
    if theme:
        page.locator(f"#salle-{theme}").check()
    if not quiz:
        page.get_by_label("Quiz de dix questions").uncheck()
    page.get_by_role("button", name="Ouvrir la session").click()
    return page.locator(".code").inner_text()


def joined(page: Page, url: str, code: str, pseudo: str) -> None:
    page.goto(f"{url}/formation")
    page.get_by_label("Code donné par le formateur").fill(code.lower())
    page.get_by_label("Prénom ou surnom").fill(pseudo)
    page.keyboard.press("Enter")
    page.wait_for_url("**/formation/p/**")


def answer(page: Page, rang: int = 0) -> None:
    """Choose by keyboard, or type; send; wait for what comes."""
    if page.locator("textarea").count():
        page.locator("textarea").fill("une personne de 24 ans cherche un logement à Haillicourt")
    else:
        choix = page.locator("[name=choix]")
        choix.nth(rang % choix.count()).focus()
        page.keyboard.press("Space")
    with page.expect_navigation():
        page.get_by_role("button", name="Valider").click()


def take_part(page: Page, rang: int = 0, regarder: bool = False) -> int:
    """Answer until there is nothing left; how many answers."""
    faites = 0
    while True:
        page.wait_for_load_state()
        if page.locator("form[data-envoi]").count():
            if regarder:
                checked(page)
            answer(page, rang + faites)
            faites += 1
        elif page.get_by_role("link", name="Continuer").count():
            if regarder:
                checked(page)
            with page.expect_navigation():
                page.get_by_role("link", name="Continuer").click()
        else:
            return faites


def test_a_whole_session_with_a_trainer_and_three_participants(_serveur, _gens):
    formateur, mur = _gens.sit(), _gens.sit(1600)
    code = opened(formateur, _serveur.url)
    assert "ne la projetez pas" in formateur.locator(".commandes").inner_text()
    mur.goto(_serveur.url + formateur.get_by_role("link", name="la vue à projeter").get_attribute("href"))
    assert mur.get_by_role("button").count() == 0
    participants = [_gens.sit(820, hauteur=1100), _gens.sit(360, "dark"), _gens.sit(1280)]
    for page, pseudo in zip(participants, ("Ana", "Zoé", "Jean-Luc"), strict=True):
        joined(page, _serveur.url, code, pseudo)
    for page in (formateur, mur):
        until(page, "document.getElementById('tableau').textContent.includes('Jean-Luc')", secondes=5)
    for rang, page in enumerate(participants):
        assert take_part(page, rang, regarder=rang == 0) == 10
    until(formateur, "document.getElementById('tableau').textContent.includes('30 réponses')", secondes=5)
    checked(participants[0])

    formateur.get_by_role("button", name="Ouvrir les situations").click()
    for rang, page in enumerate(participants):
        page.wait_for_url("**/situations/1", timeout=6000)
        assert take_part(page, rang, regarder=rang < 2) == 8
    for page in (formateur, mur):
        until(page, "document.getElementById('tableau').textContent.includes('54 réponses')", secondes=5)
    checked(formateur)
    checked(mur)
    assert formateur.locator("#tableau .ratees li").count() in (1, 2, 3)

    formateur.get_by_role("link", name="Corrigés").click()
    checked(formateur)
    assert "Posture" in formateur.locator("main").inner_text()
    formateur.get_by_role("link", name="Retour au tableau").click()
    formateur.get_by_role("button", name="Ouvrir le quiz d'après").click()
    for rang, page in enumerate(participants):
        page.wait_for_url("**/apres/1", timeout=6000)
        assert take_part(page, rang) == 10
        assert "Vos deux quiz" in page.locator("main").inner_text()
    checked(participants[1])
    until(formateur, "document.getElementById('tableau').textContent.includes('Progrès')", secondes=5)

    with formateur.expect_download() as recu:
        formateur.get_by_role("link", name="Tableau (CSV)").click()
    texte = recu.value.path().read_text(encoding="utf-8-sig")
    assert "Zoé" not in texte and texte.startswith("jour;participants")
    formateur.get_by_role("link", name="Rapport à imprimer").click()
    checked(formateur)
    pages = len(re.findall(rb"/Type\s*/Page\b", formateur.pdf(prefer_css_page_size=True)))
    assert 1 <= pages <= 2
    formateur.get_by_role("link", name="Retour au tableau").click()
    formateur.get_by_role("link", name="Terminer la session").click()
    checked(formateur)
    formateur.get_by_role("button", name="Terminer et effacer les surnoms").click()
    assert "Restent ces comptes, sans nom" in formateur.locator("main").inner_text()
    assert "Zoé" not in formateur.content()
    checked(formateur)
    for page in participants:
        # A page that waits for the trainer loads itself anew; a reload asked for here would cross its own.
        if not page.locator("[data-attente]").count():
            page.reload()
        page.get_by_text("Cette session est finie").wait_for()
    assert {urlsplit(u).netloc for u in _gens.demandes} == {urlsplit(_serveur.url).netloc}
    assert [e for e in _gens.erreurs if "status of 4" not in e] == []


def test_the_back_button_and_a_second_click_keep_the_first_answer(_serveur, _gens):
    formateur, page = _gens.sit(), _gens.sit()
    code = opened(formateur, _serveur.url, 2, quiz=False, theme="logement")
    joined(page, _serveur.url, code, "Ana")
    ici = page.url
    page.locator("[name=choix]").first.check()
    page.get_by_role("button", name="Valider").dblclick()
    until(page, "document.getElementById('resultat') !== null")
    corrige = page.locator("main").inner_text()
    page.get_by_role("link", name="Continuer").click()
    page.wait_for_url("**/situations/2")
    page.go_back()
    page.wait_for_url(ici)
    assert page.locator("main").inner_text() == corrige
    until(formateur, "document.getElementById('tableau').textContent.includes('1 réponse')", secondes=5)


def test_an_answer_given_while_the_server_is_down_arrives_when_it_is_back(base_path, tmp_path, _gens):
    with serving(base_path, tmp_path) as serveur:
        formateur, page = _gens.sit(), _gens.sit()
        code = opened(formateur, serveur.url, 2, quiz=False, theme="logement")
        joined(page, serveur.url, code, "Ana")
        page.locator("[name=choix]").first.check()
        serveur.kill()
        page.get_by_role("button", name="Valider").click()
        until(page, "!document.querySelector('[data-etat]').hidden")
        assert "Votre réponse est gardée ici" in page.locator("[data-etat]").inner_text()
        until(formateur, "!document.querySelector('[data-liaison]').hidden")
        serveur.start()
        until(page, "document.getElementById('resultat') !== null", secondes=20)
        until(formateur, "document.getElementById('tableau').textContent.includes('1 réponse')", secondes=20)
        until(formateur, "document.querySelector('[data-liaison]').hidden", secondes=10)


def test_the_annuaire_is_searched_in_its_frame_against_the_clock(_serveur, _gens):
    page = _gens.sit()
    for rang in range(1, 6):
        page.goto(f"{_serveur.url}/formation/solo/{rang}?theme=numerique&nombre=5&graine=a")
        if page.locator("iframe").count():
            break
    assert page.locator("iframe").count() == 1
    cadre = page.frame_locator("iframe")
    cadre.locator("#q").fill("france services bethune")
    until(page, "document.querySelector('iframe').contentDocument.getElementById('resultats').textContent.includes('Béthune')")
    until(page, "document.querySelector('[data-temps]').textContent !== '0'")
    checked(page)
    page.locator("[name=choix]").first.check()
    page.get_by_role("button", name="Valider").click()
    until(page, "document.getElementById('resultat') !== null")
    assert _gens.erreurs == []


def test_a_refused_pseudonym_is_said_and_the_code_stays(_serveur, _gens):
    formateur, page = _gens.sit(), _gens.sit(360)
    code = opened(formateur, _serveur.url, 1, quiz=False)
    page.goto(f"{_serveur.url}/formation")
    page.get_by_label("Code donné par le formateur").fill(code)
    page.get_by_label("Prénom ou surnom").fill("<img src=x onerror=1>")
    page.get_by_role("button", name="Rejoindre").click()
    assert "Un prénom ou un surnom suffit" in page.get_by_role("alert").inner_text()
    assert page.get_by_label("Code donné par le formateur").input_value() == code
    assert page.locator("main img").count() == 0
    checked(page)
    page.get_by_label("Prénom ou surnom").fill("Ana")
    page.get_by_role("button", name="Rejoindre").click()
    page.wait_for_url("**/formation/p/**")


def test_without_javascript_one_joins_answers_and_is_corrected(_navigateur, _serveur, _gens):
    formateur = _gens.sit()
    code = opened(formateur, _serveur.url, 1, quiz=False, theme="logement")
    contexte = _navigateur.new_context(java_script_enabled=False)
    page = contexte.new_page()
    joined(page, _serveur.url, code, "Ana")
    page.locator("[name=choix]").first.check()
    page.get_by_role("button", name="Valider").click()
    assert page.locator("#resultat").count() == 1
    page.get_by_role("link", name="Continuer").click()
    assert "Vous avez tout fait" in page.locator("main").inner_text()
    contexte.close()


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("largeur", [1280, 360])
def test_axe_finds_nothing_on_the_pages_without_a_session(_serveur, _gens, mode, largeur):
    page = _gens.sit(largeur, mode)
    for chemin in SEUL:
        page.goto(f"{_serveur.url}{chemin}")
        checked(page)
    for rang in range(1, 7):
        page.goto(f"{_serveur.url}/formation/solo/{rang}?nombre=6&graine=axe")
        checked(page)
        if page.locator("textarea").count():
            page.locator("textarea").fill("logement")
        else:
            page.locator("[name=choix]").first.check()
        page.get_by_role("button", name="Valider").click()
        page.wait_for_load_state()
        checked(page)
    page.goto(f"{_serveur.url}/formation/solo/7?nombre=6&graine=axe")
    checked(page)


def test_the_theme_is_not_said_before_the_answer(_serveur, _gens):
    page = _gens.sit()
    page.goto(f"{_serveur.url}/formation/solo/1?theme=illettrisme&nombre=1&graine=a")
    assert "illettrisme ·" not in page.locator("main").inner_text().lower()
    page.locator("[name=choix]").first.check()
    page.get_by_role("button", name="Valider").click()
    until(page, "document.getElementById('resultat') !== null")
    assert "illettrisme ·" in page.locator("main").inner_text().lower()
