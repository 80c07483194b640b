// Writes an index of three documents of token ids, opens it, and asks what stands in them and what comes next.
#include <iostream>

#include "lm/model.h"
#include "ngram/index_shards.h"
#include "ngram/write_index.h"

using namespace tribute;
using ngram::token_ids;

Result<void> ask(const std::string& folder) {
  const auto files = io::make_real_file_system();
  const std::vector documents = {token_ids({1, 2, 3, 4}), token_ids({5, 1, 2, 3, 6}), token_ids({2, 3, 4})};
  const Hash256 name = TRY(ngram::write_index(*files, folder, documents, 10));

  const auto shards = TRY(ngram::IndexShards::open(TRY(ngram::Index::open(*files, folder, name))));
  const lm::Model model(shards.pointers());
  std::cout << "2 3 occurs " << TRY(model.count(token_ids({2, 3}))) << " times\n";

  const auto text = token_ids({9, 5, 1, 2, 3, 4, 1});
  const auto lengths = TRY(model.longest_matches(text));
  for (size_t i = 0; i < text.size(); ++i) std::cout << "from token " << i << " on, " << lengths[i] << " match\n";

  const auto next = TRY(model.infinity_distribution(token_ids({7, 1, 2, 3})));
  std::cout << "after the last " << next.context_length << " tokens, which occur " << next.count << " times:\n";
  for (const auto& [token, count] : next.tokens) std::cout << "  " << token.value() << ": " << count << '\n';
  return {};
}

int main(int argc, char** argv) {
  const auto done = ask(argc > 1 ? argv[1] : "index");
  if (!done) std::cerr << done.error().message << '\n';
  return done ? 0 : 2;
}
