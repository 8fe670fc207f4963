#pragma once
// The one error type of the project, for everything a user or the environment can cause.
// Programmer errors are asserts. Caught in two places only: the main function of a program and
// the main function of a stage's child process.

#include <fmt/core.h>

#include <stdexcept>
#include <string>
#include <string_view>

namespace bench {

enum class Kind {
  config,
  data,
  io,
  diverged,
  out_of_memory,
  timeout,
  cancelled,
  crashed,  ///< a program that we ran ended badly
  invalid_output,
  unsupported
};

/// The kind's name as it stands in status files, e.g. "out-of-memory".
std::string_view kind_name(Kind kind);
/// Inverse of kind_name. Throws Error(data) for an unknown name.
Kind kind_from_name(std::string_view name);

struct Error : std::runtime_error {
  Kind kind;
  Error(Kind kind_of_error, const std::string& message) : std::runtime_error(message), kind(kind_of_error) {}
};

/// Throws Error(kind) with a message in fmt syntax. The message is one sentence that names the file, the
/// record or JSON pointer, the value, and what would be right.
template <typename... Args>
[[noreturn]] void fail(Kind kind, fmt::format_string<Args...> format, Args&&... args) {
  throw Error(kind, fmt::format(format, std::forward<Args>(args)...));
}

/// Exit status for a program that ends with an error a user can cause.
inline constexpr int kUserErrorStatus = 2;

/// Runs the body of a program: prints an Error as one line on standard error and returns 2; returns the
/// body's own status otherwise. `program` is the name printed in front.
int run_main(std::string_view program, int (*body)(int, char**), int argc, char** argv);

}  // namespace bench
