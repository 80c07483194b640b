// Attacks that register versions of others' text.
#include <algorithm>
#include <array>

#include "attacks/trial.h"

namespace tribute::attacks {
namespace {

Trial copy(const Scene& scene, Random&) {
  Trial trial = untouched(scene);
  for (const size_t place : scene.quoted_documents()) register_later(trial, scene.documents()[place].tokens);
  return trial;
}

// Replaces every quoted passage by the attacker's version of it, which the attacker registers.
template <typename Vary>
Trial versions(const Scene& scene, Vary vary) {
  Trial trial = untouched(scene);
  for (Answer& answer : trial.answers_after) {
    for (Piece& piece : answer.pieces) {
      if (!piece.document) continue;
      piece.tokens = vary(piece.tokens);
      register_later(trial, piece.tokens);
    }
  }
  trial.answers_before = trial.answers_after;
  return trial;
}

// With `permille` thousandths of a passage's surprisal around it, half before and half after.
Trial extended(const Scene& scene, Random& random, uint64_t permille) {
  return versions(scene, [&](const Tokens& passage) {
    const uint64_t around = scene.millibits(passage) * permille / 1000;
    Tokens version = scene.words(random, around / 2);
    append(version, passage);
    append(version, scene.words(random, around / 2));
    return version;
  });
}
Trial extended_by_a_quarter(const Scene& scene, Random& random) { return extended(scene, random, 250); }
Trial extended_by_a_half(const Scene& scene, Random& random) { return extended(scene, random, 500); }
Trial extended_by_as_much(const Scene& scene, Random& random) { return extended(scene, random, 1000); }

Trial half_copy(const Scene& scene, Random&) {
  Trial trial = untouched(scene);
  for (const size_t place : scene.quoted_documents()) {
    const Tokens& tokens = scene.documents()[place].tokens;
    const auto middle = tokens.begin() + static_cast<std::ptrdiff_t>(tokens.size() / 2);
    register_later(trial, Tokens(tokens.begin(), middle));
    register_later(trial, Tokens(middle, tokens.end()));
  }
  return trial;
}

// The next part of `tokens` from `begin` on, of at least `millibits`, or all that is left if that is not
// enough for another part.
Tokens next_part(const Scene& scene, const Tokens& tokens, size_t& begin, uint64_t millibits) {
  Tokens part;
  for (uint64_t sum = 0; begin < tokens.size(); ++begin) {
    if (sum >= millibits && scene.millibits(std::span(tokens).subspan(begin)) >= millibits) break;
    part.push_back(tokens[begin]);
    sum += scene.millibits(std::span(&tokens[begin], 1));
  }
  return part;
}

// Alternates parts of the passages of each answer into one text, which is the answer.
Trial woven(const Scene& scene, uint64_t part_millibits) {
  Trial trial = untouched(scene);
  for (Answer& answer : trial.answers_after) {
    std::vector<Piece> passages;
    for (Piece& piece : answer.pieces) {
      if (piece.document) passages.push_back(std::move(piece));
    }
    std::vector<size_t> begins(passages.size(), 0);
    answer.pieces.clear();
    bool is_left = true;
    while (is_left) {
      is_left = false;
      for (size_t i = 0; i < passages.size(); ++i) {
        Tokens part = next_part(scene, passages[i].tokens, begins[i], part_millibits);
        if (part.empty()) continue;
        answer.pieces.push_back({std::move(part), passages[i].document});
        is_left = true;
      }
    }
    register_later(trial, answer.tokens());
  }
  trial.answers_before = trial.answers_after;
  return trial;
}
Trial woven_of_long_parts(const Scene& scene, Random&) { return woven(scene, 250'000); }
Trial woven_of_short_parts(const Scene& scene, Random&) { return woven(scene, 80'000); }

Tokens edited(const Scene& scene, Random& random, Tokens tokens, size_t every) {
  for (size_t i = every - 1; i < tokens.size(); i += every) tokens[i] = scene.another(random, tokens[i]);
  return tokens;
}
Trial edited_every_12(const Scene& scene, Random& random) {
  return versions(scene, [&](const Tokens& passage) { return edited(scene, random, passage, 12); });
}
Trial edited_every_40(const Scene& scene, Random& random) {
  return versions(scene, [&](const Tokens& passage) { return edited(scene, random, passage, 40); });
}

Trial near_clones(const Scene& scene, Random& random) {
  Trial trial = untouched(scene);
  for (const size_t place : scene.quoted_documents()) {
    const Tokens& tokens = scene.documents()[place].tokens;
    register_later(trial, edited(scene, random, tokens, std::min<size_t>(tokens.size(), 200)));
  }
  return trial;
}

constexpr std::array kAttacks = {
    Attack{"copy", "registers every quoted document again", copy},
    Attack{"copy and extend by a quarter",
           "registers quotes with a quarter more of its own around, and answers repeat it", extended_by_a_quarter},
    Attack{"copy and extend by a half", "the same with half as much more", extended_by_a_half},
    Attack{"copy and extend by as much", "the same with as much again", extended_by_as_much},
    Attack{"half copy", "registers both halves of every quoted document", half_copy},
    Attack{"weave in, 250 bits",
           "registers quotes of three documents woven together in parts of 250 bits, and answers "
           "repeat it",
           woven_of_long_parts},
    Attack{"weave in, 80 bits", "the same in parts of 80 bits", woven_of_short_parts},
    Attack{"edit every 40 tokens", "registers quotes with every 40th token changed, and answers repeat it",
           edited_every_40},
    Attack{"edit every 12 tokens", "the same with every 12th", edited_every_12},
    Attack{"near clones", "registers quoted documents with every 200th token changed", near_clones},
};

}  // namespace

std::span<const Attack> copying_attacks() { return kAttacks; }

}  // namespace tribute::attacks
