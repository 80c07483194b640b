#include "workspace/catalog.h"

#include <gtest/gtest.h>

#include "io/memory_file_system.h"

namespace tribute::workspace {
namespace {

class Catalog : public ::testing::Test {
 protected:
  void SetUp() override {
    database_ = std::move(sql::Database::open(files_, "/catalog.db")).value();
    const sql::Schema schemas[] = {catalog_schema()};
    ASSERT_TRUE(database_->migrate(schemas).has_value());
  }

  io::MemoryFileSystem files_;
  std::unique_ptr<sql::Database> database_;
};

ReceiptRow receipt(uint64_t entry, const std::string& payer, EntryIndex model) {
  const Hash256 body = sha256(std::to_string(entry));
  return {.entry = EntryIndex(entry),
          .id = body.hex().substr(0, 32),
          .model = model,
          .payer = payer,
          .fee = Amount(7),
          .time_ms = 5,
          .body_sha256 = body,
          .is_public = entry % 2 == 0};
}

TEST_F(Catalog, FindsTheNewestManifestOfADatanet) {
  auto sql = std::move(database_->begin()).value();
  EXPECT_EQ(newest_manifest(sql, EntryIndex(1))->has_value(), false);
  ASSERT_TRUE(insert_manifest(sql, {EntryIndex(5), EntryIndex(1), sha256("a"), {}}, {}));
  ASSERT_TRUE(insert_manifest(sql, {EntryIndex(9), EntryIndex(1), sha256("b"), {}}, {}));
  ASSERT_TRUE(insert_manifest(sql, {EntryIndex(11), EntryIndex(2), sha256("c"), {}}, {}));
  const auto newest = newest_manifest(sql, EntryIndex(1));
  ASSERT_TRUE(newest->has_value());
  EXPECT_EQ((*newest)->entry, EntryIndex(9));
  EXPECT_EQ((*newest)->manifest_sha256, sha256("b"));
  EXPECT_EQ(list_manifests(sql, EntryIndex(1))->size(), 2U);
}

TEST_F(Catalog, FindsTheNewestVersionOfAModelByNumber) {
  auto sql = std::move(database_->begin()).value();
  for (uint32_t version = 1; version <= 11; ++version) {
    ASSERT_TRUE(insert_model(sql, {EntryIndex(100 + version), EntryIndex(101), "m", version}));
  }
  EXPECT_EQ((*newest_model(sql, "m"))->entry, EntryIndex(111));
  EXPECT_EQ((*model_version(sql, EntryIndex(102)))->version, 2U);
  EXPECT_EQ(newest_model(sql, "n")->has_value(), false);
  EXPECT_EQ(insert_model(sql, {EntryIndex(500), EntryIndex(101), "m", 11}).error().code, ErrorCode::already_exists);
}

TEST_F(Catalog, ListsReceiptsNewestFirstByPayerAndModel) {
  auto sql = std::move(database_->begin()).value();
  ASSERT_TRUE(insert_model(sql, {EntryIndex(1), EntryIndex(1), "m", 1}));
  ASSERT_TRUE(insert_model(sql, {EntryIndex(2), EntryIndex(1), "m", 2}));
  ASSERT_TRUE(insert_model(sql, {EntryIndex(3), EntryIndex(3), "n", 1}));
  ASSERT_TRUE(insert_receipt(sql, receipt(10, "alice", EntryIndex(1))));
  ASSERT_TRUE(insert_receipt(sql, receipt(11, "bob", EntryIndex(2))));
  ASSERT_TRUE(insert_receipt(sql, receipt(12, "alice", EntryIndex(3))));
  const auto entries = [&](const ReceiptFilter& filter) {
    std::vector<uint64_t> result;
    const auto rows = list_receipts(sql, filter);
    for (const auto& row : *rows) result.push_back(row.entry.value());
    return result;
  };
  EXPECT_EQ(entries({}), (std::vector<uint64_t>{12, 11, 10}));
  EXPECT_EQ(entries({.payer = "alice"}), (std::vector<uint64_t>{12, 10}));
  EXPECT_EQ(entries({.model = "m"}), (std::vector<uint64_t>{11, 10}));
  EXPECT_EQ(entries({.limit = 1}), (std::vector<uint64_t>{12}));
  const auto found = find_receipt(sql, receipt(12, "", {}).id);
  ASSERT_TRUE(found->has_value());
  EXPECT_EQ((*found)->payer, "alice");
  EXPECT_EQ((*found)->fee, Amount(7));
  EXPECT_TRUE((*found)->is_public);
}

TEST_F(Catalog, RemembersChargeKeysOnce) {
  auto sql = std::move(database_->begin()).value();
  EXPECT_EQ(find_charge_key(sql, "k")->has_value(), false);
  ASSERT_TRUE(insert_charge_key(sql, {"k", sha256("request"), "id"}));
  EXPECT_EQ((*find_charge_key(sql, "k"))->request_hash, sha256("request"));
  EXPECT_EQ(list_charge_keys(sql)->size(), 1U);
  EXPECT_EQ(insert_charge_key(sql, {"k", sha256("other"), "id"}).error().code, ErrorCode::already_exists);
}

}  // namespace
}  // namespace tribute::workspace
