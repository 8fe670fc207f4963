#!/usr/bin/env bash
# Runs the chunked-training sweep and makes results/published/chunked_speedup.{md,svg} from it; with --data DIR also on the
# UGR16 sample. Close everything else: the times are those of this machine. Finished cells are kept, so a second call only
# makes the pages again.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh
cmake --preset release >/dev/null
cmake --build --preset release --target run_experiment report_run >/dev/null
bin=build/release/bin
for sweep in chunked_speedup ${1:+chunked_speedup_ugr16}; do
  "$bin/run_experiment" "experiments/sweeps/$sweep.json" "$@"
  "$bin/report_run" "results/runs/$sweep" --kind speedup --title "Chunked training: time beside fidelity" \
    --output "results/published/$sweep.md"
done
