#include "models/encode/services.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <random>
#include <set>
#include <vector>

#include "core/error.h"
#include "core/h5.h"
#include "models/test_traces.h"

namespace bench {
namespace {

const std::vector<std::string> kEncodings{"bits", "bytes", "onehot", "onehot_bits", "onehot_bins", "ip2vec"};

/// From random ports to five common ones over TCP or UDP, 53 also the other way round; ICMP without ports.
Trace service_trace(size_t records, Seed seed) {
  constexpr uint16_t kCommon[] = {22, 53, 80, 443, 3389};
  Rng rng = seed.rng();
  Trace trace;
  trace.kind = TraceKind::packets;
  for (size_t i = 0; i < records; ++i) {
    FiveTuple key{static_cast<uint32_t>(i / 2), 1, static_cast<uint16_t>(rng()), kCommon[rng() % 5], 6};
    if (key.dstport == 53 && rng() % 2 == 0) std::swap(key.srcport, key.dstport);
    if (rng() % 3 == 0) key.proto = 17;
    if (rng() % 10 == 0) key.srcport = key.dstport = 0, key.proto = 1;
    add_five_tuple(trace, key);
    trace.length.push_back(100);
  }
  return trace;
}

ServiceEncoder fitted(const Trace& trace, const std::string& encoding) {
  ServiceOptions options;
  options.encoding = encoding;
  ServiceEncoder encoder;
  encoder.fit(trace, group_flows(trace), options, Seed(5));
  return encoder;
}

std::vector<float> encoded(const ServiceEncoder& encoder, const Service& service) {
  std::vector<float> row(static_cast<size_t>(encoder.width()), -9.0F);
  encoder.encode(service, row.data());
  return row;
}

Service service_of(const Trace& trace, size_t i) {
  return {trace.srcport[i], trace.dstport[i], trace.proto[i]};
}

TEST(Services, HeadsCoverTheColumnsAndRowsAreLegal) {
  const Trace trace = service_trace(3000, Seed(1));
  for (const auto& name : kEncodings) {
    const ServiceEncoder encoder = fitted(trace, name);
    Layout layout;
    layout.add(Head::Kind::unit, 3, 1);
    encoder.add_heads(layout);
    ASSERT_EQ(layout.width, 3 + encoder.width()) << name;
    for (size_t i = 0; i < 200; ++i) {
      std::vector<float> row{0, 0, 0};
      const auto columns = encoded(encoder, service_of(trace, i));
      row.insert(row.end(), columns.begin(), columns.end());
      for (const Head& head : layout.heads) {
        for (int64_t k = 0; k < head.count; ++k) {
          const float* in = row.data() + head.offset + k * head.width;
          float sum = 0;
          for (int64_t c = 0; c < head.width; ++c) {
            ASSERT_GE(in[c], head.kind == Head::Kind::word ? -1.0F : 0.0F) << name;
            ASSERT_LE(in[c], 1.0F) << name;
            sum += in[c];
          }
          if (head.kind != Head::Kind::category) continue;
          const bool answered = head.gate < 0 || row[static_cast<size_t>(head.gate)] == 1;
          ASSERT_EQ(sum, answered ? 1 : 0) << name;
        }
      }
    }
  }
}

TEST(Services, RoundTripOfServicesThatOccurred) {
  const Trace trace = service_trace(3000, Seed(2));
  Rng rng(1);
  for (const auto& name : {"bits", "bytes", "onehot_bits", "ip2vec"}) {
    const ServiceEncoder encoder = fitted(trace, name);
    for (size_t i = 0; i < trace.size(); ++i) {
      ASSERT_EQ(encoder.decode(encoded(encoder, service_of(trace, i)).data(), rng), service_of(trace, i))
          << name;
    }
  }
}

TEST(Services, RoundTripOfAnyPort) {
  const Trace trace = service_trace(3000, Seed(2));
  Rng rng(1);
  for (const auto& name : {"bits", "bytes", "onehot_bits"}) {
    const ServiceEncoder encoder = fitted(trace, name);
    for (uint32_t port = 0; port < kPorts; port += 7) {
      const Service service{static_cast<uint16_t>(port), static_cast<uint16_t>(kPorts - 1 - port), 17};
      ASSERT_EQ(encoder.decode(encoded(encoder, service).data(), rng), service) << name;
    }
  }
}

TEST(Services, SoftColumnsMeanTheSame) {
  const Trace trace = service_trace(2000, Seed(2));
  Rng rng(1);
  std::uniform_real_distribution<float> noise(-1, 1);
  for (const auto& name : {"bits", "bytes", "onehot_bits", "ip2vec"}) {
    // Below half the least step of the encoding: 1/510 of a byte; word vectors of 3000 ports are > .02 apart.
    const float step = std::string(name) == "bytes" ? 0.0019F : std::string(name) == "ip2vec" ? 1e-4F : 0.49F;
    const ServiceEncoder encoder = fitted(trace, name);
    for (size_t i = 0; i < 300; ++i) {
      auto row = encoded(encoder, service_of(trace, i));
      for (float& v : row) v += step * noise(rng);
      ASSERT_EQ(encoder.decode(row.data(), rng), service_of(trace, i)) << name;
    }
  }
}

TEST(Services, FrequentPortsAreKeptAndTheOthersStayAmongTheirLike) {
  const Trace trace = service_trace(20000, Seed(3));
  const std::set<uint16_t> common{0, 53};  // of the source ports
  Rng rng(1);
  for (const auto& name : {"onehot", "onehot_bins"}) {
    const ServiceEncoder encoder = fitted(trace, name);
    double moved = 0, others = 0;
    for (size_t i = 0; i < trace.size(); ++i) {
      const Service before = service_of(trace, i);
      const auto row = encoded(encoder, before);
      const Service after = encoder.decode(row.data(), rng);
      ASSERT_EQ(after.proto, before.proto);
      ASSERT_EQ(common.count(after.srcport), common.count(before.srcport)) << name;
      if (common.contains(before.srcport)) {
        ASSERT_EQ(after.srcport, before.srcport) << name;
      } else {
        ++others;
        moved += std::abs(after.srcport - before.srcport);
      }
      if (std::string(name) == "onehot_bins") {
        ASSERT_EQ(encoder.classes(after), encoder.classes(before));
        std::vector<float> again(row.size(), -1.0F);
        encoder.encode_classes(encoder.classes(before), again.data());
        ASSERT_EQ(again, row);
      }
    }
    // Two uniform ports are 65536 / 3 apart in the mean; inside one of 32 bins, 65536 / 32 / 3.
    const double expected = 65536.0 / 3 / (std::string(name) == "onehot" ? 1 : 32);
    EXPECT_NEAR(moved / others, expected, 0.1 * expected) << name;
  }
}

TEST(Services, OneHotBitsGatesTheBitsByTheOtherCategory) {
  const Trace trace = service_trace(3000, Seed(1));
  const ServiceEncoder encoder = fitted(trace, "onehot_bits");
  Layout layout;
  encoder.add_heads(layout);
  ASSERT_EQ(layout.heads.size(), 5U);
  EXPECT_EQ(layout.heads[1].gate, layout.heads[0].width - 1);
  EXPECT_EQ(layout.heads[3].gate, layout.heads[2].offset + layout.heads[2].width - 1);
  const auto row = encoded(encoder, {53, 80, 6});
  for (const size_t head : {1U, 3U}) {
    for (int64_t c = 0; c < 32; ++c) EXPECT_EQ(row[static_cast<size_t>(layout.heads[head].offset + c)], 0);
  }
}

TEST(Services, SavedAndLoadedAreEqual) {
  const Trace trace = service_trace(3000, Seed(4));
  const auto path = std::filesystem::temp_directory_path() / "headerbench_services_test.h5";
  for (const auto& name : kEncodings) {
    const ServiceEncoder encoder = fitted(trace, name);
    {
      H5Writer file(path);
      encoder.save(file);
      file.finish();
    }
    ServiceEncoder loaded;
    loaded.load(H5Reader(path));
    Layout before, after;
    encoder.add_heads(before);
    loaded.add_heads(after);
    ASSERT_EQ(before, after) << name;
    Rng rng(8), same_rng(8), noise(2);
    for (uint32_t port = 0; port < kPorts; port += 13) {
      const Service service{static_cast<uint16_t>(port), static_cast<uint16_t>(port * 7), 6};
      auto row = encoded(encoder, service);
      ASSERT_EQ(encoded(loaded, service), row) << name;
      for (float& v : row) v += std::uniform_real_distribution<float>(-1, 1)(noise);
      ASSERT_EQ(loaded.decode(row.data(), same_rng), encoder.decode(row.data(), rng)) << name;
    }
  }
  std::filesystem::remove(path);
}

TEST(Services, ErrorsNameWhatIsWrong) {
  const Trace trace = service_trace(100, Seed(4));
  EXPECT_THROW(fitted(trace, "base64"), Error);
  for (const auto& name : kEncodings) {
    const ServiceEncoder encoder = fitted(trace, name);
    EXPECT_THROW(encoded(encoder, {1, 2, 99}), Error) << name;
  }
}

}  // namespace
}  // namespace bench
