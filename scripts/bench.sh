#!/usr/bin/env bash
# Measures the speed claims of README as ratios in one run, and prints the table. Files are made in a temporary folder
# (about 250 MB). Each ratio is the median over RUNS runs of the two sides in turn.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh
cmake --preset release >/dev/null
cmake --build --preset release --target datasets_bench metrics_bench models_bench >/dev/null
bin=build/release/bin
runs=${RUNS:-7}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export HEADERBENCH_BENCH_DIR=$folder OPENBLAS_NUM_THREADS=1

# Milliseconds of one Google Benchmark case, real time.
case_ms() {
  "$1" --benchmark_filter="^$2(/|\$)" --benchmark_format=csv 2>/dev/null |
    awk -F, '/^"?BM_/ {unit=$5; v=$3; if (unit=="ns") v/=1e6; if (unit=="us") v/=1e3; if (unit=="s") v*=1e3; print v; exit}'
}
# Milliseconds of a command.
command_ms() {
  local start end
  start=$(date +%s%N); "$@" >/dev/null 2>&1; end=$(date +%s%N)
  awk -v ns=$((end - start)) 'BEGIN {print ns / 1e6}'
}
median() { sort -g | awk '{a[NR]=$1} END {print (NR % 2 ? a[(NR+1)/2] : (a[NR/2]+a[NR/2+1])/2)}'; }
# row NAME LIMIT OURS THEIRS: each side is a command that prints milliseconds.
row() {
  local ours=() theirs=() ratios=()
  for _ in $(seq "$runs"); do
    local a b
    a=$($3); b=$($4)
    ours+=("$a"); theirs+=("$b"); ratios+=("$(awk -v a="$a" -v b="$b" 'BEGIN {print a / b}')")
  done
  printf '| %-52s | %9.1f | %9.1f | %6.2f | %6s |\n' "$1" "$(printf '%s\n' "${ours[@]}" | median)" \
    "$(printf '%s\n' "${theirs[@]}" | median)" "$(printf '%s\n' "${ratios[@]}" | median)" "$2"
}
datasets() { case_ms $bin/datasets_bench "$1"; }
metrics() { case_ms $bin/metrics_bench "$1"; }
one_second() { echo 1000; }

"$bin/datasets_bench" --benchmark_min_time=0.01 >/dev/null 2>&1   # makes the files and warms the page cache
printf '| %-52s | %9s | %9s | %6s | %6s |\n' "what" "ours ms" "theirs ms" "ratio" "limit"
printf '|%s|%s|%s|%s|%s|\n' "------------------------------------------------------" "----------:" "----------:" "-------:" "-------:"
pcap() { datasets BM_read_pcap_1m; }
tcpdump_ms() { command_ms tcpdump -r "$folder/bench_packets.pcap" -w /dev/null; }
row "1M packets from pcap / tcpdump -r FILE -w /dev/null" 1.5 pcap tcpdump_ms
netshare() { datasets BM_read_netshare_csv_1m; }
netshare_wc() { command_ms wc -l "$folder/bench_netshare.csv"; }
row "1M NetShare CSV lines / wc -l" 10 netshare netshare_wc
ugr16() { datasets BM_read_ugr16_csv_1m; }
ugr16_wc() { command_ms wc -l "$folder/bench_ugr16.csv"; }
row "1M UGR16 CSV lines / wc -l" 10 ugr16 ugr16_wc
emd() { metrics BM_emd_1m; }
sorts() { metrics BM_std_sort_two_1m; }
row "exact EMD of two 1M columns / std::sort of both" 1.3 emd sorts
flows() { metrics BM_paper_metrics_flows_1m; }
row "all paper metrics, flows 1M x 1M / one second" 3 flows one_second
packets() { metrics BM_paper_metrics_packets_1m; }
row "all paper metrics, packets 1M x 1M / one second" 3 packets one_second
