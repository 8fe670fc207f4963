#include "datasets/line_reader.h"

#include "datasets/csv_fields.h"
#include "datasets/test_traces.h"

namespace bench {
namespace {

class LineReading : public TraceFiles {
 protected:
  static std::vector<std::string> lines(const std::filesystem::path& path, ByteRange range = {}) {
    LineReader reader(path, range);
    std::vector<std::string> all;
    std::string_view line;
    while (reader.next(line)) all.emplace_back(line);
    return all;
  }
};

using Lines = std::vector<std::string>;

TEST_F(LineReading, DropsLineEndsBlankLinesAndTheByteOrderMark) {
  EXPECT_EQ(lines(text_file("a", "\xEF\xBB\xBFone\r\n\r\n\ntwo\nthree")), (Lines{"one", "two", "three"}));
  EXPECT_EQ(lines(text_file("b", "")), Lines{});
  EXPECT_EQ(lines(text_file("c", "\n\r\n\n")), Lines{});
}

TEST_F(LineReading, ReadsGzip) { EXPECT_EQ(lines(gzip_file("a.gz", "one\ntwo\n")), (Lines{"one", "two"})); }

TEST_F(LineReading, RefusesCutGzip) {
  std::string text;
  std::mt19937 rng(1);
  for (int i = 0; i < 20000; ++i) text += std::to_string(rng()) + "\n";
  const std::string bytes = read_text_file(gzip_file("a.gz", text));
  const auto cut = text_file("cut.gz", std::string_view(bytes).substr(0, bytes.size() / 2));
  EXPECT_NE(message_of(Kind::data, [&] { lines(cut); }).find("damaged or cut"), std::string::npos);
}

TEST_F(LineReading, JoinsLinesAcrossBuffers) {
  Lines expected;
  std::string text;
  std::mt19937 rng(2);
  while (text.size() < 3'500'000) {
    expected.emplace_back(1 + rng() % 70000, static_cast<char>('a' + rng() % 26));
    text += expected.back() + "\n";
  }
  EXPECT_EQ(lines(text_file("a", text)), expected);
  EXPECT_EQ(lines(gzip_file("a.gz", text)), expected);
}

TEST_F(LineReading, RangesShareTheLinesWithoutLossOrRepeat) {
  Lines expected;
  std::string text;
  for (int i = 0; i < 40; ++i) {
    expected.push_back(std::string(static_cast<size_t>(i % 5 + 1), 'x') + std::to_string(i));
    text += expected.back() + (i % 7 == 0 ? "\n\n" : "\r\n");
  }
  const auto path = text_file("a", text);
  for (int64_t middle = 1; middle < static_cast<int64_t>(text.size()); ++middle) {
    Lines both = lines(path, {0, middle});
    const Lines rest = lines(path, {middle, INT64_MAX});
    both.insert(both.end(), rest.begin(), rest.end());
    ASSERT_EQ(both, expected) << middle;
  }
}

TEST_F(LineReading, RefusesALineWithoutEnd) {
  const auto path = text_file("a", std::string(2'000'000, 'x'));
  EXPECT_NE(message_of(Kind::data, [&] { lines(path); }).find("a line of more than"), std::string::npos);
}

TEST_F(LineReading, SaysWhyAFileCannotBeRead) {
  EXPECT_NE(message_of(Kind::io, [&] { lines(file("missing")); }).find("No such file"), std::string::npos);
  EXPECT_NE(message_of(Kind::io, [&] { lines(file("")); }).find("is a directory"), std::string::npos);
}

Lines split(std::string_view text, char delimiter, bool quotes) {
  const std::string padded =
      std::string(kLinePadding, ',') + std::string(text) + std::string(kLinePadding, ',');
  const auto line = std::string_view(padded).substr(kLinePadding, text.size());
  Fields fields;
  EXPECT_TRUE(quotes ? fields.split_quoted(line, delimiter) : fields.split(line, delimiter));
  Lines all;
  for (size_t i = 0; i < fields.size(); ++i) all.emplace_back(fields[i]);
  return all;
}

TEST(Fields, SplitEverywhereAndNowhere) {
  for (const bool quotes : {false, true}) {
    EXPECT_EQ(split("a,b,c", ',', quotes), (Lines{"a", "b", "c"}));
    EXPECT_EQ(split("abc", ',', quotes), (Lines{"abc"}));
    EXPECT_EQ(split(",,", ',', quotes), (Lines{"", "", ""}));
    EXPECT_EQ(split("a\tb,c", '\t', quotes), (Lines{"a", "b,c"}));
  }
}

TEST(Fields, SplitAtEveryPlaceOfALongLine) {
  for (size_t at = 0; at < 200; ++at) {
    std::string line(200, 'x');
    line[at] = ',';
    EXPECT_EQ(split(line, ',', false), (Lines{std::string(at, 'x'), std::string(199 - at, 'x')}));
  }
}

TEST(Fields, UnderstandQuotes) {
  EXPECT_EQ(split(R"("a,b",c)", ',', true), (Lines{"a,b", "c"}));
  EXPECT_EQ(split(R"("say ""hi""",,"")", ',', true), (Lines{R"(say "hi")", "", ""}));
  EXPECT_EQ(split(R"(5" disk,x)", ',', true), (Lines{R"(5" disk)", "x"}));
  Fields fields;
  EXPECT_FALSE(fields.split_quoted(R"(a,"open)", ','));
  EXPECT_FALSE(fields.split_quoted(std::string(Fields::kMost, ','), ','));
  const std::string padded = std::string(Fields::kMost, ',') + std::string(kLinePadding, ' ');
  EXPECT_FALSE(fields.split(std::string_view(padded).substr(0, Fields::kMost), ','));
}

}  // namespace
}  // namespace bench
