#include "models/nn/threads.h"

#include <dlfcn.h>
#include <torch/torch.h>

namespace bench::nn {
namespace {

/// OpenBLAS, if it is the BLAS that was loaded.
template <typename F>
F* blas_function(const char* name) {
  return reinterpret_cast<F*>(::dlsym(RTLD_DEFAULT, name));
}

}  // namespace

SingleThread::SingleThread() : library_(at::get_num_threads()), blas_(0) {
  if (auto* get = blas_function<int()>("openblas_get_num_threads")) blas_ = get();
  if (auto* set = blas_function<void(int)>("openblas_set_num_threads"); set != nullptr && blas_ > 1) set(1);
  join_single_thread();
}

SingleThread::~SingleThread() {
  at::set_num_threads(library_);
  at::globalContext().setFlushDenormal(false);
  if (auto* set = blas_function<void(int)>("openblas_set_num_threads"); set != nullptr && blas_ > 1)
    set(blas_);
}

void join_single_thread() {
  at::set_num_threads(1);
  at::globalContext().setFlushDenormal(true);
}

}  // namespace bench::nn
