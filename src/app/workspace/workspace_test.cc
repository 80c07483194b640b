#include "workspace/workspace.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/memory_file_system.h"
#include "tlog/reader.h"

namespace tribute::workspace {
namespace {

using ::testing::HasSubstr;

class WorkspaceTest : public ::testing::Test {
 protected:
  static constexpr const char* kFolder = "/w";

  Environment environment() { return {files_, clock_, random_}; }
  Result<std::unique_ptr<Workspace>> open() {
    return Workspace::open(environment(), kFolder, "tribute test, process 1");
  }

  void SetUp() override {
    const auto made = Workspace::init(environment(), kFolder, {.tokenizer = "bytes", .origin = "example.com/w"});
    ASSERT_TRUE(made.has_value()) << made.error().message;
  }

  io::MemoryFileSystem files_;
  io::SteppingClock clock_;
  io::SeededRandom random_{5};
};

record::Datanet datanet(const std::string& name) { return {.name = name}; }

TEST_F(WorkspaceTest, InitMakesAnEmptySignedLog) {
  const auto workspace = open();
  ASSERT_TRUE(workspace.has_value()) << workspace.error().message;
  EXPECT_EQ((*workspace)->log().published().size, 0U);
  EXPECT_EQ((*workspace)->log().published().origin, "example.com/w");
  EXPECT_EQ((*workspace)->tokenizer().kind(), "bytes");
  EXPECT_EQ((*workspace)->settings(), Settings{});
}

TEST_F(WorkspaceTest, InitRefusesWhatIsThere) {
  EXPECT_EQ(Workspace::init(environment(), kFolder, {}).error().code, ErrorCode::already_exists);
  ASSERT_TRUE(io::make_folders(files_, "/mine").has_value());
  ASSERT_TRUE(io::write_file_atomically(files_, "/mine/letter", "dear").has_value());
  const auto refused = Workspace::init(environment(), "/mine", {});
  EXPECT_EQ(refused.error().code, ErrorCode::already_exists);
  EXPECT_THAT(refused.error().message, HasSubstr("letter"));
  EXPECT_EQ(Workspace::init(environment(), "/new", {.tokenizer = "bpe"}).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(Workspace::init(environment(), "/new", {.tokenizer = "bytes", .origin = "a b"}).error().code,
            ErrorCode::invalid_argument);
  EXPECT_EQ(files_.exists("/new"), false);
}

TEST_F(WorkspaceTest, ASecondOneIsToldWhoHoldsIt) {
  const auto first = open();
  ASSERT_TRUE(first.has_value());
  const auto second = Workspace::open(environment(), kFolder, "another");
  EXPECT_EQ(second.error().code, ErrorCode::unavailable);
  EXPECT_THAT(second.error().message, HasSubstr("tribute test, process 1"));
}

TEST_F(WorkspaceTest, NamesTheRemedyWhereThereIsNone) {
  const auto opened = Workspace::open(environment(), "/nowhere", "test");
  EXPECT_EQ(opened.error().code, ErrorCode::not_found);
  EXPECT_THAT(opened.error().message, HasSubstr("tribute init"));
}

TEST_F(WorkspaceTest, AChangeIsAllOrNothing) {
  const auto workspace = open();
  ASSERT_TRUE(workspace.has_value());
  {
    auto dropped = (*workspace)->begin();
    ASSERT_TRUE(dropped.has_value());
    EXPECT_EQ(dropped->append(datanet("a")), EntryIndex(0));
    EXPECT_EQ(dropped->append(datanet("b")), EntryIndex(1));
    EXPECT_EQ(dropped->log_size(), 2U);
  }
  auto change = (*workspace)->begin();
  ASSERT_TRUE(change.has_value());
  EXPECT_EQ(change->append(datanet("c")), EntryIndex(0));
  ASSERT_TRUE(std::move(*change).commit().has_value());
  ASSERT_TRUE((*workspace)->publish().has_value());
  auto sql = (*workspace)->database().begin();
  ASSERT_TRUE(sql.has_value());
  EXPECT_EQ((*workspace)->entry<record::Datanet>(*sql, EntryIndex(0)), datanet("c"));
  EXPECT_EQ((*workspace)->entry<record::Receipt>(*sql, EntryIndex(0)).error().code, ErrorCode::data_loss);
}

TEST_F(WorkspaceTest, TimeNeverGoesBack) {
  class JumpingClock final : public io::Clock {
   public:
    uint64_t now_ms() override { return times_[next_++ % 4]; }

   private:
    uint64_t times_[4] = {1'000, 900, 2'000, 10};
    size_t next_ = 0;
  };
  JumpingClock clock;
  const Environment jumping{files_, clock, random_};
  for (int i = 0; i < 4; ++i) {
    const auto workspace = Workspace::open(jumping, kFolder, "test");
    ASSERT_TRUE(workspace.has_value());
    auto change = (*workspace)->begin();
    ASSERT_TRUE(change->append(datanet("d" + std::to_string(i))).has_value());
    ASSERT_TRUE(std::move(*change).commit().has_value());
    ASSERT_TRUE((*workspace)->publish().has_value());
  }
  const auto workspace = open();
  auto reader = tlog::LogReader::open(files_, (*workspace)->layout().log_folder(), (*workspace)->log().verifier_key());
  ASSERT_TRUE(reader.has_value());
  std::vector<uint64_t> times;
  ASSERT_TRUE(reader->read(0, 4, [&](EntryIndex, std::string_view text) -> Result<void> {
    times.push_back(TRY(record::entry_from_canonical_json(text)).time_ms);
    return {};
  }));
  EXPECT_EQ(times, (std::vector<uint64_t>{1'000, 1'000, 2'000, 2'000}));
}

TEST_F(WorkspaceTest, BadSettingsAndKeysAreNamed) {
  ASSERT_TRUE(io::write_file_atomically(files_, "/w/tribute.toml", "max_documnet_bytes = 3\n").has_value());
  EXPECT_THAT(open().error().message, HasSubstr("max_documnet_bytes"));
  ASSERT_TRUE(io::write_file_atomically(files_, "/w/tribute.toml", "").has_value());
  ASSERT_TRUE(io::write_file_atomically(files_, "/w/keys/log.key", "nonsense\n").has_value());
  EXPECT_EQ(open().error().code, ErrorCode::data_loss);
  EXPECT_THAT(open().error().message, HasSubstr("keys/log.key"));
}

}  // namespace
}  // namespace tribute::workspace
