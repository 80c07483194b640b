#include "attacks/trial.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "ngram/columns.h"

namespace tribute::attacks {
namespace {

void add_document(Trial& trial, EntryIndex entry, Tokens tokens, EntryIndex contributor) {
  ngram::Document document{.entry = entry,
                           .contributor = contributor,
                           .role = ngram::Role::paid,
                           .tokens_sha256 = ngram::tokens_hash(tokens),
                           .tokens = std::move(tokens)};
  const auto place = std::ranges::lower_bound(trial.after, entry, {}, &ngram::Document::entry);
  trial.after.insert(place, std::move(document));
}

}  // namespace

Trial untouched(const Scene& scene) {
  Trial trial;
  trial.before = scene.documents();
  trial.after = scene.documents();
  trial.answers_before = scene.answers();
  trial.answers_after = scene.answers();
  trial.policy = scene.setting().policy;
  trial.attacker_before = {kAttacker};
  trial.attacker_after = {kAttacker};
  return trial;
}

void register_later(Trial& trial, Tokens tokens, EntryIndex contributor) {
  const uint64_t last = trial.after.empty() ? 0 : trial.after.back().entry.value();
  add_document(trial, EntryIndex{std::max(kFirstLaterEntry, last + 1)}, std::move(tokens), contributor);
}

void register_first(Trial& trial, Tokens tokens, EntryIndex contributor) {
  const uint64_t first = trial.after.empty() ? kFirstHonestEntry : trial.after.front().entry.value();
  CHECK(first > 0);
  add_document(trial, EntryIndex{first - 1}, std::move(tokens), contributor);
}

}  // namespace tribute::attacks
