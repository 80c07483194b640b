#include "usecase/import_index.h"

namespace tribute::usecase {

Result<infinigram::Imported> import_index(io::FileSystem& files, const std::string& folder, infinigram::TokenType type,
                                          workspace::Progress& progress) {
  bool has_begun = false;
  auto imported = infinigram::import_folder(files, folder, type, [&](uint64_t done, uint64_t total) {
    if (!has_begun) progress.begin("importing", total, "pages");
    has_begun = true;
    progress.advance(done);
    return !progress.stop_requested();
  });
  if (has_begun) progress.end();
  return imported;
}

}  // namespace tribute::usecase
