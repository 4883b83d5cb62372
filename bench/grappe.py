"""Several workers for real: PostgreSQL, Redis, nginx with the files of ``deploy/``, and N assistants, in a folder that is thrown away.

Needs Debian's postgresql, redis-server, nginx and openssl. Nothing of the machine's own services is touched: own ports, own
folder; started by root, the three run as the user « postgres ».
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg2
import redis

from knowledge.build import ROOT

NGINX = ROOT / "deploy" / "nginx"
UTILISATEUR = "postgres"
MOTDEPASSE = "essai:@/ %é"  # every character that an address must escape
_ECHAPPE = "essai%3A%40%2F%20%25%C3%A9"
DELAI_S = 180


class Missing(Exception):
    """A Debian package is not installed; the message says which, in French."""


def free_port() -> int:
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        return int(prise.getsockname()[1])


def binaries() -> dict[str, str]:
    """Path of each program. Raises Missing."""
    chemins = {nom: shutil.which(nom, path=f"{os.environ['PATH']}:/usr/sbin:/usr/bin") for nom in ("redis-server", "nginx", "openssl")}
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda p: int(p.parts[-3]))
    for nom in ("initdb", "postgres", "psql"):
        chemins[nom] = str(versions[-1].parent / nom) if versions else None
    absents = sorted({"initdb": "postgresql", "postgres": "postgresql", "psql": "postgresql"}.get(nom, nom) for nom, chemin in chemins.items() if not chemin)
    if absents:
        raise Missing(f"Il manque des paquets Debian : apt-get install {' '.join(dict.fromkeys(absents))}")
    return {nom: str(chemin) for nom, chemin in chemins.items()}


@dataclass
class Worker:
    """One assistant, as systemd or Docker would start it."""

    port: int
    dossier: Path
    environ: dict[str, str]
    processus: subprocess.Popen[bytes] = field(init=False)

    @property
    def journal(self) -> Path:
        return self.dossier / f"ouvrier-{self.port}.txt"

    def start(self) -> None:
        self.dossier.mkdir(exist_ok=True)
        with self.journal.open("wb") as sortie:
            self.processus = subprocess.Popen(
                _bound("KILL", [sys.executable, "-m", "bot", "run"]), cwd=ROOT, stdout=sortie, stderr=subprocess.STDOUT, env=self.environ
            )

    def wait_until_ready(self) -> None:
        def ready() -> bool:
            if self.processus.poll() is not None:
                raise AssertionError(f"l'ouvrier {self.port} s'est arrêté :\n{self.journal.read_text()[-2000:]}")
            return "Prêt" in self.journal.read_text(encoding="utf-8")

        _wait(ready, f"l'ouvrier {self.port}", self.journal)

    def kill(self) -> None:
        self.processus.send_signal(signal.SIGKILL)
        self.processus.wait()

    def resident_mb(self) -> float:
        lignes = Path(f"/proc/{self.processus.pid}/status").read_text().splitlines()
        return next(int(ligne.split()[1]) for ligne in lignes if ligne.startswith("VmRSS:")) / 1024

    def cpu_s(self) -> float:
        champs = Path(f"/proc/{self.processus.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(champs[11]) + int(champs[12])) / os.sysconf("SC_CLK_TCK")


@dataclass
class Cluster:
    url: str
    suivi_url: str
    dossier: Path
    ouvriers: list[Worker]
    moteurs: dict[str, Engine]

    def sql(self, requete: str, *valeurs: Any) -> list[tuple[Any, ...]]:
        with contextlib.closing(psycopg2.connect(self.suivi_url)) as connexion, connexion, connexion.cursor() as curseur:
            curseur.execute(requete, valeurs)
            return list(curseur.fetchall()) if curseur.description else []

    def requests(self) -> list[str]:
        """What nginx logged, one line a request."""
        return (self.dossier / "table-orientation.log").read_text().splitlines()


@dataclass
class Engine:
    """One of the three programs beside the workers."""

    commande: list[str]
    dossier: Path
    answers: Callable[[], object]
    processus: subprocess.Popen[bytes] = field(init=False)

    def start(self) -> None:
        nom = Path(self.commande[0]).name
        with (self.dossier / f"{nom}.txt").open("ab") as sortie:
            self.processus = subprocess.Popen(_bound("INT", self.commande), cwd=self.dossier, stdout=sortie, stderr=subprocess.STDOUT, **_as_user())

        def ready() -> bool:
            if self.processus.poll() is not None:
                raise AssertionError(f"{nom} s'est arrêté :\n{(self.dossier / f'{nom}.txt').read_text()[-2000:]}")
            try:
                self.answers()
                return True
            except (psycopg2.Error, redis.RedisError, OSError):
                return False

        _wait(ready, nom, self.dossier / f"{nom}.txt")

    def stop(self) -> None:
        # SIGINT: PostgreSQL closes without waiting for its clients; the two others stop as well.
        self.processus.send_signal(signal.SIGINT)
        try:
            self.processus.wait(20)
        except subprocess.TimeoutExpired:
            self.processus.kill()
            self.processus.wait()


def _wait(ready: Callable[[], bool], nom: str, journal: Path) -> None:
    limite = time.monotonic() + DELAI_S
    while not ready():
        if time.monotonic() > limite:
            raise AssertionError(f"{nom} n'a pas démarré en {DELAI_S} s :\n{journal.read_text(errors='replace')[-2000:]}")
        time.sleep(0.1)


def _bound(signal_de_fin: str, commande: list[str]) -> list[str]:
    """The command, stopped by the kernel when this process dies: nothing stays behind a test that was killed."""
    return ["setpriv", "--pdeathsig", signal_de_fin, *commande]


def _as_user() -> dict[str, Any]:
    # PostgreSQL refuses to run as root.
    return {"user": UTILISATEUR, "group": UTILISATEUR, "extra_groups": []} if os.getuid() == 0 else {}


def _run(commande: list[str], dossier: Path) -> None:
    fini = subprocess.run(commande, cwd=dossier, capture_output=True, text=True, **_as_user())
    assert fini.returncode == 0, fini.stderr


def _postgres(programmes: dict[str, str], dossier: Path, port: int) -> tuple[Engine, str]:
    (dossier / "motdepasse").write_text(MOTDEPASSE)
    (dossier / "motdepasse").chmod(0o644)
    _run(
        [programmes["initdb"], "-D", "pg", "-U", "table_orientation", "-A", "scram-sha-256", "--pwfile", "motdepasse", "-E", "UTF8", "--locale", "C.UTF-8"],
        dossier,
    )
    url = f"postgresql://table_orientation:{_ECHAPPE}@127.0.0.1:{port}/postgres"
    commande = [programmes["postgres"], "-D", str(dossier / "pg"), "-p", str(port), "-c", "listen_addresses=127.0.0.1", "-k", str(dossier)]
    return Engine(commande, dossier, lambda: psycopg2.connect(url).close()), url


def _redis(programmes: dict[str, str], dossier: Path, port: int) -> tuple[Engine, str]:
    url = f"redis://:{_ECHAPPE}@127.0.0.1:{port}/0"
    # The same options as deploy/grand/compose.yaml: nothing on disk, locks only.
    commande = [programmes["redis-server"], "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--requirepass", MOTDEPASSE]
    return Engine(commande, dossier, lambda: redis.Redis.from_url(url).ping()), url


def nginx_conf(dossier: Path, ports: tuple[int, int], ouvriers: list[int]) -> Path:
    """The files of deploy/nginx with other paths and ports, under a main file of our own."""
    serveurs = "".join(f"server 127.0.0.1:{port} max_fails=1 fail_timeout=5s;\n" for port in ouvriers)
    (dossier / "ouvriers.list").write_text(serveurs)
    (dossier / "formation.list").write_text(f"server 127.0.0.1:{ouvriers[0]};\n")
    texte = (NGINX / "table-orientation.conf").read_text(encoding="utf-8")
    for ancien, nouveau in {
        "/etc/nginx/table-orientation/": f"{dossier}/",
        "/etc/ssl/table-orientation/": f"{dossier}/",
        "/var/log/nginx/": f"{dossier}/",
        "listen 80;": f"listen 127.0.0.1:{ports[0]};",
        "listen 443 ssl": f"listen 127.0.0.1:{ports[1]} ssl",
    }.items():
        assert ancien in texte, ancien
        texte = texte.replace(ancien, nouveau)
    (dossier / "table-orientation.conf").write_text(texte, encoding="utf-8")
    principal = dossier / "nginx.conf"
    temporaires = "".join(f"{nom}_temp_path {dossier}/{nom};" for nom in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    principal.write_text(
        f"daemon off; pid {dossier}/nginx.pid; error_log {dossier}/nginx-erreurs.txt; events {{ worker_connections 2048; }}\n"
        f"http {{ {temporaires} include /etc/nginx/mime.types; include {dossier}/table-orientation.conf; }}\n"
    )
    return principal


def _nginx(programmes: dict[str, str], dossier: Path, ouvriers: list[int]) -> tuple[Engine, str]:
    ports = (free_port(), free_port())
    principal = nginx_conf(dossier, ports, ouvriers)
    sujet = ["-subj", "/CN=orientation.example.fr", "-days", "2", "-nodes", "-newkey", "rsa:2048"]
    _run([programmes["openssl"], "req", "-x509", *sujet, "-keyout", "cle.pem", "-out", "certificat.pem"], dossier)
    commande = [programmes["nginx"], "-c", str(principal), "-e", str(dossier / "nginx-erreurs.txt")]
    _run([*commande, "-t"], dossier)

    def answers() -> None:
        socket.create_connection(("127.0.0.1", ports[1]), 1).close()

    return Engine(commande, dossier, answers), f"https://127.0.0.1:{ports[1]}"


@contextmanager
def cluster(ouvriers: int) -> Iterator[Cluster]:
    """Everything started and answering; everything stopped and erased at the end. Raises Missing."""
    programmes = binaries()
    # Two workers must not both learn the model.
    subprocess.run([sys.executable, "-m", "bot", "prepare"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    dossier = Path(tempfile.mkdtemp(prefix="table-echelle-"))
    if os.getuid() == 0:
        shutil.chown(dossier, UTILISATEUR, UTILISATEUR)
    ports = [free_port() for _ in range(ouvriers)]
    partie: list[Engine] = []
    lances: list[Worker] = []
    try:
        pg, suivi_url = _postgres(programmes, dossier, free_port())
        verrous, verrou_url = _redis(programmes, dossier, free_port())
        devant, url = _nginx(programmes, dossier, ports)
        for moteur in (pg, verrous, devant):
            partie.append(moteur)
            moteur.start()
        (dossier / "suivi.url").write_text(suivi_url + "\n")
        # The simulated agents share one address: what stops one client would stop them all.
        partage = {
            "TABLE_PROXYS": "1",
            "TABLE_DEBIT": "0",
            "TABLE_VAR": str(dossier / "noeud"),
            "TABLE_SUIVI_URL": f"@{dossier}/suivi.url",
            "TABLE_VERROU_URL": verrou_url,
        }
        # As in deploy/grand: a core a worker.
        environ = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", **partage}
        for port in ports:
            lances.append(Worker(port, dossier / "noeud", {**environ, "TABLE_PORT": str(port)}))
            lances[-1].start()
        for ouvrier in lances:
            ouvrier.wait_until_ready()
        yield Cluster(url, suivi_url, dossier, lances, {"postgresql": pg, "redis": verrous, "nginx": devant})
    finally:
        for ouvrier in lances:
            ouvrier.kill()
        for moteur in reversed(partie):
            moteur.stop()
        shutil.rmtree(dossier, ignore_errors=True)
