// SPDX-License-Identifier: Apache-2.0
#include "metrics/permanence/evidence.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace plumb {
namespace {

double Rounded(double value) { return std::round(value * 100.0) / 100.0; }

int SampleFrame(const Observation& observation, size_t pair) {
  return observation.paired.pairs[pair].sample;
}

Json PointJson(const Observation& observation, size_t pair, const Eigen::Vector2d& place_px) {
  return Json::array({SampleFrame(observation, pair),
                      Rounded(place_px.x() * observation.paired.sample_px_per_px_x),
                      Rounded(place_px.y() * observation.paired.sample_px_per_px_y)});
}

const char* StateName(ObjectState state) {
  switch (state) {
    case ObjectState::kOccluded:
      return "occluded";
    case ObjectState::kOutOfView:
      return "out_of_view";
    case ObjectState::kLost:
      return "absent";
    default:
      return "visible";
  }
}

// The found box; where the object is lost, a box of its size at the truth's place.
Json BoxJson(const Observation& observation,
             const PermanenceVerdict& verdict,
             size_t object,
             size_t pair) {
  const Sighting& sighting = observation.sample_tracks[object].sightings[pair];
  Eigen::Vector4d box = sighting.box_px;
  if (!sighting.found) {
    const double size_px = observation.objects[object].expected[pair].size_px;
    const Eigen::Vector2d place = observation.TruthPlace(object, pair);
    box << place.x() - size_px / 2, place.y() - size_px / 2, size_px, size_px;
  }
  const double sx = observation.paired.sample_px_per_px_x;
  const double sy = observation.paired.sample_px_per_px_y;
  return {{"body", observation.objects[object].name},
          {"frame", SampleFrame(observation, pair)},
          {"box",
           Json::array({Rounded(box[0] * sx),
                        Rounded(box[1] * sy),
                        Rounded(box[2] * sx),
                        Rounded(box[3] * sy)})},
          {"state", StateName(verdict.frames[object][pair].state)}};
}

Json BoxesJson(const Observation& observation, const PermanenceVerdict& verdict) {
  Json boxes = Json::array();
  for (size_t i = 0; i < observation.objects.size(); ++i) {
    for (size_t k = 0; k < observation.times_s.size(); ++k) {
      if (verdict.frames[i][k].state == ObjectState::kNotAsked) continue;
      boxes.push_back(BoxJson(observation, verdict, i, k));
    }
  }
  return boxes;
}

Json EventJson(const Observation& observation, const PermanenceEvent& event) {
  return {{"frame", SampleFrame(observation, event.pair)},
          {"kind", event.kind},
          {"body", observation.objects[event.object].name},
          {"text", event.text}};
}

// Mean credit of the asked objects, NaN where none is asked.
std::vector<double> MeanCredit(const PermanenceVerdict& verdict, size_t pairs) {
  std::vector<double> credit(pairs, std::numeric_limits<double>::quiet_NaN());
  for (size_t k = 0; k < pairs; ++k) {
    double sum = 0.0;
    int asked = 0;
    for (const auto& frames : verdict.frames) {
      if (!frames[k].asked) continue;
      sum += frames[k].credit;
      ++asked;
    }
    if (asked > 0) credit[k] = sum / asked;
  }
  return credit;
}

// Sample frames with less than full credit, worst first.
std::vector<int> WorstFrames(const Observation& observation, const std::vector<double>& credit) {
  std::vector<size_t> pairs;
  for (size_t k = 0; k < credit.size(); ++k) {
    if (credit[k] < 0.99) pairs.push_back(k);
  }
  std::stable_sort(
      pairs.begin(), pairs.end(), [&](size_t a, size_t b) { return credit[a] < credit[b]; });
  std::vector<int> frames;
  for (const size_t k : pairs) frames.push_back(SampleFrame(observation, k));
  return frames;
}

}  // namespace

Json TrajectoriesJson(const Observation& observation) {
  Json trajectories = Json::array();
  for (size_t i = 0; i < observation.objects.size(); ++i) {
    Json truth = Json::array();
    Json sample = Json::array();
    for (size_t k = 0; k < observation.times_s.size(); ++k) {
      if (observation.trusted[i][k]) {
        truth.push_back(PointJson(observation, k, observation.TruthPlace(i, k)));
      }
      const Sighting& sighting = observation.sample_tracks[i].sightings[k];
      if (sighting.found) sample.push_back(PointJson(observation, k, sighting.centroid_px));
    }
    trajectories.push_back(
        {{"body", observation.objects[i].name}, {"truth", truth}, {"sample", sample}});
  }
  return trajectories;
}

Json StripJson(const Observation& observation,
               const std::string& name,
               const std::string& unit,
               const std::vector<double>& values) {
  const int frames = SampleFrame(observation, observation.times_s.size() - 1) + 1;
  std::vector<Json> strip(frames, nullptr);
  for (size_t k = 0; k < values.size(); ++k) {
    if (std::isfinite(values[k])) strip[SampleFrame(observation, k)] = Rounded(values[k]);
  }
  return {{"name", name}, {"unit", unit}, {"values", strip}};
}

Evidence PersistenceEvidence(const Observation& observation, const PermanenceVerdict& verdict) {
  const std::vector<double> credit = MeanCredit(verdict, observation.times_s.size());
  Evidence evidence;
  evidence.frames = WorstFrames(observation, credit);
  Json events = Json::array();
  for (const PermanenceEvent& event : verdict.events) {
    events.push_back(EventJson(observation, event));
  }
  evidence.details["objects"] = observation.objects.size();
  evidence.details["per_frame"] = StripJson(observation, "persistence", "share", credit);
  evidence.details["trajectories"] = TrajectoriesJson(observation);
  evidence.details["boxes"] = BoxesJson(observation, verdict);
  evidence.details["events"] = std::move(events);
  return evidence;
}

Evidence EventEvidence(const Observation& observation,
                       const PermanenceVerdict& verdict,
                       const std::string& kind) {
  Evidence evidence;
  Json events = Json::array();
  for (const PermanenceEvent& event : verdict.events) {
    if (event.kind != kind) continue;
    evidence.frames.push_back(SampleFrame(observation, event.pair));
    events.push_back(EventJson(observation, event));
  }
  evidence.details["events"] = std::move(events);
  return evidence;
}

Evidence ReappearanceEvidence(const Observation& observation,
                              const std::vector<Reappearance>& reappearances) {
  Evidence evidence;
  Json list = Json::array();
  for (const Reappearance& event : reappearances) {
    const int frame = SampleFrame(observation, event.visible_from);
    if (!event.reacquired) evidence.frames.push_back(frame);
    list.push_back({{"body", observation.objects[event.object].name},
                    {"hidden_from", SampleFrame(observation, event.hidden_from)},
                    {"visible_from", frame},
                    {"reacquired", event.reacquired}});
  }
  evidence.details["occlusions"] = std::move(list);
  return evidence;
}

}  // namespace plumb
