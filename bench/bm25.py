"""Keyword search over the base, five passages an answer: what a search box would give."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from knowledge.base import Base
from knowledge.statements import key_words, statements

PASSAGES = 5
_K1, _B = 1.2, 0.75


class BM25:
    """Okapi BM25 over texts, on the same folded and cut words as the assistant's own search."""

    def __init__(self, textes: Sequence[str]) -> None:
        self.textes = list(textes)
        sacs = [Counter(key_words(texte)) for texte in self.textes]
        self._longueurs = [sum(sac.values()) for sac in sacs]
        self._moyenne = sum(self._longueurs) / max(1, len(sacs))
        self._ou: dict[str, list[tuple[int, int]]] = {}
        for i, sac in enumerate(sacs):
            for mot, n in sac.items():
                self._ou.setdefault(mot, []).append((i, n))

    def best(self, question: str, limite: int = PASSAGES) -> list[str]:
        notes: dict[int, float] = {}
        for mot in set(key_words(question)):
            liste = self._ou.get(mot, [])
            idf = math.log(1 + (len(self.textes) - len(liste) + 0.5) / (len(liste) + 0.5))
            for i, n in liste:
                norme = n + _K1 * (1 - _B + _B * self._longueurs[i] / self._moyenne)
                notes[i] = notes.get(i, 0.0) + idf * n * (_K1 + 1) / norme
        return [self.textes[i] for i in sorted(notes, key=lambda i: (-notes[i], i))[:limite]]


def passages(base: Base) -> list[str]:
    """Every row of the base that a person could be shown, as a passage: statements, needs with their doors, places, town halls, sigles, numbers."""
    textes = [e.texte for e in statements(base)]
    for besoin in base.besoins.values():
        portes = [base.services[r.service] for r in base.reponses_par_besoin.get(besoin.id, [])]
        noms = ", ".join(f"{s.nom} ({s.sigle})" if s.sigle and s.sigle not in s.nom else s.nom for s in portes if s.etat not in ("projet", "etude"))
        textes.append(f"{besoin.nom}. {besoin.description} Portes : {noms}.")
    for lieu in base.lieux.values():
        commune = base.communes[lieu.commune].nom if lieu.commune else None
        textes.append(", ".join(x for x in (lieu.nom, lieu.type, lieu.sous_type, lieu.adresse, lieu.code_postal, commune, lieu.gestionnaire) if x))
    for c in base.communes.values():
        textes.append(
            f"Mairie de {c.nom}, {', '.join(c.codes_postaux)}, {c.population} habitants : {', '.join(x for x in (c.mairie_adresse, c.mairie_telephone, c.mairie_horaires) if x)}"
        )
    textes += [f"{s.sigle} : {s.signification}. {s.explication or ''}".strip() for s in base.sigles]
    for fiche in base.fiches.values():
        textes.append(
            f"Fiche {fiche.numero} – {fiche.titre}. Pilotes : {', '.join(fiche.pilotes)}. Échéance : {fiche.echeance or 'non dite'}. Partenaires : {', '.join(fiche.partenaires)}."
        )
    textes += [f"{n.numero} : {n.nom}, {n.usage}" for n in base.numeros]
    textes += [f"{n.nom_convention} s'appelle {n.nom_actuel} depuis {n.depuis}." for n in base.noms_actuels]
    return textes
