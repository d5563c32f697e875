// SPDX-License-Identifier: Apache-2.0
// The program `plumb`: parses the command line, does what it asks for, and turns every failure into
// one message and the documented exit code.
#include <clocale>
#include <cstdio>
#include <exception>
#include <map>
#include <new>
#include <string>
#include <system_error>
#include <vector>

#include <fmt/format.h>

#include "app/signals.h"
#include "app/terminal.h"
#include "app/verbs.h"
#include "core/check.h"
#include "core/document.h"
#include "core/errors.h"

namespace plumb {
namespace {

constexpr const char* kExamples =
    "\nExamples:\n"
    "  plumb run                         the quick suite, everything it needs is built in\n"
    "  plumb score clip.mp4              measure any video\n"
    "  plumb compare runs/a runs/b       two runs, paired cell by cell\n"
    "  plumb list scenarios              what exists\n"
    "Every verb explains itself: plumb run --help\n";

void AddVerbs(CLI::App& root, Command& command) {
  AddRunVerbs(root, command);
  AddStatusVerb(root, command);
  AddPlanVerb(root, command);
  AddValidateVerb(root, command);
  AddListVerb(root, command);
  AddScenesVerb(root, command);
  AddGenerateVerb(root, command);
  AddScoreVerb(root, command);
  AddCalibrateVerb(root, command);
  AddCompareVerb(root, command);
  AddAssertVerb(root, command);
  AddReportVerb(root, command);
  AddExportVerb(root, command);
  AddImportVerb(root, command);
  AddTrainVerb(root, command);
  AddMeasureVerb(root, command);
  AddParityVerb(root, command);
  AddDoctorVerb(root, command);
  AddCompletionVerb(root, command);
  AddVersionVerb(root, command);
  AddWorkerVerb(root, command);
}

// The names that an argument the parser did not know may have been meant as.
std::vector<std::string> KnownNames(const CLI::App& app, bool flags) {
  std::vector<std::string> names;
  if (flags) {
    for (const CLI::Option* option : app.get_options()) {
      for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    }
    return names;
  }
  for (const CLI::App* verb : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (!verb->get_group().empty()) names.push_back(verb->get_name());
  }
  return names;
}

// The verb that the command line chose, as far as the parser came.
const CLI::App& ChosenVerb(const CLI::App& root) {
  const CLI::App* app = &root;
  while (!app->get_subcommands().empty()) app = app->get_subcommands().front();
  return *app;
}

// "unknown verb 'rnu' (did you mean 'run'?)".
std::string ExplainUnknown(const CLI::App& root) {
  // What stands before the verb is left over at the root.
  const bool before = ChosenVerb(root).remaining(true).empty();
  const CLI::App& verb = before ? root : ChosenVerb(root);
  const std::vector<std::string> unknown = verb.remaining(!before);
  if (unknown.empty()) return "the command line could not be understood";
  const std::string name = unknown.front().substr(0, unknown.front().find('='));
  const bool is_flag = name.starts_with("-");
  const bool names_verb = !is_flag && &verb == &root;
  const std::string near = NearestName(name, KnownNames(verb, is_flag));
  return fmt::format("unknown {} '{}'{}",
                     is_flag      ? "option"
                     : names_verb ? "verb"
                                  : "argument",
                     Printable(name),
                     near.empty() ? "" : fmt::format(" (did you mean '{}'?)", near));
}

// "plumb scenes show", as it is typed.
std::string TypedName(const CLI::App& verb) {
  const CLI::App* parent = verb.get_parent();
  return parent == nullptr ? verb.get_name() : TypedName(*parent) + " " + verb.get_name();
}

int EndWithUsage(const CLI::App& root, const std::string& message) {
  PrintError(message);
  PrintNote(fmt::format("See: {} --help", TypedName(ChosenVerb(root))));
  return static_cast<int>(ExitCode::kUsage);
}

// The exit code of a command whose result could not be printed is not 0: a pipe that closed early
// took part of it.
int Finished(ExitCode code) {
  const bool lost = std::fflush(stdout) != 0 || std::ferror(stdout) != 0;
  if (lost && code == ExitCode::kOk) {
    PrintError("standard output could not be written to the end");
    code = ExitCode::kEnvironment;
  }
  return static_cast<int>(code);
}

int Fail(ExitCode code, std::string_view message) {
  std::fflush(stdout);
  PrintError(Printable(message));
  return static_cast<int>(code);
}

// Does the work of a verb; here every exception of the program ends.
int Perform(const Command& command) {
  try {
    return Finished(command.run());
  } catch (const CancelledError&) {
    const ExitCode code = StopCode();
    return Fail(code == ExitCode::kOk ? ExitCode::kInterrupted : code, "interrupted");
  } catch (const Error& error) {
    return Fail(error.exit_code(), error.what());
  } catch (const CheckFailure& error) {
    return Fail(ExitCode::kInternal, fmt::format("internal error: {}", error.what()));
  } catch (const std::bad_alloc&) {
    return Fail(ExitCode::kEnvironment, "out of memory");
  } catch (const std::system_error& error) {
    return Fail(ExitCode::kEnvironment, error.what());
  } catch (const std::exception& error) {
    return Fail(ExitCode::kInternal, fmt::format("internal error: {}", error.what()));
  }
}

int Main(int argc, char** argv) {
  // Numbers are written with a point whatever the user's language.
  std::setlocale(LC_ALL, "C");
  CatchSignals();
  CLI::App root("Plumb measures whether the world in a video is possible.", "plumb");
  root.footer(kExamples);
  root.set_help_all_flag("--help-all", "help of all verbs");
  root.fallthrough(false);
  ColourMode colour = ColourMode::kAuto;
  const std::map<std::string, ColourMode> modes = {
      {"auto", ColourMode::kAuto}, {"always", ColourMode::kAlways}, {"never", ColourMode::kNever}};
  root.add_option("--color", colour, "auto, always or never (also NO_COLOR, FORCE_COLOR)")
      ->transform(CLI::CheckedTransformer(modes, CLI::ignore_case))
      ->option_text("WHEN");
  root.add_flag_callback(
      "--version", [] { throw CLI::CallForVersion(PLUMB_VERSION, 0); }, "print the version");
  Command command;
  AddVerbs(root, command);
  try {
    root.parse(argc, argv);
  } catch (const CLI::CallForHelp& help) {
    return root.exit(help) == 0 ? Finished(ExitCode::kOk) : static_cast<int>(ExitCode::kUsage);
  } catch (const CLI::CallForAllHelp& help) {
    return root.exit(help) == 0 ? Finished(ExitCode::kOk) : static_cast<int>(ExitCode::kUsage);
  } catch (const CLI::CallForVersion&) {
    fmt::print("plumb {}\n", PLUMB_VERSION);
    return Finished(ExitCode::kOk);
  } catch (const CLI::ExtrasError&) {
    return EndWithUsage(root, ExplainUnknown(root));
  } catch (const CLI::ParseError& error) {
    return EndWithUsage(root, Printable(error.what()));
  }
  SetColourMode(colour);
  if (!command.run) {
    fmt::print("{}", root.help());
    return static_cast<int>(argc > 1 ? ExitCode::kUsage : ExitCode::kOk);
  }
  return Perform(command);
}

}  // namespace
}  // namespace plumb

int main(int argc, char** argv) { return plumb::Main(argc, argv); }
