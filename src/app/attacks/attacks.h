// The attack table: what each known way to cheat the rule of attribution gains on given documents.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/error.h"
#include "ngram/document.h"
#include "settle/terms.h"
#include "trace/policy.h"

namespace tribute::attacks {

// What is attacked.
struct Setting {
  std::vector<ngram::Document> documents;  // the live ones, ascending by entry; see ngram::live_documents()
  trace::Policy policy;
  settle::Terms terms;  // for the attacks on money; the others split one pool per answer
};

struct Options {
  // The same seed gives the same table on every machine.
  uint64_t seed = 1;

  // Simulated answers per attack, at least 1. More: steadier numbers, in proportion slower.
  uint32_t answers = 20;

  // Documents take part, chosen at random, until they have this many tokens. Time is in proportion to it.
  uint64_t max_tokens = 300'000;

  // Told before each attack how many of all are done; false stops with a `cancelled` error. By default
  // nobody is told.
  std::function<bool(size_t done, size_t total)> goes_on = {};
};

// One attack. Amounts are thousandths of the contributors' pools of all its answers, rounded down.
struct Row {
  std::string attack;
  std::string action;  // what the attacker does, and what the answers then say
  uint32_t answers = 0;

  // What contributors other than the attacker earn from these answers without and with the attack.
  int64_t honest_before_permille = 0;
  int64_t honest_after_permille = 0;

  // What the attacker earns: before, as the one it then was; after, under all its names. Where it pays
  // for the answers too, less what it paid, and then negative.
  int64_t attacker_before_permille = 0;
  int64_t attacker_after_permille = 0;

  int64_t gain_permille() const { return attacker_after_permille - attacker_before_permille; }
  friend bool operator==(const Row&, const Row&) = default;
};

// Simulates every attack: answers are stitched from passages of paid documents (of 150 to 600 bits, as
// far as the documents go) and words of the model's own; where an attacker's document varies a
// passage, the model is taken to repeat the attacker's version word for word, the worst case. Both
// times, without and with the attack, the same answers are attributed and paid.
// Errors: invalid_argument if options are out of range, the policy or the terms are not valid, the
// documents do not ascend, or not two of the paid ones have 150 bits; cancelled; those of attribute() and
// split_fee().
Result<std::vector<Row>> table(const Setting& setting, const Options& options = {});

}  // namespace tribute::attacks
