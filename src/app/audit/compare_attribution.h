// A receipt's evidence against what the rule gives. Pure functions.
#pragma once

#include <optional>
#include <string>

#include "audit/report.h"
#include "record/receipt_body.h"
#include "trace/trace.h"

namespace tribute::audit {

// What is wrong, and by which rule.
struct Difference {
  Rule rule = Rule::credit;
  std::string message;

  friend bool operator==(const Difference&, const Difference&) = default;
};

// The first thing that differs, the most consequential first: whose a token is, how many bits it is
// worth, the answer's total, a claim, a span; nullopt if nothing does. One difference in the index makes
// all of them differ, so the others are only named. The body is valid and the attribution is of as
// many tokens.
std::optional<Difference> compare_attribution(const record::Receipt& receipt, const record::ReceiptBody& body,
                                              const trace::Attribution& by_rule);

}  // namespace tribute::audit
