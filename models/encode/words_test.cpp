#include "models/encode/words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <numeric>
#include <random>
#include <vector>

#include "core/error.h"
#include "core/files.h"
#include "models/encode/nearest.h"
#include "models/test_traces.h"

namespace bench {
namespace {

const WordOptions kVariants[] = {
    {},
    {.skipgram = true},
    {.subsampling = true},
    {.shared = true},
    {.skipgram = true, .subsampling = true, .shared = true},
};

float cosine(const float* a, const float* b, int64_t size) {
  return std::inner_product(a, a + size, b, 0.0F);
}

std::vector<float> random_units(size_t rows, size_t size, Rng& rng) {
  std::normal_distribution<float> normal;
  std::vector<float> out(rows * size);
  for (size_t r = 0; r < rows; ++r) {
    double square = 0;
    for (size_t d = 0; d < size; ++d) {
      out[r * size + d] = normal(rng);
      square += static_cast<double>(out[r * size + d]) * out[r * size + d];
    }
    for (size_t d = 0; d < size; ++d) out[r * size + d] /= static_cast<float>(std::sqrt(square));
  }
  return out;
}

TEST(NearestVector, IsTheBruteForceNearest) {
  Rng rng(1);
  for (const size_t size : {1U, 2U, 3U, 10U, 70U}) {
    for (const size_t rows : {1U, 63U, 64U, 65U, 129U, 3000U}) {
      const auto vectors = random_units(rows, size, rng);
      NearestVector search;
      search.build(vectors, static_cast<int64_t>(size));
      for (int q = 0; q < 300; ++q) {
        const auto query = random_units(1, size, rng);
        const auto away = [&](size_t row) {  // square of the distance
          double sum = 0;
          for (size_t d = 0; d < size; ++d) sum += std::pow(double{query[d]} - vectors[row * size + d], 2);
          return sum;
        };
        double best = 4;
        for (size_t row = 0; row < rows; ++row) best = std::min(best, away(row));
        std::vector<float> longer = query;
        for (float& v : longer) v *= 3;
        const auto found = static_cast<size_t>(search.nearest(longer.data()));
        ASSERT_LT(found, rows);
        ASSERT_LE(away(found), best * 1.001 + 1e-9) << size << " " << rows;
      }
    }
  }
}

TEST(NearestVector, FirstRowOnTiesAndCloseDirectionsApart) {
  NearestVector search;
  std::vector<float> equal;
  for (int i = 0; i < 500; ++i) equal.insert(equal.end(), {0.6F, 0.8F});
  search.build(equal, 2);
  const float query[] = {1, 1};
  EXPECT_EQ(search.nearest(query), 0);
  // 1e-5 radians apart the cosine is 1 - 5e-11, which float32 cannot tell from 1.
  std::vector<float> close;
  for (int i = 0; i < 500; ++i) {
    close.push_back(static_cast<float>(std::cos(1.5 + 1e-5 * i)));
    close.push_back(static_cast<float>(std::sin(1.5 + 1e-5 * i)));
  }
  search.build(close, 2);
  for (size_t i = 0; i < 500; ++i) ASSERT_EQ(search.nearest(close.data() + 2 * i), static_cast<int64_t>(i));
}

TEST(Words, EveryWordIsItsOwnNearest) {
  for (const Trace& trace : {packet_trace(5000, Seed(1)), flow_trace(5000, Seed(2))}) {
    for (const WordOptions& options : kVariants) {
      WordVectors words;
      words.train(trace, options, Seed(3));
      for (const uint16_t port : words.ports()) ASSERT_EQ(words.nearest_port(words.port(port)), port);
      for (const uint8_t proto : words.protocols())
        ASSERT_EQ(words.nearest_protocol(words.protocol(proto)), proto);
    }
  }
}

TEST(Words, VectorsHaveLengthOneAndComeFromTheSeed) {
  const Trace trace = flow_trace(1000, Seed(2));
  WordVectors a, b, other;
  a.train(trace, {}, Seed(3));
  b.train(trace, {}, Seed(3));
  other.train(trace, {}, Seed(4));
  for (const uint16_t port : a.ports()) {
    EXPECT_NEAR(cosine(a.port(port), a.port(port), a.size()), 1, 1e-6);
    EXPECT_EQ(std::vector<float>(a.port(port), a.port(port) + a.size()),
              std::vector<float>(b.port(port), b.port(port) + b.size()));
  }
  EXPECT_NE(*a.port(53), *other.port(53));
}

TEST(Words, WordsInTheSameContextsAreCloser) {
  // Ports 1000 .. 1019 go to 80 over TCP, 2000 .. 2019 to 53 over UDP.
  Rng rng(6);
  Trace trace;
  for (int i = 0; i < 20000; ++i) {
    const auto client = static_cast<uint16_t>(rng() % 20);
    const bool web = rng() % 2 == 0;
    add_five_tuple(trace, {1, 2, static_cast<uint16_t>((web ? 1000 : 2000) + client),
                           static_cast<uint16_t>(web ? 80 : 53), static_cast<uint8_t>(web ? 6 : 17)});
  }
  for (const WordOptions& options : kVariants) {
    WordVectors words;
    words.train(trace, options, Seed(3));
    double same = 0, different = 0;
    for (uint16_t i = 0; i < 20; ++i) {
      for (uint16_t j = 0; j < 20; ++j) {
        if (i == j) continue;
        same += cosine(words.port(1000 + i), words.port(1000 + j), words.size()) / 380;
        different += cosine(words.port(1000 + i), words.port(2000 + j), words.size()) / 380;
      }
    }
    EXPECT_GT(same, different + 0.2) << options.skipgram << options.subsampling << options.shared;
  }
}

TEST(Words, UnknownPortsAreReadAsTheNearestNumber) {
  Trace trace;
  add_five_tuple(trace, {1, 2, 100, 200, 6});
  add_five_tuple(trace, {1, 2, 100, 300, 6});
  WordVectors words;
  words.train(trace, {}, Seed(1));
  EXPECT_THAT(words.ports(), testing::ElementsAre(100, 200, 300));
  EXPECT_EQ(words.port(0), words.port(100));
  EXPECT_EQ(words.port(150), words.port(100));
  EXPECT_EQ(words.port(151), words.port(200));
  EXPECT_EQ(words.port(251), words.port(300));
  EXPECT_EQ(words.port(65535), words.port(300));
  EXPECT_THROW(words.protocol(17), Error);
}

class WordFile : public testing::Test {
 protected:
  void TearDown() override { std::filesystem::remove(path_); }
  /// The error of reading `text`; empty if there is none.
  std::string error_of(const std::string& text) {
    write_text_file(path_, text);
    try {
      words_.read(path_, 2);
    } catch (const Error& error) {
      return error.what();
    }
    return {};
  }
  std::filesystem::path path_ =
      std::filesystem::temp_directory_path() /
      (std::string("headerbench_words_") + testing::UnitTest::GetInstance()->current_test_info()->name());
  WordVectors words_;
};

TEST_F(WordFile, IsReadAndScaledToLengthOne) {
  ASSERT_EQ(error_of("5 2\n80 3 4\r\n53 -1 0 \nTCP 0 2\nproto:17 1 1\nproto:icmp 1e-3 0\n"), "");
  EXPECT_THAT(words_.ports(), testing::ElementsAre(53, 80));
  EXPECT_THAT(words_.protocols(), testing::ElementsAre(1, 6, 17));
  EXPECT_FLOAT_EQ(words_.port(80)[0], 0.6F);
  EXPECT_FLOAT_EQ(words_.port(80)[1], 0.8F);
  EXPECT_FLOAT_EQ(words_.protocol(17)[0], std::sqrt(0.5F));
  EXPECT_FLOAT_EQ(words_.protocol(1)[0], 1);
  const float query[] = {0.1F, 9};
  EXPECT_EQ(words_.nearest_port(query), 80);
  EXPECT_EQ(words_.nearest_protocol(query), 6);
}

TEST_F(WordFile, ErrorsNameFileAndLine) {
  const struct {
    const char* text;
    const char* message;
  } cases[] = {
      {"", "line 0"},
      {"80 3 4\n", "line 1"},
      {"2 3\n80 3 4 5\nTCP 1 1 1\n", "line 1"},
      {"2 2\n80 3 4\nTCP 0 x\n", "line 3: 'x'"},
      {"2 2\n80 3\nTCP 0 1\n", "line 2: the vector of '80' has 1"},
      {"2 2\n80 0 0\nTCP 0 1\n", "line 2"},
      {"2 2\n80 nan 0\nTCP 0 1\n", "line 2"},
      {"2 2\n65536 1 0\nTCP 0 1\n", "line 2: '65536' is neither"},
      {"2 2\n80 1 0\nproto:256 0 1\n", "line 3: 'proto:256' is neither"},
      {"2 2\n80 1 0\nTCPP 0 1\n", "line 3: 'TCPP' is neither"},
      {"3 2\n80 1 0\nTCP 0 1\n80 1 0\n", "line 4: '80' has a vector already"},
      {"3 2\n80 1 0\nTCP 0 1\nproto:6 1 0\n", "line 4: 'proto:6' has a vector already"},
      {"3 2\n80 1 0\nTCP 0 1\n", "3 in all"},
      {"1 2\n80 1 0\n", "0 protocols"},
      {"1 2\nTCP 1 0\n", "0 ports"},
  };
  for (const auto& c : cases) {
    const std::string error = error_of(c.text);
    EXPECT_THAT(error, testing::HasSubstr(path_.string())) << c.text;
    EXPECT_THAT(error, testing::HasSubstr(c.message)) << c.text;
  }
  std::filesystem::remove(path_);
  EXPECT_THROW(words_.read(path_, 2), Error);
}

}  // namespace
}  // namespace bench
