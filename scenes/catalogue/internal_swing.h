// SPDX-License-Identifier: Apache-2.0
// Closed forms of bodies that turn about a fixed axis or point. Internal to the scenes room.
#pragma once

#include <functional>

namespace plumb {

// Angular acceleration at an angle, rad/s².
using TurnLaw = std::function<double(double angle_rad)>;

// Time from rest at `start_rad` until `end_rad` is reached (Runge–Kutta of fourth order); negative
// when it is not reached within ten seconds.
double TimeToTurn_s(const TurnLaw& law, double start_rad, double end_rad);
// Angle after a time from rest at `start_rad`.
double AngleAfter_rad(const TurnLaw& law, double start_rad, double time_s);

// Period of a pendulum with small-swing rate ω₀ = √(m g d / I): T = 4 K(sin(θ₀/2)) / ω₀, K the
// complete elliptic integral of the first kind with the modulus as its argument.
double PendulumPeriod_s(double small_rate_radps, double amplitude_rad);

}  // namespace plumb
