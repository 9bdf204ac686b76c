// How a failed libbpf call leaves C++: one exception type with errno, the call and what libbpf printed meanwhile.
#pragma once

#include <napi.h>

#include <string>

struct Failure {
  int error;
  std::string call;
  std::string log;
};

// Collects what libbpf prints on this thread while it lives. libbpf's print callback is process-wide, the buffer is
// per thread, so calls on several threads do not mix.
class LogCapture {
 public:
  LogCapture();
  ~LogCapture();
  LogCapture(const LogCapture&) = delete;
  LogCapture& operator=(const LogCapture&) = delete;

 private:
  std::string* previous_;
  std::string text_;
};

void InstallPrintCallback();

[[noreturn]] void Fail(int error, const char* call);

// Passes a libbpf result on, or throws when it is negative.
int Check(int result, const char* call);

Napi::Error ToError(Napi::Env env, const Failure& failure);

// Runs a short call on the event loop's thread and turns a Failure into a JavaScript exception.
template <typename F>
auto Call(Napi::Env env, F&& f) {
  LogCapture capture;
  try {
    return f();
  } catch (const Failure& failure) {
    throw ToError(env, failure);
  }
}
