#!/usr/bin/env bash
# Installs what HeaderBench needs from Debian 12's packages. Does nothing if everything is there.
set -euo pipefail

packages=(
  build-essential cmake ninja-build ccache mold git pkg-config
  libtorch-dev libopenblas0-pthread   # nets, and the BLAS under them (the reference BLAS is 10-30 times slower)
  libpcap-dev libhdf5-dev zlib1g-dev libxxhash-dev
  libboost-program-options-dev libboost-math-dev nlohmann-json3-dev libfmt-dev
  libgtest-dev libgmock-dev libbenchmark-dev librapidcheck-dev
  libsvm-dev liblinear-dev libxgboost-dev libopencv-core-dev libopencv-ml-dev   # classifiers, detectors
  gnuplot-nox                         # figures of results/published
  python3                             # examples/: a program as a generator
  tcpdump tshark time                 # tests and benchmarks hold our pcap files against them
)

missing=()
for package in "${packages[@]}"; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || { echo "setup.sh: these packages are missing and need root: ${missing[*]}" >&2; exit 2; }
  as_root=(sudo)
fi
echo "Installing ${missing[*]}"
"${as_root[@]}" apt-get update -qq
DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
