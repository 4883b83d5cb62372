"""What the server may log: the kind and the place of a failure. A library's own message may quote what was typed."""

from __future__ import annotations

import logging
import traceback


def describe(erreur: BaseException) -> str:
    """« ValueError à channel.py:42 »: never the words of the error, which may hold those of a message."""
    cadre = traceback.extract_tb(erreur.__traceback__)[-1:]
    lieu = f"{cadre[0].filename.rsplit('/', 1)[-1]}:{cadre[0].lineno}" if cadre else "?"
    return f"{type(erreur).__name__} à {lieu}"


class WithoutWords(logging.Formatter):
    """One line a record. Only our own loggers, which are never given a message, say theirs."""

    def format(self, record: logging.LogRecord) -> str:
        quoi = record.getMessage() if record.name.split(".")[0] in ("bot", "knowledge", "actions") else f"{record.filename}:{record.lineno}"
        erreur = record.exc_info[1] if record.exc_info else None
        return f"{record.name} : {quoi}" + (f" : {describe(erreur)}" if erreur else "")


def install() -> None:
    """The only handler of the process writes to the standard error, without words."""
    sortie = logging.StreamHandler()
    sortie.setFormatter(WithoutWords())
    for nom in (None, *logging.root.manager.loggerDict):
        for ancienne in list(logging.getLogger(nom).handlers):
            logging.getLogger(nom).removeHandler(ancienne)
    logging.getLogger().addHandler(sortie)
