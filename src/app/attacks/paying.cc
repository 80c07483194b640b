// Attacks that pay oneself.
#include <array>

#include "attacks/trial.h"

namespace tribute::attacks {
namespace {

// The attacker pays for answers that repeat nothing but its own text.
Trial wash(const Scene& scene, Random& random) {
  Trial trial = untouched(scene);
  for (Answer& answer : trial.answers_after) {
    Tokens text = scene.words(random, 400'000);
    register_later(trial, text);
    answer.pieces.assign(1, {.tokens = std::move(text), .document = std::nullopt});
  }
  trial.answers_before.clear();
  trial.pays = true;
  return trial;
}

Trial wash_with_the_model(const Scene& scene, Random& random) {
  Trial trial = wash(scene, random);
  trial.owns_the_model = true;
  return trial;
}

constexpr std::array kAttacks = {
    Attack{"wash", "registers texts and pays for answers that repeat them", wash},
    Attack{"wash with the model", "the same as the model's owner and only staker", wash_with_the_model},
};

}  // namespace

std::span<const Attack> paying_attacks() { return kAttacks; }

}  // namespace tribute::attacks
