#include "trace/surprisal.h"

#include <gmp.h>

#include <algorithm>
#include <cmath>

#include "base/check.h"

namespace tribute::trace {
namespace {

static_assert(sizeof(unsigned long) == 8, "GMP takes 64-bit numbers as unsigned long");

constexpr unsigned long kMillibits = 1000;

// With x = 1000 · (log2 N - log2 c) in doubles, the error is below 10^-9: turning N and c into
// doubles changes each logarithm by less than 2^-52; each logarithm, at most 64, is rounded to within
// 4 units in the last place (the GNU library promises 1), less than 2^-44; the subtraction adds at
// most 2^-47. That is below 2^-42 in all, 2^-32 after the multiplication, whose own rounding, of a
// value below 2^16, adds 2^-37. The margin leaves room for a logarithm a thousand times worse.
constexpr double kErrorMargin = 1e-6;

class BigInteger {
 public:
  BigInteger() { mpz_init(value_); }
  BigInteger(const BigInteger&) = delete;
  BigInteger& operator=(const BigInteger&) = delete;
  ~BigInteger() { mpz_clear(value_); }

  mpz_ptr get() { return value_; }

 private:
  mpz_t value_;
};

// 2^m · count^1000 ≤ token_count^1000, exactly.
bool holds(uint64_t m, uint64_t count, uint64_t token_count) {
  BigInteger left;
  BigInteger right;
  mpz_ui_pow_ui(left.get(), count, kMillibits);
  mpz_mul_2exp(left.get(), left.get(), m);
  mpz_ui_pow_ui(right.get(), token_count, kMillibits);
  return mpz_cmp(left.get(), right.get()) <= 0;
}

}  // namespace

uint64_t surprisal_millibits(uint64_t count, uint64_t token_count) {
  if (token_count == 0) return 0;
  count = std::max(count, uint64_t{1});
  CHECK(count <= token_count);
  const double estimate = static_cast<double>(kMillibits) *
                          (std::log2(static_cast<double>(token_count)) - std::log2(static_cast<double>(count)));
  const double nearest = std::round(estimate);
  if (std::abs(estimate - nearest) > kErrorMargin) return static_cast<uint64_t>(std::floor(estimate));
  // The true value is next to the integer `nearest`, just below it or not.
  const auto m = static_cast<uint64_t>(nearest);
  return holds(m, count, token_count) ? m : m - 1;
}

}  // namespace tribute::trace
