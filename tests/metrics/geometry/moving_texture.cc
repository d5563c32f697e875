// SPDX-License-Identifier: Apache-2.0
#include "tests/metrics/geometry/moving_texture.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "core/seed.h"

namespace plumb {
namespace {

// A plane wave of 7 to 30 pixels.
struct Wave {
  Eigen::Vector2d radians_per_px;
  double phase_rad;
};

std::array<Wave, 14> MakeWaves() {
  Random random(17);
  std::array<Wave, 14> waves;
  for (Wave& wave : waves) {
    const double angle = random.Uniform(0.0, 2.0 * std::numbers::pi);
    const double frequency = 2.0 * std::numbers::pi / random.Uniform(7.0, 30.0);
    wave.radians_per_px = frequency * Eigen::Vector2d(std::cos(angle), std::sin(angle));
    wave.phase_rad = random.Uniform(0.0, 2.0 * std::numbers::pi);
  }
  return waves;
}

double Level(const std::array<Wave, 14>& waves, const Eigen::Vector2d& point_px) {
  double sum = 0.0;
  for (const Wave& wave : waves)
    sum += std::sin(wave.radians_per_px.dot(point_px) + wave.phase_rad);
  return 128.0 + 28.0 * sum;
}

}  // namespace

Video MovingTexture(const TextureMap& map, const TextureOptions& options) {
  const std::array<Wave, 14> waves = MakeWaves();
  std::vector<Image> frames;
  for (int frame = 0; frame < options.frames; ++frame) {
    Image image(options.width, options.height);
    for (int y = 0; y < options.height; ++y) {
      for (int x = 0; x < options.width; ++x) {
        const double level = Level(waves, map(frame, {x + 0.5, y + 0.5}));
        const double shown = options.gain * std::clamp(level, 0.0, 255.0) + options.offset_levels;
        std::fill_n(
            image.Pixel(x, y), 3, static_cast<uint8_t>(std::lround(std::clamp(shown, 0.0, 255.0))));
      }
    }
    frames.push_back(std::move(image));
  }
  return Video(std::move(frames), 24.0);
}

TextureMap Sliding(const Eigen::Vector2d& step_px) {
  return [step_px](int frame, const Eigen::Vector2d& point_px) -> Eigen::Vector2d {
    return point_px - frame * step_px;
  };
}

}  // namespace plumb
