#!/bin/sh
# Runs every fuzz target of the house for a time: scripts/fuzz.sh 1m
set -eu
for_each=${1:-1m}
grep -rlE '^func Fuzz[A-Z]' --include='*_test.go' . | while read -r file; do
	package=$(dirname "$file")
	grep -oE '^func Fuzz[A-Za-z0-9_]*' "$file" | sed 's/^func //' | while read -r target; do
		echo "== $package $target"
		go test -run '^$' -fuzz "^$target\$" -fuzztime "$for_each" -fuzzminimizetime 20x "$package"
	done
done
