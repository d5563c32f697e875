// SPDX-License-Identifier: Apache-2.0
// The program `plumb-train`: `plumb train` on exported sets alone, without renderer, codecs and
// database.
#include <clocale>
#include <exception>

#include <fmt/format.h>

#include "app/signals.h"
#include "app/terminal.h"
#include "app/trainer/train_flags.h"
#include "core/errors.h"

namespace plumb {
namespace {

struct Options {
  TrainOptions train;
  TrainFlags flags;
  bool as_json = false;
};

TrainingClip NoClip(uint64_t) { throw UsageError("--data is missing"); }

ExitCode Run(const CLI::App& program, Options& options) {
  TrainOptions& train = options.train;
  ApplyFlags(options.flags, train);
  const auto command = [&](PathStyle paths) {
    return WholeCommand(program, {.program = "plumb-train", .paths = paths});
  };
  train.command = command(PathStyle::kRecorded);
  train.versions = {{"plumb", PLUMB_VERSION}, {"compiler", fmt::format("GCC {}", __VERSION__)}};
  FillMachine(train);
  train.Validate();
  ProgressLine line;
  try {
    const TrainSummary summary = Train(train, NoClip, line.AsProgress());
    line.Clear();
    PrintSummary(summary, options.as_json);
    return ExitCode::kOk;
  } catch (const CancelledError&) {
    line.Clear();
    PrintNote(fmt::format("The training is saved. Go on with: {}", command(PathStyle::kGiven)));
    return StopCode();
  }
}

int Main(int argc, char** argv) {
  CLI::App program("trains a native checkpoint on sets of `plumb scenes export --tensors`");
  program.set_version_flag("--version", PLUMB_VERSION);
  Options options;
  AddTrainFlags(program, options.train, options.flags);
  program.get_option("--data")->required();
  program.add_flag("--json", options.as_json, "print JSON");
  try {
    program.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return program.exit(error) == 0 ? 0 : static_cast<int>(ExitCode::kUsage);
  }
  CatchSignals();
  try {
    return static_cast<int>(Run(program, options));
  } catch (const Error& error) {
    PrintError(Printable(error.what()));
    return static_cast<int>(error.exit_code());
  } catch (const std::exception& error) {
    PrintError(Printable(error.what()));
    return static_cast<int>(ExitCode::kInternal);
  }
}

}  // namespace
}  // namespace plumb

int main(int argc, char** argv) { return plumb::Main(argc, argv); }
