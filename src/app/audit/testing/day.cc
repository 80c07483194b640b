#include "audit/testing/day.h"

#include "tlog/testing/naive_log.h"

namespace tribute::audit {
namespace {

constexpr const char* kBridge =
    "The old bridge at Marrow Ford was never meant to carry carts, and the miller said so to anyone who stopped long "
    "enough to hear him out.";
constexpr const char* kHarbour =
    "A harbour in winter keeps its own hours: the lamps go out before the gulls wake, and nobody counts the boats that "
    "stay tied.";
constexpr const char* kRejected = "Buy now and save, buy now and save, buy now and save on every single thing we have.";
constexpr const char* kTide =
    "What the tide leaves behind is a ledger kept by nobody, written in weed and rope and the small white bones of "
    "birds.";
constexpr const char* kTideAgain =
    "What the  tide leaves behind is a ledger\nkept by nobody, written in weed and rope and the small white bones of "
    "birds.";
constexpr const char* kSnow =
    "Snow came to the upper valley on a Tuesday, quietly, the way a debt collector comes, and by Thursday it owned the "
    "road.";
constexpr const char* kPsalm =
    "The heavens declare the glory of God; and the firmament sheweth his handywork. Day unto day uttereth speech.";
constexpr const char* kLate =
    "My grandmother salted beans in a stone jar and swore that the jar, not the salt, was what kept us alive till May.";

PrivateKey private_key(KeyKind kind, char seed) { return *private_key_from_seed(kind, std::string(32, seed)); }

// "public/index/<64 digits>.segment" as "public/index/*.segment".
std::string without_hashes(const std::string& place) {
  constexpr size_t kHexDigits = 64;
  const size_t name = place.rfind('/') + 1;
  const bool is_hash = place.find_first_not_of("0123456789abcdef", name) == name + kHexDigits;
  return is_hash ? std::string(place).replace(name, kHexDigits, "*") : place;
}

std::string part(const char* text, size_t begin, size_t size) { return std::string(text).substr(begin, size); }

}  // namespace

void Day::live() {
  essays = op.add_datanet({.name = "essays"});
  notes = op.add_datanet(
      {.name = "notes", .needs_approval = false, .is_public = true, .near_duplicates = record::NearDuplicates::hold});
  classics =
      op.add_datanet({.name = "classics", .role = record::Role::guard, .needs_approval = false, .is_public = true});
  ann = op.add_contributor("Ann", private_key(KeyKind::ed25519, 'a'));
  ben = op.add_contributor("Ben");
  cleo = op.add_contributor("Cleo");
  bridge = op.contribute(essays, ann, kBridge);
  harbour = op.contribute(essays, ben, kHarbour);
  rejected = op.contribute(essays, cleo, kRejected);
  bridge_approval = op.decide(bridge, true);
  op.decide(harbour, true);
  op.decide(rejected, false);
  tide = op.contribute(notes, ben, kTide);
  snow = op.contribute(notes, cleo, kSnow);
  tide_again = op.contribute(notes, cleo, kTideAgain);
  op.decide(tide_again, true);
  psalm = op.contribute(classics, cleo, kPsalm);
  ben_key = op.bind_key(ben, private_key(KeyKind::secp256k1, 'b'));
  late = op.contribute(essays, ben, kLate);
  op.decide(late, true);
  essays_index = op.build_index(essays);
  notes_index = op.build_index(notes);
  classics_index = op.build_index(classics);
  model = op.register_model("storyteller", {essays, notes, classics});
  open_model = op.register_model("open-storyteller", {notes, classics});
  quoting = op.charge(model, "He told me that " + part(kBridge, 4, 70) + " Also: " + part(kLate, 0, 60) + ".");
  open_quoting = op.charge(open_model, part(kTide, 0, 60) + " and then " + part(kPsalm, 0, 50));
  snow_withdrawal = op.withdraw(snow);
  second_notes_index = op.build_index(notes);
  second_version = op.register_model("storyteller", {essays, notes, classics}, model);
  after_withdrawal = op.charge(model, "They say: " + part(kSnow, 0, 70) + " " + part(kHarbour, 0, 60));
  copied = op.charge(second_version, part(kHarbour, 0, 60) + "; " + part(kBridge, 0, 40), 62);
}

Report audited(io::FileSystem& files, const AuditOptions& options) {
  Options all;
  all.public_folder = "ws/public";
  if (options.with_sealed) all.sealed_folder = "ws/sealed";
  all.key = options.key;
  all.kept_checkpoint = options.kept_checkpoint;
  all.independent = options.independent;
  Result<Report> report = verify(files, all);
  EXPECT_TRUE(report.has_value()) << report.error().message;
  return report.value_or(Report());
}

std::vector<std::string> findings(const Report& report) {
  std::vector<std::string> lines;
  for (const Finding& finding : report.findings) {
    lines.push_back(std::string(name_of(finding.rule)) + " | " + without_hashes(finding.place) + " | " +
                    finding.message);
  }
  return lines;
}

void PrintTo(const Deed& deed, std::ostream* out) { *out << deed.name; }

std::string name_of_deed(const testing::TestParamInfo<Deed>& info) { return info.param.name; }

TEST_P(DishonestOperator, IsFound) {
  Day day;
  GetParam().act(day);
  std::vector<testing::Matcher<std::string>> expected;
  for (const std::string& found : GetParam().found) expected.push_back(testing::StartsWith(found));
  const auto files = day.op.publish();
  for (const bool independent : {false, true}) {
    const Report report =
        audited(*files, {.with_sealed = GetParam().with_sealed, .independent = independent, .key = day.op.key_text()});
    EXPECT_THAT(findings(report), testing::ElementsAreArray(expected)) << "independent: " << independent;
    EXPECT_EQ(exit_code(report), 1);
  }
}

void flip_byte(io::FileSystem& files, const std::string& path, size_t position) {
  std::string bytes = contents(files, path);
  CHECK(position < bytes.size());
  bytes[position] = static_cast<char>(bytes[position] ^ 1);
  tlog::naive::write_file(files, path, bytes);
}

std::string contents(io::FileSystem& files, const std::string& path) {
  const Result<std::string> bytes = io::read_file(files, path);
  CHECK(bytes.has_value());
  return *bytes;
}

}  // namespace tribute::audit
