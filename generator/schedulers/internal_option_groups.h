// SPDX-License-Identifier: Apache-2.0
// Groups of keys that several scheduler classes read from their configuration. All throw UsageError
// naming file and key, and what is supported.
#pragma once

#include <string>
#include <vector>

#include "generator/schedulers/scheduler_options.h"

namespace plumb {

using Choices = std::vector<std::string>;

// A text that must be one of the choices; a value that is absent stays.
void ReadChoice(ObjectReader& reader,
                const std::string& key,
                const Choices& choices,
                std::string& value);
void ReadFlag(ObjectReader& reader, const std::string& key, bool& value);
void ReadPositive(ObjectReader& reader, const std::string& key, double& value);

void ReadTrainTimesteps(ObjectReader& reader, SchedulerOptions& options);
void ReadPrediction(ObjectReader& reader, bool with_flow, SchedulerOptions& options);
// What all schedulers over discrete training steps have.
void ReadDiscrete(ObjectReader& reader, SchedulerOptions& options);
void ReadClipping(ObjectReader& reader, SchedulerOptions& options);
void ReadLevels(ObjectReader& reader, SchedulerOptions& options);
void ReadSigmaEnds(ObjectReader& reader, SchedulerOptions& options);
void ReadDynamicShift(ObjectReader& reader, const Choices& types, SchedulerOptions& options);
void ReadShiftTerminal(ObjectReader& reader, SchedulerOptions& options);
// What DPM-Solver and UniPC share, ReadDiscrete included.
void ReadMultistep(ObjectReader& reader, SchedulerOptions& options);

}  // namespace plumb
