// How long work tells how far it is, and how it is told to stop.
#pragma once

#include <cstdint>
#include <string_view>

namespace tribute::workspace {

// Called from one thread. The default does nothing and never stops.
class Progress {
 public:
  virtual ~Progress() = default;

  // A stage begins: "reading" with the number of units it will have (0: not known) and their name ("bytes").
  virtual void begin(std::string_view stage, uint64_t total, std::string_view unit) {
    static_cast<void>(stage), static_cast<void>(total), static_cast<void>(unit);
  }
  // `done` units of the stage, ever growing.
  virtual void advance(uint64_t done) { static_cast<void>(done); }
  virtual void end() {}

  // True once somebody asked to stop (Ctrl-C). Long work asks between two acknowledged steps, ends
  // with what it has, and says so in its report.
  virtual bool stop_requested() { return false; }
};

}  // namespace tribute::workspace
