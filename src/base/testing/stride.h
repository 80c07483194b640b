#pragma once

#include <cstdint>

namespace tribute {

// What a test of every case steps by: 1, or more under a sanitizer, where a case takes ten times as long and
// one of each kind does.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr uint32_t kTestStride = 7;
#else
inline constexpr uint32_t kTestStride = 1;
#endif

}  // namespace tribute
