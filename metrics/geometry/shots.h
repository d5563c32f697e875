// SPDX-License-Identifier: Apache-2.0
// A clip of several shots is several clips: no world spans a cut. Each shot is measured on its own,
// and the clip's scores are means over the shots.
#pragma once

#include <string>
#include <vector>

#include "core/json.h"
#include "core/score.h"
#include "metrics/geometry/motion_class.h"
#include "metrics/geometry/tracks.h"
#include "metrics/metrics.h"

namespace plumb {

// The tracked frames `shot.first` … `shot.last` as a clip of their own; tracks are cut off at both
// ends, and dropped where less than four of their observations are left.
TrackSet FramesOf(const TrackSet& set, const Segment& shot);

// One set per shot, in order: the whole when there is no cut. Each shot is looked through again, so
// that a busy shot does not hide the cuts of a plain one. Pictures that jump more than once in ten
// frames, or half of which hardly continue each other, are no film of several shots: they stay one
// set, whose motion class is `cut`.
std::vector<TrackSet> SplitIntoShots(const TrackSet& set, const MotionOptions& options);

// What was measured of one shot; frames are those of the sample, both ends included.
struct ShotReport {
  int first_frame = 0;
  int last_frame = 0;
  FamilyReport report;
  Json motion = Json::object();  // the evidence of its class

  int num_frames() const { return last_frame - first_frame + 1; }
};

// The clip's report: of one shot its own. Of several the class is `cut`, the number of shots
// replaces the first score's `geometry.shots`, and every other score is the mean over the shots in
// which it could be measured, weighted by their frames: a clip is watched frame by frame, and a
// shot rich in texture, which has more tracks, is no larger part of it. Shots are independent, so
// the interval's halves add up in squares. A score that no shot gives says why for each shot.
// Evidence: "shots" lists all of them; curves and tracks of the shots are put together; all else is
// that of the shot with the worst value.
FamilyReport CombineShots(const std::vector<ShotReport>& shots);

}  // namespace plumb
