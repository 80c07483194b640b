// A trial: an attack made concrete on a scene. Private to the module.
#pragma once

#include <cstdint>
#include <set>
#include <span>
#include <string_view>
#include <vector>

#include "attacks/scene.h"
#include "base/ids.h"
#include "ngram/document.h"
#include "trace/policy.h"

namespace tribute::attacks {

// What the attacker does and who it is. `before` and `after` ascend by entry.
struct Trial {
  std::vector<ngram::Document> before;
  std::vector<ngram::Document> after;
  std::vector<Answer> answers_before;
  std::vector<Answer> answers_after;
  trace::Policy policy;
  std::set<EntryIndex> attacker_before;  // contributors
  std::set<EntryIndex> attacker_after;
  bool takes_the_rest = false;  // the attacker's treasury gets all that the owners do not

  // The attacker pays the fee of every answer by the setting's terms; it is a contributor, and, if
  // `owns_the_model`, whoever else is paid, but for the platform.
  bool pays = false;
  bool owns_the_model = false;
};

struct Attack {
  std::string_view name;
  std::string_view action;
  Trial (*trial)(const Scene& scene, Random& random);
};

// A trial in which nothing has happened yet, with kAttacker as the attacker.
Trial untouched(const Scene& scene);

// Registers a text for `contributor` after (or before) all documents of `trial.after`.
void register_later(Trial& trial, Tokens tokens, EntryIndex contributor = kAttacker);
void register_first(Trial& trial, Tokens tokens, EntryIndex contributor = kAttacker);

// The attacks by what they do: register versions of others' text; register what others will write or
// have written; play with names, counts and order; pay oneself.
std::span<const Attack> copying_attacks();
std::span<const Attack> grabbing_attacks();
std::span<const Attack> gaming_attacks();
std::span<const Attack> paying_attacks();

}  // namespace tribute::attacks
