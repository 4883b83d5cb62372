"""The quiz before and after: ten questions made from the base, drawn by theme; the two draws share no question.

Questions go in pairs of the same theme and kind, one for each draw, so that the two draws are of like difficulty.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from knowledge.base import Base, Besoin, Service
from knowledge.formation.exercice import FAUX, JUSTE, Option, shuffled, sources
from knowledge.formation.sigle import options_for
from knowledge.say import service_title
from knowledge.schema import THEMES
from knowledge.text import contains, fold, joined

QUESTIONS_PAR_QUIZ = 10
_AUTRES = 3


@dataclass(frozen=True)
class Question:
    """One question of the quiz. ``id`` says what it is made of: « porte:besoin », « role:service », « regle:service », « numero:id », « sigle:X »."""

    id: str
    theme: str
    texte: str
    options: tuple[Option, ...]

    @property
    def genre(self) -> str:
        return self.id.partition(":")[0]

    def mark(self, choix: str) -> str:
        """``juste`` or ``faux``."""
        return JUSTE if any(o.cle == choix and o.valeur == JUSTE for o in self.options) else FAUX


def questions(base: Base) -> dict[str, Question]:
    """Every question that the base can make, by id. Ask for it by ``base.derived(questions)``: it takes a while."""
    toutes = [*_doors(base), *_roles(base), *_rules(base), *_numbers(base), *_sigles(base)]
    return {q.id: q for q in toutes if len(q.options) == _AUTRES + 1}


def draw_quiz(base: Base, themes: Iterable[str], graine: str, nombre: int = QUESTIONS_PAR_QUIZ) -> tuple[list[str], list[str]]:
    """Ids of two draws without a common question, of these themes first (all when none), then of the others when they do not suffice."""
    hasard = random.Random(graine)
    voulus = [t for t in THEMES if t in set(themes)] or list(THEMES)
    hasard.shuffle(voulus)
    reste = [t for t in THEMES if t not in voulus]
    hasard.shuffle(reste)
    paires = {theme: _pairs([q for q in base.derived(questions).values() if q.theme == theme], hasard) for theme in THEMES}
    choisies: list[tuple[Question, Question]] = []
    for groupe in (voulus, reste):
        while len(choisies) < nombre and any(paires[t] for t in groupe):
            for theme in groupe:
                if paires[theme] and len(choisies) < nombre:
                    choisies.append(paires[theme].pop())
    return [a.id for a, _ in choisies], [b.id for _, b in choisies]


def _pairs(liste: list[Question], hasard: random.Random) -> list[tuple[Question, Question]]:
    """Pairs of one kind, kinds in turn; two questions about the same service never fall in both draws."""
    par_genre: dict[str, list[Question]] = {}
    for question in liste:
        par_genre.setdefault(question.genre, []).append(question)
    vus: set[str] = set()
    files: list[list[tuple[Question, Question]]] = []
    for groupe in par_genre.values():
        hasard.shuffle(groupe)
        neufs = [q for q in groupe if not (_subjects(q) & vus)]
        for q in neufs:
            vus |= _subjects(q)
        files.append(list(zip(neufs[::2], neufs[1::2], strict=False)))
    paires = []
    while any(files):
        paires += [f.pop() for f in files if f]
    return paires[::-1]


def _subjects(question: Question) -> set[str]:
    return {o.cle for o in question.options if o.valeur == JUSTE} | {question.id.partition(":")[2]}


def _open(service: Service) -> bool:
    return service.etat == "en service" and not service.reserve_professionnels


def _name(service: Service, base: Base) -> str:
    return service_title(service, base)


def _pick(bassin: Sequence, graine: str) -> list:
    """The same few for the same seed."""
    bassin = list(bassin)
    random.Random(graine).shuffle(bassin)
    return bassin[:_AUTRES]


def _links(base: Base) -> dict[str, set[str]]:
    liens: dict[str, set[str]] = {}
    for reponse in base.reponses:
        liens.setdefault(reponse.service, set()).add(reponse.besoin)
    return liens


def _doors(base: Base) -> list[Question]:
    """« Who for this need? »: its first door, against doors of needs of other themes."""
    liens = _links(base)
    faites = []
    for besoin in _needs(base):
        premieres = [base.services[r.service] for r in base.reponses_par_besoin.get(besoin.id, []) if r.rang == 1]
        justes = [s for s in premieres if _open(s)]
        if not justes:
            continue
        miens = {r.service for r in base.reponses_par_besoin[besoin.id]}
        autres = [
            s
            for s in base.services.values()
            if _open(s) and s.id not in miens and len(liens.get(s.id, ())) < 3 and not {base.besoins[b].theme for b in liens.get(s.id, ())} & {besoin.theme}
        ]
        juste = _pick(justes, besoin.id)[0]
        texte = juste.description.rstrip(".") + "."
        options = [Option(juste.id, _name(juste, base), JUSTE, texte, sources(base, ("service", juste.id)), f"/fiche/service:{juste.id}")]
        for autre in _pick(autres, besoin.id):
            dit = joined([f"« {base.besoins[b].nom} »" for b in sorted(liens.get(autre.id, ()))[:2]])
            options.append(Option(autre.id, _name(autre, base), FAUX, f"Cette porte répond à {dit}.", sources(base, ("service", autre.id))))
        detail = besoin.description if besoin.description[:2].isupper() else besoin.description[:1].lower() + besoin.description[1:]
        enonce = f"{besoin.nom} : {detail.rstrip('.')}. Quelle porte ?"
        faites.append(Question(f"porte:{besoin.id}", besoin.theme, enonce, shuffled(options, besoin.id)))
    return faites


def _needs(base: Base) -> list[Besoin]:
    return [b for b in base.besoins.values() if not b.id.startswith("professionnel/")]


def _roles(base: Base) -> list[Question]:
    """« What is it for? »: a need that a service answers in first rank, against needs of other themes."""
    liens = _links(base)
    besoins = _needs(base)
    faites = []
    for service in base.services.values():
        sien = next((r for r in base.reponses if r.service == service.id and r.rang == 1 and not r.besoin.startswith("professionnel/")), None)
        if not sien or not _open(service):
            continue
        besoin = base.besoins[sien.besoin]
        themes = {base.besoins[b].theme for b in liens[service.id]}
        autres = [b for b in besoins if b.theme not in themes]
        if contains(service.nom, besoin.nom):
            continue
        preuves = sources(base, ("service", service.id))
        options = [Option(besoin.id, besoin.nom, JUSTE, service.description.rstrip(".") + ".", preuves, f"/fiche/service:{service.id}")]
        options += [Option(b.id, b.nom, FAUX, f"Pour ce besoin, une autre porte : {_first_door(b, base)}.", preuves) for b in _pick(autres, service.id)]
        faites.append(Question(f"role:{service.id}", besoin.theme, f"À quel besoin répond « {_name(service, base)} » ?", shuffled(options, service.id)))
    return faites


def _first_door(besoin: Besoin, base: Base) -> str:
    ouverts = [base.services[r.service] for r in base.reponses_par_besoin.get(besoin.id, []) if _open(base.services[r.service])]
    return _name(ouverts[0], base) if ouverts else "la mairie ou le CCAS"


def _rules(base: Base) -> list[Question]:
    """« Under which rule? »: a condition of a service, against conditions of others."""
    liens = _links(base)
    faites = []
    for service in base.services.values():
        if not service.criteres or not _open(service):
            continue
        siennes = {fold(c.texte) for c in service.criteres}
        critere = service.criteres[0]
        autres = {fold(c.texte): c for s in base.services.values() for c in s.criteres if c.genre == critere.genre and fold(c.texte) not in siennes}
        theme = next((base.besoins[b].theme for b in sorted(liens.get(service.id, ()))), "gouvernance")
        preuves = sources(base, ("critere", critere.id))
        options = [Option(critere.id, critere.texte, JUSTE, f"C'est la règle de ce service : {critere.texte}.", preuves, f"/fiche/service:{service.id}")]
        for autre in _pick(list(autres.values()), service.id):
            nom = _name(base.services[autre.service], base)
            options.append(Option(autre.id, autre.texte, FAUX, f"C'est la règle d'un autre service : {nom}.", sources(base, ("critere", autre.id))))
        faites.append(Question(f"regle:{service.id}", theme, f"Qui peut aller à « {_name(service, base)} » ?", shuffled(options, service.id)))
    return faites


_THEMES_URGENCE = {
    "violences": "violences",
    "enfance": "violences",
    "suicide": "sante",
    "rue": "logement",
    "vital": "sante",
    "intoxication": "sante",
    "incendie": "sante",
}


def _numbers(base: Base) -> list[Question]:
    """« Which number? »: the number of a use, against three others."""
    faites = []
    for numero in base.numeros:
        themes = [base.besoins[b].theme for b in numero.besoins if b in base.besoins] or [_THEMES_URGENCE[u] for u in numero.urgences]
        if not themes or numero.numero == "112":
            continue  # it answers every urgency: it would be right beside any other
        autres = [
            n
            for n in base.numeros
            if n.id != numero.id and n.numero != "112" and not set(n.urgences) & set(numero.urgences) and not set(n.besoins) & set(numero.besoins)
        ]
        preuves = sources(base, ("numero_national", numero.id))
        options = [Option(numero.id, f"{numero.numero} ({numero.nom})", JUSTE, f"{numero.numero} : {numero.usage}.", preuves)]
        for autre in _pick(autres, numero.id):
            options.append(
                Option(autre.id, f"{autre.numero} ({autre.nom})", FAUX, f"{autre.numero} : {autre.usage}.", sources(base, ("numero_national", autre.id)))
            )
        faites.append(Question(f"numero:{numero.id}", themes[0], f"Quel numéro : {numero.usage} ?", shuffled(options, numero.id)))
    return faites


def _sigles(base: Base) -> list[Question]:
    """« What does it stand for? »"""
    themes: dict[str, str] = {}
    liens = _links(base)
    for service in base.services.values():
        if service.sigle:
            themes.setdefault(fold(service.sigle), next((base.besoins[b].theme for b in sorted(liens.get(service.id, ()))), "gouvernance"))
    for structure in base.structures.values():
        if structure.sigle and structure.themes:
            themes.setdefault(fold(structure.sigle), structure.themes[0])
    return [
        Question(f"sigle:{s.sigle}", themes.get(fold(s.sigle), "gouvernance"), f"Que veut dire {s.sigle} ?", shuffled(options_for(s, base), s.sigle))
        for s in base.sigles
        if base.expanded(s.sigle) and s.explication
    ]
