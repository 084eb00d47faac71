# The README names the two commands that a newcomer needs: make run and make test.
.PHONY: run test deps generate check fuzz bench

run: ## show the main job on demonstration data
	CGO_ENABLED=0 go run ./cmd/kreds demo

test: deps check ## install what the tests need (as root on Debian or Ubuntu) and run all of them
	go test -timeout 20m ./...

deps:
	sh scripts/test-deps.sh

check: ## what needs no servers
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { echo "not formatted:"; gofmt -l $$(git ls-files '*.go'); exit 1; }
	go vet ./...

generate: ## renew what is generated; CI compares
	go generate ./...

fuzz: ## each fuzz target for a while: make fuzz FUZZTIME=10m
	sh scripts/fuzz.sh $(or $(FUZZTIME),1m)

bench: ## the planner's speed and the cost of a reading
	go test -run '^$$' -bench . -benchtime 1x ./bench/...
