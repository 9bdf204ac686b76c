// Work off the event loop: `work` runs on a pool thread and must touch no JavaScript, `convert` runs back on the loop.
#pragma once

#include <functional>
#include <optional>

#include "failure.h"

template <typename T>
class Task : public Napi::AsyncWorker {
 public:
  using Work = std::function<T()>;
  using Convert = std::function<Napi::Value(Napi::Env, T&)>;

  static Napi::Value Run(Napi::Env env, Work work, Convert convert) {
    auto* task = new Task(env, std::move(work), std::move(convert));
    Napi::Promise promise = task->deferred_.Promise();
    task->Queue();
    return promise;
  }

 protected:
  void Execute() override {
    LogCapture capture;
    try {
      result_.emplace(work_());
    } catch (const Failure& failure) {
      failure_ = failure;
    } catch (const std::exception& error) {
      SetError(error.what());
    }
  }

  void OnOK() override {
    if (failure_) {
      deferred_.Reject(ToError(Env(), *failure_).Value());
    } else {
      deferred_.Resolve(convert_(Env(), *result_));
    }
  }

  void OnError(const Napi::Error& error) override { deferred_.Reject(error.Value()); }

 private:
  Task(Napi::Env env, Work work, Convert convert)
      : Napi::AsyncWorker(env),
        deferred_(Napi::Promise::Deferred::New(env)),
        work_(std::move(work)),
        convert_(std::move(convert)) {}

  Napi::Promise::Deferred deferred_;
  Work work_;
  Convert convert_;
  std::optional<T> result_;
  std::optional<Failure> failure_;
};

// For calls whose only result is that they succeeded.
inline Napi::Value RunTask(Napi::Env env, std::function<void()> work) {
  return Task<bool>::Run(
      env,
      [work = std::move(work)] {
        work();
        return true;
      },
      [](Napi::Env env, bool&) -> Napi::Value { return env.Undefined(); });
}
