#include "models/diffusion/flow_diffusion.h"

#include "models/nn/schedule.h"
#include "models/nn/threads.h"

namespace bench {

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
  std::vector<Learner*> learners;
  for (const FlowPart::Named& part : sampled()) learners.push_back(part.learner);
  averages_.start(learners, training_.ema);
  SampleBatches batches(samples, shape_.attributes.width, shape_.features.width, training_.batch,
                        shape_.cut && shape_.flags(), seed.child("batches").rng(), device_);
  const auto generator = nn::make_generator(seed.child("noise"));
  const auto step = [&](int64_t i) {
    return iterate(batches.next(),
                   {i, nn::decayed(training_.lr, training_.lr_decay, i, iterations),
                    nn::decayed(training_.lr_discriminator, training_.lr_decay, i, iterations), generator});
  };
  train_averaged({iterations, training_.snapshots, "the loss"}, averages_, progress, step, snapshot);
}

void FlowDiffusion::save(H5Writer& file, const std::string& name) const {
  for (const FlowPart::Named& part : sampled()) part.learner->parameters.save(file, name + "." + part.name);
}

void FlowDiffusion::load(const H5Reader& file, const std::string& name) {
  averages_.restore();
  for (const FlowPart::Named& part : sampled()) part.learner->parameters.load(file, name + "." + part.name);
}

void FlowDiffusion::save_training(H5Writer& file) const {
  const bool averaged = averages_.in_place();
  averages_.restore();
  for (const FlowPart::Named& part : all()) {
    part.learner->parameters.save(file, "training." + part.name);
    part.learner->adam->save(file, "training." + part.name);
  }
  if (averaged) averages_.swap();
}

void FlowDiffusion::load_training(const H5Reader& file, bool moments) {
  averages_.restore();
  for (const FlowPart::Named& part : all()) {
    part.learner->parameters.load(file, "training." + part.name);
    if (moments) part.learner->adam->load(file, "training." + part.name);
  }
}

}  // namespace bench
