#!/bin/sh
# Installs the servers and clients that the tests run against, from the packages of Debian and Ubuntu, without starting any
# of them: the tests start their own, on free ports, in temporary folders. Does nothing when all of them are there. Without
# root it prints the command to run and fails.
set -eu

packages="postgresql radicale xandikos khal vdirsyncer python3-caldav python3-bcrypt python3-passlib"

if ! command -v dpkg-query >/dev/null 2>&1; then
	echo "test-deps: this is not Debian or Ubuntu; install by hand what these packages hold: $packages" >&2
	exit 1
fi

missing=""
for p in $packages; do
	if [ "$(dpkg-query -W -f='${db:Status-Status}' "$p" 2>/dev/null || true)" != installed ]; then
		missing="$missing $p"
	fi
done
if [ -z "$missing" ]; then
	exit 0
fi

if [ "$(id -u)" -ne 0 ]; then
	echo "test-deps: missing:$missing. Run:" >&2
	echo "  sudo sh scripts/test-deps.sh" >&2
	echo "or:" >&2
	echo "  sudo apt-get update && sudo apt-get install -y --no-install-recommends$missing" >&2
	exit 1
fi

# Debian starts services at their installation, and PostgreSQL makes a cluster of its own; neither is wanted here. What is
# put in place against it goes away again at the end.
policy=/usr/sbin/policy-rc.d
cluster=/etc/postgresql-common/createcluster.d/kreds-tests.conf
undo=""
trap 'if [ -n "$undo" ]; then rm -f $undo; fi' EXIT
trap 'exit 1' HUP INT TERM
if [ ! -e "$policy" ]; then
	printf '#!/bin/sh\nexit 101\n' >"$policy"
	chmod 755 "$policy"
	undo="$undo $policy"
fi
mkdir -p "$(dirname "$cluster")"
echo 'create_main_cluster = false' >"$cluster"
undo="$undo $cluster"

export DEBIAN_FRONTEND=noninteractive
apt-get update -q
# shellcheck disable=SC2086 # the list is meant to be split
apt-get install -q -y --no-install-recommends $missing
