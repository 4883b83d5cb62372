"""One message in, one typed request out. Masks personal data, then reads act, needs, entities, ages, facts and urgency."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Sequence

import numpy as np

from bot.understanding import several
from bot.understanding.acts import ANODINS, decide_act, find_field
from bot.understanding.ages import find_ages
from bot.understanding.corpus import read_corpus
from bot.understanding.features import neutral, ngrams
from bot.understanding.gazetteer import Entity, Gazetteer
from bot.understanding.lexicon import Lexicon
from bot.understanding.model import Model, fit_cached
from bot.understanding.named import named_needs, with_named
from bot.understanding.normalise import expand, sentences, tidy
from bot.understanding.privacy import mask
from bot.understanding.situation import find_facts
from bot.understanding.spelling import Spelling, is_french
from bot.understanding.urgency import read_urgency
from knowledge.base import Base, Fichier
from knowledge.request import SIGNE, SUR, BesoinVu, Compris, Objet
from knowledge.text import fold
from knowledge.vectors import encoder

LIMITE = 2000
JEUNE = 30  # the highest age that the document states for a service to the young
_JEUNE = re.compile(
    r"\b(?:jeunes?|ados?|adolescente?s?|etudiante?s?|appren\w+|alternan\w+|lyce\w+|colleg\w+|ecol\w+|eleves?|mineure?s?|majeure?s?|fils|filles?|enfants?|gar[cs]on|gars|gamine?s?|parents|foyer|premier)\b"
)
_SUITE = re.compile(
    r"^(?:ok |oui |d accord |bon |ah |alors |non |et |mais )*(?:idem|et (?:a|au|aux|pour|si|s il|s elle|sinon|son|sa|ses|pres|dans|la|le|les|ca|apres|en|du|de|c est|qui|ou|comment|elle|il|lui|mon|ma|avec|maintenant|chez|celui|celle)\b|c est ou|ou ca|ou est ce|qui s en occupe|c est qui|pourquoi pas|autre chose|d autres?|(?:un|une) autre|sinon|lequel|laquelle|celui|celle|le premier|la premiere|le deuxieme|la deuxieme|le second|tu as|vous avez|a quelle|quel(?:le)? (?:adresse|age|commune|numero)|son (?:adresse|numero|telephone)|leur (?:adresse|numero|telephone)|l adresse|l horaire|les horaires|le numero|le telephone|plus pres|encore|il y en a|elle (?:a|habite|est|vit)|il (?:a|habite|est|vit)|ils (?:ont|habitent|sont)|pour (?:elle|lui|eux)|meme chose|pareil)"
)
SIGNE_SUR = 0.75
DES_AUTRES = 0.15
ILLETTRISME = "illettrisme/"
DANGER = "violences/urgence"
_BESOIN_DE_FAIT = {"sans_voiture": "mobilite/se-deplacer", "sans_abri": "logement/hebergement-urgence"}
_AGENT = re.compile(
    r"\b(?:agents?|collegues?|equipe|nous|notre|nos|on|professionnels?|partenaires?|accueillants?|formation|formations|former|sensibilis\w+|mon service|ccas|outil|outils|annuaire|guide|reunion|situation|dossier|dossiers|je recherche|analyse|pratiques|stage|stages|wikisol|elus?|secretaires?|travailleurs sociaux|intervenants?|reseau|immersion|cafe)\b"
)
_AJOUT = re.compile(r"\b(?:aussi|en plus|egalement|par ailleurs|autre souci|et puis|en meme temps|deuxieme (?:souci|probleme))\b")
_CORRECTION = re.compile(
    r"\b(?:non pardon|pardon|erreur|en fait|au temps pour moi|autant pour moi|je me suis trompee?|je voulais dire|plutot|finalement|ah non|c est pas|rectification)\b"
)
_NOUVEAU = re.compile(
    r"\b(?:rien a voir|autre personne|nouvelle personne|personne suivante|autre dossier|nouveau dossier|autre sujet|change(?:ons)? de sujet|autre question|on passe a autre chose|quelqu un d autre|usager suivant|on efface|remise a zero)\b"
)
_ANGLAIS = set(
    "the is are i you he she we they need help please where what how can my me for with and of to in house home job want have does do not lost speak english your this that from there someone".split()
)
_AUTRES_LANGUES = tuple(
    set(langue.split())
    for langue in (
        "ich brauche hilfe mit der die das und nicht ist habe haben kein keine bitte wohnung wo wie mein meine suche arbeit",
        "necesito ayuda con para vivienda donde como estoy tengo quiero hijo hija trabajo gracias hola busco puedo",
        "potrzebuje pomocy z mieszkaniem mieszkanie jestem szukam gdzie mam prosze pracy dla nie",
    )
)
_SALUTS = frozenset("bonjour bonsoir salut coucou hello bjr slt hey".split())
_MERCIS = frozenset("merci mercis thanks parfait super nickel revoir bientot ok accord top genial impeccable".split())
_POLIS = frozenset(
    "a au bonne bon journee soiree beaucoup bien tres c est gentil vous tu toi a d de rien pour tout infiniment monsieur madame et le la mille encore".split()
)
_FRANCAIS = set(
    "le la les un une des de du et est a je il elle pour pas que qui sur dans en au mon ma son sa ou on ne plus cherche sait veut avec sans quoi comment ans".split()
)


_OUVERTS: dict[tuple[str, Fichier], Understander] = {}


class Understander:
    """Reads messages against one open base and one trained model."""

    def __init__(self, base: Base, modele: Model, lexique: Lexicon | None = None) -> None:
        self.base = base
        self.modele = modele
        self.lexique = lexique or Lexicon(base)
        self.gazetteer = Gazetteer(base, modele.vocabulaire)
        self.spelling = Spelling(
            modele.vocabulaire,
            self.gazetteer.surs | _words(_names(base)),
            _words(c.nom for c in base.communes.values()),
            _words(c.nom for c in base.communes_hors),
        )
        self._connus = self.gazetteer.surs | modele.vocabulaire
        self.appris = [i for i, classe in enumerate(modele.besoins.classes) if classe in base.besoins]
        self.noms = {besoin.nom: besoin.id for besoin in base.besoins.values()}

    @classmethod
    def of(cls, base: Base) -> Understander:
        """Trained on ``data/nlu`` (or the cache of that training)."""
        lexique = Lexicon(base)
        return cls.shared(base, fit_cached(read_corpus(), lexique, terms_of(base)), lexique)

    @classmethod
    def shared(cls, base: Base, modele: Model, lexique: Lexicon | None = None) -> Understander:
        """One for a model and a base, though Rasa and the actions each ask for theirs: a second would take 100 MB."""
        cle = (modele.empreinte, base.fichier)
        if cle not in _OUVERTS:
            _OUVERTS[cle] = cls(base, modele, lexique)
        return _OUVERTS[cle]

    @classmethod
    def forget(cls, base: Base) -> None:
        """Keep none over a base that is no longer served."""
        for cle in [cle for cle in _OUVERTS if cle[1] == base.fichier]:
            del _OUVERTS[cle]

    def understand(self, brut: str, aujourdhui: datetime.date | None = None) -> Compris:
        if len(brut) > LIMITE:
            return Compris("", refus="long")
        texte = tidy(mask(brut, aujourdhui, self.gazetteer.surs))
        refus = self._refused(texte)
        if refus:
            return Compris("", refus="langue" if refus == "vide" and any(c.isalpha() for c in brut) else refus)
        plein = self.spelling.correct(expand(texte))
        plat = fold(plein)
        entites = self.gazetteer.find(plein)
        ages = find_ages(plein, aujourdhui)
        faits = find_facts(plein)
        for entite in entites:
            if entite.genre == "fait":
                faits.setdefault(entite.cible, True)
        # The message and its clauses at once: the weights of the encoder are read from memory once.
        textes = [plein, *clauses(plein)]
        vecteurs = encoder().encode([neutral(t) for t in textes])
        vecteur = vecteurs[0]
        p_actes = self.modele.actes.proba(vecteur, ngrams(plein))
        besoins = self._needs(textes, vecteurs, entites, faits, [float(a.annees) for a in ages])
        nommes, reste = named_needs(brut, self.noms)
        if nommes:
            besoins = with_named(besoins, nommes, reste, lambda morceau: self._only_person(morceau, aujourdhui))
        anodin = self.modele.actes.classes[int(p_actes.argmax())] in ANODINS
        urgences, doutes = read_urgency(plein, self.modele.urgences, vecteur, anodin, besoins[0] if besoins else None)
        if DANGER in nommes and not urgences:
            urgences, doutes = ("violences",), ()
        commune = next((e for e in entites if e.genre == "commune"), None)
        hors = next((e for e in entites if e.genre == "commune_hors"), None)
        nouveau = bool(_NOUVEAU.search(plat))
        acte_seul: str | None
        if nouveau and not _NOUVEAU.sub("", plat).split():
            # Nothing but the wish to start again: its words name no need.
            besoins, acte_seul = (), "nouvelle_personne"
        else:
            acte_seul = _courtesy(plat)
            besoins = () if acte_seul else besoins
        nomme = any(e.genre in ("service", "structure", "type_lieu", "lieu", "fiche") for e in entites)
        suite = bool(_SUITE.search(plat)) and len(plat.split()) <= 14 and not nouveau and not (nomme and not plat.startswith(("et ", "pourquoi")))
        champ = find_field(plat)
        acte, confiance = decide_act(plat, plein, self.modele.actes.classes, p_actes, entites, champ, bool(ages or faits), besoins, suite)
        if nommes and len(besoins) == len(nommes):
            acte, entites = "orienter", [e for e in entites if e.genre in ("commune", "commune_hors")]
        return Compris(
            texte=plein,
            acte=acte_seul or acte,
            confiance=confiance,
            besoins=besoins,
            commune=commune.cible if commune else None,
            commune_sure=commune.sur if commune else True,
            hors=hors.cible if hors else None,
            ages=tuple(float(a.annees) for a in ages),
            faits=faits,
            objets=tuple(Objet(e.genre, e.cible, e.mots) for e in entites if e.genre in ("sigle", "structure", "service", "type_lieu", "lieu", "fiche")),
            urgences=urgences,
            doutes=doutes,
            champ=champ,
            suite=suite,
            ajout=bool(_AJOUT.search(plat)),
            correction=bool(_CORRECTION.search(plat)),
            nouveau=nouveau,
        )

    def _only_person(self, morceau: str, aujourdhui: datetime.date | None) -> bool:
        """Whether a part of a message says an age, a commune or a fact of the person, hence no need."""
        return bool(find_facts(morceau) or find_ages(morceau, aujourdhui)) or any(
            e.genre in ("commune", "commune_hors", "fait") for e in self.gazetteer.find(morceau)
        )

    def _refused(self, texte: str) -> str | None:
        plat = fold(texte)
        lettres = sum(c.isalpha() for c in texte)
        if not texte.strip(" .,;:!?…-_'\"()«»"):
            return "vide" if not texte.strip() else "illisible"
        if not plat:
            return "langue" if lettres else "illisible"
        mots = plat.split()
        anglais = sum(m in _ANGLAIS for m in mots)
        francais = sum(m in _FRANCAIS for m in mots)
        if len(mots) >= 3 and anglais >= 2 and anglais > francais:
            return "langue"
        if len(mots) >= 3 and any((n := sum(m in langue for m in mots)) >= 2 and n > francais for langue in _AUTRES_LANGUES):
            return "langue"
        if sum(1 for c in texte if c.isalpha() and ord(c) > 0x24F) > lettres / 2:
            return "langue"
        return "illisible" if self._noise(texte, mots) else None

    def _noise(self, texte: str, mots: Sequence[str]) -> bool:
        """Code, letters alone, or words without a vowel that nobody knows."""
        lettres = sum(c.isalpha() for c in texte)
        signes = sum(c in "{}[]<>%$#@|^~*=_" for c in texte)
        if signes >= 4 and signes >= lettres / 2:
            return True
        if not any(c.isdigit() for c in texte) and all(len(m) == 1 for m in mots) and mots[0] not in ("o", "n"):
            return True
        connus = self._connus
        if all(len(m) >= 4 and m.isalpha() and m not in connus and not is_french(m) for m in mots) and not self.gazetteer.find(texte):
            return True
        return all(len(m) >= 4 and m.isalpha() and not set(m) & set("aeiouy") and m not in connus for m in mots)

    def _needs(
        self, textes: Sequence[str], vecteurs: np.ndarray, entites: Sequence[Entity], faits: dict[str, bool], ages: Sequence[float]
    ) -> tuple[BesoinVu, ...]:
        """Needs of the whole message (the first text) and of its clauses (the others), best first, each with the words that made it."""
        texte, tete = textes[0], self.modele.besoins
        lus, scores, probas, sacs = self.read_needs(textes, vecteurs)
        if ages or not _AGENT.search(fold(texte)):
            # What professionals ask for themselves needs a sign that they speak of themselves.
            probas = probas * np.array([DES_AUTRES if classe.startswith("professionnel/") else 1.0 for classe in tete.classes], dtype=np.float32)
            probas = probas / probas.sum(1, keepdims=True)
        premier, besoins = several.first_and_others(probas, self.appris)
        notes = {tete.classes[premier]: (self._with_twins(probas[0], premier), texte)}
        for i, chance in zip(besoins, several.chances(several.features(scores, probas, sacs, premier, besoins)), strict=True):
            clause = several.clause_of(probas, i)
            # While the first is unsure, the others are what the message may mean instead.
            note = float(max(chance, probas[0, i]) if notes[tete.classes[premier]][0] < SUR else chance)
            notes[tete.classes[i]] = (min(note, notes[tete.classes[premier]][0] - 0.001), lus[clause] if probas[clause, i] >= 0.5 else texte)
        for signe, note, mots in _signs(tete.classes, lus, probas, sacs):
            if note > notes.get(tete.classes[signe], (0.0, ""))[0]:
                notes[tete.classes[signe]] = (note, mots)
        for entite in entites:
            if entite.genre == "besoin" and entite.cible in self.base.besoins:
                ancien = notes.get(entite.cible, (0.0, entite.mots))
                notes[entite.cible] = (max(ancien[0], min(0.95, ancien[0] + 0.3)), entite.mots)
        for fait, besoin in _BESOIN_DE_FAIT.items():
            if faits.get(fait):
                note, mots = notes.get(besoin, (0.0, texte))
                notes[besoin] = (min(0.98, note + 0.3), mots)
        if not ages and not _JEUNE.search(fold(texte)):
            notes |= self._of_another_age(notes)
        rangees = sorted(notes.items(), key=lambda kv: (-kv[1][0], kv[0]))
        return tuple(BesoinVu(b, round(s, 3), m[:120]) for b, (s, m) in rangees[:4] if s >= 0.08)

    def _with_twins(self, probas: np.ndarray, besoin: int) -> float:
        """How sure a need is with those that it is told from later: the same one at another age, the other sides of illettrisme."""
        classes = self.modele.besoins.classes
        nom = classes[besoin]
        jumeaux = {
            i
            for i in self.appris
            if classes[i] == self.base.besoins[nom].autre_age
            or self.base.besoins[classes[i]].autre_age == nom
            or nom.startswith(ILLETTRISME)
            and classes[i].startswith(ILLETTRISME)
        }
        return float(sum(probas[i] for i in {besoin, *jumeaux}))

    def read_needs(self, textes: Sequence[str], vecteurs: np.ndarray) -> tuple[list[str], np.ndarray, np.ndarray, np.ndarray]:
        """The texts that say something, and their scores, probabilities and cues: one row a text, one column a class of needs."""
        tete = self.modele.besoins
        sacs = np.stack([self.lexique.scores(t, tete.classes) for t in textes])
        # A short clause without a cue says nothing.
        lus = [i for i, t in enumerate(textes) if i == 0 or sacs[i].any() or len(t.split()) >= 5]
        scores = tete.scores(vecteurs[lus], [ngrams(textes[i]) for i in lus])
        return [textes[i] for i in lus], scores, tete.softmax(scores, sacs[lus]), sacs[lus]

    def _of_another_age(self, notes: dict[str, tuple[float, str]]) -> dict[str, tuple[float, str]]:
        """« Pas de quoi payer la caution »: with no age nor word of youth, the need of the young is also that of the others, until the age is known."""
        autres: dict[str, tuple[float, str]] = {}
        for nom, (note, mots) in notes.items():
            besoin = self.base.besoins[nom]
            autre = self.base.besoins.get(besoin.autre_age or "")
            if autre and besoin.age_max is not None and besoin.age_max <= JEUNE and (autre.age_max or 150) > JEUNE and note > notes.get(autre.id, (0.0, ""))[0]:
                autres[autre.id] = (min(note + 0.001, 0.999), mots)
        return autres


def _signs(classes: Sequence[str], lus: Sequence[str], probas: np.ndarray, sacs: np.ndarray) -> Iterable[tuple[int, float, str]]:
    """« Elle sait pas lire et elle a plus rien à manger »: a clause that says illettrisme in some way is a sign of it, whatever else is said."""
    siens = [i for i, classe in enumerate(classes) if classe.startswith(ILLETTRISME)]
    for k in range(1, len(lus)):
        note = float(probas[k, siens].sum())
        if note >= SIGNE_SUR and sacs[k, siens].any():
            yield max(siens, key=lambda i: probas[k, i]), SIGNE, lus[k]


def clauses(texte: str) -> list[str]:
    """The parts of a message that may each name a need; none when it has but one."""
    parties = sentences(texte)
    return [c for c in parties if len(c.split()) >= 3][:14] if len(parties) > 1 else []


def _courtesy(plat: str) -> str | None:
    """« merci beaucoup », « bonjour »: a message of polite words alone names no need, whatever they resemble."""
    mots = plat.split()
    if not mots or not all(mot in _SALUTS | _MERCIS | _POLIS for mot in mots) or not set(mots) & (_SALUTS | _MERCIS):
        return None
    return "salutation" if set(mots) & _SALUTS and not set(mots) & _MERCIS else "remerciement"


def terms_of(base: Base) -> list[str]:
    """What the lexicon of a base holds, to know whether a trained model is still right."""
    return [f"{i.terme} {i.force} {i.cible}" for i in base.indices]


def _names(base: Base) -> list[str]:
    """Names, sigles and lay words that the base holds."""
    noms = [sigle.sigle for sigle in base.sigles]
    noms += [objet.nom for table in (base.structures, base.services, base.lieux) for objet in table.values()]
    return noms + [terme.terme for terme in (*base.lexique, *base.indices)]


def _words(noms: Iterable[str]) -> frozenset[str]:
    return frozenset(mot for nom in noms for mot in fold(nom).split())
