"""PostgreSQL and Redis are settings: read from the environment or a file, never shown, refused in French when they cannot serve."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from bot import light_rasa, settings
from bot.settings import BadSetting, load
from knowledge.build import ROOT
from tests.serveur import free_port

light_rasa.install()

PG = "postgresql://table:se%3Acret@10.0.0.5:5433/orientation"
REDIS = "rediss://:se%2Fcret@10.0.0.6/3"
DEPLOY = ROOT / "deploy"


def test_one_worker_needs_neither(tmp_path: Path) -> None:
    from bot import partage

    reglages = load({"TABLE_VAR": str(tmp_path / "var")})
    suivi = partage.conversations(reglages)
    assert (suivi.url, suivi.kwargs["dialect"], suivi.kwargs["db"]) == (None, "sqlite", str(tmp_path / "var/conversations.db"))
    assert partage.verrous(reglages) is None
    partage.check(reglages)


def test_addresses_reach_the_engines(tmp_path: Path) -> None:
    from rasa.core.lock_store import LockStore

    from bot import partage

    fichier = tmp_path / "suivi"
    fichier.write_text(f"  {PG}\n")
    reglages = load({"TABLE_SUIVI_URL": f"@{fichier}", "TABLE_VERROU_URL": REDIS})
    assert partage.conversations(reglages).url == PG
    verrou = partage.verrous(reglages)
    assert verrou
    lu = LockStore.create(verrou)._redis.connection_pool.connection_kwargs
    assert {nom: lu[nom] for nom in ("host", "db", "password")} == {"host": "10.0.0.6", "db": 3, "password": "se/cret"}


def test_a_lock_outlives_its_worker_by_less_than_the_page_waits() -> None:
    from bot import partage

    patience = re.search(r"PATIENCE = (\d+);", (ROOT / "bot/web/liaison.js").read_text(encoding="utf-8"))
    assert patience
    assert int(patience[1]) / 1000 > partage.ATTENTE_S > partage.VERROU_S


@pytest.mark.parametrize(
    "environ",
    [
        {"TABLE_SUIVI_URL": "mysql://table:secret@10.0.0.5/orientation"},
        {"TABLE_SUIVI_URL": "postgres://table:secret@10.0.0.5/orientation"},
        {"TABLE_SUIVI_URL": "postgresql://table:secret@10.0.0.5:99999/orientation"},
        {"TABLE_SUIVI_URL": "@/nulle/part/secret"},
        {"TABLE_SUIVI_URL": "@/dev/null"},
        {"TABLE_VERROU_URL": "redis://:secret@/0"},
        {"TABLE_VERROU_URL": "redis://:secret@10.0.0.6/zero"},
        {"TABLE_VERROU_URL": "10.0.0.6:6379"},
    ],
)
def test_what_cannot_serve_is_refused_without_being_repeated(environ: dict[str, str]) -> None:
    with pytest.raises(BadSetting) as refus:
        load(environ)
    assert next(iter(environ)) in str(refus.value)
    assert "secret" not in str(refus.value)


def test_settings_shown_hold_no_password() -> None:
    montre = repr(load({"TABLE_SUIVI_URL": PG, "TABLE_VERROU_URL": REDIS}))
    assert "cret" not in montre
    assert "10.0.0." not in montre


@pytest.mark.parametrize("nom", ["TABLE_SUIVI_URL", "TABLE_VERROU_URL"])
def test_an_engine_that_does_not_answer_stops_the_start(nom: str) -> None:
    from bot import partage

    schema = "postgresql" if nom == "TABLE_SUIVI_URL" else "redis"
    with pytest.raises(BadSetting, match=nom) as refus:
        partage.check(load({nom: f"{schema}://table:secret@127.0.0.1:{free_port()}/0"}))
    assert "secret" not in str(refus.value)


def test_an_error_of_the_store_quotes_nothing_of_a_conversation(tmp_path: Path) -> None:
    import sqlalchemy as sa
    from rasa.core.tracker_store import TrackerStore

    from bot import partage

    magasin = TrackerStore.create(partage.conversations(load({"TABLE_VAR": str(tmp_path)})))
    assert isinstance(magasin, partage.Conversations)
    with magasin.session_scope() as session, pytest.raises(sa.exc.IntegrityError) as erreur:
        session.add(magasin.SQLEvent(sender_id="essai", type_name=None, data="monsieur dort dans sa voiture"))
        session.commit()
    assert "voiture" not in str(erreur.value)


def test_files_of_deploy_name_real_settings_and_no_password() -> None:
    connus = set(re.findall(r"\bTABLE_[A-Z_]+\b", Path(settings.__file__).read_text(encoding="utf-8")))
    fichiers = [ROOT / nom for nom in subprocess.run(["git", "ls-files", "deploy"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()]
    assert len(fichiers) > 10
    for fichier in fichiers:
        texte = fichier.read_text(encoding="utf-8")
        assert set(re.findall(r"\bTABLE_[A-Z_]+\b", texte)) <= connus, fichier.name
        assert not re.search(r"(?i)(?:password|requirepass|PGPASSWORD)[ =:]+[\"']?[a-z0-9]{6,}", texte.replace("PASSWORD_FILE", "")), fichier.name


def test_drawn_passwords_make_addresses_that_serve(tmp_path: Path) -> None:
    for _ in range(2):  # the second run changes nothing
        subprocess.run(["sh", str(DEPLOY / "grand/secrets.sh"), str(tmp_path / "secrets")], check=True, capture_output=True)
        lus = {f.name: f.read_text() for f in (tmp_path / "secrets").iterdir()}
        reglages = load({"TABLE_SUIVI_URL": f"@{tmp_path}/secrets/suivi_url", "TABLE_VERROU_URL": f"@{tmp_path}/secrets/verrou_url"})
        assert lus["pg_motdepasse"] in reglages.suivi_url
        assert len(lus["pg_motdepasse"]) == 48
        assert reglages.verrou_url.split("@")[0].removeprefix("redis://:") in lus["redis.conf"]
        assert lus == {f.name: f.read_text() for f in (tmp_path / "secrets").iterdir()}
