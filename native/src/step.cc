#include "step.h"

namespace steermoe {

void Step::Clear() {
  tokens.clear();
  positions.clear();
  sequences.clear();
  outputs.clear();
  output_columns.clear();
  plans.clear();
  samplers.clear();
  counters.clear();
  routing_rows.clear();
  sampled.clear();
  counts.clear();
  routing.clear();
  before.clear();
  after.clear();
  watched.clear();
  routers_only = has_counts = has_routing = has_scores = has_watched = false;
  counter_count = routing_count = 0;
}

}  // namespace steermoe
