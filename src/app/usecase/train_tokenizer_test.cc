#include "usecase/train_tokenizer.h"

#include <gtest/gtest.h>

#include "io/memory_file_system.h"
#include "text/hugging_face.h"

namespace tribute::usecase {
namespace {

class TrainTokenizer : public testing::Test {
 protected:
  TrainTokenizer() {
    write("a/one.txt", repeated("the harbour at dawn is the harbour\n", 40));
    write("a/deep/two", repeated("Der Hafen am Morgen; 港口的早晨\n", 30));
    write("b.md", repeated("# of the harbour, the day\n\n", 20));
  }

  static std::string repeated(const std::string& text, int times) {
    std::string all;
    for (int i = 0; i < times; ++i) all += text;
    return all;
  }
  void write(const std::string& path, const std::string& text) {
    ASSERT_TRUE(io::make_folders(files_, io::parent_of(path)).has_value());
    ASSERT_TRUE(io::write_file_atomically(files_, path, text).has_value());
  }
  Result<TrainReport> train(std::vector<std::string> paths, uint32_t threads = 1, uint64_t part_bytes = 8 << 20) {
    workspace::Progress progress;
    TrainRequest request = {
        .paths = std::move(paths), .output = "out.json", .threads = threads, .part_bytes = part_bytes};
    request.options.entry_count = 300;
    return train_tokenizer(files_, request, progress);
  }
  std::string output() { return io::read_file(files_, "out.json").value_or(""); }

  io::MemoryFileSystem files_;
};

TEST_F(TrainTokenizer, WritesATokenizerOfTheTexts) {
  const auto report = train({"a", "b.md"});
  ASSERT_TRUE(report.has_value()) << report.error().message;
  EXPECT_EQ(report->file_count, 3U);
  EXPECT_EQ(report->entry_count, 300U);
  EXPECT_EQ(report->text_bytes, 40U * 35 + 30U * 37 + 20U * 27);
  const auto tokenizer = text::read_hugging_face_tokenizer(output());
  ASSERT_TRUE(tokenizer.has_value()) << tokenizer.error().message;
  EXPECT_EQ((*tokenizer)->encode(" harbour")->size(), 1U);
}

TEST_F(TrainTokenizer, OrderThreadsAndPartsChangeNothing) {
  ASSERT_TRUE(train({"a", "b.md"}).has_value());
  const std::string expected = output();
  ASSERT_FALSE(expected.empty());
  for (const uint32_t threads : {1U, 2U, 3U, 8U}) {
    for (const uint64_t part : {uint64_t{64}, uint64_t{100}, uint64_t{1} << 20}) {
      ASSERT_TRUE(train({"b.md", "a/one.txt", "a/deep"}, threads, part).has_value());
      EXPECT_EQ(output(), expected) << threads << " threads, parts of " << part;
    }
  }
}

TEST_F(TrainTokenizer, RefusesByName) {
  write("rows.jsonl", "{}\n");
  write("empty/none.txt", "");
  const auto message_of = [&](std::vector<std::string> paths) {
    const auto report = train(std::move(paths));
    return report ? std::string() : report.error().message;
  };
  EXPECT_TRUE(message_of({"rows.jsonl"}).starts_with("rows.jsonl: ")) << message_of({"rows.jsonl"});
  EXPECT_TRUE(message_of({"absent"}).starts_with("absent")) << message_of({"absent"});
  EXPECT_FALSE(message_of({"empty"}).empty());
  EXPECT_TRUE(output().empty()) << "nothing is written";
}

TEST_F(TrainTokenizer, StopsWithNothingWritten) {
  struct Stopping final : workspace::Progress {
    bool stop_requested() override { return ++asked > patience; }
    int asked = 0;
    int patience = 0;
  };
  write("long.txt", [] {
    std::string text;
    for (uint32_t i = 0, random = 1; i < 100'000; ++i) {
      random = random * 1'664'525 + 1'013'904'223;
      text += random >> 29 == 0 ? ' ' : static_cast<char>('a' + (random >> 24) % 13);
    }
    return text;
  }());
  for (const int patience : {0, 3}) {
    Stopping progress;
    progress.patience = patience;
    TrainRequest request = {.paths = {"long.txt"}, .output = "out.json"};
    const auto report = train_tokenizer(files_, request, progress);
    ASSERT_FALSE(report.has_value()) << patience;
    EXPECT_EQ(report.error().code, ErrorCode::cancelled);
  }
  EXPECT_TRUE(output().empty());
}

}  // namespace
}  // namespace tribute::usecase
