"""The cluster of the scale tests. Files here are named ``essai_*``: only ``make test-scale`` collects them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bench.grappe import Cluster, Missing, cluster


@pytest.fixture(scope="module")
def grappe() -> Iterator[Cluster]:
    try:
        with cluster(2) as lancee:
            yield lancee
    except Missing as manque:
        pytest.fail(str(manque), pytrace=False)
