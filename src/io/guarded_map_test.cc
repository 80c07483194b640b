#include "io/guarded_map.h"

#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>

namespace tribute::io {
namespace {

struct GuardedMapTest : testing::Test {
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "tribute-map-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder = pattern;
    path = join(folder, "file");
    ASSERT_TRUE(write_file_atomically(*files, path, std::string(kSize, 'x')).has_value());
  }
  void TearDown() override { std::filesystem::remove_all(folder); }

  void truncate(uint64_t size) const {
    const auto file = files->open(path, OpenMode::read_write);
    ASSERT_TRUE(file.has_value() && (*file)->truncate(size).has_value());
  }

  static constexpr size_t kSize = 1 << 20;
  std::unique_ptr<FileSystem> files = make_real_file_system();
  std::string folder;
  std::string path;
};

TEST_F(GuardedMapTest, AFileThatShrinksReadsAsZerosAndIsKnownToBeDamaged) {
  const auto map = files->map(path);
  ASSERT_TRUE(map.has_value());
  EXPECT_EQ((*map)->bytes()[kSize - 1], 'x');
  EXPECT_TRUE((*map)->is_intact());
  truncate(100'000);
  EXPECT_EQ((*map)->bytes()[10], 'x');
  EXPECT_TRUE((*map)->is_intact());
  EXPECT_EQ((*map)->bytes()[kSize - 1], '\0');
  EXPECT_FALSE((*map)->is_intact());
  EXPECT_EQ((*map)->bytes()[500'000], '\0');
  EXPECT_EQ((*map)->bytes()[10], 'x');
}

TEST_F(GuardedMapTest, OneMapsDamageIsNotTheOthers) {
  ASSERT_TRUE(write_file_atomically(*files, join(folder, "other"), std::string(kSize, 'y')).has_value());
  const auto other = files->map(join(folder, "other"));
  {
    const auto map = files->map(path);
    truncate(0);
    EXPECT_EQ((*map)->bytes()[0], '\0');
    EXPECT_FALSE((*map)->is_intact());
  }
  EXPECT_EQ((*other)->bytes()[kSize - 1], 'y');
  EXPECT_TRUE((*other)->is_intact());
}

TEST_F(GuardedMapTest, AnEmptyFileHasNoBytes) {
  truncate(0);
  const auto map = files->map(path);
  ASSERT_TRUE(map.has_value());
  EXPECT_TRUE((*map)->bytes().empty());
  EXPECT_TRUE((*map)->is_intact());
}

using GuardedMapDeathTest = GuardedMapTest;

TEST_F(GuardedMapDeathTest, AFaultElsewhereStillEndsTheProcess) {
  const auto map = files->map(path);
  // By the signal, or by the handler of a sanitizer, which exits.
  EXPECT_DEATH(raise(SIGBUS), "");
}

}  // namespace
}  // namespace tribute::io
