#include "core/error.h"

#include <array>
#include <cstdio>
#include <new>
#include <utility>

namespace bench {
namespace {
constexpr std::array<std::pair<Kind, std::string_view>, 10> kNames{{
    {Kind::config, "invalid-config"},
    {Kind::data, "invalid-data"},
    {Kind::io, "io"},
    {Kind::diverged, "diverged"},
    {Kind::out_of_memory, "out-of-memory"},
    {Kind::timeout, "timeout"},
    {Kind::cancelled, "cancelled"},
    {Kind::crashed, "crash"},
    {Kind::invalid_output, "invalid-output"},
    {Kind::unsupported, "unsupported"},
}};
}  // namespace

std::string_view kind_name(Kind kind) {
  for (const auto& [k, name] : kNames) {
    if (k == kind) return name;
  }
  return "unknown";
}

Kind kind_from_name(std::string_view name) {
  for (const auto& [k, n] : kNames) {
    if (n == name) return k;
  }
  fail(Kind::data, "'{}' is not the name of an error kind", name);
}

int run_main(std::string_view program, int (*body)(int, char**), int argc, char** argv) {
  std::string message;
  try {
    return body(argc, argv);
  } catch (const Error& e) {
    message = e.what();
  } catch (const std::bad_alloc&) {
    message = "out of memory";
  } catch (const std::exception& e) {
    message = e.what();
  }
  std::fflush(stdout);
  fmt::print(stderr, "{}: {}\n", program, message);
  return kUserErrorStatus;
}

}  // namespace bench
