// SPDX-License-Identifier: Apache-2.0
#include "scenes/sabotage.h"

#include <algorithm>
#include <array>

#include "core/check.h"
#include "core/document.h"
#include "core/errors.h"
#include "scenes/rendering/internal_protocol.h"
#include "scenes/sabotage/internal_sabotage.h"

namespace plumb {
namespace {

using Breaker = BrokenVideo (*)(const SabotageJob&);
struct Entry {
  std::string_view law;
  Breaker breaker;
};
constexpr std::array<Entry, 33> kEntries = {{
    {"gravity", BreakGravity},
    {"gravity_direction", BreakGravityDirection},
    {"friction", BreakFriction},
    {"inertia", BreakInertia},
    {"restitution", BreakRestitution},
    {"momentum", BreakMomentum},
    {"energy_gain", BreakEnergy},
    {"late_contact", BreakPromptness},
    {"early_reaction", BreakCausality},
    {"penetrate", BreakSolidity},
    {"hover", BreakSupport},
    {"time_warp", BreakClock},
    {"freeze_mid_air", BreakFlight},
    {"vanish", BreakExistence},
    {"appear", BreakAbsence},
    {"duplicate", BreakUniqueness},
    {"merge", BreakSeparateness},
    {"split", BreakWholeness},
    {"count_drift", BreakCount},
    {"teleport", BreakContinuity},
    {"swap", BreakIdentity},
    {"mutate_colour", BreakColour},
    {"mutate_shape", BreakForm},
    {"mutate_size", BreakSize},
    {"warp_px", BreakRigidity},
    {"drift_px", BreakFixedness},
    {"texture_swim", BreakTextureHold},
    {"shear_background", BreakBackground},
    {"scale_breathe", BreakScale},
    {"parallax_flat", BreakParallax},
    {"focal_breathe", BreakFocalLength},
    {"pose_jitter", BreakPose},
    {"cut", BreakShot},
}};

Breaker BreakerOf(const Law& law) {
  const auto entry = std::find_if(
      kEntries.begin(), kEntries.end(), [&](const Entry& e) { return e.law == law.id; });
  PLUMB_CHECK(entry != kEntries.end(), "no saboteur for the law {}", law.id);
  return entry->breaker;
}

void CheckAmount(const Law& law, double amount) {
  if (amount >= law.low && amount <= law.high) return;
  throw UsageError(fmt::format(
      "sabotage '{}': the amount is {}, expected {} to {}", law.id, amount, law.low, law.high));
}

// The box around the pixels of a frame that differ; 0 changed pixels where none does.
ChangedRegion RegionOf(const Image& truth, const Image& other) {
  ChangedRegion region;
  int right = -1;
  int bottom = -1;
  region.left_px = truth.width;
  region.top_px = truth.height;
  for (int y = 0; y < truth.height; ++y) {
    for (int x = 0; x < truth.width; ++x) {
      if (std::equal(truth.Pixel(x, y), truth.Pixel(x, y) + 3, other.Pixel(x, y))) continue;
      ++region.changed_px;
      region.left_px = std::min(region.left_px, x);
      region.top_px = std::min(region.top_px, y);
      right = std::max(right, x);
      bottom = std::max(bottom, y);
    }
  }
  region.width_px = std::max(0, right + 1 - region.left_px);
  region.height_px = std::max(0, bottom + 1 - region.top_px);
  return region;
}

SabotagedVideo Recorded(const Truth& truth, const Sabotage& sabotage, BrokenVideo broken) {
  SabotageRecord record;
  record.law = sabotage.law;
  record.amount = sabotage.amount;
  record.body = broken.body;
  record.onset_frame = broken.onset_frame;
  record.regions = RegionsThatDiffer(truth.video, broken.video);
  if (!record.regions.empty()) {
    record.first_frame = record.regions.front().frame;
    record.last_frame = record.regions.back().frame;
  }
  return {std::move(broken.video), std::move(record)};
}

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

int NamedBody(const SabotageJob& job) {
  const std::string& name = job.sabotage.body;
  return name.empty() ? -1 : ChosenBody(job.truth.scene, name);
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

BrokenVideo Assembled(const SabotageJob& job, std::vector<Image> rest, int body) {
  const Video& truth = job.truth.video;
  std::vector<Image> frames(truth.frames().begin(), truth.frames().begin() + job.first_frame);
  std::move(rest.begin(), rest.end(), std::back_inserter(frames));
  const std::vector<Body>& bodies = job.truth.scene.bodies;
  return {Video(std::move(frames), truth.fps(), truth.times_s()),
          job.first_frame,
          body >= 0 && body < static_cast<int>(bodies.size()) ? bodies[body].name : ""};
}

BrokenVideo Rendered(const SabotageJob& job,
                     const Motion& motion,
                     const RenderVariation& variation,
                     int body) {
  return Assembled(
      job,
      RenderPictures({job.truth.scene, motion, job.options, variation, job.first_frame},
                     job.progress),
      body);
}

BrokenVideo RenderedScene(const SabotageJob& job,
                          const Scene& scene,
                          const Motion& motion,
                          int body) {
  BrokenVideo broken = Assembled(
      job, RenderPictures({scene, motion, job.options, {}, job.first_frame}, job.progress), body);
  if (body >= 0) broken.body = scene.bodies[body].name;
  return broken;
}

std::vector<ChangedRegion> RegionsThatDiffer(const Video& truth, const Video& other) {
  PLUMB_CHECK(truth.num_frames() == other.num_frames() && truth.width() == other.width() &&
                  truth.height() == other.height(),
              "{} frames of {}x{} against {} of {}x{}",
              truth.num_frames(),
              truth.width(),
              truth.height(),
              other.num_frames(),
              other.width(),
              other.height());
  std::vector<ChangedRegion> regions;
  for (int frame = 0; frame < truth.num_frames(); ++frame) {
    ChangedRegion region = RegionOf(truth.frame(frame), other.frame(frame));
    region.frame = frame;
    if (region.changed_px > 0) regions.push_back(region);
  }
  return regions;
}

SabotagedVideo MakeSabotaged(const Truth& truth,
                             const Sabotage& sabotage,
                             int conditioning_frames,
                             const Progress& progress) {
  PLUMB_CHECK(conditioning_frames >= 0 && conditioning_frames <= truth.num_frames(),
              "{} conditioning frames of {}",
              conditioning_frames,
              truth.num_frames());
  const Law& law = FindLaw(sabotage.law);
  CheckAmount(law, sabotage.amount);
  if (!sabotage.body.empty()) ChosenBody(truth.scene, sabotage.body);
  // The first frame of all shows the scene as given and is never changed.
  const int first_frame = std::max({1, conditioning_frames, sabotage.onset_frame});
  if (sabotage.amount == law.neutral || first_frame >= truth.num_frames()) {
    return Recorded(truth, sabotage, {truth.video, first_frame, sabotage.body});
  }
  const SabotageJob job{truth, sabotage, first_frame, PicturesLike(truth), progress};
  return Recorded(truth, sabotage, BreakerOf(law)(job));
}

}  // namespace plumb
