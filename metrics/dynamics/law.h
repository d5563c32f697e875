// SPDX-License-Identifier: Apache-2.0
// One law at a time: what it is read from, and what it says of truth and sample.
#pragma once

#include <optional>
#include <vector>

#include "metrics/dynamics/contacts.h"
#include "metrics/dynamics/laws.h"

namespace plumb {

// Everything the laws are read from.
struct MotionRecord {
  const Truth& truth;
  const Observation& observation;
  std::vector<ObjectPaths> paths;      // of the moving objects
  std::vector<AskedContact> contacts;  // after the conditioning frames
};

// The scores of a law in the order of their infos, and its part of the headline: none where the
// truth does not show the law measurably.
struct LawResult {
  std::vector<Score> scores;
  std::optional<LawCredit> credit;
};

// gravity_mps2 and gravity_error: the fall in the truth's free flights.
LawResult MeasureGravity(const MotionRecord& record,
                         const ScoreInfo& value_info,
                         const ScoreInfo& error_info);

// contact_frame_error: when first contacts happen, in frames of the truth.
LawResult MeasureContacts(const MotionRecord& record, const ScoreInfo& info);

// restitution and restitution_error: parting over closing speed at first contacts.
LawResult MeasureRestitution(const MotionRecord& record,
                             const ScoreInfo& value_info,
                             const ScoreInfo& error_info);

}  // namespace plumb
