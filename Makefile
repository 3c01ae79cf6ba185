# Everything lies below this folder: packages in .venv, the index in .istok. `make` lists what there is.
VENV ?= .venv
PORT ?= 7860
BIN := $(VENV)/bin
LOG := $(VENV)/install.log
export ISTOK_HOME ?= $(CURDIR)/.istok

# llama.cpp alone, without the tools, servers and picture readers that its source tree holds.
export CMAKE_ARGS ?= -DLLAVA_BUILD=OFF -DMTMD_BUILD=OFF -DLLAMA_BUILD_TOOLS=OFF -DLLAMA_BUILD_EXAMPLES=OFF \
	-DLLAMA_BUILD_TESTS=OFF -DLLAMA_BUILD_SERVER=OFF -DLLAMA_CURL=OFF

PIP := $(BIN)/python -m pip --disable-pip-version-check --retries 2 install
QUESTION := На сколько вырос экспорт предприятий Минпрома в Узбекистан в 2023 году?
PACKAGES := index rag ui eval seeds

# $(call install,[EXTRAS]): pip's words go to the log; what went wrong is told in one line.
define install
@echo "installing packages, some minutes the first time (log: $(LOG))"
@$(PIP) -c constraints.txt -e '.$(1)' >$(LOG) 2>&1 || { \
	if grep -qE 'NewConnectionError|NameResolutionError|ConnectTimeout|ReadTimeout|ProxyError|SSLError|Network is unreachable' $(LOG); \
	then echo "packages could not be fetched: check the network, then: make $(MAKECMDGOALS) (log: $(LOG))"; \
	else echo "installing failed: $$(grep -i '^ *error' $(LOG) | tail -1) (log: $(LOG))"; fi; exit 1; }
endef

.PHONY: help run ask test check eval bench bench-page llama lock clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/.core $(VENV)/.llama ## Install, index the example articles, answer one question, open the page (PORT=7860)
	@$(BIN)/istok index
	@printf '\n? %s\n' "$(QUESTION)" && $(BIN)/istok ask "$(QUESTION)"
	@echo && $(BIN)/istok serve --port $(PORT)

ask: $(VENV)/.core ## Answer one question: make ask Q="…"
	@$(if $(value Q),:,echo 'no question: make ask Q="…"'; exit 1)
	@test -e "$$ISTOK_HOME/index.sqlite" || $(BIN)/istok index
	@$(BIN)/istok ask '$(subst ','\'',$(value Q))'

test: $(VENV)/.test ## Run all tests (those of the page need Chromium, those of llama.cpp a C++ compiler)
	@$(BIN)/pytest -ra

check: $(VENV)/.check ## Check style, types and the direction of imports
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@# Folder X imports as istok.X: for mypy, which knows nothing of package-dir, as a tree of links.
	@mkdir -p $(VENV)/links/istok
	@for package in $(PACKAGES); do ln -sfn "$(CURDIR)/$$package" $(VENV)/links/istok/$$package; done
	@cd $(VENV)/links && ../bin/mypy --config-file "$(CURDIR)/pyproject.toml" $(PACKAGES:%=-p istok.%)
	@$(BIN)/pytest tests/test_layers.py

eval: $(VENV)/.eval ## Put the gold questions to the example articles (LIMIT=60: so many); report in evaluation/
	@$(BIN)/istok index --home build/evaluation
	@$(BIN)/istok eval --home build/evaluation $(if $(LIMIT),--limit $(LIMIT))

bench: $(VENV)/.core ## Measure start-up, indexing and answering on this machine
	@$(BIN)/python -m istok.eval.bench

bench-page: $(VENV)/.test ## Measure the page in Chromium: usable after, first answer seen after
	@$(BIN)/python tests/ui/panes/speed.py

llama: $(VENV)/.core ## Build the llama.cpp reader again (needs a C++ compiler; 5 to 8 minutes)
	@rm -f $(VENV)/.llama $(VENV)/.test $(VENV)/.check
	@$(MAKE) --no-print-directory $(VENV)/.llama
	@$(BIN)/python -c 'import llama_cpp' 2>/dev/null

lock: $(VENV)/.core ## Choose the newest versions that pyproject.toml allows: constraints.txt
	@$(PIP) --dry-run --ignore-installed --quiet --report $(VENV)/report.json -e '.[check,test-llama]'
	@$(BIN)/python .ci/lock.py <$(VENV)/report.json >$(VENV)/constraints.txt
	@mv $(VENV)/constraints.txt constraints.txt

clean: ## Remove packages, caches and reports; the index in .istok stays
	@rm -rf $(VENV) build dist evaluation *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
	@find $(PACKAGES) tests -name __pycache__ -prune -exec rm -rf {} +

# A stamp is older than what it depends on when pip has something to do.

$(BIN)/pip:
	@mkdir -p $(VENV)
	@for python in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11; do \
		"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
		"$$python" -m venv $(VENV) >$(LOG) 2>&1 && exit 0; \
		echo "$$python can't make a virtual environment: install its venv package (python3-venv), then: make $(MAKECMDGOALS)"; \
		exit 1; \
	done; \
	echo "no Python 3.11 or newer: install one, or name it: make $(MAKECMDGOALS) PYTHON=/path/to/python3"; exit 1

$(VENV)/.core: pyproject.toml constraints.txt | $(BIN)/pip
	$(call install,)
	@touch $@

# Without a compiler everything but this reader works. A build that failed is not tried again by itself.
$(VENV)/.llama: $(VENV)/.core
	@if $(BIN)/python -c 'import llama_cpp' 2>/dev/null || command -v c++ g++ clang++ >/dev/null; then \
		$(BIN)/python -c 'import llama_cpp' 2>/dev/null || \
			echo "compiling the llama.cpp reader, once: 5 to 8 minutes on 2 cores (log: $(VENV)/llama.log)"; \
		$(PIP) -c constraints.txt -e '.[llama]' >$(VENV)/llama.log 2>&1 || \
			echo "the llama.cpp reader could not be built and is left out (log: $(VENV)/llama.log); again: make llama"; \
		touch $@; \
	else \
		echo "no C++ compiler: the llama.cpp reader is left out; install one (g++ or clang), then: make llama"; \
	fi

$(VENV)/.eval: $(VENV)/.core
	$(call install,[eval])
	@touch $@

$(VENV)/.test: $(VENV)/.core | $(VENV)/.llama
	$(call install,[test$(shell $(BIN)/python -c 'import llama_cpp; print(",test-llama")' 2>/dev/null)])
	@touch $@

$(VENV)/.check: $(VENV)/.test
	$(call install,[check])
	@touch $@
