"""A small server with the look-up and the sheets only, without Rasa: « python serveur_annuaire.py PORT [BASE] »."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace

from sanic import Sanic

from bot.annuaire_pages import add_directory
from bot.pages import ENTETES, WEB
from knowledge.base import Base
from knowledge.build import BASE


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


if __name__ == "__main__":
    make_app(Base.open(Path(sys.argv[2]) if len(sys.argv) > 2 else BASE)).run("127.0.0.1", int(sys.argv[1]), motd=False, access_log=False, debug=False)
