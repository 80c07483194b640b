#include "usecase/doctor.h"

#include <algorithm>
#include <map>
#include <set>

#include "datanet/content_store.h"
#include "datanet/registry.h"
#include "ledger/store.h"
#include "neardup/near_index.h"
#include "ngram/index.h"
#include "tlog/reader.h"
#include "usecase/manifests.h"
#include "workspace/catalog.h"

namespace tribute::usecase {
namespace {

using workspace::Workspace;

std::string at(EntryIndex entry) { return "entry " + std::to_string(entry.value()); }

std::unexpected<Error> wrong(std::string what) { return fail(ErrorCode::data_loss, std::move(what)); }

// Compares every log entry with the row that it made, and counts the rows that entries made.
class RowsAgainstLog {
 public:
  explicit RowsAgainstLog(sql::Transaction& sql) : sql_(sql) {}

  Result<void> compare(EntryIndex entry, const record::Body& body) {
    return std::visit([&](const auto& value) { return check(entry, value); }, body);
  }

  // Every row must have been made by an entry.
  Result<void> finish() {
    TRY(expect_count("DataNets", datanets_, TRY(datanet::list_datanets(sql_)).size()));
    TRY(expect_count("contributors", contributors_, TRY(datanet::list_contributors(sql_)).size()));
    TRY(expect_count("model versions", models_, TRY(workspace::list_models(sql_)).size()));
    TRY(expect_count("receipts", receipts_,
                     TRY(workspace::list_receipts(sql_, {.payer = {}, .model = {}, .limit = UINT32_MAX})).size()));
    uint64_t contributions = 0;
    uint64_t manifests = 0;
    for (const auto& row : TRY(datanet::list_datanets(sql_))) {
      const auto counts = TRY(datanet::count_contributions(sql_, row.entry));
      contributions += counts.live + counts.pending + counts.rejected + counts.withdrawn;
      manifests += TRY(workspace::list_manifests(sql_, row.entry)).size();
    }
    TRY(expect_count("contributions", contributions_, contributions));
    return expect_count("manifests", manifests_, manifests);
  }

 private:
  static Result<void> expect(bool condition, EntryIndex entry, std::string_view what) {
    if (condition) return {};
    return wrong(at(entry) + " and the database disagree on " + std::string(what) +
                 "; restore a backup with `tribute restore`");
  }

  static Result<void> expect_count(std::string_view what, uint64_t in_log, uint64_t in_database) {
    if (in_log == in_database) return {};
    return wrong("the log has " + std::to_string(in_log) + " " + std::string(what) + ", the database " +
                 std::to_string(in_database) + "; restore a backup with `tribute restore`");
  }

  Result<void> check(EntryIndex entry, const record::Datanet& datanet) {
    ++datanets_;
    const auto row = TRY(datanet::find_datanet(sql_, entry));
    return expect(row && row->datanet == datanet, entry, "a DataNet");
  }

  Result<void> check(EntryIndex entry, const record::Contributor& contributor) {
    const auto row = TRY(datanet::find_contributor(sql_, contributor.binds.value_or(entry)));
    if (!row) return expect(false, entry, "a contributor");
    TRY(expect(salted_hash(row->salt.view(), row->name) == contributor.name_hash, entry, "a contributor's name"));
    if (contributor.binds)
      return expect(row->bound_at == entry && row->key == contributor.key, entry, "a contributor's key");
    ++contributors_;
    return expect(row->bound_at || row->key == contributor.key, entry, "a contributor's key");
  }

  Result<void> check(EntryIndex entry, const record::Contribution& contribution) {
    ++contributions_;
    const auto row = TRY(datanet::find_contribution(sql_, entry));
    if (!row) return expect(false, entry, "a contribution");
    // The names of a withdrawn datapoint may be erased.
    if (row->state == datanet::ContributionState::pending || row->state == datanet::ContributionState::approved) {
      TRY(expect(TRY(neardup::contains(sql_, entry)), entry, "a contribution's place in the near-duplicate index"));
    }
    const bool has_names = row->state != datanet::ContributionState::withdrawn;
    const Hash256 source_hash = salted_hash(row->salt.view(), record::source_text(row->source_id, row->title));
    TRY(expect(!has_names || source_hash == contribution.source_hash, entry, "a contribution's id and title"));
    return expect(row->datanet == contribution.datanet && row->contributor == contribution.contributor &&
                      row->license == contribution.license && row->content_sha256 == contribution.content_sha256 &&
                      row->tokens_sha256 == contribution.tokens_sha256 &&
                      row->token_count == contribution.token_count && row->duplicate_of == contribution.duplicate_of &&
                      row->near_duplicate_of == contribution.near_duplicate_of &&
                      row->is_signed == !contribution.signature.empty(),
                  entry, "a contribution");
  }

  Result<void> check(EntryIndex entry, const record::Approval& approval) {
    const auto row = TRY(datanet::find_contribution(sql_, approval.contribution));
    const bool rejected = row && row->state == datanet::ContributionState::rejected;
    return expect(row && row->decided_at == entry && rejected != approval.approved, entry, "an approval");
  }

  Result<void> check(EntryIndex entry, const record::Withdrawal& withdrawal) {
    const auto row = TRY(datanet::find_contribution(sql_, withdrawal.contribution));
    return expect(row && row->withdrawn_at == entry && row->state == datanet::ContributionState::withdrawn, entry,
                  "a withdrawal");
  }

  Result<void> check(EntryIndex entry, const record::Manifest& manifest) {
    ++manifests_;
    const auto rows = TRY(workspace::list_manifests(sql_, manifest.datanet));
    const auto row = std::ranges::find(rows, entry, &workspace::ManifestRow::entry);
    return expect(row != rows.end() && row->manifest_sha256 == manifest.manifest_sha256, entry, "a manifest");
  }

  Result<void> check(EntryIndex entry, const record::Model& model) {
    ++models_;
    const auto row = TRY(workspace::model_version(sql_, entry));
    return expect(
        row && row->name == model.name && row->version == model.version && row->first == model.first.value_or(entry),
        entry, "a model");
  }

  // A receipt's transfers are its payouts, no more and no less.
  Result<void> check(EntryIndex entry, const record::Receipt& receipt) {
    ++receipts_;
    std::map<std::string, Amount> paid;
    Amount sum;
    for (const auto& transfer : TRY(ledger::transfers_of(sql_, entry))) {
      paid[transfer.credit.text()] = transfer.amount;
      const auto next = sum.plus(transfer.amount);
      if (!next) return expect(false, entry, "the transfers of a receipt");
      sum = *next;
    }
    TRY(expect(sum == receipt.fee, entry, "the sum of a receipt's transfers"));
    for (const auto& payout : receipt.payouts) {
      TRY(expect(paid.contains(payout.account) && paid[payout.account] == payout.amount, entry, "a receipt's payout"));
    }
    return {};
  }

  sql::Transaction& sql_;
  uint64_t datanets_ = 0;
  uint64_t contributors_ = 0;
  uint64_t contributions_ = 0;
  uint64_t manifests_ = 0;
  uint64_t models_ = 0;
  uint64_t receipts_ = 0;
};

Result<void> check_log_and_rows(Workspace& workspace) {
  auto sql = TRY(workspace.database().begin());
  auto reader =
      TRY(tlog::LogReader::open(workspace.files(), workspace.layout().log_folder(), workspace.log().verifier_key()));
  RowsAgainstLog rows(sql);
  TRY(reader.audit([&](EntryIndex index, std::string_view text) -> Result<void> {
    const auto entry = record::entry_from_canonical_json(text);
    if (!entry) return fail_within(at(index), entry.error());
    return rows.compare(index, entry->body);
  }));
  return rows.finish();
}

Result<void> check_ledger(Workspace& workspace) {
  auto sql = TRY(workspace.database().begin());
  TRY(ledger::recount(sql));
  return {};
}

Result<void> check_contents(Workspace& workspace) {
  auto sql = TRY(workspace.database().begin());
  TRY(datanet::verify_content(workspace.files(), workspace.layout().content_folder(), sql));
  const auto hashes = TRY(datanet::list_content(sql));
  const std::set<Hash256> present(hashes.begin(), hashes.end());
  for (const auto& datanet : TRY(datanet::list_datanets(sql))) {
    for (const auto& row : TRY(datanet::live_contributions(sql, datanet.entry))) {
      if (!present.contains(row.content_sha256))
        return wrong("the content of '" + row.source_id + "' is not in the store; restore a backup");
    }
  }
  return {};
}

Result<void> check_indexes(Workspace& workspace) {
  auto sql = TRY(workspace.database().begin());
  std::set<Hash256> verified;  // segments: many manifests name one
  for (const auto& datanet : TRY(datanet::list_datanets(sql))) {
    const std::string folder = workspace.layout().index_folder(datanet.datanet.is_public);
    for (const auto& manifest : TRY(needed_manifests(workspace, sql, datanet.entry))) {
      const auto index = TRY(ngram::Index::open(workspace.files(), folder, manifest.manifest_sha256));
      TRY(index.verify());
      for (const auto& segment : index.segments()) {
        if (verified.insert(segment.name()).second) TRY(segment.verify());
      }
    }
  }
  return {};
}

Result<void> check_receipt_bodies(Workspace& workspace) {
  auto sql = TRY(workspace.database().begin());
  for (const auto& row : TRY(workspace::list_receipts(sql, {.payer = {}, .model = {}, .limit = UINT32_MAX}))) {
    const std::string path = workspace.layout().receipt_body_file(row.is_public, row.body_sha256);
    if (sha256(TRY(io::read_file(workspace.files(), path))) != row.body_sha256) {
      return wrong(path + ": is not the body of receipt " + row.id + "; put it back from a backup");
    }
  }
  return {};
}

Result<void> find_left_overs(io::FileSystem& files, const std::string& folder, std::vector<std::string>& notes) {
  for (const auto& entry : TRY(files.list(folder))) {
    const std::string path = io::join(folder, entry.name);
    if (entry.kind == io::EntryKind::folder && entry.name.starts_with(workspace::Layout::kMergingPrefix)) {
      notes.push_back(path +
                      ": of a merge that is at work or was stopped; the next `tribute index merge` of its "
                      "DataNet goes on with it, a purge removes it");
    } else if (entry.kind == io::EntryKind::folder) {
      TRY(find_left_overs(files, path, notes));
    } else if (entry.name.ends_with(".tmp")) {
      notes.push_back(path + ": left by an interrupted write; may be removed");
    }
  }
  return {};
}

Result<void> find_notes(Workspace& workspace, std::vector<std::string>& notes) {
  TRY(find_left_overs(workspace.files(), workspace.layout().root(), notes));
  auto sql = TRY(workspace.database().begin());
  for (const bool is_public : {false, true}) {
    for (const auto& name : TRY(unneeded_index_files(workspace, sql, is_public))) {
      notes.push_back(io::join(workspace.layout().index_folder(is_public), name) +
                      ": an index file that no model needs; `tribute index purge` removes it");
    }
  }
  const std::string folder = workspace.layout().content_folder();
  for (const auto& pack : TRY(datanet::unreferenced_packs(workspace.files(), folder, sql))) {
    notes.push_back(io::join(folder, pack) + ": left by an interrupted contribution; may be removed");
  }
  return {};
}

}  // namespace

bool DoctorReport::healthy() const { return std::ranges::all_of(checks, &Check::passed); }

Result<DoctorReport> examine(Workspace& workspace, workspace::Progress& progress) {
  struct Examination {
    std::string_view what;
    Result<void> (*check)(Workspace&);
  };
  const Examination examinations[] = {
      {"the database's own integrity", [](Workspace& w) { return w.database().check_integrity(); }},
      {"every balance recounted from the transfers", check_ledger},
      {"every log entry against tiles, registry, catalog and ledger", check_log_and_rows},
      {"every document against its hash", check_contents},
      {"every index file against its checksums and counts", check_indexes},
      {"every receipt's body against its hash", check_receipt_bodies},
  };
  DoctorReport report;
  progress.begin("examining", std::size(examinations), "checks");
  for (const auto& [what, check] : examinations) {
    if (progress.stop_requested()) return fail(ErrorCode::cancelled, "stopped; nothing was changed");
    const auto result = check(workspace);
    report.checks.push_back({std::string(what), result.has_value(), result ? "" : result.error().message});
    progress.advance(report.checks.size());
  }
  progress.end();
  TRY(find_notes(workspace, report.notes));
  return report;
}

}  // namespace tribute::usecase
