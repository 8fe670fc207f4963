#include <linear.h>

#include <cassert>

#include "downstream/classify/classifier.h"

namespace bench {
namespace {

struct FreeModel {
  void operator()(model* trained) const { free_and_destroy_model(&trained); }
};

constexpr double kBias = 1;

// A row as liblinear reads it: all numbers, the bias, and a node of index -1 at the end.
void append_nodes(std::span<const double> row, std::vector<feature_node>& nodes) {
  int index = 0;
  for (const double v : row) nodes.push_back({++index, v});
  nodes.push_back({++index, kBias});
  nodes.push_back({-1, 0});
}

class LogisticRegression : public Classifier {
 public:
  void fit(const FeatureTable& rows, std::span<const int32_t> classes, Seed) override {
    set_print_string_function([](const char*) {});
    std::vector<feature_node> nodes;
    for (size_t i = 0; i < rows.rows(); ++i) append_nodes(rows.row(i), nodes);
    std::vector<feature_node*> pointers;
    for (size_t i = 0; i < rows.rows(); ++i) pointers.push_back(nodes.data() + i * (rows.columns + 2));
    std::vector<double> labels(classes.begin(), classes.end());
    const problem task{static_cast<int>(rows.rows()), static_cast<int>(rows.columns) + 1, labels.data(),
                       pointers.data(), kBias};
    parameter settings{};
    settings.solver_type = L2R_LR;
    settings.eps = 1e-4;
    settings.C = 1;
    assert(check_parameter(&task, &settings) == nullptr);
    model_.reset(train(&task, &settings));
  }

  std::vector<int32_t> predict(const FeatureTable& rows) const override {
    std::vector<int32_t> out(rows.rows());
    std::vector<feature_node> nodes;
    for (size_t i = 0; i < out.size(); ++i) {
      nodes.clear();
      append_nodes(rows.row(i), nodes);
      out[i] = static_cast<int32_t>(::predict(model_.get(), nodes.data()));
    }
    return out;
  }

 private:
  std::unique_ptr<model, FreeModel> model_;
};

}  // namespace

std::unique_ptr<Classifier> make_logistic_regression() { return std::make_unique<LogisticRegression>(); }

}  // namespace bench
