#include "failure.h"

#include <bpf/libbpf.h>

#include <cstdarg>
#include <cstring>

namespace {

thread_local std::string* current_log = nullptr;

int Print(enum libbpf_print_level level, const char* format, va_list args) {
  if (level == LIBBPF_DEBUG || current_log == nullptr) return 0;
  va_list again;
  va_copy(again, args);
  const int length = vsnprintf(nullptr, 0, format, args);
  if (length > 0) {
    const size_t start = current_log->size();
    current_log->resize(start + length + 1);
    vsnprintf(current_log->data() + start, length + 1, format, again);
    current_log->resize(start + length);
  }
  va_end(again);
  return length;
}

}  // namespace

LogCapture::LogCapture() : previous_(current_log) { current_log = &text_; }
LogCapture::~LogCapture() { current_log = previous_; }

void InstallPrintCallback() { libbpf_set_print(Print); }

void Fail(int error, const char* call) {
  throw Failure{error < 0 ? -error : error, call, current_log == nullptr ? "" : *current_log};
}

int Check(int result, const char* call) {
  if (result < 0) Fail(-result, call);
  return result;
}

Napi::Error ToError(Napi::Env env, const Failure& failure) {
  char text[256];
  libbpf_strerror(failure.error, text, sizeof(text));
  Napi::Error error = Napi::Error::New(env, text);
  error.Set("errno", Napi::Number::New(env, failure.error));
  error.Set("call", Napi::String::New(env, failure.call));
  error.Set("log", Napi::String::New(env, failure.log));
  return error;
}
