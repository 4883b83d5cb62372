"""Ask pip-audit about every pinned version, leaving out what outils/avis.yml accepts. « make audit » runs it; it needs the Internet."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import yaml

RACINE = Path(__file__).resolve().parent.parent
AVIS = RACINE / "outils" / "avis.yml"
# « --strict »: a package that could not be looked up must not pass for a package without advisory.
COMMANDE = ["tool", "run", "--from", "pip-audit", "pip-audit", "-r", "requirements.lock", "--no-deps", "--disable-pip", "-s", "osv", "--strict"]


def ignored() -> list[str]:
    """Options for the advisories that are accepted."""
    acceptes = yaml.safe_load(AVIS.read_text(encoding="utf-8"))["acceptes"]
    return [option for accepte in acceptes for avis in accepte["avis"] for option in ("--ignore-vuln", avis)]


def main() -> int:
    fini = subprocess.run([str(RACINE / "var/boot/bin/uv"), *COMMANDE, *ignored()], cwd=RACINE, capture_output=True, text=True, check=False)
    if fini.returncode == 0:
        print("Aucun avis connu hors de ceux acceptés dans outils/avis.yml.")
        return 0
    if "Found" in fini.stderr and "known vulnerabilit" in fini.stderr:
        print(fini.stdout)
        print("Des avis ne sont pas dans outils/avis.yml : changez la version, ou écrivez-y pourquoi ils ne touchent pas notre usage.")
        return 1
    print("La liste publique des avis n'a pas pu être lue : rien n'a été vérifié. Il faut un accès à Internet.", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
