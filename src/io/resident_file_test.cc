#include "io/resident_file.h"

#include <gtest/gtest.h>

#include "io/memory_file_system.h"

namespace tribute::io {
namespace {

TEST(ResidentFile, HoldsWhatTheFileHeld) {
  MemoryFileSystem files;
  for (const size_t size : {size_t{0}, size_t{1}, size_t{4096}, (size_t{8} << 20) + 1}) {
    std::string bytes(size, '\0');
    for (size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(i * i % 251);
    ASSERT_TRUE(write_file_atomically(files, "file", bytes).has_value());
    const auto resident = map_file(files, "file", Residence::memory);
    ASSERT_TRUE(resident.has_value()) << resident.error().message;
    ASSERT_TRUE(write_file_atomically(files, "file", "something else").has_value());
    EXPECT_TRUE((*resident)->bytes() == bytes);
    EXPECT_TRUE((*resident)->is_intact());
  }
  EXPECT_EQ((*map_file(files, "file", Residence::mapped))->bytes(), "something else");
}

TEST(ResidentFile, HoldsPartsAndZeros) {
  MemoryFileSystem files;
  const std::string bytes(30'000, 'x');
  ASSERT_TRUE(write_file_atomically(files, "file", bytes).has_value());
  const std::vector<FilePart> parts = {{0, 10}, {5000, 5000}, {9000, 17'001}, {29'000, 40'000}, {50'000, 60'000}};
  const auto map = copy_parts(files, "file", parts);
  ASSERT_TRUE(map.has_value());
  std::string expected(bytes.size(), '\0');
  for (const FilePart& part : parts) {
    for (uint64_t i = part.begin; i < std::min<uint64_t>(part.end, bytes.size()); ++i) expected[i] = 'x';
  }
  EXPECT_TRUE((*map)->bytes() == expected);
}

TEST(ResidentFile, NamesAFileThatIsNotThere) {
  MemoryFileSystem files;
  const auto resident = map_file(files, "none", Residence::memory);
  ASSERT_FALSE(resident.has_value());
  EXPECT_EQ(resident.error().code, ErrorCode::not_found);
  EXPECT_NE(resident.error().message.find("none"), std::string::npos);
}

}  // namespace
}  // namespace tribute::io
