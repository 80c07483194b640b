#include "audit/entry_audit.h"

#include <array>

#include "base/bytes.h"
#include "base/sign.h"

namespace tribute::audit {
namespace {

std::string number(EntryIndex entry) { return std::to_string(entry.value()); }

std::string decision(bool approved) { return approved ? "approved" : "rejected"; }

// The kind that a value of History::kinds stands for.
std::string_view kind_name(uint8_t kind) {
  constexpr std::array<std::string_view, std::variant_size_v<record::Body> + 1> kNames = {
      "unreadable entry", "datanet",  "contributor", "contribution", "approval",
      "withdrawal",       "manifest", "model",       "receipt"};
  return kNames[kind];
}

}  // namespace

void EntryAudit::check(std::string_view json) {
  const EntryIndex entry(history_.kinds.size());
  const Result<record::Entry> parsed = record::entry_from_canonical_json(json);
  if (!parsed) {
    recorder_.wrong_entry(Rule::entry, entry, parsed.error().message);
    skip();
    return;
  }
  history_.kinds.push_back(static_cast<uint8_t>(parsed->body.index() + 1));
  if (parsed->time_ms < time_ms_) {
    recorder_.wrong_entry(Rule::time, entry,
                          "time_ms is " + std::to_string(parsed->time_ms) + ", below the " + std::to_string(time_ms_) +
                              " of an entry before it");
  } else {
    time_ms_ = parsed->time_ms;
  }
  recorder_.checked("entries");
  std::visit([this, entry](const auto& body) { check_body(entry, body); }, parsed->body);
}

void EntryAudit::skip() {
  history_.kinds.push_back(0);
  recorder_.unchecked("entries that could not be read");
}

template <typename Fact>
Fact* EntryAudit::resolve(FactTable<Fact>& table, EntryIndex entry, EntryIndex target, std::string_view field,
                          std::string_view kind) {
  Fact* fact = table.find(target);  // the facts so far are those of entries before this one
  if (fact == nullptr) report_unresolved(entry, target, field, kind);
  return fact;
}

void EntryAudit::report_unresolved(EntryIndex entry, EntryIndex target, std::string_view field, std::string_view kind) {
  if (history_.is_unreadable(target)) {
    recorder_.unchecked("references to entries that could not be read");
    return;
  }
  std::string message = std::string(field) + " names entry " + number(target);
  if (target >= entry) {
    message += ", which is not before it";
  } else {
    const std::string_view other = kind_name(history_.kinds[target.value()]);
    // A later binding of a key is a contributor entry too, but not a registration.
    message += other == kind ? ", which is no registration" : ", which is no " + std::string(kind);
    if (other != kind) message += " but a " + std::string(other);
  }
  recorder_.wrong_entry(Rule::reference, entry, std::move(message));
}

void EntryAudit::check_body(EntryIndex entry, const record::Datanet& datanet) {
  const auto [other, is_new] = datanet_names_.emplace(datanet.name, entry);
  if (!is_new) {
    recorder_.wrong_entry(Rule::name, entry,
                          "a DataNet named '" + datanet.name + "' was made by entry " + number(other->second));
  }
  history_.datanets.add({entry, datanet});
  recorder_.checked("DataNets");
}

void EntryAudit::check_body(EntryIndex entry, const record::Contributor& contributor) {
  if (contributor.binds) {
    check_binding(entry, contributor, *contributor.binds);
    return;
  }
  check_unique(name_hashes_, entry, contributor.name_hash, "name_hash");
  history_.contributors.add({entry, contributor.name_hash, contributor.key, {}});
  recorder_.checked("contributors");
}

void EntryAudit::check_unique(std::unordered_map<Hash256, EntryIndex>& known, EntryIndex entry, const Hash256& hash,
                              std::string_view field) {
  const auto [other, is_new] = known.emplace(hash, entry);
  if (is_new) return;
  recorder_.wrong_entry(Rule::name, entry,
                        std::string(field) + " is that of entry " + number(other->second) +
                            ": each has a salt of its own, so one of them is a copy");
}

void EntryAudit::check_binding(EntryIndex entry, const record::Contributor& contributor, EntryIndex target) {
  ContributorFacts* registration = resolve(history_.contributors, entry, target, "binds", "contributor");
  if (registration == nullptr) return;
  if (!registration->key.empty()) {
    recorder_.wrong_entry(Rule::reference, entry,
                          "binds a key to contributor " + number(target) + ", which has one since entry " +
                              number(registration->bound_at.value_or(target)));
    return;
  }
  if (registration->name_hash != contributor.name_hash) {
    recorder_.wrong_entry(Rule::reference, entry,
                          "binds a key to contributor " + number(target) + " but has another name_hash");
  }
  registration->key = contributor.key;
  registration->bound_at = entry;
  recorder_.checked("bound keys");
}

void EntryAudit::check_body(EntryIndex entry, const record::Contribution& contribution) {
  const DatanetFacts* datanet = resolve(history_.datanets, entry, contribution.datanet, "datanet", "datanet");
  const ContributorFacts* contributor =
      resolve(history_.contributors, entry, contribution.contributor, "contributor", "contributor");
  if (contribution.duplicate_of) {
    check_duplicate(entry, contribution, "duplicate_of", *contribution.duplicate_of);
  }
  if (contribution.near_duplicate_of) {
    check_duplicate(entry, contribution, "near_duplicate_of", *contribution.near_duplicate_of);
  }
  if (contribution.signature.empty()) {
    ++vouched_count_;
  } else if (datanet != nullptr && contributor != nullptr) {
    check_signature(entry, contribution, *datanet, *contributor);
  }

  const bool is_duplicate = contribution.duplicate_of || contribution.near_duplicate_of;
  const auto has_policy = [&](record::NearDuplicates policy) {
    return datanet != nullptr && datanet->datanet.near_duplicates == policy;
  };
  if (is_duplicate && has_policy(record::NearDuplicates::refuse)) {
    recorder_.wrong_entry(
        Rule::duplicate, entry,
        "is a duplicate of datapoint " +
            number(contribution.duplicate_of.value_or(contribution.near_duplicate_of.value_or(EntryIndex()))) +
            ", and its DataNet refuses duplicates");
  }
  check_unique(source_hashes_, entry, contribution.source_hash, "source_hash");
  ContributionFacts facts;
  facts.entry = entry;
  facts.datanet = contribution.datanet;
  facts.contributor = contribution.contributor;
  facts.source_hash = contribution.source_hash;
  facts.content_sha256 = contribution.content_sha256;
  facts.tokens_sha256 = contribution.tokens_sha256;
  facts.token_count = contribution.token_count;
  facts.duplicate_of = contribution.duplicate_of;
  facts.near_duplicate_of = contribution.near_duplicate_of;
  facts.needs_approval = (is_duplicate && has_policy(record::NearDuplicates::hold)) ||
                         (datanet != nullptr && datanet->datanet.needs_approval);
  history_.contributions.add(facts);
  recorder_.checked("contributions");
}

void EntryAudit::check_signature(EntryIndex entry, const record::Contribution& contribution,
                                 const DatanetFacts& datanet, const ContributorFacts& contributor) {
  const std::string who = "contributor " + number(contributor.entry);
  if (contributor.key.empty()) {
    recorder_.wrong_entry(Rule::signature, entry, "is signed, but " + who + " had no key when it was made");
    return;
  }
  const std::string message = record::contribution_message(contribution.content_sha256, contributor.key,
                                                           datanet.datanet.name, contribution.license);
  const Result<PublicKey> key = parse_public_key(contributor.key);
  const Result<std::string> signature = from_hex(contribution.signature);
  if (!key || !signature || !verify_signature(*key, message, *signature)) {
    recorder_.wrong_entry(Rule::signature, entry,
                          "the signature is not that of " + who + ", whose key is " + contributor.key);
    return;
  }
  recorder_.checked("signatures of contributors");
}

void EntryAudit::check_duplicate(EntryIndex entry, const record::Contribution& contribution, std::string_view field,
                                 EntryIndex target) {
  const ContributionFacts* other = resolve(history_.contributions, entry, target, field, "contribution");
  if (other == nullptr) return;
  const std::string what = std::string(field) + " names datapoint " + number(target);
  if (other->datanet != contribution.datanet) {
    recorder_.wrong_entry(Rule::reference, entry, what + ", which is of another DataNet");
  } else if (other->withdrawn_at) {
    recorder_.wrong_entry(Rule::reference, entry, what + ", withdrawn by entry " + number(*other->withdrawn_at));
  } else if (other->decided_at && !other->approved) {
    recorder_.wrong_entry(Rule::reference, entry, what + ", rejected by entry " + number(*other->decided_at));
  }
}

void EntryAudit::check_body(EntryIndex entry, const record::Approval& approval) {
  ContributionFacts* contribution =
      resolve(history_.contributions, entry, approval.contribution, "contribution", "contribution");
  if (contribution == nullptr) return;
  const std::string datapoint = "datapoint " + number(approval.contribution);
  if (!contribution->needs_approval) {
    // A DataNet that is not there, which the report says, may have asked for approval.
    if (history_.datanets.find(contribution->datanet) == nullptr) return;
    recorder_.wrong_entry(Rule::approval, entry, datapoint + " needs no approval");
    return;
  }
  if (contribution->decided_at) {
    recorder_.wrong_entry(
        Rule::approval, entry,
        datapoint + " was " + decision(contribution->approved) + " by entry " + number(*contribution->decided_at));
    return;
  }
  if (contribution->withdrawn_at) {
    recorder_.wrong_entry(Rule::approval, entry,
                          datapoint + " was withdrawn by entry " + number(*contribution->withdrawn_at));
    return;
  }
  contribution->decided_at = entry;
  contribution->approved = approval.approved;
  recorder_.checked("approvals");
}

void EntryAudit::check_body(EntryIndex entry, const record::Withdrawal& withdrawal) {
  ContributionFacts* contribution =
      resolve(history_.contributions, entry, withdrawal.contribution, "contribution", "contribution");
  if (contribution == nullptr) return;
  if (contribution->withdrawn_at) {
    recorder_.wrong_entry(Rule::withdrawal, entry,
                          "datapoint " + number(withdrawal.contribution) + " was withdrawn by entry " +
                              number(*contribution->withdrawn_at));
    return;
  }
  contribution->withdrawn_at = entry;
  recorder_.checked("withdrawals");
}

void EntryAudit::check_body(EntryIndex entry, const record::Manifest& manifest) {
  resolve(history_.datanets, entry, manifest.datanet, "datanet", "datanet");
  if (manifest.log_size > entry.value()) {
    recorder_.wrong_entry(Rule::manifest, entry,
                          "log_size is " + std::to_string(manifest.log_size) + ", beyond the entry itself");
  }
  const auto [same, is_new] = manifest_names_.emplace(manifest.manifest_sha256, entry);
  if (!is_new) {
    recorder_.wrong_entry(Rule::manifest, entry, "repeats the manifest of entry " + number(same->second));
  }
  ManifestFacts facts{.entry = entry, .manifest = manifest, .base_log_size = manifest.log_size};
  if (manifest.succeeds) {
    ManifestFacts* before = resolve(history_.manifests, entry, *manifest.succeeds, "succeeds", "manifest");
    if (before != nullptr && before->manifest.datanet != manifest.datanet) {
      recorder_.wrong_entry(Rule::reference, entry,
                            "succeeds entry " + number(*manifest.succeeds) + ", a manifest of another DataNet");
    } else if (before != nullptr) {
      before->succeeded = true;
      facts.pinned = before->pinned;
      facts.base_log_size = before->base_log_size;
    }
  }
  const auto [newest, is_first] = newest_manifests_.emplace(manifest.datanet, entry);
  if (!is_first) {
    history_.manifests.find(newest->second)->newest = false;
    newest->second = entry;
  }
  history_.manifests.add(facts);
  recorder_.checked("manifest entries");
}

void EntryAudit::check_body(EntryIndex entry, const record::Model& model) {
  check_version(entry, model);
  for (const record::ModelDatanet& pinned : model.datanets) check_pin(entry, pinned);
  history_.models.add({entry, model});
  recorder_.checked("model versions");
}

void EntryAudit::check_version(EntryIndex entry, const record::Model& model) {
  if (!model.first) {
    const auto [other, is_new] = model_names_.emplace(model.name, entry);
    if (!is_new) {
      recorder_.wrong_entry(Rule::name, entry,
                            "a model named '" + model.name + "' was registered by entry " + number(other->second));
    }
    newest_versions_[entry] = {model.name, model.version};
    return;
  }
  if (resolve(history_.models, entry, *model.first, "first", "model") == nullptr) return;
  const auto newest = newest_versions_.find(*model.first);
  if (newest == newest_versions_.end()) {
    recorder_.wrong_entry(Rule::model, entry,
                          "first names entry " + number(*model.first) + ", which is not the first version of a model");
    return;
  }
  const uint32_t expected = newest->second.version + 1;
  if (model.version != expected) {
    recorder_.wrong_entry(Rule::model, entry,
                          "is version " + std::to_string(model.version) + " of model " + number(*model.first) +
                              ", which comes to version " + std::to_string(expected));
  }
  if (model.name != newest->second.name) {
    recorder_.wrong_entry(Rule::model, entry,
                          "is named '" + model.name + "', its first version '" + newest->second.name + "'");
  }
  newest->second.version = std::max(model.version, expected);
}

void EntryAudit::check_pin(EntryIndex entry, const record::ModelDatanet& pinned) {
  const DatanetFacts* datanet = resolve(history_.datanets, entry, pinned.datanet, "datanets.datanet", "datanet");
  ManifestFacts* manifest = resolve(history_.manifests, entry, pinned.manifest, "datanets.manifest", "manifest");
  if (manifest != nullptr) manifest->pinned = true;
  if (manifest != nullptr && manifest->manifest.datanet != pinned.datanet) {
    recorder_.wrong_entry(Rule::model, entry,
                          "pins manifest " + number(pinned.manifest) + " for DataNet " + number(pinned.datanet) +
                              ", but it is of DataNet " + number(manifest->manifest.datanet));
  }
  if (datanet != nullptr && datanet->datanet.role != pinned.role) {
    recorder_.wrong_entry(Rule::model, entry,
                          "takes DataNet " + number(pinned.datanet) + " as " +
                              std::string(record::name_of(pinned.role)) + ", which is " +
                              std::string(record::name_of(datanet->datanet.role)));
  }
}

void EntryAudit::check_body(EntryIndex entry, const record::Receipt&) { history_.receipts.push_back(entry); }

}  // namespace tribute::audit
