// SPDX-License-Identifier: Apache-2.0
#include "metrics/geometry/compact_parts.h"

#include <algorithm>
#include <numeric>

#include <Eigen/QR>

#include "core/statistics.h"

namespace plumb {
namespace {

constexpr size_t kNeighbours = 5;

// The `count` points nearest to point `i`, without it.
std::vector<size_t> Nearest(const std::vector<Eigen::Vector2d>& points, size_t i, size_t count) {
  std::vector<size_t> order(points.size());
  std::iota(order.begin(), order.end(), 0);
  std::erase(order, i);
  count = std::min(count, order.size());
  std::partial_sort(order.begin(), order.begin() + count, order.end(), [&](size_t a, size_t b) {
    const double da = (points[a] - points[i]).squaredNorm();
    const double db = (points[b] - points[i]).squaredNorm();
    return da != db ? da < db : a < b;
  });
  order.resize(count);
  return order;
}

// Median distance of the points from the affine motion that fits them best (least squares).
double AffineMedianPx(const PointPairs& points, const std::vector<size_t>& part) {
  Eigen::MatrixXd from(part.size(), 3), to(part.size(), 2);
  for (size_t k = 0; k < part.size(); ++k) {
    from.row(k) << points.a_px[part[k]].transpose(), 1.0;
    to.row(k) = points.b_px[part[k]].transpose();
  }
  const Eigen::MatrixXd error = from * from.colPivHouseholderQr().solve(to) - to;
  std::vector<double> residuals;
  for (Eigen::Index k = 0; k < error.rows(); ++k) residuals.push_back(error.row(k).norm());
  return Median(residuals);
}

// Which points of one pair belong to a part with a motion of its own.
class PartFinder {
 public:
  PartFinder(const TrackSet& set, const ComparedPair& pair, const MovingPartsOptions& options)
      : pair_(pair),
        options_(options),
        unit_px_(set.UnitPx()),
        near_px_(options.near_share * std::max(set.width, set.height)) {
    bound_px_ = std::max(options.disagree_units * unit_px_,
                         options.disagree_ratio * Median(pair.residuals_px));
    for (const double residual : pair.residuals_px) disagrees_.push_back(residual > bound_px_);
  }

  CompactParts Find() const {
    CompactParts parts{disagrees_, std::vector<bool>(pair_.tracks.size(), false)};
    std::vector<bool> open = Dense();
    for (size_t i = 0; i < open.size(); ++i) {
      if (!open[i]) continue;
      const std::vector<size_t> part = Grow(i, open);
      if (static_cast<int>(part.size()) < options_.min_tracks || !MovesAsOne(part) ||
          !EndsSharply(part)) {
        continue;
      }
      for (const size_t k : part) parts.found[k] = true;
    }
    AddRims(parts.found);
    return parts;
  }

 private:
  // Points that disagree where half of what surrounds them does.
  std::vector<bool> Dense() const {
    std::vector<bool> dense(disagrees_.size(), false);
    for (size_t i = 0; i < disagrees_.size(); ++i) {
      if (!disagrees_[i]) continue;
      size_t agree = 1;  // itself
      const std::vector<size_t> near = Nearest(pair_.points.a_px, i, kNeighbours);
      for (const size_t k : near) agree += disagrees_[k];
      dense[i] = 2 * agree >= near.size() + 1;
    }
    return dense;
  }

  // Points beside a part that disagree too: patches on its rim, which show both.
  void AddRims(std::vector<bool>& found) const {
    const std::vector<bool> inner = found;
    for (size_t i = 0; i < inner.size(); ++i) {
      if (inner[i] || !disagrees_[i]) continue;
      for (size_t k = 0; k < inner.size() && !found[i]; ++k) {
        const Eigen::Vector2d apart = pair_.points.a_px[k] - pair_.points.a_px[i];
        found[i] = inner[k] && apart.norm() <= 0.5 * near_px_;
      }
    }
  }

  // Takes from `open` what is connected to point `i`.
  std::vector<size_t> Grow(size_t i, std::vector<bool>& open) const {
    std::vector<size_t> part = {i};
    open[i] = false;
    for (size_t next = 0; next < part.size(); ++next) {
      for (size_t k = 0; k < open.size(); ++k) {
        const Eigen::Vector2d apart = pair_.points.a_px[k] - pair_.points.a_px[part[next]];
        if (!open[k] || apart.norm() > near_px_) continue;
        open[k] = false;
        part.push_back(k);
      }
    }
    return part;
  }

  bool MovesAsOne(const std::vector<size_t>& part) const {
    std::vector<double> from_world;
    for (const size_t k : part) from_world.push_back(pair_.residuals_px[k]);
    const double own = AffineMedianPx(pair_.points, part);
    return own <= options_.coherent_units * unit_px_ && 2.0 * own <= Median(from_world);
  }

  // A thing stands before a world that agrees; a bend fades out, so what surrounds it nearly
  // disagrees. Without surroundings to tell by it may be a thing.
  bool EndsSharply(const std::vector<size_t>& part) const {
    std::vector<double> around;
    for (size_t i = 0; i < disagrees_.size(); ++i) {
      if (disagrees_[i]) continue;
      const bool near = std::any_of(part.begin(), part.end(), [&](size_t k) {
        return (pair_.points.a_px[k] - pair_.points.a_px[i]).norm() <= near_px_;
      });
      if (near) around.push_back(pair_.residuals_px[i]);
    }
    return around.empty() || Quantile(around, 0.75) <= 0.5 * bound_px_;
  }

  const ComparedPair& pair_;
  const MovingPartsOptions& options_;
  double unit_px_;
  double near_px_;
  double bound_px_ = 0.0;
  std::vector<bool> disagrees_;
};

}  // namespace

CompactParts FindCompactParts(const TrackSet& set,
                              const ComparedPair& pair,
                              const MovingPartsOptions& options) {
  return PartFinder(set, pair, options).Find();
}

}  // namespace plumb
