#include "datasets/hdf5_trace.h"

#include "core/h5.h"
#include "datasets/formats.h"
#include "datasets/test_traces.h"

namespace bench {
namespace {

class Hdf5Trace : public TraceFiles {};

TEST_F(Hdf5Trace, RoundTripsPacketsAndFlows) {
  for (const TraceKind kind : {TraceKind::packets, TraceKind::flows}) {
    const Trace trace = random_trace(kind, 1000, 31);
    write_hdf5_trace(trace, file("t.h5"));
    EXPECT_EQ(read_hdf5_trace(file("t.h5")), trace);
    EXPECT_FALSE(std::filesystem::exists(file("t.h5.tmp")));
  }
}

TEST_F(Hdf5Trace, KeepsAbsentColumnsAbsent) {
  Trace trace = random_trace(TraceKind::packets, 10, 32);
  trace.time.clear();
  trace.tcp_flags.clear();
  trace.tos.clear();
  trace.id.clear();
  trace.ip_flags.clear();
  trace.fragment_offset.clear();
  trace.ttl.clear();
  write_hdf5_trace(trace, file("t.h5"));
  EXPECT_EQ(read_hdf5_trace(file("t.h5")), trace);
}

TEST_F(Hdf5Trace, ChecksTheRole) {
  write_hdf5_trace(random_trace(TraceKind::flows, 5, 33), file("t.h5"), "training");
  EXPECT_NO_THROW(read_hdf5_trace(file("t.h5"), "training"));
  EXPECT_NO_THROW(read_hdf5_trace(file("t.h5")));
  EXPECT_NE(message_of(Kind::data, [&] { read_hdf5_trace(file("t.h5"), "trace"); }).find("t.h5"),
            std::string::npos);
}

TEST_F(Hdf5Trace, RefusesCutFiles) {
  write_hdf5_trace(random_trace(TraceKind::flows, 500, 34), file("t.h5"));
  const std::string bytes = read_text_file(file("t.h5"));
  for (const size_t size : {size_t{20}, bytes.size() / 2, bytes.size() - 1}) {
    text_file("cut.h5", std::string_view(bytes).substr(0, size));
    EXPECT_NE(message_of(Kind::data, [&] { read_hdf5_trace(file("cut.h5")); }).find("cut.h5"),
              std::string::npos)
        << size;
  }
}

TEST_F(Hdf5Trace, RefusesValuesOutOfRange) {
  Trace trace = random_trace(TraceKind::flows, 5, 35);
  trace.duration[3] = -7;
  write_hdf5_trace(trace, file("t.h5"));
  EXPECT_NE(message_of(Kind::data, [&] { read_hdf5_trace(file("t.h5")); }).find("record 4: duration is -7"),
            std::string::npos);
}

TEST_F(Hdf5Trace, IsAFormatLikeTheOthers) {
  const Trace trace = random_trace(TraceKind::flows, 20, 36);
  write_trace(trace, file("t.h5"));
  ReadReport report;
  EXPECT_EQ(read_trace(file("t.h5"), "auto", {}, report), trace);
  EXPECT_EQ(report.format, "hdf5");
  EXPECT_EQ(report.records, 20);
  ReadOptions first_five;
  first_five.max_records = 5;
  EXPECT_EQ(read_trace(file("t.h5"), "hdf5", first_five, report), slice(trace, 0, 5));
}

}  // namespace
}  // namespace bench
