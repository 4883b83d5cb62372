"""A real Chromium and the assistant as it is served, for the tests of the chat."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from navigateur_outils import Assistant, Chat, Intranet
from playwright.sync_api import Browser, BrowserContext, sync_playwright
from playwright.sync_api import Error as PlaywrightError

SANS_NAVIGATEUR = "Aucun navigateur pour les tests : installez Chromium (apt install chromium) ou lancez « .venv/bin/playwright install chromium »."


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """An installed Chromium or Chrome, else Playwright's own; without any, one sentence and a failure.

    One a module: Playwright allows one driver at a time, and other modules here start theirs.
    """
    installes = [c for c in map(shutil.which, ("chromium", "chromium-browser", "google-chrome")) if c]
    with sync_playwright() as p:
        for chemin in [*installes, None]:
            try:
                navigateur = p.chromium.launch(executable_path=chemin, args=["--no-sandbox"])
                break
            except PlaywrightError:
                continue
        else:
            pytest.fail(SANS_NAVIGATEUR, pytrace=False)
        yield navigateur
        navigateur.close()


@pytest.fixture(scope="session")
def intranet() -> Intranet:
    return Intranet()


@pytest.fixture(scope="session")
def assistant(tmp_path_factory: pytest.TempPathFactory, intranet: Intranet) -> Iterator[Assistant]:
    serveur = Assistant(tmp_path_factory.mktemp("assistant"), intranet.origine).start()
    intranet.source = serveur.adresse
    yield serveur
    serveur.stop()


@pytest.fixture
def visit(chromium: Browser, assistant: Assistant) -> Iterator[Callable[..., Chat]]:
    """Open the chat: ``visit()``, ``visit(largeur=360, theme="dark")``."""
    contextes: list[BrowserContext] = []

    def opened(largeur: int = 1280, theme: str = "light", adresse: str | None = None, hauteur: int = 800, **options: Any) -> Chat:
        contexte = chromium.new_context(viewport={"width": largeur, "height": hauteur}, color_scheme=theme, locale="fr-FR", **options)  # type: ignore[arg-type]
        contextes.append(contexte)
        return Chat(contexte.new_page(), adresse or assistant.adresse)

    yield opened
    for contexte in contextes:
        contexte.close()
