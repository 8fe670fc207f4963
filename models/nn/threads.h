#pragma once
// Threads are used above the library's operations, never inside them: its own and those of the BLAS below it
// together are several times slower than one.

namespace bench::nn {

/// While it lives, LibTorch and OpenBLAS use one thread per operation, and numbers too small for a float's
/// full precision count as 0 in this thread (Adam's moments of resting weights get there, at a tenth of the
/// speed). Result of every operation: the same for any number of threads around it.
class SingleThread {
 public:
  SingleThread();
  ~SingleThread();
  SingleThread(const SingleThread&) = delete;
  SingleThread& operator=(const SingleThread&) = delete;

 private:
  int library_, blas_;
};

/// The same for a thread that was started while a SingleThread lives elsewhere.
void join_single_thread();

}  // namespace bench::nn
