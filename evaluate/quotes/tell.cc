#include "quotes/tell.h"

#include <fmt/format.h>

#include <iterator>
#include <nlohmann/json.hpp>

#include "base/bytes.h"

namespace tribute::evaluate {
namespace {

using ngram::Run;

double bits(uint64_t millibits) { return static_cast<double>(millibits) / 1000; }

std::string quoted(const StitchedText& text, const text::TokenizedText& answer, Run run) {
  if (run.length() == 0) return R"("")";
  const uint32_t begin = answer.ranges[run.begin].begin;
  const uint32_t end = answer.ranges[run.end - 1].end;
  return nlohmann::json(to_printable_utf8(std::string_view(text.bytes).substr(begin, end - begin))).dump();
}

std::string spelled(Run run) { return fmt::format("[{}, {})", run.begin, run.end); }

class Teller {
 public:
  Teller(const Library& library, const TextFinding& finding) : library_(library), finding_(finding) {}

  std::string name(uint32_t datapoint) const {
    const Document& document = library_.corpus.known[datapoint];
    return fmt::format("{} (entry {} of {})", document.id, document.entry.value(),
                       library_.corpus.contributors.at(document.contributor));
  }

  // Why a token has its outcome, with the numbers.
  std::string reason(uint32_t i) const {
    const TokenJudgement& token = finding_.judgement.tokens[i];
    const std::optional<size_t> passage = finding_.passages_of[i];
    switch (finding_.outcomes[i]) {
      case Outcome::unexplained: return "the engine does not say what the rule says";
      case Outcome::right: return "credited to the first registrant: " + of_claim(*finding_.claims[i]);
      case Outcome::seam: return "the seam made other tokens here than the document has";
      case Outcome::too_short: return "no run of so many tokens over it stands in a datapoint";
      case Outcome::too_likely: return likely(i);
      case Outcome::common:
        return fmt::format("{} contributors hold {}, {:.1f} bits; more than {} make it common",
                           token.common->contributor_count, spelled(token.common->run),
                           bits(finding_.judgement.millibits(token.common->run)), library_.rule.commons_limit());
      case Outcome::earlier_share:
        return "an earlier datapoint has a substantial part: " + of_claim(*finding_.claims[i]);
      case Outcome::earlier_bits:
        return "an earlier datapoint has a long enough part: " + of_claim(*finding_.claims[i]);
      case Outcome::earlier_edge:
        return "an earlier datapoint has what runs over the edge: " + of_claim(*finding_.claims[i]);
      case Outcome::outgrown: return outgrown(i, *finding_.passages[*passage].owner);
      case Outcome::uncredited: return "";
      case Outcome::runs_on: return "a claim over the passage's edge: " + of_claim(*finding_.claims[i]);
      case Outcome::quote: return "the unrelated text quotes: " + of_claim(*finding_.claims[i]);
    }
    return "";
  }

 private:
  std::string of_claim(const HeldClaim& claim) const {
    const uint64_t part = finding_.judgement.millibits(claim.run);
    const uint64_t span = finding_.judgement.millibits(claim.span);
    return fmt::format("{}, {:.1f} bits, {} permille of the span {}, stands in {}", spelled(claim.run), bits(part),
                       part * 1000 / span, spelled(claim.span), name(claim.datapoint));
  }

  std::string likely(uint32_t i) const {
    Run best;
    for (const Run span : finding_.judgement.spans) {
      const bool is_over = span.begin <= i && i < span.end;
      if (is_over && (best.length() == 0 || finding_.judgement.millibits(span) > finding_.judgement.millibits(best)))
        best = span;
    }
    return fmt::format("the least likely span over it is {} with {:.1f} bits; evidence begins at {:.1f}", spelled(best),
                       bits(finding_.judgement.millibits(best)), bits(library_.rule.evidence_millibits()));
  }

  std::string outgrown(uint32_t i, uint32_t owner) const {
    const HeldClaim& claim = *finding_.claims[i];
    const std::optional<Run> held = part_held(finding_.judgement, owner, claim.span, i);
    std::string text = "a longer run stands in a later datapoint: " + of_claim(claim);
    if (!held) return text + "; the first registrant has less than the fewest tokens of it";
    const uint64_t part = finding_.judgement.millibits(*held);
    return text +
           fmt::format("; the first registrant has {} of it, {:.1f} bits, {} permille, which is {}", spelled(*held),
                       bits(part), part * 1000 / finding_.judgement.millibits(claim.span),
                       library_.rule.is_evidence(finding_.judgement, *held) ? "too little of it" : "no evidence");
  }

  const Library& library_;
  const TextFinding& finding_;
};

// The tokens of `run` in groups of one reason each.
std::string tell_tokens(const Teller& teller, const StitchedText& text, const text::TokenizedText& answer,
                        const TextFinding& finding, Run run) {
  std::string told;
  for (uint32_t begin = run.begin; begin < run.end;) {
    const std::string reason = teller.reason(begin);
    uint32_t end = begin + 1;
    while (end < run.end && finding.outcomes[end] == finding.outcomes[begin] && teller.reason(end) == reason) ++end;
    if (finding.outcomes[begin] != Outcome::uncredited) {
      told += fmt::format("  {} {}: {}\n    {}\n", spelled({begin, end}), name_of(finding.outcomes[begin]),
                          quoted(text, answer, {begin, end}), reason);
    }
    begin = end;
  }
  return told;
}

}  // namespace

std::string tell(const Library& library, const StitchedText& text, const text::TokenizedText& answer,
                 const TextFinding& finding) {
  const Teller teller(library, finding);
  std::string told;
  uint32_t told_to = 0;
  const auto tell_gap = [&](uint32_t end) {
    if (told_to < end) told += tell_tokens(teller, text, answer, finding, {told_to, end});
  };
  for (size_t p = 0; p < finding.passages.size(); ++p) {
    const PassageFinding& passage = finding.passages[p];
    const Run tokens = passage.located.tokens;
    tell_gap(tokens.begin);
    told += fmt::format("passage {}: {} {}\n  from {}\n", p + 1, spelled(tokens),
                        passage.found_datapoint ? "found" : fmt::format("not found, {}", name_of(passage.outcome)),
                        teller.name(static_cast<uint32_t>(text.passages[p].document)));
    told += passage.owner ? fmt::format("  {} first registered by {}\n", spelled(passage.located.core),
                                        teller.name(*passage.owner))
                          : "  no token of it is the document's\n";
    told += tell_tokens(teller, text, answer, finding, tokens);
    told_to = tokens.end;
  }
  tell_gap(static_cast<uint32_t>(answer.tokens.size()));
  return told;
}

std::string tell_unexplained(const StitchedText& text, const text::TokenizedText& answer, const TextFinding& finding,
                             const trace::Attribution& attribution) {
  std::string told;
  const auto owner_of = [](const trace::TokenFate& token) {
    return token.owner ? fmt::format(" to entry {}", token.owner->datapoint.value()) : std::string();
  };
  for (uint32_t begin = 0; begin < finding.outcomes.size();) {
    uint32_t end = begin + 1;
    if (finding.outcomes[begin] == Outcome::unexplained) {
      while (end < finding.outcomes.size() && finding.outcomes[end] == Outcome::unexplained &&
             attribution.tokens[end].owner == attribution.tokens[begin].owner) {
        ++end;
      }
      const trace::TokenFate& token = attribution.tokens[begin];
      told += fmt::format("tokens {} {}: the engine says {}{}, the rule {}\n", spelled({begin, end}),
                          quoted(text, answer, {begin, end}), record::name_of(token.fate), owner_of(token),
                          record::name_of(finding.judgement.tokens[begin].fate));
    }
    begin = end;
  }
  return told;
}

}  // namespace tribute::evaluate
