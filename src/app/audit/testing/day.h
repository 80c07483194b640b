// One day of an honest operator, with one of everything: what the tests make dishonest.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "audit/audit.h"
#include "audit/testing/honest_operator.h"

namespace tribute::audit {

// Three DataNets (one sealed that asks for approval, one public that holds duplicates, a public guard),
// three contributors, two models, four receipts.
struct Day {
  explicit Day(char key_seed = 'k') : op(key_seed) { live(); }
  void live();

  HonestOperator op;
  EntryIndex essays, notes, classics;
  EntryIndex ann, ben, cleo;
  EntryIndex bridge, harbour, rejected, tide, snow, tide_again, psalm, late;  // contributions
  EntryIndex bridge_approval, snow_withdrawal, ben_key;
  EntryIndex essays_index, notes_index, classics_index, second_notes_index;
  EntryIndex model, open_model, second_version;
  EntryIndex quoting, open_quoting, after_withdrawal, copied;  // receipts
};

// Audits "ws", with the sealed folder unless `with_sealed` is false.
struct AuditOptions {
  bool with_sealed = true;
  bool independent = false;
  std::optional<std::string> key = {};
  std::optional<std::string> kept_checkpoint = {};
};
Report audited(io::FileSystem& files, const AuditOptions& options = {});

// "rule | place | message" of every finding; a hash that names a file is spelt *.
std::vector<std::string> findings(const Report& report);

// What a dishonest operator does before signing everything anew, and what an auditor finds then.
struct Deed {
  std::string name;
  std::function<void(Day&)> act;
  std::vector<std::string> found;  // the beginning of each finding, in order
  bool with_sealed = true;         // whether the auditor was given the sealed folder
};
// NOLINTNEXTLINE(readability-identifier-naming): the name that GoogleTest looks for.
void PrintTo(const Deed& deed, std::ostream* out);

// Its one test does the deed and expects exactly these findings; a table of deeds is instantiated with
// INSTANTIATE_TEST_SUITE_P(Prefix, DishonestOperator, testing::ValuesIn(deeds), name_of_deed).
class DishonestOperator : public testing::TestWithParam<Deed> {};
std::string name_of_deed(const testing::TestParamInfo<Deed>& info);

// Changes one byte of a file.
void flip_byte(io::FileSystem& files, const std::string& path, size_t position);
std::string contents(io::FileSystem& files, const std::string& path);

}  // namespace tribute::audit
