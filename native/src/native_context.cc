#include "native_context.h"

#include <algorithm>
#include <limits>
#include <string>

#include "context_options.h"
#include "js_values.h"
#include "realm.h"
#include "step_reader.h"
#include "tap_error.h"

namespace steermoe {

Napi::Function NativeContext::Define(Napi::Env env) {
  return DefineClass(env, "NativeContext",
                     {InstanceMethod<&NativeContext::SetPlan>("setPlan"),
                      InstanceMethod<&NativeContext::SetSampler>("setSampler"),
                      InstanceMethod<&NativeContext::Decode>("decode"),
                      InstanceMethod<&NativeContext::Logits>("logits"),
                      InstanceMethod<&NativeContext::RemoveSequence>("removeSequence"),
                      InstanceMethod<&NativeContext::CopySequence>("copySequence"),
                      InstanceMethod<&NativeContext::SequenceEnd>("sequenceEnd"),
                      InstanceMethod<&NativeContext::Clear>("clear"),
                      InstanceMethod<&NativeContext::Abort>("abort"),
                      InstanceMethod<&NativeContext::Free>("free")});
}

NativeContext::NativeContext(const Napi::CallbackInfo& info) : Napi::ObjectWrap<NativeContext>(info) {
  seat_ = RealmOf(info.Env()).TakeNewSeat();
  if (seat_ == nullptr) throw Napi::TypeError::New(info.Env(), "Contexts are made by a model's createContext().");
  const Napi::Value size = Napi::Number::New(info.Env(), seat_->context->size());
  info.This().As<Napi::Object>().DefineProperty(Napi::PropertyDescriptor::Value("contextSize", size, napi_enumerable));
}

Napi::Object NativeContext::New(Napi::Env env, std::shared_ptr<Model> model, const Napi::Object& options) {
  std::shared_ptr<ContextSeat> seat = std::make_shared<ContextSeat>();
  seat->context.reset(new Context(model, ReadContextOptions(options)));
  Realm& realm = RealmOf(env);
  realm.OfferSeat(std::move(seat));
  return realm.context_class.New({});
}

ContextSeat& NativeContext::Seat() const {
  if (seat_ == nullptr) throw TapError("freed", "This context was freed.");
  return *seat_;
}

Context& NativeContext::Idle() const {
  ContextSeat& seat = Seat();
  if (seat.busy) throw TapError("busy", "A step of this context is still running.");
  return *seat.context;
}

int32_t NativeContext::Sequence(const Napi::Value& value, const char* name) const {
  return ToInteger(value, name, 0, Seat().context->limits().sequences - 1);
}

Napi::Value NativeContext::SetPlan(const Napi::CallbackInfo& info) {
  return Guarded(info.Env(), [&] {
    const StepLimits& limits = Seat().context->limits();
    const int32_t slot = ToInteger(info[0], "slot", 0, PlanSlots::kMost);
    if (!limits.tapped) throw TapError("bad-argument", "This context has no tap, so it takes no plans.");
    plans_.Set(slot, info[1].IsUndefined() ? nullptr : ReadPlan(ToObject(info[1], "plan"), limits));
    return info.Env().Undefined();
  });
}

Napi::Value NativeContext::SetSampler(const Napi::CallbackInfo& info) {
  return Guarded(info.Env(), [&] {
    Seat();
    const int32_t slot = ToInteger(info[0], "slot", 0, SamplerSlots::kMost);
    samplers_.Set(slot, info[1].IsUndefined() ? nullptr : ReadSampler(ToObject(info[1], "sampler")));
    return info.Env().Undefined();
  });
}

// Refuses by rejecting, never by throwing: a caller has one place to look.
Napi::Value NativeContext::Decode(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  try {
    return Guarded(env, [&]() -> Napi::Value {
      Context& context = Idle();
      ReadStep(ToObject(info[0], "batch"), context.limits(), plans_, samplers_, &seat_->step);
      context.CheckPositions(seat_->step);
      context.Arm();
      const Napi::Promise step = AsyncJob::Start(std::unique_ptr<AsyncJob>(new DecodeJob(env, seat_)), "steermoe.decode");
      seat_->busy = true;
      return step;
    });
  } catch (const Napi::Error& error) {
    const Napi::Promise::Deferred deferred = Napi::Promise::Deferred::New(env);
    deferred.Reject(error.Value());
    return deferred.Promise();
  }
}

Napi::Value NativeContext::Logits(const Napi::CallbackInfo& info) {
  return Guarded(info.Env(), [&] {
    const Context& context = Idle();
    const int32_t column = ToInteger(info[0], "column", 0, std::numeric_limits<int32_t>::max());
    const float* logits = context.Logits(column);
    if (logits == nullptr) {
      throw TapError("bad-argument", "Column " + std::to_string(column) + " of the last step has no logits.");
    }
    const size_t count = static_cast<size_t>(context.limits().vocabulary);
    Napi::Float32Array copy = Napi::Float32Array::New(info.Env(), count);
    std::copy_n(logits, count, copy.Data());
    return copy;
  });
}

Napi::Value NativeContext::RemoveSequence(const Napi::CallbackInfo& info) {
  return Guarded(info.Env(), [&] {
    constexpr int32_t kLast = std::numeric_limits<int32_t>::max();
    Context& context = Idle();
    const int32_t from = ToInteger(info[1], "from", 0, kLast), to = ToInteger(info[2], "to", -kLast, kLast);
    return Napi::Boolean::New(info.Env(), context.RemoveSequence(Sequence(info[0], "sequence"), from, to));
  });
}

Napi::Value NativeContext::CopySequence(const Napi::CallbackInfo& info) {
  return Guarded(info.Env(), [&] {
    Context& context = Idle();
    const int32_t length = ToInteger(info[2], "length", 0, std::numeric_limits<int32_t>::max());
    context.CopySequence(Sequence(info[0], "from"), Sequence(info[1], "to"), length);
    return info.Env().Undefined();
  });
}

Napi::Value NativeContext::SequenceEnd(const Napi::CallbackInfo& info) {
  return Guarded(info.Env(), [&] {
    const Context& context = Idle();
    return Napi::Number::New(info.Env(), context.SequenceEnd(Sequence(info[0], "sequence")));
  });
}

Napi::Value NativeContext::Clear(const Napi::CallbackInfo& info) {
  return Guarded(info.Env(), [&] {
    Idle().ClearMemory();
    return info.Env().Undefined();
  });
}

Napi::Value NativeContext::Abort(const Napi::CallbackInfo& info) {
  return Guarded(info.Env(), [&] {
    if (seat_ != nullptr) seat_->context->Abort();
    return info.Env().Undefined();
  });
}

// A running step holds its own share of the seat, and with it the context.
Napi::Value NativeContext::Free(const Napi::CallbackInfo& info) {
  return Guarded(info.Env(), [&] {
    plans_ = PlanSlots();
    samplers_ = SamplerSlots();
    seat_.reset();
    return info.Env().Undefined();
  });
}

}  // namespace steermoe
