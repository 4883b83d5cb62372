"""Say whom to call: each contact with how far it may be trusted, and what changed since the convention."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from knowledge.base import Base, Contact, Lieu, Service
from knowledge.contacts import contacts_of, disagreements, main_contact, mises_a_jour_of, quand, town
from knowledge.text import contains


def reach(base: Base, service: Service, lieu: Lieu | None, commune: str | None) -> Contact | None:
    """The contact to give for a door: that of its place, else that of the service, of the commune, or of the whole structure."""
    if lieu:
        siens = contacts_of(base, lieu.structure or service.structure, lieu.id)
        return next((c for c in siens if c.lieu == lieu.id), None) or main_contact(siens)
    siens = contacts_of(base, service.structure, service=service.id, commune=commune)
    propre = next((c for c in siens if c.service == service.id or (commune and c.commune == commune)), None)
    return propre or main_contact(siens) or next((c for c in siens if not c.lieu and not c.nom and not c.commune), None)


def contact_brief(base: Base, c: Contact, montre: str = "") -> str:
    """The one means to use first: telephone, else address, else mail or site; « 03 21 61 50 00 (source officielle, août 2024) »."""
    if c.telephone:
        nom = f"{c.nom}, " if c.nom and not contains(montre, c.nom) else ""
        return f"{nom}{c.telephone} ({c.mention})"
    return contact_text(base, c, montre)


def contact_text(base: Base, c: Contact, montre: str = "") -> str:
    """« 03 21 61 50 00, 100 avenue de Londres, Béthune (source officielle, août 2024) », without what ``montre`` shows already."""
    adresse = ", ".join(x for x in (c.adresse, town(base, c)) if x) if c.adresse else ""
    nom = c.nom if c.nom and not contains(montre, c.nom) else None
    moyens = [nom, c.telephone, adresse if not contains(montre, c.adresse or montre) else None]
    if not c.telephone:
        moyens += [c.courriel] if c.courriel else [c.site_web]
    return f"{', '.join(m for m in moyens if m)} ({c.mention})"


def asked(base: Base, champ: str, contacts: Sequence[Contact]) -> list[str]:
    """The lines that answer « le téléphone de … ? », one a page that states it; empty when no page does."""
    colonne = {"telephone": "telephone", "adresse": "adresse", "courriel": "courriel", "site": "site_web", "horaires": "horaires_accueil"}.get(champ)
    lignes = []
    for c in contacts:
        valeur = getattr(c, colonne) if colonne else None
        if valeur:
            ville = base.communes[c.commune].nom if c.commune and (c.nom or c.origine != "commune") else None
            qui = ", ".join(x for x in (c.nom, base.lieux[c.lieu].nom if c.lieu else None, ville) if x)
            lignes.append(f"{qui + ' : ' if qui else ''}{valeur} ({c.mention if champ == 'telephone' else c.confiance})")
    return lignes


def contact_lines(base: Base, contacts: Sequence[Contact], commune: str | None = None, limite: int = 3) -> list[str]:
    """The contacts of a sheet, those to call first, with the pages that disagree; with a commune, not those of others when it has its own."""
    siens = [c for c in contacts if c.telephone or c.adresse or c.courriel or c.site_web]
    if commune and any(c.commune == commune for c in siens):
        siens = [c for c in siens if c.commune in (None, commune)]
    elif len(siens) > limite:
        siens.sort(key=lambda c: not c.telephone)
    lignes = [f"Contact : {contact_text(base, c)}." for c in siens[:limite]]
    for d in disagreements(contacts)[:1]:
        quoi = "le même numéro" if d.champ == "telephone" else "la même adresse"
        lignes.append(f"Les pages ne donnent pas {quoi} : {' ; '.join(f'{getattr(c, d.champ)} ({c.confiance})' for c in d.contacts)}.")
    return lignes


def update_lines(
    base: Base, services: Iterable[str] = (), structures: Iterable[str] = (), lieux: Iterable[str] = (), commune: str | None = None, limite: int = 2
) -> list[str]:
    """« Depuis la convention : … (source, date). » for what an answer shows; the convention's own facts stay beside it.

    With a commune, what changed at a place of another one is left out.
    """
    trouves = [m for lieu in lieux for m in mises_a_jour_of(base, lieu=lieu)]
    trouves += [m for s in services for m in mises_a_jour_of(base, service=s)] + [m for s in structures for m in mises_a_jour_of(base, structure=s)]
    ici = [m for m in trouves if not (commune and m.lieu) or base.lieux[m.lieu].commune == commune]
    uniques = list({m.id: m for m in ici}.values())[:limite]
    return [f"Depuis la convention : {m.texte.rstrip('.')} ({base.sources[m.source].libelle_court}, {quand(base, m)})." for m in uniques]


def contact_json(base: Base, c: Contact | None) -> dict[str, Any] | None:
    if not c:
        return None
    return {
        "nom": c.nom,
        "telephone": c.telephone,
        "adresse": c.adresse,
        "code_postal": c.code_postal,
        "commune": base.communes[c.commune].nom if c.commune else None,
        "courriel": c.courriel,
        "site_web": c.site_web,
        "horaires_accueil": c.horaires_accueil,
        "confiance": c.mention,
        "page": base.sources[c.source].url,
    }
