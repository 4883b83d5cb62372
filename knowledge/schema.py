"""Tables of the base, declared once.

The same declaration gives the SQL (``knowledge.build``), the messages of ``knowledge check`` and the generated
part of ``docs/base.md``. A column that holds several values is written with ``|`` between them in the CSV and
becomes a link table ``<table>_<colonne>`` in SQLite, so that foreign keys hold for each value.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Column:
    """One column of a table, as the référent sees it in the CSV."""

    nom: str
    doc: str
    type: str = "TEXT"  # TEXT, INTEGER or REAL
    requis: bool = False
    multiple: bool = False
    vocabulaire: tuple[str, ...] = ()
    reference: str | None = None  # name of the table whose key the value must be
    bornes: tuple[int, int] | None = None  # least and greatest integer, both allowed


@dataclass(frozen=True)
class Table:
    """One CSV of ``knowledge/sources`` and one table of the base. The first column is the key."""

    nom: str
    doc: str
    colonnes: tuple[Column, ...]
    prouvee: bool = True  # carries source, ligne, citation
    recherche: tuple[str, ...] = field(default=())  # columns that full-text search reads

    @property
    def cle(self) -> Column:
        return self.colonnes[0]

    def colonne(self, nom: str) -> Column:
        """Raise KeyError when the table has no such column."""
        for colonne in self.colonnes:
            if colonne.nom == nom:
                return colonne
        raise KeyError(nom)


THEMES = (
    "logement",
    "jeunesse",
    "petite_enfance",
    "parentalite",
    "illettrisme",
    "numerique",
    "acces_droits",
    "sante",
    "handicap",
    "violences",
    "gens_du_voyage",
    "mobilite",
    "emploi",
    "gouvernance",
)

ETATS = ("en service", "projet", "experimentation", "etude")

# Vocabularies of data.inclusion v1, see docs/base.md for the link with each theme.
TYPES_SERVICE = ("accompagnement", "aide-financiere", "aide-materielle", "atelier", "formation", "information")
PUBLICS = (
    "tous-publics",
    "actifs",
    "beneficiaires-des-minimas-sociaux",
    "demandeurs-emploi",
    "etudiants",
    "familles",
    "femmes",
    "jeunes",
    "personnes-en-situation-de-handicap",
    "personnes-en-situation-durgence",
    "personnes-en-situation-juridique-specifique",
    "personnes-exilees",
    "residents-qpv-frr",
    "seniors",
)
FRAIS = ("gratuit", "payant")
MODES_ACCUEIL = ("a-distance", "en-presentiel")
THEMATIQUES = tuple(
    f"{categorie}--{valeur}"
    for categorie, valeurs in {
        "choisir-un-metier": (
            "confirmer-son-choix-de-metier",
            "connaitre-les-opportunites-demploi",
            "decouvrir-un-metier-ou-un-secteur-dactivite",
            "identifier-ses-points-forts-et-ses-competences",
        ),
        "difficultes-administratives-ou-juridiques": (
            "accompagnement-aux-demarches-administratives",
            "accompagnement-pour-lacces-a-la-citoyennete",
            "accompagnement-pour-lacces-aux-droits",
            "beneficier-dune-mesure-daccompagnement-adapte",
            "connaitre-ses-droits-face-a-une-discrimination",
            "prendre-en-compte-une-problematique-judiciaire",
        ),
        "difficultes-financieres": (
            "acquerir-une-autonomie-budgetaire",
            "ameliorer-sa-gestion-budgetaire",
            "mettre-en-place-une-mesure-de-protection-financiere",
            "prevenir-une-degradation-de-la-situation-financiere",
            "situation-dendettement-surendettement",
        ),
        "equipement-et-alimentation": ("aide-menagere", "alimentation", "electromenager", "habillement"),
        "famille": (
            "garde-denfants",
            "prise-en-charge-personne-dependante",
            "soutien-a-la-parentalite-et-a-leducation",
            "soutien-aidants",
            "surmonter-conflits-separation-violence",
        ),
        "lecture-ecriture-calcul": ("maitriser-le-calcul", "maitriser-le-francais"),
        "logement-hebergement": (
            "acheter-un-logement",
            "changer-de-logement",
            "louer-un-logement",
            "rechercher-une-solution-dhebergement-temporaire",
            "reduire-les-impayes-de-loyer",
            "se-maintenir-dans-le-logement",
            "sinformer-sur-les-demarches-liees-a-lacces-au-logement",
        ),
        "mobilite": (
            "acceder-a-un-vehicule",
            "entretenir-reparer-son-vehicule",
            "etre-accompagne-dans-son-parcours-mobilite",
            "financer-ma-mobilite",
            "preparer-un-permis",
            "mobilite-douce-partagee-collective",
        ),
        "numerique": (
            "acceder-a-des-services-en-ligne",
            "acceder-a-une-connexion-internet",
            "acquerir-un-equipement",
            "maitriser-les-fondamentaux-du-numerique",
        ),
        "preparer-sa-candidature": (
            "developper-son-reseau",
            "organiser-ses-demarches-de-recherche-demploi",
            "realiser-un-cv-et-ou-une-lettre-de-motivation",
            "valoriser-ses-competences",
        ),
        "remobilisation": (
            "activites-sportives-et-culturelles",
            "benevolat-action-citoyenne",
            "bien-etre-confiance-en-soi",
            "lien-social",
        ),
        "sante": (
            "acces-aux-soins",
            "addictions",
            "constituer-un-dossier-mdph-invalidite",
            "sante-mentale",
            "sante-sexuelle",
        ),
        "se-former": ("monter-son-dossier-de-formation", "trouver-sa-formation"),
        "trouver-un-emploi": (
            "convaincre-un-recruteur-en-entretien",
            "faire-des-candidatures-spontanees",
            "maintien-dans-lemploi",
            "repondre-a-des-offres-demploi",
            "suivre-ses-candidatures-et-relancer-les-employeurs",
        ),
    }.items()
    for valeur in valeurs
)

# What may be known of the person; a critère names one, the understanding of a message finds them.
FAITS = (
    "sans_abri",
    "sans_ressource",
    "ressources_modestes",
    "locataire",
    "proprietaire",
    "bailleur",
    "heberge",
    "etudiant",
    "lyceen",
    "apprenti",
    "salarie",
    "demandeur_emploi",
    "sans_emploi_ni_formation",
    "retraite",
    "parent",
    "parent_isole",
    "enceinte",
    "enfants_a_charge",
    "handicap",
    "perte_autonomie",
    "souffrance_psychique",
    "gens_du_voyage",
    "sortant_ase",
    "rsa",
    "allocataire_caf",
    "demandeur_asile",
    "victime",
    "rqth",
    "quartier_prioritaire",
    "sans_voiture",
    "assistant_maternel",
    "professionnel",
)

TYPES_STRUCTURE = (
    "association",
    "organisme de formation",
    "organisme social",
    "collectivite",
    "service de l'Etat",
    "etablissement public",
    "etablissement de sante",
    "bailleur",
    "reseau",
    "instance",
    "insertion",
    "entreprise",
    "autre",
)

TYPES_LIEU = (
    "eaje",
    "mam",
    "laep",
    "rpe",
    "alsh",
    "ludotheque",
    "sejour",
    "bafa",
    "coordination",
    "centre_social",
    "evs",
    "mediatheque",
    "pij",
    "mds",
    "france_services",
    "msap",
    "point_acces_droit",
    "pimms",
    "aire_accueil",
    "espace_jeunesse",
    "promeneur_du_net",
    "conseil_jeunes",
    "hebergement",
    "maternite",
    "prevention_specialisee",
    "antenne_caf",
    "autre",
)
SOUS_TYPES_LIEU = (
    "multi-accueil",
    "micro-creche",
    "creche",
    "creche-familiale",
    "extrascolaire",
    "periscolaire",
    "ados",
    "enfance",
    "jeunesse",
    "enfance-jeunesse",
)

GENRES_MISE_A_JOUR = ("ouverture", "fermeture", "renommage", "demenagement", "autre")

URGENCES = ("violences", "suicide", "enfance", "rue", "vital", "intoxication", "incendie")

# Training: see docs/formation.md.
NIVEAUX = ("decouverte", "courant", "difficile")
EXERCICES = ("porte", "question", "urgence", "sigle", "annuaire", "libre", "signe")
CHAMPS_CHERCHES = ("telephone", "adresse", "gestionnaire", "conditions", "porteur")

_OUI_NON = (0, 1)
_ID = Column("id", "Identifiant stable, en minuscules et tirets.", requis=True)

SOURCE = Table(
    "source",
    "Documents et pages publiques d'où viennent les faits.",
    (
        _ID,
        Column("titre", "Titre du document ou de la page.", requis=True),
        Column("editeur", "Qui le publie.", requis=True),
        Column("date", "Date du document ou de la page (AAAA, AAAA-MM ou AAAA-MM-JJ).", requis=True),
        Column("date_consultation", "Date de la lecture (AAAA-MM-JJ)."),
        Column("url", "Adresse publique, si elle existe."),
        Column("officielle", "1 si l'éditeur est une administration ou l'organisme lui-même.", type="INTEGER", requis=True, bornes=_OUI_NON),
        Column("libelle_court", "Comment la citer à la fin d'une réponse.", requis=True),
    ),
    prouvee=False,
)

COMMUNE = Table(
    "commune",
    "Les 100 communes de l'agglomération et leur mairie.",
    (
        Column("code_insee", "Code officiel géographique.", requis=True),
        Column("nom", "Nom officiel.", requis=True),
        Column("codes_postaux", "Codes postaux.", multiple=True, requis=True),
        Column("population", "Population totale 2020 de l'annexe 2 de la convention (habitants).", type="INTEGER", requis=True),
        Column("latitude", "Centre, degrés WGS 84.", type="REAL", requis=True),
        Column("longitude", "Centre, degrés WGS 84.", type="REAL", requis=True),
        Column("mairie_adresse", "Adresse de la mairie."),
        Column("mairie_telephone", "Téléphone de la mairie."),
        Column("mairie_courriel", "Courriel de la mairie."),
        Column("mairie_site", "Site de la mairie."),
        Column("mairie_horaires", "Horaires de la mairie, en toutes lettres."),
    ),
    recherche=("nom", "codes_postaux"),
)

COMMUNE_HORS = Table(
    "commune_hors",
    "Communes hors du territoire, pour les reconnaître et le dire.",
    (
        Column("code_insee", "Code officiel géographique.", requis=True),
        Column("nom", "Nom officiel.", requis=True),
        Column("departement", "Numéro de département.", requis=True),
        Column("population", "Habitants.", type="INTEGER"),
    ),
    prouvee=False,
)

BESOIN = Table(
    "besoin",
    "Arbre des besoins : ce qu'une personne peut demander. Une feuille se choisit, une branche regroupe.",
    (
        Column("id", "theme/feuille, en minuscules et tirets.", requis=True),
        Column("nom", "Nom court montré à l'agent.", requis=True),
        Column("theme", "Thème de la feuille.", requis=True, vocabulaire=THEMES),
        Column("description", "De quoi il s'agit, en mots de comptoir.", requis=True),
        Column("thematiques", "Thématiques data.inclusion v1 qui correspondent.", multiple=True, vocabulaire=THEMATIQUES),
        Column("age_min", "Âge où ce besoin se pose, en années.", type="INTEGER"),
        Column("age_max", "Âge jusqu'où ce besoin se pose, en années.", type="INTEGER"),
        Column("autre_age", "Besoin à prendre quand l'âge de la personne est hors des bornes.", reference="besoin"),
        Column("question", "La question qui précise le plus, posée après la réponse."),
    ),
    prouvee=False,
    recherche=("nom", "description"),
)

STRUCTURE = Table(
    "structure",
    "Les organisations : qui agit.",
    (
        _ID,
        Column("nom", "Nom complet.", requis=True),
        Column("sigle", "Sigle d'usage."),
        Column("type", "Nature de l'organisation.", requis=True, vocabulaire=TYPES_STRUCTURE),
        Column("themes", "Thèmes où elle agit.", multiple=True, vocabulaire=THEMES, requis=True),
        Column("description", "Ce qu'elle fait, en une ou deux phrases à nous.", requis=True),
        Column("etat", "En service ou projet.", requis=True, vocabulaire=ETATS),
        Column("communes", "Communes où le document la situe.", multiple=True, reference="commune"),
        Column(
            "mairies",
            "Communes dont c'est la mairie, ou dont la mairie la porte : on la joint alors comme le dit `commune`.",
            multiple=True,
            reference="commune",
        ),
        Column("reseaux_porteurs", "Réseau national (vocabulaire data.inclusion v1).", multiple=True),
        Column("adresse_confidentielle", "1 si l'adresse ne doit jamais être montrée.", type="INTEGER", bornes=_OUI_NON),
    ),
    recherche=("nom", "sigle", "description"),
)

SERVICE = Table(
    "service",
    "Ce qui est offert : dispositif, aide, accompagnement. C'est ce qu'une réponse propose.",
    (
        _ID,
        Column("structure", "Structure qui porte le service.", requis=True, reference="structure"),
        Column("nom", "Nom du service.", requis=True),
        Column("sigle", "Sigle d'usage."),
        Column("description", "À quoi il sert, en une phrase à nous.", requis=True),
        Column("etat", "En service, projet, expérimentation, étude.", requis=True, vocabulaire=ETATS),
        Column("type", "Type de service data.inclusion v1.", requis=True, vocabulaire=TYPES_SERVICE),
        Column("publics", "Publics data.inclusion v1.", multiple=True, vocabulaire=PUBLICS),
        Column("publics_precisions", "Public, dans les mots du document résumés."),
        Column("frais", "Gratuit ou payant, si le document le dit.", vocabulaire=FRAIS),
        Column("frais_precisions", "Prix exact, si le document le dit."),
        Column("modes_accueil", "À distance ou en présentiel, si le document le dit.", multiple=True, vocabulaire=MODES_ACCUEIL),
        Column("territoire_entier", "1 si le service vaut pour les 100 communes.", type="INTEGER", bornes=_OUI_NON),
        Column("zone_eligibilite", "Communes couvertes, si le document en donne la liste.", multiple=True, reference="commune"),
        Column("type_lieu", "Genre de lieu où le service se rend (les lieux sont dans lieu.csv).", vocabulaire=TYPES_LIEU),
        Column("reserve_professionnels", "1 si le service s'adresse aux agents, pas aux habitants.", type="INTEGER", bornes=_OUI_NON),
    ),
    recherche=("nom", "sigle", "description", "publics_precisions"),
)

SERVICE_BESOIN = Table(
    "service_besoin",
    "Quel service répond à quel besoin, et à quel rang.",
    (
        Column("id", "service:besoin.", requis=True),
        Column("service", "Service.", requis=True, reference="service"),
        Column("besoin", "Feuille de l'arbre des besoins.", requis=True, reference="besoin"),
        Column(
            "rang",
            "1 : première porte ; 2 : bonne porte ; 3 : en complément, montré seulement quand la liste est courte ou que la situation dite le demande.",
            type="INTEGER",
            requis=True,
        ),
        Column("pourquoi", "Pourquoi ce service convient à ce besoin, si sa description ne suffit pas."),
    ),
    prouvee=False,
)

CRITERE = Table(
    "critere",
    "Conditions d'un service, lisibles par la machine. Toutes doivent tenir, sauf celles d'un même groupe, dont une suffit ; l'inconnu devient « à vérifier ».",
    (
        _ID,
        Column("service", "Service concerné.", requis=True, reference="service"),
        Column("genre", "age : bornes d'âge ; fait : situation de la personne.", requis=True, vocabulaire=("age", "fait")),
        Column("age_de", "De qui est l'âge.", vocabulaire=("personne", "enfant")),
        Column("age_min", "Âge minimal inclus, en années.", type="INTEGER"),
        Column("age_max", "Âge maximal inclus, en années.", type="INTEGER"),
        Column("exception_fait", "Fait qui déplace l'âge maximal.", vocabulaire=FAITS),
        Column("exception_age_max", "Âge maximal quand l'exception vaut.", type="INTEGER"),
        Column("fait", "Fait exigé.", vocabulaire=FAITS),
        Column("texte", "La condition en français court : « 18 à 25 ans », « sans abri ».", requis=True),
        Column("groupe", "Mot commun à plusieurs conditions d'un service dont une seule suffit."),
    ),
)

LIEU = Table(
    "lieu",
    "Les lieux où l'on reçoit. Un lieu sans structure est lui-même une structure (crèche, centre de loisirs…).",
    (
        _ID,
        Column("nom", "Nom du lieu.", requis=True),
        Column("structure", "Structure dont c'est un lieu.", reference="structure"),
        Column("type", "Genre de lieu.", requis=True, vocabulaire=TYPES_LIEU),
        Column("sous_type", "Précision du genre.", vocabulaire=SOUS_TYPES_LIEU),
        Column("adresse", "Numéro et rue."),
        Column("code_postal", "Cinq chiffres."),
        Column("commune", "Commune où il est (code INSEE).", reference="commune"),
        Column("gestionnaire", "Qui le gère, si le document le dit."),
        Column("etat", "En service ou projet.", requis=True, vocabulaire=ETATS),
        Column("services", "Services rendus dans ce lieu.", multiple=True, reference="service"),
        Column("note", "Ce qu'il faut savoir de plus, en une phrase."),
    ),
    recherche=("nom", "adresse", "gestionnaire", "note"),
)

FAIT = Table(
    "fait",
    "Faits attachés à une structure, un service ou un lieu : une phrase courte chacun.",
    (
        _ID,
        Column("structure", "Structure concernée.", reference="structure"),
        Column("service", "Service concerné.", reference="service"),
        Column("texte", "Le fait, en une phrase courte à nous.", requis=True),
        Column("theme", "Thème.", requis=True, vocabulaire=THEMES),
    ),
    recherche=("texte",),
)

FICHE_ACTION = Table(
    "fiche_action",
    "Les fiches du plan d'actions 2021-2025.",
    (
        Column("numero", "Numéro de la fiche (« 3.3.4 », ou « pilotage »).", requis=True),
        Column("titre", "Titre de la fiche.", requis=True),
        Column("theme", "Thème.", requis=True, vocabulaire=THEMES),
        Column("resume", "De quoi il s'agit, en une ou deux phrases à nous.", requis=True),
        Column("pilotes", "Services responsables.", multiple=True),
        Column("echeance", "Échéance telle qu'écrite."),
        Column("public", "Public cible.", multiple=True),
        Column("partenaires", "Partenaires sollicités.", multiple=True),
        Column("objectifs", "Objectifs, résumés.", multiple=True),
        Column("modalites", "Modalités, résumées.", multiple=True),
        Column("resultats", "Résultats attendus, résumés.", multiple=True),
        Column("indicateurs", "Indicateurs d'évaluation.", multiple=True),
        Column("services", "Services de la base dont parle la fiche.", multiple=True, reference="service"),
    ),
    recherche=("titre", "resume", "objectifs", "modalites"),
)

SIGLE = Table(
    "sigle",
    "Sigles et leur sens.",
    (
        Column("sigle", "Le sigle, tel qu'on le tape.", requis=True),
        Column("signification", "En toutes lettres.", requis=True),
        Column(
            "origine",
            "glossaire : annexe 7 ; corps : expliqué dans le texte ; public : source extérieure.",
            requis=True,
            vocabulaire=("glossaire", "corps", "public"),
        ),
        Column("variantes", "Autres graphies.", multiple=True),
        Column("explication", "Ce que c'est, en une phrase simple."),
        Column("repare", "1 si la ligne du glossaire est abîmée et a été réparée.", type="INTEGER", bornes=_OUI_NON),
    ),
    recherche=("sigle", "signification", "explication"),
)

CHIFFRE = Table(
    "chiffre",
    "Les chiffres du diagnostic.",
    (
        _ID,
        Column("libelle", "Ce que compte le chiffre.", requis=True),
        Column("valeur", "La valeur, telle qu'on la lit (« 1 142 », « 17,3 % »).", requis=True),
        Column("unite", "Unité : habitants, %, €, places, logements…", requis=True),
        Column("annee", "Année du chiffre, si le document la donne."),
        Column("territoire", "Territoire compté.", requis=True),
        Column("theme", "Thème.", requis=True, vocabulaire=THEMES),
        Column("note", "Précision utile à la lecture."),
    ),
    recherche=("libelle", "note"),
)

CONTRADICTION = Table(
    "contradiction",
    "Là où le document se contredit : les lectures sont montrées ensemble.",
    (
        _ID,
        Column("sujet", "De quoi il s'agit.", requis=True),
        Column("lecture_a", "Première lecture, avec son endroit.", requis=True),
        Column("lecture_b", "Seconde lecture, avec son endroit.", requis=True),
        Column("theme", "Thème.", requis=True, vocabulaire=THEMES),
        Column("services", "Services concernés.", multiple=True, reference="service"),
        Column("structures", "Structures concernées.", multiple=True, reference="structure"),
    ),
    recherche=("sujet", "lecture_a", "lecture_b"),
)

CORRECTION = Table(
    "correction",
    "Réparations de la lecture automatique du document.",
    (
        _ID,
        Column("texte_lu", "Ce que porte le texte.", requis=True),
        Column("texte_compris", "Ce qu'il veut dire.", requis=True),
        Column("raison", "Pourquoi.", requis=True),
    ),
)

NOM_ACTUEL = Table(
    "nom_actuel",
    "Ce qui a changé de nom depuis la convention.",
    (
        _ID,
        Column("nom_convention", "Nom dans la convention.", requis=True),
        Column("nom_actuel", "Nom d'aujourd'hui.", requis=True),
        Column("depuis", "Depuis quand (AAAA ou AAAA-MM-JJ).", requis=True),
        Column("structures", "Structures concernées.", multiple=True, reference="structure"),
        Column("services", "Services concernés.", multiple=True, reference="service"),
        Column("note", "Ce qui change en plus du nom."),
    ),
    recherche=("nom_convention", "nom_actuel"),
)

NUMERO_NATIONAL = Table(
    "numero_national",
    "Numéros nationaux publics.",
    (
        _ID,
        Column("numero", "Le numéro, tel qu'on le compose.", requis=True),
        Column("nom", "Nom du service.", requis=True),
        Column("usage", "Pour quoi l'appeler, en une ligne.", requis=True),
        Column("cout", "Coût d'appel, si la source le dit."),
        Column("horaires", "Horaires, si la source les dit."),
        Column(
            "urgences",
            "Urgences où il est donné en premier.",
            multiple=True,
            vocabulaire=URGENCES,
        ),
        Column("besoins", "Besoins où il est donné.", multiple=True, reference="besoin"),
    ),
    recherche=("numero", "nom", "usage"),
)

NUMERO_STRUCTURE = Table(
    "numero_structure",
    "Quel numéro national joint quelle structure : seulement là où une page le dit.",
    (
        _ID,
        Column("structure", "Structure que l'on joint.", requis=True, reference="structure"),
        Column("numero", "Numéro national qui la joint.", requis=True, reference="numero_national"),
    ),
)

CONTACT = Table(
    "contact",
    "Comment joindre une structure ou un de ses lieux : une ligne dit ce qu'une page publique en dit.",
    (
        _ID,
        Column("structure", "Structure que l'on joint.", reference="structure"),
        Column("service", "Service que l'on joint, si le contact ne vaut que pour lui : le permis de louer, pas toute l'agglomération.", reference="service"),
        Column("lieu", "Lieu que l'on joint, si la page parle de lui.", reference="lieu"),
        Column("nom", "Nom que la page lui donne, s'il dit plus que celui de la structure : « Pas-de-Calais habitat » pour les bailleurs."),
        Column("commune", "Commune où l'on reçoit (code INSEE). Vide si elle est hors du territoire.", reference="commune"),
        Column("adresse", "Numéro et rue ; avec la commune si elle est hors du territoire."),
        Column("code_postal", "Cinq chiffres, sans CEDEX."),
        Column("telephone", "Un seul numéro, par paires."),
        Column("courriel", "Une seule adresse."),
        Column("site_web", "Adresse du site, avec https://."),
        Column("horaires_accueil", "Horaires, en toutes lettres."),
    ),
    recherche=("nom", "telephone", "courriel", "adresse"),
)

MISE_A_JOUR = Table(
    "mise_a_jour",
    "Ce qui a changé depuis la convention, d'après une page publique. S'ajoute à ce que dit la convention, ne le remplace pas.",
    (
        _ID,
        Column("service", "Service concerné.", reference="service"),
        Column("structure", "Structure concernée.", reference="structure"),
        Column("lieu", "Lieu concerné.", reference="lieu"),
        Column("genre", "Ce qui est arrivé.", requis=True, vocabulaire=GENRES_MISE_A_JOUR),
        Column("texte", "Ce qui a changé, en une phrase courte à nous.", requis=True),
        Column("date", "Quand (AAAA, AAAA-MM ou AAAA-MM-JJ).", requis=True),
    ),
    recherche=("texte",),
)

REPERAGE = Table(
    "reperage",
    "Aide au repérage de l'illettrisme : signes, évitements, posture.",
    (
        _ID,
        Column("genre", "signe, evitement, posture ou cadre.", requis=True, vocabulaire=("signe", "evitement", "posture", "cadre")),
        Column("texte", "Une phrase courte.", requis=True),
    ),
    recherche=("texte",),
)

LEXIQUE = Table(
    "lexique",
    "Mots du comptoir, noms d'usage, graphies : ce que l'on tape et ce que cela vise.",
    (
        Column("id", "Numéro d'ordre ou identifiant.", requis=True),
        Column("terme", "Ce que l'on tape, en minuscules.", requis=True),
        Column("genre", "Ce que vise le terme.", requis=True, vocabulaire=("commune", "structure", "service", "besoin", "fait", "type_lieu", "fiche")),
        Column("cible", "Identifiant visé.", requis=True),
    ),
    prouvee=False,
)

INDICE = Table(
    "indice",
    "Indices du besoin : les mots que l'on dit au comptoir quand on ne nomme pas le besoin. Un référent peut en ajouter.",
    (
        Column("id", "terme > besoin.", requis=True),
        Column("terme", "Mots en minuscules sans accent ; * finit un mot ; « .. » vaut jusqu'à quatre mots.", requis=True),
        Column("force", "1 : simple indice ; 2 : souvent ce besoin ; 3 : presque toujours.", type="INTEGER", requis=True, bornes=(1, 3)),
        Column("cible", "Besoin visé.", requis=True, reference="besoin"),
    ),
    prouvee=False,
)

SITUATIONS = Table(
    "situations",
    "Situations d'accueil pour s'entraîner. Une situation porte la demande, jamais la réponse : les portes se calculent dans la base.",
    (
        _ID,
        Column("titre", "Titre court, montré au formateur.", requis=True),
        Column("niveau", "Niveau.", requis=True, vocabulaire=NIVEAUX),
        Column("theme", "Thème.", requis=True, vocabulaire=THEMES),
        Column("exercice", "Ce que l'on demande au participant.", requis=True, vocabulaire=EXERCICES),
        Column("commune", "Commune de la personne (code INSEE).", reference="commune"),
        Column("dialogue", "Ce qui se dit au comptoir, une réplique par valeur.", multiple=True, requis=True),
        Column("besoins", "Besoins de la personne.", multiple=True, reference="besoin"),
        Column("ages", "Âges dits, en années.", multiple=True),
        Column("faits", "Faits dits.", multiple=True, vocabulaire=FAITS),
        Column("faits_nies", "Faits niés : « je ne suis pas propriétaire ».", multiple=True, vocabulaire=FAITS),
        Column("urgence", "Genre d'urgence, s'il y en a une.", vocabulaire=URGENCES),
        Column("sigle", "Sigle à développer (exercice sigle).", reference="sigle"),
        Column("cible", "Fiche à trouver (exercice annuaire), par exemple lieu:mediatheque-de-bethune."),
        Column("champ", "Ce que l'on cherche dans cette fiche (exercice annuaire).", vocabulaire=CHAMPS_CHERCHES),
        Column("signes", "Signes de la grille de repérage que le dialogue montre.", multiple=True, reference="reperage"),
        Column("posture", "Remarque de posture, en une ou deux phrases.", requis=True),
    ),
    prouvee=False,
)

TABLES: tuple[Table, ...] = (
    SOURCE,
    COMMUNE,
    COMMUNE_HORS,
    BESOIN,
    STRUCTURE,
    SERVICE,
    SERVICE_BESOIN,
    CRITERE,
    LIEU,
    FAIT,
    FICHE_ACTION,
    SIGLE,
    CHIFFRE,
    CONTRADICTION,
    CORRECTION,
    NOM_ACTUEL,
    NUMERO_NATIONAL,
    NUMERO_STRUCTURE,
    CONTACT,
    MISE_A_JOUR,
    REPERAGE,
    LEXIQUE,
    INDICE,
    SITUATIONS,
)
PAR_NOM = {table.nom: table for table in TABLES}
PREUVE = ("source", "ligne", "citation")
