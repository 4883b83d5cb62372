"""The page is light and usable at once."""

from __future__ import annotations

from navigateur_outils import transferred

POIDS_MAX = 150_000
UTILISABLE_MAX_MS = 500


def test_the_page_weighs_at_most_150_kb(visit):
    chat = visit()
    chat.page.wait_for_load_state("networkidle")
    poids = chat.page.evaluate(transferred)
    assert poids["fichiers"] <= POIDS_MAX, poids


def test_the_input_is_usable_within_half_a_second(visit):
    chat = visit()
    durees = []
    for _ in range(5):
        chat.page.reload()
        durees.append(
            chat.page.evaluate("performance.getEntriesByName('utilisable')[0].startTime - performance.getEntriesByType('navigation')[0].responseStart")
        )
    assert sorted(durees)[2] <= UTILISABLE_MAX_MS, durees
