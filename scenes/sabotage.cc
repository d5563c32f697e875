// SPDX-License-Identifier: Apache-2.0
#include "scenes/sabotage.h"

#include <algorithm>
#include <array>

#include "core/check.h"
#include "core/document.h"
#include "core/errors.h"
#include "scenes/sabotage/internal_sabotage.h"

namespace plumb {
namespace {

RenderOptions OptionsOf(const Truth& truth) {
  RenderOptions options;
  options.width = truth.video.width();
  options.height = truth.video.height();
  options.frames = truth.num_frames();
  options.fps = truth.video.fps();
  return RenderOptions::PicturesOnly(options);
}

// The truth's own frames before `first_frame`, then the given ones.
Video Assemble(const Truth& truth, int first_frame, std::vector<Image> rest) {
  std::vector<Image> frames(truth.video.frames().begin(),
                            truth.video.frames().begin() + first_frame);
  std::move(rest.begin(), rest.end(), std::back_inserter(frames));
  return {std::move(frames), truth.video.fps(), truth.video.times_s()};
}

using Breaker = Video (*)(const SabotageJob&);
struct Entry {
  std::string_view law;
  Breaker breaker;
  double low;
  double high;
};
constexpr double kNoLimit = 1e6;
const std::array<Entry, 7> kEntries = {{
    {"gravity", BreakGravity, -kNoLimit, kNoLimit},
    {"restitution", BreakRestitution, 0, kNoLimit},
    {"vanish", BreakExistence, 0, 1},
    {"swap", BreakIdentity, 0, 1},
    {"teleport", BreakContinuity, -kNoLimit, kNoLimit},
    {"warp_px", BreakRigidity, -kNoLimit, kNoLimit},
    {"drift_px", BreakFixedness, -kNoLimit, kNoLimit},
}};

}  // namespace

// The body named, or the first object that can move, or the first object.
int ChosenBody(const Scene& scene, const std::string& name) {
  std::vector<std::string> names;
  int chosen = -1;
  for (size_t i = 0; i < scene.bodies.size(); ++i) {
    const Body& body = scene.bodies[i];
    names.push_back(body.name);
    if (body.name == name) return static_cast<int>(i);
    if (body.role != Role::kObject) continue;
    if (chosen < 0 || (scene.bodies[chosen].fixed && !body.fixed)) chosen = static_cast<int>(i);
  }
  if (!name.empty()) {
    const std::string nearest = NearestName(name, names);
    throw UsageError(fmt::format("scene '{}' has no body '{}'{}",
                                 scene.id,
                                 name,
                                 nearest.empty() ? "" : "; did you mean '" + nearest + "'?"));
  }
  if (chosen < 0) throw UsageError(fmt::format("scene '{}' has no object to sabotage", scene.id));
  return chosen;
}

Motion SimulatedWith(const SabotageJob& job, Intervention change) {
  SimulateOptions options;
  options.fps = job.options.fps;
  options.minimum_rate_hz = job.truth.motion.rate_hz;
  options.duration_s = (job.truth.motion.states.size() - 1) / job.truth.motion.rate_hz;
  change.time_s = (job.first_frame - 1) / job.options.fps;
  options.interventions = {change};
  return Simulate(job.truth.scene, options, job.progress);
}

Video Rendered(const SabotageJob& job, const Motion& motion, const RenderVariation& variation) {
  return Assemble(job.truth,
                  job.first_frame,
                  RenderPictures({job.truth.scene, motion, job.options, variation, job.first_frame},
                                 job.progress));
}

Video MakeSabotaged(const Truth& truth,
                    const Sabotage& sabotage,
                    int conditioning_frames,
                    const Progress& progress) {
  PLUMB_CHECK(conditioning_frames >= 0 && conditioning_frames <= truth.num_frames(),
              "{} conditioning frames of {}",
              conditioning_frames,
              truth.num_frames());
  const Law& law = FindLaw(sabotage.law);
  const auto entry = std::find_if(
      kEntries.begin(), kEntries.end(), [&](const Entry& e) { return e.law == law.id; });
  PLUMB_CHECK(entry != kEntries.end(), "no saboteur for the law {}", law.id);
  if (!(sabotage.amount >= entry->low && sabotage.amount <= entry->high)) {
    throw UsageError(fmt::format("sabotage '{}': the amount is {}, expected {} to {}",
                                 law.id,
                                 sabotage.amount,
                                 entry->low,
                                 entry->high));
  }
  if (!sabotage.body.empty()) ChosenBody(truth.scene, sabotage.body);
  // The first frame of all shows the scene as given and is never changed.
  const int first_frame = std::max({1, conditioning_frames, sabotage.onset_frame});
  if (sabotage.amount == law.neutral || first_frame >= truth.num_frames()) return truth.video;
  return entry->breaker({truth, sabotage, first_frame, OptionsOf(truth), progress});
}

}  // namespace plumb
