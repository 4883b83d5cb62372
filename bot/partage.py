"""What several workers share: conversations in PostgreSQL, one lock a conversation in Redis.

One worker needs neither. Each class says what it changes to Rasa's. The clients of both come with Rasa.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from typing import Any

import sqlalchemy as sa
from rasa.core.lock_store import LockError, LockStore
from rasa.core.tracker_store import create_engine_kwargs
from rasa.utils.endpoints import EndpointConfig

from bot import secours
from bot.conservation import FICHIER
from bot.settings import BadSetting, Settings

# A worker that is killed keeps its lock this long; the page waits 20 s before it says that the server is away.
VERROU_S = 5
ATTENTE_S = 15
ESSAI_S = 3


class Conversations(secours.Conversations):
    """The store of one worker, for several: it survives a restart of PostgreSQL, and its errors do not quote what was said."""

    engine: Any

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        adresse = self.engine.url
        self.engine.dispose()
        # Rasa takes a connection that PostgreSQL has closed for a conversation that does not exist, and forgets the person.
        self.engine = sa.create_engine(adresse, pool_pre_ping=True, hide_parameters=True, **create_engine_kwargs(adresse))
        self.sessionmaker = sa.orm.session.sessionmaker(bind=self.engine)


class Verrous(LockStore):
    """One lock a conversation, by redis-py.

    Rasa's own (RedisLockStore) reads, changes and writes back: two workers can take one lock; and a message that waits behind a
    killed worker sees its turn expire with the dead one's.
    """

    def __init__(self, endpoint_config: EndpointConfig) -> None:
        from redis.asyncio import Redis
        from redis.asyncio.retry import Retry
        from redis.backoff import ExponentialBackoff
        from redis.exceptions import ConnectionError, TimeoutError

        self._redis = Redis.from_url(
            endpoint_config.url,
            # Long: a worker busy with many answers reads late what Redis said at once.
            socket_timeout=ATTENTE_S,
            # A Redis that restarts is back within these tries.
            retry=Retry(ExponentialBackoff(cap=1, base=0.1), 5),
            retry_on_error=[ConnectionError, TimeoutError],
        )
        super().__init__()

    @asynccontextmanager
    async def lock(self, conversation_id: str, lock_lifetime: float = VERROU_S, wait_time_in_seconds: float = 0.1) -> AsyncGenerator[Any, None]:
        """Raises LockError when another message of the conversation holds it too long, RedisError when Redis is away."""
        from redis.exceptions import RedisError

        verrou = self._redis.lock(f"verrou:{conversation_id}", timeout=lock_lifetime, sleep=wait_time_in_seconds, blocking_timeout=ATTENTE_S)
        if not await verrou.acquire():
            raise LockError
        try:
            yield verrou
        finally:
            # Expired or out of reach: it ends by itself, and the answer is made.
            with suppress(RedisError):
                await verrou.release()


def conversations(reglages: Settings) -> EndpointConfig:
    """Where conversations are kept: PostgreSQL, or a file of this node."""
    genre = f"{__name__}.{Conversations.__name__}"
    if reglages.suivi_url:
        return EndpointConfig(url=reglages.suivi_url, type=genre)
    with suppress(OSError):
        reglages.dossier.mkdir(parents=True, exist_ok=True)
    return EndpointConfig(type=genre, dialect="sqlite", db=str(reglages.dossier / FICHIER))


def verrous(reglages: Settings) -> EndpointConfig | None:
    """Where a conversation is locked while a worker answers; None: in the memory of the one worker."""
    if not reglages.verrou_url:
        return None
    return EndpointConfig(url=reglages.verrou_url, type=f"{__name__}.{Verrous.__name__}")


def check(reglages: Settings) -> None:
    """Raise BadSetting when a store does not answer: Rasa would wait for PostgreSQL without a word, for ever."""
    # Both clients are imported here: the single worker starts without them.
    if reglages.suivi_url:
        import psycopg2

        try:
            psycopg2.connect(reglages.suivi_url, connect_timeout=ESSAI_S).close()
        except (psycopg2.Error, UnicodeError):
            raise BadSetting(
                "PostgreSQL ne répond pas ou refuse l'accès. Vérifiez qu'il tourne, puis l'adresse, le nom et le mot de passe de TABLE_SUIVI_URL."
            ) from None
    if reglages.verrou_url:
        import redis

        try:
            with redis.Redis.from_url(reglages.verrou_url, socket_connect_timeout=ESSAI_S, socket_timeout=ESSAI_S) as essai:
                essai.ping()
        except (redis.RedisError, OSError):
            raise BadSetting("Redis ne répond pas ou refuse l'accès. Vérifiez qu'il tourne, puis l'adresse et le mot de passe de TABLE_VERROU_URL.") from None
