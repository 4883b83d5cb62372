"""A bare « oui », « non » or « je ne sais pas »: the answer to the question that was asked, never a need."""

from __future__ import annotations

import re

from knowledge.text import fold

REPONSES = ("Oui", "Non", "Je ne sais pas")

# Every word ends with a space: the message is read folded, with one more at its end.
_DEBUT = r"(?:(?:ah|bah|ben|bin|euh|eh|alors|et|a priori) )*"
_FIN = r"(?:(?:merci|monsieur|madame|exactement|tout a fait|bien sur|vraiment|je crois|je pense|il me semble) )*"
_PAS = r"(?:pas du tout |pas encore |pas vraiment |(?:il |elle |ils |elles |c )?(?:ne )?(?:l |n )?(?:est|sont) pas (?:le cas )?|aucun(?:ement)? )"
_OUI = re.compile(
    rf"{_DEBUT}(?:(?:oui|ouais|ouai|oue|wi|o|si|exact|tout a fait|bien sur|absolument|affirmatif) )+(?:(?:(?:il|elle) l est|(?:ils|elles) le sont|c est le cas) )?{_FIN}"
)
_NON = re.compile(rf"{_DEBUT}(?:(?:(?:non|nan|nn|n|negatif) )+{_PAS}?|{_PAS}){_FIN}")
_PASSE = re.compile(
    rf"{_DEBUT}(?:non )?(?:(?:(?:je|j|on|il|elle) )?(?:(?:ne|n en|en) )?(?:sais|sait) (?:pas|rien) (?:encore )?|(?:aucune idee|inconnu|pas sure?|jsp|passer|on passe|a voir) ){_FIN}"
)


def read_yes_no(texte: str) -> str | None:
    """« Oui », « Non » or « Je ne sais pas » when a message says nothing else."""
    plat = fold(texte)
    if len(plat.split()) > 7:
        return None
    for reponse, motif in zip(REPONSES, (_OUI, _NON, _PASSE), strict=True):
        if motif.fullmatch(f"{plat} "):
            return reponse
    return None
