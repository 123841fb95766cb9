// Applies TF_CPP_MIN_LOG_LEVEL (0 all, 1 warnings, 2 errors, 3 fatal errors) from the beginning: TensorFlow itself applies
// it when it is initialised, after the loading of its library has told of oneDNN. Loaded before that library and for all to
// see, this is the function that its logging asks whether a message is to be shown.
#include <algorithm>
#include <cstdlib>

#include "absl/log/globals.h"

#define EXPORT __attribute__((visibility("default")))

namespace absl {
ABSL_NAMESPACE_BEGIN

EXPORT LogSeverityAtLeast MinLogLevel() {
  static const LogSeverityAtLeast level = [] {
    const char* text = std::getenv("TF_CPP_MIN_LOG_LEVEL");
    return static_cast<LogSeverityAtLeast>(std::clamp(text == nullptr ? 0 : std::atoi(text), 0, 3));
  }();
  return level;
}

ABSL_NAMESPACE_END
}  // namespace absl

// To Node this is a module with nothing in it. It registers itself, as older modules do: the function by name that newer
// ones export would here be seen by all and take the place of theirs.
struct NodeModule {
  int version;
  unsigned flags;
  const char* file;
  void* (*initialise)(void* environment, void* exports);
  const char* name;
  void* data;
  void* reserved[4];
};

extern "C" void napi_module_register(NodeModule* module);

namespace {

NodeModule module = {1, 0, __FILE__, [](void*, void* exports) { return exports; }, "logging", nullptr, {}};

[[gnu::constructor]] void Register() { napi_module_register(&module); }

}  // namespace
