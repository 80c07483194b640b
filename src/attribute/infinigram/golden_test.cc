// The golden files: an index of infini-gram's version 4 and the directory of version 1 beside it open for good, an
// import today writes the same bytes, and the page that describes the format shows just these.
#include <gtest/gtest.h>

#include <array>
#include <cstdio>

#include "infinigram/directory.h"
#include "infinigram/folder.h"
#include "io/file_system.h"
#include "io/memory_file_system.h"
#include "lm/model.h"

namespace tribute::infinigram {
namespace {

const std::string kRoot = TRIBUTE_SOURCE_DIR;
const std::string kFolder = kRoot + "/tests/golden/infinigram-v4";

std::string file_of(const std::string& path) {
  const auto files = io::make_real_file_system();
  auto bytes = io::read_file(*files, path);
  EXPECT_TRUE(bytes.has_value()) << bytes.error().message;
  return bytes.value_or("");
}

TEST(Golden, OpensAndAnswers) {
  const auto files = io::make_real_file_system();
  const auto folder = Folder::open(*files, kFolder);
  ASSERT_TRUE(folder.has_value()) << folder.error().message;
  EXPECT_TRUE(folder->shards().front()->has_directory());
  const lm::Model model(folder->pointers());
  const std::vector<TokenId> one = {TokenId{1}};
  EXPECT_EQ(model.distribution(one),
            (lm::Distribution{.context_length = 1, .count = 2, .tokens = {{TokenId{256}, 1}}, .end_of_document = 1}));
}

TEST(Golden, IsWhatAnImportWritesToday) {
  io::MemoryFileSystem files;
  for (const std::string name : {"tokenized.0", "table.0", "offset.0"}) {
    ASSERT_TRUE(io::write_file_atomically(files, name, file_of(io::join(kFolder, name))).has_value());
  }
  ASSERT_TRUE(import_folder(files, ".", TokenType::u16).has_value());
  EXPECT_TRUE(io::read_file(files, directory_path(".", "0")) == file_of(directory_path(kFolder, "0")));
}

TEST(Golden, ThePageShowsTheseBytes) {
  const std::string page = file_of(kRoot + "/docs/formats/infinigram_v4.md");
  for (const std::string name : {"tokenized.0", "table.0", "offset.0"}) {
    std::string line = name + std::string(14 - name.size(), ' ');
    const std::string bytes = file_of(io::join(kFolder, name));
    for (size_t i = 0; i < bytes.size(); ++i) {
      std::array<char, 4> digits{};
      std::snprintf(digits.data(), digits.size(), "%02x", static_cast<uint8_t>(bytes[i]));
      line += digits.data();
      if (i + 1 < bytes.size()) line += i == 7 && name == "offset.0" ? "  " : " ";
    }
    EXPECT_NE(page.find("\n" + line + "\n"), std::string::npos) << line;
  }
}

}  // namespace
}  // namespace tribute::infinigram
