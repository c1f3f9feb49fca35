#!/usr/bin/env bash
# A chat from Rust, a stream from Python, a chat from Node against one sandbox, and a check in WebAssembly inside workerd.
set -euo pipefail
cd "$(dirname "$0")/.."
tramontane=$1 python=$2

log=$(mktemp)
"$tramontane" sandbox --port 0 --pace 30 >"$log" &
sandbox=$!
trap 'kill $sandbox 2>/dev/null; rm -f "$log"' EXIT
for _ in $(seq 100); do [ -s "$log" ] && break; sleep 0.05; done
url=$(grep -oE 'http://127\.0\.0\.1:[0-9]+' "$log" | head -n 1)
export TRAMONTANE_BASE_URL=$url MISTRAL_API_KEY=demo

title() { printf '\n\033[1m== %s\033[0m\n' "$1"; }
title "Rust: a chat"
cargo run -q -p tramontane --example chat
title "Python: a streamed chat"
"$python" examples/python/stream.py
title "Node: a chat"
node examples/node/chat.mjs
title "WebAssembly in workerd: a request with three mistakes"
node examples/edge-workerd/run.mjs
