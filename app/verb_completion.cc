// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "app/verbs.h"

namespace plumb {
namespace {

// One verb, or a verb within a verb ("scenes show"), with what may follow it.
struct Entry {
  std::string path;  // "scenes show"; "" for the program itself
  std::string summary;
  std::vector<std::string> words;  // verbs that may follow
  std::vector<std::string> flags;  // "--json"
};

std::vector<std::string> LongFlags(const CLI::App& app) {
  std::vector<std::string> flags;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) flags.push_back("--" + name);
  }
  return flags;
}

void Collect(const CLI::App& app, const std::string& path, std::vector<Entry>& entries) {
  Entry entry{path, app.get_description(), {}, LongFlags(app)};
  std::vector<const CLI::App*> children;
  for (const CLI::App* child : app.get_subcommands([](const CLI::App*) { return true; })) {
    // Verbs without a group are hidden: they are for the program itself.
    if (!child->get_name().empty() && !child->get_group().empty()) children.push_back(child);
  }
  for (const CLI::App* child : children) entry.words.push_back(child->get_name());
  entries.push_back(std::move(entry));
  for (const CLI::App* child : children) {
    Collect(*child, path.empty() ? child->get_name() : path + " " + child->get_name(), entries);
  }
}

// Text inside single quotes of a shell script.
std::string Quoted(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

std::string WordsAndFlags(const Entry& entry) {
  return fmt::format("{} {}", fmt::join(entry.words, " "), fmt::join(entry.flags, " "));
}

std::string BashScript(const std::vector<Entry>& entries) {
  std::string cases;
  for (const Entry& entry : entries) {
    cases += fmt::format("    {}) words={} ;;\n", Quoted(entry.path), Quoted(WordsAndFlags(entry)));
  }
  std::string paths;
  for (const Entry& entry : entries) paths += " " + Quoted(entry.path);
  return fmt::format(R"(# bash completion for plumb; load with: source <(plumb completion bash)
_plumb() {{
  local current=${{COMP_WORDS[COMP_CWORD]}} path= word words=
  local known=({})
  for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
    local longer="${{path:+$path }}$word" candidate
    for candidate in "${{known[@]}}"; do
      [[ $candidate == "$longer" ]] && path=$longer
    done
  done
  case $path in
{}  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  [[ ${{#COMPREPLY[@]}} -gt 0 ]] || COMPREPLY=($(compgen -f -- "$current"))
}}
complete -o filenames -F _plumb plumb
)",
                     paths,
                     cases);
}

// zsh runs bash completion functions through its own compatibility layer.
std::string ZshScript(const std::vector<Entry>& entries) {
  return "#compdef plumb\n"
         "# zsh completion for plumb; load with: source <(plumb completion zsh)\n"
         "autoload -U +X bashcompinit && bashcompinit\n" +
         BashScript(entries);
}

// The condition under which fish offers what follows `path`.
std::string FishCondition(const std::string& path) {
  if (path.empty()) return "__fish_use_subcommand";
  std::string condition;
  size_t start = 0;
  while (start < path.size()) {
    const size_t end = std::min(path.find(' ', start), path.size());
    if (!condition.empty()) condition += "; and ";
    condition += "__fish_seen_subcommand_from " + path.substr(start, end - start);
    start = end + 1;
  }
  return condition;
}

std::string FishScript(const std::vector<Entry>& entries) {
  std::string script = "# fish completion for plumb; load with: plumb completion fish | source\n";
  for (const Entry& entry : entries) {
    const std::string condition = Quoted(FishCondition(entry.path));
    for (const std::string& word : entry.words) {
      const std::string path = entry.path.empty() ? word : entry.path + " " + word;
      const auto child = std::find_if(
          entries.begin(), entries.end(), [&](const Entry& other) { return other.path == path; });
      script += fmt::format(
          "complete -c plumb -n {} -a {} -d {}\n", condition, word, Quoted(child->summary));
    }
    for (const std::string& flag : entry.flags) {
      script += fmt::format("complete -c plumb -n {} -l {}\n", condition, flag.substr(2));
    }
  }
  return script;
}

ExitCode PrintCompletion(const CLI::App& root, const std::string& shell) {
  std::vector<Entry> entries;
  Collect(root, "", entries);
  if (shell == "bash") fmt::print("{}", BashScript(entries));
  if (shell == "zsh") fmt::print("{}", ZshScript(entries));
  if (shell == "fish") fmt::print("{}", FishScript(entries));
  return ExitCode::kOk;
}

}  // namespace

void AddCompletionVerb(CLI::App& root, Command& command) {
  auto shell = std::make_shared<std::string>();
  CLI::App* verb = root.add_subcommand("completion", "a completion script for your shell");
  verb->add_option("shell", *shell, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  verb->footer(
      "\nExamples:\n"
      "  source <(plumb completion bash)\n"
      "  plumb completion fish | source\n");
  verb->callback([&root, &command, shell] {
    command.run = [&root, shell] { return PrintCompletion(root, *shell); };
  });
}

}  // namespace plumb
