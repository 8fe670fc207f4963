#include "models/nn/parameters.h"

#include <ATen/CPUGeneratorImpl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cassert>
#include <cmath>

#include "core/error.h"
#include "models/nn/kernels.h"

namespace bench::nn {
namespace {

constexpr double kNormalSd = 0.02;
constexpr double kEpsilon = 1e-8;
constexpr double kLargestLoss = 1e9;

int64_t elements(const std::vector<int64_t>& shape) {
  int64_t n = 1;
  for (const int64_t side : shape) n *= side;
  return n;
}

std::vector<float> to_vector(const torch::Tensor& tensor) {
  const torch::Tensor host = tensor.detach().to(torch::kCPU).contiguous();
  return {host.data_ptr<float>(), host.data_ptr<float>() + host.numel()};
}

}  // namespace

Init init_from_name(std::string_view name) {
  if (name == "normal") return Init::normal;
  if (name == "xavier") return Init::xavier;
  if (name == "standard") return Init::standard;
  fail(Kind::config, "initialisation '{}' is unknown; normal, xavier or standard would be right", name);
}

at::Generator make_generator(Seed seed) { return at::make_generator<at::CPUGeneratorImpl>(seed.value()); }

void Parameters::add(std::string name, torch::Tensor* slot, std::vector<int64_t> shape, Start start,
                     int64_t fan_in, int64_t fan_out) {
  entries_.push_back({std::move(name), slot, std::move(shape), start, fan_in, fan_out, true});
}

void Parameters::add_buffer(std::string name, torch::Tensor* slot, std::vector<int64_t> shape, Start start) {
  entries_.push_back({std::move(name), slot, std::move(shape), start, 0, 0, false});
}

void Parameters::build(Init init, at::Generator generator, torch::Device device) {
  const torch::NoGradGuard no_grad;
  std::vector<torch::Tensor> trained, buffers;
  for (const Entry& entry : entries_) {
    const int64_t n = elements(entry.shape);
    torch::Tensor values = torch::zeros({n});
    const bool uniform_bias = entry.start == Start::bias && init == Init::standard;
    if (entry.start == Start::one) values.fill_(1);
    if (entry.start == Start::weight && init == Init::normal) values.normal_(0, kNormalSd, generator);
    if (entry.start == Start::recurrent || (entry.start == Start::weight && init == Init::xavier)) {
      const double bound = std::sqrt(6.0 / static_cast<double>(entry.fan_in + entry.fan_out));
      values.uniform_(-bound, bound, generator);
    }
    if (uniform_bias || (entry.start == Start::weight && init == Init::standard)) {
      const double bound = 1 / std::sqrt(static_cast<double>(entry.fan_in));
      values.uniform_(-bound, bound, generator);
    }
    (entry.trained ? trained : buffers).push_back(values);
  }
  flat_ = trained.empty() ? torch::zeros({0}) : torch::cat(trained);
  flat_buffers_ = buffers.empty() ? torch::zeros({0}) : torch::cat(buffers);
  flat_ = flat_.to(device);
  flat_buffers_ = flat_buffers_.to(device);
  tensors_.clear();
  int64_t place = 0, buffer_place = 0;
  for (const Entry& entry : entries_) {
    const int64_t n = elements(entry.shape);
    torch::Tensor& flat = entry.trained ? flat_ : flat_buffers_;
    int64_t& at = entry.trained ? place : buffer_place;
    *entry.slot = flat.narrow(0, at, n).view(entry.shape).detach();
    at += n;
    if (entry.trained) {
      entry.slot->requires_grad_(true);
      tensors_.push_back(*entry.slot);
    }
  }
}

std::vector<torch::Tensor> Parameters::views(const torch::Tensor& flat) const {
  std::vector<torch::Tensor> out;
  int64_t place = 0;
  for (const torch::Tensor& tensor : tensors_) {
    out.push_back(flat.narrow(0, place, tensor.numel()).view(tensor.sizes()));
    place += tensor.numel();
  }
  return out;
}

std::string Parameters::shapes() const {
  std::string out;
  for (const Entry& entry : entries_) out += fmt::format("{}[{}] ", entry.name, fmt::join(entry.shape, ","));
  return out;
}

void Parameters::save(H5Writer& file, const std::string& name) const {
  file.column(name + ":weights", to_vector(flat_));
  file.column(name + ":buffers", to_vector(flat_buffers_));
  file.attribute(name + ":shapes", shapes());
}

void Parameters::load(const H5Reader& file, const std::string& name) {
  const torch::NoGradGuard no_grad;
  if (file.attribute(name + ":shapes") != shapes()) {
    fail(Kind::data, "saved network {} has the shapes {}; {} would be right", name,
         file.attribute(name + ":shapes"), shapes());
  }
  auto weights = file.column<float>(name + ":weights");
  auto buffers = file.column<float>(name + ":buffers");
  if (static_cast<int64_t>(weights.size()) != flat_.numel() ||
      static_cast<int64_t>(buffers.size()) != flat_buffers_.numel()) {
    fail(Kind::data, "saved network {} has {} weights; {} would be right", name, weights.size(),
         flat_.numel());
  }
  flat_.copy_(torch::from_blob(weights.data(), {flat_.numel()}));
  flat_buffers_.copy_(torch::from_blob(buffers.data(), {flat_buffers_.numel()}));
}

torch::Tensor gradient_of(const torch::Tensor& loss, const Parameters& parameters) {
  const auto gradients =
      torch::autograd::grad({loss}, parameters.tensors(), {}, c10::nullopt, false, /*allow_unused=*/true);
  std::vector<torch::Tensor> flat;
  for (size_t i = 0; i < gradients.size(); ++i) {
    const torch::Tensor& tensor = parameters.tensors()[i];
    flat.push_back((gradients[i].defined() ? gradients[i] : torch::zeros_like(tensor)).reshape({-1}));
  }
  return torch::cat(flat).detach();
}

Adam::Adam(Parameters& parameters, double beta1, double beta2)
    : parameters_(parameters),
      beta1_(beta1),
      beta2_(beta2),
      first_(torch::zeros_like(parameters.flat())),
      second_(torch::zeros_like(parameters.flat())) {}

void Adam::step(const torch::Tensor& gradient, double rate) {
  const torch::NoGradGuard no_grad;
  ++steps_;
  const double correction1 = 1 - std::pow(beta1_, static_cast<double>(steps_));
  const double correction2 = 1 - std::pow(beta2_, static_cast<double>(steps_));
  if (gradient.is_cpu()) {
    const AdamRates rates{static_cast<float>(beta1_), static_cast<float>(beta2_),
                          static_cast<float>(rate / correction1),
                          static_cast<float>(1 / std::sqrt(correction2)), static_cast<float>(kEpsilon)};
    adam_values(parameters_.flat().data_ptr<float>(), first_.data_ptr<float>(), second_.data_ptr<float>(),
                gradient.data_ptr<float>(), parameters_.count(), rates);
    return;
  }
  first_.mul_(beta1_).add_(gradient, 1 - beta1_);
  second_.mul_(beta2_).addcmul_(gradient, gradient, 1 - beta2_);
  const torch::Tensor denominator = second_.sqrt().mul_(1 / std::sqrt(correction2)).add_(kEpsilon);
  parameters_.flat().addcdiv_(first_, denominator, -rate / correction1);
}

void Adam::save(H5Writer& file, const std::string& name) const {
  file.column(name + ":first", to_vector(first_));
  file.column(name + ":second", to_vector(second_));
  file.column(name + ":steps", std::vector<int64_t>{steps_});
}

void Adam::load(const H5Reader& file, const std::string& name) {
  const torch::NoGradGuard no_grad;
  auto first = file.column<float>(name + ":first"), second = file.column<float>(name + ":second");
  const auto steps = file.column<int64_t>(name + ":steps");
  if (static_cast<int64_t>(first.size()) != first_.numel() || second.size() != first.size() ||
      steps.size() != 1) {
    fail(Kind::data, "saved optimiser {} has {} and {} moments; {} each would be right", name, first.size(),
         second.size(), first_.numel());
  }
  first_.copy_(torch::from_blob(first.data(), {first_.numel()}));
  second_.copy_(torch::from_blob(second.data(), {second_.numel()}));
  steps_ = steps[0];
}

MovingAverage::MovingAverage(Parameters& parameters, double decay)
    : parameters_(parameters),
      decay_(decay),
      flat_(parameters.flat().clone()),
      buffers_(parameters.flat_buffers().clone()) {}

void MovingAverage::update() {
  const torch::NoGradGuard no_grad;
  const auto t = static_cast<double>(++updates_);
  const double keep = std::min(decay_, (1 + t) / (10 + t));
  flat_.lerp_(parameters_.flat(), 1 - keep);
  buffers_.lerp_(parameters_.flat_buffers(), 1 - keep);
}

void MovingAverage::swap() {
  const torch::NoGradGuard no_grad;
  const torch::Tensor flat = parameters_.flat().clone(), buffers = parameters_.flat_buffers().clone();
  parameters_.flat().copy_(flat_);
  parameters_.flat_buffers().copy_(buffers_);
  flat_.copy_(flat);
  buffers_.copy_(buffers);
}

void check_loss(double loss, std::string_view what, int64_t iteration) {
  if (!(std::abs(loss) <= kLargestLoss)) {
    fail(Kind::diverged, "{} is {} at iteration {}; a smaller learning rate would be right", what, loss,
         iteration);
  }
}

void rethrow_allocation(const std::exception& e) {
  const std::string_view text = e.what();
  const bool torch_allocation =
      text.find("can't allocate memory") != text.npos || text.find("out of memory") != text.npos;
  if (torch_allocation || dynamic_cast<const std::bad_alloc*>(&e) != nullptr) {
    fail(Kind::out_of_memory, "no memory for the network: {}", text.substr(0, text.find('\n')));
  }
}

torch::Device device_from_name(std::string_view name) {
  const bool available = torch::cuda::is_available();
  if (name == "cpu") return torch::kCPU;
  if (name == "auto") return available ? torch::kCUDA : torch::kCPU;
  if (name != "cuda") fail(Kind::config, "device '{}' is unknown; cpu, cuda or auto would be right", name);
  if (!available) fail(Kind::unsupported, "device cuda: this LibTorch finds no GPU; cpu would be right");
  return torch::kCUDA;
}

}  // namespace bench::nn
