"""Find rows of the base near some words: precise questions by statements, the rest by full text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from knowledge.base import Base, Fait, NumeroNational
from knowledge.request import Objet
from knowledge.statements import Enonce, StatementIndex, key_words
from knowledge.text import fold

SURE = 15.0  # a statement with this score speaks of what is asked
LIKELY = 11.0

_REMPLISSAGE = re.compile(
    r"\b(?:sur|de|dans|pour|chez)? ?(?:la cabbalr|l'agglo(?:mération)?|le territoire|notre territoire|nous|le secteur|par ici)\b|\b(?:svp|stp|s'il (?:te|vous) pla[iî]t|merci|bonjour|pour une note|pour mon rapport|j'ai besoin(?: de)?|je voudrais savoir|dites[- ]moi|tu me (?:les )?donnes?|pouvez[- ]vous me dire)\b",
    re.IGNORECASE,
)


class Search:
    """Search over one open base."""

    def __init__(self, base: Base, index: StatementIndex | None = None) -> None:
        self.base = base
        self.index = index if index is not None else StatementIndex(base)
        self._faits = {e.cle: e for e in self.index.enonces if e.table == "fait"}

    def statements(self, question: str, tables: Iterable[str] = (), limite: int = 6) -> list[tuple[Enonce, float]]:
        """Statements that answer a question, best first, each with its score (see SURE and LIKELY)."""
        return self.index.rank(_essential(question), tables, limite=limite)

    def about(self, question: str, genre: str, cle: str, limite: int = 4) -> list[Enonce]:
        """Statements about one service or structure, those nearest to the question first."""
        siens = [e for e in self.index.about(genre, cle) if e.table == "fait"]
        return [e for e, _ in self.index.rank(_essential(question), parmi=siens, limite=limite)] if len(siens) > 1 else siens

    def rank_facts(self, question: str, faits: Sequence[Fait], limite: int = 4) -> list[Fait]:
        """The same facts, those nearest to the question first."""
        if len(faits) <= 1:
            return list(faits)
        par_cle = {f.id: f for f in faits}
        ranges = self.index.rank(_essential(question), parmi=[self._faits[f.id] for f in faits], limite=limite)
        return [par_cle[e.cle] for e, _ in ranges]

    def fiche(self, question: str, services: Iterable[str] = ()) -> tuple[str, float, str | None] | None:
        """The fiche that a question speaks of, its score, and the field whose statement is nearest."""
        vises = set(services)
        meilleures: dict[str, tuple[float, str | None]] = {}
        for enonce, score in self.index.rank(_essential(question), ("fiche_action",), limite=40):
            bonus = 3.0 if vises & set(self.base.fiches[enonce.cle].services) else 0.0
            if score + bonus > meilleures.get(enonce.cle, (-99.0, None))[0]:
                meilleures[enonce.cle] = (score + bonus, enonce.champ)
        if not meilleures:
            return None
        numero = max(meilleures, key=lambda n: (meilleures[n][0], n))
        return numero, *meilleures[numero]

    def national_number(self, texte: str, objets: Iterable[Objet]) -> NumeroNational | None:
        """A national number asked for by its digits or its purpose."""
        plat = f" {fold(texte)} "
        demande = set(key_words(texte)) - set(key_words("numéro téléphone appeler tel joindre contact national vert"))
        meilleur, note = None, 0.0
        for n in self.base.numeros:
            if f" {fold(n.numero)} " in plat and len(fold(n.numero)) > 2:
                return n
            mots = set(key_words(f"{n.nom} {n.usage}"))
            score = len(demande & mots) / len(demande) if demande else 0.0
            if score > max(note, 0.45):
                meilleur, note = n, score
        return meilleur

    def hybrid(self, texte: str, limite: int = 5) -> list[tuple[str, str, str]]:
        """Rows near some words, as (table, key, shown title); used only when nothing was understood."""
        resultats: dict[tuple[str, str], tuple[float, str]] = {}
        for enonce, score in self.statements(texte, ("service", "structure", "fait", "fiche_action"), 8):
            if score >= LIKELY and enonce.champ in (None, "resume"):
                resultats[enonce.table, enonce.cle] = (score, enonce.texte)
        for rang, t in enumerate(self.base.search(" ".join(key_words(texte)), 6, ("lieu", "sigle"))):
            titre = self._title(t.table, t.cle)
            if titre:
                resultats.setdefault((t.table, t.cle), (LIKELY - rang, titre))
        ranges = sorted(resultats.items(), key=lambda kv: (-kv[1][0], kv[0]))[:limite]
        return [(table, cle, titre) for (table, cle), (_, titre) in ranges]

    def _title(self, table: str, cle: str) -> str | None:
        """None for a sigle that the document does not expand: there is nothing to show."""
        if table == "sigle":
            sens = self.base.expanded(cle)
            return f"{cle} : {sens}" if sens else None
        lieu = self.base.lieux[cle]
        return ", ".join(x for x in (lieu.nom, lieu.adresse, self.base.communes[lieu.commune].nom if lieu.commune else None) if x)


def _essential(question: str) -> str:
    """The question without the words that every question has; at most its first 300 characters."""
    return re.sub(r"\s+", " ", _REMPLISSAGE.sub(" ", question[:300])).strip() or question[:300]
