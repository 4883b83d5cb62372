"""The look-up and the sheets alone, without Rasa, and a real Chromium to visit them.

« python serveur_annuaire.py PORT BASE » serves; ``serving`` and ``browsing`` are for the tests beside this file.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from urllib.error import URLError

from playwright.sync_api import Browser, sync_playwright
from sanic import Sanic

from bot.annuaire_pages import add_directory
from bot.pages import ENTETES, WEB
from knowledge.base import Base
from knowledge.build import ROOT


def make_app(base: Base) -> Sanic:
    app = Sanic("annuaire_essai", configure_logging=False)
    add_directory(app, SimpleNamespace(base=base))  # type: ignore[arg-type]
    for chemin in WEB.iterdir():
        if chemin.is_file():
            app.static(f"/{chemin.name}", str(chemin), name=f"web_{chemin.stem}_{chemin.suffix[1:]}")

    @app.on_response
    async def add_headers(_, reponse):
        for nom, valeur in ENTETES.items():
            reponse.headers.setdefault(nom, valeur)

    return app


@contextmanager
def serving(base: Path) -> Iterator[str]:
    """The address of a server over a base, stopped at the end."""
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        port = prise.getsockname()[1]
    processus = subprocess.Popen([sys.executable, __file__, str(port), str(base)], cwd=ROOT, env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"})
    adresse = f"http://127.0.0.1:{port}"
    try:
        for _ in range(200):
            try:
                urllib.request.urlopen(f"{adresse}/fiche-usager", timeout=5).close()
                break
            except URLError:
                time.sleep(0.1)
        yield adresse
    finally:
        processus.terminate()
        processus.wait(10)


@contextmanager
def browsing() -> Iterator[Browser]:
    """Debian's Chromium or Chrome when there is one, else the one that Playwright downloads."""
    chemin = next((c for c in map(shutil.which, ("chromium", "chromium-browser", "google-chrome")) if c), None)
    with sync_playwright() as p:
        navigateur = p.chromium.launch(executable_path=chemin, args=["--no-sandbox"])
        yield navigateur
        navigateur.close()


if __name__ == "__main__":
    make_app(Base.open(Path(sys.argv[2]))).run("127.0.0.1", int(sys.argv[1]), motd=False, access_log=False, debug=False)
