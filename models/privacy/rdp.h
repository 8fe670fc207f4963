#pragma once
// Renyi differential privacy (RDP) of the Gaussian mechanism on a Poisson sample, and what it says about
// (epsilon, delta). Neighbours: two data sets of which one has one flow more. Mironov, Talwar, Zhang,
// "Renyi differential privacy of the sampled Gaussian mechanism" (2019).

#include <cstdint>
#include <span>
#include <vector>

namespace bench {

/// `count` releases of a sum to which each flow of the sample adds a vector of length <= C, plus noise of
/// standard deviation sigma * C in every coordinate. Each flow is in the sample with probability q.
struct SampledGaussian {
  double q = 1;       ///< [0, 1]; 1: every flow takes part, the Gaussian mechanism
  double sigma = 1;   ///< noise multiplier, > 0
  int64_t count = 1;  ///< >= 0; every release draws a sample of its own
};

/// RDP of one release at `order` > 1, in nats: 0 for q = 0, order / (2 sigma^2) for q = 1. Integer orders by
/// the binomial sum (section 3.3), others by its two series.
double rdp_of_release(double q, double sigma, double order);
/// Sum over all releases at each of `orders`: RDP adds up under adaptive composition.
std::vector<double> rdp_composed(std::span<const SampledGaussian> releases, std::span<const double> orders);

/// 1.25 ... 4.5, 5 ... 63, 128, 256, 512: what TensorFlow Privacy and the accountant released with NetShare
/// use.
const std::vector<double>& usual_orders();
/// 1.001 ... 2048: order - 1 in steps of 4 % to 10, then the order in steps of 2 % or 1. Enough for epsilons
/// of 0.01 to 1e6 to lie within 0.2 % of the least one over all orders.
const std::vector<double>& fine_orders();

enum class RdpConversion {
  classic,  ///< RDP - log(delta) / (order - 1): Mironov, "Renyi differential privacy" (2017), proposition 3
  improved  ///< Canonne, Kamath, Steinke, "The discrete Gaussian" (2020), proposition 12; never larger
};

struct RdpEpsilon {
  double epsilon;  ///< >= 0
  double order;    ///< where the minimum lies
};

/// The least epsilon over `orders` at delta in (0, 1). Both spans have the same length, at least 1.
RdpEpsilon epsilon_of_rdp(std::span<const double> orders, std::span<const double> rdp, double delta,
                          RdpConversion conversion = RdpConversion::improved);
/// rdp_composed and epsilon_of_rdp.
RdpEpsilon rdp_epsilon(std::span<const SampledGaussian> releases, double delta,
                       std::span<const double> orders = fine_orders(),
                       RdpConversion conversion = RdpConversion::improved);

}  // namespace bench
