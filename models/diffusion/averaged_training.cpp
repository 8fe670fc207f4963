#include "models/diffusion/averaged_training.h"

#include <fmt/format.h>

#include "core/error.h"

namespace bench {
namespace {

constexpr int64_t kReportEvery = 10;

}  // namespace

void Averages::start(const std::vector<Learner*>& learners, double decay) {
  restore();
  each_.clear();
  if (decay == 0) return;
  for (Learner* learner : learners)
    each_.push_back(std::make_unique<nn::MovingAverage>(learner->parameters, decay));
}

void Averages::update() {
  for (const auto& average : each_) average->update();
}

void Averages::swap() {
  for (const auto& average : each_) average->swap();
  in_place_ = !in_place_;
}

void Averages::restore() {
  if (in_place_) swap();
}

void train_averaged(const AveragedTraining& training, Averages& averages, Progress& progress,
                    const std::function<double(int64_t)>& step,
                    const std::function<void(int64_t)>& snapshot) {
  const int64_t iterations = training.iterations;
  int64_t next = 0;
  for (int64_t i = 0; i < iterations; ++i) {
    if (progress.cancelled()) fail(Kind::cancelled, "training stopped at iteration {} of {}", i, iterations);
    const double loss = step(i);
    nn::check_loss(loss, training.loss, i + 1);
    averages.update();
    const int64_t due = ((next + 1) * iterations + training.snapshots - 1) / training.snapshots;
    if (next < training.snapshots && i + 1 == due) {
      averages.swap();
      if (snapshot) snapshot(next);
      averages.swap();
      ++next;
    }
    if ((i + 1) % kReportEvery == 0 || i + 1 == iterations) {
      progress.report(static_cast<double>(i + 1), static_cast<double>(iterations), "iterations",
                      fmt::format("loss {:.3g}", loss));
    }
  }
  averages.swap();
}

}  // namespace bench
