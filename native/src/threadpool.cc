#include "threadpool.h"

#include <string>

#include "tap_error.h"

namespace steermoe {

Threadpool::Threadpool(int32_t threads) : threads_(threads) {
  ggml_threadpool_params params = Llama().ggml_threadpool_params_default(threads);
  pool_ = Llama().ggml_threadpool_new(&params);
  if (pool_ == nullptr) {
    throw TapError("context-failed", "llama.cpp could not start " + std::to_string(threads) + " threads.");
  }
}

Threadpool::~Threadpool() { Llama().ggml_threadpool_free(pool_); }

}  // namespace steermoe
