#include "models/diffusion/flow_diffusion.h"

#include <fmt/format.h>

#include "core/error.h"
#include "models/nn/schedule.h"
#include "models/nn/threads.h"

namespace bench {
namespace {

constexpr int64_t kReportEvery = 10;

}  // namespace

FlowDiffusion::FlowDiffusion(SampleShape shape, FlowTraining training,
                             std::unique_ptr<AttributePart> attributes, std::unique_ptr<RecordPart> records,
                             const at::Generator& init, torch::Device device)
    : shape_(std::move(shape)),
      training_(std::move(training)),
      device_(device),
      attributes_(std::move(attributes)),
      records_(std::move(records)) {
  if (!shape_.flags()) return;
  length_ = std::make_unique<Trained<RowNet>>("length", init, device, shape_.attributes.width,
                                              training_.length_units, training_.length_blocks,
                                              shape_.longest + (shape_.cut ? 1 : 0), Activation::silu);
}

std::vector<FlowPart::Named> FlowDiffusion::sampled() const {
  std::vector<FlowPart::Named> out = attributes_->sampled();
  for (const FlowPart::Named& part : records_->sampled()) out.push_back(part);
  if (length_) out.push_back(length_->named());
  return out;
}

std::vector<FlowPart::Named> FlowDiffusion::all() const {
  std::vector<FlowPart::Named> out = sampled();
  for (const FlowPart::Named& part : attributes_->discriminators()) out.push_back(part);
  for (const FlowPart::Named& part : records_->discriminators()) out.push_back(part);
  return out;
}

void FlowDiffusion::swap_averages() const {
  for (const auto& average : averages_) average->swap();
  averaged_ = !averaged_;
}

void FlowDiffusion::restore_raw() const {
  if (averaged_) swap_averages();
}

double FlowDiffusion::iterate(const SampleBatch& batch, const TrainingStep& step) {
  double loss = attributes_->step(batch.attributes, step);
  if (length_) {
    const torch::AutoGradMode gradients_on(true);
    const torch::Tensor classes = batch.lengths + batch.goes_on - 1;
    length_->learner.step(torch::nll_loss(torch::log_softmax(length_->net(batch.attributes), 1), classes),
                          step.rate);
  }
  return loss + records_->step(batch, step);
}

void FlowDiffusion::train(const FlowSamples& samples, int64_t iterations, Seed seed, Progress& progress,
                          const std::function<void(int64_t)>& snapshot) {
  const nn::SingleThread single_thread;
  restore_raw();
  averages_.clear();
  if (training_.ema > 0) {
    for (const FlowPart::Named& part : sampled())
      averages_.push_back(std::make_unique<nn::MovingAverage>(part.learner->parameters, training_.ema));
  }
  SampleBatches batches(samples, shape_.attributes.width, shape_.features.width, training_.batch,
                        shape_.cut && shape_.flags(), seed.child("batches").rng(), device_);
  const auto generator = nn::make_generator(seed.child("noise"));
  int64_t next = 0;
  for (int64_t i = 0; i < iterations; ++i) {
    if (progress.cancelled()) fail(Kind::cancelled, "training stopped at iteration {} of {}", i, iterations);
    const double loss =
        iterate(batches.next(),
                {i, nn::decayed(training_.lr, training_.lr_decay, i, iterations),
                 nn::decayed(training_.lr_discriminator, training_.lr_decay, i, iterations), generator});
    nn::check_loss(loss, "the loss", i + 1);
    for (const auto& average : averages_) average->update();
    const int64_t due = ((next + 1) * iterations + training_.snapshots - 1) / training_.snapshots;
    if (next < training_.snapshots && i + 1 == due) {
      swap_averages();
      if (snapshot) snapshot(next);
      swap_averages();
      ++next;
    }
    if ((i + 1) % kReportEvery == 0 || i + 1 == iterations) {
      progress.report(static_cast<double>(i + 1), static_cast<double>(iterations), "iterations",
                      fmt::format("loss {:.3g}", loss));
    }
  }
  swap_averages();
}

void FlowDiffusion::save(H5Writer& file, const std::string& name) const {
  for (const FlowPart::Named& part : sampled()) part.learner->parameters.save(file, name + "." + part.name);
}

void FlowDiffusion::load(const H5Reader& file, const std::string& name) {
  restore_raw();
  for (const FlowPart::Named& part : sampled()) part.learner->parameters.load(file, name + "." + part.name);
}

void FlowDiffusion::save_training(H5Writer& file) const {
  const bool averaged = averaged_;
  restore_raw();
  for (const FlowPart::Named& part : all()) {
    part.learner->parameters.save(file, "training." + part.name);
    part.learner->adam->save(file, "training." + part.name);
  }
  if (averaged) swap_averages();
}

void FlowDiffusion::load_training(const H5Reader& file, bool moments) {
  restore_raw();
  for (const FlowPart::Named& part : all()) {
    part.learner->parameters.load(file, "training." + part.name);
    if (moments) part.learner->adam->load(file, "training." + part.name);
  }
}

}  // namespace bench
