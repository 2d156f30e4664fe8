# `make` lists the targets.
# Required: git, curl, rustup and Node.js. Everything else is installed on first use, in a pinned version.

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run watch build dist front test lint deny advisories fmt api fuzz end2end end2end-postgres soak bench screenshots \
	lighthouse clean bench-peers bench-browser \
	cargo-test cargo-test-postgres cargo-test-needs rust npm wasm-bindgen cargo-leptos cargo-deny cargo-fuzz cargo-machete

# wasm-bindgen must have the version of the crate, which is in the lock file.
BINDGEN := $(shell sed -n '/^name = "wasm-bindgen"$$/{n;s/^version = "\(.*\)"$$/\1/p;}' Cargo.lock)
LEPTOS := 0.3.10
DENY := 0.20.2
MACHETE := 0.9.2
FUZZ := 0.13.2
CACHE := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/opentill
BINDGEN_ROOT := $(CACHE)/wasm-bindgen-$(BINDGEN)
LEPTOS_ROOT := $(CACHE)/cargo-leptos-$(LEPTOS)
DENY_ROOT := $(CACHE)/cargo-deny-$(DENY)
MACHETE_ROOT := $(CACHE)/cargo-machete-$(MACHETE)
FUZZ_ROOT := $(CACHE)/cargo-fuzz-$(FUZZ)
TOOLS := $(BINDGEN_ROOT)/bin:$(LEPTOS_ROOT)/bin:$(DENY_ROOT)/bin:$(MACHETE_ROOT)/bin:$(FUZZ_ROOT)/bin
WITH_TOOLS := PATH="$(TOOLS):$(CURDIR)/.tools/node_modules/.bin:$(CURDIR)/.tools/venv/bin:$$PATH"

# The release, which the Rust and browser tests start.
TARGET_DIR := $(abspath $(or $(CARGO_TARGET_DIR),target))
export OPENTILL_RELEASE_BIN := $(TARGET_DIR)/release/opentill

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / { printf "  make %-11s  %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: build ## build the release and start it with demo data on http://127.0.0.1:3000
	@echo "Starting Opentill with demo data, ready at once; Ctrl-C stops it"
	@exec "$(OPENTILL_RELEASE_BIN)" serve --demo

watch: rust wasm-bindgen cargo-leptos ## the same as a debug build, rebuilt on every change of the source
	@echo "Building and watching: about 4 minutes the first time, then seconds for each change"
	@$(WITH_TOOLS); export PATH; exec cargo-leptos watch -- serve --demo

build: front ## build target/release/opentill with everything inside it
	@echo "Building the server: about 9 minutes the first time, 4 after a change, seconds without one"
	@cargo build --release --features ssr

dist: front ## build target/dist/opentill, the one to install: fully optimized
	@echo "Building the server, fully optimized: about 10 minutes the first time"
	@cargo build --profile dist --features ssr

front: rust wasm-bindgen .tools/node_modules/.stamp
	@echo "Building the browser's side: about 2 minutes the first time, seconds when nothing changed"
	@$(WITH_TOOLS) .tools/build-front

# `make test` builds the release once, before the steps that need it.
FRESH_BUILD := $(if $(BUILT),,build)

test: ## everything CI checks: lint, build, Rust tests, API tests, browser tests
	@echo "Running every check: about 55 minutes the first time, 45 after that"
	@for step in lint build cargo-test cargo-test-postgres api end2end end2end-postgres; do \
		printf '\n=== %s\n' "$$step"; start=$$(date +%s); \
		$(MAKE) --no-print-directory BUILT=1 "$$step" || { echo "=== $$step FAILED" >&2; exit 1; }; \
		echo "=== $$step passed in $$(($$(date +%s) - start)) s"; \
	done

lint: rust deny cargo-machete end2end/node_modules/.stamp .tools/venv/.stamp ## formatting, clippy, crates, Python, TypeScript
	@echo "Linting: about 14 minutes the first time, with its tools, seconds after that"
	.tools/venv/bin/ruff check --no-cache .tools
	cd end2end && npm run --silent check
	$(WITH_TOOLS) cargo machete --skip-target-dir
	cargo fmt --all --check
	cargo clippy --features ssr --all-targets -- -D warnings
	cargo clippy --lib --no-default-features --features hydrate --target wasm32-unknown-unknown \
		--target-dir target/front -- -D warnings

deny: rust cargo-deny
	$(WITH_TOOLS) cargo deny --locked --config .tools/deny.toml check bans licenses sources

# Needs the network for the lists of vulnerabilities, so it is not part of `make test`.
advisories: rust cargo-deny npm ## known vulnerabilities of crates and npm packages: needs the network
	@echo "Looking up known vulnerabilities: about 10 seconds"
	@$(WITH_TOOLS) .tools/advisories

cargo-test: cargo-test-needs $(FRESH_BUILD)
	@echo "Running the Rust tests: about 10 minutes the first time, 6 after that"
	@cargo test --features ssr

# Without the tests that choose their database themselves or need none.
NAMES_ITS_DATABASE := addresses:: architecture:: backup:: colours:: connections:: copy:: disk_full:: held:: least_privilege:: \
	migrate:: nodes:: outages:: pooler:: power_cut:: proxies:: read_only:: repository:: restore:: revocation:: settings:: store:: tls::
cargo-test-postgres: cargo-test-needs $(FRESH_BUILD)
	@echo "Running the Rust tests on PostgreSQL: about 5 minutes"
	@TEST_DATABASE=postgres cargo test --features ssr --test opentill -- $(addprefix --skip ,$(NAMES_ITS_DATABASE))

cargo-test-needs: rust npm
	$(call need,command -v curl,curl)
	$(call need,command -v python3,python3)
	$(call need,command -v php,php-cli)
	$(call need,php -m | grep -x curl,php-curl)
	$(call need,command -v psql && ls /usr/lib/postgresql/*/bin/initdb,postgresql)
	$(call need,PATH=$$PATH:/usr/sbin command -v mariadbd && command -v mariadb,mariadb-server)
	$(call need,command -v strace,strace)
	$(call need,command -v nginx,nginx-light)
	$(call need,command -v pgbouncer,pgbouncer)
	$(call need,command -v caddy,caddy)
	$(call need,command -v haproxy,haproxy)
	$(call need,command -v apache2,apache2-bin)
	$(call need,command -v openssl,openssl)

# A selection, repetitions, or everything in another engine: make end2end SPECS="hydration.spec" REPEAT=40 BROWSER=firefox.
SPECS :=
REPEAT := 1
BROWSER :=
# Chromium runs everything, Firefox here what depends on the engine, and WebKit what is in end2end/webkit.
FIREFOX_SPECS := copy /hydration.spec journey layout lost_answers reveal revoke twice
PLAYWRIGHT := cd end2end && npx playwright test
end2end: $(FRESH_BUILD) end2end/node_modules/.stamp ## the browser tests, against the release
	$(call need,command -v chromium,chromium)
	$(call need,command -v firefox-esr,firefox-esr)
	$(call need,command -v WebKitWebDriver && command -v Xvfb,webkit2gtk-driver xvfb)
	@echo "Running the browser tests: about 14 minutes in all three engines"
	@$(PLAYWRIGHT) $(patsubst %,--config %.config.ts,$(filter-out chromium,$(BROWSER))) --repeat-each $(REPEAT) $(SPECS)
	@$(if $(SPECS)$(BROWSER),,$(PLAYWRIGHT) --config firefox.config.ts $(FIREFOX_SPECS))
	@$(if $(SPECS)$(BROWSER),,$(PLAYWRIGHT) --config webkit.config.ts)

end2end-postgres: $(FRESH_BUILD) end2end/node_modules/.stamp
	$(call need,command -v chromium,chromium)
	@echo "Running the browser tests that write data, on PostgreSQL: about 2 minutes"
	@TEST_DATABASE=postgres; export TEST_DATABASE; $(PLAYWRIGHT) login journey reveal revoke twice

# Without SECONDS it ends as soon as everything was tried once.
LONGER = $(if $(findstring command line,$(origin SECONDS)),$(SECONDS))
api: $(FRESH_BUILD) .tools/venv/.stamp end2end/node_modules/.stamp ## test the API of the release from its own description
	$(call need,command -v curl,curl)
	$(call need,command -v java,default-jre-headless)
	$(call need,php -m | grep -x curl,php-curl)
	$(call need,php -m | grep -x mbstring,php-mbstring)
	$(call need,ls /usr/share/php/GuzzleHttp/autoload.php,php-guzzlehttp-guzzle)
	@echo "Testing the API from its description: about $(or $(LONGER),140) seconds, then with generated clients: 15"
	@$(WITH_TOOLS) .tools/test-api $(LONGER:%=--max-time %)

# Seconds for each target; findings are kept in .tools/fuzz/artifacts.
SECONDS := 60
# Without sanitizers, which need a nightly compiler and find errors of `unsafe` code, of which there is none.
fuzz: front cargo-fuzz ## random input for every parser of outside input: make fuzz SECONDS=60
	$(call need,command -v c++,g++)
	@echo "Fuzzing: about 5 minutes to build the first time, then $(SECONDS) seconds for each target"
	@$(WITH_TOOLS); export PATH; cd .tools/fuzz; \
	for target in $$(cargo fuzz list --fuzz-dir .); do \
		mkdir -p "corpus/$$target"; \
		cargo fuzz run --fuzz-dir . --sanitizer none "$$target" "corpus/$$target" "seeds/$$target" -- \
			-max_total_time=$(SECONDS) -timeout=1 -rss_limit_mb=256 -max_len=4096 -print_final_stats=1 || exit 1; \
	done

# It has many packages of its own, so it is kept beside the other tools and not in a lock file.
LIGHTHOUSE := 13.5.0
LIGHTHOUSE_ROOT := $(CACHE)/lighthouse-$(LIGHTHOUSE)
lighthouse: $(FRESH_BUILD) npm ## Lighthouse's report on the pages, as on a phone with a slow connection
	$(call need,command -v chromium,chromium)
	$(call need,command -v python3,python3)
	$(call need,command -v curl,curl)
	@[ -x "$(LIGHTHOUSE_ROOT)/node_modules/.bin/lighthouse" ] || { \
		echo "Installing Lighthouse $(LIGHTHOUSE): about half a minute"; \
		PUPPETEER_SKIP_DOWNLOAD=1 npm install --no-fund --no-audit --prefix "$(LIGHTHOUSE_ROOT)" "lighthouse@$(LIGHTHOUSE)"; }
	@echo "Running Lighthouse: about 2 minutes"
	@PATH="$(LIGHTHOUSE_ROOT)/node_modules/.bin:$$PATH" .tools/lighthouse

screenshots: $(FRESH_BUILD) end2end/node_modules/.stamp ## a picture of every state in three engines, into end2end/screenshots
	$(call need,command -v chromium,chromium)
	$(call need,command -v firefox-esr,firefox-esr)
	$(call need,command -v WebKitWebDriver && command -v Xvfb,webkit2gtk-driver xvfb)
	@echo "Taking a picture of every state, wide and narrow, light and dark, in three engines: about 4 minutes"
	@$(PLAYWRIGHT) --config screenshots.config.ts

# Rows and their lengths are in .tools/soak, which reads the variables of the command line.
soak: rust npm build ## the long tests, on a release: make soak [SOAK_MINUTES=10] [T50=1000] [ROWS="T40 T50"]
	$(call need,command -v python3,python3)
	@echo "Building the tests as a release: about 8 minutes the first time, then running them for 10"
	@cargo test --quiet --release --features ssr --test opentill --no-run
	@.tools/soak

# The bare server is built by itself: built together, each would get the crate features of the other.
# Only row P3 needs the other programs, and only row P14 the browser.
bench: export OPENTILL_RELEASE_BIN := $(TARGET_DIR)/dist/opentill
bench: rust npm dist $(if $(filter P3%,$(or $(ROWS),P3)),bench-peers) $(if $(filter P14,$(or $(ROWS),P14)),bench-browser)
bench: ## compare it with a bare server and other programs: make bench [PAIRS=5] [RUN_SECONDS=3] [ROWS="P1 P4"]
	$(call need,command -v python3,python3)
	$(call need,command -v wrk,wrk)
	$(call need,command -v psql && ls /usr/lib/postgresql/*/bin/initdb,postgresql)
	@echo "Building the bare server: about 2 minutes the first time"
	@cargo build --quiet --profile dist --package opentill-bench-bare
	@echo "Measuring: about 40 minutes; nothing else should run meanwhile"
	@.tools/bench/run

bench-peers: .tools/bench/peers/venv/.stamp .tools/bench/peers/node_modules/.stamp
	$(call need,command -v nginx,nginx-light)
	$(call need,ls /usr/sbin/php-fpm[0-9]*,php-fpm)
	$(call need,php -m | grep -x pdo_sqlite,php-cli php-sqlite3)

bench-browser: end2end/node_modules/.stamp
	$(call need,command -v chromium,chromium)

fmt: rust ## format the Rust sources
	@echo "Formatting: about a second"
	@cargo fmt --all

clean: ## remove what was built here; downloaded tools stay in the cache
	@echo "Removing target, node_modules and test results: seconds"
	@rm -rf target .tools/node_modules .tools/venv .tools/bench/peers/node_modules .tools/bench/peers/venv \
		end2end/node_modules end2end/test-results end2end/playwright-report end2end/screenshots

# --- What the targets above need -------------------------------------------------

# $(call need,command that succeeds when it is there,Debian packages)
define need
@{ $(1); } >/dev/null 2>&1 || { \
	sudo=; [ "$$(id -u)" = 0 ] || sudo=sudo; \
	if type apt-get $$sudo >/dev/null 2>&1; then \
		echo "Installing $(2) with apt: about half a minute"; \
		$$sudo apt-get -qq update; \
		$$sudo env DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends install $(2); \
	fi; \
	{ $(1); } >/dev/null 2>&1 || { echo "Missing: $(2). Install it, then run make again." >&2; exit 1; }; }
endef

# Installing over a working toolchain breaks builds that are running, so check first.
rust:
	$(call need,command -v cc,gcc libc6-dev)
	@out=$$(RUSTUP_AUTO_INSTALL=0 rustc --version 2>&1) || case "$$out" in \
		*"is not installed"*) echo "Installing the Rust of rust-toolchain.toml: about a minute"; rustup toolchain install;; \
		*) echo "$$out" >&2; echo "Missing: rustup with Rust, see https://rustup.rs" >&2; exit 1;; esac
	@rustup target list --installed | grep -x wasm32-unknown-unknown >/dev/null || { \
		echo "Adding Rust's WebAssembly target: about 10 seconds"; rustup target add wasm32-unknown-unknown; }
	@for name in rustfmt clippy; do \
		rustup component list --installed | grep "^$$name" >/dev/null || { \
			echo "Adding $$name: about 10 seconds"; rustup component add "$$name" || exit 1; }; \
	done

npm:
	@command -v npm >/dev/null || { echo "Missing: Node.js 20 or newer with npm, see https://nodejs.org" >&2; exit 1; }

.tools/node_modules/.stamp: .tools/package-lock.json | npm
	@echo "Installing wasm-opt and esbuild: about 10 seconds"
	@cd .tools && npm ci --no-fund --no-audit && touch node_modules/.stamp

end2end/node_modules/.stamp: end2end/package-lock.json | npm
	@echo "Installing Playwright: about 10 seconds"
	@cd end2end && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --no-fund --no-audit && touch node_modules/.stamp

# Recreated when a version changes, so that nothing of the old one is left.
.tools/venv/.stamp: .tools/requirements.txt
	$(call need,python3 -c 'import ensurepip',python3-venv)
	@echo "Installing Schemathesis and ruff: about 15 seconds"
	@cd .tools && rm -rf venv && python3 -m venv venv && venv/bin/pip install --quiet --disable-pip-version-check \
		--requirement requirements.txt && touch venv/.stamp

.tools/bench/peers/node_modules/.stamp: .tools/bench/peers/package-lock.json | npm
	$(call need,command -v c++,g++)
	@echo "Installing Fastify and better-auth: about 10 seconds, a minute where better-sqlite3 must be compiled"
	@cd .tools/bench/peers && npm ci --no-fund --no-audit && touch node_modules/.stamp

.tools/bench/peers/venv/.stamp: .tools/bench/peers/requirements.txt
	$(call need,python3 -c 'import ensurepip',python3-venv)
	@echo "Installing Django and FastAPI: about 15 seconds"
	@cd .tools/bench/peers && rm -rf venv && python3 -m venv venv && venv/bin/pip install --quiet \
		--disable-pip-version-check --requirement requirements.txt && touch venv/.stamp

# Without --locked: the lock file of this release may name versions that a registry mirror does not have yet.
# --version pins the format, which is what has to match.
wasm-bindgen: rust
	$(if $(BINDGEN),,$(error Cargo.lock names no version of wasm-bindgen))
	@[ "$$($(WITH_TOOLS) wasm-bindgen --version 2>/dev/null)" = "wasm-bindgen $(BINDGEN)" ] || { \
		echo "Installing wasm-bindgen $(BINDGEN): about 3 minutes"; \
		CARGO_PROFILE_RELEASE_LTO=off cargo install wasm-bindgen-cli --version $(BINDGEN) \
			--no-default-features --root "$(BINDGEN_ROOT)"; }

# Its own release profile (LTO in one codegen unit) takes half an hour to compile.
cargo-leptos: rust
	@have() { [ "$$($(WITH_TOOLS) cargo-leptos --version 2>/dev/null)" = "cargo-leptos $(LEPTOS)" ]; }; \
	have || if command -v cargo-binstall >/dev/null; then \
		echo "Installing cargo-leptos $(LEPTOS), already built: about 10 seconds"; \
		cargo binstall --no-confirm --disable-strategies compile,quick-install \
			--root "$(LEPTOS_ROOT)" cargo-leptos@$(LEPTOS); \
	fi; \
	have || { \
		echo "Installing cargo-leptos $(LEPTOS) from source: about 12 minutes"; \
		CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_PROFILE_RELEASE_OPT_LEVEL=1 \
			cargo install --locked cargo-leptos --version $(LEPTOS) --features no_downloads --root "$(LEPTOS_ROOT)"; }

# As above: not worth its own release profile.
cargo-deny: rust
	@[ "$$($(WITH_TOOLS) cargo-deny --version 2>/dev/null)" = "cargo-deny $(DENY)" ] || { \
		echo "Installing cargo-deny $(DENY): about 3 minutes"; \
		CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_PROFILE_RELEASE_OPT_LEVEL=1 \
			cargo install --locked cargo-deny --version $(DENY) --root "$(DENY_ROOT)"; }

cargo-machete: rust
	@[ "$$($(WITH_TOOLS) cargo-machete --version 2>/dev/null)" = "$(MACHETE)" ] || { \
		echo "Installing cargo-machete $(MACHETE): about a minute"; \
		CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_PROFILE_RELEASE_OPT_LEVEL=1 \
			cargo install --locked cargo-machete --version $(MACHETE) --root "$(MACHETE_ROOT)"; }

cargo-fuzz: rust
	@[ "$$($(WITH_TOOLS) cargo-fuzz --version 2>/dev/null)" = "cargo-fuzz $(FUZZ)" ] || { \
		echo "Installing cargo-fuzz $(FUZZ): about a minute"; \
		cargo install --locked cargo-fuzz --version $(FUZZ) --root "$(FUZZ_ROOT)"; }
