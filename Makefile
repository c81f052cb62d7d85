# rator: make help prints every target.
GO       ?= go
PACKAGES := ./...
BIN      := bin/rator
FUZZTIME ?= 30s
# The race detector needs a C compiler; without one the tests run without it.
RACE     := $(if $(shell command -v gcc || command -v clang),-race)

.DEFAULT_GOAL := help
.PHONY: help run build test check fmt generate bench fuzz clean

help: ## print this list
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

build: ## build bin/rator
	$(GO) build -o $(BIN) ./cmd/rator

run: build ## start with demo data, do one sign-up, go on serving on 127.0.0.1:8080
	./$(BIN) serve --demo --store demo.db

test: check ## every check and every test, with the race detector
	@test -n "$(RACE)" || test "$$CI" != true || { echo "no C compiler for the race detector: apt install gcc"; exit 1; }
	@test -n "$(RACE)" || echo "no C compiler, so without the race detector (apt install gcc)"
	$(GO) test $(RACE) -timeout 60m $(PACKAGES)
	@$(MAKE) --no-print-directory clean-tree

check: ## vet, gofmt, staticcheck, go.mod tidy
	$(GO) vet $(PACKAGES)
	@files=$$(gofmt -l $$(git ls-files '*.go')); test -z "$$files" || { echo "not formatted (make fmt):"; echo "$$files"; exit 1; }
	$(GO) tool staticcheck $(PACKAGES)
	$(GO) mod tidy -diff

.PHONY: clean-tree
clean-tree:
	@if [ "$$CI" = true ]; then \
	  dirt=$$(git status --porcelain); test -z "$$dirt" || { echo "the tests left a tree that is not clean:"; echo "$$dirt"; exit 1; }; fi

fmt: ## format the Go code
	gofmt -w $$(git ls-files '*.go')

generate: ## generate wsdl/names_gen.go from the frozen WSDL and schema
	$(GO) generate $(PACKAGES)

bench: ## the benchmarks: codec, calls through HTTP, search, billing run, store, replaying and its memory, replaying side by side with newman
	@! command -v npm >/dev/null || npm ci --prefix testdata/clients/newman --ignore-scripts --no-audit --no-fund --prefer-offline --silent || \
	  echo "newman could not be installed, so without the comparison with it"
	$(GO) test -timeout 60m -run '^$$' -bench . -benchmem ./soap ./calllog ./mask ./tmf ./store/... ./customer ./billing ./workflow/... ./replay/... ./cmd/rator

fuzz: ## fuzz every target for FUZZTIME (30s)
	@set -e; for p in $$($(GO) list $(PACKAGES)); do \
	  for f in $$($(GO) test -list '^Fuzz' $$p | grep '^Fuzz' || true); do \
	    echo "$$p $$f"; $(GO) test -run '^$$' -fuzz "^$$f\$$" -fuzztime $(FUZZTIME) $$p; done; done

clean: ## remove what was built and the demo store
	rm -rf bin demo.db demo.db.sock demo.db.calls demo.db.pin-key
