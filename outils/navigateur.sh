#!/bin/sh
# Trouve un vrai navigateur pour les tests : installé, sinon paquet Debian, sinon téléchargement de Playwright.
set -u
cd "$(dirname "$0")/.."
for nom in chromium chromium-browser google-chrome google-chrome-stable; do
    command -v "$nom" >/dev/null 2>&1 && exit 0
done
[ -n "$(ls -d "$HOME"/.cache/ms-playwright/chromium-* 2>/dev/null)" ] && exit 0
echo "[tests] navigateur Chromium"
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    { apt-get update && apt-get install -y -q chromium; } >var/navigateur.log 2>&1 && exit 0
fi
.venv/bin/python -m playwright install chromium >>var/navigateur.log 2>&1 && exit 0
echo "Aucun navigateur pour les tests : installez Chromium, puis relancez. Détail : var/navigateur.log" >&2
exit 1
