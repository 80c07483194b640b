#include "audit/attribution_audit.h"

#include <algorithm>

#include "audit/compare_attribution.h"
#include "audit/file_errors.h"
#include "ngram/manifest.h"
#include "ngram/segment.h"
#include "trace/naive.h"

namespace tribute::audit {
namespace {

std::string number(EntryIndex entry) { return std::to_string(entry.value()); }

}  // namespace

Result<void> AttributionAudit::check(const ReceiptFacts& facts, const record::ReceiptBody& body) {
  if (facts.model.model.evidence != record::Evidence::matches) {
    recorder_.unchecked("attributions of receipts by influence");
    check_owners(facts, body);
    return {};
  }
  if (!TRY(load(facts))) {
    check_owners(facts, body);
    return {};
  }
  std::vector<TokenId> answer;
  for (const uint32_t token : body.output_tokens) answer.emplace_back(token);
  const trace::Attribution by_rule =
      trace::naive_attribute(live_documents(facts.receipt.log_size), answer, body.copied, facts.model.model.policy);
  if (std::optional<Difference> difference = compare_attribution(facts.receipt, body, by_rule)) {
    recorder_.wrong_entry(difference->rule, facts.entry, std::move(difference->message));
  }
  recorder_.checked("attributions of receipts");
  return {};
}

std::span<const ngram::Document> AttributionAudit::live_documents(uint64_t log_size) {
  const auto is_withdrawn = [this, log_size](const ngram::Document& document) {
    const ContributionFacts* contribution = history_.contributions.find(document.entry);
    return contribution != nullptr && is_withdrawn_below(*contribution, log_size);
  };
  live_.clear();
  if (std::ranges::none_of(documents_, is_withdrawn)) return documents_;
  std::ranges::remove_copy_if(documents_, std::back_inserter(live_), is_withdrawn);
  return live_;
}

Result<bool> AttributionAudit::load(const ReceiptFacts& facts) {
  if (manifests_ == facts.receipt.manifests) return true;
  manifests_.reset();
  documents_.clear();
  const std::vector<record::ModelDatanet>& pinned = facts.model.model.datanets;
  for (size_t i = 0; i < facts.receipt.manifests.size() && i < pinned.size(); ++i) {
    const ManifestFacts* manifest = history_.manifests.find(facts.receipt.manifests[i]);
    if (manifest == nullptr) {
      recorder_.unchecked("attributions of receipts whose manifests the log does not have");
      return false;
    }
    if (!TRY(load_manifest(*manifest, pinned[i].role))) return false;
  }
  std::ranges::sort(documents_, {}, &ngram::Document::entry);
  // A datapoint that stands in two manifests is a finding there.
  const auto twice = std::ranges::unique(documents_, {}, &ngram::Document::entry);
  documents_.erase(twice.begin(), twice.end());
  manifests_ = facts.receipt.manifests;
  return true;
}

Result<bool> AttributionAudit::load_manifest(const ManifestFacts& manifest, record::Role role) {
  const DatanetFacts* datanet = history_.datanets.find(manifest.manifest.datanet);
  if (datanet == nullptr || !folders_.has(datanet->datanet.is_public)) {
    recorder_.unchecked("attributions of receipts, for want of the sealed folder");
    return false;
  }
  const std::string folder = folders_.index(datanet->datanet.is_public);
  const Result<ngram::Manifest> file = ngram::read_manifest(files_, folder, manifest.manifest.manifest_sha256);
  if (!file) {
    if (!is_finding(file.error())) return std::unexpected(file.error());
    return unavailable(manifest);
  }
  for (const Hash256& name : file->segments) {
    const Result<ngram::Segment> segment = ngram::Segment::open(files_, folder, name);
    if (!segment) {
      if (!is_finding(segment.error())) return std::unexpected(segment.error());
      return unavailable(manifest);
    }
    for (uint32_t i = 0; i < segment->document_count(); ++i) {
      const ngram::DocumentRow row = segment->row(DocId(i));
      if (std::ranges::binary_search(file->tombstones, row.entry)) continue;
      // Whose it is says the log; the class follows from the tokens themselves.
      const ContributionFacts* contribution = history_.contributions.find(row.entry);
      ngram::Document document;
      document.entry = row.entry;
      document.contributor = contribution == nullptr ? row.contributor : contribution->contributor;
      document.role = role;
      document.tokens = segment->tokens(DocId(i));
      document.tokens_sha256 = ngram::tokens_hash(document.tokens);
      documents_.push_back(std::move(document));
    }
  }
  return true;
}

bool AttributionAudit::unavailable(const ManifestFacts& manifest) {
  if (!manifest.succeeded) {
    recorder_.unchecked("attributions of receipts whose index is missing or damaged");
    return false;
  }
  // The first withdrawal since says when the content went.
  std::optional<EntryIndex> withdrawal;
  for (const ContributionFacts& contribution : history_.contributions.all()) {
    if (!belongs_to(manifest, contribution) || !contribution.withdrawn_at) continue;
    withdrawal = std::min(withdrawal.value_or(*contribution.withdrawn_at), *contribution.withdrawn_at);
  }
  recorder_.unchecked("attributions of receipts: content withdrawn" +
                      (withdrawal ? " at entry " + number(*withdrawal) : ""));
  return false;
}

void AttributionAudit::check_owners(const ReceiptFacts& facts, const record::ReceiptBody& body) {
  for (const record::BodyCredit& credit : body.credits) {
    if (!credit.datapoint || !credit.contributor) continue;
    const std::optional<std::string> wrong = wrong_owner(facts, credit);
    if (!wrong) continue;
    recorder_.wrong_entry(Rule::credit, facts.entry,
                          "token " + std::to_string(credit.begin) + " is credited to datapoint " +
                              number(*credit.datapoint) + " of contributor " + number(*credit.contributor) + ", " +
                              *wrong);
    return;
  }
  recorder_.checked("owners of receipts");
}

std::optional<std::string> AttributionAudit::wrong_owner(const ReceiptFacts& facts,
                                                         const record::BodyCredit& credit) const {
  if (history_.is_unreadable(*credit.datapoint)) return std::nullopt;
  const ContributionFacts* contribution = history_.contributions.find(*credit.datapoint);
  if (contribution == nullptr) return "which is no contribution";
  if (contribution->contributor != *credit.contributor) {
    return "which is of contributor " + number(contribution->contributor);
  }
  const std::vector<record::ModelDatanet>& pinned = facts.model.model.datanets;
  const std::vector<EntryIndex>& used = facts.receipt.manifests;
  for (size_t i = 0; i < std::min(used.size(), pinned.size()); ++i) {
    const ManifestFacts* manifest = history_.manifests.find(used[i]);
    if (manifest == nullptr || !belongs_to(*manifest, *contribution)) continue;
    if (pinned[i].role != record::Role::paid) return "which is of a guard";
    if (is_withdrawn_below(*contribution, facts.receipt.log_size)) {
      return "withdrawn by entry " + number(*contribution->withdrawn_at);
    }
    return std::nullopt;
  }
  return "which is in none of the receipt's manifests";
}

}  // namespace tribute::audit
