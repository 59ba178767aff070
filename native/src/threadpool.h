#pragma once

#include <cstdint>
#include <mutex>

#include "llama_api.h"

namespace steermoe {

/**
 * The threads that the contexts of a model compute with. The prebuilt libraries have no OpenMP: without a pool llama.cpp
 * starts threads for every piece of a graph, and a tapped graph has a piece for each layer. The threads of a pool go on
 * spinning for about 0.1 s after a graph, so contexts that work in turn share one: two pools would take each other's cores.
 */
class Threadpool {
 public:
  explicit Threadpool(int32_t threads);
  ~Threadpool();
  Threadpool(const Threadpool&) = delete;
  Threadpool& operator=(const Threadpool&) = delete;

  ggml_threadpool_t get() const { return pool_; }
  int32_t threads() const { return threads_; }
  /** Held while a graph runs: the threads can do one at a time. */
  std::mutex& running() { return running_; }

 private:
  const int32_t threads_;
  ggml_threadpool_t pool_;
  std::mutex running_;
};

}  // namespace steermoe
