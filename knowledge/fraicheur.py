"""What is oldest among the contacts, and whom we do not know how to reach, by theme."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from knowledge.base import Base, Contact, Lieu, Structure
from knowledge.markdown import table
from knowledge.schema import THEMES
from knowledge.text import contains, fold, plural
from knowledge.trust import dated, month

_ANCIENS = 20
_INSTANCE = "instance"  # comités, conférences, conseils: nobody goes there


@dataclass(frozen=True)
class Etat:
    """Whom we can reach among the structures in service of one theme; each structure counts once, under the best that we know."""

    theme: str
    structures: tuple[Structure, ...]
    local: tuple[Structure, ...]  # its own telephone or address, from a page
    telephone: int  # of those, a telephone
    mairie: tuple[Structure, ...]  # by its mairie only
    national: tuple[Structure, ...]  # by a national number only
    adresse_convention: tuple[Structure, ...]  # only the address that the convention gave in 2021
    sans: tuple[Structure, ...]
    plus_ancien: str | None

    @property
    def joignables(self) -> tuple[Structure, ...]:
        return (*self.local, *self.mairie, *self.national)

    @property
    def part(self) -> str:
        return _share(self.joignables, self.structures)

    @property
    def part_des_portes(self) -> str:
        """The same without the bodies where nobody is received."""
        return _share(doors(self.joignables), doors(self.structures))


def by_theme(base: Base, themes: Iterable[str] = THEMES) -> list[Etat]:
    return [_state(base, theme, [s for s in _open(base) if theme in s.themes]) for theme in themes]


def oldest(base: Base, theme: str | None = None) -> list[Contact]:
    """Contacts whose page has no date, then the oldest first."""
    retenus = [c for c in base.contacts if theme is None or c.structure and theme in base.structures[c.structure].themes]
    return sorted(retenus, key=lambda c: (not _undated(base, c), c.date, c.id))


def theme_table(base: Base, theme: str | None = None) -> str:
    """One row a theme, then all the structures together (one may have several themes)."""
    etats = by_theme(base, [theme]) if theme else [e for e in by_theme(base) if e.structures] + [_state(base, "tous", list(_open(base)))]
    entete = [
        "thème",
        "structures",
        "contact local",
        "dont téléphone",
        "par la mairie",
        "par un numéro national",
        "adresse de 2021",
        "sans contact",
        "joignables",
        "portes joignables",
        "page la plus ancienne",
    ]
    return table(entete, [_row(etat) for etat in etats])


def doors(structures: Iterable[Structure]) -> list[Structure]:
    """Those where a person may be sent."""
    return [s for s in structures if s.type != _INSTANCE]


def report(base: Base, theme: str | None = None) -> str:
    """The whole in Markdown, for all the themes or for one."""
    etats = by_theme(base, [theme]) if theme else by_theme(base)
    anciens = oldest(base, theme)
    morceaux = ["## Contacts par thème", "", theme_table(base, theme), "", "## Les plus anciens", ""]
    if anciens:
        morceaux.append(table(["page de", "structure", "téléphone", "source", "page"], [_line(base, c) for c in anciens[:_ANCIENS]]))
        if len(anciens) > _ANCIENS:
            morceaux += ["", f"… et {plural(len(anciens) - _ANCIENS, 'contact')} plus récents."]
    else:
        morceaux.append("Aucun contact.")
    morceaux += ["", "## Sans contact", ""]
    morceaux.append(
        table(["thème", "structures", "lesquelles"], [[f"`{e.theme}`", str(len(e.sans)), ", ".join(_name(s) for s in e.sans)] for e in etats if e.sans])
    )
    return "\n".join(morceaux)


def _open(base: Base) -> Iterable[Structure]:
    return (s for s in base.structures.values() if s.etat == "en service")


def _state(base: Base, theme: str, structures: list[Structure]) -> Etat:
    lieux = {s.id: _places(base, s) for s in structures}
    contacts = {s.id: [c for c in base.contacts if c.structure == s.id or c.lieu in {lieu.id for lieu in lieux[s.id]}] for s in structures}
    rangs: dict[str, list[Structure]] = {rang: [] for rang in ("local", "mairie", "national", "adresse_convention", "sans")}
    for s in sorted(structures, key=lambda s: fold(s.nom)):
        siens = contacts[s.id]
        if any(c.local for c in siens):
            rang = "local"
        elif any(c.origine == "commune" for c in siens):
            rang = "mairie"
        elif any(c.national for c in siens):
            rang = "national"
        else:
            rang = "adresse_convention" if any(lieu.adresse for lieu in lieux[s.id]) else "sans"
        rangs[rang].append(s)
    return Etat(
        theme,
        tuple(structures),
        telephone=sum(any(c.local and c.telephone and not c.national for c in contacts[s.id]) for s in structures),
        plus_ancien=min((c.date for liste in contacts.values() for c in liste if not _undated(base, c)), default=None),
        **{rang: tuple(liste) for rang, liste in rangs.items()},
    )


def _places(base: Base, s: Structure) -> list[Lieu]:
    """Open places of a structure, and those where its services are given: a crèche is a place of « Crèches »."""
    siens = [service.id for service in base.services.values() if service.structure == s.id]
    lieux = (*base.lieux_par_structure.get(s.id, ()), *(lieu for service in siens for lieu in base.lieux_par_service.get(service, ())))
    return [lieu for lieu in dict.fromkeys(lieux) if lieu.etat == "en service"]


def _share(joignables: Sequence[Structure], structures: Sequence[Structure]) -> str:
    return f"{len(joignables)} sur {len(structures)}, {round(100 * len(joignables) / len(structures))} %" if structures else "aucune"


def _row(etat: Etat) -> list[str]:
    comptes = [len(liste) for liste in (etat.mairie, etat.national, etat.adresse_convention, etat.sans)]
    nombres = map(str, (len(etat.structures), len(etat.local), etat.telephone, *comptes))
    return [f"`{etat.theme}`", *nombres, etat.part, etat.part_des_portes, month(etat.plus_ancien) if etat.plus_ancien else "aucune"]


def _line(base: Base, c: Contact) -> list[str]:
    source = base.sources[c.source]
    nom = base.structures[c.structure].nom if c.structure else base.lieux[c.lieu or ""].nom
    return [dated(source.date, source.date_consultation), c.nom or nom, c.telephone or "non connu", source.libelle_court, source.url or ""]


def _undated(base: Base, c: Contact) -> bool:
    return base.sources[c.source].date == base.sources[c.source].date_consultation


def _name(s: Structure) -> str:
    return s.nom if not s.sigle or contains(s.nom, s.sigle) else f"{s.nom} ({s.sigle})"
