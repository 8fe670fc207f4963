// What every generator of flow sequences promises, on small presets.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <map>
#include <set>

#include "core/error.h"
#include "core/params.h"
#include "models/ddgan/ddgan.h"
#include "models/ddpm/ddpm.h"
#include "models/netshare/netshare.h"
#include "models/presets.h"
#include "models/test_models.h"
#include "models/timegan/timegan.h"

namespace bench {
namespace {

struct Model {
  const char* name;
  const char* preset;
  nlohmann::json changes;
  std::unique_ptr<Params> (*params)();
  std::unique_ptr<Generator> (*make)(const Params&);
};
const Model kGaussian{"gaussian", "ddgan-smoke", {{"attributes", "gaussian"}}, ddgan_params, make_ddgan};
const Model kMultinomial{
    "multinomial", "ddgan-smoke", {{"attributes", "multinomial"}}, ddgan_params, make_ddgan};
const Model kSeparate{"separate", "ddgan-smoke", nlohmann::json::object(), ddgan_params, make_ddgan};
const Model kDdpm{"ddpm", "ddpm-smoke", nlohmann::json::object(), ddpm_params, make_ddpm};
const Model kNetshare{"netshare", "netshare-smoke", nlohmann::json::object(), netshare_params, make_netshare};
const Model kTimegan{"timegan", "timegan-smoke", nlohmann::json::object(), timegan_params, make_timegan};

std::unique_ptr<Generator> made(const Model& model, const nlohmann::json& changes) {
  const auto params = model.params();
  Problems problems;
  for (const nlohmann::json& values :
       {nlohmann::json(find_preset(model.preset)->params), model.changes, changes})
    read_params(*params, values, "", problems);
  problems.raise("test");
  EXPECT_EQ(params->contradiction(), "");
  return model.make(*params);
}

class SequenceGenerators : public ::testing::TestWithParam<const Model*> {
 protected:
  Trace sample(const Trace& trace, int64_t records, const nlohmann::json& changes, uint64_t seed = 1) const {
    return fit_and_sample(*made(*GetParam(), changes), trace, records, seed);
  }
};
INSTANTIATE_TEST_SUITE_P(All, SequenceGenerators,
                         ::testing::Values(&kGaussian, &kMultinomial, &kSeparate, &kDdpm, &kTimegan,
                                           &kNetshare),
                         [](const auto& which) { return std::string(which.param->name); });

TEST_P(SequenceGenerators, ExactLegalRecordsInEveryEncoding) {
  const Trace packets = packet_trace(60, Seed(1)), flows = flow_trace(80, Seed(2));
  for (const char* ports : {"bits", "onehot_bits", "onehot_bins", "ip2vec"}) {
    nlohmann::json changes{{"iterations", 6}, {"ports", ports}};
    if (ports == std::string("onehot_bins")) changes["structure"] = "given";
    EXPECT_EQ(sample(packets, 77, changes).size(), 77U) << ports;
    changes["chunks"] = 2;
    EXPECT_EQ(sample(flows, 51, changes).size(), 51U) << ports;
  }
}

TEST_P(SequenceGenerators, SameSeedSameTraceAlsoAfterLoading) {
  const Trace trace = flow_trace(80, Seed(4));
  const nlohmann::json few{{"iterations", 6}};
  EXPECT_EQ(sample(trace, 60, few), sample(trace, 60, few));
  EXPECT_NE(sample(trace, 60, few), sample(trace, 60, few, 2));
  const auto folder =
      std::filesystem::path(::testing::TempDir()) / (std::string("sequence_") + GetParam()->name);
  expect_loaded_samples_the_same(*made(*GetParam(), few), *made(*GetParam(), few), folder);
}

TEST_P(SequenceGenerators, LongFlowsAreCutAndGoOn) {
  EXPECT_EQ(sample(packet_trace(40, Seed(3)), 90, {{"iterations", 6}, {"max_flow_len", 2}}).size(), 90U);
}

TEST_P(SequenceGenerators, DivergenceAndStopsAreErrors) {
  RecordingProgress progress;
  progress.stop_at = 10;
  FitContext context{Seed(1), 1, "cpu", progress};
  const Trace trace = packet_trace(60, Seed(1));
  const auto kind_of = [&](const nlohmann::json& changes) {
    try {
      made(*GetParam(), changes)->fit(training_of(trace), context);
    } catch (const Error& e) {
      return e.kind;
    }
    return Kind::io;
  };
  EXPECT_EQ(kind_of({{"iterations", 100}}), Kind::cancelled);
  progress.stop_at = 1e300;
  nlohmann::json wild{{"iterations", 300}, {"lr", 1e6}, {"lr_decay", "none"}};
  if (std::string_view(GetParam()->preset) == "ddgan-smoke") wild["lr_discriminator"] = 1e6;
  if (GetParam() != &kTimegan && GetParam() != &kNetshare) {
    EXPECT_EQ(kind_of(wild), Kind::diverged);  // the states of gated recurrent units are bounded
  }
}

/// Five-tuples of records with the time of the flow's first one.
std::multiset<std::pair<FiveTuple, int64_t>> starts_of(const Trace& trace) {
  std::map<FiveTuple, int64_t> starts;
  for (size_t i = 0; i < trace.size(); ++i) {
    const auto [place, fresh] = starts.try_emplace(five_tuple(trace, i), trace.time[i]);
    if (!fresh) place->second = std::min(place->second, trace.time[i]);
  }
  std::multiset<std::pair<FiveTuple, int64_t>> out;
  for (size_t i = 0; i < trace.size(); ++i)
    out.insert({five_tuple(trace, i), starts.at(five_tuple(trace, i))});
  return out;
}

TEST_P(SequenceGenerators, GivenFlowsAreKept) {
  const Trace trace = packet_trace(60, Seed(1)), other = packet_trace(30, Seed(9));
  for (const int64_t chunks : {1, 2}) {
    const auto model = made(*GetParam(), {{"iterations", 6}, {"chunks", chunks}, {"max_flow_len", 3}});
    ASSERT_TRUE(model->takes_flows());
    SilentProgress silent;
    FitContext fit{Seed(1), 1, "cpu", silent};
    SampleContext sample{Seed(1), 1, "cpu", silent};
    sample.flows = &other;
    model->fit(training_of(trace), fit);
    const Trace out = model->sample(static_cast<int64_t>(other.size()), sample);
    check_trace(out, "given flows");
    EXPECT_EQ(starts_of(out), starts_of(other)) << chunks;
    EXPECT_NE(out.length, other.length);
    Trace flows = flow_trace(20, Seed(1));
    sample.flows = &flows;
    EXPECT_THROW(model->sample(20, sample), Error);
  }
}

/// Share of records by destination port.
std::map<uint16_t, double> port_shares(const Trace& trace) {
  std::map<uint16_t, double> out;
  for (const uint16_t port : trace.dstport) out[port] += 1 / static_cast<double>(trace.size());
  return out;
}

TEST_P(SequenceGenerators, LearnsServicesAndTheirSizes) {
  // Three services with their own protocol, port and packet sizes.
  const Trace real = packet_trace(300, Seed(1));
  nlohmann::json longer{{"iterations", 1500}, {"batch", 64}};
  if (GetParam() == &kDdpm)
    longer = {{"iterations", 3000}, {"batch", 64}, {"steps", 50}, {"lr_decay", "cosine"}};
  const Trace out = sample(real, static_cast<int64_t>(real.size()), longer);
  size_t possible = 0;
  double tcp_bytes = 0, other_bytes = 0, tcp = 0;
  for (size_t i = 0; i < out.size(); ++i) {
    possible += (out.dstport[i] == 443 && out.proto[i] == 6) ||
                        (out.dstport[i] == 53 && out.proto[i] == 17) || out.proto[i] == 1
                    ? 1
                    : 0;
    (out.proto[i] == 6 ? tcp_bytes : other_bytes) += out.length[i];
    tcp += out.proto[i] == 6 ? 1 : 0;
  }
  // Of 9 pairs of protocol and port 3 are right.
  EXPECT_GT(static_cast<double>(possible), .8 * static_cast<double>(out.size()));
  const auto wanted = port_shares(real), got = port_shares(out);
  for (const uint16_t port : {uint16_t{443}, uint16_t{53}}) {
    ASSERT_TRUE(got.contains(port));
    EXPECT_NEAR(got.at(port), wanted.at(port), .25) << port;
  }
  EXPECT_GT(tcp_bytes / tcp, 3 * other_bytes / (static_cast<double>(out.size()) - tcp));
}

}  // namespace
}  // namespace bench
