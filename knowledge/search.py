"""Find rows of the base near some words: words first (full text), meaning beside them (vectors)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from knowledge.base import Base, Chiffre, Fait, NumeroNational
from knowledge.request import Objet
from knowledge.text import fold
from knowledge.vectors import MeaningIndex

_VIDES = set(
    "le la les l un une des de du d a au aux en et ou est sont il elle on y ce c ça qui que quoi quel quelle quels quelles combien nombre sur dans pour par avec sans plus ne pas n s se son sa ses ai as avez avons "
    "je tu nous vous me te mon ma mes fait faire avoir peut bonjour svp merci ont etre ya nb taux part pourcentage chiffre agglo agglomeration territoire cabbalr convention fiche".split()
)


def key_words(texte: str) -> list[str]:
    """Folded words that carry sense, cut to their first letters so that plural and gender match."""
    return [_stem(mot) for mot in fold(texte).split() if mot not in _VIDES and len(mot) > 1]


def _stem(mot: str) -> str:
    if mot.isdigit() or len(mot) <= 4:
        return mot.rstrip("s") if len(mot) > 3 else mot
    return re.sub(r"(?:es|s|e|x)$", "", mot)[:7]


class Search:
    """Search over one open base."""

    def __init__(self, base: Base, sens: MeaningIndex | None = None) -> None:
        self.base = base
        self._sens = sens if sens is not None else MeaningIndex(base)
        self._chiffres = {c.id: self._bag(f"{c.libelle} {c.unite if c.unite not in ('%', '€') else ''}") for c in base.chiffres.values()}
        self._faits = {f.id: self._bag(f.texte) for f in base.faits}
        self._fiches = {f.numero: self._bag(f"{f.titre} {f.titre} {f.resume}") for f in base.fiches.values()}
        frequence: dict[str, int] = {}
        for sac in (*self._chiffres.values(), *self._faits.values(), *self._fiches.values()):
            for mot in sac:
                frequence[mot] = frequence.get(mot, 0) + 1
        self._poids = {mot: 1.0 / (1.0 + n) ** 0.35 for mot, n in frequence.items()}

    def _bag(self, texte: str) -> frozenset[str]:
        mots = set(key_words(texte))
        for mot in fold(texte).split():
            sens = self.base.expanded(mot)
            if sens and len(mot) > 2:
                mots |= set(key_words(sens))
        return frozenset(mots)

    def _overlap(self, demande: frozenset[str], sac: frozenset[str]) -> float:
        """Share of the weight of the asked words that the row holds, a little less for longer rows."""
        if not demande:
            return 0.0
        total = sum(self._poids.get(mot, 1.0) for mot in demande)
        commun = sum(self._poids.get(mot, 1.0) for mot in demande & sac)
        return commun / total * (1.0 - min(0.25, 0.012 * max(0, len(sac) - len(demande))))

    def figures(self, texte: str, limite: int = 4) -> list[tuple[Chiffre, float]]:
        """Figures asked for, best first, with a score between 0 and 1; none when nothing is close."""
        demande = self._bag(_without_question(texte))
        sens = self._sens.scores(texte, "chiffre")
        notes = []
        for chiffre in self.base.chiffres.values():
            mots = self._overlap(demande, self._chiffres[chiffre.id])
            score = 0.68 * mots + 0.32 * max(0.0, sens.get(chiffre.id, 0.0))
            if chiffre.territoire != "CABBALR":
                score -= 0.12 if not re.search(r"\b(departement|pas de calais|france|national|region)\b", fold(texte)) else -0.1
            wants_share = bool(re.search(r"\b(taux|part|pourcentage|proportion|pour cent|%)\b", fold(texte)))
            if wants_share == (chiffre.unite == "%"):
                score += 0.05
            notes.append((chiffre, score, mots))
        notes.sort(key=lambda n: (-n[1], n[0].id))
        return [(c, s) for c, s, mots in notes[:limite] if s >= 0.38 and mots > 0.2]

    def facts(self, texte: str, limite: int = 4) -> list[Fait]:
        demande = self._bag(_without_question(texte))
        sens = self._sens.scores(texte, "fait")
        notes = [(0.6 * self._overlap(demande, self._faits[f.id]) + 0.4 * sens.get(f.id, 0.0), f) for f in self.base.faits]
        notes.sort(key=lambda n: (-n[0], n[1].id))
        return [f for score, f in notes[:limite] if score >= 0.42]

    def fact_score(self, texte: str, fait: Fait) -> float:
        demande = self._bag(_without_question(texte))
        return 0.68 * self._overlap(demande, self._faits[fait.id]) + 0.32 * max(0.0, self._sens.scores(texte, "fait").get(fait.id, 0.0))

    def rank_facts(self, texte: str, faits: Sequence[Fait]) -> list[Fait]:
        """The same facts, those nearest to the question first."""
        if len(faits) <= 1:
            return list(faits)
        demande = self._bag(_without_question(texte))
        sens = self._sens.scores(texte, "fait")
        return sorted(faits, key=lambda f: (-(0.5 * self._overlap(demande, self._faits[f.id]) + 0.5 * sens.get(f.id, 0.0)), f.id))

    def fiche(self, texte: str, services: Iterable[str] = ()) -> tuple[str, float] | None:
        """The fiche that a question speaks of, by its words, its meaning and the services it names."""
        demande = self._bag(_without_question(texte))
        sens = self._sens.scores(texte, "fiche_action")
        vises = set(services)
        meilleure: tuple[str, float] | None = None
        for fiche in self.base.fiches.values():
            titre = self._overlap(demande, self._bag(fiche.titre))
            score = 0.35 * titre + 0.25 * self._overlap(demande, self._fiches[fiche.numero]) + 0.4 * max(0.0, sens.get(fiche.numero, 0.0))
            if vises & set(fiche.services):
                score += 0.15
            if meilleure is None or score > meilleure[1]:
                meilleure = (fiche.numero, score)
        return meilleure if meilleure and meilleure[1] >= 0.3 else None

    def national_number(self, texte: str, objets: Iterable[Objet]) -> NumeroNational | None:
        """A national number asked for by its digits or its purpose."""
        plat = f" {fold(texte)} "
        demande = self._bag(_without_question(texte))
        meilleur, note = None, 0.45
        for n in self.base.numeros:
            if f" {fold(n.numero)} " in plat and len(fold(n.numero)) > 2:
                return n
            score = self._overlap(demande, self._bag(f"{n.nom} {n.usage}"))
            if score > note:
                meilleur, note = n, score
        return meilleur

    def close(self, texte: str, sujet: str) -> bool:
        return bool(set(key_words(_without_question(texte))) & set(key_words(sujet)))

    def hybrid(self, texte: str, limite: int = 5) -> list[tuple[str, str, str]]:
        """Rows near some words, as (table, key, shown title); used only when nothing was understood."""
        resultats: dict[tuple[str, str], float] = {}
        for rang, t in enumerate(self.base.search(" ".join(w for w in fold(texte).split() if w not in _VIDES), 12, ("service", "structure", "lieu", "fiche_action", "fait", "sigle"))):
            resultats[t.table, t.cle] = resultats.get((t.table, t.cle), 0.0) + 1.0 / (3 + rang)
        for table in ("service", "structure", "fait"):
            proches = sorted(self._sens.scores(texte, table).items(), key=lambda kv: -kv[1])[:3]
            for rang, (cle, score) in enumerate(proches):
                if score >= 0.35:
                    resultats[table, cle] = resultats.get((table, cle), 0.0) + score / (3 + rang)
        ranges = sorted(resultats.items(), key=lambda kv: (-kv[1], kv[0]))[:limite]
        return [(table, cle, self._title(table, cle)) for (table, cle), _ in ranges]

    def _title(self, table: str, cle: str) -> str:
        base = self.base
        if table == "service":
            return f"{base.services[cle].nom} : {base.services[cle].description}"
        if table == "structure":
            return f"{base.structures[cle].nom} : {base.structures[cle].description}"
        if table == "lieu":
            lieu = base.lieux[cle]
            return ", ".join(x for x in (lieu.nom, lieu.adresse, base.communes[lieu.commune].nom if lieu.commune else None) if x)
        if table == "fiche_action":
            return f"Fiche {cle} : {base.fiches[cle].titre}"
        if table == "sigle":
            return f"{cle} : {base.expanded(cle)}"
        return next(f.texte for f in base.faits if f.id == cle)


@lru_cache(maxsize=512)
def _without_question(texte: str) -> str:
    return re.sub(
        r"\b(?:combien (?:de|d|y a t il|il y a)?|quel(?:le)?s? (?:est|sont)?|c est quoi|qui (?:est|sont)|nombre (?:de|d)|le chiffre|donne moi|je cherche|savoir|connaitre|est ce que|il y a)\b",
        " ",
        fold(texte),
    )
