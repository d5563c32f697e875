// SPDX-License-Identifier: Apache-2.0
#include "scenes/reference_models.h"

#include <algorithm>
#include <iterator>
#include <vector>

#include "core/check.h"
#include "core/mass_properties.h"
#include "core/seed.h"
#include "scenes/catalogue.h"
#include "scenes/pictures.h"
#include "scenes/rendering/internal_frame_renderer.h"
#include "scenes/rendering/internal_protocol.h"

namespace plumb {
namespace {

void CheckCount(const Video& truth, int conditioning_frames) {
  PLUMB_CHECK(conditioning_frames >= 0 && conditioning_frames <= truth.num_frames(),
              "{} conditioning frames of {}",
              conditioning_frames,
              truth.num_frames());
}

Video WithFrames(const Video& truth, std::vector<Image> frames) {
  return {std::move(frames), truth.fps(), truth.times_s()};
}

// The frame whose poses are the last that are known.
int LastKnownFrame(int conditioning_frames) { return std::max(0, conditioning_frames - 1); }

// A body's pose in one frame, and how it goes on from there.
struct EvenMotion {
  Rigid3 world_from_body;
  Eigen::Vector3d centre_in_body_m = Eigen::Vector3d::Zero();  // of mass
  Eigen::Vector3d velocity_mps = Eigen::Vector3d::Zero();      // of the centre of mass
  Eigen::Vector3d angular_velocity_radps = Eigen::Vector3d::Zero();
};

// What the poses of a frame and the one before it show.
EvenMotion MotionShown(const Truth& truth, int body, int frame) {
  const Rigid3& now = truth.StateAtFrame(frame, body).world_from_body;
  const Rigid3& before = truth.StateAtFrame(std::max(0, frame - 1), body).world_from_body;
  EvenMotion motion;
  motion.world_from_body = now;
  const bool moves =
      now.translation != before.translation || now.rotation.coeffs() != before.rotation.coeffs();
  if (!moves) return motion;
  const double fps = truth.video.fps();
  const Eigen::Vector3d centre_m = MassPropertiesOf(truth.scene.bodies[body].shape).centre_m;
  const Eigen::AngleAxisd turn(now.rotation * before.rotation.conjugate());
  motion.centre_in_body_m = centre_m;
  motion.velocity_mps = fps * (now * centre_m - before * centre_m);
  motion.angular_velocity_radps = fps * turn.angle() * turn.axis();
  return motion;
}

BodyState StateAfter(const EvenMotion& motion, double time_s) {
  const Eigen::Vector3d& spin_radps = motion.angular_velocity_radps;
  BodyState state;
  // What stands still keeps its pose to the last bit.
  state.world_from_body = motion.world_from_body;
  if (motion.velocity_mps.isZero(0) && spin_radps.isZero(0)) return state;
  const Eigen::AngleAxisd turn(spin_radps.norm() * time_s, spin_radps.stableNormalized());
  const Eigen::Quaterniond rotation = turn * motion.world_from_body.rotation;
  const Eigen::Vector3d arm_m = rotation * motion.centre_in_body_m;
  const Eigen::Vector3d centre_m =
      motion.world_from_body * motion.centre_in_body_m + time_s * motion.velocity_mps;
  state.world_from_body = Rigid3(rotation, centre_m - arm_m);
  state.velocity_mps = motion.velocity_mps - spin_radps.cross(arm_m);
  state.angular_velocity_radps = spin_radps;
  return state;
}

}  // namespace

Video FrozenVideo(const Video& truth, int conditioning_frames) {
  CheckCount(truth, conditioning_frames);
  const Image& last = truth.frame(std::max(0, conditioning_frames - 1));
  std::vector<Image> frames = truth.frames();
  std::fill(frames.begin() + conditioning_frames, frames.end(), last);
  return WithFrames(truth, std::move(frames));
}

Video NoiseVideo(const Video& truth, int conditioning_frames, uint64_t seed) {
  CheckCount(truth, conditioning_frames);
  Random random(DeriveSeed(seed, "noise", "pixels"));
  std::vector<Image> frames = truth.frames();
  for (size_t f = conditioning_frames; f < frames.size(); ++f) {
    for (uint8_t& value : frames[f].rgb) value = static_cast<uint8_t>(random.NextBits() >> 56);
  }
  return WithFrames(truth, std::move(frames));
}

Video ReversedVideo(const Video& truth, int conditioning_frames) {
  CheckCount(truth, conditioning_frames);
  std::vector<Image> frames = truth.frames();
  std::reverse(frames.begin() + conditioning_frames, frames.end());
  return WithFrames(truth, std::move(frames));
}

Video ShuffledVideo(const Video& truth, int conditioning_frames, uint64_t seed) {
  CheckCount(truth, conditioning_frames);
  const int count = truth.num_frames() - conditioning_frames;
  Random random(DeriveSeed(seed, "shuffle", "order"));
  std::vector<int> order(count);
  for (int i = 0; i < count; ++i) order[i] = i;
  // Sattolo's algorithm: one single cycle, so no frame keeps its place.
  for (int i = count - 1; i > 0; --i) std::swap(order[i], order[random.Index(i)]);
  std::vector<Image> frames = truth.frames();
  for (int i = 0; i < count; ++i) {
    frames[conditioning_frames + i] = truth.frame(conditioning_frames + order[i]);
  }
  return WithFrames(truth, std::move(frames));
}

Video UnrelatedVideo(const Truth& truth,
                     int conditioning_frames,
                     uint64_t seed,
                     const Progress& progress) {
  CheckCount(truth.video, conditioning_frames);
  RenderOptions one_picture = PicturesLike(truth);
  one_picture.frames = 1;
  std::vector<Image> frames = truth.video.frames();
  for (int f = conditioning_frames; f < truth.num_frames(); ++f) {
    progress.ThrowIfCancelled();
    const Scene room = MakeScene("orbit_room", seed, static_cast<uint64_t>(f));
    frames[f] = MakePictures(room, one_picture).video.frame(0);
  }
  return WithFrames(truth.video, std::move(frames));
}

Motion ConstantVelocityMotion(const Truth& truth, int conditioning_frames) {
  CheckCount(truth.video, conditioning_frames);
  const int last = LastKnownFrame(conditioning_frames);
  Motion motion;
  motion.rate_hz = truth.video.fps();
  motion.states.resize(truth.num_frames());
  for (int body = 0; body < static_cast<int>(truth.scene.bodies.size()); ++body) {
    const EvenMotion shown = MotionShown(truth, body, last);
    for (int frame = 0; frame < truth.num_frames(); ++frame) {
      motion.states[frame].push_back(frame <= last
                                         ? truth.StateAtFrame(frame, body)
                                         : StateAfter(shown, (frame - last) / truth.video.fps()));
    }
  }
  return motion;
}

Video ConstantVelocityVideo(const Truth& truth, int conditioning_frames, const Progress& progress) {
  const Motion motion = ConstantVelocityMotion(truth, conditioning_frames);
  const double last_known_s = LastKnownFrame(conditioning_frames) / truth.video.fps();
  Scene scene = truth.scene;
  std::erase_if(scene.events, [&](const SceneEvent& e) { return e.time_s > last_known_s; });
  const std::vector<Image>& truths = truth.video.frames();
  std::vector<Image> frames(truths.begin(), truths.begin() + conditioning_frames);
  std::vector<Image> rest =
      RenderPictures({scene, motion, PicturesLike(truth), {}, conditioning_frames}, progress);
  std::move(rest.begin(), rest.end(), std::back_inserter(frames));
  return WithFrames(truth.video, std::move(frames));
}

}  // namespace plumb
