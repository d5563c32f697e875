// SPDX-License-Identifier: Apache-2.0
// Objects that vanish or exchange their looks.
#include <algorithm>
#include <cmath>

#include "core/errors.h"
#include "scenes/sabotage/internal_restart.h"

namespace plumb {
namespace {

// An object of which so much is seen stands in the open.
constexpr double kOpenShare = 0.99;

int OtherObject(const Scene& scene, int body) {
  for (size_t i = 0; i < scene.bodies.size(); ++i) {
    if (static_cast<int>(i) != body && scene.bodies[i].role == Role::kObject)
      return static_cast<int>(i);
  }
  throw UsageError(fmt::format("scene '{}' has no second object to swap with", scene.id));
}

// Behind: the first frame in which the object is hidden. Open: the first in which all of it shows.
int VanishFrame(const SabotageJob& job, int body) {
  if (job.sabotage.mode.empty()) return AtNaturalFrame(job, body).first_frame;
  if (job.sabotage.mode == "behind") {
    const int hidden = HiddenFrame(job.truth, body, job.first_frame);
    if (hidden >= 0) return hidden;
    throw UsageError(fmt::format("sabotage 'vanish=behind': nothing hides '{}' in scene '{}'",
                                 job.truth.scene.bodies[body].name,
                                 job.truth.scene.id));
  }
  for (int frame = job.first_frame; frame < job.truth.num_frames(); ++frame) {
    if (job.truth.views[frame][body].visible_share >= kOpenShare) return frame;
  }
  throw UsageError(fmt::format("sabotage 'vanish=open': '{}' never shows as a whole in scene '{}'",
                               job.truth.scene.bodies[body].name,
                               job.truth.scene.id));
}

// A look between two; the pattern is that of the nearer.
Material Mixed(const Material& own, const Material& other, double share) {
  Material mixed = share < 0.5 ? own : other;
  mixed.colour = (1 - share) * own.colour + share * other.colour;
  mixed.second_colour = (1 - share) * own.second_colour + share * other.second_colour;
  mixed.gloss = (1 - share) * own.gloss + share * other.gloss;
  return mixed;
}

}  // namespace

BrokenVideo BreakExistence(const SabotageJob& asked) {
  SabotageJob job = asked;
  const int body = ChosenBody(job.truth.scene, job.sabotage.body);
  const int moment = VanishFrame(job, body);
  const int frames = job.truth.num_frames();
  job.first_frame = frames - static_cast<int>(std::lround(job.sabotage.amount * (frames - moment)));
  if (job.first_frame >= frames)
    return {job.truth.video, frames, job.truth.scene.bodies[body].name};
  RenderVariation variation;
  variation.changing_bodies = {body};
  variation.is_gone = [first = job.first_frame](int, int frame) { return frame >= first; };
  Intervention change;
  change.body = body;
  change.take_out = true;
  return Rendered(job, SimulatedWith(job, change), variation, body);
}

BrokenVideo BreakIdentity(const SabotageJob& asked) {
  SabotageJob job = asked;
  const Scene& scene = job.truth.scene;
  const int body = ChosenBody(scene, job.sabotage.body);
  const int other = OtherObject(scene, body);
  job.first_frame = AtNaturalFrame(job, body).first_frame;
  RenderVariation variation;
  variation.changing_bodies = {body, other};
  variation.material = [&scene, body, other, share = job.sabotage.amount](int asked, int) {
    return Mixed(
        scene.bodies[asked].material, scene.bodies[asked == body ? other : body].material, share);
  };
  return Rendered(job, job.truth.motion, variation, body);
}

}  // namespace plumb
