#include "cli/contribution_details.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/decisions.h"
#include "cli/display.h"

namespace tribute::cli {
namespace {

uint64_t ppm_of_permille(uint32_t permille) { return uint64_t{permille} * 1'000; }

// "tide, On tide (ada, entry 7)".
std::string datapoint_text(std::string_view id, std::string_view title, std::string_view contributor,
                           EntryIndex entry) {
  constexpr size_t kColumns = 40;
  std::string text = shortened(terminal_text(id), kColumns);
  if (!title.empty()) text += ", " + shortened(terminal_text(title), kColumns);
  return text + fmt::format(" ({}, entry {})", shortened(terminal_text(contributor), kColumns), entry.value());
}

std::string original_text(const std::optional<usecase::OriginalView>& original) {
  if (!original) return "nothing";
  return datapoint_text(original->id, original->title, original->contributor, original->entry) + ", " +
         original->state + ", " +
         (original->similarity_permille ? percent_text(ppm_of_permille(*original->similarity_permille)) + " alike"
                                        : "whose text is erased");
}

std::string passages_text(const usecase::PassagesView& passages, const usecase::ContributionView& contribution,
                          const Paint& paint, size_t columns) {
  constexpr std::string_view kIndent = "      ";
  if (passages.passage_count == 0) {
    return "Shares no passage of " + counted(passages.min_tokens, "token") + " or more with an earlier datapoint of " +
           contribution.datanet + "\n";
  }
  std::string text =
      fmt::format("Shares {} of its {} ({}) with earlier datapoints of {}, in {} of {} or more\n",
                  grouped(passages.covered_token_count), counted(contribution.token_count, "token"),
                  percent_text(ppm_of(passages.covered_token_count, contribution.token_count)), contribution.datanet,
                  counted(passages.passage_count, "passage"), counted(passages.min_tokens, "token"));
  for (size_t i = 0; i < passages.longest.size(); ++i) {
    const auto& passage = passages.longest[i];
    const std::string excerpt =
        shortened_in_middle(terminal_text(passage.text), std::max<size_t>(columns, 40) - kIndent.size() - 2);
    text += fmt::format("{:>4}. {} ({}–{}, from byte {}), first in {}\n{}“{}”\n", i + 1,
                        paint.bold(counted(passage.end - passage.begin, "token")), passage.begin, passage.end,
                        grouped(passage.begin_byte),
                        datapoint_text(passage.id, passage.title, passage.contributor, passage.datapoint), kIndent,
                        excerpt);
  }
  const uint64_t more = passages.passage_count - passages.longest.size();
  if (more > 0) text += fmt::format("      … {} more (--passages)\n", counted(more, "shorter passage"));
  return text;
}

// What of the earlier datapoints was not searched, and what to do about it; empty where all were.
std::string unsearched_text(const usecase::ContributionDetails& details) {
  const auto& [unindexed, pending] = details.unsearched;
  std::string text;
  if (unindexed > 0) {
    text = fmt::format("{} that came after the index (`tribute index build {}`)",
                       counted(unindexed, "earlier datapoint"), details.contribution.datanet);
  }
  if (pending > 0) {
    if (!text.empty()) text += " and ";
    text += counted(pending, "earlier contribution") + (pending == 1 ? " that waits" : " that wait") + " for approval";
  }
  return text.empty() ? "" : "Not searched: " + text + "\n";
}

Json original_json(const std::optional<usecase::OriginalView>& original) {
  if (!original) return {};
  return {
      {"id", json_of(original->id)},
      {"entry", original->entry.value()},
      {"title", json_of(original->title)},
      {"contributor", json_of(original->contributor)},
      {"state", json_of(original->state)},
      {"similarity_permille", original->similarity_permille ? Json(*original->similarity_permille) : Json(nullptr)}};
}

Json shared_json(const usecase::PassagesView& passages) {
  Json items = Json::array();
  for (const auto& passage : passages.longest) {
    items.push_back({{"begin", passage.begin},
                     {"end", passage.end},
                     {"begin_byte", passage.begin_byte},
                     {"end_byte", passage.end_byte},
                     {"text", json_of(passage.text)},
                     {"datapoint",
                      {{"id", json_of(passage.id)},
                       {"entry", passage.datapoint.value()},
                       {"contributor", json_of(passage.contributor)},
                       {"title", json_of(passage.title)}}}});
  }
  return {{"manifest", passages.manifest.value()},
          {"min_tokens", passages.min_tokens},
          {"covered_token_count", passages.covered_token_count},
          {"passage_count", passages.passage_count},
          {"passages", std::move(items)}};
}

}  // namespace

std::string contribution_text(const usecase::ContributionDetails& details, const Paint& paint, size_t columns) {
  const auto& view = details.contribution;
  std::string text = fmt::format("{}  (entry {})\n", paint.bold(terminal_text(view.id)), view.entry.value());
  const auto line = [&text](std::string_view name, const std::string& value) {
    text += "  " + padded_right(name, 15) + "  " + value + "\n";
  };
  line("title", terminal_text(view.title));
  line("contributor", terminal_text(view.contributor) + (view.is_signed ? ", signed" : ", not signed"));
  line("license", terminal_text(view.license));
  line("state", view.state + (view.decided_at ? " at entry " + std::to_string(view.decided_at->value()) : ""));
  line("tokens", grouped(view.token_count));
  line("repeats", original_text(details.duplicate_of));
  line("nearly repeats", original_text(details.near_duplicate_of));
  if (details.is_erased) return text + "Its text is erased: what it shared with earlier datapoints cannot be shown\n";
  if (!details.has_index) {
    return text + view.datanet + " has no index, so that shared passages cannot be found: `tribute index build " +
           view.datanet + "`\n";
  }
  text += passages_text(*details.passages, view, paint, columns);
  return text + unsearched_text(details);
}

Json contribution_details_json(const usecase::ContributionDetails& details) {
  Json json = contribution_json(details.contribution);
  json["duplicate"] = original_json(details.duplicate_of);
  json["near_duplicate"] = original_json(details.near_duplicate_of);
  json["erased"] = details.is_erased;
  json["shared"] = details.passages ? shared_json(*details.passages) : Json();
  json["unindexed_count"] = details.unsearched.unindexed_count;
  json["pending_before_count"] = details.unsearched.pending_count;
  return json;
}

}  // namespace tribute::cli
