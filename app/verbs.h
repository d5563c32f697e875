// SPDX-License-Identifier: Apache-2.0
// The verbs of the command line: one file each (verb_run.cc …), each adds its sub-command and what
// it does.
#pragma once

#include <functional>

#include <CLI/CLI.hpp>

#include "core/errors.h"

namespace plumb {

// What the parsed command line asks for. `main` calls it once, catches errors and turns both into
// the exit code.
struct Command {
  std::function<ExitCode()> run;
};

// Each adds a sub-command whose callback stores the work in `command.run`; options live in shared
// state that the callback owns. Nothing is done while parsing.
void AddRunVerbs(CLI::App& root, Command& command);  // run, resume
void AddStatusVerb(CLI::App& root, Command& command);
void AddPlanVerb(CLI::App& root, Command& command);
void AddValidateVerb(CLI::App& root, Command& command);
void AddReportVerb(CLI::App& root, Command& command);
void AddWorkerVerb(CLI::App& root,
                   Command& command);  // hidden: one cell at a time, spoken to in JSON lines
void AddListVerb(CLI::App& root, Command& command);
void AddScenesVerb(CLI::App& root, Command& command);
void AddGenerateVerb(CLI::App& root, Command& command);
void AddScoreVerb(CLI::App& root, Command& command);
void AddCalibrateVerb(CLI::App& root, Command& command);
void AddCompareVerb(CLI::App& root, Command& command);
void AddAssertVerb(CLI::App& root, Command& command);
void AddExportVerb(CLI::App& root, Command& command);
void AddImportVerb(CLI::App& root, Command& command);
void AddTrainVerb(CLI::App& root, Command& command);
void AddMeasureVerb(CLI::App& root, Command& command);
void AddParityVerb(CLI::App& root, Command& command);
void AddDoctorVerb(CLI::App& root, Command& command);
void AddCompletionVerb(CLI::App& root, Command& command);
void AddVersionVerb(CLI::App& root, Command& command);

}  // namespace plumb
