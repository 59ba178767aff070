#include "watch.h"

#include <cstring>

#include "tap_error.h"

namespace steermoe {

namespace {

// How far back a node's first sources are followed: from the argsort to the router takes seven.
constexpr size_t kMostSources = 8;

/** The number after "<name>-", or -1 where the node has another name. */
int32_t LayerOf(const char* node, const std::string& name) {
  if (std::strncmp(node, name.c_str(), name.size()) != 0 || node[name.size()] != '-') return -1;
  int32_t layer = 0;
  const char* digit = node + name.size() + 1;
  if (*digit == '\0') return -1;
  for (; *digit != '\0'; ++digit) {
    if (*digit < '0' || *digit > '9' || layer > 99999) return -1;
    layer = layer * 10 + (*digit - '0');
  }
  return layer;
}

template <typename Element>
void Gather(const ggml_tensor* node, const std::vector<uint8_t>& bytes, std::vector<Element>* into) {
  const int64_t* ne = node->ne;
  into->reserve(static_cast<size_t>(ne[0] * ne[1] * ne[2] * ne[3]));
  for (int64_t i3 = 0; i3 < ne[3]; ++i3) {
    for (int64_t i2 = 0; i2 < ne[2]; ++i2) {
      for (int64_t i1 = 0; i1 < ne[1]; ++i1) {
        for (int64_t i0 = 0; i0 < ne[0]; ++i0) {
          const size_t at = static_cast<size_t>(i0) * node->nb[0] + static_cast<size_t>(i1) * node->nb[1] +
                            static_cast<size_t>(i2) * node->nb[2] + static_cast<size_t>(i3) * node->nb[3];
          Element element;
          std::memcpy(&element, &bytes[at], sizeof(Element));
          into->push_back(element);
        }
      }
    }
  }
}

}  // namespace

void Watch::Begin(Step* step) {
  step_ = step;
  step_->has_watched = true;
  failed_ = wanted_ = tapped_ = false;
}

void Watch::Check() const {
  if (failed_) throw TapError("internal", "There was no memory for the contents of the watched nodes.");
}

bool Watch::OnNode(ggml_tensor* node, bool ask, void* user_data) {
  Watch* watch = static_cast<Watch*>(user_data);
  if (ask) {
    watch->tapped_ = watch->tap_ != nullptr && Tap::OnNode(node, true, watch->tap_);
    watch->wanted_ = watch->Wants(node);
    return watch->tapped_ || watch->wanted_;
  }
  // Before the tap, which may change the values.
  if (watch->wanted_) {
    try {
      watch->Keep(node);
    } catch (const std::exception&) {
      watch->failed_ = true;
    }
  }
  return !watch->tapped_ || Tap::OnNode(node, false, watch->tap_);
}

bool Watch::Wants(const ggml_tensor* node) const {
  if (step_ == nullptr || failed_) return false;
  for (const std::string& name : names_) {
    if (LayerOf(node->name, name) >= 0) return true;
  }
  return false;
}

void Watch::Keep(const ggml_tensor* node) {
  WatchedNode kept;
  for (const std::string& name : names_) {
    kept.layer = LayerOf(node->name, name);
    kept.name = name;
    if (kept.layer >= 0) break;
  }
  for (const ggml_tensor* at = node; at != nullptr && kept.origin.size() <= kMostSources; at = at->src[0]) {
    kept.origin.emplace_back(at->name, Llama().ggml_op_desc(at));
  }
  std::copy_n(node->ne, kept.shape.size(), kept.shape.begin());
  kept.integers = node->type == GGML_TYPE_I32;
  const size_t bytes = Llama().ggml_nbytes(node);
  if ((kept.integers || node->type == GGML_TYPE_F32) && bytes > 0) {
    std::vector<uint8_t> content(bytes);
    Llama().ggml_backend_tensor_get(node, content.data(), 0, bytes);
    if (kept.integers) {
      Gather(node, content, &kept.whole);
    } else {
      Gather(node, content, &kept.real);
    }
  }
  step_->watched.push_back(std::move(kept));
}

}  // namespace steermoe
