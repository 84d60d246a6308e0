#!/bin/sh
# One night: every shard side by side, their results together, what has changed, a message.
#
#   sh docs/nightly/nightly.sh TARGET
#
# Started from a clone of kontrak with its virtual environment. Secrets come from the environment, or
# from nightly.env beside it. With CHAT_WEBHOOK the summary is posted there as {"text": "..."}.
# Exit codes are kontrak's: 0 conforms, 1 deviates or has drifted, 3 look at the network, 4 our mistake.
set -eu
target=${1:?name the target file}
kontrak=${KONTRAK:-.venv/bin/kontrak}
night=reports/nightly
mkdir -p "$night"

# Two nights never spend from one purse at the same time.
if ! mkdir "$night/running" 2>/dev/null; then
    echo "another night is running; if not, remove $night/running" >&2
    exit 3
fi
trap 'rmdir "$night/running"' EXIT

if [ -f nightly.env ]; then
    set -a
    . ./nightly.env
    set +a
fi

# A shard's folder stays from night to night: the ledger in it holds what was spent before. A purse
# belongs to one shard: rqid and httpget share theirs.
shard() {
    folder=$night/$1
    shift
    rm -f "$folder/conformance.json"
    "$kontrak" run "$@" --target "$target" --profile nightly -n 2 --no-html --output "$folder" \
        > "$folder.log" 2>&1 && code=0 || code=$?
    echo "$code" > "$folder.code"
}
shard digiswitch -p digiswitch &
shard tokopedia -p tokopedia &
shard rone -p rqid -p httpget &
shard iak -p iak &
wait

# 0, 1 and 3 are verdicts, told below; 4 and 5 are mistakes of ours.
for one in digiswitch tokopedia rone iak; do
    if [ "$(cat "$night/$one.code")" -ge 4 ]; then
        tail -n 5 "$night/$one.log" >&2
        exit 4
    fi
done

rm -f "$night/report/conformance.json"
code=0
"$kontrak" merge "$night/digiswitch" "$night/tokopedia" "$night/rone" "$night/iak" \
    -p digiswitch -p tokopedia -p rqid -p httpget -p iak \
    --target "$target" --output "$night/report" || code=$?

# Without results, whatever ended it was no verdict.
test -f "$night/report/conformance.json" || exit 4

drift=0
"$kontrak" diff --target "$target" --output "$night/report" || drift=$?
if [ "$code" -eq 0 ] && [ "$drift" -eq 1 ]; then
    code=1
fi

summary=$night/report/summary.txt
if [ -n "${CHAT_WEBHOOK:-}" ] && [ -f "$summary" ]; then
    python3 -c 'import json, sys; print(json.dumps({"text": sys.stdin.read()}))' < "$summary" |
        curl -sS --max-time 30 -H 'Content-Type: application/json' -d @- "$CHAT_WEBHOOK" || true
fi
exit "$code"
