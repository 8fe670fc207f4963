#include "metrics/two_sample.h"

#include <xgboost/c_api.h>

#include <cassert>
#include <limits>
#include <memory>
#include <numeric>
#include <string>

#include "core/error.h"
#include "core/rank.h"

namespace bench {
namespace {

constexpr int kRounds = 50;

void check(int status) {
  if (status != 0) fail(Kind::unsupported, "XGBoost failed: {}", XGBGetLastError());
}

struct FreeMatrix {
  void operator()(void* matrix) const { XGDMatrixFree(matrix); }
};
struct FreeBooster {
  void operator()(void* booster) const { XGBoosterFree(booster); }
};
using DataMatrix = std::unique_ptr<void, FreeMatrix>;
using Booster = std::unique_ptr<void, FreeBooster>;

// The rows of one fold, or those of all others.
struct Part {
  std::vector<float> values, labels;
  std::vector<uint8_t> synthetic;

  bool has_both() const {
    const auto ones = std::accumulate(synthetic.begin(), synthetic.end(), size_t{0});
    return ones > 0 && ones < synthetic.size();
  }
  DataMatrix matrix(size_t columns) const {
    DMatrixHandle handle = nullptr;
    check(XGDMatrixCreateFromMat_omp(values.data(), synthetic.size(), columns,
                                     std::numeric_limits<float>::quiet_NaN(), &handle, 1));
    DataMatrix out(handle);
    check(XGDMatrixSetFloatInfo(handle, "label", labels.data(), labels.size()));
    return out;
  }
};

Part part(const LabelledRows& rows, uint32_t fold, bool inside) {
  Part out;
  for (size_t i = 0; i < rows.synthetic.size(); ++i) {
    if ((rows.fold[i] == fold) != inside) continue;
    const auto begin = rows.values.begin() + static_cast<std::ptrdiff_t>(i * rows.columns);
    out.values.insert(out.values.end(), begin, begin + static_cast<std::ptrdiff_t>(rows.columns));
    out.labels.push_back(rows.synthetic[i]);
    out.synthetic.push_back(rows.synthetic[i]);
  }
  return out;
}

Booster train(const DataMatrix& training, Seed seed) {
  DMatrixHandle cached = training.get();
  BoosterHandle handle = nullptr;
  check(XGBoosterCreate(&cached, 1, &handle));
  Booster booster(handle);
  const auto set = [&](const char* name, const std::string& value) {
    check(XGBoosterSetParam(handle, name, value.c_str()));
  };
  set("objective", "binary:logistic");
  set("tree_method", "hist");
  set("max_depth", "4");
  set("eta", "0.3");
  set("nthread", "1");
  set("seed", std::to_string(seed.value() >> 33));
  set("verbosity", "0");
  for (int round = 0; round < kRounds; ++round) check(XGBoosterUpdateOneIter(handle, round, cached));
  return booster;
}

std::vector<double> predict(const Booster& booster, const DataMatrix& asked, size_t rows) {
  bst_ulong count = 0;
  const float* answers = nullptr;
  check(XGBoosterPredict(booster.get(), asked.get(), 0, 0, 0, &count, &answers));
  assert(count == rows);
  return {answers, answers + rows};
}

void add_gain(const Booster& booster, std::vector<double>& gain) {
  bst_ulong features = 0, dimensions = 0;
  const char** names = nullptr;
  const bst_ulong* shape = nullptr;
  const float* scores = nullptr;
  check(XGBoosterFeatureScore(booster.get(), R"({"importance_type": "total_gain"})", &features, &names,
                              &dimensions, &shape, &scores));
  // Without names of our own a column is called f and its number.
  for (bst_ulong i = 0; i < features; ++i) gain[std::stoul(names[i] + 1)] += static_cast<double>(scores[i]);
}

}  // namespace

std::optional<TwoSampleResult> two_sample_test(const LabelledRows& rows, Seed seed) {
  assert(rows.columns > 0 && rows.values.size() == rows.columns * rows.synthetic.size());
  TwoSampleResult out{0, std::vector<double>(rows.columns, 0)};
  double judged = 0;
  for (uint32_t fold = 0; fold < kFolds; ++fold) {
    const Part training = part(rows, fold, false);
    const Part asked = part(rows, fold, true);
    if (!training.has_both() || !asked.has_both()) continue;
    const DataMatrix matrix = training.matrix(rows.columns);
    const Booster booster = train(matrix, seed.child("fold", fold));
    const auto answers = predict(booster, asked.matrix(rows.columns), asked.synthetic.size());
    out.auc += *area_under_roc(answers, {asked.synthetic.begin(), asked.synthetic.end()});
    add_gain(booster, out.gain);
    ++judged;
  }
  if (judged == 0) return std::nullopt;
  out.auc /= judged;
  const double total = std::accumulate(out.gain.begin(), out.gain.end(), 0.0);
  for (double& gain : out.gain) gain = total > 0 ? gain / total : 0;
  return out;
}

}  // namespace bench
