#include "io/random.h"

#include <sys/random.h>

#include <cerrno>

#include "base/bytes.h"
#include "base/check.h"

namespace tribute::io {
namespace {

class SystemRandom final : public Random {
 public:
  std::string bytes(size_t size) override {
    std::string out(size, '\0');
    size_t done = 0;
    while (done < size) {
      const ssize_t got = getrandom(out.data() + done, size - done, 0);
      // A kernel without getrandom() cannot run this program: there is no second-best source for keys.
      CHECK(got > 0 || errno == EINTR);
      if (got > 0) done += static_cast<size_t>(got);
    }
    return out;
  }
};

}  // namespace

std::unique_ptr<Random> make_system_random() { return std::make_unique<SystemRandom>(); }

// SplitMix64: Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (2014).
uint64_t SeededRandom::next() {
  state_ += 0x9e3779b97f4a7c15;
  uint64_t mixed = state_;
  mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
  mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
  return mixed ^ (mixed >> 31);
}

std::string SeededRandom::bytes(size_t size) {
  std::string out;
  out.reserve(size + sizeof(uint64_t));
  while (out.size() < size) append_le64(out, next());
  out.resize(size);
  return out;
}

}  // namespace tribute::io
