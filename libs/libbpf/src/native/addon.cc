// The addon's entry: installs libbpf's print callback once per process and the handle classes once per environment.
#include <mutex>

#include "kernel_abi.h"
#include "link.h"
#include "map.h"
#include "object.h"
#include "probe.h"
#include "program.h"
#include "query.h"
#include "ring_buffer.h"
#include "run_time_stats.h"

namespace {

std::once_flag print_installed;

Napi::Object Init(Napi::Env env, Napi::Object exports) {
  std::call_once(print_installed, InstallPrintCallback);
  env.SetInstanceData(new Constructors);
  Object::Init(env, exports);
  Map::Init(env, exports);
  Program::Init(env, exports);
  Link::Init(env, exports);
  RingBuffer::Init(env, exports);
  RunTimeStats::Init(env, exports);
  InitQueries(env, exports);
  InitProbes(env, exports);
  return exports;
}

}  // namespace

NODE_API_MODULE(underware_libbpf, Init)
