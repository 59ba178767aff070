#pragma once

#include <cstdint>

#include "llama_api.h"

namespace steermoe {

struct SamplerOptions {
  double temperature = 0;
  int32_t top_k = 0;
  double top_p = 1;
  double min_p = 0;
  uint32_t seed = 0;
};

/** A llama.cpp sampler chain: top-k, top-p, min-p, temperature, draw, as in llama.cpp's default order; or greedy. */
class Sampler {
 public:
  explicit Sampler(const SamplerOptions& options);
  ~Sampler();
  Sampler(const Sampler&) = delete;
  Sampler& operator=(const Sampler&) = delete;

  /** Draws a token from an output column of the last decode. */
  int32_t Draw(llama_context* context, int32_t column);

 private:
  void Add(llama_sampler* link);
  llama_sampler* chain_;
};

}  // namespace steermoe
