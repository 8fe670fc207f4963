#!/usr/bin/env bash
# scripts/baselines.sh [--data DIR] [run_experiment options]: netshare and the baselines on the six datasets, side by side, into
# results/published/baselines.md (surrogates), or baselines_real.md with --data DIR. Finished cells are kept.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh
cmake --preset release >/dev/null
cmake --build --preset release --target run_experiment report_run >/dev/null
page=baselines
title="netshare and the baselines on simulated data"
for option in "$@"; do
  [ "$option" = --data ] && page=baselines_real title="netshare and the baselines on real samples"
done
[ $page = baselines ] && unset HEADERBENCH_DATA
# A cell that failed is in the page, too.
build/release/bin/run_experiment experiments/sweeps/baselines.json --out results/runs/$page "$@" || [ $? -eq 1 ]
build/release/bin/report_run results/runs/$page --kind baselines --title "$title" --output results/published/$page.md
