#include "models/rows/mixture.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/math/special_functions/digamma.hpp>
#include <cmath>
#include <filesystem>
#include <numbers>
#include <numeric>
#include <random>

#include "core/h5.h"

namespace bench {
namespace {

/// scikit-learn 1.2.1, BayesianGaussianMixture(weight_concentration_prior=0.001) from the given clusters: its
/// responsibilities after so many rounds of maximisation and expectation.
struct StoredCase {
  size_t components;
  std::vector<double> values;
  std::vector<int> cluster;
  std::vector<std::pair<int, std::vector<double>>> responsibilities;  // [values, components] after rounds
};

const std::vector<StoredCase> kStored{
    {3,
     {0.1, 0.4, -0.3, 5.2, 4.8, 5.5, 9.9, 10.4},
     {0, 0, 0, 1, 1, 1, 2, 2},
     {
         {1,
          {0.902630622142033,  0.0779087451869747, 0.0194606326709919, 0.87812684411844,   0.0998750128299524,
           0.0219981430516079, 0.928750281332557,  0.0547529276843595, 0.0164967909830838, 0.227041399168529,
           0.663464534449264,  0.109494066382206,  0.264053745602568,  0.640320760030779,  0.095625494366653,
           0.202914365927025,  0.675194099476179,  0.121891534596795,  0.0299345592657616, 0.249419560549572,
           0.720645880184666,  0.0208585838231311, 0.171618856225914,  0.807522559950955}},
         {5, {0.854545539386352,    0.145424552633595,    2.99079800524368e-05, 0.850790686503545,
              0.149179481923368,    2.98315730867675e-05, 0.859271034117566,    0.140698905273465,
              3.00606089686686e-05, 0.759113932109327,    0.240853310170059,    3.27577206140819e-05,
              0.769500359851802,    0.230467418836932,    3.2221311266597e-05,  0.7509331670738,
              0.249033637702318,    3.31952238821728e-05, 0.588541374006041,    0.411415563325507,
              4.30626684522539e-05, 0.565059953253213,    0.43489547836168,     4.45683851063354e-05}},
     }},
    {4,
     {40, 40, 40, 52, 60, 1500, 1500, 1480, 576, 40},
     {0, 0, 0, 0, 1, 2, 2, 2, 1, 3},
     {
         {1, {0.76025102245251,    0.191194608544132,  0.020428780080618,  0.0281255889227407,
              0.76025102245251,    0.191194608544132,  0.020428780080618,  0.0281255889227407,
              0.76025102245251,    0.191194608544132,  0.020428780080618,  0.0281255889227407,
              0.757973042274192,   0.192725316937634,  0.0212277107652762, 0.0280739300228975,
              0.756391241101676,   0.193779385710596,  0.0217829060552129, 0.0280464671325152,
              0.00283782228812531, 0.0542928196773562, 0.932703698314218,  0.0101656597203005,
              0.00283782228812531, 0.0542928196773562, 0.932703698314218,  0.0101656597203005,
              0.00340533983932716, 0.0589412488347433, 0.926866756647481,  0.0107866546784478,
              0.503370315878451,   0.307745214071255,  0.153544156234988,  0.0353403138153053,
              0.76025102245251,    0.191194608544132,  0.020428780080618,  0.0281255889227407}},
         {5, {0.94813112364745,    0.0289430472446728, 0.0229258291078769, 0,
              0.94813112364745,    0.0289430472446728, 0.0229258291078769, 0,
              0.94813112364745,    0.0289430472446728, 0.0229258291078769, 0,
              0.94751826130159,    0.0290564250633094, 0.0234253136351005, 0,
              0.947077299210219,   0.0291473697037431, 0.0237753310860382, 0,
              0.00297124213808804, 0.235504417120986,  0.761524340740926,  0,
              0.00297124213808804, 0.235504417120986,  0.761524340740926,  0,
              0.00367858909990952, 0.236993035946719,  0.759328374953372,  0,
              0.796970375521614,   0.0787285699625408, 0.124301054515845,  0,
              0.94813112364745,    0.0289430472446728, 0.0229258291078769, 0}},
     }},
    {2,
     {0.001, 0.002, 0.0015, 0.5, -0.25, 3, 2.5},
     {1, 0, 1, 0, 1, 0, 1},
     {
         {1,
          {0.408455567000865, 0.591544432999135, 0.408496063168079, 0.591503936831921, 0.408475810172673,
           0.591524189827327, 0.433606061570322, 0.566393938429678, 0.399525940007879, 0.600474059992121,
           0.698518543509457, 0.301481456490543, 0.631819273212863, 0.368180726787137}},
         {5,
          {0.73303180830792, 0.26696819169208, 0.733055411750874, 0.266944588249127, 0.733043603786571,
           0.266956396213429, 0.750784347301065, 0.249215652698935, 0.728706685294084, 0.271293314705916,
           0.927545007430988, 0.0724549925690122, 0.893711337086734, 0.106288662913266}},
     }},
};

std::vector<double> one_hot(const std::vector<int>& cluster, size_t components) {
  std::vector<double> out(cluster.size() * components, 0);
  for (size_t i = 0; i < cluster.size(); ++i) out[i * components + static_cast<size_t>(cluster[i])] = 1;
  return out;
}

/// `steps` times maximisation and expectation.
std::vector<double> alternate(std::span<const double> values, std::vector<double> r, size_t components,
                              int steps) {
  const MixturePrior prior = mixture_prior(values);
  for (int s = 0; s < steps; ++s) {
    const MixtureLogits logits(maximise(values, r, components, prior));
    for (size_t i = 0; i < values.size(); ++i) logits.responsibilities(values[i], r.data() + i * components);
  }
  return r;
}

TEST(Mixture, ResponsibilitiesAreTheStoredOnes) {
  for (const StoredCase& stored : kStored) {
    for (const auto& [steps, expected] : stored.responsibilities) {
      const auto r =
          alternate(stored.values, one_hot(stored.cluster, stored.components), stored.components, steps);
      ASSERT_EQ(r.size(), expected.size());
      for (size_t i = 0; i < r.size(); ++i) EXPECT_NEAR(r[i], expected[i], 1e-9) << steps << " " << i;
    }
  }
}

/// The published equations as they are written, one value and one component at a time.
double written_log_responsibility(const std::vector<double>& x, const std::vector<double>& r, size_t n_k,
                                  size_t component, double value) {
  using boost::math::digamma;
  const auto n = static_cast<double>(x.size());
  double m0 = 0, w0 = 0;
  for (const double v : x) m0 += v / n;
  for (const double v : x) w0 += (v - m0) * (v - m0) / (n - 1);
  const auto count = [&](size_t k) {
    double sum = 0;
    for (size_t i = 0; i < x.size(); ++i) sum += r[i * n_k + k];
    return sum + 2.2e-15;
  };
  const auto stick = [&](size_t k, int which) {
    double behind = 0;
    for (size_t j = k + 1; j < n_k; ++j) behind += count(j);
    return which == 1 ? 1 + count(k) : 0.001 + behind;
  };
  const size_t k = component;
  double mean = 0, spread = 0;
  for (size_t i = 0; i < x.size(); ++i) mean += r[i * n_k + k] * x[i] / count(k);
  for (size_t i = 0; i < x.size(); ++i) spread += r[i * n_k + k] * (x[i] - mean) * (x[i] - mean) / count(k);
  spread += 1e-6;
  const double beta = 1 + count(k), nu = 1 + count(k), m = (m0 + count(k) * mean) / beta;
  const double variance = (w0 + count(k) * (spread + (mean - m0) * (mean - m0) / beta)) / nu;
  double out = digamma(stick(k, 1)) - digamma(stick(k, 1) + stick(k, 2));
  for (size_t j = 0; j < k; ++j) out += digamma(stick(j, 2)) - digamma(stick(j, 1) + stick(j, 2));
  out -= 0.5 * std::log(2 * std::numbers::pi * variance) + (value - m) * (value - m) / (2 * variance);
  return out - 0.5 * std::log(nu) + 0.5 * (std::log(2.0) + digamma(nu / 2) - 1 / beta);
}

TEST(Mixture, ResponsibilitiesFollowTheWrittenEquations) {
  Rng rng(3);
  std::normal_distribution<double> normal(0, 1);
  std::uniform_real_distribution<double> unit(0.01, 1);
  const size_t components = 4;
  std::vector<double> values, r;
  for (size_t i = 0; i < 40; ++i) {
    values.push_back(normal(rng) * (i % 3 == 0 ? 5 : 0.2) + static_cast<double>(i % 4));
    double sum = 0;
    for (size_t k = 0; k < components; ++k) sum += r.emplace_back(unit(rng));
    for (size_t k = 0; k < components; ++k) r[i * components + k] /= sum;
  }
  const MixtureLogits logits(maximise(values, r, components, mixture_prior(values)));
  for (const double value : values) {
    std::vector<double> ours(components), written;
    const double entropy = logits.responsibilities(value, ours.data());
    double sum = 0, r_log_r = 0;
    for (size_t k = 0; k < components; ++k)
      sum += written.emplace_back(std::exp(written_log_responsibility(values, r, components, k, value)));
    for (size_t k = 0; k < components; ++k) {
      EXPECT_NEAR(ours[k], written[k] / sum, 1e-12);
      if (ours[k] > 0) r_log_r += ours[k] * std::log(ours[k]);
    }
    EXPECT_NEAR(entropy, r_log_r, 1e-12);
  }
}

TEST(Mixture, TheBoundNeverFalls) {
  Rng rng(5);
  std::normal_distribution<double> normal(0, 1);
  std::vector<double> values;
  std::vector<int> cluster;
  for (int i = 0; i < 300; ++i) {
    values.push_back(normal(rng) + (i % 3 == 0 ? 4.0 : 0.0));
    cluster.push_back(i % 5);
  }
  const MixturePrior prior = mixture_prior(values);
  std::vector<double> r = one_hot(cluster, 5);
  MixturePosterior posterior = maximise(values, r, 5, prior);
  double before = -INFINITY;
  for (int s = 0; s < 30; ++s) {
    const MixtureLogits logits(posterior);
    double entropy = 0;
    for (size_t i = 0; i < values.size(); ++i)
      entropy -= logits.responsibilities(values[i], r.data() + i * 5);
    posterior = maximise(values, r, 5, prior);
    const double now = lower_bound(posterior, entropy);
    EXPECT_GE(now, before - 1e-2);  // 1e-6 on the variances lies outside the bound
    before = now;
  }
}

TEST(Mixture, FindsThreeModes) {
  Rng rng(7);
  std::normal_distribution<double> normal(0, 1);
  std::vector<double> values;
  for (int i = 0; i < 4000; ++i) {
    const int which = i % 10;
    values.push_back(which < 5   ? -20 + normal(rng)
                     : which < 8 ? 3 + 0.5 * normal(rng)
                                 : 40 + 3 * normal(rng));
  }
  Mixture mixture;
  mixture.fit(values, 10, Seed(1));
  const std::vector<double> means{-20, 3, 40}, deviations{1, 0.5, 3}, weights{0.5, 0.3, 0.2};
  for (size_t m = 0; m < 3; ++m) {
    // The components within three deviations of a mode make up its weight and mean.
    double weight = 0, mean = 0;
    for (size_t k = 0; k < mixture.size(); ++k) {
      if (std::abs(mixture.mean(k) - means[m]) > 3 * deviations[m]) continue;
      weight += mixture.weight(k);
      mean += mixture.weight(k) * mixture.mean(k);
    }
    EXPECT_NEAR(weight, weights[m], 0.03);
    EXPECT_NEAR(mean / weight, means[m], 0.3 * deviations[m]);
  }
}

TEST(Mixture, DrawsComponentsByResponsibility) {
  std::vector<double> values;
  for (int i = 0; i < 500; ++i) values.push_back(i % 2 == 0 ? 0.001 * i : 100 + 0.001 * i);
  Mixture mixture;
  mixture.fit(values, 2, Seed(1));
  ASSERT_EQ(mixture.size(), 2U);
  const size_t low = mixture.mean(0) < mixture.mean(1) ? 0 : 1;
  for (const double u : {0.01, 0.5, 0.99}) {
    EXPECT_EQ(mixture.draw(0.1, u), low);
    EXPECT_EQ(mixture.draw(100.1, u), 1 - low);
  }
}

TEST(Mixture, ScaleAndOriginDoNotMatter) {
  Rng rng(9);
  std::normal_distribution<double> normal(0, 1);
  std::vector<double> values, other;
  for (int i = 0; i < 500; ++i) {
    values.push_back(normal(rng) + (i % 2 == 0 ? 8 : 0));
    other.push_back(values.back() * 1e-6 + 12);
  }
  Mixture a, b;
  a.fit(values, 6, Seed(1));
  b.fit(other, 6, Seed(1));
  ASSERT_EQ(a.size(), b.size());
  for (size_t k = 0; k < a.size(); ++k) {
    EXPECT_NEAR(a.mean(k) * 1e-6 + 12, b.mean(k), 1e-8);
    EXPECT_NEAR(a.deviation(k) * 1e-6, b.deviation(k), 1e-8);
  }
}

TEST(Mixture, ConstantsAndSaving) {
  Mixture constant, none;
  constant.fit(std::vector<double>{5, 5, 5}, 10, Seed(1));
  none.fit({}, 10, Seed(1));
  ASSERT_EQ(constant.size(), 1U);
  EXPECT_EQ(none.size(), 1U);
  EXPECT_EQ(constant.mean(0), 5);
  EXPECT_GT(constant.deviation(0), 0);
  EXPECT_EQ(constant.draw(5, 0.99), 0U);

  const auto path = std::filesystem::temp_directory_path() / "headerbench-mixture.h5";
  Mixture saved, loaded;
  saved.fit(std::vector<double>{1, 2, 3, 10, 11, 12}, 3, Seed(2));
  H5Writer writer(path);
  saved.save(writer, "m");
  writer.finish();
  loaded.load(H5Reader(path), "m");
  std::filesystem::remove(path);
  ASSERT_EQ(saved.size(), loaded.size());
  for (size_t k = 0; k < saved.size(); ++k) EXPECT_EQ(saved.mean(k), loaded.mean(k));
  for (const double x : {0.0, 5.0, 11.0}) EXPECT_EQ(saved.draw(x, 0.4), loaded.draw(x, 0.4));
}

}  // namespace
}  // namespace bench
