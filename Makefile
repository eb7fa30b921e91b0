# Two commands matter: `make app` and `make test`. The rest serves whoever works on the code.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8501

.PHONY: app test check requirements screenshots bench clean

app: $(VENV)/app.ok ## prepare everything and open the application on the demonstration territory
	@$(BIN)/python -m reseau demo --si-vide
	@echo "Réseau s'ouvre dans votre navigateur : http://localhost:$(PORT)  (Ctrl+C pour arrêter)"
	@$(BIN)/streamlit run app.py --server.port $(PORT)

test: $(VENV)/dev.ok ## prepare everything and pass every check and test
	@sh scripts/chromium.sh
	@$(MAKE) --no-print-directory check
	@$(BIN)/python -m pytest -n 2 --dist loadfile
	@sh scripts/chromium.sh --say

check: $(VENV)/dev.ok ## style, types and layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

$(VENV)/bin/python:
	@sh scripts/venv.sh $(PYTHON) $(VENV)

$(VENV)/app.ok: requirements.txt | $(VENV)/bin/python
	@echo "Installation des bibliothèques (une ou deux minutes la première fois)…"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/dev.ok: requirements-dev.txt $(VENV)/app.ok
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

requirements: ## pin again what requirements.in and requirements-dev.in ask for (needs uv)
	uv pip compile --universal --python-version 3.11 --no-header --no-annotate -q requirements.in -o requirements.txt
	uv pip compile --universal --python-version 3.11 --no-header --no-annotate -q requirements-dev.in -o requirements-dev.txt

screenshots: $(VENV)/dev.ok ## regenerate the pictures of the README
	$(BIN)/python scripts/screenshots.py

bench: $(VENV)/dev.ok ## measure, each figure beside an alternative
	$(BIN)/python -m benchmarks

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache artefacts
