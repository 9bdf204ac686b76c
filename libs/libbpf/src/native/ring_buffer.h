#pragma once

#include <bpf/libbpf.h>
#include <uv.h>

#include <vector>

#include "handle.h"

// Consumes a ring buffer on the event loop: the ring's epoll descriptor wakes the loop, records are copied out and
// handed over in one call per wake-up. At most kBatch records are taken at a time so that a flood cannot starve the loop.
class RingBuffer : public Napi::ObjectWrap<RingBuffer> {
 public:
  static void Init(Napi::Env env, Napi::Object exports);
  explicit RingBuffer(const Napi::CallbackInfo& info);
  ~RingBuffer() override;

 private:
  static constexpr size_t kBatch = 1024;

  static int OnRecord(void* context, void* data, size_t size);
  static void OnReadable(uv_poll_t* poll, int status, int events);

  Napi::Value Consume(const Napi::CallbackInfo& info);
  void SetReferenced(const Napi::CallbackInfo& info);
  void Close(const Napi::CallbackInfo& info);

  int Drain();
  void Stop();

  ring_buffer* ring_ = nullptr;
  SharedFd map_;
  uv_poll_t* poll_ = nullptr;
  napi_async_cleanup_hook_handle cleanup_ = nullptr;
  Napi::FunctionReference callback_;
  napi_async_context context_ = nullptr;
  std::vector<std::vector<uint8_t>> records_;
};
