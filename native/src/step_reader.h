#pragma once

#include <napi.h>

#include "slots.h"
#include "step.h"

namespace steermoe {

/**
 * Fills the step from a Batch of tap.d.ts. Throws TapError "bad-argument": llama.cpp ends the process on some wrong
 * batches, so none may reach it.
 */
void ReadStep(const Napi::Object& batch, const StepLimits& limits, const PlanSlots& plans, const SamplerSlots& samplers,
              Step* step);

/** The StepResult of tap.d.ts. */
Napi::Object WriteResult(Napi::Env env, const Step& step);

}  // namespace steermoe
