#pragma once

#include <string>
#include <vector>

namespace steermoe {

/**
 * While it lives, llama.cpp's error lines of this thread are also kept here, because a failed load says why only in
 * the log. llama.cpp has one logger for the process and its owner stays in place: each line goes on to it.
 */
class LogCapture {
 public:
  LogCapture();
  ~LogCapture();
  LogCapture(const LogCapture&) = delete;
  LogCapture& operator=(const LogCapture&) = delete;

  /** Why it failed in llama.cpp's words, or an empty string. */
  std::string Reason() const;

 private:
  std::vector<std::string> lines_;
  std::vector<std::string>* outer_;
};

}  // namespace steermoe
