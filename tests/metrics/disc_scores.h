// SPDX-License-Identifier: Apache-2.0
// Scores of one family by their short name, on disc worlds that several tests share.
#pragma once

#include <map>
#include <string>

#include "metrics/metrics.h"
#include "tests/metrics/disc_world.h"

namespace plumb {

using ScoresByName = std::map<std::string, Score>;  // without the family: "kept"

// What a metric is given of a truth and a sample.
MetricInput InputOf(const Truth& truth, const Video& sample, int conditioning_frames);

struct DiscClip {
  const Truth* truth = nullptr;
  const Video* truth_video = nullptr;
  const Video* sample = nullptr;
  int conditioning_frames = 5;
};
ScoresByName PermanenceOf(const DiscClip& clip);
ScoresByName DynamicsOf(const DiscClip& clip);

// A red ball rolls past a blue one that rests.
DiscWorld TwoBalls();
// A red ball passes behind a screen of that half width.
DiscWorld Passing(double half_width_m = 0.25);
// A red ball falls from 1.5 m and bounces on the ground, with its contact.
DiscWorld Falling(double restitution = 0.7, double gravity_mps2 = 9.81);
// When and how fast the ball of Falling first touches the ground.
ContactEvent FirstGroundContact(double gravity_mps2 = 9.81);

// The truth's first frames, then another world's motion.
Video Continued(const DiscWorld& truth, const DiscWorld& other, int conditioning_frames);

// Left and right exchanged.
Video Mirrored(const Video& video);
Truth Mirrored(const Truth& truth);

// What a strong codec leaves: colour at half the size and levels in coarse steps that change from
// frame to frame.
Video Reencoded(const Video& video);

}  // namespace plumb
