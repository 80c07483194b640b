#include "io/clock.h"

#include <chrono>

namespace tribute::io {
namespace {

class SystemClock final : public Clock {
 public:
  uint64_t now_ms() override {
    const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
    return static_cast<uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(since_epoch).count());
  }
};

}  // namespace

std::unique_ptr<Clock> make_system_clock() { return std::make_unique<SystemClock>(); }

}  // namespace tribute::io
