// Time as an interface.
#pragma once

#include <cstdint>
#include <memory>

namespace tribute::io {

// Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  // Milliseconds since 1970-01-01T00:00:00Z. May jump backwards; whoever records it makes it monotone.
  virtual uint64_t now_ms() = 0;
};

std::unique_ptr<Clock> make_system_clock();

// Starts at `start_ms` and goes on by `step_ms` with every reading.
class SteppingClock final : public Clock {
 public:
  explicit SteppingClock(uint64_t start_ms = 1'700'000'000'000, uint64_t step_ms = 1)
      : now_ms_(start_ms), step_ms_(step_ms) {}
  uint64_t now_ms() override { return now_ms_ += step_ms_; }

 private:
  uint64_t now_ms_;
  uint64_t step_ms_;
};

}  // namespace tribute::io
