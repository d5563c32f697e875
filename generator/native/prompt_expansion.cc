// SPDX-License-Identifier: Apache-2.0
#include "generator/native/prompt_expansion.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <set>
#include <vector>

namespace plumb {
namespace {

using Words = std::vector<std::string>;
using WordSet = std::set<std::string, std::less<>>;

constexpr const char* kStage = "a wooden floor in front of a plaster wall";
constexpr const char* kStillCamera = " The camera does not move.";
constexpr const char* kMaterial = "rubber";
// Things without a colour take the first of these that nothing else has.
constexpr std::array<const char*, 4> kColours = {"red", "blue", "yellow", "green"};

const WordSet& ColourWords() {
  static const WordSet words = {
      "red", "orange", "yellow", "green", "turquoise", "blue", "purple", "pink"};
  return words;
}

const WordSet& MaterialWords() {
  static const WordSet words = {
      "rubber", "wooden", "plastic", "painted", "ceramic", "glass", "steel", "ice", "cork"};
  return words;
}

const WordSet& PlaceWords() {
  static const WordSet words = {"floor", "wall", "walls", "room", "ground", "corridor"};
  return words;
}

const WordSet& Articles() {
  static const WordSet words = {"a", "an", "the", "this", "that", "its", "one", "another"};
  return words;
}

// What captions call a thing.
const std::map<std::string, std::string, std::less<>>& Things() {
  static const std::map<std::string, std::string, std::less<>> things = {{"ball", "ball"},
                                                                         {"sphere", "ball"},
                                                                         {"box", "box"},
                                                                         {"cube", "box"},
                                                                         {"cylinder", "cylinder"},
                                                                         {"cone", "cone"},
                                                                         {"capsule", "capsule"},
                                                                         {"ring", "ring"},
                                                                         {"hoop", "hoop"},
                                                                         {"block", "block"}};
  return things;
}

Words SplitWords(std::string_view text) {
  Words words;
  bool inside = false;
  for (const char letter : text) {
    const bool is_space = std::isspace(static_cast<unsigned char>(letter)) != 0;
    if (!is_space && !inside) words.emplace_back();
    if (!is_space) words.back() += letter;
    inside = !is_space;
  }
  return words;
}

std::string Joined(const Words& words, size_t first = 0) {
  std::string text;
  for (size_t i = first; i < words.size(); ++i) text += (i > first ? " " : "") + words[i];
  return text;
}

// In small letters, without punctuation.
std::string Bare(const std::string& word) {
  std::string bare;
  for (const char letter : word) {
    const auto byte = static_cast<unsigned char>(letter);
    if (std::ispunct(byte) == 0) bare += static_cast<char>(std::tolower(byte));
  }
  return bare;
}

bool Mentions(const Words& words, const WordSet& set) {
  return std::any_of(words.begin(), words.end(), [&](const std::string& word) {
    return set.contains(Bare(word));
  });
}

std::string ArticleFor(const std::string& word) {
  return std::string("aeiou").find(word.front()) != std::string::npos ? "an" : "a";
}

std::string Punctuation(const std::string& word) {
  const size_t end = word.find_last_not_of(".,;:!?");
  return end == std::string::npos ? "" : word.substr(end + 1);
}

// A sentence goes on from one word to the next.
bool EndsClause(const std::string& word) { return !Punctuation(word).empty(); }

struct Thing {
  size_t first = 0;  // where its article, colours and material begin
  size_t end = 0;    // behind its noun
};

// Gives every thing an article and, unless looks are shown, colour and material; says where they
// are.
class ThingTeller {
 public:
  ThingTeller(const Words& words, const ExpansionOptions& options) : options_(options) {
    for (const std::string& word : words) {
      if (ColourWords().contains(Bare(word))) taken_.insert(Bare(word));
    }
    for (const std::string& word : words) {
      const auto thing = Things().find(Bare(word));
      if (thing == Things().end()) {
        words_.push_back(word);
      } else {
        AddThing(thing->second + Punctuation(word));
      }
    }
  }
  const Words& words() const { return words_; }
  const std::vector<Thing>& things() const { return things_; }

 private:
  void AddThing(const std::string& noun) {
    // Backwards over what describes it.
    size_t first = words_.size();
    bool has_colour = false, has_material = false;
    while (first > 0 && !EndsClause(words_[first - 1])) {
      const std::string word = Bare(words_[first - 1]);
      const bool is_colour = ColourWords().contains(word);
      const bool is_material = MaterialWords().contains(word);
      if (!is_colour && !is_material) break;
      has_colour |= is_colour;
      has_material |= is_material;
      --first;
    }
    const bool has_article = first > 0 && Articles().contains(Bare(words_[first - 1]));
    const bool is_known =
        options_.looks_are_shown || (has_article && Bare(words_[first - 1]) == "the");
    if (!has_material && !is_known) words_.push_back(kMaterial);
    if (!has_colour && !is_known) {
      words_.insert(words_.begin() + static_cast<std::ptrdiff_t>(first), FreeColour());
    }
    words_.push_back(noun);
    SetArticle(first, has_article);
    things_.push_back({has_article ? first - 1 : first, words_.size()});
  }

  // One that nothing has so far, as far as they go.
  std::string FreeColour() {
    Words colours(kColours.begin(), kColours.end());
    colours.insert(colours.end(), ColourWords().begin(), ColourWords().end());
    for (const std::string& colour : colours) {
      if (taken_.insert(colour).second) return colour;
    }
    return kColours[things_.size() % kColours.size()];
  }

  // "a" before the description that begins at `first`, in the form that fits it.
  void SetArticle(size_t first, bool is_there) {
    words_[first][0] =
        static_cast<char>(std::tolower(static_cast<unsigned char>(words_[first][0])));
    const std::string article = ArticleFor(words_[first]);
    if (!is_there) {
      words_.insert(words_.begin() + static_cast<std::ptrdiff_t>(first), article);
      return;
    }
    std::string& present = words_[first - 1];
    if (Bare(present) == "a" || Bare(present) == "an") present = article;
  }

  ExpansionOptions options_;
  Words words_;
  std::vector<Thing> things_;
  WordSet taken_;  // colours
};

std::string Capitalised(std::string text) {
  text.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(text.front())));
  return text;
}

std::string SmallFirst(std::string text) {
  text.front() = static_cast<char>(std::tolower(static_cast<unsigned char>(text.front())));
  return text;
}

// What begins to happen to the one thing of a prompt; empty: no event that captions know.
std::string Told(const std::string& thing, const std::string& event) {
  static const WordSet falls = {
      "falls", "falls down", "drops", "bounces", "is dropped", "is let go", "falling", "dropping"};
  static const WordSet flies = {"flies", "is thrown", "is tossed", "flying"};
  static const WordSet slides = {"slides", "is pushed", "sliding"};
  static const WordSet rolls = {"rolls", "rolling"};
  const size_t direction = event.find(" to the ");
  const std::string verb = event.substr(0, direction);
  const std::string side = direction == event.npos ? "right" : event.substr(direction + 8);
  if (side != "left" && side != "right") return "";
  const std::string on = std::string("On ") + kStage + ", " + thing;
  if (event.empty()) return on + " stands at rest.";
  if (falls.contains(event)) {
    return "At first " + thing + " hangs in the air above " + kStage + "; then it is let go.";
  }
  if (flies.contains(verb)) {
    return std::string("Above ") + kStage + ", " + thing + " is thrown obliquely upwards to the " +
           side + ".";
  }
  if (slides.contains(verb)) return on + " has been given a push and moves to the " + side + ".";
  if (rolls.contains(verb)) {
    return on + " rolls from the " + (side == "right" ? "left" : "right") + " to the " + side + ".";
  }
  return "";
}

}  // namespace

std::string ExpandedPrompt(std::string_view prompt, const ExpansionOptions& options) {
  const Words given = SplitWords(prompt);
  if (given.empty()) return "";
  const bool has_camera = Mentions(given, {"camera"});
  const bool has_place = Mentions(given, PlaceWords());
  if (has_camera && has_place) return std::string(prompt);

  const ThingTeller teller(given, options);
  std::string text = Joined(teller.words());
  text.erase(text.find_last_not_of(".! ") + 1);
  if (text.empty()) return std::string(prompt);
  const std::string ending = has_camera ? "" : kStillCamera;
  if (has_place) return Capitalised(text) + "." + ending;

  if (teller.things().size() == 1 && teller.things()[0].first == 0 && !has_camera) {
    const size_t end = teller.things()[0].end;
    Words thing(teller.words().begin(), teller.words().begin() + static_cast<std::ptrdiff_t>(end));
    thing.back() = Bare(thing.back());
    std::string event = Joined(teller.words(), end);
    event.erase(event.find_last_not_of(".! ") + 1);
    const std::string told = Told(SmallFirst(Joined(thing)), event);
    if (!told.empty()) return told + ending;
  }
  return std::string("On ") + kStage + ", " + SmallFirst(text) + "." + ending;
}

}  // namespace plumb
