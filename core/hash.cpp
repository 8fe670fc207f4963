#include "core/hash.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <vector>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "core/error.h"
#include "core/seed.h"

namespace bench {
namespace {
std::string hex(XXH128_hash_t h) { return fmt::format("{:016x}{:016x}", h.high64, h.low64); }
}  // namespace

std::string hash_text(std::string_view text) { return hex(XXH3_128bits(text.data(), text.size())); }

std::string hash_json(const nlohmann::json& value) { return hash_text(value.dump()); }

std::string hash_file(const std::filesystem::path& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) fail(Kind::io, "{}: cannot be opened: {}", path.string(), std::strerror(errno));
  const std::unique_ptr<XXH3_state_t, decltype(&XXH3_freeState)> state(XXH3_createState(), &XXH3_freeState);
  XXH3_128bits_reset(state.get());
  std::vector<char> buffer(1 << 20);
  ssize_t n = 0;
  while ((n = ::read(fd, buffer.data(), buffer.size())) > 0)
    XXH3_128bits_update(state.get(), buffer.data(), static_cast<size_t>(n));
  const int reason = errno;
  ::close(fd);
  if (n < 0) fail(Kind::io, "{}: cannot be read: {}", path.string(), std::strerror(reason));
  return hex(XXH3_128bits_digest(state.get()));
}

Seed Seed::child(std::string_view purpose, uint64_t index) const {
  const uint64_t named = XXH3_64bits_withSeed(purpose.data(), purpose.size(), value_);
  return Seed(XXH3_64bits_withSeed(&index, sizeof index, named));
}

}  // namespace bench
