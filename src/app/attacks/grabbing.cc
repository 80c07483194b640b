// Attacks that register what others will write or have written.
#include <algorithm>
#include <array>
#include <map>

#include "attacks/trial.h"

namespace tribute::attacks {
namespace {

constexpr size_t kPhraseTokens = 8;
constexpr size_t kPhrases = 200;

// The phrases that stand in the most documents, of at least two.
std::vector<Tokens> common_phrases(const std::vector<ngram::Document>& documents) {
  std::map<Tokens, std::pair<size_t, size_t>> phrases;  // to the last document and the number of documents
  for (size_t d = 0; d < documents.size(); ++d) {
    const Tokens& tokens = documents[d].tokens;
    for (size_t i = 0; i + kPhraseTokens <= tokens.size(); ++i) {
      const auto begin = tokens.begin() + static_cast<std::ptrdiff_t>(i);
      auto& [last, count] = phrases.try_emplace(Tokens(begin, begin + kPhraseTokens), d, 1).first->second;
      if (last == d) continue;
      last = d;
      ++count;
    }
  }
  std::vector<std::pair<size_t, Tokens>> shared;
  for (const auto& [phrase, places] : phrases) {
    if (places.second >= 2) shared.emplace_back(places.second, phrase);
  }
  std::ranges::stable_sort(shared, std::ranges::greater{}, &std::pair<size_t, Tokens>::first);
  if (shared.size() > kPhrases) shared.resize(kPhrases);
  std::vector<Tokens> result;
  for (auto& [count, phrase] : shared) result.push_back(std::move(phrase));
  return result;
}

Trial squat(const Scene& scene, Random&) {
  Trial trial = untouched(scene);
  for (Tokens& phrase : common_phrases(scene.documents())) register_first(trial, std::move(phrase));
  return trial;
}

// Takes every fourth quoted document for public text, which no honest contributor has registered.
Trial grabbed(const Scene& scene, bool is_guarded) {
  Trial trial = untouched(scene);
  const std::vector<size_t> quoted = scene.quoted_documents();
  std::vector<Tokens> texts;
  for (size_t i = 0; i < quoted.size(); i += 4) {
    ngram::Document& document = trial.after[quoted[i]];
    texts.push_back(document.tokens);
    if (is_guarded) {
      document.role = ngram::Role::guard;
    } else {
      document.entry = EntryIndex{0};  // to be removed
    }
  }
  std::erase_if(trial.after, [](const ngram::Document& document) { return document.entry == EntryIndex{0}; });
  trial.before = trial.after;
  for (Tokens& text : texts) register_later(trial, std::move(text));
  return trial;
}
Trial land_grab(const Scene& scene, Random&) { return grabbed(scene, false); }
Trial land_grab_of_guarded_text(const Scene& scene, Random&) { return grabbed(scene, true); }

// The receipts of a model cite its pinned manifests, in which later registrations are not.
Trial harvest(const Scene& scene, Random&) { return untouched(scene); }

Trial harvest_for_the_next_version(const Scene& scene, Random&) {
  Trial trial = untouched(scene);
  for (const Answer& answer : trial.answers_after) register_later(trial, answer.tokens());
  return trial;
}

constexpr std::array kAttacks = {
    Attack{"squat on common phrases",
           "registered, before everyone, the 200 phrases of 8 tokens that most documents share", squat},
    Attack{"land-grab of public text", "registers public text that nobody guards, a quarter of what answers quote",
           land_grab},
    Attack{"land-grab of guarded text", "the same where a guard holds the text", land_grab_of_guarded_text},
    Attack{"harvest outputs", "registers the answers; the model's manifests are pinned", harvest},
    Attack{"harvest outputs for later", "the same, and the next version, which learned them, answers alike",
           harvest_for_the_next_version},
};

}  // namespace

std::span<const Attack> grabbing_attacks() { return kAttacks; }

}  // namespace tribute::attacks
