#pragma once

#include <string>
#include <vector>

#include "llama_api.h"
#include "step.h"

namespace steermoe {

/** Where a model routes, as TapOptions in tap.d.ts. */
struct TapShape {
  std::string node;
  std::vector<int32_t> layers;
  size_t experts = 0, selected = 0;
  bool log_softmax = true;
};

/**
 * The callback that llama.cpp calls for each node of a graph: it reads and steers the routers' values, and follows
 * the rows of a router back to the columns of the batch. It throws nothing: what goes wrong is kept for End().
 */
class Tap {
 public:
  /** may_stop: a graph may be left after its last router (one backend, and no layer after the last tapped one). */
  Tap(TapShape shape, bool may_stop);

  const TapShape& shape() const { return shape_; }

  /** Before llama_decode. The step must live until End(). */
  void Begin(Step* step);
  /** After llama_decode has succeeded. Throws TapError "tap-mismatch". */
  void End();
  /** In place of End() where llama_decode has failed. */
  void Drop();

  /** A ggml_backend_sched_eval_callback; user_data is the Tap. */
  static bool OnNode(ggml_tensor* node, bool ask, void* user_data);

 private:
  enum class Stop { kUnknown, kAllowed, kForbidden };

  bool Asks(const ggml_tensor* node);
  bool Takes(ggml_tensor* node);
  int LayerOf(const char* name) const;
  void CheckOrder(const ggml_tensor* node);
  void CheckShape(const ggml_tensor* node, size_t layer) const;
  void TakeRow(size_t layer, int32_t column, float* values);
  bool NeedsLayer(size_t layer) const;
  void Fail(const std::string& sentence);

  const TapShape shape_;
  std::vector<int> index_of_block_;

  Step* step_ = nullptr;
  bool watching_ = false;
  bool order_checked_ = false;
  std::string failure_;
  /** By layer: whether this step needs it, and the data of the node that was taken. */
  std::vector<uint8_t> needed_;
  std::vector<const void*> taken_;
  size_t asked_ = 0;
  bool changed_ = false;
  Stop stop_;
  std::vector<float> fetched_;
  std::vector<uint16_t> top_;
};

}  // namespace steermoe
