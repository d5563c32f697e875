// SPDX-License-Identifier: Apache-2.0
// The tracks of a clip while they grow: frame after frame, each live track is chained from the
// frame before, re-aligned with the patch it started from and followed back; empty cells of a grid
// are refilled.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include <opencv2/core.hpp>

#include "metrics/geometry/internal_affine_patch.h"
#include "metrics/geometry/internal_optical_flow.h"
#include "metrics/geometry/tracks.h"

namespace plumb {

class Tracker {
 public:
  Tracker(cv::Size size, const TrackOptions& options);

  // The next frame; grey, of the given size.
  void Step(const cv::Mat& grey);
  // Ends all tracks and hands them over with the transitions and the occupied share. Once, after at
  // least one step.
  void Finish(TrackSet& set);

 private:
  struct LiveTrack {
    Track track;
    std::unique_ptr<const AffinePatch> patch;  // that it started from
    cv::Point2f start;                         // OpenCV's pixel convention (centres at whole
    cv::Point2f before;                        // numbers), as in the frame before
    AffinePlace now;
    double turned = 0.0;  // change of the stretch since the frame before
  };

  // Moves every live track from the frame before into this one.
  void Chain(const Pyramid& pyramid);
  // Aligns every live track with the patch it started from.
  void Realign(const Pyramid& pyramid);
  // Ends every track that does not come back to where it was in the frame before.
  void FollowBack(const Pyramid& pyramid);
  // Ends the tracks for which the predicate (of track and index) is false.
  template <typename Predicate>
  void Keep(Predicate predicate);
  void End(LiveTrack& live);
  void Append(LiveTrack& live);
  bool Inside(const cv::Point2f& point) const;
  // At the start, after losing a tenth of the tracks, or after six
  // hundredths of the width.
  bool NeedsRefill() const;
  // Starts one track at the best corner of every empty cell.
  void Refill();
  void StartInCell(const cv::Mat& corners, int column, int row);
  size_t CellOf(const cv::Point2f& point) const;

  cv::Size size_;
  TrackOptions options_;
  double cell_px_ = 1.0;
  int columns_ = 1;
  int rows_ = 1;
  int frame_ = -1;
  cv::Mat grey_;
  Pyramid pyramid_;
  std::vector<LiveTrack> live_;
  std::vector<Track> done_;
  std::vector<Transition> transitions_;
  size_t refilled_count_ = 0;
  int last_refill_ = 0;
  double occupied_ = 0.0;
};

}  // namespace plumb
