#pragma once

#include <napi.h>

// What the running kernel supports, found by trying. Each probe loads tiny programs or makes small maps, off the loop.
void InitProbes(Napi::Env env, Napi::Object exports);
