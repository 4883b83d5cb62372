"""What may be written of a failure: its kind and its place, never the words of a message."""

from __future__ import annotations

import logging
import traceback
from typing import Any

LOG = logging.getLogger(__name__)


def told(erreur: BaseException) -> str:
    """Kind and place of a failure."""
    cadre = traceback.extract_tb(erreur.__traceback__)[-1:]
    lieu = f"{cadre[0].filename.rsplit('/', 1)[-1]}:{cadre[0].lineno}" if cadre else "?"
    return f"{type(erreur).__name__} à {lieu}"


def log_failure(erreur: BaseException) -> None:
    LOG.error("réponse impossible : %s", told(erreur))


def without_words(trace: logging.LogRecord) -> bool:
    """A filter: a library's record of an exception loses what the exception quotes."""
    if trace.exc_info and trace.exc_info[1]:
        trace.msg, trace.args = "incident : %s", (told(trace.exc_info[1]),)
        trace.exc_info = trace.exc_text = None
    return True


def lost_task(_: Any, contexte: dict[str, Any]) -> None:
    """The event loop's word on a task that nobody awaited, which would quote what a client sent."""
    erreur = contexte.get("exception")
    if erreur is not None:
        LOG.error("tâche perdue : %s", told(erreur))


def silence() -> None:
    """Rasa logs what is typed at the level « debug »; nothing of a conversation may reach a log."""
    from rasa.utils.log_utils import configure_structlog

    configure_structlog(logging.ERROR)
    for nom in ("rasa", "sanic", "sanic.root", "sanic.error", "sanic.access", "socketio", "engineio", "apscheduler"):
        logging.getLogger(nom).setLevel(logging.ERROR)
    logging.getLogger("sanic.error").addFilter(without_words)
    # These repeat, as errors, what any client sends that is not theirs.
    for nom in ("socketio.server", "engineio.server"):
        logging.getLogger(nom).setLevel(logging.CRITICAL)
