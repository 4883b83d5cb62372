"""The real server over a base of the test's own: « python -m tests.serveur_base BASE »; settings as usual in ``TABLE_*``."""

from __future__ import annotations

import sys
from pathlib import Path

import knowledge.build

if __name__ == "__main__":
    # Before anything else is imported: every module takes the place of the published base from there.
    knowledge.build.BASE = Path(sys.argv[1])
    from bot.__main__ import quiet

    quiet()
    from bot import light_rasa, settings

    light_rasa.install()
    from bot.prepare import MODELE
    from bot.server import serve

    serve(MODELE, settings.load())
