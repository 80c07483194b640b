#include "quotes/explain.h"

#include <algorithm>
#include <array>
#include <set>

#include "base/check.h"

namespace tribute::evaluate {
namespace {

using ngram::Run;
using trace::Fate;

constexpr std::array<std::string_view, kOutcomeCount> kNames = {
    "unexplained",  "right",        "seam",     "too short",  "too likely", "common", "earlier share",
    "earlier bits", "earlier edge", "outgrown", "uncredited", "runs on",    "quote"};

bool covers(Run run, uint32_t token) { return run.begin <= token && token < run.end; }
bool contains(Run outer, Run inner) { return outer.begin <= inner.begin && inner.end <= outer.end; }
bool overlaps(Run a, Run b) { return a.begin < b.end && b.begin < a.end; }

bool agrees(const Corpus& corpus, const TokenJudgement& judged, const trace::TokenFate& engine) {
  if (judged.fate != engine.fate || judged.millibits != engine.surprisal_millibits) return false;
  if (judged.fate != Fate::owned) return !engine.owner;
  const Document& owner = corpus.known[judged.first->datapoint];
  return engine.owner == ngram::Holder{.datapoint = owner.entry, .contributor = owner.contributor};
}

std::optional<uint32_t> first_registrant(const Rule& rule, const Judgement& judgement, std::span<const TokenId> answer,
                                         Run core) {
  if (core.length() == 0) return std::nullopt;
  if (core.length() < rule.policy().min_span_tokens) {
    return rule.table().first_holder(answer.subspan(core.begin, core.length()));
  }
  std::optional<uint32_t> first;
  for (const Match& match : judgement.matches) {
    if (contains(match.run, core) && (!first || match.datapoint < *first)) first = match.datapoint;
  }
  return first;
}

class Explainer {
 public:
  Explainer(const Library& library, TextFinding& finding) : library_(library), finding_(finding) {}

  // Sets the outcome of a token of a passage that the engine and the rule agree on.
  void settle_within(const PassageFinding& passage, uint32_t i) {
    const TokenJudgement& token = finding_.judgement.tokens[i];
    if (token.fate == Fate::owned) {
      settle_owned(passage, i);
    } else if (!is_of_owner(passage, i)) {
      finding_.outcomes[i] = Outcome::seam;
    } else if (token.fate == Fate::none) {
      finding_.outcomes[i] = why_none(i);
    } else if (is_common(i)) {
      finding_.outcomes[i] = Outcome::common;
    }
  }

  // The same of a token of no passage.
  void settle_outside(uint32_t i) {
    const TokenJudgement& token = finding_.judgement.tokens[i];
    if (token.fate != Fate::owned) {
      finding_.outcomes[i] = Outcome::uncredited;
    } else if (is_claimed(i)) {
      const bool runs_on = std::ranges::any_of(finding_.passages, [&](const PassageFinding& passage) {
        return overlaps(passage.located.tokens, token.first->run);
      });
      finding_.claims[i] = token.first;
      finding_.outcomes[i] = runs_on ? Outcome::runs_on : Outcome::quote;
    }
  }

 private:
  void settle_owned(const PassageFinding& passage, uint32_t i) {
    const Judgement& judgement = finding_.judgement;
    const HeldClaim& first = *judgement.tokens[i].first;
    Outcome& outcome = finding_.outcomes[i];
    if (!is_claimed(i)) return;
    finding_.claims[i] = first;
    if (passage.owner == first.datapoint) {
      outcome = Outcome::right;
    } else if (!is_of_owner(passage, i)) {
      outcome = Outcome::seam;
    } else if (first.datapoint > *passage.owner) {
      if (holds_no_claim(*passage.owner, i)) outcome = Outcome::outgrown;
    } else if (const auto claim = claim_with(passage.located.core, first.datapoint, i)) {
      finding_.claims[i] = claim;
      const uint64_t share = library_.rule.policy().priority_permille * judgement.millibits(claim->span);
      outcome = 1000 * judgement.millibits(claim->run) >= share ? Outcome::earlier_share : Outcome::earlier_bits;
    } else {
      outcome = Outcome::earlier_edge;
    }
  }

  // The claim over the token that the datapoint holds in a maximal span that contains the core: the one with the
  // largest share of its span.
  std::optional<HeldClaim> claim_with(Run core, uint32_t datapoint, uint32_t i) const {
    const Judgement& judgement = finding_.judgement;
    std::optional<HeldClaim> best;
    for (const Run span : judgement.spans) {
      if (!contains(span, core)) continue;
      const std::optional<Run> part = part_held(judgement, datapoint, span, i);
      if (!part || !library_.rule.is_claim(judgement, *part, span)) continue;
      if (!best || judgement.millibits(*part) * judgement.millibits(best->span) >
                       judgement.millibits(best->run) * judgement.millibits(span)) {
        best = HeldClaim{.run = *part, .span = span, .datapoint = datapoint};
      }
    }
    return best;
  }

  // Whether the owner contains the token together with the core.
  bool is_of_owner(const PassageFinding& passage, uint32_t i) const {
    const Run core = passage.located.core;
    return covers(core, i) || std::ranges::any_of(finding_.judgement.matches, [&](const Match& match) {
             return passage.owner == match.datapoint && covers(match.run, i) && contains(match.run, core);
           });
  }

  Outcome why_none(uint32_t i) const {
    bool is_matched = false;
    for (const Run span : finding_.judgement.spans) {
      if (!covers(span, i)) continue;
      is_matched = true;
      if (library_.rule.is_evidence(finding_.judgement, span)) return Outcome::unexplained;
    }
    return is_matched ? Outcome::too_likely : Outcome::too_short;
  }

  // Counts the contributors who hold the named claim anew, over the matches that contain it.
  bool is_common(uint32_t i) const {
    const Judgement& judgement = finding_.judgement;
    const CommonClaim& claim = *judgement.tokens[i].common;
    std::set<uint32_t> voices;
    for (const Match& match : judgement.matches) {
      const std::optional<uint32_t> voice = library_.rule.voice(match.datapoint);
      if (voice && contains(match.run, claim.run)) voices.insert(*voice);
    }
    const bool is_claim = std::ranges::any_of(judgement.spans, [&](Run span) {
      return contains(span, claim.run) && library_.rule.is_claim(judgement, claim.run, span);
    });
    return covers(claim.run, i) && is_claim && voices.size() == claim.contributor_count &&
           claim.contributor_count > library_.rule.commons_limit();
  }

  // The named claim is a part of a maximal span, over the token, substantial, and stands in its datapoint.
  bool is_claimed(uint32_t i) const {
    const Judgement& judgement = finding_.judgement;
    const HeldClaim& claim = *judgement.tokens[i].first;
    return covers(claim.run, i) && contains(claim.span, claim.run) &&
           std::ranges::binary_search(judgement.spans, claim.span) &&
           library_.rule.is_claim(judgement, claim.run, claim.span) &&
           part_held(judgement, claim.datapoint, claim.span, i).has_value();
  }

  bool holds_no_claim(uint32_t datapoint, uint32_t i) const {
    const Judgement& judgement = finding_.judgement;
    return std::ranges::none_of(judgement.spans, [&](Run span) {
      if (!covers(span, i)) return false;
      const std::optional<Run> part = part_held(judgement, datapoint, span, i);
      return part && library_.rule.is_claim(judgement, *part, span);
    });
  }

  const Library& library_;
  TextFinding& finding_;
};

// Whether it was found, and else by which outcome the most of its tokens were missed.
void sum_up(const Library& library, const trace::Attribution& attribution, const std::vector<Outcome>& outcomes,
            PassageFinding& passage) {
  const Run tokens = passage.located.tokens;
  uint32_t of_contributor = 0;
  std::array<uint32_t, kOutcomeCount> counts{};
  for (uint32_t i = tokens.begin; i < tokens.end; ++i) {
    ++counts.at(static_cast<size_t>(outcomes[i]));
    const std::optional<ngram::Holder>& owner = attribution.tokens[i].owner;
    if (owner && passage.owner && owner->contributor == library.corpus.known[*passage.owner].contributor) {
      ++of_contributor;
    }
  }
  uint32_t& right = counts.at(static_cast<size_t>(Outcome::right));
  passage.found_datapoint = 2 * right > tokens.length();
  passage.found_contributor = 2 * of_contributor > tokens.length();
  if (passage.found_datapoint) return;
  right = 0;
  const auto* const most = std::ranges::max_element(counts);
  passage.outcome = *most == 0 ? Outcome::seam : static_cast<Outcome>(most - counts.begin());
}

}  // namespace

std::string_view name_of(Outcome outcome) { return kNames.at(static_cast<size_t>(outcome)); }

std::optional<Run> part_held(const Judgement& judgement, uint32_t datapoint, Run span, uint32_t token) {
  std::optional<Run> longest;
  for (const Match& match : judgement.matches) {
    if (match.datapoint != datapoint || !covers(match.run, token)) continue;
    const std::optional<Run> part = common_part(match.run, span);
    if (part && (!longest || part->length() > longest->length())) longest = part;
  }
  return longest;
}

TextFinding explain(const Library& library, const StitchedText& text, const text::TokenizedText& answer,
                    const trace::Attribution& attribution) {
  CHECK(attribution.tokens.size() == answer.tokens.size());
  TextFinding finding;
  finding.judgement = library.rule.judge(answer.tokens);
  finding.passages_of.resize(answer.tokens.size());
  for (size_t p = 0; p < text.passages.size(); ++p) {
    PassageFinding passage;
    passage.located = locate(text.passages[p], library.corpus.known[text.passages[p].document], answer);
    passage.owner = first_registrant(library.rule, finding.judgement, answer.tokens, passage.located.core);
    for (uint32_t i = passage.located.tokens.begin; i < passage.located.tokens.end; ++i) finding.passages_of[i] = p;
    finding.passages.push_back(passage);
  }
  finding.outcomes.resize(answer.tokens.size(), Outcome::unexplained);
  finding.claims.resize(answer.tokens.size());
  Explainer explainer(library, finding);
  for (uint32_t i = 0; i < answer.tokens.size(); ++i) {
    if (agrees(library.corpus, finding.judgement.tokens[i], attribution.tokens[i])) {
      const std::optional<size_t> passage = finding.passages_of[i];
      passage ? explainer.settle_within(finding.passages[*passage], i) : explainer.settle_outside(i);
    }
    finding.engine_credits.push_back(attribution.tokens[i].owner.has_value());
  }
  for (PassageFinding& passage : finding.passages) sum_up(library, attribution, finding.outcomes, passage);
  return finding;
}

}  // namespace tribute::evaluate
