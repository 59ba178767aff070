#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "llama_api.h"
#include "threadpool.h"

namespace steermoe {

struct ModelOptions {
  int32_t gpu_layers = 0;
  int32_t cpu_moe_layers = 0;
  bool mmap = true;
};

/** Owns a llama_model. Contexts share it by shared_ptr, so the weights go with the last of them. */
class Model {
 public:
  /** Blocks for the whole load. on_progress gets 0..1 on this thread. Throws TapError "load-failed". */
  Model(const std::string& path, const ModelOptions& options, std::function<void(float)> on_progress);
  ~Model();
  Model(const Model&) = delete;
  Model& operator=(const Model&) = delete;

  llama_model* get() const { return model_; }
  const llama_vocab* vocab() const { return vocab_; }
  int32_t vocabulary() const { return vocabulary_; }
  /** Its sequences may not share a batch, and the end of one can't be forgotten. */
  bool recurrent() const { return recurrent_; }
  /** Whether every node of its graphs runs on the CPU backend, in one piece. */
  bool cpu_alone() const { return cpu_alone_; }
  /** The pool that this model's contexts of as many threads share; it goes with the last of them. */
  std::shared_ptr<Threadpool> Threads(int32_t count);

  std::vector<int32_t> Tokenize(const std::string& text, bool parse_special, bool add_special) const;
  std::string Piece(int32_t token, bool special) const;
  /** False where the model has no such key. */
  bool Metadata(const std::string& key, std::string* value) const;

 private:
  llama_model* model_;
  const llama_vocab* vocab_;
  int32_t vocabulary_;
  bool recurrent_;
  bool cpu_alone_;
  std::weak_ptr<Threadpool> threads_;
};

}  // namespace steermoe
