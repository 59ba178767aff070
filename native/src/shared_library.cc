#include "shared_library.h"

#include "tap_error.h"

#ifdef _WIN32
#include <windows.h>
#else
#include <dlfcn.h>
#endif

namespace steermoe {

namespace {

#ifdef _WIN32
// Not run yet on Windows.
void* Open(const std::string& path) {
  const int length = MultiByteToWideChar(CP_UTF8, 0, path.c_str(), -1, nullptr, 0);
  if (length <= 0) return nullptr;
  std::wstring wide(static_cast<size_t>(length), L'\0');
  MultiByteToWideChar(CP_UTF8, 0, path.c_str(), -1, &wide[0], length);
  return reinterpret_cast<void*>(GetModuleHandleW(wide.c_str()));
}

void* Look(void* handle, const char* symbol) {
  return reinterpret_cast<void*>(GetProcAddress(reinterpret_cast<HMODULE>(handle), symbol));
}
#else
void* Open(const std::string& path) { return dlopen(path.c_str(), RTLD_NOLOAD | RTLD_NOW); }

void* Look(void* handle, const char* symbol) { return dlsym(handle, symbol); }
#endif

}  // namespace

SharedLibrary::SharedLibrary(const std::string& path) : path_(path), handle_(Open(path)) {
  if (handle_ == nullptr) {
    throw TapError("library-missing", "The library " + path + " is not loaded in this process; load llama.cpp first.");
  }
}

void* SharedLibrary::Find(const char* symbol) const {
  void* address = Look(handle_, symbol);
  if (address == nullptr) {
    throw TapError("symbol-missing", "The library " + path_ + " has no function " + symbol + ".");
  }
  return address;
}

}  // namespace steermoe
