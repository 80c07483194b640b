#include "usecase/import_index.h"

#include <gtest/gtest.h>

#include "io/memory_file_system.h"

namespace tribute::usecase {
namespace {

class Watch : public workspace::Progress {
 public:
  explicit Watch(bool stops) : stops_(stops) {}
  void begin(std::string_view, uint64_t total, std::string_view) override { total_ = total; }
  void advance(uint64_t done) override { done_ = done; }
  void end() override { has_ended_ = true; }
  bool stop_requested() override { return stops_; }

  uint64_t total() const { return total_; }
  uint64_t done() const { return done_; }
  bool has_ended() const { return has_ended_; }

 private:
  bool stops_;
  uint64_t total_ = 0;
  uint64_t done_ = 0;
  bool has_ended_ = false;
};

TEST(ImportIndex, TellsHowFarItIsAndStops) {
  io::MemoryFileSystem files;
  for (const auto& [name, bytes] : {std::pair{"tokenized.0", std::string("\xff"
                                                                         "ab",
                                                                         3)},
                                    {"table.0", std::string("\1\2\0", 3)},
                                    {"offset.0", std::string(8, '\0')}}) {
    ASSERT_TRUE(io::write_file_atomically(files, name, bytes).has_value());
  }
  Watch stopping(true);
  EXPECT_EQ(import_index(files, ".", infinigram::TokenType::u8, stopping).error().code, ErrorCode::cancelled);
  EXPECT_TRUE(stopping.has_ended());
  EXPECT_EQ(files.exists("./tribute.directory.0"), false);
  Watch watch(false);
  EXPECT_EQ(import_index(files, ".", infinigram::TokenType::u8, watch),
            (infinigram::Imported{.shards = 1, .documents = 1, .tokens = 2, .directory_bytes = 8192}));
  EXPECT_EQ(watch.total(), 1U);
  EXPECT_EQ(watch.done(), 1U);
  EXPECT_TRUE(watch.has_ended());
  EXPECT_EQ(files.exists("./tribute.directory.0"), true);
  Watch none(false);
  EXPECT_EQ(import_index(files, "absent", infinigram::TokenType::u8, none).error().code, ErrorCode::not_found);
  EXPECT_FALSE(none.has_ended());
}

}  // namespace
}  // namespace tribute::usecase
