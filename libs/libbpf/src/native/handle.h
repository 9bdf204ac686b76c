// A JavaScript object that owns a file descriptor of the kernel. Work in flight shares the descriptor, so that a close
// meanwhile cannot hand its number to somebody else; the last owner closes it. Garbage collection and the end of the
// environment close it too.
#pragma once

#include <bpf/bpf.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <vector>

#include "task.h"

class Fd {
 public:
  explicit Fd(int value) : value_(value) {}
  ~Fd() { close(value_); }
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  int value() const { return value_; }

 private:
  const int value_;
};

using SharedFd = std::shared_ptr<Fd>;

inline SharedFd OwnFd(int result, const char* call) { return std::make_shared<Fd>(Check(result, call)); }

inline SharedFd DuplicateFd(int fd) {
  const int copy = fcntl(fd, F_DUPFD_CLOEXEC, 3);
  if (copy < 0) Fail(errno, "fcntl");
  return std::make_shared<Fd>(copy);
}

// A pin may hold a map, a program or a link; the kernel opens whichever it is. `kind` is in how /proc
// names it ("anon_inode:bpf-map", "bpf-prog", "bpf-link" or "bpf_link").
inline SharedFd OpenPin(const std::string& path, const char* kind) {
  SharedFd fd = OwnFd(bpf_obj_get(path.c_str()), "bpf_obj_get");
  char target[64] = {};
  const std::string link = "/proc/self/fd/" + std::to_string(fd->value());
  if (readlink(link.c_str(), target, sizeof(target) - 1) < 0) Fail(errno, "readlink");
  if (std::string(target).find(kind) == std::string::npos) Fail(EMEDIUMTYPE, "bpf_obj_get");
  return fd;
}

template <typename T>
class Handle : public Napi::ObjectWrap<T> {
 public:
  // Construction from C++ passes the descriptor through an External; JavaScript has no way to make one.
  explicit Handle(const Napi::CallbackInfo& info) : Napi::ObjectWrap<T>(info) {
    if (info.Length() != 1 || !info[0].IsExternal()) {
      throw Napi::TypeError::New(info.Env(), "a handle is opened by a static method");
    }
    fd_ = *info[0].As<Napi::External<SharedFd>>().Data();
    info.This().As<Napi::Object>().TypeTag(&T::kTag);
  }

  static Napi::Object Wrap(Napi::Env env, SharedFd fd) {
    return T::constructor(env).New({Napi::External<SharedFd>::New(env, &fd)});
  }

  // What every handle offers, added to the methods of the class.
  using Descriptor = Napi::ClassPropertyDescriptor<T>;
  static std::vector<Descriptor> WithCommon(std::vector<Descriptor> methods) {
    methods.push_back(T::InstanceMethod("pin", static_cast<void (T::*)(const Napi::CallbackInfo&)>(&T::Pin)));
    methods.push_back(T::InstanceMethod("close", static_cast<void (T::*)(const Napi::CallbackInfo&)>(&T::Close)));
    methods.push_back(T::InstanceAccessor("fd", static_cast<Napi::Value (T::*)(const Napi::CallbackInfo&)>(&T::FdNumber), nullptr));
    return methods;
  }

  // The descriptor of a handle given as an argument.
  static SharedFd FdOf(const Napi::Value& value) {
    if (!value.IsObject() || !value.As<Napi::Object>().CheckTypeTag(&T::kTag)) {
      throw Napi::TypeError::New(value.Env(), std::string("expected a handle of type ") + T::kName);
    }
    return Call(value.Env(), [&] { return T::Unwrap(value.As<Napi::Object>())->fd(); });
  }

  SharedFd fd() const {
    if (!fd_) Fail(EBADF, T::kName);
    return fd_;
  }

  Napi::Value FdNumber(const Napi::CallbackInfo& info) {
    return Call(info.Env(), [&] { return Napi::Number::New(info.Env(), fd()->value()); });
  }

  void Close(const Napi::CallbackInfo&) { fd_.reset(); }

  void Pin(const Napi::CallbackInfo& info) {
    const std::string path = info[0].As<Napi::String>();
    Call(info.Env(), [&] { Check(bpf_obj_pin(fd()->value(), path.c_str()), "bpf_obj_pin"); });
  }

 private:
  SharedFd fd_;
};

// What an environment (the main thread or a worker) keeps: the constructors of its handles.
struct Constructors {
  Napi::FunctionReference object, map, program, link, ring_buffer, run_time_stats;
  static Constructors& Of(Napi::Env env) { return *env.GetInstanceData<Constructors>(); }
};
