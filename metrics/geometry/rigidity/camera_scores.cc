// SPDX-License-Identifier: Apache-2.0
#include "metrics/geometry/rigidity/camera_scores.h"

#include <cmath>

#include "core/statistics.h"

namespace plumb {
namespace {

using enum GeometryScore;

double MeanOf(const std::vector<double>& values) { return Mean(values); }

double RootMeanSquare(const std::vector<double>& values) {
  double sum = 0.0;
  for (const double value : values) sum += value * value;
  return std::sqrt(sum / static_cast<double>(values.size()));
}

}  // namespace

void PutCameraScores(const ClipWorlds& clip,
                     const std::vector<Trajectory>& found,
                     ScoreSheet& sheet) {
  const Json motion = MotionDetailsOf(clip.motion);
  const Truth* truth = clip.input.truth;
  if (truth == nullptr || truth->cameras.empty()) {
    sheet.Refuse(
        {kCameraRotationError, kCameraTranslationError, kAte, kRpe},
        {ReasonCode::kNoTruth, "no cameras are given that this one could be compared with"},
        motion);
    return;
  }
  const CameraErrors errors = CompareCameras(found, TruePath(*truth));
  if (errors.rotation_deg.empty()) {
    sheet.Refuse(
        {kCameraRotationError, kCameraTranslationError, kAte, kRpe},
        {ReasonCode::kTooFewFrames, "fewer than three frames share a time with the truth's"},
        motion);
    return;
  }
  const BootstrapOptions bootstrap = sheet.BootstrapOf("camera");
  sheet.Put(kCameraRotationError,
            Bootstrap(errors.rotation_deg, MeanOf, bootstrap),
            {{}, {{"forms", errors.forms}}});
  if (errors.translation.empty()) {
    sheet.Refuse({kCameraTranslationError, kAte, kRpe},
                 {ReasonCode::kNoCameraMotion, "the true camera stays in one place"},
                 motion);
    return;
  }
  sheet.Put(kCameraTranslationError, Bootstrap(errors.translation, MeanOf, bootstrap));
  sheet.Put(kAte, Bootstrap(errors.absolute_m, RootMeanSquare, bootstrap));
  sheet.Put(kRpe, Bootstrap(errors.step_m, RootMeanSquare, bootstrap));
}

}  // namespace plumb
