// Node-API's entry point. There is nothing in it for JavaScript: TensorFlow knows the ops once the file is
// loaded.
extern "C" __attribute__((visibility("default"))) void* napi_register_module_v1(void*, void* exports) {
  return exports;
}
