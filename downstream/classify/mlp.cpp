#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include "downstream/classify/classifier.h"

namespace bench {
namespace {

constexpr size_t kHidden = 100;
constexpr size_t kBatch = 200;
constexpr int kMostEpochs = 200;
constexpr int kPatience = 10;        // epochs
constexpr double kTolerance = 1e-4;  // of the loss, nats
constexpr float kPenalty = 1e-4F;    // of the squared weights, per batch
constexpr float kRate = 1e-3F;

using Floats = std::vector<float>;

// Adam (Kingma and Ba 2015, algorithm 1).
class Adam {
 public:
  explicit Adam(size_t size) : first_(size), second_(size) {}

  void step(Floats& weights, const Floats& gradient, int t) {
    constexpr float kBeta1 = 0.9F, kBeta2 = 0.999F, kEpsilon = 1e-8F;
    const auto rate = static_cast<float>(kRate * std::sqrt(1 - std::pow(double{kBeta2}, t)) /
                                         (1 - std::pow(double{kBeta1}, t)));
    for (size_t i = 0; i < weights.size(); ++i) {
      first_[i] = kBeta1 * first_[i] + (1 - kBeta1) * gradient[i];
      second_[i] = kBeta2 * second_[i] + (1 - kBeta2) * gradient[i] * gradient[i];
      weights[i] -= rate * first_[i] / (std::sqrt(second_[i]) + kEpsilon);
    }
  }

 private:
  Floats first_, second_;
};

// y = x W + b for a batch; row r of x begins at r * in, of y at r * out.
class Dense {
 public:
  // Uniform within sqrt(6 / (in + out)) (Glorot and Bengio 2010), as scikit-learn starts.
  Dense(size_t in, size_t out, Rng& rng)
      : in_(in), out_(out), weights_(in * out), bias_(out), weight_adam_(in * out), bias_adam_(out) {
    const float bound = std::sqrt(6.0F / static_cast<float>(in + out));
    std::uniform_real_distribution<float> draw(-bound, bound);
    for (Floats* values : {&weights_, &bias_})
      std::generate(values->begin(), values->end(), [&] { return draw(rng); });
  }

  void forward(const Floats& x, size_t rows, Floats& y) const {
    y.resize(rows * out_);
    for (size_t r = 0; r < rows; ++r) {
      float* to = y.data() + r * out_;
      std::copy(bias_.begin(), bias_.end(), to);
      for (size_t i = 0; i < in_; ++i) add_scaled(weights_.data() + i * out_, x[r * in_ + i], out_, to);
    }
  }

  // From dL/dy to dL/dx (not made if dx is null), and one step of Adam along dL/dW and dL/db.
  void backward(const Floats& x, size_t rows, const Floats& dy, Floats* dx, int step) {
    if (dx != nullptr) {
      dx->resize(rows * in_);
      for (size_t r = 0; r < rows; ++r) {
        for (size_t i = 0; i < in_; ++i) {
          const float* w = weights_.data() + i * out_;
          (*dx)[r * in_ + i] = std::inner_product(w, w + out_, dy.data() + r * out_, 0.0F);
        }
      }
    }
    Floats dw(weights_.size()), db(out_);
    for (size_t r = 0; r < rows; ++r) {
      const float* from = dy.data() + r * out_;
      add_scaled(from, 1, out_, db.data());
      for (size_t i = 0; i < in_; ++i) add_scaled(from, x[r * in_ + i], out_, dw.data() + i * out_);
    }
    add_scaled(weights_.data(), kPenalty / static_cast<float>(rows), dw.size(), dw.data());
    weight_adam_.step(weights_, dw, step);
    bias_adam_.step(bias_, db, step);
  }

  double squared_weights() const {
    return std::inner_product(weights_.begin(), weights_.end(), weights_.begin(), 0.0);
  }

 private:
  static void add_scaled(const float* from, float factor, size_t size, float* to) {
    for (size_t i = 0; i < size; ++i) to[i] += factor * from[i];
  }

  size_t in_, out_;
  Floats weights_, bias_;
  Adam weight_adam_, bias_adam_;
};

class Mlp : public Classifier {
 public:
  void fit(const FeatureTable& rows, std::span<const int32_t> classes, Seed seed) override {
    classes_ = static_cast<size_t>(*std::max_element(classes.begin(), classes.end())) + 1;
    Rng rng = seed.child("init").rng();
    layers_ = {Dense(rows.columns, kHidden, rng), Dense(kHidden, classes_, rng)};
    std::vector<size_t> order(rows.rows());
    std::iota(order.begin(), order.end(), size_t{0});
    Rng shuffling = seed.child("batches").rng();
    steps_ = 0;
    double best = INFINITY;
    int without_progress = 0;
    for (int epoch = 0; epoch < kMostEpochs && without_progress < kPatience; ++epoch) {
      std::shuffle(order.begin(), order.end(), shuffling);
      double loss = 0;
      for (size_t begin = 0; begin < order.size(); begin += kBatch) {
        const auto batch = std::span(order).subspan(begin, std::min(kBatch, order.size() - begin));
        loss += train(rows, classes, batch);
      }
      loss /= static_cast<double>(order.size());
      without_progress = loss <= best - kTolerance ? 0 : without_progress + 1;
      best = std::min(best, loss);
    }
  }

  std::vector<int32_t> predict(const FeatureTable& rows) const override {
    std::vector<int32_t> out(rows.rows());
    std::vector<size_t> all(rows.rows());
    std::iota(all.begin(), all.end(), size_t{0});
    Pass pass;
    for (size_t begin = 0; begin < out.size(); begin += kBatch) {
      const auto batch = std::span(all).subspan(begin, std::min(kBatch, out.size() - begin));
      forward(rows, batch, pass);
      for (size_t r = 0; r < batch.size(); ++r) {
        const auto logits = pass.logits.begin() + static_cast<std::ptrdiff_t>(r * classes_);
        out[begin + r] = static_cast<int32_t>(
            std::max_element(logits, logits + static_cast<std::ptrdiff_t>(classes_)) - logits);
      }
    }
    return out;
  }

 private:
  struct Pass {
    Floats input, hidden, logits;
  };

  void forward(const FeatureTable& rows, std::span<const size_t> batch, Pass& pass) const {
    pass.input.clear();
    for (const size_t i : batch)
      for (const double v : rows.row(i)) pass.input.push_back(static_cast<float>(v));
    layers_[0].forward(pass.input, batch.size(), pass.hidden);
    for (float& h : pass.hidden) h = std::max(h, 0.0F);
    layers_[1].forward(pass.hidden, batch.size(), pass.logits);
  }

  // One step; the batch's loss before it, times its rows.
  double train(const FeatureTable& rows, std::span<const int32_t> classes, std::span<const size_t> batch) {
    Pass pass;
    forward(rows, batch, pass);
    double loss = kPenalty / 2 * (layers_[0].squared_weights() + layers_[1].squared_weights());
    for (size_t r = 0; r < batch.size(); ++r) {
      const auto logits = std::span(pass.logits).subspan(r * classes_, classes_);
      loss += to_gradient(logits, static_cast<size_t>(classes[batch[r]]), static_cast<float>(batch.size()));
    }
    ++steps_;
    Floats hidden_gradient;
    layers_[1].backward(pass.hidden, batch.size(), pass.logits, &hidden_gradient, steps_);
    for (size_t i = 0; i < hidden_gradient.size(); ++i)
      if (pass.hidden[i] <= 0) hidden_gradient[i] = 0;
    layers_[0].backward(pass.input, batch.size(), hidden_gradient, nullptr, steps_);
    return loss;
  }

  // Replaces logits by the gradient of the mean cross-entropy, (softmax - one-hot) / rows; returns this row's
  // cross-entropy.
  static double to_gradient(std::span<float> logits, size_t truth, float rows) {
    const float top = *std::max_element(logits.begin(), logits.end());
    float sum = 0;
    const float of_truth = logits[truth] - top;
    for (float& v : logits) sum += v = std::exp(v - top);
    for (float& v : logits) v /= sum * rows;
    logits[truth] -= 1 / rows;
    return std::log(sum) - of_truth;
  }

  size_t classes_ = 0;
  std::vector<Dense> layers_;
  int steps_ = 0;
};

}  // namespace

std::unique_ptr<Classifier> make_mlp() { return std::make_unique<Mlp>(); }

}  // namespace bench
