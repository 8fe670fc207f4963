#include "models/rows/row_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <random>
#include <set>

#include "core/error.h"
#include "models/test_traces.h"

namespace bench {
namespace {

/// Bootstraps training rows; keeps what it was given to itself.
class Bootstrap : public RowModel {
 public:
  explicit Bootstrap(bool conditions) : conditions_(conditions) {}
  void fit(const RecordTable& table, FitContext&) override { table_ = table; }
  RecordTable sample(size_t rows, const std::vector<RowCondition>& given, SampleContext& context) override {
    EXPECT_TRUE(conditions_ || given.empty());
    std::vector<size_t> fitting;
    for (size_t i = 0; i < table_.rows; ++i) {
      const bool fits = std::all_of(given.begin(), given.end(), [&](const RowCondition& c) {
        return table_.columns[c.column].codes[i] == c.code;
      });
      if (fits) fitting.push_back(i);
    }
    Rng rng = context.seed.rng();
    RecordTable out = table_;
    out.rows = rows;
    for (TableColumn& column : out.columns) column.codes.clear(), column.numbers.clear();
    for (size_t i = 0; i < rows; ++i) {
      const size_t row = fitting[rng() % fitting.size()];
      for (size_t c = 0; c < out.columns.size(); ++c) {
        if (out.columns[c].is_category()) {
          out.columns[c].codes.push_back(table_.columns[c].codes[row]);
        } else {
          out.columns[c].numbers.push_back(table_.columns[c].numbers[row]);
        }
      }
    }
    return out;
  }
  void save(H5Writer& file) const override {
    for (const TableColumn& column : table_.columns) {
      if (column.is_category()) file.column("b:" + column.name, column.codes);
      if (!column.is_category()) file.column("b:" + column.name, column.numbers);
    }
  }
  void load(const H5Reader& file, const RecordTable& columns) override {
    table_ = columns;
    for (TableColumn& column : table_.columns) {
      if (column.is_category()) column.codes = file.column<int32_t>("b:" + column.name);
      if (!column.is_category()) column.numbers = file.column<double>("b:" + column.name);
      table_.rows = std::max(column.codes.size(), column.numbers.size());
    }
  }
  bool can_condition() const override { return conditions_; }

 private:
  bool conditions_;
  RecordTable table_;
};

std::unique_ptr<Generator> fitted(const Trace& trace, bool conditions, Identifiers identifiers) {
  auto model = make_row_generator({identifiers, identifiers, false}, std::make_unique<Bootstrap>(conditions));
  SilentProgress silent;
  FitContext context{Seed(1), 1, "cpu", silent};
  model->fit(training_of(trace), context);
  return model;
}

Trace drawn(Generator& model, int64_t records, std::vector<GivenLabel> given = {}) {
  SilentProgress silent;
  SampleContext context{Seed(2), 1, "cpu", silent};
  context.given = std::move(given);
  Trace out = model.sample(records, context);
  check_trace(out, "row model");
  EXPECT_EQ(out.size(), static_cast<size_t>(records));
  EXPECT_TRUE(std::is_sorted(out.time.begin(), out.time.end()));
  return out;
}

TEST(RowModel, RecordsOfTheTrainingPartComeBack) {
  for (const Trace& trace : {packet_trace(60, Seed(1)), flow_trace(80, Seed(2))}) {
    for (const auto identifiers : {Identifiers::number, Identifiers::bits, Identifiers::value}) {
      const auto model = fitted(trace, false, identifiers);
      std::set<std::pair<FiveTuple, int64_t>> real;
      for (size_t i = 0; i < trace.size(); ++i) real.insert({five_tuple(trace, i), trace.time[i]});
      for (const int64_t records : {int64_t{0}, int64_t{1}, int64_t{333}}) {
        const Trace out = drawn(*model, records);
        for (size_t i = 0; i < out.size(); ++i) EXPECT_TRUE(real.contains({five_tuple(out, i), out.time[i]}));
      }
    }
  }
}

TEST(RowModel, SavedAndLoadedIsTheSame) {
  const Trace trace = flow_trace(60, Seed(3));
  const auto folder = std::filesystem::temp_directory_path() / "headerbench-row-model";
  std::filesystem::create_directories(folder);
  const auto model = fitted(trace, true, Identifiers::bits);
  model->save(folder);
  const TableOptions options{Identifiers::bits, Identifiers::bits, false};
  const auto loaded = make_row_generator(options, std::make_unique<Bootstrap>(true));
  EXPECT_THROW(drawn(*loaded, 1), Error);
  loaded->load(folder);
  EXPECT_EQ(drawn(*model, 50), drawn(*loaded, 50));
  EXPECT_EQ(drawn(*model, 50, {{"type", "web"}}), drawn(*loaded, 50, {{"type", "web"}}));
  std::filesystem::remove_all(folder);
  EXPECT_THROW(loaded->load(folder), Error);
}

TEST(RowModel, GivenLabelsHoldForEveryRecordWithAndWithoutTheModelsHelp) {
  const Trace trace = flow_trace(200, Seed(4));
  for (const bool conditions : {false, true}) {
    const auto model = fitted(trace, conditions, Identifiers::bits);
    EXPECT_TRUE(model->can_condition());
    const Trace out = drawn(*model, 150, {{"type", "scan"}, {"label", "attack"}});
    for (size_t i = 0; i < out.size(); ++i) {
      EXPECT_EQ(out.labels[0].names[static_cast<size_t>(out.labels[0].codes[i])], "attack");
      EXPECT_EQ(out.labels[1].names[static_cast<size_t>(out.labels[1].codes[i])], "scan");
      EXPECT_EQ(out.srcip[i], 0x05050505U);  // scans have one source
    }
  }
}

TEST(RowModel, LabelsThatCannotBeGivenAreNamed) {
  const auto model = fitted(flow_trace(80, Seed(5)), false, Identifiers::bits);
  const auto message = [&](std::vector<GivenLabel> given) -> std::string {
    try {
      drawn(*model, 5, std::move(given));
    } catch (const Error& e) {
      return e.what();
    }
    return "";
  };
  EXPECT_THAT(message({{"class", "web"}}), ::testing::HasSubstr("class"));
  EXPECT_THAT(message({{"type", "worm"}}), ::testing::HasSubstr("worm"));
  // No record is both: drawing again ends.
  EXPECT_THAT(message({{"type", "web"}, {"label", "attack"}}), ::testing::HasSubstr("1000"));
}

}  // namespace
}  // namespace bench
