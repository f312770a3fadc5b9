#!/usr/bin/env bash
# Builds everything and runs the tests; installs what they need when it may (Debian 12).
#   --long    also the long rounds (hundreds of kills)
#   --bench   the benchmarks of Enneo.Tests/Performance instead, which print figures; built for release
# Other arguments go to the test program, e.g. -class Enneo.Tests.Sync.KillTests
set -euo pipefail
cd "$(dirname "$0")"

mode=()
rest=()
build=Debug
for argument in "$@"; do
    case "$argument" in
        --long) mode=(long) ;;
        --bench) mode=(bench) build=Release ;;
        *) rest+=("$argument") ;;
    esac
done

# program → package
needed=()
need() { [ -e "$1" ] || needed+=("${@:2}"); }
need /usr/sbin/dovecot dovecot-imapd
need /usr/lib/dovecot/imap dovecot-imapd
need /usr/lib/dovecot/lmtp dovecot-lmtpd
need /usr/lib/dovecot/submission dovecot-submissiond
need /usr/sbin/exim4 exim4-daemon-heavy
need /usr/bin/chromium chromium
need /usr/share/fonts/truetype/liberation fonts-liberation
need /usr/bin/mbsync isync
need /usr/sbin/nginx nginx-light
need /usr/bin/caddy caddy
need /usr/bin/openssl openssl
need /usr/bin/setpriv util-linux
need /usr/bin/ps procps
command -v npm > /dev/null || needed+=(nodejs npm)
# exim4-daemon-light has no Dovecot authenticator
[ ! -e /usr/sbin/exim4 ] || /usr/sbin/exim4 -bV 2> /dev/null | grep -q '^Authenticators:.*dovecot' || needed+=(exim4-daemon-heavy)

if [ ${#needed[@]} -gt 0 ]; then
    mapfile -t needed < <(printf '%s\n' "${needed[@]}" | sort -u)
    if [ "$(id -u)" != 0 ]; then
        echo "The tests need servers and a browser that are not installed. As root, run:" >&2
        echo "  apt-get update && apt-get install -y --no-install-recommends ${needed[*]}" >&2
        exit 1
    fi
    export DEBIAN_FRONTEND=noninteractive
    # The packages' own servers must not start: each test starts its own.
    [ -e /usr/sbin/policy-rc.d ] || { printf '#!/bin/sh\nexit 101\n' > /usr/sbin/policy-rc.d && chmod +x /usr/sbin/policy-rc.d && trap 'rm -f /usr/sbin/policy-rc.d' EXIT; }
    apt-get update -q
    apt-get install -y -q --no-install-recommends "${needed[@]}"
fi
command -v dotnet > /dev/null || { echo "The tests need the .NET 10 SDK: https://dotnet.microsoft.com/download/dotnet/10.0" >&2; exit 1; }

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
dotnet build Enneo.sln -c "$build" -v q --nologo

log=$(mktemp)
status=0
run() { dotnet "artifacts/bin/Enneo.Tests/${build,,}/Enneo.Tests.dll" -noColor "$@" ${rest[@]+"${rest[@]}"} 2>&1 | tee -a "$log" || status=1; }
case "${mode[*]-}" in
    bench) run -explicit only -namespace Enneo.Tests.Performance -showLiveOutput ;;
    long) run; run -explicit only -trait Category=Long ;;
    *) run ;;
esac

# The summary has one line per run: "Enneo.Tests  Total: 9, Errors: 0, Failed: 1, Skipped: 2, Not Run: 3, Time: 1.2s".
# Tests that never got to their end leave no such line: then the run failed, whatever was counted.
awk -v status="$status" '
    / \[FAIL\]$/ { gsub(/^ +| \[FAIL\]$/, ""); failures[++f] = $0; said = 0; next }
    f && said < 12 && /^      / { failures[f] = failures[f] "\n" $0; said++; next } # why and where, which stand indented below it
    match($0, /Total: [0-9]+, Errors: [0-9]+, Failed: [0-9]+, Skipped: [0-9]+, Not Run: [0-9]+/) {
        split(substr($0, RSTART, RLENGTH), n, /[^0-9]+/)
        passed += n[2] - n[4] - n[5] - n[6]; failed += n[3] + n[4]; skipped += n[5]; runs++
    }
    END {
        if (status != 0 && failed == 0) { print "The run was aborted."; failed = 1 }
        if (runs == 0) { print "No tests ran."; failed = failed ? failed : 1 }
        for (i = 1; i <= f; i++) print "failed: " failures[i]
        if (skipped) printf "%d skipped\n", skipped
        printf "%d passed, %d failed\n", passed, failed
        exit failed > 0
    }' "$log" || status=1
rm -f "$log"
exit "$status"
