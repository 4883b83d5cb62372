"""Read a long list of objects one by one, JSON or CSV, so that memory does not follow the size of the file."""

from __future__ import annotations

import csv
import io
import json
import re
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from knowledge.imports.record import FileRefused

_BLOC = 1 << 16
_TROP_LONG = 8 << 20  # characters of one object: more is not a directory entry
_LISTES = ("service", "services", "structures", "items", "results")  # where publishers put their list
_ECARTS = re.compile(r"[\s,]*")


@contextmanager
def open_text(chemin: Path) -> Iterator[IO[str]]:
    """The text of a file, or of the local list inside the State's daily archive (.tar.bz2). Raises FileRefused."""
    try:
        if chemin.name.endswith((".tar.bz2", ".tar.gz", ".tgz", ".tar")):
            with tarfile.open(chemin, "r:*") as archive:
                for membre in archive:
                    contenu = archive.extractfile(membre) if membre.name.endswith("gouv_local.json") else None
                    if contenu:
                        yield io.TextIOWrapper(contenu, encoding="utf-8-sig", newline="")
                        return
            raise FileRefused(f"{chemin.name} : l'archive ne contient pas de fichier « …gouv_local.json ».")
        with open(chemin, encoding="utf-8-sig", newline="") as fichier:
            yield fichier
    except FileNotFoundError:
        raise FileRefused(f"{chemin.name} : le fichier n'existe pas. Vérifiez son nom et son dossier.") from None
    except UnicodeDecodeError:
        raise FileRefused(f"{chemin.name} : le fichier n'est pas en UTF-8. Téléchargez-le de nouveau.") from None
    except (tarfile.TarError, EOFError):
        raise FileRefused(f"{chemin.name} : l'archive est abîmée. Téléchargez-la de nouveau.") from None
    except OSError:
        raise FileRefused(f"{chemin.name} : le fichier ne s'ouvre pas. Vérifiez que vous avez le droit de le lire.") from None


def json_items(chemin: Path) -> Iterator[tuple[int, dict]]:
    """Rank and content of each object of the file's list. Raises FileRefused where the list breaks."""
    with open_text(chemin) as fichier:
        yield from _Items(chemin.name, fichier)


class _Items:
    """The list of a JSON text: at the top, or under one of the usual keys."""

    def __init__(self, nom: str, fichier: IO[str]) -> None:
        self.nom, self.fichier, self.tampon, self.rang = nom, fichier, "", 0
        self.decodeur = json.JSONDecoder()

    def __iter__(self) -> Iterator[tuple[int, dict]]:
        self._enter()
        while True:
            self._skip()
            if self.tampon.startswith("]"):
                return
            objet = self._next()
            self.rang += 1
            if not isinstance(objet, dict):
                raise FileRefused(f"{self.nom}, élément {self.rang} : ce n'est pas un objet JSON.")
            yield self.rang, objet

    def _more(self) -> bool:
        bloc = self.fichier.read(_BLOC)
        self.tampon += bloc
        return bool(bloc)

    def _skip(self) -> None:
        """Drop blanks and commas, so that the buffer begins with what comes next."""
        while True:
            self.tampon = self.tampon[_ECARTS.match(self.tampon).end() :]  # type: ignore[union-attr]
            if self.tampon:
                return
            if not self._more():
                raise FileRefused(f"{self.nom} : le fichier s'arrête après l'élément {self.rang}. Téléchargez-le de nouveau.")

    def _next(self) -> object:
        while True:
            try:
                objet, fin = self.decodeur.raw_decode(self.tampon)
            except json.JSONDecodeError:
                if len(self.tampon) > _TROP_LONG or not self._more():
                    raise FileRefused(f"{self.nom}, élément {self.rang + 1} : le JSON est abîmé à cet endroit. Téléchargez le fichier de nouveau.") from None
                continue
            except RecursionError:
                raise FileRefused(f"{self.nom}, élément {self.rang + 1} : trop de niveaux emboîtés pour une fiche d'annuaire.") from None
            self.tampon = self.tampon[fin:]
            return objet

    def _enter(self) -> None:
        debut = re.compile(rf'\s*(?:\[|\{{(?:[^\[\]{{}}]*,)?\s*"(?:{"|".join(_LISTES)})"\s*:\s*\[)')
        while not (trouve := debut.match(self.tampon)):
            if len(self.tampon) > _BLOC or not self._more():
                raise FileRefused(f"{self.nom} : ce n'est pas une liste JSON. Attendu : une liste d'objets, ou un objet « {' » ou « '.join(_LISTES[:3])} ».")
        self.tampon = self.tampon[trouve.end() :]


def csv_items(chemin: Path, requis: tuple[str, ...]) -> Iterator[tuple[int, dict]]:
    """Row number (the header is 1) and cells of each row. Raises FileRefused."""
    with open_text(chemin) as fichier:
        lecteur = csv.reader(fichier, strict=True)
        numero = 1
        try:
            entete = next(lecteur, [])
            manque = [nom for nom in requis if nom not in entete]
            if manque:
                raise FileRefused(f"{chemin.name}, ligne 1 : il manque les colonnes {', '.join(manque)}.")
            for cellules in lecteur:
                numero += 1
                if not cellules:
                    continue
                if len(cellules) != len(entete):
                    raise FileRefused(f"{chemin.name}, ligne {numero} : {len(cellules)} cellules au lieu de {len(entete)}.")
                yield numero, dict(zip(entete, cellules, strict=True))
        except csv.Error:
            raise FileRefused(f"{chemin.name}, ligne {numero + 1} : la ligne ne se lit pas (virgules ou guillemets).") from None
