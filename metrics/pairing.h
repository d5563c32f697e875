// SPDX-License-Identifier: Apache-2.0
// Sample and truth brought to one size and one clock, so that frame can be laid over frame.
#pragma once

#include <string>
#include <vector>

#include "core/video.h"

namespace plumb {

struct FramePair {
  int truth = 0;        // frame index of the truth
  int sample = 0;       // frame index of the sample
  double time_s = 0.0;  // the truth's stamp
};

struct PairingOptions {
  int longest_side_px = 512;  // both pictures are reduced to it when they are larger

  void Validate() const;  // throws CheckFailure when not positive
};

// Both pictures have the same size; pair k shows truth_frames[k] and sample_frames[k].
struct PairedVideo {
  int width = 0;
  int height = 0;
  std::vector<FramePair>
      pairs;  // rising in both indices; may be empty when the clips share no time
  std::vector<Image> truth_frames;
  std::vector<Image> sample_frames;
  double sample_px_per_px_x = 1.0;  // paired pixels times this are pixels of the sample as it came
  double sample_px_per_px_y = 1.0;
  int truth_frames_unpaired =
      0;  // truth frames without a partner (sample too short or of a lower rate)
  std::vector<std::string> notes;  // one sentence per rule that changed something
};

// Each truth frame is paired with the sample frame nearest in time (ties go to the earlier one). A
// sample frame that is nearest to several truth frames keeps the nearest of them, and a pair
// further apart than half the longer frame interval is dropped. Per axis the larger picture is
// area-resized to the smaller one.
PairedVideo PairFrames(const Video& sample, const Video& truth, const PairingOptions& options = {});

// Indices of at most `wanted` of `total` frames, evenly spread, first and last included (one alone
// is the first). Throws CheckFailure unless total ≥ 0 and wanted > 0.
std::vector<int> EvenlyChosen(int total, int wanted);

}  // namespace plumb
