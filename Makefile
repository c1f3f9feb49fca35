# Two commands for users: `make demo` and `make test`. Everything is installed into the checkout.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# One set of artifacts for Rust, Python and Node: nothing is compiled twice.
TARGET := $(or $(CARGO_TARGET_DIR),target)
PROFILE ?= dev
OUT = $(TARGET)/$(if $(filter dev,$(PROFILE)),debug,$(PROFILE))
CARGO_TEST := $(shell cargo nextest --version >/dev/null 2>&1 && echo "nextest run" || echo test)
comma := ,
step = @printf '\n\033[1m== %s\033[0m\n' "$(1)"

.PHONY: help
help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "make %-10s %s\n", $$1, $$2}'

.PHONY: demo
demo: python node wasm ## Build everything, start a sandbox, and chat from Rust, Python, Node and WebAssembly
	@examples/demo.sh $(OUT)/tramontane $(BIN)/python

# The tests' own dependencies switch features of shared crates on: building both at once compiles each crate once.
.PHONY: test
test: NATIVE_TARGETS := --all-targets
test: counterparts lint test-rust python test-python node test-node wasm test-wasm test-playground ## Run every test
	$(call step,all tests passed)

.PHONY: counterparts
counterparts:
	$(call step,programs to test against)
	@tests/counterparts.sh

.PHONY: lint
lint:
	$(call step,format and generated files)
	cargo fmt --all --check
	cargo run -q -p codegen -- --check
	$(call step,clippy and documentation)
	cargo clippy -q --workspace --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc -q --no-deps -p tramontane -p tramontane-cli -p tramontane-testkit

.PHONY: native
native:
	$(call step,build the core and its native doors)
	cargo build --workspace $(NATIVE_TARGETS) --profile $(PROFILE)

.PHONY: test-rust
test-rust: native
	$(call step,tests in Rust)
	cargo $(CARGO_TEST) --workspace
	cargo test -q --doc -p tramontane -p tramontane-testkit

$(VENV)/ready: tests/requirements.txt
	$(call step,install the Python tools into $(VENV))
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q -r tests/requirements.txt
	$(BIN)/python -c 'import pathlib, sysconfig; (pathlib.Path(sysconfig.get_path("purelib")) / "tramontane.pth").write_text(str(pathlib.Path("bindings-python/python").resolve()))'
	touch $@

.PHONY: python
python: native $(VENV)/ready
	@cp $(OUT)/lib_native.$(if $(filter Darwin,$(shell uname)),dylib,so) bindings-python/python/tramontane/_native.abi3.so

.PHONY: test-python
test-python: python tests/compat/node/node_modules/.package-lock.json
	$(call step,tests in Python)
	$(BIN)/python -m pytest -q tests/python
	$(call step,the official SDKs against the sandbox)
	$(BIN)/python -m pytest -q tests/compat
	$(call step,types in Python)
	$(BIN)/python -m mypy --config-file bindings-python/pyproject.toml

bindings-%/node_modules/.package-lock.json: bindings-%/package-lock.json
	$(call step,install the npm packages of bindings-$*)
	cd bindings-$* && npm install --no-save --no-audit --no-fund --loglevel=error
	touch $@

tests/compat/node/node_modules/.package-lock.json: tests/compat/node/package-lock.json
	$(call step,install the official SDK for Node)
	cd tests/compat/node && npm install --no-save --no-audit --no-fund --loglevel=error
	touch $@

.PHONY: node
node: native bindings-node/node_modules/.package-lock.json
	@cd bindings-node && node scripts/build.mjs --from $(abspath $(OUT))

.PHONY: test-node
test-node: node tests/compat/node/node_modules/.package-lock.json
	$(call step,tests in Node)
	node --test tests/node/
	$(call step,the official SDK for Node against the sandbox)
	node --test tests/compat/node/

.PHONY: wasm
wasm: native bindings-wasm/node_modules/.package-lock.json
	$(call step,build the WebAssembly module)
	$(OUT)/tramontane-wasm-bundle
	cd bindings-wasm && node build.mjs

tests/wasm/node_modules/.package-lock.json: tests/wasm/package-lock.json
	$(call step,install the runtimes of the edge)
	cd tests/wasm && npm install --no-save --no-audit --no-fund --loglevel=error
	touch $@

.PHONY: test-wasm
test-wasm: wasm python node tests/wasm/node_modules/.package-lock.json
	$(call step,tests in WebAssembly$(comma) in every runtime that is installed)
	node --test tests/wasm/

PAGE := bindings-wasm/playground
.PHONY: page
page: wasm $(PAGE)/node_modules/.package-lock.json
	cd $(PAGE) && node_modules/.bin/tsc -p . && node build.mjs

.PHONY: playground
playground: page ## Build the playground, a page that checks requests as you type, and serve it
	@node $(PAGE)/serve.mjs $(PORT)

.PHONY: test-playground
test-playground: page
	$(call step,tests of the playground$(comma) in Chromium)
	node --test tests/playground/

.PHONY: format
format: ## Format all code
	cargo fmt --all

.PHONY: generate
generate: ## Write every generated file from core/data and the Rust types
	cargo run -q -p codegen

.PHONY: bench
bench: PROFILE := release
bench: python node wasm tests/wasm/node_modules/.package-lock.json ## Measure it beside its peers and print a table
	$(call step,install the peers)
	$(BIN)/python -m pip install -q -r tests/bench/requirements.txt
	cd tests/bench/node && npm install --no-save --no-audit --no-fund --loglevel=error
	$(BIN)/maturin build -q --release -m bindings-python/Cargo.toml -o target/wheels
	$(BIN)/python tests/bench/bench.py
	$(BIN)/python tests/bench/lint/bench.py $(OUT)/tramontane
	$(call step,the edge: checks and where the bytes go)
	node tests/wasm/speed.mjs
	node bindings-wasm/sizes.mjs bindings-wasm/pkg/tramontane.named.wasm bindings-wasm/pkg/chat.named.wasm

.PHONY: bench-lint
bench-lint: ## Read a million lines with `tramontane lint`, beside ripgrep
	cargo build -q --release -p tramontane-cli
	$(PYTHON) tests/bench/lint/bench.py $(TARGET)/release/tramontane

.PHONY: pictures
pictures: ## Draw the pictures in docs/ from what the command prints
	cargo build -q -p tramontane-cli
	$(PYTHON) tests/pictures/lint.py $(TARGET)/debug/tramontane

.PHONY: clean
clean: ## Remove everything that was built or installed
	rm -rf target target-wasm $(VENV) bindings-*/node_modules tests/*/node_modules tests/*/*/node_modules bindings-*/dist bindings-wasm/pkg
