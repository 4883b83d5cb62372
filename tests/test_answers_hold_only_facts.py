"""Every proper name, number and address in an answer is in the base: nothing comes from a template."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from bot.assistant import Assistant, assistant
from knowledge.build import BASE
from knowledge.text import fold

QUESTIONS = """
où orienter un jeune de 19 ans pour un logement à Lillers ?
monsieur dort dans son garage depuis hier, Auchel
une dame de 34 ans avec deux enfants cherche une place en crèche à Beuvry
sa fille de 4 ans ne parle toujours pas, Hersin
il a 58 ans et il rend les formulaires vides, Isbergues
elle n'arrive pas à ouvrir sa boîte mail, Calonne-Ricouart
loyer impayé depuis trois mois, propriétaire menace, Barlin
22 ans, sans rien faire depuis le bac, Divion
le petit de 8 mois n'est pas gardé, elle reprend lundi, Chocques
ma voisine s'occupe de son mari malade et n'en peut plus, Houdain
facture de gaz qu'elle ne peut plus payer, Marles-les-Mines
passoire thermique, la toiture est à refaire, propriétaire à Gosnay
aire d'accueil complète, une famille du voyage à Béthune
enceinte de 5 mois, pas de médecin, Nœux-les-Mines
ado qui ne va plus en cours, la mère est perdue, Labourse
crèches à Bruay-la-Buissière
adresse du LAEP de Beuvry
téléphone de la mairie de Divion
où est le CLLAJ
liste des relais petite enfance
ludothèques du territoire
médiathèque à Annezin ?
MAM à Vermelles
CNFS = ?
PDALHPD ça veut dire quoi
c'est quoi un EVS
qui pilote la 4.1.3
échéance de la fiche 3.3.4
partenaires de la fiche 2.2.2
à quoi sert la fiche 1.5.2
combien d'assistantes maternelles en activité
nombre d'allocataires RSA
taux de pauvreté
population du territoire
combien de logements indignes
27 ans, ENVAUL possible ?
à 31 ans peut-on avoir le CLLAJ
permis de louer à Ruitz ?
permis de louer à Lillers ?
service civique à 28 ans
les horaires de la médiathèque de Lillers ?
le prix de la crèche de Béthune
un logement pour une dame de Lens
il dit toujours qu'il a oublié ses lunettes quand je lui tends un formulaire
comment lui parler de ses difficultés à lire
je sais pas quoi faire
Lillers
bonjour
son mari la frappe, elle est devant moi
il parle d'en finir, il a 17 ans
""".strip().splitlines()

# Words that open a sentence or name a part of an answer: they state nothing about the world.
MAJUSCULE = re.compile(r"(?<=[a-zà-ÿ,;:)] )(?:[A-ZÉÈÊÀÂÎÔÇŒ][\w’'-]*[a-zà-ÿ][\w’'-]*|[A-Z]{2,}[\w]*)")
NOMBRE = re.compile(r"\d+(?:[ .,]\d+)*")
PHRASES_DU_PRODUIT = {fold(mot) for mot in "Écarté Convient Relais Source Numéro Rien Nom Attention Lieux Public Téléphones URGENCE Compris À".split()}


@pytest.fixture(scope="module")
def aide() -> Assistant:
    return assistant()


@pytest.fixture(scope="module")
def dit_par_la_base() -> str:
    with closing(sqlite3.connect(BASE)) as connexion:
        return " " + " ".join(_cells(connexion)) + " "


def _cells(connexion: sqlite3.Connection) -> Iterator[str]:
    for (table,) in connexion.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%'").fetchall():
        if table.startswith(("sqlite_", "recherche", "indice", "lexique")):
            continue  # words people type are not facts
        for ligne in connexion.execute(f'SELECT * FROM "{table}"'):
            yield from (fold(str(valeur)) for valeur in ligne if valeur is not None)


def test_there_are_fifty() -> None:
    assert len(QUESTIONS) == 50


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_number_and_name_is_held(question: str, aide: Assistant, dit_par_la_base: str) -> None:
    _, reponse, _ = aide.ask(question)
    assert unheld(reponse.texte, question, dit_par_la_base) == []


def test_an_invented_fact_is_seen(aide: Assistant, dit_par_la_base: str) -> None:
    _, reponse, _ = aide.ask(QUESTIONS[0])
    faux = f"{reponse.texte}\nRelais : la Maison Vantestaert, rue Zanzibar, 03 21 99 87 65."
    assert unheld(faux, QUESTIONS[0], dit_par_la_base) == ["03 21 99 87 65", "Vantestaert", "Zanzibar"]


def unheld(texte: str, question: str, base: str) -> list[str]:
    """Numbers, then names, that neither the base nor the question holds."""
    permis = _computed(texte, question)
    nombres = [n for n in NOMBRE.findall(_without_marks(texte)) if n not in permis and not re.search(rf"(?<!\d){re.escape(fold(n))}(?!\d)", base)]
    noms = [re.sub(r"^(?:[dlnsmtj]|qu)[’']", "", nom) for nom in MAJUSCULE.findall(texte)]
    return nombres + [nom for nom in noms if fold(nom) not in PHRASES_DU_PRODUIT and f" {fold(nom)} " not in base]


def _without_marks(texte: str) -> str:
    """Without what the product counts itself: ranks of a list, distances, « et N autres »."""
    texte = re.sub(r"^\d+\. ", "", texte, flags=re.MULTILINE)
    texte = re.sub(r"à \d+ km", "", texte)
    return re.sub(r"(?:Et aussi \(|et |liste des |sur )\d+(?:\)| autres?| communes)", "", texte)


def _computed(texte: str, question: str) -> set[str]:
    """Numbers that the question itself gives, and counts of rows shown."""
    dits = set(NOMBRE.findall(question))
    comptes = set(re.findall(r"(\d+) (?:lieux|réponses|lignes|structures|trouv\w+|communes)", texte))
    return dits | comptes
