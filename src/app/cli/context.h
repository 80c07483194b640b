// What a command works with: streams, the world, the options that every command has.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <type_traits>

#include "base/error.h"
#include "cli/globals.h"
#include "cli/logging.h"
#include "cli/paint.h"
#include "cli/progress_bar.h"
#include "cli/run.h"
#include "workspace/workspace.h"

namespace tribute::cli {

// Lives for one command; nothing it refers to may end earlier. Not thread-safe.
class Context {
 public:
  // `words` are those of the command, for the lock's holder.
  // Errors: invalid_argument for a global option's value.
  static Result<std::unique_ptr<Context>> create(std::string words, const Globals& globals, const Streams& streams,
                                                 const workspace::Environment& environment,
                                                 const Surroundings& surroundings);

  const workspace::Environment& environment() const { return environment_; }
  bool json() const { return globals_.json; }
  const Paint& paint() const { return paint_; }
  uint32_t columns() const { return surroundings_.columns; }
  workspace::Progress& progress() { return progress_; }
  Log& log() { return log_; }
  bool stopped() const { return surroundings_.stop != nullptr && surroundings_.stop->load(); }

  std::istream& in() { return streams_.in; }
  // Data goes to `out`, whole lines.
  std::ostream& out() { return streams_.out; }
  // A line of talk. Any bytes: shown as terminal_text().
  void say(std::string_view line);

  // --workspace, else the variable, else the current folder.
  std::string workspace_folder() const;
  bool workspace_option_given() const { return globals_.workspace.has_value(); }

  // Who holds a lock: this command and its process.
  std::string holder() const;

  // Opens the workspace, after as long as others have it. Says once whom it waits for.
  // Errors: those of Workspace::open(); cancelled where it is told to stop.
  Result<std::unique_ptr<workspace::Workspace>> open_whenever_free();

  // Opens the workspace, does `work` in it, and publishes what was acknowledged, also where `work`
  // failed after a part of it. `work` takes a Workspace& and returns a Result.
  template <typename Work>
  std::invoke_result_t<Work, workspace::Workspace&> in_workspace(Work work) {
    const auto workspace = TRY(open_workspace());
    auto result = work(*workspace);
    const Result<void> published = workspace->publish();
    if (result && !published) return std::unexpected(published.error());
    return result;
  }

 private:
  Context(std::string words, const Globals& globals, const Streams& streams, const workspace::Environment& environment,
          const Surroundings& surroundings, bool colored);
  // Waits for others as long as the surroundings say.
  Result<std::unique_ptr<workspace::Workspace>> open_workspace();
  Result<std::unique_ptr<workspace::Workspace>> open_workspace(const workspace::Workspace::LockWait& wait);

  std::string words_;
  Globals globals_;
  Streams streams_;
  workspace::Environment environment_;
  Surroundings surroundings_;
  Paint paint_;
  ProgressBar progress_;
  Log log_;
};

}  // namespace tribute::cli
