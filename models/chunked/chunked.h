#pragma once
// The chunked regime: one training per time chunk, the first one the hot start of the others, merged by flow
// tags. Yin et al., SIGCOMM 2022, sections 4.2 and 4.3; with one chunk, training on the whole trace.

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/temporary_folder.h"
#include "models/chunked/sequence_model.h"
#include "models/model.h"
#include "models/privacy/privacy_params.h"

namespace bench {

struct ChunkedOptions {
  EncodeOptions encode;
  int64_t iterations = 0;  ///< of the chunk that is trained from scratch
  /// That chunk is the first one with records, and not the one with most of them.
  bool scratch_first = false;
  bool hot_start = true;
  double fine_tune_share = 0.25;  ///< iterations of the other chunks relative to it
  bool carry_moments = true;
  int64_t snapshots = 1;
  bool calibrate = false;  ///< FlowEncoder::calibrate after each snapshot
  PrivacyParams privacy = {};
};

/// A generator of flow sequences. Derived classes bring the network.
///
/// Folder of a trained one: encoder.h5, and chunk-C.h5 for each chunk that has records. Units: one per chunk
/// (unit 0 is the one that is trained from scratch), then "merge", which puts their files into one folder; a
/// single one with one chunk. A private training has a unit "public" before them, from whose encoder and
/// networks every chunk starts: a flow in one chunk then counts in that chunk's budget only.
class ChunkedGenerator : public Generator {
 public:
  explicit ChunkedGenerator(ChunkedOptions options) : options_(std::move(options)) {}
  void fit(const TrainingTrace& train, FitContext& context) override;
  Trace sample(int64_t records, SampleContext& context) override;
  /// With self_norm the ranges inside a flow are attributes, which nobody can give.
  bool takes_flows() const override { return !options_.encode.self_norm; }
  void save(const std::filesystem::path& folder) const override;
  void load(const std::filesystem::path& folder) override;
  std::vector<TrainingUnit> units() const override;
  void fit_unit(size_t unit, const TrainingTrace& train, std::span<const std::filesystem::path> needs,
                const std::filesystem::path& folder, FitContext& context) override;
  int64_t snapshots() const override { return options_.snapshots; }
  void use_snapshot(int64_t index) override;

 protected:
  const ChunkedOptions& options() const { return options_; }
  /// A network with fresh weights for the layouts of `encoder`. Throws Error(unsupported) for the device.
  virtual std::unique_ptr<SequenceModel> make_network(const FlowEncoder& encoder, Seed seed,
                                                      const std::string& device, int threads) const = 0;
  /// The same with critics that meet the examples of a private training in these steps.
  virtual std::unique_ptr<SequenceModel> make_private_network(const FlowEncoder& encoder,
                                                              [[maybe_unused]] const PrivateSteps& steps,
                                                              Seed seed, const std::string& device,
                                                              int threads) const {
    return make_network(encoder, seed, device, threads);
  }
  /// What the private training of the chunks lets out, without numbers of flows and noise.
  virtual CriticTraining critic_training() const { return {}; }
  /// For messages.
  virtual std::string name() const = 0;

 private:
  void train_chunk(size_t unit, const TrainingTrace& train, const std::filesystem::path* hot_start,
                   const std::filesystem::path& folder, FitContext& context);
  void train_public(const TrainingTrace& data, const std::filesystem::path& folder, FitContext& context);
  void train_private(size_t chunk, const TrainingTrace& train, const std::filesystem::path& start,
                     const std::filesystem::path& folder, FitContext& context);
  void merge(std::span<const std::filesystem::path> parts, const std::filesystem::path& folder,
             Progress& progress) const;

  ChunkedOptions options_;
  std::filesystem::path folder_;               ///< of the trained files; empty before fit() or load()
  std::unique_ptr<TemporaryFolder> own_root_;  ///< of fit(); null where there is none
  std::optional<FlowEncoder> encoder_;         ///< with the calibration of the snapshot in use
  int64_t snapshot_ = -1;
};

}  // namespace bench
