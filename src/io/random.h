// Randomness as an interface.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

namespace tribute::io {

class Random {
 public:
  virtual ~Random() = default;
  // `size` bytes; from the operating system unpredictable ones, fit for keys and salts.
  virtual std::string bytes(size_t size) = 0;
};

// The operating system's. Thread-safe.
std::unique_ptr<Random> make_system_random();

// The same bytes for the same seed, on every machine (SplitMix64). For tests. Not thread-safe.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(uint64_t seed) : state_(seed) {}
  std::string bytes(size_t size) override;
  uint64_t next();

 private:
  uint64_t state_;
};

}  // namespace tribute::io
