#pragma once

#include <bpf/libbpf.h>

#include <memory>

#include "handle.h"

// An opened ELF object. libbpf's objects are not thread-safe: while a load is in flight every other call is refused with
// EBUSY, and a close takes effect when the load has ended.
class Object : public Napi::ObjectWrap<Object> {
 public:
  static void Init(Napi::Env env, Napi::Object exports);
  explicit Object(const Napi::CallbackInfo& info);

  struct State {
    explicit State(bpf_object* object) : object(object) {}
    ~State() { bpf_object__close(object); }
    bpf_object* const object;
    bool busy = false;
  };

 private:
  static Napi::Value Open(const Napi::CallbackInfo& info);

  Napi::Value Programs(const Napi::CallbackInfo& info);
  Napi::Value Maps(const Napi::CallbackInfo& info);
  Napi::Value Btf(const Napi::CallbackInfo& info);
  void SetAutoload(const Napi::CallbackInfo& info);
  void SetMaxEntries(const Napi::CallbackInfo& info);
  void SetPinPath(const Napi::CallbackInfo& info);
  void ReuseMap(const Napi::CallbackInfo& info);
  Napi::Value InitialValue(const Napi::CallbackInfo& info);
  void SetInitialValue(const Napi::CallbackInfo& info);
  Napi::Value Load(const Napi::CallbackInfo& info);
  Napi::Value ProgramByName(const Napi::CallbackInfo& info);
  Napi::Value MapByName(const Napi::CallbackInfo& info);
  void Close(const Napi::CallbackInfo& info);

  bpf_object* object() const;
  bpf_map* FindMap(const std::string& name) const;
  bpf_program* FindProgram(const std::string& name) const;

  std::shared_ptr<State> state_;
};
