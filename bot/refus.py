"""A refusal in one French sentence, in the form that whoever asks can read."""

from __future__ import annotations

import math

from sanic import response
from sanic.request import Request
from sanic.response import HTTPResponse


def refuse(request: Request, statut: int, texte: str, attente: float = 0.0) -> HTTPResponse:
    """Plain text; for the REST channel a message as any other, so that a client shows it. ``attente`` says when to come back."""
    entetes = {"Retry-After": str(math.ceil(attente))} if attente else {}
    if request.path.startswith("/webhooks/"):
        return response.json([{"recipient_id": "", "text": texte}], status=statut, headers=entetes, ensure_ascii=False)
    return response.text(texte, status=statut, headers=entetes, content_type="text/plain; charset=utf-8")
