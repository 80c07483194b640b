#include "datanet/content_store.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "io/memory_file_system.h"

namespace tribute::datanet {
namespace {

class ContentStore : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(files_.make_folder("content").has_value());
    open();
  }
  void open() {
    auto database = sql::Database::open(files_, "db");
    ASSERT_TRUE(database.has_value()) << database.error().message;
    database_ = std::move(*database);
    const std::vector<sql::Schema> schemas = {content_schema()};
    ASSERT_TRUE(database_->migrate(schemas).has_value());
  }
  sql::Transaction begin() { return database_->begin().value(); }

  Result<void> store(sql::Transaction& sql, const std::vector<std::string>& documents) {
    PackWriter writer;
    for (const std::string& document : documents) TRY(writer.add(document));
    return std::move(writer).finish(files_, "content", sql);
  }
  Result<void> store(const std::vector<std::string>& documents) {
    auto sql = begin();
    TRY(store(sql, documents));
    return std::move(sql).commit();
  }
  Result<std::string> read(const std::string& document) {
    auto sql = begin();
    return read_content(files_, "content", sql, sha256(document));
  }
  std::vector<std::string> file_names() {
    std::vector<std::string> names;
    const auto entries = files_.list("content").value();
    for (const auto& entry : entries) names.push_back(entry.name);
    return names;
  }

  io::MemoryFileSystem files_;
  std::unique_ptr<sql::Database> database_;
};

TEST_F(ContentStore, StoresEachDocumentOnce) {
  ASSERT_TRUE(store({"one", "two", "one"}).has_value());
  ASSERT_TRUE(store({"two", "three"}).has_value());
  ASSERT_TRUE(store({"three", "one"}).has_value());
  ASSERT_TRUE(store({}).has_value());
  for (const char* document : {"one", "two", "three"}) EXPECT_EQ(read(document), document);
  EXPECT_EQ(read("four").error().code, ErrorCode::not_found);

  EXPECT_EQ(file_names().size(), 2U) << "nothing new makes no pack";
  auto sql = begin();
  EXPECT_EQ(list_content(sql).value().size(), 3U);
  EXPECT_TRUE(verify_content(files_, "content", sql).has_value());
  EXPECT_EQ(unreferenced_packs(files_, "content", sql), std::vector<std::string>());
}

TEST_F(ContentStore, APackWithoutItsCommitIsHarmlessAndWrittenAgain) {
  {
    auto dropped = begin();
    ASSERT_TRUE(store(dropped, {"one"}).has_value());
  }
  const auto orphan = file_names();
  ASSERT_EQ(orphan.size(), 1U);
  {
    auto sql = begin();
    EXPECT_EQ(unreferenced_packs(files_, "content", sql), orphan);
    EXPECT_EQ(read_content(files_, "content", sql, sha256("one")).error().code, ErrorCode::not_found);
  }
  ASSERT_TRUE(store({"one"}).has_value());
  EXPECT_EQ(file_names(), orphan) << "equal content has an equal name";
  EXPECT_EQ(read("one"), "one");
  auto sql = begin();
  EXPECT_EQ(unreferenced_packs(files_, "content", sql), std::vector<std::string>());
}

TEST_F(ContentStore, AnAbsentOrDamagedPackIsDataLossWithItsName) {
  ASSERT_TRUE(store({"one"}).has_value());
  const std::string name = file_names().at(0);
  std::string bytes = io::read_file(files_, "content/" + name).value();
  bytes[20] = static_cast<char>(bytes[20] ^ 1);
  ASSERT_TRUE(io::write_file_atomically(files_, "content/" + name, bytes).has_value());
  const auto expect_named = [&](const Error& error) {
    EXPECT_EQ(error.code, ErrorCode::data_loss);
    EXPECT_NE(error.message.find(name), std::string::npos) << error.message;
  };
  expect_named(read("one").error());
  {
    auto sql = begin();
    expect_named(verify_content(files_, "content", sql).error());
  }
  ASSERT_TRUE(files_.remove("content/" + name).has_value());
  expect_named(read("one").error());
  auto sql = begin();
  expect_named(verify_content(files_, "content", sql).error());
}

TEST_F(ContentStore, AnIndexThatDisagreesWithAPackIsFound) {
  for (const char* change :
       {"UPDATE content_documents SET document_bytes = document_bytes + 1",
        "UPDATE content_documents SET record_offset = record_offset + 1", "DELETE FROM content_documents"}) {
    ASSERT_TRUE(store({std::string("document of ") + change}).has_value());
    auto sql = begin();
    ASSERT_TRUE(verify_content(files_, "content", sql).has_value());
    ASSERT_TRUE(sql.execute(change).has_value());
    EXPECT_EQ(verify_content(files_, "content", sql).error().code, ErrorCode::data_loss) << change;
  }
}

TEST_F(ContentStore, AnIndexIsMadeAgainFromThePacks) {
  ASSERT_TRUE(store({"a", "b"}).has_value());
  ASSERT_TRUE(store({"c"}).has_value());
  // Left by a run that stopped before its commit, with one document that is stored elsewhere too.
  const auto left = make_pack({*compress_document("b"), *compress_document("d")});
  ASSERT_TRUE(io::write_file_atomically(files_, io::join("content", left.name), left.bytes).has_value());
  ASSERT_TRUE(io::write_file_atomically(files_, "content/pack-of-cards", "no pack").has_value());
  auto sql = begin();
  for (const char* table : {"content_documents", "content_packs"}) {
    ASSERT_TRUE(sql.execute(std::string("DELETE FROM ") + table).has_value());
  }
  ASSERT_TRUE(record_packs(files_, "content", sql).has_value());
  EXPECT_TRUE(verify_content(files_, "content", sql).has_value());
  for (const char* document : {"a", "b", "c", "d"}) {
    EXPECT_EQ(read_content(files_, "content", sql, sha256(document)), document);
  }
}

// Power is lost at every operation in turn: what was committed can be read, whatever else happened.
TEST_F(ContentStore, WhatWasCommittedSurvivesACrashAtEveryStep) {
  for (uint64_t step = 0;; ++step) {
    const auto base = files_.clone();
    auto database = sql::Database::open(*base, "db").value();
    const uint64_t crash_at = base->operation_count() + step;
    base->set_fault_hook([&](io::Operation, const std::string&, uint64_t number) {
      return number >= crash_at ? io::Fault::crash : io::Fault::none;
    });
    const bool acknowledged = [&] {
      auto sql = database->begin();
      if (!sql) return false;
      PackWriter writer;
      if (!writer.add("precious") || !std::move(writer).finish(*base, "content", *sql)) return false;
      return std::move(*sql).commit().has_value();
    }();
    const bool crashed = base->crashed();
    database.reset();
    base->set_fault_hook({});
    if (!crashed) base->crash();
    base->restart(step);
    auto reopened = sql::Database::open(*base, "db");
    ASSERT_TRUE(reopened.has_value()) << step << ": " << reopened.error().message;
    auto sql = (*reopened)->begin().value();
    const auto read = read_content(*base, "content", sql, sha256("precious"));
    if (acknowledged) {
      EXPECT_EQ(read, "precious") << step;
    } else {
      EXPECT_TRUE(read.has_value() ? *read == "precious" : read.error().code == ErrorCode::not_found) << step;
    }
    EXPECT_TRUE(verify_content(*base, "content", sql).has_value()) << step;
    if (!crashed) break;
  }
}

TEST_F(ContentStore, ErasedDocumentsAreInNoPack) {
  ASSERT_TRUE(store({"one", "two", "three"}).has_value());
  ASSERT_TRUE(store({"four"}).has_value());
  ASSERT_TRUE(store({"five", "six"}).has_value());
  const auto before = file_names();
  {
    auto sql = begin();
    ASSERT_TRUE(erase_content(files_, "content", sql, {sha256("two"), sha256("four"), sha256("absent")}).has_value());
    EXPECT_EQ(read_content(files_, "content", sql, sha256("two")).error().code, ErrorCode::not_found);
  }
  EXPECT_EQ(read("two"), "two") << "not committed, nothing lost";
  {
    auto sql = begin();
    ASSERT_TRUE(erase_content(files_, "content", sql, {sha256("two"), sha256("four")}).has_value());
    ASSERT_TRUE(std::move(sql).commit().has_value());
  }
  for (const char* document : {"two", "four"}) EXPECT_EQ(read(document).error().code, ErrorCode::not_found);
  for (const char* document : {"one", "three", "five", "six"}) EXPECT_EQ(read(document), document);
  auto sql = begin();
  const auto old = unreferenced_packs(files_, "content", sql).value();
  EXPECT_EQ(old.size(), 2U);
  for (const std::string& pack : old) {
    EXPECT_TRUE(std::ranges::find(before, pack) != before.end());
    ASSERT_TRUE(files_.remove(io::join("content", pack)).has_value());
  }
  EXPECT_TRUE(verify_content(files_, "content", sql).has_value());
  EXPECT_EQ(file_names().size(), 2U);
}

// A pack that a stopped run left, recorded by a recovery, holds copies that the index does not name.
TEST_F(ContentStore, CopiesThatAreNotRecordedAreErasedToo) {
  ASSERT_TRUE(store({"one", "two"}).has_value());
  {
    auto sql = begin();
    ASSERT_TRUE(sql.execute("DELETE FROM content_documents").has_value());
    ASSERT_TRUE(sql.execute("DELETE FROM content_packs").has_value());
    ASSERT_TRUE(store(sql, {"two", "three"}).has_value());
    ASSERT_TRUE(sql.execute("DELETE FROM content_documents").has_value());
    ASSERT_TRUE(sql.execute("DELETE FROM content_packs").has_value());
    ASSERT_TRUE(record_packs(files_, "content", sql).has_value());
    ASSERT_TRUE(erase_content(files_, "content", sql, {sha256("two")}).has_value());
    ASSERT_TRUE(std::move(sql).commit().has_value());
  }
  auto sql = begin();
  const auto old = unreferenced_packs(files_, "content", sql).value();
  for (const std::string& pack : old) ASSERT_TRUE(files_.remove(io::join("content", pack)).has_value());
  for (const std::string& name : file_names()) {
    const auto documents = verify_pack(files_, "content", name).value();
    EXPECT_TRUE(std::ranges::find(documents, sha256("two"), &PackedDocument::sha256) == documents.end()) << name;
  }
  EXPECT_EQ(read_content(files_, "content", sql, sha256("one")), "one");
  EXPECT_EQ(read_content(files_, "content", sql, sha256("three")), "three");
}

}  // namespace
}  // namespace tribute::datanet
