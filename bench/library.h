// An index of real documents and texts to look for in it, for benchmarks.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/hash.h"
#include "base/ids.h"
#include "corpus.h"
#include "io/file_system.h"
#include "io/resident_file.h"
#include "ngram/index.h"
#include "ngram/span_source.h"

namespace tribute::bench {

using Tokens = std::vector<TokenId>;

// So many tokens of each text are looked for.
inline constexpr size_t kTextTokens = 500;

// One segment of a corpus in a folder, and the beginnings of documents that are, and are not, in it. The folder is a
// temporary one, or below that which the environment's TRIBUTE_BENCH_FOLDER names: there the next run finds it again.
// Where TRIBUTE_BENCH_LAYOUT is "disk", in the disk layout.
class Library {
 public:
  // The named corpus, read once; nullptr if there is none. One thread. `max_tokens`: an index of about so many,
  // of documents from everywhere in the corpus; the last library that was made is kept.
  static const Library* get(uint64_t max_tokens = UINT64_MAX);
  // The same in a layout, for whoever keeps several.
  static std::unique_ptr<const Library> make(uint64_t max_tokens, ngram::PageLayout page_layout);

  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;
  ~Library();

  io::FileSystem& files() const { return *files_; }
  const std::string& folder() const { return folder_; }
  ngram::Index open(io::Residence residence = io::Residence::memory) const;

  const std::vector<Tokens>& texts(bool copied) const { return copied ? copied_ : held_out_; }
  uint64_t token_count() const { return token_count_; }

 private:
  Library(std::string folder, bool is_kept, ngram::PageLayout page_layout)
      : folder_(std::move(folder)), is_kept_(is_kept), page_layout_(page_layout) {}
  void write_index(const Corpus& corpus, uint64_t max_tokens);
  bool read_back();

  std::unique_ptr<io::FileSystem> files_ = io::make_real_file_system();
  std::string folder_;
  bool is_kept_;
  ngram::PageLayout page_layout_;
  Hash256 manifest_;
  uint64_t token_count_ = 0;  // in the index
  std::vector<Tokens> held_out_;
  std::vector<Tokens> copied_;
};

// Runs of one text.
struct RunBatch {
  Tokens text;
  std::vector<ngram::Run> runs;
};

// Runs of five tokens, one from each fifty of the held-out texts, so many at once, as the text of its own that a caller
// would give; what is left at the end of them is left out.
std::vector<RunBatch> batches_of_five(const Library& library, size_t at_once);

// A context and the token after it.
struct Continued {
  std::span<const TokenId> context;
  TokenId next;
};

// Contexts of so many tokens, at most kMostContextTokens, from everywhere in the held-out texts of the library, which
// must outlive them.
inline constexpr size_t kMostContextTokens = 100;
std::vector<Continued> contexts_of(const Library& library, size_t context_tokens);

}  // namespace tribute::bench
