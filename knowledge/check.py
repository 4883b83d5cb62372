"""Refuse sources that would make the base lie. Each problem names file, row, column and what to write."""

from __future__ import annotations

import re
from collections.abc import Iterator

from knowledge.check_contacts import check_contacts, secret
from knowledge.reading import Problem, Row, split
from knowledge.schema import FAITS, PAR_NOM, TABLES, TYPES_LIEU, Column
from knowledge.telephone import TELEPHONE
from knowledge.text import fold

_CODE_POSTAL = (re.compile(r"\d{5}"), "cinq chiffres, par exemple 62190")
_COURRIEL = (re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+"), "une adresse, par exemple mairie@exemple.fr")
_URL = (re.compile(r"https?://[^\s/]+\.\S+"), "une adresse complète, par exemple https://www.exemple.fr")
_MOIS, _JOUR = r"(0[1-9]|1[0-2])", r"(0[1-9]|[12]\d|3[01])"
_FORMATS = {
    "code_postal": _CODE_POSTAL,
    "codes_postaux": _CODE_POSTAL,
    "code_insee": (re.compile(r"\d[0-9AB]\d{3}"), "cinq caractères, par exemple 62516"),
    "mairie_telephone": (re.compile(r"0\d( \d\d){4}"), "dix chiffres par paires, par exemple 03 21 61 64 64"),
    "ages": (re.compile(r"\d{1,3}(\.\d{1,2})?"), "un nombre d'années, par exemple 19 ou 0.5"),
    "mairie_courriel": _COURRIEL,
    "telephone": (TELEPHONE, "dix chiffres par paires, par exemple 03 21 61 64 64, ou un numéro court, par exemple 3949"),
    "courriel": _COURRIEL,
    "site_web": _URL,
    "url": _URL,
    "date": (re.compile(rf"\d{{4}}(-{_MOIS}(-{_JOUR})?)?"), "AAAA, AAAA-MM ou AAAA-MM-JJ"),
    "date_consultation": (re.compile(rf"\d{{4}}-{_MOIS}-{_JOUR}"), "AAAA-MM-JJ, par exemple 2026-11-24"),
}
_CHIFFRES = 18  # digits of an integer that SQLite always holds
# Two capitals or more, alone or after an elision (« l'ANIL », « qu'ENVAUL »).
_SIGLE = re.compile(r"(?:(?<![\w'’-])|(?<=\b[A-Za-z]['’])|(?<=\b[Qq]u['’]))[A-Z]{2,}[A-Z0-9]*(?![\w'’-])")


def check(tout: dict[str, list[Row]]) -> list[Problem]:
    """Every problem found in rows already well shaped (see ``reading.read_all``)."""
    cles = {table.nom: {ligne[table.cle.nom] for ligne in tout[table.nom]} for table in TABLES}
    problemes: list[Problem] = []
    for table in TABLES:
        vues: dict[str, int] = {}
        for ligne in tout[table.nom]:
            cle = ligne[table.cle.nom]
            if cle in vues:
                problemes.append(
                    Problem(
                        f"{table.nom}.csv",
                        ligne.ligne,
                        table.cle.nom,
                        f"« {cle} » est déjà à la ligne {vues[cle]}. Gardez une seule ligne, ou changez l'identifiant.",
                    )
                )
            vues.setdefault(cle, ligne.ligne)
            for colonne in table.colonnes:
                problemes += _check_cell(ligne, colonne, cles)
            if table.prouvee:
                problemes += _check_proof(ligne, cles["source"])
    regles = (_ages, _services_answer, _projects, _places_once, _criteria, _facts_attached, _needs_reached, _secret_places, _targets_exist, _situations)
    for regle in regles:
        problemes += regle(tout)
    problemes += check_contacts(tout)
    return problemes


def _problem(ligne: Row, colonne: str, message: str) -> Problem:
    return Problem(f"{ligne.table}.csv", ligne.ligne, colonne, message)


def _integer(texte: str) -> int | None:
    """The number written, or None when it is not one that the base can hold (« ² » is a digit for Python, not a number)."""
    return int(texte) if texte.isdecimal() and len(texte) <= _CHIFFRES else None


def _check_cell(ligne: Row, colonne: Column, cles: dict[str, set[str]]) -> Iterator[Problem]:
    brut = ligne[colonne.nom]
    if colonne.requis and not brut:
        yield _problem(ligne, colonne.nom, f"la cellule est vide. Écrivez : {colonne.doc[0].lower()}{colonne.doc[1:]}")
        return
    valeurs = split(brut) if colonne.multiple else [brut] if brut else []
    if len(set(valeurs)) != len(valeurs):
        yield _problem(ligne, colonne.nom, "la même valeur est écrite deux fois. Gardez-en une.")
    for valeur in valeurs:
        if colonne.vocabulaire and valeur not in colonne.vocabulaire:
            yield _problem(ligne, colonne.nom, f"« {valeur} » n'est pas permis. Écrivez l'un de : {', '.join(colonne.vocabulaire)}.")
        elif colonne.reference and valeur not in cles[colonne.reference]:
            yield _problem(ligne, colonne.nom, f"« {valeur} » n'existe pas dans {colonne.reference}.csv. Ajoutez-le là-bas ou corrigez ici.")
        elif colonne.type == "INTEGER" and not re.fullmatch(r"\d+", valeur):
            yield _problem(ligne, colonne.nom, f"« {valeur} » n'est pas un nombre entier. Écrivez des chiffres seulement.")
        elif colonne.type == "INTEGER" and _integer(valeur) is None:
            yield _problem(ligne, colonne.nom, f"le nombre est trop grand. Écrivez au plus {_CHIFFRES} chiffres.")
        elif colonne.bornes and valeur not in (permises := [str(n) for n in range(colonne.bornes[0], colonne.bornes[1] + 1)]):
            yield _problem(ligne, colonne.nom, f"« {valeur} » n'est pas permis. Écrivez l'un de : {', '.join(permises)}.")
        elif colonne.type == "REAL" and not re.fullmatch(r"-?\d+(\.\d+)?", valeur):
            yield _problem(ligne, colonne.nom, f"« {valeur} » n'est pas un nombre. Écrivez par exemple 50.5298.")
        elif colonne.nom in _FORMATS and not _FORMATS[colonne.nom][0].fullmatch(valeur):
            yield _problem(ligne, colonne.nom, f"« {valeur} » n'a pas la bonne forme. Écrivez {_FORMATS[colonne.nom][1]}.")


def _check_proof(ligne: Row, sources: set[str]) -> Iterator[Problem]:
    cites = ligne.liste("source")
    if not cites:
        yield _problem(ligne, "source", "aucune source. Un fait sans source n'entre pas dans la base : écrivez d'où il vient.")
        return
    for source in cites:
        if source not in sources:
            yield _problem(ligne, "source", f"« {source} » n'existe pas dans source.csv. Ajoutez-la là-bas ou corrigez ici.")
    try:
        preuves = ligne.preuves()
    except ValueError:
        yield _problem(ligne, "citation", "source, ligne et citation n'ont pas le même nombre de valeurs. Séparez-les par | de la même façon.")
        return
    for _, numero, citation in preuves:
        if numero and _integer(numero) is None:
            yield _problem(ligne, "ligne", f"« {numero} » n'est pas un numéro de ligne du document.")
        if not citation:
            yield _problem(ligne, "citation", "la citation est vide. Recopiez les quelques mots qui disent le fait.")
        elif len(citation) > 200:
            yield _problem(ligne, "citation", "la citation est trop longue. Gardez au plus 200 caractères.")


def _ages(tout: dict[str, list[Row]]) -> Iterator[Problem]:
    for nom in ("besoin", "critere"):
        for ligne in tout[nom]:
            bas, haut = _integer(ligne["age_min"]), _integer(ligne["age_max"])
            if bas is not None and haut is not None and bas > haut:
                yield _problem(ligne, "age_min", f"l'âge minimal ({bas}) dépasse l'âge maximal ({haut}). Corrigez l'un des deux.")


def _services_answer(tout: dict[str, list[Row]]) -> Iterator[Problem]:
    lies = {ligne["service"] for ligne in tout["service_besoin"]}
    for ligne in tout["service"]:
        if ligne["id"] not in lies:
            yield _problem(ligne, "id", f"le service « {ligne['id']} » ne répond à aucun besoin. Ajoutez une ligne dans service_besoin.csv.")
    couples: dict[tuple[str, str], int] = {}
    for ligne in tout["service_besoin"]:
        couple = (ligne["service"], ligne["besoin"])
        if couple in couples:
            yield _problem(ligne, "service", f"ce service et ce besoin sont déjà liés à la ligne {couples[couple]}. Gardez une seule ligne.")
        couples.setdefault(couple, ligne.ligne)
        if _integer(ligne["rang"]) not in (None, 1, 2, 3):
            yield _problem(ligne, "rang", "le rang va de 1 (première porte) à 3 (en complément).")


def _projects(tout: dict[str, list[Row]]) -> Iterator[Problem]:
    """A service in service must not be carried by a structure that does not exist yet."""
    etats = {ligne["id"]: ligne["etat"] for ligne in tout["structure"]}
    for ligne in tout["service"]:
        if ligne["etat"] == "en service" and etats.get(ligne["structure"]) in ("projet", "etude"):
            yield _problem(
                ligne, "etat", f"le service est « en service » mais sa structure « {ligne['structure']} » est en projet. Un projet ne se propose pas."
            )


def _places_once(tout: dict[str, list[Row]]) -> Iterator[Problem]:
    vus: dict[tuple[str, ...], int] = {}
    for ligne in tout["lieu"]:
        cle = (fold(ligne["nom"]), ligne["commune"], ligne["type"], ligne["sous_type"], fold(ligne["adresse"]))
        if cle in vus:
            yield _problem(ligne, "nom", f"ce lieu (nom, commune, genre, adresse) est déjà à la ligne {vus[cle]}. Gardez une seule ligne.")
        vus.setdefault(cle, ligne.ligne)
    for nom in ("structure", "service"):
        noms: dict[str, int] = {}
        for ligne in tout[nom]:
            cle_nom = fold(ligne["nom"])
            if cle_nom in noms:
                yield _problem(ligne, "nom", f"« {ligne['nom']} » est déjà à la ligne {noms[cle_nom]}. Fusionnez les deux lignes, ou précisez le nom.")
            noms.setdefault(cle_nom, ligne.ligne)


def _criteria(tout: dict[str, list[Row]]) -> Iterator[Problem]:
    for ligne in tout["critere"]:
        if ligne["genre"] == "age" and not (ligne["age_min"] or ligne["age_max"]):
            yield _problem(ligne, "age_min", "un critère d'âge a besoin d'un âge minimal ou maximal.")
        if ligne["genre"] == "age" and not ligne["age_de"]:
            yield _problem(ligne, "age_de", "dites de qui est l'âge : personne ou enfant.")
        if ligne["genre"] == "fait" and not ligne["fait"]:
            yield _problem(ligne, "fait", "un critère de situation a besoin d'un fait.")


def _facts_attached(tout: dict[str, list[Row]]) -> Iterator[Problem]:
    for ligne in tout["fait"]:
        if not ligne["structure"] and not ligne["service"]:
            yield _problem(ligne, "structure", "le fait n'est attaché à rien. Écrivez une structure ou un service.")


def _needs_reached(tout: dict[str, list[Row]]) -> Iterator[Problem]:
    atteints = {ligne["besoin"] for ligne in tout["service_besoin"]}
    for ligne in tout["besoin"]:
        if ligne["id"] not in atteints:
            yield _problem(ligne, "id", f"aucun service ne répond à « {ligne['nom']} ». Liez-en un dans service_besoin.csv, ou retirez le besoin.")


def _secret_places(tout: dict[str, list[Row]]) -> Iterator[Problem]:
    """An address that must stay confidential is not in the base at all: what is not stored cannot leak."""
    _, lieux = secret(tout)
    for ligne in tout["lieu"]:
        if ligne["id"] in lieux and (ligne["adresse"] or ligne["code_postal"]):
            yield _problem(ligne, "adresse", "l'adresse de cette structure est confidentielle. Videz la cellule.")


def _targets_exist(tout: dict[str, list[Row]]) -> Iterator[Problem]:
    """What a word of the lexique aims at must be in the base."""
    cibles = {nom: ({ligne["id"] for ligne in tout[nom]}, f"{nom}.csv") for nom in ("structure", "service", "besoin")}
    cibles["commune"] = ({ligne["code_insee"] for ligne in tout["commune"]}, "commune.csv")
    cibles["fiche"] = ({ligne["numero"] for ligne in tout["fiche_action"]}, "fiche_action.csv")
    cibles["fait"] = (set(FAITS), "la liste des faits d'une situation")
    cibles["type_lieu"] = (set(TYPES_LIEU), "la liste des genres de lieu")
    for ligne in tout["lexique"]:
        permises, liste = cibles.get(ligne["genre"], (set(), ""))
        if liste and ligne["cible"] and ligne["cible"] not in permises:
            yield _problem(ligne, "cible", f"« {ligne['cible']} » n'existe pas dans {liste}. Ajoutez-le là-bas ou corrigez ici.")


_CE_QUE_VEUT = {
    "porte": ("besoins",),
    "question": ("besoins",),
    "libre": ("besoins",),
    "urgence": ("urgence",),
    "sigle": ("sigle",),
    "annuaire": ("cible",),
    "signe": ("besoins", "signes"),
}


def _situations(tout: dict[str, list[Row]]) -> Iterator[Problem]:
    """Each kind of exercise has the part of the request that it needs."""
    cles = {nom: {ligne[PAR_NOM[nom].cle.nom] for ligne in tout[nom]} for nom in ("service", "lieu", "commune")}
    for ligne in tout["situations"]:
        for voulu in _CE_QUE_VEUT.get(ligne["exercice"], ()):
            if ligne[voulu]:
                continue
            yield _problem(ligne, voulu, f"l'exercice « {ligne['exercice']} » en a besoin. Remplissez la cellule, ou changez d'exercice.")
        if ligne["cible"]:
            genre, _, cle = ligne["cible"].partition(":")
            if cle not in cles.get(genre, set()):
                yield _problem(ligne, "cible", f"« {ligne['cible']} » n'existe pas. Écrivez service:, lieu: ou commune:, puis l'identifiant.")
            if not ligne["champ"]:
                yield _problem(ligne, "champ", "dites ce que l'on cherche dans cette fiche.")


def check_sigles(tout: dict[str, list[Row]]) -> list[Problem]:
    """Sigles shown in a text of the base but absent from ``sigle.csv`` (two capitals or more, alone)."""
    connus = {fold(ligne["sigle"]) for ligne in tout["sigle"]}
    connus |= {fold(v) for ligne in tout["sigle"] for v in ligne.liste("variantes")}
    connus |= {fold(ligne["sigle"]) for nom in ("structure", "service") for ligne in tout[nom] if ligne["sigle"]}
    connus |= {fold(ligne["nom"]) for nom in ("structure", "service") for ligne in tout[nom]}
    problemes = []
    for nom, colonnes in (("structure", ("description",)), ("service", ("description", "publics_precisions")), ("fait", ("texte",))):
        for ligne in tout[nom]:
            for colonne in colonnes:
                for mot in _SIGLE.findall(ligne[colonne]):
                    if fold(mot) not in connus and not re.fullmatch(r"[IVX]+", mot):
                        problemes.append(_problem(ligne, colonne, f"le sigle « {mot} » n'est pas dans sigle.csv. Ajoutez-le, ou écrivez-le en toutes lettres."))
    return problemes


__all__ = ["PAR_NOM", "check", "check_sigles"]
