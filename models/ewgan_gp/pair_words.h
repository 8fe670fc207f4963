#pragma once
// Word vectors from records with any number of columns: Ring et al., "IP2Vec: learning similarities between
// IP addresses", ICDMW 2017, trained by negative sampling (Mikolov et al., NIPS 2013).

#include <cstdint>
#include <vector>

#include "core/seed.h"

namespace bench {

struct PairWords {
  size_t columns = 0;
  std::vector<uint32_t> sentences;   ///< [records, columns] words
  std::vector<size_t> kind;          ///< of each column: columns of one kind share their words
  std::vector<uint32_t> kind_begin;  ///< kind k has the words kind_begin[k] .. kind_begin[k + 1] - 1
};

/// Unit vectors [words, size]. Each word of a record predicts each other one against 5 words of that one's
/// kind, drawn in proportion to count^0.75; learning rate 0.025, falling linearly to 1e-4.
std::vector<float> train_pair_words(const PairWords& words, int64_t size, int64_t epochs, Seed seed);

}  // namespace bench
