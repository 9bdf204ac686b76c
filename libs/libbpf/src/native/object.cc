#include "object.h"

#include <bpf/btf.h>

#include <vector>

#include "map.h"
#include "program.h"

using SharedState = std::shared_ptr<Object::State>;

void Object::Init(Napi::Env env, Napi::Object exports) {
  Napi::Function f = DefineClass(env, "Object",
                                 {StaticMethod<&Object::Open>("open"),
                                  InstanceMethod<&Object::Programs>("programs"),
                                  InstanceMethod<&Object::Maps>("maps"),
                                  InstanceMethod<&Object::Btf>("btf"),
                                  InstanceMethod<&Object::SetAutoload>("setAutoload"),
                                  InstanceMethod<&Object::SetMaxEntries>("setMaxEntries"),
                                  InstanceMethod<&Object::SetPinPath>("setPinPath"),
                                  InstanceMethod<&Object::ReuseMap>("reuseMap"),
                                  InstanceMethod<&Object::InitialValue>("initialValue"),
                                  InstanceMethod<&Object::SetInitialValue>("setInitialValue"),
                                  InstanceMethod<&Object::Load>("load"),
                                  InstanceMethod<&Object::ProgramByName>("program"),
                                  InstanceMethod<&Object::MapByName>("map"),
                                  InstanceMethod<&Object::Close>("close")});
  Constructors::Of(env).object = Napi::Persistent(f);
  exports.Set("Object", f);
}

Object::Object(const Napi::CallbackInfo& info) : Napi::ObjectWrap<Object>(info) {
  if (info.Length() != 1 || !info[0].IsExternal()) {
    throw Napi::TypeError::New(info.Env(), "an object is opened by Object.open");
  }
  state_ = *info[0].As<Napi::External<SharedState>>().Data();
}

Napi::Value Object::Open(const Napi::CallbackInfo& info) {
  const auto bytes = info[0].As<Napi::Uint8Array>();
  return Task<SharedState>::Run(
      info.Env(),
      [elf = std::vector<uint8_t>(bytes.Data(), bytes.Data() + bytes.ByteLength()),
       name = info[1].As<Napi::String>().Utf8Value()] {
        LIBBPF_OPTS(bpf_object_open_opts, opts, .object_name = name.c_str());
        bpf_object* object = bpf_object__open_mem(elf.data(), elf.size(), &opts);
        if (object == nullptr) Fail(errno, "bpf_object__open_mem");
        return std::make_shared<State>(object);
      },
      [](Napi::Env env, SharedState& state) -> Napi::Value {
        return Constructors::Of(env).object.New({Napi::External<SharedState>::New(env, &state)});
      });
}

bpf_object* Object::object() const {
  if (!state_) Fail(EBADF, "bpf_object");
  if (state_->busy) Fail(EBUSY, "bpf_object");
  return state_->object;
}

bpf_map* Object::FindMap(const std::string& name) const {
  bpf_map* map = bpf_object__find_map_by_name(object(), name.c_str());
  if (map == nullptr) Fail(ENOENT, "bpf_object__find_map_by_name");
  return map;
}

bpf_program* Object::FindProgram(const std::string& name) const {
  bpf_program* program = bpf_object__find_program_by_name(object(), name.c_str());
  if (program == nullptr) Fail(ENOENT, "bpf_object__find_program_by_name");
  return program;
}

Napi::Value Object::Programs(const Napi::CallbackInfo& info) {
  return Call(info.Env(), [&] {
    Napi::Array out = Napi::Array::New(info.Env());
    bpf_program* program;
    bpf_object__for_each_program(program, object()) {
      Napi::Object entry = Napi::Object::New(info.Env());
      entry.Set("name", bpf_program__name(program));
      entry.Set("type", static_cast<uint32_t>(bpf_program__type(program)));
      entry.Set("section", bpf_program__section_name(program));
      entry.Set("autoload", bpf_program__autoload(program));
      entry.Set("expectedAttachType", static_cast<uint32_t>(bpf_program__expected_attach_type(program)));
      entry.Set("instructions", static_cast<double>(bpf_program__insn_cnt(program)));
      out.Set(out.Length(), entry);
    }
    return out;
  });
}

Napi::Value Object::Maps(const Napi::CallbackInfo& info) {
  return Call(info.Env(), [&] {
    Napi::Array out = Napi::Array::New(info.Env());
    bpf_map* map;
    bpf_object__for_each_map(map, object()) {
      Napi::Object entry = Napi::Object::New(info.Env());
      entry.Set("name", bpf_map__name(map));
      entry.Set("type", static_cast<uint32_t>(bpf_map__type(map)));
      entry.Set("keySize", bpf_map__key_size(map));
      entry.Set("valueSize", bpf_map__value_size(map));
      entry.Set("maxEntries", bpf_map__max_entries(map));
      entry.Set("flags", bpf_map__map_flags(map));
      entry.Set("btfKeyTypeId", bpf_map__btf_key_type_id(map));
      entry.Set("btfValueTypeId", bpf_map__btf_value_type_id(map));
      entry.Set("internal", bpf_map__is_internal(map));
      const char* pin = bpf_map__pin_path(map);
      if (pin != nullptr) entry.Set("pinPath", pin);
      out.Set(out.Length(), entry);
    }
    return out;
  });
}

Napi::Value Object::Btf(const Napi::CallbackInfo& info) {
  return Call(info.Env(), [&]() -> Napi::Value {
    const btf* types = bpf_object__btf(object());
    if (types == nullptr) return info.Env().Undefined();
    uint32_t size = 0;
    const void* raw = btf__raw_data(types, &size);
    if (raw == nullptr) Fail(errno, "btf__raw_data");
    return Napi::Buffer<uint8_t>::Copy(info.Env(), static_cast<const uint8_t*>(raw), size);
  });
}

void Object::SetAutoload(const Napi::CallbackInfo& info) {
  const std::string name = info[0].As<Napi::String>();
  const bool on = info[1].As<Napi::Boolean>();
  Call(info.Env(), [&] { Check(bpf_program__set_autoload(FindProgram(name), on), "bpf_program__set_autoload"); });
}

void Object::SetMaxEntries(const Napi::CallbackInfo& info) {
  const std::string name = info[0].As<Napi::String>();
  const uint32_t entries = info[1].As<Napi::Number>();
  Call(info.Env(), [&] { Check(bpf_map__set_max_entries(FindMap(name), entries), "bpf_map__set_max_entries"); });
}

void Object::SetPinPath(const Napi::CallbackInfo& info) {
  const std::string name = info[0].As<Napi::String>();
  const std::string path = info[1].IsUndefined() ? "" : info[1].As<Napi::String>().Utf8Value();
  Call(info.Env(), [&] {
    Check(bpf_map__set_pin_path(FindMap(name), path.empty() ? nullptr : path.c_str()), "bpf_map__set_pin_path");
  });
}

void Object::ReuseMap(const Napi::CallbackInfo& info) {
  const std::string name = info[0].As<Napi::String>();
  SharedFd fd = Map::FdOf(info[1]);
  Call(info.Env(), [&] { Check(bpf_map__reuse_fd(FindMap(name), fd->value()), "bpf_map__reuse_fd"); });
}

Napi::Value Object::InitialValue(const Napi::CallbackInfo& info) {
  const std::string name = info[0].As<Napi::String>();
  return Call(info.Env(), [&]() -> Napi::Value {
    size_t size = 0;
    const void* value = bpf_map__initial_value(FindMap(name), &size);
    if (value == nullptr) return info.Env().Undefined();
    return Napi::Buffer<uint8_t>::Copy(info.Env(), static_cast<const uint8_t*>(value), size);
  });
}

void Object::SetInitialValue(const Napi::CallbackInfo& info) {
  const std::string name = info[0].As<Napi::String>();
  const auto bytes = info[1].As<Napi::Uint8Array>();
  Call(info.Env(), [&] {
    Check(bpf_map__set_initial_value(FindMap(name), bytes.Data(), bytes.ByteLength()), "bpf_map__set_initial_value");
  });
}

// libbpf loads without a log, and after a rejection once more with a log that grows until it holds everything.
Napi::Value Object::Load(const Napi::CallbackInfo& info) {
  return Call(info.Env(), [&] {
    object();
    state_->busy = true;
    // Goes with the task, on the loop's thread and before anyone learns of the result.
    std::shared_ptr<State> busy(state_.get(), [state = state_](State*) { state->busy = false; });
    return RunTask(info.Env(), [busy] { Check(bpf_object__load(busy->object), "bpf_object__load"); });
  });
}

Napi::Value Object::ProgramByName(const Napi::CallbackInfo& info) {
  const std::string name = info[0].As<Napi::String>();
  return Call(info.Env(), [&] {
    return Program::Wrap(info.Env(), DuplicateFd(Check(bpf_program__fd(FindProgram(name)), "bpf_program__fd")));
  });
}

Napi::Value Object::MapByName(const Napi::CallbackInfo& info) {
  const std::string name = info[0].As<Napi::String>();
  return Call(info.Env(), [&] {
    return Map::Wrap(info.Env(), DuplicateFd(Check(bpf_map__fd(FindMap(name)), "bpf_map__fd")));
  });
}

void Object::Close(const Napi::CallbackInfo&) { state_.reset(); }
