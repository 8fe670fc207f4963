#pragma once
// The regime of private trainings of row models: columns, vocabulary and first weights come from public data,
// and the training part is met through the steps of critics only, whose examples are single records.

#include <filesystem>
#include <string>
#include <vector>

#include "models/privacy/privacy_params.h"
#include "models/rows/row_model.h"

namespace bench {

/// A row model whose critics can be private. Where privacy().from_public(), fit() is not called.
class PrivateRowModel : public RowModel {
 public:
  virtual const PrivacyParams& privacy() const = 0;
  /// What the private training lets out, without numbers of rows and noise.
  virtual CriticTraining critic_training() const = 0;
  /// Learns from public rows, which stand in order of time, with privacy().public_iterations ordinary steps.
  /// What it learns does not depend on the budget.
  virtual void fit_public(const RecordTable& table, FitContext& context) = 0;
  /// What fit_private() needs beside save().
  virtual void save_start(H5Writer& file) const = 0;
  /// After load() of the same file. `seed` is that of all further noise. Throws Error(data).
  virtual void load_start(const H5Reader& file, Seed seed) = 0;
  /// Which rows can be encoded, after load_start(); each by itself. A code of -1 stands for a category that
  /// the public data lacks; it may be replaced by one that serves. By default rows without such codes.
  virtual std::vector<bool> covers(RecordTable& table) const;
  /// Goes on from load_start() on rows of the training part, of which there may be none: each is in a batch
  /// by chance, and nothing else may depend on them.
  virtual void fit_private(const RecordTable& table, const PrivateSteps& steps, FitContext& context) = 0;
};

/// Columns and model, in one file of a model's folder.
inline constexpr auto kRowsFile = "rows.h5";

/// "public", then "training".
std::vector<TrainingUnit> private_row_units(const PrivacyParams& privacy);
/// Unit "public": the folder gets what a private training starts from. Throws Error(data) without a record.
void fit_public_rows(TableOptions options, PrivateRowModel& model, const TrainingTrace& data,
                     const std::filesystem::path& folder, FitContext& context);
/// Unit "training": `start` is the folder of unit "public". The folder gets the model and kPrivacyFile.
/// Records that the public data does not cover are left out; how many is in the log. The window of the
/// training part counts as public where none is declared.
void fit_private_rows(PrivateRowModel& model, const TrainingTrace& train, const std::filesystem::path& start,
                      const std::filesystem::path& folder, FitContext& context);

}  // namespace bench
