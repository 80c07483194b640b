#include <array>
#include <map>
#include <utility>

#include "attacks/attacks.h"
#include "attacks/trial.h"
#include "base/checked.h"
#include "base/hash.h"
#include "ngram/brute_force_source.h"
#include "trace/trace.h"

namespace tribute::attacks {
namespace {

constexpr int64_t kPool = 1'000'000;
constexpr EntryIndex kModel{1};
constexpr EntryIndex kTreasury{2};

// Amounts summed over answers.
struct Earnings {
  int64_t pool = 0;
  int64_t honest = 0;
  int64_t attacker = 0;
};

// All of the fee is the contributors' pool.
settle::Terms pool_alone() {
  settle::Terms terms;
  terms.model_basis_points = 0;
  terms.stakers_basis_points = 0;
  terms.contributors_basis_points = settle::kBasisPoints;
  return terms;
}

std::vector<settle::Credit> credits_of(const trace::Attribution& attribution) {
  std::map<EntryIndex, uint64_t> millibits;
  for (const trace::TokenFate& token : attribution.tokens) {
    if (token.owner) millibits[token.owner->contributor] += token.surprisal_millibits;
  }
  std::vector<settle::Credit> credits;
  for (const auto& [contributor, sum] : millibits) credits.push_back({contributor, sum});
  return credits;
}

// Attributes and pays one answer and adds who got what.
Result<void> pay(const Trial& trial, const settle::Terms& terms, const ngram::BruteForceSource& source,
                 const Answer& answer, const std::set<EntryIndex>& attacker, Earnings& earnings) {
  const Tokens tokens = answer.tokens();
  const auto copied = trace::copied_tokens(tokens, answer.prompt, trial.policy.min_span_tokens);
  const auto attribution = TRY(trace::attribute(source, tokens, copied, trial.policy, {.datapoint_limit = 0}));
  const std::vector<settle::Credit> credits = credits_of(attribution);
  const std::array treasuries = {settle::Treasury{kTreasury, trial.takes_the_rest ? 1000U : 0U}};
  const Amount fee = trial.pays ? TRY(settle::fee_for(terms, 0, tokens.size())) : Amount{kPool};
  const auto payouts = TRY(settle::split_fee(terms, fee,
                                             {.model = kModel,
                                              .total_millibits = attribution.total_millibits,
                                              .coverage_scaled = trial.policy.coverage_scaled,
                                              .credits = credits,
                                              .treasuries = treasuries}));
  std::map<std::string, int64_t> paid;
  for (const record::Payout& payout : payouts) paid[payout.account] = payout.amount.millionths();
  for (const settle::Credit& credit : credits) {
    const int64_t amount = paid[settle::account_of("contributor", credit.contributor)];
    (attacker.contains(credit.contributor) ? earnings.attacker : earnings.honest) += amount;
  }
  if (trial.takes_the_rest) earnings.attacker += paid[settle::account_of("treasury", kTreasury)];
  if (trial.pays) earnings.attacker -= fee.millionths();
  if (trial.owns_the_model) {
    earnings.attacker += paid[settle::account_of("owner", kModel)] + paid[settle::account_of("stakers", kModel)];
  }
  const Amount split = Amount{fee.millionths() - terms.platform_fee.millionths()};
  earnings.pool += share_rounded_down(split, terms.contributors_basis_points, settle::kBasisPoints).millionths();
  return {};
}

Result<Earnings> earnings_of(const Trial& trial, const settle::Terms& terms,
                             const std::vector<ngram::Document>& documents, const std::vector<Answer>& answers,
                             const std::set<EntryIndex>& attacker) {
  const ngram::BruteForceSource source(documents);
  Earnings earnings;
  for (const Answer& answer : answers) TRY(pay(trial, terms, source, answer, attacker, earnings));
  return earnings;
}

// floor(1000 · amount / pool), below zero too; 0 of an empty pool.
int64_t permille(int64_t amount, int64_t pool) {
  if (pool == 0) return 0;
  const int128_t scaled = int128_t{amount} * 1000;
  const int128_t quotient = scaled / pool;
  return static_cast<int64_t>(quotient - (scaled % pool < 0 ? 1 : 0));
}

Result<Row> row_of(const Attack& attack, const Scene& scene, uint64_t seed) {
  // Each attack draws from numbers of its own, so that a row does not depend on the others.
  const Hash256 name = sha256(attack.name);
  Random random(seed ^ std::hash<Hash256>{}(name));
  const Trial trial = attack.trial(scene, random);
  const settle::Terms terms = trial.pays ? scene.setting().terms : pool_alone();
  const Earnings before = TRY(earnings_of(trial, terms, trial.before, trial.answers_before, trial.attacker_before));
  const Earnings after = TRY(earnings_of(trial, terms, trial.after, trial.answers_after, trial.attacker_after));
  return Row{.attack = std::string(attack.name),
             .action = std::string(attack.action),
             .answers = static_cast<uint32_t>(trial.answers_after.size()),
             .honest_before_permille = permille(before.honest, before.pool),
             .honest_after_permille = permille(after.honest, after.pool),
             .attacker_before_permille = permille(before.attacker, before.pool),
             .attacker_after_permille = permille(after.attacker, after.pool)};
}

}  // namespace

Result<std::vector<Row>> table(const Setting& setting, const Options& options) {
  const Scene scene = TRY(Scene::make(setting, options));
  const std::array groups = {copying_attacks(), grabbing_attacks(), gaming_attacks(), paying_attacks()};
  size_t total = 0;
  for (const auto attacks : groups) total += attacks.size();
  std::vector<Row> rows;
  for (const auto attacks : groups) {
    for (const Attack& attack : attacks) {
      if (options.goes_on && !options.goes_on(rows.size(), total)) {
        return fail(ErrorCode::cancelled, "stopped after " + std::to_string(rows.size()) + " of " +
                                              std::to_string(total) + " attacks; nothing was written");
      }
      rows.push_back(TRY(row_of(attack, scene, options.seed)));
    }
  }
  return rows;
}

}  // namespace tribute::attacks
