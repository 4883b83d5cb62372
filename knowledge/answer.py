"""Answer one message: apply the frame of the conversation, choose what kind of answer is due, decide and say it.

``Answerer.answer(compris, cadre)`` is pure over one open base: same message and frame, same answer and next frame.
"""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import replace

from knowledge import say
from knowledge.base import Base, Contradiction, Fait, Lieu, Service, Sigle, Structure
from knowledge.contacts import contacts_of
from knowledge.orient import Demande, Orientation, fact_asked, judge, orient
from knowledge.request import CHAMPS_ABSENTS, SIGNE, SUR, Cadre, Compris, Objet, Reponse
from knowledge.search import LIKELY, SURE, Search
from knowledge.statements import Enonce, key_words
from knowledge.text import contains, fold
from knowledge.yes_no import REPONSES, read_yes_no

SECOND = 0.4  # beside an understood need, another is shown from here: measured by bench/second_needs.py
PEUT_ETRE = 0.25  # and named in one line from here
TROISIEME = 0.55  # a third need takes places from the first two
POSSIBLE = 0.22  # above: the need is worth offering when the first is unsure

# Carriers named in passing (« l'agglo », « la CAF ») are not the subject when something more precise is named.
_GENERIQUES = {"cabbalr", "caf", "departement", "etat", "region", "communes-ccas", "cias", "education-nationale"}
_SIGLES_GENERAUX = ("CAF", "CCAS", "CABBALR", "CTG")
# Words of a stored fact that answer a question about a detail.
_MOTS_DU_CHAMP = {
    "tarif": r"\b(?:gratuit\w*|payant\w*|euros?|prix|cout|tarif)\b",
    "horaires": r"\b(?:\d+ ?h(?:\d\d)?|horaires?|trimestr\w+|par an|jours?)\b",
    "delai": r"\b(?:delais?|attente|longs?)\b",
    "telephone": r"\b(?:numero vert|numero)\b",
    "responsable": r"\b(?:directeur|president|referente?|interlocutrice|responsable)\b",
}
_LISTE = r"\b(?:contacts?|coordonnees|annuaire|listes?|qui contacter)\b"
_GRILLE = r"\bgrille\b|\b(?:signes?|indices?) (?:d |de l )?illettrisme\b|\bquels (?:signes?|indices?)\b"
_REFUS = {
    "vide": "Écrivez la situation ou le besoin de la personne, par exemple : « logement 19 ans Lillers ».",
    "long": "Le message dépasse 2 000 caractères. Gardez la phrase qui dit le besoin, puis renvoyez-la.",
    "illisible": "Je ne lis pas de mots dans ce message. Écrivez le besoin de la personne en quelques mots.",
    "langue": "Je ne comprends que le français. Écrivez le besoin de la personne en français, en quelques mots.",
}
_URGENCE_BESOINS = {
    "violences": ("violences/urgence", "violences/accompagnement"),
    "enfance": ("violences/enfance-danger",),
    "suicide": ("sante/mentale",),
    "rue": ("logement/hebergement-urgence",),
}


class Answerer:
    """Answers over one open base."""

    def __init__(self, base: Base, recherche: Search) -> None:
        self.base = base
        self.recherche = recherche

    def answer(self, compris: Compris, cadre: Cadre) -> tuple[Reponse, Cadre]:
        compris, cadre = self._still_there(compris, cadre)
        if compris.refus:
            return say.simple(_REFUS[compris.refus], "refus"), cadre
        if compris.acte == "nouvelle_personne" and not _has_topic(compris):
            return say.simple("Tout est effacé. Que cherche la nouvelle personne ?", "nouvelle_personne"), Cadre()
        if compris.nouveau:
            cadre = Cadre()
        if compris.urgences:
            return self._urgent(compris, cadre)
        dit = read_yes_no(compris.texte)
        if dit and (cadre.question or dit != REPONSES[2]):
            return self._answered(dit, compris, cadre)
        if compris.acte in ("salutation", "remerciement", "aide") and not _has_topic(compris):
            return self._social(compris), cadre
        compris, cadre = self._framed(compris, cadre)
        reponse, objets = self._dispatch(compris, cadre)
        if compris.doutes:
            reponse = say.with_doubt(self.base, reponse, compris.doutes)
        return self._asking(reponse, replace(cadre, acte=compris.acte, objets=tuple(objets) or cadre.objets))

    def _still_there(self, compris: Compris, cadre: Cadre) -> tuple[Compris, Cadre]:
        """Without the rows that the base no longer has: a conversation may be older than the base."""
        base = self.base
        tables: dict[str, Container[str]] = {"service": base.services, "structure": base.structures, "lieu": base.lieux, "fiche": base.fiches}
        compris = replace(
            compris,
            besoins=tuple(b for b in compris.besoins if b.id in base.besoins),
            commune=compris.commune if compris.commune in base.communes else None,
            objets=tuple(o for o in compris.objets if o.cible in tables.get(o.genre, (o.cible,))),
        )
        cadre = replace(
            cadre,
            besoins=tuple(b for b in cadre.besoins if b in base.besoins),
            commune=cadre.commune if cadre.commune in base.communes else None,
            objets=tuple((genre, cible) for genre, cible in cadre.objets if cible in tables.get(genre, (cible,))),
        )
        return compris, cadre

    # ---- the question asked

    def _asking(self, reponse: Reponse, cadre: Cadre) -> tuple[Reponse, Cadre]:
        """The frame remembers the question that an answer asks; one that a yes or a no settles has buttons."""
        question = reponse.custom.get("question")
        posee = question if question and question in reponse.texte.split("\n") else None
        if posee and fact_asked(posee) and not reponse.boutons:
            reponse = replace(reponse, boutons=REPONSES)
        return reponse, replace(cadre, question=posee)

    def _answered(self, dit: str, compris: Compris, cadre: Cadre) -> tuple[Reponse, Cadre]:
        """A bare yes or no sets the fact asked and asks anew; with nothing to settle, it is said so and the frame is kept."""
        fait = fact_asked(cadre.question) if cadre.question else None
        if dit == REPONSES[2]:
            return say.simple("D'accord : cela reste à vérifier. Les propositions ci-dessus tiennent.", "suivi"), replace(cadre, question=None)
        if not fait:
            rappel = cadre.question or "Dites le besoin de la personne, son âge, sa commune."
            return say.simple(f"« {dit} » ne me suffit pas. {rappel}", "incompris"), cadre
        faits = _with_contraries({**cadre.faits, fait: dit == REPONSES[0]}, {fait: dit == REPONSES[0]})
        suivant = replace(cadre, faits=faits, acte="orienter")
        reponse, objets = self._orientation(replace(compris, acte="orienter", besoins=()), suivant)
        return self._asking(reponse, replace(suivant, objets=tuple(objets) or cadre.objets))

    # ---- the frame

    def _framed(self, compris: Compris, cadre: Cadre) -> tuple[Compris, Cadre]:
        """The message completed by what was said before, and the frame completed by the message."""
        sujet = _has_topic(compris) and not self._asks_of_last(compris, cadre)
        leger = not sujet and (cadre.besoins or cadre.objets)
        besoins = self._needs(compris)
        if leger:
            compris = replace(compris, suite=True, acte=self._resumed_act(compris, cadre))
        repris = compris.suite or compris.ajout or compris.correction
        meme_personne = repris or not (compris.ages and cadre.ages)
        if compris.ajout and besoins:
            retenus = tuple(besoins[:2])
        elif besoins and not leger:
            retenus = tuple(besoins)
        else:
            retenus = cadre.besoins
        faits = _with_contraries({**(cadre.faits if meme_personne and (repris or not besoins) else {}), **compris.faits}, compris.faits)
        # « une personne de 40 ans » after « un jeune de 19 ans » is someone else; a mere follow-up is not.
        ages = compris.ages or (cadre.ages if meme_personne else ())
        hors = compris.hors or (None if compris.commune else cadre.hors if repris or not sujet else None)
        nouveau = Cadre(
            besoins=retenus,
            commune=compris.commune or (None if compris.hors else cadre.commune),
            hors=hors,
            ages=ages,
            faits=faits,
            objets=cadre.objets,
            acte=cadre.acte,
        )
        if leger and not compris.objets and compris.acte != "orienter":
            autres = [(g, c) for g, c in cadre.objets if not (compris.commune and g == "lieu" and self.base.lieux[c].commune != compris.commune)]
            compris = replace(compris, objets=tuple(Objet(genre, cible) for genre, cible in autres[:3]))
        return compris, nouveau

    def _asks_of_last(self, compris: Compris, cadre: Cadre) -> bool:
        """A short question with no subject of its own is about what was shown last: « testé avec quelles structures ? »."""
        return bool(
            cadre.objets
            and not compris.objets
            and not compris.urgences
            and len(fold(compris.texte).split()) <= 8
            and (_asks(compris.texte) or compris.champ)
            and not self._changes_subject(compris, cadre)
            and compris.acte not in ("commune", "fiche_action")
        )

    def _changes_subject(self, compris: Compris, cadre: Cadre) -> bool:
        """A need sure enough, less so when it is of another theme than what was asked before."""
        if not compris.besoins:
            return False
        premier = compris.besoins[0]
        autre_theme = bool(cadre.besoins) and self.base.besoins[premier.id].theme != self.base.besoins[cadre.besoins[0]].theme
        return premier.score >= (SUR if autre_theme and not _asks_which(compris.texte) else 0.75)

    def _resumed_act(self, compris: Compris, cadre: Cadre) -> str:
        """The kind of answer that a bare follow-up asks for."""
        if compris.champ:
            return "annuaire" if compris.champ in ("adresse", "gestionnaire", "liste") else "precision" if compris.champ in CHAMPS_ABSENTS else "fiche_action"
        genres = {genre for genre, _ in cadre.objets}
        if compris.commune and "type_lieu" in genres and not cadre.besoins:
            return "annuaire"
        if compris.acte == "eligibilite" and genres & {"service"}:
            return "eligibilite"
        if cadre.acte == "eligibilite" and genres & {"service"} and (compris.ages or compris.faits or compris.commune):
            return "eligibilite"
        if cadre.acte in ("annuaire", "sigle") and "type_lieu" in genres and compris.commune:
            return "annuaire"
        if cadre.besoins:
            return "orienter"
        return cadre.acte or compris.acte

    def _needs(self, compris: Compris) -> list[str]:
        """Needs sure enough to be acted on, best first."""
        if not compris.besoins:
            return []
        if compris.faits.get("professionnel"):
            siens = [b.id for b in compris.besoins if b.id.startswith("professionnel/") and b.score >= POSSIBLE]
            if siens:
                return siens[:2]
        premier = compris.besoins[0].score
        seuil = SECOND if premier >= SUR else max(POSSIBLE, 0.7 * premier)
        retenus = [b.id for rang, b in enumerate(compris.besoins) if b.score >= (seuil if rang < 2 else max(seuil, TROISIEME))][: 3 if premier >= SUR else 2]
        # People hide that they cannot read: a likely sign of it is shown beside the need that was said (fiche 4.1.2).
        cache = any(b.score >= SIGNE and b.id.startswith("illettrisme/") for b in compris.besoins)
        if cache and not any(b.startswith("illettrisme/") for b in retenus):
            retenus = [*retenus[:2], "illettrisme/adulte"]
        return ["illettrisme/adulte" if b == "illettrisme/reperage" and rang else b for rang, b in enumerate(retenus)]

    # ---- the kinds of answer

    def _dispatch(self, compris: Compris, cadre: Cadre) -> tuple[Reponse, list[tuple[str, str]]]:
        base = self.base
        if cadre.hors and not compris.commune and compris.acte in ("orienter", "annuaire", "commune", "precision", "suivi", "eligibilite"):
            hors = next(c for c in base.communes_hors if c.code_insee == cadre.hors)
            return say.outside(base, hors, cadre.besoins), []
        fiche = self._fiche(compris)
        if fiche:
            return fiche
        if compris.acte == "commune" and cadre.commune:
            return say.commune_sheet(base, base.communes[cadre.commune], compris.champ), []
        for essai in (self._followed, self._by_street, self._eligibility, self._detail, self._figure, self._covered, self._places, self._subject, self._entity):
            resultat = essai(compris, cadre)
            if resultat:
                return resultat
        direct = self._direct(compris)
        if direct:
            return direct
        if compris.acte == "hors_sujet" and not self._needs(compris):
            return say.simple(
                "La base ne contient pas cela : je ne connais que les services et les chiffres de la convention de l'agglomération. Dites le besoin de la personne, ou voyez sa mairie.",
                "hors_sujet",
            ), []
        if cadre.besoins and (compris.besoins or compris.suite):
            return self._orientation(compris, cadre)
        return self._last_resort(compris, cadre)

    def _urgent(self, compris: Compris, cadre: Cadre) -> tuple[Reponse, Cadre]:
        besoins = [b for genre in compris.urgences for b in _URGENCE_BESOINS.get(genre, ())]
        nouveau = Cadre(
            besoins=tuple(besoins), commune=compris.commune or cadre.commune, ages=compris.ages or cadre.ages, faits=dict(compris.faits), acte="orienter"
        )
        demande = self._demande(nouveau)
        if "rue" in compris.urgences:
            demande = replace(demande, faits={**demande.faits, "sans_abri": True})
        resultat = orient(demande, self.base) if besoins else None
        return say.urgence(self.base, compris.urgences, demande, resultat), nouveau

    def _social(self, compris: Compris) -> Reponse:
        if compris.acte == "salutation":
            return say.simple(
                "Bonjour. Dites la situation de la personne (besoin, âge, commune) : « logement 19 ans Lillers », « ne sait pas lire, Bruay », « crèche à Beuvry ».",
                "salutation",
            )
        if compris.acte == "remerciement":
            return say.simple("Avec plaisir. « Nouvelle personne » efface tout avant la suite.", "remerciement")
        return say.simple(
            "Tapez ce que vous entendez, en mots simples : besoin, âge, commune. Je réponds qui peut aider, pourquoi, où, et ce qui reste à vérifier.\n"
            "Je connais aussi : un sigle (« CLLAJ ? »), un lieu (« crèches à Bruay »), une fiche (« qui pilote la 4.1.3 »), un chiffre (« combien d'allocataires RSA »), "
            "une condition (« 27 ans, ENVAUL possible ? »), une mairie (« téléphone mairie de Lillers »).\n"
            "« Nouvelle personne » efface tout. N'écrivez ni nom, ni téléphone, ni numéro de sécurité sociale.",
            "aide",
        )

    def _demande(self, cadre: Cadre) -> Demande:
        return Demande(cadre.besoins, cadre.commune, cadre.ages, cadre.faits)

    def _orientation(self, compris: Compris, cadre: Cadre) -> tuple[Reponse, list[tuple[str, str]]]:
        demande = self._demande(cadre)
        resultat = orient(demande, self.base)
        if re.search(_GRILLE, fold(compris.texte)) and cadre.besoins and cadre.besoins[0].startswith("illettrisme/"):
            return say.signs(self.base), _shown(resultat)
        if cadre.besoins and cadre.besoins[0] == "illettrisme/reperage" and (compris.acte == "annuaire" or len(compris.texte.split()) <= 3):
            demande = replace(demande, besoins=("illettrisme/adulte",))
            resultat = orient(demande, self.base)
        elif cadre.besoins and cadre.besoins[0] == "illettrisme/reperage":
            signes = [e.texte for e, _ in self.recherche.statements(compris.texte, ("reperage",), 20) if e.champ in ("signe", "evitement")][:2]
            return say.spotting(self.base, resultat, demande, signes), _shown(resultat)
        verdict = self._zone_verdict(demande, resultat)
        liste = compris.acte == "annuaire" or bool(re.search(_LISTE, fold(compris.texte)))
        autres = self._others(demande, resultat) if liste else ()
        piste = self._perhaps(compris, demande, resultat)
        return say.orientation(self.base, demande, resultat, verdict, self._worth_knowing(compris, resultat), autres, piste), _shown(resultat)

    def _perhaps(self, compris: Compris, demande: Demande, resultat: Orientation) -> Orientation | None:
        """The doors of a need read beside the one understood, too doubtful to take their places."""
        doutes = [b.id for b in compris.besoins[1:] if PEUT_ETRE <= b.score < SECOND and b.id not in demande.besoins]
        if not doutes or compris.besoins[0].score < SUR:
            return None
        piste = orient(replace(demande, besoins=(doutes[0],)), self.base, 2)
        # Read at the person's age, it may be the very need that was shown.
        return None if set(piste.besoins) & set(resultat.besoins) else piste

    def _others(self, demande: Demande, resultat: Orientation) -> tuple[str, ...]:
        """Names of the doors beyond the five shown, when a list was asked for."""
        tous = orient(demande, self.base, 30)
        montres = {p.service.id for p in resultat.propositions}
        return tuple(dict.fromkeys(p.service.nom for p in tous.propositions if p.service.id not in montres))

    def _worth_knowing(self, compris: Compris, resultat: Orientation) -> str | None:
        """A fact that the words of a question point to, beside the doors."""
        if not _asks(compris.texte) or len(compris.texte) > 260:
            return None
        montres = {p.service.id for p in resultat.propositions}
        voisins = {r.service for b in resultat.besoins for r in self.base.reponses_par_besoin.get(b, [])}
        for enonce, score in self.recherche.statements(compris.texte, ("fait", "service", "contradiction"), 4):
            if score >= (LIKELY if enonce.service in voisins else SURE) and not (enonce.table == "service" and enonce.cle in montres):
                return enonce.texte
        return None

    def _zone_verdict(self, demande: Demande, resultat: Orientation) -> str | None:
        """For a need whose first door covers a list of communes, whether this commune is one."""
        if not demande.commune or not demande.besoins:
            return None
        for reponse in self.base.reponses_par_besoin.get(demande.besoins[0], []):
            service = self.base.services[reponse.service]
            if reponse.rang == 1 and service.zone_eligibilite and service.etat == "en service":
                zone = [v for v in judge(service, demande, self.base, demande.besoins[0]) if v.critere.genre == "zone"]
                return say.verdict_text(service, self.base, zone, demande) if zone else None
        return None

    def _fiche(self, compris: Compris) -> tuple[Reponse, list[tuple[str, str]]] | None:
        base = self.base
        numeros = [o.cible for o in compris.objets if o.genre == "fiche" and o.cible in base.fiches]
        champs = _fiche_fields(compris.texte)
        if len(numeros) == 1 or (numeros and compris.acte == "fiche_action"):
            return say.fiche(base, base.fiches[numeros[0]], champs), [("fiche", n) for n in numeros]
        if compris.acte != "fiche_action":
            return None
        plat = fold(compris.texte)
        themes = [
            t
            for t in (
                "logement",
                "jeunesse",
                "petite enfance",
                "illettrisme",
                "numerique",
                "sante",
                "violences",
                "gens du voyage",
                "mobilite",
                "parentalite",
                "handicap",
            )
            if t in plat
        ]
        if re.search(r"\b(combien|liste|quelles|toutes) .*\bfiches?\b|\bfiches? .*\b(combien|liste)\b", plat) and themes:
            theme = themes[0].replace(" ", "_")
            liste = [f for f in base.fiches.values() if f.theme == theme]
            return say.fiches(base, liste, f"{len(liste)} fiches sur ce thème dans le plan d'actions :"), []
        if re.search(r"\bcombien .*fiches?\b", plat):
            liste = list(base.fiches.values())
            return say.fiches(base, liste, f"{len(liste)} fiches dans le plan d'actions 2021-2025 :"), []
        if "fiche" not in plat and not champs:
            instance = self._instance(compris)
            if instance:
                return instance
        trouvee = self.recherche.fiche(compris.texte, [o.cible for o in compris.objets if o.genre == "service"])
        direct = self.recherche.statements(compris.texte, ("fait",), 3)
        if direct and direct[0][1] >= SURE and not champs and "fiche" not in plat and (not trouvee or direct[0][1] > trouvee[1]):
            return None
        if trouvee and trouvee[1] >= LIKELY and (champs or "fiche" in plat or trouvee[1] >= SURE):
            instance = self._instance(compris)
            if instance and not champs and "fiche" not in plat:
                return instance
            proche = [trouvee[2]] if trouvee[2] and trouvee[2] != "resume" else []
            return say.fiche(base, base.fiches[trouvee[0]], list(dict.fromkeys([*champs, *proche]))), [("fiche", trouvee[0])]
        return self._instance(compris)

    def _instance(self, compris: Compris) -> tuple[Reponse, list[tuple[str, str]]] | None:
        """Governance: a body of the convention named or meant."""
        for objet in compris.objets:
            if objet.genre == "structure" and self.base.structures[objet.cible].type == "instance":
                structure = self.base.structures[objet.cible]
                faits = self.recherche.rank_facts(compris.texte, self.base.faits_par_objet.get(("structure", structure.id), []))
                return say.entity(self.base, structure=structure, service=None, sigle=None, faits=faits, lieux=()), [("structure", structure.id)]
        return None

    def _followed(self, compris: Compris, cadre: Cadre) -> tuple[Reponse, list[tuple[str, str]]] | None:
        """A question about the thing shown last: « quelle asso est derrière ? », « c'est payant ? »."""
        if not (compris.suite and cadre.objets) or compris.nouveau or compris.ages or compris.commune or compris.faits or compris.acte == "eligibilite":
            return None
        cibles = [(g, c) for g, c in cadre.objets if g in ("service", "structure")]
        if not cibles or not (compris.champ or _asks(compris.texte)) or (len(cadre.besoins) and not compris.champ and not _asks_which(compris.texte)):
            return None
        if compris.champ == "adresse" and any(g == "lieu" for g, _ in cadre.objets):
            return None
        genre, cle = cibles[0]
        service = self.base.services.get(cle) if genre == "service" else None
        structure = self.base.structures.get(cle) if genre == "structure" else None
        if not service and not structure:
            return None
        return self._sheet(compris, service, structure, None), [cibles[0], *[o for o in cadre.objets if o != cibles[0]][:4]]

    def _covered(self, compris: Compris, cadre: Cadre) -> tuple[Reponse, list[tuple[str, str]]] | None:
        """« Quelles communes ? » of a service that lists them."""
        if not re.search(r"\bcommunes?\b|\bvilles?\b", fold(compris.texte)) or not re.search(
            r"\bliste\b|\bquelles\b|\blesquelles\b|\btoutes?\b|\bcombien\b|\bles (?:\d+ )?communes\b", fold(compris.texte)
        ):
            return None
        service = self._service(compris)
        if not service:
            for b in self._needs(compris)[:1]:
                service = next(
                    (s for r in self.base.reponses_par_besoin.get(b, []) if r.rang == 1 and (s := self.base.services[r.service]).zone_eligibilite), None
                )
        if not service or not service.zone_eligibilite:
            return None
        return self._sheet(compris, service, None, None), [("service", service.id)]

    def _eligibility(self, compris: Compris, cadre: Cadre) -> tuple[Reponse, list[tuple[str, str]]] | None:
        service = self._service(compris) or self._main_service(self._structure(compris))
        if service and not service.criteres and compris.ages:
            service = self._with_age_rule(service, compris) or service
        service = service or self._ruled_service(compris)
        if not service or compris.acte not in ("eligibilite", "orienter", "suivi"):
            return None
        zone = bool(service.zone_eligibilite and cadre.commune)
        if not service.criteres and not zone and compris.ages and compris.besoins and compris.besoins[0].score >= 0.7:
            # No rule to check: the doors of the need, some of which state an age, say more than « no rule ».
            return self._orientation(compris, cadre)
        if compris.acte != "eligibilite" and not (compris.ages or (zone and not compris.besoins)):
            return None
        if not service.criteres and not zone and compris.acte != "eligibilite":
            return None
        besoins = [r.besoin for r in self.base.reponses if r.service == service.id and r.rang <= 2]
        besoin = next((b for b in cadre.besoins if b in besoins), besoins[0] if besoins else None)
        demande = Demande((besoin,) if besoin else (), cadre.commune, compris.ages or cadre.ages, {**cadre.faits, **compris.faits})
        verdicts = judge(service, demande, self.base)
        texte = say.verdict_text(service, self.base, verdicts, demande)
        if compris.acte == "orienter" and besoin and besoin in cadre.besoins:
            # Not asked as a yes or no: the verdict comes with the doors.
            complete = self._demande(cadre)
            resultat = orient(complete, self.base)
            return say.orientation(self.base, complete, resultat, texte), [("service", service.id), *_shown(resultat)]
        if not besoin:
            return say.simple(f"{texte}\n{say.source_line(self.base, [('service', service.id)])}.", "eligibilite"), [("service", service.id)]
        refuse = any(v.tenu is False for v in verdicts)
        reponse = say.eligibility(self.base, service, texte, demande, orient(demande, self.base, 4) if refuse else None)
        return reponse, [("service", service.id)]

    def _detail(self, compris: Compris, cadre: Cadre) -> tuple[Reponse, list[tuple[str, str]]] | None:
        """A detail asked of a named thing: the stored value, or that the base does not hold it."""
        if compris.acte != "precision" or not compris.champ:
            return None
        base = self.base
        commune = base.communes.get(cadre.commune or "")
        if compris.champ in ("telephone", "horaires", "courriel", "site") and commune and re.search(r"\b(mairie|ccas|hotel de ville)\b", fold(compris.texte)):
            return say.commune_sheet(base, commune, compris.champ), []
        numero = self.recherche.national_number(compris.texte, compris.objets)
        if compris.champ == "telephone" and numero:
            texte = f"{say.number_line(numero)}\n{say.source_line(base, [('numero_national', numero.id)])}."
            return say.simple(texte, "numero_national"), []
        lieu = self._lieu(compris, cadre)
        service, structure = self._service(compris), self._structure(compris)
        if (service or structure) and compris.champ in _MOTS_DU_CHAMP:
            dits = [
                e
                for e, score in self.recherche.statements(compris.texte, ("fait", "fiche_action"), 8)
                if score >= LIKELY and e.champ in (None, "resume", "modalites") and re.search(_MOTS_DU_CHAMP[compris.champ], fold(e.texte))
            ][:2]
            proches = [
                e
                for e in dits
                if (service and e.service == service.id) or (e.table == "fiche_action" and service and service.id in base.fiches[e.cle].services)
            ]
            if proches:
                return say.statements(base, proches, [], None), [("service", service.id)] if service else []
        if service and compris.champ == "tarif" and service.frais:
            connu = f"{say.service_title(service, base)} : {service.frais}{f', {service.frais_precisions}' if service.frais_precisions else ''}."
            return say.simple(f"{connu}\n{say.source_line(base, [('service', service.id)])}.", "tarif"), [("service", service.id)]
        nomme = lieu or service or structure
        if nomme:
            porteur = lieu.structure if lieu else service.structure if service else structure.id if structure else None
            contacts = contacts_of(base, porteur, lieu.id if lieu else None, cadre.commune, service.id if service and not lieu else None)
            connue = say.known_contact(base, nomme.nom, compris.champ, contacts, commune)
            if connue:
                return connue, [("lieu" if lieu else "service" if service else "structure", nomme.id)]
        if lieu:
            return say.unknown(base, lieu.nom, compris.champ, lieu, commune, None, [("lieu", lieu.id)]), [("lieu", lieu.id)]
        genre = next((o.cible for o in compris.objets if o.genre == "type_lieu"), None)
        if genre and commune:
            ici = [lieu for lieu in self._of_kind(genre, None) if lieu.commune == commune.code_insee]
            if len(ici) == 1:
                return say.unknown(base, ici[0].nom, compris.champ, ici[0], commune, None, [("lieu", ici[0].id)]), [("lieu", ici[0].id)]
        sujet = service or structure
        if sujet:
            cle = ("service" if service else "structure", sujet.id)
            faits_dits = [f for f in base.faits_par_objet.get(cle, []) if re.search(_MOTS_DU_CHAMP.get(compris.champ, r"$^"), fold(f.texte))]
            if faits_dits:
                texte = "\n".join(f.texte for f in self.recherche.rank_facts(compris.texte, faits_dits, 2))
                return say.simple(f"{sujet.nom} : {texte}\n{say.source_line(base, [('fait', faits_dits[0].id)])}.", "fait"), [cle]
            faits = self.recherche.rank_facts(compris.texte, base.faits_par_objet.get(cle, []))[:1]
            connu = f"{sujet.description.rstrip('.')}.{' ' + faits[0].texte if faits else ''}"
            return say.unknown(base, sujet.nom, compris.champ, None, commune, connu, [cle]), [cle]
        nom = say.LIEUX[genre][0] + (f" à {commune.nom}" if commune else "") if genre else "ce que vous demandez"
        return say.unknown(base, nom, compris.champ, None, commune, None, []), []

    def _by_street(self, compris: Compris, cadre: Cadre) -> tuple[Reponse, list[tuple[str, str]]] | None:
        """A place told by its street alone: « une crèche place des Frères Viseur »."""
        if compris.ages or self._first(compris, "lieu"):
            return None
        lieu = self._lieu_at(compris.texte, next(iter(self._first(compris, "type_lieu")), None))
        if not lieu:
            return None
        return say.places(self.base, lieu.type, None, self.base.communes.get(lieu.commune or ""), [lieu], [], [lieu]), [
            ("lieu", lieu.id),
            ("type_lieu", lieu.type),
        ]

    def _subject(self, compris: Compris, cadre: Cadre) -> tuple[Reponse, list[tuple[str, str]]] | None:
        """A statement that answers so well that it goes before the sheet of what is only named in passing."""
        if compris.acte not in ("fiche_action", "annuaire", "chiffre") or compris.suite or self._first(compris, "lieu") or self._first(compris, "type_lieu"):
            return None
        notes = self.recherche.statements(compris.texte, limite=1)
        if not notes or notes[0][1] < SURE + 1.0:
            return None
        premier = notes[0][0]
        nommes = {(o.genre, o.cible) for o in compris.objets}
        if ("service", premier.service) in nommes or ("structure", premier.structure) in nommes:
            return None
        return self._direct(compris)

    def _figure(self, compris: Compris, cadre: Cadre) -> tuple[Reponse, list[tuple[str, str]]] | None:
        if compris.acte != "chiffre":
            return None
        genre = next((o.cible for o in compris.objets if o.genre == "type_lieu"), None)
        trouves = self.recherche.statements(compris.texte, ("chiffre", "fait", "fiche_action"), 8)
        notes = sorted(
            ((e, s + (2.0 if e.table == "chiffre" else 0.0)) for e, s in trouves if e.champ not in ("public", "indicateurs") and _has_number(e.texte)),
            key=lambda n: -n[1],
        )
        if not notes or notes[0][1] < LIKELY or (genre and compris.commune):
            return None
        service, structure = self._service(compris), self._structure(compris)
        retenus = [e for e, s in notes if s >= max(LIKELY, notes[0][1] - 6.0)][:3]
        objets = [("service", service.id)] if service else [("structure", structure.id)] if structure and structure.id not in _GENERIQUES else []
        suite = None
        if service and not any(e.service == service.id for e in retenus):
            suite = f"{say.service_title(service, self.base)} : {service.description}"
        elif service:
            suite = say.service_title(service, self.base)
        return say.statements(self.base, retenus, self._figure_contradictions(retenus, compris.texte), suite), objets

    def _figure_contradictions(self, enonces: Sequence[Enonce], texte: str) -> list[Contradiction]:
        chiffres = [self.base.chiffres[e.cle] for e in enonces if e.table == "chiffre"]
        trouvees = []
        for k in self.base.contradictions:
            sujet = set(key_words(k.sujet))
            for c in chiffres:
                libelle = set(key_words(c.libelle)) | set(key_words(texte))
                if re.search(r"\d{2}", c.valeur) and contains(f"{k.lecture_a} {k.lecture_b}", c.valeur) and len(sujet & libelle) * 2 >= len(sujet):
                    trouvees.append(k)
                    break
        return trouvees

    def _direct(self, compris: Compris) -> tuple[Reponse, list[tuple[str, str]]] | None:
        """A precise question whose answer is a statement of the base."""
        if compris.suite:
            return None
        nomme = bool(self._first(compris, "service")) and not compris.commune
        if compris.acte not in ("annuaire", "fiche_action", "chiffre", "precision", "sigle", "eligibilite", "hors_sujet") and not (
            compris.acte == "orienter" and not compris.ages and _asks(compris.texte) and (nomme or not compris.besoins or compris.besoins[0].score < 0.75)
        ):
            return None
        notes = self.recherche.statements(compris.texte)
        if not notes or notes[0][1] < self._needed_score(compris, nomme):
            return None
        siens = self._about_what_is_named(compris, notes)
        retenus = [e for e, s in siens if s >= max(LIKELY, siens[0][1] - 4.0)][:3]
        premier = retenus[0]
        if premier.table == "fiche_action":
            demandes = _fiche_fields(compris.texte)
            service = self._service(compris)
            if service and demandes and not any(getattr(self.base.fiches[premier.cle], champ) for champ in demandes):
                return self._sheet(compris, service, None, None), [("service", service.id)]
            champs = list(dict.fromkeys([*demandes, *([premier.champ] if premier.champ not in (None, "resume", "public") else [])]))
            return say.fiche(self.base, self.base.fiches[premier.cle], champs), [("fiche", premier.cle)]
        objets = [("service", premier.service)] if premier.service else [("structure", premier.structure)] if premier.structure else []
        return say.statements(self.base, retenus, [], None), [(g, c) for g, c in objets if c]

    def _about_what_is_named(self, compris: Compris, notes: Sequence[tuple[Enonce, float]]) -> Sequence[tuple[Enonce, float]]:
        """When a question names a structure or a service, what the base says of it comes before what only mentions it."""
        nommes = {(o.genre, o.cible) for o in compris.objets if o.genre in ("service", "structure")}
        siens = [(e, s) for e, s in notes if {("service", e.service or ""), ("structure", e.structure or "")} & nommes]
        return siens if siens and siens[0][1] >= LIKELY else notes

    def _needed_score(self, compris: Compris, nomme: bool) -> float:
        """How near a statement must be to answer alone: less when no need competes with it."""
        if compris.acte != "orienter":
            return SURE
        if not compris.besoins or compris.besoins[0].score < 0.3:
            return LIKELY + 2.0
        return SURE if nomme else SURE + 1.5

    def _places(self, compris: Compris, cadre: Cadre) -> tuple[Reponse, list[tuple[str, str]]] | None:
        base = self.base
        service = self._service(compris)
        genre = next((o.cible for o in compris.objets if o.genre == "type_lieu"), None) or self._only_kind(compris, service)
        siens = [lieu for lieu in base.lieux_par_service.get(service.id, []) if lieu.etat == "en service"] if service else []
        par_service = bool(siens) and (
            bool(compris.commune) or bool(re.search(r"\bcommunes?\b|\bvilles?\b|\bliste\b|\blesquel(?:le)?s\b|\bexistent\b", fold(compris.texte)))
        )
        if not (genre or par_service) or compris.acte not in ("annuaire", "chiffre", "precision", "suivi", "sigle", "orienter") or self._lieu(compris, cadre):
            return None
        if compris.acte == "sigle" and not compris.commune:
            return None
        if compris.acte == "orienter" and not (par_service and not compris.ages and compris.confiance < 0.6):
            return None
        sous_type = _sub_kind(compris.texte) if genre == "alsh" else None
        tous = siens if par_service and (not genre or siens[0].type == genre) else self._of_kind(genre, sous_type) if genre else siens
        genre = genre or tous[0].type
        commune = base.communes.get(cadre.commune or "")
        ici = [lieu for lieu in tous if commune and lieu.commune == commune.code_insee]
        proches = sorted(((base.distance(commune.code_insee, lieu.commune), lieu) for lieu in tous if commune and lieu.commune), key=lambda t: (t[0], t[1].nom))
        objets = [("type_lieu", genre)] + [("lieu", lieu.id) for lieu in ici[:3]]
        return say.places(base, genre, sous_type, commune, ici, proches, tous), objets

    def _only_kind(self, compris: Compris, service: Service | None) -> str | None:
        """The kind of place of a structure named with a commune, when it has but one: « accueil de loisirs Ruitz »."""
        structure = None if service else self._structure(compris)
        if structure and structure.id.replace("-", "_") in say.LIEUX:
            return structure.id.replace("-", "_")
        genres = {lieu.type for lieu in self.base.lieux.values() if structure and lieu.structure == structure.id}
        return genres.pop() if compris.commune and len(genres) == 1 else None

    def _of_kind(self, genre: str, sous_type: str | None) -> list[Lieu]:
        return [
            lieu for lieu in self.base.lieux.values() if lieu.type == genre and lieu.etat == "en service" and (not sous_type or lieu.sous_type == sous_type)
        ]

    def _entity(self, compris: Compris, cadre: Cadre) -> tuple[Reponse, list[tuple[str, str]]] | None:
        porteur = self._structure(compris)
        precis = self._service(compris) or (porteur and porteur.id not in _GENERIQUES)
        if compris.acte not in ("annuaire", "sigle", "chiffre", "precision", "fiche_action", "eligibilite", "suivi") and not (
            compris.objets and (not self._needs(compris) or (precis and compris.besoins[0].score < SUR))
        ):
            return None
        base = self.base
        lieu = self._lieu(compris, cadre)
        if lieu and compris.acte != "sigle":
            commune = base.communes.get(lieu.commune or "")
            return say.places(base, lieu.type, None, commune, [lieu], [], [lieu]), [("lieu", lieu.id), ("type_lieu", lieu.type)]
        service, structure, sigle = self._service(compris), self._structure(compris), self._sigle(compris)
        if compris.acte == "sigle" and sigle:
            mots = {o.mots for o in compris.objets if o.genre == "sigle" and o.cible == sigle.sigle}
            service = next((self.base.services[o.cible] for o in compris.objets if o.genre == "service" and o.mots in mots), None)
            structure = next((self.base.structures[o.cible] for o in compris.objets if o.genre == "structure" and o.mots in mots), None)
        if compris.acte == "annuaire" and not service and not structure and not sigle and self._needs(compris):
            return None
        besoin_nomme = compris.acte == "annuaire" and structure and structure.id in _GENERIQUES and self._needs(compris)
        generale = sigle and sigle.sigle in _SIGLES_GENERAUX and compris.acte == "eligibilite" and self._needs(compris)
        if besoin_nomme or generale or not (service or structure or sigle):
            return None
        objets: list[tuple[str, str]] = []
        if service:
            objets.append(("service", service.id))
            if service.type_lieu:
                objets.append(("type_lieu", service.type_lieu))
        elif structure:
            objets.append(("structure", structure.id))
        genre = next((o.cible for o in compris.objets if o.genre == "type_lieu"), None)
        if genre:
            objets.append(("type_lieu", genre))
        return self._sheet(compris, service, structure if not service else None, sigle), objets

    def _sheet(self, compris: Compris, service: Service | None, structure: Structure | None, sigle: Sigle | None) -> Reponse:
        base = self.base
        faits: list[Fait] = []
        lieux: list[Lieu] = []
        if service:
            faits = list(base.faits_par_objet.get(("service", service.id), []))
            lieux = [lieu for lieu in base.lieux_par_service.get(service.id, []) if lieu.etat == "en service"]
            if len(faits) < 3:
                faits += [f for f in base.faits_par_objet.get(("structure", service.structure), []) if f not in faits and not f.service]
        elif structure:
            faits = list(base.faits_par_objet.get(("structure", structure.id), []))
            lieux = [lieu for lieu in base.lieux.values() if lieu.structure == structure.id and lieu.etat == "en service"]
        if compris.commune:
            ici = [lieu for lieu in lieux if lieu.commune == compris.commune]
            lieux = ici or lieux
        return say.entity(
            base,
            structure=structure,
            service=service,
            sigle=sigle,
            faits=self.recherche.rank_facts(compris.texte, faits),
            lieux=lieux,
            champ=compris.champ if compris.champ in CHAMPS_ABSENTS else None,
            commune=compris.commune,
        )

    def _last_resort(self, compris: Compris, cadre: Cadre) -> tuple[Reponse, list[tuple[str, str]]]:
        base = self.base
        if compris.commune and len(fold(compris.texte).split()) <= 5 and not compris.besoins:
            return say.only_commune(base, base.communes[compris.commune]), []
        if compris.acte in ("fiche_action", "chiffre", "annuaire", "precision") and compris.texte:
            notes = [e for e, score in self.recherche.statements(compris.texte) if score >= LIKELY][:3]
            if notes:
                return say.statements(base, notes, [], None), []
        if compris.ages and min(compris.ages) < 3 and not self._needs(compris):
            garde = replace(cadre, besoins=("petite-enfance/accueil-collectif", "petite-enfance/accueil-individuel"))
            return self._orientation(compris, garde)
        if compris.besoins:
            return say.clarify(base, [b.id for b in compris.besoins], self._demande(cadre)), []
        trouvailles = self.recherche.hybrid(compris.texte)
        if trouvailles:
            return say.found(base, trouvailles), []
        return say.simple(
            "Je n'ai pas compris, et la base ne contient rien de proche. Dites le besoin en d'autres mots ; sinon, voyez la mairie ou le CCAS de la commune de la personne.",
            "incompris",
        ), []

    # ---- what the message names

    def _first(self, compris: Compris, genre: str) -> list[str]:
        return list(dict.fromkeys(o.cible for o in compris.objets if o.genre == genre))

    def _service(self, compris: Compris) -> Service | None:
        cibles = [self.base.services[c] for c in self._first(compris, "service") if c in self.base.services]
        return max(cibles, key=lambda s: len(_words_of(compris, "service", s.id)), default=None)

    def _structure(self, compris: Compris) -> Structure | None:
        cibles = [self.base.structures[c] for c in self._first(compris, "structure") if c in self.base.structures]
        precis = [s for s in cibles if s.id not in _GENERIQUES]
        return next(iter(precis or cibles), None)

    def _sigle(self, compris: Compris) -> Sigle | None:
        formes = self._first(compris, "sigle")
        rares = [f for f in formes if f not in _SIGLES_GENERAUX] or formes
        if not rares:
            return None
        # « c'est quoi le label PCB sur l'affiche du PIMMS »: the first one after the question, else the last one.
        demande = re.search(r"\b(?:c est quoi|c koi|quoi|veut dire|signifie|sigle|label|definition)\b(.*)", fold(compris.texte))
        apres = [f for f in rares if demande and contains(demande[1], f)]
        choisi = apres[0] if apres else rares[-1]
        return next((s for s in self.base.sigles if s.sigle == choisi), None)

    def _with_age_rule(self, service: Service, compris: Compris) -> Service | None:
        """Of the services of one carrier with nearly one name, the one that states an age."""
        mots = set(key_words(service.nom))
        for autre in self.base.services.values():
            if (
                autre.structure == service.structure
                and any(c.genre == "age" for c in autre.criteres)
                and len(mots & set(key_words(autre.nom))) * 2 >= len(mots)
            ):
                return autre
        return None

    def _main_service(self, structure: Structure | None) -> Service | None:
        """Of a structure named alone, the service whose conditions one would ask."""
        if not structure:
            return None
        siens = [s for s in self.base.services.values() if s.structure == structure.id and s.etat == "en service"]
        return next((s for s in siens if any(c.genre == "age" for c in s.criteres)), None)

    def _ruled_service(self, compris: Compris) -> Service | None:
        """« Il a 58 ans, il peut ? » with no service named: the first door of a sure need, when it states an age."""
        if compris.acte != "eligibilite" or not compris.ages or not compris.besoins or compris.besoins[0].score < 0.8:
            return None
        premieres = [r for r in self.base.reponses_par_besoin.get(compris.besoins[0].id, []) if r.rang == 1]
        service = self.base.services[premieres[0].service] if premieres else None
        return service if service and any(c.genre == "age" for c in service.criteres) else None

    def _lieu(self, compris: Compris, cadre: Cadre) -> Lieu | None:
        """The place named; of several with one name, that of the commune said."""
        lieux = [self.base.lieux[c] for c in self._first(compris, "lieu") if c in self.base.lieux]
        if cadre.commune:
            lieux = [lieu for lieu in lieux if lieu.commune == cadre.commune] or lieux
        genre = next(iter(self._first(compris, "type_lieu")), None)
        if genre:
            lieux = [lieu for lieu in lieux if lieu.type == genre] or lieux
        return lieux[0] if lieux else self._lieu_at(compris.texte, genre)

    def _lieu_at(self, texte: str, genre: str | None) -> Lieu | None:
        """A place told by its street: « la crèche place des Frères Viseur »."""
        plat = f" {fold(texte)} "
        if not re.search(r" (?:rue|place|avenue|boulevard|bvd|route|chemin|residence|allee|sentier) ", plat):
            return None
        for lieu in self.base.lieux.values():
            rue = re.sub(r"^[\d ]+(?:bis |ter |a )?", "", fold(lieu.adresse or ""))
            if len(rue) > 8 and f" {rue} " in plat and (not genre or lieu.type == genre):
                return lieu
        return None


def _with_contraries(faits: dict[str, bool], dits: Mapping[str, bool]) -> dict[str, bool]:
    """Whoever owns the home does not rent it, nor the other way round."""
    for dit, contraire in (("proprietaire", "locataire"), ("locataire", "proprietaire")):
        if dits.get(dit):
            faits.setdefault(contraire, False)
    return faits


def _has_number(texte: str) -> bool:
    """A number that says something: not the number of a fiche, nor a year."""
    nu = re.sub(r"Fiche [\d.]+|\b(?:19|20)\d\d\b", "", texte)
    return bool(re.search(r"\d|\b(?:deux|trois|quatre|cinq|six|sept|huit|neuf|onze|douze|quatorze|quinze|vingt|trente|cinquante|cent)\b", fold(nu)))


def _asks(texte: str) -> bool:
    """Whether a message asks something, rather than telling a situation."""
    return "?" in texte or bool(
        re.search(
            r"^(?:et |alors |ok |dites moi )?(?:qui|quel|quelle|quels|quelles|combien|ou|quand|comment|pourquoi|lesquels|lesquelles|est ce que|y a|il y a|c est quoi|liste|nombre|nom|noms|part|taux|le nom|les noms|le nombre|rythme|moyenne|montant)\b"
            r"|\bqui (?:doit|pilote|porte|s en occupe|s occupe|gere|anime|animerait|finance|paie|decide)\b|\bsur quelles?\b|\bc est quel"
            r"|\b(?:c est (?:quoi|qui|ou|quand|combien)|est ce que|tous les combien|a quel|a quelle|de quel|de quelle|dans quel|dans quelle|avec quel|avec quelle|par qui|pour qui)\b",
            fold(texte),
        )
    )


def _asks_which(texte: str) -> bool:
    return bool(
        re.search(r"^(?:et |alors |mais |ok )*(?:qui|quel|quelle|quels|quelles|combien|quand|comment|teste|gere|porte|c est qui|c est quoi)\b", fold(texte))
    )


def _has_topic(compris: Compris) -> bool:
    """Whether the message stands alone: it names a need, a thing or asks for a fact."""
    if compris.suite and not compris.objets and not any(b.score >= SUR for b in compris.besoins):
        return False
    if any(b.score >= POSSIBLE for b in compris.besoins) or compris.urgences:
        return True
    if any(o.genre in ("service", "structure", "sigle", "fiche", "type_lieu", "lieu") for o in compris.objets):
        return True
    return compris.acte in ("commune", "chiffre", "fiche_action") and not compris.suite


def _words_of(compris: Compris, genre: str, cible: str) -> str:
    return max((o.mots for o in compris.objets if o.genre == genre and o.cible == cible), key=len, default="")


def _shown(resultat: Orientation) -> list[tuple[str, str]]:
    objets: list[tuple[str, str]] = []
    for p in resultat.propositions[:5]:
        objets.append(("service", p.service.id))
        if p.distance_km is not None and p.lieux:
            objets.append(("lieu", p.lieux[0].id))
    return objets


def _fiche_fields(texte: str) -> list[str]:
    plat = fold(texte)
    motifs = (
        ("pilotes", r"pilot\w*|responsables?|qui (?:porte|s occupe|mene|gere)|porte(?:e|ur|urs)?\b|qui est charge"),
        ("echeance", r"echeances?|quand|date|delai|calendrier|jusqu (?:a|en)|pour quand|prevue? pour"),
        ("partenaires", r"partenaires?|avec qui|qui (?:est|sont) (?:associes?|sollicites?|mobilises?)|acteurs"),
        ("indicateurs", r"indicateurs?|mesure|evalu\w+|comment on sait"),
        ("public", r"public|pour qui|cible|beneficiaires|vise qui|s adresse"),
        ("objectifs", r"objectifs?|but|vise|sert a quoi|parle de quoi|c est quoi|pourquoi"),
        ("modalites", r"modalites?|comment|mise en oeuvre|actions? prevues?|prevoit|concretement"),
        ("resultats", r"resultats?|attendus?"),
    )
    return [champ for champ, motif in motifs if re.search(rf"\b(?:{motif})\b", plat)]


def _sub_kind(texte: str) -> str | None:
    plat = fold(texte)
    if re.search(r"\bados?\b|adolescents?|11 17|12 17", plat):
        return "ados"
    if re.search(r"mercredis?|periscolaire|peri|garderie|matin|soir|apres l ecole|avant l ecole", plat):
        return "periscolaire"
    if re.search(r"vacances|ete|extrascolaire|extra|centre aere", plat):
        return "extrascolaire"
    return None
