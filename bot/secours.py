"""Conversations when the disk refuses (full, read only, damaged): they go on in memory, and to the disk as soon as it accepts again."""

from __future__ import annotations

import logging
from collections import OrderedDict
from typing import Any

import sqlalchemy as sa
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SQLTrackerStore, TrackerStore
from rasa.shared.core.constants import ACTION_SESSION_START_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

LOG = logging.getLogger(__name__)
MAX_CONVERSATIONS = 500  # the oldest gives way: a disk may refuse for days
_REFUS = (sa.exc.SQLAlchemyError, OSError)
# It would say in English, with the words of the request, what is said here.
logging.getLogger("rasa.core.tracker_store").setLevel(logging.CRITICAL)


class Conversations(SQLTrackerStore):
    """Rasa's store in SQL. Rasa itself would forget the conversation at each message, and quote it in the log."""

    def __init__(self, domain: Domain | None = None, event_broker: EventBroker | None = None, **options: Any) -> None:
        self._en_memoire: OrderedDict[str, DialogueStateTracker] = OrderedDict()
        self._refuse = False
        try:
            super().__init__(domain=domain, event_broker=event_broker, **options)
        except _REFUS as erreur:
            self._say(True, type(erreur).__name__)
            self.sessionmaker = sa.orm.session.sessionmaker(bind=self.engine)
            TrackerStore.__init__(self, domain, event_broker)

    async def save(self, tracker: DialogueStateTracker) -> None:
        try:
            if self._refuse:
                self.Base.metadata.create_all(self.engine)
            await super().save(tracker)
        except _REFUS as erreur:
            self._say(True, type(erreur).__name__)
            self._en_memoire[tracker.sender_id] = tracker
            self._en_memoire.move_to_end(tracker.sender_id)
            while len(self._en_memoire) > MAX_CONVERSATIONS:
                self._en_memoire.popitem(last=False)
        else:
            self._en_memoire.pop(tracker.sender_id, None)
            self._say(False)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        if sender_id in self._en_memoire:
            return self._en_memoire[sender_id].copy()
        try:
            return await super().retrieve(sender_id)
        except _REFUS as erreur:
            self._say(True, type(erreur).__name__)
            return None

    def forget(self, qui: str) -> None:
        self._en_memoire.pop(qui, None)

    def forget_idle(self, avant: float) -> None:
        """Drop from memory the conversations whose last event is older than ``avant`` (seconds since 1970)."""
        for qui, tracker in list(self._en_memoire.items()):
            if not tracker.events or tracker.events[-1].timestamp < avant:
                del self._en_memoire[qui]

    def _event_query(self, session: Any, sender_id: str, fetch_events_from_all_sessions: bool) -> Any:
        """Events of the last session by their order: Rasa goes by their time, and a clock put back hides what was just said."""
        evenement = self.SQLEvent
        siens = session.query(evenement).filter(evenement.sender_id == sender_id)
        if not fetch_events_from_all_sessions:
            debuts = session.query(sa.func.max(evenement.id)).filter(evenement.sender_id == sender_id, evenement.action_name == ACTION_SESSION_START_NAME)
            debut = debuts.scalar_subquery()
            siens = siens.filter(sa.or_(evenement.id >= debut, debut.is_(None)))
        return siens.order_by(evenement.id)

    def _say(self, refuse: bool, pourquoi: str = "") -> None:
        """Once when it begins, once when it ends."""
        if refuse and not self._refuse:
            LOG.error("Le disque refuse les conversations (%s) : elles continuent en mémoire. Faites de la place dans le dossier de TABLE_VAR.", pourquoi)
        elif self._refuse and not refuse:
            LOG.error("Le disque accepte de nouveau les conversations.")
        self._refuse = refuse
