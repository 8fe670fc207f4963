#!/usr/bin/env bash
# scripts/privacy_page.sh --data DIR [run_experiment options]: quality of private generators against epsilon beside the published
# curves, into results/published/privacy.{md,svg,gp}. Finished cells are kept.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh
cmake --preset release >/dev/null
cmake --build --preset release --target run_experiment report_run >/dev/null
# A cell that failed is in the page, too.
build/release/bin/run_experiment experiments/sweeps/privacy_cpu.json --out results/runs/privacy_cpu "$@" || [ $? -eq 1 ]
build/release/bin/report_run results/runs/privacy_cpu --kind privacy --peer results/reference/netshare_privacy.json \
  --title "Quality of private generators against epsilon" --output results/published/privacy.md
