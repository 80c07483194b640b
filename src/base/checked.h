// Checked integer arithmetic: nothing that counts money or bits may wrap around.
#pragma once

#include <concepts>
#include <optional>

namespace tribute {

// 128-bit integers, for products of two 64-bit ones.
__extension__ using uint128_t = unsigned __int128;
__extension__ using int128_t = __int128;

// The exact sum, difference or product, or nullopt where it does not fit T.
template <std::integral T>
[[nodiscard]] constexpr std::optional<T> checked_add(T a, T b) {
  T result{};
  if (__builtin_add_overflow(a, b, &result)) return std::nullopt;
  return result;
}

template <std::integral T>
[[nodiscard]] constexpr std::optional<T> checked_sub(T a, T b) {
  T result{};
  if (__builtin_sub_overflow(a, b, &result)) return std::nullopt;
  return result;
}

template <std::integral T>
[[nodiscard]] constexpr std::optional<T> checked_mul(T a, T b) {
  T result{};
  if (__builtin_mul_overflow(a, b, &result)) return std::nullopt;
  return result;
}

}  // namespace tribute
