# rator: make help prints every target.
GO       ?= go
PACKAGES := ./...
# Packages whose tests take longest, which begin first.
LONGEST  := ./cmd/rator ./tmf
BIN      := bin/rator
FUZZTIME ?= 30s
# CI=true asks for the whole suite; without it `make test` leaves out what takes long
# and what needs other people's programs (rooms say so by package suite).
WHOLE    := $(filter true,$(CI))
RACE     := $(if $(WHOLE),-race)

# step NAME,COMMAND prints the name, runs the command and prints how long it took; what
# the command said only when it failed.
define step
@printf '%-12s' '$(1)'; begun=$$(date +%s); said=$$({ $(2); } 2>&1) || { echo failed; echo "$$said"; exit 1; }; echo "$$(($$(date +%s) - begun)) s"
endef

.DEFAULT_GOAL := help
.PHONY: help run run-postgres run-replicas build test check fmt generate bench load peers bench-postgres scale soak fuzz deb container release clean

help: ## print this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

build: ## build bin/rator
	$(GO) build -o $(BIN) ./cmd/rator

run: build ## start with demo data, do one sign-up, go on serving on 127.0.0.1:8080
	./$(BIN) serve --demo --store demo.db

run-postgres: build ## the same on a PostgreSQL server of its own, which lies in the folder demo-postgres
	@$(GO) build -o bin/demo-postgres ./store/postgres/cluster/demo && exec bin/demo-postgres demo-postgres ./$(BIN)

run-replicas: build ## two servers of such a database, and nginx or haproxy before them, in the folder demo-replicas
	@$(GO) build -o bin/demo-postgres ./store/postgres/cluster/demo && exec bin/demo-postgres -replicas demo-replicas ./$(BIN)

test: check ## every check, and the tests a person waits for; with CI=true every test, under the race detector
	@test -z "$(RACE)" || command -v gcc >/dev/null || command -v clang >/dev/null || { echo "no C compiler for the race detector: apt install gcc"; exit 1; }
	@echo "tests       a line for each package when it has run; the first has to be built"
	@before=$$(git status --porcelain); \
	$(GO) tool gotestsum --format pkgname --format-hide-empty-pkg $(if $(WHOLE),--no-color) -- $(RACE) -vet=off -timeout 60m $(LONGEST) $(PACKAGES) || exit 1; \
	after=$$(git status --porcelain); \
	if [ -z "$$after" ]; then exit; fi; \
	if [ -z "$$before" ] || [ -n "$(WHOLE)" ]; then echo "the tests left a tree that is not clean:"; echo "$$after"; exit 1; fi; \
	echo "The tree was not clean before, so nobody can tell whether the tests left something."
	@test -n "$(WHOLE)" || echo "Left out: the race detector, and what is named under Skipped. CI=true make test runs all of it."

# Rooms that only tests import, and what they ask of others.
TESTROOMS := ^(house|suite|store/storetest|store/postgres/clustertest|dist/balancer/balancertest|server/servertest|tmf/tmftest)/|^store/postgres/cluster/standby\.go:|^replay/fixture/.* Settings$$

check: ## vet, gofmt, staticcheck, go.mod tidy, code that production never reaches
	$(call step,gofmt,files=$$(gofmt -l $$(git ls-files '*.go')); test -z "$$files" || { echo "not formatted (make fmt): $$files"; false; })
	$(call step,go.mod,$(GO) mod tidy -diff)
	$(call step,vet,$(GO) vet $(PACKAGES))
	$(call step,staticcheck,$(GO) tool staticcheck $(PACKAGES))
	$(call step,deadcode,found=$$($(GO) tool deadcode $(PACKAGES)) && dead=$$(echo "$$found" | grep -vE '$(TESTROOMS)' || true) && test -z "$$dead" || { echo "$$dead"; false; })

fmt: ## format the Go code
	gofmt -w $$(git ls-files '*.go')

generate: ## generate wire/names_gen.go from the frozen WSDL and schema
	$(GO) generate $(PACKAGES)

bench: ## the benchmarks: codec, calls through HTTP, search, billing run, store, replaying and its memory, replaying side by side with newman
	@! command -v npm >/dev/null || npm ci --prefix testdata/clients/newman --ignore-scripts --no-audit --no-fund --prefer-offline --silent || \
	  echo "newman could not be installed, so without the comparison with it"
	$(GO) test -timeout 60m -run '^$$' -bench . -benchmem ./soap ./server ./calllog ./mask ./tmf/... ./store/... ./customer ./billing ./workflow/... ./replay/... ./cmd/rator

load: ## what a server withstands, and what calls cost, beside BASE (5f5fc56): ONLY=lists,cpu CPU=15 JSON=true (docs/withstand.md)
	@$(GO) run ./cmd/load $(if $(BASE),-base $(BASE)) $(if $(ONLY),-only $(ONLY)) $(if $(CPU),-cpu $(CPU)) $(if $(JSON),-json)

peers: ## ours beside gSOAP, JAX-WS, node-soap, net/http, bare bbolt and BASE (5f5fc56), as ratios: ONLY=echo,sign-up RUNS=5 CUSTOMERS=100000 SVG=bin/peers.svg JSON=true (docs/peers.md)
	@mkdir -p bin
	@$(GO) run ./bench/peers -dir bin -svg $(or $(SVG),bin/peers.svg) $(if $(BASE),-base $(BASE)) $(if $(ONLY),-only $(ONLY)) $(if $(RUNS),-runs $(RUNS)) $(if $(CALLS),-calls $(CALLS)) $(if $(CUSTOMERS),-customers $(CUSTOMERS)) $(if $(JSON),-json)

scale: ## load, file, start, memory, verify, backup, compact, reads, searches, sign-ups and a billing run with CUSTOMERS=100000,1000000 beside none and BASE: RUNS=3 CALLS=100000 JSON=true (docs/peers.md)
	@mkdir -p bin/scale
	@$(GO) run ./bench/scale -dir bin/scale $(if $(BASE),-base $(BASE)) $(if $(RUNS),-runs $(RUNS)) $(if $(CALLS),-calls $(CALLS)) $(if $(CUSTOMERS),-customers $(CUSTOMERS)) $(if $(JSON),-json)

bench-postgres: ## the store in PostgreSQL beside BASE (5f5fc56) on its file, and bare pgx; several servers; a standby: ONLY=store,servers,standby SERVERS=1,2,4 RUNS=5 CUSTOMERS=1000 (docs/design/speed.md)
	@mkdir -p bin
	@$(GO) run ./bench/postgres $(if $(BASE),-base $(BASE)) $(if $(ONLY),-only $(ONLY)) $(if $(SERVERS),-servers $(SERVERS)) $(if $(RUNS),-runs $(RUNS)) $(if $(CUSTOMERS),-customers $(CUSTOMERS))

soak: ## what a server survives: SOAK (1000) kills under traffic, power cuts, failing disks, flipped bits, a database that is killed, servers that are replaced (docs/operate.md)
	@command -v strace >/dev/null || { echo "strace is not there, which sees what the disk is asked for: apt install strace"; exit 1; }
	SOAK=$(or $(SOAK),1000) $(GO) test -v -count 1 -timeout 6h -run '^(TestKilledServer|TestPowerCut|TestDiskErrors|TestDamage|TestDatabaseStorm|TestReplicasStorm|TestRollingUpgrade|TestServersTellOnce|TestFenceOfTwoServers)$$' ./cmd/rator ./store/bolt ./store/postgres

fuzz: ## fuzz every target for FUZZTIME (30s)
	@set -e; for p in $$($(GO) list $(PACKAGES)); do \
	  for f in $$($(GO) test -list '^Fuzz' $$p | grep '^Fuzz' || true); do \
	    echo "$$p $$f"; $(GO) test -run '^$$' -fuzz "^$$f\$$" -fuzztime $(FUZZTIME) $$p; done; done

deb: build ## a Debian package of this machine's architecture, in bin
	@dist/debian/build $(BIN) $$(date -u +%Y.%m.%d)+g$$(git rev-parse --short=8 HEAD) $$(dpkg --print-architecture) bin

container: ## an image of this machine's architecture, in bin, that docker load and podman load take
	@mkdir -p bin
	@CGO_ENABLED=0 $(GO) build -trimpath -buildvcs=true -ldflags '-s -w' -o bin/rator-static ./cmd/rator
	@dist/container/build bin/rator-static $$(date -u +%Y.%m.%d)+g$$(git rev-parse --short=8 HEAD) $$($(GO) env GOARCH) bin

release: ## static binaries for linux on amd64 and arm64, packages, bill of materials, licences and checksums, in bin/release
	@GO=$(GO) dist/release

clean: ## remove what was built and the demo store
	rm -rf bin demo.db demo.db.sock demo.db.calls demo.db.pin-key
