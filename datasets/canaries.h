#pragma once
// Canaries: records made for an audit. A fair coin of each decides whether it joins the training part; how
// well the coins can be guessed from what a generator makes says how much it gives away at least
// (metrics/audit.h).

#include <cstddef>
#include <filesystem>
#include <vector>

#include "core/seed.h"
#include "datasets/split.h"
#include "datasets/trace.h"

namespace bench {

struct Canaries {
  Trace records;               ///< each its own flow, in no order of time
  std::vector<bool> inserted;  ///< its coin: whether it joins the training part
};

/// `count` canaries with the columns of the training part, of which no record has their five-tuples. Uniform:
/// unicast addresses, source ports from 1024, time in the window. Log-uniform in the range of the training
/// part: length (from 40 bytes), ttl, duration (0 for one packet), packets, and bytes as far as 40 to 1,500 a
/// packet allow. The destination port is a high one that no training record and, while they last, no other
/// canary has. Protocol, flags, labels and what remains are those of a random training record, one of a
/// protocol with ports where there are some. Throws Error(data) if the training part has fewer than `count`
/// records.
Canaries make_canaries(const TrainingTrace& train, size_t count, Seed seed);

/// The training part, or a part of it, with the canaries that its coins insert: each behind the latest record
/// that is not later than it, at a random place where there is no time. The others keep their order.
TrainingTrace insert_canaries(const TrainingTrace& train, const Canaries& canaries, Seed seed);

/// HDF5 file of the records, the coins a label column "inserted".
void save_canaries(const Canaries& canaries, const std::filesystem::path& path);
/// Throws Error(data) for any other file.
Canaries load_canaries(const std::filesystem::path& path);

}  // namespace bench
