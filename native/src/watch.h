#pragma once

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "llama_api.h"
#include "step.h"
#include "tap.h"

namespace steermoe {

/**
 * Brings back what graph nodes held and where they came from: how a model's graph is probed and how its routing is
 * proven. It stands before the tap in llama.cpp's callback, and only in contexts that ask for it.
 */
class Watch {
 public:
  /** names: of nodes, without "-<layer>". tap may be null; it is asked and served as if it were alone. */
  Watch(std::vector<std::string> names, Tap* tap) : names_(std::move(names)), tap_(tap) {}

  /** Before llama_decode. The step must live until End(). */
  void Begin(Step* step);
  /** After llama_decode, whatever came of it. */
  void End() { step_ = nullptr; }
  /** Throws TapError "internal" where the last step's nodes could not be kept. */
  void Check() const;

  /** A ggml_backend_sched_eval_callback; user_data is the Watch. */
  static bool OnNode(ggml_tensor* node, bool ask, void* user_data);

 private:
  bool Wants(const ggml_tensor* node) const;
  void Keep(const ggml_tensor* node);

  const std::vector<std::string> names_;
  Tap* const tap_;
  Step* step_ = nullptr;
  bool failed_ = false;
  /** Who asked for the node that comes back next. */
  bool wanted_ = false, tapped_ = false;
};

}  // namespace steermoe
