// SPDX-License-Identifier: Apache-2.0
// The command line of a training, as `plumb train` and `plumb-train` share it.
#pragma once

#include <map>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "generator/training/train.h"

namespace plumb {

// Flags that are texts until the command line is whole.
struct TrainFlags {
  std::string output;
  std::string clip_folder;
  std::vector<std::string> data_folders;
  std::vector<std::string> shapes;
  std::vector<std::string> keep;
};

// Every option of a training but those of its source of clips. The two structs must outlive `verb`.
void AddTrainFlags(CLI::App& verb, TrainOptions& train, TrainFlags& flags);
// Brings the texts into the options. Throws UsageError when one says nothing.
void ApplyFlags(const TrainFlags& flags, TrainOptions& train);

// Paths as they were given; or, for records, as given when relative and of absolute ones, which
// mean nothing on another machine, the last part.
enum class PathStyle { kGiven, kRecorded };

struct WholeCommandOptions {
  std::string program = "plumb train";
  PathStyle paths = PathStyle::kGiven;
  std::map<std::string, std::string> replaced;  // what an option's value is in the command
};

// The whole command line with every option of the training, given or not.
std::string WholeCommand(const CLI::App& verb, const WholeCommandOptions& how);

// Hardware and clock.
void FillMachine(TrainOptions& train);

// What a training came to, for people or as JSON.
void PrintSummary(const TrainSummary& summary, bool as_json);

}  // namespace plumb
