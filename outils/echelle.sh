#!/bin/sh
# Plusieurs ouvriers pour de vrai : PostgreSQL, Redis et nginx de Debian, installés s'ils manquent et si l'on est root.
set -eu
cd "$(dirname "$0")/.."
PATH="$PWD/.venv/bin:$PATH"
export RASA_TELEMETRY_ENABLED=false
manque=
command -v redis-server >/dev/null || manque="$manque redis-server"
command -v nginx >/dev/null || [ -x /usr/sbin/nginx ] || manque="$manque nginx"
command -v openssl >/dev/null || manque="$manque openssl"
ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || manque="$manque postgresql"
if [ -n "$manque" ]; then
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
        echo "Il manque des paquets Debian : apt-get install$manque" >&2
        exit 1
    fi
    echo "[échelle] installation :$manque"
    # Leurs services ne doivent pas démarrer : les essais lancent les leurs.
    printf '#!/bin/sh\nexit 101\n' >var/sans-service && chmod +x var/sans-service
    [ -e /usr/sbin/policy-rc.d ] || { cp var/sans-service /usr/sbin/policy-rc.d && trap 'rm -f /usr/sbin/policy-rc.d' EXIT; }
    { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $manque; } >var/echelle.log 2>&1 ||
        { echo "L'installation a échoué. Détail : var/echelle.log" >&2; exit 1; }
fi
sh outils/navigateur.sh
python -m bot prepare
# Ces fichiers se nomment essai_* : « make test » ne les prend pas.
python -m pytest -q -rP tests/echelle/essai_*.py
