"""Say: turn decisions into short French text, readable in any channel, and the same content as JSON for the page.

Numbers, names and addresses come from rows of the base; the sentences here only join them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from knowledge.base import (
    Base,
    Commune,
    CommuneHors,
    Contact,
    Contradiction,
    Fait,
    FicheAction,
    Lieu,
    NomActuel,
    NumeroNational,
    Service,
    Sigle,
    Structure,
)
from knowledge.contacts import contacts_of
from knowledge.orient import Demande, Orientation, Proposition, Verdict, spoken_age
from knowledge.request import Reponse
from knowledge.say_contact import asked, contact_brief, contact_json, contact_lines, contact_text, reach, update_lines
from knowledge.statements import Enonce, key_words
from knowledge.text import contains, fold, joined, plural, shown
from knowledge.trust import INCONNU

# Agents use these every day; writing them out at each answer would only lengthen it.
_CONNUS = {"CAF", "CCAS", "CABBALR", "RSA", "QPV", "PDF", "SMS", "CV", "II", "III", "IV", "VI"}

LIEUX = {
    "eaje": ("crèche", "crèches"),
    "mam": ("maison d'assistants maternels", "maisons d'assistants maternels"),
    "laep": ("lieu d'accueil enfants-parents (LAEP)", "lieux d'accueil enfants-parents (LAEP)"),
    "rpe": ("relais petite enfance (RPE)", "relais petite enfance (RPE)"),
    "alsh": ("accueil de loisirs", "accueils de loisirs"),
    "ludotheque": ("ludothèque", "ludothèques"),
    "sejour": ("séjour organisé", "séjours organisés"),
    "bafa": ("soutien au BAFA ou BAFD", "soutiens au BAFA ou BAFD"),
    "coordination": ("poste de coordination", "postes de coordination"),
    "centre_social": ("centre social", "centres sociaux"),
    "evs": ("espace de vie sociale (EVS)", "espaces de vie sociale (EVS)"),
    "mediatheque": ("médiathèque engagée contre l'illettrisme", "médiathèques engagées contre l'illettrisme"),
    "pij": ("point information jeunesse (PIJ)", "points information jeunesse (PIJ)"),
    "mds": ("maison des solidarités (MDS)", "maisons des solidarités (MDS)"),
    "france_services": ("maison France Services", "maisons France Services"),
    "msap": ("maison de services au public (MSAP)", "maisons de services au public (MSAP)"),
    "point_acces_droit": ("point d'accès au droit", "points d'accès au droit"),
    "pimms": ("PIMMS", "PIMMS"),
    "aire_accueil": ("aire d'accueil des gens du voyage", "aires d'accueil des gens du voyage"),
    "espace_jeunesse": ("espace jeunesse communal", "espaces jeunesse communaux"),
    "promeneur_du_net": ("promeneur du Net", "promeneurs du Net"),
    "conseil_jeunes": ("conseil municipal de jeunes", "conseils municipaux de jeunes"),
    "hebergement": ("lieu d'hébergement", "lieux d'hébergement"),
    "maternite": ("maternité", "maternités"),
    "prevention_specialisee": ("club de prévention", "clubs de prévention"),
    "antenne_caf": ("antenne de la CAF", "antennes de la CAF"),
    "autre": ("lieu", "lieux"),
}
SOUS_TYPES = {
    "multi-accueil": "multi-accueil",
    "micro-creche": "micro-crèche",
    "creche": "crèche",
    "creche-familiale": "crèche familiale",
    "extrascolaire": "vacances (extrascolaire)",
    "periscolaire": "mercredi, matin et soir (périscolaire)",
    "ados": "ados",
    "enfance": "enfance",
    "jeunesse": "jeunesse",
    "enfance-jeunesse": "enfance et jeunesse",
}
URGENCES = {
    "violences": "Violences : danger possible maintenant.",
    "suicide": "Risque de suicide.",
    "enfance": "Enfant en danger.",
    "rue": "Personne sans toit.",
    "vital": "Urgence vitale.",
    "intoxication": "Intoxication.",
    "incendie": "Feu ou gaz.",
}
CHAMPS_DITS = {
    "horaires": "les horaires",
    "tarif": "le tarif",
    "delai": "les délais",
    "places": "les places libres",
    "responsable": "le nom du responsable",
    "documents": "les papiers à fournir",
    "telephone": "le téléphone",
    "courriel": "le courriel",
    "site": "le site internet",
    "avis": "d'avis sur la qualité",
    "adresse": "l'adresse",
    "gestionnaire": "le gestionnaire",
}


@dataclass
class Page:
    """Lines of one answer, with the sigles already written out in it."""

    base: Base
    lignes: list[str] = field(default_factory=list)
    dits: set[str] = field(default_factory=set)
    regles: set[tuple[str, str]] = field(default_factory=set)  # service and rule already said in this answer
    contacts: set[str] = field(default_factory=set)  # contacts and national numbers already given in this answer

    def add(self, ligne: str = "") -> None:
        self.lignes.append(self.spelled(ligne) if ligne else "")

    def raw(self, ligne: str) -> None:
        self.lignes.append(ligne)

    def spelled(self, texte: str) -> str:
        """Write out each sigle at its first use in the answer."""

        def replace(m: re.Match[str]) -> str:
            mot = m[0]
            if mot in _CONNUS or mot in self.dits:
                return mot
            sens = self.base.expanded(mot)
            suite = texte[m.end() : m.end() + 3]
            if not sens or contains(texte, sens) or suite.startswith(" ("):
                if sens:
                    self.dits.add(mot)
                return mot
            self.dits.add(mot)
            return f"{mot} ({sens})"

        return re.sub(r"(?<![\w'(«-])[A-Z][A-Z0-9]{1,}i?(?![\w'’-])", replace, texte)

    def text(self) -> str:
        return re.sub(r"\n{3,}", "\n\n", "\n".join(self.lignes)).strip()


def understood(base: Base, demande: Demande, besoins: Sequence[str], commune_dite: bool = True) -> str:
    """« Compris : logement d'un jeune · 19 ans · Lillers »."""
    morceaux = [base.besoins[b].nom for b in besoins[:3]]
    morceaux += [spoken_age(age) for age in demande.ages[:2]]
    if demande.commune and commune_dite:
        morceaux.append(base.communes[demande.commune].nom)
    from knowledge.words import FAITS_DITS

    morceaux += [FAITS_DITS[f] for f, vrai in demande.faits.items() if vrai and f in FAITS_DITS][:3]
    return "Compris : " + " · ".join(morceaux)


def service_name(service: Service, base: Base) -> str:
    """Name and sigle: « CLLAJ – Comité Local… »."""
    sigle = service.sigle
    nom = service.nom
    if sigle and fold(sigle) != fold(nom) and not contains(nom, sigle):
        nom = f"{sigle} – {nom}"
    elif sigle:
        sens = base.expanded(sigle)
        if sens and not contains(nom, sens):
            nom = f"{nom} ({sens})"
    return nom


def service_title(service: Service, base: Base) -> str:
    """Name, sigle, carrier: « CLLAJ – Comité Local… (Habitat et Insertion) »."""
    structure = base.structures[service.structure]
    nom = service_name(service, base)
    if (
        contains(nom, structure.nom)
        or (structure.sigle and contains(nom, structure.sigle))
        or structure.id in ("eaje", "mam", "laep", "rpe", "ludotheques", "alsh")
    ):
        return nom
    porteur = structure.nom if len(structure.nom) <= 45 or not structure.sigle else structure.sigle
    return f"{nom} ({'mairie ou CCAS' if structure.id == 'communes-ccas' else porteur})"


def place_line(lieu: Lieu, base: Base, distance: float | None = None) -> str:
    """« La Charité, multi-accueil, 335 Rue Fernand Bar, 62400 Béthune »."""
    morceaux = [lieu.nom]
    if lieu.sous_type and fold(SOUS_TYPES[lieu.sous_type]) not in fold(lieu.nom) and not contains(lieu.nom, lieu.sous_type):
        morceaux.append(SOUS_TYPES[lieu.sous_type])
    if lieu.type == "mam" and not contains(lieu.nom, LIEUX["mam"][0]):
        morceaux.append(LIEUX["mam"][0])
    ville = base.communes[lieu.commune].nom if lieu.commune else ""
    debut, virgule, suite = (lieu.adresse or "").partition(", ")
    # An address that opens with the name just said would say it twice.
    voie = suite if virgule and contains(lieu.nom, debut) else lieu.adresse
    adresse = ", ".join(x for x in (voie, " ".join(x for x in (lieu.code_postal, ville) if x)) if x)
    if lieu.adresse or not contains(lieu.nom, ville):
        morceaux.append(adresse or ville)
    if not lieu.adresse:
        morceaux.append("adresse non connue")
    if distance:
        morceaux.append(f"à {round(distance)} km")
    return ", ".join(m for m in morceaux if m)


def source_line(base: Base, tables: Iterable[tuple[str, str]] = ()) -> str:
    """How old the facts are: label of each source, with its year."""
    ids: list[str] = []
    for table, cle in tables:
        ids += [p.source for p in base.provenance(table, cle)]
    uniques = list(dict.fromkeys(i for i in ids if i in base.sources)) or ["ctg-2021"]
    uniques = [i for i in uniques if i not in ("insee-cog-2026",)] or uniques
    return "Source : " + " ; ".join(
        f"{base.sources[i].libelle_court} (faits de {base.sources[i].date[:4]})" if i == "ctg-2021" else base.sources[i].libelle_court for i in uniques[:3]
    )


def relay_line(commune: Commune, bref: bool = False) -> str:
    """The nearest relay when no better contact is known, with its phone; its street too unless ``bref``."""
    if bref and commune.mairie_telephone:
        return f"Relais : mairie ou CCAS {_of(commune.nom)}, {commune.mairie_telephone}"
    adresse = (commune.mairie_adresse or "adresse non connue").replace(f" {commune.nom}", "").rstrip(", ")
    adresse = re.sub(r",? \d{5}$", "", adresse)
    return f"Relais : mairie ou CCAS {_of(commune.nom)}, {adresse}, {commune.mairie_telephone or 'téléphone non connu'}"


def _of(nom: str) -> str:
    """« de Lillers », « d'Auchel », « du … » left aside: names of communes keep their article."""
    return (
        f"d'{nom}"
        if re.match(r"[AEIOUÉÈÂaeiouéèH]", nom) and nom not in ("Haillicourt", "Haisnes", "Ham-en-Artois", "Houchin", "Houdain", "Hinges")
        else f"de {nom}"
    )


def _short(texte: str, limite: int = 95) -> str:
    """The first sentence, cut at a clause when longer."""
    phrase = re.split(r"(?<=[.!?])\s", texte.strip())[0].rstrip(".")
    if len(phrase) <= limite:
        return phrase
    coupe = re.split(r"[:;,(]", phrase[:limite])
    garde = phrase[: limite - len(coupe[-1]) - 1] if len(coupe) > 1 else ""
    if len(garde) < limite // 3:
        garde = phrase[:limite].rsplit(" ", 1)[0]
    return re.sub(r"(?:\s(?:en|de|du|des|d'|à|au|aux|et|ou|pour|par|sur|dans|la|le|les|un|une|leurs?|ses|son|sa|qui|que))+$", "", garde.strip(" ,;:(")).strip(
        " ,;:("
    )


DESCRIPTION = 60  # characters of the first doors' description


def proposition_line(page: Page, numero: int, p: Proposition, bref: bool = False, commune: str | None = None) -> bool:
    """One door; whether the base holds how to reach it."""
    base = page.base
    place = p.lieux[0] if len(p.lieux) == 1 and p.distance_km is not None else None
    if place:
        titre = place_line(place, base, p.distance_km)
        genre = p.service.nom if not contains(place.nom, p.service.nom) else ""
        texte = f"{numero}. {titre}"
        if genre and place.type not in ("eaje", "alsh", "mam", "ludotheque"):
            texte += f" : {genre[0].lower()}{genre[1:]}"
    else:
        texte = f"{numero}. {service_title(p.service, base)}"
        if not bref and _says_more(p.description, texte):
            texte += f" : {_lower_first(_short(p.description, DESCRIPTION))}"
    if p.service.etat == "experimentation":
        texte += " [expérimentation en 2021 : à confirmer]"
    for titre_regle, regles in (("Convient", p.pourquoi), ("À vérifier", p.a_verifier)):
        nouvelles = [r for r in regles if (p.service.id, r) not in page.regles]
        page.regles |= {(p.service.id, r) for r in nouvelles}
        if nouvelles:
            texte += f". {titre_regle} : {', '.join(nouvelles)}"
    contact = reach(base, p.service, place, commune)
    if bref and contact and not (contact.telephone or contact.adresse or contact.courriel):
        contact = None  # a mere site takes a line of the last doors, and nobody answers there
    if contact and place and not place.adresse and contact.adresse:
        texte = texte.replace(", adresse non connue", "", 1)
    if contact and (cle := contact.telephone if contact.national and contact.telephone else contact.id) not in page.contacts:
        page.contacts.add(cle)
        if place and not place.adresse and contact.adresse:
            texte += f". Contact : {contact_text(base, contact, texte)}"
        else:
            texte += f". Contact : {contact_brief(base, contact, texte)}"
    if not place and p.lieux and not bref:
        villes = list(dict.fromkeys(base.communes[lieu.commune].nom for lieu in p.lieux if lieu.commune))
        if villes:
            texte += f". Lieux : {', '.join(villes[:6])}{'…' if len(villes) > 6 else ''}"
    page.add(f"{texte.rstrip('.')}.{_year(base, p.service)}")
    return contact is not None


def _says_more(description: str, titre: str) -> bool:
    """Whether a description is more than the title said again."""
    mots, dits = set(key_words(_short(description, DESCRIPTION))), set(key_words(titre))
    return len(mots & dits) * 2 <= len(mots)


def _year(base: Base, service: Service) -> str:
    """« [2024] »: the year of the newest source of a service, when it is not the year that the last line gives for all."""
    annees = [base.sources[p.source].date[:4] for p in base.provenance("service", service.id) if p.source in base.sources]
    return f" [{max(annees)}]" if annees and max(annees) != base.sources["ctg-2021"].date[:4] else ""


def _lower_first(texte: str) -> str:
    return texte[:1].lower() + texte[1:] if not re.match(r"[A-Z]{2}|[A-Z][a-z]+ [A-Z]", texte) else texte


def renamed(base: Base, services: Iterable[str], structures: Iterable[str], montre: str | None = None) -> list[str]:
    """« Pôle emploi dans la convention ; aujourd'hui : France Travail » for what an answer shows; with its text, only the old names in it."""
    services, structures = set(services), set(structures)
    return [
        f"{n.nom_convention} dans la convention ; aujourd'hui : {n.nom_actuel} (depuis {n.depuis[:4]})"
        for n in base.noms_actuels
        if (services & set(n.services) or structures & set(n.structures)) and (montre is None or _says_old_name(montre, n))
    ]


def _says_old_name(texte: str, n: NomActuel) -> bool:
    """The old name stands in the text, whole or without its sigle in brackets, and the new one does not."""
    ancien, nouveau = (re.sub(r" \(.*\)", "", nom) for nom in (n.nom_convention, n.nom_actuel))
    return contains(texte, ancien) and not contains(texte, nouveau)


def orientation(
    base: Base,
    demande: Demande,
    resultat: Orientation,
    verdict: str | None = None,
    a_savoir: str | None = None,
    autres: Sequence[str] = (),
    piste: Orientation | None = None,
) -> Reponse:
    page = Page(base)
    page.raw(understood(base, demande, resultat.besoins))
    if verdict:
        page.add(verdict)
    absents = [p.service.nom for p in resultat.propositions if p.distance_km and p.rang == 1]
    if absents and demande.commune:
        page.add(f"Rien à {base.communes[demande.commune].nom} même pour : {_lower_first(absents[0])}. Le plus proche est donné.")
    if not resultat.propositions:
        if not verdict:
            page.add("La base ne contient pas de porte ouverte pour ce besoin.")
        for projet in resultat.projets[:2]:
            page.add(f"En projet dans la convention, pas encore un lieu où aller : {service_title(projet, base)}.")
    plusieurs = len(resultat.besoins) > 1
    courant = None
    total = len(resultat.propositions)
    joignables = 0
    for numero, p in enumerate(resultat.propositions, 1):
        if plusieurs and p.besoin != courant:
            courant = p.besoin
            page.add(f"{base.besoins[courant].nom} :")
        # The first door is described; the second, of three at most, by why it fits this need.
        bref = total > 2 and (numero > 2 or total > 3 and numero == 2 or (numero == 2 and p.description == p.service.description))
        joignables += proposition_line(page, numero, p, bref=bref, commune=demande.commune)
    if autres:
        page.add(f"Et aussi ({len(autres)}) : {' ; '.join(autres[:8])}{'…' if len(autres) > 8 else ''}.")
    if piste and piste.propositions:
        page.add(f"Peut-être aussi – {base.besoins[piste.besoins[0]].nom} : {' ; '.join(service_title(p.service, base) for p in piste.propositions)}.")
    if a_savoir:
        page.add(f"À savoir : {_short(a_savoir, 220)}.")
    for lieu in planned_places(base, demande, resultat)[:1]:
        page.add(f"En projet dans la convention, pas un lieu où aller : {lieu.nom[0].lower()}{lieu.nom[1:]}.")
    for projet in resultat.projets[:1]:
        if resultat.propositions and not (a_savoir and contains(a_savoir, projet.nom)):
            page.add(f"En projet dans la convention, pas un lieu où aller : {projet.nom[0].lower()}{projet.nom[1:]}.")
    for numero_national in _numbers_for(base, resultat.besoins, page)[:2]:
        page.add(number_line(numero_national, bref=True))
    if resultat.propositions:
        relais = relay_line(resultat.relais, bref=True) if resultat.relais else "Relais : la mairie ou le CCAS de la commune"
        connus = "" if joignables == total else "Autres contacts non connus. " if joignables else "Contacts non connus. "
        page.add(f"{connus}{relais}.")
    elif resultat.relais:
        page.add(relay_line(resultat.relais) + ".")
    else:
        page.add("Relais : la mairie ou le CCAS de la commune de la personne.")
    prevus = [lieu.id for lieu in planned_places(base, demande, resultat)]
    for nouveau in update_lines(base, [p.service.id for p in resultat.propositions], lieux=prevus, commune=demande.commune, limite=1):
        page.add(nouveau)
    noms = renamed(base, [p.service.id for p in resultat.propositions], [p.service.structure for p in resultat.propositions], page.text())
    for nom in noms[:1]:
        page.add(f"Nom : {nom}.")
    for contradiction in contradictions_of(base, [p.service.id for p in resultat.propositions[:3]], commune=demande.commune)[:1]:
        page.add(f"Contradiction dans le document (voir la fiche) : {_lower_first(contradiction.sujet.rstrip(' ?'))}.")
    page.add(
        source_line(base, [("service", p.service.id) for p in resultat.propositions] + ([("commune", resultat.relais.code_insee)] if resultat.relais else []))
        + "."
    )
    if resultat.question:
        page.add(resultat.question)
    for ecarte in resultat.ecartes:
        page.add(f"Écarté : {service_name(ecarte.service, base)} : {ecarte.regle}.")
    return Reponse(page.text(), (), orientation_json(base, demande, resultat))


def planned_places(base: Base, demande: Demande, resultat: Orientation) -> list[Lieu]:
    """Places that the document only plans in the commune asked for, of the kinds that the needs call for."""
    services = {r.service for b in resultat.besoins for r in base.reponses_par_besoin.get(b, [])}
    return [
        lieu
        for lieu in base.lieux.values()
        if lieu.etat in ("projet", "etude") and demande.commune and lieu.commune == demande.commune and services & set(lieu.services)
    ]


def _numbers_for(base: Base, besoins: Iterable[str], page: Page) -> list[NumeroNational]:
    """The numbers of some needs that the answer has not given yet, with a door or above."""
    voulus = set(besoins)
    return [n for n in base.numeros if voulus & set(n.besoins) and n.numero not in page.contacts]


def number_line(n: NumeroNational, bref: bool = False) -> str:
    """With its use, unless the needs just named say it."""
    details = ", ".join(x for x in (n.cout, n.horaires) if x)
    usage = "" if bref else f", {_short(n.usage, 60)}"
    return f"Numéro national : {n.numero} – {n.nom}{usage}{f' ({details})' if details else ''}."


def orientation_json(base: Base, demande: Demande, r: Orientation) -> dict[str, Any]:
    return {
        "kind": "orientation",
        "comprehension": {
            "besoins": [{"id": b, "nom": base.besoins[b].nom} for b in r.besoins],
            "ages": list(demande.ages),
            "commune": {"code_insee": demande.commune, "nom": base.communes[demande.commune].nom} if demande.commune else None,
            "faits": dict(demande.faits),
        },
        "propositions": [proposition_json(base, p, demande.commune) for p in r.propositions],
        "ecartes": [{"service": e.service.id, "nom": service_title(e.service, base), "regle": e.regle} for e in r.ecartes],
        "question": r.question,
        "relais": commune_json(r.relais) if r.relais else None,
        "urgence": [],
        "sources": sources_json(base, [("service", p.service.id) for p in r.propositions]),
    }


def proposition_json(base: Base, p: Proposition, commune: str | None = None) -> dict[str, Any]:
    return {
        "besoin": p.besoin,
        "service": p.service.id,
        "nom": service_title(p.service, base),
        "structure": base.structures[p.service.structure].nom,
        "etat": p.service.etat,
        "description": p.description,
        "pourquoi": list(p.pourquoi),
        "a_verifier": list(p.a_verifier),
        "lieux": [lieu_json(base, lieu) for lieu in p.lieux[:8]],
        "distance_km": None if p.distance_km is None else round(p.distance_km, 1),
        "contact": contact_json(base, reach(base, p.service, p.lieux[0] if len(p.lieux) == 1 and p.distance_km is not None else None, commune)),
        "source": sources_json(base, [("service", p.service.id)]),
    }


def lieu_json(base: Base, lieu: Lieu) -> dict[str, Any]:
    return {
        "id": lieu.id,
        "nom": lieu.nom,
        "type": lieu.type,
        "sous_type": lieu.sous_type,
        "adresse": lieu.adresse,
        "code_postal": lieu.code_postal,
        "commune": base.communes[lieu.commune].nom if lieu.commune else None,
        "gestionnaire": lieu.gestionnaire,
    }


def commune_json(commune: Commune) -> dict[str, Any]:
    return {
        "code_insee": commune.code_insee,
        "nom_de": _of(commune.nom),
        "nom": commune.nom,
        "adresse": commune.mairie_adresse,
        "telephone": commune.mairie_telephone,
        "courriel": commune.mairie_courriel,
        "horaires_accueil": commune.mairie_horaires,
    }


def sources_json(base: Base, tables: Iterable[tuple[str, str]]) -> list[dict[str, Any]]:
    vues: dict[tuple[str, int | None], dict[str, Any]] = {}
    for table, cle in tables:
        for p in base.provenance(table, cle):
            source = base.sources.get(p.source)
            if source:
                vues.setdefault(
                    (p.source, p.ligne), {"source": source.libelle_court, "annee": source.date[:4], "ligne": p.ligne, "citation": shown(p.citation)}
                )
    return list(vues.values())[:12]


def urgence(base: Base, genres: Sequence[str], demande: Demande, resultat: Orientation | None) -> Reponse:
    page = Page(base)
    numeros: list[NumeroNational] = []
    for genre in genres:
        for n in base.numeros:
            if genre in n.urgences and n not in numeros:
                numeros.append(n)
    tries = sorted(numeros, key=lambda n: min(_rank(base, n, g) for g in genres))
    page.contacts |= {n.numero for n in tries[:5]}
    page.raw("URGENCE – appelez : " + " · ".join(f"{n.numero} ({n.nom})" for n in tries[:5]))
    page.raw(" ".join(URGENCES[g] for g in genres[:2]) + " Restez avec la personne, à l'écart, sans promettre.")
    if resultat and resultat.propositions:
        page.add("Ensuite, sur le territoire :")
        for i, p in enumerate(resultat.propositions[:4], 1):
            proposition_line(page, i, p, bref=i > 2, commune=demande.commune)
    if resultat and resultat.relais:
        page.add(relay_line(resultat.relais) + ".")
    page.add(
        source_line(base, [("numero_national", n.id) for n in tries[:2]] + [("service", p.service.id) for p in (resultat.propositions if resultat else ())])
        + "."
    )
    donnees = orientation_json(base, demande, resultat) if resultat else {"kind": "orientation", "propositions": [], "ecartes": [], "question": None}
    donnees = {
        **donnees,
        "kind": "urgence",
        "ecartes": [],
        "question": None,
        "urgence": [{"numero": n.numero, "nom": n.nom, "usage": n.usage} for n in tries],
    }
    return Reponse(page.text(), (), donnees)


def with_doubt(base: Base, reponse: Reponse, genres: Sequence[str]) -> Reponse:
    """The same answer, opened by the numbers to call if there is a danger now: it cannot be excluded."""
    numeros = sorted((n for n in base.numeros if genres[0] in n.urgences), key=lambda n: _rank(base, n, genres[0]))[:3]
    if not numeros:
        return reponse
    ligne = "En cas de danger maintenant, d'abord : " + " · ".join(f"{n.numero} ({n.nom})" for n in numeros) + "."
    urgence = [{"numero": n.numero, "nom": n.nom, "usage": n.usage} for n in numeros]
    dits = tuple(f"Numéro national : {n.numero} – " for n in numeros)
    suite = "\n".join(x for x in reponse.texte.split("\n") if not x.startswith(dits))
    return Reponse(f"{ligne}\n{suite}", reponse.boutons, {**reponse.custom, "urgence": urgence})


def _rank(base: Base, n: NumeroNational, genre: str) -> int:
    """Order of the numbers for one kind of urgency: their order in numero_national.csv."""
    if genre not in n.urgences:
        return 99
    return [m.id for m in base.numeros if genre in m.urgences].index(n.id)


def contradictions_of(base: Base, services: Iterable[str] = (), structures: Iterable[str] = (), commune: str | None = None) -> list[Contradiction]:
    """Those that touch what an answer shows; with a commune, not those about another one."""
    services, structures = set(services), set(structures)
    trouvees = [c for c in base.contradictions if services & set(c.services) or structures & set(c.structures)]
    if not commune:
        return trouvees
    nommees = {c.id: {code for code, lieu in base.communes.items() if contains(c.sujet, lieu.nom)} for c in trouvees}
    return [c for c in trouvees if not nommees[c.id] or commune in nommees[c.id]]


def contradiction_line(c: Contradiction, limite: int = 400) -> str:
    """Both readings; cut at a clause where the answer is about something else."""
    return f"Attention, le document se contredit ({c.sujet}) : {_short(c.lecture_a, limite)} ; ailleurs, {_lower_first(_short(c.lecture_b, limite))}."


def verdict_text(service: Service, base: Base, verdicts: Sequence[Verdict], demande: Demande) -> str:
    """« Non : … » / « Oui : … » / « À vérifier : … » for one named service."""
    titre = service_title(service, base)
    rate = [v for v in verdicts if v.tenu is False]
    inconnus = [v for v in verdicts if v.tenu is None]
    tenus = [v for v in verdicts if v.tenu]
    dits = " ".join(v.texte for v in verdicts)
    precision = f" Public : {service.publics_precisions.rstrip('.')}." if service.publics_precisions and _says_more(service.publics_precisions, dits) else ""
    if service.etat != "en service":
        precision += f" Attention : {_state(service.etat)} dans la convention, à confirmer avant d'y envoyer quelqu'un."
    if rate:
        return f"Non : {titre} : {' ; '.join(v.texte for v in rate)}.{precision}"
    if tenus and not inconnus:
        return f"Oui, c'est possible : {titre} : {', '.join(v.texte for v in tenus)}.{precision}"
    if tenus:
        return f"Oui pour {', '.join(v.texte for v in tenus)} ; reste à vérifier : {', '.join(v.texte for v in inconnus)}. {titre}.{precision}"
    if inconnus:
        return f"{titre}, conditions connues : {', '.join(v.texte for v in inconnus)}.{precision}"
    return f"La base ne contient pas de condition d'accès pour {titre}.{precision}"


def eligibility(base: Base, service: Service, verdict: str, demande: Demande, ailleurs: Orientation | None) -> Reponse:
    """The verdict first; when it is no, where else to turn."""
    page = Page(base)
    page.raw(verdict)
    if ailleurs and ailleurs.propositions:
        page.add("Autres portes :")
        for i, p in enumerate((p for p in ailleurs.propositions if p.service.id != service.id), 1):
            proposition_line(page, i, p, bref=True)
    for nom in renamed(base, [service.id], [service.structure])[:1]:
        page.add(f"Nom : {nom}.")
    for contradiction in contradictions_of(base, [service.id])[:1]:
        page.add(contradiction_line(contradiction))
    if ailleurs and ailleurs.relais:
        page.add(relay_line(ailleurs.relais) + ".")
    page.add(source_line(base, [("service", service.id)] + [("critere", c.id) for c in service.criteres]) + ".")
    donnees = orientation_json(base, demande, ailleurs) if ailleurs else {"propositions": [], "sources": sources_json(base, [("service", service.id)])}
    return Reponse(page.text(), (), {**donnees, "kind": "eligibilite", "service": service.id, "verdict": verdict})


def entity(
    base: Base,
    *,
    structure: Structure | None,
    service: Service | None,
    sigle: Sigle | None,
    faits: Sequence[Fait],
    lieux: Sequence[Lieu],
    champ: str | None = None,
    commune: str | None = None,
) -> Reponse:
    """A sheet: who or what it is, the facts the base holds, its places, what is not known."""
    page = Page(base)
    premier = ""
    if sigle:
        premier = f"{sigle.sigle} = {sigle.signification}."
        page.dits.add(sigle.sigle)
        if sigle.explication and not (service or structure):
            premier += f" {sigle.explication}"
        if sigle.repare:
            premier += " (Ligne du glossaire abîmée, sens rétabli d'après le texte.)"
    sujets: list[tuple[str, str]] = []
    if sigle:
        sujets.append(("sigle", sigle.sigle))
    if service:
        sujets.append(("service", service.id))
        premier = f"{premier} {service_title(service, base)} : {_lower_first(service.description)}".strip()
        if service.etat != "en service":
            premier += f" Attention : {_state(service.etat)} dans la convention, à confirmer avant d'y envoyer quelqu'un."
    elif structure:
        sujets.append(("structure", structure.id))
        nom = f"{structure.sigle} – {structure.nom}" if structure.sigle and not contains(structure.nom, structure.sigle) and not sigle else structure.nom
        premier = f"{premier} {nom} : {_lower_first(structure.description)}".strip()
        if structure.etat != "en service":
            premier += f" Attention : {_state(structure.etat)} dans la convention."
    page.add(premier)
    contacts = contacts_of(base, structure.id if structure else service.structure if service else None, None, commune, service.id if service else None)
    dits = asked(base, champ or "", contacts)
    if dits:
        page.lignes.insert(0, f"{(service.nom if service else structure.nom if structure else '')} : {dits[0]}.")
    elif champ and champ in CHAMPS_DITS and champ not in ("adresse", "gestionnaire"):
        page.lignes.insert(0, f"La base ne contient pas {CHAMPS_DITS[champ]} de {(service.nom if service else structure.nom if structure else 'cela')}.")
    if service and service.criteres:
        page.add("Conditions : " + ", ".join(c.texte for c in service.criteres) + ".")
    if service and service.publics_precisions and not contains(premier, service.publics_precisions):
        page.add(f"Public : {service.publics_precisions.rstrip('.')}.")
    if service and service.frais:
        page.add(f"Coût : {service.frais}{f', {service.frais_precisions}' if service.frais_precisions else ''}.")
    if service and service.zone_eligibilite:
        noms = [base.communes[c].nom for c in service.zone_eligibilite]
        page.add(f"{plural(len(noms), 'commune')} : {', '.join(noms)}.")
    for fait in faits[:5]:
        page.add(f"- {fait.texte}")
        sujets.append(("fait", fait.id))
    if structure and not service:
        portes = [s for s in base.services.values() if s.structure == structure.id and s.etat == "en service"]
        if portes:
            page.add("Ce qu'elle porte : " + " ; ".join(s.nom for s in portes[:6]) + ("…" if len(portes) > 6 else "") + ".")
    if lieux:
        montres = list(lieux)[:4]
        if len(lieux) <= 4:
            for lieu in montres:
                page.add(f"Lieu : {place_line(lieu, base)}{_managed(lieu)}.")
        else:
            villes = sorted({base.communes[lieu.commune].nom for lieu in lieux if lieu.commune}, key=fold)
            page.add(f"{plural(len(lieux), 'lieu', 'lieux')} : {', '.join(villes)}. Donnez une commune pour l'adresse.")
    dit = contacts[0].telephone if dits and champ == "telephone" else None
    ici = [c for c in contacts if not c.lieu or any(c.lieu == lieu.id for lieu in lieux)]
    page.lignes += contact_lines(base, [c for c in ici if not (c.national and c.telephone == dit)], commune)
    page.lignes += update_lines(base, [service.id] if service else [], [structure.id] if structure and not service else [])
    for nom in renamed(base, [service.id] if service else [], [structure.id] if structure else [service.structure] if service else [])[:1]:
        page.add(f"Nom : {nom}.")
    cibles = contradictions_of(base, [service.id] if service else [], [structure.id] if structure and not service else [])
    for contradiction in cibles[:1]:
        page.add(contradiction_line(contradiction))
    if (service or structure) and not lieux and not champ and not contacts:
        page.add(f"Contact {INCONNU}, la mairie ou le CCAS de la commune de la personne.")
    page.add(source_line(base, sujets) + ".")
    donnees = {
        "kind": "fiche",
        "titre": sigle.sigle if sigle and not service and not structure else (service.nom if service else structure.nom if structure else ""),
        "service": service.id if service else None,
        "structure": structure.id if structure else None,
        "faits": [f.texte for f in faits],
        "lieux": [lieu_json(base, lieu) for lieu in list(lieux)[:12]],
        "sources": sources_json(base, sujets),
    }
    return Reponse(page.text(), (), donnees)


def _reached(base: Base, lieu: Lieu) -> str:
    """How to reach a place, after its name; empty when no page says it."""
    contact = next((c for c in contacts_of(base, lieu.structure, lieu.id) if c.lieu == lieu.id and (c.telephone or c.courriel)), None)
    return f". Contact : {contact_text(base, contact, lieu.adresse or '')}" if contact else ""


def _placed(base: Base, lieu: Lieu, km: float | None = None) -> str:
    joint = _reached(base, lieu)
    ligne = place_line(lieu, base, km)
    return f"{ligne.replace(', adresse non connue', '') if joint else ligne}{_managed(lieu)}{joint}"


def _state(etat: str) -> str:
    return {"projet": "en projet", "etude": "à l'étude", "experimentation": "en expérimentation"}.get(etat, etat)


def _managed(lieu: Lieu) -> str:
    return f" – gestionnaire : {lieu.gestionnaire}" if lieu.gestionnaire else ""


def places(
    base: Base, genre: str, sous_type: str | None, commune: Commune | None, ici: Sequence[Lieu], proches: Sequence[tuple[float, Lieu]], tous: Sequence[Lieu]
) -> Reponse:
    """Places of a kind: those of the commune, else the nearest, else the whole list said by communes."""
    page = Page(base)
    un, plusieurs = LIEUX[genre]
    if sous_type:
        un, plusieurs = f"{un} – {SOUS_TYPES[sous_type]}", f"{plusieurs} – {SOUS_TYPES[sous_type]}"
    montres: list[Lieu] = []
    if commune and ici:
        page.add(f"{commune.nom} : {plural(len(ici), un, plusieurs)}.")
        for lieu in ici[:8]:
            page.add(f"- {_placed(base, lieu)}.{f' {lieu.note}' if lieu.note and len(ici) <= 3 and len(lieu.note) < 140 else ''}")
            montres.append(lieu)
        if len(ici) > 8:
            page.add(f"Et {len(ici) - 8} de plus : précisez le genre ou l'âge.")
    elif commune:
        page.add(f"La base ne contient pas : {un}, à {commune.nom}.")
        if genre == "rpe":
            page.add("La convention ne dit pas quel relais couvre chaque commune. Les plus proches :")
        elif proches:
            page.add("Les plus proches :")
        for km, lieu in proches[:3]:
            page.add(f"- {_placed(base, lieu, km)}.")
            montres.append(lieu)
    else:
        villes = sorted({base.communes[lieu.commune].nom for lieu in tous if lieu.commune}, key=fold)
        if not tous:
            page.add(f"La base ne contient pas : {un}.")
        elif len(tous) <= 6:
            page.add(f"{plural(len(tous), un, plusieurs)} dans la base :")
            for lieu in tous:
                page.add(f"- {_placed(base, lieu)}.")
                montres.append(lieu)
        else:
            page.add(f"{plural(len(tous), un, plusieurs)} dans {plural(len(villes), 'commune')} : {', '.join(villes)}.")
            sans = [lieu for lieu in tous if not lieu.commune]
            if sans:
                page.add("Et : " + ", ".join(lieu.gestionnaire or lieu.nom for lieu in sans[:4]) + ".")
            page.add("Donnez une commune pour voir les noms et les adresses.")
    prevus = [
        lieu for lieu in base.lieux.values() if lieu.type == genre and lieu.etat in ("projet", "etude") and (not commune or lieu.commune == commune.code_insee)
    ]
    if prevus:
        page.add("En projet dans la convention, pas un lieu où aller : " + " ; ".join(lieu.nom for lieu in prevus[:4]) + ".")
    services = {s for lieu in (montres or list(tous))[:1] for s in lieu.services}
    page.lignes += [f"{lieu.nom}{_reached(base, lieu)}." for lieu in prevus[:4] if _reached(base, lieu)]
    page.lignes += update_lines(base, sorted(services), lieux=[lieu.id for lieu in [*prevus, *montres]], commune=commune.code_insee if commune else None)
    du_genre = [s for s in services if base.services[s].type_lieu == genre]
    for contradiction in contradictions_of(base, du_genre, commune=commune.code_insee if commune else None)[:1]:
        page.add(contradiction_line(contradiction))
    connu = all(_reached(base, lieu) for lieu in montres)
    if commune:
        page.add(f"{'' if connu and montres else 'Téléphone : non connu de la base. '}{relay_line(commune)}.")
    elif montres and not connu:
        page.add("Téléphone : non connu de la base. Relais : la mairie de la commune.")
    page.add(source_line(base, [("lieu", lieu.id) for lieu in montres[:3]]) + ".")
    donnees = {
        "kind": "annuaire",
        "genre": genre,
        "commune": commune_json(commune) if commune else None,
        "lieux": [lieu_json(base, lieu) for lieu in (montres or list(tous))[:40]],
        "total": len(ici if commune and ici else tous),
        "sources": sources_json(base, [("lieu", lieu.id) for lieu in montres[:6]]),
    }
    return Reponse(page.text(), (), donnees)


_CHAMPS_FICHE = (
    ("pilotes", "Pilotes"),
    ("echeance", "Échéance"),
    ("public", "Public"),
    ("partenaires", "Partenaires sollicités"),
    ("objectifs", "Objectifs"),
    ("modalites", "Comment"),
    ("resultats", "Résultats attendus"),
    ("indicateurs", "Indicateurs"),
)


def fiche(base: Base, f: FicheAction, champs: Sequence[str] = ()) -> Reponse:
    page = Page(base)
    page.raw(f"Fiche {f.numero} – {f.titre} : {f.resume}" if f.numero[0].isdigit() else f"Fiche {f.titre} : {f.resume}")
    ordre = [c for c, _ in _CHAMPS_FICHE if c in champs]
    ordre += [c for c in ("pilotes", "echeance", "public", "partenaires") if c not in ordre]
    if not champs:
        ordre += ["objectifs"]
    noms = dict(_CHAMPS_FICHE)
    for champ in ordre:
        valeur = getattr(f, champ)
        if not valeur:
            if champ in champs:
                page.add(f"{noms[champ]} : la base ne les contient pas pour cette fiche.")
            continue
        liste = [valeur] if isinstance(valeur, str) else list(valeur)
        if champ not in champs and champ == "partenaires" and len(", ".join(liste)) > 330:
            reste = len(liste) - 8
            liste = [*liste[:8], f"et {reste} autres"]
        page.raw(f"{noms[champ]} : {(' ; ' if champ in ('objectifs', 'modalites', 'indicateurs', 'resultats') else ', ').join(liste)}.")
    page.add(source_line(base, [("fiche_action", f.numero)]) + ".")
    donnees = {"kind": "fiche_action", "numero": f.numero, "titre": f.titre, **{c: getattr(f, c) for c, _ in _CHAMPS_FICHE}}
    return Reponse(page.text(), (), {c: list(v) if isinstance(v, tuple) else v for c, v in donnees.items()})


def fiches(base: Base, liste: Sequence[FicheAction], entete: str) -> Reponse:
    page = Page(base)
    page.add(entete)
    for f in liste[:12]:
        page.raw(f"- {f.numero} – {f.titre} ({', '.join(f.pilotes[:2])}{', ' + f.echeance if f.echeance else ''})")
    if len(liste) > 12:
        page.add(f"Et {len(liste) - 12} de plus : donnez un numéro ou un thème.")
    page.add(source_line(base, [("fiche_action", f.numero) for f in liste[:1]]) + ".")
    return Reponse(page.text(), (), {"kind": "fiches", "fiches": [f.numero for f in liste]})


def statements(base: Base, enonces: Sequence[Enonce], contradictions: Sequence[Contradiction], suite: str | None) -> Reponse:
    """Statements of the base that answer a precise question, with every reading where the document contradicts itself."""
    page = Page(base)
    for rang, enonce in enumerate(enonces):
        page.raw(enonce.texte if len(enonces) == 1 or rang == 0 else f"- {enonce.texte}")
    for c in contradictions[:1]:
        page.raw(contradiction_line(c))
    if suite:
        page.add(f"{suite.rstrip('.')}.")
    cles = [(e.table, e.cle) for e in enonces]
    page.add(source_line(base, cles) + ".")
    donnees = {
        "kind": "enonces",
        "enonces": [{"table": e.table, "id": e.cle, "texte": e.texte} for e in enonces],
        "contradictions": [{"sujet": c.sujet, "lectures": [c.lecture_a, c.lecture_b]} for c in contradictions],
        "sources": sources_json(base, cles),
    }
    return Reponse(page.text(), (), donnees)


LIEUX_D_UNE_COMMUNE = 8


def commune_sheet(base: Base, commune: Commune, champ: str | None = None) -> Reponse:
    page = Page(base)
    page.raw(f"{commune.nom} fait partie des {len(base.communes)} communes de l'agglomération.")
    page.raw(f"Mairie : {commune.mairie_adresse or 'adresse non connue'} ; téléphone : {commune.mairie_telephone or 'non connu'}.")
    if commune.mairie_courriel:
        page.raw(f"Courriel : {commune.mairie_courriel}.")
    if commune.mairie_horaires:
        page.raw(f"Horaires de la mairie : {commune.mairie_horaires}.")
    elif champ == "horaires":
        page.lignes.insert(0, f"La base ne contient pas les horaires de la mairie de {commune.nom}.")
    page.raw(
        f"Code INSEE : {commune.code_insee}. Code postal : {joined(list(commune.codes_postaux))}. Population 2020 : {_thousands(commune.population)} habitants."
    )
    origines = [("commune", commune.code_insee)]
    ici = [lieu for lieu in base.lieux.values() if lieu.commune == commune.code_insee and lieu.etat == "en service"]
    if ici and not champ:
        noms = [lieu.nom for lieu in ici[:LIEUX_D_UNE_COMMUNE]]
        reste = len(ici) - len(noms)
        page.add(f"Lieux de la base dans cette commune ({len(ici)}) : {' ; '.join(noms)}{f' ; et {reste} autres' if reste else ''}.")
        origines.append(("lieu", ici[0].id))
    page.add(source_line(base, origines) + ".")
    return Reponse(page.text(), (), {"kind": "commune", "commune": commune_json(commune), "sources": sources_json(base, origines)})


def _thousands(n: int) -> str:
    return f"{n:,}".replace(",", " ")


def outside(base: Base, hors: CommuneHors, besoins: Sequence[str]) -> Reponse:
    page = Page(base)
    page.raw(f"{hors.nom} ({hors.departement}) est hors du territoire : la base ne couvre que les {len(base.communes)} communes de l'agglomération.")
    page.add(f"Relais : la mairie ou le CCAS {_of(hors.nom)} ; la base n'a pas leur contact.")
    for n in _numbers_for(base, besoins, page)[:3]:
        page.add(number_line(n))
    page.add("Si la personne habite ou cherche dans l'agglomération, donnez sa commune : la réponse change.")
    page.add(source_line(base) + ".")
    return Reponse(page.text(), (), {"kind": "hors_territoire", "commune": hors.nom})


def known_contact(base: Base, sujet: str, champ: str, contacts: Sequence[Contact], commune: Commune | None) -> Reponse | None:
    """A detail of contact that some page states, each page with how far it may be trusted; None when none does."""
    lignes = asked(base, champ, contacts)
    if not lignes:
        return None
    page = Page(base)
    page.raw(f"{sujet} : {lignes[0]}." if len(lignes) == 1 else f"{sujet} :")
    page.lignes += [f"- {ligne}." for ligne in lignes[:4]] if len(lignes) > 1 else []
    if commune:
        page.add(f"{relay_line(commune)}.")
    sources = list(dict.fromkeys(c.source for c in contacts))
    page.add("Source : " + " ; ".join(base.sources[i].libelle_court for i in sources[:3]) + ".")
    return Reponse(page.text(), (), {"kind": "contact", "champ": champ, "sujet": sujet, "contacts": [contact_json(base, c) for c in contacts[:6]]})


def unknown(base: Base, sujet: str, champ: str, lieu: Lieu | None, commune: Commune | None, connu: str | None, cles: Sequence[tuple[str, str]]) -> Reponse:
    """A detail that the base does not hold: said first, then what it does hold, then the relay."""
    page = Page(base)
    page.add(f"La base ne contient pas {CHAMPS_DITS.get(champ, 'ce détail')} : {sujet}.")
    if lieu:
        page.add(f"Ce qu'elle contient : {place_line(lieu, base)}{_managed(lieu)}.")
        if lieu.commune:
            commune = commune or base.communes[lieu.commune]
    elif connu:
        page.add(f"Ce qu'elle contient : {connu}")
    page.add(f"{relay_line(commune)}." if commune else "Relais : la mairie ou le CCAS de la commune de la personne.")
    page.add(source_line(base, cles) + ".")
    return Reponse(page.text(), (), {"kind": "inconnu", "champ": champ, "sujet": sujet})


def signs(base: Base) -> Reponse:
    """Every sign the base holds, for whoever asks for the grid."""
    page = Page(base)
    page.raw("Signes qui peuvent faire penser à l'illettrisme. Un seul ne prouve rien.")
    for genre, titre in (("signe", "Signes"), ("evitement", "Stratégies d'évitement"), ("posture", "Comment en parler")):
        page.lignes += [f"{titre} :", *(f"- {r.texte}" for r in base.reperages if r.genre == genre)]
    page.add(source_line(base, [("reperage", r.id) for r in base.reperages if r.genre in ("signe", "evitement")]) + ".")
    return Reponse(page.text(), (), {"kind": "signes", "sources": sources_json(base, [("reperage", r.id) for r in base.reperages])})


def spotting(base: Base, resultat: Orientation, demande: Demande, signes: Sequence[str]) -> Reponse:
    """Help to spot illettrisme: the word, the signs nearest to what was seen, how to speak of it, then the doors."""
    page = Page(base)
    page.raw("Cela peut être un signe d'illettrisme : une personne allée à l'école qui lit ou écrit mal, et qui évite de le montrer.")
    page.raw("Signes et stratégies d'évitement proches : " + " ; ".join(_lower_first(t).rstrip(".") for t in signes) + ".")
    postures = [r.texte for r in base.reperages if r.genre == "posture"][:2]
    page.raw("Comment en parler : " + " ; ".join(_lower_first(t).rstrip(".") for t in postures) + ".")
    page.raw("Tous les signes : écrivez « grille d'indices ».")
    for i, p in enumerate(resultat.propositions[:4], 1):
        proposition_line(page, i, p, bref=True, commune=demande.commune)
    for n in _numbers_for(base, ["illettrisme/reperage"], page)[:1]:
        page.add(number_line(n, bref=True))
    if resultat.relais:
        page.add(relay_line(resultat.relais) + ".")
    page.add(source_line(base, [("service", p.service.id) for p in resultat.propositions[:1]]) + ".")
    return Reponse(page.text(), (), {**orientation_json(base, demande, resultat), "kind": "reperage"})


def clarify(base: Base, besoins: Sequence[str], demande: Demande) -> Reponse:
    page = Page(base)
    page.add("Je ne suis pas sûr d'avoir compris. De quoi la personne a-t-elle besoin ?")
    boutons = tuple(base.besoins[b].nom for b in besoins[:4])
    for b in besoins[:4]:
        page.add(f"- {base.besoins[b].nom} : {_lower_first(base.besoins[b].description)}")
    if demande.commune:
        page.add(relay_line(base.communes[demande.commune]) + ".")
    return Reponse(page.text(), boutons, {"kind": "clarification", "besoins": list(besoins[:4])})


def only_commune(base: Base, commune: Commune) -> Reponse:
    page = Page(base)
    page.raw(f"{commune.nom} : que cherche la personne ? Dites le besoin, et son âge si vous le savez (« logement 19 ans », « crèche », « illettrisme »).")
    page.raw(relay_line(commune) + ".")
    return Reponse(page.text(), (), {"kind": "clarification", "commune": commune_json(commune)})


def found(base: Base, trouvailles: Sequence[tuple[str, str, str]]) -> Reponse:
    """What the base contains near the words typed: never shown as a decision."""
    page = Page(base)
    page.raw("Je ne suis pas sûr de la demande. Voici ce que la base contient de proche, sans conseil :")
    for _, _, titre in trouvailles[:5]:
        page.add(f"- {titre}")
    page.raw("Redites le besoin avec d'autres mots, ou voyez la mairie ou le CCAS de la commune de la personne.")
    page.add(source_line(base) + ".")
    return Reponse(page.text(), (), {"kind": "recherche", "resultats": [{"table": t, "id": c, "titre": x} for t, c, x in trouvailles]})


def simple(texte: str, kind: str, boutons: tuple[str, ...] = ()) -> Reponse:
    return Reponse(texte, boutons, {"kind": kind})
