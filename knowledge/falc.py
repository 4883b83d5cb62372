"""Easy-to-read words (FALC) for each need: what the person says, what it is for, and the picture beside it.

Short sentences, one idea each, no sigle. A need without words of its own gets general ones.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from knowledge.base import Base
from knowledge.text import contains


@dataclass(frozen=True)
class Mots:
    dire: str  # after « Bonjour. »
    pour: str  # after « Pour »
    image: str  # name of a pictogram


GENERAUX = Mots("J'ai besoin d'aide.", "avoir de l'aide", "aide")

PAR_BESOIN: dict[str, Mots] = {
    "logement/hebergement-urgence": Mots("Je n'ai pas de logement pour cette nuit.", "dormir à l'abri", "maison"),
    "logement/jeune-autonome": Mots("Je cherche un logement.", "trouver un logement", "maison"),
    "logement/cohabitation": Mots("Je cherche une chambre chez une personne âgée.", "partager un logement", "maison"),
    "logement/recherche": Mots("Je cherche un logement.", "trouver un logement", "maison"),
    "logement/impayes-expulsion": Mots("Je n'arrive plus à payer mon loyer.", "garder son logement", "maison"),
    "logement/indigne": Mots("Mon logement est en mauvais état.", "avoir un logement en bon état", "maison"),
    "logement/permis-de-louer": Mots("Je veux louer un logement.", "avoir l'accord pour louer un logement", "maison"),
    "logement/renovation-energie": Mots("Je veux faire des travaux chez moi.", "avoir moins froid et payer moins d'énergie", "maison"),
    "logement/adaptation": Mots("Je veux adapter mon logement.", "bouger chez soi sans danger", "maison"),
    "logement/souffrance-psychique": Mots("Je cherche un logement. J'ai besoin d'aide.", "avoir un logement et de l'aide", "maison"),
    "logement/demandeurs-asile": Mots("Je demande l'asile. Je cherche un lieu où dormir.", "dormir à l'abri", "maison"),
    "gens-du-voyage/aire": Mots("Je cherche une place pour ma caravane.", "trouver une place pour la caravane", "maison"),
    "gens-du-voyage/accompagnement": Mots(
        "Je fais partie des gens du voyage. J'ai besoin d'aide pour mes papiers.", "avoir de l'aide pour les papiers et l'école", "papiers"
    ),
    "illettrisme/adulte": Mots("Je veux apprendre à lire et à écrire.", "apprendre à lire et à écrire", "livre"),
    "illettrisme/enfant": Mots("Mon enfant veut mieux lire.", "aider un enfant à lire", "livre"),
    "illettrisme/reperage": Mots("Je veux apprendre à lire et à écrire.", "apprendre à lire et à écrire", "livre"),
    "numerique/apprendre": Mots("Je veux apprendre à me servir d'un ordinateur.", "apprendre l'ordinateur et internet", "ordinateur"),
    "numerique/demarche-en-ligne": Mots(
        "Je dois faire un papier sur internet. Je n'y arrive pas.", "faire un papier sur internet avec quelqu'un", "ordinateur"
    ),
    "numerique/coffre-fort": Mots("Je veux garder mes papiers en sécurité.", "ranger ses papiers sur internet", "ordinateur"),
    "droits/demarches": Mots("J'ai besoin d'aide pour mes papiers.", "avoir de l'aide pour les papiers", "papiers"),
    "droits/justice": Mots("Je veux connaître mes droits.", "connaître ses droits", "papiers"),
    "droits/prestations": Mots("Je veux savoir à quelles aides j'ai droit.", "demander une aide", "papiers"),
    "droits/alimentation": Mots("J'ai besoin de nourriture.", "avoir à manger", "panier"),
    "droits/budget": Mots("J'ai des problèmes d'argent.", "mieux gérer son argent", "argent"),
    "droits/isolement": Mots("Je veux voir du monde.", "rencontrer des gens", "famille"),
    "droits/seniors": Mots("J'ai besoin d'aide à la maison.", "avoir de l'aide à la maison", "maison"),
    "violences/urgence": Mots("Je suis en danger.", "être en sécurité", "bouclier"),
    "violences/accompagnement": Mots("On me fait du mal. J'ai besoin d'aide.", "parler et être en sécurité", "bouclier"),
    "violences/enfance-danger": Mots("Un enfant est en danger.", "protéger un enfant", "bouclier"),
    "sante/mentale": Mots("Je ne vais pas bien. Je veux parler à quelqu'un.", "aller mieux", "sante"),
    "sante/mentale-jeune": Mots("Je ne vais pas bien. Je veux parler à quelqu'un.", "aller mieux", "sante"),
    "sante/addictions": Mots("Je veux de l'aide pour arrêter.", "arrêter l'alcool, la drogue, le tabac ou les jeux", "sante"),
    "sante/ecrans": Mots("Mon enfant passe trop de temps sur les écrans.", "aider un enfant à quitter les écrans", "enfant"),
    "sante/acces-soins": Mots("Je veux me soigner. J'ai besoin d'aide.", "se soigner", "sante"),
    "sante/sexuelle": Mots("J'ai une question sur ma santé. C'est privé.", "parler de contraception et de sexualité", "sante"),
    "sante/grossesse": Mots("J'attends un bébé. Ou : j'ai un bébé.", "suivre la grossesse et le bébé", "enfant"),
    "handicap/enfant-accueil": Mots("Mon enfant a un handicap. Je cherche un accueil.", "trouver un accueil pour un enfant handicapé", "enfant"),
    "handicap/enfant-soin": Mots("Je m'inquiète pour mon enfant. Il grandit mal ou parle peu.", "soigner et aider un enfant", "enfant"),
    "handicap/droits": Mots("J'ai un handicap. Je veux faire un dossier.", "faire un dossier handicap", "papiers"),
    "handicap/repit": Mots("J'aide un proche. J'ai besoin de repos.", "souffler un peu", "famille"),
    "petite-enfance/accueil-collectif": Mots("Je cherche une place en crèche.", "faire garder un enfant", "enfant"),
    "petite-enfance/accueil-individuel": Mots("Je cherche une assistante maternelle.", "faire garder un enfant", "enfant"),
    "petite-enfance/ponctuel": Mots("Je cherche quelqu'un pour garder mon enfant de temps en temps.", "faire garder un enfant de temps en temps", "enfant"),
    "petite-enfance/metier": Mots("Je veux travailler avec de jeunes enfants.", "travailler avec de jeunes enfants", "travail"),
    "petite-enfance/eveil": Mots("Je cherche une activité pour mon petit enfant.", "jouer et découvrir", "enfant"),
    "parentalite/lien-tout-petit": Mots("Je veux rencontrer d'autres parents.", "rencontrer d'autres parents", "famille"),
    "parentalite/soutien": Mots("C'est difficile avec mon enfant. J'ai besoin de conseils.", "avoir des conseils de parents", "famille"),
    "parentalite/separation": Mots("Je me sépare. J'ai besoin d'aide pour les enfants.", "se parler malgré la séparation", "famille"),
    "parentalite/scolarite": Mots("Je cherche de l'aide pour les devoirs.", "aider un enfant à l'école", "livre"),
    "jeunesse/emploi-formation": Mots("Je suis jeune. Je cherche un travail ou une formation.", "trouver un travail ou une formation", "travail"),
    "jeunesse/decrochage": Mots("C'est difficile à l'école. J'ai besoin d'aide.", "retrouver le chemin de l'école", "livre"),
    "jeunesse/information": Mots("Je suis jeune. J'ai une question.", "avoir des informations", "aide"),
    "jeunesse/engagement": Mots("Je veux aider les autres.", "se rendre utile", "famille"),
    "jeunesse/animation-bafa": Mots("Je veux m'occuper d'enfants en centre de loisirs.", "devenir animateur", "travail"),
    "jeunesse/loisirs-ados": Mots("Je cherche des activités pour un adolescent.", "faire des activités", "famille"),
    "jeunesse/loisirs-enfants": Mots("Je cherche un centre de loisirs pour mon enfant.", "faire garder et amuser un enfant", "enfant"),
    "jeunesse/vacances": Mots("Je veux partir en vacances. J'ai peu d'argent.", "partir en vacances", "argent"),
    "jeunesse/prevention": Mots("Un jeune a besoin d'aide.", "aider un jeune", "aide"),
    "emploi/adulte": Mots("Je cherche un travail ou une formation.", "trouver un travail ou une formation", "travail"),
    "mobilite/se-deplacer": Mots("Je n'ai pas de voiture. Je dois me déplacer.", "se déplacer", "bus"),
    "mobilite/jeune": Mots("Je suis jeune. J'ai besoin d'aide pour me déplacer.", "avoir le permis ou prendre le bus", "bus"),
}


def words_for(besoin: str | None) -> Mots:
    return PAR_BESOIN.get(besoin or "", GENERAUX)


def plain(base: Base, texte: str) -> str:
    """The text with every sigle written out, even the best known: none stands alone."""
    sens_dits: set[str] = set()

    def replace(m: re.Match[str]) -> str:
        sens = base.expanded(m[0])
        if not sens or "ne développe pas" in sens or m[0] in sens_dits or contains(texte, sens):
            return m[0]
        sens_dits.add(m[0])
        return sens

    return re.sub(r"(?<![\w-])(?:[A-Z][A-Z0-9]{1,}i?|Caf|Crous)(?![\w-])", replace, texte)
