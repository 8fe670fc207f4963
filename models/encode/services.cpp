#include "models/encode/services.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "core/error.h"
#include "core/h5.h"

namespace bench {
namespace {

constexpr int kPortBits = 16;
constexpr float kLargestByte = 255;
constexpr std::string_view kEncodings[] = {"bits", "bytes", "onehot", "onehot_bits", "onehot_bins", "ip2vec"};

uint8_t to_byte(float code) {
  return static_cast<uint8_t>(std::lround(std::clamp(code, 0.0F, 1.0F) * kLargestByte));
}

PortCategories fit_categories(const std::vector<uint16_t>& ports, const FlowIndex& flows,
                              const ServiceOptions& options) {
  std::vector<int64_t> by_flow(kPorts, 0), by_record(kPorts, 0);
  for (const uint16_t port : ports) ++by_record[port];
  for (size_t f = 0; f < flows.size(); ++f) ++by_flow[ports[flows.flow(f).front()]];
  PortCategories categories;
  categories.fit(by_flow, by_record, options.most_frequent, options.frequent_share, options.bins);
  return categories;
}

}  // namespace

bool ServiceEncoder::find_encoding(const std::string& name, Encoding& encoding) {
  const auto place = std::find(std::begin(kEncodings), std::end(kEncodings), name);
  if (place == std::end(kEncodings)) return false;
  encoding = static_cast<Encoding>(place - std::begin(kEncodings));
  return true;
}

bool ServiceEncoder::has_categories() const {
  return encoding_ == Encoding::onehot || encoding_ == Encoding::onehot_bits ||
         encoding_ == Encoding::onehot_bins;
}

void ServiceEncoder::fit(const Trace& trace, const FlowIndex& flows, const ServiceOptions& options,
                         Seed seed) {
  assert(trace.size() > 0);
  if (!find_encoding(options.encoding, encoding_)) {
    fail(Kind::config,
         "port encoding '{}' is unknown; bits, bytes, onehot, onehot_bits, onehot_bins or ip2vec would be "
         "right",
         options.encoding);
  }
  srcport_ = dstport_ = {};
  protocols_.clear();
  words_ = {};
  if (encoding_ == Encoding::ip2vec) {
    if (options.word_file.empty()) {
      words_.train(trace,
                   {options.word_size, options.word_epochs, options.word_model == "skipgram",
                    options.word_subsampling, options.word_shared},
                   seed);
    } else {
      words_.read(options.word_file, options.word_size);
    }
    return;
  }
  std::array<bool, 256> seen{};
  for (const uint8_t proto : trace.proto) seen[proto] = true;
  for (size_t proto = 0; proto < seen.size(); ++proto) {
    if (seen[proto]) protocols_.push_back(static_cast<uint8_t>(proto));
  }
  if (!has_categories()) return;
  srcport_ = fit_categories(trace.srcport, flows, options);
  dstport_ = fit_categories(trace.dstport, flows, options);
}

/// Columns of the category head: with onehot, one for the ports that are not frequent if there are any; with
/// onehot_bits always.
int64_t ServiceEncoder::choices(const PortCategories& port) const {
  if (encoding_ == Encoding::onehot_bins) return port.size();
  if (encoding_ == Encoding::onehot) return std::min(port.size(), port.frequent() + 1);
  return port.frequent() + 1;
}

int64_t ServiceEncoder::port_width(const PortCategories& port) const {
  switch (encoding_) {
    case Encoding::bits:
      return 2 * kPortBits;
    case Encoding::bytes:
      return 2;
    case Encoding::onehot_bits:
      return choices(port) + 2 * kPortBits;
    case Encoding::onehot:
    case Encoding::onehot_bins:
      return choices(port);
    case Encoding::ip2vec:
      return words_.size();
  }
  return 0;
}

int64_t ServiceEncoder::width() const {
  const int64_t protocol =
      encoding_ == Encoding::ip2vec ? words_.size() : static_cast<int64_t>(protocols_.size());
  return port_width(srcport_) + port_width(dstport_) + protocol;
}

void ServiceEncoder::add_port_heads(Layout& layout, const PortCategories& categories) const {
  switch (encoding_) {
    case Encoding::bits:
      layout.add(Head::Kind::category, kPortBits, 2);
      break;
    case Encoding::bytes:
      layout.add(Head::Kind::unit, 2, 1);
      break;
    case Encoding::onehot:
    case Encoding::onehot_bins:
      layout.add(Head::Kind::category, 1, choices(categories));
      break;
    case Encoding::onehot_bits: {
      const int64_t start = layout.add(Head::Kind::category, 1, choices(categories));
      layout.add(Head::Kind::category, kPortBits, 2, start + categories.frequent());
      break;
    }
    case Encoding::ip2vec:
      layout.add(Head::Kind::word, words_.size(), 1);
      break;
  }
}

void ServiceEncoder::add_heads(Layout& layout) const {
  add_port_heads(layout, srcport_);
  add_port_heads(layout, dstport_);
  if (encoding_ == Encoding::ip2vec) {
    layout.add(Head::Kind::word, words_.size(), 1);
  } else {
    layout.add(Head::Kind::category, 1, static_cast<int64_t>(protocols_.size()));
  }
}

void ServiceEncoder::encode_port(const PortCategories& categories, uint16_t port, float* out) const {
  switch (encoding_) {
    case Encoding::bits:
      encode_bits(port, kPortBits, out);
      break;
    case Encoding::bytes:
      out[0] = static_cast<float>(port >> 8) / kLargestByte;
      out[1] = static_cast<float>(port & 0xFF) / kLargestByte;
      break;
    case Encoding::onehot:
    case Encoding::onehot_bins:
      std::fill_n(out, choices(categories), 0.0F);
      out[std::min<int64_t>(categories.category(port), choices(categories) - 1)] = 1;
      break;
    case Encoding::onehot_bits:
      std::fill_n(out, port_width(categories), 0.0F);
      if (categories.is_frequent(port)) {
        out[categories.category(port)] = 1;
      } else {
        out[categories.frequent()] = 1;
        encode_bits(port, kPortBits, out + choices(categories));
      }
      break;
    case Encoding::ip2vec:
      std::copy_n(words_.port(port), words_.size(), out);
      break;
  }
}

uint16_t ServiceEncoder::decode_port(const PortCategories& categories, const float* in, Rng& rng) const {
  switch (encoding_) {
    case Encoding::bits:
      return static_cast<uint16_t>(decode_bits(in, kPortBits));
    case Encoding::bytes:
      return static_cast<uint16_t>(to_byte(in[0]) << 8 | to_byte(in[1]));
    case Encoding::onehot:
    case Encoding::onehot_bits:
    case Encoding::onehot_bins: {
      const int64_t choice = largest(in, choices(categories));
      if (choice < categories.frequent() || encoding_ == Encoding::onehot_bins)
        return categories.draw(choice, rng);
      if (encoding_ == Encoding::onehot) return categories.draw_other(rng);
      return static_cast<uint16_t>(decode_bits(in + choices(categories), kPortBits));
    }
    case Encoding::ip2vec:
      return words_.nearest_port(in);
  }
  return 0;
}

uint16_t ServiceEncoder::protocol_index(uint8_t proto) const {
  const auto place = std::lower_bound(protocols_.begin(), protocols_.end(), proto);
  if (place == protocols_.end() || *place != proto) {
    fail(Kind::data, "encoder: the protocol {} did not occur in the trace that the encoder was fitted to",
         proto);
  }
  return static_cast<uint16_t>(place - protocols_.begin());
}

bool ServiceEncoder::covers(const Service& service) const {
  assert(encoding_ != Encoding::ip2vec);
  return std::binary_search(protocols_.begin(), protocols_.end(), service.proto);
}

void ServiceEncoder::encode(const Service& service, float* out) const {
  encode_port(srcport_, service.srcport, out);
  out += port_width(srcport_);
  encode_port(dstport_, service.dstport, out);
  out += port_width(dstport_);
  if (encoding_ == Encoding::ip2vec) {
    std::copy_n(words_.protocol(service.proto), words_.size(), out);
    return;
  }
  std::fill_n(out, protocols_.size(), 0.0F);
  out[protocol_index(service.proto)] = 1;
}

Service ServiceEncoder::decode(const float* in, Rng& rng) const {
  Service service;
  service.srcport = decode_port(srcport_, in, rng);
  in += port_width(srcport_);
  service.dstport = decode_port(dstport_, in, rng);
  in += port_width(dstport_);
  service.proto = encoding_ == Encoding::ip2vec
                      ? words_.nearest_protocol(in)
                      : protocols_[static_cast<size_t>(largest(in, static_cast<int64_t>(protocols_.size())))];
  return service;
}

std::array<uint16_t, 3> ServiceEncoder::classes(const Service& service) const {
  assert(encoding_ == Encoding::onehot_bins);
  return {srcport_.category(service.srcport), dstport_.category(service.dstport),
          protocol_index(service.proto)};
}

void ServiceEncoder::encode_classes(const std::array<uint16_t, 3>& classes, float* out) const {
  assert(encoding_ == Encoding::onehot_bins);
  assert(classes[0] < srcport_.size() && classes[1] < dstport_.size() && classes[2] < protocols_.size());
  std::fill_n(out, width(), 0.0F);
  out[classes[0]] = 1;
  out[srcport_.size() + classes[1]] = 1;
  out[srcport_.size() + dstport_.size() + classes[2]] = 1;
}

void ServiceEncoder::save(H5Writer& file) const {
  file.attribute("services", std::string(kEncodings[static_cast<size_t>(encoding_)]));
  if (encoding_ == Encoding::ip2vec) {
    words_.save(file, "services:words");
    return;
  }
  file.column("services:protocols", protocols_);
  if (!has_categories()) return;
  srcport_.save(file, "services:srcport");
  dstport_.save(file, "services:dstport");
}

void ServiceEncoder::load(const H5Reader& file) {
  const std::string name = file.attribute("services");
  if (!find_encoding(name, encoding_))
    fail(Kind::data, "saved encoder: the port encoding '{}' is unknown", name);
  srcport_ = dstport_ = {};
  protocols_.clear();
  words_ = {};
  if (encoding_ == Encoding::ip2vec) {
    words_.load(file, "services:words");
    return;
  }
  protocols_ = file.column<uint8_t>("services:protocols");
  if (protocols_.empty() || !std::is_sorted(protocols_.begin(), protocols_.end())) {
    fail(Kind::data, "saved encoder: the protocols are empty or not in order");
  }
  if (!has_categories()) return;
  srcport_.load(file, "services:srcport");
  dstport_.load(file, "services:dstport");
}

}  // namespace bench
