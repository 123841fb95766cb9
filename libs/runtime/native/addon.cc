#include <link.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstring>

namespace {

// Gives back the pages of TensorFlow's libraries that were only needed to load them, such as symbols and
// relocations: half of what stays mapped. Nothing is lost, since nobody writes to these segments; what is
// needed again comes from the file.
int ReleaseLoadedPages(dl_phdr_info* library, size_t, void*) {
  if (std::strstr(library->dlpi_name, "libtensorflow") == nullptr) return 0;
  const uintptr_t page = sysconf(_SC_PAGESIZE);
  for (int i = 0; i < library->dlpi_phnum; i++) {
    const auto& segment = library->dlpi_phdr[i];
    if (segment.p_type != PT_LOAD || (segment.p_flags & PF_W) != 0) continue;
    const uintptr_t begin = (library->dlpi_addr + segment.p_vaddr) / page * page;
    const uintptr_t end = (library->dlpi_addr + segment.p_vaddr + segment.p_filesz) / page * page;
    if (end > begin) madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);
  }
  return 0;
}

}  // namespace

// Node-API's entry point. There is nothing in it for JavaScript: TensorFlow knows the ops once the file is
// loaded.
extern "C" __attribute__((visibility("default"))) void* napi_register_module_v1(void*, void* exports) {
  dl_iterate_phdr(ReleaseLoadedPages, nullptr);
  return exports;
}
