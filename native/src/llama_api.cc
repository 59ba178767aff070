#include "llama_api.h"

#include <atomic>
#include <mutex>

#include "shared_library.h"
#include "tap_error.h"

namespace steermoe {

namespace {

LlamaApi table;
std::atomic<bool> attached{false};
std::mutex attaching;

template <typename Function>
void Bind(const SharedLibrary& library, const char* name, Function& pointer) {
  pointer = reinterpret_cast<Function>(library.Find(name));
}

template <typename Function>
void BindCpu(const LlamaApi& api, const char* name, Function& pointer) {
  ggml_backend_dev_t cpu = api.ggml_backend_dev_by_type(GGML_BACKEND_DEVICE_TYPE_CPU);
  void* address =
      cpu == nullptr ? nullptr : api.ggml_backend_reg_get_proc_address(api.ggml_backend_dev_backend_reg(cpu), name);
  if (address == nullptr) {
    throw TapError("symbol-missing", std::string("llama.cpp's CPU backend is not loaded or has no function ") + name + ".");
  }
  pointer = reinterpret_cast<Function>(address);
}

}  // namespace

void AttachLlama(const std::string& llama_path, const std::string& ggml_path, const std::string& base_path) {
  std::lock_guard<std::mutex> lock(attaching);
  const SharedLibrary llama(llama_path), ggml(ggml_path), ggml_base(base_path);
  LlamaApi api;
  Bind(llama, "llama_version", api.llama_version);
  const std::string version = api.llama_version();
  if (version != STEERMOE_LLAMA_VERSION) {
    throw TapError("version-mismatch", "The router tap was built for llama.cpp " STEERMOE_LLAMA_VERSION
                                       ", but llama.cpp " + version + " is loaded; build it again.");
  }
#define STEERMOE_BIND_LLAMA(name) Bind(llama, #name, api.name);
#define STEERMOE_BIND_GGML(name) Bind(ggml, #name, api.name);
#define STEERMOE_BIND_BASE(name) Bind(ggml_base, #name, api.name);
  STEERMOE_LLAMA(STEERMOE_BIND_LLAMA)
  STEERMOE_GGML(STEERMOE_BIND_GGML)
  STEERMOE_GGML_BASE(STEERMOE_BIND_BASE)
  BindCpu(api, "ggml_threadpool_new", api.ggml_threadpool_new);
  BindCpu(api, "ggml_threadpool_free", api.ggml_threadpool_free);
  // A second attach finds the same libraries; models of the first may be using the table, so it is written once.
  if (!attached) {
    table = api;
    attached = true;
  }
}

const LlamaApi& Llama() {
  if (!attached) throw TapError("library-missing", "Call attach() with llama.cpp's libraries first.");
  return table;
}

}  // namespace steermoe
