// SPDX-License-Identifier: Apache-2.0
// The verbs that need no video: version, list, doctor, completion, and how mistakes on the command
// line end.
#include <set>

#include <gmock/gmock.h>

#include "core/json.h"
#include "tests/app/run_program.h"

namespace plumb {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

TEST(VerbBasicsTest, VersionIsJsonOnRequest) {
  const ProgramOutput output = RunPlumb("version --json");
  EXPECT_EQ(output.code, 0) << output.err;
  const Json json = Json::parse(output.out);
  EXPECT_EQ(json["schema"], 1);
  EXPECT_TRUE(json["versions"].contains("plumb"));
  EXPECT_TRUE(json["versions"].contains("ffmpeg"));
  EXPECT_THAT(RunPlumb("version").out,
              HasSubstr("plumb " + json["versions"]["plumb"].get<std::string>()));
}

TEST(VerbBasicsTest, ListNamesWhatThereIs) {
  const ProgramOutput all = RunPlumb("list");
  EXPECT_EQ(all.code, 0) << all.err;
  for (const char* name : {"drop",
                           "orbit_room",
                           "sabotage:LAW=AMOUNT",
                           "gravity",
                           "geometry.consistency",
                           "permanence.persistence",
                           "dynamics.lawfulness"}) {
    EXPECT_THAT(all.out, HasSubstr(name));
  }
  const Json lists = Json::parse(RunPlumb("list --json").out);
  for (const auto& [title, items] : lists.items()) {
    if (title == "schema") continue;
    const ProgramOutput one = RunPlumb("list " + title + " --json");
    ASSERT_EQ(one.code, 0) << one.err;
    EXPECT_EQ(Json::parse(one.out)[title], items) << "each list can be asked for by its name";
  }
  const Json json = Json::parse(RunPlumb("list metrics --json").out);
  EXPECT_FALSE(json.contains("scenarios"));
  for (const Json& metric : json["metrics"]) {
    EXPECT_FALSE(metric["summary"].get<std::string>().empty()) << metric["name"];
    EXPECT_FALSE(metric["needs"].empty()) << metric["name"];
  }
}

TEST(VerbBasicsTest, DoctorFindsWhatAFolderLacks) {
  const TestFolder folder;
  const ProgramOutput fine = RunPlumb("doctor --dir " + folder.path().string());
  EXPECT_EQ(fine.code, 0) << fine.out;
  EXPECT_THAT(fine.out, HasSubstr("GB free"));
  const ProgramOutput absent = RunPlumb("doctor --json --dir /no/such/folder");
  EXPECT_EQ(absent.code, 5);
  EXPECT_THAT(absent.out, HasSubstr(R"("finding": "missing")"));
}

TEST(VerbBasicsTest, BashCompletionOffersVerbsAndFlags) {
  const std::string load = "eval \"$(" + PlumbProgram() + " completion bash)\"; COMPREPLY=(); ";
  const auto complete = [&](const std::string& words, int current) {
    return RunShell("bash -c '" + load + "COMP_WORDS=(" + words +
                    "); COMP_CWORD=" + std::to_string(current) + "; _plumb; echo ${COMPREPLY[@]}'");
  };
  EXPECT_EQ(complete("plumb vers", 1).out, "version\n");
  EXPECT_EQ(complete("plumb scenes ren", 2).out, "render\n");
  EXPECT_EQ(complete("plumb score --jso", 2).out, "--json\n");
  EXPECT_THAT(complete("plumb wor", 1).out, Not(HasSubstr("worker"))) << "hidden verbs stay hidden";
}

TEST(VerbBasicsTest, EveryShellHasACompletion) {
  EXPECT_THAT(RunPlumb("completion zsh").out, HasSubstr("#compdef plumb"));
  EXPECT_THAT(RunPlumb("completion fish").out, HasSubstr("-n '__fish_use_subcommand' -a score"));
  const ProgramOutput unknown = RunPlumb("completion csh");
  EXPECT_EQ(unknown.code, 2);
  EXPECT_THAT(unknown.out, IsEmpty());
}

TEST(VerbBasicsTest, MistakesEndWithTwoAndANearestName) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"rnu", "did you mean 'run'"},
      {"scores a.mp4", "'score'"},
      {"scenes rendr", "'render'"},
      {"scenes describe dropp", "'drop'"},
      {"run --wrokers 2", "did you mean '--workers'"},
      {"score --tread 2 a.mp4", "--threads"},
      {"score --families geometri a.mp4", "'geometry'"},
  };
  for (const auto& [arguments, name] : cases) {
    const ProgramOutput output = RunPlumb(arguments);
    EXPECT_EQ(output.code, 2) << arguments;
    EXPECT_THAT(output.err, HasSubstr(name)) << arguments;
  }
}

TEST(VerbBasicsTest, EveryDoctorsFindingHasANameAndAText) {
  const TestFolder folder;
  const Json json = Json::parse(RunPlumb("doctor --json --dir " + folder.path().string()).out);
  EXPECT_EQ(json["schema"], 1);
  std::set<std::string> names;
  for (const Json& check : json["checks"]) {
    EXPECT_TRUE(names.insert(check["name"].get<std::string>()).second) << check;
    EXPECT_FALSE(check["text"].get<std::string>().empty()) << check;
    EXPECT_THAT(check["finding"].get<std::string>(), ::testing::AnyOf("ok", "warning", "missing"));
  }
  for (const char* name : {"disk", "writable", "database", "decoders", "lossless video"}) {
    EXPECT_TRUE(names.contains(name)) << name;
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder.path())) << "the doctor leaves nothing behind";
}

TEST(VerbBasicsTest, EveryVerbAndFlagOfTheHelpIsCompleted) {
  const std::string script = RunPlumb("completion fish").out;
  for (const char* verb : kVerbs) {
    EXPECT_THAT(script, HasSubstr("-a " + std::string(verb) + " -d")) << verb;
  }
  for (const char* flag : {"model", "filter", "limit", "workers", "no-report", "json"}) {
    EXPECT_THAT(script,
                HasSubstr(std::string("-n '__fish_seen_subcommand_from run' -l ") + flag + "\n"));
  }
  EXPECT_THAT(script, Not(HasSubstr("-l models")));
  EXPECT_THAT(script, Not(HasSubstr("worker ")));
}

TEST(VerbBasicsTest, CompletionScriptsAreScripts) {
  EXPECT_EQ(RunShell(PlumbProgram() + " completion bash | bash -n").code, 0);
  const std::string zsh = RunPlumb("completion zsh").out;
  EXPECT_THAT(zsh, HasSubstr("bashcompinit"));
  EXPECT_THAT(zsh, HasSubstr("complete -o filenames -F _plumb plumb"));
}

TEST(VerbBasicsTest, ScoresWithoutADirectionSayNull) {
  for (const Json& metric : Json::parse(RunPlumb("list metrics --json").out)["metrics"]) {
    const auto name = metric["name"].get<std::string>();
    const bool plain = name == "dynamics.gravity_mps2" || name == "dynamics.restitution" ||
                       name == "dynamics.likelihood_preference";
    EXPECT_EQ(metric["better"].is_null(), plain) << name;
  }
}

}  // namespace
}  // namespace plumb
