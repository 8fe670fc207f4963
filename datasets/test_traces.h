#pragma once
// For the tests of this folder: a folder of their own, files in it, and random traces.

#include <gtest/gtest.h>
#include <unistd.h>
#include <zlib.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <random>
#include <string>
#include <string_view>

#include "core/error.h"
#include "core/files.h"
#include "datasets/trace.h"

namespace bench {

class TraceFiles : public testing::Test {
 protected:
  TraceFiles() {
    const auto* info = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = std::filesystem::temp_directory_path() / ("headerbench-" + std::to_string(::getpid()) + "-" +
                                                        info->test_suite_name() + "-" + info->name());
    make_folder(folder_);
  }
  ~TraceFiles() override {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  std::filesystem::path file(const std::string& name) const { return folder_ / name; }
  std::filesystem::path text_file(const std::string& name, std::string_view text) const {
    std::ofstream(file(name), std::ios::binary) << text;
    return file(name);
  }
  std::filesystem::path gzip_file(const std::string& name, std::string_view text) const {
    const gzFile stream = gzopen(file(name).c_str(), "wb");
    EXPECT_EQ(gzwrite(stream, text.data(), static_cast<unsigned>(text.size())),
              static_cast<int>(text.size()));
    gzclose(stream);
    return file(name);
  }

 private:
  std::filesystem::path folder_;
};

/// The message of the Error that `action` throws, which must be of this kind; "" if it throws none.
inline std::string message_of(Kind kind, const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& e) {
    EXPECT_EQ(kind_name(e.kind), kind_name(kind)) << e.what();
    EXPECT_EQ(std::string(e.what()).find('\n'), std::string::npos);
    return e.what();
  }
  ADD_FAILURE() << "no error";
  return {};
}

using Bytes = std::string;

/// `value` as `size` bytes, lowest first.
inline Bytes little(uint64_t value, int size) {
  Bytes out;
  for (int i = 0; i < size; ++i) out += static_cast<char>(value >> (8 * i));
  return out;
}

/// `value` as `size` bytes, highest first.
inline Bytes big(uint64_t value, int size) {
  const Bytes swapped = little(value, size);
  return {swapped.rbegin(), swapped.rend()};
}

/// Random records over the whole range of every column. Packets have header columns and TCP flags; flows have
/// labels.
inline Trace random_trace(TraceKind kind, size_t records, uint64_t seed) {
  std::mt19937_64 rng(seed);
  const auto below = [&rng](uint64_t limit) { return rng() % limit; };
  Trace trace;
  trace.kind = kind;
  if (kind == TraceKind::flows)
    trace.labels = {{"label", {"0", "1"}, {}}, {"type", {"a, \"b\"", "plain", ""}, {}}};
  for (size_t i = 0; i < records; ++i) {
    trace.srcip.push_back(static_cast<uint32_t>(below(8) == 0 ? below(4) : rng()));
    trace.dstip.push_back(static_cast<uint32_t>(rng()));
    trace.srcport.push_back(static_cast<uint16_t>(below(65536)));
    trace.dstport.push_back(static_cast<uint16_t>(below(1024)));
    trace.proto.push_back(static_cast<uint8_t>(below(2) == 0 ? 6 : below(2) == 0 ? 17 : below(256)));
    trace.time.push_back(static_cast<int64_t>(below(4'000'000'000'000'000'000)));
    trace.tcp_flags.push_back(static_cast<uint8_t>(trace.proto.back() == 6 ? below(256) : 0));
    if (kind == TraceKind::packets) {
      trace.length.push_back(static_cast<int32_t>(1 + below(65535)));
      trace.tos.push_back(static_cast<uint8_t>(below(256)));
      trace.id.push_back(static_cast<uint16_t>(below(65536)));
      trace.ip_flags.push_back(static_cast<uint8_t>(below(8)));
      trace.fragment_offset.push_back(static_cast<uint16_t>(below(4) == 0 ? below(8192) : 0));
      trace.ttl.push_back(static_cast<uint8_t>(below(256)));
    } else {
      trace.duration.push_back(static_cast<int64_t>(below(1'000'000'000'000)));
      trace.packets.push_back(static_cast<int64_t>(below(1'000'000)));
      trace.bytes.push_back(static_cast<int64_t>(rng() >> 1));
      // Each name is there by the third record, in order: readers code names in order of first appearance.
      trace.labels[0].codes.push_back(static_cast<int32_t>(i < 2 ? i : below(2)));
      trace.labels[1].codes.push_back(static_cast<int32_t>(i < 3 ? i : below(3)));
    }
  }
  return trace;
}

}  // namespace bench
