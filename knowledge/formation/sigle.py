"""« Expand the sigle »: the words of the base, against those of the sigles that look most like it."""

from __future__ import annotations

from difflib import SequenceMatcher

from knowledge.base import Base, Sigle, Situation
from knowledge.formation.exercice import FAUX, JUSTE, Exercice, Insoluble, Option, shuffled, sources
from knowledge.text import fold

_AUTRES = 3


def solve_sigle(situation: Situation, base: Base) -> Exercice:
    """Raises Insoluble when the base does not hold the words behind the sigle."""
    sens = base.expanded(situation.sigle or "")
    sigle = base.sigles_par_forme.get(fold(situation.sigle or ""))
    if not sens or not sigle:
        raise Insoluble(f"« {situation.titre} » ({situation.id}) : la base ne développe plus le sigle « {situation.sigle} ».")
    return Exercice(
        situation, f"Que veut dire {sigle.sigle} ?", shuffled(options_for(sigle, base), situation.id), False, (), base.communes.get(situation.commune or "")
    )


def options_for(sigle: Sigle, base: Base) -> list[Option]:
    """The words of a sigle and those of three others."""
    explication = f"{sigle.sigle} : {sigle.signification}. {sigle.explication or ''}".strip()
    options = [Option(sigle.sigle, sigle.signification, JUSTE, explication, sources(base, ("sigle", sigle.sigle)), f"/fiche/sigle:{sigle.sigle}")]
    for autre in look_alikes(sigle, base)[:_AUTRES]:
        options.append(
            Option(autre.sigle, autre.signification, FAUX, f"C'est {autre.sigle}.", sources(base, ("sigle", autre.sigle)), f"/fiche/sigle:{autre.sigle}")
        )
    return options


def look_alikes(sigle: Sigle, base: Base) -> list[Sigle]:
    """Other sigles that the base expands, the most alike first."""
    sens = {fold(sigle.signification)}
    autres = [s for s in base.sigles if base.expanded(s.sigle) and fold(s.signification) not in sens]
    return sorted(autres, key=lambda s: (-SequenceMatcher(None, s.sigle, sigle.sigle).ratio(), s.sigle))
