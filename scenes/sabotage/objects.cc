// SPDX-License-Identifier: Apache-2.0
// Objects that vanish or exchange their looks.
#include <algorithm>
#include <cmath>

#include "core/errors.h"
#include "scenes/sabotage/internal_sabotage.h"

namespace plumb {
namespace {

int OtherObject(const Scene& scene, int body) {
  for (size_t i = 0; i < scene.bodies.size(); ++i) {
    if (static_cast<int>(i) != body && scene.bodies[i].role == Role::kObject)
      return static_cast<int>(i);
  }
  throw UsageError(fmt::format("scene '{}' has no second object to swap with", scene.id));
}

bool HasOccluder(const Scene& scene) {
  return std::any_of(scene.bodies.begin(), scene.bodies.end(), [](const Body& body) {
    return body.role == Role::kOccluder;
  });
}

// The first frame from `first` on in which nothing of the body is seen; `first` without an
// occluder, or when never.
int HiddenFrame(const Truth& truth, int body, int first) {
  if (!HasOccluder(truth.scene)) return first;
  for (int frame = first; frame < truth.num_frames(); ++frame) {
    const BodyView& view = truth.views[frame][body];
    if (view.presence == Presence::kOccluded && view.modal_area_px == 0) return frame;
  }
  return first;
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

Video BreakExistence(const SabotageJob& asked) {
  SabotageJob job = asked;
  const int body = ChosenBody(job.truth.scene, job.sabotage.body);
  const int moment = job.sabotage.onset_frame < 0 ? HiddenFrame(job.truth, body, job.first_frame)
                                                  : job.first_frame;
  const int frames = job.truth.num_frames();
  job.first_frame = frames - static_cast<int>(std::lround(job.sabotage.amount * (frames - moment)));
  if (job.first_frame >= frames) return job.truth.video;
  RenderVariation variation;
  variation.changing_bodies = {body};
  variation.is_gone = [first = job.first_frame](int, int frame) { return frame >= first; };
  Intervention change;
  change.body = body;
  change.take_out = true;
  return Rendered(job, SimulatedWith(job, change), variation);
}

Video BreakIdentity(const SabotageJob& asked) {
  SabotageJob job = asked;
  const Scene& scene = job.truth.scene;
  const int body = ChosenBody(scene, job.sabotage.body);
  const int other = OtherObject(scene, body);
  if (job.sabotage.onset_frame < 0) job.first_frame = HiddenFrame(job.truth, body, job.first_frame);
  RenderVariation variation;
  variation.changing_bodies = {body, other};
  variation.material = [&scene, body, other, share = job.sabotage.amount](int asked, int) {
    return Mixed(
        scene.bodies[asked].material, scene.bodies[asked == body ? other : body].material, share);
  };
  return Rendered(job, job.truth.motion, variation);
}

}  // namespace plumb
