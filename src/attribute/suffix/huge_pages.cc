#include "suffix/huge_pages.h"

#include <cstdint>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace tribute::suffix {

#if defined(__linux__)

void use_huge_pages(const void* begin, size_t bytes) {
  constexpr uintptr_t kPage = uintptr_t{1} << 21;
  constexpr size_t kLeast = size_t{16} << 20;
  constexpr int kCollapse = 25;  // MADV_COLLAPSE, Linux 6.1; older kernels refuse it, older headers lack it
  if (bytes < kLeast) return;
  const auto address = reinterpret_cast<uintptr_t>(begin);
  const uintptr_t first = (address + kPage - 1) & ~(kPage - 1);
  const uintptr_t end = (address + bytes) & ~(kPage - 1);
  auto* const pages = reinterpret_cast<void*>(first);  // NOLINT(performance-no-int-to-ptr): the caller's own bytes
  if (madvise(pages, end - first, MADV_HUGEPAGE) == 0) madvise(pages, end - first, kCollapse);
}

#else

void use_huge_pages(const void*, size_t) {}

#endif

}  // namespace tribute::suffix
