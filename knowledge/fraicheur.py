"""What is oldest among the contacts, and whom we do not know how to reach, by theme."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from knowledge.base import Base, Contact, Structure
from knowledge.markdown import table
from knowledge.schema import THEMES
from knowledge.text import contains, fold, plural
from knowledge.trust import dated, month

_ANCIENS = 20


@dataclass(frozen=True)
class Etat:
    """Whom we can reach among the structures in service of one theme."""

    theme: str
    structures: tuple[Structure, ...]
    telephone: int
    joignables: int  # a telephone or an address, from a page
    adresse_convention: int  # only the address that the convention gave in 2021
    sans: tuple[Structure, ...]  # neither
    plus_ancien: str | None

    @property
    def part(self) -> str:
        return f"{round(100 * self.joignables / len(self.structures))} %" if self.structures else ""


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
        "structures en service",
        "joignables (téléphone ou adresse)",
        "part",
        "dont par téléphone",
        "adresse de 2021 seulement",
        "sans contact",
        "page la plus ancienne",
    ]
    return table(entete, [_row(etat) for etat in etats])


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
    lieux = {s.id: [lieu for lieu in base.lieux.values() if lieu.structure == s.id and lieu.etat == "en service"] for s in structures}
    contacts = {s.id: [c for c in base.contacts if c.structure == s.id or c.lieu in {lieu.id for lieu in lieux[s.id]}] for s in structures}
    joignables = {s.id for s in structures if any(c.telephone or c.adresse for c in contacts[s.id])}
    de_2021 = {s.id for s in structures if s.id not in joignables and any(lieu.adresse for lieu in lieux[s.id])}
    return Etat(
        theme,
        tuple(structures),
        sum(any(c.telephone for c in contacts[s.id]) for s in structures),
        len(joignables),
        len(de_2021),
        tuple(sorted((s for s in structures if s.id not in joignables | de_2021), key=lambda s: fold(s.nom))),
        min((c.date for liste in contacts.values() for c in liste if not _undated(base, c)), default=None),
    )


def _row(etat: Etat) -> list[str]:
    comptes = (len(etat.structures), etat.joignables, etat.part, etat.telephone, etat.adresse_convention, len(etat.sans))
    return [f"`{etat.theme}`", *map(str, comptes), month(etat.plus_ancien) if etat.plus_ancien else "aucune"]


def _line(base: Base, c: Contact) -> list[str]:
    source = base.sources[c.source]
    nom = base.structures[c.structure].nom if c.structure else base.lieux[c.lieu or ""].nom
    return [dated(source.date, source.date_consultation), c.nom or nom, c.telephone or "non connu", source.libelle_court, source.url or ""]


def _undated(base: Base, c: Contact) -> bool:
    return base.sources[c.source].date == base.sources[c.source].date_consultation


def _name(s: Structure) -> str:
    return s.nom if not s.sigle or contains(s.nom, s.sigle) else f"{s.nom} ({s.sigle})"
