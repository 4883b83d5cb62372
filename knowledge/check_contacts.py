"""Refuse contacts and updates that their page does not prove, or that would give away a confidential address."""

from __future__ import annotations

import re
from collections.abc import Iterator

from knowledge.reading import Problem, Row
from knowledge.telephone import states

_MOYENS = ("telephone", "adresse", "courriel", "site_web")
# What gives a place away in the words of a page: a postcode, a kind of street.
_RUE = re.compile(r"\b\d{5}\b|\b(?:rue|avenue|av|boulevard|bd|place|impasse|all[ée]e|chemin|route|square|r[ée]sidence|cit[ée]|quai|cours)\b", re.IGNORECASE)


def check_contacts(tout: dict[str, list[Row]]) -> list[Problem]:
    return [
        *(p for ligne in tout["contact"] for p in _contact(ligne, tout)),
        *(p for ligne in tout["mise_a_jour"] for p in _attached(ligne, ("service", "structure", "lieu"))),
        *(p for nom in ("contact", "mise_a_jour", "numero_structure") for ligne in tout[nom] for p in _page(ligne, tout)),
        *(p for ligne in tout["numero_structure"] for p in _national(ligne, tout)),
        *(p for ligne in tout["structure"] for p in _mairie(ligne)),
        *_secret_contacts(tout),
    ]


def secret(tout: dict[str, list[Row]]) -> tuple[set[str], set[str]]:
    """Structures whose address must stay confidential, and their places."""
    structures = {ligne["id"] for ligne in tout["structure"] if ligne["adresse_confidentielle"] not in ("", "0")}
    porteuses = {ligne["id"]: ligne["structure"] for ligne in tout["service"]}
    lieux = {ligne["id"] for ligne in tout["lieu"] if structures & {ligne["structure"], *(porteuses.get(service, "") for service in ligne.liste("services"))}}
    return structures, lieux


def gives_away(texte: str) -> bool:
    """Whether these words say where a place is."""
    return _RUE.search(texte) is not None


def _problem(ligne: Row, colonne: str, message: str) -> Problem:
    return Problem(f"{ligne.table}.csv", ligne.ligne, colonne, message)


def _contact(ligne: Row, tout: dict[str, list[Row]]) -> Iterator[Problem]:
    yield from _attached(ligne, ("structure", "lieu"))
    if not any(ligne[moyen] for moyen in _MOYENS):
        yield _problem(ligne, "telephone", "le contact ne dit pas comment joindre. Écrivez un téléphone, une adresse, un courriel ou un site.")
    lieu = next((x for x in tout["lieu"] if x["id"] == ligne["lieu"]), None)
    if lieu and lieu["structure"] and ligne["structure"] and not _carries(ligne["structure"], lieu, tout):
        yield _problem(ligne, "structure", f"le lieu « {lieu['id']} » est de la structure « {lieu['structure']} ». Corrigez l'un des deux.")
    service = next((x for x in tout["service"] if x["id"] == ligne["service"]), None)
    if service and ligne["structure"] != service["structure"]:
        yield _problem(
            ligne, "structure", f"le service « {service['id']} » est porté par « {service['structure']} ». Écrivez cette structure, ou videz service."
        )
    commune = next((x for x in tout["commune"] if x["code_insee"] == ligne["commune"]), None)
    if commune and ligne["code_postal"] and ligne["code_postal"] not in commune.liste("codes_postaux"):
        permis = " ou ".join(commune.liste("codes_postaux"))
        yield _problem(ligne, "code_postal", f"« {ligne['code_postal']} » n'est pas un code postal de {commune['nom']}. Écrivez {permis} (jamais de CEDEX).")
    if ligne["telephone"] and not states(ligne["citation"], ligne["telephone"]):
        yield _problem(ligne, "citation", f"la citation ne contient pas le numéro {ligne['telephone']}. Recopiez les mots de la page qui le donnent.")
    if ligne["courriel"] and ligne["courriel"].lower() not in ligne["citation"].lower():
        yield _problem(ligne, "citation", f"la citation ne contient pas le courriel {ligne['courriel']}. Recopiez les mots de la page qui le donnent.")


def _carries(structure: str, lieu: Row, tout: dict[str, list[Row]]) -> bool:
    """A place is of its structure, and of those whose services it hosts."""
    rendus = set(lieu.liste("services"))
    return structure == lieu["structure"] or any(s["structure"] == structure for s in tout["service"] if s["id"] in rendus)


def _national(ligne: Row, tout: dict[str, list[Row]]) -> Iterator[Problem]:
    """The page that ties a structure to a national number must give that number."""
    numero = next((n["numero"] for n in tout["numero_national"] if n["id"] == ligne["numero"]), None)
    if numero and not states(ligne["citation"], numero):
        yield _problem(ligne, "citation", f"la citation ne contient pas le numéro {numero}. Recopiez les mots de la page qui le donnent pour cette structure.")


def _mairie(ligne: Row) -> Iterator[Problem]:
    """The address of a mairie is never given for a place that must stay unknown."""
    if ligne["mairies"] and ligne["adresse_confidentielle"] not in ("", "0"):
        yield _problem(ligne, "mairies", "l'adresse de cette structure est confidentielle. Videz cette cellule.")


def _attached(ligne: Row, colonnes: tuple[str, ...]) -> Iterator[Problem]:
    if not any(ligne[colonne] for colonne in colonnes):
        yield _problem(ligne, colonnes[0], f"la ligne n'est attachée à rien. Remplissez l'une de ces colonnes : {', '.join(colonnes)}.")


def _page(ligne: Row, tout: dict[str, list[Row]]) -> Iterator[Problem]:
    """One row says what one page says, and the page can be read again."""
    cites = set(ligne.liste("source"))
    if len(cites) > 1:
        yield _problem(ligne, "source", "une ligne dit ce que dit une seule page. Faites une ligne par page.")
    for source in tout["source"]:
        for colonne, quoi in (("url", "l'adresse de la page"), ("date_consultation", "la date de la lecture")):
            if source["id"] in cites and not source[colonne]:
                yield _problem(ligne, "source", f"il manque {quoi} de « {source['id']} » dans source.csv, colonne « {colonne} ».")


def _secret_contacts(tout: dict[str, list[Row]]) -> Iterator[Problem]:
    structures, lieux = secret(tout)
    for ligne in tout["contact"]:
        if ligne["structure"] not in structures and ligne["lieu"] not in lieux:
            continue
        if ligne["adresse"] or ligne["code_postal"]:
            yield _problem(ligne, "adresse", "l'adresse de cette structure est confidentielle. Videz les cellules adresse et code_postal.")
        for colonne in ("nom", "horaires_accueil", "citation"):
            if gives_away(ligne[colonne]):
                yield _problem(ligne, colonne, "l'adresse de cette structure est confidentielle. Retirez de cette cellule ce qui dit où elle est.")
