#include "datanet/directory.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "datanet/directory_file.h"
#include "datanet/testing/registry_fixture.h"

namespace tribute::datanet {
namespace {

class Directory : public testing::RegistryFixture {
 protected:
  void SetUp() override {
    RegistryFixture::SetUp();
    ASSERT_TRUE(files_.make_folder("directory").has_value());
    add_datanet(0, "harbour");
    add_contributor(1, "ada \u4e2d");
    add_contributor(2, "bob");
    ASSERT_TRUE(insert_contribution(sql(), contribution(3, EntryIndex(0), EntryIndex(1), "a")).has_value());
    ASSERT_TRUE(insert_contribution(sql(), contribution(4, EntryIndex(0), EntryIndex(2), "b")).has_value());
    commit();
  }
  void publish() {
    ASSERT_TRUE(publish_directory(files_, "directory", sql()).has_value());
    commit();
  }
  std::string read(const std::string& name) { return io::read_file(files_, "directory/" + name).value(); }
  // The number of files that a publication writes.
  int written_by_publishing() {
    int renames = 0;
    files_.set_fault_hook([&](io::Operation operation, const std::string& path, uint64_t) {
      renames += operation == io::Operation::rename && path.starts_with("directory/");
      return io::Fault::none;
    });
    publish();
    files_.set_fault_hook({});
    return renames;
  }
};

TEST_F(Directory, HasARowForEachContributorAndDatapoint) {
  publish();
  EXPECT_EQ(read("contributors.jsonl"),
            "{\"entry\":1,\"name\":\"ada \\u4e2d\",\"salt\":\"" + sha256("salt of ada \u4e2d").hex() +
                "\"}\n{\"entry\":2,\"name\":\"bob\",\"salt\":\"" + sha256("salt of bob").hex() + "\"}\n");
  EXPECT_EQ(read("datanet-000000000000.jsonl"),
            "{\"entry\":3,\"id\":\"id-3\",\"salt\":\"" + sha256("salt 3").hex() +
                "\",\"title\":\"Title of 3\"}\n{\"entry\":4,\"id\":\"id-4\",\"salt\":\"" + sha256("salt 4").hex() +
                "\",\"title\":\"Title of 4\"}\n");
}

TEST_F(Directory, AWithdrawnDatapointIsErased) {
  publish();
  ASSERT_TRUE(withdraw(sql(), EntryIndex(3), EntryIndex(5)).has_value());
  publish();
  const auto rows = parse_datanet_file(read("datanet-000000000000.jsonl"));
  ASSERT_TRUE(rows.has_value());
  ASSERT_EQ(rows->size(), 1U);
  EXPECT_EQ(rows->at(0).id, "id-4");
}

TEST_F(Directory, WritesOnlyWhatChangedOrIsAbsent) {
  EXPECT_EQ(written_by_publishing(), 2);
  EXPECT_EQ(written_by_publishing(), 0);
  add_contributor(5, "carol");
  EXPECT_EQ(written_by_publishing(), 1);
  add_datanet(6, "empty");
  EXPECT_EQ(written_by_publishing(), 1);
  EXPECT_EQ(read("datanet-000000000006.jsonl"), "");
  ASSERT_TRUE(files_.remove("directory/contributors.jsonl").has_value());
  EXPECT_EQ(written_by_publishing(), 1);
}

TEST_F(Directory, WithoutACommitTheFilesAreWrittenAgain) {
  ASSERT_TRUE(publish_directory(files_, "directory", sql()).has_value());
  transaction_.reset();
  transaction_.emplace(database_->begin().value());
  EXPECT_EQ(written_by_publishing(), 2);
}

TEST(DirectoryFile, RowsComeBackAsTheyWereWritten) {
  EXPECT_TRUE(rc::check([](const std::vector<std::string>& texts) {
    std::string names;
    std::string sources;
    std::vector<ContributorName> expected_names;
    std::vector<DatapointSource> expected_sources;
    uint64_t entry = 0;
    for (const std::string& text : texts) {
      entry += 1 + text.size();
      const std::string ascii = [&] {
        std::string kept;
        for (const char c : text) kept += static_cast<char>(c & 0x7F);
        return kept + "\"\\/\u00e9\U0001F600";
      }();
      expected_names.push_back({.entry = EntryIndex(entry), .name = ascii, .salt = sha256(text)});
      expected_sources.push_back(
          {.entry = EntryIndex(entry), .id = ascii, .title = ascii + " title", .salt = sha256(text)});
      names += to_line(expected_names.back());
      sources += to_line(expected_sources.back());
    }
    RC_ASSERT(parse_contributors_file(names).value() == expected_names);
    RC_ASSERT(parse_datanet_file(sources).value() == expected_sources);
  }));
}

TEST(DirectoryFile, AnythingElseIsNamedByItsLine) {
  const std::string good = to_line(ContributorName{.entry = EntryIndex(1), .name = "ada", .salt = {}});
  const std::string salt(64, '0');
  const std::string bad[] = {
      good,                                                                  // the entries do not ascend
      "\n",                                                                  // an empty line
      "{\"entry\":2,\"name\":\"bob\",\"salt\":\"" + salt + "\"}",            // no end
      "{\"entry\": 2,\"name\":\"bob\",\"salt\":\"" + salt + "\"}\n",         // white space
      "{\"entry\":2,\"name\":\"bob\",\"salt\":\"" + salt + "\",\"x\":1}\n",  // another field
      "{\"entry\":2,\"name\":\"bob\"}\n",                                    // a field is missing
      "{\"entry\":2,\"name\":\"bob\",\"salt\":\"00\"}\n",                    // no hash
      "{\"entry\":2,\"name\":\"bob\",\"salt\":\"" + salt + "\"}\r\n",        // a carriage return
      "{\"name\":\"bob\",\"entry\":2,\"salt\":\"" + salt + "\"}\n",          // out of order
      to_line(DatapointSource{.entry = EntryIndex(2), .id = "i", .title = "t", .salt = {}}),  // another file's row
  };
  for (const std::string& line : bad) {
    const auto rows = parse_contributors_file(good + line);
    ASSERT_FALSE(rows.has_value()) << line;
    EXPECT_EQ(rows.error().code, ErrorCode::data_loss);
    EXPECT_TRUE(rows.error().message.starts_with("line 2: ")) << rows.error().message;
  }
}

TEST(DirectoryFile, NamesHaveTwelveDigits) {
  EXPECT_EQ(datanet_file_name(EntryIndex(7)), "datanet-000000000007.jsonl");
  EXPECT_EQ(datanet_file_name(EntryIndex(1'234'567'890'123)), "datanet-1234567890123.jsonl");
}

}  // namespace
}  // namespace tribute::datanet
