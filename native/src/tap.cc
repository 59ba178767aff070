#include "tap.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <utility>

#include "tap_error.h"

namespace steermoe {

namespace {

bool IsView(const ggml_tensor* node) {
  return node->op == GGML_OP_RESHAPE || node->op == GGML_OP_VIEW || node->op == GGML_OP_PERMUTE ||
         node->op == GGML_OP_TRANSPOSE || node->op == GGML_OP_NONE;
}

bool IsHost(const ggml_tensor* node) {
  ggml_backend_buffer_t buffer = node->view_src != nullptr ? node->view_src->buffer : node->buffer;
  return buffer != nullptr && Llama().ggml_backend_buffer_is_host(buffer);
}

bool WritesCache(const ggml_tensor* node) {
  return (node->op == GGML_OP_SET_ROWS || node->op == GGML_OP_CPY) && node->view_src != nullptr &&
         std::strncmp(node->view_src->name, "cache_", 6) == 0;
}

}  // namespace

Tap::Tap(TapShape shape, bool may_stop)
    : shape_(std::move(shape)),
      needed_(shape_.layers.size()),
      taken_(shape_.layers.size()),
      stop_(may_stop ? Stop::kUnknown : Stop::kForbidden),
      top_(shape_.selected) {
  index_of_block_.assign(static_cast<size_t>(shape_.layers.back()) + 1, -1);
  for (size_t i = 0; i < shape_.layers.size(); ++i) {
    index_of_block_[static_cast<size_t>(shape_.layers[i])] = static_cast<int>(i);
  }
}

void Tap::Begin(Step* step) {
  step_ = step;
  failure_.clear();
  order_checked_ = false;
  watching_ = false;
  std::fill(taken_.begin(), taken_.end(), nullptr);
  for (size_t layer = 0; layer < needed_.size(); ++layer) {
    needed_[layer] = NeedsLayer(layer);
    watching_ = watching_ || needed_[layer];
  }
  if (step->routers_only && stop_ != Stop::kForbidden) needed_.back() = 1, watching_ = true;

  const size_t cells = shape_.layers.size() * shape_.experts;
  const size_t rows = static_cast<size_t>(step->routing_count);
  if (step->has_counts) step->counts.assign(static_cast<size_t>(step->counter_count) * cells, 0);
  if (step->has_routing) step->routing.assign(rows * shape_.layers.size() * shape_.selected, 65535);
  if (step->has_scores) {
    step->before.assign(rows * cells, std::numeric_limits<float>::quiet_NaN());
    step->after.assign(rows * cells, std::numeric_limits<float>::quiet_NaN());
  }
}

bool Tap::NeedsLayer(size_t layer) const {
  if (step_->has_counts || step_->has_routing) return true;
  for (const auto& plan : step_->plans) {
    if (plan != nullptr && plan->acts[layer]) return true;
  }
  return false;
}

void Tap::Drop() {
  watching_ = false;
  step_ = nullptr;
}

void Tap::End() {
  const bool watched = watching_;
  Drop();
  if (!failure_.empty()) throw TapError("tap-mismatch", failure_);
  if (!watched) return;
  for (size_t layer = 0; layer < needed_.size(); ++layer) {
    if (needed_[layer] && taken_[layer] == nullptr) {
      throw TapError("tap-mismatch", "This model's graph has no node " + shape_.node + "-" +
                                         std::to_string(shape_.layers[layer]) + ": its routing can't be read there.");
    }
  }
  // The whole graph has passed by and nothing was kept after the last router.
  if (stop_ == Stop::kUnknown && taken_.back() != nullptr) stop_ = Stop::kAllowed;
}

bool Tap::OnNode(ggml_tensor* node, bool ask, void* user_data) {
  Tap* tap = static_cast<Tap*>(user_data);
  if (!tap->watching_) return !ask;
  try {
    return ask ? tap->Asks(node) : tap->Takes(node);
  } catch (const std::exception& error) {
    tap->Fail(error.what());
  } catch (...) {
    tap->Fail("The router tap failed for an unknown reason.");
  }
  return !ask;  // Goes on without watching; End() then reports.
}

void Tap::Fail(const std::string& sentence) {
  watching_ = false;
  try {
    failure_ = sentence.empty() ? "The router tap failed." : sentence;
  } catch (...) {
    failure_ = "No memory.";  // Short enough to need none.
  }
}

int Tap::LayerOf(const char* name) const {
  const size_t length = shape_.node.size();
  if (std::memcmp(name, shape_.node.data(), length) != 0 || name[length] != '-') return -1;
  const char* digit = name + length + 1;
  if (*digit == '\0') return -1;
  size_t block = 0;
  for (; *digit != '\0'; ++digit) {
    if (*digit < '0' || *digit > '9') return -1;
    block = block * 10 + static_cast<size_t>(*digit - '0');
    if (block >= index_of_block_.size()) return -1;
  }
  return index_of_block_[block];
}

bool Tap::Asks(const ggml_tensor* node) {
  if (!order_checked_ && node->op == GGML_OP_GET_ROWS) CheckOrder(node);
  if (stop_ == Stop::kUnknown && taken_.back() != nullptr && WritesCache(node)) stop_ = Stop::kForbidden;
  const int layer = LayerOf(node->name);
  if (layer < 0) return false;
  asked_ = static_cast<size_t>(layer);
  if (!needed_[asked_]) return false;
  if (taken_[asked_] == nullptr) return true;
  // A view of values that were steered in place has nothing new.
  if (IsView(node) && node->data == taken_[asked_]) return false;
  Fail("Layer " + std::to_string(shape_.layers[asked_]) + " has two different nodes " + node->name +
       ", so its routing can't be told apart, or the batch was cut in pieces.");
  return false;
}

// The tokens of the graph are those of the batch, in its order: then row r of a router is column r. llama.cpp keeps
// this for a unified cache and one sequence set a column; where it is seen not to hold, nothing may be steered.
void Tap::CheckOrder(const ggml_tensor* node) {
  const ggml_tensor* tokens = node->src[1];
  if (tokens == nullptr || std::strcmp(tokens->name, "inp_tokens") != 0 || !IsHost(tokens)) return;
  order_checked_ = true;
  const size_t bytes = step_->tokens.size() * sizeof(int32_t);
  if (tokens->ne[0] != step_->columns() || std::memcmp(tokens->data, step_->tokens.data(), bytes) != 0) {
    Fail("llama.cpp regrouped the columns of this batch, so its routing can't be told apart.");
  }
}

void Tap::CheckShape(const ggml_tensor* node, size_t layer) const {
  const bool plain = node->type == GGML_TYPE_F32 && node->nb[0] == sizeof(float) && node->ne[2] == 1 && node->ne[3] == 1;
  const int64_t rows = node->ne[1];
  const bool known_rows =
      rows == step_->columns() || rows == static_cast<int64_t>(step_->output_columns.size()) || rows == 0;
  if (plain && node->ne[0] == static_cast<int64_t>(shape_.experts) && known_rows) return;
  throw TapError("tap-mismatch",
                 "The router of layer " + std::to_string(shape_.layers[layer]) + " gives " + std::to_string(node->ne[0]) +
                     " values for " + std::to_string(rows) + " rows, where " + std::to_string(shape_.experts) +
                     " float values for " + std::to_string(step_->columns()) + " columns or " +
                     std::to_string(step_->output_columns.size()) + " outputs are expected.");
}

bool Tap::Takes(ggml_tensor* node) {
  const size_t layer = asked_;
  CheckShape(node, layer);
  taken_[layer] = node->data != nullptr ? node->data : node;
  const bool stop = step_->routers_only && stop_ == Stop::kAllowed && layer + 1 == taken_.size();
  if (node->ne[1] == 0 || !NeedsLayer(layer)) return !stop;

  const size_t rows = static_cast<size_t>(node->ne[1]);
  const bool host = IsHost(node);
  char* data = static_cast<char*>(node->data);
  size_t stride = node->nb[1];
  if (!host) {
    const size_t row_bytes = shape_.experts * sizeof(float);
    if (stride != row_bytes) throw TapError("tap-mismatch", std::string("The router node ") + node->name + " is not contiguous.");
    fetched_.resize(rows * shape_.experts);
    Llama().ggml_backend_tensor_get(node, fetched_.data(), 0, rows * row_bytes);
    data = reinterpret_cast<char*>(fetched_.data());
  }
  changed_ = false;
  const bool all = rows == static_cast<size_t>(step_->columns());
  for (size_t row = 0; row < rows; ++row) {
    const int32_t column = all ? static_cast<int32_t>(row) : step_->output_columns[row];
    TakeRow(layer, column, reinterpret_cast<float*>(data + row * stride));
  }
  if (changed_ && !host) Llama().ggml_backend_tensor_set(node, fetched_.data(), 0, fetched_.size() * sizeof(float));
  return !stop;
}

void Tap::TakeRow(size_t layer, int32_t column, float* values) {
  const size_t c = static_cast<size_t>(column), layers = shape_.layers.size(), experts = shape_.experts;
  const int32_t row = step_->has_routing ? step_->routing_rows[c] : -1;
  const size_t cell = static_cast<size_t>(row < 0 ? 0 : row) * layers + layer;
  const bool scores = row >= 0 && step_->has_scores;
  if (scores) std::copy_n(values, experts, &step_->before[cell * experts]);

  const Plan* plan = step_->plans.empty() ? nullptr : step_->plans[c].get();
  if (plan != nullptr && plan->acts[layer]) {
    Steer(plan->mode, shape_.log_softmax, &plan->values[layer * experts], experts, values);
    changed_ = true;
  }
  if (scores) std::copy_n(values, experts, &step_->after[cell * experts]);

  const int32_t first = step_->has_counts ? step_->counters[2 * c] : -1;
  const int32_t second = step_->has_counts ? step_->counters[2 * c + 1] : -1;
  if (row < 0 && first < 0 && second < 0) return;
  SelectTop(values, experts, shape_.selected, top_.data());
  if (row >= 0) std::copy(top_.begin(), top_.end(), &step_->routing[cell * shape_.selected]);
  for (const int32_t counter : {first, second}) {
    if (counter < 0) continue;
    uint32_t* counts = &step_->counts[(static_cast<size_t>(counter) * layers + layer) * experts];
    for (const uint16_t expert : top_) ++counts[expert];
  }
}

}  // namespace steermoe
