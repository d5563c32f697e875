// SPDX-License-Identifier: Apache-2.0
// Truth and sample seen through the same eyes: paired, and every object followed in both by the
// same finder.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/progress.h"
#include "core/score.h"
#include "metrics/metrics.h"
#include "metrics/pairing.h"
#include "metrics/permanence/follow.h"

namespace plumb {

struct Observation {
  PairedVideo paired;
  std::vector<double> times_s;  // the truth's stamps of the pairs
  int first_scored = 0;         // first pair after the conditioning frames
  std::vector<FollowedObject> objects;
  std::vector<ObjectTrack> truth_tracks;   // what the finder makes of the truth itself
  std::vector<ObjectTrack> sample_tracks;  // same objects, same order
  // Per object and pair: the finder is right about the truth there. Only such frames are counted,
  // so that what the finder cannot do is never laid at the sample's door.
  std::vector<std::vector<uint8_t>> trusted;
  std::vector<double>
      background_agreement;  // per pair; share of the sample's background that is the scene's
  std::vector<std::vector<uint8_t>> occluders;  // per pair a mask; empty when no masks are known
  double truth_change = 0.0;   // largest share of pixels that change after the conditioning frames
  double sample_change = 0.0;  // the same of the sample
  std::optional<Reason>
      unmeasurable;  // why nothing can be read from the clip; the tracks may be empty then
  std::vector<std::string> notes;

  // The truth's place of an object: as followed where that is trusted, else as rendered.
  Eigen::Vector2d TruthPlace(size_t object, size_t pair) const;
  // True when the sample repeats one picture after the conditioning frames while the truth moves
  // on.
  bool SampleStandsStill() const;
};

// Needs a truth with masks or a truth video; everything else that is missing or unfit ends in
// `unmeasurable`. Throws CancelledError.
Observation Observe(const MetricInput& input, const Progress& progress);

}  // namespace plumb
