// SPDX-License-Identifier: Apache-2.0
#include "scenes/rendering/internal_ray_scene.h"

#include <algorithm>
#include <type_traits>

#include <embree3/rtcore.h>
#include <immintrin.h>

#include "core/check.h"
#include "core/errors.h"
#include "scenes/rendering/internal_form.h"
#include "scenes/rendering/internal_mesh.h"

namespace plumb {
namespace {

constexpr int kPacket = 8;
// Flush-to-zero and denormals-are-zero, round to nearest, no traps: what Embree asks for.
constexpr unsigned int kFloatMode = 0x9fc0;

template <auto kRelease>
struct Releaser {
  template <typename T>
  void operator()(T* handle) const {
    kRelease(handle);
  }
};
using DevicePtr = std::unique_ptr<std::remove_pointer_t<RTCDevice>, Releaser<rtcReleaseDevice>>;
using ScenePtr = std::unique_ptr<std::remove_pointer_t<RTCScene>, Releaser<rtcReleaseScene>>;
using GeometryPtr =
    std::unique_ptr<std::remove_pointer_t<RTCGeometry>, Releaser<rtcReleaseGeometry>>;

// One instruction set on every machine, so that equal inputs give equal hits.
DevicePtr NewDevice() {
  DevicePtr device(rtcNewDevice("threads=1,user_threads=1,isa=avx2"));
  if (!device) throw EnvironmentError("Embree cannot start: a processor with AVX2 is needed");
  return device;
}

ScenePtr NewScene(RTCDevice device) {
  ScenePtr scene(rtcNewScene(device));
  rtcSetSceneFlags(scene.get(), RTC_SCENE_FLAG_ROBUST);
  rtcSetSceneBuildQuality(scene.get(), RTC_BUILD_QUALITY_MEDIUM);
  return scene;
}

GeometryPtr SphereGeometry(RTCDevice device, double radius_m, const Rigid3& pose) {
  GeometryPtr geometry(rtcNewGeometry(device, RTC_GEOMETRY_TYPE_SPHERE_POINT));
  auto* vertex = static_cast<float*>(rtcSetNewGeometryBuffer(
      geometry.get(), RTC_BUFFER_TYPE_VERTEX, 0, RTC_FORMAT_FLOAT4, 4 * sizeof(float), 1));
  for (int i = 0; i < 3; ++i) vertex[i] = static_cast<float>(pose.translation[i]);
  vertex[3] = static_cast<float>(radius_m);
  return geometry;
}

GeometryPtr MeshGeometry(RTCDevice device, const Mesh& mesh, const Rigid3& pose) {
  GeometryPtr geometry(rtcNewGeometry(device, RTC_GEOMETRY_TYPE_TRIANGLE));
  auto* vertices = static_cast<float*>(rtcSetNewGeometryBuffer(geometry.get(),
                                                               RTC_BUFFER_TYPE_VERTEX,
                                                               0,
                                                               RTC_FORMAT_FLOAT3,
                                                               3 * sizeof(float),
                                                               mesh.vertices.size()));
  for (const Eigen::Vector3f& vertex : mesh.vertices) {
    const Eigen::Vector3d placed = pose * vertex.cast<double>();
    for (int i = 0; i < 3; ++i) *vertices++ = static_cast<float>(placed[i]);
  }
  auto* triangles = static_cast<uint32_t*>(rtcSetNewGeometryBuffer(geometry.get(),
                                                                   RTC_BUFFER_TYPE_INDEX,
                                                                   0,
                                                                   RTC_FORMAT_UINT3,
                                                                   3 * sizeof(uint32_t),
                                                                   mesh.triangles.size()));
  for (const auto& triangle : mesh.triangles) {
    triangles = std::copy(triangle.begin(), triangle.end(), triangles);
  }
  return geometry;
}

// The columns of rotation and translation, as Embree's 3x4 column-major format wants them.
std::array<float, 12> ToColumns(const Rigid3& pose) {
  const Eigen::Matrix3f rotation = pose.rotation.toRotationMatrix().cast<float>();
  std::array<float, 12> columns;
  for (int c = 0; c < 3; ++c) {
    for (int r = 0; r < 3; ++r) columns[3 * c + r] = rotation(r, c);
  }
  for (int r = 0; r < 3; ++r) columns[9 + r] = static_cast<float>(pose.translation[r]);
  return columns;
}

// What all rays of a packet share; Embree leaves it as it is.
void SetShared(RTCRay8& packet) {
  for (int lane = 0; lane < kPacket; ++lane) {
    packet.time[lane] = 0;
    packet.mask[lane] = 0xffffffffu;
    packet.id[lane] = 0;
    packet.flags[lane] = 0;
  }
}

void SetRay(RTCRay8& packet, int lane, const Ray& ray) {
  packet.org_x[lane] = ray.origin.x();
  packet.org_y[lane] = ray.origin.y();
  packet.org_z[lane] = ray.origin.z();
  packet.dir_x[lane] = ray.direction.x();
  packet.dir_y[lane] = ray.direction.y();
  packet.dir_z[lane] = ray.direction.z();
  packet.tnear[lane] = ray.near;
  packet.tfar[lane] = ray.far;
}

RTCIntersectContext NewContext() {
  RTCIntersectContext context;
  rtcInitIntersectContext(&context);
  context.flags = RTC_INTERSECT_CONTEXT_FLAG_COHERENT;
  return context;
}

// Asks for eight rays at a time whether they meet anything.
std::vector<uint8_t> BlockedBy(RTCScene scene, std::span<const Ray> rays) {
  std::vector<uint8_t> blocked(rays.size());
  RTCIntersectContext context = NewContext();
  alignas(32) RTCRay8 packet;
  alignas(32) int valid[kPacket];
  SetShared(packet);
  for (size_t first = 0; first < rays.size(); first += kPacket) {
    const size_t count = std::min<size_t>(kPacket, rays.size() - first);
    for (size_t lane = 0; lane < kPacket; ++lane) {
      valid[lane] = lane < count ? -1 : 0;
      SetRay(packet, lane, rays[first + std::min(lane, count - 1)]);
    }
    rtcOccluded8(valid, scene, &context, &packet);
    // Embree marks a blocked ray by a negative far distance.
    for (size_t lane = 0; lane < count; ++lane) blocked[first + lane] = packet.tfar[lane] < 0;
  }
  return blocked;
}

}  // namespace

// One geometry: a whole body, or one part of a compound.
struct RayScene::Piece {
  int16_t body = 0;
  uint8_t first_part = 0;
  Shape shape;
  Rigid3 body_from_piece;
  std::vector<uint8_t> faces;  // of each triangle; empty for spheres

  uint8_t PartOf(uint32_t triangle) const {
    return faces.empty() ? first_part : static_cast<uint8_t>(first_part + faces[triangle]);
  }
};

struct RayScene::Parts {
  DevicePtr device = NewDevice();
  std::vector<std::vector<Piece>> pieces;  // by body
  std::vector<ScenePtr> alone;             // each body in its own frame, a geometry for each piece
  ScenePtr still;
  ScenePtr moving;
  std::vector<Piece> still_pieces;     // of each geometry of `still`
  std::vector<int16_t> moving_bodies;  // body of each instance of `moving`
  std::vector<GeometryPtr> instances;  // as moving_bodies

  // Returns the piece as it now stands in the scene.
  Piece Attach(RTCScene scene, Piece piece, const Rigid3& scene_from_body) const {
    const Rigid3 pose = scene_from_body * piece.body_from_piece;
    GeometryPtr geometry;
    if (piece.shape.kind == ShapeKind::kSphere) {
      geometry = SphereGeometry(device.get(), piece.shape.size_m.x() / 2, pose);
    } else {
      const Mesh mesh = MakeMesh(piece.shape);
      geometry = MeshGeometry(device.get(), mesh, pose);
      piece.faces = mesh.parts;
    }
    rtcCommitGeometry(geometry.get());
    rtcAttachGeometry(scene, geometry.get());
    return piece;
  }
};

std::vector<RayScene::Piece> RayScene::PiecesOf(const Shape& shape, int16_t body) {
  if (shape.kind != ShapeKind::kCompound) return {{body, 0, shape, Rigid3(), {}}};
  std::vector<Piece> pieces;
  for (const ShapePart& part : shape.parts) {
    const auto first_part = static_cast<uint8_t>(kFacesOfPart * pieces.size());
    pieces.push_back({body, first_part, part.shape, part.body_from_part, {}});
  }
  return pieces;
}

RayScene::RayScene(const Scene& scene, const std::vector<uint8_t>& is_still)
    : parts_(std::make_unique<Parts>()) {
  Parts& p = *parts_;
  PLUMB_CHECK(is_still.size() == scene.bodies.size() && scene.bodies.size() < 32768);
  p.still = NewScene(p.device.get());
  p.moving = NewScene(p.device.get());
  for (size_t i = 0; i < scene.bodies.size(); ++i) {
    const Body& body = scene.bodies[i];
    p.alone.push_back(NewScene(p.device.get()));
    p.pieces.emplace_back();
    for (const Piece& piece : PiecesOf(body.shape, static_cast<int16_t>(i))) {
      p.pieces[i].push_back(p.Attach(p.alone[i].get(), piece, Rigid3()));
      if (!is_still[i]) continue;
      p.still_pieces.push_back(p.Attach(p.still.get(), piece, body.world_from_body));
    }
    rtcCommitScene(p.alone[i].get());
    if (is_still[i]) continue;
    GeometryPtr instance(rtcNewGeometry(p.device.get(), RTC_GEOMETRY_TYPE_INSTANCE));
    rtcSetGeometryInstancedScene(instance.get(), p.alone[i].get());
    rtcAttachGeometry(p.moving.get(), instance.get());
    p.moving_bodies.push_back(static_cast<int16_t>(i));
    p.instances.push_back(std::move(instance));
  }
  rtcCommitScene(p.still.get());
}

RayScene::~RayScene() = default;

void RayScene::Place(const std::vector<Rigid3>& world_from_body,
                     const std::vector<uint8_t>& present) {
  Parts& p = *parts_;
  for (size_t k = 0; k < p.instances.size(); ++k) {
    const std::array<float, 12> columns = ToColumns(world_from_body.at(p.moving_bodies[k]));
    RTCGeometry instance = p.instances[k].get();
    rtcSetGeometryTransform(instance, 0, RTC_FORMAT_FLOAT3X4_COLUMN_MAJOR, columns.data());
    present.at(p.moving_bodies[k]) ? rtcEnableGeometry(instance) : rtcDisableGeometry(instance);
    rtcCommitGeometry(instance);
  }
  rtcCommitScene(p.moving.get());
}

void RayScene::Nearest(BodySet set, std::span<const Ray> rays, std::span<RayHit> hits) const {
  const Parts& p = *parts_;
  PLUMB_CHECK(rays.size() == hits.size());
  const bool still = set == BodySet::kStill;
  if (!still && p.moving_bodies.empty()) return;
  RTCIntersectContext context = NewContext();
  alignas(32) RTCRayHit8 packet;
  alignas(32) int valid[kPacket];
  SetShared(packet.ray);
  for (size_t first = 0; first < rays.size(); first += kPacket) {
    const size_t count = std::min<size_t>(kPacket, rays.size() - first);
    for (size_t lane = 0; lane < kPacket; ++lane) {
      valid[lane] = lane < count ? -1 : 0;
      const size_t i = first + std::min(lane, count - 1);
      SetRay(packet.ray, lane, rays[i]);
      packet.ray.tfar[lane] = std::min(rays[i].far, hits[i].distance);
      packet.hit.geomID[lane] = RTC_INVALID_GEOMETRY_ID;
      packet.hit.instID[0][lane] = RTC_INVALID_GEOMETRY_ID;
    }
    rtcIntersect8(valid, still ? p.still.get() : p.moving.get(), &context, &packet);
    for (size_t lane = 0; lane < count; ++lane) {
      if (packet.hit.geomID[lane] == RTC_INVALID_GEOMETRY_ID) continue;
      RayHit& hit = hits[first + lane];
      const uint32_t geometry = packet.hit.geomID[lane];
      const Piece& piece = still ? p.still_pieces[geometry]
                                 : p.pieces[p.moving_bodies[packet.hit.instID[0][lane]]][geometry];
      hit.body = piece.body;
      hit.part = piece.PartOf(packet.hit.primID[lane]);
      hit.distance = packet.ray.tfar[lane];
    }
  }
}

std::vector<uint8_t> RayScene::Blocked(BodySet set, std::span<const Ray> rays) const {
  const bool still = set == BodySet::kStill;
  if (!still && parts_->moving_bodies.empty()) return std::vector<uint8_t>(rays.size(), 0);
  return BlockedBy(still ? parts_->still.get() : parts_->moving.get(), rays);
}

std::vector<uint8_t> RayScene::MeetsBody(int body, std::span<const Ray> rays_in_body) const {
  return BlockedBy(parts_->alone.at(body).get(), rays_in_body);
}

FloatModeGuard::FloatModeGuard() : saved_(_mm_getcsr()) { _mm_setcsr(kFloatMode); }
FloatModeGuard::~FloatModeGuard() { _mm_setcsr(saved_); }

}  // namespace plumb
