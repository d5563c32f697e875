// SPDX-License-Identifier: Apache-2.0
#include "tests/metrics/disc_scores.h"

#include <algorithm>
#include <cmath>

namespace plumb {
namespace {

constexpr double kRadius_m = 0.15;
constexpr double kHeight_m = 1.5;
const Eigen::Vector3d kRed(210, 50, 40);
const Eigen::Vector3d kBlue(40, 70, 200);

MetricInput InputOf(const DiscClip& clip) {
  MetricInput input;
  input.sample = clip.sample;
  input.truth = clip.truth;
  input.truth_video = clip.truth_video;
  input.conditioning_frames = clip.conditioning_frames;
  input.seed = 3;
  return input;
}

ScoresByName ByName(const FamilyReport& report) {
  ScoresByName scores;
  for (const Score& score : report.scores) {
    scores.emplace(score.id().substr(score.id().find('.') + 1), score);
  }
  return scores;
}

}  // namespace

MetricInput InputOf(const Truth& truth, const Video& sample, int conditioning_frames) {
  MetricInput input;
  input.truth = &truth;
  input.sample = &sample;
  input.conditioning_frames = conditioning_frames;
  return input;
}

ScoresByName PermanenceOf(const DiscClip& clip) {
  return ByName(MeasurePermanence(InputOf(clip), {}));
}

ScoresByName DynamicsOf(const DiscClip& clip) { return ByName(MeasureDynamics(InputOf(clip), {})); }

DiscWorld TwoBalls() {
  DiscWorld world;
  world.discs = {{"red ball", kRadius_m, kRed, Rolling({-0.7, 0.5}, 0.8)},
                 {"blue ball", kRadius_m, kBlue, Rolling({0.3, 1.1}, 0.0)}};
  return world;
}

DiscWorld Passing(double half_width_m) {
  DiscWorld world;
  world.discs = {{"red ball", kRadius_m, kRed, Rolling({-0.8, 0.6}, 1.1)}};
  world.screen_m = Eigen::Vector2d(-half_width_m, half_width_m);
  return world;
}

ContactEvent FirstGroundContact(double gravity_mps2) {
  ContactEvent event;
  event.time_s = FirstTouch(kHeight_m, kRadius_m, gravity_mps2);
  event.body_a = 0;
  event.body_b = 1;
  event.normal = {0.0, 0.0, -1.0};  // on the wall and ground, away from the ball
  event.approach_mps = gravity_mps2 * event.time_s;
  return event;
}

DiscWorld Falling(double restitution, double gravity_mps2) {
  DiscWorld world;
  world.frames = 34;
  world.gravity_mps2 = gravity_mps2;
  world.discs = {{"red ball",
                  kRadius_m,
                  kRed,
                  Bouncing({0.1, kHeight_m}, kRadius_m, restitution, gravity_mps2)}};
  world.contacts = {FirstGroundContact(gravity_mps2)};
  return world;
}

Video Continued(const DiscWorld& truth, const DiscWorld& other, int conditioning_frames) {
  return truth.Film([&](int frame, auto& shown) {
    if (frame >= conditioning_frames) shown = other.Shown(frame);
  });
}

Video Mirrored(const Video& video) {
  std::vector<Image> frames = video.frames();
  for (Image& frame : frames) {
    for (int y = 0; y < frame.height; ++y) {
      for (int x = 0; x < frame.width / 2; ++x) {
        std::swap_ranges(
            frame.Pixel(x, y), frame.Pixel(x, y) + 3, frame.Pixel(frame.width - 1 - x, y));
      }
    }
  }
  return {std::move(frames), video.fps(), video.times_s()};
}

Truth Mirrored(const Truth& truth) {
  Truth mirrored = truth;
  mirrored.video = Mirrored(truth.video);
  const int width = truth.video.width();
  const std::span<uint8_t> ids = mirrored.passes.instances.As<uint8_t>();
  for (size_t row = 0; row + width <= ids.size(); row += width) {
    std::reverse(ids.begin() + row, ids.begin() + row + width);
  }
  for (auto& views : mirrored.views) {
    for (BodyView& view : views) {
      view.centroid_px.x() = width - view.centroid_px.x();
      view.amodal_box_px[0] = width - view.amodal_box_px[0] - view.amodal_box_px[2];
    }
  }
  // The camera looks along y, so the world is mirrored in x.
  for (auto& states : mirrored.motion.states) {
    for (BodyState& state : states) {
      state.world_from_body.translation.x() *= -1.0;
      state.velocity_mps.x() *= -1.0;
    }
  }
  return mirrored;
}

Video Reencoded(const Video& video) {
  std::vector<Image> frames = video.frames();
  for (size_t f = 0; f < frames.size(); ++f) {
    const Image source = frames[f];
    for (int y = 0; y < source.height; ++y) {
      for (int x = 0; x < source.width; ++x) {
        const uint8_t* corner = source.Pixel(x & ~1, y & ~1);
        const uint8_t* own = source.Pixel(x, y);
        const double corner_luma = 0.299 * corner[0] + 0.587 * corner[1] + 0.114 * corner[2];
        const double luma = 0.299 * own[0] + 0.587 * own[1] + 0.114 * own[2];
        const double step = 4.0 + f % 3;
        for (int c = 0; c < 3; ++c) {
          const double level = std::round(luma / step) * step + corner[c] - corner_luma;
          frames[f].Pixel(x, y)[c] = static_cast<uint8_t>(std::clamp(std::lround(level), 0L, 255L));
        }
      }
    }
  }
  return {std::move(frames), video.fps(), video.times_s()};
}

}  // namespace plumb
