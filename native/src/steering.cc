#include "steering.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace steermoe {

namespace {

// How far the paper puts a steered expert beyond the others.
constexpr float kMargin = 0.01f;

// s = log_softmax(z), in place.
void LogSoftmax(size_t experts, float* z) {
  const float top = *std::max_element(z, z + experts);
  double sum = 0;
  for (size_t e = 0; e < experts; ++e) sum += std::exp(z[e] - top);
  const float log_sum = static_cast<float>(std::log(sum));
  for (size_t e = 0; e < experts; ++e) z[e] = (z[e] - top) - log_sum;
}

// The extremes of s for the chosen experts. Models that mask groups of experts write -infinity for them: the minimum
// is that of the finite scores, and who is masked is deactivated already.
void SteerPaper(const float* values, size_t experts, float* z) {
  float highest = -std::numeric_limits<float>::infinity();
  float lowest = std::numeric_limits<float>::infinity();
  for (size_t e = 0; e < experts; ++e) {
    highest = std::max(highest, z[e]);
    if (std::isfinite(z[e])) lowest = std::min(lowest, z[e]);
  }
  for (size_t e = 0; e < experts; ++e) {
    if (values[e] > 0) z[e] = highest + kMargin;
    if (values[e] < 0 && std::isfinite(z[e])) z[e] = lowest - kMargin;
  }
}

void SteerSoft(const float* values, size_t experts, float* z) {
  double sum = 0, squares = 0;
  size_t finite = 0;
  for (size_t e = 0; e < experts; ++e) {
    if (!std::isfinite(z[e])) continue;
    sum += z[e];
    ++finite;
  }
  if (finite == 0) return;
  const double mean = sum / static_cast<double>(finite);
  for (size_t e = 0; e < experts; ++e) {
    if (std::isfinite(z[e])) squares += (z[e] - mean) * (z[e] - mean);
  }
  const float deviation = static_cast<float>(std::sqrt(squares / static_cast<double>(finite)));
  for (size_t e = 0; e < experts; ++e) {
    if (values[e] != 0) z[e] += values[e] * deviation;
  }
}

}  // namespace

void Steer(Plan::Mode mode, bool log_softmax, const float* values, size_t experts, float* z) {
  if (mode == Plan::Mode::kPaper) {
    if (log_softmax) LogSoftmax(experts, z);
    SteerPaper(values, experts, z);
  } else {
    SteerSoft(values, experts, z);
  }
}

void SelectTop(const float* z, size_t experts, size_t k, uint16_t* ids) {
  size_t held = 0;
  for (size_t e = 0; e < experts; ++e) {
    // A comparison with NaN is false: it then never moves up.
    if (held == k && !(z[e] > z[ids[k - 1]])) continue;
    size_t at = held < k ? held++ : k - 1;
    for (; at > 0 && z[e] > z[ids[at - 1]]; --at) ids[at] = ids[at - 1];
    ids[at] = static_cast<uint16_t>(e);
  }
}

}  // namespace steermoe
