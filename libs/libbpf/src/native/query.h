#pragma once

#include <napi.h>

// Questions to the kernel that need no handle: ids, what is attached to a device, BTF by id, names of devices.
void InitQueries(Napi::Env env, Napi::Object exports);
