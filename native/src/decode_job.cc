#include "decode_job.h"

#include "step_reader.h"

namespace steermoe {

void DecodeJob::Execute() { seat_->context->Run(&seat_->step); }

Napi::Value DecodeJob::Result(Napi::Env env) { return WriteResult(env, seat_->step); }

}  // namespace steermoe
