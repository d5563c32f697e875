// SPDX-License-Identifier: Apache-2.0
// Objects that nobody brought: out of nowhere, copies, ever more of them.
#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "core/errors.h"
#include "scenes/rendering/internal_footprint.h"
#include "scenes/rendering/internal_passes.h"
#include "scenes/sabotage/internal_forms.h"
#include "scenes/sabotage/internal_restart.h"

namespace plumb {
namespace {

constexpr double kSettle_s = 2.0;
// Room between a newcomer and others, as a share of both radii.
constexpr double kRoom = 1.05;
// So much of a newcomer must be seen at once.
constexpr double kSeen = 0.9;
constexpr int kMost_newcomers = 12;

struct View {
  Eigen::Vector3d right;
  Eigen::Vector3d away;  // level
};

View ViewAt(const SabotageJob& job, int frame) {
  const Rigid3 world_from_camera = Inverse(job.truth.cameras[frame].camera_from_world);
  View view{world_from_camera.rotation * Eigen::Vector3d::UnitX(),
            world_from_camera.rotation * Eigen::Vector3d::UnitZ()};
  view.right.z() = view.away.z() = 0;
  view.right.normalize();
  view.away.normalize();
  return view;
}

// Distance of a ball's surface from a fixed box's, below 0 inside.
double RoomBeside(const Body& box, const Eigen::Vector3d& centre_m, double radius_m) {
  const Eigen::Vector3d inside = Inverse(box.world_from_body) * centre_m;
  const Eigen::Vector3d beyond = (inside.cwiseAbs() - box.shape.size_m / 2).cwiseMax(0.0);
  return beyond.norm() - radius_m;
}

// Whether a ball around a body meets nobody else at any step from one on.
bool IsFreePlace(const Scene& scene, const Motion& motion, const Body& body, int from_step) {
  const double radius_m = BoundingRadius(body.shape);
  const Eigen::Vector3d& centre_m = body.world_from_body.translation;
  const auto stride = static_cast<size_t>(motion.rate_hz / 24);
  for (size_t i = 0; i < scene.bodies.size(); ++i) {
    const Body& other = scene.bodies[i];
    if (IsStill(other) && other.role != Role::kObject && other.shape.kind == ShapeKind::kBox) {
      // Standing on it is no meeting.
      if (RoomBeside(other, centre_m, 0.45 * body.shape.size_m.minCoeff()) < 0) return false;
      continue;
    }
    const double least_m = kRoom * (radius_m + BoundingRadius(other.shape));
    for (size_t step = from_step; step < motion.states.size(); step += stride) {
      const Eigen::Vector3d at = i < motion.states[step].size()
                                     ? motion.states[step][i].world_from_body.translation
                                     : other.world_from_body.translation;
      if ((at - centre_m).norm() < least_m) return false;
    }
  }
  return true;
}

// Where a body comes to rest that is let go among the others standing still; they are all fixed.
Rigid3 RestingPlace(const SabotageJob& job, Scene scene, const Body& body) {
  for (Body& other : scene.bodies) {
    other.fixed = true;
    other.path.clear();
  }
  scene.joints.clear();
  scene.events.clear();
  scene.bodies.push_back(body);
  scene.bodies.back().material.restitution = 0;
  scene.bodies.back().material.rolling_friction_m = 0.01;
  SimulateOptions options;
  options.minimum_rate_hz = 240;
  options.duration_s = kSettle_s;
  const Motion motion = Simulate(scene, options, job.progress);
  return motion.states.back().back().world_from_body;
}

// Share of a scene's last body that is seen at a frame, 0 when it leaves the picture.
double SeenShare(const SabotageJob& job, const Scene& scene, const Motion& motion, int frame) {
  const FrameInput input = InputAtFrame(scene, motion, job.options, frame);
  const Projection seen = Project(input.camera, scene.bodies.back().world_from_body.translation);
  const double radius_px = BoundingRadius(scene.bodies.back().shape) *
                           input.camera.intrinsics.fx_px / std::max(0.1, seen.depth_m);
  const Eigen::Vector2d half(job.options.width / 2.0, job.options.height / 2.0);
  const Eigen::Vector2d off = (seen.point_px - half).cwiseAbs();
  if (seen.depth_m <= 0 || ((half - off).array() < radius_px).any()) return 0;
  FrameRenderer renderer(scene, job.options, {});
  const FrameOutput output = renderer.Render(input);
  return ViewsOf(scene, input, output).back().visible_share;
}

std::string FreeName(const Scene& scene, const std::string& name) {
  for (int k = 2;; ++k) {
    const std::string candidate = fmt::format("{} {}", name, k);
    if (FindBody(scene, candidate) < 0) return candidate;
  }
}

// A body like one of the scene's, at rest and unhindered in the job's first frame.
Body LikeBody(const Scene& scene, int body) {
  Body like = scene.bodies[body];
  like.name = FreeName(scene, like.name);
  like.fixed = false;
  like.path.clear();
  like.velocity_mps = like.angular_velocity_radps = Eigen::Vector3d::Zero();
  return like;
}

// The motion with one more body that stands where it is put.
Motion WithStander(Motion motion, const Body& body) {
  BodyState state;
  state.world_from_body = body.world_from_body;
  for (std::vector<BodyState>& states : motion.states) states.push_back(state);
  return motion;
}

// Puts a newcomer on the nearest free place about a body's where all of it is seen; `motion` is
// that of the scene so far. Throws UsageError when there is none.
struct Company {
  const Scene& scene;
  const Motion& motion;
  int about;
};
void PlaceNewcomer(const SabotageJob& job, const Company& company, Body& newcomer) {
  // Twelve directions: sideways first, behind, then in front.
  constexpr std::array<int, 12> kOrder = {0, 6, 1, 5, 2, 4, 3, 11, 7, 10, 8, 9};
  const int step = StepOfFrame(job, job.first_frame);
  const Scene now = SceneAtStep(company.scene, company.motion, step);
  const View view = ViewAt(job, job.first_frame);
  const Eigen::Vector3d centre = now.bodies[company.about].world_from_body.translation;
  const double size_m = 2 * BoundingRadius(newcomer.shape);
  double best = 0;
  Rigid3 best_place;
  for (int k = 0; k < 48 && best < kSeen; ++k) {
    const double angle = std::numbers::pi * kOrder[k % 12] / 6.0;
    const double reach_m = (1.3 + 0.6 * (k / 12)) * size_m;
    newcomer.world_from_body.translation =
        centre + reach_m * (std::cos(angle) * view.right + std::sin(angle) * view.away);
    if (!IsFreePlace(company.scene, company.motion, newcomer, step)) continue;
    Body settled = newcomer;
    settled.world_from_body = RestingPlace(job, now, newcomer);
    if (!IsFreePlace(company.scene, company.motion, settled, step)) continue;
    Scene scene = company.scene;
    scene.bodies.push_back(settled);
    const Motion motion = WithStander(company.motion, settled);
    const double seen = SeenShare(job, scene, motion, job.first_frame);
    if (seen <= best) continue;
    best = seen;
    best_place = settled.world_from_body;
  }
  if (best <= 0) {
    throw UsageError(fmt::format("sabotage '{}': scene '{}' has no free place in view for one more",
                                 job.sabotage.law,
                                 job.truth.scene.id));
  }
  newcomer.world_from_body = best_place;
}

// The truth's motion until the job's first frame, then with the bodies that the scene has more.
Motion WithNewcomers(const SabotageJob& job, const Scene& scene) {
  const size_t known = job.truth.scene.bodies.size();
  return Restarted(job,
                   job.truth.motion,
                   {StepOfFrame(job, job.first_frame - 1), LastStep(job), [&](Scene& restarted) {
                      restarted.bodies.insert(
                          restarted.bodies.end(), scene.bodies.begin() + known, scene.bodies.end());
                    }});
}

}  // namespace

BrokenVideo BreakAbsence(const SabotageJob& asked) {
  SabotageJob job = asked;
  const int about = ChosenBody(job.truth.scene, job.sabotage.body);
  const int frames = job.truth.num_frames();
  const auto there = std::lround(job.sabotage.amount * (frames - job.first_frame));
  job.first_frame = frames - static_cast<int>(there);
  Scene scene = job.truth.scene;
  Body newcomer = LikeBody(scene, about);
  if (job.first_frame >= frames) return {job.truth.video, frames, newcomer.name};
  TurnColours(newcomer, 0.7);
  PlaceNewcomer(job, {scene, job.truth.motion, about}, newcomer);
  scene.bodies.push_back(newcomer);
  return RenderedScene(
      job, scene, WithNewcomers(job, scene), static_cast<int>(scene.bodies.size()) - 1);
}

BrokenVideo BreakUniqueness(const SabotageJob& job) {
  // Eight directions: inwards and beside that first, then outwards, behind and in front last.
  constexpr std::array<int, 8> kOrder = {0, 1, 7, 4, 3, 5, 2, 6};
  const Scene& truth = job.truth.scene;
  const int body = ChosenBody(truth, job.sabotage.body);
  const int step = StepOfFrame(job, job.first_frame - 1);
  const double time_s = job.truth.video.times_s()[job.first_frame - 1];
  const Eigen::Vector3d normal = SupportNormal(job.truth, body, time_s);
  View view = ViewAt(job, job.first_frame);
  // Towards the middle of the picture first.
  const double seen_x_px = job.truth.views[job.first_frame - 1][body].centroid_px.x();
  if (seen_x_px > job.options.width / 2.0) view.right = -view.right;
  const BodyState& now = job.truth.motion.states[step][body];
  const double gap_m = kRoom * 2 * BoundingRadius(truth.bodies[body].shape);
  Scene scene = truth;
  const auto copies = static_cast<int>(std::lround(job.sabotage.amount));
  for (int k = 0; k < 48 && scene.bodies.size() < truth.bodies.size() + copies; ++k) {
    const double angle = std::numbers::pi * kOrder[k % 8] / 4.0;
    Eigen::Vector3d way = std::cos(angle) * view.right + std::sin(angle) * view.away;
    way = (way - normal * normal.dot(way)).normalized();
    Body copy = truth.bodies[body];
    copy.name = FreeName(scene, copy.name);
    copy.path.clear();
    copy.world_from_body = now.world_from_body;
    copy.world_from_body.translation += (1 + k / 8) * gap_m * way;
    copy.velocity_mps = now.velocity_mps;
    copy.angular_velocity_radps = now.angular_velocity_radps;
    // Only the moment counts: later all of them push each other as bodies do.
    const Motion moment{job.truth.motion.rate_hz, {job.truth.motion.states[step]}, {}};
    if (IsFreePlace(scene, moment, copy, 0)) scene.bodies.push_back(copy);
  }
  if (scene.bodies.size() == truth.bodies.size()) {
    throw UsageError(fmt::format("sabotage 'duplicate': no free place beside '{}' in scene '{}'",
                                 truth.bodies[body].name,
                                 truth.id));
  }
  return RenderedScene(job, scene, WithNewcomers(job, scene), body);
}

BrokenVideo BreakCount(const SabotageJob& job) {
  const int about = ChosenBody(job.truth.scene, job.sabotage.body);
  const double rest_s = (job.truth.num_frames() - 1 - job.first_frame) / job.options.fps;
  const int count = std::min(kMost_newcomers, 1 + static_cast<int>(rest_s * job.sabotage.amount));
  Scene scene = job.truth.scene;
  const int known = static_cast<int>(scene.bodies.size());
  Motion places = job.truth.motion;
  for (int k = 0; k < count; ++k) {
    Body newcomer = LikeBody(scene, about);
    try {
      PlaceNewcomer(job, {scene, places, about}, newcomer);
    } catch (const UsageError&) {
      // A full scene takes no more; without a single one the law can't show.
      if (k == 0) throw;
      break;
    }
    newcomer.fixed = true;
    scene.bodies.push_back(newcomer);
    places = WithStander(std::move(places), newcomer);
  }
  const Motion motion = WithNewcomers(job, scene);
  RenderVariation variation;
  for (int b = known; b < static_cast<int>(scene.bodies.size()); ++b) {
    variation.changing_bodies.push_back(b);
  }
  variation.is_gone = [&job, known](int body, int frame) {
    return (frame - job.first_frame) / job.options.fps * job.sabotage.amount < body - known;
  };
  return Assembled(
      job,
      RenderPictures({scene, motion, job.options, variation, job.first_frame}, job.progress),
      about);
}

}  // namespace plumb
