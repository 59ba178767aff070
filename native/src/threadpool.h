#pragma once

#include "llama_api.h"

namespace steermoe {

/**
 * The threads of a context. The prebuilt libraries have no OpenMP: without a pool llama.cpp starts threads for every
 * piece of a graph, and a tapped graph has a piece for each layer.
 */
class Threadpool {
 public:
  explicit Threadpool(int32_t threads);
  ~Threadpool();
  Threadpool(const Threadpool&) = delete;
  Threadpool& operator=(const Threadpool&) = delete;

  ggml_threadpool_t get() const { return pool_; }

 private:
  ggml_threadpool_t pool_;
};

}  // namespace steermoe
