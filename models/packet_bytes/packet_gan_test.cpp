// What the three packet generators have in common, tested on each.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "core/error.h"
#include "models/flow_wgan/flow_wgan.h"
#include "models/pac_gan/pac_gan.h"
#include "models/packet_cgan/packet_cgan.h"
#include "models/presets.h"
#include "models/reference/reference.h"
#include "models/test_traces.h"

namespace bench {
namespace {

struct Maker {
  const char* name;
  const char* sizes;  ///< small networks
  std::unique_ptr<Params> (*params)();
  std::unique_ptr<Generator> (*make)(const Params&);
};
void PrintTo(const Maker& maker, std::ostream* out) { *out << maker.name; }
constexpr Maker kMakers[] = {{"pac_gan", R"({"channels": 4, "units": 16})", pac_gan_params, make_pac_gan},
                             {"packet_cgan", R"({"units": 16})", packet_cgan_params, make_packet_cgan},
                             {"flow_wgan", R"({"units": 16})", flow_wgan_params, make_flow_wgan}};

/// Seconds, not quality: for tests of mechanics.
const char* const kTiny = R"({"iterations": 6, "batch": 16, "latent": 4, "calibrated": true})";
std::unique_ptr<Generator> made(const Maker& maker, const char* params, const char* more = "{}") {
  const auto own = maker.params();
  Problems problems;
  read_params(*own, nlohmann::json::parse(maker.sizes), "", problems);
  read_params(*own, nlohmann::json::parse(params), "", problems);
  read_params(*own, nlohmann::json::parse(more), "", problems);
  problems.raise("params");
  return maker.make(*own);
}

void fit(Generator& model, const Trace& trace, uint64_t seed = 1) {
  SilentProgress silent;
  FitContext context{Seed(seed), 1, "cpu", silent};
  model.fit(training_of(trace), context);
}

Trace drawn(Generator& model, int64_t records, uint64_t seed = 1, std::vector<GivenLabel> given = {}) {
  SilentProgress silent;
  SampleContext context{Seed(seed), 1, "cpu", silent};
  context.given = std::move(given);
  Trace out = model.sample(records, context);
  check_trace(out, "packets");
  return out;
}

/// packet_trace() with the label "type" = service and the label "odd".
Trace labelled_trace(size_t flows) {
  Trace trace = packet_trace(flows, Seed(2));
  trace.labels = {{"type", {"web", "dns", "ping"}, {}}, {"odd", {"no", "yes"}, {}}};
  for (size_t i = 0; i < trace.size(); ++i) {
    trace.labels[0].codes.push_back(trace.proto[i] == 6 ? 0 : trace.proto[i] == 17 ? 1 : 2);
    trace.labels[1].codes.push_back(static_cast<int32_t>(i % 2));
  }
  return trace;
}

template <typename T>
std::set<T> values(const std::vector<T>& column) {
  return {column.begin(), column.end()};
}

/// Total variation between the shares of the values of two columns.
template <typename T>
double variation(const std::vector<T>& a, const std::vector<T>& b) {
  std::map<T, double> difference;
  for (const T v : a) difference[v] += 1 / static_cast<double>(a.size());
  for (const T v : b) difference[v] -= 1 / static_cast<double>(b.size());
  double sum = 0;
  for (const auto& [value, d] : difference) sum += std::abs(d) / 2;
  return sum;
}

class EveryPacketGan : public ::testing::TestWithParam<Maker> {};

TEST_P(EveryPacketGan, ExactCountsAndTheColumnsOfTheTrainingPart) {
  Trace bare = packet_trace(60, Seed(3));
  bare.tos = bare.ttl = {};
  bare.id = bare.fragment_offset = {};
  bare.ip_flags = bare.tcp_flags = {};
  Trace timeless = bare;
  timeless.time = {};
  for (const Trace& trace : {packet_trace(60, Seed(1)), labelled_trace(60), bare, timeless}) {
    const auto model = made(GetParam(), kTiny);
    fit(*model, trace);
    for (const int64_t records : {int64_t{0}, int64_t{1}, int64_t{5000}}) {
      const Trace out = drawn(*model, records);
      EXPECT_EQ(out.size(), static_cast<size_t>(records));
      EXPECT_TRUE(std::is_sorted(out.time.begin(), out.time.end()));
    }
    const Trace out = drawn(*model, 300);
    EXPECT_EQ(out.has_header(), trace.has_header());
    EXPECT_EQ(out.time.empty(), trace.time.empty());
    EXPECT_EQ(out.tcp_flags.empty(), trace.tcp_flags.empty());
    ASSERT_EQ(out.labels.size(), trace.labels.size());
    for (size_t k = 0; k < out.labels.size(); ++k) EXPECT_EQ(out.labels[k].names, trace.labels[k].names);
  }
}

TEST_P(EveryPacketGan, CategoriesAreThoseOfTheTrainingPart) {
  // Names and protocols that the training part does not have, between those it has.
  Trace trace = labelled_trace(80);
  trace.labels[0].names = {"web", "unused", "dns", "ping"};
  for (int32_t& code : trace.labels[0].codes) code += code > 0 ? 1 : 0;
  for (const char* levels : {"linear", "equalised"}) {
    const bool has_levels = std::string_view(GetParam().name) != "flow_wgan";
    const auto model = made(GetParam(), kTiny,
                            has_levels ? (R"({"levels": ")" + std::string(levels) + R"("})").c_str() : "{}");
    fit(*model, trace);
    const Trace out = drawn(*model, 4000);
    using ::testing::IsSubsetOf;
    EXPECT_THAT(values(out.proto), IsSubsetOf(values(trace.proto)));
    EXPECT_THAT(values(out.ip_flags), IsSubsetOf(values(trace.ip_flags)));
    EXPECT_THAT(values(out.tcp_flags), IsSubsetOf(values(trace.tcp_flags)));
    EXPECT_THAT(values(out.labels[0].codes), IsSubsetOf(values(trace.labels[0].codes)));
  }
}

TEST_P(EveryPacketGan, SameSeedSameTraceAndLoadedTheSame) {
  const auto folder = std::filesystem::path(::testing::TempDir()) / (std::string("gan_") + GetParam().name);
  std::filesystem::create_directories(folder);
  const Trace trace = labelled_trace(60);
  for (const char* more : {"{}", R"({"time": "gaussian", "loss": "clipping", "calibrated": false})",
                           R"({"loss": "standard", "rounding": "none", "critic_rounds": 2})"}) {
    const auto first = made(GetParam(), kTiny, more), second = made(GetParam(), kTiny, more),
               loaded = made(GetParam(), kTiny, more), other = made(GetParam(), kTiny, more);
    EXPECT_THROW(drawn(*first, 1), Error);
    fit(*first, trace, 5);
    fit(*second, trace, 5);
    fit(*other, trace, 6);
    first->save(folder);
    loaded->load(folder);
    const Trace out = drawn(*first, 500, 7);
    EXPECT_EQ(drawn(*second, 500, 7), out);
    EXPECT_EQ(drawn(*loaded, 500, 7), out);
    EXPECT_NE(drawn(*first, 500, 8), out);
    EXPECT_NE(drawn(*other, 500, 7), out);
  }
  std::filesystem::remove_all(folder);
  EXPECT_THROW(made(GetParam(), kTiny)->load(folder), Error);
}

TEST_P(EveryPacketGan, TheSmokePresetLearnsAndHoldsGivenLabels) {
  const Preset* preset = find_preset(std::string(GetParam().name) + "-smoke");
  ASSERT_NE(preset, nullptr);
  const Trace trace = labelled_trace(400);
  const auto model = made(GetParam(), preset->params.dump().c_str());
  fit(*model, trace);
  const auto n = static_cast<int64_t>(trace.size());
  const Trace out = drawn(*model, n);
  const auto uniform = make_uniform(NoParams());
  fit(*uniform, trace);
  const Trace floor = drawn(*uniform, n);
  EXPECT_LT(variation(out.proto, trace.proto), 0.5 * variation(floor.proto, trace.proto));
  EXPECT_LT(variation(out.dstport, trace.dstport), 0.5 * variation(floor.dstport, trace.dstport));
  EXPECT_LT(variation(out.length, trace.length), 0.5 * variation(floor.length, trace.length));
  // Structure, not only marginals: port 443 goes with TCP.
  int64_t web = 0, web_over_tcp = 0;
  for (size_t i = 0; i < out.size(); ++i) {
    web += out.dstport[i] == 443;
    web_over_tcp += out.dstport[i] == 443 && out.proto[i] == 6;
  }
  EXPECT_GT(web, n / 4);
  EXPECT_GT(static_cast<double>(web_over_tcp), 0.9 * static_cast<double>(web));

  EXPECT_TRUE(model->can_condition());
  for (const char* type : {"web", "ping"}) {
    Trace given = drawn(*model, 200, 3, {{"type", type}, {"odd", "yes"}});
    ASSERT_EQ(given.size(), 200U);
    const int32_t code = given.labels[0].code_of(type);
    EXPECT_EQ(values(given.labels[0].codes), std::set<int32_t>{code});
    EXPECT_EQ(values(given.labels[1].codes), std::set<int32_t>{1});
  }
  EXPECT_THROW(drawn(*model, 1, 3, {{"type", "mail"}}), Error);
  EXPECT_THROW(drawn(*model, 1, 3, {{"colour", "web"}}), Error);
}

std::string maker_name(const ::testing::TestParamInfo<Maker>& info) { return info.param.name; }
INSTANTIATE_TEST_SUITE_P(PacketGans, EveryPacketGan, ::testing::ValuesIn(kMakers), maker_name);

}  // namespace
}  // namespace bench
