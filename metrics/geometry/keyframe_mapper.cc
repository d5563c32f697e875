// SPDX-License-Identifier: Apache-2.0
#include "metrics/geometry/keyframe_mapper.h"

#include <algorithm>

#include <base/database.h>
#include <base/database_cache.h>
#include <base/reconstruction.h>
#include <controllers/incremental_mapper.h>
#include <fmt/format.h>
#include <sfm/incremental_mapper.h>
#include <util/random.h>

#include "core/check.h"
#include "metrics/geometry/internal_quiet.h"

namespace plumb {
namespace {

// Both track lists are in rising order.
colmap::FeatureMatches SharedTracks(const KeyframeSightings& a, const KeyframeSightings& b) {
  colmap::FeatureMatches matches;
  size_t i = 0, j = 0;
  while (i < a.tracks.size() && j < b.tracks.size()) {
    if (a.tracks[i] == b.tracks[j]) {
      matches.emplace_back(static_cast<colmap::point2D_t>(i), static_cast<colmap::point2D_t>(j));
      ++i;
      ++j;
    } else if (a.tracks[i] < b.tracks[j]) {
      ++i;
    } else {
      ++j;
    }
  }
  return matches;
}

class Mapper {
 public:
  explicit Mapper(const MapperInput& input) : input_(input) {
    for (const KeyframeSightings& keyframe : input.keyframes) {
      std::vector<Eigen::Vector2d> points;
      for (size_t i = 0; i < keyframe.tracks.size(); ++i) {
        points.emplace_back(keyframe.x_px[i], keyframe.y_px[i]);
      }
      points_.push_back(std::move(points));
    }
  }

  // Verifies all pairs and fills the cache that the mapper works on.
  void Load(double focal_px, MapperOutput& output) {
    colmap::Database database(":memory:");
    colmap::Camera camera;
    camera.InitializeWithName("SIMPLE_PINHOLE", focal_px, input_.width, input_.height);
    camera.SetPriorFocalLength(false);
    camera.SetCameraId(database.WriteCamera(camera));
    for (size_t k = 0; k < input_.keyframes.size(); ++k) {
      colmap::Image image;
      image.SetName(fmt::format("{:05}", k));
      image.SetCameraId(camera.CameraId());
      const colmap::image_t id = database.WriteImage(image);
      PLUMB_CHECK(id == k + 1, "image id {}", id);
      colmap::FeatureKeypoints keypoints;
      for (const Eigen::Vector2d& point : points_[k]) {
        keypoints.emplace_back(static_cast<float>(point.x()), static_cast<float>(point.y()));
      }
      database.WriteKeypoints(id, keypoints);
    }
    for (size_t a = 0; a < input_.keyframes.size(); ++a) {
      for (size_t b = a + 1; b < input_.keyframes.size(); ++b)
        VerifyPair(database, camera, {a, b}, output);
    }
    cache_.Load(database, input_.min_pair_matches, false, {});
  }

  // Tries strict starts first: a wide first pair makes everything after it easier.
  bool Map(colmap::Reconstruction& reconstruction) {
    for (const auto& [inliers, angle_deg] :
         {std::pair{60, 12.0}, {40, 6.0}, {25, 3.0}, {20, 1.5}}) {
      colmap::IncrementalMapper mapper(&cache_);
      reconstruction = colmap::Reconstruction();
      mapper.BeginReconstruction(&reconstruction);
      colmap::IncrementalMapper::Options mapping = Mapping();
      mapping.init_min_num_inliers = inliers;
      mapping.init_min_tri_angle = angle_deg;
      // A clip that only drives forwards has no better pair to offer.
      if (angle_deg < 5.0) mapping.init_max_forward_motion = 1.0;
      const bool started = Start(mapper, mapping, reconstruction);
      if (started) Grow(mapper, reconstruction);
      mapper.EndReconstruction(false);
      if (started && reconstruction.NumRegImages() >= 3) return true;
    }
    return false;
  }

 private:
  void VerifyPair(const colmap::Database& database,
                  const colmap::Camera& camera,
                  std::pair<size_t, size_t> pair,
                  MapperOutput& output) {
    const KeyframeSightings& a = input_.keyframes[pair.first];
    const KeyframeSightings& b = input_.keyframes[pair.second];
    const colmap::FeatureMatches matches = SharedTracks(a, b);
    if (static_cast<int>(matches.size()) < input_.min_pair_matches) return;
    colmap::TwoViewGeometry::Options options;
    options.min_num_inliers = input_.min_pair_matches;
    options.detect_watermark = false;
    options.ransac_options.max_error = PairErrorPx();
    options.ransac_options.min_num_trials = 30;
    options.ransac_options.max_num_trials = 500;
    options.ransac_options.min_inlier_ratio = 0.25;
    options.ransac_options.confidence = 0.999;
    colmap::TwoViewGeometry geometry;
    geometry.Estimate(camera, points_[pair.first], camera, points_[pair.second], matches, options);
    if (static_cast<int>(geometry.inlier_matches.size()) < input_.min_pair_matches) return;
    ++output.pairs;
    if (geometry.config == colmap::TwoViewGeometry::PLANAR_OR_PANORAMIC) ++output.planar_pairs;
    database.WriteTwoViewGeometry(static_cast<colmap::image_t>(pair.first + 1),
                                  static_cast<colmap::image_t>(pair.second + 1),
                                  geometry);
  }

  bool Start(colmap::IncrementalMapper& mapper,
             const colmap::IncrementalMapper::Options& mapping,
             const colmap::Reconstruction& reconstruction) {
    colmap::image_t first = colmap::kInvalidImageId;
    colmap::image_t second = colmap::kInvalidImageId;
    if (!mapper.FindInitialImagePair(mapping, &first, &second)) return false;
    if (!mapper.RegisterInitialImagePair(mapping, first, second)) return false;
    mapper.AdjustGlobalBundle(mapping, GlobalBundle());
    mapper.FilterPoints(mapping);
    mapper.FilterImages(mapping);
    return reconstruction.NumRegImages() == 2 && reconstruction.NumPoints3D() > 0;
  }

  // Registers one image after the other; the whole is adjusted each time it has grown by half; the
  // bundle adjustment behind it (bundle.h) does the rest.
  void Grow(colmap::IncrementalMapper& mapper, colmap::Reconstruction& reconstruction) {
    const colmap::IncrementalMapper::Options mapping = Mapping();
    size_t adjusted_images = reconstruction.NumRegImages();
    while (true) {
      bool registered = false;
      for (const colmap::image_t id : mapper.FindNextImages(mapping)) {
        if (!mapper.RegisterNextImage(mapping, id)) continue;
        mapper.TriangulateImage(Triangulation(), id);
        mapper.AdjustLocalBundle(
            mapping, LocalBundle(), Triangulation(), id, mapper.GetModifiedPoints3D());
        mapper.ClearModifiedPoints3D();
        registered = true;
        break;
      }
      if (!registered) break;
      if (reconstruction.NumRegImages() >= 1.5 * adjusted_images) {
        AdjustAll(mapper);
        adjusted_images = reconstruction.NumRegImages();
      }
    }
    AdjustAll(mapper);
  }

  void AdjustAll(colmap::IncrementalMapper& mapper) {
    const colmap::IncrementalMapper::Options mapping = Mapping();
    mapper.CompleteTracks(Triangulation());
    mapper.MergeTracks(Triangulation());
    mapper.Retriangulate(Triangulation());
    mapper.AdjustGlobalBundle(mapping, GlobalBundle());
    mapper.FilterPoints(mapping);
    mapper.FilterImages(mapping);
  }

  double PairErrorPx() const { return std::max(1.5, 2.0 * input_.unit_px); }

  colmap::IncrementalMapper::Options Mapping() const {
    colmap::IncrementalMapper::Options mapping = settings_.Mapper();
    mapping.init_max_error = PairErrorPx();
    mapping.abs_pose_max_error = std::max(4.0, 4.0 * input_.unit_px);
    mapping.abs_pose_min_num_inliers = 15;
    mapping.filter_max_reproj_error = std::max(2.0, 2.0 * input_.unit_px);
    mapping.filter_min_tri_angle = 0.5;
    mapping.abs_pose_refine_focal_length = !input_.hold_focal;
    mapping.num_threads = 1;
    return mapping;
  }
  colmap::IncrementalTriangulator::Options Triangulation() const {
    colmap::IncrementalTriangulator::Options triangulation = settings_.Triangulation();
    triangulation.min_angle = 0.5;
    triangulation.create_max_angle_error = 1.0;
    return triangulation;
  }
  colmap::BundleAdjustmentOptions LocalBundle() const {
    return OneThread(settings_.LocalBundleAdjustment(), 6);
  }
  colmap::BundleAdjustmentOptions GlobalBundle() const {
    return OneThread(settings_.GlobalBundleAdjustment(), 10);
  }
  colmap::BundleAdjustmentOptions OneThread(colmap::BundleAdjustmentOptions options,
                                            int iterations) const {
    options.refine_focal_length = !input_.hold_focal;
    options.solver_options.num_threads = 1;
    options.solver_options.max_num_iterations = iterations;
    options.solver_options.function_tolerance = 1e-5;
    options.solver_options.dense_linear_algebra_library_type = ceres::EIGEN;
    options.solver_options.logging_type = ceres::SILENT;
    options.solver_options.minimizer_progress_to_stdout = false;
    options.print_summary = false;
    return options;
  }

  const MapperInput& input_;
  std::vector<std::vector<Eigen::Vector2d>> points_;  // of each keyframe
  colmap::IncrementalMapperOptions settings_;
  colmap::DatabaseCache cache_;
};

void ReadPoses(const colmap::Reconstruction& reconstruction,
               size_t keyframes,
               MapperOutput& output) {
  for (size_t k = 0; k < keyframes; ++k) {
    const colmap::image_t id = static_cast<colmap::image_t>(k + 1);
    if (!reconstruction.ExistsImage(id) || !reconstruction.IsImageRegistered(id)) continue;
    const colmap::Image& image = reconstruction.Image(id);
    const Eigen::Vector4d q = image.Qvec();
    const Eigen::Vector3d t = image.Tvec();
    output.poses.push_back({static_cast<int>(k), {q[0], q[1], q[2], q[3]}, {t[0], t[1], t[2]}});
  }
}

// The 3D point of each track: that of its longest piece.
void ReadPoints(const colmap::Reconstruction& reconstruction,
                const std::vector<KeyframeSightings>& keyframes,
                MapperOutput& output) {
  std::map<int, size_t> lengths;
  for (const MappedPose& pose : output.poses) {
    const colmap::Image& image =
        reconstruction.Image(static_cast<colmap::image_t>(pose.keyframe + 1));
    const std::vector<int>& tracks = keyframes[pose.keyframe].tracks;
    for (size_t i = 0; i < tracks.size(); ++i) {
      const colmap::Point2D& seen = image.Point2D(static_cast<colmap::point2D_t>(i));
      if (!seen.HasPoint3D()) continue;
      const colmap::Point3D& point = reconstruction.Point3D(seen.Point3DId());
      size_t& length = lengths[tracks[i]];
      if (point.Track().Length() <= length) continue;
      length = point.Track().Length();
      output.points[tracks[i]] = {point.X(), point.Y(), point.Z()};
    }
  }
}

}  // namespace

MapperOutput MapKeyframes(const MapperInput& input) {
  PLUMB_CHECK(input.first_focal_px > 0.0, "first_focal_px {}", input.first_focal_px);
  const QuietLibraries quiet;
  MapperOutput output;
  // The first guess, then a wide and a long lens: bundle adjustment finds the rest.
  for (const double lens : {1.0, 0.6, 2.0}) {
    if (input.hold_focal && lens != 1.0) break;
    colmap::SetPRNGSeed(static_cast<unsigned>(input.seed));
    output = MapperOutput();
    Mapper mapper(input);
    mapper.Load(lens * input.first_focal_px, output);
    if (output.pairs == 0) {
      output.why_not = "no two keyframes share an epipolar geometry";
      break;
    }
    colmap::Reconstruction reconstruction;
    if (mapper.Map(reconstruction)) {
      output.focal_px = reconstruction.Cameras().begin()->second.FocalLength();
      ReadPoses(reconstruction, input.keyframes.size(), output);
      ReadPoints(reconstruction, input.keyframes, output);
      break;
    }
    output.why_not = "no pair of keyframes starts a reconstruction";
  }
  return output;
}

}  // namespace plumb
