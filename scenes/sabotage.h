// SPDX-License-Identifier: Apache-2.0
// The truth with exactly one law broken by a stated amount: simulated or rendered again, so that
// the picture stays clean and nothing else gives it away.
#pragma once

#include <string>
#include <vector>

#include "core/laws.h"
#include "core/progress.h"
#include "core/truth.h"
#include "core/video.h"

namespace plumb {

// The box around all pixels of one frame that are not the truth's.
struct ChangedRegion {
  int frame = 0;
  int left_px = 0;
  int top_px = 0;
  int width_px = 0;
  int height_px = 0;
  int changed_px = 0;  // pixels of another colour
};

// What was broken, where and when: what a detector is graded against.
struct SabotageRecord {
  std::string law;
  double amount = 0.0;
  std::string body;      // empty: everything's law
  int onset_frame = 0;   // from which the law is broken; it may show later
  int first_frame = -1;  // first and last frame that differ from the truth's; -1: none does
  int last_frame = -1;
  std::vector<ChangedRegion> regions;  // of every frame that differs, by frame
};

struct SabotagedVideo {
  Video video;
  SabotageRecord record;
};

// The table of laws (core/laws.h) says what each amount means; the neutral amount gives the truth's
// own bytes. Where a law has a natural moment of its own:
//   vanish, swap, mutate_*  the first frame in which an occluder hides the object wholly.
//   vanish=behind, =open    the same, or refused; the first frame in which all of it shows.
//   merge                   the moment in which the two objects touch, else as above.
//   momentum, energy_gain, late_contact, early_reaction   the next impact.
//   freeze_mid_air          the next frame in which the object flies.
//   cut                     half-way through the rest of the clip.
// All others begin at the onset, by default the first frame after the conditioning frames. An onset
// inside the conditioning frames is moved behind them. Conditioning frames are always the truth's
// own. Of vanish and appear the share counts from the end of the clip. Throws UsageError for an
// unknown law or body, a law that needs what the scene lacks, or an amount out of range.
SabotagedVideo MakeSabotaged(const Truth& truth,
                             const Sabotage& sabotage,
                             int conditioning_frames,
                             const Progress& progress = {});

// What is different between two videos of one size and length, frame by frame.
std::vector<ChangedRegion> RegionsThatDiffer(const Video& truth, const Video& other);

}  // namespace plumb
