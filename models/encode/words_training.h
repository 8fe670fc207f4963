#pragma once
// Training of word vectors on sentences of three words, by negative sampling.

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/seed.h"
#include "models/encode/words.h"

namespace bench {

using Sentence = std::array<uint32_t, 3>;

/// Input vectors [words, options.size], of any length, none zero. Words 0 .. ports-1 are ports, the others
/// protocols; each occurs in a sentence. See WordVectors::train.
std::vector<float> train_words(const std::vector<Sentence>& sentences, size_t ports, size_t words,
                               const WordOptions& options, Seed seed);

}  // namespace bench
