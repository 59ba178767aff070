#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace steermoe {

/** A steering plan for all tapped layers: values is layers x experts. */
struct Plan {
  enum class Mode { kPaper, kSoft };
  Mode mode = Mode::kPaper;
  std::vector<float> values;
  /** Per layer, whether it has a value other than 0. */
  std::vector<uint8_t> acts;
};

/** Changes the router values z of one column and layer in place, as the plan's mode and log_softmax say in tap.d.ts. */
void Steer(Plan::Mode mode, bool log_softmax, const float* values, size_t experts, float* z);

/**
 * Writes the ids of the k largest values, the largest first. Of equal values the lower id comes first; llama.cpp's
 * CPU argsort is an unstable sort, so where values are equal to the last bit it may take another one of them.
 */
void SelectTop(const float* z, size_t experts, size_t k, uint16_t* ids);

}  // namespace steermoe
