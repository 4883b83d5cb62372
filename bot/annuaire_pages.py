"""The look-up, the sheets and the person's sheet, as plain HTML: they work without JavaScript."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, quote, unquote, urlencode

from sanic import Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.annuaire_demande import VOISINAGES, Saisie, read_commune, read_filters, read_person
from bot.rendu import environment
from bot.understanding.privacy import mask
from knowledge.annuaire import Annuaire, Filtres, Ligne, Resultat
from knowledge.base import Base
from knowledge.carte import Carte
from knowledge.entrees import ETATS_DITS, GENRES, THEMES_DITS, of_town
from knowledge.fiche import make_sheet
from knowledge.fiche_usager import make_person_sheet
from knowledge.text import fold, plural

if TYPE_CHECKING:
    from bot.assistant import Assistant

LIGNES_PAR_PAGE = 30
RACCOURCIS = ("illettrisme", "logement")


@dataclass(frozen=True)
class Rangee:
    """One row as the list shows it."""

    lien: str
    nom: str
    genre: str
    sens: str | None
    resume: str
    conditions: str
    ou: str
    etat: str | None
    professionnels: bool
    telephone: str | None
    confiance: str | None


class Directory:
    """Pages over one open base."""

    def __init__(self, base: Base) -> None:
        self.base = base
        self.annuaire = Annuaire(self.base)
        self.carte = Carte.load(self.base)
        self._communes = sorted(self.base.communes.values(), key=lambda c: fold(c.nom))
        self._env = environment()
        self._env.filters.update(lien=_sheet_link)
        self._env.globals.update(genres=GENRES, themes_dits=THEMES_DITS, etats_dits=ETATS_DITS, communes=self._communes, pluriel=plural, de_ville=of_town)

    def page(self, nom: str, statut: int = 200, **valeurs: Any) -> HTTPResponse:
        return response.html(self._env.get_template(nom).render(**valeurs), status=statut)

    # /annuaire

    def list_page(self, args: Mapping[str, list[str]]) -> HTTPResponse:
        valeurs = self._list(args)
        resultat: Resultat = valeurs["resultat"]
        carte = self.carte.svg(resultat.communes, valeurs["filtres"].commune)
        vides = self.annuaire.look_up(Filtres())
        return self.page("annuaire.html", carte=carte, voisinages=VOISINAGES, raccourcis=[(t, THEMES_DITS[t], vides.themes[t]) for t in RACCOURCIS], **valeurs)

    def list_fragment(self, args: Mapping[str, list[str]]) -> HTTPResponse:
        """What changes as one types; every text in it is already escaped."""
        valeurs = self._list(args)
        resultat: Resultat = valeurs["resultat"]
        return response.json(
            {
                "total": resultat.total,
                "liste": self._env.get_template("_lignes.html").render(**valeurs),
                "points": self.carte.layer(resultat.communes, valeurs["filtres"].commune),
                "description": self.carte.described(resultat.communes),
                "themes": resultat.themes,
            }
        )

    def _list(self, args: Mapping[str, list[str]]) -> dict[str, Any]:
        saisie, filtres = read_filters(self.base, args)
        resultat = self.annuaire.look_up(filtres) if filtres else self._nothing(saisie)
        brut = (args.get("page") or ["1"])[0]
        pages = max(1, -(-resultat.total // LIGNES_PAR_PAGE))
        numero = min(max(int(brut[:4]), 1), pages) if brut.isascii() and brut.isdigit() else 1
        lignes = resultat.lignes[(numero - 1) * LIGNES_PAR_PAGE : numero * LIGNES_PAR_PAGE]
        filtres = filtres or Filtres(commune=resultat.relais.code_insee if resultat.relais else None)
        numeros = [n for n in self.base.numeros if filtres.theme and any(self.base.besoins[b].theme == filtres.theme for b in n.besoins)]
        return {
            "saisie": saisie,
            "filtres": filtres,
            "resultat": resultat,
            "rangees": [self._row(ligne, filtres) for ligne in lignes],
            "numeros": numeros[:4],
            "relais": resultat.relais,
            "numero": numero,
            "pages": pages,
            "precedente": _page_link(saisie, numero - 1) if numero > 1 else None,
            "suivante": _page_link(saisie, numero + 1) if numero < pages else None,
        }

    def _nothing(self, saisie: Saisie) -> Resultat:
        """Filters that nothing can meet: the relay of the commune stays, when it is known."""
        return Resultat((), dict.fromkeys(THEMES_DITS, 0), {}, self.base.communes.get(saisie.commune))

    def _row(self, ligne: Ligne, filtres: Filtres) -> Rangee:
        e = ligne.entree
        resume = e.resume
        if e.genre == "lieu":
            resume = e.resume[:1].upper() + e.resume[1:]
        return Rangee(
            lien=_sheet_link(e.id, filtres.commune),
            nom=e.nom,
            genre=GENRES[e.genre],
            sens=e.sens,
            resume=resume,
            conditions=", ".join(e.conditions),
            ou=self._where(ligne, filtres.commune),
            etat=ETATS_DITS.get(e.etat),
            professionnels=e.professionnels,
            telephone=e.telephone,
            confiance=e.confiance,
        )

    def _where(self, ligne: Ligne, commune: str | None) -> str:
        e = ligne.entree
        if e.en_projet or e.genre in ("sigle", "commune"):
            return ""
        if e.genre == "lieu":
            lieu = self.base.lieux[e.cle]
            ville = self.base.communes[lieu.commune].nom if lieu.commune else "commune non connue"
            ou = f"{lieu.adresse}, {lieu.code_postal or ''} {ville}" if lieu.adresse else f"{ville}, adresse non connue"
        elif e.partout:
            ou = "Tout le territoire"
        elif e.zone:
            ou = f"{plural(len(e.zone), 'commune')} seulement"
        elif e.communes:
            proches = sorted(e.communes, key=lambda c: self.base.distance(commune, c)) if commune else e.communes
            villes = [self.base.communes[c].nom for c in proches]
            ou = ", ".join(villes[:4]) + (f" et {plural(len(villes) - 4, 'autre commune', 'autres communes')}" if len(villes) > 4 else "")
        else:
            ou = "Lieu non connu"
        return f"{ou} (à {round(ligne.distance_km)} km)" if ligne.distance_km else ou

    # /fiche

    def sheet_page(self, identifiant: str, args: Mapping[str, list[str]]) -> HTTPResponse:
        entree = self.annuaire.find(identifiant)
        if entree is None:
            return self.page("perdu.html", 404, identifiant=mask(identifiant[:80]))
        messages: list[str] = []
        commune = read_commune(self.base, (args.get("commune") or [""])[0].strip()[:80], messages)
        fiche = make_sheet(self.annuaire, entree, date.today(), commune)
        nombres: dict[str, int] = {}
        for lieu in fiche.lieux:
            if lieu.code_insee:
                nombres[lieu.code_insee] = nombres.get(lieu.code_insee, 0) + 1
        montree = entree.cle if entree.genre == "commune" else commune
        carte = self.carte.svg(nombres, montree, f"Carte : {entree.nom}") if nombres or entree.genre == "commune" else ""
        usager = f"/fiche-usager?{urlencode({'services': entree.cle, **({'commune': commune} if commune else {})})}"
        proposable = entree.genre == "service" and not entree.en_projet and not entree.professionnels
        return self.page("fiche.html", f=fiche, e=entree, commune=commune, messages=messages, carte=carte, usager=usager if proposable else None)

    # /fiche-usager

    def person_page(self, args: Mapping[str, list[str]]) -> HTTPResponse:
        saisie = read_person(self.base, args)
        messages = list(saisie.messages)
        fiche = None
        if not saisie.besoins and not saisie.services:
            messages.append("Choisissez un besoin : il manque pour préparer la fiche.")
        else:
            fiche = make_person_sheet(self.annuaire, saisie.besoins, saisie.services, saisie.commune, saisie.age, date.today())
        besoins = [b for b in self.base.besoins.values() if not b.id.startswith("professionnel/")]
        groupes = {THEMES_DITS[t]: [b for b in besoins if b.theme == t] for t in THEMES_DITS}
        return self.page("fiche_usager.html", 400 if saisie.messages and not fiche else 200, saisie=saisie, messages=messages, f=fiche, groupes=groupes)


def add_directory(app: Sanic, aide: Assistant) -> None:
    """Serve /annuaire, /fiche/… and /fiche-usager. Their styles, scripts and pictures are files of ``bot/web``."""
    aide.base.derived(Directory)

    def pages() -> Directory:
        return aide.base.derived(Directory)

    async def annuaire(request: Request) -> HTTPResponse:
        return pages().list_page(_args(request))

    async def lignes(request: Request) -> HTTPResponse:
        return pages().list_fragment(_args(request))

    async def fiche(request: Request, identifiant: str) -> HTTPResponse:
        return pages().sheet_page(unquote(identifiant), _args(request))

    async def fiche_usager(request: Request) -> HTTPResponse:
        return pages().person_page(_args(request))

    app.add_route(annuaire, "/annuaire", methods=["GET"], name="annuaire")
    app.add_route(lignes, "/annuaire/lignes", methods=["GET"], name="annuaire_lignes")
    app.add_route(fiche, "/fiche/<identifiant:path>", methods=["GET"], name="fiche")
    app.add_route(fiche_usager, "/fiche-usager", methods=["GET"], name="fiche_usager")


def _args(request: Request) -> dict[str, list[str]]:
    return parse_qs(request.query_string, max_num_fields=50) if request.query_string.count("&") < 50 else {}


def _sheet_link(identifiant: str, commune: str | None = None) -> str:
    suite = f"?{urlencode({'commune': commune})}" if commune else ""
    return f"/fiche/{quote(identifiant, safe=':')}{suite}"


def _page_link(saisie: Saisie, numero: int) -> str:
    champs = {"q": saisie.q, "theme": saisie.theme, "commune": saisie.commune, "voisins": saisie.voisins, "age": saisie.age}
    return f"/annuaire?{urlencode({**{nom: v for nom, v in champs.items() if v}, 'page': str(numero)})}"
