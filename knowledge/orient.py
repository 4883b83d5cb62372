"""Decide: from a typed request and the base to ranked propositions. Pure: same input, same output, same order.

An unknown criterion never excludes: it becomes « à vérifier ». A criterion that fails excludes and says why.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from knowledge.base import Base, Commune, Critere, Lieu, Reponse, Service

MAX_PROPOSITIONS = 5
MAX_D_UN_BESOIN = 4  # the fifth door of a single need is the one that judges found weakest (docs/jugement.md)
MAX_ECARTES = 2
# Complements fill a short list up to here, a longer one does without them; of several needs, each has the second figure.
MIN_PROPOSITIONS = 3
MIN_PAR_BESOIN = 2
VOISINAGE_KM = 12.0
SECOND_LIEU_KM = 2.0  # a second place is given only when it is hardly farther than the first
AGE_DU_JEUNE = 16  # from here the document speaks to the young themselves: housing, service civique, baby-sitting
AGE_DES_JEUNES = 30
AGE_DES_SENIORS = 60

# A fact that another one denies, when nothing else was said of it: a wage is a resource, a home of one's own is a roof.
DEMENTIS = {
    "sans_ressource": ("salarie", "apprenti"),
    "sans_abri": ("locataire", "proprietaire"),
}
# A fact that another one makes unlikely without denying it (« le proprio » names a landlord, or the person): the door comes last.
IMPROBABLES = {"proprietaire": "locataire"}

QUESTIONS = {
    "age": "Quel âge a la personne ?",
    "commune": "Dans quelle commune habite la personne ?",
    "sans_abri": "La personne est-elle sans abri ?",
    "sans_ressource": "La personne est-elle sans ressource ?",
    "proprietaire": "La personne est-elle propriétaire de son logement ?",
    "locataire": "La personne est-elle locataire ?",
    "handicap": "La personne est-elle en situation de handicap ?",
    "sortant_ase": "La personne sort-elle de l'aide sociale à l'enfance ?",
}
# Questions of a need that a fact answers by yes or no, beside those above.
QUESTIONS_DE_BESOIN = {"La personne touche-t-elle une aide au logement de la CAF ?": "allocataire_caf"}


@dataclass(frozen=True)
class Demande:
    """What is known of the person and what they need.

    ``ages`` in years, oldest first as said; ``faits`` maps a fact of ``schema.FAITS`` to True (said) or False (denied).
    """

    besoins: tuple[str, ...]
    commune: str | None = None
    ages: tuple[float, ...] = ()
    faits: Mapping[str, bool] = field(default_factory=dict)

    def age_for(self, base: Base, besoin: str) -> float | None:
        """The age that this need speaks of: one inside the bounds of the need, else the only one said."""
        borne = base.besoins[besoin]
        dedans = [age for age in self.ages if _within(age, borne.age_min, borne.age_max)]
        if dedans:
            return dedans[0]
        if len(self.ages) != 1:
            return None
        [age] = self.ages
        autre = base.besoins.get(borne.autre_age or "")
        # A child's age says nothing of a need that only adults have, under either of its names.
        adulte = (borne.age_min or 0) >= 16 and (autre is None or (autre.age_min or 0) >= 16)
        return age if age >= 16 or (autre and not adulte) else None

    def said(self, fait: str | None) -> bool | None:
        """Whether a fact is said, denied (in words, or by another fact), or unknown."""
        dit = self.faits.get(fait or "")
        if dit is None and any(self.faits.get(autre) for autre in DEMENTIS.get(fait or "", ())):
            return False
        return dit

    @property
    def age_enfant(self) -> float | None:
        return min((age for age in self.ages if age < 18), default=None)


@dataclass(frozen=True)
class Verdict:
    """The outcome of one criterion: True met, False failed, None unknown."""

    critere: Critere
    tenu: bool | None
    texte: str
    exception: bool = False  # the age fails, and only an exception nobody spoke of could save it


@dataclass(frozen=True)
class Proposition:
    besoin: str
    service: Service
    rang: int
    lieux: tuple[Lieu, ...]
    pourquoi: tuple[str, ...]
    a_verifier: tuple[str, ...]
    distance_km: float | None  # of the nearest place, None when no place or no commune known
    description: str


@dataclass(frozen=True)
class Ecarte:
    besoin: str
    service: Service
    regle: str


@dataclass(frozen=True)
class Orientation:
    besoins: tuple[str, ...]
    propositions: tuple[Proposition, ...]
    ecartes: tuple[Ecarte, ...]
    projets: tuple[Service, ...]
    question: str | None
    relais: Commune | None
    reste: int  # doors beyond those shown


def orient(demande: Demande, base: Base, limite: int | None = None) -> Orientation:
    """Rank what the base can offer for a request."""
    besoins = _settled_needs(demande, base)
    limite = limite or (MAX_PROPOSITIONS if len(besoins) > 1 else MAX_D_UN_BESOIN)
    par_besoin: list[list[Proposition]] = []
    ecartes: list[Ecarte] = []
    projets: list[Service] = []
    for besoin in besoins:
        propositions: list[Proposition] = []
        for reponse in base.candidats.of(besoin, demande.commune, {ecarte.service.id for ecarte in ecartes}):
            service = base.services[reponse.service]
            if service.etat in ("projet", "etude"):
                if reponse.rang <= 2:
                    projets.append(service)
                continue
            verdicts = judge(service, demande, base, besoin)
            age = demande.age_for(base, besoin)
            if service.publics == ("jeunes",) and not service.criteres and age is not None and age >= AGE_DES_JEUNES + 1:
                # The document says « jeunes » and no age; thirty is the highest age it states for a service to the young.
                ecartes.append(Ecarte(besoin, service, f"pour les jeunes (âge limite non dit), la personne a {spoken_age(age)}"))
                continue
            rate = next((verdict for verdict in verdicts if verdict.tenu is False), None)
            if rate:
                ecartes.append(Ecarte(besoin, service, rate.texte))
                continue
            propositions += _propose(reponse, service, verdicts, demande, base)
        propositions.sort(key=lambda p: (*_order(p, demande, base), not _reachable(base, p)))
        # One visit: a place is given for the first of its services.
        portes: dict[str, Proposition] = {}
        for proposition in propositions:
            portes.setdefault(door(proposition), proposition)
        par_besoin.append(list(portes.values()))
    convenables = {proposition.service.id for liste in par_besoin for proposition in liste}
    ecartes += _age_ecartes(demande, besoins, base, {ecarte.service.id for ecarte in ecartes})
    minimum = MIN_PROPOSITIONS if len(par_besoin) == 1 else MIN_PAR_BESOIN
    retenues = [_without_complements(liste, demande, minimum) for liste in par_besoin]
    # Asked for more than five (« autre chose »), everything is given; else what is kept back is counted in ``reste``.
    ranges = _share(retenues if limite <= MAX_PROPOSITIONS else par_besoin, limite)
    uniques = {ecarte.service.id: ecarte for ecarte in ecartes if ecarte.service.id not in convenables}
    return Orientation(
        besoins=tuple(besoins),
        propositions=tuple(ranges),
        ecartes=tuple(list(uniques.values())[:MAX_ECARTES]),
        projets=tuple(dict.fromkeys(projets)),
        question=best_question(demande, besoins, base, [p for liste in retenues for p in liste]),
        relais=base.communes.get(demande.commune) if demande.commune else None,
        reste=len({door(p) for liste in par_besoin for p in liste} - {door(p) for p in ranges}),
    )


def _settled_needs(demande: Demande, base: Base) -> list[str]:
    """The needs as the age makes them: a first home asked for at 45 becomes a search for a home."""
    besoins: list[str] = []
    for nom in demande.besoins:
        besoin = base.besoins[nom]
        age = demande.age_for(base, nom)
        autre = base.besoins.get(besoin.autre_age or "")
        moved = age is not None and autre and not _within(age, besoin.age_min, besoin.age_max) and _within(age, autre.age_min, autre.age_max)
        besoins.append(autre.id if moved and autre else nom)
    return list(dict.fromkeys(besoins))


def judge(service: Service, demande: Demande, base: Base, besoin: str | None = None) -> list[Verdict]:
    """Each criterion of a service against what is known; territory included when the base lists communes."""
    verdicts = _one_of_each_group([_judge_one(critere, demande, base, besoin) for critere in service.criteres])
    if service.zone_eligibilite and demande.commune:
        commune = base.communes[demande.commune].nom
        dedans = demande.commune in service.zone_eligibilite
        autres = f"la liste des {len(service.zone_eligibilite)} communes" if len(service.zone_eligibilite) > 1 else "la zone"
        texte = f"{commune} en fait partie" if dedans else f"{commune} n'est pas dans {autres}"
        zone = Critere(f"{service.id}-zone", service.id, "zone", None, None, None, None, None, None, texte)
        verdicts.append(Verdict(zone, dedans, texte))
    return verdicts


def _one_of_each_group(verdicts: list[Verdict]) -> list[Verdict]:
    """Rules of a group stand for one, held when any of them is."""
    groupes: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        groupes.setdefault(verdict.critere.groupe or verdict.critere.id, []).append(verdict)
    return [next((v for v in siens if v.tenu), None) or _joined([v for v in siens if v.tenu is None] or siens) for siens in groupes.values()]


def _joined(verdicts: list[Verdict]) -> Verdict:
    """« moins de 30 ans, ou plus de 60 ans, la personne a 58 ans »."""
    if len(verdicts) == 1:
        return verdicts[0]
    dernier = verdicts[-1]
    textes = [v.critere.texte for v in verdicts[:-1]]
    return Verdict(dernier.critere, dernier.tenu, ", ou ".join([*textes, dernier.texte]))


def _judge_one(critere: Critere, demande: Demande, base: Base, besoin: str | None) -> Verdict:
    if critere.genre == "fait":
        dit = demande.said(critere.fait)
        return Verdict(critere, dit, critere.texte if dit is not False else f"{critere.texte} : ce n'est pas le cas")
    if critere.age_de == "enfant":
        age = demande.age_enfant
    elif besoin:
        age = demande.age_for(base, besoin)
    else:
        age = demande.ages[0] if demande.ages else None
    if age is None:
        # An exception that holds at any age (« enceinte ») needs no age.
        a_tout_age = critere.exception_fait is not None and _within(99, critere.age_min, critere.exception_age_max)
        return Verdict(critere, True if a_tout_age and demande.said(critere.exception_fait) else None, critere.texte)
    tenu: bool | None = _within(age, critere.age_min, critere.age_max)
    exception = not tenu and critere.exception_fait is not None and _within(age, critere.age_min, critere.exception_age_max)
    if exception:
        tenu = demande.said(critere.exception_fait)
    qui = "l'enfant" if critere.age_de == "enfant" else "la personne"
    texte = f"{critere.texte}, {qui} a {spoken_age(age)}" if tenu is False else critere.texte
    return Verdict(critere, tenu, texte, exception and tenu is None)


def _within(age: float, age_min: float | None, age_max: float | None) -> bool:
    """Both bounds in whole years: 25 lasts until the day of 26."""
    return (age_min or 0) <= age < (age_max if age_max is not None else 150) + 1


def spoken_age(age: float) -> str:
    """« 19 ans », « 8 mois »."""
    if age < 2 and age != int(age):
        return f"{round(age * 12)} mois"
    return f"{int(age)} an{'s' if age >= 2 else ''}"


def _propose(reponse: Reponse, service: Service, verdicts: list[Verdict], demande: Demande, base: Base) -> list[Proposition]:
    """The propositions of one service: its places when it has some near, else the service itself."""
    pourquoi = tuple(verdict.texte for verdict in verdicts if verdict.tenu)
    a_verifier = tuple(verdict.texte for verdict in verdicts if verdict.tenu is None)
    lieux = [lieu for lieu in base.lieux_par_service.get(service.id, []) if lieu.etat == "en service"]
    # What stands only by an exception nobody spoke of, or by an unlikely fact, comes after every complement.
    rang = 4 if any(verdict.exception or _unlikely(verdict, demande) for verdict in verdicts) else reponse.rang

    def proposition(choisis: list[Lieu], km: float | None) -> Proposition:
        return Proposition(reponse.besoin, service, rang, tuple(choisis), pourquoi, a_verifier, km, reponse.pourquoi or service.description)

    if not lieux or not demande.commune:
        return [proposition(lieux, None)]
    ici = [lieu for lieu in lieux if lieu.commune == demande.commune]
    if ici:
        return [proposition([lieu], 0.0) for lieu in ici]
    situes = sorted(((base.distance(demande.commune, lieu.commune), lieu.nom, lieu) for lieu in lieux if lieu.commune), key=lambda t: (t[0], t[1]))
    if not situes:
        return [proposition(lieux, None)]
    portee = min(max(VOISINAGE_KM, situes[0][0]), situes[0][0] + SECOND_LIEU_KM) if reponse.rang == 1 else situes[0][0]
    proches = [t for t in situes if t[0] <= portee + 0.1][: 2 if reponse.rang == 1 else 1]
    return [proposition([lieu], km) for km, _, lieu in proches]


def _unlikely(verdict: Verdict, demande: Demande) -> bool:
    return verdict.tenu is None and bool(demande.said(IMPROBABLES.get(verdict.critere.fait or "")))


def _order(proposition: Proposition, demande: Demande, base: Base) -> tuple[float, float, int]:
    """First doors first; a special door whose rules are all proved goes up, one that must be verified goes down."""
    service = proposition.service
    score = float(proposition.rang) + _public_fit(service, demande, base, proposition.besoin)
    faits = [critere for critere in service.criteres if critere.genre == "fait"]
    prouves = [critere for critere in faits if demande.said(critere.fait)]
    ages = [critere.texte for critere in service.criteres if critere.genre == "age"]
    if faits and len(prouves) == len(faits):
        score -= 0.6
    elif prouves and not set(ages) & set(proposition.a_verifier):
        score -= 0.3
    elif faits:
        score += 0.2
    if set(ages) & set(proposition.pourquoi):
        score -= 0.3
    if proposition.distance_km == 0:
        score -= 0.4
    elif proposition.distance_km is not None and proposition.distance_km > VOISINAGE_KM:
        score += 0.5
    return (score, proposition.distance_km or 0.0, len(proposition.a_verifier))


def door(proposition: Proposition) -> str:
    """What one goes to: the place nearest, whichever of its services is meant, else the service."""
    return proposition.lieux[0].id if proposition.distance_km is not None and proposition.lieux else proposition.service.id


def _reachable(base: Base, proposition: Proposition) -> bool:
    """Whether the base holds a telephone for it: of equal doors, one that answers comes first."""
    service, lieux = proposition.service, {lieu.id for lieu in proposition.lieux}
    return any(
        c.telephone and c.service in (None, service.id) and (not c.lieu or not lieux or c.lieu in lieux)
        for c in base.contacts_par_structure.get(service.structure, ())
    )


def _proved_by_facts(service: Service, demande: Demande) -> bool:
    faits = [critere for critere in service.criteres if critere.genre == "fait"]
    return bool(faits) and all(demande.said(critere.fait) for critere in faits)


def _public_fit(service: Service, demande: Demande, base: Base, nom: str) -> float:
    """A service to the young only, or to the old only, without a stated age: up for one known to be so, else down."""
    if service.criteres or service.publics not in (("jeunes",), ("seniors",)):
        return 0.0
    besoin, age = base.besoins[nom], demande.age_for(base, nom)
    if service.publics == ("jeunes",):  # the too old are already set aside
        if age is not None and age < AGE_DU_JEUNE:
            return 0.4
        sur = age is not None or (besoin.age_max or 150) <= AGE_DES_JEUNES
    else:
        sur = max(age or 0, besoin.age_min or 0) >= AGE_DES_SENIORS or demande.said("retraite") is True
    return -0.3 if sur else 0.2


def _without_complements(propositions: list[Proposition], demande: Demande, minimum: int) -> list[Proposition]:
    """The doors of a need, best first: complements (rank 3) only fill a short list, unless the person's situation calls for one."""
    portes = [p for p in propositions if p.rang <= 2 or _proved_by_facts(p.service, demande)]
    if len(portes) >= minimum:
        return portes
    ajoutes = [p for p in propositions if p not in portes][: minimum - len(portes)]
    return [p for p in propositions if p in portes or p in ajoutes]


def _share(par_besoin: list[list[Proposition]], limite: int) -> list[Proposition]:
    """Give each need its share of the places, in the order of the needs; one service keeps at most three places when others wait."""
    if not par_besoin:
        return []
    quotas = _quotas([len(liste) for liste in par_besoin], limite)
    choisis: list[Proposition] = []
    for liste, quota in zip(par_besoin, quotas, strict=True):
        ailleurs = {p.service.id for p in choisis}
        reste = [p for p in liste if p.service.id not in ailleurs]
        pris: list[Proposition] = []
        reserve: list[Proposition] = []
        compte: dict[str, int] = {}
        services = len({p.service.id for p in reste})
        plafond = quota if services == 1 else max(1, quota - min(services - 1, 2))
        portes = {door(p) for p in choisis}
        for proposition in reste:
            if door(proposition) in portes:
                continue
            portes.add(door(proposition))
            if compte.get(proposition.service.id, 0) >= plafond:
                reserve.append(proposition)
                continue
            compte[proposition.service.id] = compte.get(proposition.service.id, 0) + 1
            pris.append(proposition)
        choisis += (pris + reserve)[:quota]
    return choisis


def _quotas(longueurs: list[int], limite: int) -> list[int]:
    quotas = [0] * len(longueurs)
    while sum(quotas) < limite and any(q < n for q, n in zip(quotas, longueurs, strict=True)):
        for i, n in enumerate(longueurs):
            if quotas[i] < n and sum(quotas) < limite:
                quotas[i] += 1
    return quotas


def _age_ecartes(demande: Demande, besoins: list[str], base: Base, deja: set[str]) -> list[Ecarte]:
    """When the age moved the need, the doors of the need first said are the ones someone could have thought of."""
    ecartes = []
    for nom in demande.besoins:
        if nom in besoins:
            continue
        for reponse in base.candidats.of(nom, demande.commune, deja):
            service = base.services[reponse.service]
            rate = next((v for v in judge(service, demande, base, nom) if v.tenu is False), None)
            if rate and service.etat == "en service":
                ecartes.append(Ecarte(nom, service, rate.texte))
    return ecartes


def question_weights(demande: Demande, base: Base, propositions: list[Proposition]) -> dict[str, float]:
    """What is not known yet (a key of ``QUESTIONS``) and how many propositions its answer would change."""
    poids: dict[str, float] = {}
    for proposition in propositions:
        for critere in proposition.service.criteres:
            if critere.genre == "age" and not demande.ages:
                poids["age"] = poids.get("age", 0) + 1
            if critere.genre == "fait" and critere.fait and demande.said(critere.fait) is None and critere.fait in QUESTIONS:
                poids[critere.fait] = poids.get(critere.fait, 0) + 0.6
        if not demande.commune and (len(proposition.lieux) > 1 or proposition.service.zone_eligibilite):
            poids["commune"] = poids.get("commune", 0) + 1
    return poids


def fact_asked(question: str) -> str | None:
    """The fact that a yes or a no to a question settles; None when the question asks for more."""
    cle = next((cle for cle, texte in QUESTIONS.items() if texte == question), QUESTIONS_DE_BESOIN.get(question))
    return None if cle in ("age", "commune") else cle


def best_question(demande: Demande, besoins: list[str], base: Base, propositions: list[Proposition]) -> str | None:
    """The question whose answer would change most propositions; None when nothing known is missing."""
    poids = question_weights(demande, base, propositions)
    if poids:
        meilleure = max(poids, key=lambda cle: (poids[cle], cle == "commune", cle))
        if meilleure == "age" and besoins and "âge" in (base.besoins[besoins[0]].question or ""):
            return base.besoins[besoins[0]].question
        return QUESTIONS[meilleure]
    for nom in besoins:
        question = base.besoins[nom].question
        logement_dit = demande.said("proprietaire") is not None or demande.said("locataire") is not None
        if not question or (demande.commune and "commune" in question) or (demande.ages and "âge" in question):
            continue
        if not (logement_dit and "propriétaire" in question):
            return question
    return None
