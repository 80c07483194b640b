#include "cli/answer_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "cli/display.h"
#include "cli/progress_bar.h"
#include "cli/table.h"
#include "settle/terms.h"

namespace tribute::cli {
namespace {

using record::Fate;

// The texts of the runs, cut between characters: a character belongs to the run it begins in.
std::vector<std::string> whole_character_texts(const std::vector<usecase::CreditView>& credits) {
  std::string answer;
  for (const auto& credit : credits) answer += credit.text;
  std::vector<std::string> texts(credits.size());
  size_t run = 0;
  size_t run_end = 0;  // in bytes of the answer
  for (size_t at = 0; at < answer.size();) {
    while (at >= run_end) run_end += credits[run++].text.size();
    const size_t size = first_character_bytes(std::string_view(answer).substr(at));
    texts[run - 1].append(answer, at, size);
    at += size;
  }
  return texts;
}

// The place of an owner among the contributors; after them all where it is none of them.
size_t owner_index(const usecase::AttributionView& view, const record::BodyCredit& credit) {
  const auto found = std::ranges::find(view.contributors, credit.contributor,
                                       [](const auto& share) { return std::optional(share.entry); });
  return static_cast<size_t>(found - view.contributors.begin());
}

// Whether two runs look the same: one fate and one owner.
bool is_alike(const record::BodyCredit& a, const record::BodyCredit& b) {
  return a.fate == b.fate && a.contributor == b.contributor;
}

std::string painted(const Paint& paint, const record::BodyCredit& credit, size_t owner, std::string_view text) {
  switch (credit.fate) {
    case Fate::owned: return paint.owner(owner, text);
    case Fate::common: return paint.dim(text);
    case Fate::copied: return paint.underlined(text);
    case Fate::none: break;
  }
  return std::string(text);
}

// Line by line, so that a pager that resets colours at line feeds shows them all.
std::string painted_lines(const Paint& paint, const record::BodyCredit& credit, size_t owner, std::string_view text) {
  std::string result;
  for (size_t feed = text.find('\n'); feed != std::string_view::npos; feed = text.find('\n')) {
    result += painted(paint, credit, owner, text.substr(0, feed)) + "\n";
    text.remove_prefix(feed + 1);
  }
  return result + painted(paint, credit, owner, text);
}

std::string bracketed(const record::BodyCredit& credit, size_t owner, std::string_view text) {
  if (credit.fate == Fate::none) return std::string(text);
  const std::string mark = credit.fate == Fate::owned ? std::to_string(owner + 1) : std::string(name_of(credit.fate));
  return "[" + mark + ":" + std::string(text) + "]";
}

Amount amount_of(std::span<const record::Payout> payouts, std::string_view account) {
  const auto found = std::ranges::find(payouts, account, &record::Payout::account);
  return found == payouts.end() ? Amount() : found->amount;
}

uint64_t token_count(const usecase::AttributionView& view, Fate fate) {
  uint64_t count = 0;
  for (const auto& credit : view.credits) {
    if (credit.credit.fate == fate) count += credit.credit.end - credit.credit.begin;
  }
  return count;
}

// What each mark that occurs means, and how many tokens have it.
std::string marks_text(const usecase::AttributionView& view, const Paint& paint) {
  struct Meaning {
    Fate fate;
    std::string_view plain;
    std::string_view text;
  };
  constexpr std::array kMeanings = {
      Meaning{Fate::common, "[common:…]", "stands in a guard, or with too many contributors to be anyone's"},
      Meaning{Fate::copied, "[copied:…]", "copied from the prompt"},
      Meaning{Fate::none, "no mark", "nobody's: found nowhere, or likely by chance"},
  };
  std::string result;
  for (const Meaning& meaning : kMeanings) {
    const uint64_t count = token_count(view, meaning.fate);
    if (count == 0) continue;
    const std::string_view mark = paint.enabled() ? record::name_of(meaning.fate) : meaning.plain;
    record::BodyCredit sample;
    sample.fate = meaning.fate;
    result += "  " + painted(paint, sample, 0, mark) +
              std::string(12 - std::min<size_t>(display_width(mark), 12), ' ') +
              fmt::format("{}: {}\n", counted(count, "token"), meaning.text);
  }
  return result;
}

// Of the passages that are evidence those with the most surprisal, at most kMaxPassages, by begin.
constexpr size_t kMaxPassages = 20;
std::vector<const usecase::SpanView*> main_passages(const std::vector<const usecase::SpanView*>& evidence) {
  auto passages = evidence;
  if (passages.size() > kMaxPassages) {
    std::ranges::stable_sort(passages, std::ranges::greater(),
                             [](const auto* span) { return span->surprisal_millibits; });
    passages.resize(kMaxPassages);
    std::ranges::sort(passages, {}, [](const auto* span) { return span->begin; });
  }
  return passages;
}

void add_passage(Table& table, const usecase::SpanView& span) {
  std::array<std::string, 3> facts = {fmt::format("{}–{}", span.begin, span.end), bits_text(span.surprisal_millibits),
                                      grouped(span.count)};
  const auto add = [&](std::string id, std::string title, std::string datanet, std::string contributor) {
    table.add(
        {facts[0], facts[1], facts[2], std::move(id), std::move(title), std::move(datanet), std::move(contributor)});
    facts = {};  // a further datapoint of the same passage stands below the first
  };
  for (const auto& datapoint : span.datapoints) {
    add(datapoint.id, datapoint.title, datapoint.datanet, datapoint.contributor_name);
  }
  const uint64_t more = span.datapoint_count - std::min<uint64_t>(span.datapoint_count, span.datapoints.size());
  if (more != 0) add("… " + counted(more, "datapoint") + " more", "", "", "");
}

// The passages found, each with its datapoints, and how many more there are.
std::string passages_text(const usecase::AttributionView& view) {
  std::vector<const usecase::SpanView*> evidence;
  for (const auto& span : view.spans) {
    if (span.evidence) evidence.push_back(&span);
  }
  using Align = Table::Align;
  Table table({{"TOKENS", Align::right},
               {"BITS", Align::right},
               {"OCCURS", Align::right},
               {"DATAPOINT", Align::left, 36},
               {"TITLE", Align::left, 32},
               {"DATANET"},
               {"CONTRIBUTOR", Align::left, 24}});
  const auto passages = main_passages(evidence);
  for (const auto* span : passages) add_passage(table, *span);
  std::string text;
  if (!table.empty()) text = "\nPassages found in the data\n" + table.text();
  const std::string more = evidence.size() == passages.size()
                               ? ""
                               : counted(evidence.size() - passages.size(), "passage") + " with less surprisal";
  const uint64_t chance_count = view.spans.size() - evidence.size();
  const std::string chance = chance_count == 0 ? ""
                                               : grouped(chance_count) + (chance_count == 1 ? " match" : " matches") +
                                                     " too short or too likely to be evidence";
  if (!more.empty() || !chance.empty()) {
    text += (text.empty() ? "\nNot shown (--json lists them): " : "Not shown (--json lists them): ") + more +
            (more.empty() || chance.empty() ? "" : ", ") + chance + "\n";
  }
  return text;
}

// Of whom an account is, in words.
std::string account_owner(const usecase::ReceiptView& view, const std::string& account) {
  const std::string kind = account.substr(0, account.find(':'));
  if (kind == "platform") return "the platform";
  if (kind == "owner") return "the owner of " + view.attribution.model;
  if (kind == "stakers") return "the stakers of " + view.attribution.model;
  if (kind == "treasury") return "a DataNet's treasury";
  for (const auto& share : view.attribution.contributors) {
    if (settle::account_of("contributor", share.entry) == account) return share.name;
  }
  return "";
}

}  // namespace

std::string marked_answer(const usecase::AttributionView& view, const Paint& paint) {
  const std::vector<std::string> texts = whole_character_texts(view.credits);
  // With more owners than colours, colour alone would not tell them apart.
  const bool brackets = !paint.enabled() || view.contributors.size() > Paint::kOwnerColors;
  std::string result;
  for (size_t i = 0; i < texts.size();) {
    const record::BodyCredit& credit = view.credits[i].credit;
    const size_t owner = owner_index(view, credit);
    // Runs that follow each other and have one owner differ in the datapoint alone.
    std::string bytes;
    for (; i < texts.size() && is_alike(view.credits[i].credit, credit); ++i) bytes += texts[i];
    if (bytes.empty()) continue;
    const std::string text = terminal_text(bytes, Lines::many);
    result += painted_lines(paint, credit, owner, brackets ? bracketed(credit, owner, text) : text);
  }
  return result;
}

std::string legend(const usecase::AttributionView& view, const Paint& paint, std::span<const record::Payout> payouts) {
  constexpr size_t kBarColumns = 24;
  constexpr size_t kMaxNameColumns = 32;
  constexpr uint64_t kWhole = 1'000'000;
  size_t name_columns = 0;
  size_t bits_columns = 0;
  for (const auto& share : view.contributors) {
    name_columns = std::max(name_columns, std::min(display_width(terminal_text(share.name)), kMaxNameColumns));
    bits_columns = std::max(bits_columns, bits_text(share.millibits).size());
  }
  const size_t number_columns = std::to_string(view.contributors.size()).size();
  std::string result;
  for (size_t i = 0; i < view.contributors.size(); ++i) {
    const auto& share = view.contributors[i];
    const std::string name = padded_right(shortened(terminal_text(share.name), kMaxNameColumns), name_columns);
    result += "  " + paint.owner(i, padded_left(std::to_string(i + 1), number_columns) + "  " + name) + "  " +
              paint.owner(i, bar_text(share.share_ppm, kWhole, kBarColumns)) + "  " +
              padded_left(percent_text(share.share_ppm), 6) + "  " +
              padded_left(bits_text(share.millibits), bits_columns) + " bits";
    if (!payouts.empty()) {
      result += "  paid " + grouped(amount_of(payouts, settle::account_of("contributor", share.entry)));
    }
    result += "\n";
  }
  return result + marks_text(view, paint);
}

std::string attribution_text(const usecase::AttributionView& view, const Paint& paint,
                             std::span<const record::Payout> payouts) {
  std::string text = fmt::format(
      "{} of {}, version {}: {} bits of surprisal, {} ({}) credited to {}\n\n", counted(view.tokens, "token"),
      terminal_text(view.model), view.model_version, bits_text(view.total_millibits),
      bits_text(view.credited_millibits), percent_text(ppm_of(view.credited_millibits, view.total_millibits)),
      view.contributors.empty() ? "nobody" : counted(view.contributors.size(), "contributor"));
  const std::string answer = marked_answer(view, paint);
  text += answer;
  if (!answer.ends_with('\n')) text += "\n";
  return text + "\n" + legend(view, paint, payouts) + passages_text(view);
}

std::string receipt_text(const usecase::ReceiptView& view, const Paint& paint) {
  std::string text = view.entry ? fmt::format("Receipt {}  (entry {})\n", paint.bold(view.id), view.entry->value())
                                : "A dry run: nothing is written, no balance is checked\n";
  text += "  payer   " + terminal_text(view.payer) + "\n";
  if (view.entry) text += "  time    " + time_text(view.time_ms) + "\n";
  text += fmt::format("  fee     {} millionths, for {} of prompts and {} of answer\n\n", grouped(view.fee),
                      counted(view.tokens_in, "token"), counted(view.tokens_out, "token"));
  text += attribution_text(view.attribution, paint, view.payouts);
  Table table({{"PAID TO"}, {"OF", Table::Align::left, 40}, {"AMOUNT", Table::Align::right}});
  for (const auto& payout : view.payouts) {
    table.add({payout.account, account_owner(view, payout.account), grouped(payout.amount)});
  }
  if (!table.empty()) text += "\n" + table.text();
  return text;
}

}  // namespace tribute::cli
