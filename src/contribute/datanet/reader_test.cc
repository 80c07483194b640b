#include "datanet/reader.h"

#include <gtest/gtest.h>
#include <zstd.h>

#include <set>
#include <sstream>

#include "base/hash.h"
#include "datanet/input_files.h"
#include "datanet/names.h"
#include "io/memory_file_system.h"

namespace tribute::datanet {
namespace {

using namespace std::string_literals;

const RowOptions kOptions = {.contributor = "ada", .license = "CC0-1.0"};

class Reader : public testing::Test {
 protected:
  void write(const std::string& path, std::string_view bytes) {
    ASSERT_TRUE(io::make_folders(files_, io::parent_of(path)).has_value());
    ASSERT_TRUE(io::write_file_atomically(files_, path, bytes).has_value());
  }

  // Every row; a bad one as its description.
  struct Read {
    std::vector<Row> rows;
    std::vector<std::string> bad;
    ReadProgress progress;
  };
  Read read(const std::vector<std::string>& paths, const RowOptions& options = kOptions,
            std::unique_ptr<ByteSource> standard_input = nullptr) {
    auto reader = ContributionReader::open(files_, paths, std::move(standard_input), options);
    EXPECT_TRUE(reader.has_value()) << reader.error().message;
    Read result;
    while (true) {
      auto next = (*reader)->next();
      EXPECT_TRUE(next.has_value()) << next.error().message;
      if (!next.has_value() || !next->has_value()) break;
      if (auto* row = std::get_if<Row>(&**next)) result.rows.push_back(std::move(*row));
      if (const auto* bad = std::get_if<BadRow>(&**next)) result.bad.push_back(describe(*bad));
    }
    result.progress = (*reader)->progress();
    return result;
  }

  static std::vector<std::string> ids(const Read& result) {
    std::vector<std::string> ids;
    for (const Row& row : result.rows) ids.push_back(row.id);
    return ids;
  }

  io::MemoryFileSystem files_;
};

std::string zstd(std::string_view bytes) {
  std::string out(ZSTD_compressBound(bytes.size()), '\0');
  out.resize(ZSTD_compress(out.data(), out.size(), bytes.data(), bytes.size(), 3));
  return out;
}

TEST_F(Reader, TakesGoodRowsAndNamesBadOnesByFileAndLine) {
  write("in/notes.jsonl",
        "\xEF\xBB\xBF{\"id\":\"1\",\"text\":\"one\"}\r\n"
        "\r\n"
        "{\"id\":\"2\"}\n"
        "  \t\n"
        "{\"id\":\"3\",\"text\":\"three\",\"contributor\":\"bob\",\"license\":\"MIT\",\"title\":\"a\\nb\"}");
  const Read result = read({"in/notes.jsonl"});
  ASSERT_EQ(result.rows.size(), 2U);
  EXPECT_EQ(
      result.rows[0],
      (Row{.place = {"in/notes.jsonl", 1}, .id = "1", .contributor = "ada", .license = "CC0-1.0", .text = "one"}));
  EXPECT_EQ(result.rows[1], (Row{.place = {"in/notes.jsonl", 5},
                                 .id = "3",
                                 .contributor = "bob",
                                 .license = "MIT",
                                 .title = "a b",
                                 .text = "three"}));
  EXPECT_EQ(result.bad, std::vector<std::string>{"in/notes.jsonl:3: field \"text\" is missing"});
  EXPECT_EQ(result.progress.bytes_taken, result.progress.bytes_total);
}

TEST_F(Reader, FieldsOutOfTheirRangeMakeABadRow) {
  const std::string signature(128, 'a');
  const std::pair<std::string, std::string> cases[] = {
      {R"({"text":"t","id":"a\u0007"})", "id has a control character"},
      {R"({"text":"t","id":"a\u009b"})", "id has a control character"},
      {R"({"text":"t","id":")" + std::string(kMaxSourceIdBytes + 1, 'i') + R"("})", "id is over 4096 bytes"},
      {R"({"text":"t","contributor":"\n"})", "contributor's name has a control character"},
      {R"({"text":"t","contributor":")" + std::string(129, 'c') + R"("})", "contributor's name is over 128 bytes"},
      {R"({"text":"t","license":"<all rights>"})", "licence"},
      {R"({"text":"t","title":")" + std::string(kMaxTitleBytes + 1, 't') + R"("})", "title is over 4096 bytes"},
      {R"({"text":"t","signature":"00"})", "field \"signature\" is not 128 lowercase hexadecimal digits"},
      {R"({"text":"t","signature":"A)" + signature.substr(1) + R"("})",
       "field \"signature\" is not 128 lowercase hexadecimal digits"},
  };
  for (const auto& [line, message] : cases) {
    write("rows.jsonl", line);
    const Read result = read({"rows.jsonl"});
    ASSERT_EQ(result.bad.size(), 1U) << line;
    EXPECT_TRUE(result.bad[0].starts_with("rows.jsonl:1: " + message)) << result.bad[0];
  }
  write("rows.jsonl", R"({"text":"t","signature":")" + signature + R"("})");
  EXPECT_EQ(read({"rows.jsonl"}).rows.at(0).signature, signature);
}

TEST_F(Reader, ContributorAndLicenceAreTheRowsElseTheOptions) {
  write("rows.jsonl", R"({"text":"t"})");
  EXPECT_EQ(read({"rows.jsonl"}, {.license = "MIT"}).bad.at(0),
            "rows.jsonl:1: field \"contributor\" is missing; give it in the row or with --contributor");
  EXPECT_EQ(read({"rows.jsonl"}, {.contributor = "ada"}).bad.at(0),
            "rows.jsonl:1: field \"license\" is missing; give it in the row or with --license");
}

TEST_F(Reader, ARowWithoutIdGetsItsContentHash) {
  write("rows.jsonl", R"({"text":"t"})");
  EXPECT_EQ(read({"rows.jsonl"}).rows.at(0).id, sha256("t").hex());
}

TEST_F(Reader, FilesAreDocumentsWithTheirBytesAsTheyAre) {
  write("one/a.txt", "\xff\xfe\0 bytes\r\n"s);
  write("one/b.md", "intro\n```\n# no heading\n```\n#none\n#  The *heading*\x07 ##\r\nmore");
  write("one/empty.md", "");
  const Read result = read({"one/a.txt", "one/b.md", "one/empty.md"});
  EXPECT_EQ(result.rows.at(0), (Row{.place = {"one/a.txt", 0},
                                    .id = "a.txt",
                                    .contributor = "ada",
                                    .license = "CC0-1.0",
                                    .text = "\xff\xfe\0 bytes\r\n"s}));
  EXPECT_EQ(result.rows.at(1).id, "b.md");
  EXPECT_EQ(result.rows.at(1).title, "The *heading* ");
  EXPECT_EQ(result.bad, std::vector<std::string>{"one/empty.md: the document is empty"});
}

TEST_F(Reader, FoldersAreReadBytewiseByPathWithIdsRelativeToThem) {
  for (const char* path : {"in/b.txt", "in/a/z.md", "in/a/b/c.txt", "in/a.txt", "in/a-b.txt", "in/B.md", "in/x.pdf",
                           "in/a/readme", "in/a/.hidden.txt"}) {
    write(path, "text of "s + path);
  }
  write("in/rows.jsonl.zst", zstd(R"({"id":"row","text":"t"})"));
  const Read result = read({"in", "in/b.txt"});
  EXPECT_EQ(ids(result), (std::vector<std::string>{"B.md", "a-b.txt", "a.txt", "a/.hidden.txt", "a/b/c.txt", "a/z.md",
                                                   "b.txt", "row", "b.txt"}));
  EXPECT_EQ(result.rows.at(4).place.file, "in/a/b/c.txt");
  EXPECT_EQ(result.progress.file_count, 9U);
  EXPECT_EQ(result.progress.ignored_file_count, 2U);
  EXPECT_EQ(result.progress.bytes_taken, result.progress.bytes_total);
}

TEST_F(Reader, PathsThatCannotBeReadAreErrorsAtOnce) {
  write("file.pdf", "x");
  const auto code = [&](const std::vector<std::string>& paths) {
    return ContributionReader::open(files_, paths, nullptr, kOptions).error().code;
  };
  EXPECT_EQ(code({"absent.jsonl"}), ErrorCode::not_found);
  EXPECT_EQ(code({"absent"}), ErrorCode::not_found);
  EXPECT_EQ(code({"file.pdf"}), ErrorCode::invalid_argument);
  EXPECT_EQ(code({"-"}), ErrorCode::invalid_argument);
  std::string deep = "deep";
  for (int i = 0; i < 70; ++i) deep += "/d";
  ASSERT_TRUE(io::make_folders(files_, deep).has_value());
  EXPECT_EQ(code({"deep"}), ErrorCode::invalid_argument);
}

TEST_F(Reader, StandardInputIsJsonl) {
  std::istringstream stream("{\"text\":\"a\"}\n{\"text\":\"\"}\n");
  const Read result = read({"-"}, kOptions, make_stream_source(stream));
  EXPECT_EQ(result.rows.at(0).place, (Place{"-", 1}));
  EXPECT_EQ(result.bad, std::vector<std::string>{"-:2: field \"text\" is empty"});
}

TEST_F(Reader, ABrokenStreamGivesTheRowsBeforeThenABadRowThenTheNextFile) {
  const std::string rows = "{\"text\":\"a\"}\n{\"text\":\"b\"}\n{\"te";
  const std::string frame = zstd(std::string(100, 'x'));
  write("a.jsonl.zst", zstd(rows) + frame.substr(0, frame.size() - 3));
  write("b.jsonl.gz", "no gzip");
  write("c.jsonl", R"({"text":"c"})");
  const Read result = read({"a.jsonl.zst", "b.jsonl.gz", "c.jsonl"});
  ASSERT_EQ(result.rows.size(), 3U);
  EXPECT_EQ(result.rows[2].text, "c");
  ASSERT_EQ(result.bad.size(), 2U);
  EXPECT_TRUE(result.bad[0].starts_with("a.jsonl.zst:3: the zstd stream ends too early")) << result.bad[0];
  EXPECT_TRUE(result.bad[1].starts_with("b.jsonl.gz:1: the gzip stream is broken at byte")) << result.bad[1];
}

TEST_F(Reader, AnUnreadableFileIsAnError) {
  write("rows.jsonl", "{\"text\":\"a\"}\n");
  auto reader = ContributionReader::open(files_, {"rows.jsonl"}, nullptr, kOptions);
  ASSERT_TRUE(reader.has_value());
  files_.set_fault_hook([](io::Operation operation, const std::string&, uint64_t) {
    return operation == io::Operation::read ? io::Fault::error : io::Fault::none;
  });
  EXPECT_EQ((*reader)->next().error().code, ErrorCode::unavailable);
}

TEST_F(Reader, LongDocumentsAreBadRows) {
  RowOptions options = kOptions;
  options.max_document_bytes = 10;
  write("rows.jsonl", "{\"text\":\"0123456789\"}\n{\"text\":\"0123456789a\"}\n");
  write("a.txt", "0123456789");
  write("b.txt", "0123456789a");
  const Read result = read({"rows.jsonl", "a.txt", "b.txt"}, options);
  EXPECT_EQ(result.rows.size(), 2U);
  const std::string message = "the document has 11 bytes, more than max_document_bytes (10)";
  EXPECT_EQ(result.bad, (std::vector<std::string>{"rows.jsonl:2: " + message, "b.txt: " + message}));
}

// A line of 200 MB that nobody holds, between two good ones.
class LongLineSource final : public ByteSource {
 public:
  Result<std::string_view> read() override {
    constexpr uint64_t kParts = 200;
    const uint64_t part = part_++;
    if (part == 0) return "{\"text\":\"first\"}\n{\"text\":\"";
    if (part <= kParts) return filling_;
    if (part == kParts + 1) return "\"}\n{\"text\":\"last\"}\n";
    return "";
  }
  uint64_t bytes_taken() const override { return part_ * filling_.size(); }

 private:
  std::string filling_ = std::string(1'000'000, 'x');
  uint64_t part_ = 0;
};

TEST_F(Reader, ALineOf200MegabytesIsABadRow) {
  const Read result = read({"-"}, kOptions, std::make_unique<LongLineSource>());
  ASSERT_EQ(result.rows.size(), 2U);
  EXPECT_EQ(result.rows[1].text, "last");
  EXPECT_EQ(result.rows[1].place.line, 3U);
  ASSERT_EQ(result.bad.size(), 1U);
  EXPECT_TRUE(result.bad[0].starts_with("-:2: the line is over 135266304 bytes")) << result.bad[0];
}

TEST(ReaderOverSharedData, ReadsAllOfCppDocs) {
  const std::string path = TRIBUTE_SHARED_DIR "/data/cpp-docs.jsonl.zst";
  const auto files = io::make_real_file_system();
  if (!files->exists(path).value_or(false)) GTEST_SKIP() << path << " is absent";
  const auto reader = ContributionReader::open(*files, {path}, nullptr, {});
  ASSERT_TRUE(reader.has_value()) << reader.error().message;
  uint64_t text_bytes = 0;
  std::set<std::string> ids;
  std::set<std::string> contributors;
  while (true) {
    const auto next = (*reader)->next();
    ASSERT_TRUE(next.has_value()) << next.error().message;
    if (!next->has_value()) break;
    const auto* row = std::get_if<Row>(&**next);
    ASSERT_NE(row, nullptr) << describe(std::get<BadRow>(**next));
    text_bytes += row->text.size();
    ids.insert(row->id);
    contributors.insert(row->contributor);
  }
  EXPECT_EQ(ids.size(), 8'431U);
  EXPECT_EQ(contributors.size(), 32U);
  EXPECT_NEAR(static_cast<double>(text_bytes), 40e6, 2e6);
  EXPECT_EQ((*reader)->progress().bytes_taken, (*reader)->progress().bytes_total);
}

}  // namespace
}  // namespace tribute::datanet
