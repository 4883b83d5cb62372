"""Whether a browser sends a request from one of our pages: a page of another site may not post in the agent's name."""

from __future__ import annotations

from collections.abc import Collection

from sanic.request import Request


def allowed(request: Request, origines: Collection[str]) -> bool:
    """Our own origin, one of ``origines``, or no browser at all. A form of ours says « null », since we send no referrer."""
    origine = request.headers.get("origin", "")
    if origine in origines:
        return True
    provenance = request.headers.get("sec-fetch-site", "")
    if provenance:
        return provenance in ("same-origin", "none")
    if origine in ("", "null"):
        return True
    hotes = {request.headers.get("host", ""), request.headers.get("x-forwarded-host", "").partition(",")[0].strip()}
    return origine.partition("://")[2] in hotes - {""}
