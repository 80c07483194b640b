// `tribute index import`, as typed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/testing/shell.h"

namespace tribute::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class ImportIndex : public ::testing::Test {
 protected:
  // Two documents of bytes, "ab" and "b".
  ImportIndex() {
    EXPECT_TRUE(io::make_folders(shell_.files, "/pile").has_value());
    shell_.write("/pile/tokenized.0", std::string_view("\xff"
                                                       "ab\xff"
                                                       "b",
                                                       5));
    shell_.write("/pile/table.0", std::string_view("\1\4\2\3\0", 5));
    shell_.write("/pile/offset.0", std::string_view("\0\0\0\0\0\0\0\0\3\0\0\0\0\0\0\0", 16));
  }

  testing::Shell shell_;
};

TEST_F(ImportIndex, NeedsNoWorkspaceAndChangesNothing) {
  const std::string table = shell_.read("/pile/table.0");
  EXPECT_THAT(shell_.must({"index", "import", "/pile", "--token-type", "u8"}),
              StartsWith("Imported 1 shard of /pile: 2 documents, 3 tokens as u8\n"));
  EXPECT_EQ(shell_.read("/pile/table.0"), table);
  EXPECT_EQ(shell_.read("/pile/tribute.directory.0").size(), 8192U);
  const auto json = shell_.json({"index", "import", "/pile", "--token-type", "u8"});
  EXPECT_EQ(json["token_type"], "u8");
  EXPECT_EQ(json["shards"], 1);
  EXPECT_EQ(json["documents"], 2);
  EXPECT_EQ(json["tokens"], 3);
  EXPECT_EQ(json["directory_bytes"], 8192);
}

TEST_F(ImportIndex, RefusalsAreOneLineThatNamesTheRemedy) {
  const auto error = [&](const std::vector<std::string>& words) {
    const auto outcome = shell_.run(words);
    EXPECT_EQ(outcome.exit, 2);
    EXPECT_EQ(outcome.out, "");
    EXPECT_EQ(std::ranges::count(outcome.err, '\n'), 1) << outcome.err;
    return outcome.err;
  };
  EXPECT_THAT(error({"index", "import", "/pile"}),
              HasSubstr("/pile/tokenized.0: its 5 bytes are not whole tokens; is u16"));
  EXPECT_THAT(error({"index", "import", "/pile", "--token-type", "u64"}), HasSubstr("name u8, u16 or u32"));
  EXPECT_THAT(error({"index", "import", "/absent"}), HasSubstr("/absent"));
  EXPECT_TRUE(io::make_folders(shell_.files, "/empty").has_value());
  EXPECT_THAT(error({"index", "import", "/empty"}), HasSubstr("it has no tokenized.0"));
  EXPECT_TRUE(shell_.files.remove("/pile/offset.0").has_value());
  EXPECT_THAT(error({"index", "import", "/pile", "--token-type", "u8"}), HasSubstr("/pile/offset.0 is missing"));
}

}  // namespace
}  // namespace tribute::cli
