// SPDX-License-Identifier: Apache-2.0
#include "metrics/geometry/tracks.h"

#include <algorithm>
#include <cmath>

#include "core/check.h"
#include "metrics/geometry/internal_optical_flow.h"
#include "metrics/geometry/internal_tracker.h"
#include "metrics/pairing.h"

namespace plumb {

void TrackOptions::Validate() const {
  PLUMB_CHECK(max_side_px >= 32, "max_side_px {}", max_side_px);
  PLUMB_CHECK(max_frames >= 2, "max_frames {}", max_frames);
  PLUMB_CHECK(cells >= 4 && cells <= 200, "cells {}", cells);
  PLUMB_CHECK(max_return_px > 0.0, "max_return_px {}", max_return_px);
  PLUMB_CHECK(max_drift_px > 0.0, "max_drift_px {}", max_drift_px);
  PLUMB_CHECK(min_observations >= 2, "min_observations {}", min_observations);
}

double TrackSet::UnitPx() const { return std::sqrt(static_cast<double>(width) * height) / 256.0; }

TrackSet TrackPoints(const Video& video, const TrackOptions& options, const Progress& progress) {
  options.Validate();
  const OneThread one_thread;
  TrackSet set;
  const int side = std::max(video.width(), video.height());
  const double reduction = std::max(1.0, static_cast<double>(side) / options.max_side_px);
  set.width = std::max(1, static_cast<int>(std::lround(video.width() / reduction)));
  set.height = std::max(1, static_cast<int>(std::lround(video.height() / reduction)));
  set.sample_scale = static_cast<double>(video.width()) / set.width;
  set.frames = EvenlyChosen(video.num_frames(), options.max_frames);
  // Below the size of two windows there is nothing that Lucas–Kanade could hold on to.
  if (std::min(set.width, set.height) < 2 * kAlignWindowPx) {
    set.transitions.resize(set.frames.size());
    return set;
  }
  Tracker tracker(cv::Size(set.width, set.height), options);
  for (int i = 0; i < set.num_frames(); ++i) {
    progress.ThrowIfCancelled();
    if (i % 20 == 0) progress.Report("tracking points", i, set.num_frames());
    tracker.Step(GreyFrame(video.frame(set.frames[i]), cv::Size(set.width, set.height)));
  }
  tracker.Finish(set);
  return set;
}

std::vector<int> CommonTracks(const TrackSet& set, int frame_a, int frame_b) {
  std::vector<int> common;
  for (size_t i = 0; i < set.tracks.size(); ++i) {
    const Track& track = set.tracks[i];
    if (track.Sees(frame_a) && track.Sees(frame_b)) common.push_back(static_cast<int>(i));
  }
  return common;
}

}  // namespace plumb
