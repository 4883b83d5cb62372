"""Training sessions on disk: an answer that was acknowledged survives a killed server.

Pseudonyms, links and single answers live as long as the session; when it ends only anonymous counts stay.
Links are kept as hashes. Every time is given by the caller, in seconds since 1970.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.formation.comptes import Comptes, Score, count_answers, mean_scores
from knowledge.text import fold

FICHIER = "formation.db"
ETAPES = ("avant", "situations", "apres", "finie")
DUREE_S = 12 * 3600  # a session that nobody closes is closed after this time
MAX_PARTICIPANTS = 60
MAX_OUVERTES = 50
# No 0 or O, 1 or I: a code is read aloud and typed on a tablet.
ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
LONGUEUR_CODE = 5
_MOIS_S = 365.25 / 12 * 86400

_TABLES = """
CREATE TABLE IF NOT EXISTS session (
    id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, animateur TEXT NOT NULL UNIQUE, mur TEXT NOT NULL UNIQUE,
    jour TEXT NOT NULL, debut REAL NOT NULL, etape TEXT NOT NULL CHECK (etape IN ('avant', 'situations', 'apres', 'finie')),
    themes TEXT NOT NULL, niveau TEXT NOT NULL, points INTEGER NOT NULL, quiz INTEGER NOT NULL,
    situations TEXT NOT NULL, avant TEXT NOT NULL, apres TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS participant (
    id INTEGER PRIMARY KEY, session INTEGER NOT NULL REFERENCES session(id), rang INTEGER NOT NULL,
    pseudo TEXT NOT NULL, pseudo_plie TEXT NOT NULL, jeton TEXT NOT NULL UNIQUE, UNIQUE (session, pseudo_plie)
) STRICT;
CREATE TABLE IF NOT EXISTS reponse (
    participant INTEGER NOT NULL REFERENCES participant(id), etape TEXT NOT NULL, objet TEXT NOT NULL, choix TEXT NOT NULL,
    resultat TEXT NOT NULL CHECK (resultat IN ('juste', 'proche', 'faux')), duree_s REAL,
    PRIMARY KEY (participant, etape, objet)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS bilan (
    session INTEGER PRIMARY KEY REFERENCES session(id), participants INTEGER NOT NULL, reponses INTEGER NOT NULL,
    quiz_faits INTEGER NOT NULL, avant REAL, apres REAL
) STRICT;
CREATE TABLE IF NOT EXISTS bilan_situation (
    session INTEGER NOT NULL REFERENCES session(id), objet TEXT NOT NULL, juste INTEGER NOT NULL, proche INTEGER NOT NULL,
    faux INTEGER NOT NULL, duree_s REAL, erreur TEXT NOT NULL, PRIMARY KEY (session, objet)
) STRICT, WITHOUT ROWID;
"""


class PseudoTaken(Exception):
    """Someone of the session has this pseudonym already."""


class TooMany(Exception):
    """The session, or the server, is full; the message says it in French."""


@dataclass(frozen=True)
class Session:
    """A session as its trainer opened it. ``debut`` in seconds since 1970."""

    id: int
    code: str
    jour: str
    debut: float
    etape: str
    themes: tuple[str, ...]
    niveau: str
    points: bool
    quiz: bool
    situations: tuple[str, ...]
    avant: tuple[str, ...]
    apres: tuple[str, ...]

    @property
    def finie(self) -> bool:
        return self.etape == "finie"

    def questions(self, etape: str, rang: int) -> tuple[str, ...]:
        """What a participant answers at a stage. One in two gets the draws the other way round, so that draws weigh nothing in the progress."""
        if etape == "situations":
            return self.situations
        if etape not in ("avant", "apres"):
            return ()
        return self.avant if (etape == "avant") == (rang % 2 == 1) else self.apres


@dataclass(frozen=True)
class Participant:
    id: int
    session: int
    rang: int  # 1 for the first who joined
    pseudo: str


@dataclass(frozen=True)
class Reponse:
    """One answer. ``choix`` is JSON data: ``cles`` chosen and those ``fausses``, or what was ``compris`` of a message, never its words."""

    etape: str
    objet: str
    choix: dict[str, list[str]]
    resultat: str
    duree_s: float | None


@dataclass(frozen=True)
class Bilan:
    """What stays of a session, and what its trainer sees while it runs. Means are out of ten."""

    participants: int
    reponses: int
    score: Score
    situations: dict[str, Comptes]


def hashed(jeton: str) -> str:
    return hashlib.sha256(jeton.encode()).hexdigest()


def wall_token(animateur: str) -> str:
    """The link of the wall is made from the trainer's, and does not lead back to it."""
    return hashlib.sha256(f"mur/{animateur}".encode()).hexdigest()[:32]


class Store:
    """Sessions of one server. Each call raises sqlite3.Error while the disk refuses; making a store never fails."""

    def __init__(self, dossier: Path) -> None:
        self._dossier = dossier
        self._connexion: sqlite3.Connection | None = None

    @property
    def _sql(self) -> sqlite3.Connection:
        """Opened at the first use, and again until it opens: a server whose disk refuses has other things to answer."""
        if self._connexion is None:
            self._connexion = _open(self._dossier)
        return self._connexion

    def close_file(self) -> None:
        if self._connexion:
            self._connexion.close()

    # Sessions

    def create(
        self,
        maintenant: float,
        themes: Sequence[str],
        niveau: str,
        points: bool,
        quiz: bool,
        situations: Sequence[str],
        avant: Sequence[str],
        apres: Sequence[str],
    ) -> tuple[Session, str]:
        """A new session and the secret of its trainer's link, told once. Raises TooMany."""
        ouvertes = self._sql.execute("SELECT count(*) FROM session WHERE etape != 'finie'").fetchone()[0]
        if ouvertes >= MAX_OUVERTES:
            raise TooMany(f"{MAX_OUVERTES} sessions sont déjà ouvertes. Terminez-en une avant d'en ouvrir une autre.")
        animateur = secrets.token_urlsafe(24)
        connus = {code for (code,) in self._sql.execute("SELECT code FROM session")}
        code = next(c for c in iter(_new_code, "") if c not in connus)
        jour = datetime.fromtimestamp(maintenant).date().isoformat()
        listes = [json.dumps(list(liste)) for liste in (situations, avant, apres)]
        with self._sql:
            curseur = self._sql.execute(
                "INSERT INTO session (code, animateur, mur, jour, debut, etape, themes, niveau, points, quiz, situations, avant, apres) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    code,
                    hashed(animateur),
                    hashed(wall_token(animateur)),
                    jour,
                    maintenant,
                    "avant" if quiz else "situations",
                    " ".join(themes),
                    niveau,
                    points,
                    quiz,
                    *listes,
                ),
            )
        session = self._session("id = ?", curseur.lastrowid)
        assert session
        return session, animateur

    def by_code(self, code: str) -> Session | None:
        return self._session("code = ?", code)

    def by_trainer(self, jeton: str) -> Session | None:
        return self._session("animateur = ?", hashed(jeton))

    def by_wall(self, jeton: str) -> Session | None:
        return self._session("mur = ?", hashed(jeton))

    def _session(self, condition: str, valeur: Any) -> Session | None:
        ligne = self._sql.execute(f"SELECT * FROM session WHERE {condition}", (valeur,)).fetchone()
        if ligne is None:
            return None
        return Session(
            ligne["id"],
            ligne["code"],
            ligne["jour"],
            ligne["debut"],
            ligne["etape"],
            tuple(ligne["themes"].split()),
            ligne["niveau"],
            bool(ligne["points"]),
            bool(ligne["quiz"]),
            *(tuple(json.loads(ligne[nom])) for nom in ("situations", "avant", "apres")),
        )

    def open_stage(self, session: Session, etape: str) -> None:
        """Go on to a stage; going back, or to a stage that the session has not, changes nothing."""
        if etape not in ("situations", "apres") or (etape == "apres" and not session.quiz):
            return
        with self._sql:
            self._sql.execute("UPDATE session SET etape = ? WHERE id = ? AND etape IN ('avant', 'situations') AND etape != ?", (etape, session.id, etape))

    def close(self, session: Session) -> None:
        """End a session: counts are kept, pseudonyms and single answers are erased, from the journal too."""
        bilan = self.results(session)
        qui = "SELECT id FROM participant WHERE session = ?"
        with self._sql:
            if self._sql.execute("UPDATE session SET etape = 'finie' WHERE id = ? AND etape != 'finie'", (session.id,)).rowcount == 0:
                return
            self._sql.execute(
                "INSERT INTO bilan VALUES (?, ?, ?, ?, ?, ?)",
                (session.id, bilan.participants, bilan.reponses, bilan.score.faits, bilan.score.avant, bilan.score.apres),
            )
            self._sql.executemany(
                "INSERT INTO bilan_situation VALUES (?, ?, ?, ?, ?, ?, ?)",
                [(session.id, objet, c.juste, c.proche, c.faux, c.duree_s, c.erreur) for objet, c in bilan.situations.items()],
            )
            self._sql.execute(f"DELETE FROM reponse WHERE participant IN ({qui})", (session.id,))
            self._sql.execute("DELETE FROM participant WHERE session = ?", (session.id,))
        self._sql.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def sweep(self, maintenant: float, mois: int) -> None:
        """Close sessions left open too long; forget the counts of those older than ``mois`` months."""
        for (cle,) in self._sql.execute("SELECT id FROM session WHERE etape != 'finie' AND debut < ?", (maintenant - DUREE_S,)).fetchall():
            session = self._session("id = ?", cle)
            if session:
                self.close(session)
        vieilles = [cle for (cle,) in self._sql.execute("SELECT id FROM session WHERE etape = 'finie' AND debut < ?", (maintenant - mois * _MOIS_S,))]
        with self._sql:
            for table, colonne in (("bilan_situation", "session"), ("bilan", "session"), ("session", "id")):
                self._sql.executemany(f"DELETE FROM {table} WHERE {colonne} = ?", [(cle,) for cle in vieilles])

    # Participants

    def join(self, session: Session, pseudo: str, reprendre: bool = False) -> tuple[Participant, str]:
        """Enter a session; the participant and the secret of their link. Raises PseudoTaken, TooMany.

        With ``reprendre`` someone whose tablet is gone takes their place again, and the former link stops.
        """
        jeton = secrets.token_urlsafe(16)
        with self._sql:
            connu = self._sql.execute("SELECT * FROM participant WHERE session = ? AND pseudo_plie = ?", (session.id, _folded(pseudo))).fetchone()
            if connu and not reprendre:
                raise PseudoTaken(pseudo)
            if connu:
                self._sql.execute("UPDATE participant SET jeton = ? WHERE id = ?", (hashed(jeton), connu["id"]))
                return Participant(connu["id"], session.id, connu["rang"], connu["pseudo"]), jeton
            nombre = self._sql.execute("SELECT count(*) FROM participant WHERE session = ?", (session.id,)).fetchone()[0]
            if nombre >= MAX_PARTICIPANTS:
                raise TooMany(f"La session est complète : {MAX_PARTICIPANTS} participants.")
            curseur = self._sql.execute(
                "INSERT INTO participant (session, rang, pseudo, pseudo_plie, jeton) VALUES (?, ?, ?, ?, ?)",
                (session.id, nombre + 1, pseudo, _folded(pseudo), hashed(jeton)),
            )
        return Participant(int(curseur.lastrowid or 0), session.id, nombre + 1, pseudo), jeton

    def participant(self, jeton: str) -> tuple[Participant, Session] | None:
        ligne = self._sql.execute("SELECT id, session, rang, pseudo FROM participant WHERE jeton = ?", (hashed(jeton),)).fetchone()
        session = self._session("id = ?", ligne["session"]) if ligne else None
        return (Participant(*ligne), session) if session else None

    def participants(self, session: Session) -> list[Participant]:
        return [
            Participant(*ligne)
            for ligne in self._sql.execute("SELECT id, session, rang, pseudo FROM participant WHERE session = ? ORDER BY rang", (session.id,))
        ]

    # Answers

    def answer(self, participant: Participant, reponse: Reponse) -> tuple[Reponse, bool]:
        """Keep the first answer; what is kept, and whether it is this one. On the disk when this returns."""
        with self._sql:
            neuve = self._sql.execute(
                "INSERT INTO reponse VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                (participant.id, reponse.etape, reponse.objet, json.dumps(reponse.choix, ensure_ascii=False), reponse.resultat, reponse.duree_s),
            ).rowcount
        if neuve:
            return reponse, True
        return self.answers(participant)[reponse.etape, reponse.objet], False

    def answers(self, participant: Participant) -> dict[tuple[str, str], Reponse]:
        lignes = self._sql.execute("SELECT etape, objet, choix, resultat, duree_s FROM reponse WHERE participant = ?", (participant.id,))
        return {(r["etape"], r["objet"]): Reponse(r["etape"], r["objet"], json.loads(r["choix"]), r["resultat"], r["duree_s"]) for r in lignes}

    # What the trainer sees

    def signature(self, session: Session) -> tuple[Any, ...]:
        """Changes when something of the session does: cheap enough to be asked for twice a second."""
        requete = """
            SELECT etape, (SELECT count(*) FROM participant WHERE session = s.id),
                   (SELECT count(*) FROM reponse WHERE participant IN (SELECT id FROM participant WHERE session = s.id))
            FROM session AS s WHERE id = ?
        """
        return tuple(self._sql.execute(requete, (session.id,)).fetchone() or ())

    def all_answers(self, session: Session) -> list[tuple[int, Reponse]]:
        """Every answer of a running session, with the id of who gave it."""
        requete = "SELECT r.* FROM reponse AS r JOIN participant AS p ON p.id = r.participant WHERE p.session = ? ORDER BY p.rang, r.etape, r.objet"
        return [
            (r["participant"], Reponse(r["etape"], r["objet"], json.loads(r["choix"]), r["resultat"], r["duree_s"]))
            for r in self._sql.execute(requete, (session.id,))
        ]

    def results(self, session: Session) -> Bilan:
        """Anonymous counts, of a running session as of one that ended."""
        ligne = self._sql.execute("SELECT * FROM bilan WHERE session = ?", (session.id,)).fetchone()
        if ligne is None:
            reponses = self.all_answers(session)
            tailles = {"avant": len(session.avant), "apres": len(session.apres)}
            return Bilan(
                len(self.participants(session)), len(reponses), mean_scores(reponses, tailles), count_answers(r for _, r in reponses if r.etape == "situations")
            )
        lignes = self._sql.execute("SELECT * FROM bilan_situation WHERE session = ?", (session.id,))
        situations = {r["objet"]: Comptes(r["juste"], r["proche"], r["faux"], r["duree_s"], r["erreur"]) for r in lignes}
        return Bilan(ligne["participants"], ligne["reponses"], Score(ligne["quiz_faits"], ligne["avant"], ligne["apres"]), situations)

    def finished(self) -> list[tuple[str, Bilan]]:
        """Day and counts of every session that ended, oldest first."""
        cles = [cle for (cle,) in self._sql.execute("SELECT s.id FROM session AS s JOIN bilan AS b ON b.session = s.id ORDER BY s.debut")]
        sessions: Iterable[Session | None] = (self._session("id = ?", cle) for cle in cles)
        return [(s.jour, self.results(s)) for s in sessions if s]


def _open(dossier: Path) -> sqlite3.Connection:
    try:
        dossier.mkdir(parents=True, exist_ok=True)
    except OSError as erreur:
        raise sqlite3.OperationalError(f"{dossier}: {erreur.strerror}") from erreur
    sql = sqlite3.connect(dossier / FICHIER, timeout=5, check_same_thread=False)
    try:
        sql.row_factory = sqlite3.Row
        # FULL: a commit is on the disk before it is acknowledged. secure_delete: an erased pseudonym leaves no bytes.
        sql.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA foreign_keys=ON;")
        sql.executescript(_TABLES)
    except sqlite3.Error:
        sql.close()
        raise
    return sql


def _new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(LONGUEUR_CODE))


def _folded(pseudo: str) -> str:
    return fold(pseudo) or pseudo.lower()


def read_finished(dossier: Path) -> list[tuple[str, Bilan]]:
    """Sessions that ended, read without making a file; nothing when there was none."""
    if not (dossier / FICHIER).exists():
        return []
    store = Store(dossier)
    try:
        return store.finished()
    finally:
        store.close_file()
