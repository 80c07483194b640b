// An attribution and a receipt as people read them.
#pragma once

#include <span>
#include <string>

#include "cli/paint.h"
#include "record/entry.h"
#include "usecase/answer.h"
#include "usecase/charge.h"

namespace tribute::cli {

// The answer alone, its runs marked by what became of them: in colour each owner's runs in a colour
// of its own, common ones dim, copied ones underlined; without colour as "[1:…]", "[common:…]" and
// "[copied:…]". Owners are numbered from 1 in the order of `view.contributors`. A character that two
// runs share is shown in the one it begins in. No line feed is added at the end.
std::string marked_answer(const usecase::AttributionView& view, const Paint& paint);

// Who owns how much: a bar, share and surprisal per contributor, and its amount where `payouts` has
// one; then what the marks of marked_answer() mean.
std::string legend(const usecase::AttributionView& view, const Paint& paint, std::span<const record::Payout> payouts);

// A summary, the marked answer, the legend, and the passages found with their datapoints.
std::string attribution_text(const usecase::AttributionView& view, const Paint& paint,
                             std::span<const record::Payout> payouts = {});

// What was paid by whom to whom, around the attribution.
std::string receipt_text(const usecase::ReceiptView& view, const Paint& paint);

}  // namespace tribute::cli
