// SPDX-License-Identifier: Apache-2.0
#include "tests/reports/sample_results.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "core/seed.h"
#include "reports/compare.h"
#include "tests/reports/sample_worlds.h"

namespace plumb {
namespace {

constexpr int kVanishFrame = 20;

std::vector<ScoreInfo> SampleScores() {
  const auto info = [](const std::string& id,
                       const std::string& unit,
                       Direction better,
                       const std::string& summary) {
    return ScoreInfo{id, unit, better, 1, false, summary};
  };
  std::vector<ScoreInfo> scores = {
      info("geometry.consistency",
           "share",
           Direction::kHigher,
           "Do all frames show one rigid world?"),
      info("geometry.reprojection_px",
           "px",
           Direction::kLower,
           "Median error of the points of the reconstruction."),
      info("geometry.registered",
           "share",
           Direction::kHigher,
           "Frames that fit into the reconstruction."),
      info("permanence.persistence",
           "share",
           Direction::kHigher,
           "Are objects there whenever they should be?"),
      info("permanence.vanished", "1", Direction::kLower, "Objects that disappear in view."),
      info("dynamics.lawfulness",
           "share",
           Direction::kHigher,
           "Do bodies move as the simulator says?"),
      info("dynamics.centroid_error",
           "object sizes",
           Direction::kLower,
           "Mean distance from the true path."),
      info("dynamics.gravity_mps2",
           "m/s²",
           Direction::kLower,
           "Error of the acceleration in free fall."),
  };
  for (ScoreInfo& score : scores) {
    score.headline = score.id == "geometry.consistency" || score.id == "permanence.persistence" ||
                     score.id == "dynamics.lawfulness";
  }
  return scores;
}

struct ModelSketch {
  std::string spec;
  std::string clip;
  double quality;  // 1 best
};

const std::vector<ModelSketch>& Models() {
  static const std::vector<ModelSketch> models = {{"oracle", "truth", 0.99},
                                                  {"frozen", "frozen", 0.2},
                                                  {"sabotage:gravity=0.5", "half", 0.6},
                                                  {"sabotage:vanish=behind", "vanish", 0.7},
                                                  {"native:checkpoints/tiny", "half", 0.5}};
  return models;
}

// Height of the ball's centre above its radius, pixels from the top, in free fall with bounces.
double BallY(double time_s, double gravity_px) {
  double height = 120.0;
  double speed = 0.0;
  constexpr double kStep_s = 1.0 / 480.0;
  for (double t = 0.0; t < time_s; t += kStep_s) {
    speed -= gravity_px * kStep_s;
    height += speed * kStep_s;
    if (height < 0.0 && speed < 0.0) speed *= -0.7;
  }
  return 150.0 - std::max(0.0, height);
}

double GravityOf(const std::string& clip) { return clip == "half" ? 240.0 : 480.0; }
double BallX(int frame) { return 40.0 + 2.2 * frame; }
double BallYAt(const std::string& clip, int frame) {
  return BallY((clip == "frozen" ? 0 : frame) / kClipFps, GravityOf(clip));
}

std::vector<uint8_t> Draw(const std::string& clip) {
  std::vector<uint8_t> pixels;
  for (int frame = 0; frame < kClipFrames; ++frame) {
    const int shown = clip == "frozen" ? 0 : frame;
    const double x0 = BallX(shown);
    const double y0 = BallYAt(clip, shown);
    const bool gone = clip == "vanish" && frame >= kVanishFrame;
    for (int y = 0; y < kClipSize; ++y) {
      for (int x = 0; x < kClipSize; ++x) {
        const bool floor = y > 162;
        const int tile = ((x / 16) + (y / 16)) % 2 * 14;
        uint8_t r = floor ? 150 + tile : 205 + tile / 2, g = floor ? 120 + tile : 214,
                b = floor ? 90 : 226;
        const double dx = x - x0, dy = y - y0;
        if (!gone && dx * dx + dy * dy < 144.0) {
          const double light = std::clamp(1.1 - (dx + dy + 14.0) / 48.0, 0.3, 1.1);
          r = static_cast<uint8_t>(std::min(255.0, 205 * light));
          g = static_cast<uint8_t>(60 * light);
          b = static_cast<uint8_t>(48 * light);
        }
        pixels.insert(pixels.end(), {r, g, b});
      }
    }
  }
  return pixels;
}

Json PathJson(const std::string& clip, int last_frame) {
  Json path = Json::array();
  for (int frame = 0; frame < last_frame; ++frame) {
    path.push_back({frame, BallX(clip == "frozen" ? 0 : frame), BallYAt(clip, frame)});
  }
  return path;
}

Evidence MotionEvidence(const std::string& clip) {
  Evidence evidence;
  Json values = Json::array();
  std::vector<std::pair<double, int>> errors;
  const int last = clip == "vanish" ? kVanishFrame : kClipFrames;
  for (int frame = 0; frame < kClipFrames; ++frame) {
    if (frame >= last) {
      values.push_back(nullptr);
      continue;
    }
    const double error = std::abs(BallYAt(clip, frame) - BallYAt("truth", frame)) / 24.0;
    values.push_back(error);
    if (error > 0.5) errors.push_back({-error, frame});
  }
  std::sort(errors.begin(), errors.end());
  for (const auto& [error, frame] : errors) evidence.frames.push_back(frame);
  evidence.details = {
      {"per_frame",
       {{"name", "distance from the true path"}, {"unit", "object sizes"}, {"values", values}}},
      {"trajectories",
       {{{"body", "red ball"},
         {"truth", PathJson("truth", kClipFrames)},
         {"sample", PathJson(clip, last)}}}},
      {"events",
       {{{"frame", 17},
         {"kind", "contact"},
         {"body", "red ball"},
         {"text", "first touch of the floor"}}}},
      {"recovered_gravity_mps2", clip == "half" ? 4.9 : 9.8}};
  evidence.details["parts"] = {{"gravity", 0.51}, {"restitution", 0.98}};
  evidence.details["rebounds"] = Json::array(
      {Json{{"frame", 17}, {"restitution", 0.7}}, Json{{"frame", 41}, {"restitution", 0.69}}});
  return evidence;
}

Evidence BoxEvidence(const std::string& clip) {
  Evidence evidence;
  Json boxes = Json::array();
  for (int frame = 0; frame < kClipFrames; ++frame) {
    const bool gone = clip == "vanish" && frame >= kVanishFrame;
    boxes.push_back(
        {{"body", "red ball"},
         {"frame", frame},
         {"state", gone ? "absent" : "visible"},
         {"box", {BallX(frame) - 12, BallYAt(gone ? "truth" : clip, frame) - 12, 24.0, 24.0}}});
    if (gone) evidence.frames.push_back(frame);
  }
  evidence.details["boxes"] = boxes;
  return evidence;
}

Evidence TrackEvidence(Random& random) {
  Evidence evidence;
  Json tracks = Json::array();
  for (int i = 0; i < 60; ++i) {
    const double x = random.Uniform(5, 185), y = random.Uniform(5, 185),
                 drift = random.Normal(0, 0.3);
    Json points = Json::array();
    for (int frame = i % 7; frame < kClipFrames; ++frame)
      points.push_back({frame, x + drift * frame, y});
    tracks.push_back({{"ok", std::abs(drift) < 0.35}, {"points", points}});
  }
  evidence.details["tracks"] = tracks;
  return evidence;
}

Score MakeScore(const ScoreInfo& info,
                const ModelSketch& model,
                const std::string& scenario,
                Random& random) {
  const double quality = std::clamp(model.quality + random.Normal(0.0, 0.03), 0.02, 1.0);
  const bool geometry = info.id.starts_with("geometry.");
  if (geometry && model.spec == "frozen") {
    return Score::NotMeasurable(
        info, {ReasonCode::kNoCameraMotion, "47 of 47 frame pairs are identical"});
  }
  if (geometry && scenario != "orbit_room" && model.spec != "oracle" && random.Uniform() < 0.3) {
    return Score::NotMeasurable(info,
                                {ReasonCode::kNoParallax, "median parallax 0.4 px, 2 px needed"});
  }
  if (info.id == "permanence.vanished" && scenario == "orbit_room") {
    return Score::NotTested(info, {ReasonCode::kLawNotApplicable, "nothing moves in this scene"});
  }
  Evidence evidence;
  if (info.id == "geometry.consistency") {
    evidence = TrackEvidence(random);
    AddWorlds(kClipSize, /*turns_only=*/model.clip == "vanish", evidence);
  }
  if (info.id == "permanence.persistence") evidence = BoxEvidence(model.clip);
  if (info.id == "dynamics.lawfulness") evidence = MotionEvidence(model.clip);
  if (info.unit == "share") {
    return Score::Measured(
        info, quality, std::max(0.0, quality - 0.04), std::min(1.0, quality + 0.03), evidence);
  }
  const double error = (1.0 - quality) * 4.0;
  return Score::Measured(info, error, error * 0.8, error * 1.25, evidence);
}

Cell MakeCell(const Results& results,
              const ModelSketch& model,
              const std::string& scenario,
              int seed) {
  Cell cell;
  cell.key = {model.spec, fmt::format("{}-{}", scenario, seed), 0};
  cell.scenario = scenario;
  cell.caption = "A red rubber ball falls onto a tiled floor while the camera stands still.";
  cell.status = CellStatus::kDone;
  cell.sample = {"samples/" + model.clip + ".mkv",
                 kClipFrames,
                 kClipFps,
                 kClipSize,
                 kClipSize,
                 scenario == "orbit_room" ? "parallax" : "static",
                 {}};
  if (model.spec.starts_with("native"))
    cell.sample.notes = {"generated 49 frames, the last one was cut"};
  cell.truth_video = "truth/truth.mkv";
  cell.stage_seconds = {{"generate", 1.25}, {"score", 0.75}};
  Random random(DeriveSeed(7, cell.key.scene, model.spec));
  for (const ScoreInfo& info : results.scores)
    cell.scores.push_back(MakeScore(info, model, scenario, random));
  return cell;
}

void Break(Cell& cell, CellStatus status, const std::string& stage, const std::string& reason) {
  cell.status = status;
  cell.stage = stage;
  cell.reason = reason;
  cell.scores.clear();
  cell.sample = {};
}

}  // namespace

Results SampleResults() {
  Results results;
  results.name = "sample run";
  results.suite = "quick v1";
  results.suite_digest = "9f2c7a51";
  results.versions = {{"plumb", "0.1.0"}, {"compiler", "g++ 12.2"}, {"COLMAP", "3.8"}};
  results.machine = {{"cpu", "a processor with two cores"}, {"memory", "8 GiB"}};
  results.started = "2026-01-02T03:04:05Z";
  results.scores = SampleScores();
  for (const ModelSketch& model : Models()) {
    results.models.push_back(model.spec);
    for (const char* scenario :
         {"drop", "bounce", "collide", "incline_slide", "occluder_pass", "orbit_room"}) {
      for (const int seed : {1, 2}) {
        if (model.spec == "sabotage:gravity=0.5" && std::string(scenario) == "orbit_room") {
          results.left_out.push_back({model.spec,
                                      fmt::format("{}-{}", scenario, seed),
                                      "gravity cannot show: nothing moves"});
          continue;
        }
        results.cells.push_back(MakeCell(results, model, scenario, seed));
      }
    }
  }
  for (Cell& cell : results.cells) {
    if (cell.key.model != "native:checkpoints/tiny") continue;
    if (cell.key.scene == "collide-1")
      Break(cell, CellStatus::kFailed, "generate", "not finite: tensor latents, step 3");
    if (cell.key.scene == "orbit_room-2")
      Break(cell, CellStatus::kMissing, "", "the run was interrupted");
  }
  return results;
}

const std::vector<std::string>& HostileTexts() {
  static const std::vector<std::string> texts = {
      "<script>window.pwned=1</script>",
      "</script><script>window.pwned=1</script>",
      "<img src=x onerror=window.pwned=1>",
      "\"><svg onload=window.pwned=1>",
      "javascript:window.pwned=1",
      "<!--plumb:data--><!-- <script>",
      "]]><![CDATA[ &entity; %s %n {0}",
      "=cmd|'/c calc'!A1",
      "@SUM(1+1)*cmd",
      "\x1b[31mred\x1b]8;;http://x\x07link\x1b]8;;\x07",
      "\xE2\x80\xAEgnp.exe\xE2\x80\xAC",
      "::error file=x::annotation\nnext line\r\n| a | table |",
      "broken \xFF\xFE utf-8 \xC3 end",
      "{{constructor.constructor('window.pwned=1')()}} ${window.pwned=1} `x`",
      std::string("nul \0 inside", 12),
  };
  return texts;
}

Results HostileResults() {
  Results results = SampleResults();
  const std::vector<std::string>& texts = HostileTexts();
  results.name = texts[1];
  results.suite = texts[2];
  results.versions[texts[0]] = texts[3];
  results.machine[texts[4]] = texts[1];
  results.models.clear();
  results.left_out = {{texts[0], texts[1], texts[2]}};
  for (size_t i = 0; i < results.cells.size(); ++i) {
    Cell& cell = results.cells[i];
    cell.key.model = texts[i / 12 % texts.size()];
    cell.key.scene += texts[i % texts.size()];
    cell.caption = texts[(i + 1) % texts.size()];
    cell.scenario = texts[(i + 2) % texts.size()];
    cell.sample.source = cell.sample.motion_class = texts[(i + 3) % texts.size()];
    cell.sample.notes = {texts[(i + 4) % texts.size()]};
    cell.truth_video = texts[(i + 5) % texts.size()];
    if (i % 5 == 0)
      Break(cell, CellStatus::kFailed, texts[i % texts.size()], texts[(i + 6) % texts.size()]);
    for (Score& score : cell.scores) {
      score = Score::NotMeasurable(
          score.info(),
          {ReasonCode::kMetricFailed, texts[(i + 7) % texts.size()]},
          {{},
           {{"events",
             {{{"frame", 1}, {"kind", texts[0]}, {"body", texts[2]}, {"text", texts[3]}}}},
            {"per_frame", {{"name", texts[1]}, {"unit", texts[2]}, {"values", {1.0, 2.0}}}},
            {texts[3], texts[2]}}});
    }
    if (std::find(results.models.begin(), results.models.end(), cell.key.model) ==
        results.models.end()) {
      results.models.push_back(cell.key.model);
    }
  }
  return results;
}

std::map<std::string, std::vector<uint8_t>> SampleClips() {
  std::map<std::string, std::vector<uint8_t>> clips;
  for (const char* name : {"truth", "half", "frozen", "vanish"}) clips[name] = Draw(name);
  return clips;
}

ReportInput SampleReport(const Results& results, const std::map<std::string, std::string>& mp4) {
  ReportInput input;
  input.results = results;
  for (const auto& [name, bytes] : mp4) {
    input.videos[name] = {bytes, "", kClipFps, kClipFrames, kClipSize, kClipSize};
  }
  const auto known = [&](const std::string& name) {
    return mp4.contains(name) ? name : std::string();
  };
  for (const Cell& cell : results.cells) {
    const auto model = std::find_if(Models().begin(), Models().end(), [&](const ModelSketch& one) {
      return one.spec == cell.key.model;
    });
    const std::string clip = model == Models().end() ? "truth" : model->clip;
    const bool done = cell.status == CellStatus::kDone;
    input.cell_videos[cell.key] = {done ? known(clip) : "", known("truth")};
  }
  if (results.models.size() >= 2) {
    input.comparison =
        Compare({&results, results.models[0], ""}, {&results, results.models.back(), ""});
  }
  return input;
}

}  // namespace plumb
