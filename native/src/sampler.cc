#include "sampler.h"

#include "tap_error.h"

namespace steermoe {

Sampler::Sampler(const SamplerOptions& options) {
  const LlamaApi& api = Llama();
  llama_sampler_chain_params params = api.llama_sampler_chain_default_params();
  params.no_perf = true;
  chain_ = api.llama_sampler_chain_init(params);
  if (chain_ == nullptr) throw TapError("internal", "llama.cpp gave no sampler.");
  if (options.temperature <= 0) {
    Add(api.llama_sampler_init_greedy());
    return;
  }
  if (options.top_k > 0) Add(api.llama_sampler_init_top_k(options.top_k));
  if (options.top_p < 1) Add(api.llama_sampler_init_top_p(static_cast<float>(options.top_p), 1));
  if (options.min_p > 0) Add(api.llama_sampler_init_min_p(static_cast<float>(options.min_p), 1));
  Add(api.llama_sampler_init_temp(static_cast<float>(options.temperature)));
  Add(api.llama_sampler_init_dist(options.seed));
}

Sampler::~Sampler() { Llama().llama_sampler_free(chain_); }

void Sampler::Add(llama_sampler* link) { Llama().llama_sampler_chain_add(chain_, link); }

// llama_sampler_sample applies the chain and accepts the token.
int32_t Sampler::Draw(llama_context* context, int32_t column) {
  return Llama().llama_sampler_sample(chain_, context, column);
}

}  // namespace steermoe
