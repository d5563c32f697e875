// SPDX-License-Identifier: Apache-2.0
// permanence.*: objects that stay what and where they are.
#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "core/statistics.h"
#include "metrics/metrics.h"
#include "metrics/permanence/events.h"
#include "metrics/permanence/evidence.h"
#include "metrics/permanence/observed_family.h"

namespace plumb {
namespace {

constexpr int kVersion = 1;

enum Index {
  kPersistence,
  kKept,
  kVanished,
  kDuplicated,
  kTeleported,
  kSwapped,
  kReacquired,
  kColour
};

const ScoreInfo& Info(Index index) { return PermanenceScores()[index]; }

// Everything the single scores are made from.
struct Judged {
  const Observation& observation;
  const PermanenceVerdict& verdict;
  uint64_t seed;
};

// A value per object and pair, NaN where the frame is not asked.
template <typename ValueOf>
std::vector<std::vector<double>> AskedValues(const PermanenceVerdict& verdict, ValueOf value_of) {
  std::vector<std::vector<double>> values;
  for (size_t i = 0; i < verdict.frames.size(); ++i) {
    const std::vector<FrameVerdict>& frames = verdict.frames[i];
    values.emplace_back(frames.size(), std::numeric_limits<double>::quiet_NaN());
    for (size_t k = 0; k < frames.size(); ++k) {
      if (frames[k].asked) values[i][k] = value_of(i, k);
    }
  }
  return values;
}

Score MeanScore(Index index,
                const std::vector<std::vector<double>>& values,
                uint64_t seed,
                Evidence evidence) {
  const Interval mean = MeanOfAsked(values, seed);
  return Score::Measured(Info(index), mean.value, mean.low, mean.high, std::move(evidence));
}

// Share of asked frames with a property, with the events of that kind.
template <typename Property>
Score ShareScore(Index index, const Judged& judged, const std::string& kind, Property property) {
  const auto values = AskedValues(judged.verdict, [&](size_t i, size_t k) {
    return property(judged.verdict.frames[i][k], i, k) ? 1.0 : 0.0;
  });
  return MeanScore(
      index, values, judged.seed, EventEvidence(judged.observation, judged.verdict, kind));
}

Score PersistenceScore(const Judged& judged) {
  const auto credits = AskedValues(
      judged.verdict, [&](size_t i, size_t k) { return judged.verdict.frames[i][k].credit; });
  return MeanScore(
      kPersistence, credits, judged.seed, PersistenceEvidence(judged.observation, judged.verdict));
}

// Frames inside runs that count as vanished.
std::vector<std::vector<uint8_t>> VanishedFrames(const PermanenceVerdict& verdict) {
  std::vector<std::vector<uint8_t>> vanished;
  for (const auto& frames : verdict.frames) vanished.emplace_back(frames.size(), 0);
  for (const PermanenceEvent& event : verdict.events) {
    if (event.kind != "vanished") continue;
    const auto& frames = verdict.frames[event.object];
    for (size_t k = event.pair; k < frames.size(); ++k) {
      if (!frames[k].asked || frames[k].state != ObjectState::kLost) break;
      vanished[event.object][k] = 1;
    }
  }
  return vanished;
}

Score TeleportedScore(const Judged& judged) {
  // The spread of the jumps that are noise is the measure's own uncertainty.
  std::vector<double> noise;
  for (const auto& frames : judged.verdict.frames) {
    for (const FrameVerdict& frame : frames) {
      if (frame.asked && frame.jump_sizes < kJumpSizes) noise.push_back(frame.jump_sizes);
    }
  }
  const double spread = noise.empty() ? kJumpSizes : Quantile(noise, 0.95);
  const double value = judged.verdict.longest_jump_sizes;
  return Score::Measured(Info(kTeleported),
                         value,
                         std::max(0.0, value - spread),
                         value + spread,
                         EventEvidence(judged.observation, judged.verdict, "teleported"));
}

Score SwappedScore(const Judged& judged) {
  if (judged.observation.objects.size() < 2) {
    return Score::NotTested(
        Info(kSwapped), {ReasonCode::kNoEvent, "one object alone cannot be swapped for another"});
  }
  return ShareScore(kSwapped, judged, "swapped", [](const FrameVerdict& frame, size_t, size_t) {
    return frame.swapped_with >= 0;
  });
}

Score ReacquiredScore(const Judged& judged) {
  const std::vector<Reappearance>& events = judged.verdict.reappearances;
  if (events.empty()) {
    return Score::NotTested(
        Info(kReacquired),
        {ReasonCode::kNoEvent, "no object is hidden for 3 frames and seen again in this clip"});
  }
  const int found = static_cast<int>(
      std::count_if(events.begin(), events.end(), [](const auto& e) { return e.reacquired; }));
  const Interval share = WilsonShare(found, static_cast<int>(events.size()));
  return Score::Measured(Info(kReacquired),
                         share.value,
                         share.low,
                         share.high,
                         ReappearanceEvidence(judged.observation, events));
}

// CIE76 distance between an object's mean colours in the sample and in the truth, frame by frame.
Score ColourScore(const Judged& judged) {
  const auto shifts = AskedValues(judged.verdict, [&](size_t i, size_t k) {
    const Sighting& sample = judged.observation.sample_tracks[i].sightings[k];
    const Sighting& truth = judged.observation.truth_tracks[i].sightings[k];
    const bool clear = sample.found && judged.observation.objects[i].expected[k].share >= 0.5;
    return clear ? (LabColour(sample.mean_rgb) - LabColour(truth.mean_rgb)).norm()
                 : std::numeric_limits<double>::quiet_NaN();
  });
  const bool compared = std::any_of(shifts.begin(), shifts.end(), [](const auto& object) {
    return std::any_of(object.begin(), object.end(), [](double e) { return std::isfinite(e); });
  });
  if (!compared) {
    return Score::NotMeasurable(
        Info(kColour),
        {ReasonCode::kObjectNotFound, "no object was found where its look could be compared"});
  }
  return MeanScore(kColour, shifts, judged.seed, {});
}

std::optional<Reason> NothingAsked(const Observation& observation,
                                   const PermanenceVerdict& verdict) {
  if (observation.SampleStandsStill()) {
    return Reason{ReasonCode::kNoEvent,
                  fmt::format("the sample repeats one picture ({:.3f} % of its pixels ever change, "
                              "{:.1f} % of the truth's), so nothing in it could get lost",
                              100 * observation.sample_change,
                              100 * observation.truth_change)};
  }
  for (const auto& frames : verdict.frames) {
    for (const FrameVerdict& frame : frames) {
      if (frame.asked) return std::nullopt;
    }
  }
  return Reason{ReasonCode::kObjectNotFound,
                "in no frame after the conditioning frames an object has to be seen"};
}

std::vector<Score> ScoresOf(const Judged& judged) {
  const std::vector<std::vector<uint8_t>> vanished = VanishedFrames(judged.verdict);
  std::vector<Score> scores;
  scores.push_back(PersistenceScore(judged));
  scores.push_back(ShareScore(kKept, judged, "vanished", [](const auto& frame, size_t, size_t) {
    return frame.state == ObjectState::kThere;
  }));
  scores.push_back(ShareScore(kVanished, judged, "vanished", [&](const auto&, size_t i, size_t k) {
    return vanished[i][k] != 0;
  }));
  scores.push_back(
      ShareScore(kDuplicated, judged, "duplicated", [](const auto& frame, size_t, size_t) {
        return frame.copies > 0;
      }));
  scores.push_back(TeleportedScore(judged));
  scores.push_back(SwappedScore(judged));
  scores.push_back(ReacquiredScore(judged));
  scores.push_back(ColourScore(judged));
  return scores;
}

}  // namespace

const std::vector<ScoreInfo>& PermanenceScores() {
  constexpr Direction kUp = Direction::kHigher;
  constexpr Direction kDown = Direction::kLower;
  static const std::vector<ScoreInfo> scores = {
      {"permanence.persistence",
       "share",
       kUp,
       kVersion,
       true,
       "how much of the time the objects are there, once, and still the same individuals"},
      {"permanence.kept",
       "share",
       kUp,
       kVersion,
       false,
       "share of the frames in which an object should be seen and is found"},
      {"permanence.vanished",
       "share",
       kDown,
       kVersion,
       false,
       "share of those frames in which an object is gone for three frames or more"},
      {"permanence.duplicated",
       "share",
       kDown,
       kVersion,
       false,
       "share of those frames in which an object is seen more than once"},
      {"permanence.teleported",
       "object sizes",
       kDown,
       kVersion,
       false,
       "longest jump that no motion explains"},
      {"permanence.swapped",
       "share",
       kDown,
       kVersion,
       false,
       "share of those frames in which two objects stand in each other's places"},
      {"permanence.reacquired",
       "share",
       kUp,
       kVersion,
       false,
       "share of occlusions after which the same object is found again in time"},
      {"permanence.colour_shift",
       "dE",
       kDown,
       kVersion,
       false,
       "mean CIE76 distance of the objects' colours from the truth's"},
  };
  return scores;
}

FamilyReport MeasurePermanence(const MetricInput& input, const Progress& progress) {
  const auto scores_of = [&](const Observation& observation) {
    const PermanenceVerdict verdict = JudgePermanence(observation);
    const std::optional<Reason> nothing = NothingAsked(observation, verdict);
    return nothing ? AllNotMeasurable(PermanenceScores(), *nothing)
                   : ScoresOf({observation, verdict, input.seed});
  };
  return MeasureObserved(input, PermanenceScores(), scores_of, progress);
}

}  // namespace plumb
