#pragma once

#include <napi.h>

#include <memory>

#include "decode_job.h"
#include "slots.h"

namespace steermoe {

/** NativeContext of tap.d.ts. */
class NativeContext : public Napi::ObjectWrap<NativeContext> {
 public:
  static Napi::Function Define(Napi::Env env);
  static Napi::Object New(Napi::Env env, std::shared_ptr<Model> model, const Napi::Object& options);

  /** Only called from New: JS has no way to the class but through an object's constructor. */
  explicit NativeContext(const Napi::CallbackInfo& info);

 private:
  Napi::Value SetPlan(const Napi::CallbackInfo& info);
  Napi::Value SetSampler(const Napi::CallbackInfo& info);
  Napi::Value Decode(const Napi::CallbackInfo& info);
  Napi::Value Logits(const Napi::CallbackInfo& info);
  Napi::Value RemoveSequence(const Napi::CallbackInfo& info);
  Napi::Value CopySequence(const Napi::CallbackInfo& info);
  Napi::Value SequenceEnd(const Napi::CallbackInfo& info);
  Napi::Value Clear(const Napi::CallbackInfo& info);
  Napi::Value Abort(const Napi::CallbackInfo& info);
  Napi::Value Free(const Napi::CallbackInfo& info);

  /** Throws TapError "freed". */
  ContextSeat& Seat() const;
  /** Throws TapError "freed" or, during a step, "busy". */
  Context& Idle() const;
  int32_t Sequence(const Napi::Value& value, const char* name) const;

  std::shared_ptr<ContextSeat> seat_;
  PlanSlots plans_;
  SamplerSlots samplers_;
};

}  // namespace steermoe
