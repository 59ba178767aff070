#pragma once

#include <memory>
#include <vector>

#include "sampler.h"
#include "steering.h"

namespace steermoe {

/** Numbered places for what columns refer to. A running step keeps what it uses, so a slot may change meanwhile. */
template <typename Thing>
class Slots {
 public:
  static constexpr int32_t kMost = 32767;

  void Set(int32_t slot, std::shared_ptr<Thing> thing) {
    const size_t at = static_cast<size_t>(slot);
    if (at >= things_.size() && thing == nullptr) return;
    if (at >= things_.size()) things_.resize(at + 1);
    things_[at] = std::move(thing);
  }

  /** Null where the slot is empty or no slot. */
  std::shared_ptr<Thing> Get(int32_t slot) const {
    return slot < 0 || static_cast<size_t>(slot) >= things_.size() ? nullptr : things_[static_cast<size_t>(slot)];
  }

 private:
  std::vector<std::shared_ptr<Thing>> things_;
};

using PlanSlots = Slots<const Plan>;
using SamplerSlots = Slots<Sampler>;

}  // namespace steermoe
