// Attacks that play with names, counts and order.
#include <algorithm>
#include <array>
#include <unordered_set>

#include "attacks/trial.h"

namespace tribute::attacks {
namespace {

EntryIndex attacker_name(uint64_t number) { return EntryIndex{kAttacker.value() + number}; }

// The attacker is an honest contributor, who then appears under a name for each of its documents.
Trial split(const Scene& scene, Random&) {
  Trial trial = untouched(scene);
  const EntryIndex one = scene.most_quoted();
  trial.attacker_before = {one};
  trial.attacker_after.clear();
  trial.policy.commons_contributors.reset();
  for (ngram::Document& document : trial.after) {
    if (document.contributor != one) continue;
    document.contributor = attacker_name(trial.attacker_after.size());
    trial.attacker_after.insert(document.contributor);
  }
  return trial;
}

// The number of new names that make common what they all hold.
uint64_t names_enough(const Scene& scene, const trace::Policy& policy) {
  std::unordered_set<EntryIndex> contributors;
  for (const ngram::Document& document : scene.documents()) {
    if (document.role == ngram::Role::paid) contributors.insert(document.contributor);
  }
  uint64_t names = 1;
  while (names <= trace::commons_limit(policy, contributors.size() + names)) ++names;
  return names;
}

// Registers every quoted passage under so many names that it becomes common. A word at the end of
// each makes it no exact duplicate.
Trial grief(const Scene& scene, Random& random) {
  Trial trial = untouched(scene);
  constexpr uint64_t kMostNames = 100;  // a policy may set a limit that nobody can afford
  const uint64_t names = std::min(names_enough(scene, trial.policy), kMostNames);
  for (uint64_t name = 0; name < names; ++name) {
    trial.attacker_after.insert(attacker_name(name));
    Tokens tokens;
    for (const Answer& answer : scene.answers()) {
      for (const Piece& piece : answer.pieces) {
        if (!piece.document) continue;
        append(tokens, piece.tokens);
        append(tokens, scene.words(random, 20'000));
      }
    }
    register_later(trial, std::move(tokens), attacker_name(name));
  }
  return trial;
}

Trial stuff_the_treasury(const Scene& scene, Random& random) {
  Trial trial = grief(scene, random);
  trial.takes_the_rest = true;
  return trial;
}

Trial inflate_counts(const Scene& scene, Random& random) {
  Trial trial = untouched(scene);
  Tokens quoted;
  for (const Answer& answer : scene.answers()) {
    for (const Piece& piece : answer.pieces) {
      if (piece.document) append(quoted, piece.tokens);
    }
  }
  size_t token_count = 0;
  for (const ngram::Document& document : scene.documents()) token_count += document.tokens.size();
  Tokens tokens;
  while (tokens.size() < token_count / 10 + 1) tokens.push_back(quoted[random.below(quoted.size())]);
  register_later(trial, std::move(tokens));
  return trial;
}

Trial stuff_the_prompt(const Scene& scene, Random& random) {
  Trial trial = untouched(scene);
  const Tokens text = scene.words(random, 400'000);
  register_later(trial, text);
  for (Answer& answer : trial.answers_after) {
    answer.pieces.push_back({.tokens = text, .document = std::nullopt});
    answer.prompt.push_back(text);
  }
  trial.answers_before = trial.answers_after;
  return trial;
}

Trial register_again(const Scene& scene, Random&) {
  Trial trial = untouched(scene);
  const EntryIndex one = scene.most_quoted();
  trial.attacker_before = {one};
  trial.attacker_after = {one};
  std::erase_if(trial.after, [&](const ngram::Document& document) { return document.contributor == one; });
  for (const ngram::Document& document : scene.documents()) {
    if (document.contributor == one) register_later(trial, document.tokens, one);
  }
  return trial;
}

constexpr std::array kAttacks = {
    Attack{"split", "the most quoted contributor takes a name for each document, under the default commons limit",
           split},
    Attack{"commons griefing", "registers every quote under one name more than the commons limit", grief},
    Attack{"treasury stuffing", "the same by the owner of a treasury that gets all that owners do not",
           stuff_the_treasury},
    Attack{"inflate counts", "registers the words of the quotes, shuffled, a tenth as many as there are",
           inflate_counts},
    Attack{"prompt stuffing", "registers a text of 400 bits and puts it into every prompt, and answers repeat it",
           stuff_the_prompt},
    Attack{"withdraw and re-register", "the most quoted contributor registers all documents again", register_again},
};

}  // namespace

std::span<const Attack> gaming_attacks() { return kAttacks; }

}  // namespace tribute::attacks
