#!/bin/sh
# Style, types, puis tests ; s'arrête à la première faute.
set -eu
cd "$(dirname "$0")/.."
PATH="$PWD/.venv/bin:$PATH"
export RASA_TELEMETRY_ENABLED=false
sh outils/navigateur.sh
echo "[tests 1/4] style"
ruff check -q .
ruff format -q --check .
echo "[tests 2/4] types"
mypy -p knowledge -p bot -p actions --no-error-summary
echo "[tests 3/4] base et modèle"
python -m bot prepare
echo "[tests 4/4] tests"
python -m pytest -q tests
