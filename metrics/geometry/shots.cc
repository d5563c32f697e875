// SPDX-License-Identifier: Apache-2.0
#include "metrics/geometry/shots.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "core/check.h"
#include "metrics/geometry/continuity.h"
#include "metrics/pairing.h"

namespace plumb {
namespace {

constexpr size_t kMaxTracks = 240;       // shown of all shots together
constexpr size_t kMaxFrames = 8;         // offending ones
constexpr size_t kMaxReasons = 4;        // told in one sentence
constexpr size_t kMinObservations = 4;   // as TrackOptions has it
constexpr double kSteadySurvival = 0.8;  // of the tracks over a step of half of a film, at least
constexpr size_t kMinMeanFrames = 10;    // of a shot; more cuts than that are pictures in disorder

std::string FramesText(const ShotReport& shot) {
  return fmt::format("frames {}-{}", shot.first_frame, shot.last_frame);
}

Json ShotJson(const ShotReport& shot, const Score& score) {
  Json json;
  json["first_frame"] = shot.first_frame;
  json["last_frame"] = shot.last_frame;
  json["motion_class"] = MotionClassName(shot.report.motion_class);
  json["status"] = score.measured() ? "measured" : "not_measured";
  if (score.measured()) {
    json["value"] = score.value();
    json["low"] = score.low();
    json["high"] = score.high();
  } else {
    json["reason"] = {{"code", ReasonCodeName(score.reason().code)}, {"text", score.reason().text}};
  }
  json["motion"] = shot.motion;
  return json;
}

// One score of all shots.
class ShotScores {
 public:
  ShotScores(const std::vector<ShotReport>& shots, size_t index) : shots_(shots), index_(index) {
    for (size_t i = 0; i < shots.size(); ++i) {
      if (Of(i).measured()) measured_.push_back(i);
    }
  }

  Score Combined() const { return measured_.empty() ? Unmeasured() : MeanScore(); }

 private:
  const Score& Of(size_t shot) const { return shots_[shot].report.scores[index_]; }

  Json AllShots() const {
    Json list = Json::array();
    for (size_t i = 0; i < shots_.size(); ++i) list.push_back(ShotJson(shots_[i], Of(i)));
    return list;
  }

  Score MeanScore() const {
    double frames = 0.0;
    for (const size_t i : measured_) frames += shots_[i].num_frames();
    double value = 0.0, below = 0.0, above = 0.0;
    for (const size_t i : measured_) {
      const double weight = shots_[i].num_frames() / frames;
      value += weight * Of(i).value();
      below += std::pow(weight * (Of(i).value() - Of(i).low()), 2);
      above += std::pow(weight * (Of(i).high() - Of(i).value()), 2);
    }
    return Score::Measured(Of(0).info(),
                           value,
                           value - std::sqrt(below),
                           value + std::sqrt(above),
                           MergedEvidence(frames));
  }

  // The shot with the worst value, of several the longest: what it shows is what a reader looks
  // for.
  size_t Worst() const {
    const double sign = Of(0).info().better == Direction::kLower    ? -1.0
                        : Of(0).info().better == Direction::kHigher ? 1.0
                                                                    : 0.0;
    return *std::min_element(measured_.begin(), measured_.end(), [&](size_t a, size_t b) {
      return std::pair(sign * Of(a).value(), -shots_[a].num_frames()) <
             std::pair(sign * Of(b).value(), -shots_[b].num_frames());
    });
  }

  Evidence MergedEvidence(double measured_frames) const {
    Evidence evidence;
    evidence.details = Of(Worst()).evidence().details;
    evidence.frames = OffendingFrames();
    MergePerFrame(evidence.details);
    MergeTracks(evidence.details);
    evidence.details["shots"] = AllShots();
    evidence.details["measured_frames"] = measured_frames;
    return evidence;
  }

  // Turn by turn, so that the worst of every shot comes first.
  std::vector<int> OffendingFrames() const {
    std::vector<int> frames;
    for (size_t rank = 0; rank < kMaxFrames; ++rank) {
      for (const size_t i : measured_) {
        const std::vector<int>& own = Of(i).evidence().frames;
        if (rank < own.size() && frames.size() < kMaxFrames) frames.push_back(own[rank]);
      }
    }
    return frames;
  }

  // Every shot's curve is as long as the clip and empty outside the shot.
  void MergePerFrame(Json& details) const {
    if (!details.contains("per_frame")) return;
    Json& values = details["per_frame"]["values"];
    for (const size_t i : measured_) {
      const Json& other = Of(i).evidence().details;
      if (!other.contains("per_frame")) continue;
      const Json& theirs = other["per_frame"]["values"];
      for (size_t k = 0; k < std::min(values.size(), theirs.size()); ++k) {
        if (values[k].is_null()) values[k] = theirs[k];
      }
    }
  }

  void MergeTracks(Json& details) const {
    std::vector<const Json*> all;
    for (const size_t i : measured_) {
      const Json& other = Of(i).evidence().details;
      if (!other.contains("tracks")) continue;
      for (const Json& track : other["tracks"]) all.push_back(&track);
    }
    if (all.empty()) return;
    Json merged = Json::array();
    for (const int i : EvenlyChosen(static_cast<int>(all.size()), kMaxTracks)) {
      merged.push_back(*all[i]);
    }
    details["tracks"] = std::move(merged);
  }

  bool Refused(size_t shot) const { return Of(shot).status() == ScoreStatus::kNotMeasurable; }

  // Not measurable as soon as one shot would have had to give it; else its branch was never taken.
  Score Unmeasured() const {
    std::vector<size_t> refused;
    for (size_t i = 0; i < shots_.size(); ++i) {
      if (Refused(i)) refused.push_back(i);
    }
    if (refused.empty()) return Score::NotTested(Of(0).info(), Of(0).reason());
    const ReasonCode code = Of(refused.front()).reason().code;
    const bool all_same = std::all_of(
        refused.begin(), refused.end(), [&](size_t i) { return Of(i).reason().code == code; });
    std::string text = fmt::format("none of {} shots gives it", shots_.size());
    for (size_t k = 0; k < std::min(refused.size(), kMaxReasons); ++k) {
      const size_t i = refused[k];
      text +=
          fmt::format("{} {}: {}", k == 0 ? ":" : ";", FramesText(shots_[i]), Of(i).reason().text);
    }
    if (refused.size() > kMaxReasons) {
      text += fmt::format("; and {} more", refused.size() - kMaxReasons);
    }
    return Score::NotMeasurable(Of(0).info(),
                                {all_same ? code : ReasonCode::kShotCut, text},
                                {{}, {{"shots", AllShots()}}});
  }

  const std::vector<ShotReport>& shots_;
  size_t index_;
  std::vector<size_t> measured_;
};

// What became of each shot, for people.
std::string ShotNote(const std::vector<ShotReport>& shots) {
  std::string note =
      fmt::format("geometry: {} shots, each measured as a clip of its own:", shots.size());
  for (size_t i = 0; i < shots.size(); ++i) {
    const Score& headline = shots[i].report.scores.front();
    note += fmt::format("{} {} {} ",
                        i == 0 ? "" : ",",
                        FramesText(shots[i]),
                        MotionClassName(shots[i].report.motion_class));
    note += headline.measured() ? fmt::format("{:.3f}", headline.value())
                                : std::string(ReasonCodeName(headline.reason().code));
  }
  return note + "; scores are means over the measured shots by frames";
}

Score CountOfShots(const Score& of_one, const std::vector<ShotReport>& shots) {
  Evidence evidence;
  Json list = Json::array();
  for (const ShotReport& shot : shots) {
    if (&shot != &shots.front()) evidence.frames.push_back(shot.first_frame);
    list.push_back(ShotJson(shot, shot.report.scores.front()));
  }
  evidence.details["shots"] = std::move(list);
  const double count = static_cast<double>(shots.size());
  return Score::Measured(of_one.info(), count, count, count, std::move(evidence));
}

std::vector<TrackSet> SplitAtCuts(const TrackSet& set, const MotionOptions& options) {
  std::vector<int> bounds = FindCuts(set, options);
  if (bounds.empty()) return {set};
  bounds.push_back(set.num_frames());
  std::vector<TrackSet> shots;
  int first = 0;
  for (const int bound : bounds) {
    for (TrackSet& shot : SplitAtCuts(FramesOf(set, {first, bound - 1}), options)) {
      shots.push_back(std::move(shot));
    }
    first = bound;
  }
  return shots;
}

}  // namespace

TrackSet FramesOf(const TrackSet& set, const Segment& shot) {
  PLUMB_CHECK(shot.first >= 0 && shot.first <= shot.last && shot.last < set.num_frames(),
              "frames {}-{} of {}",
              shot.first,
              shot.last,
              set.num_frames());
  TrackSet part = set;
  part.frames.assign(set.frames.begin() + shot.first, set.frames.begin() + shot.last + 1);
  part.transitions.assign(set.transitions.begin() + shot.first,
                          set.transitions.begin() + shot.last + 1);
  part.transitions.front() = Transition();
  part.tracks.clear();
  for (const Track& track : set.tracks) {
    const int first = std::max(track.first_frame, shot.first);
    const int last = std::min(track.last_frame(), shot.last);
    if (last - first + 1 < static_cast<int>(kMinObservations)) continue;
    Track cut{first - shot.first, {}};
    cut.points_px.assign(track.points_px.begin() + (first - track.first_frame),
                         track.points_px.begin() + (last - track.first_frame) + 1);
    part.tracks.push_back(std::move(cut));
  }
  std::stable_sort(part.tracks.begin(), part.tracks.end(), [](const Track& a, const Track& b) {
    return a.first_frame < b.first_frame;
  });
  return part;
}

std::vector<TrackSet> SplitIntoShots(const TrackSet& set, const MotionOptions& options) {
  std::vector<TrackSet> shots = SplitAtCuts(set, options);
  size_t steady_frames = 0;
  for (const TrackSet& shot : shots) {
    if (MedianSurvival(shot) >= kSteadySurvival) steady_frames += shot.frames.size();
  }
  const bool a_film =
      shots.size() * kMinMeanFrames <= set.frames.size() && 2 * steady_frames > set.frames.size();
  if (shots.size() == 1 || a_film) return shots;
  return {set};
}

FamilyReport CombineShots(const std::vector<ShotReport>& shots) {
  PLUMB_CHECK(!shots.empty());
  if (shots.size() == 1) return shots.front().report;
  FamilyReport combined;
  combined.motion_class = MotionClass::kCut;
  const std::vector<Score>& scores = shots.front().report.scores;
  for (size_t i = 0; i < scores.size(); ++i) {
    combined.scores.push_back(scores[i].id() == "geometry.shots" ? CountOfShots(scores[i], shots)
                                                                 : ShotScores(shots, i).Combined());
  }
  combined.notes = shots.front().report.notes;
  combined.notes.push_back(ShotNote(shots));
  return combined;
}

}  // namespace plumb
