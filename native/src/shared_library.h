#pragma once

#include <string>

namespace steermoe {

/** A library that is in this process already. It is never loaded by us, and never unloaded. */
class SharedLibrary {
 public:
  /** Throws TapError "library-missing" when no library of that path is loaded. */
  explicit SharedLibrary(const std::string& path);

  /** Throws TapError "symbol-missing". */
  void* Find(const char* symbol) const;

 private:
  std::string path_;
  void* handle_;
};

}  // namespace steermoe
