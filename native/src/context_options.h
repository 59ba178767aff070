#pragma once

#include <napi.h>

#include <memory>

#include "context.h"

// From the objects of tap.d.ts. Each throws TapError "bad-argument".
namespace steermoe {

ContextOptions ReadContextOptions(const Napi::Object& options);
std::shared_ptr<const Plan> ReadPlan(const Napi::Object& plan, const StepLimits& limits);
std::shared_ptr<Sampler> ReadSampler(const Napi::Object& sampler);

}  // namespace steermoe
