"""Urgent messages: sure cues first, then meaning. An urgent answer opens with the emergency numbers.

A cue must say the danger, never the word « urgence » alone (« c'est urgent pour la crèche » is not an urgency).
"""

from __future__ import annotations

import re

import numpy as np

from bot.understanding.features import ngrams
from bot.understanding.model import SANS_URGENCE, Head
from knowledge.request import BesoinVu
from knowledge.text import fold

KINDS = ("vital", "suicide", "violences", "enfance", "rue", "intoxication", "incendie")

_PROCHE = r"(?:mari|conjoint|compagnon|copain|ex|ex mari|ex conjoint|ex compagnon|concubin|pere|beau pere|mere|frere|fils|femme|compagne|copine|mec|homme)"
_ENFANT = r"(?:enfants?|bebe|fille|fillette|fils|petit|petite|petits|gamine?s?|gosses?|eleve|nourrisson|ado|mineure?|garcon|niece|neveu|neveux|petit fils|petite fille|gosse)"
_COUPS = r"(?:frappe|frappee|tape|tapee|battue|battu|bat|cogne|cognee|etrangle|etranglee|gifle|giflee|tabasse|tabassee|roue|secoue|brule|brulee|coups|bleus|marques|violee?|agressee?|menace|menacee|sequestre|sequestree|enferme|enfermee|poursuit|couteau|arme|tuer)"

_CUES: dict[str, tuple[str, ...]] = {
    "suicide": (
        r"suicid\w*",
        r"(?:veut|va|envie de|veux|parle de|pense a|menace de|voudrait|voulait|decide de) (?:en finir|mourir|se tuer|se pendre|se foutre en l air|disparaitre|me tuer|se jeter|sauter|crever)",
        r"(?:se|me) (?:tuer|pendre|foutre en l air|supprimer|ouvrir les veines|tailler les veines|jeter (?:sous|du|dans|par))",
        r"(?:en finir|mettre fin a (?:ses|mes|leurs) jours|mettre un terme a (?:sa|ma) vie)",
        r"(?:mot|lettre|message|sms) d adieu|(?:a laisse|laisse|envoye) (?:une lettre|un mot|un message) (?:pour dire|disant) (?:adieu|qu (?:il|elle) (?:partait|en finissait))",
        r"(?:sert|servait) (?:plus )?(?:a )?(?:plus )?(?:rien|a rien) (?:de (?:vivre|continuer)|et (?:que )?demain|que demain)",
        r"demain (?:il|elle|je) (?:ne )?(?:sera|serai|ser|seras) plus (?:la|de ce monde)",
        r"(?:ne )?(?:veut|veux|voulait|a) plus (?:envie de )?vivre|plus (?:la )?(?:force|gout|envie) de vivre|prefere(?:rait)? (?:mourir|etre morte?)|(?:serait|etre) mieux mort?e?|vaudrait mieux (?:que je sois|etre) mort",
        r"(?:a avale|avale|pris) (?:toute? (?:la|sa) boite|une boite|tous (?:ses|les) (?:cachets|medicaments|comprimes))|tentative de suicide|\bts\b medicamenteuse|veines? (?:ouvertes?|coupees?)",
        r"(?:plus rien|rien) ne (?:le|la|me) retient|(?:dit|dire|faire|fait) (?:ses )?adieux|dernier(?:e)? (?:fois qu on|jour) (?:se voit|de (?:sa|ma) vie)|donne (?:ses|toutes ses) affaires avant de partir",
    ),
    "enfance": (
        rf"{_ENFANT} (?:\w+ ){{0,6}}?{_COUPS}(?! de (?:main|pouce|fil|chance|coeur))",
        rf"{_COUPS} (?:\w+ ){{0,4}}?(?:sur|son|sa|ses|leur|leurs|les|le|la|l|un|une|cet|mon|ma|mes) (?:\w+ )?{_ENFANT}",
        rf"{_ENFANT} (?:\w+ ){{0,5}}?(?:maltraite\w*|neglige\w*|abuse\w*|en danger|attouchements?|seule?s? (?:depuis|toute la|la nuit|a la maison (?:depuis|toute))|affamee?s?|prive\w* de (?:manger|nourriture|repas)|enfermee?s?|mal nourrie?s?)",
        rf"(?:maltraite\w*|abus\w* sexuels?|attouchements?|inceste|viole\w*) (?:\w+ ){{0,4}}?{_ENFANT}",
        r"enfants? (?:laisse\w*|livre\w*|abandonne\w*) (?:seuls?|a eux memes|dans)|bebe secoue|(?:beau pere|oncle|pere|grand pere|voisin) (?:\w+ ){0,4}?(?:touche|tripote|viole|abuse)",
        rf"(?:traces|bleus|brulures|marques) (?:\w+ ){{0,6}}?{_ENFANT}|peur de rentrer (?:chez lui|chez elle|a la maison)",
    ),
    "violences": (
        rf"(?:son|mon|le|leur) {_PROCHE}(?: \w+){{0,5}}? (?:l a |l |la |le |m a |me |lui |les |nous |encore |re)*(?:{_COUPS})",
        rf"{_COUPS}(?: \w+){{0,4}}? (?:par|de) (?:son|sa|mon|ma|leur) {_PROCHE}",
        r"(?:se fait|s est fait|me fait|me suis fait) (?:encore )?(?:frapper|taper|battre|cogner|tabasser|violer|agresser|etrangler|menacer|sequestrer|insulter et frapper|demonter)",
        r"(?:l attend|l attends|m attend|la guette|la cherche|le cherche) (?:dehors|devant|sur le parking|a la sortie|en bas|pour la)",
        r"(?:coups?|bleus?|coquards?|oeil au beurre noir|cocard|oeil poche|levre (?:fendue|eclatee)|visage tumefie|marques? (?:au|sur le) cou|trace de strangulation)(?: \w+){0,8}? (?:mari|conjoint|compagnon|copain|ex|maison|visage|cou|bras|madame|dame|elle)",
        r"(?:peur|terrorisee?|terreur) (?:de|que|par) (?:rentrer|retourner|son|sa|mon|il (?:la|me|le)|qu il)",
        r"(?:menace|menacee|menaces) (?:de mort|de la tuer|de me tuer|de tuer|avec un(?:e)? (?:couteau|arme|fusil|batte)|au couteau)",
        r"(?:va|veut|a dit qu il (?:allait|va)|jure de|a promis de) (?:la|le|me|les|nous) (?:tuer|buter|planter|defoncer|bruler|retrouver)",
        r"viol(?:ee?)? (?:cette nuit|hier|ce matin|par)|vient d etre (?:violee?|agressee?|frappee?|battue)|agression sexuelle",
        r"(?:couteau|fusil|arme|batte) (?:\w+ ){0,4}?(?:a la main|sur lui|dehors|devant|guichet|accueil)",
        r"violences? (?:conjugales?|intrafamiliales?|a la maison)|femme battue|homme battu|mari violent|conjoint violent|compagnon violent|pere violent",
        r"(?:l|la|m|le) a (?:encore |re)?(?:frappee?|tapee?|battue?|cognee?|etranglee?|giflee?|poussee? dans l escalier|tabassee?)",
        r"(?:sequestree?|enfermee? (?:chez elle|a cle|par))|mariage force|pris(?:e|s)? (?:son|ses) papiers et (?:son|le) telephone",
    ),
    "rue": (
        r"(?:dort|dorment|dormir|dors|passe la nuit|passent la nuit|vit|vivent|couche|couchent) (?:\w+ ){0,3}?(?:dehors|dans (?:sa|la|leur|une) (?:voiture|cave|camionnette|kangoo|twingo|clio)|a la (?:rue|gare)|dans (?:un|le|son) (?:garage|hall|parc|bois|abri|squat|parking)|sous (?:un|le|une) (?:pont|porche|tente)|sous tente|sur (?:un|le) (?:banc|trottoir))",
        r"(?:a|sont|est|suis|seront|sera|finir|se retrouve(?:nt)?|mis|mise|jete\w*|foutu\w*|va etre|vont etre|serait) (?:\w+ ){0,3}?(?:a la rue|dehors) ?(?:ce soir|cette nuit|depuis|avec|ce matin|hier|demain|aujourd hui|maintenant|sans|et|$)",
        r"(?:a la rue|sans toit|sans abri|sdf|plus de toit|nulle part ou (?:dormir|aller)|pas d endroit ou dormir|sans logement ce soir|ou dormir ce soir|(?:sait|savent|sais) pas ou (?:dormir|aller dormir|coucher))",
        r"(?:rien|pas|plus) (?:d endroit |de toit |de logement |de solution |ou )?(?:pour )?(?:dormir|coucher|cette nuit|ce soir)(?: \w+){0,2}(?:ce soir|cette nuit|$)",
        r"(?:ce soir|cette nuit) (?:\w+ ){0,5}?(?:dehors|a la rue|nulle part|sans toit|pas ou (?:dormir|aller))|(?:mise?|mis|foutue?s?|jetee?s?) (?:a la porte|dehors) (?:ce matin|hier|cette nuit|ce soir|aujourd hui|par)",
        r"expuls\w+ (?:ce matin|aujourd hui|hier|par la police)(?: \w+){0,8}",
    ),
    "vital": (
        r"(?:fait|fais|en train de faire|a fait|debut d|debut de|refait) (?:\w+ )?(?:un )?(?:malaise|avc|arret cardiaque|infarctus|crise cardiaque|crise d epilepsie|crise d asthme)",
        r"(?:ne )?respire (?:plus|pas|mal)|(?:s etouffe|s est etouffe|suffoque|etouffe) (?:a l accueil|devant|la|depuis|avec|$)|(?:inconscient|inconsciente|sans connaissance|evanouie?|s est evanouie?|perd connaissance|ne repond plus|ne reagit plus|s ecroule|vient de tomber et)",
        r"douleurs? (?:\w+ )?(?:a la|dans la) poitrine|(?:saigne|perd (?:beaucoup de|du) sang|hemorragie)|bouche (?:tordue|de travers)|(?:est|va) (?:en train d )?accoucher|perd les eaux|contractions (?:toutes|rapprochees)|convuls\w+|choc allergique",
        r"ne repond (?:plus|pas) (?:au telephone|a la porte|quand on (?:frappe|sonne))(?: \w+){0,10}?(?:mot|lettre|adieu|inquiet|inquiete)",
    ),
    "intoxication": (
        r"(?:avale|bu|ingere|inhale) (?:\w+ ){0,4}?(?:javel|lessive|deboucheur|produit (?:menager|toxique|chimique|d entretien)|mort aux rats|antigel|pile|medicaments? de|detergent|capsule)",
        r"intoxication (?:au monoxyde|au gaz|au co)|monoxyde de carbone|odeur de gaz|fuite de gaz|overdose",
    ),
    "incendie": (
        r"(?:le feu|un feu|incendie|ca brule|en feu|prend feu|pris feu|flammes|fumee) (?:\w+ ){0,4}?(?:chez|maison|appartement|immeuble|cuisine|logement|partout|en ce moment|maintenant|mairie|accueil)|au feu",
    ),
}
_MOTIFS = {genre: [re.compile(rf"(?:^|\b)(?:{cue})(?:\b|$)") for cue in cues] for genre, cues in _CUES.items()}

# The same words in a message that asks about a subject, a number or the past: not an urgency.
_APAISE = re.compile(
    r"\b(?:combien|taux|fiche|indicateurs?|formation|sensibilis\w+|definition|c est quoi|qu est ce que|que veut dire|sigle|journee|affiche|plaquette|prevention|partenaires?|pilote|reseau vif|brochure|conference|theatre|statistiques?|exercice|film|livre|jeu video|jeux video|il y a (?:\d+|deux|trois|dix|vingt) ans|autrefois|quand (?:il|elle) etait (?:petite?|jeune)|par le passe|ancien(?:ne)? victime|qui finance|qui paie|le numero du|c est quel numero)\b"
)
# Violence named without a danger now: the numbers still come first, but the cue is weaker than the words of a question.
_NIE = re.compile(r"\b(?:pas|jamais|plus|aucune?|sans) (?:de |d |ete |etre |la |le |les |l )?$")


def sure_cues(texte: str) -> tuple[str, ...]:
    """Kinds of urgency that the words of a message say for sure, most vital first."""
    plat = fold(texte)
    if _APAISE.search(plat):
        return ()
    trouves = []
    for genre in KINDS:
        for motif in _MOTIFS.get(genre, ()):
            m = motif.search(plat)
            if m and not _NIE.search(plat[: m.start()]):
                trouves.append(genre)
                break
    if "enfance" in trouves and "violences" in trouves:
        trouves = [genre for genre in trouves if genre != "enfance"] + ["enfance"]
    return tuple(trouves)


# Chosen on tests/donnees/urgences.csv (docs/comprehension.md): sure enough for the band, or doubtful enough for one line.
_SUR = 0.62
_SUR_AVEC_INDICE = 0.2
_SUR_D_UNE_QUESTION = 0.9  # a figure, a fiche or the past is asked about
_DOUTE = 0.18
_DOUTE_AILLEURS = 0.4  # a need of another kind is certain: « il veut apprendre à lire » is no danger
BESOIN_CERTAIN = 0.9
# The needs that each kind of urgency may look like; the others (vital, fire, poison) may look like any.
_PROCHES = {
    "rue": ("logement/", "gens-du-voyage/", "violences/"),
    "violences": ("violences/", "parentalite/", "logement/hebergement-urgence"),
    "enfance": ("violences/", "parentalite/", "sante/", "petite-enfance/"),
    "suicide": ("sante/", "droits/isolement", "parentalite/"),
}


def read_urgency(texte: str, tete: Head, vecteur: np.ndarray, anodin: bool = False, besoin: BesoinVu | None = None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Kinds of urgency of a message, most likely first: those that are sure, and those that cannot be excluded.

    ``anodin``: its act is small talk (« il fait beau »): without a sure cue, only a near certainty alarms. ``besoin``: the first need read.
    """
    p = tete.proba(vecteur, ngrams(texte))
    notes = {genre: float(p[i]) for i, genre in enumerate(tete.classes) if genre != SANS_URGENCE}
    total = sum(notes.values())
    indices = sure_cues(texte)
    sur = _SUR_D_UNE_QUESTION if anodin or _APAISE.search(fold(texte)) else _SUR
    if total >= sur or (indices and total >= _SUR_AVEC_INDICE):
        retenus = set(indices) or {max(notes, key=lambda genre: notes[genre])}
        # Beside a sure cue, the meaning alone must be surer to add another kind.
        retenus |= {genre for genre, note in notes.items() if note >= (_SUR if indices else 0.3)}
        return tuple(sorted(retenus, key=lambda genre: (-notes.get(genre, 0.0), KINDS.index(genre)))), ()
    # A sure cue is never silenced by the score alone.
    pire = max(notes, key=lambda genre: notes[genre])
    ailleurs = besoin is not None and besoin.score >= BESOIN_CERTAIN and pire in _PROCHES and not besoin.id.startswith(_PROCHES[pire])
    if total >= (sur if anodin else _DOUTE_AILLEURS if ailleurs else _DOUTE) or indices:
        return (), indices[:1] or (pire,)
    return (), ()
