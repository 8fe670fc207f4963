#include <libsvm/svm.h>

#include <cassert>
#include <numeric>

#include "downstream/anomaly/detector.h"

namespace bench {
namespace {

struct FreeModel {
  void operator()(svm_model* model) const { svm_free_and_destroy_model(&model); }
};

// Rows as libsvm reads them: the numbers that are not 0, and a node of index -1 at the end.
void append_nodes(std::span<const double> row, std::vector<svm_node>& nodes) {
  for (size_t c = 0; c < row.size(); ++c) {
    if (row[c] != 0) nodes.push_back({static_cast<int>(c) + 1, row[c]});
  }
  nodes.push_back({-1, 0});
}

double scale_gamma(const FeatureTable& rows) {
  const auto n = static_cast<double>(rows.values.size());
  const double mean = std::accumulate(rows.values.begin(), rows.values.end(), 0.0) / n;
  double variance = 0;
  for (const double v : rows.values) variance += (v - mean) * (v - mean) / n;
  return variance > 0 ? 1 / (static_cast<double>(rows.columns) * variance) : 1;
}

class OneClassSvm : public Detector {
 public:
  void fit(const FeatureTable& rows, Seed) override {
    assert(rows.rows() > 0);
    svm_set_print_string_function([](const char*) {});
    model_.reset();
    std::vector<size_t> begins;
    nodes_.clear();
    for (size_t i = 0; i < rows.rows(); ++i) {
      begins.push_back(nodes_.size());
      append_nodes(rows.row(i), nodes_);
    }
    std::vector<svm_node*> pointers;
    for (const size_t begin : begins) pointers.push_back(nodes_.data() + begin);
    std::vector<double> labels(rows.rows(), 1);
    const svm_problem problem{static_cast<int>(rows.rows()), labels.data(), pointers.data()};
    svm_parameter parameter{};
    parameter.svm_type = ONE_CLASS;
    parameter.kernel_type = RBF;
    parameter.gamma = scale_gamma(rows);
    parameter.cache_size = 200;  // MB
    parameter.eps = 1e-3;
    parameter.nu = 0.5;
    parameter.shrinking = 1;
    assert(svm_check_parameter(&problem, &parameter) == nullptr);
    model_.reset(svm_train(&problem, &parameter));
  }

  std::vector<double> scores(const FeatureTable& rows) const override {
    assert(model_ != nullptr);
    std::vector<double> out(rows.rows());
    std::vector<svm_node> nodes;
    for (size_t i = 0; i < out.size(); ++i) {
      nodes.clear();
      append_nodes(rows.row(i), nodes);
      double decision = 0;
      svm_predict_values(model_.get(), nodes.data(), &decision);
      out[i] = -decision;
    }
    return out;
  }

  double threshold() const override { return 0; }

 private:
  std::vector<svm_node> nodes_;  // the support vectors stay in here
  std::unique_ptr<svm_model, FreeModel> model_;
};

}  // namespace

std::unique_ptr<Detector> make_one_class_svm() { return std::make_unique<OneClassSvm>(); }

}  // namespace bench
