"""Facts of the person's situation: said, or denied. Words are written folded; each fact is one of ``schema.FAITS``."""

from __future__ import annotations

import re

from knowledge.text import fold

_FAITS: dict[str, str] = {
    "sans_abri": r"sdf|sans abri|sans toit|sans logement|sans domicile|a la rue|dort dehors|dorment dehors|dors dehors|dort dans (?:sa|la|une|leur) (?:voiture|cave|tente|caravane|garage)|vit dans (?:sa|la|leur) voiture|dort a la gare|plus de toit|pas de toit|dort sous",
    "sans_ressource": r"sans (?:aucune? )?(?:ressources?|revenus?|argent)|rien pour vivre|aucun revenu|aucune ressource|pas de (?:ressources?|revenus?)|plus (?:de |aucune? )(?:ressources?|revenus?)|pas un rond|plus un sou|zero revenu|ni revenu",
    "ressources_modestes": r"revenus? (?:tres )?modestes?|petits? revenus?|petite retraite|petites ressources|faibles? (?:revenus?|ressources)|pas beaucoup d argent|pas riches?|au smic",
    "locataire": r"locataires?|loue un|loue une|mon bailleur|son bailleur|leur bailleur|son loyer|mon loyer|leur loyer|(?<!est )(?<!suis )(?<!sont )(?<!jsui )(?<!jsuis )(?<!couple )(?<!pas )proprio(?! occupant| \d)|son proprietaire|leur proprietaire|mon proprietaire|le proprietaire (?:ne|veut|refuse|dit|fait)|hlm",
    "proprietaire": r"(?:est|suis|jsuis?|sont|etes|couple) proprios?|proprios? (?:occupants?|\d+ ?a(?:ns)?)|(?:est|suis|sont|etes|couple|dame|monsieur|retraites?|ans|et) proprietaires?|proprietaires? (?:de (?:sa|leur|ma|son|mon)|occupants?|modestes?)|a achete (?:sa|une|leur) maison|sa propre maison|(?:sa|leur|ma) maison (?:est|a|de)|proprietaire ,? ?(?:d une maison|maison)|(?<=pas )proprietaires?|(?<=plus )proprietaires?|(?<=jamais ete )proprietaires?",
    "bailleur": r"je loue (?:mon|ma|mes|l|des)|je loue une? \w+ a (?:un|une|des|mon|ma|quelqu)|mettre en location|mon locataire|mes locataires|son locataire|ses locataires|proprietaire bailleur|veut louer (?:son|sa|un|une|l)|loue (?:son|sa|mon|ma) (?:maison|appart|appartement|logement|studio)|bailleur prive|investisseur",
    "heberge": r"heberge[es]*|chez (?:des amis|un ami|une amie|sa soeur|son frere|un copain|une copine|ses parents|sa mere|son pere)|squatte|sur (?:le|un) canape",
    "etudiant": r"etudiante?s?|fac|iut|bts|licence|master|universite|alternant en licence",
    "lyceen": r"lyceenn?e?s?|au lycee|terminale",
    "apprenti": r"apprenti[es]*|alternance|alternante?|contrat d apprentissage",
    "salarie": r"salarie[es]*|en cdi|en cdd|interim(?:aire)?|travaille a|travaille dans|en poste",
    "demandeur_emploi": r"chomage|chomeuse?s?|demandeu(?:r|se)s? d emploi|cherche (?:du|un) (?:travail|emploi|boulot)|inscrit a pole emploi|inscrit a france travail|perdu son (?:travail|emploi|boulot)|licencie[es]*",
    "sans_emploi_ni_formation": r"ni ecole ni|ni (?:emploi|travail|boulot) ni|ni etudes ni|ne fait rien|fait rien de ses journees|plus d ecole (?:ni|et)|neet",
    "retraite": r"retraite[es]*|pension de retraite",
    "parent_isole": r"seule? avec (?:(?:ses|mes) (?:\d+|deux|trois|quatre|cinq|six)|ses|son|sa|mes|un|une|\d+|deux|trois|quatre|cinq|six) (?:enfants?|fils|fille|bebe|gosses)|eleve seule?|mere isolee|pere isole|maman (?:seule|solo)|papa solo|famille monoparentale|parent isole",
    "enceinte": r"enceinte|attend un (?:bebe|enfant)|future maman|grossesse",
    "enfants_a_charge": r"(?:avec|et) (?:ses|mes|leurs|\d+|deux|trois|quatre) (?:enfants?|gosses|petits|gamins)|(?:ses|mes|leurs|nos) (?:\d+|deux|trois|quatre|cinq|six) (?:enfants|gosses|petits|gamins)|enfants? a charge|famille nombreuse",
    "handicap": r"handicape[es]*|en situation de handicap|handicap|fauteuil roulant|autiste|autisme|trisomi\w+|aah|aeeh|mdph|sourde?|malentendante?|aveugle|malvoyante?|polyhandicape",
    "perte_autonomie": r"perte d autonomie|perd son autonomie|n arrive plus a (?:monter|entrer|marcher)|gir \d|ne peut plus monter|dependante?",
    "souffrance_psychique": r"souffrance psychique|schizophren\w+|bipolaire|depressi\w+|troubles psy\w*|maladie psychique|suivi en psy\w*|hospitalise en psy\w*",
    "gens_du_voyage": r"gens du voyage|voyageurs?|caravanes?|tsiganes?|gitans?|manouches?|aire d accueil|forains?",
    "sortant_ase": r"sort(?:ant)?e? (?:du foyer|de l ase|d ase|de l aide sociale|de famille d accueil|de placement)|foyer de l enfance|aide sociale a l enfance|ase|enfant placee?|placee? (?:en foyer|en famille|a l ase)|famille d accueil|ancien mineur place",
    "rsa": r"rsa|revenu de solidarite",
    "allocataire_caf": r"allocataire|touche (?:l )?(?:apl|la caf|les allocs?)|percoit l apl|aide au logement|apl",
    "demandeur_asile": r"demandeu(?:r|se)s? d asile|refugiee?s?|migrante?s?|exilee?s?|sans papiers",
    "victime": r"victimes?|violences? (?:conjugales?|intrafamiliales?)|battue|frappee|se fait taper|mari violent|conjoint violent",
    "rqth": r"rqth|travailleur handicape",
    "quartier_prioritaire": r"qpv|quartier prioritaire",
    "sans_voiture": r"pas de voiture|sans voiture|plus de voiture|(?:pas|plus) (?:de|le|son) permis(?! (?:de|d) (?!conduire))|pas vehicule|ne conduit p(?:as|lus)|n est pas vehicule",
    "assistant_maternel": r"je suis assistante? maternel(?:le)?|(?:est|une) assistante? maternel(?:le)? (?:agree+|depuis|qui)",
    "professionnel": r"mes collegues|notre equipe|je suis agent|nos agents|mon service|en tant qu agent|pour (?:les|nos) agents|je cherche une formation pour|notre ccas|les accueillants",
}
_MOTIFS = {fait: re.compile(rf"\b(?:{motif})\b") for fait, motif in _FAITS.items()}
_NIE = re.compile(
    r"\b(?:n est pas|n est plus|n a pas|n a plus|n y a pas|est pas|pas|pas du tout|ni|non|jamais|aucune?|n etait pas)(?: (?:en|un|une|de|d|du|au|a|vraiment|encore|sous|ete|eu|touche|percu|recu|(?<!non )(?:le|la|l|les)))*$"
)
# « sans abri », « pas de voiture » hold their own negation: what stands before them does not deny them.
_PORTE_SA_NEGATION = {"sans_abri", "sans_ressource", "sans_voiture", "sans_emploi_ni_formation"}

# A right that is denied stays denied when it is named again: « il n'a pas le RSA, comment demander le RSA ».
_DROITS = {"rsa", "rqth", "allocataire_caf"}


def find_facts(texte: str) -> dict[str, bool]:
    """Facts said (True) or denied (False) in a message."""
    plat = fold(texte)
    faits: dict[str, bool] = {}
    for fait, motif in _MOTIFS.items():
        for m in motif.finditer(plat):
            nie = bool(_NIE.search(plat[: m.start()].rstrip())) and fait not in _PORTE_SA_NEGATION
            if fait in _PORTE_SA_NEGATION and re.search(r"\b(?:n est pas|est pas|pas) $", plat[: m.start()]):
                nie = True
            if fait in _DROITS and fait in faits:
                faits[fait] = faits[fait] and not nie
            else:
                faits[fait] = faits.get(fait, False) or not nie
    if faits.get("bailleur") and "locataire" in faits and not re.search(r"\b(?:suis|est) locataire\b", plat):
        del faits["locataire"]
    # A wage, or a home of one's own, denies what it contradicts; only where nothing else was said.
    if faits.get("salarie"):
        faits.setdefault("sans_ressource", False)
    if (
        faits.get("locataire")
        or faits.get("proprietaire")
        or re.search(r"\b(?:deja|a|dans) (?:son|sa|un|leur) (?:propre )?(?:studio|appart|appartement|logement)\b(?! (?:a|de) trouver)", plat)
    ):
        faits.setdefault("sans_abri", False)
    return faits
