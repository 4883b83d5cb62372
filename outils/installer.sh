#!/bin/sh
# Installe l'environnement verrouillé dans .venv ; ne refait rien de ce qui est déjà fait.
set -u
cd "$(dirname "$0")/.." || exit 1
mkdir -p var

echec() {
    echo "$1" >&2
    exit 1
}

empreinte=$(cat requirements.lock .python-version | sha256sum | cut -d' ' -f1)
if [ -x .venv/bin/python ] && [ "$(cat .venv/verrou 2>/dev/null)" = "$empreinte" ]; then
    exit 0
fi

debut=$(date +%s)
etape() { printf '[installation] %s (%s s)\n' "$1" "$(($(date +%s) - debut))"; }

if [ ! -x var/boot/bin/uv ]; then
    etape "outil d'installation uv"
    rm -rf var/boot
    python3 -m venv var/boot >var/installation.log 2>&1 ||
        echec "Il faut un Python 3 avec son module venv (sous Debian : paquet python3-venv). Détail : var/installation.log"
    var/boot/bin/pip install -q uv >>var/installation.log 2>&1 ||
        echec "uv ne s'installe pas : vérifiez l'accès au dépôt de paquets Python. Détail : var/installation.log"
fi
if ! .venv/bin/python -c 'import sys; sys.exit(sys.version_info[:2] != (3, 10))' 2>/dev/null; then
    etape "Python 3.10"
    var/boot/bin/uv venv -q --clear --python 3.10 .venv >>var/installation.log 2>&1 ||
        echec "Python 3.10 est introuvable et n'a pas pu être téléchargé : installez-le, puis relancez. Détail : var/installation.log"
fi
etape "bibliothèques verrouillées (une à deux minutes la première fois)"
VIRTUAL_ENV=.venv var/boot/bin/uv pip sync -q --require-hashes requirements.lock >>var/installation.log 2>&1 ||
    echec "Les bibliothèques ne s'installent pas. Détail : var/installation.log"
echo "$empreinte" >.venv/verrou
etape "installé"
