# Two commands from a fresh clone, with only Python 3.11 and make: `make demo` and `make test`.
PYTHON ?= python3.11
VENV   ?= .venv
BIN    := $(VENV)/bin
SPEED  ?= short
KEEP   ?=
SEEDS  ?= 10000
FROM   ?= 0
KILLS  ?= 200
SEED   ?= 1
ALERTS ?= 1000
MESSAGES ?= 1000000

.PHONY: demo test bench fuzz simulate chaos kill-bot check lint types format lock clean

demo: $(VENV)/.installed  ## three alerts on real parts, watched live; SPEED=real for the true 90 s, KEEP=1 leaves it running
	$(BIN)/alertladder demo --speed $(SPEED) $(if $(KEEP),--keep)

test: $(VENV)/.installed  ## every test
	$(BIN)/python -m pytest -q -n 2 --dist loadfile

bench: $(VENV)/.installed  ## alert to order and fill to exit, beside a plain script; what the exchange and the desk take
	$(BIN)/python -m bench.latency
	$(BIN)/python -m bench.exchange
	$(BIN)/python -m bench.desk
	$(BIN)/python -m bench.reading

fuzz: $(VENV)/.installed  ## made-up messages that must not crash the reader, nor slow it down; MESSAGES=, SEED=
	$(BIN)/python -m bench.fuzz --messages $(MESSAGES) --seed $(SEED)

simulate: $(VENV)/.installed  ## ten thousand seeds of trades in a world that goes wrong; SEEDS=, FROM=
	$(BIN)/alertladder simulate --seeds $(SEEDS) --from $(FROM)

chaos: $(VENV)/.installed  ## real processes killed at random, and at every step of a trade; KILLS=, SEED=
	$(BIN)/python -m chaos storm --kills $(KILLS) --seed $(SEED)
	$(BIN)/python -m chaos matrix

kill-bot: $(VENV)/.installed  ## a thousand alerts while the bot is killed fifteen times; KILLS=15 ALERTS=1000
	KILLS=$(if $(filter command line,$(origin KILLS)),$(KILLS),15) ALERTS=$(ALERTS) \
		$(BIN)/python -m pytest -q tests/e2e/test_bot.py -k killed

check: lint types test  ## what CI runs

lint: $(VENV)/.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: $(VENV)/.installed
	$(BIN)/mypy

format: $(VENV)/.installed
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

$(VENV)/.installed: requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

lock:  ## resolve the dependencies again and pin them by hash
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --extra dev --python-version 3.11 --universal --generate-hashes \
		--no-emit-index-url --no-header --quiet --output-file requirements.lock

clean:
	rm -rf $(VENV) var
