#!/bin/sh
# Looks for new cases: the property tests with chance of their own and ten times the cases, then every fuzz target for a time.
#   scripts/fuzz.sh 1m
set -eu
for_each=${1:-1m}
grep -rl 'pgregory.net/rapid' --include='*_test.go' . | xargs -n1 dirname | sort -u | while read -r package; do
	echo "== $package, properties"
	go test -timeout 30m -rapid.seed=0 -rapid.checks=1000 "$package"
done
grep -rlE '^func Fuzz[A-Z]' --include='*_test.go' . | while read -r file; do
	package=$(dirname "$file")
	grep -oE '^func Fuzz[A-Za-z0-9_]*' "$file" | sed 's/^func //' | while read -r target; do
		echo "== $package $target"
		go test -run '^$' -fuzz "^$target\$" -fuzztime "$for_each" -fuzzminimizetime 20x "$package"
	done
done
