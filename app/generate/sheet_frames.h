// SPDX-License-Identifier: Apache-2.0
// What a contact sheet shows of videos that nobody holds whole.
#pragma once

#include <vector>

#include "core/video.h"

namespace plumb {

// Evenly spread frames of one video, picked while it passes by: memory does not grow with it.
class SheetFrames {
 public:
  explicit SheetFrames(int cells);  // at least 2
  void Add(const Image& frame);
  // The first, the last and others between, `cells` in all, each the kept frame that is nearest to
  // an even spread; all frames of a shorter video. At least one must have been added.
  std::vector<Image> Spread() const;

 private:
  int cells_;
  int stride_ = 1;           // every so many frames one is kept
  int count_ = 0;            // of frames so far
  std::vector<Image> kept_;  // the first, and every stride-th after it
  std::vector<Image> last_;  // one frame
};

// One video: a grid; several of one size: a row each. At least one frame.
Image GenerationSheet(const std::vector<SheetFrames>& videos);

// Cells of a sheet for so many videos, for SheetFrames.
int SheetCells(int videos);

}  // namespace plumb
