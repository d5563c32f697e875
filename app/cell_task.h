// SPDX-License-Identifier: Apache-2.0
// The pieces of work of a run: the truth of one scene, and one cell.
#pragma once

#include <memory>
#include <string>

#include "app/model_spec.h"
#include "app/stage_clock.h"
#include "core/json.h"
#include "core/truth.h"

namespace plumb {

// What stays in memory from one cell to the next: the truth and the model of the last.
struct CellMemory {
  std::string truth_folder;
  std::unique_ptr<Truth> truth;
  std::string model_text;
  std::unique_ptr<SampleMaker> model;
};

// Simulates and renders the scene `scene` of the suite `suite` into the run folder `run`, unless it
// lies there; replies with `stage_seconds`. Throws CheckFailure when the suite has no such scene,
// and what the writing of a truth throws.
Json DoTruthTask(const Json& request, StageClock& clock);

// Makes (or reads again) the sample of one cell and measures it. The request names `run`, `suite`,
// `truth` (a digest), `model`, `seed` and, for a sample that was made before, `sample`,
// `sample_notes` and `sample_seconds`; `answer_seconds`, when it is there, is the time that a
// command has for a sample; `keep_sample`, when it is there and false, leaves the sample unstored.
// Replies as ReplyOf says, with `made` beside it. Throws what truth, model, decoding and metrics
// throw; `clock` then says in which stage.
Json DoCellTask(const Json& request, StageClock& clock, CellMemory& memory);

}  // namespace plumb
