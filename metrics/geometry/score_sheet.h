// SPDX-License-Identifier: Apache-2.0
// The family's scores while they are filled in: one place for each, in the order in which they are
// published.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/score.h"
#include "core/statistics.h"

namespace plumb {

// Order of GeometryScores().
enum class GeometryScore {
  kConsistency,
  kRegisteredShare,
  kReprojection,
  kInlierShare,
  kRotationResidual,
  kBackgroundDrift,
  kLocalPoseDivergence,
  kLoopDrift,
  kScaleBreathe,
  kFocalStability,
  kSubmodels,
  kCoverage,
  kCameraRotationError,
  kCameraTranslationError,
  kAte,
  kRpe,
  kShots,
  kPanoramaClosure,
  kMaskedShare,
};

class ScoreSheet {
 public:
  // `seed` is that of all resampling.
  explicit ScoreSheet(uint64_t seed);

  void Put(GeometryScore which, const Interval& interval, Evidence evidence = {});
  // Median of the values (at least one) with its bootstrap interval.
  void PutMedian(GeometryScore which, const std::vector<double>& values, Evidence evidence = {});
  // Not measurable; `details` say what was seen of the camera's motion.
  void Refuse(std::initializer_list<GeometryScore> which,
              const Reason& reason,
              const Json& details = Json::object());
  // Not tested: scores of the branches that this camera motion does not take.
  void LeaveOut(std::initializer_list<GeometryScore> which, const std::string& text);

  // Resampling for one purpose.
  BootstrapOptions BootstrapOf(std::string_view purpose) const;
  // All scores in order. Throws CheckFailure when one was never filled in.
  std::vector<Score> Finish();

 private:
  uint64_t seed_;
  std::vector<std::optional<Score>> scores_;
};

}  // namespace plumb
