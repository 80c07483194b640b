#include "base/huge_pages.h"

#include <cstdint>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace tribute {

#if defined(__linux__)

namespace {

constexpr int kCollapse = 25;  // MADV_COLLAPSE, Linux 6.1; older kernels refuse it, older headers lack it

// For the pages that are wholly within the bytes, if there are some.
void advise(const void* begin, size_t bytes, int advice) {
  constexpr uintptr_t kPage = uintptr_t{1} << 21;
  constexpr size_t kLeast = size_t{16} << 20;
  if (bytes < kLeast) return;
  const auto address = reinterpret_cast<uintptr_t>(begin);
  const uintptr_t first = (address + kPage - 1) & ~(kPage - 1);
  const uintptr_t end = (address + bytes) & ~(kPage - 1);
  madvise(reinterpret_cast<void*>(first), end - first, advice);  // NOLINT(performance-no-int-to-ptr): the caller's own
}

}  // namespace

void use_huge_pages(const void* begin, size_t bytes) {
  advise(begin, bytes, MADV_HUGEPAGE);
  advise(begin, bytes, kCollapse);
}

void prefer_huge_pages(const void* begin, size_t bytes) { advise(begin, bytes, MADV_HUGEPAGE); }

#else

void use_huge_pages(const void*, size_t) {}
void prefer_huge_pages(const void*, size_t) {}

#endif

}  // namespace tribute
