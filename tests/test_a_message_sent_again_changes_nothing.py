"""A message that was answered by a worker about to die is sent again by nginx or by the page: the answer and the frame are the same.

That is why deploy/nginx may send a POST again.
"""

from __future__ import annotations

import pytest

from bench.charge import CONVERSATIONS
from bot.assistant import assistant
from knowledge.build import ROOT
from knowledge.request import Cadre


@pytest.mark.parametrize("conversation", CONVERSATIONS, ids=[c[0] for c in CONVERSATIONS])
def test_said_twice_is_answered_alike(conversation: tuple[str, ...]) -> None:
    aide, cadre = assistant(), Cadre()
    textes = []
    for message in conversation:
        _, reponse, suivant = aide.ask(message, cadre)
        _, encore, apres = aide.ask(message, suivant)
        assert encore.texte == reponse.texte
        assert apres == suivant
        textes.append(reponse.texte)
        cadre = suivant
    # What follows depends on what came before: alone, it is answered otherwise.
    assert all(aide.ask(message)[1].texte != texte for message, texte in zip(conversation[1:], textes[1:], strict=True))


def test_nginx_sends_again_all_but_training() -> None:
    texte = (ROOT / "deploy/nginx/table-orientation.conf").read_text(encoding="utf-8")
    assert "proxy_next_upstream error timeout non_idempotent;" in texte
    formation = texte[texte.index("location /formation {") :].partition("}")[0]
    assert "proxy_next_upstream off;" in formation
