// SPDX-License-Identifier: Apache-2.0
// Which frames of a clip are far enough apart to reconstruct from, and which of them to compare.
#pragma once

#include <utility>
#include <vector>

#include "metrics/geometry/motion_class.h"
#include "metrics/geometry/tracks.h"

namespace plumb {

// Keyframes of one segment, both ends included: a new one after the stated motion, or when less
// than half of the tracks are left.
std::vector<int> ChooseKeyframes(const TrackSet& set,
                                 const Segment& segment,
                                 const MotionOptions& options);

// Segments with more keyframes than one reconstruction should have are cut into equal parts at
// keyframes; each part begins and ends with one of its own. A segment of twenty frames or more
// has ten keyframes at least, evenly chosen where motion makes fewer.
struct KeyframedParts {
  std::vector<Segment> parts;
  std::vector<std::vector<int>> keyframes;  // of each part
};
KeyframedParts CutIntoParts(const TrackSet& set,
                            const std::vector<Segment>& segments,
                            const MotionOptions& options);

// From every keyframe to the one behind it in its part with the most motion over all tracks they
// share (their number times their median motion), at least `min_tracks`; none where there is no
// such. The farthest one would not do: what two frames share that are far apart lies far away, and
// shows no parallax.
std::vector<std::pair<int, int>> LongPairs(const TrackSet& set,
                                           const std::vector<std::vector<int>>& keyframes,
                                           int min_tracks);

}  // namespace plumb
