#pragma once
// The reference generators: known answers that every other row of a table is read against.

#include <memory>

#include "models/model.h"

namespace bench {

/// Bootstrap of whole flows: flows are drawn with replacement, their records and times kept. A flow that is
/// drawn again gets a fresh five-tuple: another ephemeral port (49152 to 65535) on the side with the higher
/// port, other low address bits of the source where the protocol has no ports or no port is left. No fresh
/// five-tuple is one of the training part or of another drawn flow. The last flow is cut to the record count.
std::unique_ptr<Generator> make_resample(const Params& params);
/// Every column (each label too) is drawn by itself: whole permutations of the training column, then values
/// without replacement for the rest. With as many records as the training part every marginal is exact.
std::unique_ptr<Generator> make_independent(const Params& params);
/// Every column uniform by itself: addresses, ports, times, lengths, durations, counts and header fields over
/// the range in the training part, protocols, flags and labels over the values that occur.
std::unique_ptr<Generator> make_uniform(const Params& params);

/// Every value 0, a length 1, every time that of the first record: for numbers that are not negative the
/// earth mover's distance of nothing, which is their mean. Not among the rows that every table has.
std::unique_ptr<Generator> make_zeros(const Params& params);

/// Saved state of all four: the training part as "training.h5" in the model's folder.
class TrainingReplay : public Generator {
 public:
  void fit(const TrainingTrace& train, FitContext& context) override;
  void save(const std::filesystem::path& folder) const override;
  void load(const std::filesystem::path& folder) override;

 protected:
  /// Throws Error(config) before fit() or load().
  const Trace& training() const;

 private:
  Trace training_;
};

}  // namespace bench
