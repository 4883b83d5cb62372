"""With TABLE_JETON and TABLE_JETON_FORMATEUR, each door asks for its token; without, nothing does (all the other tests)."""

from __future__ import annotations

import asyncio
import json
import re
import urllib.parse
from collections.abc import Iterator

import pytest

from bot import settings
from bot.jetons import INCONNU, SANS_JETON, TEMOIN, TROP_DESSAIS, Jetons, digest
from tests.requetes import ANGLAIS, Recue, ask, talk
from tests.serveur import Server, running

JETON = "jeton-de-la-mairie-0123"
FORMATEUR = "jeton-du-formateur-4567"
FAUX = "jeton-qui-n-existe-pas-89"
HTML = "text/html,application/xhtml+xml"


@pytest.fixture(scope="module")
def serveur(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("jetons"), TABLE_JETON=JETON, TABLE_JETON_FORMATEUR=FORMATEUR, TABLE_PROXYS="1") as s:
        yield s


def page(serveur: Server, chemin: str, methode: str = "GET", corps: str | None = None, **entetes: str) -> Recue:
    """As a browser asks for a page."""
    if corps is not None:
        entetes["Content_Type"] = "application/x-www-form-urlencoded"
    return ask(serveur.url, methode, chemin, corps, Accept=HTML, **entetes)


def cookie(recue: Recue) -> str:
    return recue.entetes["Set-Cookie"].partition(";")[0]


def say(serveur: Server, **entetes: str) -> Recue:
    return ask(serveur.url, "POST", "/webhooks/rest/webhook", json.dumps({"sender": "jeton", "message": "CLLAJ ?"}), **entetes)


@pytest.mark.parametrize("chemin", ["/", "/annuaire", "/fiche-usager", "/formation", "/inconnue", "//ailleurs.exemple.fr/"])
def test_a_page_shows_the_form_instead(serveur: Server, chemin: str) -> None:
    recue = page(serveur, chemin)
    assert recue.statut == 401
    assert 'action="/jeton"' in recue.texte and 'type="password"' in recue.texte
    assert "Content-Security-Policy" in recue.entetes
    assert recue.entetes["Cache-Control"] == "no-store"
    suite = re.search(r'name="suite" value="([^"]*)"', recue.texte)[1]
    assert suite == (chemin if not chemin.startswith("//") else "/")


@pytest.mark.parametrize("chemin", ["/annuaire/lignes?q=a", "/app.js", "/socket.io/?EIO=4&transport=polling", "/formation/p/x/etat"])
def test_what_is_not_a_page_is_refused_with_one_french_sentence(serveur: Server, chemin: str) -> None:
    recue = ask(serveur.url, "GET", chemin)
    assert (recue.statut, recue.texte) == (401, SANS_JETON)


@pytest.mark.parametrize("chemin", ["/style.css", "/annuaire.css", "/icone.svg", "/widget.js"])
def test_what_the_form_needs_is_free(serveur: Server, chemin: str) -> None:
    assert ask(serveur.url, "GET", chemin).statut == 200


@pytest.mark.parametrize(
    "entetes", [{}, {"Authorization": f"Bearer {FAUX}"}, {"Authorization": JETON}, {"Authorization": "Bearer"}, {"Cookie": f"{TEMOIN}={JETON}"}]
)
def test_rest_without_the_token_is_refused(serveur: Server, entetes: dict[str, str]) -> None:
    recue = say(serveur, **entetes)
    assert recue.statut == 401
    assert json.loads(recue.texte) == [{"recipient_id": "", "text": SANS_JETON}]
    assert not ANGLAIS.search(SANS_JETON.replace("Authorization: Bearer", ""))


@pytest.mark.parametrize("entete", [f"Bearer {JETON}", f"bearer {JETON}", f"Bearer {FORMATEUR}"])
def test_rest_takes_the_token(serveur: Server, entete: str) -> None:
    recue = say(serveur, Authorization=entete)
    assert recue.statut == 200
    assert "CLLAJ" in json.loads(recue.texte)[0]["text"]


def test_socket_io_asks_for_it_too(serveur: Server) -> None:
    for entetes in ({"Cookie": f"{TEMOIN}={digest(JETON)}"}, {"Authorization": f"Bearer {JETON}"}):
        [texte] = asyncio.run(talk(serveur.url, 1, **entetes)) or [""]
        assert "CLLAJ" in texte
    for entetes in ({}, {"Cookie": f"{TEMOIN}={digest(FAUX)}"}, {"Cookie": f"{TEMOIN}={JETON}"}):
        assert asyncio.run(talk(serveur.url, 1, **entetes)) is None


def test_the_form_leads_back_where_one_was_going(serveur: Server) -> None:
    corps = urllib.parse.urlencode({"jeton": f" {JETON} ", "suite": "/annuaire?q=lire"})
    recue = page(serveur, "/jeton", "POST", corps)
    assert recue.statut == 303
    assert recue.entetes["Location"] == "/annuaire?q=lire"
    temoin = recue.entetes["Set-Cookie"]
    assert all(mot in temoin for mot in ("HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=2592000"))
    assert JETON not in temoin
    assert "Secure" not in temoin
    assert page(serveur, "/annuaire?q=lire", Cookie=cookie(recue)).statut == 200


def test_the_cookie_is_for_https_where_there_is_https(serveur: Server) -> None:
    corps = urllib.parse.urlencode({"jeton": JETON})
    recue = page(serveur, "/jeton", "POST", corps, X_Forwarded_For="10.1.0.1", X_Forwarded_Proto="https")
    assert "Secure" in recue.entetes["Set-Cookie"]


def test_an_address_with_the_token_opens_once(serveur: Server) -> None:
    recue = page(serveur, f"/annuaire?q=lire&jeton={JETON}&age=40")
    assert recue.statut == 200
    assert 'http-equiv="refresh" content="0; url=/annuaire?q=lire&amp;age=40"' in recue.texte
    assert JETON not in recue.texte
    assert page(serveur, "/annuaire?q=lire&age=40", Cookie=cookie(recue)).statut == 200


def test_coming_from_another_site_the_cookie_is_asked_for_again(serveur: Server) -> None:
    """A strict cookie is not sent with the first request; with the one that our page makes, it is."""
    recue = page(serveur, "/annuaire", Sec_Fetch_Site="cross-site")
    assert 'http-equiv="refresh" content="0; url=/annuaire"' in recue.texte
    assert "Set-Cookie" not in recue.entetes
    assert page(serveur, "/annuaire", Sec_Fetch_Site="same-origin").statut == 401


def test_in_a_frame_the_way_out_is_said(serveur: Server) -> None:
    recue = page(serveur, "/", Sec_Fetch_Site="cross-site", Sec_Fetch_Dest="iframe")
    assert recue.statut == 401
    assert "en plein écran" in recue.texte


@pytest.mark.parametrize("suite", ["https://ailleurs.exemple.fr/", "//ailleurs.exemple.fr", "/\\ailleurs.exemple.fr", "/a\r\nSet-Cookie: x=1", "", "annuaire"])
def test_the_form_leads_to_no_other_site(serveur: Server, suite: str) -> None:
    recue = page(serveur, "/jeton", "POST", urllib.parse.urlencode({"jeton": JETON, "suite": suite}))
    assert (recue.statut, recue.entetes["Location"]) == (303, "/")


def test_a_wrong_token_is_said_and_not_shown(serveur: Server) -> None:
    for recue in (page(serveur, "/jeton", "POST", f"jeton={FAUX}"), page(serveur, f"/?jeton={FAUX}"), page(serveur, "/jeton", "POST", "jeton=%ff%00&jeton=a")):
        assert recue.statut == 401
        assert INCONNU in recue.texte.replace("&#39;", "'")
        assert FAUX not in recue.texte
        assert "Set-Cookie" not in recue.entetes


def test_tokens_cannot_be_guessed_one_after_another(serveur: Server) -> None:
    statuts = [page(serveur, "/jeton", "POST", f"jeton=essai-{rang}", X_Forwarded_For="10.1.0.2").statut for rang in range(30)]
    assert statuts[:20] == [401] * 20 and statuts[-1] == 429
    # Not even the right one, until the minute is over; and nobody else waits.
    recue = page(serveur, "/jeton", "POST", f"jeton={JETON}", X_Forwarded_For="10.1.0.2")
    assert recue.statut == 429 and TROP_DESSAIS in recue.texte.replace("&#39;", "'")
    assert json.loads(say(serveur, Authorization=f"Bearer {FAUX}", X_Forwarded_For="10.1.0.2").texte)[0]["text"] == TROP_DESSAIS
    assert say(serveur, Authorization=f"Bearer {JETON}", X_Forwarded_For="10.1.0.3").statut == 200


def test_training_is_led_with_its_own_token(serveur: Server) -> None:
    agent, formateur = f"{TEMOIN}={digest(JETON)}", f"{TEMOIN}={digest(FORMATEUR)}"
    assert page(serveur, "/formation", Cookie=agent).statut == 200
    refus = page(serveur, "/formation/sessions", "POST", "nombre=2", Cookie=agent)
    assert refus.statut == 401 and 'value="/formation"' in refus.texte
    ouverte = page(serveur, "/formation/sessions", "POST", "nombre=2", Cookie=formateur)
    assert ouverte.statut == 303
    animer = ouverte.entetes["Location"]
    tableau = page(serveur, animer, Cookie=formateur)
    assert tableau.statut == 200
    mur = re.search(r'href="(/formation/mur/\w+)"', tableau.texte)[1]
    code = re.search(r'class="code">(\w+)', tableau.texte)[1]
    for chemin in ("", "/rapport", "/fin", "/flux", "/resultats.csv", "/corrige/1"):
        assert page(serveur, f"{animer}{chemin}", Cookie=agent).statut == 401
        assert page(serveur, f"{animer}{chemin}").statut == 401
    assert page(serveur, f"{animer}/etape", "POST", "etape=situations", Cookie=agent).statut == 401
    assert page(serveur, mur, Cookie=agent).statut == 200
    rejoint = page(serveur, "/formation/rejoindre", "POST", urllib.parse.urlencode({"code": code, "pseudo": "Ana"}), Cookie=agent)
    assert rejoint.statut == 303


def test_no_token_is_written_anywhere(serveur: Server) -> None:
    for jeton in (JETON, FORMATEUR, FAUX, digest(JETON), digest(FORMATEUR)):
        assert jeton not in serveur.journal.read_text(encoding="utf-8")
        assert not any(jeton.encode() in chemin.read_bytes() for chemin in serveur.dossier.rglob("*") if chemin.is_file())


def test_the_trainer_token_alone_leaves_the_page_open() -> None:
    jetons = Jetons("", FORMATEUR)
    assert jetons.opened(FORMATEUR) == {"page", "formateur"}
    assert jetons.opened("") == jetons.opened(FAUX) == jetons.opened("é") == set()
    portes = {chemin: jetons.needed(asked(chemin)) for chemin in ("formation/sessions", "formation/animer/<jeton:str>/rapport", "formation", "annuaire", "")}
    assert [chemin for chemin, porte in portes.items() if porte] == ["formation/sessions", "formation/animer/<jeton:str>/rapport"]


def test_the_page_token_alone_is_enough_to_lead_training() -> None:
    jetons = Jetons(JETON, "")
    assert jetons.needed(asked("formation/sessions")) == "page"
    assert jetons.needed(asked("style.css")) is None
    assert jetons.opened(JETON) == {"page"}


def asked(chemin: str):
    from types import SimpleNamespace

    return SimpleNamespace(route=SimpleNamespace(path=chemin) if chemin else None)


@pytest.mark.parametrize("jeton", ["court", "avec une espace dedans", "accentué-accentué-1", "x" * 129, "jeton;jeton;jeton;jeton"])
def test_a_token_that_cannot_serve_is_refused_without_being_shown(jeton: str) -> None:
    for nom in ("TABLE_JETON", "TABLE_JETON_FORMATEUR"):
        with pytest.raises(settings.BadSetting) as refus:
            settings.load({nom: jeton})
        assert nom in str(refus.value) and jeton not in str(refus.value)


def test_two_doors_need_two_tokens() -> None:
    with pytest.raises(settings.BadSetting, match="prenez-en deux"):
        settings.load({"TABLE_JETON": JETON, "TABLE_JETON_FORMATEUR": JETON})
    assert JETON not in repr(settings.load({"TABLE_JETON": JETON, "TABLE_JETON_FORMATEUR": FORMATEUR}))
