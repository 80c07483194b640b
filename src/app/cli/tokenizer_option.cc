#include "cli/tokenizer_option.h"

#include "cli/context.h"
#include "text/tokenizer_choice.h"
#include "workspace/layout.h"

namespace tribute::cli {

Result<std::unique_ptr<text::Tokenizer>> tokenizer_of(Context& context, const std::optional<std::string>& name) {
  io::FileSystem& files = context.environment().files;
  if (name) return text::choose_tokenizer(files, *name);
  const std::string path = workspace::Layout(context.workspace_folder()).tokenizer_file();
  if (!TRY(files.exists(path))) {
    return fail(ErrorCode::not_found, "there is no workspace in " + context.workspace_folder() +
                                          "; name a tokenizer with --tokenizer, or a workspace with --workspace");
  }
  return text::open_tokenizer(files, path);
}

}  // namespace tribute::cli
