#include "usecase/replay.h"

#include <algorithm>

#include "datanet/content_store.h"
#include "datanet/fold.h"
#include "datanet/registry.h"
#include "ledger/store.h"
#include "neardup/near_index.h"
#include "record/receipt_body.h"
#include "usecase/registration.h"
#include "usecase/transfers.h"
#include "workspace/catalog.h"

namespace tribute::usecase {
namespace {

constexpr uint64_t kMaxDirectoryBytes = uint64_t{1} << 34;

std::unexpected<Error> missing(EntryIndex index, const std::string& what) {
  return fail(ErrorCode::data_loss,
              "entry " + std::to_string(index.value()) + ": " + what + "; restore a backup of the workspace");
}

}  // namespace

Result<void> Replay::open() {
  tokenizer_ = TRY(text::open_tokenizer(files_, layout_.tokenizer_file()));
  const auto read = [&](const std::string& name) {
    return io::read_file(files_, io::join(layout_.directory_folder(), name), kMaxDirectoryBytes);
  };
  for (const auto& entry : TRY(files_.list(layout_.directory_folder()))) {
    if (entry.name == datanet::contributors_file_name()) {
      for (auto& row : TRY(datanet::parse_contributors_file(TRY(read(entry.name)))))
        names_.emplace(row.entry, std::move(row));
    } else if (entry.name.starts_with("datanet-") && entry.name.ends_with(".jsonl")) {
      for (auto& row : TRY(datanet::parse_datanet_file(TRY(read(entry.name)))))
        sources_.emplace(row.entry, std::move(row));
    }
  }
  return {};
}

Result<void> Replay::apply(EntryIndex index, const record::Entry& entry) {
  time_ms_ = entry.time_ms;
  return std::visit([&](const auto& body) { return apply_body(index, body); }, entry.body);
}

Result<void> Replay::apply_body(EntryIndex index, const record::Datanet& datanet) {
  return datanet::insert_datanet(sql_, {index, datanet});
}

Result<void> Replay::apply_body(EntryIndex index, const record::Contributor& contributor) {
  if (contributor.binds) return datanet::bind_key(sql_, *contributor.binds, contributor.key, index);
  const auto name = names_.find(index);
  if (name == names_.end() || salted_hash(name->second.salt.view(), name->second.name) != contributor.name_hash) {
    return missing(index, "the directory has not the contributor's name");
  }
  return datanet::insert_contributor(sql_, {.entry = index,
                                            .name = name->second.name,
                                            .salt = name->second.salt,
                                            .key = contributor.key,
                                            .bound_at = std::nullopt});
}

// The directory's names, else those of the old database; a withdrawn datapoint's may be nowhere.
Result<Replay::Source> Replay::source_of(EntryIndex index) {
  const auto source = sources_.find(index);
  if (source != sources_.end()) return Source{source->second.id, source->second.title, source->second.salt};
  if (old_ != nullptr) {
    if (const auto row = TRY(datanet::find_contribution(*old_, index)))
      return Source{row->source_id, row->title, row->salt};
  }
  return Source{"erased-" + std::to_string(index.value()), "", Hash256{}};
}

Result<void> Replay::apply_body(EntryIndex index, const record::Contribution& contribution) {
  const Source source = TRY(source_of(index));
  const auto datanet = TRY(datanet::find_datanet(sql_, contribution.datanet));
  if (!datanet) return missing(index, "its DataNet is not in the log");
  const auto text = datanet::read_content(files_, layout_.content_folder(), sql_, contribution.content_sha256);
  if (!text && text.error().code != ErrorCode::not_found) return std::unexpected(text.error());
  const bool is_repeated = contribution.duplicate_of.has_value() || contribution.near_duplicate_of.has_value();
  const bool is_pending = needs_approval(datanet->datanet, is_repeated);
  if (text) {
    const auto tokens = TRY(tokenizer_->encode(*text));
    TRY(neardup::insert(sql_, contribution.datanet, index, neardup::sketch_of(tokens)));
  }
  return datanet::insert_contribution(
      sql_, {.entry = index,
             .datanet = contribution.datanet,
             .contributor = contribution.contributor,
             .source_id = source.id,
             .title = source.title,
             .salt = source.salt,
             .license = contribution.license,
             .content_sha256 = contribution.content_sha256,
             .folded_sha256 = text ? datanet::folded_hash(*text) : Hash256{},
             .tokens_sha256 = contribution.tokens_sha256,
             .token_count = contribution.token_count,
             .duplicate_of = contribution.duplicate_of,
             .near_duplicate_of = contribution.near_duplicate_of,
             .is_signed = !contribution.signature.empty(),
             .state = is_pending ? datanet::ContributionState::pending : datanet::ContributionState::approved,
             .decided_at = std::nullopt,
             .withdrawn_at = std::nullopt,
             .is_erased = false});
}

Result<void> Replay::apply_body(EntryIndex index, const record::Approval& approval) {
  return datanet::decide(sql_, approval.contribution, approval.approved, index);
}

Result<void> Replay::apply_body(EntryIndex index, const record::Withdrawal& withdrawal) {
  TRY(datanet::withdraw(sql_, withdrawal.contribution, index));
  // What has no place in the near-duplicate index had no content: it is erased.
  if (!TRY(neardup::contains(sql_, withdrawal.contribution))) TRY(datanet::mark_erased(sql_, withdrawal.contribution));
  return {};
}

Result<void> Replay::apply_body(EntryIndex index, const record::Manifest& manifest) {
  return workspace::insert_manifest(sql_, {index, manifest.datanet, manifest.manifest_sha256, std::nullopt},
                                    manifest.succeeds);
}

Result<void> Replay::apply_body(EntryIndex index, const record::Model& model) {
  return workspace::insert_model(sql_, {index, model.first.value_or(index), model.name, model.version});
}

// Books what the payer lacks for the fee as a deposit of its own.
Result<void> Replay::fund(const std::string& payer, Amount fee) {
  const auto account = TRY(ledger::AccountId::payer(payer));
  const Amount balance = TRY(ledger::find_balance(sql_, account)).value_or(Amount());
  if (balance >= fee) return {};
  const Amount shortfall(fee.millionths() - balance.millionths());
  const std::string key =
      "recovered:" + payer + ":" + std::to_string(time_ms_) + ":" + std::to_string(advances_.size());
  TRY(post_deposit(sql_, {.key = key, .payer = account, .amount = shortfall, .time_ms = time_ms_}));
  const auto sum = advances_[payer].plus(shortfall);
  if (!sum) return fail(ErrorCode::out_of_range, "the deposits of payer '" + payer + "' exceed the range of amounts");
  advances_[payer] = *sum;
  return {};
}

Result<void> Replay::apply_body(EntryIndex index, const record::Receipt& receipt) {
  for (const bool is_public : {false, true}) {
    const std::string path = layout_.receipt_body_file(is_public, receipt.body_sha256);
    if (!TRY(files_.exists(path))) continue;
    const std::string text = TRY(io::read_file(files_, path));
    if (sha256(text) != receipt.body_sha256) return missing(index, path + " is not the receipt's body");
    const auto body = TRY(record::receipt_body_from_canonical_json(text));
    const std::string id = receipt_id(receipt.body_sha256);
    TRY(fund(body.payer, receipt.fee));
    TRY(post_payouts(
        sql_, {.receipt_id = id, .payer = body.payer, .entry = index, .time_ms = time_ms_, .payouts = body.payouts}));
    return workspace::insert_receipt(sql_, {.entry = index,
                                            .id = id,
                                            .model = receipt.model,
                                            .payer = body.payer,
                                            .fee = receipt.fee,
                                            .time_ms = time_ms_,
                                            .body_sha256 = receipt.body_sha256,
                                            .is_public = is_public});
  }
  return missing(index, "the receipt's body " + receipt.body_sha256.hex() + " is absent");
}

}  // namespace tribute::usecase
