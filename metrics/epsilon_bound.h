#pragma once
// From how well coins were guessed to what a mechanism's epsilon is at least: Steinke, Nasr and Jagielski,
// "Privacy auditing with one (1) training run", NeurIPS 2023.

#include <cstdint>

namespace bench {

/// Guesses at which of some candidate records were in a training. How many guesses of "in" and of "out" are
/// made has to be fixed before anything is seen.
struct Guesses {
  int64_t candidates = 0;  ///< records whose own fair coins put them in or not
  int64_t made = 0;        ///< at most `candidates`; the guesser abstains on the others
  int64_t right = 0;       ///< at most `made`
};

/// At least the probability, 0 .. 1, that an (epsilon, delta)-private mechanism lets so many guesses be right
/// (theorem 5.2): beta + 2 m delta alpha with m candidates, W binomial of the guesses made at
/// e^epsilon / (1 + e^epsilon), beta = P[W >= right] and alpha = max over i = 1 .. right of
/// P[right > W >= right - i] / i. epsilon >= 0, 0 <= delta <= 1.
double guess_p_value(const Guesses& guesses, double epsilon, double delta);

/// The largest epsilon [nats] that guess_p_value() rejects at 1 - `confidence`, to 1e-9; 0 if it rejects
/// none. The true epsilon of the mechanism, for this delta, is below it with probability 1 - `confidence` at
/// most. 0 < confidence < 1.
double epsilon_lower_bound(const Guesses& guesses, double delta, double confidence);

}  // namespace bench
