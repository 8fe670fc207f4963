#!/usr/bin/env bash
# scripts/diffusion_report.sh [diffusion_steps] [--data DIR] [run_experiment options]: netshare against the diffusion GANs field by
# field, beside a report's numbers, into results/published/diffusion_report.md; with diffusion_steps, quality and time against the
# number of diffusion steps. The page's name ends in _surrogate without --data. Finished cells are kept.
set -euo pipefail
cd "$(dirname "$0")/.."
sweep=diffusion_report title="netshare and diffusion GANs, field by field" peer=(--peer results/reference/diffusion_report.json)
if [ "${1-}" = diffusion_steps ]; then
  sweep=diffusion_steps title="Diffusion steps: quality and time" peer=()
  shift
fi
scripts/setup.sh
cmake --preset release >/dev/null
cmake --build --preset release --target run_experiment report_run >/dev/null
page=${sweep}_surrogate
for option in "$@"; do
  [ "$option" = --data ] && page=$sweep
done
[ $page = $sweep ] || { unset HEADERBENCH_DATA; title="$title, on simulated data"; }
build/release/bin/run_experiment experiments/sweeps/$sweep.json --out results/runs/$page "$@" || [ $? -eq 1 ]
build/release/bin/report_run results/runs/$page --kind fields "${peer[@]}" --title "$title" --output results/published/$page.md
