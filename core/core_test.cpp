#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "core/error.h"
#include "core/files.h"
#include "core/h5.h"
#include "core/hash.h"
#include "core/provenance.h"
#include "core/score.h"
#include "core/seed.h"
#include "core/stats.h"

namespace bench {
namespace {

namespace fs = std::filesystem;

class Files : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("core_test_" + std::to_string(::getpid()));
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }
  fs::path folder_;
};

TEST(Error, NamesOfKindsGoBothWays) {
  for (const Kind kind : {Kind::config, Kind::data, Kind::io, Kind::diverged, Kind::out_of_memory,
                          Kind::timeout, Kind::cancelled, Kind::invalid_output, Kind::unsupported}) {
    EXPECT_EQ(kind_from_name(kind_name(kind)), kind);
  }
  EXPECT_THROW(kind_from_name("fine"), Error);
}

TEST(Hash, IsTheReferenceXxh3) {
  // The 128-bit XXH3 of the empty input, from the algorithm's own test vectors.
  EXPECT_EQ(hash_text(""), "99aa06d3014798d86001c324468d497f");
  EXPECT_NE(hash_text("a"), hash_text("b"));
  EXPECT_EQ(hash_json({{"b", 1}, {"a", 2}}), hash_json({{"a", 2}, {"b", 1}}));
}

TEST_F(Files, HashOfAFileIsTheHashOfItsBytes) {
  const std::string text(3'000'001, 'x');
  write_text_file(folder_ / "f", text);
  EXPECT_EQ(hash_file(folder_ / "f"), hash_text(text));
  EXPECT_THROW(hash_file(folder_ / "absent"), Error);
}

TEST(Seed, ChildrenDependOnPurposeAndIndexOnly) {
  const Seed root(7);
  EXPECT_EQ(root.child("train", 3).value(), Seed(7).child("train", 3).value());
  EXPECT_NE(root.child("train", 3).value(), root.child("train", 4).value());
  EXPECT_NE(root.child("train", 3).value(), root.child("sample", 3).value());
  EXPECT_NE(root.child("train").value(), Seed(8).child("train").value());
}

TEST_F(Files, WriteReplacesWholeFiles) {
  write_text_file(folder_ / "f", "one");
  write_text_file(folder_ / "f", "two");
  EXPECT_EQ(read_text_file(folder_ / "f"), "two");
  append_line(folder_ / "f", "3");
  EXPECT_EQ(read_text_file(folder_ / "f"), "two3\n");
  EXPECT_THROW(read_text_file(folder_), Error);
  EXPECT_THROW(write_text_file(folder_ / "no" / "f", "x"), Error);
}

TEST_F(Files, PublishMovesAFolder) {
  make_folder(folder_ / "a.tmp" / "deep");
  write_text_file(folder_ / "a.tmp" / "deep" / "f", "x");
  publish(folder_ / "a.tmp", folder_ / "a");
  EXPECT_EQ(read_text_file(folder_ / "a" / "deep" / "f"), "x");
  EXPECT_FALSE(fs::exists(folder_ / "a.tmp"));
}

TEST_F(Files, H5ColumnsAndAttributesRoundTrip) {
  std::vector<int64_t> many(200'000);
  for (size_t i = 0; i < many.size(); ++i) many[i] = static_cast<int64_t>(i * i) - 5;
  {
    H5Writer out(folder_ / "x.h5");
    out.column("many", many);
    out.column("none", std::vector<uint16_t>{});
    out.attribute("note", "a \"quoted\" text");
    out.finish();
  }
  const H5Reader in(folder_ / "x.h5");
  EXPECT_EQ(in.column<int64_t>("many"), many);
  EXPECT_TRUE(in.column<uint16_t>("none").empty());
  EXPECT_EQ(in.attribute("note"), "a \"quoted\" text");
  EXPECT_FALSE(in.has_column("absent"));
  EXPECT_THROW(in.column<int64_t>("absent"), Error);
  EXPECT_THROW(in.column<float>("many"), Error);
  EXPECT_THROW(in.attribute("absent"), Error);
}

TEST_F(Files, H5WriterLeavesNothingHalfWritten) {
  { H5Writer out(folder_ / "x.h5"); }
  EXPECT_TRUE(fs::is_empty(folder_));
  EXPECT_THROW(H5Writer(folder_ / "no" / "x.h5"), Error);
  write_text_file(folder_ / "text.h5", "not HDF5");
  EXPECT_THROW(H5Reader(folder_ / "text.h5"), Error);
}

TEST(Score, JsonRoundTrip) {
  Score s{"emd", "paper", "td", Outcome::value, 1.25, "", "s", Direction::lower, 10, 12};
  EXPECT_EQ(to_json(score_from_json(to_json(s))), to_json(s));
  s.outcome = Outcome::not_applicable;
  s.reason = "no time";
  const auto j = to_json(s);
  EXPECT_FALSE(j.contains("value"));
  EXPECT_EQ(score_from_json(j).reason, "no time");
  EXPECT_THROW(score_from_json({{"metric", "emd"}}), Error);
}

TEST(Stats, ClosedForms) {
  const std::vector<double> x{1, 2, 3, 4};
  EXPECT_DOUBLE_EQ(mean(x), 2.5);
  EXPECT_DOUBLE_EQ(sample_sd(x), std::sqrt(5.0 / 3));
  EXPECT_DOUBLE_EQ(sample_sd(std::vector<double>{3}), 0);
  EXPECT_DOUBLE_EQ(pearson(x, std::vector<double>{8, 6, 4, 2}), -1);
  EXPECT_DOUBLE_EQ(pearson(x, std::vector<double>{5, 5, 5, 5}), 0);
  // r of (1,2,3,4) and (1,3,2,4): sxy = 4, sxx = syy = 5.
  EXPECT_DOUBLE_EQ(pearson(x, std::vector<double>{1, 3, 2, 4}), 0.8);
}

TEST(Provenance, NamesTheMachine) {
  const auto p = provenance();
  for (const char* key : {"version", "compiler", "blas", "cpu", "cores", "system"})
    EXPECT_TRUE(p.contains(key)) << key;
  EXPECT_EQ(loaded_blas().name, "none") << "core must not load a BLAS";
}

}  // namespace
}  // namespace bench
