// SPDX-License-Identifier: Apache-2.0
// plumb scenes list, describe, render
#include <filesystem>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "app/internal_scenes_verb.h"
#include "app/scene_folder.h"
#include "app/terminal.h"
#include "core/json.h"
#include "core/scene_json.h"
#include "scenes/cameras.h"
#include "scenes/catalogue.h"

namespace plumb {
namespace {

namespace fs = std::filesystem;

std::string_view RoleName(Role role) {
  switch (role) {
    case Role::kObject:
      return "object";
    case Role::kOccluder:
      return "occluder";
    case Role::kStructure:
      return "structure";
  }
  return "";
}

void PrintScene(const Scene& scene) {
  fmt::print("{}: {}\n{} s, gravity {:.2f} m/s^2\n\n",
             scene.id,
             scene.caption,
             scene.duration_s,
             scene.gravity_mps2.z());
  fmt::print("{:<16} {:<10} {:>8} {:<22} {:<22} {:>8} {:>11}\n",
             "body",
             "role",
             "mass kg",
             "size m",
             "position m",
             "friction",
             "restitution");
  const auto triple = [](const Eigen::Vector3d& v) {
    return fmt::format("{:.2f} {:.2f} {:.2f}", v.x(), v.y(), v.z());
  };
  for (const Body& body : scene.bodies) {
    fmt::print("{:<16} {:<10} {:>8} {:<22} {:<22} {:>8.2f} {:>11.2f}\n",
               body.name,
               RoleName(body.role),
               body.fixed ? "fixed" : fmt::format("{:.3f}", body.mass_kg),
               triple(body.shape.size_m),
               triple(body.world_from_body.translation),
               body.material.friction,
               body.material.restitution);
  }
}

}  // namespace

Scene AskedScene(const SceneOptions& options, const std::string& scenario, uint64_t seed) {
  Scene scene = MakeScene(scenario, options.suite_seed, seed);
  return options.camera.empty() ? scene : WithCamera(std::move(scene), options.camera);
}

ExitCode ListTheScenarios(const SceneOptions& options) {
  Json json{{"schema", 1}, {"scenarios", Json::array()}};
  for (const ScenarioInfo& info : ListScenarios()) {
    json["scenarios"].push_back({{"name", std::string(info.id)},
                                 {"group", std::string(info.group)},
                                 {"summary", std::string(info.summary)},
                                 {"check", std::string(info.check)}});
    if (options.as_json) continue;
    fmt::print("{:<15} {}\n{:<15} check: {}\n", info.id, info.summary, "", info.check);
  }
  if (options.as_json) fmt::print("{}", DumpJson(json));
  return ExitCode::kOk;
}

ExitCode DescribeScene(const SceneOptions& options) {
  const Scene scene = AskedScene(options, options.scenario, options.seed);
  if (options.as_json) {
    fmt::print("{}", DumpJson(ToJson(scene)));
  } else {
    PrintScene(scene);
  }
  return ExitCode::kOk;
}

ExitCode RenderScene(const SceneOptions& options) {
  options.render.Validate();
  const Scene scene = AskedScene(options, options.scenario, options.seed);
  const fs::path folder = options.out.empty() ? fs::path(scene.id) : fs::path(options.out);
  ProgressLine line;
  const Truth truth = MakeSceneFolder(folder, scene, options.render, line.AsProgress());
  line.Clear();
  if (options.as_json) {
    fmt::print("{}",
               DumpJson({{"schema", 1},
                         {"scene", scene.id},
                         {"caption", scene.caption},
                         {"frames", truth.num_frames()},
                         {"contacts", truth.motion.contacts.size()},
                         {"folder", folder.string()}}));
  } else {
    fmt::print("{}\n{} frames, {} contacts -> {}/video.mp4, contact_sheet.png, truth/\n",
               scene.caption,
               truth.num_frames(),
               truth.motion.contacts.size(),
               folder.string());
  }
  return ExitCode::kOk;
}

}  // namespace plumb
