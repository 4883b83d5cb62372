"""What several workers share: conversations in PostgreSQL, one lock a conversation in Redis.

One worker needs neither. Both are Rasa's own stores; what is changed here is said in each class.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote, urlsplit

import sqlalchemy as sa
from rasa.core.lock_store import RedisLockStore
from rasa.core.tracker_store import SQLTrackerStore, create_engine_kwargs
from rasa.utils.endpoints import EndpointConfig

from bot.settings import BadSetting, Settings

# A worker that is killed keeps its lock this long: the page waits 20 s before it says that the server is away.
VERROU_S = 10
REPRISE_S = 0.2
ESSAI_S = 3


class Conversations(SQLTrackerStore):
    """Rasa's store in SQL; it survives a restart of PostgreSQL, and its errors do not quote what was said."""

    engine: Any

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        adresse = self.engine.url
        self.engine.dispose()
        # Rasa takes a connection that PostgreSQL has closed for a conversation that does not exist, and forgets the person.
        self.engine = sa.create_engine(adresse, pool_pre_ping=True, hide_parameters=True, **create_engine_kwargs(adresse))
        self.sessionmaker = sa.orm.session.sessionmaker(bind=self.engine)


class Verrous(RedisLockStore):
    """Rasa's locks in Redis; one that a killed worker leaves ends in time for the message sent again."""

    def __init__(self, endpoint_config: EndpointConfig) -> None:
        super().__init__(host=endpoint_config.url, **endpoint_config.kwargs)

    def lock(self, conversation_id: str, lock_lifetime: float = VERROU_S, wait_time_in_seconds: float = REPRISE_S) -> Any:
        return super().lock(conversation_id, lock_lifetime, wait_time_in_seconds)

    def save_lock(self, lock: Any) -> None:
        # Nobody comes back for the lock of a conversation that has ended.
        self.red.set(self.key_prefix + lock.conversation_id, lock.dumps(), ex=6 * VERROU_S)


def conversations(reglages: Settings) -> EndpointConfig:
    """Where conversations are kept: PostgreSQL, or a file of this node."""
    genre = f"{__name__}.{Conversations.__name__}"
    if reglages.suivi_url:
        return EndpointConfig(url=reglages.suivi_url, type=genre)
    reglages.dossier.mkdir(parents=True, exist_ok=True)
    return EndpointConfig(type=genre, dialect="sqlite", db=str(reglages.dossier / "conversations.db"))


def verrous(reglages: Settings) -> EndpointConfig | None:
    """Where a conversation is locked while a worker answers; None: in the memory of the one worker."""
    if not reglages.verrou_url:
        return None
    lu = urlsplit(reglages.verrou_url)
    return EndpointConfig(
        url=lu.hostname,
        type=f"{__name__}.{Verrous.__name__}",
        port=lu.port or 6379,
        db=int(lu.path.strip("/") or 0),
        username=unquote(lu.username) if lu.username else None,
        password=unquote(lu.password) if lu.password else None,
        use_ssl=lu.scheme == "rediss",
    )


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
