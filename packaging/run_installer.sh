#!/bin/sh
# Runs an installer. If it fails because its package registry cannot be reached, says so and what to do.
#
# run_installer.sh REGISTRY VARIABLE COMMAND…    VARIABLE names another registry to COMMAND
registry=$1 variable=$2
shift 2
messages=$(mktemp) || exit 1
trap 'rm -f "$messages"' EXIT
trap 'exit 130' INT
"$@" >"$messages" 2>&1
status=$?
[ "$status" -eq 0 ] && exit 0
cat "$messages" >&2
# The words of uv, pip and npm for a name that is not found, a refused or lost connection, a timeout and a proxy.
unreachable='failed to fetch|error sending request|dns error|connection|connect error|timed out|timeout|proxy|unreachable'
unreachable="$unreachable|from versions: none|network request|ENOTFOUND|EAI_AGAIN|ECONN|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH"
if grep -Eqi "$unreachable" "$messages"; then
    eval "named=\${$variable:-$registry}"
    echo >&2
    echo "The package registry $named cannot be reached." >&2
    echo "Check the network and the proxy (HTTPS_PROXY), or name a mirror by $variable, and run make again." >&2
else
    echo "$1 failed: nothing was installed by it. Mend what it says above, and run make again." >&2
fi
exit "$status"
