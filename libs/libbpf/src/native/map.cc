#include "map.h"

#include <bpf/libbpf.h>

#include <cstring>
#include <vector>

#include "program.h"

namespace {

using Bytes = std::vector<uint8_t>;

bool IsPerCpu(uint32_t type) {
  return type == BPF_MAP_TYPE_PERCPU_HASH || type == BPF_MAP_TYPE_PERCPU_ARRAY ||
         type == BPF_MAP_TYPE_LRU_PERCPU_HASH || type == BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE;
}

Bytes Copy(const Napi::Value& value) {
  const auto bytes = value.As<Napi::Uint8Array>();
  return Bytes(bytes.Data(), bytes.Data() + bytes.ByteLength());
}

Napi::Value ToBuffer(Napi::Env env, const Bytes& bytes) {
  return Napi::Buffer<uint8_t>::Copy(env, bytes.data(), bytes.size());
}

bpf_map_info InfoOf(int fd) {
  bpf_map_info info = {};
  uint32_t size = sizeof(info);
  Check(bpf_map_get_info_by_fd(fd, &info, &size), "bpf_map_get_info_by_fd");
  return info;
}

struct Page {
  Bytes keys, values, cursor;
  uint32_t count = 0;
  bool done = false;
};

}  // namespace

Map::Map(const Napi::CallbackInfo& info) : Handle(info) {
  Call(info.Env(), [&] {
    const bpf_map_info map = InfoOf(fd()->value());
    key_size_ = map.key_size;
    value_size_ = map.value_size;
    if (IsPerCpu(map.type)) value_size_ = ((value_size_ + 7) / 8 * 8) * Check(libbpf_num_possible_cpus(), "libbpf_num_possible_cpus");
  });
}

void Map::Init(Napi::Env env, Napi::Object exports) {
  Napi::Function f = DefineClass(env, "Map", WithCommon({
      StaticMethod<&Map::FromPin>("fromPin"),
      StaticMethod<&Map::FromId>("fromId"),
      StaticMethod<&Map::Create>("create"),
      InstanceMethod<&Map::Info>("info"),
      InstanceMethod<&Map::Lookup>("lookup"),
      InstanceMethod<&Map::Update>("update"),
      InstanceMethod<&Map::UpdateSlow>("updateSlow"),
      InstanceMethod<&Map::Delete>("delete"),
      InstanceMethod<&Map::NextKey>("nextKey"),
      InstanceMethod<&Map::LookupBatch>("lookupBatch"),
      InstanceMethod<&Map::UpdateBatch>("updateBatch"),
      InstanceMethod<&Map::DeleteBatch>("deleteBatch"),
      InstanceMethod<&Map::Freeze>("freeze"),
  }));
  Constructors::Of(env).map = Napi::Persistent(f);
  exports.Set("Map", f);
}

Napi::Value Map::FromPin(const Napi::CallbackInfo& info) {
  const std::string path = info[0].As<Napi::String>();
  return Call(info.Env(), [&] { return Wrap(info.Env(), OpenPin(path, "-map")); });
}

Napi::Value Map::FromId(const Napi::CallbackInfo& info) {
  const uint32_t id = info[0].As<Napi::Number>();
  return Call(info.Env(), [&] { return Wrap(info.Env(), OwnFd(bpf_map_get_fd_by_id(id), "bpf_map_get_fd_by_id")); });
}

Napi::Value Map::Create(const Napi::CallbackInfo& info) {
  const auto options = info[0].As<Napi::Object>();
  const std::string name = options.Get("name").As<Napi::String>();
  const auto number = [&](const char* field) { return options.Get(field).As<Napi::Number>().Uint32Value(); };
  SharedFd inner = options.Get("inner").IsUndefined() ? nullptr : FdOf(options.Get("inner"));
  return Call(info.Env(), [&] {
    LIBBPF_OPTS(bpf_map_create_opts, opts, .inner_map_fd = inner ? static_cast<uint32_t>(inner->value()) : 0,
                .map_flags = number("flags"));
    return Wrap(info.Env(), OwnFd(bpf_map_create(static_cast<bpf_map_type>(number("type")), name.c_str(), number("keySize"),
                                                 number("valueSize"), number("maxEntries"), &opts),
                                  "bpf_map_create"));
  });
}

Napi::Value Map::Info(const Napi::CallbackInfo& info) {
  return Call(info.Env(), [&] {
    const bpf_map_info map = InfoOf(fd()->value());
    Napi::Object out = Napi::Object::New(info.Env());
    out.Set("id", map.id);
    out.Set("type", map.type);
    out.Set("name", std::string(map.name, strnlen(map.name, sizeof(map.name))));
    out.Set("keySize", map.key_size);
    out.Set("valueSize", map.value_size);
    out.Set("maxEntries", map.max_entries);
    out.Set("flags", map.map_flags);
    out.Set("btfId", map.btf_id);
    out.Set("btfKeyTypeId", map.btf_key_type_id);
    out.Set("btfValueTypeId", map.btf_value_type_id);
    out.Set("perCpu", IsPerCpu(map.type));
    return out;
  });
}

// The kernel copies key and value sizes without asking: a shorter buffer would be read beyond its end.
const uint8_t* Map::Bytes(const Napi::Value& value, size_t size) const {
  if (!value.IsTypedArray()) throw Napi::TypeError::New(value.Env(), "expected a Uint8Array");
  const auto bytes = value.As<Napi::Uint8Array>();
  if (bytes.ByteLength() != size) {
    throw Napi::RangeError::New(value.Env(), "expected " + std::to_string(size) + " bytes, got " + std::to_string(bytes.ByteLength()));
  }
  return bytes.Data();
}

Napi::Value Map::Lookup(const Napi::CallbackInfo& info) {
  const uint8_t* key = Bytes(info[0], key_size_);
  auto value = Napi::Buffer<uint8_t>::New(info.Env(), value_size_);
  return Call(info.Env(), [&]() -> Napi::Value {
    const int result = bpf_map_lookup_elem(fd()->value(), key, value.Data());
    if (result == -ENOENT) return info.Env().Undefined();
    Check(result, "bpf_map_lookup_elem");
    return value;
  });
}

void Map::Update(const Napi::CallbackInfo& info) {
  const uint8_t* key = Bytes(info[0], key_size_);
  const uint32_t flags = info[2].As<Napi::Number>();
  // Maps of programs and of maps take a descriptor as value.
  SharedFd held;
  int number = 0;
  const void* value = &number;
  if (info[1].IsTypedArray()) {
    value = Bytes(info[1], value_size_);
  } else {
    held = Program::FdOf(info[1]);
    number = held->value();
    if (value_size_ != sizeof(number)) throw Napi::RangeError::New(info.Env(), "this map's values are no handles");
  }
  Call(info.Env(), [&] { Check(bpf_map_update_elem(fd()->value(), key, value, flags), "bpf_map_update_elem"); });
}

// An update of a map of maps waits for a grace period, so it runs off the event loop.
Napi::Value Map::UpdateSlow(const Napi::CallbackInfo& info) {
  Bytes(info[0], key_size_);
  SharedFd inner = FdOf(info[1]);
  if (value_size_ != sizeof(int)) throw Napi::RangeError::New(info.Env(), "this map's values are no handles");
  return Call(info.Env(), [&] {
    return RunTask(info.Env(), [map = fd(), key = Copy(info[0]), inner, flags = info[2].As<Napi::Number>().Uint32Value()] {
      const int value = inner->value();
      Check(bpf_map_update_elem(map->value(), key.data(), &value, flags), "bpf_map_update_elem");
    });
  });
}

Napi::Value Map::Delete(const Napi::CallbackInfo& info) {
  const uint8_t* key = Bytes(info[0], key_size_);
  return Call(info.Env(), [&] {
    const int result = bpf_map_delete_elem(fd()->value(), key);
    if (result != -ENOENT) Check(result, "bpf_map_delete_elem");
    return Napi::Boolean::New(info.Env(), result == 0);
  });
}

Napi::Value Map::NextKey(const Napi::CallbackInfo& info) {
  const uint8_t* key = info[0].IsUndefined() ? nullptr : Bytes(info[0], key_size_);
  auto next = Napi::Buffer<uint8_t>::New(info.Env(), key_size_);
  return Call(info.Env(), [&]() -> Napi::Value {
    const int result = bpf_map_get_next_key(fd()->value(), key, next.Data());
    if (result == -ENOENT) return info.Env().Undefined();
    Check(result, "bpf_map_get_next_key");
    return next;
  });
}

Napi::Value Map::LookupBatch(const Napi::CallbackInfo& info) {
  const size_t cursor_size = std::max<size_t>(key_size_, 8);
  const bool first = info[0].IsUndefined();
  if (!first) Bytes(info[0], cursor_size);
  return Call(info.Env(), [&] {
    return Task<Page>::Run(
        info.Env(),
        [map = fd(), first, cursor = first ? ::Bytes() : Copy(info[0]), count = info[1].As<Napi::Number>().Uint32Value(),
         key_size = key_size_, value_size = value_size_, cursor_size]() mutable {
          Page page;
          page.count = count;
          page.keys.resize(size_t{count} * key_size);
          page.values.resize(size_t{count} * value_size);
          page.cursor.resize(cursor_size);
          const int result = bpf_map_lookup_batch(map->value(), first ? nullptr : cursor.data(), page.cursor.data(),
                                                  page.keys.data(), page.values.data(), &page.count, nullptr);
          if (result < 0 && result != -ENOENT) Fail(result, "bpf_map_lookup_batch");
          page.done = result == -ENOENT;
          page.keys.resize(size_t{page.count} * key_size);
          page.values.resize(size_t{page.count} * value_size);
          return page;
        },
        [](Napi::Env env, Page& page) -> Napi::Value {
          Napi::Object out = Napi::Object::New(env);
          out.Set("keys", ToBuffer(env, page.keys));
          out.Set("values", ToBuffer(env, page.values));
          out.Set("cursor", ToBuffer(env, page.cursor));
          out.Set("count", page.count);
          out.Set("done", page.done);
          return out;
        });
  });
}

Napi::Value Map::UpdateBatch(const Napi::CallbackInfo& info) {
  const uint32_t count = info[2].As<Napi::Number>();
  Bytes(info[0], size_t{count} * key_size_);
  Bytes(info[1], size_t{count} * value_size_);
  return Call(info.Env(), [&] {
    return RunTask(info.Env(), [map = fd(), keys = Copy(info[0]), values = Copy(info[1]), count,
                                flags = info[3].As<Napi::Number>().Uint32Value()] {
      LIBBPF_OPTS(bpf_map_batch_opts, opts, .elem_flags = flags);
      uint32_t done = count;
      Check(bpf_map_update_batch(map->value(), keys.data(), values.data(), &done, &opts), "bpf_map_update_batch");
    });
  });
}

Napi::Value Map::DeleteBatch(const Napi::CallbackInfo& info) {
  const uint32_t count = info[1].As<Napi::Number>();
  Bytes(info[0], size_t{count} * key_size_);
  return Call(info.Env(), [&] {
    return RunTask(info.Env(), [map = fd(), keys = Copy(info[0]), count] {
      uint32_t done = count;
      Check(bpf_map_delete_batch(map->value(), keys.data(), &done, nullptr), "bpf_map_delete_batch");
    });
  });
}

void Map::Freeze(const Napi::CallbackInfo& info) {
  Call(info.Env(), [&] { Check(bpf_map_freeze(fd()->value()), "bpf_map_freeze"); });
}
