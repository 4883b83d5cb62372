"""``python -m knowledge fraicheur``: what is oldest, whom we cannot reach, by theme."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from knowledge.__main__ import main
from knowledge.fraicheur import by_theme, doors, oldest, report
from knowledge.schema import THEMES


def test_each_structure_in_service_is_counted_once_a_theme(base):
    for etat in by_theme(base):
        attendues = {s.id for s in base.structures.values() if s.etat == "en service" and etat.theme in s.themes}
        assert {s.id for s in etat.structures} == attendues
        rangees = [s.id for groupe in (etat.local, etat.mairie, etat.national, etat.adresse_convention, etat.sans) for s in groupe]
        assert sorted(rangees) == sorted(attendues)
        assert etat.telephone <= len(etat.local)


def test_who_has_no_contact_has_none(base):
    for etat in by_theme(base):
        for s in etat.sans:
            lieux = [lieu for lieu in base.lieux.values() if lieu.structure == s.id and lieu.etat == "en service"]
            assert not any(lieu.adresse for lieu in lieux)
            siens = [c for c in base.contacts if c.structure == s.id or c.lieu in [lieu.id for lieu in lieux]]
            assert not any(c.telephone or c.visitable for c in siens)


def test_a_national_number_or_a_mairie_is_not_a_local_contact(base):
    [etat] = by_theme(base, ["petite_enfance"])
    assert {"mairie-annezin", "mairie-bethune"} <= {s.id for s in etat.mairie}
    [logement] = by_theme(base, ["logement"])
    assert {"siao", "carsat"} <= {s.id for s in logement.national}
    assert not {s.id for s in (*etat.mairie, *logement.national)} & {s.id for s in (*etat.local, *logement.local)}
    assert len(etat.joignables) == len(etat.local) + len(etat.mairie) + len(etat.national)


def test_a_contact_whose_only_telephone_is_national_is_not_local(base):
    modele = next(c for c in base.contacts if c.origine == "contact" and not c.lieu)
    national = replace(modele, structure="caf", telephone="3230", national=1, adresse=None)
    lettres = replace(modele, structure="caf", telephone=None, national=0, adresse="Rue de Beauffort, Arras (courrier)")
    [etat] = by_theme(Autre(base, national, lettres), ["handicap"])
    assert "caf" in [s.id for s in etat.national]
    [etat] = by_theme(Autre(base, lettres), ["handicap"])
    assert "caf" in [s.id for s in etat.sans]


def test_instances_are_counted_apart(base):
    [etat] = by_theme(base, ["gouvernance"])
    instances = [s for s in etat.structures if s.type == "instance"]
    assert len(doors(etat.structures)) == len(etat.structures) - len(instances) < len(etat.structures)
    assert etat.part.startswith(f"{len(etat.joignables)} sur {len(etat.structures)}, ")
    assert etat.part_des_portes.startswith(f"{len(doors(etat.joignables))} sur {len(doors(etat.structures))}, ")


class Autre:
    """The base with other contacts."""

    def __init__(self, base, *contacts):
        self._base, self.contacts = base, contacts

    def __getattr__(self, nom):
        return getattr(self._base, nom)


def test_a_site_alone_does_not_make_a_structure_reachable(base):
    local = next(c for c in base.contacts if c.origine == "contact")
    site = replace(local, structure="caf", lieu=None, telephone=None, adresse=None, site_web="https://exemple.fr", national=0)
    assert "caf" in [s.id for etat in by_theme(Autre(base, site), ["acces_droits"]) for s in etat.sans]
    assert "caf" in [s.id for etat in by_theme(Autre(base, replace(site, adresse="1 rue Fictive")), ["acces_droits"]) for s in etat.local]


def test_pages_without_date_come_first_then_the_oldest(base):
    sources = {s.id: s for s in base.sources.values()}
    pages = {"sans-date": ("2026-11-24", "2026-11-24"), "vieille": ("2018", "2026-11-24"), "neuve": ("2025-03", "2026-11-24")}
    faux = Autre(base, *(replace(base.contacts[0], id=cle, source=cle, date=date) for cle, (date, _) in pages.items()))
    modele = next(iter(sources.values()))
    faux.sources = {**sources, **{cle: replace(modele, id=cle, date=date, date_consultation=lue) for cle, (date, lue) in pages.items()}}
    assert [c.id for c in oldest(faux)] == ["sans-date", "vieille", "neuve"]


def test_the_report_is_french_and_its_tables_hold(base):
    texte = report(base)
    assert re.findall(r"^## (.*)$", texte, re.MULTILINE) == ["Contacts par thème", "Les plus anciens", "Sans contact"]
    for bloc in re.findall(r"(?:^\|.*\n?)+", texte, re.MULTILINE):
        assert len({len(re.findall(r"(?<!\\)\|", ligne)) for ligne in bloc.splitlines()}) == 1
    assert "| `tous` |" in texte
    assert "None" not in texte


def test_one_theme_says_only_its_own(base):
    texte = report(base, "illettrisme")
    assert [t for t in THEMES if f"| `{t}` |" in texte] == ["illettrisme"]
    assert "ID Formation" in texte


def test_the_command(base_path, capsys):
    assert main(["fraicheur", "--theme", "logement", "--base", str(base_path)]) == 0
    assert capsys.readouterr().out.startswith("## Contacts par thème\n")
    with pytest.raises(SystemExit) as sortie:
        main(["fraicheur", "--theme", "cuisine"])
    assert sortie.value.code == 2
    assert "python -m knowledge --help" in capsys.readouterr().err
