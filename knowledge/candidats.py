"""Which services to judge for a need in a commune, whatever the size of the base: those open to it, and a few that are not.

A service whose zone leaves the commune out is never proposed; it can only be set aside or told of as a project, and an answer tells of two.
So of these the first two in each state are enough, and judging them all would take as long as the base is large.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from knowledge.base import Reponse, Service

FERMES = 2  # services closed to the commune that are kept, by state
_Place = tuple[str, int]  # a need, and the place of a link in its list


class Candidats:
    """The links of each need, found by commune."""

    def __init__(self, reponses: Mapping[str, Sequence[Reponse]], services: Mapping[str, Service]) -> None:
        self._reponses = reponses
        self._services = services
        self._ouverts: dict[str, list[int]] = defaultdict(list)
        self._par_commune: dict[str, list[_Place]] = defaultdict(list)
        self._par_service: dict[str, list[_Place]] = defaultdict(list)
        self._par_etat: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        for besoin, liste in reponses.items():
            for rang, reponse in enumerate(liste):
                service = services[reponse.service]
                if not service.zone_eligibilite:
                    self._ouverts[besoin].append(rang)
                    continue
                place = (besoin, rang)
                self._par_etat[besoin][service.etat].append(rang)
                self._par_service[service.id].append(place)
                for commune in service.zone_eligibilite:
                    self._par_commune[commune].append(place)

    def of(self, besoin: str, commune: str | None, deja: Collection[str] = ()) -> Sequence[Reponse]:
        """Links of a need in their order. ``deja``: services already set aside for another need, judged again for this one."""
        liste = self._reponses.get(besoin, ())
        if commune is None or besoin not in self._par_etat:
            return liste
        rangs = {*self._ouverts.get(besoin, ()), *(rang for nom, rang in self._par_commune.get(commune, ()) if nom == besoin)}
        for siens in self._par_etat[besoin].values():
            rangs.update(islice((r for r in siens if commune not in self._services[liste[r].service].zone_eligibilite), FERMES))
        for service in deja:
            rangs.update(rang for nom, rang in self._par_service.get(service, ()) if nom == besoin)
        return [liste[rang] for rang in sorted(rangs)]
