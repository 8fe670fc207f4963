#!/usr/bin/env bash
# Installs, builds and runs: scripts/run.sh [SWEEP.json ...] [run_experiment options, e.g. --data DIR --jobs 2]
# Without a sweep it runs experiments/sweeps/quickstart.json. Binaries land in build/release/bin.
set -euo pipefail
here=$PWD
root=$(cd "$(dirname "$0")/.." && pwd)

sweeps=()
options=()
while [ $# -gt 0 ]; do
  case $1 in
    *.json) sweeps+=("$(cd "$here" && realpath "$1")") ;;
    --data | --out) options+=("$1" "$(realpath -m "${2:?$1 needs a folder}")"); shift ;;
    *) options+=("$1") ;;
  esac
  shift
done
cd "$root"
[ ${#sweeps[@]} -eq 0 ] && sweeps=(experiments/sweeps/quickstart.json)

scripts/setup.sh
cmake --preset release >build-release.log 2>&1 || { cat build-release.log; exit 2; }
mkdir -p build && mv build-release.log build/
cmake --build --preset release --target run_experiment score_trace generate_trace

status=0
for sweep in "${sweeps[@]}"; do
  build/release/bin/run_experiment "$sweep" "${options[@]}" || status=$?
done
exit $status
