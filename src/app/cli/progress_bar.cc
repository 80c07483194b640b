#include "cli/progress_bar.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ostream>

#include "base/checked.h"
#include "cli/display.h"

namespace tribute::cli {
namespace {

constexpr uint64_t kRedrawMs = 100;
constexpr std::string_view kEraseLine = "\r\x1b[K";

std::string quantity_text(uint64_t quantity, std::string_view unit) {
  return unit == "bytes" ? bytes_text(quantity) : grouped(quantity) + " " + std::string(unit);
}

std::string duration_text(uint64_t seconds) {
  if (seconds < 60) return fmt::format("{} s", seconds);
  if (seconds < 3'600) return fmt::format("{} min {:02} s", seconds / 60, seconds % 60);
  return fmt::format("{} h {:02} min", seconds / 3'600, seconds / 60 % 60);
}

// floor(a · b / divisor), or the largest integer where it would not fit.
uint64_t scaled(uint64_t a, uint64_t b, uint64_t divisor) {
  const uint128_t result = uint128_t{a} * b / divisor;
  return result > UINT64_MAX ? UINT64_MAX : static_cast<uint64_t>(result);
}

}  // namespace

std::string bar_text(uint64_t part, uint64_t whole, size_t cells) {
  constexpr std::array<std::string_view, 8> kEighths = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  const uint64_t eighths = whole == 0 ? 0 : scaled(std::min(part, whole), cells * 8, whole);
  std::string bar;
  for (uint64_t i = 0; i < eighths / 8; ++i) bar += "█";
  bar += kEighths[eighths % 8];
  return padded_right(bar, cells);
}

void ProgressBar::begin(std::string_view stage, uint64_t total, std::string_view unit) {
  if (!options_.visible) return;
  const bool was_drawn = drawn_;
  end();
  stage_ = stage;
  unit_ = unit;
  total_ = total;
  done_ = 0;
  begun_ms_ = clock_.now_ms();
  drawn_ms_ = begun_ms_;
  // Who saw the stage before wants to see that there is another, which may have nothing to tell for long.
  if (was_drawn) draw(begun_ms_);
}

void ProgressBar::advance(uint64_t done) {
  if (!options_.visible) return;
  done_ = done;
  const uint64_t now_ms = clock_.now_ms();
  // A clock that was set back must not silence the bar.
  if (now_ms >= drawn_ms_ && now_ms < drawn_ms_ + kRedrawMs) return;
  draw(now_ms);
}

void ProgressBar::draw(uint64_t now_ms) {
  drawn_ms_ = now_ms;
  drawn_ = true;
  stream_ << kEraseLine << line(now_ms) << std::flush;
}

void ProgressBar::end() {
  if (!drawn_) return;
  drawn_ = false;
  stream_ << kEraseLine << std::flush;
}

std::string ProgressBar::line(uint64_t now_ms) const {
  constexpr size_t kBarColumns = 24;
  const uint64_t elapsed_ms = now_ms > begun_ms_ ? now_ms - begun_ms_ : 0;
  std::string text = stage_ + "  ";
  if (total_ != 0) {
    const uint64_t done = std::min(done_, total_);
    text += fmt::format("{}  {:>3}%  {} of {}", bar_text(done, total_, kBarColumns), scaled(done, 100, total_),
                        unit_ == "bytes" ? bytes_text(done) : grouped(done), quantity_text(total_, unit_));
  } else {
    text += quantity_text(done_, unit_);
  }
  if (elapsed_ms != 0 && done_ != 0) {
    text += fmt::format("  {}/s", quantity_text(scaled(done_, 1'000, elapsed_ms), unit_));
    if (total_ > done_) {
      text += fmt::format("  {} left", duration_text(scaled(total_ - done_, elapsed_ms, done_) / 1'000));
    }
  }
  return shortened(terminal_text(text), options_.columns);
}

}  // namespace tribute::cli
