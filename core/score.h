// SPDX-License-Identifier: Apache-2.0
// A score: a finite value with unit, direction and interval, or a reason why there is none. Never
// both, never NaN.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/json.h"

namespace plumb {

// Which way is better. kNone: a plain estimate that another score judges; nothing about it improves
// or regresses.
enum class Direction { kHigher, kLower, kNone };
std::string_view DirectionName(Direction better);  // "higher", "lower"; "" for kNone
Json ToJson(Direction better);                     // its name, null for kNone
enum class ScoreStatus { kMeasured, kNotMeasurable, kNotTested };

// The closed list of reasons. Each has a code that never changes once published (ReasonCodeName).
enum class ReasonCode {
  kTooFewFrames,      // clip shorter than the metric needs
  kTooLittleTexture,  // not enough trackable structure
  kNoCameraMotion,    // static camera or repeated frames
  kNoParallax,        // the camera only rotated
  kShotCut,           // several shots, no single world to test
  kTooFewTracks,      // evidence too thin to call it good or bad
  kNoTruth,           // needs truth (states, masks) that was not given
  kNoStates,          // only a truth video was given
  kNoConditioning,    // needs conditioning frames
  kNoEvent,           // the law had no occasion to show (no contact, no occlusion)
  kNoObjects,         // no object to follow
  kObjectNotFound,    // the object could not be found where it was known to be
  kLawNotApplicable,  // the scene does not exercise this law
  kUnrelated,         // the sample does not show the scene at all, so parts cannot be read from it
  kMetricFailed,      // the computation crashed or broke an assumption; text says where
};
std::string_view ReasonCodeName(ReasonCode code);      // "too_few_frames" …
ReasonCode ReasonCodeFromName(std::string_view name);  // throws CheckFailure on an unknown name

struct Reason {
  ReasonCode code = ReasonCode::kMetricFailed;
  std::string text;  // one sentence with the numbers that decided
};

// What a report can show. All coordinates are pixels of the scored sample, frames are sample frame
// indices. Keys of `details` that the report draws (all optional):
//   "per_frame":    {"name": string, "unit": string, "values": [number|null, …]}      the strip
//   under the scrubber "tracks":       [{"ok": bool, "points": [[frame, x, y], …]}, …] a few
//   hundred at most "trajectories": [{"body": string, "truth": [[frame, x, y], …], "sample":
//   [[frame, x, y], …]}, …] "boxes":        [{"body": string, "frame": n, "box": [x, y, w, h],
//   "state": "visible|occluded|out_of_view|absent"}, …] "events":       [{"frame": n, "kind":
//   string, "body": string, "text": string}, …]
// plus whatever numbers explain the value.
struct Evidence {
  std::vector<int> frames;  // the offending frames, worst first
  Json details = Json::object();
};

// What a metric publishes about one score.
struct ScoreInfo {
  std::string id;    // "geometry.reprojection_px"
  std::string unit;  // "px", "share", "s", "object sizes"; "1" for a plain ratio
  Direction better = Direction::kHigher;
  int version = 1;        // raised whenever the same input may give another value
  bool headline = false;  // the family's 0–1 score
  std::string summary;    // one sentence for `plumb list metrics` and the report
};

Json ToJson(const ScoreInfo& info);
// Throws Json::exception on a missing key or a wrong type, CheckFailure on a direction that is
// none.
ScoreInfo ScoreInfoFromJson(const Json& json);

class Score {
 public:
  // Throws CheckFailure unless low ≤ value ≤ high and all are finite.
  static Score Measured(
      const ScoreInfo& info, double value, double low, double high, Evidence evidence = {});
  static Score NotMeasurable(const ScoreInfo& info, Reason reason, Evidence evidence = {});
  static Score NotTested(const ScoreInfo& info, Reason reason);

  const ScoreInfo& info() const { return info_; }
  const std::string& id() const { return info_.id; }
  ScoreStatus status() const { return status_; }
  bool measured() const { return status_ == ScoreStatus::kMeasured; }
  // Value and interval; throw CheckFailure unless measured.
  double value() const;
  double low() const;
  double high() const;
  // Throws CheckFailure when measured.
  const Reason& reason() const;
  const Evidence& evidence() const { return evidence_; }
  // The oracle's value through the same size and codec; empty until calibrated.
  const std::optional<double>& noise_floor() const { return noise_floor_; }
  Score WithNoiseFloor(double noise_floor) const;

 private:
  Score() = default;
  ScoreInfo info_;
  ScoreStatus status_ = ScoreStatus::kNotTested;
  double value_ = 0.0, low_ = 0.0, high_ = 0.0;
  Reason reason_;
  Evidence evidence_;
  std::optional<double> noise_floor_;
};

// The score object of `plumb score --json` and of the run folder: all keys always there, null where
// they don't apply.
Json ToJson(const Score& score);
// Throws InputError naming `place` when a key is missing or contradictory (measured without value
// …).
Score ScoreFromJson(const Json& json, const std::string& place);

}  // namespace plumb
