#!/usr/bin/env bash
# scripts/learning_curve.sh --data DIR: quality of netshare-cpu against CPU seconds beside the public implementation, into
# results/published/learning_curve.{md,svg}.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh
cmake --preset release >/dev/null
cmake --build --preset release --target run_experiment report_run >/dev/null
build/release/bin/run_experiment experiments/sweeps/learning_curve.json "$@"
build/release/bin/report_run results/runs/learning_curve --kind curve --peer results/reference/netshare_pytorch.json \
  --title "netshare-cpu: quality against CPU seconds" --output results/published/learning_curve.md
