"""Where a message names a person. Rules first; the French model only where capitals leave a doubt."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.understanding.known_words import Connus
from bot.understanding.prenoms import NOMS, PRENOMS
from knowledge.text import fold

_LETTRES = r"[^\W\d_]"
_MOT = re.compile(rf"{_LETTRES}+(?:['’-]{_LETTRES}+)*")
_ELISION = re.compile(r"(?:[ldjmtsc]|qu|jusqu|lorsqu|puisqu|presqu)['’]|n['’](?=[a-zà-ÿ])", re.IGNORECASE)
# « il n'entend pas » is a negation; « n'guessan » a name.
_NEGATION = re.compile(r"(?:\W+\w+){0,3}?\W+(?:pas|plus|rien|jamais|que?|qu|aucune?|ni|gu[èe]re|personne|nulle|toujours)\b", re.IGNORECASE)
_CIVILITE = re.compile(
    r"(?<![\w'’-])(?:m\.|mr\.?|mm\.|mmes?\.?|mdme|mlle\.?|melle|mademoiselle|monsieur|messieurs|madame|madam|(?-i:M|(?<!\d )(?<!\d)m|Dr|Pr|Me|Docteur|docteur|dr|Maître|maître))(?![\w'’-])\s*",
    re.IGNORECASE,
)
_PROCHE = (
    "fils|fille|garcon|mari|femme|epouse|epoux|conjointe?|compagne|compagnon|copain|copine|mere|pere|maman|papa|frere|soeur|voisine?|amie?|oncle|tante|neveu|niece|mamie|mami|papi|papy|grand mere|grand pere"
    "|cousine?|petite?|bebe|enfants?|jeune|usagere?|dame|tutrice|tuteur|curatrice|curateur|collegue|locataire|beneficiaire|proprietaire|patient|patiente|parent|eleve|jumeaux|jumelles|aine|ainee|cadet|cadette|beau frere|belle soeur|beau pere|belle mere|gamin|gamine|ex|demandeur|demandeuse"
)
# The words after which a name stands. « fort »: a name even without a capital.
_FORTS = re.compile(
    r"(?:s'appell?e(?:nt)?|m'appell?e|t'appelles|se nomme|me nomme|se pr[ée]nomme|\bpr[ée]nomm[ée]e?|surnomm[ée]e?|\bnoms?(?: et pr[ée]noms?)?(?: de famille| de jeune fille| d'usage)?\s*(?::|=|c'est|est|-)|\bpr[ée]noms?\s*(?::|=|c'est|est|-)?|\bau nom de|\bde la part de|\bappelez[- ]moi|\bmoi c'est)\s+",
    re.IGNORECASE,
)
# « prénom Marie nom Delobelle »: beside a first name, the word « nom » needs no colon.
_FORMULAIRE = re.compile(r"\bnom\s+(?!d[eu]\b|des\b|et\b|ou\b)", re.IGNORECASE)
_MOYENS = re.compile(
    r"(?:\bnommée?|\bje me présente\s*[:,]?|\bun certain|\bune certaine|\bsignée?\s*:?|\badressée?s? [àa]|\bnée?|\bnee|\b(?:de|la|cette) famille|\bveuve|\bvve|\bépouse|\bNÉE?|\bNEE|\bSIGNÉE?)\s+",
    re.IGNORECASE,
)
_FAIBLES = re.compile(
    rf"(?:\bNOM|\bPRENOM|\bPRÉNOM|\b[Dd]ossiers?(?: de| d')?|\bDOSSIER|\b[Ff]iche de|\b[Ss]ituation de|\b[Cc]ontact(?:er)?|\b[Rr]appel(?:er|ez|le)?|\b[Rr][ée]pondre à|\b[Éé]crire à|\bje suis|\bc'est|\b[Rr][Dd][Vv](?: avec)?|\bchez|\bpour|\b[Uu]sag[eè]re? :?|\b(?:{_PROCHE.replace('e', '[eéèê]').replace('oeu', '(?:oeu|œu)').replace('c', '[cç]')})(?: de \d+ ans| est|,| :|:)?)\s+"
)
_AVEC_AGE = re.compile(
    rf"(?<![\w'’-])(?<!\b[Ll]a )(?<!\b[Ll]e )(?<!\bde )(?<!\bdu )(?<!\bà )({_LETTRES}+(?:-{_LETTRES}+)*(?: {_LETTRES}+)?),? (?:a |est âgée? de |âgée? de )?\(?\d{{1,3}} ?(?:ans|mois|a)\b"
)
_CIVILITES_COURTES = {"M", "m", "Dr", "Pr", "Me", "dr", "Docteur", "docteur", "Maître", "maître"}
_CIVILITES_PLATES = {"mr", "mme", "mlle", "mm", "m", "mmes", "mdme", "dr", "me"}
# « un monsieur seul », « le vieux monsieur »: a noun, not a civility.
_QUALIFIE = re.compile(r"(?:\b(?:un|une|le|la|ce|cette|du|au|vieux|vieille|jeune|autre|petite?|aux?|deux|quel|quelle)\s+|['’])$", re.IGNORECASE)
_PAYS = re.compile(r"(?:ais|aise|aises|ien|ienne|iens|iennes|ois|oise|ain|aine|ains|aines|een|eenne|ol|ole|and|ande|eur|euse|iste|que)$")
# « l'association s'appelle », « le service se nomme »: what is named is not a person.
_CHOSE = re.compile(
    r"\b(?:association|asso|service|structure|lieu|creche|micro creche|dispositif|aide|bus|ligne|ecole|college|lycee|centre|foyer|residence|relais|organisme|site|programme|atelier|truc|ca|cela|projet|maison|formation|carte|groupe|logiciel|appli|application)(?: \w+){0,4}$"
)
_PARTICULES = {"de", "du", "des", "d", "la", "le", "el", "al", "ben", "bin", "van", "von", "der", "den", "da", "dos", "do", "di", "del", "mac", "saint", "sainte", "st", "veuve", "vve", "epouse", "ep", "nee", "ne", "ait"}  # fmt: skip
_SOUDES = {"de", "du", "des", "d", "el", "al", "ben", "van", "von", "der", "den", "da", "dos", "ait"}
_TITRES = set(
    "maire prefet prefete sous president presidente directeur directrice ministre juge procureur docteur depute deputee senateur conseiller conseillere adjoint adjointe responsable secretaire assistante assistant recteur proviseur principal principale inspecteur commissaire greffier notaire huissier".split()
)
# After a civility without a capital: what is said of the person, not a name, even if the vocabulary does not hold it.
_SUITE = set(
    "le la les l un une qui que est a ai as ont sait veut cherche vient ne n arrive habite dit me te se et ou pas plus avec pour sans seul seule agee age demande comprend aimerait souhaite voudrait doit peut va souffre boit fume dort vit pleure crie tombe perd touche percoit attend appelle au aux en dans chez sur sous toujours deja tres trop bien mal".split()
)
# Places, laws and bodies named after people.
_VOIES_ET_LIEUX = set(
    "rue r av avenue ave bd boulevard place pl square allee impasse chemin route rte quai residence res cite college lycee ecole maternelle elementaire primaire salle clinique polyclinique hopital ehpad mediatheque bibliotheque arret gare stade complexe gymnase institut fondation association mam creche micro halte parc quartier loi lois livret pret dispositif fonds prix ligne bus station eglise cimetiere theatre piscine musee groupe scolaire hameau ville commune ime esat fjt cada sessad cmp cfa ufr iut universite fac resto restaurant cafe bar magasin supermarche tour barre clos coron fosse puits terril lotissement faubourg passage cours pont port canal lac marche tribunal prison cinema".split()
)
_LIEUX_SEULS = set(
    "centre social maison espace pole foyer pharmacie cabinet club jardin ferme moulin chateau village fete journee hotel cooperative entreprise societe agence plan projet club bassin hospitalier culturel".split()
)
# First names that are also words, towns or parts of other names: alone and without a capital, they say nothing.
_AMBIGUS = set(
    "jose aime noel toussaint rose blanche modeste max roman dan pierre fleur olive ange reine constant clement victoire prosper honore aimee line august auguste prudence constance esther lana lino loan tim tom tony sally marina maman ambre capucine violette marguerite olga roger jade ruby melody fortune desire valery franck franc gino guy hector mina mona mira nina rita sana sonia vera wanda lou leo lea mia nora noa noe noah sam sami same said salma tara theo romane romain romaine angel angels cesar florent celeste ines lise loris claire marie jean anne ann ella ali lina luna maya mila milan rafael florence france charlotte madeleine baptiste pascal pascale laurent aurore martin denis germain parfait juste colombe leon camille alma safia alix coline mathis cherif islam imam iman jordan savannah carmen hawa habib oscar ugo dolores mercedes brice vivien vivian lola johnny".split()
)
# Those that a capital is enough to decide.
_SURS_EN_MAJUSCULE = frozenset("marie claire lise ines jean anne lea leo theo noah noa noe nina nora sonia sam sami said salma rita vera lou lina luna maya mila mina mona mia camille laurent martin denis charlotte madeleine baptiste pascal pascale romain romane leon roger tom tim tony guy franck oscar lola jordan johnny ali alix coline mathis iman hawa habib cesar florent clement ella esther carmen dan max wanda olga valery vivien brice florence".split())  # fmt: skip


@dataclass(frozen=True)
class _Mot:
    texte: str
    parts: tuple[str, ...]
    debut: int
    fin: int

    @property
    def maj(self) -> bool:
        return self.texte[0].isupper()


class _Message:
    """One message seen as words, with what is known of each."""

    def __init__(self, texte: str, connus: Connus, surs: frozenset[str]) -> None:
        self.texte = texte
        self.connus = connus
        self.surs = surs
        petits = sum(c.islower() for c in texte)
        self.crie = sum(c.isupper() for c in texte) > 2 * petits
        self.mots = list(_words(texte, self.crie))
        self.abri = self._sheltered()

    def _sheltered(self) -> set[int]:
        """Words covered by a name of place or structure, longest first."""
        plats = [(part, i) for i, mot in enumerate(self.mots) for part in mot.parts]
        abri: set[int] = set()
        n = len(plats)
        debut = 0
        while debut < n:
            longueur = 0
            forme = ""
            for fin in range(debut, min(debut + 9, n)):
                forme = f"{forme} {plats[fin][0]}".strip()
                if fin + 1 < n and plats[fin + 1][1] == plats[fin][1]:
                    continue
                if forme in self.connus.communes or (forme in self.connus.phrases and (fin > debut or self._alone(plats[debut][1]))):
                    longueur = fin - debut + 1
                if forme in self.connus.hors and not (fin == debut and plats[debut][0] in PRENOMS | NOMS and not self._after_link(plats[debut][1])):
                    longueur = fin - debut + 1
            if longueur:
                abri |= {plats[k][1] for k in range(debut, debut + longueur)}
            debut += longueur or 1
        return abri

    def _alone(self, i: int) -> bool:
        mot = self.mots[i]
        return mot.parts[0] not in PRENOMS and mot.parts[0] not in NOMS

    def _after_link(self, i: int) -> bool:
        avant = self.texte[max(0, self.mots[i].debut - 8) : self.mots[i].debut].lower()
        return bool(re.search(r"\b(?:à|a|de|vers|sur|d['’])\s*$", avant))

    def cap(self, i: int) -> bool:
        return self.mots[i].maj and not self.crie

    def first_name(self, i: int) -> bool:
        return self.mots[i].parts[0] in PRENOMS

    def family(self, i: int) -> bool:
        return any(part in NOMS for part in self.mots[i].parts)

    def is_known(self, i: int) -> bool:
        return all(part in self.connus.mots or part in self.surs or part in _TITRES or part in _CIVILITES_PLATES for part in self.mots[i].parts)

    def looks_named(self, i: int) -> bool:
        return self.first_name(i) or self.family(i) or not self.is_known(i)

    def looks_said(self, i: int) -> bool:
        """Whether a word after « un monsieur » can only be a name."""
        return self.cap(i) and self.looks_named(i) or self.first_name(i) and self.mots[i].parts[0] not in _AMBIGUS

    def opens(self, i: int) -> bool:
        """Whether nothing comes before a word in its sentence: where « HOCHEDEZ Patricia » is typed."""
        return re.search(r"(?:^|[.,;:/(\n])\s*$", self.texte[: self.mots[i].debut]) is not None

    def sigle(self, i: int) -> bool:
        texte = self.mots[i].texte
        return (
            texte.isupper()
            and not self.crie
            and (len(texte) <= 4 and not self.family(i) or len(texte) <= 3 or not re.search(r"[AEIOUY]", texte) or i in self.abri)
        )

    def short_caps(self, i: int) -> bool:
        texte = self.mots[i].texte
        return texte.isupper() and not self.crie and len(texte) >= 3 and i not in self.abri and (not self.is_known(i) or self.family(i))

    def joined(self, i: int) -> bool:
        """Whether the word ``i`` follows the one before with nothing but spaces (or the dot of an initial)."""
        entre = self.texte[self.mots[i - 1].fin : self.mots[i].debut]
        return (
            bool(entre)
            and not entre.strip(" \u00a0")
            or (len(self.mots[i - 1].texte) == 1 and entre.strip() in (".", ""))
            or re.fullmatch(r"\s+[ldLD]['’]", entre) is not None
        )

    def at(self, position: int) -> int | None:
        """Index of the word that starts at ``position`` once spaces and an opening mark are passed."""
        for i, mot in enumerate(self.mots):
            if mot.debut >= position:
                return i if not self.texte[position : mot.debut].strip(" \t\u00a0:«\"'’(dDlL") else None
        return None

    def in_place(self, i: int) -> bool:
        """Whether the words before make of a name that of a street, a school, a law…"""
        avant = fold(self.texte[max(0, self.mots[i].debut - 40) : self.mots[i].debut]).split()
        brut = self.texte[max(0, self.mots[i].debut - 3) : self.mots[i].debut]
        if re.search(r"[,;:.!?/]\s*$", brut) or not avant:
            return False
        if avant[-1] in _VOIES_ET_LIEUX or avant[-1] in _LIEUX_SEULS:
            return True
        while len(avant) > 1 and avant[-1] in (
            "de",
            "du",
            "des",
            "la",
            "l",
            "d",
            "le",
            "les",
            "docteur",
            "dr",
            "general",
            "marechal",
            "president",
            "abbe",
            "saint",
            "capitaine",
            "commandant",
            "colonel",
        ):
            avant.pop()
            if avant[-1] in _VOIES_ET_LIEUX and avant[-1] not in ("association", "bus", "ligne", "magasin", "groupe", "pret", "livret"):
                return True
        return False


def _words(texte: str, crie: bool) -> Iterator[_Mot]:
    for m in _MOT.finditer(texte):
        debut = m.start()
        elision = _ELISION.match(m[0])
        if elision and elision.end() < len(m[0]) and (elision[0][0] not in "nN" or _NEGATION.match(texte, m.end())):
            debut += elision.end()
        brut = texte[debut : m.end()]
        # « est-ce », « a-t-il », « Jean-Claude »: a hyphen joins; « HERBAUT - ASPA » does not, there are spaces.
        parts = tuple(fold(brut).split())
        if sum(map(len, parts)) < sum(c.isalpha() for c in brut):
            parts = (brut.lower(),)  # letters that no French word has
        if parts:
            yield _Mot(brut, parts, debut, m.end())


def find_people(texte: str, connus: Connus, surs: frozenset[str] = frozenset()) -> list[tuple[int, int]]:
    """Spans of the names of persons, in order."""
    message = _Message(texte, connus, surs)
    if not message.mots:
        return []
    pris: dict[int, int] = {}  # first word of a name: the word after it
    for m in _CIVILITE.finditer(texte):
        i = message.at(m.end())
        if i is None or (i in message.abri and _brand(message, i, m.start())):
            continue
        court = m[0].strip(" .")
        if (
            court in _CIVILITES_COURTES
            and not message.mots[i].maj
            and (court not in ("M", "m") or message.is_known(i) and not message.family(i))
            or _QUALIFIE.search(texte[: m.start()])
            and not message.looks_said(i)
        ):
            continue
        # « monsieur de Lillers » says where he lives; « Mme de Wazières » is her name.
        lie = message.mots[i].parts[-1] in _SOUDES and i + 1 < len(message.mots) and i + 1 in message.abri
        if not lie and not (i in message.abri and re.search(r"[dD]['’]$", texte[: message.mots[i].debut])):
            _take(message, i, "civilite", pris)
    for m in _FORTS.finditer(texte):
        i = message.at(m.end())
        if i is not None and not (("pel" in m[0] or "om" in m[0]) and _CHOSE.search(fold(texte[: m.start()]))):
            _take(message, i, "fort", pris)
    for m in _FORMULAIRE.finditer(texte) if re.search("pr[ée]nom", texte, re.IGNORECASE) else ():
        i = message.at(m.end())
        if i is not None:
            _take(message, i, "fort", pris)
    for m in _MOYENS.finditer(texte):
        i = message.at(m.end())
        if i is not None:
            _take(message, i, "moyen", pris)
    for m in _FAIBLES.finditer(texte):
        i = message.at(m.end())
        if i is not None:
            _take(message, i, "faible" if m[0].strip().lower() not in ("pour", "c'est", "chez") else "doux", pris)
    for m in _AVEC_AGE.finditer(texte):
        i = message.at(m.start())
        if i is not None and message.cap(i):
            _take(message, i, "age", pris)
    couverts = {k for i, j in pris.items() for k in range(i, j)}
    doutes: list[tuple[int, int]] = []
    for i, j in _runs(message, couverts):
        verdict = _judge(message, i, j)
        if verdict:
            pris[i] = j
        elif verdict is None:
            doutes.append((i, j))
    couverts = {k for i, j in pris.items() for k in range(i, j)}
    for i in range(len(message.mots)):
        if i not in couverts and i not in message.abri and not message.cap(i):
            _lower(message, i, couverts, pris)
    if doutes:
        _ask_model(message, doutes, pris)
    spans: list[tuple[int, int]] = []
    for i, j in sorted(pris.items()):
        # « DINU Edgar », « Edgar DINU »: a short family name in capitals, that no sigle of the base explains.
        if i and message.joined(i) and message.short_caps(i - 1) and message.first_name(i):
            i -= 1
        if j < len(message.mots) and message.joined(j) and message.short_caps(j) and message.first_name(j - 1):
            j += 1
        debut, fin = message.mots[i].debut, message.mots[j - 1].fin
        if spans and debut < spans[-1][1]:
            spans[-1] = (spans[-1][0], max(fin, spans[-1][1]))
        else:
            spans.append((debut, fin))
    return spans


def _brand(message: _Message, i: int, debut: int) -> bool:
    forme = fold(message.texte[debut : message.mots[i].fin])
    return forme in message.connus.phrases


def _take(message: _Message, i: int, force: str, pris: dict[int, int]) -> None:
    """Read a name from the word ``i``, whose reading depends on the word before."""
    j, noms = i, 0
    premier: int | None = None
    while j < len(message.mots) and j - i < 7 and (j == i or message.joined(j)):
        mot = message.mots[j]
        plat = mot.parts[-1]
        suivant = j + 1 < len(message.mots) and message.joined(j + 1)
        if len(mot.texte) == 1 and mot.maj and suivant and not message.crie and plat != "a":
            premier = j if premier is None else premier
            j += 1
            continue
        if (
            len(mot.parts) == 1
            and plat in _PARTICULES
            and suivant
            and (mot.maj and plat not in ("ne",) or plat in _SOUDES or plat in ("veuve", "vve", "epouse", "nee") or (plat == "la" and j > i))
        ):
            apres = j + 1
            if message.mots[apres].parts[-1] in _PARTICULES or (
                message.cap(apres)
                and message.mots[apres].parts[0] not in _TITRES
                or not message.cap(apres)
                and (mot.maj or plat in _SOUDES)
                and not message.is_known(apres)
            ):
                if plat not in ("veuve", "vve", "epouse", "nee"):
                    premier = j if premier is None else premier
                j += 1
                continue
        if not _accept(message, j, force, noms):
            break
        premier = j if premier is None else premier
        noms += 1
        j += 1
    if noms and premier is not None:
        while j > premier and len(message.mots[j - 1].texte) > 1 and message.mots[j - 1].parts[-1] in _SOUDES and message.is_known(j - 1):
            j -= 1
        if not any(a <= premier < b for a, b in pris.items()):
            pris[premier] = j


def _accept(message: _Message, j: int, force: str, noms: int) -> bool:
    mot = message.mots[j]
    plat = mot.parts[0]
    if message.sigle(j) and not (force == "civilite" and noms == 0 and len(mot.texte) > 3):
        return False
    nomme = message.looks_named(j)
    if message.cap(j):
        if noms:
            return (nomme or message.first_name(j - 1) and not mot.texte.isupper() and plat not in _SUITE) and (
                j not in message.abri or nomme and message.family(j) and not message.abri & {j - 1, j + 1}
            )
        if force == "civilite":
            return plat not in _TITRES and plat not in _SUITE and not message.abri >= {j, j + 1}
        if force == "doux":
            return False
        if j in message.abri:
            return force in ("fort", "moyen") and (message.first_name(j) or message.family(j))
        if (
            force in ("age", "faible")
            and not message.first_name(j)
            and not message.family(j)
            and (mot.texte.isupper() and len(mot.texte) < 6 or _PAYS.search(plat))
        ):
            return False
        return nomme and not (force == "age" and message._after_link(j))
    # Without a capital, or in a message that is all capitals.
    if j in message.abri or len(mot.parts) == 1 and plat in _SUITE or plat in _TITRES or max(map(len, mot.parts)) < 3:
        return False
    if noms:
        deja = message.mots[j - 1]
        return (
            (message.crie or not deja.maj)
            and noms < 3
            and (message.first_name(j) and plat not in message.connus.mots or not message.is_known(j) or message.first_name(j - 1) and message.family(j))
        )
    if force == "civilite":
        return nomme and not plat.endswith(("ee", "ees")) and (not message.is_known(j) or message.family(j) or plat not in _AMBIGUS)
    if force == "moyen":
        return message.first_name(j) and plat not in _AMBIGUS
    if force == "fort":
        return message.first_name(j) and plat not in ("rose", "aime") or not message.is_known(j)
    return False


def _runs(message: _Message, couverts: set[int]) -> Iterator[tuple[int, int]]:
    """Sequences of capitalised words that no rule has read, small words of names included."""
    i = 0
    n = len(message.mots)

    def libre(k: int) -> bool:
        return k not in couverts and k not in message.abri and message.cap(k) and not message.sigle(k)

    while i < n:
        if not libre(i):
            i += 1
            continue
        j = i + 1
        while j < n and message.joined(j):
            if libre(j):
                j += 1
            elif message.mots[j].parts[-1] in _SOUDES and j + 1 < n and message.joined(j + 1) and libre(j + 1) and not message.is_known(j + 1):
                j += 2
            else:
                break
        debut = i
        while debut < j - 1 and message.is_known(debut) and not message.first_name(debut) and not message.family(debut):
            debut += 1
        fin = j
        while (
            fin > debut + 1
            and not message.first_name(fin - 2)
            and message.is_known(fin - 1)
            and not message.first_name(fin - 1)
            and not message.family(fin - 1)
        ):
            fin -= 1
        yield debut, fin
        i = j


def _judge(message: _Message, i: int, j: int) -> bool | None:
    """Whether a run is a person's name; None when the words do not tell."""
    if message.in_place(i):
        return False
    avant = message.texte[max(0, message.mots[i].debut - 6) : message.mots[i].debut].lower()
    if re.search(r"\b(?:à|vers|en) $", avant) and not message.first_name(i) and not message.family(i):
        return False
    prenoms = [k for k in range(i, j) if message.first_name(k)]
    noms = [k for k in range(i, j) if message.family(k)]
    inconnus = [k for k in range(i, j) if not message.is_known(k) and k not in prenoms and k not in noms]
    if j - i >= 2:
        if prenoms and len(set(prenoms) | set(noms) | set(inconnus)) >= 2:
            return True
        if prenoms and prenoms[0] == i and not message.mots[i + 1].texte.isupper() and message.mots[i].parts[0] not in _AMBIGUS - _SURS_EN_MAJUSCULE:
            return True
        if len(inconnus) == j - i == 2:
            return True
        if len(set(noms)) + len(inconnus) >= 2 and (
            noms or any(message.mots[k].texte.isupper() for k in range(i, j)) and not all(message.mots[k].texte.isupper() for k in range(i, j))
        ):
            return True
        return None if prenoms or noms or inconnus else False
    plat = message.mots[i].parts[0]
    debut_de_phrase = not message.texte[: message.mots[i].debut].strip() or bool(re.search(r"[.!?]\s*$", message.texte[: message.mots[i].debut]))
    if prenoms:
        if message.mots[i].texte.isupper() and len(plat) <= 4:
            return False
        if len(message.mots[i].parts) > 1 or plat not in _AMBIGUS:
            return True
        return plat in _SURS_EN_MAJUSCULE
    if noms:
        return not message.is_known(i) or message.mots[i].texte.isupper() and len(plat) > 3
    if inconnus and message.mots[i].texte.isupper() and len(plat) >= 6 and debut_de_phrase:
        return None
    return False


def _lower(message: _Message, i: int, couverts: set[int], pris: dict[int, int]) -> None:
    """A first name typed without a capital, with the family name that follows it."""
    plat = message.mots[i].parts[0]
    if not message.first_name(i) or message.in_place(i):
        return
    j = i + 1
    suite = j < len(message.mots) and message.joined(j) and j not in couverts and j not in message.abri and len(message.mots[j].parts[0]) > 2
    nom = suite and (message.family(j) or not message.is_known(j))
    if message.family(i) and not nom and i + 1 < len(message.mots) and message.is_known(i):
        return
    if len(message.mots[i].parts) == 1 and (plat in message.connus.mots or plat in _AMBIGUS):
        if nom and (message.family(j) or plat not in message.connus.mots) and plat not in ("rose", "aime", "noel", "line", "max"):
            pris[i] = j + 1
        return
    if nom:
        j += 1
    if (
        i
        and message.joined(i)
        and (message.family(i - 1) or message.opens(i - 1))
        and (i - 1) not in couverts
        and (i - 1) not in message.abri
        and not message.is_known(i - 1)
    ):
        pris[i - 1] = j
        return
    pris[i] = j


def _ask_model(message: _Message, doutes: list[tuple[int, int]], pris: dict[int, int]) -> None:
    from bot.understanding.french import persons

    try:
        vus = persons(message.texte[:600])
    except (OSError, ImportError):
        vus = []
    for i, j in doutes:
        debut, fin = message.mots[i].debut, message.mots[j - 1].fin
        if any(a < fin and debut < b and b - a <= (fin - debut) + 14 for a, b in vus):
            pris[i] = j
