"""What is wanted: the classifier's act, corrected by the sure signs of a question."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from bot.understanding.gazetteer import Entity
from knowledge.request import BesoinVu

_CHAMPS = (
    (
        "tarif",
        r"c est combien|combien (?:ca |est ce que ca )?(?:coute|coutent|paye|paie|faut payer|on paye|pour s inscrire)|tarifs?|prix|cout|payant|gratuit|ca coute|quel prix|coute combien|frais d inscription|loyer (?:mensuel|d une|d un|de la|du|des)|cher",
    ),
    (
        "horaires",
        r"horaires?|heures? d ouverture|ouvert(?:e|s)?(?: a| le| quand| ce| demain| aujourd hui| jusqu| samedi)|ouvre(?:nt)?|ferme(?:nt)? a|a quelle heure|quels jours|permanence quand|c est ouvert|ouverture",
    ),
    (
        "telephone",
        r"telephone|portable (?:de|du)|numero (?:de telephone|du|de la|de l|pour|d|des)|quel numero|leur numero|son numero|le numero|tel|appeler qui|qui appeler|joindre|ligne directe|portable de",
    ),
    ("courriel", r"mail de|e mail|email|courriel|adresse mail|adresse electronique"),
    ("site", r"site (?:internet|web)|adresse du site|site de|lien internet|url"),
    ("places", r"places? (?:libres?|disponibles?|restantes?|dispo)|de la place|reste(?:nt)? .*places?|liste d attente|il y a de la place|complet|complete"),
    ("delai", r"combien de temps|delai|delais|attente|c est long|rapide|sous combien|en combien"),
    (
        "responsable",
        r"nom (?:du|de la) (?:directeur|directrice|responsable|president|presidente|referente?|coordinat\w+|assistante)|qui (?:est|c est) (?:le|la) (?:directeur|directrice|responsable|chef|president|presidente|referente?|coordinat\w+)|s appelle (?:le|la) (?:directeur|directrice|responsable)",
    ),
    (
        "documents",
        r"quels? (?:papiers?|documents?|justificatifs?|pieces?)|papiers? (?:a|faut)|faut apporter|pieces? a fournir|justificatifs?|amener quoi|apporter quoi",
    ),
    ("avis", r"c est bien|est il bon|vaut mieux|la meilleure?|le meilleur|bonne reputation|serieux"),
    (
        "adresse",
        r"adresse|ou (?:est|se trouve|se situe|c est|se tient|sont|trouver)|(?:est|sont|situees?|trouve|trouvent|basee?s?) (?:il |ils |elle |elles )?ou|c est ou|ou ca|se trouve ou|situe|coordonnees|dans quelle rue|rue",
    ),
    ("gestionnaire", r"qui gere|gestionnaire|gere par|qui s occupe|geree? par qui|qui porte|portee? par"),
    ("liste", r"liste|quelles communes|lesquelles|tous les|toutes les|ou y a t il|ou il y a"),
)
_MOTIFS = [(champ, re.compile(rf"\b(?:{motif})\b")) for champ, motif in _CHAMPS]
_ELIGIBLE = re.compile(
    r"\b(?:pourquoi pas|colle|jouable|recoit encore|(?:a|ai|ont|aura|aurait) (?:t il |t elle )?(?:le )?droit|possible|ca passe|ca le fait|passe (?:encore|pour)|eligible|peut (?:il|elle|on|aller|avoir|beneficier|pretendre|s inscrire|y aller|entrer|etre|demander)|pourrait|accepte|acceptee?|trop (?:vieux|vieille|jeune|age|agee)|condition|conditions|critere|criteres|limite d age|jusqu a quel age|jusque quel age|a partir de quel age|quel age (?:pour|faut|il faut)|oblige|obligatoire|obligee?|concerne|concernee?|faut (?:il )?(?:un|une|le|la|l|demander|avoir)|besoin d(?:u| un| une)|ca marche|marche pour|ouvert a|valable|encore bon|prend (?:les|encore))\b"
)
_SIGLE = re.compile(
    r"\b(?:c est quoi|ca veut dire|veut dire|signifie|signification|definition|qu est ce que? c est|qu est ce qu (?:un|une|on)|qu est ce que (?:le|la|les|l)|que veut dire|ca correspond|en toutes lettres|sigle|acronyme|kesako|c koi|ca fait quoi|sert a quoi|c est qui|qui est)\b|^\s*(?:le |la |les |l )?[\w ]{2,30} (?:c est quoi|c est qui)"
)
_CHIFFRE = re.compile(
    r"\b(?:combien (?:de|d|y a|il y a|sont|on compte)|nombre|nombres|nb|taux|pourcentage|part (?:de|des|du)|chiffres?|statistiques?|proportion|montant|population (?:de l|du territoire|totale))\b"
)
_PAS_CHIFFRE = re.compile(r"\bcombien de temps\b|\bc est combien\b|\bnombre de .*(?:fiche|indicateur)\b|\bindicateurs?\b")
_FICHE = re.compile(
    r"\bfiches?\b|\bplan d actions?\b|\bqui pilote\b|\bpilotes?\b|\becheance\b|\bpartenaires? (?:sollicites?|de la|prevus?)\b|\bindicateurs?\b|\bcomite (?:de pilotage|technique)\b|\bgouvernance\b|\bconvention (?:territoriale|prevoit|dit)\b|\bque prevoit\b|\bsignataires?\b"
)
_ANNUAIRE = re.compile(
    r"\b(?:adresse|coordonnees|contacts?|liste|ou (?:est|se trouve|sont|se situe|trouver)|c est ou|quelles? communes?|quels? (?:sont|rpe|relais|laep|pij|centre|structures?|lieux|organismes?)|quelles? (?:sont|structures?|associations?|creches?|ludotheques?|mediatheques?)|y a t il|il y a (?:un|une|des|quoi)|qui (?:gere|s occupe)|gestionnaire|annuaire|se trouve)\b"
)
_ASKS_OF = re.compile(r"\b(?:qui|quoi|quel|quelle|quels|quelles|comment|ou)\b")
_COMMUNE = re.compile(
    r"\b(?:mairie|hotel de ville|code insee|code postal|population|habitants|fait partie de l agglo|dans l agglo|fait partie du territoire|dans le territoire|dans la cabbalr)\b"
)
ANODINS = ("salutation", "remerciement", "aide", "hors_sujet", "nouvelle_personne")
SUR_DE_SOI = 0.7  # from here the classifier is right more often than the signs of a question (bench/comprehension.py)
_NOMS = ("service", "structure", "sigle", "lieu", "type_lieu")


def _holds(acte: str, nomme: bool, genres: set[str], champ: str | None, plein: str, besoins: Sequence[BesoinVu]) -> bool:
    """Whether a message has what an act needs: a name to look up or to judge, a commune, or nothing else in small talk."""
    if acte in ("sigle", "eligibilite"):
        return nomme
    if acte == "commune":
        return bool(genres & {"commune", "commune_hors"})
    if acte in ANODINS:
        return not champ and "?" not in plein and not (besoins and besoins[0].score >= 0.9)
    return acte in ("fiche_action", "chiffre")


def find_field(plat: str) -> str | None:
    """The detail asked for (``request.CHAMPS``), or None."""
    for champ, motif in _MOTIFS:
        if motif.search(plat):
            return champ
    return None


def decide_act(
    plat: str,
    plein: str,
    classes: Sequence[str],
    proba: np.ndarray,
    entites: Sequence[Entity],
    champ: str | None,
    personne: bool,
    besoins: Sequence[BesoinVu],
    suite: bool,
) -> tuple[str, float]:
    """The act and how sure it is. Signs of a question win over the classifier only where they are unmistakable."""
    notes = {c: float(p) for c, p in zip(classes, proba, strict=True)}
    notes["orienter"] = notes.get("orienter", 0.0) + notes.pop("urgence", 0.0)
    appris = max(notes, key=lambda c: notes[c])
    genres = {e.genre for e in entites}
    mots = len(plat.split())
    nomme = bool(genres & set(_NOMS))
    couverts = sum(e.fin - e.debut for e in entites if e.genre in _NOMS)
    seul = nomme and mots - couverts <= 1 and mots <= 8

    if "fiche" in genres:
        return "fiche_action", 0.95
    communes = sum(e.fin - e.debut for e in entites if e.genre in ("commune", "commune_hors"))
    if appris == "commune" and mots - communes <= 1 and not _COMMUNE.search(plat):
        # « Lillers », « à Lillers »: where the person lives, not a question about the town.
        return "orienter", notes.get("orienter", 0.0)
    if notes[appris] >= SUR_DE_SOI and _holds(appris, nomme, genres, champ, plein, besoins):
        return appris, notes[appris]
    if (
        _COMMUNE.search(plat)
        and genres & {"commune", "commune_hors"}
        and mots <= 14
        and not genres & {"service", "lieu"}
        and (notes.get("commune", 0) > 0.2 or mots <= 6)
    ):
        return "commune", 0.9
    if _FICHE.search(plat) and (appris == "fiche_action" or notes.get("fiche_action", 0) > 0.12 or re.search(r"\bfiches?\b|\bpilotes?\b|\bqui pilote\b", plat)):
        return "fiche_action", 0.85
    if _CHIFFRE.search(plat) and not _PAS_CHIFFRE.search(plat) and (notes.get("chiffre", 0) > 0.08 or mots <= 12):
        return "chiffre", max(0.6, notes.get("chiffre", 0))
    if "sigle" in genres and re.search(r"\b[A-ZÉ]{2,10}[a-z]?\s*(?:\?|=)+\s*\??\s*$", plein.strip()) and not personne:
        return "sigle", 0.9
    # « numéro du PLIE » asks for more than what PLIE means.
    if seul and not champ and not _ANNUAIRE.search(plat) and not genres & {"lieu"} and not (genres & {"type_lieu"} and "commune" in {e.genre for e in entites}):
        return "sigle", 0.9
    if genres & {"service", "sigle", "structure", "type_lieu"} and _SIGLE.search(plat) and mots <= 14 and not personne:
        return "sigle", 0.85
    if champ in ("tarif", "horaires", "places", "delai", "responsable", "documents", "telephone", "courriel", "site", "avis") and (
        nomme
        and (appris == "precision" or notes.get("precision", 0) > 0.12 or mots <= (16 if genres & {"service", "lieu"} and not personne else 9))
        or suite
        or (champ == "telephone" and notes.get("precision", 0) > 0.1)
    ):
        return "precision", max(0.6, notes.get("precision", 0))
    if (
        genres & {"service", "structure"}
        and _ELIGIBLE.search(plat)
        and (personne or "commune" in genres or appris == "eligibilite" or re.search(r"\bage\b|\bconditions?\b|\bcriteres?\b", plat))
    ):
        return "eligibilite", max(0.6, notes.get("eligibilite", 0))
    if nomme and (_ANNUAIRE.search(plat) or champ in ("adresse", "gestionnaire", "liste")) and mots <= 16 and not (personne and notes.get("orienter", 0) > 0.6):
        return "annuaire", max(0.6, notes.get("annuaire", 0))
    if "type_lieu" in genres and "commune" in genres and (mots <= 5 or not besoins or besoins[0].score < 0.5):
        return "annuaire", 0.7
    tous_couverts = couverts + communes
    if genres & {"service", "structure"} and "commune" in genres and not personne and mots - tous_couverts <= 2:
        return "annuaire", 0.7
    if genres & {"service", "structure"} and not personne and "commune" not in genres and mots - couverts <= 8 and _ASKS_OF.search(plat):
        return "annuaire", max(0.5, notes.get("annuaire", 0))
    if suite and appris in ("suivi", "orienter", "annuaire", "precision"):
        return "suivi", max(0.5, notes.get("suivi", 0))
    if appris in ANODINS:
        # A name, or a need said for sure, beats words that may be small talk.
        if nomme:
            return ("orienter" if besoins else "annuaire"), notes.get("orienter", 0.0)
        if besoins and besoins[0].score >= (0.3 if notes[appris] < 0.45 else 0.6):
            return "orienter", notes.get("orienter", 0.0)
        if notes[appris] < 0.4:
            return "orienter", notes.get("orienter", 0.0)
        return appris, notes[appris]
    if appris == "orienter":
        return "orienter", notes["orienter"]
    if appris in ("sigle", "eligibilite", "precision", "annuaire") and not nomme:
        if appris == "precision" and champ and notes["precision"] > 0.5:
            return "precision", notes["precision"]
        return ("orienter", notes.get("orienter", 0.0)) if besoins and besoins[0].score >= 0.3 else (appris, notes[appris])
    if appris == "commune" and not genres & {"commune", "commune_hors"}:
        return "orienter", notes.get("orienter", 0.0)
    return appris, notes[appris]
