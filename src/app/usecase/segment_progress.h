// The stages of a segment that is written, as those of a use case.
#pragma once

#include <cstdint>
#include <string_view>

#include "ngram/segment_output.h"
#include "workspace/progress.h"

namespace tribute::usecase {

class WriterProgress final : public ngram::SegmentProgress {
 public:
  explicit WriterProgress(workspace::Progress& progress) : progress_(progress) {}

  void begin(std::string_view stage, uint64_t tokens) override { progress_.begin(stage, tokens, "tokens"); }
  void advance(uint64_t tokens) override { progress_.advance(tokens); }
  bool stop_requested() override { return progress_.stop_requested(); }

 private:
  workspace::Progress& progress_;
};

// What the program with its tables and the database's pages takes beside a segment that it builds.
inline constexpr uint64_t kProgramBytes = uint64_t{26} << 20;

}  // namespace tribute::usecase
