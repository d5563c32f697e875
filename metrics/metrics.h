// SPDX-License-Identifier: Apache-2.0
// The metrics: pure functions from a sample (and what is known of the truth) to scores with
// evidence.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/progress.h"
#include "core/score.h"
#include "core/truth.h"
#include "core/video.h"
#include "metrics/geometry/reconstruction.h"

namespace plumb {

// What a metric cannot do without. Everything that is not named is optional and used when there.
enum class Need { kVideo, kTruthVideo, kMasks, kStates, kCamera, kConditioning };

struct MetricInput {
  const Video* sample = nullptr;  // never null; any size, rate and length ≥ 1 frame
  const Truth* truth = nullptr;  // states, masks, cameras and video; null when the scene is unknown
  const Video* truth_video =
      nullptr;  // only a video of the truth; null when `truth` is given or nothing is known
  int conditioning_frames = 0;       // how many first frames of the truth the model was shown
  uint64_t seed = 0;                 // of every random choice inside (RANSAC, bootstrap)
  bool truth_masks = true;           // geometry knows from the truth what moves; else it finds out
  bool keep_reconstruction = false;  // geometry gives its cameras and points too
};

// How the camera of the sample moves; decided before any reconstruction.
enum class MotionClass { kUnknown, kStatic, kRotation, kParallax, kPlanar, kCut };
std::string_view MotionClassName(MotionClass motion_class);  // "static", "rotation" …

struct MetricReport {
  MotionClass motion_class = MotionClass::kUnknown;
  std::vector<Score> scores;  // every score of every asked family, in the order of AllScores()
  std::vector<std::string>
      notes;  // how sample and truth were reconciled (resized, re-timed, trimmed)
  std::vector<std::pair<std::string, double>> seconds;  // wall time per family, for the record only
  std::optional<Reconstruction> reconstruction;  // of geometry, when asked for and not failed
};

struct MetricSettings {
  std::vector<std::string> families;  // "geometry", "permanence", "dynamics"; empty: all
};

// All scores in fixed order, headlines first within each family.
const std::vector<ScoreInfo>& AllScores();
// What a score needs; part of what `plumb list metrics` prints.
std::vector<Need> NeedsOf(std::string_view score_id);
std::string_view NeedName(Need need);

// Measures the asked families. A family that breaks an assumption inside turns into scores that are
// not measurable (kMetricFailed) and never takes the others with it. Throws UsageError on an
// unknown family, CancelledError when cancelled.
MetricReport Measure(const MetricInput& input,
                     const MetricSettings& settings,
                     const Progress& progress);

// One family: the same input, only that family's scores. Each family's folder defines its own.
struct FamilyReport {
  MotionClass motion_class = MotionClass::kUnknown;
  std::vector<Score> scores;
  std::vector<std::string> notes;
  std::optional<Reconstruction> reconstruction = {};
};
const std::vector<ScoreInfo>& GeometryScores();
FamilyReport MeasureGeometry(const MetricInput& input, const Progress& progress);
const std::vector<ScoreInfo>& PermanenceScores();
FamilyReport MeasurePermanence(const MetricInput& input, const Progress& progress);
const std::vector<ScoreInfo>& DynamicsScores();
FamilyReport MeasureDynamics(const MetricInput& input, const Progress& progress);

}  // namespace plumb
