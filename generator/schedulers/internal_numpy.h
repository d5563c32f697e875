// SPDX-License-Identifier: Apache-2.0
// The arithmetic of NumPy and SciPy that Diffusers' schedules are made with, in its order of
// operations, so that float32 results are equal bit by bit.
#pragma once

#include <vector>

namespace plumb::numpy {

// np.linspace in float64. Throws CheckFailure when count < 0.
std::vector<double> Linspace(double start, double stop, int count);

// np.arange(start, 0, -step) for positive numbers.
std::vector<double> ArangeDown(double start, double step);

// np.round: halves go to the even neighbour.
std::vector<double> Round(std::vector<double> values);

// np.log of a float32, as NumPy's vector code on FMA3 and AVX-512 machines computes it: not always
// the float32 nearest to the logarithm.
float Log(float value);

// np.interp(x, arange(len(table)), table).
double Interp(double x, const std::vector<float>& table);

// scipy.stats.beta.ppf: the p-quantile of the beta distribution, to about 1e-14. Throws
// CheckFailure unless 0 ≤ p ≤ 1 and a, b > 0.
double BetaQuantile(double p, double a, double b);

}  // namespace plumb::numpy
