"""How long a conversation stays on the disk: by default no longer than its session. What is erased cannot be read back in the file.

A session ends after the idle time of ``domain.yml``, with a new person, or when the server stops. Nothing of a conversation is kept in
memory between two messages, unless the disk refuses it (``bot.secours``): once its rows are gone, it starts afresh.
"""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sanic import Sanic

from bot.journal import log_failure
from bot.secours import Conversations
from bot.settings import Settings

FICHIER = "conversations.db"
MENAGE_S = 60.0
MENAGE_LENT_S = 3600.0  # when conversations are kept for days, they are many and none is in a hurry
_JOUR_S = 86_400
# What came before the session that goes on, or belongs to a session that has ended. Rasa writes the action that starts a
# session just before « session_started »: it belongs to that session.
_FINIES = sa.text(
    """
    DELETE FROM events WHERE events.timestamp < :limite AND (
        sender_id IN (SELECT sender_id FROM events GROUP BY sender_id HAVING max(timestamp) < :oisif)
        OR events.timestamp < (
            SELECT max(CASE debut.type_name WHEN 'session_started' THEN debut.timestamp - 1 ELSE debut.timestamp END) FROM events AS debut
            WHERE debut.sender_id = events.sender_id AND (debut.type_name = 'session_started' OR debut.intent_name = 'nouvelle_personne')
        )
    )
    """
)
_UNE = sa.text("DELETE FROM events WHERE sender_id = :qui")
_TOUTES = sa.text("DELETE FROM events")


def sweep(moteur: sa.engine.Engine, maintenant: float, jours: int, session_min: float) -> int:
    """Erase what ended more than ``jours`` days ago, and all that has ended when ``jours`` is 0; how many rows."""
    return _erase(moteur, _FINIES, limite=maintenant - jours * _JOUR_S, oisif=maintenant - session_min * 60)


def forget(moteur: sa.engine.Engine, qui: str) -> int:
    """Erase one conversation."""
    return _erase(moteur, _UNE, qui=qui)


def purge(dossier: Path) -> tuple[int, int]:
    """Erase every conversation of a folder; how many conversations and rows."""
    if not (dossier / FICHIER).exists():
        return 0, 0
    moteur = sa.create_engine(f"sqlite:///{dossier / FICHIER}")
    if not sa.inspect(moteur).has_table("events"):
        return 0, 0
    with moteur.connect() as connexion:
        combien = connexion.execute(sa.text("SELECT count(DISTINCT sender_id) FROM events")).scalar_one()
    return combien, _erase(moteur, _TOUTES)


def _erase(moteur: sa.engine.Engine, ordre: Any, **valeurs: Any) -> int:
    """Delete rows and what is left of them: SQLite would keep their bytes in its free pages."""
    sqlite = moteur.dialect.name == "sqlite"
    with moteur.connect().execution_options(isolation_level="AUTOCOMMIT") as connexion:
        if sqlite:
            connexion.exec_driver_sql("PRAGMA secure_delete = ON")
            connexion.exec_driver_sql("PRAGMA temp_store = MEMORY")
        lignes = int(connexion.execute(ordre, valeurs).rowcount)
        if sqlite and lignes:
            connexion.exec_driver_sql("VACUUM")
            connexion.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    return lignes


class Conservation:
    """The sweep of a server that runs."""

    def __init__(self, agent: Any, jours: int) -> None:
        magasin = agent.tracker_store
        while not hasattr(magasin, "engine"):
            magasin = magasin._tracker_store  # Rasa wraps the store that it was told to use
        self.magasin: Conversations = magasin
        self.moteur: sa.engine.Engine = magasin.engine
        self.verrous = agent.lock_store
        self.session_min = agent.domain.session_config.session_expiration_time
        self.jours = jours

    async def sweep(self) -> None:
        self.magasin.forget_idle(time.time() - self.session_min * 60)
        await self._try(sweep, time.time(), self.jours, self.session_min)

    async def end(self, qui: str) -> None:
        """The agent has done with a person; an answer that is under way is waited for, since it writes."""
        if self.jours == 0:
            try:
                async with self.verrous.lock(qui):
                    self.magasin.forget(qui)
                    await self._try(forget, qui)
            except Exception as erreur:  # noqa: BLE001 - whatever the lock store raises, the sweep will come
                log_failure(erreur)

    async def stop(self) -> None:
        """Sessions end with the only process that holds them."""
        if self.jours == 0 and self.moteur.dialect.name == "sqlite":
            await self._try(sweep, time.time() + 1, 0, 0)

    async def _try(self, ordre: Any, *valeurs: Any) -> None:
        # A disk that refuses costs this sweep, never an answer; the next one takes what is left.
        try:
            await asyncio.to_thread(ordre, self.moteur, *valeurs)
        except (sa.exc.SQLAlchemyError, OSError) as erreur:
            log_failure(erreur)


def add_retention(app: Sanic, reglages: Settings) -> None:
    """Sweep at start, then now and then, and when the server stops."""

    async def now_and_then(app: Sanic) -> None:
        while not app.state.is_stopping:
            await app.ctx.conservation.sweep()
            await asyncio.sleep(MENAGE_LENT_S if reglages.conservation_jours else MENAGE_S)

    async def start(app: Sanic, _: object) -> None:
        app.ctx.conservation = Conservation(app.ctx.agent, reglages.conservation_jours)
        app.add_task(now_and_then(app), name="menage_conversations")

    async def stop(app: Sanic, _: object) -> None:
        await app.ctx.conservation.stop()

    app.register_listener(start, "after_server_start")
    app.register_listener(stop, "after_server_stop")
