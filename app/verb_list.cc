// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "app/verbs.h"
#include "core/json.h"
#include "core/laws.h"
#include "core/nuisances.h"
#include "metrics/dynamics/likelihood.h"
#include "metrics/metrics.h"
#include "scenes/catalogue.h"

namespace plumb {
namespace {

// One line of a list: a name, the sentence beside it, and what only --json shows.
struct Item {
  std::string name;
  std::string summary;
  Json more = Json::object();
};

struct ItemList {
  std::string title;  // "scenarios"
  std::vector<Item> items;
};

ItemList Scenarios() {
  ItemList list{"scenarios", {}};
  for (const ScenarioInfo& info : ListScenarios()) {
    list.items.push_back(
        {std::string(info.id),
         std::string(info.summary),
         Json{{"group", std::string(info.group)}, {"check", std::string(info.check)}}});
  }
  return list;
}

ItemList Models() {
  return {"models",
          {{"oracle", "the truth itself: the ceiling of every score"},
           {"frozen", "the last known frame for the rest of the clip"},
           {"constant_velocity",
            "every body going on as the last two known frames show it, without gravity or contact"},
           {"noise", "random bytes after the known frames"},
           {"reverse", "the truth played backwards after the known frames"},
           {"shuffle", "the frames after the known ones in random order"},
           {"unrelated", "every frame after the known ones from another room"},
           {"sabotage:LAW=AMOUNT", "the truth with one law broken (see: plumb list laws)"},
           {"nuisance:KIND=AMOUNT",
            "the truth with something done to it that no score may punish (plumb list nuisances)"},
           {"native:FOLDER", "a checkpoint of the embedded diffusion transformer, or of DiT"},
           {"folder:FOLDER", "videos another model made, matched by manifest.json or by name"},
           {"command:PROGRAM", "an outside program that answers one JSON line per request"}}};
}

ItemList Metrics() {
  ItemList list{"metrics", {}};
  std::vector<ScoreInfo> scores = AllScores();
  scores.push_back(LikelihoodScore());
  for (const ScoreInfo& info : scores) {
    std::vector<std::string> needs;
    if (info.id == LikelihoodScore().id) {
      needs = {"video", "truth video", "judge"};
    } else {
      for (const Need need : NeedsOf(info.id)) needs.emplace_back(NeedName(need));
    }
    list.items.push_back({info.id,
                          info.summary,
                          Json{{"unit", info.unit},
                               {"better", ToJson(info.better)},
                               {"version", info.version},
                               {"headline", info.headline},
                               {"needs", needs}}});
  }
  return list;
}

ItemList Laws() {
  ItemList list{"laws", {}};
  for (const Law& law : AllLaws()) {
    list.items.push_back({std::string(law.id),
                          std::string(law.summary),
                          Json{{"unit", std::string(law.unit)},
                               {"neutral", law.neutral},
                               {"default_amount", law.default_amount},
                               {"doses", law.doses},
                               {"low", law.low},
                               {"high", law.high},
                               {"modes", law.modes},
                               {"takes_body", law.takes_body},
                               {"scenarios", law.scenarios},
                               {"scores", law.scores}}});
  }
  return list;
}

ItemList Nuisances() {
  ItemList list{"nuisances", {}};
  for (const Nuisance& nuisance : AllNuisances()) {
    list.items.push_back({std::string(nuisance.id),
                          std::string(nuisance.summary),
                          Json{{"unit", std::string(nuisance.unit)},
                               {"neutral", nuisance.neutral},
                               {"default_amount", nuisance.default_amount},
                               {"doses", nuisance.doses},
                               {"low", nuisance.low},
                               {"high", nuisance.high}}});
  }
  return list;
}

// The built-in one, and those in $PLUMB_SUITES or in scenes/suites of the current folder.
ItemList Suites() {
  ItemList list{"suites", {}};
  const char* named = std::getenv("PLUMB_SUITES");
  const std::filesystem::path folder = named ? named : "scenes/suites";
  std::error_code missing;
  for (const auto& file : std::filesystem::directory_iterator(folder, missing)) {
    if (file.path().extension() == ".yaml") list.items.push_back({file.path().string(), ""});
  }
  std::sort(list.items.begin(), list.items.end(), [](const Item& a, const Item& b) {
    return a.name < b.name;
  });
  list.items.insert(list.items.begin(), Item{"quick", "the built-in suite"});
  return list;
}

std::vector<ItemList> ListsNamed(const std::string& what) {
  std::vector<ItemList> lists = {Scenarios(), Models(), Laws(), Nuisances(), Metrics(), Suites()};
  if (!what.empty()) std::erase_if(lists, [&](const ItemList& l) { return l.title != what; });
  return lists;
}

Json ListsJson(const std::vector<ItemList>& lists) {
  Json json;
  json["schema"] = 1;
  for (const ItemList& list : lists) {
    json[list.title] = Json::array();
    for (const Item& item : list.items) {
      Json entry{{"name", item.name}, {"summary", item.summary}};
      entry.update(item.more);
      json[list.title].push_back(std::move(entry));
    }
  }
  return json;
}

void PrintList(const ItemList& list) {
  size_t width = 0;
  for (const Item& item : list.items) width = std::max(width, item.name.size());
  fmt::print("{}\n", list.title);
  for (const Item& item : list.items) {
    fmt::print("{}\n",
               item.summary.empty() ? "  " + item.name
                                    : fmt::format("  {:<{}}  {}", item.name, width, item.summary));
  }
  if (list.items.empty()) fmt::print("  none here\n");
}

ExitCode PrintLists(const std::string& what, bool as_json) {
  const std::vector<ItemList> lists = ListsNamed(what);
  if (as_json) {
    fmt::print("{}", DumpJson(ListsJson(lists)));
    return ExitCode::kOk;
  }
  for (size_t i = 0; i < lists.size(); ++i) {
    if (i > 0) fmt::print("\n");
    PrintList(lists[i]);
  }
  return ExitCode::kOk;
}

}  // namespace

void AddListVerb(CLI::App& root, Command& command) {
  struct Options {
    std::string what;
    bool as_json = false;
  };
  auto options = std::make_shared<Options>();
  CLI::App* verb = root.add_subcommand(
      "list", "what there is: scenarios, models, laws, nuisances, metrics, suites");
  verb->add_option("what", options->what, "only this list")
      ->check(CLI::IsMember({"scenarios", "models", "laws", "nuisances", "metrics", "suites"}));
  verb->add_flag("--json", options->as_json, "print JSON");
  verb->footer(
      "\nExamples:\n"
      "  plumb list\n"
      "  plumb list scenarios\n"
      "  plumb list metrics --json\n");
  verb->callback([&command, options] {
    command.run = [options] { return PrintLists(options->what, options->as_json); };
  });
}

}  // namespace plumb
