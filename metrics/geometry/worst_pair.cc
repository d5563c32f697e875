// SPDX-License-Identifier: Apache-2.0
#include "metrics/geometry/worst_pair.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "metrics/pairing.h"

namespace plumb {
namespace {

constexpr int kMaxFrames = 20;  // of a world that are compared
constexpr size_t kMinMatches = 12;
constexpr int kShown = 12;
constexpr double kMaxDistanceUnits = 256.0;  // the picture's own size; more says nothing more

Eigen::Matrix3d Skew(const Eigen::Vector3d& v) {
  Eigen::Matrix3d skew;
  skew << 0.0, -v.z(), v.y(), v.z(), 0.0, -v.x(), -v.y(), v.x(), 0.0;
  return skew;
}

// The part of a line (a x + b y + c = 0) inside of the picture.
std::optional<LineAcross> Clipped(const Eigen::Vector3d& line, double width, double height) {
  std::vector<Eigen::Vector2d> ends;
  const auto add = [&](double x, double y) {
    if (x >= -1e-9 && x <= width + 1e-9 && y >= -1e-9 && y <= height + 1e-9)
      ends.emplace_back(x, y);
  };
  if (line.y() != 0.0) {
    for (const double x : {0.0, width}) add(x, -(line.z() + line.x() * x) / line.y());
  }
  if (line.x() != 0.0) {
    for (const double y : {0.0, height}) add(-(line.z() + line.y() * y) / line.x(), y);
  }
  if (ends.empty()) return std::nullopt;
  // Of up to four crossings (through corners), the two farthest apart.
  const Eigen::Vector2d from = ends.front();
  const Eigen::Vector2d to = *std::max_element(ends.begin(), ends.end(), [&](auto& a, auto& b) {
    return (a - from).squaredNorm() < (b - from).squaredNorm();
  });
  if ((to - from).norm() < 1.0) return std::nullopt;
  return LineAcross{from.x(), from.y(), to.x(), to.y()};
}

// Compares two frames of one world.
class PairView {
 public:
  PairView(const TrackSet& set, const PosedClip& clip, std::array<int, 2> frames)
      : set_(set), clip_(clip), frames_(frames) {
    for (const int side : {0, 1}) {
      const Rigid3 to_from_other =
          clip.camera_from_world[frames[side]] * Inverse(clip.camera_from_world[frames[1 - side]]);
      rotation_[side] = to_from_other.rotation.toRotationMatrix();
      essential_[side] = Skew(to_from_other.translation.normalized()) * rotation_[side];
    }
  }

  PairMatch Match(int track) const {
    PairMatch match;
    match.track = track;
    for (const int side : {0, 1}) match.seen_px[side] = set_.tracks[track].At(frames_[side]);
    for (const int side : {0, 1}) match.distance_px += 0.5 * Compare(side, match);
    return match;
  }

 private:
  // Fills in what the other frame's sighting predicts in this one; the distance from it.
  double Compare(int side, PairMatch& match) const {
    const double too_far_px = kMaxDistanceUnits * set_.UnitPx();
    const Eigen::Vector3d ray = clip_.pinhole.Ray(match.seen_px[1 - side]);
    const Eigen::Vector2d& seen = match.seen_px[side];
    if (clip_.turns_only) {
      match.expected_px[side] = clip_.pinhole.Project(rotation_[side] * ray);
      if (!match.expected_px[side]) return too_far_px;
      return std::min(too_far_px, (*match.expected_px[side] - seen).norm());
    }
    const Eigen::Vector3d line = InPixels(essential_[side] * ray);
    const double length = line.head<2>().norm();
    if (length < 1e-12) return 0.0;  // the epipole itself: every place agrees
    match.line[side] = Clipped(line / length, set_.width, set_.height);
    return std::min(too_far_px, std::abs(line.dot(seen.homogeneous())) / length);
  }

  // K⁻ᵀ l of the centred pinhole.
  Eigen::Vector3d InPixels(const Eigen::Vector3d& line) const {
    const double focal_px = clip_.pinhole.focal_px;
    const Eigen::Vector2d& centre = clip_.pinhole.centre_px;
    return {line.x() / focal_px,
            line.y() / focal_px,
            line.z() - (line.x() * centre.x() + line.y() * centre.y()) / focal_px};
  }

  const TrackSet& set_;
  const PosedClip& clip_;
  std::array<int, 2> frames_;
  std::array<Eigen::Matrix3d, 2> rotation_;   // of a frame from the other
  std::array<Eigen::Matrix3d, 2> essential_;  // x_frameᵀ E x_other = 0
};

std::vector<int> ComparedFrames(const RigidWorld& world) {
  std::vector<int> posed;
  const int end = std::min(world.stretch.last + 1, static_cast<int>(world.clip.posed.size()));
  for (int frame = world.stretch.first; frame < end; ++frame) {
    if (world.clip.posed[frame]) posed.push_back(frame);
  }
  std::vector<int> chosen;
  for (const int i : EvenlyChosen(static_cast<int>(posed.size()), kMaxFrames)) {
    chosen.push_back(posed[i]);
  }
  return chosen;
}

bool SameCentre(const PosedClip& clip, const std::array<int, 2>& frames) {
  const Rigid3 a_from_b =
      clip.camera_from_world[frames[0]] * Inverse(clip.camera_from_world[frames[1]]);
  return a_from_b.translation.norm() < 1e-9;
}

std::optional<WorstPair> Compared(const TrackSet& set,
                                  const RigidWorld& world,
                                  const std::set<int>& held_out,
                                  const std::array<int, 2>& frames) {
  if (!world.clip.turns_only && SameCentre(world.clip, frames)) return std::nullopt;
  const PairView view(set, world.clip, frames);
  WorstPair pair{frames, 0.0, {}};
  for (const int track : held_out) {
    if (!set.tracks[track].Sees(frames[0]) || !set.tracks[track].Sees(frames[1])) continue;
    pair.matches.push_back(view.Match(track));
  }
  if (pair.matches.size() < kMinMatches) return std::nullopt;
  std::stable_sort(
      pair.matches.begin(), pair.matches.end(), [](const PairMatch& a, const PairMatch& b) {
        return a.distance_px < b.distance_px;
      });
  pair.median_px = pair.matches[pair.matches.size() / 2].distance_px;
  return pair;
}

}  // namespace

std::optional<WorstPair> FindWorstPair(const TrackSet& set, const WorldFit& fit) {
  std::set<int> held_out;
  for (const ScoredTrack& track : fit.tracks) held_out.insert(track.track);
  std::optional<WorstPair> worst;
  for (const RigidWorld& world : fit.worlds) {
    const std::vector<int> frames = ComparedFrames(world);
    for (size_t a = 0; a < frames.size(); ++a) {
      for (size_t b = a + 1; b < frames.size(); ++b) {
        auto pair = Compared(set, world, held_out, {frames[a], frames[b]});
        if (pair && (!worst || pair->median_px > worst->median_px)) worst = std::move(pair);
      }
    }
  }
  return worst;
}

Json ToJson(const WorstPair& pair, const TrackSet& set) {
  const auto in_sample = [&](double px) { return std::round(px * set.sample_scale * 10.0) / 10.0; };
  const auto numbers = [&](const auto& values) {
    Json json = Json::array();
    for (const double value : values) json.push_back(in_sample(value));
    return json;
  };
  const bool turns_only =
      pair.matches.front().expected_px[0] || pair.matches.front().expected_px[1];
  Json shown = Json::array();
  for (const int i : EvenlyChosen(static_cast<int>(pair.matches.size()), kShown)) {
    const PairMatch& match = pair.matches[i];
    Json json = {{"px", std::round(match.distance_px * set.sample_scale * 100.0) / 100.0},
                 {"seen", Json::array()}};
    Json& model = json[turns_only ? "expected" : "lines"] = Json::array();
    for (const int side : {0, 1}) {
      json["seen"].push_back(numbers(match.seen_px[side]));
      if (turns_only) {
        model.push_back(match.expected_px[side] ? numbers(*match.expected_px[side]) : Json());
      } else {
        model.push_back(match.line[side] ? numbers(*match.line[side]) : Json());
      }
    }
    shown.push_back(std::move(json));
  }
  return {{"frames", {set.frames[pair.frames[0]], set.frames[pair.frames[1]]}},
          {"median_px", std::round(pair.median_px * set.sample_scale * 100.0) / 100.0},
          {"matches", pair.matches.size()},
          {"turns_only", turns_only},
          {"shown", std::move(shown)}};
}

}  // namespace plumb
