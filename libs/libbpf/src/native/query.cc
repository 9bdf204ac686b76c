#include "query.h"

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <net/if.h>

#include <vector>

#include "kernel_abi.h"
#include "task.h"

namespace {

template <int (*Next)(uint32_t, uint32_t*)>
Napi::Value Ids(const Napi::CallbackInfo& info) {
  return Call(info.Env(), [&] {
    Napi::Array out = Napi::Array::New(info.Env());
    uint32_t id = 0;
    int result;
    while ((result = Next(id, &id)) == 0) out.Set(out.Length(), id);
    if (result != -ENOENT) Fail(result, "bpf_*_get_next_id");
    return out;
  });
}

struct TcxQuery {
  std::vector<uint32_t> programs, links;
  uint64_t revision = 0;
};

Napi::Value QueryTcx(const Napi::CallbackInfo& info) {
  const uint32_t ifindex = info[0].As<Napi::Number>();
  const auto type = static_cast<bpf_attach_type>(info[1].As<Napi::Number>().Uint32Value());
  return Task<TcxQuery>::Run(
      info.Env(),
      [ifindex, type] {
        // The kernel takes at most 64 programs on one hook.
        TcxQuery query{std::vector<uint32_t>(64), std::vector<uint32_t>(64)};
        LIBBPF_OPTS(bpf_prog_query_opts, opts, .prog_ids = query.programs.data());
        opts.count = query.programs.size();
        opts.link_ids = query.links.data();
        Check(bpf_prog_query_opts(ifindex, type, &opts), "bpf_prog_query_opts");
        query.programs.resize(opts.count);
        query.revision = opts.revision;
        return query;
      },
      [](Napi::Env env, TcxQuery& query) -> Napi::Value {
        Napi::Array programs = Napi::Array::New(env, query.programs.size());
        for (size_t i = 0; i < query.programs.size(); i++) {
          Napi::Object entry = Napi::Object::New(env);
          entry.Set("id", query.programs[i]);
          if (query.links[i] != 0) entry.Set("linkId", query.links[i]);
          programs.Set(i, entry);
        }
        Napi::Object out = Napi::Object::New(env);
        out.Set("revision", static_cast<double>(query.revision));
        out.Set("programs", programs);
        return out;
      });
}

struct XdpQuery {
  uint32_t native, generic, offload;
  uint64_t features;
};

Napi::Value QueryXdp(const Napi::CallbackInfo& info) {
  const uint32_t ifindex = info[0].As<Napi::Number>();
  return Task<XdpQuery>::Run(
      info.Env(),
      [ifindex] {
        LIBBPF_OPTS(bpf_xdp_query_opts, opts);
        Check(bpf_xdp_query(ifindex, 0, &opts), "bpf_xdp_query");
        return XdpQuery{opts.drv_prog_id, opts.skb_prog_id, opts.hw_prog_id, opts.feature_flags};
      },
      [](Napi::Env env, XdpQuery& query) -> Napi::Value {
        Napi::Object out = Napi::Object::New(env);
        out.Set("native", query.native);
        out.Set("generic", query.generic);
        out.Set("offload", query.offload);
        out.Set("features", static_cast<double>(query.features));
        return out;
      });
}

Napi::Value BtfFromKernel(const Napi::CallbackInfo& info) {
  const uint32_t id = info[0].As<Napi::Number>();
  return Call(info.Env(), [&] {
    const std::unique_ptr<btf, decltype(&btf__free)> types(btf__load_from_kernel_by_id(id), btf__free);
    if (!types) Fail(errno, "btf__load_from_kernel_by_id");
    uint32_t size = 0;
    const void* raw = btf__raw_data(types.get(), &size);
    if (raw == nullptr) Fail(errno, "btf__raw_data");
    return Napi::Buffer<uint8_t>::Copy(info.Env(), static_cast<const uint8_t*>(raw), size);
  });
}

Napi::Value InterfaceIndex(const Napi::CallbackInfo& info) {
  const std::string name = info[0].As<Napi::String>();
  return Call(info.Env(), [&] {
    const unsigned index = if_nametoindex(name.c_str());
    if (index == 0) Fail(errno, "if_nametoindex");
    return Napi::Number::New(info.Env(), index);
  });
}

Napi::Value InterfaceName(const Napi::CallbackInfo& info) {
  const uint32_t index = info[0].As<Napi::Number>();
  return Call(info.Env(), [&] {
    char name[IF_NAMESIZE];
    if (if_indextoname(index, name) == nullptr) Fail(errno, "if_indextoname");
    return Napi::String::New(info.Env(), name);
  });
}

template <typename Type, const char* (*Name)(Type)>
Napi::Array Names(Napi::Env env) {
  Napi::Array out = Napi::Array::New(env);
  for (uint32_t i = 0;; i++) {
    const char* name = Name(static_cast<Type>(i));
    if (name == nullptr) return out;
    out.Set(i, name);
  }
}

}  // namespace

void InitQueries(Napi::Env env, Napi::Object exports) {
  exports.Set("programIds", Napi::Function::New<Ids<bpf_prog_get_next_id>>(env));
  exports.Set("mapIds", Napi::Function::New<Ids<bpf_map_get_next_id>>(env));
  exports.Set("linkIds", Napi::Function::New<Ids<bpf_link_get_next_id>>(env));
  exports.Set("queryTcx", Napi::Function::New<QueryTcx>(env));
  exports.Set("queryXdp", Napi::Function::New<QueryXdp>(env));
  exports.Set("btfFromKernel", Napi::Function::New<BtfFromKernel>(env));
  exports.Set("interfaceIndex", Napi::Function::New<InterfaceIndex>(env));
  exports.Set("interfaceName", Napi::Function::New<InterfaceName>(env));
  exports.Set("programTypeNames", Names<bpf_prog_type, libbpf_bpf_prog_type_str>(env));
  exports.Set("mapTypeNames", Names<bpf_map_type, libbpf_bpf_map_type_str>(env));
  exports.Set("attachTypeNames", Names<bpf_attach_type, libbpf_bpf_attach_type_str>(env));
  exports.Set("linkTypeNames", Names<bpf_link_type, libbpf_bpf_link_type_str>(env));
  exports.Set("possibleCpus", libbpf_num_possible_cpus());
  exports.Set("libbpfVersion", libbpf_version_string());
}
