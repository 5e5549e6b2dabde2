# Each target is a line that calls scripts/. Arguments for the program: make serve ARGS="--bind 127.0.0.1:9000".
.PHONY: help serve triton test soak bench lint fuzz fmt install clean-cache
ARGS ?=
# The addresses of Tritons, for `make serve`: TRITON="http://127.0.0.1:8000 http://127.0.0.1:9000".
TRITON ?=

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

serve: ## set up what is missing, build, and serve the page; TRITON=URL asks that Triton
	@scripts/serve.sh $(addprefix --triton ,$(TRITON)) $(ARGS)

triton: ## serve model_repo/ with a real Triton, on loopback
	@scripts/triton.sh $(ARGS)

test: ## set up what is missing and run every test
	@scripts/test.sh

soak: ## the tests that take long; ARGS=overload for those with that in their name
	@scripts/soak.sh $(ARGS)

bench: ## compare Conch with its peers, in turn, on this machine; ARGS="resize page --quick"
	@scripts/bench.sh $(ARGS)

lint: ## format, clippy for host and wasm, documentation, dependencies
	@scripts/lint.sh

fuzz: ## try what takes bytes from strangers with made-up ones; ARGS="codec 600" for ten minutes of one target
	@scripts/fuzz.sh $(or $(ARGS),all)

fmt: ## format the Rust code
	@cargo fmt --all

install: ## put the program `conch` into ~/.cargo/bin
	@scripts/install.sh

clean-cache: ## delete all that the set-up put into the cache folder
	@scripts/clean-cache.sh
