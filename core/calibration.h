// SPDX-License-Identifier: Apache-2.0
// What a family's scores give on clips whose truth is known: intact worlds, the same through codecs
// and noise, and worlds bent by a stated amount. Verdicts and reports read it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/json.h"
#include "core/score.h"
#include "core/statistics.h"
#include "core/suite.h"

namespace plumb {

// What a model of the calibration is there for.
//   kIntact   the truth, and the truth under a nuisance: below the threshold they are false alarms
//   kBends    a sabotage after which no rigid world explains the clip: it must be seen
//   kRigid    what changes the picture and leaves a rigid world: a lens that zooms (focal_breathe),
//   a
//             camera that shakes (pose_jitter), a scene that turns into its own painting
//             (parallax_flat: a painted plane, or a relief, is a rigid world); below the threshold
//             they are false alarms, but they take no part in setting it
//   kControl  frozen, noise, frames of unrelated rooms, a cut …: whatever is said, they must not
//   pass for one
//             consistent world
enum class ModelRole { kIntact, kBends, kRigid, kControl };
std::string_view ModelRoleName(ModelRole role);  // "intact", "bends", "rigid", "control"
// By the model as it is named on the command line.
ModelRole RoleOf(std::string_view model);

// One score on intact clips.
struct CalibratedScore {
  ScoreInfo info;             // the version is that of the metric that was calibrated; no summary
  int truths = 0;             // scenes whose truth could be measured
  double truth_median = 0.0;  // over them
  double truth_worst = 0.0;
  double noise_floor =
      0.0;  // median over the scenes of the truth through the codec (H.264, crf 23)
  double tolerance =
      0.0;  // what a nuisance at its default takes off the truth's value, but for 5 % of them
  double threshold = 0.0;  // worse are at most 5 % of the truths and their nuisances together
};

// One score of one model over its scenes.
struct CalibrationRow {
  std::string model;  // "sabotage:warp_px=4"
  std::string score;  // id
  int planned = 0;    // clips to which the score applies
  int measured = 0;
  int flagged = 0;             // of these, worse than the threshold
  std::optional<double> mean;  // of the measured
  // Against the intact clips of the same scenes, as AucInterval says; not for intact ones
  // themselves.
  std::optional<Interval> auc;
  std::map<std::string, int> reasons;  // why not measured: code → clips
};

// How often a score falls with the dose of a law, scene by scene.
struct DoseSeries {
  std::string law;
  std::string score;
  int series = 0;         // scenes with enough values
  int falls = 0;          // of these, within the score's tolerance
  int falls_exactly = 0;  // … without any tolerance
};

struct CalibrationTable {
  static constexpr int kSchema = 1;
  std::string family;  // "geometry"
  int suite_version = 1;
  Protocol protocol;
  double false_alarms = 0.05;       // the share that the thresholds allow
  std::vector<std::string> scenes;  // ids
  std::vector<CalibratedScore> scores;
  std::vector<CalibrationRow> rows;  // by model and score in the order of the run
  std::vector<DoseSeries> series;
  std::string digest;  // of everything else

  const CalibratedScore* FindScore(std::string_view id) const;  // null when there is none
  const CalibrationRow* FindRow(std::string_view model, std::string_view id) const;
};

// Whether a value lies on the bad side of another. Scores without direction are never worse.
bool IsWorse(const ScoreInfo& info, double value, double than);

// A measured score with its noise floor, and under "calibration" of its evidence the "threshold"
// and the "verdict" on it in words. Throws CheckFailure when it is not measured.
Score Judged(const Score& score, const CalibratedScore& calibrated);
// The threshold that Judged put there, empty when there is none.
std::optional<double> ThresholdOf(const Score& score);

Json ToJson(const CalibrationTable& table);
// Throws InputError naming `place` on another schema, a missing key or a wrong type.
CalibrationTable CalibrationTableFromJson(const Json& json, const std::string& place);
// The JSON's text with one row a line.
std::string CalibrationText(const CalibrationTable& table);

}  // namespace plumb
