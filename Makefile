# Table d'orientation : « make run » pour servir, « make test » pour tout vérifier.
PY := .venv/bin/python
.DEFAULT_GOAL := aide
.PHONY: aide installer run test test-long test-scale base lock bench bench-comprehension audit purge

aide:
	@echo "make run    installe, prépare et sert l'assistant sur http://127.0.0.1:5005/"
	@echo "make test   installe et lance tous les tests"
	@echo "make test-long  installe et lance les tests longs : 50 arrêts brutaux, 5 000 messages au hasard"
	@echo "make test-scale  lance PostgreSQL, Redis, nginx et deux ouvriers, et en tue un"
	@echo "make base   construit la base de connaissances"
	@echo "make lock   recalcule requirements.lock depuis requirements.in"
	@echo "make audit  cherche les avis de sécurité connus des bibliothèques (Internet nécessaire)"
	@echo "make bench  mesure la vitesse et la mémoire, écrit docs/performance.md (25 minutes)"
	@echo "make bench-comprehension  mesure la compréhension, écrit docs/comprehension.md"
	@echo "make purge  efface toutes les conversations gardées"

installer:
	@sh outils/installer.sh

run: installer
	@$(PY) -m bot run

base: installer
	@$(PY) -m knowledge build

test: installer
	@sh outils/tester.sh

test-long: installer
	@$(PY) -m bot prepare
	@$(PY) -m pytest -q -s -m long tests

test-scale: installer
	@sh outils/echelle.sh

lock: installer
	@var/boot/bin/uv pip compile -q --python-version 3.10 --no-emit-index-url --generate-hashes requirements.in -o requirements.lock
	@echo "requirements.lock recalculé."

bench: installer
	@$(PY) -m bench.performance

bench-comprehension: installer
	@$(PY) -m bench.comprehension

audit: installer
	@$(PY) outils/auditer.py

purge: installer
	@$(PY) -m bot purge
