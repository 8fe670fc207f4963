// Word vectors learned elsewhere, in word2vec's text format.

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <string_view>

#include "core/error.h"
#include "core/files.h"
#include "models/encode/words.h"

namespace bench {
namespace {

/// The whole text as a number; false if it is none of that type.
template <typename T>
bool to_number(std::string_view text, T& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

std::vector<std::string_view> fields_of(std::string_view line) {
  constexpr std::string_view kBlanks = " \t\r";
  std::vector<std::string_view> fields;
  for (size_t begin = line.find_first_not_of(kBlanks); begin != std::string_view::npos;) {
    const size_t end = std::min(line.find_first_of(kBlanks, begin), line.size());
    fields.push_back(line.substr(begin, end - begin));
    begin = line.find_first_not_of(kBlanks, end);
  }
  return fields;
}

/// Protocol number of "proto:6", "proto:TCP" or "TCP"; -1 for anything else.
int protocol_of(std::string_view word) {
  constexpr std::string_view kPrefix = "proto:";
  return proto_number(word.starts_with(kPrefix) ? word.substr(kPrefix.size()) : word);
}

}  // namespace

void WordVectors::read(const std::filesystem::path& path, int64_t size) {
  const std::string text = read_text_file(path);
  std::map<uint16_t, std::vector<float>> ports;
  std::map<uint8_t, std::vector<float>> protocols;
  int64_t line_number = 0, words = 0;
  for (size_t begin = 0; begin < text.size(); ++line_number) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    const auto fields = fields_of(std::string_view(text).substr(begin, end - begin));
    begin = end + 1;
    const int64_t line = line_number + 1;
    if (line == 1) {
      int64_t components = 0;
      if (fields.size() != 2 || !to_number(fields[0], words) || !to_number(fields[1], components)) {
        fail(Kind::data, "{}, line 1: the number of words and the size of their vectors would be right",
             path.string());
      }
      if (components != size) {
        fail(Kind::data, "{}, line 1: vectors of {} components, but {} are asked for; make the two the same",
             path.string(), components, size);
      }
      continue;
    }
    if (fields.empty()) continue;
    const std::string word(fields[0]);
    std::vector<float> vector(fields.size() - 1);
    double square = 0;
    for (size_t d = 0; d < vector.size(); ++d) {
      if (!to_number(fields[d + 1], vector[d])) {
        fail(Kind::data, "{}, line {}: '{}' is not a number", path.string(), line, fields[d + 1]);
      }
      square += static_cast<double>(vector[d]) * vector[d];
    }
    if (std::ssize(vector) != size || !std::isfinite(square) || square == 0) {
      fail(Kind::data,
           "{}, line {}: the vector of '{}' has {} components and squared length {}; {} finite ones, not all "
           "0, would be right",
           path.string(), line, word, vector.size(), square, size);
    }
    uint16_t port = 0;
    const int protocol = protocol_of(word);
    bool fresh = false;
    if (to_number(std::string_view(word), port)) {
      fresh = ports.emplace(port, std::move(vector)).second;
    } else if (protocol >= 0 && !std::isdigit(static_cast<unsigned char>(word[0]))) {
      fresh = protocols.emplace(static_cast<uint8_t>(protocol), std::move(vector)).second;
    } else {
      fail(Kind::data, "{}, line {}: '{}' is neither a port 0..65535 nor a protocol such as TCP or proto:6",
           path.string(), line, word);
    }
    if (!fresh) fail(Kind::data, "{}, line {}: '{}' has a vector already", path.string(), line, word);
  }
  if (ports.empty() || protocols.empty() || std::ssize(ports) + std::ssize(protocols) != words) {
    fail(Kind::data,
         "{}, line {}: {} ports and {} protocols were read; some of both, {} in all, would be right",
         path.string(), line_number, ports.size(), protocols.size(), words);
  }
  size_ = size;
  ports_.clear();
  protocols_.clear();
  port_vectors_.clear();
  protocol_vectors_.clear();
  for (const auto& [port, vector] : ports) {
    ports_.push_back(port);
    port_vectors_.insert(port_vectors_.end(), vector.begin(), vector.end());
  }
  for (const auto& [protocol, vector] : protocols) {
    protocols_.push_back(protocol);
    protocol_vectors_.insert(protocol_vectors_.end(), vector.begin(), vector.end());
  }
  scale_to_unit();
  index();
}

}  // namespace bench
