// SPDX-License-Identifier: Apache-2.0
extern "C" {
#include <libavcodec/avcodec.h>
}

#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>
#include <vector>

#include <fmt/format.h>
#include <sqlite3.h>

#include "app/verbs.h"
#include "app/versions.h"
#include "core/json.h"

namespace plumb {
namespace {

namespace fs = std::filesystem;

// A run of the quick suite writes well under this; larger suites say their need in `plumb plan`.
constexpr double kWantedDiskGb = 2.0;

enum class Finding { kOk, kWarning, kMissing };

struct Check {
  std::string name;
  Finding finding;
  std::string text;
};

std::string_view FindingName(Finding finding) {
  switch (finding) {
    case Finding::kOk:
      return "ok";
    case Finding::kWarning:
      return "warning";
    case Finding::kMissing:
      return "missing";
  }
  return "";
}

Check Processor() {
  const auto facts = MachineFacts();
  const auto fact = [&](const char* key) {
    const auto found = facts.find(key);
    return found == facts.end() ? std::string("unknown") : found->second;
  };
  return {"processor",
          Finding::kOk,
          fmt::format("{}, {} cores for this process, {} GB memory, built for {}",
                      fact("cpu"),
                      fact("cores"),
                      fact("memory_gb"),
                      fact("instruction_set"))};
}

Check Decoders() {
  std::string missing;
  for (const char* name : {"h264", "hevc", "vp9", "gif", "ffv1", "png", "mpeg4"}) {
    if (!avcodec_find_decoder_by_name(name)) missing += fmt::format(" {}", name);
  }
  if (!missing.empty()) return {"decoders", Finding::kWarning, "FFmpeg lacks:" + missing};
  return {"decoders", Finding::kOk, "H.264, HEVC, VP9, MPEG-4, GIF, FFV1, PNG"};
}

Check LosslessEncoder() {
  if (!avcodec_find_encoder_by_name("ffv1")) {
    return {
        "lossless video", Finding::kMissing, "FFmpeg has no FFV1 encoder; runs can't be stored"};
  }
  return {"lossless video", Finding::kOk, "FFV1"};
}

Check ReviewEncoder() {
  if (!avcodec_find_encoder_by_name("libx264")) {
    return {"review video", Finding::kWarning, "FFmpeg has no libx264; reports show no videos"};
  }
  return {"review video", Finding::kOk, "H.264 (libx264)"};
}

Check Database() {
  if (!sqlite3_threadsafe()) {
    return {"database", Finding::kMissing, "SQLite was built without thread safety"};
  }
  return {"database", Finding::kOk, fmt::format("SQLite {}", sqlite3_libversion())};
}

Check Disk(const fs::path& folder) {
  std::error_code error;
  const fs::space_info space = fs::space(folder, error);
  if (error) return {"disk", Finding::kMissing, folder.string() + ": " + error.message()};
  const double free_gb = static_cast<double>(space.available) / 1e9;
  const Finding finding = free_gb < kWantedDiskGb ? Finding::kWarning : Finding::kOk;
  return {"disk", finding, fmt::format("{:.1f} GB free in {}", free_gb, folder.string())};
}

Check Writable(const fs::path& folder) {
  const fs::path probe = folder / fmt::format(".plumb-doctor-{}", getpid());
  bool written = false;
  {
    std::ofstream file(probe);
    file << "written by plumb doctor\n";
    file.flush();
    written = file.good();
  }
  std::error_code ignored;
  fs::remove(probe, ignored);
  if (!written) {
    return {"writable", Finding::kMissing, "can't write in " + folder.string()};
  }
  return {"writable", Finding::kOk, folder.string()};
}

Check Engine() {
  if (!PLUMB_WITH_GENERATOR) {
    return {
        "generator", Finding::kWarning, "this build has none: native: models are not available"};
  }
  return {"generator", Finding::kOk, "LibTorch engine built in"};
}

Check Gpu() {
  if (fs::exists("/dev/nvidia0")) return {"gpu", Finding::kOk, "NVIDIA device found"};
  return {"gpu", Finding::kWarning, "none found; everything runs on the processor"};
}

std::vector<Check> RunChecks(const fs::path& folder) {
  return {Processor(),
          Gpu(),
          Engine(),
          Decoders(),
          LosslessEncoder(),
          ReviewEncoder(),
          Database(),
          Disk(folder),
          Writable(folder)};
}

Json ChecksJson(const std::vector<Check>& checks) {
  Json json{{"schema", 1}, {"checks", Json::array()}};
  for (const Check& check : checks) {
    json["checks"].push_back({{"name", check.name},
                              {"finding", std::string(FindingName(check.finding))},
                              {"text", check.text}});
  }
  return json;
}

ExitCode Diagnose(const fs::path& folder, bool as_json) {
  const std::vector<Check> checks = RunChecks(folder);
  bool missing = false;
  for (const Check& check : checks) missing |= check.finding == Finding::kMissing;
  if (as_json) {
    fmt::print("{}", DumpJson(ChecksJson(checks)));
  } else {
    for (const Check& check : checks) {
      fmt::print("{:<8} {:<15} {}\n", FindingName(check.finding), check.name, check.text);
    }
  }
  return missing ? ExitCode::kEnvironment : ExitCode::kOk;
}

}  // namespace

void AddDoctorVerb(CLI::App& root, Command& command) {
  struct Options {
    std::string folder = ".";
    bool as_json = false;
  };
  auto options = std::make_shared<Options>();
  CLI::App* verb =
      root.add_subcommand("doctor", "checks machine, libraries, codecs and disk before a run");
  verb->add_option("--dir", options->folder, "folder that runs will be written to")
      ->capture_default_str();
  verb->add_flag("--json", options->as_json, "print JSON");
  verb->footer(
      "\nExamples:\n"
      "  plumb doctor\n"
      "  plumb doctor --dir runs --json\n");
  verb->callback([&command, options] {
    command.run = [options] { return Diagnose(options->folder, options->as_json); };
  });
}

}  // namespace plumb
