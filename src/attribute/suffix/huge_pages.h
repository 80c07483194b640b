// Memory in large pages.
#pragma once

#include <cstddef>

namespace tribute::suffix {

// Asks the system to hold the bytes in pages of 2 MiB from now on, so that reading them in random order seldom waits
// for addresses to be translated. Their contents stay. Does nothing for less than some megabytes, nor
// where the system cannot. O(bytes): those that are not in large pages yet are moved.
void use_huge_pages(const void* begin, size_t bytes);

}  // namespace tribute::suffix
