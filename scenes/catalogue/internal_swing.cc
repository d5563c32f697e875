// SPDX-License-Identifier: Apache-2.0
#include "scenes/catalogue/internal_swing.h"

#include <algorithm>
#include <cmath>

namespace plumb {
namespace {

constexpr double kStep_s = 1e-4;
constexpr double kLongest_s = 10.0;

struct Turn {
  double angle_rad = 0.0;
  double speed_radps = 0.0;
};

Turn Advance(const TurnLaw& law, const Turn& now, double step_s) {
  const auto slope = [&](const Turn& at) { return Turn{at.speed_radps, law(at.angle_rad)}; };
  const auto moved = [&](const Turn& by, double factor_s) {
    return Turn{now.angle_rad + factor_s * by.angle_rad,
                now.speed_radps + factor_s * by.speed_radps};
  };
  const Turn a = slope(now);
  const Turn b = slope(moved(a, step_s / 2));
  const Turn c = slope(moved(b, step_s / 2));
  const Turn d = slope(moved(c, step_s));
  return {
      now.angle_rad + step_s / 6 * (a.angle_rad + 2 * b.angle_rad + 2 * c.angle_rad + d.angle_rad),
      now.speed_radps +
          step_s / 6 * (a.speed_radps + 2 * b.speed_radps + 2 * c.speed_radps + d.speed_radps)};
}

}  // namespace

double TimeToTurn_s(const TurnLaw& law, double start_rad, double end_rad) {
  Turn turn{start_rad, 0.0};
  const double sign = end_rad < start_rad ? -1 : 1;
  for (double time_s = 0; time_s < kLongest_s; time_s += kStep_s) {
    const Turn next = Advance(law, turn, kStep_s);
    if (sign * (next.angle_rad - end_rad) >= 0) {
      const double step_rad = next.angle_rad - turn.angle_rad;
      return step_rad == 0 ? time_s : time_s + kStep_s * (end_rad - turn.angle_rad) / step_rad;
    }
    turn = next;
  }
  return -1.0;
}

double AngleAfter_rad(const TurnLaw& law, double start_rad, double time_s) {
  Turn turn{start_rad, 0.0};
  for (double left_s = time_s; left_s > 0; left_s -= kStep_s) {
    turn = Advance(law, turn, std::min(left_s, kStep_s));
  }
  return turn.angle_rad;
}

double PendulumPeriod_s(double small_rate_radps, double amplitude_rad) {
  return 4 * std::comp_ellint_1(std::sin(amplitude_rad / 2)) / small_rate_radps;
}

}  // namespace plumb
