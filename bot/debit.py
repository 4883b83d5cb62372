"""How fast one client may ask, and how many of its messages may wait at once: one busy address never stops the counter."""

from __future__ import annotations

import time
from collections import Counter, OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import IPv6Address, ip_address

from sanic.request import Request

TROP = "Trop de demandes à la fois depuis cette adresse : attendez quelques secondes, puis recommencez."
EN_COURS_MAX = 100  # messages of one client being answered: at 11 ms each, others wait a second at most
_RESERVE_S = 5.0  # seconds of full rate that may come in one burst
_CLIENTS_MAX = 10_000


class TooMany(Exception):
    """One client asks too much at once."""


def client(request: Request) -> str:
    """The address that a request comes from, as the declared proxies say it; an IPv6 network counts for one."""
    adresse = (request.remote_addr or request.ip)[:64]
    try:
        lue = ip_address(adresse.strip("[]").partition("%")[0])
    except ValueError:
        return adresse
    if isinstance(lue, IPv6Address):
        return str(lue.ipv4_mapped or IPv6Address(int(lue) >> 64 << 64))
    return str(lue)


class Debit:
    """A leaky bucket a client, kept as the time when it will be empty; the clients seen longest ago are forgotten first."""

    def __init__(self, par_seconde: float, reserve: float | None = None) -> None:
        self._pas = 1 / par_seconde
        self._reserve_s = _RESERVE_S if reserve is None else reserve * self._pas
        self._vides: OrderedDict[str, float] = OrderedDict()

    def __len__(self) -> int:
        return len(self._vides)

    def wait(self, qui: str, maintenant: float | None = None) -> float:
        """Seconds before this client may ask again; 0 when it may now."""
        t = time.monotonic() if maintenant is None else maintenant
        return max(0.0, self._vides.get(qui, t) + self._pas - t - self._reserve_s)

    def take(self, qui: str, maintenant: float | None = None) -> float:
        """The same, and count one request when it may be made."""
        t = time.monotonic() if maintenant is None else maintenant
        attente = self.wait(qui, t)
        if not attente:
            self._vides[qui] = max(t, self._vides.get(qui, t)) + self._pas
            self._vides.move_to_end(qui)
            if len(self._vides) > _CLIENTS_MAX:
                self._vides.popitem(last=False)
        return attente


class Affluence:
    """Both limits of one server; ``par_seconde`` 0 sets neither."""

    def __init__(self, par_seconde: int) -> None:
        self._debit = Debit(par_seconde) if par_seconde else None
        self._en_cours: Counter[str] = Counter()

    def wait(self, request: Request) -> float:
        """Count a request; the seconds to wait when there were too many."""
        qui = client(request)
        return self._debit.take(qui) if self._debit is not None and qui else 0.0

    @contextmanager
    def one_message(self, request: Request) -> Iterator[None]:
        """While a message is answered. Raises TooMany when its client has too many under way."""
        qui = client(request)
        if self._debit is not None and self._en_cours[qui] >= EN_COURS_MAX:
            raise TooMany
        self._en_cours[qui] += 1
        try:
            yield
        finally:
            self._en_cours[qui] -= 1
            if not self._en_cours[qui]:
                del self._en_cours[qui]


def affluence(request: Request) -> Affluence:
    """The limits of the server that a request came to; none under « rasa run »."""
    return getattr(request.app.ctx, "affluence", None) or Affluence(0)
