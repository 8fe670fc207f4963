#pragma once
// Convolutional networks on the images of PAC-GAN.

#include <memory>
#include <vector>

#include "models/packet_bytes/adversarial.h"

namespace bench {

/// A packet's half bytes row by row in the smallest square that holds them, each a block of pixels:
/// duplicates x duplicates of the same grey, or 2 x 2 blocks of that size, one for each bit. Empty pixels on
/// the right and below up to a side that can be halved twice.
struct ImageSizes {
  bool bits = false;  ///< digits are bits, four to a half byte
  int64_t duplicates = 2;
  int64_t channels = 32;  ///< of the larger layers; the smaller ones have twice as many
  int64_t units = 256;    ///< of the dense hidden layer
};
/// Side of the image in pixels.
int64_t image_side(int64_t digits, const ImageSizes& sizes);
/// Where each digit stands in the square [cells, cells] of digits, row by row.
std::vector<int64_t> digit_places(int64_t digits, const ImageSizes& sizes);

/// A dense hidden layer, another one to a quarter of the side, then two transposed convolutions (4 x 4,
/// stride 2); batch normalisation and ReLU between them, a sigmoid at the end. A digit's number is the mean
/// of its block.
std::unique_ptr<ByteGenerator> make_image_generator(const PacketShape& shape, const ImageSizes& sizes,
                                                    at::Generator random);
/// Two convolutions (4 x 4, stride 2) and a dense hidden layer, each with LeakyReLU(0.2), then a linear one.
std::unique_ptr<CriticNetwork> make_image_critic(const PacketShape& shape, const ImageSizes& sizes,
                                                 at::Generator random);

}  // namespace bench
