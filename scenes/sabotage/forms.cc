// SPDX-License-Identifier: Apache-2.0
// Objects of another form or size.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/errors.h"
#include "scenes/rendering/internal_mesh.h"
#include "scenes/sabotage/internal_forms.h"
#include "scenes/sabotage/internal_restart.h"

namespace plumb {
namespace {

constexpr double kBreath_hz = 1.0;

}  // namespace

void Reshape(const Shape& shape, bool rests, Body& body) {
  Body reshaped = body;
  reshaped.shape = shape;
  if (rests) reshaped.world_from_body.translation.z() += ReachBelow(reshaped) - ReachBelow(body);
  body = reshaped;
}

BrokenVideo InNewForms(const SabotageJob& job, const std::vector<NewForm>& forms) {
  const Motion& truth = job.truth.motion;
  const int step = StepOfFrame(job, job.first_frame - 1);
  Scene shown = job.truth.scene;
  const auto edit = [&](Scene& scene) {
    for (const NewForm& form : forms) {
      Body& body = scene.bodies[form.body];
      Reshape(form.shape, !IsInFlight(job, truth, form.body, step), body);
      body.mass_kg *= form.mass_factor;
      shown.bodies[form.body].shape = form.shape;
      if (body.fixed) shown.bodies[form.body].world_from_body = body.world_from_body;
    }
  };
  const Motion motion = Restarted(job, truth, {step, LastStep(job), edit});
  return RenderedScene(job, shown, motion, forms.front().body);
}

Shape Lengthened(const Body& body, double share) {
  Shape shape = body.shape;
  const double longer = 1 + share;
  const double thinner = 1 / std::sqrt(longer);
  if (shape.kind == ShapeKind::kCompound) {
    throw UsageError(
        fmt::format("sabotage 'mutate_shape': '{}' is made of several parts", body.name));
  }
  if (shape.kind == ShapeKind::kSphere) {
    shape.kind = ShapeKind::kCapsule;
    const double volume = VolumeOf(body.shape);
    // As long as asked; as thick as keeps the volume: V = π r² (L − 2 r / 3).
    const double length = longer * shape.size_m.x();
    double low = 0;
    double high = shape.size_m.x() / 2;
    for (int k = 0; k < 60; ++k) {
      const double r = (low + high) / 2;
      (std::numbers::pi * r * r * (length - 2 * r / 3) < volume ? low : high) = r;
    }
    shape.size_m = {2 * low, 2 * low, length};
    return shape;
  }
  const Eigen::Vector3d stretch(thinner, thinner, longer);
  for (Eigen::Vector3d& point : shape.points_m) point = point.cwiseProduct(stretch);
  shape.size_m = shape.size_m.cwiseProduct(stretch);
  // A torus's tube is as thick both ways, so it grows in width only.
  if (shape.kind == ShapeKind::kTorus)
    shape.size_m = body.shape.size_m.cwiseProduct(Eigen::Vector3d(longer, longer, thinner));
  shape.wall_m *= thinner;
  return shape;
}

// Moves as it did, or else a ball that has become a capsule would hardly roll on, and more laws
// than one would seem broken.
BrokenVideo BreakForm(const SabotageJob& asked) {
  const int body = ChosenBody(asked.truth.scene, asked.sabotage.body);
  const SabotageJob job = AtNaturalFrame(asked, body);
  Scene shown = job.truth.scene;
  shown.bodies[body].shape = Lengthened(shown.bodies[body], job.sabotage.amount);
  Motion motion = job.truth.motion;
  for (int frame = job.first_frame; frame < job.truth.num_frames(); ++frame) {
    const int step = StepOfFrame(job, frame);
    Body there = job.truth.scene.bodies[body];
    there.world_from_body = motion.states[step][body].world_from_body;
    const bool rests = !IsInFlight(job, job.truth.motion, body, step);
    Reshape(shown.bodies[body].shape, rests, there);
    motion.states[step][body].world_from_body = there.world_from_body;
    if (there.fixed) shown.bodies[body].world_from_body = there.world_from_body;
  }
  return RenderedScene(job, shown, motion, body);
}

BrokenVideo BreakSize(const SabotageJob& asked) {
  const int body = ChosenBody(asked.truth.scene, asked.sabotage.body);
  const double factor = asked.sabotage.amount;
  const Shape shape = Scaled(asked.truth.scene.bodies[body].shape, factor);
  return InNewForms(AtNaturalFrame(asked, body), {{body, shape, factor * factor * factor}});
}

BrokenVideo BreakScale(const SabotageJob& job) {
  const Scene& truth = job.truth.scene;
  const int only = NamedBody(job);
  std::vector<Image> pictures;
  for (int frame = job.first_frame; frame < job.truth.num_frames(); ++frame) {
    job.progress.ThrowIfCancelled();
    const double time_s = (frame - job.first_frame + 1) / job.options.fps;
    const double factor =
        1 + job.sabotage.amount * std::sin(2 * std::numbers::pi * kBreath_hz * time_s);
    Scene scene = truth;
    const int step = StepOfFrame(job, frame);
    Motion motion{job.truth.motion.rate_hz, {}, {}};
    motion.states.assign(step + 1, job.truth.motion.states[step]);
    for (int b = 0; b < static_cast<int>(scene.bodies.size()); ++b) {
      if (only < 0 ? scene.bodies[b].role != Role::kObject : b != only) continue;
      Body& body = scene.bodies[b];
      body.world_from_body = motion.states[step][b].world_from_body;
      const bool rests = !IsInFlight(job, job.truth.motion, b, step);
      Reshape(Scaled(truth.bodies[b].shape, factor), rests, body);
      motion.states[step][b].world_from_body = body.world_from_body;
    }
    RenderOptions one = job.options;
    one.frames = frame + 1;
    pictures.push_back(RenderPictures({scene, motion, one, {}, frame}, job.progress).front());
  }
  return Assembled(job, std::move(pictures), only);
}

}  // namespace plumb
