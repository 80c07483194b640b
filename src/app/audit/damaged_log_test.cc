// Logs that fork, are signed anew, or whose files are not what the checkpoint says.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "audit/testing/day.h"
#include "tlog/testing/naive_log.h"

namespace tribute::audit {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* kCheckpoint = "ws/public/log/checkpoint";
constexpr const char* kBundle = "ws/public/log/tile/entries/000.p/32";
constexpr const char* kTile = "ws/public/log/tile/0/000.p/32";

std::string kept_from(const HonestOperator& op) { return contents(*op.publish(), kCheckpoint); }

// A log of 632 entries: three bundles, three tiles of level 0 and one of level 1.
struct LongDay : Day {
  LongDay() {
    for (int i = 0; i < 600; ++i) op.add_contributor("Contributor " + std::to_string(i));
  }
};

TEST(DamagedLog, AForkIsFoundAgainstAKeptCheckpoint) {
  Day first;
  const std::string kept = kept_from(first.op);
  Day second;
  second.op.entries()[second.rejected.value()].time_ms += 1;
  second.op.add_contributor("Dora");
  const Report report = audited(*second.op.publish(), {.key = second.op.key_text(), .kept_checkpoint = kept});
  EXPECT_THAT(findings(report),
              ElementsAre(StartsWith("fork | public/log/checkpoint | the log has another history than the kept "
                                     "checkpoint: the root of its first 32 entries is ")));
  EXPECT_THAT(findings(audited(*second.op.publish())), ElementsAre()) << "only a kept checkpoint shows it";
}

TEST(DamagedLog, ALogThatWasCutShortIsFound) {
  Day day;
  const std::string kept = kept_from(day.op);
  day.op.entries().pop_back();
  EXPECT_THAT(findings(audited(*day.op.publish(), {.kept_checkpoint = kept})),
              ElementsAre("fork | public/log/checkpoint | the log was cut short: it has 31 entries, the kept "
                          "checkpoint 32"));
}

TEST(DamagedLog, ALogSignedAnewByAnotherKeyIsFoundWithTheKey) {
  const Day honest;
  const Day other('x');
  EXPECT_THAT(findings(audited(*other.op.publish(), {.key = honest.op.key_text()})),
              ElementsAre(StartsWith("checkpoint | public/log/checkpoint | is not by the key tribute/test+")));
  EXPECT_THAT(findings(audited(*other.op.publish(), {.kept_checkpoint = kept_from(honest.op)})),
              ElementsAre(StartsWith("fork | public/log/vkey | the kept checkpoint is not by this log's key ")));
  EXPECT_THAT(findings(audited(*other.op.publish())), ElementsAre()) << "only a kept key or checkpoint shows it";
}

TEST(DamagedLog, AnotherLogsKeptCheckpointIsNotOfThisOne) {
  const Day day;
  const tlog::Checkpoint foreign{"tribute/other", 0, sha256(""), {}};
  const auto signer =
      tlog::NoteSigner::create("tribute/other", *private_key_from_seed(KeyKind::ed25519, std::string(32, 'o')));
  EXPECT_THAT(findings(audited(*day.op.publish(), {.kept_checkpoint = *tlog::sign_checkpoint(foreign, *signer)})),
              ElementsAre(StartsWith("fork | public/log/vkey | the kept checkpoint is not by this log's key ")));
}

TEST(DamagedLog, ADamagedSignatureIsFound) {
  const Day day;
  const auto files = day.op.publish();
  tlog::Note note = *tlog::parse_note(contents(*files, kCheckpoint));
  note.signatures[0].signature[10] = static_cast<char>(note.signatures[0].signature[10] ^ 1);
  tlog::naive::write_file(*files, kCheckpoint, tlog::encode_note(note));
  EXPECT_THAT(findings(audited(*files)),
              ElementsAre(StartsWith("checkpoint | public/log/checkpoint | is not by the key tribute/test+")));
}

TEST(DamagedLog, ACheckpointThatIsNoneEndsTheAudit) {
  const Day day;
  const auto files = day.op.publish();
  tlog::naive::write_file(*files, kCheckpoint, "nothing\n");
  EXPECT_THAT(findings(audited(*files)), ElementsAre(StartsWith("checkpoint | public/log/checkpoint | ")));
}

TEST(DamagedLog, AMissingOrDamagedKeyIsFoundAndTheLogIsReadOn) {
  const Day day;
  auto files = day.op.publish();
  ASSERT_TRUE(files->remove("ws/public/log/vkey"));
  EXPECT_THAT(findings(audited(*files)), ElementsAre("checkpoint | public/log/vkey | is missing"));
  tlog::naive::write_file(*files, "ws/public/log/vkey", "tribute/test+00000000+AAAA\n");
  const Report report = audited(*files);
  EXPECT_THAT(findings(report), ElementsAre(StartsWith("checkpoint | public/log/vkey | is no verifier key: ")));
  EXPECT_EQ(report.log_size, 32U);
}

TEST(DamagedLog, AChangedEntryIsFoundByItsTileAndTheRoot) {
  const Day day;
  const auto files = day.op.publish();
  std::string bytes = contents(*files, kBundle);
  bytes.replace(bytes.find("\"essays\""), 8, "\"assays\"");
  tlog::naive::write_file(*files, kBundle, bytes);
  EXPECT_THAT(findings(audited(*files)),
              testing::Contains(StartsWith("tile | public/log/tile/0/000.p/32 | says that entry 0 hashes to ")));
  EXPECT_THAT(findings(audited(*files)),
              testing::Contains(StartsWith("root | public/log/checkpoint | says that the root of its 32 entries is ")));
}

TEST(DamagedLog, AWrongTileIsFoundByItself) {
  const Day day;
  const auto files = day.op.publish();
  flip_byte(*files, kTile, 32 * 7 + 3);
  EXPECT_THAT(findings(audited(*files)),
              ElementsAre(StartsWith("tile | public/log/tile/0/000.p/32 | says that entry 7 hashes to ")));
  ASSERT_TRUE(files->remove(kTile));
  EXPECT_THAT(findings(audited(*files)), ElementsAre(StartsWith("tile | public/log/tile/0/000.p/32 | ")));
}

TEST(DamagedLog, OfManyTilesTheOneThatIsWrongIsNamed) {
  const LongDay day;
  const auto files = day.op.publish();
  flip_byte(*files, "ws/public/log/tile/1/000.p/2", 40);
  EXPECT_THAT(findings(audited(*files)),
              ElementsAre(StartsWith("tile | public/log/tile/1/000.p/2 | says that tile/0/001 hashes to ")));
  flip_byte(*files, "ws/public/log/tile/1/000.p/2", 40);
  flip_byte(*files, "ws/public/log/tile/0/001", 0);
  EXPECT_THAT(findings(audited(*files)),
              ElementsAre(StartsWith("tile | public/log/tile/0/001 | says that entry 256 hashes to ")));
}

TEST(DamagedLog, OfAChangedEntryTheTilesAboveItAreNotReportedToo) {
  const LongDay day;
  const auto files = day.op.publish();
  const std::string path = "ws/public/log/tile/entries/001";
  std::string bytes = contents(*files, path);
  const size_t digit = bytes.find(R"("name_hash":")") + 13;
  bytes[digit] = bytes[digit] == '0' ? '1' : '0';
  tlog::naive::write_file(*files, path, bytes);
  EXPECT_THAT(findings(audited(*files)),
              ElementsAre(StartsWith("tile | public/log/tile/0/001 | says that entry 256 hashes to "),
                          StartsWith("root | public/log/checkpoint | "),
                          StartsWith("directory | public/directory/contributors.jsonl | the row of entry 256 ")));
}

TEST(DamagedLog, ABundleThatCannotBeReadIsNamedAndTheRestIsChecked) {
  const LongDay day;
  const auto files = day.op.publish();
  const std::string path = "ws/public/log/tile/entries/001";
  const std::string bytes = contents(*files, path);
  for (const std::string& damaged : {bytes.substr(0, bytes.size() - 1), bytes + "x"}) {
    tlog::naive::write_file(*files, path, damaged);
    const Report report = audited(*files);
    EXPECT_THAT(findings(report), ElementsAre(testing::AllOf(StartsWith("bundle | public/log/tile/entries/001 | "),
                                                             HasSubstr("entries 256 to 511 cannot be read"))));
    EXPECT_TRUE(report.root.has_value()) << "by the hashes of the tile";
  }
  ASSERT_TRUE(files->remove(path));
  EXPECT_THAT(findings(audited(*files)), ElementsAre(StartsWith("bundle | public/log/tile/entries/001 | ")));
  ASSERT_TRUE(files->remove("ws/public/log/tile/0/001"));
  const Report report = audited(*files);
  EXPECT_THAT(findings(report), ElementsAre(StartsWith("bundle | public/log/tile/entries/001 | ")));
  EXPECT_FALSE(report.root.has_value());
}

TEST(DamagedLog, ACheckpointOfAnEndlessLogIsNotFollowedToItsEnd) {
  const Day day;
  const auto files = day.op.publish();
  const tlog::Checkpoint endless{day.op.signer().verifier().name(), uint64_t{1} << 62, sha256(""), {}};
  tlog::naive::write_file(*files, kCheckpoint, *tlog::sign_checkpoint(endless, day.op.signer()));
  const Report report = audited(*files);
  EXPECT_EQ(report.findings.size(), 16U);
  EXPECT_THAT(findings(report), testing::Each(StartsWith("bundle | ")));
}

TEST(DamagedLog, ADroppedEntryThatIsNotSignedAnewIsFound) {
  const Day day;
  const auto files = day.op.publish();
  std::vector<std::string> texts = day.op.entry_texts();
  texts.erase(texts.begin() + 5);
  tlog::naive::write_file(*files, kBundle, tlog::naive::files_of(texts).at("tile/entries/000.p/31"));
  EXPECT_THAT(findings(audited(*files)), ElementsAre(StartsWith("bundle | public/log/tile/entries/000.p/32 | ")));
}

TEST(DamagedLog, AnEntryThatIsNotCanonicalIsFound) {
  const Day day;
  std::vector<std::string> texts = day.op.entry_texts();
  texts.back() += " ";
  EXPECT_THAT(findings(audited(*day.op.publish(texts))), ElementsAre(StartsWith("entry | entry 31 | ")));
  texts.back() = "{}";
  EXPECT_THAT(findings(audited(*day.op.publish(texts))), ElementsAre(StartsWith("entry | entry 31 | ")));
}

TEST(DamagedLog, WhatNamesAnUnreadableEntryIsNotBlamed) {
  const Day day;
  std::vector<std::string> texts = day.op.entry_texts();
  texts[day.essays.value()] = "{}";
  EXPECT_THAT(findings(audited(*day.op.publish(texts))), ElementsAre(StartsWith("entry | entry 0 | ")));
}

TEST(DamagedLog, FurtherFindingsOfARuleAreCounted) {
  LongDay day;
  for (record::Entry& entry : day.op.entries()) entry.time_ms = 10'000 - entry.time_ms % 10'000;
  const Report report = audited(*day.op.publish());
  EXPECT_EQ(report.findings.size(), 100U);
  EXPECT_GT(report.further_finding_count, 100U);
}

TEST(DamagedLog, TroubleWithReadingIsAnErrorAndNoFinding) {
  const Day day;
  const auto files = day.op.publish();
  for (const std::string path : {"tile/entries/000.p/32", "tile/0/000.p/32", "vkey"}) {
    files->set_fault_hook([&path](io::Operation, const std::string& at, uint64_t) {
      return at.ends_with(path) ? io::Fault::error : io::Fault::none;
    });
    const Result<Report> report = verify(*files, {.public_folder = "ws/public"});
    ASSERT_FALSE(report.has_value()) << path;
    EXPECT_EQ(report.error().code, ErrorCode::unavailable);
  }
}

}  // namespace
}  // namespace tribute::audit
