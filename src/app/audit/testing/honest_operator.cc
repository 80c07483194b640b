#include "audit/testing/honest_operator.h"

#include <algorithm>
#include <set>

#include "base/bytes.h"
#include "credit/shares.h"
#include "datanet/directory_file.h"
#include "datanet/fold.h"
#include "ngram/brute_force_source.h"
#include "ngram/index.h"
#include "ngram/manifest.h"
#include "ngram/segment.h"
#include "ngram/segment_writer.h"
#include "settle/terms.h"
#include "tlog/testing/naive_log.h"
#include "trace/trace.h"

namespace tribute::audit {
namespace {

constexpr std::string_view kSealedIndex = "sealed/index/";
constexpr std::string_view kPublicIndex = "public/index/";

template <typename T>
T must(Result<T> result) {
  CHECK(result.has_value());
  return std::move(*result);
}

Hash256 random_hash(io::SeededRandom& random) { return must(hash_from_bytes(random.bytes(32))); }

std::set<std::string> runs_of_five(const std::string& text) {
  std::set<std::string> runs;
  for (size_t i = 0; i + 5 <= std::max<size_t>(text.size(), 5); ++i) runs.insert(text.substr(i, 5));
  return runs;
}

// At least 0.8 of the runs of five bytes that stand in one of the texts stand in both.
bool is_near(const std::string& a, const std::string& b) {
  const auto of_a = runs_of_five(a);
  const auto of_b = runs_of_five(b);
  const auto common = std::ranges::count_if(of_a, [&of_b](const std::string& run) { return of_b.contains(run); });
  return static_cast<size_t>(common) * 10 >= (of_a.size() + of_b.size() - static_cast<size_t>(common)) * 8;
}

}  // namespace

HonestOperator::HonestOperator(char key_seed)
    : signer_(must(tlog::NoteSigner::create(
          "tribute/test", must(private_key_from_seed(KeyKind::ed25519, std::string(32, key_seed)))))) {
  files_["public/tokenizer"] = text::to_tokenizer_file(tokenizer_);
}

EntryIndex HonestOperator::append(record::Body body) {
  entries_.push_back({.time_ms = now_ms_ += 1'000, .body = std::move(body)});
  return EntryIndex(entries_.size() - 1);
}

EntryIndex HonestOperator::add_datanet(const record::Datanet& datanet) { return append(datanet); }

EntryIndex HonestOperator::add_contributor(const std::string& name, const std::optional<PrivateKey>& key) {
  const std::string salt = random_.bytes(32);
  const EntryIndex entry =
      append(record::Contributor{salted_hash(salt, name), key ? public_key_of(*key).text() : "", {}});
  names_[entry] = {name, salt};
  if (key) keys_[entry] = *key;
  return entry;
}

EntryIndex HonestOperator::bind_key(EntryIndex contributor, const PrivateKey& key) {
  keys_[contributor] = key;
  return append(
      record::Contributor{body<record::Contributor>(contributor).name_hash, public_key_of(key).text(), contributor});
}

EntryIndex HonestOperator::contribute(EntryIndex datanet, EntryIndex contributor, const std::string& text) {
  const std::string number = std::to_string(entries_.size());
  const Text source{"id-" + number, "Title " + number, text, random_.bytes(32)};
  record::Contribution contribution;
  contribution.datanet = datanet;
  contribution.contributor = contributor;
  contribution.license = "CC-BY-4.0";
  contribution.source_hash = salted_hash(source.salt, record::source_text(source.id, source.title));
  contribution.content_sha256 = sha256(text);
  contribution.tokens_sha256 = ngram::tokens_hash(tokens_of(text));
  contribution.token_count = text.size();
  contribution.duplicate_of = first_with_text(
      datanet, [&text](const std::string& other) { return datanet::folded_hash(other) == datanet::folded_hash(text); });
  contribution.near_duplicate_of =
      first_with_text(datanet, [&text](const std::string& other) { return is_near(other, text); });
  if (const auto key = keys_.find(contributor); key != keys_.end()) {
    const std::string message =
        record::contribution_message(contribution.content_sha256, public_key_of(key->second).text(),
                                     body<record::Datanet>(datanet).name, contribution.license);
    contribution.signature = to_hex(sign(key->second, message));
  }
  const EntryIndex entry = append(contribution);
  texts_[entry] = source;
  return entry;
}

EntryIndex HonestOperator::decide(EntryIndex contribution, bool approved) {
  return append(record::Approval{contribution, approved});
}

EntryIndex HonestOperator::withdraw(EntryIndex contribution) { return append(record::Withdrawal{contribution}); }

bool HonestOperator::needs_approval(const record::Contribution& contribution) const {
  const auto& datanet = std::get<record::Datanet>(entries_[contribution.datanet.value()].body);
  return datanet.needs_approval || (datanet.near_duplicates == record::NearDuplicates::hold &&
                                    (contribution.duplicate_of || contribution.near_duplicate_of));
}

std::optional<EntryIndex> HonestOperator::withdrawn_at(EntryIndex contribution) const {
  for (size_t i = 0; i < entries_.size(); ++i) {
    const auto* withdrawal = std::get_if<record::Withdrawal>(&entries_[i].body);
    if (withdrawal != nullptr && withdrawal->contribution == contribution) return EntryIndex(i);
  }
  return std::nullopt;
}

bool HonestOperator::is_live(EntryIndex contribution, uint64_t log_size) const {
  bool approved = !needs_approval(std::get<record::Contribution>(entries_[contribution.value()].body));
  for (size_t i = 0; i < log_size; ++i) {
    const auto* approval = std::get_if<record::Approval>(&entries_[i].body);
    if (approval != nullptr && approval->contribution == contribution) approved = approval->approved;
    const auto* withdrawal = std::get_if<record::Withdrawal>(&entries_[i].body);
    if (withdrawal != nullptr && withdrawal->contribution == contribution) return false;
  }
  return approved && contribution.value() < log_size;
}

std::vector<EntryIndex> HonestOperator::contributions_of(EntryIndex datanet) const {
  std::vector<EntryIndex> found;
  for (size_t i = 0; i < entries_.size(); ++i) {
    const auto* contribution = std::get_if<record::Contribution>(&entries_[i].body);
    if (contribution != nullptr && contribution->datanet == datanet) found.emplace_back(i);
  }
  return found;
}

std::optional<EntryIndex> HonestOperator::first_with_text(EntryIndex datanet,
                                                          const std::function<bool(const std::string&)>& is_so) const {
  for (const EntryIndex entry : contributions_of(datanet)) {
    const bool rejected = std::ranges::any_of(entries_, [entry](const record::Entry& other) {
      const auto* approval = std::get_if<record::Approval>(&other.body);
      return approval != nullptr && approval->contribution == entry && !approval->approved;
    });
    if (rejected || withdrawn_at(entry)) continue;
    if (is_so(texts_.at(entry).text)) return entry;
  }
  return std::nullopt;
}

std::vector<TokenId> HonestOperator::tokens_of(const std::string& text) const { return must(tokenizer_.encode(text)); }

std::string HonestOperator::half_of(EntryIndex datanet) const {
  const bool is_public = std::get<record::Datanet>(entries_[datanet.value()].body).is_public;
  return std::string(is_public ? kPublicIndex : kSealedIndex);
}

EntryIndex HonestOperator::build_index(EntryIndex datanet, const Dishonesty& dishonesty) {
  std::vector<EntryIndex> documents;
  std::vector<EntryIndex> tombstones;
  for (const EntryIndex entry : contributions_of(datanet)) {
    const bool live = is_live(entry, entries_.size()) && entry != dishonesty.left_out;
    const bool taken = live || entry == dishonesty.added;
    if (taken) documents.push_back(entry);
    const auto holds = [entry](const auto& manifest) {
      return std::ranges::find(manifest.second, entry) != manifest.second.end();
    };
    if (!taken && std::ranges::any_of(docs_, holds)) tombstones.push_back(entry);
  }
  return write_index(datanet, documents, tombstones, std::nullopt);
}

EntryIndex HonestOperator::purge(EntryIndex manifest) {
  const record::Manifest old = body<record::Manifest>(manifest);
  std::vector<EntryIndex> documents = docs_.at(manifest);
  std::erase_if(documents, [this](EntryIndex entry) { return withdrawn_at(entry).has_value(); });
  const std::string path = half_of(old.datanet) + old.manifest_sha256.hex() + ".manifest";
  for (const Hash256& segment : must(ngram::manifest_from_canonical_json(files_.at(path))).segments) {
    files_.erase(half_of(old.datanet) + segment.hex() + ".segment");
  }
  files_.erase(path);
  return write_index(old.datanet, documents, {}, manifest);
}

EntryIndex HonestOperator::write_index(EntryIndex datanet, const std::vector<EntryIndex>& documents,
                                       const std::vector<EntryIndex>& tombstones, std::optional<EntryIndex> succeeds) {
  std::vector<EntryIndex> all = documents;
  all.insert(all.end(), tombstones.begin(), tombstones.end());
  std::ranges::sort(all);
  ngram::SegmentWriter writer(tokenizer_.vocabulary_size());
  for (const EntryIndex entry : all) {
    CHECK(writer.add(entry, body<record::Contribution>(entry).contributor, tokens_of(texts_.at(entry).text)));
  }
  io::MemoryFileSystem scratch;
  std::vector<ngram::Segment> segments;
  const Hash256 segment = must(std::move(writer).write(scratch, "."));
  segments.push_back(must(ngram::Segment::open(scratch, ".", segment)));
  const ngram::ManifestHead head{.datanet = datanet,
                                 .role = body<record::Datanet>(datanet).role,
                                 .tokenizer_sha256 = tokenizer_.hash(),
                                 .vocabulary_size = tokenizer_.vocabulary_size(),
                                 .log_size = entries_.size()};
  const ngram::Manifest manifest = must(ngram::make_manifest(head, segments, tombstones));
  const std::string bytes = must(ngram::to_canonical_json(manifest));
  files_[half_of(datanet) + segment.hex() + ".segment"] =
      must(io::read_file(scratch, ngram::segment_path(".", segment)));
  files_[half_of(datanet) + sha256(bytes).hex() + ".manifest"] = bytes;
  const EntryIndex entry = append(record::Manifest{.datanet = datanet,
                                                   .manifest_sha256 = sha256(bytes),
                                                   .tokenizer_sha256 = tokenizer_.hash(),
                                                   .log_size = manifest.log_size,
                                                   .live_documents = manifest.live_documents,
                                                   .live_tokens = manifest.live_tokens,
                                                   .succeeds = succeeds});
  docs_[entry] = documents;
  return entry;
}

EntryIndex HonestOperator::newest_manifest(EntryIndex datanet) const {
  std::optional<EntryIndex> newest;
  for (const auto& [entry, documents] : docs_) {
    if (std::get<record::Manifest>(entries_[entry.value()].body).datanet == datanet) newest = entry;
  }
  CHECK(newest.has_value());
  return *newest;
}

EntryIndex HonestOperator::newest_successor(EntryIndex manifest) const {
  for (const auto& [entry, documents] : docs_) {
    if (std::get<record::Manifest>(entries_[entry.value()].body).succeeds == manifest) return newest_successor(entry);
  }
  return manifest;
}

EntryIndex HonestOperator::register_model(const std::string& name, const std::vector<EntryIndex>& datanets,
                                          std::optional<EntryIndex> first) {
  record::Model model;
  model.name = name;
  model.first = first;
  for (const record::Entry& entry : entries_) {
    const auto* other = std::get_if<record::Model>(&entry.body);
    if (other != nullptr && other->name == name) model.version = other->version + 1;
  }
  model.parameters = 7'000'000'000;
  for (const EntryIndex datanet : datanets) {
    const record::Role role = body<record::Datanet>(datanet).role;
    model.datanets.push_back({.datanet = datanet,
                              .manifest = newest_manifest(datanet),
                              .role = role,
                              .treasury_permille = role == record::Role::paid ? 100U : 0U});
  }
  model.terms.rate_in = Amount(1'000);
  model.terms.rate_out = Amount(40'000);
  model.terms.platform_fee = Amount(500);
  return append(model);
}

EntryIndex HonestOperator::charge(EntryIndex model_entry, const std::string& answer, size_t copied_from) {
  const record::Model model = body<record::Model>(model_entry);
  record::Receipt receipt;
  record::ReceiptBody body;
  receipt.model = model_entry;
  receipt.log_size = entries_.size();
  receipt.tokens_in = 12;
  receipt.tokens_out = answer.size();
  std::vector<ngram::Document> documents;
  for (const record::ModelDatanet& pinned : model.datanets) {
    receipt.manifests.push_back(newest_successor(pinned.manifest));
    for (const EntryIndex entry : docs_.at(receipt.manifests.back())) {
      if (withdrawn_at(entry)) continue;
      const auto& contribution = this->body<record::Contribution>(entry);
      documents.push_back(
          {entry, contribution.contributor, pinned.role, contribution.tokens_sha256, tokens_of(texts_.at(entry).text)});
    }
  }
  std::ranges::sort(documents, {}, &ngram::Document::entry);
  for (size_t i = 0; i < answer.size(); ++i) body.copied.push_back(i >= copied_from);
  const trace::Attribution attribution =
      must(trace::attribute(ngram::BruteForceSource(documents), tokens_of(answer), body.copied, model.policy));
  body.salt = random_hash(random_);
  body.payer = "alice";
  for (const char c : answer) body.output_tokens.push_back(static_cast<uint8_t>(c));
  body.spans = credit::body_spans(attribution);
  body.claims = credit::body_claims(attribution);
  body.credits = credit::runs(attribution);
  receipt.total_millibits = attribution.total_millibits;
  settle(receipt, body);
  store_body(receipt, body);
  return append(receipt);
}

void HonestOperator::settle(record::Receipt& receipt, record::ReceiptBody& body) const {
  const auto& model = std::get<record::Model>(entries_[receipt.model.value()].body);
  std::vector<settle::Credit> credits;
  receipt.credited_millibits = 0;
  for (const record::BodyCredit& credit : body.credits) {
    if (!credit.contributor) continue;
    credits.push_back({*credit.contributor, credit.millibits});
    receipt.credited_millibits += credit.millibits;
  }
  std::vector<settle::Treasury> treasuries;
  for (const record::ModelDatanet& pinned : model.datanets) {
    if (pinned.role == record::Role::paid) treasuries.push_back({pinned.datanet, pinned.treasury_permille});
  }
  receipt.fee = must(settle::fee_for(model.terms, receipt.tokens_in, receipt.tokens_out));
  settle::Split split;
  split.model = model.first.value_or(receipt.model);
  split.total_millibits = receipt.total_millibits;
  split.coverage_scaled = model.policy.coverage_scaled;
  split.credits = credits;
  split.treasuries = treasuries;
  body.payouts = must(settle::split_fee(model.terms, receipt.fee, split));
  receipt.payouts_in_body = body.payouts.size() > record::kMaxPayoutsInEntry;
  receipt.payouts = receipt.payouts_in_body ? std::vector<record::Payout>() : body.payouts;
}

void HonestOperator::store_body(record::Receipt& receipt, const record::ReceiptBody& body) {
  const std::string json = record::to_canonical_json(body);
  receipt.body_sha256 = sha256(json);
  const auto& model = std::get<record::Model>(entries_[receipt.model.value()].body);
  const bool is_public = std::ranges::all_of(
      model.datanets, [this](const record::ModelDatanet& pinned) { return half_of(pinned.datanet) == kPublicIndex; });
  files_[(is_public ? "public/receipts/" : "sealed/receipts/") + receipt.body_sha256.hex() + ".json"] = json;
}

std::string HonestOperator::body_path(EntryIndex receipt) const {
  const std::string name = std::get<record::Receipt>(entries_[receipt.value()].body).body_sha256.hex() + ".json";
  const auto found = std::ranges::find_if(files_, [&](const auto& file) { return file.first.ends_with(name); });
  CHECK(found != files_.end());
  return found->first;
}

void HonestOperator::change_body(EntryIndex entry, bool recharge,
                                 const std::function<void(record::ReceiptBody&)>& change) {
  auto& receipt = body<record::Receipt>(entry);
  const std::string path = body_path(entry);
  record::ReceiptBody changed = must(record::receipt_body_from_canonical_json(files_.at(path)));
  files_.erase(path);
  change(changed);
  if (recharge) settle(receipt, changed);
  store_body(receipt, changed);
}

std::vector<std::string> HonestOperator::entry_texts() const {
  std::vector<std::string> texts;
  for (const record::Entry& entry : entries_) texts.push_back(must(record::to_canonical_json(entry)));
  return texts;
}

std::unique_ptr<io::MemoryFileSystem> HonestOperator::publish(const std::vector<std::string>& entry_texts) const {
  auto files = std::make_unique<io::MemoryFileSystem>();
  for (const auto& [path, bytes] : files_) tlog::naive::write_file(*files, io::join("ws", path), bytes);
  tlog::naive::write_log(*files, "ws/public/log", entry_texts, signer_);
  tlog::naive::write_file(*files, "ws/public/log/vkey", key_text() + "\n");
  write_directory(*files);
  return files;
}

void HonestOperator::write_directory(io::MemoryFileSystem& files) const {
  std::map<std::string, std::string> directory;
  for (const auto& [entry, named] : names_) {
    directory[datanet::contributors_file_name()] +=
        datanet::to_line(datanet::ContributorName{entry, named.name, must(hash_from_bytes(named.salt))});
  }
  for (const auto& [entry, text] : texts_) {
    const auto* contribution =
        entry.value() < entries_.size() ? std::get_if<record::Contribution>(&entries_[entry.value()].body) : nullptr;
    if (contribution == nullptr || withdrawn_at(entry)) continue;
    directory[datanet::datanet_file_name(contribution->datanet)] +=
        datanet::to_line(datanet::DatapointSource{entry, text.id, text.title, must(hash_from_bytes(text.salt))});
  }
  for (const auto& [name, bytes] : directory) {
    tlog::naive::write_file(files, io::join("ws/public/directory", name), bytes);
  }
}

}  // namespace tribute::audit
