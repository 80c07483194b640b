#include "audit/attribution_audit.h"

#include <algorithm>

#include "audit/compare_attribution.h"
#include "audit/file_errors.h"
#include "ngram/index.h"
#include "ngram/manifest.h"
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
  const std::optional<trace::Attribution> by_rule = TRY(recompute(facts, body));
  if (!by_rule) {
    check_owners(facts, body);
    return {};
  }
  if (std::optional<Difference> difference = compare_attribution(facts.receipt, body, *by_rule)) {
    recorder_.wrong_entry(difference->rule, facts.entry, std::move(difference->message));
  }
  recorder_.checked("attributions of receipts");
  return {};
}

Result<std::optional<trace::Attribution>> AttributionAudit::recompute(const ReceiptFacts& facts,
                                                                      const record::ReceiptBody& body) {
  if (!TRY(load(facts))) return std::nullopt;
  std::vector<TokenId> answer;
  for (const uint32_t token : body.output_tokens) answer.emplace_back(token);
  const record::Policy& policy = facts.model.model.policy;
  Result<void> prepared = prepare(facts);
  if (prepared && by_documents_) return trace::naive_attribute(documents_, answer, body.copied, policy);
  Result<trace::Attribution> by_rule =
      prepared ? trace::attribute(*source_, answer, body.copied, policy) : std::unexpected(std::move(prepared.error()));
  if (by_rule) return std::move(*by_rule);
  // Files that contradict themselves or each other are findings of IndexAudit.
  if (!is_finding(by_rule.error()) && by_rule.error().code != ErrorCode::invalid_argument) {
    return std::unexpected(std::move(by_rule.error()));
  }
  recorder_.unchecked("attributions of receipts whose index is missing or damaged");
  return std::nullopt;
}

Result<bool> AttributionAudit::load(const ReceiptFacts& facts) {
  if (manifests_ == facts.receipt.manifests) return true;
  manifests_.reset();
  withdrawn_.reset();
  names_.clear();
  index_folders_.clear();
  roles_.clear();
  by_documents_ = independent_;
  const std::vector<record::ModelDatanet>& pinned = facts.model.model.datanets;
  for (size_t i = 0; i < facts.receipt.manifests.size() && i < pinned.size(); ++i) {
    const ManifestFacts* manifest = history_.manifests.find(facts.receipt.manifests[i]);
    if (manifest == nullptr) {
      recorder_.unchecked("attributions of receipts whose manifests the log does not have");
      return false;
    }
    if (!TRY(load_manifest(*manifest, pinned[i].role))) return false;
  }
  manifests_ = facts.receipt.manifests;
  return true;
}

Result<bool> AttributionAudit::load_manifest(const ManifestFacts& manifest, record::Role role) {
  const DatanetFacts* datanet = history_.datanets.find(manifest.manifest.datanet);
  if (datanet == nullptr || !folders_.has(datanet->datanet.is_public)) {
    recorder_.unchecked("attributions of receipts, for want of the sealed folder");
    return false;
  }
  names_.push_back(manifest.manifest.manifest_sha256);
  index_folders_.push_back(folders_.index(datanet->datanet.is_public));
  const Result<ngram::Index> index = ngram::Index::open(files_, index_folders_.back(), names_.back());
  if (!index) {
    if (!is_finding(index.error())) return std::unexpected(index.error());
    return unavailable(manifest);
  }
  roles_.push_back(role);
  by_documents_ = by_documents_ || !agrees_with_log(*index, role);
  return true;
}

bool AttributionAudit::agrees_with_log(const ngram::Index& index, record::Role role) const {
  if (index.manifest().role != role) return false;
  for (const ngram::Segment& segment : index.segments()) {
    for (uint32_t i = 0; i < segment.document_count(); ++i) {
      const ngram::DocumentRow row = segment.row(DocId(i));
      const ContributionFacts* contribution = history_.contributions.find(row.entry);
      if (contribution != nullptr &&
          (contribution->contributor != row.contributor || contribution->tokens_sha256 != row.tokens_sha256)) {
        return false;
      }
    }
  }
  return true;
}

Result<void> AttributionAudit::prepare(const ReceiptFacts& facts) {
  std::vector<EntryIndex> withdrawn;
  for (const ContributionFacts& contribution : history_.contributions.all()) {
    if (is_withdrawn_below(contribution, facts.receipt.log_size)) withdrawn.push_back(contribution.entry);
  }
  if (withdrawn_ == withdrawn) return {};
  withdrawn_.reset();
  if (by_documents_) {
    TRY(read_documents(withdrawn));
  } else {
    std::vector<ngram::Index> indexes;
    for (size_t i = 0; i < names_.size(); ++i) {
      indexes.push_back(TRY(ngram::Index::open(files_, index_folders_[i], names_[i])));
    }
    source_ = TRY(ngram::IndexSource::open(std::move(indexes), withdrawn));
  }
  withdrawn_ = std::move(withdrawn);
  return {};
}

Result<void> AttributionAudit::read_documents(const std::vector<EntryIndex>& withdrawn) {
  documents_.clear();
  for (size_t i = 0; i < names_.size(); ++i) {
    const ngram::Index index = TRY(ngram::Index::open(files_, index_folders_[i], names_[i]));
    const ngram::Index* const pointer = &index;
    for (ngram::Document& document : TRY(ngram::live_documents({&pointer, 1}, {.withdrawn = withdrawn}))) {
      // Whose it is says the log; the class follows from the tokens themselves.
      const ContributionFacts* contribution = history_.contributions.find(document.entry);
      if (contribution != nullptr) document.contributor = contribution->contributor;
      document.role = roles_[i];
      document.tokens_sha256 = ngram::tokens_hash(document.tokens);
      documents_.push_back(std::move(document));
    }
  }
  std::ranges::sort(documents_, {}, &ngram::Document::entry);
  // A datapoint that stands in two manifests is a finding there.
  const auto twice = std::ranges::unique(documents_, {}, &ngram::Document::entry);
  documents_.erase(twice.begin(), twice.end());
  return {};
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
