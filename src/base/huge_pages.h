// Memory in large pages.
#pragma once

#include <cstddef>
#include <new>

namespace tribute {

// Asks the system to hold the bytes in pages of 2 MiB from now on, so that reading them in random order seldom waits
// for addresses to be translated. Their contents stay. Does nothing for less than some megabytes, nor
// where the system cannot. O(bytes): those that are not in large pages yet are moved.
void use_huge_pages(const void* begin, size_t bytes);

// As use_huge_pages(), for bytes that nobody has written yet: nothing is moved. O(1).
void prefer_huge_pages(const void* begin, size_t bytes);

// For vectors whose elements are to be in huge pages from the start, as orders of suffixes are.
template <typename Value>
struct HugePageAllocator {
  using value_type = Value;

  HugePageAllocator() = default;
  template <typename Other>
  HugePageAllocator(const HugePageAllocator<Other>&) {}  // NOLINT(google-explicit-constructor): as allocators do

  Value* allocate(size_t count) {
    void* const bytes = ::operator new(count * sizeof(Value));
    prefer_huge_pages(bytes, count * sizeof(Value));
    return static_cast<Value*>(bytes);
  }
  void deallocate(Value* values, size_t) { ::operator delete(values); }

  template <typename Other>
  bool operator==(const HugePageAllocator<Other>&) const {
    return true;
  }
};

}  // namespace tribute
