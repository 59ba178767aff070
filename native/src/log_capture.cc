#include "log_capture.h"

#include <mutex>

#include "llama_api.h"

namespace steermoe {

namespace {

std::mutex installing;
int captures = 0;
ggml_log_callback owner = nullptr;
thread_local std::vector<std::string>* kept = nullptr;

// Our callback keeps the owner's user data, so that a line logged on another thread during the exchange finds a
// callback and its data that belong together either way.
void OnLine(ggml_log_level level, const char* text, void* user_data) {
  if (level == GGML_LOG_LEVEL_ERROR && kept != nullptr && text != nullptr) {
    try {
      kept->emplace_back(text);
    } catch (...) {  // A lost line is no reason to fail.
    }
  }
  if (owner != nullptr) owner(level, text, user_data);
}

std::string Trimmed(const std::string& line) {
  const size_t end = line.find_last_not_of(" \r\n");
  return end == std::string::npos ? "" : line.substr(0, end + 1);
}

}  // namespace

LogCapture::LogCapture() : outer_(kept) {
  std::lock_guard<std::mutex> lock(installing);
  kept = &lines_;
  if (captures++ > 0) return;
  void* user_data = nullptr;
  ggml_log_callback current = nullptr;
  Llama().llama_log_get(&current, &user_data);
  if (current == OnLine) return;
  owner = current;
  Llama().llama_log_set(OnLine, user_data);
}

LogCapture::~LogCapture() {
  std::lock_guard<std::mutex> lock(installing);
  kept = outer_;
  if (--captures > 0) return;
  void* user_data = nullptr;
  ggml_log_callback current = nullptr;
  Llama().llama_log_get(&current, &user_data);
  if (current == OnLine) Llama().llama_log_set(owner, user_data);
}

// The first line is the cause, and later ones what followed from it. It begins with the names of functions.
std::string LogCapture::Reason() const {
  if (lines_.empty()) return "";
  const std::string& line = lines_.front();
  const std::string mark = "error loading model: ";
  size_t from = line.find(mark);
  if (from != std::string::npos) return Trimmed(line.substr(from + mark.size()));
  from = line.find(": ");
  return Trimmed(from == std::string::npos || line.find(' ') < from ? line : line.substr(from + 2));
}

}  // namespace steermoe
