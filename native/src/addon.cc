#include <napi.h>

#include <limits>

#include "js_values.h"
#include "llama_api.h"
#include "load_job.h"
#include "native_context.h"
#include "native_model.h"
#include "realm.h"
#include "tap_error.h"

namespace steermoe {

namespace {

Napi::Value Attach(const Napi::CallbackInfo& info) {
  return Guarded(info.Env(), [&] {
    const Napi::Object libraries = ToObject(info[0], "libraries");
    AttachLlama(ReadString(libraries, "llama"), ReadString(libraries, "ggml"), ReadString(libraries, "ggmlBase"));
    Napi::Object attached = Napi::Object::New(info.Env());
    attached.Set("version", Llama().llama_version());
    return attached;
  });
}

Napi::Value LoadModel(const Napi::CallbackInfo& info) {
  return Guarded(info.Env(), [&] {
    constexpr int32_t kMost = std::numeric_limits<int32_t>::max();
    Llama();
    const Napi::Object options = ToObject(info[1], "options");
    ModelOptions read;
    read.gpu_layers = ReadInteger(options, "gpuLayers", -kMost, kMost);
    read.cpu_moe_layers = ReadInteger(options, "cpuMoeLayers", -kMost, 4096);
    read.mmap = ReadFlag(options, "mmap", false);
    std::unique_ptr<AsyncJob> job(new LoadJob(info.Env(), ToText(info[0], "path"), read, info[2]));
    return AsyncJob::Start(std::move(job), "steermoe.load");
  });
}

Napi::Object Init(Napi::Env env, Napi::Object exports) {
  Realm* realm = new Realm();
  env.SetInstanceData(realm);
  realm->model_class = Napi::Persistent(NativeModel::Define(env));
  realm->context_class = Napi::Persistent(NativeContext::Define(env));
  exports.Set("builtFor", STEERMOE_LLAMA_VERSION);
  exports.Set("attach", Napi::Function::New<Attach>(env, "attach"));
  exports.Set("loadModel", Napi::Function::New<LoadModel>(env, "loadModel"));
  return exports;
}

}  // namespace

}  // namespace steermoe

static Napi::Object InitAddon(Napi::Env env, Napi::Object exports) { return steermoe::Init(env, exports); }

NODE_API_MODULE(steermoe_tap, InitAddon)
