#pragma once

#include <cstdint>

namespace tribute {

// What a test of every case steps by: 1, or more under a sanitizer, where a case takes ten times as long and
// one of each kind does.
#if defined(__has_feature)  // clang tells it so, g++ by the macros
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define TRIBUTE_IS_SANITIZED
#endif
#elif defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define TRIBUTE_IS_SANITIZED
#endif
#ifdef TRIBUTE_IS_SANITIZED
inline constexpr uint32_t kTestStride = 7;
#else
inline constexpr uint32_t kTestStride = 1;
#endif

}  // namespace tribute
