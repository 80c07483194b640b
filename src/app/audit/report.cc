#include "audit/report.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace tribute::audit {
namespace {

void add_to(std::vector<Count>& counts, std::string_view what, uint64_t count) {
  const auto found = std::ranges::find(counts, what, &Count::what);
  if (found != counts.end()) {
    found->count += count;
  } else if (count > 0) {
    counts.push_back({std::string(what), count});
  }
}

std::string lines_of(std::string_view heading, const std::vector<Count>& counts) {
  std::string text;
  for (const Count& count : counts) {
    text += std::string(heading) + count.what + ": " + std::to_string(count.count) + "\n";
  }
  return text;
}

nlohmann::json json_of(const std::vector<Count>& counts) {
  nlohmann::json list = nlohmann::json::array();
  for (const Count& count : counts) list.push_back({{"what", count.what}, {"count", count.count}});
  return list;
}

}  // namespace

std::string_view name_of(Rule rule) {
  switch (rule) {
    case Rule::checkpoint: return "checkpoint";
    case Rule::root: return "root";
    case Rule::fork: return "fork";
    case Rule::tile: return "tile";
    case Rule::bundle: return "bundle";
    case Rule::entry: return "entry";
    case Rule::time: return "time";
    case Rule::reference: return "reference";
    case Rule::name: return "name";
    case Rule::signature: return "signature";
    case Rule::approval: return "approval";
    case Rule::withdrawal: return "withdrawal";
    case Rule::duplicate: return "duplicate";
    case Rule::model: return "model";
    case Rule::directory: return "directory";
    case Rule::tokenizer: return "tokenizer";
    case Rule::manifest: return "manifest";
    case Rule::segment: return "segment";
    case Rule::document: return "document";
    case Rule::receipt: return "receipt";
    case Rule::fee: return "fee";
    case Rule::payout: return "payout";
    case Rule::receipt_body: return "receipt_body";
    case Rule::span: return "span";
    case Rule::claim: return "claim";
    case Rule::credit: return "credit";
    case Rule::near_duplicate: return "near_duplicate";
  }
  return "unknown";
}

std::string to_text(const Report& report) {
  std::string text;
  if (!report.origin.empty()) {
    text += "log " + report.origin + ", " + std::to_string(report.log_size) + " entries";
    if (report.root) text += ", root " + report.root->hex();
    text += "\n";
  }
  for (const Finding& finding : report.findings) {
    text += "WRONG      " + std::string(name_of(finding.rule)) + ": " + finding.place + ": " + finding.message + "\n";
  }
  if (report.further_finding_count > 0) {
    text += "WRONG      and " + std::to_string(report.further_finding_count) + " more of the same rules\n";
  }
  text += lines_of("checked    ", report.checked);
  text += lines_of("unchecked  ", report.unchecked);
  for (const std::string& what : report.trusted) text += "trusted    " + what + "\n";
  const uint64_t wrong = report.findings.size() + report.further_finding_count;
  text += wrong == 0 ? "Everything that was checked is right.\n"
                     : std::to_string(wrong) + (wrong == 1 ? " thing is wrong.\n" : " things are wrong.\n");
  return text;
}

std::string to_json(const Report& report) {
  nlohmann::json findings = nlohmann::json::array();
  for (const Finding& finding : report.findings) {
    nlohmann::json item = {{"rule", name_of(finding.rule)}, {"place", finding.place}, {"message", finding.message}};
    if (finding.entry) item["entry"] = finding.entry->value();
    findings.push_back(std::move(item));
  }
  const nlohmann::json json = {{"right", report.is_right()},
                               {"origin", report.origin},
                               {"log_size", report.log_size},
                               {"root", report.root ? nlohmann::json(report.root->hex()) : nlohmann::json()},
                               {"findings", std::move(findings)},
                               {"further_finding_count", report.further_finding_count},
                               {"checked", json_of(report.checked)},
                               {"unchecked", json_of(report.unchecked)},
                               {"trusted", report.trusted}};
  // What a damaged file says may stand in a message: ill-formed UTF-8 is replaced, never thrown at.
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

void Recorder::wrong_entry(Rule rule, EntryIndex entry, std::string message) {
  add({rule, "entry " + std::to_string(entry.value()), entry, std::move(message)});
}

void Recorder::wrong_file(Rule rule, std::string path, std::optional<EntryIndex> entry, std::string message) {
  add({rule, std::move(path), entry, std::move(message)});
}

void Recorder::checked(std::string_view what, uint64_t count) { add_to(report_.checked, what, count); }

void Recorder::unchecked(std::string_view what, uint64_t count) { add_to(report_.unchecked, what, count); }

void Recorder::trusted(std::string what) { report_.trusted.push_back(std::move(what)); }

void Recorder::add(Finding finding) {
  const auto rule = static_cast<size_t>(finding.rule);
  if (found_per_rule_.size() <= rule) found_per_rule_.resize(rule + 1);
  if (++found_per_rule_[rule] > findings_per_rule_) {
    ++report_.further_finding_count;
  } else {
    report_.findings.push_back(std::move(finding));
  }
}

}  // namespace tribute::audit
