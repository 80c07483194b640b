// tribute key generate
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/commands.h"
#include "cli/context.h"
#include "cli/display.h"
#include "cli/json.h"
#include "datanet/key_file.h"

namespace tribute::cli {
namespace {

struct Options {
  std::optional<std::string> kind;
  std::string output;
};

Result<KeyKind> kind_of(const std::string& name) {
  for (const KeyKind kind : {KeyKind::ed25519, KeyKind::secp256k1}) {
    if (name == key_kind_name(kind)) return kind;
  }
  return fail(ErrorCode::invalid_argument, "--kind must be ed25519 or secp256k1, not '" + name + "'");
}

Result<Exit> generate(Context& context, const Options& options) {
  constexpr size_t kSeedBytes = 32;
  const KeyKind kind = TRY(kind_of(options.kind.value_or("ed25519")));
  const PrivateKey key = TRY(private_key_from_seed(kind, context.environment().random.bytes(kSeedBytes)));
  TRY(datanet::write_key_file(context.environment().files, options.output, key));
  const std::string public_key = public_key_of(key).text();
  if (context.json()) {
    print_json(context, {{"kind", key_kind_name(kind)}, {"public_key", public_key}, {"file", json_of(options.output)}});
    return Exit::done;
  }
  context.out() << public_key << "\n";
  context.say("The private key is in " + options.output +
              ": keep it safe, it signs contributions and receives what they earn");
  return Exit::done;
}

}  // namespace

std::vector<Command> key_commands() {
  const auto options = std::make_shared<Options>();
  return {Command("key generate", "make a key, with which a contributor signs and is paid")
              .option("--kind KIND", options->kind, "ed25519 or secp256k1 (default ed25519)")
              .option("--output FILE", options->output, "where the private key goes; must not be there yet")
              .details("Prints the public key. The file is readable by its owner alone.")
              .example("tribute key generate --output ada.key")
              .example("tribute key generate --kind secp256k1 --output ada.key")
              .action([options](Context& context) { return generate(context, *options); })};
}

}  // namespace tribute::cli
