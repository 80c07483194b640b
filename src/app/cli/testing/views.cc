#include "cli/testing/views.h"

namespace tribute::cli::testing {
namespace {

using record::Fate;

usecase::CreditView credit(uint64_t begin, Fate fate, std::string text) {
  usecase::CreditView view;
  view.credit.begin = begin;
  view.credit.end = begin + text.size();
  view.credit.fate = fate;
  view.text = std::move(text);
  return view;
}

usecase::CreditView owned(uint64_t begin, std::string text, uint64_t datapoint, uint64_t contributor, std::string name,
                          uint64_t millibits) {
  usecase::CreditView view = credit(begin, Fate::owned, std::move(text));
  view.credit.datapoint = EntryIndex(datapoint);
  view.credit.contributor = EntryIndex(contributor);
  view.credit.millibits = millibits;
  view.contributor_name = std::move(name);
  return view;
}

}  // namespace

usecase::AttributionView two_owners() {
  usecase::AttributionView view;
  view.model = "llama";
  view.model_version = 2;
  view.tokens = 32;
  view.total_millibits = 130'000;
  view.credited_millibits = 90'500;
  view.credits = {credit(0, Fate::none, "Hm: "),     owned(4, "anchor", 7, 3, "ada-marsh", 60'500),
                  credit(10, Fate::none, " "),       owned(11, "饺子", 9, 5, "林月", 30'000),
                  credit(17, Fate::common, " now,"), credit(22, Fate::copied, " old \nw"),
                  credit(29, Fate::none, "ay.")};
  view.contributors = {{EntryIndex(3), "ada-marsh", 60'500, 668'508}, {EntryIndex(5), "林月", 30'000, 331'492}};

  usecase::SpanView anchor;
  anchor.begin = 4;
  anchor.end = 10;
  anchor.text = "anchor";
  anchor.count = 3;
  anchor.surprisal_millibits = 60'500;
  anchor.evidence = true;
  anchor.datapoint_count = 3;
  anchor.datapoints = {{"harbour/anchoring", "Anchoring in mud", "harbour", EntryIndex(7), EntryIndex(3), "ada-marsh"},
                       {"harbour/chains", "Chains", "harbour", EntryIndex(8), EntryIndex(4), "jonas-reed"}};
  usecase::SpanView chance;
  chance.begin = 0;
  chance.end = 3;
  chance.text = "Hm:";
  chance.count = 12;
  chance.surprisal_millibits = 9'000;
  view.spans = {anchor, chance};
  return view;
}

usecase::ReceiptView receipt() {
  usecase::ReceiptView view;
  view.id = "0123456789abcdef0123456789abcdef";
  view.entry = EntryIndex(120);
  view.payer = "alice";
  view.time_ms = 1'700'000'000'000;
  view.tokens_in = 1;
  view.tokens_out = 32;
  view.fee = Amount(1'000'000);
  view.payouts = {{"contributor:000000000003", Amount(400'000)}, {"contributor:000000000005", Amount(200'000)},
                  {"owner:000000000020", Amount(299'000)},       {"platform", Amount(1'000)},
                  {"stakers:000000000020", Amount(50'000)},      {"treasury:000000000001", Amount(50'000)}};
  view.attribution = two_owners();
  return view;
}

}  // namespace tribute::cli::testing
