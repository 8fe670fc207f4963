#include <xgboost/c_api.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "core/error.h"
#include "downstream/classify/classifier.h"

namespace bench {
namespace {

constexpr int kRounds = 100;

void check(int status) {
  if (status != 0) fail(Kind::unsupported, "XGBoost failed: {}", XGBGetLastError());
}

struct FreeMatrix {
  void operator()(void* matrix) const { XGDMatrixFree(matrix); }
};
struct FreeBooster {
  void operator()(void* booster) const { XGBoosterFree(booster); }
};
using Matrix = std::unique_ptr<void, FreeMatrix>;

Matrix matrix(const FeatureTable& rows) {
  const std::vector<float> values(rows.values.begin(), rows.values.end());
  DMatrixHandle handle = nullptr;
  check(XGDMatrixCreateFromMat_omp(values.data(), rows.rows(), rows.columns,
                                   std::numeric_limits<float>::quiet_NaN(), &handle, 1));
  return Matrix(handle);
}

class GradientBoosting : public Classifier {
 public:
  void fit(const FeatureTable& rows, std::span<const int32_t> classes, Seed seed) override {
    const Matrix training = matrix(rows);
    const std::vector<float> labels(classes.begin(), classes.end());
    check(XGDMatrixSetFloatInfo(training.get(), "label", labels.data(), labels.size()));
    DMatrixHandle cached = training.get();
    BoosterHandle handle = nullptr;
    check(XGBoosterCreate(&cached, 1, &handle));
    booster_.reset(handle);
    const auto set = [&](const char* name, const std::string& value) {
      check(XGBoosterSetParam(handle, name, value.c_str()));
    };
    set("objective", "multi:softmax");
    set("num_class", std::to_string(1 + *std::max_element(classes.begin(), classes.end())));
    set("tree_method", "hist");
    set("max_depth", "6");
    set("eta", "0.3");
    set("nthread", "1");
    set("seed", std::to_string(seed.value() >> 33));
    set("verbosity", "0");
    for (int round = 0; round < kRounds; ++round)
      check(XGBoosterUpdateOneIter(handle, round, training.get()));
  }

  std::vector<int32_t> predict(const FeatureTable& rows) const override {
    std::vector<int32_t> out(rows.rows());
    if (out.empty()) return out;
    const Matrix asked = matrix(rows);
    bst_ulong count = 0;
    const float* answers = nullptr;
    check(XGBoosterPredict(booster_.get(), asked.get(), 0, 0, 0, &count, &answers));
    for (size_t i = 0; i < out.size(); ++i) out[i] = static_cast<int32_t>(std::lround(answers[i]));
    return out;
  }

 private:
  std::unique_ptr<void, FreeBooster> booster_;
};

}  // namespace

std::unique_ptr<Classifier> make_gradient_boosting() { return std::make_unique<GradientBoosting>(); }

}  // namespace bench
