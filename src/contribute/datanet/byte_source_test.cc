#include "datanet/byte_source.h"

#include <gtest/gtest.h>
#include <zlib.h>
#include <zstd.h>

#include <sstream>

#include "io/memory_file_system.h"
#include "io/random.h"

namespace tribute::datanet {
namespace {

// Gives `bytes` in parts of `part_size`.
class StringSource final : public ByteSource {
 public:
  StringSource(std::string bytes, size_t part_size) : bytes_(std::move(bytes)), part_size_(part_size) {}
  Result<std::string_view> read() override {
    const std::string_view part = std::string_view(bytes_).substr(taken_, part_size_);
    taken_ += part.size();
    return part;
  }
  uint64_t bytes_taken() const override { return taken_; }

 private:
  std::string bytes_;
  size_t part_size_;
  size_t taken_ = 0;
};

struct Outcome {
  std::string bytes;
  std::optional<Error> error;
};
Outcome drain(ByteSource& source) {
  Outcome outcome;
  while (true) {
    const auto part = source.read();
    if (!part) {
      outcome.error = part.error();
      return outcome;
    }
    if (part->empty()) return outcome;
    outcome.bytes += *part;
  }
}

std::string zstd(std::string_view bytes) {
  std::string out(ZSTD_compressBound(bytes.size()), '\0');
  out.resize(ZSTD_compress(out.data(), out.size(), bytes.data(), bytes.size(), 3));
  return out;
}

std::string gzip(std::string_view bytes) {
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, bytes.size()) + 32, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

using Compress = std::string (*)(std::string_view);
using MakeSource = std::unique_ptr<ByteSource> (*)(std::unique_ptr<ByteSource>);

class Decompression : public testing::TestWithParam<std::pair<Compress, MakeSource>> {
 protected:
  static std::string compressed(std::string_view bytes) { return GetParam().first(bytes); }
  static Outcome decompress(std::string bytes, size_t part_size = 1 << 20) {
    const auto source = GetParam().second(std::make_unique<StringSource>(std::move(bytes), part_size));
    return drain(*source);
  }
};

// Both what compresses well, so that the output exceeds the buffers, and what does not.
std::vector<std::string> texts() {
  io::SeededRandom random(1);
  return {"", "x", std::string(5'000'000, 'a'), random.bytes(300'000)};
}

TEST_P(Decompression, GivesBackWhatWasCompressedHoweverThePartsFall) {
  for (const std::string& text : texts()) {
    for (const size_t part_size : {size_t{1}, size_t{7}, size_t{1} << 20}) {
      const Outcome outcome = decompress(compressed(text), part_size);
      EXPECT_EQ(outcome.error, std::nullopt);
      EXPECT_TRUE(outcome.bytes == text) << text.size() << " in parts of " << part_size;
    }
  }
}

TEST_P(Decompression, StreamsAfterOneAnotherAreOne) {
  for (const size_t part_size : {size_t{1}, size_t{1} << 20}) {
    const Outcome outcome = decompress(compressed("one ") + compressed("") + compressed("two"), part_size);
    EXPECT_EQ(outcome.error, std::nullopt);
    EXPECT_EQ(outcome.bytes, "one two");
  }
  EXPECT_EQ(decompress("").error, std::nullopt);
}

TEST_P(Decompression, EveryCutIsFoundAndWhatCameBeforeIsGiven) {
  const std::string text = "a text that is compressed";
  const std::string whole = compressed("before ");
  const std::string last = compressed(text);
  for (size_t size = 1; size < last.size(); ++size) {
    const Outcome outcome = decompress(whole + last.substr(0, size));
    ASSERT_TRUE(outcome.error.has_value()) << size;
    EXPECT_EQ(outcome.error->code, ErrorCode::data_loss);
    EXPECT_NE(outcome.error->message.find("at byte " + std::to_string(whole.size() + size)), std::string::npos)
        << outcome.error->message;
    EXPECT_TRUE(outcome.bytes.starts_with("before "));
  }
}

TEST_P(Decompression, WhatIsNoStreamIsFoundWithItsPlace) {
  const Outcome text = decompress("{\"text\":\"not compressed at all\"}\n");
  ASSERT_TRUE(text.error.has_value());
  EXPECT_EQ(text.error->code, ErrorCode::data_loss);

  const std::string whole = compressed("before");
  const Outcome trailing = decompress(whole + "garbage that follows");
  ASSERT_TRUE(trailing.error.has_value());
  EXPECT_EQ(trailing.error->code, ErrorCode::data_loss);
  EXPECT_EQ(trailing.bytes, "before");
}

TEST_P(Decompression, EndsForGood) {
  const auto source = GetParam().second(std::make_unique<StringSource>(compressed("x"), 10));
  EXPECT_EQ(drain(*source).bytes, "x");
  EXPECT_EQ(source->read(), "");
  EXPECT_EQ(source->bytes_taken(), compressed("x").size());
}

INSTANTIATE_TEST_SUITE_P(Kinds, Decompression,
                         testing::Values(std::pair<Compress, MakeSource>{zstd, make_zstd_source},
                                         std::pair<Compress, MakeSource>{gzip, make_gzip_source}),
                         [](const auto& kind) { return kind.index == 0 ? "Zstd" : "Gzip"; });

TEST(ByteSource, ReadsAFile) {
  io::MemoryFileSystem files;
  const std::string bytes = io::SeededRandom(2).bytes(1'000'000);
  ASSERT_TRUE(io::write_file_atomically(files, "f", bytes).has_value());
  const auto source = open_file_source(files, "f");
  ASSERT_TRUE(source.has_value());
  EXPECT_TRUE(drain(**source).bytes == bytes);
  EXPECT_EQ((*source)->bytes_taken(), bytes.size());
  EXPECT_EQ(open_file_source(files, "absent").error().code, ErrorCode::not_found);
}

TEST(ByteSource, ReadsAStream) {
  std::istringstream stream("some bytes");
  const auto source = make_stream_source(stream);
  EXPECT_EQ(drain(*source).bytes, "some bytes");
  EXPECT_EQ(source->bytes_taken(), 10U);
  EXPECT_EQ(source->read(), "");
}

}  // namespace
}  // namespace tribute::datanet
