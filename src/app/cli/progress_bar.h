// How far long work is, on a terminal.
#pragma once

#include <atomic>
#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>

#include "io/clock.h"
#include "workspace/progress.h"

namespace tribute::cli {

// One line that is redrawn at most ten times a second and erased at the end of the last stage. A stage that follows one
// that was shown is shown at once.
class ProgressBar final : public workspace::Progress {
 public:
  struct Options {
    bool visible = false;  // false: nothing is ever written
    uint32_t columns = 80;
    const std::atomic<bool>* stop = nullptr;  // what stop_requested() says
  };

  // `stream` and `clock` must outlive it.
  ProgressBar(std::ostream& stream, io::Clock& clock, const Options& options)
      : stream_(stream), clock_(clock), options_(options) {}
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;
  ~ProgressBar() override { end(); }

  void begin(std::string_view stage, uint64_t total, std::string_view unit) override;
  void advance(uint64_t done) override;
  void end() final;
  bool stop_requested() override { return options_.stop != nullptr && options_.stop->load(); }

 private:
  void draw(uint64_t now_ms);
  std::string line(uint64_t now_ms) const;

  std::ostream& stream_;
  io::Clock& clock_;
  Options options_;
  std::string stage_;
  std::string unit_;
  uint64_t total_ = 0;
  uint64_t done_ = 0;
  uint64_t begun_ms_ = 0;
  uint64_t drawn_ms_ = 0;
  bool drawn_ = false;
};

// A bar of `cells` columns of which `part` of `whole` is filled, to an eighth of a column: "███▌    ".
std::string bar_text(uint64_t part, uint64_t whole, size_t cells);

}  // namespace tribute::cli
