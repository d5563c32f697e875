// SPDX-License-Identifier: Apache-2.0
// When a camera that turns comes back to where it looked before, the same directions must show the
// same things.
#pragma once

#include <utility>
#include <vector>

#include "core/video.h"
#include "metrics/geometry/motion_class.h"
#include "metrics/geometry/posed_clip.h"
#include "metrics/geometry/score_sheet.h"
#include "metrics/geometry/tracks.h"
#include "metrics/geometry/world_fit.h"

namespace plumb {

struct ClosureOptions {
  double same_view_share = 0.8;  // of the picture that two frames must share to be compared …
  double left_view_share = 0.7;  // … and that a frame between them must have left
  double search_units = 8.0;     // how far from its direction a point is looked for
  double min_likeness = 0.6;     // correlation of the two patches, at least
  int max_pairs = 8;

  void Validate() const;
};

// A point of an early frame, and where a late one shows it.
struct Revisit {
  int early = 0;  // tracked frames
  int late = 0;
  bool found = false;
  double error_px = 0.0;  // from where its direction puts it; the search radius when not found
};

// Frames of the segment that look at the same directions with a look elsewhere between them, by the
// cameras of a turning model; the latest return of evenly chosen early frames.
std::vector<std::pair<int, int>> Returns(const TrackSet& set,
                                         const PosedClip& clip,
                                         const Segment& segment,
                                         const ClosureOptions& options);

// What a revisit is looked for in.
struct TurningView {
  const TrackSet& set;
  const PosedClip& clip;
  const Video& sample;
};
// Every tracked point of the early frames that no track leads to the late one, looked for there
// with its own patch (Lucas–Kanade from where its direction puts it, and back). Pixels of the
// tracked frames.
std::vector<Revisit> FindRevisits(const TurningView& view,
                                  const std::vector<std::pair<int, int>>& returns,
                                  const ClosureOptions& options = {});

// The score of a turning camera: the median of all errors in pixels of the sample, of at least
// kMinHeldOut revisits. Left out where the camera does not come back.
struct ClosureInput {
  const TrackSet& set;
  const WorldFit& fit;  // of a turning camera
  const Video& sample;
};
void PutClosure(const ClosureInput& input, ScoreSheet& sheet);

}  // namespace plumb
