"""Connections that nobody can hold for nothing: a whole request in time, room for a newcomer, an answer to what cannot be read.

Sanic starts its clocks again at each byte, so a client that sends one byte a second is never too slow for it; and some
requests that cannot be read end in a traceback and no answer.
"""

from __future__ import annotations

import contextlib
import sys
from collections import Counter
from time import monotonic
from typing import Any

from sanic.exceptions import InvalidUsage, RequestTimeout
from sanic.http import Http, Stage
from sanic.request import Request
from sanic.server.protocols.websocket_protocol import WebSocketProtocol

VIDANGE = 64 * 1024 * 1024  # how much of a body too large is let in, unread, so that its sender hears our answer
PLACES_MAX = 4096
_FICHIERS = 128  # open files kept for the base, the conversations and the libraries


class ClearHttp(Http):
    """Refuses what two readers could understand differently, and answers what cannot be read at all."""

    async def http1_request_header(self) -> None:
        await super().http1_request_header()
        longueurs = self.request.headers.getall("content-length", [])
        codages = self.request.headers.getall("transfer-encoding", [])
        lisible = len(longueurs) + len(codages) < 2 and all(x.isascii() and x.isdigit() for x in longueurs) and all(x == "chunked" for x in codages)
        if not lisible:
            self.request_body = None
            raise InvalidUsage("Bad Request")

    async def read(self) -> bytes | None:
        try:
            return await super().read()
        except InvalidUsage:
            # Nothing more to consume after the answer: it would not be read any better.
            self.request_body = None
            raise

    def create_empty_request(self) -> None:
        # The address may be the very thing that could not be read.
        self.url = None
        super().create_empty_request()


class PatientProtocol(WebSocketProtocol):
    """One connection."""

    __slots__ = ("_debut",)

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._debut = monotonic()
        if len(self.connections) > self.app.ctx.places:
            self._make_room()

    def _make_room(self) -> None:
        """End the connection that least deserves its place: of the address that has most, one that asks nothing, the oldest."""
        [(adresse, _)] = Counter(c.conn_info.client_ip for c in self.connections).most_common(1)
        voisines = (c for c in self.connections if c.conn_info.client_ip == adresse and c is not self)
        min(voisines, key=lambda c: (not c.waiting, c._debut), default=self).abort()

    @property
    def waiting(self) -> bool:
        """Whether no whole request is being answered."""
        http = self._http
        return self.websocket is None and http is not None and (http.stage in (Stage.IDLE, Stage.REQUEST) or self._incomplete(http))

    @staticmethod
    def _incomplete(http: Http) -> bool:
        return http.stage is Stage.REQUEST or bool(getattr(http, "request_body", None))

    def _setup_connection(self) -> None:
        self._http = ClearHttp(self)
        self._time = monotonic()
        self.check_timeouts()

    def data_received(self, data: bytes) -> None:
        http = getattr(self, "_http", None)
        if http is not None and http.stage is Stage.IDLE and not self.recv_buffer and not self._incomplete(http):
            self._debut = monotonic()
        super().data_received(data)

    def check_timeouts(self) -> None:
        # Sanic's Http is false until a handler runs.
        http = self._http
        if self._task and http is not None and self._incomplete(http) and monotonic() - self._debut > self.request_timeout:
            http.exception = RequestTimeout("Request Timeout")
            self._task.cancel()
            # What is left of the body may still be awaited: the next look ends that too.
            self.loop.call_later(1, self.check_timeouts)
            return
        super().check_timeouts()


def hear_out(request: Request) -> None:
    """Let a body that was refused before it was read arrive, unread: its sender reads our answer only then. The connection ends after it."""
    stream = request.stream
    if stream and getattr(stream, "request_body", None):
        stream.request_max_size = stream.protocol.request_max_size = VIDANGE
        stream.keep_alive = False


def raise_places() -> int:
    """Connections that may be open at once, after asking the system for as many files as it allows."""
    if sys.platform == "win32":
        return 400
    import resource

    souple, dur = resource.getrlimit(resource.RLIMIT_NOFILE)
    voulue = PLACES_MAX + _FICHIERS
    if souple != resource.RLIM_INFINITY and souple < voulue:
        souple = voulue if dur == resource.RLIM_INFINITY else min(voulue, dur)
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (souple, dur))
        souple = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    libres = PLACES_MAX if souple == resource.RLIM_INFINITY else souple - _FICHIERS
    return max(16, min(PLACES_MAX, libres))
