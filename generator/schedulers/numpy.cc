// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "core/check.h"
#include "generator/schedulers/internal_numpy.h"

namespace plumb::numpy {
namespace {

// The continued fraction of the incomplete beta function (DLMF 8.17.22), by Lentz's method.
double BetaFraction(double x, double a, double b) {
  constexpr double kTiny = 1e-300;
  const auto away_from_zero = [](double value) { return std::abs(value) < kTiny ? kTiny : value; };
  double c = 1.0;
  double d = 1.0 / away_from_zero(1.0 - (a + b) * x / (a + 1.0));
  double fraction = d;
  for (int m = 1; m < 500; ++m) {
    const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1.0 / away_from_zero(1.0 + even * d);
    c = away_from_zero(1.0 + even / c);
    fraction *= d * c;
    const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1.0 / away_from_zero(1.0 + odd * d);
    c = away_from_zero(1.0 + odd / c);
    const double factor = d * c;
    fraction *= factor;
    if (std::abs(factor - 1.0) < 1e-16) break;
  }
  return fraction;
}

// The regularised incomplete beta function.
double BetaCumulative(double x, double a, double b) {
  if (x <= 0.0) return 0.0;
  if (x >= 1.0) return 1.0;
  if (x > (a + 1.0) / (a + b + 2.0)) return 1.0 - BetaCumulative(1.0 - x, b, a);
  const double front = std::exp(std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b) +
                                a * std::log(x) + b * std::log1p(-x));
  return front * BetaFraction(x, a, b) / a;
}

}  // namespace

std::vector<double> Linspace(double start, double stop, int count) {
  PLUMB_CHECK(count >= 0, "{} values", count);
  std::vector<double> values(count);
  const double intervals = count - 1;
  const double step = (stop - start) / intervals;
  for (int i = 0; i < count; ++i) {
    values[i] = count == 1 ? start : i * step + start;
  }
  if (count > 1) values.back() = stop;
  return values;
}

std::vector<double> ArangeDown(double start, double step) {
  const int count = static_cast<int>(std::ceil(start / step));
  // NumPy steps by the difference of the first two values, which is not quite `step`.
  const double delta = (start - step) - start;
  std::vector<double> values(std::max(count, 0));
  for (int i = 0; i < count; ++i) values[i] = start + i * delta;
  return values;
}

std::vector<double> Round(std::vector<double> values) {
  for (double& value : values) value = std::nearbyint(value);
  return values;
}

// Reduction to [√½, √2), then a rational approximation of log1p there. Coefficients: NumPy,
// numpy/_core/include/numpy/npy_math.h constants NPY_COEFF_*_LOGf.
float Log(float value) {
  PLUMB_CHECK(value > 0.0F && std::isfinite(value), "log of {}", value);
  constexpr float kP[] = {0.000000000000000000000e+00F,
                          9.999999999999998702752e-01F,
                          2.112677543073053063722e+00F,
                          1.480000633576506585156e+00F,
                          3.808837741388407920751e-01F,
                          2.589979117907922693523e-02F};
  constexpr float kQ[] = {1.000000000000000000000e+00F,
                          2.612677543073109236779e+00F,
                          2.453006071784736363091e+00F,
                          9.864942958519418960339e-01F,
                          1.546476374983906719538e-01F,
                          5.875095403124574342950e-03F};
  int exponent = 0;
  float x = std::frexp(value, &exponent);
  if (x <= 0.70710678118654752440F) {
    x = x + x;
    --exponent;
  }
  x -= 1.0F;
  float numerator = std::fma(kP[5], x, kP[4]);
  float denominator = std::fma(kQ[5], x, kQ[4]);
  for (int i = 3; i >= 0; --i) {
    numerator = std::fma(numerator, x, kP[i]);
    denominator = std::fma(denominator, x, kQ[i]);
  }
  return std::fma(static_cast<float>(exponent),
                  0.693147180559945309417232121458176568F,
                  numerator / denominator);
}

double Interp(double x, const std::vector<float>& table) {
  const auto last = static_cast<double>(table.size() - 1);
  if (x <= 0.0) return table.front();
  if (x >= last) return table.back();
  const auto index = static_cast<size_t>(x);
  const double low = table[index];
  const double slope = (static_cast<double>(table[index + 1]) - low) / 1.0;
  const double offset = x - static_cast<double>(index);
  return offset == 0.0 ? low : slope * offset + low;
}

double BetaQuantile(double p, double a, double b) {
  PLUMB_CHECK(p >= 0.0 && p <= 1.0 && a > 0 && b > 0, "p {}, a {}, b {}", p, a, b);
  // Above one half the complement is sought: near 1 there are too few numbers.
  if (p > 0.5) return 1.0 - BetaQuantile(1.0 - p, b, a);
  double low = 0.0, high = 1.0;
  for (int i = 0; i < 2000 && high - low > 1e-17 * high; ++i) {
    const double middle = 0.5 * (low + high);
    if (middle == low || middle == high) break;
    (BetaCumulative(middle, a, b) < p ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

}  // namespace plumb::numpy
